// The EC sales list: what was sold without tax to businesses in other member states, by their tax number (Directive 2006/112/EC, art. 262).
// It is a return of its own, by the days of the sales: what comes late belongs to the list of its own days, whatever tax return has it.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Day, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { andPostedBy, AsKnownAt, knownUntil } from "../reports/known.ts";

export const getEcSalesList = operation({
  name: "finance.ecSalesList.get",
  title: "EC sales list",
  does: "Adds up sales within the EU by customer, for goods and services apart, and says whose tax number is missing.",
  kind: "read",
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({ from: Day, to: Day, asKnownAt: AsKnownAt, bookId: ref("finance.book").optional() }),
  output: z.object({
    rows: z.array(
      z.object({
        partyId: ref("directory.party").nullable(),
        party: z.string().nullable(),
        country: z.string().nullable(),
        taxNumber: z.string().nullable(),
        supply: z.enum(["goods", "services"]),
        base: Money,
        documents: z.number().int(),
        late: z.number().int().describe("Documents that came after the tax return of their days: a list that was sent with it lacks them."),
        isComplete: z.boolean().describe("Has the tax number that the list needs."),
      }),
    ),
    total: Money,
  }),
  refuses: { booksMissing: postingRefusals.booksMissing },
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    const knownAt = await knownUntil(context, input.asKnownAt);
    const rows = await context.db.rows<{
      partyId: KernelId | null;
      party: string | null;
      country: string | null;
      taxNumber: string | null;
      supply: "goods" | "services";
      base: bigint;
      documents: number;
      late: number;
    }>(sql`
      select t.party_id, y.name as party, y.country, y.tax_number, c.ec_supply as supply, sum(t.base)::bigint as base,
        count(distinct t.document_id)::int as documents,
        count(distinct t.document_id) filter (where t.tax_day > t.day)::int as late
      from finance.tax_line t
      join finance.tax_code c on c.tenant_id = ${context.tenantId} and c.id = t.tax_code_id and c.book_id = ${book.id}
        and c.ec_supply is not null
      left join directory.party y on y.tenant_id = ${context.tenantId} and y.id = t.party_id
      where t.tenant_id = ${context.tenantId} and t.side = 'output' and t.day between ${input.from}::date and ${input.to}::date
        ${andPostedBy(context, sql`t.entry_id`, knownAt)}
      group by t.party_id, y.name, y.country, y.tax_number, c.ec_supply having sum(t.base) <> 0
      order by y.name, t.party_id, c.ec_supply`);
    const money = (minor: bigint): KernelMoney => new KernelMoney(minor, book.currency);
    return {
      rows: rows.map((row) => ({ ...row, base: money(row.base), isComplete: row.taxNumber !== null })),
      total: money(rows.reduce((sum, row) => sum + row.base, 0n)),
    };
  },
});
