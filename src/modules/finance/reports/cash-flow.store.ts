// Where accounts stand in the cash flow statement, and what cash was paid for.
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import type { AccountRole } from "../ledger/role.ts";
import type { TurnoverFilter } from "../ledger/turnover.ts";
import { type Activity, type CashPlace, cashPlacesOf } from "./cash-flow.rules.ts";
import type { Range } from "./range.rules.ts";
import type { Column } from "./statement.store.ts";
import type { TreeAccount } from "./statement.rules.ts";

export async function cashPlaces(context: ReadContext, bookId: Id, tree: readonly TreeAccount[]): Promise<Map<Id, CashPlace>> {
  const { tenantId } = context;
  const rows = await context.db.rows<{ id: Id; roles: AccountRole[] | null; isBank: boolean; activity: Activity | null }>(sql`
    select a.id, g.activity, b.account_id is not null as is_bank,
      (select array_agg(r.role) from finance.account_role r
        where r.tenant_id = ${tenantId} and r.book_id = ${bookId} and r.account_id = a.id) as roles
    from finance.account a
    left join finance.bank_account b on b.tenant_id = ${tenantId} and b.account_id = a.id
    left join finance.cash_flow_place g on g.tenant_id = ${tenantId} and g.account_id = a.id
    where a.tenant_id = ${tenantId} and a.book_id = ${bookId}`);
  return cashPlacesOf(tree, {
    roles: new Map(rows.map((row) => [row.id, row.roles ?? []])),
    bankAccountIds: new Set(rows.filter((row) => row.isBank).map((row) => row.id)),
    given: new Map(rows.flatMap((row) => (row.activity ? [[row.id, row.activity] as const] : []))),
  });
}

/** By range and account what the entries that touch cash have on their other side: what came positive. */
export async function counterpartsOf(
  context: ReadContext,
  { bookId, knownAt }: TurnoverFilter,
  cashIds: readonly Id[],
  ranges: readonly Range[],
): Promise<Column[]> {
  const { tenantId } = context;
  const rows = await context.db.rows<{ place: number; accountId: Id; amount: bigint }>(sql`
    with touched as (
      select distinct r.place, c.entry_id
      from unnest(${ranges.map((range) => range.from)}::date[], ${ranges.map((range) => range.to)}::date[])
        with ordinality as r (from_day, until_day, place)
      cross join unnest(${cashIds}::uuid[]) as k (id)
      join finance.journal_line c on c.tenant_id = ${tenantId} and c.account_id = k.id and c.day between r.from_day and r.until_day
    )
    select t.place::int as place, l.account_id, -sum(l.amount)::bigint as amount
    from touched t
    ${
      knownAt
        ? sql`join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = t.entry_id and e.book_id = ${bookId}
            and e.posted_at <= ${knownAt}`
        : sql``
    }
    join finance.journal_line l on l.tenant_id = ${tenantId} and l.entry_id = t.entry_id and l.account_id <> all(${cashIds}::uuid[])
    group by t.place, l.account_id`);
  const columns = ranges.map(() => new Map<Id, bigint>());
  for (const row of rows) columns[row.place - 1]!.set(row.accountId, row.amount);
  return columns;
}
