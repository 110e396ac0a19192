// What whoever prepares a run should know before paying: money the supplier has already, and what is owed that no run pays.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { notInRun } from "../payables/run-lock.ts";

/** Of open items `o` of suppliers: paid to them before, and taken by no bill. Their credit notes are taken off by the run itself. */
export const isOnAccount = (tenantId: Id): Sql => sql`o.direction = 'payable' and o.open_currency_amount > 0 and ${notInRun(tenantId)}
  and not exists (select from finance.bill c where c.tenant_id = ${tenantId} and c.id = o.document_id)`;

interface Asked {
  readonly bookId: Id;
  readonly currency: string;
}

/** Money on account with suppliers, as sentences. */
export async function onAccountHints(context: ReadContext, { bookId, currency }: Asked, supplierIds: readonly Id[]): Promise<string[]> {
  const { tenantId } = context;
  const rows = await context.db.rows<{ supplier: string; open: bigint }>(sql`
    select y.name as supplier, sum(o.open_currency_amount)::bigint as open from finance.open_item o
    join directory.party y on y.tenant_id = ${tenantId} and y.id = o.party_id
    where o.tenant_id = ${tenantId} and o.book_id = ${bookId} and o.currency = ${currency}
      and o.party_id = any(${supplierIds}::uuid[]) and o.open_amount <> 0 and ${isOnAccount(tenantId)}
    group by y.id, y.name order by y.name, y.id`);
  return rows.map(
    ({ supplier, open }) =>
      `${new Money(open, currency).toString()} is on account with ${supplier}. ` +
      "Set it against a bill that is in no run: heartwood finance bill apply-credit",
  );
}

const hintsShown = 5;

/** What falls due and is no bill, such as what was brought over from the old books: as sentences, of many the first. */
export async function noBillHints(
  context: ReadContext,
  { bookId, currency }: Asked,
  dueUntil: Day,
  supplierIds: readonly Id[] | undefined,
): Promise<string[]> {
  const { tenantId } = context;
  const rows = await context.db.rows<{ reference: string; supplier: string; open: bigint; more: number }>(sql`
    select o.reference, y.name as supplier, -o.open_currency_amount as open, (count(*) over () - ${hintsShown})::int as more
    from finance.open_item o
    join directory.party y on y.tenant_id = ${tenantId} and y.id = o.party_id
    where o.tenant_id = ${tenantId} and o.book_id = ${bookId} and o.currency = ${currency} and o.direction = 'payable'
      and o.document_id is null and o.open_amount <> 0 and o.open_currency_amount < 0 and o.due_day <= ${dueUntil}::date
      ${supplierIds ? sql`and o.party_id = any(${supplierIds}::uuid[])` : sql``}
    order by o.due_day, o.id limit ${hintsShown}`);
  const [first] = rows;
  if (!first) return [];
  const named = rows.map(
    ({ reference, supplier, open }) =>
      `${reference} of ${supplier} over ${new Money(open, currency).toString()} is no bill of these books.`,
  );
  const rest = first.more > 0 ? [`Nor are ${first.more} more.`] : [];
  return [...named, ...rest, "A run pays bills: pay this at the bank and record it: heartwood finance payment record"];
}
