// Assets that go, on a real database: what the line of an invoice brings, and what the year of it counts.
import { afterAll, beforeAll, expect, test } from "vitest";
import { creditInvoice } from "../receivables/credit-note.operations.ts";
import { createInvoice, postInvoice } from "../receivables/invoice.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { createAssetClass } from "./asset-class.operations.ts";
import { capitaliseAsset } from "./capitalise.operations.ts";
import { disposeAsset } from "./dispose.operations.ts";
import { getSchedule } from "./schedule.operations.ts";
import { reverseDisposal } from "./take-back.operations.ts";

let books: TestBooks;
let classId: string;
let assetBookId: string;
const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const no = (code: string, facts: object = {}) => ({ code, facts });

beforeAll(async () => {
  books = await openBooks();
  const made = await run(createAssetClass, { code: "IT", name: "IT", lifeMonths: 60 }, books.chief);
  classId = made.id;
  assetBookId = made.assetBookId;
});
afterAll(() => books.house.close());

const asset = async (name: string, cost: string, more: object = {}): Promise<string> => {
  const wish = { assetClassId: classId, name, cost: eur(cost), acquiredOn: "2026-11-01", ...more };
  return (await run(capitaliseAsset, wish, books.accountant)).id;
};

/** A posted invoice, and its lines in their order. */
async function invoice(...prices: string[]): Promise<{ invoiceId: string; lineIds: string[] }> {
  const accountId = books.account("4810");
  const lines = prices.map((price, index) => ({ description: `Used ${index}`, quantity: "1", unitPrice: eur(price), accountId }));
  const draft = { customerId: books.customerId, day: "2026-11-10", lines };
  const { id: invoiceId } = await run(createInvoice, draft as never, books.accountant);
  await run(postInvoice, { invoiceId }, books.accountant);
  const found = (await books.house.call("finance.invoiceLine.list", { filter: { invoiceId } }, books.accountant)) as {
    rows: { id: string; description: string }[];
  };
  return { invoiceId, lineIds: found.rows.toSorted((a, b) => (a.description < b.description ? -1 : 1)).map((line) => line.id) };
}

const sold = (fixedAssetId: string, invoiceLineId: string) =>
  run(disposeAsset, { fixedAssetId, kind: "sale", on: "2026-11-15", note: "Sold", invoiceLineId }, books.accountant);
const credited = (invoiceId: string, ...lines: object[]) =>
  run(creditInvoice, { invoiceId, reason: "Given back", lines: lines.length > 0 ? lines : undefined } as never, books.accountant);

test("a sale line serves one disposal, until that is taken back", async () => {
  const [one, other] = [await asset("Server", "2500.00"), await asset("Rack", "500.00")];
  const { lineIds } = await invoice("3000.00");
  expect(await sold(one, lineIds[0]!)).toMatchObject({ result: eur("500.00") });
  await expect(sold(other, lineIds[0]!)).rejects.toMatchObject({ code: "invoiceLineTaken" });
  await run(reverseDisposal, { fixedAssetId: one, reason: "It was the rack" }, books.chief);
  expect(await sold(other, lineIds[0]!)).toMatchObject({ result: eur("2500.00") });
  await expect(sold(one, lineIds[0]!)).rejects.toMatchObject({ code: "invoiceLineTaken" });
  expect(await books.breaks()).toEqual([]);
});

test("what was credited brings nothing any more", async () => {
  const id = await asset("Printer", "500.00");
  const whole = await invoice("3000.00");
  await credited(whole.invoiceId);
  await expect(sold(id, whole.lineIds[0]!)).rejects.toMatchObject(no("invoiceLineCredited"));
  const part = await invoice("3000.00");
  const back = { description: "Scratches", quantity: "1", unitPrice: eur("1000.00"), accountId: books.account("4810") };
  await credited(part.invoiceId, back);
  expect(await sold(id, part.lineIds[0]!)).toMatchObject({ result: eur("1500.00") });
});

test("of two lines one of which was credited, one brings proceeds and then none is left", async () => {
  const [one, other] = [await asset("Desk", "100.00"), await asset("Chair", "100.00")];
  const { invoiceId, lineIds } = await invoice("300.00", "300.00");
  const back = { description: "Used 0", quantity: "1", unitPrice: eur("300.00"), accountId: books.account("4810") };
  await credited(invoiceId, back);
  expect(await sold(one, lineIds[1]!)).toMatchObject({ result: eur("200.00") });
  await expect(sold(other, lineIds[0]!)).rejects.toMatchObject(no("invoiceLineCredited"));
});

test.each(["halfYear", "midQuarter"])(
  "%s: gone in the year it came in, nothing is depreciated, neither at once nor planned before",
  async (convention) => {
    const plans = [{ assetBookId, convention }];
    const id = await asset("Press", "12000.00", { acquiredOn: "2026-02-10", plans });
    const gone = { fixedAssetId: id, kind: "scrap", on: "2026-11-20", note: "Broken" };
    expect(await run(disposeAsset, gone, books.accountant)).toMatchObject({ depreciated: eur("0.00"), bookValue: eur("12000.00") });
    expect((await run(getSchedule, { fixedAssetId: id }, books.accountant)).lines).toEqual([]);
    await run(reverseDisposal, { fixedAssetId: id, reason: "Repaired" }, books.chief);
    const { lines } = await run(getSchedule, { fixedAssetId: id }, books.accountant);
    expect(lines[0]).toMatchObject({ fromDay: "2026-02-10", untilDay: "2026-02-28" });
    expect(await books.breaks()).toEqual([]);
  },
);
