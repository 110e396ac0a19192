// The ledger on a real database: setting up, posting, closing, reversing, and what the database itself refuses.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "../../../platform/operation/context.ts";
import { compose } from "../../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { directory } from "../../directory/index.ts";
import { finance } from "../module.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { postJournalEntry } from "./entry.operations.ts";
import { createSetup } from "./setup.operations.ts";

let house: TestHouse;
let chief: Actor;
let ids: Map<string, string>;

beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, finance]) });
  chief = await house.person("Carla Chief", "finance.manager");
  await expect(house.run(getTrialBalance, {}, chief)).rejects.toMatchObject({ code: "booksMissing" });
  await house.run(createSetup, { currency: "EUR", fiscalYearStart: "2026-01-01", chart: "small-company" }, chief);
  const accounts = (await house.call("finance.account.list", { limit: 500 }, chief)) as { rows: { id: string; code: string }[] };
  ids = new Map(accounts.rows.map((row) => [row.code, row.id]));
});
afterAll(() => house.close());

const eur = (amount: string) => ({ amount, currency: "EUR" });
const entry = (day: string, debit: string, credit: string, amount: string) => ({
  day,
  text: "A test",
  lines: [
    { accountId: ids.get(debit), debit: eur(amount) },
    { accountId: ids.get(credit), credit: eur(amount) },
  ],
});

describe("posting", () => {
  test("an entry gets the next number of its journal and stands in the trial balance", async () => {
    const first = await house.run(postJournalEntry, entry("2026-03-05", "1120", "3110", "25000.00"), chief);
    expect(first.number).toBe("GEN-2026-00001");
    const trial = await house.run(getTrialBalance, { asOf: "2026-03-31" }, chief);
    expect(trial.rows.map((row) => [row.code, row.closing.amount])).toEqual([["1120", "25000.00"], ["3110", "-25000.00"]]);
    expect(trial.totals.closing.minor).toBe(0n);
    const before = await house.run(getTrialBalance, { asOf: "2026-03-04" }, chief);
    expect(before.rows).toEqual([]);
    const midMonth = await house.run(getTrialBalance, { asOf: "2026-03-05" }, chief);
    expect(midMonth.rows).toHaveLength(2);
  });
});
