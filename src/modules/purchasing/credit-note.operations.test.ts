// What goes back is credited: order, receipt, bill and credit note agree again, in whatever order they come, and the books with them.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Company, eur, openCompany } from "./purchasing.testing.ts";

let company: Company;
let papers = 0;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.house.close());

const chairs = (unitPrice = "100") => [{ description: "Chairs", quantity: "10", unitPrice }];
const state = async (billId: unknown) => (await company.bill(billId))["holdReason"];
const order = async () => {
  const { orderId, lineIds } = await company.ordered(chairs());
  await company.call("purchasing.order.receive", { orderId }, company.buyer);
  return { orderId, orderLineId: lineIds[0]! };
};
const billed = async (orderId: string, lines?: object[]) => {
  const paper = { supplierNumber: `B-${++papers}`, day: "2026-11-21" };
  const { billId } = await company.call("purchasing.order.bill", { orderId, ...paper, lines }, company.accountant);
  await company.post(billId);
  const [line] = await company.rows("finance.billLine", { billId: String(billId) });
  return { billId, billLineId: line!["id"] };
};
const sendBack = (orderId: string, orderLineId: string, quantity: string) =>
  company.call("purchasing.order.return", { orderId, lines: [{ orderLineId, quantity }], day: "2026-11-21" }, company.buyer);
/** Booked on the account of the line of the bill, as the supplier's paper says. */
const credited = async (bill: { billId: unknown; billLineId: unknown }, net: string, quantity?: string) => {
  const [line] = await company.rows("finance.billLine", { billId: String(bill.billId) });
  const { accountId } = line!;
  const lines = [{ description: "Chairs", net: eur(net), accountId, billLineId: bill.billLineId, ...(quantity && { quantity }) }];
  const { id } = await company.call(
    "finance.supplierCreditNote.create",
    { supplierId: company.supplierId, supplierNumber: `C-${++papers}`, day: "2026-11-21", billId: bill.billId, lines },
    company.accountant,
  );
  await company.call("finance.supplierCreditNote.approve", { supplierCreditNoteId: id }, company.chief);
  await company.call("finance.supplierCreditNote.post", { supplierCreditNoteId: id }, company.accountant);
  await company.house.settle();
  return id;
};
/** Of the account for what is received and not billed, and of costs. */
const books = async () => [await company.balance("2130"), await company.balance("6540"), await company.balance("5130")];

describe("goods that went back", () => {
  test("hold the bill until the supplier has credited them", async () => {
    // Ten at 100.00 billed, two go back: 200.00 more is billed than was received. Credited: nothing differs, 800.00 and tax are owed.
    const { orderId, orderLineId } = await order();
    const bill = await billed(orderId);
    expect(await state(bill.billId)).toBeNull();
    const before = await company.balance("2130");
    await sendBack(orderId, orderLineId, "2");
    expect(await state(bill.billId)).toContain("more is billed than was received");
    expect(Number(await company.balance("2130")) - Number(before)).toBe(200);
    const id = await credited(bill, "200.00", "2");
    expect(await state(bill.billId)).toBeNull();
    expect(await company.balance("2130")).toBe(before);
    expect((await company.bill(bill.billId))["open"]).toEqual(eur("952.00"));
    const [line] = await company.rows("purchasing.orderLine", { orderId });
    expect(line).toMatchObject({ received: "8", billed: "8", verdict: "agrees" });
    expect(await company.breaks()).toEqual([]);
    // The credit note was wrong: the bill is held again.
    const held = (await company.rows("finance.allocation", { state: "holds" })).filter((row) => row["debitItemId"] !== null);
    for (const { id: allocationId } of held) await company.call("finance.allocation.undo", { allocationId }, company.accountant);
    const reverse = { supplierCreditNoteId: id, reason: "Not for these chairs" };
    await company.call("finance.supplierCreditNote.reverse", reverse, company.chief);
    await company.house.settle();
    expect(await state(bill.billId)).toContain("more is billed than was received");
    expect(await company.breaks()).toEqual([]);
  });

  test("and came back in the other order lead to the same", async () => {
    const { orderId, orderLineId } = await order();
    const bill = await billed(orderId);
    const before = await books();
    await credited(bill, "300.00", "3");
    await sendBack(orderId, orderLineId, "3");
    const after = await books();
    expect(after[0]).toBe(before[0]);
    expect(Number(after[2]) - Number(before[2])).toBe(0);
    expect(await state(bill.billId)).toBeNull();
    const [line] = await company.rows("purchasing.orderLine", { orderId });
    expect(line).toMatchObject({ received: "7", billed: "7", verdict: "agrees" });
    expect(await company.breaks()).toEqual([]);
  });
});

test("a price above the order is put right by a credit note over the price alone", async () => {
  // Billed at 120.00 in place of 100.00: 200.00 too much. Credited without a quantity: ten chairs for 1000.00.
  const { orderId, orderLineId } = await order();
  const variance = await company.balance("5130");
  const bill = await billed(orderId, [{ orderLineId, quantity: "10", net: eur("1200.00") }]);
  expect(await state(bill.billId)).toContain("the price is above the order");
  expect(Number(await company.balance("5130")) - Number(variance)).toBe(200);
  await credited(bill, "200.00");
  expect(await state(bill.billId)).toBeNull();
  expect(await company.balance("5130")).toBe(variance);
  expect(await company.breaks()).toEqual([]);
});

test("spend is what was billed less what was taken back", async () => {
  const asked = { from: "2026-11-01", until: "2026-11-30" };
  const spend = async () =>
    Number(((await company.call("purchasing.spend.get", asked, company.chief))["net"] as { amount: string }).amount);
  const { orderId } = await order();
  const bill = await billed(orderId);
  const before = await spend();
  await credited(bill, "200.00", "2");
  expect((await spend()) - before).toBe(-200);
});
