// What a distance is worth: by the rates of its day, and by which units of the year it counts as.
import { type Day, yearOf } from "../../../kernel/day.ts";
import { decimal, Decimal as Exact } from "../../../kernel/decimal.ts";
import type { Id } from "../../../kernel/id.ts";
import { moneyOf, type WorkedOut } from "./expense.rules.ts";

export interface MileageRate {
  readonly vehicle: string;
  readonly fromDay: Day;
  /** It holds for what goes above so many units in the year. */
  readonly above: string;
  readonly perUnit: string;
  readonly unit: string;
  /** `01-01`, `04-06`: when the count of the year begins anew. */
  readonly yearBegins: string;
}

/** Units of a year: from 0 until 100 are the first hundred. */
export interface Stretch {
  readonly from: string;
  readonly until: string;
}

export interface Distance {
  readonly id: Id;
  readonly vehicle: string;
  readonly day: Day;
  readonly distance: string;
  /** What it counts as, the lowest first; nothing when it is entered now. */
  readonly counted: readonly Stretch[];
  /** On a claim that is not sent: it is counted anew. */
  readonly isOpen: boolean;
}

export interface Counted extends WorkedOut {
  readonly id: Id;
  readonly counted: readonly Stretch[];
}

/** The first day of the year that a distance on the day counts in. */
export function yearBegan(day: Day, yearBegins: string): Day {
  const ownYear = `${day.slice(0, 4)}-${yearBegins}` as Day;
  return ownYear <= day ? ownYear : (`${String(yearOf(day) - 1).padStart(4, "0")}-${yearBegins}` as Day);
}

/** The bands in force on a day: those of the latest day that is not after it, the lowest first. */
export function bandsOn(rates: readonly MileageRate[], day: Day): MileageRate[] {
  const since = rates.reduce<Day | undefined>(
    (last, rate) => (rate.fromDay <= day && (!last || rate.fromDay > last) ? rate.fromDay : last),
    undefined,
  );
  return rates.filter((rate) => rate.fromDay === since).toSorted((a, b) => decimal(a.above).comparedTo(b.above));
}

/** What these units of a year are worth; undefined when no rate is in force for all of them. */
export function mileageAmount(bands: readonly MileageRate[], counted: readonly Stretch[], currency: string): WorkedOut | undefined {
  const [lowest] = bands;
  if (!lowest || counted.some(({ from }) => decimal(lowest.above).gt(from))) return undefined;
  const parts = bands.flatMap((band, index) => {
    const next = bands[index + 1];
    const units = counted.reduce((sum, { from, until }) => {
      const within = (next ? Exact.min(until, next.above) : decimal(until)).minus(Exact.max(from, band.above));
      return within.gt(0) ? sum.plus(within) : sum;
    }, decimal("0"));
    return units.gt(0) ? [{ units, band }] : [];
  });
  const sum = parts.reduce((total, { units, band }) => total.plus(units.times(band.perUnit)), decimal("0"));
  const says = parts.map(({ units, band }) => `${units.toString()} ${band.unit} × ${band.perUnit}`).join(" + ");
  return { amount: moneyOf(sum, currency), says };
}

/** The lowest units of a year that nothing counts as yet. */
export function lowestFree(distance: string, taken: readonly Stretch[]): Stretch[] {
  const free: Stretch[] = [];
  let left = decimal(distance);
  let at = decimal("0");
  const take = (room: Exact): void => {
    const units = Exact.min(left, room);
    if (units.lte(0)) return;
    free.push({ from: at.toString(), until: at.plus(units).toString() });
    left = left.minus(units);
  };
  for (const { from, until } of taken.toSorted(lowestFirst)) {
    take(decimal(from).minus(at));
    at = Exact.max(at, until);
  }
  take(left);
  return free;
}

const lowestFirst = (a: Stretch, b: Stretch): number => decimal(a.from).comparedTo(b.from);

/**
 * What distances that were not sent yet are worth, in the order in which they count already: each takes the lowest units of its year that
 * are free. What was sent keeps its own. A distance without a rate is left out.
 */
export function countAnew(distances: readonly Distance[], rates: readonly MileageRate[], currency: string): Counted[] {
  const settled = distances.filter((one) => !one.isOpen);
  const open = distances.filter((one) => one.isOpen);
  const inPlace = open.filter((one) => one.counted.length > 0).toSorted((a, b) => lowestFirst(a.counted[0]!, b.counted[0]!));
  const worths: Counted[] = [];
  for (const one of [...inPlace, ...open.filter(({ counted }) => counted.length === 0)]) {
    const ofVehicle = rates.filter((rate) => rate.vehicle === one.vehicle);
    const bands = bandsOn(ofVehicle, one.day);
    const yearOfDay = (day: Day): Day => yearBegan(day, bands[0]?.yearBegins ?? "01-01");
    const beside = settled.filter((other) => other.vehicle === one.vehicle && yearOfDay(other.day) === yearOfDay(one.day));
    const counted = lowestFree(
      one.distance,
      beside.flatMap((other) => other.counted),
    );
    const worth = mileageAmount(bands, counted, currency);
    if (worth) worths.push({ id: one.id, counted, ...worth });
    settled.push(worth ? { ...one, counted } : one);
  }
  return worths;
}
