// A figure of a statement as what it is made of: its rule, what stood before, and the selection of its lines.
import { addDays, type Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import type { Direction } from "../ledger/open-item.ts";
import { leavesOutPay } from "../ledger/pay-lines.ts";
import type { TurnoverFilter } from "../ledger/turnover.ts";
import type { AgeBucket } from "../receivables/ageing.rules.ts";
import { cashPlaces, counterpartsOf } from "./cash-flow.store.ts";
import { accountRule, idsOf, leavesOf } from "./explain.rules.ts";
import { itemsSelected, itemsTotal, linesSelected, type Page, taxSelected, taxTotal } from "./figure.store.ts";
import { naturalSide, type TreeAccount } from "./statement.rules.ts";
import { retainedEarningsOf, turnoverColumns } from "./statement.store.ts";
import { isResultType } from "./trial-balance.rules.ts";
import { type BookYear, treeOf } from "./year.ts";

export const figureReports = [
  "trialBalance",
  "profitAndLoss",
  "balanceSheet",
  "cashFlow",
  "directCashFlow",
  "ageing",
  "taxReturn",
] as const;
export const figureParts = [
  "asset",
  "liability",
  "equity",
  "income",
  "expense",
  "result",
  "operating",
  "investing",
  "financing",
  "cash",
] as const;

export interface FigureQuestion {
  readonly report: (typeof figureReports)[number];
  readonly accountId?: Id;
  readonly part?: (typeof figureParts)[number];
  readonly from?: Day;
  readonly to: Day;
  readonly direction: Direction;
  readonly partyId?: Id;
  readonly bucket?: AgeBucket;
  readonly taxCodeId?: Id;
  readonly side?: "output" | "input";
  readonly unitId?: Id;
  readonly dimensionValueId?: Id;
  readonly knownAt?: Date;
}

export interface Figure {
  readonly title: string;
  readonly rule: string;
  readonly from: Day | null;
  readonly to: Day;
  readonly opening: bigint | null;
  readonly carried: bigint | null;
  readonly change: bigint;
  readonly parts: readonly { readonly accountId: Id; readonly account: string; readonly amount: bigint }[];
  readonly selection: (page: Page) => Sql;
}

export async function figureOf(context: ReadContext, year: BookYear, asked: FigureQuestion): Promise<Figure> {
  if (asked.report === "ageing") return ageFigure(context, year, asked);
  if (asked.report === "taxReturn") return taxFigure(context, year, asked);
  if (asked.report === "directCashFlow") return counterpartFigure(context, year, asked);
  return accountFigure(context, year, asked);
}

async function ageFigure(context: ReadContext, { book }: BookYear, asked: FigureQuestion): Promise<Figure> {
  const { direction, partyId, bucket, knownAt, to: asOf } = asked;
  const question = { bookId: book.id, direction, asOf, knownAt, partyId, bucket };
  return {
    title: direction === "receivable" ? "Open from customers" : "Open to suppliers",
    rule: `Items with something open on ${asOf}${bucket ? ", of this age" : ""}: each item less what was settled of it until then.`,
    from: null,
    to: asOf,
    opening: null,
    carried: null,
    change: await itemsTotal(context, question),
    parts: [],
    selection: (page) => itemsSelected(context, question, page),
  };
}

async function taxFigure(context: ReadContext, { book, yearStart }: BookYear, asked: FigureQuestion): Promise<Figure> {
  const { taxCodeId, side, knownAt, to } = asked;
  const question = { bookId: book.id, from: asked.from ?? yearStart, to, knownAt, taxCodeId, side };
  const which = side === "output" ? "Tax on sales" : side === "input" ? "Tax on purchases" : "Tax left to pay";
  return {
    title: which,
    rule: `The tax lines that count from ${question.from} until ${to}, each with the rate of its day.`,
    from: question.from,
    to,
    opening: null,
    carried: null,
    change: await taxTotal(context, question),
    parts: [],
    selection: (page) => taxSelected(context, question, page),
  };
}

interface Row {
  readonly title: string;
  readonly leaves: readonly TreeAccount[];
  readonly sign: 1n | -1n;
}

async function rowOf(context: ReadContext, tree: readonly TreeAccount[], asked: FigureQuestion, bookId: Id): Promise<Row> {
  const isCashFlow = asked.report === "cashFlow" || asked.report === "directCashFlow";
  if (asked.accountId !== undefined) {
    const account = tree.find((one) => one.id === asked.accountId) ?? refuse("accountUnknown", { account: asked.accountId }, ["accountId"]);
    const sign = asked.report === "trialBalance" ? 1n : isCashFlow ? -1n : naturalSide(account.type);
    return { title: `${account.code} ${account.name}`, leaves: leavesOf(tree, (one) => one.id === account.id), sign };
  }
  const { part } = asked;
  if (part === undefined) return refuse("rowMissing", {}, ["accountId"]);
  if (part === "operating" || part === "investing" || part === "financing" || part === "cash") {
    const places = await cashPlaces(context, bookId, tree);
    const leaves = tree.filter((account) => !account.isGroup && places.get(account.id) === part);
    return { title: partTitles[part], leaves, sign: part === "cash" ? 1n : -1n };
  }
  const types = part === "result" ? (["income", "expense"] as const) : ([part] as const);
  const leaves = leavesOf(tree, (account) => (types as readonly string[]).includes(account.type));
  return { title: partTitles[part], leaves, sign: part === "result" ? -1n : naturalSide(part) };
}

const partTitles: Readonly<Record<(typeof figureParts)[number], string>> = {
  asset: "Assets",
  liability: "Liabilities",
  equity: "Equity",
  income: "Income",
  expense: "Expenses",
  result: "Result",
  operating: "Operating activities",
  investing: "Investing activities",
  financing: "Financing activities",
  cash: "Cash and bank",
};

async function accountFigure(context: ReadContext, year: BookYear, asked: FigureQuestion): Promise<Figure> {
  const { book, yearStart } = year;
  const { report, to, unitId, dimensionValueId, knownAt } = asked;
  const isBalance = report === "trialBalance" || report === "balanceSheet";
  // A balance of income or expense begins with the fiscal year, so no line before it belongs to a balance.
  const from = asked.from === undefined || (isBalance && asked.from < yearStart) ? yearStart : asked.from;
  const tree = await treeOf(context, book.id, knownAt);
  const row = await rowOf(context, tree, asked, book.id);
  const filter: TurnoverFilter = { bookId: book.id, unitId, dimensionValueId, knownAt, beforeClosing: !isBalance };
  const ranges = [{ from, until: to }, { until: addDays(yearStart, -1) }, { from: yearStart, until: addDays(from, -1) }];
  const [inside, earlier, sinceYear] = await turnoverColumns(context, filter, isBalance ? ranges : ranges.slice(0, 1));
  const sum = (column: ReadonlyMap<Id, bigint> | undefined, accounts: readonly TreeAccount[]): bigint =>
    row.sign * accounts.reduce((total, account) => total + (column?.get(account.id) ?? 0n), 0n);
  const ofBalance = row.leaves.filter((account) => !isResultType(account.type));
  const retainedId = isBalance ? await retainedEarningsOf(context, book.id) : undefined;
  const carries = row.leaves.some((account) => account.id === retainedId);
  const results = tree.filter((account) => !account.isGroup && isResultType(account.type));
  const words = {
    from,
    to,
    hasOpening: isBalance,
    carries,
    sign: row.sign === 1n ? ("debit" as const) : ("credit" as const),
    withoutPay: leavesOutPay(context, filter),
  };
  const accounts = row.leaves.map((account) => ({
    accountId: account.id,
    account: `${account.code} ${account.name}`,
    amount: sum(inside, [account]),
  }));
  return {
    title: row.title,
    rule: accountRule(words),
    from,
    to,
    opening: isBalance ? sum(earlier, ofBalance) + sum(sinceYear, row.leaves) : null,
    carried: carries ? sum(earlier, results) : null,
    change: sum(inside, row.leaves),
    parts: accounts.length > 1 ? accounts.filter((part) => part.amount !== 0n) : [],
    selection: (page) => linesSelected(context, { accountIds: idsOf(row.leaves), from, to, filter, sign: row.sign }, page),
  };
}

/** What cash was received and paid for on an account: its lines in entries that touch cash. */
async function counterpartFigure(context: ReadContext, { book, yearStart }: BookYear, asked: FigureQuestion): Promise<Figure> {
  const { to, knownAt } = asked;
  const from = asked.from ?? yearStart;
  const tree = await treeOf(context, book.id, knownAt);
  const row = await rowOf(context, tree, asked, book.id);
  const places = await cashPlaces(context, book.id, tree);
  const besideIds = idsOf(tree.filter((account) => places.get(account.id) === "cash"));
  const filter: TurnoverFilter = { bookId: book.id, knownAt };
  const [inside] = await counterpartsOf(context, filter, besideIds, [{ from, to }]);
  const parts = row.leaves.map((account) => ({
    accountId: account.id,
    account: `${account.code} ${account.name}`,
    amount: inside!.get(account.id) ?? 0n,
  }));
  return {
    title: row.title,
    rule: `The lines from ${from} until ${to} of entries that also touch cash; what came is positive.`,
    from,
    to,
    opening: null,
    carried: null,
    change: parts.reduce((sum, part) => sum + part.amount, 0n),
    parts: parts.length > 1 ? parts.filter((part) => part.amount !== 0n) : [],
    selection: (page) => linesSelected(context, { accountIds: idsOf(row.leaves), from, to, filter, sign: -1n, besideIds }, page),
  };
}

export const currencyOfLine = (context: ReadContext, lineId: Id): Sql => sql`
  select b.currency from finance.journal_line l
  join finance.journal_entry e on e.tenant_id = ${context.tenantId} and e.id = l.entry_id
  join finance.book b on b.tenant_id = ${context.tenantId} and b.id = e.book_id
  where l.tenant_id = ${context.tenantId} and l.id = ${lineId}`;
