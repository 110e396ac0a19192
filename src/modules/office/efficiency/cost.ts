// What work costs: minutes times the rate of its kind. Minutes are those written down, and for what nobody timed the typical ones; how much
// of it is assumed stands beside the sum. What the house does itself takes nobody's time.
import type { Day } from "../../../kernel/day.ts";
import { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { workOfDays } from "./rollup.ts";

export interface Cost {
  readonly process: string;
  readonly cost: Money;
  /** How many finished items have a rate, and for how many of those the time is assumed. */
  readonly rated: number;
  readonly assumed: number;
  /** Finished items of kinds without a rate: not in the sum. */
  readonly unrated: number;
  readonly costEach: Money;
}

/** By process and currency, of what was finished in the window. */
export async function costsOf(context: ReadContext, from: Day, until: Day): Promise<Cost[]> {
  const rows = await context.db.rows<{ process: string; currency: string | null; minor: string; rated: number; assumed: number }>(sql`
    select w.process, e.rate_hourly_currency as currency,
      round(sum((w.minutes + (w.by_hand - w.timed) * e.minutes_typical) * e.rate_hourly / 60.0))::bigint::text as minor,
      sum(w.by_hand)::int as rated, sum(w.by_hand - w.timed)::int as assumed
    from (
      select r.process, r.activity, sum(r.minutes) as minutes, sum(r.timed) as timed,
        greatest(sum(r.finished - r.by_house), sum(r.timed)) as by_hand
      from (${await workOfDays(context, from, until)}) r where r.source <> 'run' group by r.process, r.activity) w
    left join lateral (
      select x.activity, x.minutes_typical, x.rate_hourly, x.rate_hourly_currency from office.effort x
      where x.tenant_id = ${context.tenantId} and x.activity = w.activity and x.from_day <= ${until}::date
      order by x.from_day desc limit 1) e on true
    group by w.process, e.rate_hourly_currency order by w.process, e.rate_hourly_currency`);
  // What has no rate comes without a currency.
  const unratedOf = new Map(rows.filter((row) => row.currency === null).map((row) => [row.process, row.rated]));
  return rows.flatMap(({ process, currency, minor, rated, assumed }): Cost[] => {
    if (currency === null) return [];
    const whole = BigInt(minor);
    const each = rated === 0 ? 0n : (whole + BigInt(rated) / 2n) / BigInt(rated);
    const unrated = unratedOf.get(process) ?? 0;
    return [{ process, cost: new Money(whole, currency), rated, assumed, unrated, costEach: new Money(each, currency) }];
  });
}
