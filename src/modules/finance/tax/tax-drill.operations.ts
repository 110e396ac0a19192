// From a figure of the tax return to the documents behind it.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Day, DecimalText, Id, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { AsKnownAt, knownUntil } from "../reports/known.ts";
import { countedIn, filedReturn, inBox } from "./tax-return.ts";

const shownMost = 500;

export const listReturnLines = operation({
  name: "finance.taxReturn.lines",
  title: "Lines of a tax return",
  does: "Lists the documents behind a box or a code of the return, with the base and the tax of each.",
  kind: "read",
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({
    from: Day,
    to: Day,
    box: z.string().max(20).optional(),
    taxCodeId: ref("finance.taxCode").optional(),
    side: z.enum(["output", "input"]).optional(),
    asKnownAt: AsKnownAt,
    bookId: ref("finance.book").optional(),
  }),
  output: z.object({
    count: z.number().int(),
    base: Money,
    tax: Money,
    lines: z
      .array(
        z.object({
          id: Id,
          day: Day,
          taxDay: Day.describe("The day it counts on: later than its own when that was filed before."),
          reference: z.string(),
          party: z.string().nullable(),
          code: z.string(),
          side: z.enum(["output", "input"]),
          percent: DecimalText,
          base: Money,
          tax: Money,
          documentSubject: z.string(),
          documentId: Id,
          entryId: ref("finance.journalEntry"),
        }),
      )
      .describe(`The latest ${shownMost}.`),
  }),
  refuses: { booksMissing: postingRefusals.booksMissing },
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    const { tenantId } = context;
    const days = { from: input.from, to: input.to, knownAt: await knownUntil(context, input.asKnownAt) };
    const asked = sql`
      from finance.tax_line t
      join finance.tax_code c on c.tenant_id = ${tenantId} and c.id = t.tax_code_id and c.book_id = ${book.id}
      join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = t.entry_id
      left join directory.party y on y.tenant_id = ${tenantId} and y.id = t.party_id
      where t.tenant_id = ${tenantId} and ${countedIn(context, days)}
        ${input.box === undefined ? sql`` : sql`and ${inBox(input.box, await filedReturn(context, book, days))}`}
        ${input.taxCodeId === undefined ? sql`` : sql`and t.tax_code_id = ${input.taxCodeId}`}
        ${input.side === undefined ? sql`` : sql`and t.side = ${input.side}`}`;
    const sums = await context.db.row<{ count: number; base: bigint; tax: bigint }>(sql`
      select count(*)::int as count, coalesce(sum(t.base), 0)::bigint as base, coalesce(sum(t.tax), 0)::bigint as tax ${asked}`);
    const lines = await context.db.rows<{
      id: KernelId;
      day: KernelDay;
      taxDay: KernelDay;
      reference: string;
      party: string | null;
      code: string;
      side: "output" | "input";
      percent: string;
      base: bigint;
      tax: bigint;
      documentSubject: string;
      documentId: KernelId;
      entryId: KernelId;
    }>(sql`
      select t.id, t.day, t.tax_day, coalesce(e.reference, e.number) as reference, y.name as party, c.code, t.side,
        trim_scale(t.percent)::text as percent, t.base, t.tax, t.document_subject, t.document_id, t.entry_id
      ${asked} order by t.tax_day desc, t.day desc, t.id desc limit ${shownMost}`);
    const money = (minor: bigint): KernelMoney => new KernelMoney(minor, book.currency);
    return {
      count: sums.count,
      base: money(sums.base),
      tax: money(sums.tax),
      lines: lines.map((line) => ({ ...line, base: money(line.base), tax: money(line.tax) })),
    };
  },
});
