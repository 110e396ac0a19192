// What is received and not billed, on the days it belongs to: reversals, returns and prices that change in the month after.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Company, openCompany } from "./purchasing.testing.ts";

let company: Company;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.house.close());

const codes = ["2130", "6540", "5130"];
const at = (asOf: string) => Promise.all(codes.map(async (code) => Number(await company.balance(code, asOf))));
const since = async (before: readonly number[], asOf: string) =>
  (await at(asOf)).map((now, index) => Number((now - before[index]!).toFixed(2)));
const chairs = (quantity: string, unitPrice: string) => ({ description: "Chairs", quantity, unitPrice });
const period = async (code: string) => (await company.rows("finance.period", { code }))[0]!["id"];

/** Ten chairs at 20.00 that came on 28 October and were billed on the 30th; two went back, in November they cost 19.00. */
async function billedInOctober(supplierNumber: string) {
  const { orderId, lineIds } = await company.ordered([chairs("10", "20")]);
  const [orderLineId] = lineIds;
  await company.call("purchasing.order.receive", { orderId, day: "2026-10-28" }, company.buyer);
  const paper = { orderId, supplierNumber, day: "2026-10-30" };
  const { billId } = await company.call("purchasing.order.bill", paper, company.accountant);
  await company.post(billId);
  const back = { orderId, day: "2026-10-30", lines: [{ orderLineId, quantity: "2" }] };
  await company.call("purchasing.order.return", back, company.buyer);
  await company.call("purchasing.order.change", { orderId, lines: [{ id: orderLineId, ...chairs("10", "19") }] }, company.buyer);
  return billId;
}

test("a bill that is reversed is taken out of the month it was booked in, as its mirror is", async () => {
  const [october, november] = [await at("2026-10-31"), await at("2026-11-30")];
  const billId = await billedInOctober("R-1");
  // Two of ten chairs at 20.00 are billed and went back.
  expect((await since(october, "2026-10-31"))[0]).toBe(40);
  await company.call("finance.bill.reverse", { billId, reason: "Not our chairs" }, company.chief);
  await company.house.settle();
  // Eight chairs are received and not billed: at 20.00 until the price was lowered, at 19.00 from then on.
  expect(await since(october, "2026-10-31")).toEqual([-160, 160, 0]);
  expect(await since(november, "2026-11-30")).toEqual([-152, 152, 0]);
  expect(await company.breaks()).toEqual([]);
});

test("each line of the books says how many at which price, of which line of the order and with which bill", async () => {
  const { orderId, lineIds } = await company.ordered([chairs("3", "33.335")]);
  const [orderLineId] = lineIds;
  const { label } = await company.call("purchasing.order.get", { id: orderId }, company.buyer);
  await company.call("purchasing.order.receive", { orderId, lines: [{ orderLineId, quantity: "1" }] }, company.buyer);
  await company.call("purchasing.order.receive", { orderId }, company.buyer);
  const lines = [{ orderLineId, net: { amount: "110.00", currency: "EUR" } }];
  const paper = { orderId, supplierNumber: "S-1", day: "2026-11-21", lines };
  await company.post((await company.call("purchasing.order.bill", paper, company.accountant))["billId"]);
  const texts = (await company.rows("finance.journalLine"))
    .map((line) => String(line["text"]))
    .filter((text) => text.includes(`(line 1 of ${String(label)})`));
  // Two lines for each receipt; for the bill what waited, its cost and the variance.
  expect(texts.toSorted()).toEqual([
    ...Array.from({ length: 2 }, () => `1 received at 33.335 EUR (line 1 of ${String(label)}): Chairs`),
    ...Array.from({ length: 3 }, () => `3 billed with S-1 at 33.335 EUR (line 1 of ${String(label)}): Chairs`),
    ...Array.from({ length: 2 }, () => `3 received at 33.335 EUR, less what was booked before (line 1 of ${String(label)}): Chairs`),
  ]);
});

test("a receipt that is taken back is taken out of the books on its own day", async () => {
  const before = await at("2026-11-02");
  const { orderId } = await company.ordered([chairs("10", "20")]);
  const { receiptId } = await company.call("purchasing.order.receive", { orderId, day: "2026-11-02" }, company.buyer);
  expect(await since(before, "2026-11-02")).toEqual([-200, 200, 0]);
  await company.call("purchasing.receipt.reverse", { receiptId, reason: "Counted wrongly" }, company.buyer);
  expect(await since(before, "2026-11-02")).toEqual([0, 0, 0]);
  expect(await company.breaks()).toEqual([]);
});

test("where that month is locked, on the first open day; and goods that come while no day is open are told what can be done", async () => {
  const billId = await billedInOctober("R-2");
  const early = await company.ordered([chairs("3", "20")]);
  const { receiptId } = await company.call("purchasing.order.receive", { orderId: early.orderId, day: "2026-10-29" }, company.buyer);
  await company.call("finance.period.lock", { periodId: await period("2026-10"), area: "purchase" }, company.chief);
  const [october, november] = [await at("2026-10-31"), await at("2026-11-01")];
  await company.call("finance.bill.reverse", { billId, reason: "Not our chairs" }, company.chief);
  await company.call("purchasing.receipt.reverse", { receiptId, reason: "Counted wrongly" }, company.buyer);
  await company.house.settle();
  expect(await since(october, "2026-10-31")).toEqual([0, 0, 0]);
  // 200.00 of the bill wait again on the 1st, and three chairs at 20.00 wait no more.
  expect(await since(november, "2026-11-01")).toEqual([-140, 140 - 200, 0]);
  expect(await company.breaks()).toEqual([]);

  const { orderId } = await company.ordered([chairs("1", "20")]);
  const receive = (day: string) => expect(company.call("purchasing.order.receive", { orderId, day }, company.buyer)).rejects;
  await receive("2026-10-29").toMatchObject({ code: "areaLocked", message: expect.stringContaining("from 2026-11-01 on") });
  await company.call("finance.period.lock", { periodId: await period("2026-11"), area: "purchase" }, company.chief);
  await receive("2026-10-29").toMatchObject({
    code: "noDayOpen",
    message: expect.stringContaining("No day from 2026-10-29 until today takes purchases any more. Record it from 2026-12-01 on"),
  });
});

test("more than was ordered and its tolerance allows comes only when that is said", async () => {
  const { orderId, lineIds } = await company.ordered([chairs("100", "1")], "twoWay");
  const receive = (quantity: string, more = {}) =>
    company.call("purchasing.order.receive", { orderId, lines: [{ orderLineId: lineIds[0], quantity }], ...more }, company.buyer);
  await expect(receive("101")).rejects.toMatchObject({ code: "moreThanOrdered", path: ["lines", 0, "quantity"] });
  await receive("100");
  await company.call("purchasing.tolerance.set", { supplierId: company.supplierId, quantityPercent: "2" }, company.chief);
  await expect(receive("2.5")).rejects.toMatchObject({ message: expect.stringContaining("at most 2 more may come") });
  await receive("2");
  await expect(receive("0.5")).rejects.toMatchObject({ message: expect.stringContaining("at most 0 more may come") });
  await receive("50", { beyondOrder: true });
  const [line] = await company.rows("purchasing.orderLine", { orderId });
  expect(line).toMatchObject({ received: "152" });
});
