// The general ledger: every line of an account with its running balance, and the whole of it as a file that other tools read.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { prepared, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { CurrencyCode, Day, Id, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { type ExportedEntry, toCsv, toHledger } from "./export.rules.ts";
import { bookField, dimensionValueField, unitField, withoutPayField } from "./field.ts";
import { AsKnownAt, knownUntil } from "./known.ts";
import { type AccountKind, balancesAround, balancesBefore, beginningsOf, type LedgerLine, ledgerPage } from "./ledger.store.ts";
import { foldOf, leavesOutPay } from "../ledger/pay-lines.ts";
import { type BookYear, bookYearOf, nameAsKnown, yearAt } from "./year.ts";

const roles = ["finance.accountant", "finance.manager"];
const rangeReversed = "The range ends on {to}, before it begins on {from}.";

const Row = z.object({
  lineId: ref("finance.journalLine"),
  entryId: ref("finance.journalEntry"),
  number: z.string(),
  day: Day,
  accountId: ref("finance.account"),
  account: z.string(),
  text: z.string(),
  reference: z.string().nullable(),
  debit: Money.nullable(),
  credit: Money.nullable(),
  balance: Money.describe("After this line, debit positive."),
  foreign: Money.nullable().describe("As the document says it, when that is in another currency; debit positive."),
  partyId: ref("directory.party").nullable(),
  party: z.string().nullable(),
  unitId: ref("directory.unit").nullable(),
  documentSubject: z.string().nullable(),
  documentId: Id.nullable(),
});

export const getLedger = operation({
  name: "finance.ledger.get",
  title: "General ledger",
  does: "Shows the lines of one account, or of all, between two days with the running balance and the way to each document.",
  kind: "read",
  keepsPlans: true,
  may: roles,
  input: z.strictObject({
    accountId: ref("finance.account").optional().describe("By default all accounts, one after the other."),
    accountCode: z.string().max(20).optional().describe("The same by its code."),
    from: Day.optional().describe("By default the first day of the fiscal year."),
    to: Day.optional().describe("By default today."),
    limit: z.number().int().min(1).max(1000).default(100),
    cursor: z.string().max(200).optional().describe("The `next` of the page before."),
    asKnownAt: AsKnownAt,
    unitId: unitField,
    dimensionValueId: dimensionValueField,
    bookId: bookField,
  }),
  output: z.object({
    from: Day,
    to: Day,
    currency: CurrencyCode,
    account: z.string().nullable(),
    opening: Money.nullable(),
    carried: Money.nullable().describe(
      "Between opening and closing beside the lines: with each fiscal year, income and expense begin anew and their result is carried to " +
        "retained earnings.",
    ),
    closing: Money.nullable(),
    withoutPay: withoutPayField,
    rows: z.array(Row),
    next: z.string().nullable(),
  }),
  refuses: {
    booksMissing: postingRefusals.booksMissing,
    accountUnknown: postingRefusals.accountUnknown,
    rangeReversed,
    badCursor: "This cursor cannot be read. Begin again without one.",
  },
  async run(input, context) {
    const to = input.to ?? context.today;
    const knownAt = await knownUntil(context, input.asKnownAt);
    const [ownYear, account] = await Promise.all([bookYearOf(context, to, input.bookId), chosenAccount(context, input, knownAt)]);
    const from = input.from ?? ownYear.yearStart;
    if (to < from) refuse("rangeReversed", { from, to }, ["to"]);
    if (account === null) refuse("accountUnknown", { account: input.accountCode ?? input.accountId }, ["accountId"]);
    const year = yearAt(ownYear, from);
    const starts = [year.yearStart, ownYear.yearStart] as const;
    const after = input.cursor === undefined ? undefined : parseCursor(input.cursor);
    const { unitId, dimensionValueId } = input;
    const filter = { bookId: year.book.id, unitId, dimensionValueId, knownAt };
    const [found, around] = await Promise.all([
      ledgerPage(context, { filter, accountId: account?.id, from, to, after, limit: input.limit + 1 }),
      account && balancesAround(context, filter, account, { from, to }, starts),
    ]);
    const page = found.slice(0, input.limit);
    const last = page.at(-1);
    const money = (minor: bigint): KernelMoney => new KernelMoney(minor, year.book.currency);
    // The first line of a whole account follows its opening balance; any other is looked for.
    const opened = account && after === undefined ? { accountId: account.id, yearStart: year.yearStart } : undefined;
    const before = await balancesBefore(context, filter, beginningsOf(year, page, opened));
    return {
      from,
      to,
      currency: money(0n).currency,
      account: account?.account ?? null,
      opening: around ? money(around.opening) : null,
      carried: around ? money(around.carried) : null,
      closing: around ? money(around.closing) : null,
      withoutPay: leavesOutPay(context, input),
      rows: withBalances(year, page, before, around?.opening),
      next: found.length > page.length && last ? JSON.stringify([last.code, last.day, last.lineId]) : null,
    };
  },
});

/** Null when the books asked for have no such account. */
async function chosenAccount(
  context: ReadContext,
  asked: { accountId?: KernelId; accountCode?: string; bookId?: KernelId },
  knownAt: Date | undefined,
): Promise<(AccountKind & { id: KernelId; account: string }) | null | undefined> {
  if (asked.accountId === undefined && asked.accountCode === undefined) return undefined;
  const account = await context.db.maybe<AccountKind & { id: KernelId; account: string }>(
    prepared(sql`
      select a.id, a.code || ' ' || ${nameAsKnown(context, knownAt)} as account, a.type,
        exists (select from finance.account_role r where r.tenant_id = ${context.tenantId} and r.account_id = a.id
          and r.role = 'retainedEarnings') as is_retained_earnings
      from finance.book b
      join finance.account a on a.tenant_id = ${context.tenantId} and a.book_id = b.id
      where b.tenant_id = ${context.tenantId} and ${asked.bookId ? sql`b.id = ${asked.bookId}` : sql`b.is_main`}
        and ${asked.accountId ? sql`a.id = ${asked.accountId}` : sql`a.code = ${asked.accountCode}`}`),
  );
  return account ?? null;
}

function parseCursor(cursor: string): [string, string, string] {
  try {
    return z.tuple([z.string(), z.iso.date(), z.uuid()]).parse(JSON.parse(cursor));
  } catch {
    return refuse("badCursor", {}, ["cursor"]);
  }
}

/** Each balance is that of the line before it, but where `before` says that it begins. */
function withBalances(year: BookYear, page: readonly LedgerLine[], before: ReadonlyMap<KernelId, bigint>, opening = 0n) {
  let running = opening;
  const money = (minor: bigint): KernelMoney => new KernelMoney(minor, year.book.currency);
  return page.map((line) => {
    const { amount, currency, currencyAmount } = line;
    running = (before.get(line.lineId) ?? running) + amount;
    // Named one by one: a page may have a thousand, and to copy what is left over takes as long as all else.
    return {
      lineId: line.lineId,
      entryId: line.entryId,
      number: line.number,
      day: line.day,
      accountId: line.accountId,
      text: line.text,
      reference: line.reference,
      partyId: line.partyId,
      party: line.party,
      unitId: line.unitId,
      documentSubject: line.documentSubject,
      documentId: line.documentId,
      account: `${line.code} ${line.account}`,
      debit: amount > 0n ? money(amount) : null,
      credit: amount < 0n ? money(-amount) : null,
      balance: money(running),
      foreign: currency !== null && currencyAmount !== null ? new KernelMoney(currencyAmount, currency) : null,
    };
  });
}

/** More would not fit into one answer; a longer range is exported in parts. */
const exportMax = 100_000;

export const exportLedger = operation({
  name: "finance.ledger.export",
  title: "Export the ledger",
  does: "Gives every entry between two days as a file: CSV for a spreadsheet, or a journal for hledger and Ledger.",
  kind: "read",
  may: roles,
  input: z.strictObject({
    format: z.enum(["csv", "hledger"]),
    from: Day.optional().describe("By default the first day of the fiscal year."),
    to: Day.optional().describe("By default today."),
    asKnownAt: AsKnownAt,
    bookId: bookField,
  }),
  output: z.object({ name: z.string(), mediaType: z.string(), text: z.string() }),
  refuses: {
    booksMissing: postingRefusals.booksMissing,
    rangeReversed,
    exportTooLarge: "The range holds more than {most} lines. Choose a shorter one, for example a month.",
  },
  async run(input, context) {
    const to = input.to ?? context.today;
    const { book, yearStart } = await bookYearOf(context, to, input.bookId);
    const from = input.from ?? yearStart;
    if (to < from) refuse("rangeReversed", { from, to }, ["to"]);
    const knownAt = await knownUntil(context, input.asKnownAt);
    const fold = foldOf(context);
    const lines = await context.db.rows<ExportedEntry["lines"][number] & Omit<ExportedEntry, "lines"> & { entryId: KernelId }>(sql`
      select l.entry_id, e.number, l.day, e.text as title, e.reference, e.document_subject, e.document_id, a.code,
        ${nameAsKnown(context, knownAt)} as name, a.type, ${fold.amount} as amount, ${fold.currency} as currency,
        ${fold.currencyAmount} as currency_amount, ${fold.text} as text,
        y.name as party, u.code as unit
      from finance.journal_entry e
      join finance.journal_line l on l.tenant_id = ${context.tenantId} and l.entry_id = e.id
      join finance.account a on a.tenant_id = ${context.tenantId} and a.id = l.account_id
      left join directory.party y on y.tenant_id = ${context.tenantId} and y.id = l.party_id
      left join directory.unit u on u.tenant_id = ${context.tenantId} and u.id = ${fold.unitId}
      where e.tenant_id = ${context.tenantId} and e.book_id = ${book.id} and e.day between ${from}::date and ${to}::date
        ${knownAt ? sql`and e.posted_at <= ${knownAt}` : sql``} ${fold.only}
      order by e.day, e.id, l.position limit ${exportMax + 1}`);
    if (lines.length > exportMax) refuse("exportTooLarge", { most: exportMax });
    const entries = new Map<KernelId, Omit<ExportedEntry, "lines"> & { lines: ExportedEntry["lines"][number][] }>();
    for (const line of lines) {
      const entry = entries.get(line.entryId) ?? { ...line, lines: [] };
      entry.lines.push(line);
      entries.set(line.entryId, entry);
    }
    const title = { books: book.name, currency: book.currency, from, to };
    const isCsv = input.format === "csv";
    return {
      name: `ledger-${from}-${to}.${isCsv ? "csv" : "journal"}`,
      mediaType: isCsv ? "text/csv" : "text/plain",
      text: (isCsv ? toCsv : toHledger)([...entries.values()], title),
    };
  },
});
