// Tax codes with the rate that held on a day, and the lines that the tax return is made of.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Refusal, word } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import type { TaxAmount } from "./document.rules.ts";

export interface TaxRate {
  readonly taxCodeId: Id;
  readonly code: string;
  readonly percent: string;
  readonly outputAccountId: Id;
  readonly inputAccountId: Id;
}

export const taxRefusals = {
  taxCodeUnknown: "There is no tax code {code} with a rate on {day}. See: heartwood finance tax-code list",
} as const;

/** The rates of these codes on a day, by code. Refuses `taxCodeUnknown` in words of its own. */
export async function taxRatesOn(context: ReadContext, bookId: Id, codes: readonly string[], day: Day): Promise<Map<string, TaxRate>> {
  const wanted = [...new Set(codes)];
  const rows = await context.db.rows<TaxRate>(sql`
    select c.id as tax_code_id, c.code, trim_scale(r.percent)::text as percent, c.output_account_id, c.input_account_id
    from finance.tax_code c
    join finance.tax_rate r on r.tenant_id = ${context.tenantId} and r.tax_code_id = c.id and r.during @> ${day}::date
    where c.tenant_id = ${context.tenantId} and c.book_id = ${bookId} and c.code = any(${wanted}::text[])`);
  const rates = new Map(rows.map((row) => [row.code, row]));
  const missing = wanted.find((code) => !rates.has(code));
  if (missing) {
    const facts = { code: missing, day };
    throw new Refusal("taxCodeUnknown", word(taxRefusals.taxCodeUnknown, facts), facts);
  }
  return rates;
}

export interface TaxLineDraft {
  readonly entryId: Id;
  readonly side: "output" | "input";
  readonly day: Day;
  readonly document: { readonly subject: string; readonly id: Id };
  readonly amount: TaxAmount;
}

/** Keeps what was posted for tax; `base` and `tax` as the document has them, negative when it takes back. */
export async function insertTaxLines(context: WriteContext, drafts: readonly TaxLineDraft[]): Promise<void> {
  if (drafts.length === 0) return;
  await context.db.run(sql`
    insert into finance.tax_line (tenant_id, id, entry_id, tax_code_id, side, day, percent, base, tax, document_subject, document_id)
    select ${context.tenantId}, t.* from unnest(
      ${drafts.map(() => context.newId())}::uuid[], ${drafts.map((draft) => draft.entryId)}::uuid[],
      ${drafts.map((draft) => draft.amount.taxCodeId)}::uuid[], ${drafts.map((draft) => draft.side)}::text[],
      ${drafts.map((draft) => draft.day)}::date[], ${drafts.map((draft) => draft.amount.percent)}::numeric[],
      ${drafts.map((draft) => draft.amount.base.minor)}::bigint[], ${drafts.map((draft) => draft.amount.tax.minor)}::bigint[],
      ${drafts.map((draft) => draft.document.subject)}::text[], ${drafts.map((draft) => draft.document.id)}::uuid[]) as t`);
}
