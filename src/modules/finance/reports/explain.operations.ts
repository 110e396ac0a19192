// From any figure of any statement to the lines it is made of, and from a line to its document, match, bank line, tax and rate.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import type { Sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { CurrencyCode, Day, DecimalText, Id, Instant, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { ageBuckets } from "../receivables/ageing.rules.ts";
import { depreciationOf } from "./explain-depreciation.ts";
import { reasonsOf, rateOf } from "./explain.rules.ts";
import { chainsOf } from "./explain.store.ts";
import { bookField, dimensionValueField, unitField } from "./field.ts";
import { currencyOfLine, type Figure, figureOf, figureParts, figureReports } from "./figure.ts";
import { entrySelected, linesTold, oneSelected, type Page } from "./figure.store.ts";
import { AsKnownAt, knownUntil } from "./known.ts";
import { bookYearOf } from "./year.ts";

const roles = ["finance.accountant", "finance.manager"];

const Line = z.object({
  lineId: ref("finance.journalLine").nullable(),
  entryId: ref("finance.journalEntry"),
  number: z.string(),
  journal: z.string(),
  day: Day,
  postedAt: Instant,
  postedBy: z.string(),
  accountId: ref("finance.account").nullable(),
  account: z.string().nullable(),
  text: z.string(),
  reference: z.string().nullable(),
  amount: Money.describe("With the sign of the figure."),
  foreign: Money.nullable().describe("As the document says it, when that is in another currency."),
  rate: DecimalText.nullable().describe("What one unit of the other currency was in the books."),
  dueDay: Day.nullable(),
  partyId: ref("directory.party").nullable(),
  party: z.string().nullable(),
  documentSubject: z.string().nullable(),
  documentId: Id.nullable(),
  says: z.array(z.string()).describe("Why, in sentences: who posted it, the tax, the match, the rate."),
  settlements: z.array(
    z.object({
      allocationId: ref("finance.allocation"),
      day: Day,
      amount: Money,
      by: z.string(),
      at: Instant,
      itemId: ref("finance.openItem"),
      entryId: ref("finance.journalEntry"),
      entry: z.string(),
      reference: z.string(),
      documentSubject: z.string().nullable(),
      documentId: Id.nullable(),
    }),
  ),
  bank: z.array(
    z.object({
      bankLineId: ref("finance.bankLine"),
      bankAccount: z.string(),
      day: Day,
      amount: Money,
      counterparty: z.string().nullable(),
      text: z.string(),
      reasons: z.array(z.string()),
      isAutomatic: z.boolean(),
      by: z.string(),
    }),
  ),
  taxes: z.array(
    z.object({
      taxCodeId: ref("finance.taxCode"),
      code: z.string(),
      name: z.string(),
      side: z.enum(["output", "input"]),
      percent: DecimalText,
      rateFrom: Day.nullable(),
      base: Money,
      tax: Money,
    }),
  ),
});

async function told(context: ReadContext, selection: Sql, currency: string, knownAt: Date | undefined) {
  const lines = await linesTold(context, selection, knownAt);
  const chains = await chainsOf(context, lines, knownAt);
  const lost = await depreciationOf(context, lines, currency);
  return lines.map((line, index) => {
    const shown = shownLine({ ...line, ...chains[index]! }, currency);
    return { ...shown, says: [...shown.says, ...lost[index]!] };
  });
}

function shownLine(line: Parameters<typeof reasonsOf>[0], currency: string): z.output<typeof Line> & { id: KernelId } {
  const { currency: foreignCurrency, currencyAmount, reverses: _reverses, reversedBy: _reversedBy, spread: _spread, ...rest } = line;
  const money = (minor: bigint, of: string = currency): KernelMoney => new KernelMoney(minor, of);
  const foreign = foreignCurrency !== null && currencyAmount !== null ? money(currencyAmount, foreignCurrency) : null;
  return {
    ...rest,
    amount: money(line.amount),
    foreign,
    rate: foreign && rateOf(money(line.amount), foreign),
    says: reasonsOf(line, currency),
    settlements: line.settlements.map(({ currencyAmount: settled, currency: of, ...one }) => ({ ...one, amount: money(settled, of) })),
    bank: line.bank.map(({ currency: of, reasons, ...one }) => ({ ...one, reasons: [...reasons], amount: money(one.amount, of) })),
    taxes: line.taxes.map((one) => ({ ...one, base: money(one.base), tax: money(one.tax) })),
  };
}

function parseCursor(cursor: string): [KernelDay, KernelId] {
  try {
    return z.tuple([Day, Id]).parse(JSON.parse(cursor));
  } catch {
    return refuse("badCursor", {}, ["cursor"]);
  }
}

export const explainFigure = operation({
  name: "finance.figure.explain",
  title: "Explain a figure",
  does: "Leads from a figure to its lines: who posted each, its document, what settled it, the bank line and why, tax and rate.",
  kind: "read",
  may: roles,
  input: z.strictObject({
    report: z.enum(figureReports).describe("Where the figure stands."),
    accountId: ref("finance.account").optional().describe("The row: an account, or a group with all that is below it."),
    part: z.enum(figureParts).optional().describe("Or a total of the statement."),
    from: Day.optional().describe("The column: its first day. By default the first day of the fiscal year."),
    to: Day.optional().describe("The column: its last day, or the day of the balance. By default today."),
    direction: z.enum(["receivable", "payable"]).default("receivable").describe("For the ageing."),
    partyId: ref("directory.party").optional().describe("For the ageing: of one customer or supplier."),
    bucket: z.enum(ageBuckets).optional().describe("For the ageing: of one age."),
    taxCodeId: ref("finance.taxCode").optional().describe("For the tax return."),
    side: z.enum(["output", "input"]).optional().describe("For the tax return."),
    unitId: unitField,
    dimensionValueId: dimensionValueField,
    asKnownAt: AsKnownAt,
    bookId: bookField,
    limit: z.number().int().min(1).max(500).default(50),
    cursor: z.string().max(200).optional().describe("The `next` of the page before."),
  }),
  output: z.object({
    title: z.string(),
    rule: z.string().describe("How the figure is made."),
    currency: CurrencyCode,
    from: Day.nullable(),
    to: Day,
    opening: Money.nullable().describe("What stood before the first line."),
    carried: Money.nullable().describe("What earlier fiscal years earned, carried on this row."),
    change: Money.describe("What the lines add up to."),
    total: Money.describe("The figure: opening, carried and change."),
    parts: z
      .array(z.object({ accountId: ref("finance.account"), account: z.string(), amount: Money }))
      .describe("Of a group: its accounts."),
    rows: z.array(Line),
    next: z.string().nullable(),
  }),
  refuses: {
    booksMissing: postingRefusals.booksMissing,
    accountUnknown: postingRefusals.accountUnknown,
    rowMissing: "Say which row of the statement it is: an account, a group, or a total.",
    rangeReversed: "The range ends on {to}, before it begins on {from}.",
    badCursor: "This cursor cannot be read. Begin again without one.",
  },
  async run({ cursor, limit, ...input }, context) {
    const to = input.to ?? context.today;
    const year = await bookYearOf(context, to, input.bookId);
    const { currency } = year.book;
    if (input.from !== undefined && to < input.from) refuse("rangeReversed", { from: input.from, to }, ["to"]);
    const knownAt = await knownUntil(context, input.asKnownAt);
    const figure = await figureOf(context, year, { ...input, to, knownAt });
    const page: Page = { after: cursor === undefined ? undefined : parseCursor(cursor), limit: limit + 1 };
    const found = await told(context, figure.selection(page), currency, knownAt);
    const rows = found.slice(0, limit);
    const last = rows.at(-1);
    return {
      ...shownFigure(figure, currency),
      rows: rows.map(({ id: _, ...row }) => row),
      next: found.length > limit && last ? JSON.stringify([last.day, last.id]) : null,
    };
  },
});

function shownFigure({ opening, carried, change, parts, title, rule, from, to }: Figure, currency: string) {
  const money = (minor: bigint): KernelMoney => new KernelMoney(minor, currency);
  return {
    title,
    rule,
    currency: money(0n).currency,
    from,
    to,
    opening: opening === null ? null : money(opening),
    carried: carried === null ? null : money(carried),
    change: money(change),
    total: money((opening ?? 0n) + (carried ?? 0n) + change),
    parts: parts.map((part) => ({ ...part, amount: money(part.amount) })),
  };
}

export const explainLine = operation({
  name: "finance.journalLine.explain",
  title: "Explain a line",
  does: "Tells the whole chain of one line of the books: entry, document, open item and what settled it, bank line, tax and rate.",
  kind: "read",
  may: roles,
  input: z.strictObject({ journalLineId: ref("finance.journalLine"), asKnownAt: AsKnownAt }),
  output: z.object({
    currency: CurrencyCode,
    line: Line,
    beside: z.array(Line).describe("The other lines of its entry, debit positive."),
  }),
  refuses: { lineUnknown: "There is no such line in the books, or it is part of a payroll run. See: heartwood finance journal-line list" },
  async run({ journalLineId, asKnownAt }, context) {
    const currency = await currencyOf(context, journalLineId);
    const knownAt = await knownUntil(context, asKnownAt);
    const [line] = await told(context, oneSelected(context, journalLineId), currency, knownAt);
    if (!line) refuse("lineUnknown", {}, ["journalLineId"]);
    const all = await told(context, entrySelected(context, line.entryId), currency, knownAt);
    const shown = ({ id: _, ...row }: typeof line): z.output<typeof Line> => row;
    const beside = all.filter((one) => one.lineId !== journalLineId).map(shown);
    return { currency: new KernelMoney(0n, currency).currency, line: shown(line), beside };
  },
});

async function currencyOf(context: ReadContext, lineId: KernelId): Promise<string> {
  const found = await context.db.maybe<{ currency: string }>(currencyOfLine(context, lineId));
  return found?.currency ?? refuse("lineUnknown", {}, ["journalLineId"]);
}
