// Requests of persons about their own data: every no on the way, who may, the month they are answered in, and what an erasure does here.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { newId } from "../../../kernel/id.ts";
import type { Actor } from "../../../platform/operation/context.ts";
import { type Company, openCompany } from "../company.testing.ts";
import {
  decideErasureOfPerson,
  eraseWhatIsDue,
  planErasureOfPerson,
  proposeErasureOfPerson,
  setKeeping,
  showKeeping,
} from "./erasure.operations.ts";
import { answerRequest, gatherForRequest, identifyPerson, recordRequest, refuseRequest } from "./request.operations.ts";

let company: Company;
let house: Company["house"];
let governor: Actor;
let second: Actor;
let ann: Actor;
let bob: Actor;
beforeAll(async () => {
  company = await openCompany();
  ({ house, governor, second } = company);
  ann = await house.person("Ann Asks");
  bob = await house.person("Bob Beside");
});
afterAll(() => house.close());

const code = (name: string) => expect.objectContaining({ code: name });
const denied = expect.objectContaining({ name: "NotPermitted" });
const record = (kind: string, as: Actor = ann, more: object = {}) =>
  house.run(recordRequest, { personId: ann.personId, kind, ...more }, as) as Promise<{ id: string }>;
const seen = async (as: Actor, id: string) =>
  ((await house.call("governance.subjectRequest.list", { filter: { id } }, as)) as { rows: Record<string, unknown>[] }).rows[0];
const month = async (id: string) => {
  const owner = await house.person("Olga Owner", "owner");
  const { rows } = (await house.call("office.deadline.list", { filter: { aboutId: id } }, owner)) as { rows: Record<string, unknown>[] };
  return rows[0];
};

describe("asking what is held", () => {
  test("one asks for oneself, nobody for somebody else, and the month begins", async () => {
    await expect(record("access", bob)).rejects.toEqual(denied);
    await expect(house.run(recordRequest, { personId: newId(), kind: "access" }, governor)).rejects.toEqual(code("personUnknown"));
    await expect(record("access", governor, { receivedAt: "2199-01-01T00:00:00Z" })).rejects.toEqual(code("inTheFuture"));
    const { id } = await record("access");
    expect(await seen(ann, id)).toMatchObject({ state: "identified", kind: "access", person: "Ann Asks" });
    expect(await seen(bob, id)).toBeUndefined();
    // Regulation 1182/71: a month from 21 November is over on 21 December, a Monday.
    expect(await month(id)).toMatchObject({ due: "2026-12-21", state: "open" });
  });

  test("nothing is given out before it is sure who asks, and nothing is said to be answered before it is given", async () => {
    const { id: subjectRequestId } = await record("access", governor, { channel: "letter", receivedAt: "2026-11-20T08:00:00Z" });
    await expect(house.run(gatherForRequest, { subjectRequestId }, governor)).rejects.toEqual(code("notIdentified"));
    await expect(house.run(answerRequest, { subjectRequestId, how: "x" }, governor)).rejects.toEqual(code("notIdentified"));
    await expect(house.run(identifyPerson, { subjectRequestId, how: "x" }, ann)).rejects.toEqual(denied);
    await house.run(identifyPerson, { subjectRequestId, how: "Passport shown" }, governor);
    await expect(house.run(answerRequest, { subjectRequestId, how: "x" }, governor)).rejects.toEqual(code("notGathered"));
    await expect(house.run(gatherForRequest, { subjectRequestId }, ann)).rejects.toEqual(denied);
    const { fileId } = await house.run(gatherForRequest, { subjectRequestId }, governor);
    const file = (as: Actor) => house.funnel.file(fileId, { tenantId: house.tenantId, actor: as });
    expect((await file(ann))!.mediaType).toBe("application/zip");
    expect(await file(bob)).toBeUndefined();
    await house.run(answerRequest, { subjectRequestId, how: "Given in the app" }, governor);
    expect(await seen(ann, subjectRequestId)).toMatchObject({ state: "answered", closedOn: "2026-11-21" });
    expect(await month(subjectRequestId)).toMatchObject({ state: "submitted" });
    await expect(house.run(answerRequest, { subjectRequestId, how: "x" }, governor)).rejects.toEqual(code("closed"));
    await expect(house.run(answerRequest, { subjectRequestId: newId(), how: "x" }, governor)).rejects.toEqual(code("notFound"));
  });

  test("what is refused is refused with a reason, and meets the month", async () => {
    const { id: subjectRequestId } = await record("objection");
    await expect(house.run(refuseRequest, { subjectRequestId, because: " " }, governor)).rejects.toMatchObject({ name: "InvalidInput" });
    await house.run(refuseRequest, { subjectRequestId, because: "The tenth time this week (Art. 12(5))." }, governor);
    expect(await seen(ann, subjectRequestId)).toMatchObject({ state: "refused" });
    expect(await month(subjectRequestId)).toMatchObject({ state: "submitted" });
  });
});

describe("erasing", () => {
  test("two people decide, the dry run says class by class what stays and why, and the proof stands", async () => {
    const { id: other } = await record("access");
    await expect(house.run(proposeErasureOfPerson, { subjectRequestId: other }, governor)).rejects.toEqual(code("notErasure"));
    const letter = await record("erasure", governor, { channel: "letter" });
    await expect(house.run(proposeErasureOfPerson, { subjectRequestId: letter.id }, governor)).rejects.toEqual(code("notIdentified"));

    const { id: subjectRequestId } = await record("erasure");
    await expect(house.run(planErasureOfPerson, { subjectRequestId }, ann)).rejects.toEqual(denied);
    await expect(house.run(planErasureOfPerson, { subjectRequestId: newId() }, governor)).rejects.toEqual(code("notFound"));
    const { rows } = await house.run(planErasureOfPerson, { subjectRequestId }, governor);
    // She may still sign in: who she is and how she is reached are in use.
    expect(rows.find((line) => line.class === "directory.contact")).toMatchObject({
      now: 0,
      stays: 1,
      why: expect.stringContaining("Still in use"),
    });
    await expect(house.run(answerRequest, { subjectRequestId, how: "x" }, governor)).rejects.toEqual(code("notDecided"));

    const { erasureId } = await house.run(proposeErasureOfPerson, { subjectRequestId }, governor);
    const again = await record("erasure");
    await expect(house.run(proposeErasureOfPerson, { subjectRequestId: again.id }, governor)).rejects.toEqual(code("erasureUnderWay"));
    const decide = (as: Actor, verdict: string, more: object = {}) => house.run(decideErasureOfPerson, { erasureId, verdict, ...more }, as);
    await expect(decide(governor, "approve")).rejects.toEqual(code("selfApproval"));
    await expect(decide(second, "decline")).rejects.toEqual(code("reasonMissing"));
    await expect(decide(ann, "approve")).rejects.toEqual(denied);
    await expect(house.run(decideErasureOfPerson, { erasureId: newId(), verdict: "approve" }, second)).rejects.toEqual(code("notFound"));
    await decide(second, "approve");
    await expect(decide(second, "approve")).rejects.toEqual(code("decidedAlready"));
    await house.run(answerRequest, { subjectRequestId, how: "Told what stays and why." }, governor);
  });

  test("a declined one erases nothing", async () => {
    const carl = await house.person("Carl Calm");
    const { id: subjectRequestId } = await house.run(recordRequest, { personId: carl.personId, kind: "erasure" }, carl);
    const { erasureId } = await house.run(proposeErasureOfPerson, { subjectRequestId }, governor);
    await house.run(decideErasureOfPerson, { erasureId, verdict: "decline", reason: "A court asks for it." }, second);
    const { rows } = (await house.call("governance.erasureDeed.list", { filter: { erasureId } }, governor)) as { rows: unknown[] };
    expect(rows).toEqual([]);
  });

  test("once they are out, they go by themselves on their day: name, address, account, trail and proof", async () => {
    const owner = await house.person("Olga Owner", "owner");
    const { rows: members } = await house.owner.query("select user_id from identity.member where person_id = $1", [ann.personId]);
    await house.call("identity.member.disable", { memberId: members[0].user_id }, owner);
    house.today = day("2027-01-15");
    const sweep = () => house.funnel.work(house.tenantId, eraseWhatIsDue, house.today);
    await sweep();
    const { rows: found } = await house.owner.query("select name, email from directory.party where id = $1", [ann.personId]);
    // Her requests must be kept until the end of 2029: until then who she is stays, how she is reached does not.
    expect(found).toEqual([{ name: "Ann Asks", email: "(erased)" }]);
    const { rows: erasures } = (await house.call("governance.erasure.list", { filter: { state: "approved" } }, governor)) as {
      rows: Record<string, unknown>[];
    };
    expect(erasures).toMatchObject([{ person: "Ann Asks" }]);
    for (const { id } of (
      (await house.call("governance.subjectRequest.list", { filter: { closedOn: "" } }, governor)) as { rows: { id: string }[] }
    ).rows) {
      await house.run(refuseRequest, { subjectRequestId: id, because: "Withdrawn" }, governor);
    }
    house.today = day("2031-02-01");
    await sweep();
    const { rows: gone } = await house.owner.query("select name, email from directory.party where id = $1", [ann.personId]);
    expect(gone).toEqual([{ name: "(erased)", email: "(erased)" }]);
    const { rows: deeds } = (await house.call("governance.erasureDeed.list", { sort: "doneAt" }, governor)) as {
      rows: Record<string, unknown>[];
    };
    expect(deeds.at(-1)).toMatchObject({ trailDigest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(String(deeds.at(-1)!["classes"])).toContain("Who they are");
    expect((await house.call("platform.law.check", {}, owner))["holds"]).toBe(true);
  });
});

test("the company may say how long a class is kept, of those there are", async () => {
  const law = "Seven years (BAO § 132).";
  await expect(house.run(setKeeping, { class: "no.class", months: 1, law }, governor)).rejects.toEqual(code("classUnknown"));
  await house.run(setKeeping, { class: "governance.attestation", months: 84, law }, governor);
  const { rows } = await house.run(showKeeping, {}, governor);
  expect(rows).toContainEqual(expect.objectContaining({ class: "governance.attestation", months: 84, law }));
});
