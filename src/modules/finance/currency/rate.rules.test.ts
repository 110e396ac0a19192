// Which rate holds. Turned and crossed rates are computed by hand from the reference rates of the European Central Bank of 2026-01-02
// style.
import { describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { type KnownRate, rateFrom } from "./rate.rules.ts";

const told = (base: string, currency: string, on: string, rate: string, kind: KnownRate["kind"] = "spot"): KnownRate => ({
  base,
  currency,
  kind,
  day: day(on),
  rate,
  source: "ECB",
});
const ecb = [
  told("EUR", "USD", "2026-03-31", "1.0815"),
  told("EUR", "GBP", "2026-03-31", "0.8357"),
  told("EUR", "USD", "2026-03-30", "1.08"),
];
const ask = (from: string, to: string, on: string, kind?: KnownRate["kind"], known = ecb, maxDays = 7) =>
  rateFrom(known, { from, to, day: day(on), kind }, maxDays);

describe("a rate is found", () => {
  test.each([
    ["as told", "EUR", "USD", "2026-03-31", { rate: "1.0815", day: "2026-03-31", way: "direct" }],
    ["of the day before a Sunday", "EUR", "USD", "2026-04-05", { rate: "1.0815", day: "2026-03-31", way: "direct" }],
    ["of its own day, not a later one", "EUR", "USD", "2026-03-30", { rate: "1.08", day: "2026-03-30" }],
    // 1 / 1.0815
    ["turned round", "USD", "EUR", "2026-03-31", { rate: "0.924641701341", way: "inverse" }],
    // 0.8357 / 1.0815
    ["through the euro", "USD", "GBP", "2026-03-31", { rate: "0.772723069810", way: "cross" }],
    ["of a currency in itself", "EUR", "EUR", "2026-01-01", { rate: "1", way: "same" }],
  ])("%s", (_, from, to, on, expected) => {
    const found = ask(from, to, on);
    const { rate, ...rest } = expected;
    expect(found).toMatchObject(rest);
    expect("rate" in found && Number(found.rate).toFixed(12)).toBe(Number(rate).toFixed(12));
  });

  test("a closing rate before the day's own, the day's own where none was told", () => {
    const closing = [...ecb, told("EUR", "USD", "2026-03-31", "1.09", "closing")];
    expect(ask("EUR", "USD", "2026-03-31", "closing", closing)).toMatchObject({ rate: "1.09" });
    expect(ask("EUR", "USD", "2026-03-31", "spot", closing)).toMatchObject({ rate: "1.0815" });
    expect(ask("EUR", "GBP", "2026-03-31", "closing", closing)).toMatchObject({ rate: "0.8357" });
  });
});

test.each([
  ["there is none", "EUR", "JPY", "2026-03-31", undefined, { code: "rateMissing" }],
  ["there is none yet", "EUR", "USD", "2026-03-29", undefined, { code: "rateMissing" }],
  ["an average was not told", "EUR", "USD", "2026-03-31", "average" as const, { code: "rateMissing" }],
  ["it is eight days old", "EUR", "USD", "2026-04-08", undefined, { code: "rateStale", facts: { latest: "2026-03-31", days: "7" } }],
  ["the older half of a cross is too old", "USD", "GBP", "2026-04-08", undefined, { code: "rateStale" }],
])("no rate: %s", (_, from, to, on, kind, expected) => {
  expect(ask(from, to, on, kind)).toMatchObject(expected);
});
