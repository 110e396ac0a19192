// The chapters of the demo in the order in which they are told.
import type { Story } from "../story.ts";
import { accessChapter } from "./access.ts";
import { approvalsChapter } from "./approvals.ts";
import { bankChapter } from "./bank.ts";
import { beginningChapter } from "./beginning.ts";
import { booksChapter } from "./books.ts";
import { closeChapter } from "./close.ts";
import { depositsChapter } from "./deposits.ts";
import { directoryChapter } from "./directory.ts";
import { documentsChapter } from "./documents.ts";
import { dutiesChapter } from "./duties.ts";
import { eInvoicesChapter } from "./e-invoices.ts";
import { expensesChapter } from "./expenses.ts";
import { fixedAssetsChapter } from "./fixed-assets.ts";
import { paymentRunChapter } from "./payment-run.ts";
import { payrollChapter } from "./payroll.ts";
import { peopleChapter } from "./people.ts";
import { promisesChapter } from "./promises.ts";
import { purchasingChapter } from "./purchasing.ts";
import { receivablesChapter } from "./receivables.ts";
import { requestsChapter } from "./requests.ts";
import { spansChapter } from "./spans.ts";
import { standInsChapter } from "./stand-ins.ts";
import { schedulesChapter } from "./schedules.ts";
import { supplierCreditsChapter } from "./supplier-credits.ts";
import { taxAndCurrenciesChapter } from "./tax-and-currencies.ts";
import { thingsChapter } from "./things.ts";
import { quietChapter, wishesChapter } from "./wishes.ts";

export interface Chapter {
  readonly title: string;
  readonly tell: (story: Story) => Promise<void>;
}

export const chapters: readonly Chapter[] = [
  { title: "Directory: units, seats, places, customers, suppliers", tell: directoryChapter },
  { title: "Access: members and roles", tell: accessChapter },
  { title: "People: employments, leave, candidates", tell: peopleChapter },
  { title: "First weeks: what newcomers are instructed in", tell: beginningChapter },
  { title: "Things: devices, accounts, desks, maintenance", tell: thingsChapter },
  { title: "Duties: responsibilities, policies, risks, obligations", tell: dutiesChapter },
  { title: "Answering: who answers by name, who does it, who stands in", tell: standInsChapter },
  { title: "Books: a year of invoices, bills and payments", tell: booksChapter },
  { title: "Assets: what the company owns for longer, and its depreciation", tell: fixedAssetsChapter },
  { title: "Expenses: claims of people who travel", tell: expensesChapter },
  { title: "Payroll: a year of monthly runs", tell: payrollChapter },
  { title: "Bank: last week's statement, not matched yet", tell: bankChapter },
  { title: "Credits: what suppliers took back", tell: supplierCreditsChapter },
  { title: "Paying: suppliers' accounts, a payment run", tell: paymentRunChapter },
  { title: "Buying: orders, what came of them, quotations", tell: purchasingChapter },
  { title: "Collecting: terms, limits, a deposit, reminders", tell: receivablesChapter },
  { title: "Tax and currencies: returns, sales to the EU, dollars and pounds", tell: taxAndCurrenciesChapter },
  { title: "Ahead: a deposit in dollars, a credit note that is drafted", tell: depositsChapter },
  { title: "E-invoices: one in dollars that waits for a person", tell: eInvoicesChapter },
  { title: "Close: the months before are closed, last month's close is under way", tell: closeChapter },
  { title: "Spans: an insurance and a contract spread over their year, a receipt with tax in it", tell: spansChapter },
  { title: "Schedules: what comes round, and a lift that stands still", tell: schedulesChapter },
  { title: "Quiet: what is done is no news", tell: quietChapter },
  { title: "Promises: working hours, service levels, deadlines of the law", tell: promisesChapter },
  { title: "Requests: a catalogue, requests at several stages, what is known already", tell: requestsChapter },
  { title: "Papers: contracts and certificates, one to sign, one in dispute", tell: documentsChapter },
  { title: "Work under way: purchases, a hire, a departure", tell: wishesChapter },
  { title: "Approvals: large purchases in two steps, a limit that waits, duties that are parted", tell: approvalsChapter },
];
