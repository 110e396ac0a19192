// The days of a departure, and the contradictions among them.
import { expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import { contradiction, leavingDays } from "./leaving.rules.ts";

const days = (notice: Record<string, string | number>) => leavingDays({ receivedOn: "2026-11-02", noticeDays: 28, ...notice } as never);

test.each([
  [{}, "2026-11-30", "2026-11-30", "2026-11-30", "2026-11-30"],
  [{ noticeDays: 0 }, "2026-11-02", "2026-11-02", "2026-11-02", "2026-11-30"],
  [{ lastWorkingDay: "2026-11-10" }, "2026-11-10", "2026-11-30", "2026-11-10", "2026-11-30"],
  [{ lastDay: "2026-12-15", accessCutOff: "2026-12-01" }, "2026-12-15", "2026-12-15", "2026-12-01", "2026-12-31"],
  [{ finalPayDay: "2026-12-05" }, "2026-11-30", "2026-11-30", "2026-11-30", "2026-12-05"],
])("%o: works until %s, employed until %s, access until %s, paid on %s", (notice, lastWorkingDay, lastDay, accessCutOff, finalPayDay) => {
  expect(days(notice)).toEqual({ lastWorkingDay, lastDay, accessCutOff, finalPayDay });
});

test.each([
  [{ lastDay: "2026-01-31" }, "2026-02-01", "endBeforeStart"],
  [{ lastDay: "2026-11-01" }, "2026-01-01", "endBeforeNotice"],
  [{ lastWorkingDay: "2026-12-01" }, "2026-01-01", "workAfterEnd"],
  [{ lastDay: "2027-01-01" }, "2026-01-01", "endAfterTerm"],
  [{}, "2026-01-01", undefined],
])("%o of someone who began on %s: %s", (notice, firstDay, expected) => {
  expect(contradiction(days(notice), { firstDay: day(firstDay), termEnd: day("2026-12-31"), receivedOn: day("2026-11-02") })).toBe(
    expected,
  );
});
