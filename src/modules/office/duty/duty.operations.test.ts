// Duties that must not be in one hand: refused when a role is given, when someone acts and when they decide, unless a control is named.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Id, newId } from "../../../kernel/id.ts";
import type { WaitsForApproval } from "../../../platform/funnel/gate.ts";
import type { Actor } from "../../../platform/operation/context.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";

let house: TestHouse;
let olga: Actor;
let kim: Actor;
let kay: Actor;
let ida: Actor;
let rules: Id[] = [];

beforeAll(async () => {
  house = await openHouse({ today: "2026-03-02" });
  olga = await house.person("Olga Owner", "owner");
  kim = await house.person("Kim Keeper", "directory.manager");
  kay = await house.person("Kay Keeper", "directory.manager");
  ida = await house.person("Ida Identity", "identity.manager");
});
afterAll(() => house.close());

const part = async (more: object) => {
  const input = { name: "Made and changed", says: "whoever adds an organisation does not change it.", kind: "operation", ...more };
  const { id } = (await house.call("office.dutyConflict.create", input, olga)) as { id: Id };
  rules.push(id);
  return id;
};
const made = { first: "directory.organisation.create", second: "directory.organisation.update" };
const create = async (name: string, as: Actor) => ((await house.call("directory.organisation.create", { name }, as)) as { id: Id }).id;
const change = (organisationId: Id, as: Actor) =>
  house.call("directory.organisation.update", { organisationId, email: `${newId()}@x.example` }, as);
let ended = 10;
// A rule of one day still holds on that day; the next test wants to know nothing of it.
const endAll = async () => {
  for (const dutyConflictId of rules) {
    await house.call("office.dutyConflict.end", { dutyConflictId, reason: "The next test" }, olga);
    await house.owner.query("update office.duty_conflict set during = daterange($2::date, $2::date + 1) where id = $1", [
      dutyConflictId,
      `2020-01-${++ended}`,
    ]);
  }
  await house.owner.query("update platform.gate set stamp = gen_random_uuid()");
  rules = [];
};
const control = (dutyConflictId: Id, personId: Id | null, more: object = {}, as = olga) =>
  house.call(
    "office.dutyControl.create",
    {
      dutyConflictId,
      personId,
      control: "Kay looks through it each month",
      reason: "Only one keeper",
      reviewerId: kay.personId,
      reviewDay: "2026-06-30",
      ...more,
    },
    as,
  );

test("whoever did the first to the same papers does not do the second; others do", async () => {
  const id = await create("Acme", kim);
  const other = await create("Beta", kay);
  await part(made);
  const refused = change(id, kim);
  await expect(refused).rejects.toMatchObject({ code: "dutiesConflict", facts: { rule: "Made and changed" } });
  await expect(refused).rejects.toThrow("whoever adds an organisation does not change it");
  await change(id, kay);
  await change(other, kim);
  await endAll();
  await change(id, kim);
});

test("within some days whatever the papers, also for what was done before the rule", async () => {
  await create("Gamma", kim);
  const other = await create("Delta", olga);
  await part({ ...made, days: 5 });
  await expect(change(other, kim)).rejects.toMatchObject({ code: "dutiesConflict" });
  house.today = "2026-03-08" as never;
  await change(other, kim);
  house.today = "2026-03-02" as never;
  await endAll();
});

test("a named control lets it pass until its review, and the auditor sees each time", async () => {
  const rule = await part(made);
  const id = await create("Zeta", kim);
  await expect(control(rule, kim.personId, { reviewerId: kim.personId })).rejects.toMatchObject({ code: "ownReview" });
  await expect(control(rule, olga.personId)).rejects.toMatchObject({ code: "ownControl" });
  await expect(control(rule, newId())).rejects.toMatchObject({ code: "personUnknown" });
  await expect(control(rule, kim.personId, { reviewDay: "2027-06-30" })).rejects.toMatchObject({ code: "reviewTooFar" });
  const { id: dutyControlId } = await control(rule, kim.personId);
  await change(id, kim);
  const auditor = await house.person("Ada Auditor", "office.auditor");
  expect(await house.call("office.dutyOverride.list", {}, auditor)).toMatchObject({
    rows: [
      { person: "Kim Keeper", moment: "action", operation: "directory.organisation.update", aboutId: id, conflict: "Made and changed" },
    ],
  });
  await expect(house.call("office.dutyOverride.list", {}, kim)).rejects.toMatchObject({ name: "NotPermitted" });
  expect(await house.call("office.dutyControl.get", { id: dutyControlId }, auditor)).toMatchObject({ used: 1, state: "active" });
  house.today = "2026-07-01" as never;
  await expect(change(id, kim)).rejects.toMatchObject({ code: "dutiesConflict" });
  house.today = "2026-03-02" as never;
  await house.call("office.dutyControl.end", { dutyControlId }, olga);
  await expect(house.call("office.dutyControl.end", { dutyControlId }, olga)).rejects.toMatchObject({ code: "controlEnded" });
  await expect(change(id, kim)).rejects.toMatchObject({ code: "dutiesConflict" });
  await endAll();
});

test("whoever did the one does not agree to the other", async () => {
  await part(made);
  const id = await create("Eta", kim);
  const policy = {
    name: "Changes",
    operation: "directory.organisation.update",
    conditions: [],
    steps: [
      {
        approvers: [
          { kind: "person", personId: kim.personId },
          { kind: "person", personId: ida.personId },
        ],
        quorum: 1,
      },
    ],
    from: "2026-03-02",
  };
  const { id: approvalPolicyId } = await house.call("office.approvalPolicy.create", policy, olga);
  const held = await change(id, kay).catch((error: unknown) => error);
  const approvalId = (held as WaitsForApproval).facts.record!.id;
  await expect(house.call("office.approval.decide", { approvalId, verdict: "approve" }, kim)).rejects.toMatchObject({
    code: "dutiesConflict",
  });
  expect(await house.call("office.approval.decide", { approvalId, verdict: "approve" }, ida)).toMatchObject({ state: "approved" });
  await house.call("office.approvalPolicy.retire", { approvalPolicyId, lastDay: "2026-03-02" }, olga);
  await endAll();
});

test("a role that conflicts with one that is held is not given without a control", async () => {
  const rule = await part({
    kind: "role",
    first: "finance.accountant",
    second: "purchasing.manager",
    says: "whoever buys does not keep the books.",
  });
  const ben = await house.person("Ben Buyer", "purchasing.manager");
  const give = (more: object = {}) =>
    house.call("identity.roleGrant.give", { memberId: ben.userId, role: "finance.accountant", from: "2026-03-02", ...more }, ida);
  await expect(give()).rejects.toMatchObject({
    code: "dutiesConflict",
    message: expect.stringContaining("whoever buys does not keep the books"),
  });
  await give({ role: "office.manager" });
  await control(rule, ben.personId);
  await give();
  expect(await house.call("office.dutyOverride.list", { filter: { personId: ben.personId! } }, olga)).toMatchObject({
    rows: [{ moment: "grant" }],
  });
  expect(await house.call("office.dutyConflict.get", { id: rule }, olga)).toMatchObject({ inOneHand: 1 });
  await endAll();
});

test("rules are understood, and the usual ones come at once and once", async () => {
  await expect(part({ first: made.first, second: made.first })).rejects.toMatchObject({ code: "sameDuty" });
  await expect(part({ first: made.first, second: "office.task.list" })).rejects.toMatchObject({ code: "operationUnknown" });
  await expect(part({ kind: "role", first: "finance.accountant", second: "nobody" })).rejects.toMatchObject({ code: "roleUnclear" });
  const { added } = (await house.call("office.dutyConflict.usePreset", {}, olga)) as { added: number };
  expect(added).toBe(12);
  expect(await house.call("office.dutyConflict.usePreset", {}, olga)).toEqual({ added: 0, standing: 12 });
  const { rows } = (await house.call("office.dutyConflict.list", { filter: { state: "active" } }, olga)) as {
    rows: { id: Id; first: string; second: string }[];
  };
  const [one] = rows;
  await expect(
    part({ first: one!.second, second: one!.first, kind: one!.first.split(".").length === 3 ? "operation" : "role" }),
  ).rejects.toMatchObject({ code: "partedAlready" });
  await house.call("office.dutyConflict.end", { dutyConflictId: one!.id, reason: "Tried" }, olga);
  house.today = "2026-03-04" as never;
  await expect(house.call("office.dutyConflict.end", { dutyConflictId: one!.id, reason: "Again" }, olga)).rejects.toMatchObject({
    code: "ruleEnded",
  });
});
