// Payment terms as an e-invoice tells them (BT-20): instalments in words; discounts for paying early in words too, or between two parties
// in Germany in the signs their standard asks for (BR-DE-18), which are read back wherever they come from.
import { addDays, type Day, daysBetween } from "../../../kernel/day.ts";
import { decimal } from "../../../kernel/decimal.ts";
import type { Money } from "../../../kernel/money.ts";

export interface InstalmentFacts {
  readonly dueDay: Day;
  readonly amount: Money;
  readonly discounts: readonly { readonly untilDay: Day; readonly amount: Money }[];
}

interface TermFacts {
  readonly day: Day;
  readonly instalments: readonly InstalmentFacts[];
  readonly isGerman: boolean;
}

/** Nothing where the day it is due (BT-9) tells all. */
export function termsText({ day, instalments, isGerman }: TermFacts): string | undefined {
  const parts = instalments.map((one) => `${one.amount.toString()} by ${one.dueDay}`);
  const said = parts.length > 1 ? [`Payable in ${parts.length} instalments: ${parts.join(", ")}.`] : [];
  const offers = instalments.flatMap((one) => one.discounts.map((offer) => ({ ...offer, of: one.amount })));
  if (!isGerman || offers.length === 0) {
    const words = offers.map((offer) => `${offer.amount.toString()} off ${offer.of.toString()} when it is paid by ${offer.untilDay}.`);
    return [...said, ...words].join("\n") || undefined;
  }
  const signs = offers.map(({ untilDay, amount, of }) => {
    const base = parts.length > 1 ? `#BASISBETRAG=${of.amount}` : "";
    return `#SKONTO#TAGE=${daysBetween(day, untilDay)}#PROZENT=${percentOf(amount, of)}${base}#`;
  });
  return [...said, ...signs, ""].join("\n");
}

/** The roundest percentage that comes to this amount; it is told with two decimals. */
function percentOf(amount: Money, of: Money): string {
  const exact = decimal(amount.amount).dividedBy(decimal(of.amount)).times(100);
  const fits = [0, 1]
    .map((decimals) => exact.toDecimalPlaces(decimals))
    .find((one) => of.times(one.dividedBy(100), "halfUp").minor === amount.minor);
  return (fits ?? exact).toFixed(2);
}

const discountSigns = /^#SKONTO#TAGE=(\d{1,3})#PROZENT=(\d{1,2}\.\d{2})(?:#BASISBETRAG=-?\d+\.\d{2})?#$/;

export interface ToldDiscount {
  readonly untilDay: Day;
  readonly percent: string;
}

/** The discounts that the terms of a received document tell in signs, the earliest first; one of nothing per cent is only a day. */
export function discountsIn(terms: string | undefined, day: Day): ToldDiscount[] {
  return (terms ?? "")
    .split(/\r?\n/)
    .flatMap((line) => {
      const [, days, percent] = discountSigns.exec(line.trim()) ?? [];
      return days !== undefined && percent !== "0.00"
        ? [{ untilDay: addDays(day, Number(days)), percent: decimal(percent!).toString() }]
        : [];
    })
    .toSorted((one, other) => (one.untilDay < other.untilDay ? -1 : 1));
}
