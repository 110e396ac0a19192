// What may be posted, as a table of drafts against a small set of books.
import { describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { checkEntry, isPostingNo, type JournalEntryDraft, type KnownAccount, mirrored, type PostingGround } from "./entry.rules.ts";

const account = (code: string, more: Partial<KnownAccount> = {}): KnownAccount => ({
  id: code as Id,
  code,
  name: `Account ${code}`,
  isGroup: false,
  control: null,
  retiredFrom: null,
  roles: [],
  ...more,
});

const ground: PostingGround = {
  currency: "EUR",
  personId: "ada" as Id,
  journals: [
    { id: "gen" as Id, code: "GEN", area: "ledger" },
    { id: "sal" as Id, code: "SAL", area: "sales" },
    { id: "cls" as Id, code: "CLS", area: "ledger" },
  ],
  locks: [
    {
      id: "lock" as Id,
      periodId: "p12" as Id,
      area: "sales",
      openFrom: "2027-01-01",
      exceptions: [{ id: "x" as Id, personId: "ada" as Id }],
    },
  ],
  periods: [
    { id: "p10" as Id, code: "2026-10", state: "closed", lockedAreas: [], fromDay: day("2026-10-01"), untilDay: day("2026-10-31") },
    { id: "p11" as Id, code: "2026-11", state: "open", lockedAreas: [], fromDay: day("2026-11-01"), untilDay: day("2026-11-30") },
    { id: "p12" as Id, code: "2026-12", state: "open", lockedAreas: ["sales"], fromDay: day("2026-12-01"), untilDay: day("2026-12-31") },
  ],
  accounts: [
    account("1"),
    account("2", { roles: ["sales"] }),
    account("3", { isGroup: true }),
    account("4", { control: "receivable" }),
    account("5", { retiredFrom: day("2026-11-15") }),
  ],
  parties: new Set(["party"]),
  units: new Set(["unit"]),
  dimensionValues: [
    { id: "v2" as Id, dimensionId: "d1" as Id, dimension: "project", code: "P-2", retiredFrom: null },
    { id: "v1" as Id, dimensionId: "d1" as Id, dimension: "project", code: "P-1", retiredFrom: null },
    { id: "v0" as Id, dimensionId: "d2" as Id, dimension: "product", code: "old", retiredFrom: day("2026-11-01") },
    { id: "u9" as Id, dimensionId: "d2" as Id, dimension: "product", code: "new", retiredFrom: null },
  ],
};

const eur = (amount: string): Money => Money.parse(amount, "EUR");
const draft = (more: Partial<JournalEntryDraft> = {}): JournalEntryDraft => ({
  journal: "GEN",
  day: day("2026-11-10"),
  text: "A test",
  lines: [
    { account: "1", amount: eur("10.00") },
    { account: { role: "sales" }, amount: eur("-10.00") },
  ],
  ...more,
});
const withLine = (line: Partial<JournalEntryDraft["lines"][number]>): JournalEntryDraft =>
  draft({
    lines: [
      { account: "1", amount: eur("10.00"), ...line },
      { account: "2", amount: eur("-10.00") },
    ],
  });

test("a balanced entry in an open period is fit, its total is the sum of its debits", () => {
  const checked = checkEntry(draft(), ground);
  expect(checked).toMatchObject({ journalId: "gen", periodId: "p11", total: eur("10.00") });
});

test("values are named by code or identifier and kept in one order", () => {
  const valuesOf = (dimensions: JournalEntryDraft["lines"][number]["dimensions"]) => {
    const checked = checkEntry(withLine({ dimensions }), ground);
    return isPostingNo(checked) ? checked.code : checked.lines[0]!.values.map((value) => value.id);
  };
  expect(valuesOf({ project: "P-1", product: "new" })).toEqual(["u9", "v1"]);
  expect(valuesOf({ product: "new", project: "P-1" })).toEqual(["u9", "v1"]);
  expect(valuesOf(["v1" as Id, "u9" as Id])).toEqual(["u9", "v1"]);
  expect(valuesOf({})).toEqual([]);
});

describe("refused", () => {
  test.each<[string, JournalEntryDraft, string]>([
    ["an unknown journal", draft({ journal: "XXX" }), "journalUnknown"],
    ["the journal of closings", draft({ journal: "CLS" }), "journalKept"],
    ["the journal of closings, of another document", draft({ journal: "CLS", document: { subject: "x.y", id: "z" as Id } }), "journalKept"],
    ["a day before the books", draft({ day: day("2025-01-01") }), "periodMissing"],
    ["the last day of a closed period", draft({ day: day("2026-10-31") }), "periodClosed"],
    [
      "a locked area without an exception",
      draft({ journal: "SAL", day: day("2026-12-05"), author: { personId: null, name: "Bo" } }),
      "areaLocked",
    ],
    ["an unknown value of a dimension", withLine({ dimensions: { project: "P-9" } }), "dimensionUnknown"],
    ["a value of another dimension", withLine({ dimensions: { product: "P-1" } }), "dimensionUnknown"],
    ["a retired value", withLine({ dimensions: { product: "old" } }), "dimensionUnknown"],
    ["two values of one dimension", withLine({ dimensions: ["v1" as Id, "v2" as Id] }), "dimensionTwice"],
    ["a foreign amount on the other side", withLine({ foreign: Money.parse("-11", "USD") }), "foreignUnfit"],
    ["a foreign amount in the books' own currency", withLine({ foreign: eur("11") }), "foreignUnfit"],
    ["a single line", draft({ lines: [{ account: "1", amount: eur("10.00") }] }), "linesTooFew"],
    ["nothing left in the books' currency", draft({ lines: [] }), "nothingInBooks"],
    ["an unknown account", withLine({ account: "99" }), "accountUnknown"],
    ["an unknown identifier", withLine({ account: { id: "99" as Id } }), "accountUnknown"],
    ["a job nobody does", withLine({ account: { role: "bank" } }), "roleUnassigned"],
    ["a group", withLine({ account: "3" }), "accountIsGroup"],
    [
      "an account retired on the day",
      draft({
        day: day("2026-11-15"),
        lines: [
          { account: "5", amount: eur("1") },
          { account: "2", amount: eur("-1") },
        ],
      }),
      "accountRetired",
    ],
    ["a control account without party", withLine({ account: "4" }), "partyMissing"],
    ["an unknown party", withLine({ partyId: "nobody" as Id }), "partyUnknown"],
    ["an unknown cost centre", withLine({ unitId: "nowhere" as Id }), "unitUnknown"],
    ["a line of nothing", withLine({ amount: eur("0") }), "amountZero"],
    ["another currency", withLine({ amount: Money.parse("10.00", "USD") }), "currencyDiffers"],
    ["a cent too much", withLine({ amount: eur("10.01") }), "entryUnbalanced"],
  ])("%s", (_, refused, code) => {
    const result = checkEntry(refused, ground);
    expect(isPostingNo(result) && result.code).toBe(code);
  });
});

test.each<[string, JournalEntryDraft]>([
  ["a control account with its party", withLine({ account: "4", partyId: "party" as Id })],
  ["an account on the day before it is retired", withLine({ account: "5" })],
  ["the first day of a period", draft({ day: day("2026-11-01") })],
  ["another area than the locked one", draft({ day: day("2026-12-05") })],
  ["the closing of a year in its journal", draft({ journal: "CLS", document: { subject: "finance.fiscalYear", id: "y" as Id } })],
  ["the mirror of what was posted there", draft({ journal: "CLS", reversesId: "e" as Id })],
  ["a locked area with an exception", draft({ journal: "SAL", day: day("2026-12-05") })],
])("allowed: %s", (_, allowed) => {
  expect(isPostingNo(checkEntry(allowed, ground))).toBe(false);
});

test("the mirror of an entry exchanges the sides and keeps the rest", () => {
  const [first, second] = mirrored(withLine({ unitId: "unit" as Id }).lines);
  expect(first).toMatchObject({ account: "1", unitId: "unit", amount: eur("-10.00") });
  expect(second!.amount).toEqual(eur("10.00"));
});
