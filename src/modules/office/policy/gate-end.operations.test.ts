// A wish under a policy whose people go while it waits: it is neither done nor lost, and the one who looks is told why.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { houseRefusals } from "../../../platform/funnel/denial.ts";
import { WaitsForApproval } from "../../../platform/funnel/gate.ts";
import type { Actor } from "../../../platform/operation/context.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";

let house: TestHouse;
let olga: Actor;
let mo: Actor;
let cleo: Actor;
let finance: Actor[];

beforeAll(async () => {
  house = await openHouse({ today: "2026-03-02" });
  olga = await house.person("Olga Owner", "owner");
  mo = await house.person("Mo Manager", "office.manager");
  cleo = await house.person("Cleo Chief");
  finance = [await house.person("Fin One", "finance.manager"), await house.person("Fin Two", "finance.manager")];
  const steps = [
    { title: "Chief", approvers: [{ kind: "person", personId: cleo.personId }] },
    { title: "Finance", approvers: [{ kind: "role", role: "finance.manager" }], quorum: 2 },
  ];
  const rule = { name: "Limits", operation: "office.approvalLimit.set", conditions: [], steps, from: "2026-03-02" };
  await house.call("office.approvalPolicy.create", rule, olga);
});
afterAll(() => house.close());

const away = (person: Actor, isAway: boolean) =>
  house.owner.query("update identity.member set disabled_at = $2 where person_id = $1", [person.personId, isAway ? new Date() : null]);
const decide = (approvalId: Id, as: Actor) => house.call("office.approval.decide", { approvalId, verdict: "approve" }, as);
async function wish(from: string): Promise<Id> {
  const input = { activity: "office.supplies", personId: cleo.personId, amount: { amount: "500", currency: "EUR" }, from };
  const answer: unknown = await house.call("office.approvalLimit.set", input, mo).catch((error: unknown) => error);
  expect(answer).toBeInstanceOf(WaitsForApproval);
  return (answer as WaitsForApproval).facts.record!.id;
}

test("too few are left for the next step: the vote is refused and nothing is decided", async () => {
  const id = await wish("2026-04-01");
  await away(finance[1]!, true);
  await expect(decide(id, cleo)).rejects.toMatchObject({ code: "nobodyLeft" });
  await away(finance[1]!, false);
  expect(await decide(id, cleo)).toMatchObject({ state: "open" });
});

test("who wished for it is gone at the end: it is not done, and that is kept", async () => {
  const id = await wish("2026-04-02");
  await decide(id, cleo);
  await decide(id, finance[0]!);
  await away(mo, true);
  const said = houseRefusals["requesterGone"]!;
  expect(await decide(id, finance[1]!)).toMatchObject({ state: "failed", says: expect.stringContaining(said) });
  await away(mo, false);
  const { rows } = (await house.call("office.approvalLimit.list", { filter: { fromDay: "2026-04-02" } }, olga)) as { rows: object[] };
  expect(rows).toEqual([]);
});
