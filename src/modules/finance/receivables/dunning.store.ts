// Dunning as it is kept: what is overdue with its history, the procedures, and the letters proposed.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import type { Book } from "../ledger/book.ts";
import {
  type CoveredItem,
  coveredItems,
  type DunningProcedure,
  earlierCharges,
  type OverdueItem,
  type ProposedLetter,
} from "./dunning.rules.ts";

interface OverdueRow extends Omit<OverdueItem, "open"> {
  open: bigint;
  currency: string;
}

/** What customers owe that was due before the day, with the level it was last asked for at, and what of it their credit covers. */
export async function overdueItems(
  context: ReadContext,
  book: Pick<Book, "id">,
  day: Day,
  customerIds?: readonly Id[],
): Promise<CoveredItem[]> {
  const { tenantId } = context;
  const rows = await context.db.rows<OverdueRow>(sql`
    select o.id as item_id, o.party_id as customer_id, o.due_day, o.open_currency_amount as open, o.currency,
      coalesce(l.level, 0) as level, l.asked_on, x.reason as disputed, c.dunning_procedure_id as procedure_id, c.no_dunning_reason,
      o.document_subject is not distinct from 'finance.dunningLetter' as is_charge
    from finance.open_item o
    join directory.party y on y.tenant_id = ${tenantId} and y.id = o.party_id
    left join finance.customer c on c.tenant_id = ${tenantId} and c.id = o.party_id
    left join finance.item_dispute x on x.tenant_id = ${tenantId} and x.item_id = o.id and x.until_day is null
    left join lateral (
      select max(i.level) as level, max(r.day) as asked_on from finance.dunning_item i
      join finance.dunning_letter t on t.tenant_id = ${tenantId} and t.id = i.letter_id
      join finance.dunning_run r on r.tenant_id = ${tenantId} and r.id = t.run_id
      where i.tenant_id = ${tenantId} and i.item_id = o.id and i.is_live and i.held_reason is null) l on true
    where o.tenant_id = ${tenantId} and o.book_id = ${book.id} and o.direction = 'receivable' and o.open_amount > 0
      and o.open_currency_amount > 0 and o.due_day < ${day}::date
      ${customerIds ? sql`and o.party_id = any(${customerIds}::uuid[])` : sql``}
    order by y.name, o.party_id, o.due_day, o.id`);
  const credits = await context.db.rows<{ customerId: Id; currency: string; minor: bigint }>(sql`
    select o.party_id as customer_id, o.currency, -sum(o.open_currency_amount)::bigint as minor from finance.open_item o
    where o.tenant_id = ${tenantId} and o.book_id = ${book.id} and o.direction = 'receivable' and o.open_amount < 0
      and o.open_currency_amount < 0 and o.party_id = any(${[...new Set(rows.map((row) => row.customerId))]}::uuid[])
    group by o.party_id, o.currency`);
  return coveredItems(
    rows.map(({ open, currency, ...row }) => ({ ...row, open: new Money(open, currency) })),
    credits.map(({ customerId, currency, minor }) => ({ customerId, amount: new Money(minor, currency) })),
  );
}

export async function dunningProcedures(
  context: ReadContext,
  currency: string,
): Promise<{ all: Map<Id, DunningProcedure>; standard: DunningProcedure | undefined }> {
  const { tenantId } = context;
  const rows = await context.db.rows<{
    id: Id;
    pauseDays: number;
    isStandard: boolean;
    level: number;
    daysOverdue: number;
    fee: bigint;
    interestPercent: string;
    title: string;
    text: string;
  }>(sql`
    select p.id, p.pause_days, p.is_standard, l.level, l.days_overdue, l.fee, trim_scale(l.interest_percent)::text as interest_percent,
      l.title, l.text
    from finance.dunning_procedure p
    join finance.dunning_level l on l.tenant_id = ${tenantId} and l.procedure_id = p.id
    where p.tenant_id = ${tenantId} order by p.id, l.level`);
  const all = new Map<Id, DunningProcedure>();
  for (const { id, pauseDays, isStandard: _isStandard, fee, ...level } of rows) {
    const levels = all.get(id)?.levels ?? [];
    all.set(id, { id, pauseDays, levels: [...levels, { ...level, fee: new Money(fee, currency) }] });
  }
  const standard = rows.find((row) => row.isStandard);
  return { all, standard: standard && all.get(standard.id) };
}

export async function insertLetters(context: WriteContext, runId: Id, letters: readonly ProposedLetter[]): Promise<void> {
  const { tenantId } = context;
  const kept = letters.map((letter) => ({ ...letter, id: context.newId() }));
  const items = kept.flatMap((letter) => letter.items.map((item) => ({ ...item, letterId: letter.id })));
  await context.db.run(sql`
    insert into finance.dunning_letter (tenant_id, id, run_id, customer_id, currency, level, state, reason, title, text, fee,
      interest, total)
    select ${tenantId}, l.id, ${runId}, l.customer_id, l.currency, l.level, case when l.reason is null then 'proposed' else 'held' end,
      l.reason, l.title, l.text, l.fee, l.interest, l.total
    from unnest(${kept.map((one) => one.id)}::uuid[], ${kept.map((one) => one.customerId)}::uuid[],
      ${kept.map((one) => one.currency)}::text[], ${kept.map((one) => one.level)}::int[], ${kept.map((one) => one.heldReason)}::text[],
      ${kept.map((one) => one.title)}::text[], ${kept.map((one) => one.text)}::text[], ${kept.map((one) => one.fee.minor)}::bigint[],
      ${kept.map((one) => one.interest.minor)}::bigint[], ${kept.map((one) => one.total.minor)}::bigint[])
      as l (id, customer_id, currency, level, reason, title, text, fee, interest, total)`);
  await context.db.run(sql`
    insert into finance.dunning_item (tenant_id, id, letter_id, item_id, level, days_overdue, open_amount, interest, held_reason, is_live)
    select ${tenantId}, i.*, true
    from unnest(${items.map(() => context.newId())}::uuid[], ${items.map((one) => one.letterId)}::uuid[],
      ${items.map((one) => one.itemId)}::uuid[], ${items.map((one) => one.level)}::int[], ${items.map((one) => one.daysOverdue)}::int[],
      ${items.map((one) => one.open.minor)}::bigint[], ${items.map((one) => one.interest.minor)}::bigint[],
      ${items.map((one) => one.heldReason)}::text[]) as i`);
}

export interface WaitingLetter {
  readonly id: Id;
  readonly customerId: Id;
  readonly currency: string;
  readonly title: string;
  readonly text: string;
  readonly fee: bigint;
  readonly interest: bigint;
  readonly items: { readonly itemId: Id; readonly reference: string; readonly dueDay: Day; readonly days: number; readonly open: bigint }[];
  /** What of these the customer has in their favour. */
  readonly covered: bigint;
  /** Fees and interest of earlier letters. */
  readonly earlier: bigint;
}

/** The letters of a run that are to be sent, with what is still open of their items and not covered. */
export async function lettersToSend(context: WriteContext, runId: Id, run: { bookId: Id; day: Day }): Promise<WaitingLetter[]> {
  const { tenantId } = context;
  const letters = await context.db.rows<Omit<WaitingLetter, "items" | "covered" | "earlier">>(sql`
    select id, customer_id, currency, title, text, fee, interest from finance.dunning_letter
    where tenant_id = ${tenantId} and run_id = ${runId} and state = 'proposed' order by id for update`);
  const items = await context.db.rows<WaitingLetter["items"][number] & { letterId: Id }>(sql`
    select i.letter_id, i.item_id, o.reference, o.due_day, i.days_overdue as days, o.open_currency_amount as open
    from finance.dunning_item i
    join finance.open_item o on o.tenant_id = ${tenantId} and o.id = i.item_id
    where i.tenant_id = ${tenantId} and i.letter_id = any(${letters.map((letter) => letter.id)}::uuid[]) and i.held_reason is null
      and o.open_currency_amount > 0
    order by o.due_day, o.id`);
  const itemsOf = new Map<Id, WaitingLetter["items"]>(letters.map((letter) => [letter.id, []]));
  for (const { letterId, ...item } of items) itemsOf.get(letterId)!.push(item);
  const customerIds = letters.map((letter) => letter.customerId);
  const owed = letters.length === 0 ? [] : await overdueItems(context, { id: run.bookId }, run.day, customerIds);
  return letters.map((letter) => {
    const own = owed.filter((item) => item.customerId === letter.customerId && item.open.currency === letter.currency);
    const coveredOf = new Map(own.map((item) => [item.itemId, item.covered.minor]));
    const asked = itemsOf.get(letter.id)!.filter((item) => item.open > (coveredOf.get(item.itemId) ?? 0n));
    return {
      ...letter,
      items: asked,
      covered: asked.reduce((sum, item) => sum + (coveredOf.get(item.itemId) ?? 0n), 0n),
      earlier: earlierCharges(own, new Set(asked.map((item) => item.itemId)), letter.currency).minor,
    };
  });
}
