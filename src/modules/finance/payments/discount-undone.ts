// When the settlement that took something off is undone, it is: its entry is mirrored, its tax counts or waits again.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { type ReversedEntry, reverseAlong } from "../ledger/reversal.ts";
import { insertTaxLines } from "../tax/tax.ts";

/** The allocations of these items were undone before; whatever was taken off by them is reversed. */
export async function reverseDiscounts(context: WriteContext, itemIds: readonly Id[], day: Day, reason: string): Promise<void> {
  const { tenantId } = context;
  const taken = await context.db.rows<{ id: Id; entryId: Id; dropsTax: boolean }>(sql`
    select id, entry_id, drops_tax from finance.discount_taken
    where tenant_id = ${tenantId} and discount_item_id = any(${itemIds}::uuid[]) and reversal_id is null order by id for update`);
  if (taken.length === 0) return;
  const mirrors = await reverseAlong(
    context,
    taken.map((one) => one.entryId),
    day,
    reason,
  );
  await context.db.run(sql`
    update finance.discount_taken t set reversal_id = r.reversal_id
    from unnest(${taken.map((one) => one.id)}::uuid[], ${mirrors.map((mirror) => mirror.id)}::uuid[]) as r (id, reversal_id)
    where t.tenant_id = ${tenantId} and t.id = r.id`);
  await letWait(
    context,
    taken.filter((one) => one.dropsTax).map((one) => one.id),
  );
  await takeBackTax(context, new Map(taken.map((one, index) => [one.id, mirrors[index]!])));
}

/** What was dropped waits for its payment again. */
async function letWait(context: WriteContext, ids: readonly Id[]): Promise<void> {
  if (ids.length === 0) return;
  const { tenantId } = context;
  await context.db.run(sql`
    update finance.tax_pending w set dropped = w.dropped - d.amount
    from (select o.entry_id, sum(t.amount)::bigint as amount from finance.discount_taken t
      join finance.open_item o on o.tenant_id = ${tenantId} and o.id = t.item_id
      where t.tenant_id = ${tenantId} and t.id = any(${ids}::uuid[]) group by o.entry_id) d
    where w.tenant_id = ${tenantId} and w.entry_id = d.entry_id and not w.is_void`);
}

async function takeBackTax(context: WriteContext, mirrorOf: ReadonlyMap<Id, ReversedEntry>): Promise<void> {
  const { tenantId } = context;
  const lines = await context.db.rows<TaxLineRow>(sql`
    select l.document_subject, l.document_id, l.party_id, l.tax_code_id, l.side, trim_scale(l.percent)::text as percent, l.base, l.tax,
      l.cost, l.base_box, l.tax_box, b.currency
    from finance.tax_line l
    join finance.tax_code c on c.tenant_id = ${tenantId} and c.id = l.tax_code_id
    join finance.book b on b.tenant_id = ${tenantId} and b.id = c.book_id
    where l.tenant_id = ${tenantId} and l.document_id = any(${[...mirrorOf.keys()]}::uuid[])`);
  await insertTaxLines(
    context,
    lines.map(({ documentSubject, documentId, partyId, base, tax, cost, currency, ...record }) => ({
      entryId: mirrorOf.get(documentId)!.id,
      day: mirrorOf.get(documentId)!.day,
      document: { subject: documentSubject, id: documentId },
      partyId,
      record: {
        ...record,
        base: new Money(-base, currency),
        tax: new Money(-tax, currency),
        cost: new Money(-cost, currency),
        isPending: false,
      },
    })),
  );
}

interface TaxLineRow {
  documentSubject: string;
  documentId: Id;
  partyId: Id | null;
  taxCodeId: Id;
  side: "output" | "input";
  percent: string;
  base: bigint;
  tax: bigint;
  cost: bigint;
  baseBox: string | null;
  taxBox: string | null;
  currency: string;
}
