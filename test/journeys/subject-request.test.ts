// Requests about personal data as the people concerned live them: whoever asks, whoever answers for personal data, and the second person.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../src/kernel/day.ts";
import type { Actor } from "../../src/platform/operation/context.ts";
import { type JourneyCompany, openCompany } from "./company.ts";

let company: JourneyCompany;
let jonas: Actor;
let priya: Actor;

beforeAll(async () => {
  company = await openCompany();
  jonas = await company.house.person("Jonas Sales");
  // A founder agrees to what is erased; she is no governance manager and may because she is asked.
  priya = await company.house.person("Priya Partner");
  const { does, helene, daniel } = company;
  const from = "2026-01-01";
  await does(helene, "office.responsibility.assign", { activity: "governance.privacy", personId: daniel.personId, from });
  await does(helene, "office.responsibility.assign", { activity: "governance.erasure", personId: priya.personId, from });
});
afterAll(() => company.house.close());

type Rows = { rows: Record<string, unknown>[] };
const tasksOf = async (as: Actor): Promise<string[]> => {
  const { rows } = (await company.house.call(
    "office.task.list",
    { filter: { state: "open", mine: "true" }, search: "personal data" },
    as,
  )) as unknown as Rows;
  return rows.map((row) => String(row["title"]));
};
const request = (kind: string, as: Actor, more: object = {}): Promise<Record<string, unknown>> =>
  company.does(as, "governance.subjectRequest.record", { personId: jonas.personId, kind, ...more });

test("Jonas asks what is held about him: nobody asks who he is, Daniel puts it together and answers", async () => {
  const { does, daniel, steps } = company;
  const { id: subjectRequestId } = await request("access", jonas);
  expect(await steps("subject-request")).toEqual({
    identified: "done",
    gathered: "open",
    proposed: "skipped",
    agreed: "skipped",
    answered: "waiting",
  });
  expect(await tasksOf(daniel)).toEqual(["Put together – Request about personal data of 2026-11-02"]);
  expect(await tasksOf(priya)).toEqual([]);
  await does(daniel, "governance.subjectRequest.gather", { subjectRequestId });
  expect(await tasksOf(daniel)).toEqual(["Answered – Request about personal data of 2026-11-02"]);
  await does(daniel, "governance.subjectRequest.answer", { subjectRequestId, how: "Given to him in the app." });
  expect(await steps("subject-request")).toMatchObject({ gathered: "done", answered: "done" });
  expect(await tasksOf(daniel)).toEqual([]);
});

test("his letter asks to be forgotten: Daniel makes sure it is him and proposes, Priya agrees, Daniel answers", async () => {
  const { does, house, daniel, steps } = company;
  house.today = day("2026-11-10");
  const letter = { channel: "letter", receivedAt: "2026-11-09T08:00:00Z" };
  const { id: subjectRequestId } = await request("erasure", daniel, letter);
  expect(await steps("subject-request")).toMatchObject({ identified: "open", gathered: "skipped", proposed: "waiting" });
  await does(daniel, "governance.subjectRequest.identify", { subjectRequestId, how: "Telephoned him under the number on file." });
  const { erasureId } = await does(daniel, "governance.subjectRequest.proposeErasure", { subjectRequestId });
  expect(await tasksOf(priya)).toEqual(["Erasure decided – Request about personal data of 2026-11-09"]);
  await expect(does(jonas, "governance.erasure.decide", { erasureId, verdict: "approve" })).rejects.toMatchObject({ name: "NotPermitted" });
  await does(priya, "governance.erasure.decide", { erasureId, verdict: "approve" });
  expect(await steps("subject-request")).toMatchObject({ agreed: "done", answered: "open" });
  await does(daniel, "governance.subjectRequest.answer", { subjectRequestId, how: "Told by letter what stays, until when and why." });
  expect(Object.values(await steps("subject-request"))).toEqual(["done", "skipped", "done", "done", "done"]);
});

test("a request that is refused at once leaves nothing to do", async () => {
  const { does, daniel, steps } = company;
  const { id: subjectRequestId } = await request("erasure", daniel, { channel: "mail" });
  await does(daniel, "governance.subjectRequest.refuse", { subjectRequestId, because: "Under way since the letter of 9 November." });
  expect(await steps("subject-request")).toEqual({
    identified: "skipped",
    gathered: "skipped",
    proposed: "skipped",
    agreed: "skipped",
    answered: "done",
  });
  expect(await tasksOf(daniel)).toEqual([]);
});
