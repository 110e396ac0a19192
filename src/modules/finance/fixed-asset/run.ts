// The depreciation run: everything due in an asset book until a day, whatever the number of assets, in a handful of statements.
//
// | each period, account pair and cost centre | Dr                          | Cr                                   |
// |-------------------------------------------|-----------------------------|--------------------------------------|
// | its lines together                        | depreciation, of the class  | accumulated depreciation, of the class|
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import type { JournalEntryDraft, JournalLineDraft } from "../ledger/entry.rules.ts";
import { postEntries } from "../ledger/posting.ts";

export interface KeptAssetBook {
  readonly id: Id;
  readonly bookId: Id;
  readonly name: string;
  readonly posts: boolean;
  readonly currency: string;
}

/** The asset book named, or the one that posts in the main books; taken against other runs and changes of assets. */
export function lockAssetBook(context: WriteContext, id: Id | undefined): Promise<KeptAssetBook | undefined> {
  return context.db.maybe<KeptAssetBook>(sql`
    select k.id, k.book_id, k.name, k.posts, b.currency from finance.asset_book k
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = k.book_id
    where k.tenant_id = ${context.tenantId} and ${id ? sql`k.id = ${id}` : sql`k.posts and b.is_main`} for update of k`);
}

/**
 * The days on which planned lines end, and the day each is booked on: its own where that period is open, otherwise the first day of the
 * next open one, so that what was capitalised late is caught up with. Lines of periods that do not exist yet wait.
 */
const dueDays = (context: ReadContext, book: KeptAssetBook, until: Day): Promise<{ untilDay: Day; day: Day }[]> =>
  context.db.rows(sql`
  select d.until_day, case when ${book.posts} then greatest(d.until_day, p.from_day) else d.until_day end as day
  from (
    select distinct l.until_day from finance.depreciation_line l
    where l.tenant_id = ${context.tenantId} and l.asset_book_id = ${book.id} and l.state = 'planned' and l.until_day <= ${until}::date) d
  left join lateral (
    select p.from_day from finance.period p
    where p.tenant_id = ${context.tenantId} and p.book_id = ${book.bookId} and p.state = 'open' and p.until_day >= d.until_day
    order by p.until_day limit 1) p on ${book.posts}
  where not ${book.posts} or p.from_day <= ${until}::date`);

interface Group {
  readonly untilDay: Day;
  readonly expenseAccountId: Id;
  readonly accumulatedAccountId: Id;
  readonly unitId: Id | null;
  readonly amount: bigint;
  readonly lines: number;
}

export interface BookedRun {
  readonly id: Id;
  readonly lines: number;
  readonly total: Money;
  readonly entries: readonly { readonly id: Id; readonly number: string }[];
}

/** Undefined when nothing is due. Refuses what posting refuses. */
export async function bookRun(context: WriteContext, book: KeptAssetBook, until: Day): Promise<BookedRun | undefined> {
  const { tenantId } = context;
  // The days come first and alone: joined with them, a table that nobody has analysed yet is read once for each line.
  const bookedOn = new Map((await dueDays(context, book, until)).map(({ untilDay, day }) => [untilDay, day]));
  const groups = await context.db.rows<Group>(sql`
    select l.until_day, c.expense_account_id, c.accumulated_account_id, u.unit_id, sum(l.amount)::bigint as amount,
      count(*)::int as lines
    from finance.depreciation_line l
    join finance.asset_plan p on p.tenant_id = ${tenantId} and p.id = l.plan_id
    join finance.fixed_asset f on f.tenant_id = ${tenantId} and f.id = p.fixed_asset_id
    join finance.asset_class c on c.tenant_id = ${tenantId} and c.id = f.class_id
    left join lateral (
      select u.unit_id from finance.fixed_asset_unit u where u.tenant_id = ${tenantId} and u.fixed_asset_id = f.id
        and u.from_day <= l.until_day order by u.from_day desc limit 1) u on true
    where l.tenant_id = ${tenantId} and l.asset_book_id = ${book.id} and l.state = 'planned'
      and l.until_day = any(${[...bookedOn.keys()]}::date[])
    group by 1, 2, 3, 4 order by 1, 2, 3, 4`);
  if (groups.length === 0) return undefined;
  const id = context.newId();
  const days = [...new Set(groups.map((group) => bookedOn.get(group.untilDay)!))];
  const drafts = days.map((day) =>
    entryOf(
      book,
      id,
      day,
      groups.filter((group) => bookedOn.get(group.untilDay) === day),
    ),
  );
  const entries = book.posts ? await postEntries(context, drafts, book.bookId) : [];
  const total = new Money(
    groups.reduce((sum, group) => sum + group.amount, 0n),
    book.currency,
  );
  const lines = groups.reduce((sum, group) => sum + group.lines, 0);
  await context.db.run(sql`
    insert into finance.depreciation_run (tenant_id, id, asset_book_id, until_day, lines, total, person_id, by_name, at)
    values (${tenantId}, ${id}, ${book.id}, ${until}, ${lines}, ${total.minor}, ${context.actor.personId}, ${context.actor.name},
      ${context.now})`);
  const entryOn = new Map(entries.map((entry, index) => [days[index]!, entry.id]));
  const ends = [...new Map(groups.map((group) => [group.untilDay, entryOn.get(bookedOn.get(group.untilDay)!) ?? null]))];
  await context.db.run(sql`
    update finance.depreciation_line l set state = 'posted', run_id = ${id}, entry_id = e.entry_id, booked_at = ${context.now}
    from unnest(${ends.map(([untilDay]) => untilDay)}::date[], ${ends.map(([, entryId]) => entryId)}::uuid[]) as e (until_day, entry_id)
    where l.tenant_id = ${tenantId} and l.asset_book_id = ${book.id} and l.state = 'planned' and l.until_day = e.until_day`);
  return { id, lines, total, entries };
}

function entryOf(book: KeptAssetBook, runId: Id, day: Day, groups: readonly Group[]): JournalEntryDraft {
  const sums = new Map<string, Group>();
  for (const group of groups) {
    const key = `${group.expenseAccountId} ${group.accumulatedAccountId} ${group.unitId ?? ""}`;
    sums.set(key, { ...group, amount: group.amount + (sums.get(key)?.amount ?? 0n) });
  }
  const lines = [...sums.values()].flatMap((group): JournalLineDraft[] => {
    const amount = new Money(group.amount, book.currency);
    const unitId = group.unitId ?? undefined;
    return [
      { account: { id: group.expenseAccountId }, amount, unitId },
      { account: { id: group.accumulatedAccountId }, amount: amount.negated(), unitId },
    ];
  });
  return { journal: "AST", day, text: `Depreciation until ${day}`, document: { subject: "finance.depreciationRun", id: runId }, lines };
}
