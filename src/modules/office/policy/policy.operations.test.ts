// Policies on a real database: operations of the house wait without a change to their code, and run as who wished for them.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Id, newId } from "../../../kernel/id.ts";
import { WaitsForApproval } from "../../../platform/funnel/gate.ts";
import type { Actor } from "../../../platform/operation/context.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { office } from "../module.ts";
import { makeLine } from "../office.testing.ts";
import { assignResponsibility } from "../responsibility/responsibility.operations.ts";
import { createDelegation } from "../delegation/delegation.operations.ts";

let house: TestHouse;
let olga: Actor;
let cleo: Actor;
let carl: Actor;
let mo: Actor;
let finSeat: Id;
let fin1: Actor;
let fin2: Actor;
let fin3: Actor;

beforeAll(async () => {
  house = await openHouse({ today: "2026-03-02" });
  olga = await house.person("Olga Owner", "owner");
  cleo = await house.person("Cleo Chief");
  carl = await house.person("Carl Clerk", "directory.manager");
  // Mo keeps the office and wishes; the three of finance decide.
  mo = await house.person("Mo Manager", "office.manager");
  fin1 = await house.person("Fin One", "finance.manager");
  fin2 = await house.person("Fin Two", "finance.manager");
  fin3 = await house.person("Fin Three", "finance.manager");
  const line = await makeLine(house, olga);
  const top = await line.seat("TOP", olga);
  const chief = await line.seat("CHIEF", cleo, top);
  await line.seat("MO", mo, chief);
  await line.seat("CARL", carl, chief);
  finSeat = await line.seat("FIN", fin1, chief);
  await house.run(assignResponsibility, { activity: "it.equipment", personId: carl.personId, from: "2026-01-01" }, olga);
});
afterAll(() => house.close());

let made: Id[] = [];
beforeEach(async () => {
  for (const approvalPolicyId of made)
    await house.call("office.approvalPolicy.retire", { approvalPolicyId, lastDay: "2026-03-02" }, olga).catch(() => undefined);
  // A policy of one day still holds on that day; the next test lives on the next.
  for (const id of made)
    await house.owner.query("update office.approval_policy set during = '[2020-01-01,2020-01-02)' where id = $1", [id]);
  await house.owner.query("update platform.gate set stamp = gen_random_uuid()");
  made = [];
  const { rows } = (await house.call("office.approval.list", { filter: { state: "open" }, limit: 200 }, olga)) as { rows: { id: Id }[] };
  for (const { id } of rows) await house.call("office.approval.withdraw", { approvalId: id }, olga);
});

const eur = (amount: string) => ({ amount, currency: "EUR" });
const role = { kind: "role", role: "finance.manager" };
const step = (approvers: object[], more: object = {}) => ({ approvers, ...more });
async function policy(operation: string, steps: object[], conditions: object[] = [], more: object = {}): Promise<Id> {
  const input = { name: `Policy for ${operation}`, operation, conditions, steps, from: "2026-03-02", ...more };
  const { id } = (await house.call("office.approvalPolicy.create", input, olga)) as { id: Id };
  made.push(id);
  return id;
}

const limitWish = (amount: string, from = "2026-03-02") => ({
  activity: "office.supplies",
  personId: cleo.personId,
  amount: eur(amount),
  from,
});
let dayCount = 0;
const freshDay = () => `2026-${String(4 + Math.floor(dayCount / 28)).padStart(2, "0")}-${String((dayCount++ % 28) + 1).padStart(2, "0")}`;

/** Wishes and expects to wait; returns the approval. */
async function waits(name: string, input: object, as: Actor, options: { key?: string; dryRun?: boolean } = {}) {
  const answer: unknown = await house.call(name, input, as, options).catch((error: unknown) => error);
  if (!(answer instanceof WaitsForApproval)) throw new Error(`it did not wait: ${JSON.stringify(answer)} ${String(answer)}`);
  return answer.facts;
}
const setLimit = (amount = "5000", as = mo, options = {}) => waits("office.approvalLimit.set", limitWish(amount, freshDay()), as, options);
const decide = (approvalId: Id, as: Actor, more: object = {}) =>
  house.call("office.approval.decide", { approvalId, verdict: "approve", ...more }, as) as Promise<{
    state: string;
    says: string;
    result: unknown;
  }>;
const read = (id: Id, as = olga) => house.call("office.approval.get", { id }, as);
const idOf = (facts: { record: { id: Id } | null }) => facts.record!.id;
const laws = async () => {
  const broken: string[] = [];
  for (const law of office.laws!) {
    broken.push(...(await house.funnel.read({ tenantId: house.tenantId, actor: olga }, (context) => law.breaks(context))));
  }
  return broken;
};
const limitsOf = async () => {
  const { rows } = await house.owner.query<{ n: string }>("select count(*) as n from office.approval_limit");
  return Number(rows[0]!.n);
};

describe("the gate", () => {
  test("holds back what fits, lets through what does not, and says for whom it waits", async () => {
    await policy("office.approvalLimit.set", [step([role], { quorum: 1 })], [{ field: "amount", is: "atLeast", amount: eur("1000") }]);
    const before = await limitsOf();
    expect(await house.call("office.approvalLimit.set", limitWish("999.99", freshDay()), mo)).toHaveProperty("id");
    const facts = await setLimit("1000.00");
    expect(facts.waitsFor).toEqual(["Fin One", "Fin Two", "Fin Three"]);
    expect(facts.says).toContain("it waits for Fin One, Fin Two, Fin Three");
    expect(await limitsOf()).toBe(before + 1);
    expect(await read(idOf(facts))).toMatchObject({
      state: "open",
      requestedBy: "Mo Manager",
      amount: eur("1000.00"),
      step: "1 of 1",
      own: false,
    });
  });

  test("answers a key the same again, a dry run without a trace, and does the wish as who wished, once", async () => {
    await policy("office.approvalLimit.set", [step([role], { quorum: 1 })]);
    const input = limitWish("70", freshDay());
    const dry = await waits("office.approvalLimit.set", input, mo, { dryRun: true });
    expect(dry).toMatchObject({ record: null, waitsFor: ["Fin One", "Fin Two", "Fin Three"] });
    const first = await waits("office.approvalLimit.set", input, mo, { key: "wish-1" });
    const again = await waits("office.approvalLimit.set", input, mo, { key: "wish-1" });
    const noKey = await waits("office.approvalLimit.set", input, mo);
    expect([idOf(again), idOf(noKey)]).toEqual([idOf(first), idOf(first)]);
    const before = await limitsOf();
    expect(await decide(idOf(first), fin2)).toMatchObject({ state: "approved", result: { id: expect.any(String) } });
    expect(await limitsOf()).toBe(before + 1);
    const { rows } = await house.owner.query(
      "select actor_name from platform.operation_log where operation = 'office.approvalLimit.set' order by at desc, id desc limit 1",
    );
    expect(rows).toEqual([{ actor_name: "Mo Manager" }]);
    await expect(decide(idOf(first), fin1)).rejects.toMatchObject({ code: "decidedAlready" });
    expect(await waits("office.approvalLimit.set", input, mo, { key: "wish-1" })).toMatchObject({ record: { id: idOf(first) } });
  });

  test("does not ask for what would be refused anyway", async () => {
    await policy("office.approvalLimit.set", [step([role], { quorum: 1 })]);
    const wrong = { ...limitWish("70", freshDay()), activity: "all" };
    await expect(house.call("office.approvalLimit.set", wrong, mo)).rejects.toMatchObject({ code: "activityUnknown" });
  });

  test("looks at permission again at the end: what was refused then is kept and told", async () => {
    await policy("office.approvalLimit.set", [step([role], { quorum: 1 })]);
    const tia = await house.person("Tia Temp", "office.manager");
    const facts = await setLimit("80", tia);
    await house.owner.query("update identity.role_grant set until_day = '2026-03-01' where user_id = $1", [tia.userId]);
    const before = await limitsOf();
    expect(await decide(idOf(facts), fin1)).toMatchObject({ state: "failed", says: expect.stringContaining("You may not do this") });
    expect(await limitsOf()).toBe(before);
    expect(await read(idOf(facts), tia)).toMatchObject({ state: "failed", failure: expect.stringContaining("You may not do this") });
    const { rows } = await house.owner.query(
      "select title from platform.notification where person_id = $1 order by at desc, id desc limit 1",
      [tia.personId],
    );
    expect(rows[0]).toMatchObject({ title: expect.stringContaining("Approved, but it could not be done") });
  });

  test("voids what was voted on when the record was edited since", async () => {
    await policy("directory.organisation.update", [step([role], { quorum: 2 })], [{ field: "name", is: "given" }]);
    const { id: organisationId } = await house.call("directory.organisation.create", { name: "Acme" }, carl);
    const facts = await waits("directory.organisation.update", { organisationId, name: "Acme Ltd" }, carl);
    await decide(idOf(facts), fin1);
    // Another field is not under the policy, and changes the record in between.
    await house.call("directory.organisation.update", { organisationId, email: "post@acme.example" }, carl);
    expect(await decide(idOf(facts), fin2)).toMatchObject({ state: "void", says: expect.stringContaining("Carl Clerk") });
    expect(await house.call("directory.organisation.get", { id: organisationId }, carl)).toMatchObject({ name: "Acme" });
    expect(await laws()).toEqual([]);
  });

  test("voids the wish before when the same person asks for something else", async () => {
    await policy("directory.organisation.update", [step([role], { quorum: 1 })]);
    const { id: organisationId } = await house.call("directory.organisation.create", { name: "Beta" }, carl);
    const one = await waits("directory.organisation.update", { organisationId, name: "Beta One" }, carl);
    const two = await waits("directory.organisation.update", { organisationId, name: "Beta Two" }, carl);
    expect(await read(idOf(one), carl)).toMatchObject({ state: "void" });
    await decide(idOf(two), fin3);
    expect(await house.call("directory.organisation.get", { id: organisationId }, carl)).toMatchObject({ name: "Beta Two" });
  });

  test("keeps what it holds back from those who take no part", async () => {
    await policy("directory.organisation.update", [step([role], { quorum: 1 })]);
    const { id: organisationId } = await house.call("directory.organisation.create", { name: "Quiet" }, carl);
    const facts = await waits("directory.organisation.update", { organisationId, name: "Quieter" }, carl);
    await expect(read(idOf(facts), mo)).rejects.toMatchObject({ code: "notFound" });
    await expect(read(idOf(facts), cleo)).rejects.toMatchObject({ code: "notFound" });
    expect(await read(idOf(facts), fin2)).toMatchObject({ mine: true });
    expect(await house.call("office.approval.list", { filter: { mine: "true" } }, mo)).toMatchObject({ rows: [] });
  });
});

describe("who has to agree", () => {
  test("all of three: a first voice decides nothing, the last one does", async () => {
    await policy("office.approvalLimit.set", [step([role])]);
    const id = idOf(await setLimit());
    expect(await decide(id, fin1)).toMatchObject({ state: "open", says: expect.stringContaining("Fin Two, Fin Three") });
    await expect(decide(id, fin1)).rejects.toMatchObject({ code: "votedAlready" });
    expect(await decide(id, fin3)).toMatchObject({ state: "open" });
    expect(await decide(id, fin2)).toMatchObject({ state: "approved" });
    expect(await laws()).toEqual([]);
  });

  test("two of three: the third is not asked any more", async () => {
    await policy("office.approvalLimit.set", [step([role], { quorum: 2 })]);
    const id = idOf(await setLimit());
    await decide(id, fin3);
    expect(await decide(id, fin1)).toMatchObject({ state: "approved" });
    const open = await house.call("office.task.list", { filter: { aboutId: id, state: "open" } }, olga);
    expect(open).toMatchObject({ rows: [] });
  });

  test("one no ends it, with its reason", async () => {
    await policy("office.approvalLimit.set", [step([role])]);
    const id = idOf(await setLimit());
    await decide(id, fin1);
    await expect(decide(id, fin2, { verdict: "decline" })).rejects.toMatchObject({ code: "reasonMissing" });
    expect(await decide(id, fin2, { verdict: "decline", reason: "Too much" })).toMatchObject({ state: "declined" });
    expect(await read(id)).toMatchObject({ state: "declined", reason: "Too much" });
  });

  test("one step after the other, and nobody at two of them", async () => {
    // Fin One leads nobody; the second step names Cleo, who leads Mo and so sits at the first already: hers goes up to Olga.
    await policy("office.approvalLimit.set", [
      step([{ kind: "lineManager" }], { title: "Line" }),
      step([{ kind: "person", personId: cleo.personId }], { title: "Again" }),
    ]);
    const id = idOf(await setLimit());
    expect(await read(id)).toMatchObject({ waitsFor: "Cleo Chief", step: "1 of 2" });
    await expect(decide(id, olga)).rejects.toMatchObject({ code: "notYours" });
    expect(await decide(id, cleo)).toMatchObject({ state: "open", says: expect.stringContaining("Olga Owner") });
    expect(await decide(id, olga)).toMatchObject({ state: "approved" });
    const { steps } = (await house.call("office.approval.chain", { approvalId: id }, mo)) as {
      steps: { title: string; state: string; seats: object[] }[];
    };
    expect(steps).toMatchObject([
      { title: "Line", state: "approved", seats: [{ person: "Cleo Chief", vote: { by: "Cleo Chief", verdict: "approve", for: null } }] },
      { title: "Again", state: "approved", seats: [{ person: "Olga Owner", state: "voted" }] },
    ]);
  });

  test.each([
    ["line manager", { kind: "lineManager" }, "Cleo Chief"],
    ["two levels up", { kind: "lineManager", levels: 2 }, "Olga Owner"],
    ["who leads the unit", { kind: "unitLead" }, "Olga Owner"],
    ["who answers for an activity", { kind: "activity", activity: "it.equipment" }, "Carl Clerk"],
    ["a seat", { kind: "position" }, "Fin One"],
  ])("approver: %s", async (_, approver, name) => {
    await policy("office.approvalLimit.set", [step([approver.kind === "position" ? { ...approver, positionId: finSeat } : approver])]);
    expect(await read(idOf(await setLimit()))).toMatchObject({ waitsFor: name });
  });

  test("who wishes is never among them: it goes up", async () => {
    await policy("office.approvalLimit.set", [step([{ kind: "person", personId: mo.personId }])]);
    const id = idOf(await setLimit());
    expect(await read(id)).toMatchObject({ waitsFor: "Cleo Chief" });
    await expect(decide(id, mo)).rejects.toMatchObject({ code: "selfApproval" });
  });

  test("too few people are said at once", async () => {
    await policy("office.approvalLimit.set", [step([role], { quorum: 4 })]);
    await expect(house.call("office.approvalLimit.set", limitWish("1", freshDay()), mo)).rejects.toMatchObject({ code: "tooFewApprovers" });
  });

  test("two who decide at the same moment: one outcome, two voices", async () => {
    await policy("office.approvalLimit.set", [step([role], { quorum: 1 })]);
    const id = idOf(await setLimit());
    const before = await limitsOf();
    const both = await Promise.allSettled([decide(id, fin1), decide(id, fin2)]);
    expect(both.map((one) => one.status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(both.find((one) => one.status === "rejected")).toMatchObject({ reason: { code: "decidedAlready" } });
    expect(await limitsOf()).toBe(before + 1);
    const all = idOf(await (await policy("office.approvalLimit.set", [step([role])], [], { rank: 1, name: "All" }), setLimit("4")));
    const three = await Promise.all([fin1, fin2, fin3].map((who) => decide(all, who)));
    expect(three.map((one) => one.state).toSorted()).toEqual(["approved", "open", "open"]);
  });
});

describe("while someone is away", () => {
  test("their stand-in decides for them, and both are kept; nobody does for themself through it", async () => {
    await policy("office.approvalLimit.set", [
      step([
        { kind: "person", personId: fin1.personId },
        { kind: "person", personId: fin2.personId },
      ]),
    ]);
    const dora = await house.person("Dora Deputy");
    const away = { from: "2026-03-01", until: "2026-03-20", reason: "Leave" };
    await house.run(createDelegation, { principalId: fin1.personId, standInId: dora.personId, ...away }, fin1);
    const id = idOf(await setLimit());
    expect(await house.call("office.approval.list", { filter: { mine: "true", state: "open" } }, dora)).toMatchObject({
      rows: [{ id }],
      next: null,
    });
    expect(await house.call("office.approval.chain", { approvalId: id }, dora)).toMatchObject({ mayDecide: true, decidesFor: "Fin One" });
    expect(await decide(id, dora)).toMatchObject({ state: "open" });
    // Fin One is back early; the voice was given for them already.
    await expect(decide(id, fin1)).rejects.toMatchObject({ code: "votedAlready" });
    await decide(id, fin2);
    const { rows } = await house.owner.query(
      "select actor_id, principal_id, delegation_id is not null as by from office.approval_vote where approval_id = $1 order by at, id",
      [id],
    );
    expect(rows[0]).toEqual({ actor_id: dora.personId, principal_id: fin1.personId, by: true });
    expect(await laws()).toEqual([]);
  });

  test("whoever stands in for two has one voice, and a wish of the stand-in is not theirs to decide", async () => {
    await policy("office.approvalLimit.set", [
      step([
        { kind: "person", personId: fin2.personId },
        { kind: "person", personId: fin3.personId },
      ]),
    ]);
    const away = { from: "2026-03-01", until: "2026-03-20", reason: "Leave" };
    const dan = await house.person("Dan Deputy", "office.manager");
    for (const one of [fin2, fin3]) await house.run(createDelegation, { principalId: one.personId, standInId: dan.personId, ...away }, one);
    const id = idOf(await setLimit());
    await decide(id, dan);
    await expect(decide(id, dan)).rejects.toMatchObject({ code: "votedAlready" });
    const own = idOf(await setLimit("10", dan));
    await expect(decide(own, dan)).rejects.toMatchObject({ code: "selfApproval" });
    expect(await decide(own, fin2)).toMatchObject({ state: "open" });
    expect(await decide(own, fin3)).toMatchObject({ state: "approved" });
  });
});

describe("what else can be done while it waits", () => {
  test("asking back and answering", async () => {
    await policy("office.approvalLimit.set", [step([role], { quorum: 1 })]);
    const id = idOf(await setLimit());
    await expect(house.call("office.approval.ask", { approvalId: id, question: " " }, fin1)).rejects.toMatchObject({
      code: "questionEmpty",
    });
    await expect(house.call("office.approval.answer", { approvalId: id, answer: "?" }, mo)).rejects.toMatchObject({ code: "nothingAsked" });
    await house.call("office.approval.ask", { approvalId: id, question: "Why so much?" }, fin1);
    expect(await read(id, mo)).toMatchObject({ can: expect.arrayContaining(["office.approval.answer"]) });
    await house.call("office.approval.answer", { approvalId: id, answer: "Spring cleaning." }, mo);
    expect(await house.call("office.approval.chain", { approvalId: id }, fin1)).toMatchObject({
      questions: [{ question: "Why so much?", askedBy: "Fin One", answer: "Spring cleaning.", answeredBy: "Mo Manager" }],
    });
    await expect(house.call("office.approval.chain", { approvalId: newId() }, fin1)).rejects.toMatchObject({ code: "notFound" });
  });

  test("handing on, to someone who may", async () => {
    await policy("office.approvalLimit.set", [
      step([
        { kind: "person", personId: fin1.personId },
        { kind: "person", personId: fin2.personId },
      ]),
    ]);
    const id = idOf(await setLimit());
    const handOn = (input: object, as: Actor) => house.call("office.approval.reassign", { approvalId: id, reason: "Away", ...input }, as);
    const stranger = (await house.call("directory.person.create", { name: "Nobody Here" }, olga)) as { id: Id };
    await expect(handOn({ personId: newId() }, fin1)).rejects.toMatchObject({ code: "personUnknown" });
    await expect(handOn({ personId: stranger.id }, fin1)).rejects.toMatchObject({ code: "personAway" });
    await expect(handOn({ personId: mo.personId }, fin1)).rejects.toMatchObject({ code: "personInvolved" });
    await expect(handOn({ personId: fin2.personId }, fin1)).rejects.toMatchObject({ code: "sitsThere" });
    await expect(handOn({ personId: cleo.personId }, mo)).rejects.toMatchObject({ code: "seatUnclear" });
    await handOn({ personId: cleo.personId }, fin1);
    expect(await read(id)).toMatchObject({ waitsFor: "Cleo Chief, Fin Two" });
    await expect(decide(id, fin1)).rejects.toMatchObject({ code: "notFound" });
    await decide(id, cleo);
    expect(await decide(id, fin2)).toMatchObject({ state: "approved" });
    await expect(handOn({ personId: fin3.personId }, olga)).rejects.toMatchObject({ code: "decidedAlready" });
  });

  test("taking it back", async () => {
    await policy("office.approvalLimit.set", [step([role], { quorum: 1 })]);
    const id = idOf(await setLimit());
    await house.call("office.approval.withdraw", { approvalId: id }, mo);
    await expect(decide(id, fin1)).rejects.toMatchObject({ code: "decidedAlready" });
  });

  test("several at once, each with its outcome", async () => {
    await policy("office.approvalLimit.set", [step([role], { quorum: 1 })]);
    const [three, two, one] = [idOf(await setLimit()), idOf(await setLimit()), idOf(await setLimit())];
    await decide(three!, fin2);
    const decisions = [
      { approvalId: one, verdict: "approve" },
      { approvalId: two, verdict: "decline" },
      { approvalId: three, verdict: "approve" },
    ];
    const { results } = (await house.call("office.approval.decideMany", { decisions, reason: "Budget" }, fin1)) as {
      results: { approvalId: Id }[];
    };
    const by = new Map(results.map((result) => [result.approvalId, result]));
    expect([by.get(one!), by.get(two!), by.get(three!)]).toMatchObject([
      { state: "approved", code: null },
      { state: "declined", code: null },
      { state: "refused", code: "decidedAlready" },
    ]);
    expect(await read(two!)).toMatchObject({ reason: "Budget" });
  });
});

describe("a policy", () => {
  const create = (more: object) =>
    house.call(
      "office.approvalPolicy.create",
      { name: "P", operation: "office.approvalLimit.set", conditions: [], steps: [step([role])], from: "2026-03-02", ...more },
      olga,
    );
  test.each([
    ["operationUnknown", { operation: "office.task.list" }],
    ["operationFree", { operation: "office.approval.decide" }],
    ["fieldUnknown", { conditions: [{ field: "colour", is: "equals", value: "red" }] }],
    ["conditionUnclear", { conditions: [{ field: "amount", is: "atLeast", value: "5" }] }],
    ["approverUnclear", { steps: [step([{ kind: "role" }])] }],
    ["activityUnknown", { steps: [step([{ kind: "activity", activity: "everything" }])] }],
    ["quorumTooHigh", { steps: [step([{ kind: "lineManager" }], { quorum: 2 })] }],
    ["endsBeforeStart", { until: "2026-03-01" }],
  ])("is refused with %s", async (code, more) => {
    await expect(create(more)).rejects.toMatchObject({ code });
  });

  test("changes from a day on, keeps what waits, and ends", async () => {
    const id = await policy("office.approvalLimit.set", [step([role], { quorum: 1 })]);
    const waiting = idOf(await setLimit());
    const change = (more: object) =>
      house.call("office.approvalPolicy.change", { approvalPolicyId: id, from: "2026-03-10", ...more }, olga);
    await expect(change({ from: "2026-03-01" })).rejects.toMatchObject({ code: "changeInPast" });
    const next = (await change({ steps: [step([{ kind: "lineManager" }])] })) as { id: Id };
    made.push(next.id);
    expect(next.id).not.toBe(id);
    const listed = await house.call("office.approvalPolicy.list", { filter: { id: `${id}|${next.id}` }, sort: "fromDay" }, olga);
    expect(listed["rows"]).toMatchObject([
      { state: "active", untilDay: "2026-03-09", waiting: 1 },
      { state: "future", replacesId: id, stepCount: 1 },
    ]);
    await decide(waiting, fin1);
    house.today = "2026-03-10" as never;
    try {
      expect(await read(idOf(await setLimit()))).toMatchObject({ waitsFor: "Cleo Chief" });
      await expect(
        house.call("office.approvalPolicy.retire", { approvalPolicyId: next.id, lastDay: "2026-03-09" }, olga),
      ).rejects.toMatchObject({ code: "endsBeforeStart" });
      await expect(house.call("office.approvalPolicy.retire", { approvalPolicyId: id, lastDay: "2026-03-20" }, olga)).rejects.toMatchObject(
        { code: "policyEnded" },
      );
      await house.call("office.approvalPolicy.retire", { approvalPolicyId: next.id, lastDay: "2026-03-12" }, olga);
      house.today = "2026-03-12" as never;
      await expect(
        house.call("office.approvalPolicy.retire", { approvalPolicyId: next.id, lastDay: "2026-03-10" }, olga),
      ).rejects.toMatchObject({ code: "endInPast" });
      house.today = "2026-03-13" as never;
      expect(await house.call("office.approvalLimit.set", limitWish("1", freshDay()), mo)).toHaveProperty("id");
    } finally {
      house.today = "2026-03-02" as never;
    }
  });

  test("asks about the record, and about who was never dealt with", async () => {
    const { id: organisationId } = await house.call("directory.organisation.create", { name: "Gamma" }, carl);
    const { id: knownId } = await house.call("directory.organisation.create", { name: "Delta" }, carl);
    await house.call("directory.organisation.update", { organisationId: knownId, email: "a@delta.example" }, carl);
    await policy("directory.organisation.update", [step([role], { quorum: 1 })], [{ field: "organisationId", is: "firstTime" }]);
    await policy(
      "directory.organisation.update",
      [step([{ kind: "lineManager" }])],
      [{ field: "record.name", is: "equals", value: "Delta" }],
    );
    expect((await waits("directory.organisation.update", { organisationId, email: "b@gamma.example" }, carl)).waitsFor).toContain(
      "Fin One",
    );
    expect((await waits("directory.organisation.update", { organisationId: knownId, email: "c@delta.example" }, carl)).waitsFor).toEqual([
      "Cleo Chief",
    ]);
  });

  test("is tried on what happened before it counts", async () => {
    const before = freshDay();
    await house.call("office.approvalLimit.set", limitWish("4321", before), mo);
    const conditions = [{ field: "amount", is: "atLeast", amount: eur("4321") }];
    const tried = await house.call("office.approvalPolicy.try", { operation: "office.approvalLimit.set", conditions }, olga);
    expect(tried).toMatchObject({
      more: false,
      rows: expect.arrayContaining([expect.objectContaining({ by: "Mo Manager", why: "amount: 4321.00 EUR" })]),
    });
    expect(tried["waited"]).toBeLessThan(tried["looked"] as number);
    await expect(house.call("office.approvalPolicy.try", { operation: "a.b.c", conditions: [] }, olga)).rejects.toMatchObject({
      code: "operationUnknown",
    });
  });
});
