// Pairs of duties that are parted in every well-run house (the matrix that auditors use for purchase to pay, payroll, books and access).

interface Pair {
  readonly name: string;
  /** Ends the sentence "you have done this, and …". */
  readonly says: string;
  readonly kind: "operation" | "role";
  readonly first: string;
  readonly second: string;
  /** Left out: the same papers. */
  readonly days?: number;
}

export const usualPairs: readonly Pair[] = [
  {
    name: "Bank details and payments",
    says: "whoever enters where a supplier is paid does not approve what is paid.",
    kind: "operation",
    first: "finance.supplierBankAccount.propose",
    second: "finance.paymentRun.approve",
    days: 30,
  },
  {
    name: "Bank details by two",
    says: "whoever enters bank details does not confirm them.",
    kind: "operation",
    first: "finance.supplierBankAccount.propose",
    second: "finance.supplierBankAccount.approve",
  },
  {
    name: "Bill entered and approved",
    says: "whoever enters a bill does not approve it.",
    kind: "operation",
    first: "finance.bill.create",
    second: "finance.bill.approve",
  },
  {
    name: "Payment proposed and approved",
    says: "whoever proposes a payment run does not approve it.",
    kind: "operation",
    first: "finance.paymentRun.create",
    second: "finance.paymentRun.approve",
  },
  {
    name: "Payroll made and approved",
    says: "whoever makes a payroll does not approve it.",
    kind: "operation",
    first: "payroll.run.create",
    second: "payroll.run.approve",
  },
  {
    name: "Pay account and payroll",
    says: "whoever changes where pay goes does not approve the payroll.",
    kind: "operation",
    first: "payroll.enrolment.changeBankAccount",
    second: "payroll.run.approve",
    days: 35,
  },
  {
    name: "Period reopened and posted",
    says: "whoever reopens a period does not post into it.",
    kind: "operation",
    first: "finance.period.reopen",
    second: "finance.journalEntry.post",
    days: 7,
  },
  {
    name: "Access and money",
    says: "whoever gives out roles does not keep the books.",
    kind: "role",
    first: "identity.manager",
    second: "finance.accountant",
  },
  {
    name: "Access and payments",
    says: "whoever gives out roles does not approve payments.",
    kind: "role",
    first: "identity.manager",
    second: "finance.manager",
  },
  {
    name: "People and payroll",
    says: "whoever hires people does not pay them.",
    kind: "role",
    first: "people.manager",
    second: "payroll.manager",
  },
  {
    name: "Buying and paying",
    says: "whoever buys does not keep the books.",
    kind: "role",
    first: "purchasing.manager",
    second: "finance.accountant",
  },
  {
    name: "Looking and doing",
    says: "whoever audits decisions does not give out roles.",
    kind: "role",
    first: "office.auditor",
    second: "identity.manager",
  },
];
