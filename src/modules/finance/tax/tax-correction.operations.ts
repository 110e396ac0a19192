// The correction of a filed return: what was posted for its days afterwards, filed as a return of its own in place of going into the next
// one. The filed return stays as it was.
//
// | correcting                       | Dr                                         | Cr                                |
// |----------------------------------|--------------------------------------------|-----------------------------------|
// | what is owed more, or reclaimed  | output tax (or tax settlement)             | input tax, tax settlement         |
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { CurrencyCode, Id, Instant, LongText, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { lateLines, rowsOf, settleTax, shownReturn } from "./tax-return.ts";

const may = ["finance.accountant", "finance.manager"];

export const correctFiledReturn = operation({
  name: "finance.filedReturn.correct",
  title: "File a correction",
  does: "Files what was posted for the days of a filed return after it was filed, as its correction; the next return has it no more.",
  kind: "write",
  previews: true,
  may: ["finance.manager"],
  input: z.strictObject({
    filedReturnId: ref("finance.filedReturn"),
    reason: LongText(300).min(3, "says why, in a few words"),
    reference: Text(60).optional().describe("What the authority answered, e.g. a transfer ticket."),
  }),
  output: z.object({ id: ref("finance.correctionReturn"), lines: z.number().int(), output: Money, input: Money, payable: Money }),
  refuses: {
    notFound: "There is no such filed return.",
    nothingLate: "Nothing was posted for {from} to {to} after it was filed, or it is filed already.",
    ...postingRefusals,
  },
  emits: ["finance.filedReturn.corrected"],
  async run(input, context) {
    const { tenantId } = context;
    const filed = await context.db.maybe<{ id: KernelId; bookId: KernelId; from: KernelDay; to: KernelDay }>(sql`
      select id, book_id, from_day as from, until_day as to from finance.tax_return
      where tenant_id = ${tenantId} and id = ${input.filedReturnId}`);
    if (!filed) refuse("notFound");
    const book = await bookOf(context, filed.bookId);
    // Of two corrections at once the second finds nothing left.
    await context.db.run(sql`select id from finance.book where tenant_id = ${tenantId} and id = ${book.id} for update`);
    const which = lateLines(tenantId, filed);
    const rows = await rowsOf(context, book, which, filed.from);
    if (rows.length === 0) refuse("nothingLate", { from: filed.from, to: filed.to });
    const id = context.newId();
    const entryId = await settleTax(context, book, which, {
      to: filed.to,
      text: `Correction of the tax return ${filed.from} to ${filed.to}: ${input.reason}`.slice(0, 300),
      document: { subject: "finance.correctionReturn", id },
    });
    const { currency: _currency, ...shown } = shownReturn(rows, book.currency);
    const lines = rows.reduce((sum, row) => sum + row.lines, 0);
    await context.db.run(sql`
      insert into finance.tax_correction (tenant_id, id, book_id, return_id, output, input, payable, line_count, filed, reason, reference,
        entry_id, person_id, by_name, at)
      values (${tenantId}, ${id}, ${book.id}, ${filed.id}, ${shown.output.minor}, ${shown.input.minor}, ${shown.payable.minor}, ${lines},
        ${JSON.stringify(shown)}::jsonb, ${input.reason}, ${input.reference ?? null}, ${entryId}, ${context.actor.personId},
        ${context.actor.name}, ${context.now})`);
    await context.db.run(sql`
      insert into finance.tax_correction_line (tenant_id, tax_line_id, correction_id)
      select ${tenantId}, t.id, ${id} from finance.tax_line t
      join finance.tax_code c on c.tenant_id = ${tenantId} and c.id = t.tax_code_id and c.book_id = ${book.id}
      where t.tenant_id = ${tenantId} and ${which}`);
    context.emit("finance.filedReturn.corrected", { filedReturnId: filed.id, correctionReturnId: id, reason: input.reason });
    return { id, lines, output: shown.output, input: shown.input, payable: shown.payable };
  },
});

export const correctionReturnRegister = register({
  name: "finance.correctionReturn",
  title: "Corrections of tax returns",
  does: "What changed a filed return afterwards, filed as its correction.",
  may,
  row: z.object({
    id: Id,
    correction: z.string(),
    filedReturnId: ref("finance.filedReturn"),
    filedReturn: z.string(),
    output: Money,
    input: Money,
    payable: Money,
    lines: z.number().int(),
    reason: z.string(),
    reference: z.string().nullable(),
    entryId: ref("finance.journalEntry").nullable(),
    entry: z.string().nullable(),
    filedBy: z.string(),
    filedAt: Instant,
    bookId: ref("finance.book"),
    books: z.string(),
    currency: CurrencyCode,
  }),
  label: "correction",
  search: ["filedReturn", "reason", "reference"],
  sort: "-filedAt",
  totals: ["payable"],
  from: (context) => sql`
    select r.id, u.from_day || ' to ' || u.until_day || ', corrected' as correction, r.return_id as filed_return_id,
      u.from_day || ' to ' || u.until_day as filed_return, r.output, r.input, r.payable, r.line_count as lines, r.reason, r.reference,
      r.entry_id, e.number as entry, r.by_name as filed_by, r.at as filed_at, r.book_id, b.name as books, b.currency
    from finance.tax_correction r
    join finance.tax_return u on u.tenant_id = ${context.tenantId} and u.id = r.return_id
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = r.book_id
    left join finance.journal_entry e on e.tenant_id = ${context.tenantId} and e.id = r.entry_id
    where r.tenant_id = ${context.tenantId}`,
});
