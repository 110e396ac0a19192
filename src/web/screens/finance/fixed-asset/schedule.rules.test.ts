// A schedule gathered by year, with exact sums.
import { expect, test } from "vitest";
import { byYear, emptyBecause, type ScheduleLine, stepsOf } from "./schedule.rules.ts";

const eur = (amount: string) => ({ amount, currency: "EUR" });
const line = (untilDay: string, amount: string, bookValue: string, state: "planned" | "posted" = "planned"): ScheduleLine => ({
  fromDay: untilDay,
  untilDay,
  kind: "depreciation",
  state,
  entryId: null,
  entry: null,
  amount: eur(amount),
  bookValue: eur(bookValue),
});
const lines = [line("2026-11-30", "0.10", "99.90", "posted"), line("2026-12-31", "0.20", "99.70"), line("2027-01-31", "99.70", "0.00")];

test("each year has the sum of its lines, and the value after the last of them", () => {
  expect(byYear(lines, "EUR")).toMatchObject([
    { year: "2026", amount: eur("0.30"), bookValue: eur("99.70"), booked: 1, lines: 2 },
    { year: "2027", amount: eur("99.70"), bookValue: eur("0.00"), booked: 0, lines: 1 },
  ]);
});

test("steps go down from the cost to what is left", () => {
  const steps = stepsOf([line("2026-12-31", "50.00", "50.00", "posted"), line("2027-12-31", "50.00", "0.00")], eur("100.00"));
  expect(steps).toEqual([
    { left: 0, width: 50, height: 50, isBooked: true },
    { left: 50, width: 50, height: 0, isBooked: false },
  ]);
});

test("only an asset whose lines are entered waits for them", () => {
  const because = (method: string, disposedOn: string | null = null) => emptyBecause({ method, disposedOn });
  expect([because("units"), because("manual"), because("straightLine")]).toEqual(["entered", "entered", "lost"]);
  expect([because("units", "2026-11-20"), because("straightLine", "2026-11-20")]).toEqual(["disposed", "disposed"]);
});
