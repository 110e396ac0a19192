// Exchange rates as documents, payments and valuations ask for them.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Refusal, word } from "../../../kernel/refusal.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import type { Exchange } from "./convert.rules.ts";
import { type DocumentMoney, type DocumentRates, exchangeOf, keyOf } from "./document-rate.rules.ts";
import { type FoundRate, type KnownRate, rateFrom, type RateNo, type RateQuestion } from "./rate.rules.ts";

/** Every no of looking up a rate; an operation that needs one spreads them into its own `refuses`. */
export const rateRefusals = {
  rateMissing: "No {kind} rate from {from} to {to} is known on {day}. Enter it: heartwood finance exchange-rate set",
  rateStale:
    "The latest {kind} rate from {from} to {to} is of {latest}, more than {days} days before {day}. Enter a newer one: " +
    "heartwood finance exchange-rate set",
  rateUnfit: "{rate} is no rate. A rate is above zero.",
} as const;

/** The rate of a day: what one unit of `from` is worth in `to`. Refuses `rateMissing` and `rateStale` in words of its own. */
export async function rateOn(context: ReadContext, asked: RateQuestion, bookId?: Id): Promise<FoundRate> {
  return (await ratesOn(context, [asked], bookId))[0]!;
}

/**
 * Many rates in one statement, in the order asked, as they were known at a moment when one is given. Refuses as `rateOn` does, for the
 * first that is not found.
 */
export async function ratesOn(context: ReadContext, asked: readonly RateQuestion[], bookId?: Id, knownAt?: Date): Promise<FoundRate[]> {
  return (await findRates(context, asked, bookId, knownAt)).map((found) => {
    if ("code" in found) throw new Refusal(found.code, word(rateRefusals[found.code], found.facts), found.facts);
    return found;
  });
}

/** As `ratesOn`, with each no in its place. */
async function findRates(
  context: ReadContext,
  asked: readonly RateQuestion[],
  bookId?: Id,
  knownAt?: Date,
): Promise<(FoundRate | RateNo)[]> {
  const needed = asked.filter((one) => one.from !== one.to);
  const { maxDays, rates } = needed.length === 0 ? { maxDays: 0, rates: [] } : await loadRates(context, needed, bookId, knownAt);
  return asked.map((one) => rateFrom(rates, one, maxDays));
}

/** No statement where every document is in the books' currency. */
export async function documentRates(
  context: ReadContext,
  book: { readonly id: Id; readonly currency: string },
  documents: readonly { readonly currency: string; readonly day: Day }[],
): Promise<DocumentRates> {
  const keys = new Map(documents.filter((one) => one.currency !== book.currency).map((one) => [keyOf(one.currency, one.day), one]));
  const found = await findRates(
    context,
    [...keys.values()].map(({ currency, day }) => ({ from: currency, to: book.currency, day })),
    book.id,
  );
  return new Map([...keys.keys()].map((key, index) => [key, found[index]!]));
}

/** For each day asked about, the latest rate of each pair that has one of the currencies; a year back at most. */
async function loadRates(
  context: ReadContext,
  asked: readonly RateQuestion[],
  bookId: Id | undefined,
  knownAt: Date | undefined,
): Promise<{ maxDays: number; rates: KnownRate[] }> {
  const days: Day[] = [...new Set(asked.map((one) => one.day))];
  const currencies = [...new Set(asked.flatMap((one) => [one.from, one.to]))];
  const found = await context.db.maybe<{ maxDays: number; rates: KnownRate[] | null }>(sql`
    select b.rate_days as max_days, (
      select json_agg(json_build_object('base', r.base, 'currency', r.currency, 'kind', r.kind, 'day', r.day,
        'rate', trim_scale(r.rate)::text, 'source', r.source))
      from (
        select distinct on (d.day, x.base, x.currency, x.kind) x.base, x.currency, x.kind, x.day, x.rate, x.source
        from unnest(${days}::date[]) as d (day)
        join ${ratesKnown(context, knownAt)} x on x.tenant_id = ${context.tenantId} and x.day between d.day - 366 and d.day
          and (x.base = any(${currencies}::text[]) or x.currency = any(${currencies}::text[]))
        order by d.day, x.base, x.currency, x.kind, x.day desc) r) as rates
    from finance.book b where b.tenant_id = ${context.tenantId} and ${bookId ? sql`b.id = ${bookId}` : sql`b.is_main`}`);
  return { maxDays: found?.maxDays ?? 0, rates: found?.rates ?? [] };
}

/** Those of now, or those of a moment with what has been corrected since. */
const ratesKnown = (context: ReadContext, knownAt: Date | undefined): Sql =>
  knownAt
    ? sql`(select tenant_id, base, currency, kind, day, rate, source from finance.exchange_rate
        where tenant_id = ${context.tenantId} and at <= ${knownAt}
        union all select tenant_id, base, currency, kind, day, rate, source from finance.exchange_rate_before
        where tenant_id = ${context.tenantId} and at <= ${knownAt} and until_at > ${knownAt})`
    : sql`finance.exchange_rate`;

/** The same for one document. Refuses `rateMissing`, `rateStale` and `rateUnfit` in words of its own. */
export async function exchangeFor(
  context: ReadContext,
  book: { readonly id: Id; readonly currency: string },
  document: DocumentMoney,
): Promise<Exchange | undefined> {
  const rates = await documentRates(context, book, document.rate === undefined ? [document] : []);
  const found = exchangeOf(document, book.currency, rates);
  if (found && "code" in found) throw new Refusal(found.code, word(rateRefusals[found.code], found.facts), found.facts, found.path);
  return found;
}
