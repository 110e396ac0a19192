// Items in another currency on a real database: carried in the books' currency, settled in their own, the difference tied to the match.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import { allocateOpenItem, undoAllocation } from "../payments/payment.operations.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { createDimension, createDimensionValue, retireDimensionValue } from "./dimension.operations.ts";
import { postJournalEntry, reverseJournalEntry } from "./entry.operations.ts";
import { postEntries } from "./posting.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

/** An item of the supplier in dollars: what is owed below zero, what was paid above. */
const post = async (onDay: string, reference: string, dollars: string, euros: string): Promise<Id> => {
  const amount = Money.parse(euros, "EUR");
  const [entry] = await books.house.funnel.work(books.house.tenantId, (context) =>
    postEntries(context, [
      {
        journal: "GEN",
        day: day(onDay),
        text: reference,
        reference,
        lines: [
          { account: { role: "payable" }, amount, foreign: Money.parse(dollars, "USD"), partyId: books.supplierId },
          { account: amount.minor < 0n ? { role: "expense" } : { role: "bank" }, amount: amount.negated() },
        ],
      },
    ]),
  );
  return entry!.lineIds[0]!;
};
const closing = async (code: string): Promise<string> => {
  const trial = await books.house.run(getTrialBalance, { asOf: "2026-12-31" }, books.chief);
  return trial.rows.find((row) => row.code === code)?.closing.amount ?? "0.00";
};
const allocations = async () =>
  ((await books.house.call("finance.allocation.list", { sort: "id" }, books.chief)) as { rows: Record<string, unknown>[] }).rows;

describe("a bill of 388.00 USD", () => {
  // The rates of IAS 21's worked case in research/finance.md 5.8, in euro: booked at 94.39, paid at 94.125 for one unit of 100.
  let bill: Id;
  let paid: Id;
  beforeAll(async () => {
    bill = await post("2026-05-04", "US-1", "-388.00", "-366.23");
    paid = await post("2026-06-04", "WIRE-1", "388.00", "365.21");
  });

  test("is settled in dollars; what the payment cost less is a gain, and the control account ends at zero", async () => {
    const settled = await books.house.run(allocateOpenItem, { openItemId: paid, againstId: bill, day: "2026-06-04" }, books.accountant);
    expect(settled.amount).toEqual(Money.parse("388.00", "USD"));
    expect(await closing("2110")).toBe("0.00");
    expect(await closing("4840")).toBe("-1.02");
    expect(await books.breaks()).toEqual([]);
    expect(await allocations()).toMatchObject([
      { amount: { amount: "388.00", currency: "USD" }, carrying: eur("365.21"), state: "holds" },
      { amount: { amount: "0.00", currency: "USD" }, carrying: eur("1.02"), state: "holds" },
    ]);
  });

  test("is open again when the match is undone, and the gain is taken back", async () => {
    const [match] = await allocations();
    await books.house.run(undoAllocation, { allocationId: match!["id"], on: "2026-06-05" }, books.accountant);
    expect(await closing("4840")).toBe("0.00");
    expect(await closing("2110")).toBe("-1.02");
    expect(await books.breaks()).toEqual([]);
    const open = await books.house.funnel.read({ tenantId: books.house.tenantId, actor: books.chief }, (context) =>
      context.db.rows<{ openCurrencyAmount: bigint; openAmount: bigint }>(sql`
        select open_currency_amount, open_amount from finance.open_item
        where tenant_id = ${context.tenantId} and id in (${bill}, ${paid}) order by open_amount`),
    );
    expect(open).toEqual([
      { openCurrencyAmount: -38_800n, openAmount: -36_623n },
      { openCurrencyAmount: 38_800n, openAmount: 36_521n },
    ]);
  });

  test("in two parts, each part takes its share of what is carried", async () => {
    const usd = (amount: string) => ({ amount, currency: "USD" });
    const settle = (amount: string) =>
      books.house.run(allocateOpenItem, { openItemId: bill, againstId: paid, amount: usd(amount), day: "2026-06-06" }, books.accountant);
    await settle("100.00");
    // A hundred of 388 is 94.389 of 366.23, and 94.126 of 365.21.
    expect(await closing("4840")).toBe("-0.26");
    await settle("288.00");
    expect(await closing("4840")).toBe("-1.02");
    expect(await closing("2110")).toBe("0.00");
    expect(await books.breaks()).toEqual([]);
  });
});

test("items of two currencies do not settle each other", async () => {
  const dollars = await post("2026-07-01", "US-2", "-10.00", "-9.00");
  const entry = await books.house.run(
    postJournalEntry,
    {
      day: "2026-07-01",
      text: "Paid in euro",
      lines: [
        { accountId: books.account("2110"), debit: eur("9.00"), partyId: books.supplierId },
        { accountId: books.account("1120"), credit: eur("9.00") },
      ],
    },
    books.accountant,
  );
  const { rows } = (await books.house.call("finance.openItem.list", { filter: { entryId: entry.id } }, books.chief)) as {
    rows: { id: string }[];
  };
  await expect(books.house.run(allocateOpenItem, { openItemId: dollars, againstId: rows[0]!.id }, books.accountant)).rejects.toMatchObject({
    code: "currenciesDiffer",
  });
});

test("a foreign amount stands on the side of its line", async () => {
  const draft = (foreign: string, currency: string) => ({
    day: "2026-07-02",
    text: "Subscription",
    lines: [
      { accountId: books.account("6310"), debit: eur("9.00"), foreign: { amount: foreign, currency } },
      { accountId: books.account("1120"), credit: eur("9.00") },
    ],
  });
  const refused = expect.objectContaining({ code: "foreignUnfit" });
  await expect(books.house.run(postJournalEntry, draft("-10.00", "USD"), books.accountant)).rejects.toEqual(refused);
  await expect(books.house.run(postJournalEntry, draft("9.00", "EUR"), books.accountant)).rejects.toEqual(refused);
  const { id } = await books.house.run(postJournalEntry, draft("10.00", "USD"), books.accountant);
  const { rows } = (await books.house.call("finance.journalLine.list", { filter: { entryId: id } }, books.chief)) as { rows: object[] };
  expect(rows[0]).toMatchObject({ debit: eur("9.00"), foreign: { amount: "10.00", currency: "USD" } });
});

describe("dimensions", () => {
  test("lines carry values, balances are kept by them, and a reversal carries the same", async () => {
    const { run } = books.house;
    const { id: project } = await run(createDimension, { code: "project", name: "Project" }, books.chief);
    await expect(run(createDimension, { code: "project", name: "Again" }, books.chief)).rejects.toMatchObject({ code: "codeTaken" });
    const { id: warehouse } = await run(createDimensionValue, { dimensionId: project, code: "P-1", name: "Warehouse" }, books.chief);
    const { id: website } = await run(createDimensionValue, { dimensionId: project, code: "P-2", name: "Website" }, books.chief);
    const twice = run(createDimensionValue, { dimensionId: project, code: "P-2", name: "Website" }, books.chief);
    await expect(twice).rejects.toMatchObject({ code: "codeTaken" });
    const draft = (onDay: string, ...dimensions: string[]) => ({
      day: onDay,
      text: "Paint",
      lines: [
        { accountId: books.account("6230"), debit: eur("50.00"), dimensions },
        { accountId: books.account("1120"), credit: eur("50.00") },
      ],
    });
    const { id } = await run(postJournalEntry, draft("2026-08-03", warehouse), books.accountant);
    const both = run(postJournalEntry, draft("2026-08-03", warehouse, website), books.accountant);
    await expect(both).rejects.toMatchObject({ code: "dimensionTwice" });
    await run(retireDimensionValue, { dimensionValueId: website, from: "2026-08-01" }, books.chief);
    const retired = run(postJournalEntry, draft("2026-08-03", website), books.accountant);
    await expect(retired).rejects.toMatchObject({ code: "dimensionUnknown" });
    const { id: mirror } = await run(
      reverseJournalEntry,
      { journalEntryId: id, on: "2026-08-04", reason: "wrong paint" },
      books.accountant,
    );
    const { rows } = (await books.house.call("finance.journalLine.list", { filter: { entryId: mirror } }, books.chief)) as {
      rows: object[];
    };
    expect(rows[0]).toMatchObject({ credit: eur("50.00"), dimensions: "Project: Warehouse" });
    expect(await books.breaks()).toEqual([]);
  });

  test("a dimension or value that is not there is refused", async () => {
    const nothing = "01990000-0000-7000-8000-000000000001";
    const value = books.house.run(createDimensionValue, { dimensionId: nothing, code: "X", name: "X" }, books.chief);
    await expect(value).rejects.toMatchObject({ code: "notFound" });
    const retired = books.house.run(retireDimensionValue, { dimensionValueId: nothing, from: "2026-01-01" }, books.chief);
    await expect(retired).rejects.toMatchObject({ code: "notFound" });
  });
});
