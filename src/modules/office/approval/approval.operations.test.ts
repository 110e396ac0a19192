// Decisions by a second person, on a real database, for the bills of a small department made for the test.
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type Id as KernelId, newId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import type { Actor } from "../../../platform/operation/context.ts";
import { Id, Money, ref } from "../../../platform/operation/field.ts";
import { module } from "../../../platform/operation/module.ts";
import { anyone, operation } from "../../../platform/operation/operation.ts";
import { compose } from "../../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { directory } from "../../directory/index.ts";
import { office } from "../module.ts";
import { makeLine } from "../office.testing.ts";
import { lab } from "../process/lab.testing.ts";
import { assignResponsibility } from "../responsibility/responsibility.operations.ts";
import { reassignTask } from "../task/task.operations.ts";
import { approvable } from "./approvable.ts";
import { isApproved, requestApproval, voidApprovals } from "./approval.ts";
import { decideApproval, withdrawApproval } from "./approval.operations.ts";
import { setLimit } from "./limit.operations.ts";

const paid: { billId: KernelId; by: string }[] = [];

const payBill = approvable(
  operation({
    name: "bill.bill.pay",
    title: "Pay",
    does: "Pays a bill.",
    kind: "write",
    may: ["finance.manager"],
    input: z.strictObject({ billId: Id, amount: Money }),
    output: z.object({ billId: Id }),
    refuses: { noFunds: "The account is empty. Pay some in first." },
    async run(input, context) {
      if (input.amount.amount === "13.00") refuse("noFunds");
      paid.push({ billId: input.billId, by: context.actor.name });
      return { billId: input.billId };
    },
  }),
);

const askToPay = operation({
  name: "bill.bill.ask",
  title: "Ask",
  does: "Asks for a bill to be paid.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({ billId: Id, amount: Money, for: ref("directory.person").optional() }),
  output: z.object({ id: Id }),
  async run({ billId, amount, ...wish }, context) {
    const about = { subject: "bill.bill", id: billId };
    const asks = { operation: payBill, input: { billId, amount } };
    const id = await requestApproval(context, {
      title: "Pay the bill",
      about,
      activity: "bill.payment",
      amount,
      asks,
      requestedBy: wish.for,
    });
    return { id };
  },
});

const askWithoutRun = operation({
  name: "bill.bill.propose",
  title: "Propose",
  does: "Asks for agreement to a text.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({ billId: Id, text: z.string() }),
  output: z.object({ id: Id }),
  async run({ billId, text }, context) {
    const id = await requestApproval(context, {
      title: "Agree",
      about: { subject: "bill.bill", id: billId },
      activity: "bill.text",
      snapshot: { text },
    });
    return { id };
  },
});

const payInPassing = operation({
  name: "bill.bill.payInPassing",
  title: "Pay in passing",
  does: "Pays a bill on the way to something else.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({ billId: Id, amount: Money }),
  output: z.object({ billId: Id }),
  run: (input, context) => context.call(payBill, input),
});

const bills = module({
  name: "bill",
  title: "Bills",
  needs: ["office"],
  roles: {},
  registers: [],
  operations: [payBill, askToPay, askWithoutRun, payInPassing],
});

let house: TestHouse;
let owner: Actor;
let clerk: Actor;
let chief: Actor;
let asker: Actor;

beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, office, lab, bills]), today: "2026-03-01" });
  owner = await house.person("Olga Owner", "owner");
  clerk = await house.person("Carl Clerk");
  chief = await house.person("Cleo Chief");
  asker = await house.person("Ann Asks");
  const line = await makeLine(house, owner);
  const seat = await line.seat("CLERK", clerk, await line.seat("CHIEF", chief));
  await house.run(assignResponsibility, { activity: "bill.payment", positionId: seat, from: "2026-01-01" }, owner);
  const limit = { activity: "bill.payment", from: "2026-01-01" };
  await house.run(setLimit, { ...limit, positionId: seat, amount: { amount: "100", currency: "EUR" } }, owner);
  await house.run(setLimit, { ...limit, personId: chief.personId, amount: { amount: "1000", currency: "EUR" } }, owner);
});
afterAll(() => house.close());

const eur = (amount: string) => ({ amount, currency: "EUR" });
const ask = async (amount: string, as = asker, more: object = {}, billId = newId()) =>
  (await house.run(askToPay, { billId, amount: eur(amount), ...more }, as)).id;
const decide = (approvalId: KernelId, as: Actor, more: object = {}) =>
  house.run(decideApproval, { approvalId, verdict: "approve", ...more }, as);
const read = async (id: KernelId) => (await house.call("office.approval.get", { id }, owner)) as Record<string, unknown>;

test.each([
  ["100.00", "Carl Clerk", "answers for it"],
  ["100.01", "Cleo Chief", "stands above who answers for it"],
  ["1000.01", "Olga Owner", "owner of the company"],
])("%s EUR is decided by %s", async (amount, approver, via) => {
  expect(await read(await ask(amount))).toMatchObject({ state: "open", approver, via, requestedBy: "Ann Asks" });
});

test("nobody decides on their own wish, nor on one they uttered for another, however high they stand", async () => {
  const own = await ask("50", clerk);
  expect(await read(own)).toMatchObject({ approver: "Cleo Chief" });
  await expect(decide(own, clerk)).rejects.toMatchObject({ code: "selfApproval" });
  const forAnn = await ask("50", clerk, { for: asker.personId });
  expect(await read(forAnn)).toMatchObject({ approver: "Cleo Chief", requestedBy: "Ann Asks" });
  await expect(decide(forAnn, clerk)).rejects.toMatchObject({ code: "selfApproval" });
  await expect(decide(forAnn, asker)).rejects.toMatchObject({ code: "selfApproval" });
  const byOwner = await ask("5000", owner).catch((error: unknown) => error);
  expect(byOwner).toMatchObject({ code: "noSecondPerson" });
});

test("the database holds four eyes too", async () => {
  const id = await ask("50");
  const forced = house.owner.query(
    "update office.approval set state = 'approved', decided_by = requested_by, decided_at = now() where id = $1",
    [id],
  );
  await expect(forced).rejects.toThrow("approval_four_eyes");
});

test("approved, the house does it at once and the one who asked is told", async () => {
  const billId = newId();
  const id = await ask("80", asker, {}, billId);
  const inbox = (await house.call("office.task.list", { filter: { aboutId: id } }, clerk)) as {
    rows: { id: KernelId; asks: { input: object } }[];
  };
  expect(inbox.rows).toMatchObject([{ title: "Decide: Pay the bill", asks: { operation: "office.approval.decide" } }]);
  const handOn = house.run(reassignTask, { taskId: inbox.rows[0]!.id, personId: asker.personId, reason: "x" }, clerk);
  await expect(handOn).rejects.toMatchObject({ code: "approverFixed" });
  expect(await house.call("office.approval.get", { id }, clerk)).toMatchObject({ can: ["office.approval.decide", "office.approval.ask"] });
  expect(await house.call("office.approval.get", { id }, asker)).toMatchObject({ can: ["office.approval.withdraw"] });
  expect(await decide(id, clerk, inbox.rows[0]!.asks.input)).toMatchObject({ state: "approved", result: { billId } });
  expect(paid.at(-1)).toEqual({ billId, by: "Heartwood for Carl Clerk" });
  expect(await house.call("office.task.list", { filter: { aboutId: id, state: "open" } }, clerk)).toMatchObject({ rows: [] });
  const told = await house.owner.query("select title from platform.notification where person_id = $1 order by id desc limit 1", [
    asker.personId,
  ]);
  expect(told.rows).toEqual([{ title: "Approved: Pay the bill" }]);
  const events = await house.owner.query(
    "select payload from platform.event where name = 'office.approval.decided' order by id desc limit 1",
  );
  expect(events.rows).toMatchObject([
    { payload: { approvalId: id, verdict: "approve", requestedBy: asker.personId, decidedBy: clerk.personId } },
  ]);
  await expect(decide(id, clerk)).rejects.toMatchObject({ code: "decidedAlready" });
});

test("what cannot be done stays undecided, with the department's own words", async () => {
  const id = await ask("13");
  await expect(decide(id, clerk)).rejects.toMatchObject({ code: "noFunds", message: "The account is empty. Pay some in first." });
  expect(await read(id)).toMatchObject({ state: "open" });
});

test("declining needs a reason; the line above may decide as well, strangers see nothing", async () => {
  const id = await ask("90");
  await expect(decide(id, clerk, { verdict: "decline" })).rejects.toMatchObject({ code: "reasonMissing" });
  await expect(decide(id, await house.person("Sam Stranger"))).rejects.toMatchObject({ code: "notFound" });
  await expect(decide(id, await house.person("Mo Manager", "office.manager"))).rejects.toMatchObject({ code: "notYours" });
  await decide(id, owner, { verdict: "decline", reason: "Too dear" });
  expect(await read(id)).toMatchObject({ state: "declined", reason: "Too dear", decidedBy: "Olga Owner" });
  await expect(house.run(withdrawApproval, { approvalId: id }, asker)).rejects.toMatchObject({ code: "decidedAlready" });
});

test("the same wish is one approval, another content voids it, and a stale look decides nothing", async () => {
  const billId = newId();
  const first = await ask("50", asker, {}, billId);
  expect(await ask("50", asker, {}, billId)).toBe(first);
  const second = await ask("60", asker, {}, billId);
  expect(await read(first)).toMatchObject({ state: "void", reason: "It was asked for anew with other content." });
  const { hash } = await read(first);
  await expect(decide(second, clerk, { hash })).rejects.toMatchObject({ code: "changedSince" });
  await expect(decide(first, clerk)).rejects.toMatchObject({ code: "decidedAlready" });
});

test("an edit voids; agreement holds for exactly what was agreed", async () => {
  const billId = newId();
  const about = { subject: "bill.bill", id: billId };
  const propose = async (text: string) => (await house.run(askWithoutRun, { billId, text }, asker)).id;
  const agreed = (text: string) =>
    house.funnel.read({ tenantId: house.tenantId, actor: owner }, (context) => isApproved(context, about, { snapshot: { text } }));
  const edited = await propose("Draft");
  await house.funnel.work(house.tenantId, (context) => voidApprovals(context, about, "The text was edited."), house.today);
  expect(await read(edited)).toMatchObject({ state: "void", reason: "The text was edited." });
  await decide(await propose("Final"), owner);
  expect([await agreed("Final"), await agreed("Final!")]).toEqual([true, false]);
});

test("a wish is taken back by the one who made it", async () => {
  const id = await ask("70");
  await expect(house.run(withdrawApproval, { approvalId: id }, clerk)).rejects.toMatchObject({ name: "NotPermitted" });
  await house.run(withdrawApproval, { approvalId: id, reason: "Not needed" }, asker);
  expect(await read(id)).toMatchObject({ state: "withdrawn" });
  await expect(house.run(withdrawApproval, { approvalId: newId() }, owner)).rejects.toMatchObject({ code: "notFound" });
});

test("open decisions follow whoever answers from today on", async () => {
  const id = await ask("40");
  const nora = await house.person("Nora New");
  await house.run(assignResponsibility, { activity: "bill.payment", personId: nora.personId, from: "2026-03-01" }, owner);
  expect(await read(id)).toMatchObject({ approver: "Nora New" });
  expect(await house.call("office.task.list", { filter: { aboutId: id } }, nora)).toMatchObject({ rows: [{ person: "Nora New" }] });
  await decide(id, nora);
  for (const law of office.laws!) {
    expect(await house.funnel.read({ tenantId: house.tenantId, actor: owner }, (context) => law.breaks(context))).toEqual([]);
  }
});

test("what waits for whoever answers for it is not handed on to someone else", async () => {
  const id = await ask("41");
  const wish = { approvalId: id, personId: chief.personId!, reason: "I am off" };
  await expect(house.call("office.approval.reassign", wish, owner)).rejects.toMatchObject({ code: "seatFixed" });
});

test("what has to be approved cannot be done on the way to something else", async () => {
  const fin = await house.person("Finn Finance", "finance.manager");
  const steps = [{ approvers: [{ kind: "person", personId: owner.personId }] }];
  const rule = { name: "Every payment", operation: "bill.bill.pay", conditions: [], steps, from: "2026-03-01" };
  const { id: approvalPolicyId } = await house.call("office.approvalPolicy.create", rule, owner);
  const bill = { billId: newId(), amount: eur("42") };
  await expect(house.call("bill.bill.payInPassing", bill, fin)).rejects.toMatchObject({ code: "needsApproval" });
  await house.call("office.approvalPolicy.retire", { approvalPolicyId, lastDay: "2026-03-01" }, owner);
});

test("a limit needs one known holder and a new day", async () => {
  const limit = { activity: "bill.payment", from: "2026-02-01", amount: eur("5") };
  const set = (more: object) => house.run(setLimit, { ...limit, ...more }, owner);
  await expect(set({})).rejects.toMatchObject({ code: "holderMissing" });
  await expect(set({ personId: newId() })).rejects.toMatchObject({ code: "personUnknown" });
  await expect(set({ positionId: newId() })).rejects.toMatchObject({ code: "positionUnknown" });
  await expect(set({ personId: clerk.personId, activity: "all" })).rejects.toMatchObject({ code: "activityUnknown" });
  await set({ personId: chief.personId });
  await expect(set({ personId: chief.personId })).rejects.toMatchObject({ code: "plannedAlready" });
  const listed = await house.call("office.approvalLimit.list", { filter: { personId: chief.personId! }, sort: "fromDay" }, owner);
  expect(listed["rows"]).toMatchObject([
    { state: "ended", untilDay: "2026-01-31", amount: eur("1000.00") },
    { state: "active", holder: "Cleo Chief", amount: eur("5.00") },
  ]);
});
