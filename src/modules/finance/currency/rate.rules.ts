// Which exchange rate holds: the latest told on or before the day, as told, turned round, or through a currency both are told in.
import { type Decimal, decimal } from "../../../kernel/decimal.ts";
import type { Day } from "../../../kernel/day.ts";
import { daysBetween } from "../../../kernel/day.ts";

export const rateKinds = ["spot", "average", "closing"] as const;
export type RateKind = (typeof rateKinds)[number];

/** One unit of `base` is worth `rate` units of `currency`. */
export interface KnownRate {
  readonly base: string;
  readonly currency: string;
  readonly kind: RateKind;
  readonly day: Day;
  readonly rate: string;
  readonly source: string;
}

export interface RateQuestion {
  /** One unit of it … */
  readonly from: string;
  /** … is worth how many of these. */
  readonly to: string;
  readonly day: Day;
  readonly kind?: RateKind;
}

export interface FoundRate {
  /** Rounded to twelve decimals; what a document keeps and is counted with. */
  readonly rate: string;
  readonly day: Day;
  readonly source: string;
  readonly way: "same" | "direct" | "inverse" | "cross";
}

export interface RateNo {
  readonly code: "rateMissing" | "rateStale" | "rateUnfit";
  readonly facts: Readonly<Record<string, string>>;
  readonly path?: readonly string[];
}

export const rateDecimals = 12;

/** @throws nothing; a no says whether there is no rate at all, or none young enough. */
export function rateFrom(known: readonly KnownRate[], asked: RateQuestion, maxDays: number): FoundRate | RateNo {
  const { from, to, day, kind = "spot" } = asked;
  if (from === to) return { rate: "1", day, source: "", way: "same" };
  const fits = known.filter((one) => one.day <= day && isOfKind(one, kind));
  const found = best(fits, from, to);
  const facts = { from, to, day, kind };
  if (!found) return { code: "rateMissing", facts };
  if (daysBetween(found.day, day) > maxDays) return { code: "rateStale", facts: { ...facts, latest: found.day, days: String(maxDays) } };
  return found;
}

/** Where no closing rate was told, the day's own rate closes it. */
const isOfKind = (one: KnownRate, kind: RateKind): boolean => one.kind === kind || (kind === "closing" && one.kind === "spot");

/** The younger wins; of the same day the one told, then the one turned round, then the one through a third currency. */
function best(known: readonly KnownRate[], from: string, to: string): FoundRate | undefined {
  const direct = leg(known, from, to);
  const thirds = new Set(known.flatMap((one) => [one.base, one.currency]).filter((code) => code !== from && code !== to));
  const crossed = [...thirds].toSorted().flatMap((third) => cross(leg(known, from, third), leg(known, third, to)));
  return [...(direct ? [direct] : []), ...crossed]
    .toSorted((a, b) => (a.day === b.day ? 0 : a.day < b.day ? 1 : -1))
    .map((one) => ({ ...one, rate: one.exact.toDecimalPlaces(rateDecimals).toFixed() }))
    .map(({ rate, day, source, way }) => ({ rate, day, source, way }))[0];
}

interface Leg {
  readonly exact: Decimal;
  readonly day: Day;
  readonly source: string;
  readonly way: FoundRate["way"];
}

function leg(known: readonly KnownRate[], from: string, to: string): Leg | undefined {
  const legs = known.flatMap((one): (Leg & { isClosing: boolean })[] => {
    const common = { day: one.day, source: one.source, isClosing: one.kind === "closing" };
    if (one.base === from && one.currency === to) return [{ ...common, exact: decimal(one.rate), way: "direct" }];
    if (one.base === to && one.currency === from) return [{ ...common, exact: decimal("1").dividedBy(one.rate), way: "inverse" }];
    return [];
  });
  const order = (one: Leg & { isClosing: boolean }): string => `${one.day}${Number(one.isClosing)}${Number(one.way === "direct")}`;
  return legs.toSorted((a, b) => (order(a) < order(b) ? 1 : -1))[0];
}

/** Both legs on one day count as that day, else the older day tells the age. */
const cross = (first: Leg | undefined, second: Leg | undefined): Leg[] =>
  first && second
    ? [{ exact: first.exact.times(second.exact), day: first.day < second.day ? first.day : second.day, source: first.source, way: "cross" }]
    : [];
