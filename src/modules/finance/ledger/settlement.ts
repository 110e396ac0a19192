// Settling: the rows that say how much of one open item another settled, and what is open after it. Written here and nowhere else.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Refusal, word } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import type { Pair } from "./open-item.rules.ts";

export const itemsSettled =
  "{reference} is settled already, in whole or in part. Undo its allocations first: heartwood finance allocation list";

export interface AllocationRow extends Pair {
  readonly id: Id;
  readonly matchId?: Id;
}

/** The currency amount of an allocation is kept only where it differs from the books' currency, as on the lines. */
export async function insertAllocations(context: WriteContext, rows: readonly AllocationRow[], day: Day): Promise<void> {
  const { tenantId } = context;
  await context.db.run(sql`
    insert into finance.allocation (tenant_id, id, debit_item_id, credit_item_id, day, amount, match_id, currency_amount, person_id,
      by_name, at)
    select ${tenantId}, p.id, p.debit, p.credit, greatest(${day}::date, d.day, c.day), p.amount, p.match_id,
      case when d.currency <> b.currency then p.currency_amount end, ${context.actor.personId}, ${context.actor.name}, ${context.now}
    from unnest(${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.debitId)}::uuid[],
      ${rows.map((row) => row.creditId)}::uuid[], ${rows.map((row) => row.minor)}::bigint[],
      ${rows.map((row) => row.matchId ?? null)}::uuid[], ${rows.map((row) => row.currencyMinor)}::bigint[])
      as p (id, debit, credit, amount, match_id, currency_amount)
    join finance.open_item d on d.tenant_id = ${tenantId} and d.id = p.debit
    join finance.open_item c on c.tenant_id = ${tenantId} and c.id = p.credit
    join finance.book b on b.tenant_id = ${tenantId} and b.id = d.book_id`);
  await reduceOpen(context, rows);
}

/** Takes allocated amounts off what is open: debit items lose them, credit items come nearer to zero. */
export async function reduceOpen(context: WriteContext, pairs: readonly Pair[]): Promise<void> {
  const changes = new Map<Id, { minor: bigint; currencyMinor: bigint }>();
  const add = (id: Id, minor: bigint, currencyMinor: bigint): void => {
    const known = changes.get(id) ?? { minor: 0n, currencyMinor: 0n };
    changes.set(id, { minor: known.minor + minor, currencyMinor: known.currencyMinor + currencyMinor });
  };
  for (const pair of pairs) {
    add(pair.debitId, -pair.minor, -pair.currencyMinor);
    add(pair.creditId, pair.minor, pair.currencyMinor);
  }
  const amounts = [...changes.values()];
  await context.db.run(sql`
    update finance.open_item o set open_amount = o.open_amount + c.change, open_currency_amount = o.open_currency_amount + c.currency_change
    from unnest(${[...changes.keys()]}::uuid[], ${amounts.map((one) => one.minor)}::bigint[],
      ${amounts.map((one) => one.currencyMinor)}::bigint[]) as c (id, change, currency_change)
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
  const items = await context.db.rows<ReversedItem>(sql`
    select id, reference, amount, open_amount, currency_amount from finance.open_item
    where tenant_id = ${context.tenantId} and id = any(${mirrors.map((mirror) => mirror.itemId)}::uuid[]) order by id for update`);
  const settled = items.find((item) => item.amount !== item.openAmount);
  if (settled) throw new Refusal("itemsSettled", word(itemsSettled, { reference: settled.reference }), { reference: settled.reference });
  const mirrorOf = new Map(mirrors.map((mirror) => [mirror.itemId, mirror.mirrorId]));
  const rows = items.map((item): AllocationRow => {
    const mirrorId = mirrorOf.get(item.id)!;
    const id = context.newId();
    return item.amount > 0n
      ? { id, debitId: item.id, creditId: mirrorId, minor: item.amount, currencyMinor: item.currencyAmount }
      : { id, debitId: mirrorId, creditId: item.id, minor: -item.amount, currencyMinor: -item.currencyAmount };
  });
  if (rows.length > 0) await insertAllocations(context, rows, day);
}

interface ReversedItem {
  readonly id: Id;
  readonly reference: string;
  readonly amount: bigint;
  readonly openAmount: bigint;
  readonly currencyAmount: bigint;
}
