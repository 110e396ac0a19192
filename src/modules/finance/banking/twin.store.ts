// Entries told ahead whose place a booked one took. A bank may book under another reference, on another day, even over another amount
// (a card with a tip): the pair is known by a reference that both carry and no other entry does, and it is always said.
import type { Day } from "../../../kernel/day.ts";
import { addDays } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import type { ImportAccount } from "./import.store.ts";

const daysMax = 15;

interface Pair {
  statementId: Id;
  aheadDay: Day;
  aheadAmount: bigint;
  day: Day;
  amount: bigint;
  reference: string;
}

/** Ends what was told ahead and is booked now; by statement of the booked line, each in a sentence. */
export async function replaceTwins(
  context: WriteContext,
  account: ImportAccount,
  days: { readonly from: Day; readonly until: Day },
): Promise<Map<Id, string[]>> {
  const { tenantId } = context;
  const references = (line: "a" | "b") => sql`
    select r.kind, r.text from (values ('bank', ${line === "a" ? sql`a.bank_reference` : sql`b.bank_reference`}),
      ('endToEnd', nullif(${line === "a" ? sql`a.end_to_end_id` : sql`b.end_to_end_id`}, 'NOTPROVIDED')),
      ('customer', nullif(${line === "a" ? sql`a.customer_reference` : sql`b.customer_reference`}, 'NONREF')),
      ('structured', ${line === "a" ? sql`a.structured_reference` : sql`b.structured_reference`})) as r (kind, text)
    where length(r.text) >= 4`;
  const pairs = await context.db.rows<Pair>(sql`
    with ahead as materialized (
      select a.id, a.day, a.amount, r.kind, r.text from finance.bank_line a
      cross join lateral (${references("a")}) r
      where a.tenant_id = ${tenantId} and a.bank_account_id = ${account.id} and a.state = 'advised'
        and a.day between ${addDays(days.from, -daysMax)}::date and ${addDays(days.until, daysMax)}::date
    ), pair as (
      select distinct on (a.id, b.id) a.id as ahead_id, a.day as ahead_day, a.amount as ahead_amount, b.id, b.statement_id, b.day, b.amount,
        a.text as reference
      from ahead a
      join finance.bank_line b on b.tenant_id = ${tenantId} and b.bank_account_id = ${account.id}
        and b.state not in ('advised', 'replaced') and b.day between a.day - ${daysMax}::int and a.day + ${daysMax}::int
        and sign(b.amount) = sign(a.amount)
      cross join lateral (${references("b")}) r
      where r.kind = a.kind and r.text = a.text
        and not exists (select from finance.bank_line o where o.tenant_id = ${tenantId} and o.replaced_by_id = b.id)
      order by a.id, b.id, a.kind
    ), single as (
      select p.*, 'Booked on ' || p.day || ' under the reference ' || p.reference || '.' as reason from pair p
      where (select count(*) from pair o where o.ahead_id = p.ahead_id) = 1 and (select count(*) from pair o where o.id = p.id) = 1
    ), ended as (
      update finance.bank_line l set state = 'replaced', replaced_by_id = s.id, replaced_reason = s.reason
      from single s where l.tenant_id = ${tenantId} and l.id = s.ahead_id
    )
    select statement_id, ahead_day, ahead_amount, day, amount, reference from single order by day, reference`);
  const said = new Map<Id, string[]>();
  for (const pair of pairs) said.set(pair.statementId, [...(said.get(pair.statementId) ?? []), sentenceOf(pair, account.currency)]);
  return said;
}

function sentenceOf({ aheadDay, aheadAmount, day, amount, reference }: Pair, currency: string): string {
  const [ahead, booked] = [new Money(aheadAmount, currency).toString(), new Money(amount, currency).toString()];
  const differs = aheadAmount === amount ? "" : ` and is not the ${ahead} that was told`;
  return `${reference}, told ahead on ${aheadDay} over ${ahead}, was booked on ${day} over ${booked}${differs}.`;
}
