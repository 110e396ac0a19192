// Rules as they are put together from choices. 2026-11-23 is the fourth Monday of November, 2026-11-30 the fifth and last.
import { expect, test } from "vitest";
import { type Rhythm, ruleOf } from "./rhythm.rules.ts";

const rhythm: Rhythm = { unit: "MONTHLY", every: 1, days: [], monthly: "sameDate" };

test.each([
  [{ unit: "DAILY", every: 2 }, "2026-11-23", "FREQ=DAILY;INTERVAL=2"],
  [{ unit: "WEEKLY", days: ["FR", "MO"] }, "2026-11-23", "FREQ=WEEKLY;BYDAY=MO,FR"],
  [{ unit: "WEEKLY" }, "2026-11-23", "FREQ=WEEKLY"],
  [{}, "2026-11-23", "FREQ=MONTHLY;BYMONTHDAY=23"],
  [{ every: 3 }, "2026-01-31", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"],
  [{}, "2026-01-29", "FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1"],
  [{ monthly: "lastDay" }, "2026-11-23", "FREQ=MONTHLY;BYMONTHDAY=-1"],
  [{ monthly: "sameWeekday" }, "2026-11-23", "FREQ=MONTHLY;BYDAY=4MO"],
  [{ monthly: "sameWeekday" }, "2026-11-30", "FREQ=MONTHLY;BYDAY=-1MO"],
  [{ unit: "YEARLY" }, "2026-11-23", "FREQ=YEARLY"],
] as [Partial<Rhythm>, string, string][])("%j from %s is %s", (chosen, day, rule) =>
  expect(ruleOf({ ...rhythm, ...chosen }, day)).toBe(rule),
);
