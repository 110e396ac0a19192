// What was seen and how it is judged.
import { expect, test } from "vitest";
import {
  ageText,
  backupFinding,
  databaseFinding,
  diskFinding,
  jobsFinding,
  lawsFinding,
  mailFinding,
  pauseMilliseconds,
  scannerFinding,
  schedulesFinding,
  sizeText,
  trailFinding,
  worst,
} from "./status.rules.ts";

const hours = 3_600_000;
const now = new Date("2026-11-21T09:00:00Z");
const ago = (n: number): Date => new Date(now.getTime() - n * hours);

test.each([
  [0, "a moment"],
  [0.5, "30 minutes"],
  [5, "5 hours"],
  [72.9, "3 days"],
])("%d hours are %s", (n, words) => expect(ageText(n * hours)).toBe(words));

test.each([
  [512, "512 bytes"],
  [1536, "1.5 kB"],
  [52_428_800, "50 MB"],
  [3_221_225_472, "3.0 GB"],
])("%d bytes are %s", (bytes, words) => expect(sizeText(bytes)).toBe(words));

const noJobs = { waiting: 0, failing: 0, failed: 0, overdueMilliseconds: 0, failure: undefined, untold: 0 };
const failure = { task: "office.chase", words: "no connection" };

test.each([
  [noJobs, "well", "No job waits."],
  [{ ...noJobs, waiting: 2 }, "well", "2 jobs wait for the right time."],
  [{ ...noJobs, failing: 1, failure }, "look", "1 job failed and will be tried again. Last: office.chase: no connection"],
  [{ ...noJobs, failing: 1, failed: 2, failure }, "broken", "2 jobs failed for good. Last: office.chase: no connection"],
  [{ ...noJobs, untold: 1 }, "broken", "1 event reached nobody."],
  [{ ...noJobs, waiting: 3, overdueMilliseconds: 2 * hours }, "broken", "3 jobs wait, the oldest for 2 hours beyond its time"],
])("jobs %#", (seen, state, says) => expect(jobsFinding(seen)).toMatchObject({ state, says: expect.stringContaining(says) }));

test.each([
  ["* * * * *", 0.25],
  ["*/5 * * * *", 0.25],
  ["20 2 * * *", 24],
  ["0 6 * * 1", 168],
  ["0 6 1 * *", 744],
  ["0 0 1 1 *", 8784],
])("%s comes round at the latest after %d hours", (cron, pause) => expect(pauseMilliseconds(cron)).toBe(pause * hours));

test.each([
  [[], "look", "No schedule has run yet."],
  [[["20 2 * * *", 30]], "well", "1 schedule ran in time, the last 30 hours ago."],
  [
    [
      ["20 2 * * *", 49],
      ["* * * * *", 0],
    ],
    "broken",
    "1 of 2 schedules are late, first: Sweeps",
  ],
  [[["* * * * *", 0.6]], "broken", "1 of 1 schedules are late"],
] as const)("schedules %#", (seen, state, says) => {
  const schedules = seen.map(([cron, at]) => ({ says: "Sweeps", cron, at: ago(at) }));
  expect(schedulesFinding(schedules, now)).toMatchObject({ state, says: expect.stringContaining(says) });
});

const allSent = { isSent: true, waiting: 0, failed: 0, unsure: 0, oldestMilliseconds: 0, failure: null };

test.each([
  [allSent, "well"],
  [{ ...allSent, waiting: 4, oldestMilliseconds: 0.5 * hours }, "well"],
  [{ ...allSent, waiting: 4, oldestMilliseconds: 1.5 * hours }, "broken"],
  [{ ...allSent, isSent: false, waiting: 4, oldestMilliseconds: 1.5 * hours }, "look"],
  [{ ...allSent, unsure: 1 }, "look"],
  [{ ...allSent, failed: 1, failure: "550 unknown" }, "broken"],
])("mail %#", (seen, state) => expect(mailFinding(seen).state).toBe(state));

const good = { made: { at: ago(3), isVerified: true }, failed: undefined, isLogFailing: false, isDemo: false };

test.each([
  [good, "well"],
  [{ ...good, made: undefined }, "broken"],
  [{ ...good, made: undefined, isDemo: true }, "look"],
  [{ ...good, made: { at: ago(3), isVerified: false } }, "look"],
  [{ ...good, made: { at: ago(30), isVerified: true } }, "look"],
  [{ ...good, made: { at: ago(200), isVerified: true } }, "broken"],
  [{ ...good, isLogFailing: true }, "look"],
  [{ ...good, failed: { failure: "no room" } }, "broken"],
])("backup %#", (seen, state) => {
  const found = backupFinding(seen, now);
  expect(found.state).toBe(state);
  // Whatever is not well says what to do.
  expect(found.next === null).toBe(state === "well");
});

const gigabyte = 1024 ** 3;

test.each([
  [undefined, "well"],
  [{ free: 50 * gigabyte, total: 100 * gigabyte }, "well"],
  [{ free: 10 * gigabyte, total: 100 * gigabyte }, "look"],
  [{ free: 4 * gigabyte, total: 100 * gigabyte }, "broken"],
  [{ free: 0.9 * gigabyte, total: 2 * gigabyte }, "broken"],
])("disk %#", (disk, state) => expect(diskFinding(disk).state).toBe(state));

test("the database says how it grows, and when the disk will be full at that rate", () => {
  const seen = { bytes: 4 * gigabyte, earlier: { bytes: gigabyte, days: 30 } };
  expect(databaseFinding(seen, { free: 50 * gigabyte, total: 100 * gigabyte })).toMatchObject({
    state: "well",
    says: "The database takes 4.0 GB; in 30 days it grew by 3.0 GB.",
  });
  expect(databaseFinding(seen, { free: 5 * gigabyte, total: 100 * gigabyte })).toMatchObject({
    state: "look",
    says: expect.stringContaining("full in 50 days"),
  });
  expect(databaseFinding({ ...seen, earlier: undefined }, undefined).state).toBe("well");
});

test.each([
  [undefined, "well"],
  [ago(0.1), "well"],
  [ago(2), "look"],
  [ago(25), "broken"],
])("trail %#", (oldestUnsealedAt, state) =>
  expect(trailFinding({ blocks: 3, sealedAt: ago(30), unsealed: 2, oldestUnsealedAt }, now).state).toBe(state),
);

const held = { laws: 90, broken: [], unasked: [], checkedAt: ago(5) };

test.each([
  [held, "well", "All 90 laws held when last checked, 5 hours ago."],
  [{ ...held, checkedAt: undefined }, "look", "have not been checked yet"],
  [{ ...held, checkedAt: ago(60) }, "look", "2 days ago"],
  [{ ...held, unasked: ["finance.balance"] }, "look", "could not be asked: finance.balance"],
  [{ ...held, broken: ["finance.balance"] }, "broken", "1 of 90 laws was broken when last checked, 5 hours ago: finance.balance."],
])("laws %#", (seen, state, says) => expect(lawsFinding(seen, now)).toMatchObject({ state, says: expect.stringContaining(says) }));

test.each([
  [undefined, "well", "No virus scanner is set"],
  [{ version: undefined, knownAt: undefined }, "broken", "no file is taken in"],
  [{ version: "ClamAV 1.4.3", knownAt: ago(30) }, "well", "what it knows is 30 hours old"],
  [{ version: "ClamAV 1.4.3", knownAt: undefined }, "well", "ClamAV 1.4.3 looks through every file"],
  [{ version: "ClamAV 1.4.3", knownAt: ago(9 * 24) }, "look", "9 days old"],
])("scanner %#", (seen, state, says) => expect(scannerFinding(seen, now)).toMatchObject({ state, says: expect.stringContaining(says) }));

test("the house is as well as its worst part", () => {
  expect(worst([])).toBe("well");
  expect(worst([{ state: "well" }, { state: "look" }])).toBe("look");
  expect(worst([{ state: "look" }, { state: "broken" }, { state: "well" }])).toBe("broken");
});
