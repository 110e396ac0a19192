// Open items: what customers and suppliers owe or have in their favour, and the dated allocations that settle one against another.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { Refusal, word } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { type AllocationWish, checkAllocations, type KnownItem, type Pair } from "./open-item.rules.ts";

export type Direction = "receivable" | "payable";

export interface OpenItem {
  readonly id: Id;
  readonly direction: Direction;
  readonly partyId: Id;
  readonly party: string;
  readonly reference: string;
  readonly day: Day;
  readonly dueDay: Day;
  readonly documentSubject: string | null;
  readonly documentId: Id | null;
  /** As in the ledger: debit positive, credit negative. A customer's invoice is positive, a supplier's bill negative. */
  readonly amount: Money;
  readonly open: Money;
}

export interface OpenItemQuestion {
  readonly direction: Direction;
  readonly partyIds?: readonly Id[];
  /** Numbers of invoices, supplier's numbers of bills. */
  readonly references?: readonly string[];
  readonly bookId?: Id;
}

/** Items with something open, the earliest due first; one statement for any number of parties. */
export async function openItemsOf(context: ReadContext, asked: OpenItemQuestion): Promise<OpenItem[]> {
  const rows = await context.db.rows<Omit<OpenItem, "amount" | "open"> & { amount: bigint; openAmount: bigint; currency: string }>(sql`
    select o.id, o.direction, o.party_id, y.name as party, o.reference, o.day, o.due_day, o.document_subject, o.document_id,
      o.amount, o.open_amount, b.currency
    from finance.open_item o
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = o.book_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = o.party_id
    where o.tenant_id = ${context.tenantId} and o.direction = ${asked.direction} and o.open_amount <> 0
      and ${asked.bookId ? sql`b.id = ${asked.bookId}` : sql`b.is_main`}
      ${asked.partyIds ? sql`and o.party_id = any(${asked.partyIds}::uuid[])` : sql``}
      ${asked.references ? sql`and o.reference = any(${asked.references}::text[])` : sql``}
    order by o.due_day, o.id`);
  return rows.map(({ openAmount, currency, amount, ...row }) => ({
    ...row,
    amount: new Money(amount, currency),
    open: new Money(openAmount, currency),
  }));
}

/** Every no that allocating can give; an operation that allocates spreads them into its own `refuses`. */
export const allocationRefusals = {
  itemUnknown: "There is no such open item. See: heartwood finance open-item list",
  itemOfOther: "{reference} belongs to another customer or supplier. Allocate within one account.",
  sameSide: "{reference} and {other} stand on the same side. A payment settles an invoice, a credit note settles an invoice.",
  moreThanOpen: "Of {reference} only {open} is open. Allocate at most that.",
  allocationZero: "An allocation needs an amount above zero.",
} as const;

/**
 * Settles items against each other on a day. Each wish names an item on the one side and an item on the other, in either order;
 * the amount is positive. All items are locked in one order; one statement for any number of wishes.
 */
export async function allocate(context: WriteContext, wishes: readonly AllocationWish[], day: Day): Promise<void> {
  if (wishes.length === 0) return;
  const ids = [...new Set(wishes.flatMap((wish) => [wish.itemId, wish.againstId]))];
  const items = await context.db.rows<KnownItem>(sql`
    select id, party_id, account_id, reference, open_amount, (select b.currency from finance.book b
      where b.tenant_id = ${context.tenantId} and b.id = o.book_id) as currency
    from finance.open_item o where o.tenant_id = ${context.tenantId} and o.id = any(${ids}::uuid[]) order by o.id for update`);
  const checked = checkAllocations(wishes, items);
  if ("code" in checked) {
    throw new Refusal(checked.code, word(allocationRefusals[checked.code], checked.facts), checked.facts);
  }
  await insertAllocations(context, checked.pairs, day);
}

async function insertAllocations(context: WriteContext, pairs: readonly Pair[], day: Day): Promise<void> {
  const { tenantId } = context;
  await context.db.run(sql`
    insert into finance.allocation (tenant_id, id, debit_item_id, credit_item_id, day, amount, person_id, by_name, at)
    select ${tenantId}, p.id, p.debit, p.credit, greatest(${day}::date, d.day, c.day), p.amount, ${context.actor.personId},
      ${context.actor.name}, ${context.now}
    from unnest(${pairs.map(() => context.newId())}::uuid[], ${pairs.map((pair) => pair.debitId)}::uuid[],
      ${pairs.map((pair) => pair.creditId)}::uuid[], ${pairs.map((pair) => pair.minor)}::bigint[]) as p (id, debit, credit, amount)
    join finance.open_item d on d.tenant_id = ${tenantId} and d.id = p.debit
    join finance.open_item c on c.tenant_id = ${tenantId} and c.id = p.credit`);
  await reduceOpen(context, pairs);
}

/** Takes allocated amounts off what is open: debit items lose them, credit items come nearer to zero. */
async function reduceOpen(context: WriteContext, pairs: readonly Pair[]): Promise<void> {
  const changes = new Map<Id, bigint>();
  for (const pair of pairs) {
    changes.set(pair.debitId, (changes.get(pair.debitId) ?? 0n) - pair.minor);
    changes.set(pair.creditId, (changes.get(pair.creditId) ?? 0n) + pair.minor);
  }
  await context.db.run(sql`
    update finance.open_item o set open_amount = o.open_amount + c.change
    from unnest(${[...changes.keys()]}::uuid[], ${[...changes.values()]}::bigint[]) as c (id, change)
    where o.tenant_id = ${context.tenantId} and o.id = c.id`);
}

/**
 * After a reversal: every open item of the entry is settled by its mirror. Refuses `itemsSettled` when something of it was
 * paid or credited before.
 */
export async function settleReversal(
  context: WriteContext,
  mirrors: readonly { readonly itemId: Id; readonly mirrorId: Id }[],
  day: Day,
): Promise<void> {
  const items = await context.db.rows<{ id: Id; reference: string; amount: bigint; openAmount: bigint }>(sql`
    select id, reference, amount, open_amount from finance.open_item
    where tenant_id = ${context.tenantId} and id = any(${mirrors.map((mirror) => mirror.itemId)}::uuid[]) order by id for update`);
  const settled = items.find((item) => item.amount !== item.openAmount);
  if (settled) throw new Refusal("itemsSettled", "", { reference: settled.reference });
  const mirrorOf = new Map(mirrors.map((mirror) => [mirror.itemId, mirror.mirrorId]));
  const pairs = items.map((item): Pair => {
    const mirrorId = mirrorOf.get(item.id)!;
    return item.amount > 0n
      ? { debitId: item.id, creditId: mirrorId, minor: item.amount }
      : { debitId: mirrorId, creditId: item.id, minor: -item.amount };
  });
  if (pairs.length > 0) await insertAllocations(context, pairs, day);
}

/** Takes back every allocation that still holds on these items, or one of them; what was open is open again. */
export async function undoAllocations(
  context: WriteContext,
  which: { readonly itemIds: readonly Id[] } | { readonly allocationId: Id },
  day: Day,
): Promise<number> {
  const { tenantId } = context;
  const chosen =
    "itemIds" in which
      ? sql`(a.debit_item_id = any(${which.itemIds}::uuid[]) or a.credit_item_id = any(${which.itemIds}::uuid[]))`
      : sql`a.id = ${which.allocationId}`;
  // The items are locked first and in one order, as allocating does.
  await context.db.run(sql`
    select o.id from finance.open_item o where o.tenant_id = ${tenantId} and o.id in (
      select unnest(array[a.debit_item_id, a.credit_item_id]) from finance.allocation a where a.tenant_id = ${tenantId} and ${chosen})
    order by o.id for update`);
  const rows = await context.db.rows<{ id: Id; debitItemId: Id; creditItemId: Id; amount: bigint; day: Day }>(sql`
    select a.id, a.debit_item_id, a.credit_item_id, a.amount, a.day from finance.allocation a
    where a.tenant_id = ${tenantId} and ${chosen} and a.undoes_id is null
      and not exists (select from finance.allocation u where u.tenant_id = ${tenantId} and u.undoes_id = a.id)`);
  if (rows.length === 0) return 0;
  await context.db.run(sql`
    insert into finance.allocation (tenant_id, id, debit_item_id, credit_item_id, day, amount, undoes_id, person_id, by_name, at)
    select ${tenantId}, u.id, a.debit_item_id, a.credit_item_id, greatest(a.day, ${day}::date), -a.amount, a.id, ${context.actor.personId},
      ${context.actor.name}, ${context.now}
    from unnest(${rows.map(() => context.newId())}::uuid[], ${rows.map((row) => row.id)}::uuid[]) as u (id, allocation_id)
    join finance.allocation a on a.tenant_id = ${tenantId} and a.id = u.allocation_id`);
  await reduceOpen(
    context,
    rows.map((row) => ({ debitId: row.debitItemId, creditId: row.creditItemId, minor: -row.amount })),
  );
  return rows.length;
}
