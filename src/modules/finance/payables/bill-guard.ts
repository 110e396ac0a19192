// What keeps a bill from being entered or paid twice: the supplier's number, the bytes of the paper, and a look for others just like it.
import { type Day, daysBetween } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import type { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { broughtItems } from "../ledger/open-item.ts";
import { supplierNumberKey } from "../tax/document.rules.ts";
import {
  type AlikeBill,
  type BillKind,
  type BillPaper,
  type EarlierBill,
  type EarlierBills,
  freeKey,
  type NumberedPaper,
  numberKey,
} from "./bill.rules.ts";
import { payableSettings } from "./payable-setting.operations.ts";

export const guardRefusals = {
  numberUnreadable: "The supplier's number needs a letter or a digit.",
  enteredBefore: "Bill {supplierNumber} of this supplier was entered before, dated {day}. Look at that one: heartwood finance bill list",
  broughtOver:
    "{supplierNumber} of this supplier was brought over with the opening balances of {day}. Pay that one: heartwood finance payment record",
  fileKnown: "This very file is bill {supplierNumber} of {supplier} already. Look at that one: heartwood finance bill list",
} as const;

/** What was entered before under the numbers of these papers, or brought over from the old books. */
export async function earlierBills(context: ReadContext, papers: readonly NumberedPaper[]): Promise<EarlierBills> {
  const asked = new Set(papers.map((one) => numberKey(one.supplierId, one.kind, supplierNumberKey(one.supplierNumber))));
  const items = await broughtItems(context, [...new Set(papers.map((one) => one.supplierId))]);
  const brought = items
    .filter((item) => item.direction === "payable")
    .map(({ id, partyId, reference, day, isDebit }) => {
      const key = numberKey(partyId, isDebit ? "creditNote" : "bill", supplierNumberKey(reference));
      return [key, { id, supplierNumber: reference, day, isBrought: true }] as const;
    })
    .filter(([key]) => asked.has(key));
  return new Map<string, EarlierBill>([...brought, ...(await keptBills(context, papers))]);
}

/** The bills and credit notes that are kept under the numbers of these papers. */
export async function keptBills(context: ReadContext, papers: readonly NumberedPaper[]): Promise<EarlierBills> {
  const keys = papers.map((one) => supplierNumberKey(one.supplierNumber));
  const rows = await context.db.rows<EarlierBill & { supplierId: Id; kind: BillKind; key: string }>(sql`
    select l.id, l.supplier_number, l.day, l.supplier_id, l.kind, l.supplier_number_key as key
    from (select distinct * from unnest(${papers.map((one) => one.supplierId)}::uuid[], ${papers.map((one) => one.kind)}::text[],
      ${keys}::text[]) as p (supplier_id, kind, key)) p
    join finance.bill l on l.tenant_id = ${context.tenantId} and l.supplier_id = p.supplier_id and l.kind = p.kind
      and l.supplier_number_key = p.key and l.state not in ('declined', 'reversed')`);
  return new Map(rows.map((row) => [numberKey(row.supplierId, row.kind, row.key), row]));
}

/** Refuses what `freeKey` refuses, for one paper. */
export const requireFreeKey = async (context: ReadContext, paper: NumberedPaper): Promise<string> =>
  freeKey(await earlierBills(context, [paper]), paper);

/** An uploaded paper: its digest, and another bill that came on it. */
export async function paperOf(context: ReadContext, fileId: Id, ownId?: Id): Promise<BillPaper> {
  const { hash } = await context.readFile(fileId);
  const other = await context.db.maybe<{ supplierNumber: string; supplier: string }>(sql`
    select l.supplier_number, y.name as supplier from finance.bill l
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = l.supplier_id
    where l.tenant_id = ${context.tenantId} and l.file_hash = ${hash} and l.state not in ('declined', 'reversed')
      and l.id is distinct from ${ownId ?? null}`);
  return { hash, other };
}

interface AlikeQuestion {
  readonly supplierId: Id;
  readonly day: Day;
  readonly total: Money;
  /** Its own, where it is there already. */
  readonly id?: Id;
}

/** For each another bill of the supplier over the same amount within a few days: the nearest in the books, or one asked about before it. */
export async function alikeBills(
  context: ReadContext,
  asked: readonly (AlikeQuestion & { readonly supplierNumber: string })[],
): Promise<(AlikeBill | undefined)[]> {
  if (asked.length === 0) return [];
  const { alikeDays } = await payableSettings(context);
  const rows = await context.db.rows<{ place: number; id: Id; supplierNumber: string; day: Day }>(sql`
    select q.place::int as place, b.id, b.supplier_number, b.day
    from unnest(${asked.map((one) => one.supplierId)}::uuid[], ${asked.map((one) => one.day)}::date[],
      ${asked.map((one) => one.total.minor)}::bigint[], ${asked.map((one) => one.total.currency)}::text[],
      ${asked.map((one) => one.id ?? null)}::uuid[])
      with ordinality as q (supplier_id, day, total, currency, own_id, place)
    cross join lateral (
      select l.id, l.supplier_number, l.day from finance.bill l
      join finance.book k on k.tenant_id = ${context.tenantId} and k.id = l.book_id
      where l.tenant_id = ${context.tenantId} and l.supplier_id = q.supplier_id and l.total = q.total
        and coalesce(l.currency, k.currency) = q.currency and l.day between q.day - ${alikeDays}::int and q.day + ${alikeDays}::int
        and l.kind = 'bill' and l.state not in ('declined', 'reversed') and l.id is distinct from q.own_id
      order by abs(l.day - q.day), l.at limit 1) b`);
  const kept = new Map(rows.map((row) => [row.place - 1, row]));
  const before = new Map<string, AlikeBill[]>();
  return asked.map(({ supplierId, supplierNumber, day, total, id }, place) => {
    const key = `${supplierId} ${total.toString()}`;
    const own = before.get(key) ?? [];
    const found = kept.get(place) ?? own.find((one) => Math.abs(daysBetween(one.day, day)) <= alikeDays);
    if (id) before.set(key, [...own, { id, supplierNumber, day, total }]);
    return found && { id: found.id, supplierNumber: found.supplierNumber, day: found.day, total };
  });
}

/** The warning in words. */
export const alikeSays = (bill: AlikeBill): string =>
  `Bill ${bill.supplierNumber} of ${bill.day} is over the same amount, ${bill.total.toString()}. Make sure that this is another one.`;
