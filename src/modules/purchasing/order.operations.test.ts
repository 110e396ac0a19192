// Orders on a real database: quoted, approved, sent, received, billed, matched, held, accepted; the books to the cent; and every no.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "../../platform/operation/context.ts";
import { type Company, eur, type Line, openCompany } from "./purchasing.testing.ts";

let company: Company;
const nowhere = "00000000-0000-7000-8000-000000000000";
let papers = 0;
const paper = () => ({ supplierNumber: `X-${++papers}`, day: "2026-11-21" });
const chairs = (quantity = "10", unitPrice = "100"): Line => ({ description: "Chairs", quantity, unitPrice });
const refused = (name: string, input: object, as: Actor) => expect(company.call(name, input, as)).rejects;
const verdicts = async (billId: unknown): Promise<string[]> =>
  (await company.rows("purchasing.matchException", { billId: String(billId), state: "open" }))
    .map((row) => String(row["reason"]))
    .toSorted();

beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.house.close());

describe("from the request to the order", () => {
  const request = async (amount = "1900.00"): Promise<string> => {
    const { id } = await company.call(
      "purchasing.request.create",
      { title: "Bench", kind: "supplies", supplierId: company.supplierId, amount: eur(amount), wantedBy: "2026-12-20" },
      company.buyer,
    );
    return id as string;
  };
  const approve = async (requestId: string) => {
    const { approvalId } = await company.call("purchasing.request.submit", { requestId }, company.buyer);
    await company.call("office.approval.decide", { approvalId, verdict: "approve" }, company.founder);
  };

  test("quotations are compared, and one that changes an approved request takes its approval", async () => {
    const requestId = await request();
    await approve(requestId);
    const other = await company.call("directory.organisation.create", { name: "Bench World", roles: ["supplier"] }, company.founder);
    const quote = (supplierId: unknown, amount: string, more = {}) =>
      company.call("purchasing.request.quote", { requestId, supplierId, amount: eur(amount), ...more }, company.buyer);
    await quote(company.supplierId, "1950.00");
    const { quotationId } = await quote(other["id"], "1800.00");
    const late = await quote(other["id"], "1700.00", { validUntil: "2026-11-01" });
    expect((await company.rows("purchasing.quotation", { requestId })).map((row) => [row["amount"], row["above"], row["state"]])).toEqual(
      expect.arrayContaining([
        [eur("1950.00"), eur("250.00"), "open"],
        [eur("1700.00"), eur("0.00"), "lapsed"],
      ]),
    );
    const choose = (id: unknown) => ({ quotationId: id, reason: "Cheaper, and it comes sooner" });
    await refused("purchasing.quotation.choose", choose(late["quotationId"]), company.buyer).toMatchObject({ code: "lapsed" });
    await refused("purchasing.quotation.choose", choose(nowhere), company.buyer).toMatchObject({ code: "quotationUnknown" });
    const chosen = await company.call("purchasing.quotation.choose", choose(quotationId), company.buyer);
    expect(chosen).toMatchObject({ approvalVoid: true });
    expect(await company.call("purchasing.request.get", { id: requestId }, company.buyer)).toMatchObject({
      state: "draft",
      supplier: "Bench World",
      amount: eur("1800.00"),
    });
    await refused("purchasing.order.create", { requestId }, company.buyer).toMatchObject({ code: "requestNotApproved" });
    await approve(requestId);
    expect(await company.call("purchasing.quotation.choose", choose(quotationId), company.buyer)).toMatchObject({ approvalVoid: false });
  });

  test("orders of a request stay within what was approved, and the first bill is the request's", async () => {
    const requestId = await request();
    await approve(requestId);
    const more = { requestId, lines: [{ ...chairs("19", "100.01") }] };
    await refused("purchasing.order.create", more, company.buyer).toMatchObject({ code: "aboveApproval" });
    const first = await company.call("purchasing.order.create", { requestId, lines: [chairs("15")], policy: "threeWay" }, company.buyer);
    expect(first).toMatchObject({ state: "approved", amount: eur("1500.00") });
    const orderId = first["id"] as string;
    const [line] = await company.rows("purchasing.orderLine", { orderId });
    const change = { orderId, lines: [{ id: line!["id"], ...chairs("20") }] };
    await refused("purchasing.order.change", change, company.buyer).toMatchObject({ code: "aboveApproval" });
    const rest = await company.call("purchasing.order.create", { requestId }, company.buyer);
    expect(rest).toMatchObject({ amount: eur("400.00") });
    await company.call("purchasing.request.change", { requestId, amount: eur("1000.00") }, company.buyer);
    await refused("purchasing.order.send", { orderId }, company.buyer).toMatchObject({ code: "requestNotApproved" });
    await approve(requestId);
    await refused("purchasing.order.send", { orderId }, company.buyer).toMatchObject({ code: "aboveApproval" });
    await company.call("purchasing.order.cancel", { orderId: rest["id"], reason: "Not needed" }, company.buyer);
    await company.call("purchasing.order.change", { orderId, lines: [{ id: line!["id"], ...chairs("10") }] }, company.buyer);
    await company.call("purchasing.order.send", { orderId }, company.buyer);
    expect((await company.call("purchasing.request.get", { id: requestId }, company.buyer))["state"]).toBe("ordered");
    await refused("purchasing.request.bill", { requestId, ...paper() }, company.accountant).toMatchObject({ code: "hasOrder" });
    await company.call("purchasing.order.receive", { orderId }, company.buyer);
    const { billId } = await company.call("purchasing.order.bill", { orderId, ...paper() }, company.accountant);
    expect((await company.call("purchasing.request.get", { id: requestId }, company.buyer))["billId"]).toBe(billId);
    await company.post(billId);
    expect(await company.breaks()).toEqual([]);
  });

  test("an order by itself is approved by a second person, and anew when it comes to more", async () => {
    const { orderId, lineIds } = await company.ordered([chairs()]);
    const change = (quantity: string) =>
      company.call("purchasing.order.change", { orderId, lines: [{ id: lineIds[0], ...chairs(quantity) }] }, company.buyer);
    expect(await change("9")).toMatchObject({ version: 2, state: "ordered", amount: eur("900.00") });
    expect(await change("11")).toMatchObject({ version: 3, state: "draft" });
    await refused("purchasing.order.send", { orderId }, company.buyer).toMatchObject({ code: "wrongState" });
    const { approvalId } = await company.call("purchasing.order.submit", { orderId }, company.buyer);
    await company.call("office.approval.decide", { approvalId, verdict: "decline", reason: "Too many" }, company.founder);
    await company.house.settle();
    const order = await company.call("purchasing.order.get", { id: orderId }, company.buyer);
    expect(order).toMatchObject({ state: "declined", label: expect.stringMatching(/^PO-\d{5}$/) });
    await company.call("purchasing.order.cancel", { orderId, reason: "Too many" }, company.buyer);
    expect(await company.breaks()).toEqual([]);
  });

  test("says no", async () => {
    const { supplierId } = company;
    const make = (more: object) => refused("purchasing.order.create", { supplierId, lines: [chairs()], ...more }, company.buyer);
    await make({ requestId: nowhere }).toMatchObject({ code: "requestUnknown" });
    await make({ supplierId: undefined }).toMatchObject({ code: "supplierMissing" });
    await make({ supplierId: nowhere }).toMatchObject({ code: "supplierUnknown" });
    await make({ lines: [] }).toMatchObject({ code: "linesMissing" });
    await make({ lines: [chairs("1", "0")] }).toMatchObject({ code: "amountNotPositive" });
    await make({ lines: [{ ...chairs(), accountId: nowhere }] }).toMatchObject({ code: "accountUnfit" });
    await make({ lines: [{ ...chairs(), unitId: nowhere }] }).toMatchObject({ code: "unitUnknown" });
    await make({ lines: [{ ...chairs(), taxCode: "luxury" }] }).toMatchObject({ code: "taxUnknown" });
    await make({ currency: "USD" }).toMatchObject({ code: "rateMissing" });
    await refused("purchasing.order.submit", { orderId: nowhere }, company.buyer).toMatchObject({ code: "notFound" });
    const { orderId, lineIds } = await company.ordered([chairs(), { ...chairs(), description: "Desks" }]);
    const change = (lines: object[]) => refused("purchasing.order.change", { orderId, lines }, company.buyer);
    await change([{ id: nowhere, ...chairs() }]).toMatchObject({ code: "lineUnknown" });
    await company.call("purchasing.order.receive", { orderId }, company.buyer);
    await change([{ id: lineIds[0], ...chairs() }]).toMatchObject({ code: "lineInUse" });
    await refused("purchasing.order.cancel", { orderId, reason: "No more" }, company.buyer).toMatchObject({ code: "inUse" });
    await company.call("purchasing.order.close", { orderId }, company.buyer);
    await refused("purchasing.order.close", { orderId }, company.buyer).toMatchObject({ code: "wrongState" });
    const unknown = { supplierId: nowhere, policy: "none" };
    await refused("purchasing.tolerance.set", unknown, company.chief).toMatchObject({ code: "supplierMissing" });
  });
});

describe("from the receipt to the books", () => {
  test("what came is accrued at the order's price, and its bill clears it to the cent with the variance apart", async () => {
    const before = { waiting: await company.balance("2130"), cost: await company.balance("6540"), variance: await company.balance("5130") };
    const since = async (key: keyof typeof before, code: string) => (Number(await company.balance(code)) - Number(before[key])).toFixed(2);
    const { orderId, lineIds } = await company.ordered([chairs("3", "33.335")]);
    const orderLineId = lineIds[0];
    await company.call("purchasing.order.receive", { orderId, lines: [{ orderLineId, quantity: "1" }] }, company.buyer);
    expect(await since("waiting", "2130")).toBe("-33.34");
    await company.call("purchasing.order.receive", { orderId }, company.buyer);
    // Three times 33.335 is 100.005, and not three times 33.34.
    expect(await since("waiting", "2130")).toBe("-100.01");
    expect(await company.rows("purchasing.openReceipt", { orderId })).toMatchObject([
      { received: "3", billed: "0", amount: eur("100.01"), days: 0 },
    ]);
    const lines = [{ orderLineId, net: eur("110.00") }];
    const { billId, isHeld } = await company.call("purchasing.order.bill", { orderId, ...paper(), lines }, company.accountant);
    expect(isHeld).toBe(true);
    expect(await verdicts(billId)).toEqual(["priceOver"]);
    await company.call("purchasing.matchException.accept", { billId, reason: "Agreed by telephone" }, company.chief);
    expect((await company.bill(billId))["holdReason"]).toBeNull();
    await company.post(billId);
    expect(await since("waiting", "2130")).toBe("0.00");
    expect(await since("cost", "6540")).toBe("100.01");
    expect(await since("variance", "5130")).toBe("9.99");
    expect(await company.rows("purchasing.openReceipt", { orderId })).toEqual([]);
    await company.call("finance.bill.reverse", { billId, reason: "Wrong paper" }, company.chief);
    await company.house.settle();
    expect(await since("waiting", "2130")).toBe("-100.01");
    expect(await since("variance", "5130")).toBe("0.00");
    expect(await since("cost", "6540")).toBe("100.01");
    expect(await company.breaks()).toEqual([]);
  });

  test("returns and receipts taken back take their accrual with them", async () => {
    const before = await company.balance("2130");
    const { orderId, lineIds } = await company.ordered([chairs("4")]);
    const some = (quantity: string) => ({ orderId, lines: [{ orderLineId: lineIds[0], quantity }] });
    await refused("purchasing.order.receive", { ...some("1"), day: "2026-11-22" }, company.buyer).toMatchObject({ code: "inFuture" });
    await refused("purchasing.order.return", some("1"), company.buyer).toMatchObject({ code: "moreThanCame" });
    const { receiptId } = await company.call("purchasing.order.receive", { orderId, reference: "DN-7" }, company.buyer);
    await refused("purchasing.order.receive", { orderId }, company.buyer).toMatchObject({ code: "nothingToCome" });
    const stranger = { orderId, lines: [{ orderLineId: nowhere, quantity: "1" }] };
    await refused("purchasing.order.receive", stranger, company.buyer).toMatchObject({ code: "lineUnknown" });
    await refused("purchasing.order.return", stranger, company.buyer).toMatchObject({ code: "lineUnknown" });
    const back = await company.call("purchasing.order.return", some("1.5"), company.buyer);
    expect(Number(await company.balance("2130")) - Number(before)).toBe(-250);
    const undo = (id: unknown) => ({ receiptId: id, reason: "Counted wrongly" });
    await refused("purchasing.receipt.reverse", undo(receiptId), company.buyer).toMatchObject({ code: "wentBack" });
    await refused("purchasing.receipt.reverse", undo(nowhere), company.buyer).toMatchObject({ code: "notFound" });
    await company.call("purchasing.receipt.reverse", undo(back["receiptId"]), company.buyer);
    await refused("purchasing.receipt.reverse", undo(back["receiptId"]), company.buyer).toMatchObject({ code: "reversedBefore" });
    await company.call("purchasing.receipt.reverse", undo(receiptId), company.buyer);
    expect(await company.balance("2130")).toBe(before);
    expect(await company.rows("purchasing.receipt", { orderId })).toMatchObject([{ state: "reversed" }, { state: "reversed" }]);
    expect(await company.breaks()).toEqual([]);
  });

  test("an order in another currency is valued at its own rate, and what the bill's rate differs by is a variance", async () => {
    const rate = (day: string, per: string) =>
      company.call("finance.exchangeRate.set", { base: "EUR", currency: "USD", day, rate: per }, company.chief);
    await rate("2026-11-21", "1.25");
    const { supplierId, buyer } = company;
    const wish = { supplierId, currency: "USD", lines: [chairs("10", "80")], policy: "threeWay" };
    const orderId = (await company.call("purchasing.order.create", wish, buyer))["id"];
    const { approvalId } = await company.call("purchasing.order.submit", { orderId }, buyer);
    await company.call("office.approval.decide", { approvalId, verdict: "approve" }, company.founder);
    await company.call("purchasing.order.send", { orderId }, buyer);
    const before = { waiting: Number(await company.balance("2130")), variance: Number(await company.balance("5130")) };
    await company.call("purchasing.order.receive", { orderId }, buyer);
    expect(Number(await company.balance("2130")) - before.waiting).toBe(-640);
    await rate("2026-11-21", "1.6");
    const { billId } = await company.call("purchasing.order.bill", { orderId, ...paper() }, company.accountant);
    await company.post(billId);
    expect(Number(await company.balance("2130")) - before.waiting).toBe(0);
    expect(Number(await company.balance("5130")) - before.variance).toBe(-140);
    expect(await company.breaks()).toEqual([]);
  });
});

describe("bills and their orders", () => {
  const entered = async (lines: { description: string; net: { amount: string; currency: string }; quantity?: string }[], more = {}) => {
    const { id } = await company.call(
      "finance.bill.create",
      { supplierId: company.supplierId, ...paper(), lines, ...more },
      company.accountant,
    );
    return { billId: id, lineIds: (await company.rows("finance.billLine", { billId: String(id) })).map((line) => line["id"]) };
  };

  test("a bill that came otherwise is matched line by line, with several lines of several orders", async () => {
    const first = await company.ordered([chairs("4"), { ...chairs("2", "50"), description: "Lamps" }], "twoWay");
    const second = await company.ordered([chairs("6")], "twoWay");
    const { billId, lineIds } = await entered([
      { description: "Lamps", net: eur("100.00"), quantity: "2" },
      { description: "Chairs", net: eur("1000.00"), quantity: "10" },
    ]);
    const match = (billLine: number, orderLineId: unknown, quantity?: string) =>
      company.call("purchasing.billLine.match", { billLineId: lineIds[billLine], orderLineId, quantity }, company.accountant);
    expect(await match(0, first.lineIds[1])).toMatchObject({ isHeld: true });
    expect(await verdicts(billId)).toEqual(["notOrdered"]);
    await match(1, first.lineIds[0], "4");
    expect((await company.rows("purchasing.matchException", { billId: String(billId) }))[0]).toMatchObject({
      reason: "notOrdered",
      amount: eur("600.00"),
      owner: "Bea Buyer",
    });
    await expect(match(1, second.lineIds[0], "7")).rejects.toMatchObject({ code: "beyondLine" });
    expect(await match(1, second.lineIds[0], "6")).toMatchObject({ isHeld: false });
    expect(await verdicts(billId)).toEqual([]);
    const unmatch = { billLineId: lineIds[1], orderLineId: second.lineIds[0] };
    expect(await company.call("purchasing.billLine.unmatch", unmatch, company.accountant)).toMatchObject({ isHeld: true });
    await refused("purchasing.billLine.unmatch", unmatch, company.accountant).toMatchObject({ code: "notMatched" });
    expect(await company.breaks()).toEqual([]);
  });

  test("a bill with tax in its prices is compared by its net, and one for later months clears what was received", async () => {
    // 476.00 / 1.19 is 400.00, as ordered; 480.00 / 1.19 is 403.36.
    const { lineIds: ordered } = await company.ordered([chairs("4")], "twoWay");
    const gross = async (amount: string) => {
      const { lineIds } = await entered([{ description: "Chairs", net: eur(amount), quantity: "4" }], { pricesIncludeTax: true });
      const match = { billLineId: lineIds[0], orderLineId: ordered[0] };
      const { isHeld, billId } = await company.call("purchasing.billLine.match", match, company.accountant);
      const found = await verdicts(billId);
      await company.call("purchasing.billLine.unmatch", match, company.accountant);
      return [isHeld, found];
    };
    expect(await gross("476.00")).toEqual([false, []]);
    expect(await gross("480.00")).toEqual([true, ["priceOver"]]);
    const codes = ["2130", "6540", "1230"];
    const balances = () => Promise.all(codes.map(async (code) => Number(await company.balance(code))));
    const before = await balances();
    const { orderId, lineIds: received } = await company.ordered([chairs("1")]);
    await company.call("purchasing.order.receive", { orderId }, company.buyer);
    const span = { serviceFrom: "2026-11-01", serviceUntil: "2027-10-31" };
    const { billId, lineIds } = await entered([{ description: "Chairs", net: eur("100.00"), quantity: "1", ...span }]);
    await company.call("purchasing.billLine.match", { billLineId: lineIds[0], orderLineId: received[0] }, company.accountant);
    await company.post(billId);
    expect((await balances()).map((now, index) => now - before[index]!)).toEqual([0, 0, 100]);
    expect(await company.breaks()).toEqual([]);
  });

  test("tolerances are a percentage and a size, for quantity and price apart", async () => {
    const set = (more: object) => company.call("purchasing.tolerance.set", { supplierId: company.supplierId, ...more }, company.chief);
    const { orderId, lineIds } = await company.ordered([chairs("100", "1")], "twoWay");
    const lines = [{ orderLineId: lineIds[0], quantity: "102", net: eur("103.00") }];
    const { billId } = await company.call("purchasing.order.bill", { orderId, ...paper(), lines }, company.accountant);
    expect(await verdicts(billId)).toEqual(["priceOver", "quantityOver"]);
    expect(await company.rows("purchasing.orderLine", { orderId })).toMatchObject([{ verdict: "above the price, more than ordered" }]);
    await set({ quantityPercent: "2", pricePercent: "1" });
    await company.house.settle();
    expect(await verdicts(billId)).toEqual([]);
    expect((await company.bill(billId))["holdReason"]).toBeNull();
    await set({ quantityPercent: "2", quantityAbsolute: "1", pricePercent: "1", priceAbsolute: "0.99" });
    await company.house.settle();
    expect(await verdicts(billId)).toEqual(["priceOver", "quantityOver"]);
    expect((await company.bill(billId))["holdReason"]).toBe(
      "Differs from its order: the price is above the order, more is billed than was ordered.",
    );
    await set({});
    await company.house.settle();
  });

  test("of two bills for one line the later one is over; a declined bill counts no more", async () => {
    const { orderId, lineIds } = await company.ordered([chairs("10")], "twoWay");
    const bill = async (quantity: string) =>
      (
        await company.call(
          "purchasing.order.bill",
          { orderId, ...paper(), lines: [{ orderLineId: lineIds[0], quantity }] },
          company.accountant,
        )
      )["billId"];
    const [first, second] = [await bill("6"), await bill("6")];
    expect(await verdicts(first)).toEqual([]);
    expect(await verdicts(second)).toEqual(["quantityOver"]);
    await company.call("finance.bill.decline", { billId: first, reason: "A copy" }, company.chief);
    await company.house.settle();
    expect((await company.bill(second))["holdReason"]).toBeNull();
  });

  test("a hold of purchasing comes back when someone lifts it, and what was accepted covers no more than it said", async () => {
    const { orderId, lineIds } = await company.ordered([chairs("10")], "twoWay");
    const lines = [{ orderLineId: lineIds[0], net: eur("1010.00") }];
    const { billId } = await company.call("purchasing.order.bill", { orderId, ...paper(), lines }, company.accountant);
    await company.call("finance.bill.release", { billId }, company.accountant);
    await company.house.settle();
    expect((await company.bill(billId))["holdReason"]).toContain("Differs from its order");
    const accept = { billId, reason: "Freight is in it" };
    await company.call("purchasing.matchException.accept", accept, company.buyer);
    await refused("purchasing.matchException.accept", accept, company.buyer).toMatchObject({ code: "nothingOpen" });
    const [line] = await company.rows("finance.billLine", { billId: String(billId) });
    const change = (net: string) =>
      company.call(
        "finance.bill.change",
        { billId, lines: [{ id: line!["id"], description: "Chairs", net: eur(net), taxCode: "standard" }] },
        company.accountant,
      );
    await change("1005.00");
    await company.house.settle();
    expect(await verdicts(billId)).toEqual([]);
    await change("1010.01");
    await company.house.settle();
    expect(await verdicts(billId)).toEqual(["priceOver"]);
    expect((await company.bill(billId))["holdReason"]).toContain("Differs from its order");
    await expect(
      company.call("finance.bill.change", { billId, lines: [{ id: nowhere, description: "x", net: eur("1.00") }] }, company.accountant),
    ).rejects.toMatchObject({ code: "lineUnknown" });
    // A line that is written anew is another line: the bill is still for the order, and nothing stands behind it.
    const anew = [{ description: "Chairs", net: eur("1000.00"), quantity: "10" }];
    await company.call("finance.bill.change", { billId, lines: anew }, company.accountant);
    await company.house.settle();
    expect(await verdicts(billId)).toEqual(["notOrdered"]);
    expect(await company.rows("purchasing.orderLine", { orderId })).toMatchObject([{ billed: "0", verdict: "agrees" }]);
    expect(await company.breaks()).toEqual([]);
  });

  test("spend by supplier and category says how much of it was ordered", async () => {
    const spend = () =>
      company.call("purchasing.spend.get", { from: "2026-01-01", until: "2026-12-31", supplierId: company.supplierId }, company.chief);
    const before = (await spend()) as { net: { amount: string }; ordered: { amount: string } };
    const { billId } = await entered([{ description: "Paper", net: eur("12.00") }]);
    await company.post(billId);
    const after = (await spend()) as { net: { amount: string }; ordered: { amount: string }; rows: object[] };
    expect(Number(after.net.amount) - Number(before.net.amount)).toBe(12);
    expect(after.ordered).toEqual(before.ordered);
    expect(after.rows[0]).toMatchObject({ supplier: "Notebook Depot", account: expect.stringContaining("6540") });
  });

  test("says no", async () => {
    const { orderId, lineIds } = await company.ordered([chairs("10")]);
    const bill = (more: object) => refused("purchasing.order.bill", { orderId, ...paper(), ...more }, company.accountant);
    await bill({}).toMatchObject({ code: "nothingToBill" });
    await bill({ lines: [{ orderLineId: nowhere }] }).toMatchObject({ code: "lineUnknown" });
    const both = await company.house.person("Dora Double", "finance.accountant", "purchasing.manager");
    const dear = { orderId, ...paper(), lines: [{ orderLineId: lineIds[0], quantity: "1" }] };
    const { billId } = await company.call("purchasing.order.bill", dear, both);
    expect(await verdicts(billId)).toEqual(["notReceived"]);
    const accept = { billId, reason: "I want it paid" };
    await refused("purchasing.matchException.accept", accept, both).toMatchObject({ code: "ownBill" });
    const match = (more: object, as = company.accountant) =>
      refused("purchasing.billLine.match", { orderLineId: lineIds[0], quantity: "1", ...more }, as);
    await match({ billLineId: nowhere }).toMatchObject({ code: "billLineUnknown" });
    const own = await entered([{ description: "Chairs", net: eur("100.00") }]);
    const billLineId = own.lineIds[0];
    await match({ billLineId, orderLineId: nowhere }).toMatchObject({ code: "orderLineUnknown" });
    await match({ billLineId, quantity: undefined }).toMatchObject({ code: "quantityMissing" });
    const waiting = await company.call("purchasing.order.create", { supplierId: company.supplierId, lines: [chairs()] }, company.buyer);
    const [line] = await company.rows("purchasing.orderLine", { orderId: String(waiting["id"]) });
    await match({ billLineId, orderLineId: line!["id"] }).toMatchObject({ code: "orderNotStanding" });
    const stranger = await company.call("directory.organisation.create", { name: "Stranger", roles: ["supplier"] }, company.founder);
    const theirs = await entered([{ description: "Chairs", net: eur("101.00") }], { supplierId: stranger["id"] });
    await match({ billLineId: theirs.lineIds[0] }).toMatchObject({ code: "otherSupplier" });
    const dollars = await entered([{ description: "Chairs", net: { amount: "90.00", currency: "USD" } }]);
    await match({ billLineId: dollars.lineIds[0] }).toMatchObject({ code: "currencyDiffers" });
    await company.call("finance.bill.decline", { billId: own.billId, reason: "Not ours" }, company.chief);
    await match({ billLineId }).toMatchObject({ code: "billOver" });
  });
});
