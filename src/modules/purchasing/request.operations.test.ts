// Purchase requests on a real database: who may ask, decide, order and bill, and every no.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Id } from "../../kernel/id.ts";
import type { Actor } from "../../platform/operation/context.ts";
import { openHouse, type TestHouse } from "../../platform/testing/house.ts";

let house: TestHouse;
let founder: Actor;
let asker: Actor;
let accountant: Actor;
let supplierId: Id;

beforeAll(async () => {
  house = await openHouse();
  founder = await house.person("Fay Founder", "owner");
  asker = await house.person("Ann Asker");
  accountant = await house.person("Abe Accountant", "finance.accountant");
  await house.call("finance.setup.create", { currency: "EUR", fiscalYearStart: "2026-01-01", chart: "small-company" }, founder);
  const supplier = await house.call("directory.organisation.create", { name: "Notebook Depot", roles: ["supplier"] }, founder);
  supplierId = supplier["id"] as Id;
});
afterAll(() => house.close());

const wish = (more: object = {}) => ({
  title: "Measuring bench",
  kind: "equipment",
  supplierId,
  amount: { amount: "1900.00", currency: "EUR" },
  wantedBy: "2026-12-20",
  ...more,
});

let requestId: string;
beforeEach(async () => {
  requestId = (await house.call("purchasing.request.create", wish(), asker))["id"] as string;
});

const submit = async (): Promise<string> => (await house.call("purchasing.request.submit", { requestId }, asker))["approvalId"] as string;
const decide = (approvalId: string, verdict: string, as: Actor, reason?: string) =>
  house.call("office.approval.decide", { approvalId, verdict, reason }, as);
const stateNow = async () => (await house.call("purchasing.request.get", { id: requestId }, asker))["state"];

test("a wish may be submitted as it is written: whoever decides is asked at once", async () => {
  const { id } = await house.call("purchasing.request.create", wish({ title: "Second bench", submit: true }), asker);
  const { rows } = await house.call("office.approval.list", { filter: { aboutId: String(id) } }, asker);
  expect(rows).toMatchObject([{ state: "open", requestedBy: "Ann Asker", waitsFor: "Abe Accountant", own: true }]);
  expect(await house.call("purchasing.request.get", { id }, asker)).toMatchObject({ state: "submitted" });
});

test("a wish is approved by a second person, ordered, billed within what was approved, and becomes a thing", async () => {
  const approvalId = await submit();
  await decide(approvalId, "approve", founder);
  expect(await stateNow()).toBe("approved");
  await house.call("purchasing.request.order", { requestId }, accountant);
  const bill = await house.call(
    "purchasing.request.bill",
    { requestId, supplierNumber: `ND-${requestId.slice(-4)}`, day: "2026-11-21" },
    accountant,
  );
  await expect(house.call("purchasing.request.capitalise", { requestId, kind: "equipment" }, accountant)).rejects.toMatchObject({
    code: "billNotPosted",
  });
  await house.call("finance.bill.approve", { billId: bill["billId"] }, founder);
  await house.call("finance.bill.post", { billId: bill["billId"] }, accountant);
  await expect(house.call("purchasing.request.close", { requestId }, accountant)).rejects.toMatchObject({ code: "notPaid" });
  const thing = await house.call("purchasing.request.capitalise", { requestId, kind: "equipment" }, accountant);
  await expect(house.call("purchasing.request.capitalise", { requestId, kind: "equipment" }, accountant)).rejects.toMatchObject({
    code: "capitalisedBefore",
  });
  const banks = await house.call("finance.bankAccount.list", {}, accountant);
  const bankAccountId = (banks["rows"] as { id: Id }[])[0]!.id;
  await house.call("finance.bill.recordPayment", { billId: bill["billId"], bankAccountId }, accountant);
  await house.call("purchasing.request.close", { requestId }, accountant);
  expect(await stateNow()).toBe("closed");
  const asset = await house.call("assets.asset.get", { id: thing["assetId"] }, founder);
  expect(asset).toMatchObject({ name: "Measuring bench", cost: { amount: "1900.00", currency: "EUR" } });
});

test("a declined wish comes back, may be changed and submitted again", async () => {
  await decide(await submit(), "decline", founder, "Too dear for this year.");
  await house.settle();
  expect(await stateNow()).toBe("declined");
  await house.call("purchasing.request.change", { requestId, amount: { amount: "900.00", currency: "EUR" } }, asker);
  await decide(await submit(), "approve", founder);
  expect(await stateNow()).toBe("approved");
});

test("not even the owner of the company releases a request by hand: a second person agrees, then the house does it", async () => {
  await submit();
  await expect(house.call("purchasing.request.approve", { requestId }, founder)).rejects.toMatchObject({ name: "NotPermitted" });
});

test("a change voids what was asked for or approved", async () => {
  const approvalId = await submit();
  await house.call("purchasing.request.change", { requestId, title: "Two measuring benches" }, asker);
  expect(await stateNow()).toBe("draft");
  await expect(decide(approvalId, "approve", founder)).rejects.toMatchObject({ name: "Refusal" });
  await decide(await submit(), "approve", founder);
  await house.call("purchasing.request.change", { requestId, amount: { amount: "2500.00", currency: "EUR" } }, asker);
  expect(await stateNow()).toBe("draft");
});

test("a wish is withdrawn, and what was asked of the approver goes with it", async () => {
  const approvalId = await submit();
  await house.call("purchasing.request.withdraw", { requestId }, asker);
  expect(await stateNow()).toBe("withdrawn");
  await expect(decide(approvalId, "approve", founder)).rejects.toMatchObject({ name: "Refusal" });
});

test("nobody decides on their own wish, not even the owner", async () => {
  const own = await house.call("purchasing.request.create", wish(), founder);
  const { approvalId } = await house.call("purchasing.request.submit", { requestId: own["id"] }, founder);
  await expect(decide(approvalId as string, "approve", founder)).rejects.toMatchObject({ code: "selfApproval" });
  expect(await house.call("office.approval.get", { id: approvalId }, founder)).toMatchObject({ approver: "Abe Accountant" });
});

test("every no of the way to the bill", async () => {
  const refused = (name: string, input: object, as: Actor) => expect(house.call(name, input, as)).rejects;
  const nowhere = "01890000-0000-7000-8000-000000000000";
  await refused("purchasing.request.create", wish({ supplierId: nowhere }), asker).toMatchObject({ code: "supplierUnknown" });
  await refused("purchasing.request.create", wish({ amount: { amount: "0.00", currency: "EUR" } }), asker).toMatchObject({
    code: "amountNotPositive",
  });
  await refused("purchasing.request.create", wish(), { ...asker, personId: null }).toMatchObject({ code: "noPerson" });
  await refused("purchasing.request.order", { requestId }, accountant).toMatchObject({ code: "wrongState" });
  await refused("purchasing.request.order", { requestId: nowhere }, accountant).toMatchObject({ code: "notFound" });
  await refused("purchasing.request.submit", { requestId }, accountant).toMatchObject({ name: "NotPermitted" });
  await refused("purchasing.request.approve", { requestId }, accountant).toMatchObject({ name: "NotPermitted" });
  await decide(await submit(), "approve", founder);
  await house.call("purchasing.request.order", { requestId }, accountant);
  const bill = { requestId, supplierNumber: `X-${requestId.slice(-6)}`, day: "2026-11-21" };
  await refused("purchasing.request.bill", { ...bill, net: { amount: "1900.01", currency: "EUR" } }, accountant).toMatchObject({
    code: "aboveApproval",
  });
  await house.call("purchasing.request.bill", bill, accountant);
  await refused("purchasing.request.bill", { ...bill, supplierNumber: "other" }, accountant).toMatchObject({ code: "billedBefore" });
  await refused("purchasing.request.withdraw", { requestId }, asker).toMatchObject({ code: "wrongState" });
});

test("supplies are not capitalised, and others do not see the wish", async () => {
  const supplies = await house.call("purchasing.request.create", wish({ kind: "supplies" }), asker);
  requestId = supplies["id"] as string;
  await decide(await submit(), "approve", founder);
  await house.call("purchasing.request.order", { requestId }, accountant);
  await expect(house.call("purchasing.request.capitalise", { requestId, kind: "equipment" }, accountant)).rejects.toMatchObject({
    code: "notEquipment",
  });
  const other = await house.person("Otto Other");
  await expect(house.call("purchasing.request.get", { id: requestId }, other)).rejects.toMatchObject({ code: "notFound" });
});

test("the purchase process follows the facts and its laws hold", async () => {
  const approvalId = await submit();
  await house.settle();
  const runs = await house.call("process.run.list", { count: true }, founder);
  expect(Number(runs["count"])).toBeGreaterThan(0);
  await decide(approvalId, "approve", founder);
  await house.settle();
  const laws = (await house.call("platform.law.check", {}, founder)) as { laws: { name: string; breaks: string[] }[] };
  expect(laws.laws.filter((law) => law.breaks.length > 0)).toEqual([]);
});
