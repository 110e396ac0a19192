// Allocation: on a day, so much of what a party owes is settled by what stands in their favour. Dated, undone by its opposite, never
// removed.
import { type Day, later } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Refusal, word } from "../../../kernel/refusal.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { passThrough } from "./area.rules.ts";
import { postingRefusals } from "./entry.rules.ts";
import { bookDifferences, reverseDifferences } from "./exchange-difference.ts";
import { areaLocked, locksOf } from "./lock.ts";
import { reverseDiscounts } from "../payments/discount-undone.ts";
import { settleCashTax } from "../tax/cash-tax.ts";
import { type AllocationWish, checkAllocations, type KnownItem } from "./open-item.rules.ts";
import { insertAllocations, reduceOpen } from "./settlement.ts";

/** Every no that allocating can give; an operation that allocates spreads them into its own `refuses`. */
export const allocationRefusals = {
  itemUnknown: "There is no such open item. See: heartwood finance open-item list",
  itemOfOther:
    "{reference} belongs to another customer or supplier, or stands in other books. Allocate within one account of one set of books.",
  sameSide: "{reference} and {other} stand on the same side. A payment settles an invoice, a credit note settles an invoice.",
  moreThanOpen: "Of {reference} only {open} is open. Allocate at most that.",
  allocationZero: "An allocation needs an amount above zero, in the currency of what it settles.",
  currenciesDiffer: "{reference} is owed in {currency}, {other} in {otherCurrency}. Settle each in its own currency.",
} as const;

const { periodMissing, periodClosed, areaLocked: locked } = postingRefusals;

/** Every no of settling, or undoing it, by hand: there is no entry whose day the books let in, so the day itself is asked about. */
export const settlingDayRefusals = {
  dayAhead: "{day} has not come yet. What is settled counts from its day on: choose today or an earlier day.",
  periodMissing,
  periodClosed,
  areaLocked: locked,
} as const;

export const settlingRefusals = { ...allocationRefusals, ...settlingDayRefusals } as const;

/** An allocation that was made. The amounts are what left both sides, in the books' currency and in the items'. */
export interface Allocated {
  readonly id: Id;
  readonly debitId: Id;
  readonly creditId: Id;
  readonly minor: bigint;
  readonly currencyMinor: bigint;
}

/**
 * Settles items against each other on a day. Each wish names an item on the one side and an item on the other, in either order;
 * the amount is positive, in the currency of the items. All items are locked in one order; one statement for any number of wishes.
 * What two items in another currency were carried at differently is booked with the match, and taken back with it.
 */
export async function allocate(context: WriteContext, wishes: readonly AllocationWish[], day: Day): Promise<Allocated[]> {
  if (wishes.length === 0) return [];
  const ids = [...new Set(wishes.flatMap((wish) => [wish.itemId, wish.againstId]))];
  const items = await context.db.rows<KnownItem>(sql`
    select id, party_id, account_id, reference, currency, open_currency_amount, open_amount
    from finance.open_item o where o.tenant_id = ${context.tenantId} and o.id = any(${ids}::uuid[]) order by o.id for update`);
  const checked = checkAllocations(wishes, items);
  if ("code" in checked) {
    throw new Refusal(checked.code, word(allocationRefusals[checked.code], checked.facts), checked.facts);
  }
  const made = checked.matches.map((match) => ({ ...match, id: context.newId() }));
  const differing = made.filter((match) => match.difference !== 0n);
  await insertAllocations(
    context,
    made.map((match) => (match.difference === 0n ? match : { ...match, matchId: match.id })),
    day,
  );
  if (differing.length > 0) await insertAllocations(context, await bookDifferences(context, differing, day), day);
  await settleCashTax(context, ids, day);
  return made;
}

/** The same for items that were there before, on a day that somebody chose. Refuses `settlingRefusals`. */
export async function allocateByHand(context: WriteContext, wishes: readonly AllocationWish[], day: Day): Promise<Allocated[]> {
  requireReached(context, day);
  const made = await allocate(context, wishes, day);
  const ids = made.map((one) => one.id);
  if (made.length > 0) await requireOpen(context, sql`a.id = any(${ids}::uuid[])`, day, "day");
  return made;
}

/** Takes back one allocation, with the rest of its match, on a day that somebody chose. Refuses `settlingDayRefusals`. */
export async function undoByHand(context: WriteContext, allocationId: Id, day: Day): Promise<number> {
  requireReached(context, day, "on");
  const undone = await undoAllocations(context, { allocationId }, day);
  if (undone > 0) await requireOpen(context, sql`a.undoes_id = ${allocationId}`, day, "on");
  return undone;
}

/** What is open is kept as of now, so nothing is settled from a later day on. Refuses `dayAhead` in words of its own. */
export function requireReached(context: WriteContext, day: Day, field = "day"): void {
  if (day > context.today) throw settlingRefusal("dayAhead", { day }, field);
}

const settlingRefusal = (code: keyof typeof settlingDayRefusals, facts: Readonly<Record<string, string>>, field: string): Refusal =>
  new Refusal(code, word(settlingDayRefusals[code], facts), facts, [field]);

/**
 * What was open at the end of a month stays what was told of it. The days on which allocations `a` came to hold lie in periods that take
 * entries from whoever acts, as an entry of bank and cash would have to; held, so that a closing waits for this.
 */
async function requireOpen(context: WriteContext, made: Sql, day: Day, field: string): Promise<void> {
  const { tenantId } = context;
  const periods = await context.db.rows<{ id: Id; code: string; state: string; isLocked: boolean }>(sql`
    select p.id, p.code, p.state, 'ledger' = any(p.locked_areas) as is_locked from finance.period p
    where p.tenant_id = ${tenantId} and exists (select from finance.allocation a
      join finance.open_item o on o.tenant_id = ${tenantId} and o.id = a.debit_item_id
      where a.tenant_id = ${tenantId} and ${made} and o.book_id = p.book_id and a.day between p.from_day and p.until_day)
    order by p.from_day, p.id for share`);
  if (periods.length === 0) throw settlingRefusal("periodMissing", { day }, field);
  const closed = periods.find((period) => period.state === "closed");
  if (closed) throw settlingRefusal("periodClosed", { period: closed.code }, field);
  const asked = periods
    .filter((period) => period.isLocked)
    .map(({ id, code }) => ({ periodId: id, code, area: "ledger" as const, personId: context.actor.personId }));
  const locks = await locksOf(context, asked);
  for (const one of asked) {
    const pass = passThrough(one, locks);
    if ("openFrom" in pass) throw areaLocked(one.code, one.area, pass.openFrom, field);
  }
}

/** Takes back every allocation that still holds on these items, or one of them, with the rest of its match; what was open is open again. */
export async function undoAllocations(
  context: WriteContext,
  which: { readonly itemIds: readonly Id[] } | { readonly allocationId: Id },
  day: Day,
  reason = "the settlement was undone",
): Promise<number> {
  const { tenantId } = context;
  const rows = await lockAllocations(context, which);
  if (rows.length === 0) return 0;
  await context.db.run(sql`
    insert into finance.allocation (tenant_id, id, debit_item_id, credit_item_id, day, amount, match_id, currency_amount, undoes_id,
      person_id, by_name, at)
    select ${tenantId}, u.id, a.debit_item_id, a.credit_item_id, greatest(a.day, ${day}::date), -a.amount, a.match_id, -a.currency_amount,
      a.id, ${context.actor.personId}, ${context.actor.name}, ${context.now}
    from unnest(${rows.map(() => context.newId())}::uuid[], ${rows.map((row) => row.id)}::uuid[]) as u (id, allocation_id)
    join finance.allocation a on a.tenant_id = ${tenantId} and a.id = u.allocation_id`);
  await reduceOpen(
    context,
    rows.map((row) => ({
      debitId: row.debitItemId,
      creditId: row.creditItemId,
      minor: -row.amount,
      currencyMinor: -(row.currencyAmount ?? row.amount),
    })),
  );
  await reverseDifferences(context, [...new Set(rows.flatMap((row) => row.matchId ?? []))], day);
  const touched = [...new Set(rows.flatMap((row) => [row.debitItemId, row.creditItemId]))];
  await reverseDiscounts(context, touched, day, reason);
  // Tax waits again on the day it had fallen due, not before.
  await settleCashTax(
    context,
    touched,
    rows.reduce((latest, row) => later(latest, row.day), day),
  );
  return rows.filter((row) => row.matchId === null || row.matchId === row.id).length;
}

interface HeldAllocation {
  readonly id: Id;
  readonly debitItemId: Id;
  readonly creditItemId: Id;
  readonly day: Day;
  readonly amount: bigint;
  readonly currencyAmount: bigint | null;
  readonly matchId: Id | null;
}

/** The allocations that still hold, whole matches of them. Their items are locked first and in one order, as allocating does. */
async function lockAllocations(
  context: WriteContext,
  which: { readonly itemIds: readonly Id[] } | { readonly allocationId: Id },
): Promise<HeldAllocation[]> {
  const { tenantId } = context;
  const touched =
    "itemIds" in which
      ? sql`(t.debit_item_id = any(${which.itemIds}::uuid[]) or t.credit_item_id = any(${which.itemIds}::uuid[]))`
      : sql`t.id = ${which.allocationId}`;
  const chosen = sql`(a.id in (select t.id from finance.allocation t where t.tenant_id = ${tenantId} and ${touched})
    or a.match_id in (select t.match_id from finance.allocation t where t.tenant_id = ${tenantId} and t.match_id is not null and ${touched})
    or a.id in (select d.id from finance.allocation t
      join finance.discount_taken k on k.tenant_id = ${tenantId} and k.reversal_id is null
        and (k.item_id, k.payment_item_id) in ((t.debit_item_id, t.credit_item_id), (t.credit_item_id, t.debit_item_id))
      join finance.allocation d on d.tenant_id = ${tenantId}
        and (d.credit_item_id = k.discount_item_id or d.debit_item_id = k.discount_item_id)
      where t.tenant_id = ${tenantId} and ${touched}))`;
  await context.db.run(sql`
    select o.id from finance.open_item o where o.tenant_id = ${tenantId} and o.id in (
      select unnest(array[a.debit_item_id, a.credit_item_id]) from finance.allocation a where a.tenant_id = ${tenantId} and ${chosen})
    order by o.id for update`);
  return context.db.rows<HeldAllocation>(sql`
    select a.id, a.debit_item_id, a.credit_item_id, a.day, a.amount, a.currency_amount, a.match_id from finance.allocation a
    where a.tenant_id = ${tenantId} and ${chosen} and a.undoes_id is null
      and not exists (select from finance.allocation u where u.tenant_id = ${tenantId} and u.undoes_id = a.id)`);
}
