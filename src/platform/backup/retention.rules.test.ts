// Which backups go and which stay, day by day and week by week.
import { expect, test } from "vitest";
import { outlived } from "./retention.rules.ts";

const at = (day: string, time = "02:30:00"): { folder: string; at: string } => ({ folder: `${day} ${time}`, at: `${day}T${time}.000Z` });
const nights = (first: string, count: number) =>
  Array.from({ length: count }, (_, index) =>
    at(new Date(Date.parse(`${first}T00:00:00Z`) + index * 86_400_000).toISOString().slice(0, 10)),
  );

test("seven days and four weeks of forty nights", () => {
  // 2026-11-22 is a Sunday, the last day of its week: the newest of its week is itself, and of each week before the Sunday.
  const all = nights("2026-10-14", 40);
  const gone = new Set(outlived(all, { days: 7, weeks: 4 }));
  const stays = all.filter(({ folder }) => !gone.has(folder)).map(({ at: moment }) => moment.slice(0, 10));
  expect(stays).toEqual([
    "2026-11-01",
    "2026-11-08",
    "2026-11-15",
    "2026-11-16",
    "2026-11-17",
    "2026-11-18",
    "2026-11-19",
    "2026-11-20",
    "2026-11-21",
    "2026-11-22",
  ]);
});

test("the newest of a day, when there are several", () => {
  const all = [at("2026-11-21", "02:30:00"), at("2026-11-21", "14:00:00"), at("2026-11-22", "02:30:00")];
  expect(outlived(all, { days: 7, weeks: 0 })).toEqual(["2026-11-21 02:30:00"]);
});

test("days on which none was made do not count", () => {
  const all = [at("2026-08-03"), at("2026-09-12"), at("2026-11-22")];
  expect(outlived(all, { days: 2, weeks: 0 })).toEqual(["2026-08-03 02:30:00"]);
});

test("the newest stays whatever is asked", () => {
  expect(outlived([at("2020-01-01")], { days: 1, weeks: 0 })).toEqual([]);
});
