// When the settlement that took an early-payment discount is undone, the discount is: its entry is mirrored, its tax counts again.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { reverseEntries } from "../ledger/reversal.ts";
import { insertTaxLines } from "../tax/tax.ts";

/** The allocations of these items were undone before; whichever of them are discounts are reversed. */
export async function reverseDiscounts(context: WriteContext, itemIds: readonly Id[], day: Day): Promise<void> {
  const { tenantId } = context;
  const taken = await context.db.rows<{ id: Id; entryId: Id }>(sql`
    select id, entry_id from finance.discount_taken
    where tenant_id = ${tenantId} and discount_item_id = any(${itemIds}::uuid[]) and reversal_id is null order by id for update`);
  if (taken.length === 0) return;
  const mirrors = await reverseEntries(
    context,
    taken.map((one) => one.entryId),
    day,
    "the payment was undone",
  );
  await context.db.run(sql`
    update finance.discount_taken t set reversal_id = r.reversal_id
    from unnest(${taken.map((one) => one.id)}::uuid[], ${mirrors.map((mirror) => mirror.id)}::uuid[]) as r (id, reversal_id)
    where t.tenant_id = ${tenantId} and t.id = r.id`);
  const mirrorOf = new Map(taken.map((one, index) => [one.id, mirrors[index]!.id]));
  await takeBackTax(context, mirrorOf, day);
}

async function takeBackTax(context: WriteContext, mirrorOf: ReadonlyMap<Id, Id>, day: Day): Promise<void> {
  const { tenantId } = context;
  const lines = await context.db.rows<TaxLineRow>(sql`
    select l.document_id, l.party_id, l.tax_code_id, trim_scale(l.percent)::text as percent, l.base, l.tax, l.base_box, l.tax_box,
      b.currency
    from finance.tax_line l
    join finance.tax_code c on c.tenant_id = ${tenantId} and c.id = l.tax_code_id
    join finance.book b on b.tenant_id = ${tenantId} and b.id = c.book_id
    where l.tenant_id = ${tenantId} and l.document_id = any(${[...mirrorOf.keys()]}::uuid[])`);
  await insertTaxLines(
    context,
    lines.map(({ documentId, partyId, base, tax, currency, ...record }) => ({
      entryId: mirrorOf.get(documentId)!,
      day,
      document: { subject: "finance.discount", id: documentId },
      partyId,
      record: {
        ...record,
        side: "output" as const,
        base: new Money(-base, currency),
        tax: new Money(-tax, currency),
        cost: Money.zero(currency),
        isPending: false,
      },
    })),
  );
}

interface TaxLineRow {
  documentId: Id;
  partyId: Id | null;
  taxCodeId: Id;
  percent: string;
  base: bigint;
  tax: bigint;
  baseBox: string | null;
  taxBox: string | null;
  currency: string;
}
