// The distances of a person as they are kept, counted anew wherever one of them comes, goes or is sent.
import { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import type { KeptClaim } from "./claim.store.ts";
import { countAnew, type Counted, type Distance, type MileageRate, type Stretch } from "./mileage.rules.ts";

interface KeptDistance extends Omit<Distance, "counted"> {
  readonly counted: string;
  readonly amount: bigint;
}

/**
 * Says what the distances on unsent claims of the person are worth now, and keeps what changed: what was taken off or thrown away no longer
 * fills the lower bands. `added` is one that is about to be entered.
 */
export async function countDistances(context: WriteContext, claim: KeptClaim, added?: Distance): Promise<Counted[]> {
  const { tenantId } = context;
  // All claims of the person that may change are taken, so that no unit of the year counts twice.
  await context.db.run(sql`
    select id from finance.expense_claim where tenant_id = ${tenantId} and person_id = ${claim.personId} and book_id = ${claim.bookId}
      and state in ('draft', 'rejected') order by id for update`);
  const kept = await context.db.rows<KeptDistance>(sql`
    select l.id, l.vehicle, l.day, trim_scale(l.distance)::text as distance, l.counted::text as counted, l.amount,
      c.state in ('draft', 'rejected') and c.book_id = ${claim.bookId} as is_open
    from finance.expense_line l join finance.expense_claim c on c.tenant_id = ${tenantId} and c.id = l.claim_id
    where l.tenant_id = ${tenantId} and l.person_id = ${claim.personId} and l.kind = 'mileage' and l.vehicle is not null order by l.id`);
  const distances: Distance[] = kept.map((line) => ({ ...line, counted: stretchesOf(line.counted) }));
  if (added) distances.push(added);
  if (!distances.some((one) => one.isOpen)) return [];
  const rates = await context.db.rows<MileageRate>(sql`
    select vehicle, from_day, trim_scale(above)::text as above, trim_scale(per_unit)::text as per_unit, unit, year_begins
    from finance.mileage_rate where tenant_id = ${tenantId} and book_id = ${claim.bookId}`);
  const worths = countAnew(distances, rates, claim.currency);
  await keepChanged(context, claim, kept, worths);
  return worths;
}

async function keepChanged(
  context: WriteContext,
  claim: KeptClaim,
  kept: readonly KeptDistance[],
  worths: readonly Counted[],
): Promise<void> {
  const before = new Map(kept.map((line) => [line.id, line]));
  const changed = worths.filter(({ id, amount, counted }) => {
    const line = before.get(id);
    // A line of nothing cannot be kept: it stays as it was entered.
    return line && amount.minor > 0n && (line.counted !== stretchesText(counted) || !amount.equals(new Money(line.amount, claim.currency)));
  });
  if (changed.length === 0) return;
  await context.db.run(sql`
    update finance.expense_line l set amount = u.amount, worked_out = u.says, counted = u.counted::nummultirange
    from unnest(${changed.map(({ id }) => id)}::uuid[], ${changed.map(({ amount }) => amount.minor)}::bigint[],
      ${changed.map(({ says }) => says)}::text[], ${changed.map(({ counted }) => stretchesText(counted))}::text[])
      as u (id, amount, says, counted)
    where l.tenant_id = ${context.tenantId} and l.id = u.id`);
}

/** `{[0,100),[250,300)}`, as PostgreSQL writes it. */
export const stretchesText = (stretches: readonly Stretch[]): string =>
  `{${stretches.map(({ from, until }) => `[${from},${until})`).join(",")}}`;

const stretchesOf = (text: string): Stretch[] =>
  [...text.matchAll(/\[([\d.]+),([\d.]+)\)/g)].map(([, from, until]) => ({ from: from!, until: until! }));
