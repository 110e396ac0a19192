// The standard charts of accounts that new books may begin with.
import type { JournalArea } from "./area.rules.ts";
import { closingJournal } from "./entry.rules.ts";
import type { AccountRole } from "./role.ts";

export type AccountType = "asset" | "liability" | "equity" | "income" | "expense";
export const accountTypes = ["asset", "liability", "equity", "income", "expense"] as const satisfies readonly AccountType[];

export interface ChartAccount {
  readonly code: string;
  readonly name: string;
  readonly type: AccountType;
  readonly parent: string | null;
  readonly isGroup: boolean;
  readonly role: AccountRole | null;
}

// code | name | role; a line without leading blanks is a main group, two blanks a group, four an account.
const smallCompany: Readonly<Record<AccountType, string>> = {
  asset: `1000 Assets
  1100 Cash and bank
    1110 Petty cash | cash
    1120 Current account at the bank | bank
    1125 Currency valuation of bank accounts | bankValuation
    1180 Payments under way to the bank | paymentClearing
    1190 Money in transit | transit
  1200 Receivables and other current assets
    1210 Trade receivables | receivable
    1215 Currency valuation of receivables | receivableValuation
    1220 Input tax | taxInput
    1230 Prepaid expenses | prepaidExpense
    1240 Advances to employees
    1250 Deposits paid
  1500 Fixed assets
    1510 Office and IT equipment | fixedAsset
    1520 Furniture and fittings
    1530 Vehicles
    1590 Accumulated depreciation | accumulatedDepreciation`,
  liability: `2000 Liabilities
  2100 Payables
    2110 Trade payables | payable
    2115 Currency valuation of payables | payableValuation
    2120 Accrued expenses | accrual
    2130 Received, not billed | goodsReceived
  2200 Taxes
    2210 Output tax | taxOutput
    2220 Tax settlement with the authority | taxSettlement
    2230 Taxes on income payable
  2300 Owed to employees and for them
    2310 Net pay payable | payrollPayable
    2320 Wage tax and social insurance payable | payrollDeductions
    2330 Expense claims payable | expenseClaim
    2340 Expenses and advances of employees | employeePayable
  2400 Other liabilities
    2410 Deferred income | deferredIncome
    2420 Loans
    2480 Deposits received from customers | customerDeposit
    2490 To be clarified | suspense`,
  equity: `3000 Equity
  3100 Capital and reserves
    3110 Share capital
    3120 Capital reserve
    3200 Retained earnings | retainedEarnings
    3900 Opening balances | openingBalance`,
  income: `4000 Income
  4100 Sales
    4110 Sales of services | sales
    4120 Sales of goods
    4190 Discounts granted | discountGranted
  4800 Other income
    4810 Other operating income
    4820 Result of asset disposals | disposalResult
    4830 Interest received
    4840 Currency gains | exchangeGain
    4850 Reminder fees and interest on arrears | dunningFee`,
  expense: `5000 Expenses
  5100 Cost of sales
    5110 Materials and goods | purchase
    5120 Subcontractors
    5130 Price variances of purchases | priceVariance
    5190 Discounts received | discountReceived
  6100 Personnel
    6110 Salaries and wages | payrollGross
    6120 Social insurance, employer's part | payrollEmployer
    6130 Training and recruiting
  6200 Premises
    6210 Rent
    6220 Energy and water
    6230 Cleaning, repairs and upkeep
  6300 Technology and communication
    6310 Software and hosting
    6320 Telephone and internet
    6330 Low-value equipment
  6400 Travel and hospitality
    6410 Travel
    6420 Meals and hospitality
  6500 Running the business
    6510 Marketing and advertising
    6520 Legal, audit and consulting fees
    6530 Insurance and contributions
    6540 Office supplies and other expenses | expense
    6550 Bad debts | badDebt
    6560 Bank charges | bankFee
    6590 Rounding differences | roundingDifference
  6700 Depreciation and interest
    6710 Depreciation | depreciation
    6720 Interest paid
    6730 Currency losses | exchangeLoss
  6900 Taxes on income
    6910 Corporate income taxes`,
};

export const charts = { "small-company": smallCompany } as const;
export type ChartName = keyof typeof charts;

export const standardJournals = [
  { code: "GEN", name: "General journal", area: "ledger" },
  { code: "SAL", name: "Sales", area: "sales" },
  { code: "PUR", name: "Purchases", area: "purchase" },
  { code: "BNK", name: "Bank and cash", area: "ledger" },
  { code: "PAY", name: "Payroll", area: "payroll" },
  { code: "AST", name: "Fixed assets", area: "ledger" },
  { code: "OPN", name: "Opening balances", area: "ledger" },
  { code: closingJournal, name: "Closing of the year", area: "ledger" },
] as const satisfies readonly { code: string; name: string; area: JournalArea }[];

/** The accounts of a chart, parents before children. */
export function accountsOfChart(name: ChartName): ChartAccount[] {
  return accountTypeEntries(charts[name]).flatMap(([type, text]) => accountsOfType(type, text));
}

const accountTypeEntries = (chart: Readonly<Record<AccountType, string>>): [AccountType, string][] =>
  accountTypes.map((type) => [type, chart[type]]);

function accountsOfType(type: AccountType, text: string): ChartAccount[] {
  const parents: string[] = [];
  return text.split("\n").map((line) => {
    const level = (line.length - line.trimStart().length) / 2;
    const [title = "", role = null] = line.trim().split(" | ");
    const [code = "", ...words] = title.split(" ");
    parents[level] = code;
    return { code, name: words.join(" "), type, parent: parents[level - 1] ?? null, isGroup: level < 2, role: role as AccountRole | null };
  });
}

/** Jobs whose accounts are kept for each party: every line on them is an open item. */
export const controlOf = (role: AccountRole | null): "receivable" | "payable" | null =>
  role === "employeePayable" ? "payable" : role === "receivable" || role === "payable" ? role : null;
