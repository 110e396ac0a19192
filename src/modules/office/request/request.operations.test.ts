// Requests on a real database: filed, answered, waited for, solved, reopened, closed, and every no on the way.
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "../../../kernel/id.ts";
import { day } from "../../../kernel/day.ts";
import { decideApproval } from "../approval/approval.operations.ts";
import { createTask } from "../task/task.operations.ts";
import { approveRequest } from "./approve.operations.ts";
import {
  assignRequest,
  confirmRequest,
  prioritiseRequest,
  rateRequest,
  recategoriseRequest,
  reopenRequest,
  solveRequest,
  takeRequest,
} from "./care.operations.ts";
import { requestLaws } from "./laws.ts";
import { askRequester, cancelRequest, createRequest, noteRequest, replyRequest, resumeRequest, waitRequest } from "./request.operations.ts";
import { type Desk, openDesk } from "./request.testing.ts";
import { closeSolved, routeRequests } from "./sweep.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.house.close());

const text = "Words";

test("a request has a number, goes to whoever answers for its kind, and stands in their inbox", async () => {
  const { house, ann, erik } = desk;
  const made = await desk.file(ann, "it-trouble", { says: "Since Monday" });
  expect(made.number).toMatch(/^REQ-2026-\d{5}$/);
  expect(await desk.get(ann, made.id)).toMatchObject({
    state: "new",
    person: "Erik It",
    unassigned: true,
    own: true,
    works: false,
    answers: { what: "Network", error: "It is slow" },
    priority: "low",
    form: "Version 1",
  });
  expect(await desk.rows(erik, "office.task", { aboutId: made.id })).toMatchObject([{ state: "open", person: "Erik It", mine: true }]);
  const next = await desk.file(ann, "supplies");
  expect(Number(next.number.slice(-5))).toBe(Number(made.number.slice(-5)) + 1);
  await expect(house.run(createRequest, { kindId: newId() }, ann)).rejects.toMatchObject({ code: "kindUnknown" });
});

test("answers have to fit the form; what they refer to has to be there", async () => {
  const { house, ann } = desk;
  const kindId = await desk.kind("it-trouble");
  const file = (answers: object) => house.run(createRequest, { kindId, answers }, ann);
  await expect(file({ what: "Program", error: "x" })).rejects.toMatchObject({ code: "answerUnfit", path: ["answers", "program"] });
  await expect(file({ what: "Teapot", error: "x" })).rejects.toMatchObject({
    code: "answerUnfit",
    message: /What is it about must be one of/,
  });
  await expect(file({ what: "Computer", device: newId(), error: "x" })).rejects.toMatchObject({ code: "answerUnknown" });
  // What hangs on another answer is left out when it is not asked for.
  const { id } = await file({ what: "Network", program: "Mail", error: "x" });
  expect((await desk.get(ann, id))["answers"]).toEqual({ what: "Network", error: "x" });
});

test("it is filed for a colleague too, who then sees it; what is confidential is one's own", async () => {
  const { house, ann, sam } = desk;
  const { id } = await desk.file(ann, "supplies", { forId: sam.personId });
  expect(await desk.get(sam, id)).toMatchObject({ requester: "Sam Stranger", filedBy: "Ann Asks", own: true });
  await expect(desk.file(ann, "concern", { forId: sam.personId })).rejects.toMatchObject({ code: "confidentialOwn" });
  await expect(desk.file(ann, "supplies", { forId: newId() })).rejects.toMatchObject({ code: "personUnknown" });
  await expect(house.run(createRequest, { kindId: await desk.kind("mail") }, ann)).rejects.toMatchObject({ code: "kindUnknown" });
});

test("IT asks back, waits, goes on, solves; the one who asked reopens, confirms and says how it went", async () => {
  const { house, ann, erik } = desk;
  const { id: requestId } = await desk.file(ann, "it-trouble");
  await house.run(takeRequest, { requestId }, erik);
  expect(await desk.get(erik, requestId)).toMatchObject({ state: "open", unassigned: false, mine: true });
  await expect(house.run(takeRequest, { requestId }, erik)).rejects.toMatchObject({ code: "yoursAlready" });
  await house.run(askRequester, { requestId, text: "Which room?" }, erik);
  expect(await desk.get(ann, requestId)).toMatchObject({ state: "waitingForRequester" });
  await expect(house.run(askRequester, { requestId, text }, erik)).rejects.toMatchObject({ code: "stateForbids" });
  await house.run(replyRequest, { requestId, text: "Room 12" }, ann);
  expect(await desk.get(ann, requestId)).toMatchObject({ state: "open" });
  await house.run(waitRequest, { requestId, text: "The provider looks at it" }, erik);
  await expect(house.run(waitRequest, { requestId, text }, erik)).rejects.toMatchObject({ code: "stateForbids" });
  await house.run(resumeRequest, { requestId }, erik);
  await expect(house.run(resumeRequest, { requestId }, erik)).rejects.toMatchObject({ code: "stateForbids" });
  await house.run(solveRequest, { requestId, text: "New cable" }, erik);
  expect(await desk.rows(erik, "office.task", { aboutId: requestId })).toMatchObject([{ state: "done" }]);
  await expect(house.run(solveRequest, { requestId, text }, erik)).rejects.toMatchObject({ code: "stateForbids" });
  await expect(house.run(rateRequest, { requestId, score: 5 }, ann)).rejects.toMatchObject({ code: "notClosed" });
  await house.run(reopenRequest, { requestId, text: "Slow again" }, ann);
  expect(await desk.get(ann, requestId)).toMatchObject({ state: "open", reopened: 1, person: "Erik It" });
  await house.run(solveRequest, { requestId, text: "New switch" }, erik);
  await house.run(confirmRequest, { requestId }, ann);
  await expect(house.run(confirmRequest, { requestId }, ann)).rejects.toMatchObject({ code: "stateForbids" });
  await expect(house.run(replyRequest, { requestId, text }, ann)).rejects.toMatchObject({ code: "requestOver" });
  await house.run(rateRequest, { requestId, score: 4, says: "Second time right" }, ann);
  await expect(house.run(rateRequest, { requestId, score: 5 }, ann)).rejects.toMatchObject({ code: "ratedAlready" });
  await expect(house.run(rateRequest, { requestId, score: 5 }, desk.helene)).rejects.toMatchObject({ code: "notAsker" });
  const thread = await desk.rows(ann, "office.requestMessage", { requestId });
  expect(thread.map(({ text: words, deed }) => [words, deed])).toEqual([
    ["Which room?", "ask"],
    ["Room 12", null],
    ["The provider looks at it", "wait"],
    ["New cable", "solve"],
    ["Slow again", "reopen"],
    ["New switch", "solve"],
  ]);
});

test("an answer goes out by mail in the thread, to the one who asked only", async () => {
  const { house, ann, erik } = desk;
  const { id: requestId, number } = await desk.file(ann, "it-trouble", { title: "No network" });
  const { id } = await house.run(replyRequest, { requestId, text: "We look at it" }, erik);
  await house.run(replyRequest, { requestId, text: "Thanks" }, ann);
  const { rows } = await house.owner.query(
    "select to_address, subject, text, message_id, reference_ids from platform.mail where message_id like $1",
    [`%${requestId}%`],
  );
  expect(rows).toMatchObject([
    {
      to_address: "ann.asks@example.test",
      subject: expect.stringMatching(new RegExp(`^Re: No network \\[${number} [0-9a-f]{12}\\]$`)),
      text: expect.stringContaining("We look at it"),
      message_id: `<${id}.${requestId}@heartwood>`,
      reference_ids: [`<${requestId}.${requestId}@heartwood>`],
    },
  ]);
});

test("whoever asked never sees a note: not in the thread, not in search, not in the timeline, not by mail", async () => {
  const { house, ann, erik, olga } = desk;
  const { id: requestId } = await desk.file(ann, "it-trouble");
  await house.run(noteRequest, { requestId, text: "Her laptop is on the list of doubtful ones" }, erik);
  expect(await desk.rows(ann, "office.requestMessage", { requestId })).toEqual([]);
  expect(await desk.rows(erik, "office.requestMessage", { requestId })).toMatchObject([{ internal: true }]);
  expect((await house.call("platform.search.find", { text: "doubtful" }, ann))["hits"]).toEqual([]);
  const story = async (as: typeof ann) =>
    (
      (await house.call("platform.timeline.get", { subject: "office.request", recordId: requestId }, as))["entries"] as {
        operation: string;
      }[]
    ).map(({ operation }) => operation);
  expect(await story(ann)).not.toContain("office.request.note");
  expect(await story(olga)).toContain("office.request.note");
  const { rows } = await house.owner.query("select id from platform.mail where text like '%doubtful%'");
  expect(rows).toEqual([]);
  await expect(house.run(noteRequest, { requestId, text }, ann)).rejects.toMatchObject({ name: "NotPermitted" });
  // Nor may one who works on their own request leave or read notes on it.
  const own = await desk.file(erik, "it-trouble");
  await house.run(noteRequest, { requestId: own.id, text: "Says who" }, olga);
  expect(await desk.rows(erik, "office.requestMessage", { requestId: own.id })).toEqual([]);
  await expect(house.run(noteRequest, { requestId: own.id, text }, erik)).rejects.toMatchObject({ name: "NotPermitted" });
  const owners = await desk.file(desk.helene, "it-trouble");
  await house.run(noteRequest, { requestId: owners.id, text: "Says who" }, erik);
  expect(await desk.rows(desk.helene, "office.requestMessage", { requestId: owners.id })).toEqual([]);
  await expect(house.run(noteRequest, { requestId: owners.id, text }, desk.helene)).rejects.toMatchObject({ code: "ownRequest" });
  const told = await house.call("platform.timeline.get", { subject: "office.request", recordId: owners.id }, desk.helene);
  expect((told["entries"] as { operation: string }[]).map(({ operation }) => operation)).toEqual(["office.request.create"]);
});

test("strangers see and do nothing; the one who asked does not do the work", async () => {
  const { house, ann, sam } = desk;
  const { id: requestId } = await desk.file(ann, "it-trouble");
  await expect(desk.get(sam, requestId)).rejects.toMatchObject({ code: "notFound" });
  expect(await desk.rows(sam, "office.request", { id: requestId })).toEqual([]);
  for (const [operation, more] of [
    [replyRequest, { text }],
    [takeRequest, {}],
    [solveRequest, { text }],
    [cancelRequest, { reason: text }],
    [rateRequest, { score: 1 }],
  ] as const) {
    await expect(house.run(operation, { requestId, ...more }, sam)).rejects.toMatchObject({ name: "NotPermitted" });
  }
  await expect(house.run(takeRequest, { requestId }, ann)).rejects.toMatchObject({ name: "NotPermitted" });
  expect((await desk.get(ann, requestId))["can"]).not.toContain("office.request.solve");
});

test("it is given to a colleague who can sign in", async () => {
  const { house, ann, erik, sam } = desk;
  const { id: requestId } = await desk.file(ann, "it-trouble");
  await house.run(assignRequest, { requestId, personId: sam.personId, reason: "Knows the network" }, erik);
  expect(await desk.get(sam, requestId)).toMatchObject({ person: "Sam Stranger", mine: true, works: true, state: "open" });
  await expect(house.run(assignRequest, { requestId, personId: newId() }, erik)).rejects.toMatchObject({ code: "personUnknown" });
  const away = (await house.call("directory.person.create", { name: "Gone Away" }, desk.helene)) as { id: never };
  await expect(house.run(assignRequest, { requestId, personId: away.id }, erik)).rejects.toMatchObject({ code: "personAway" });
  await house.run(solveRequest, { requestId, text }, sam);
  await expect(house.run(assignRequest, { requestId, personId: sam.personId }, erik)).rejects.toMatchObject({ code: "stateForbids" });
});

test("priority follows from impact and urgency, and the day of its task with it", async () => {
  const { house, ann, erik } = desk;
  const { id: requestId } = await desk.file(ann, "it-trouble");
  const answer = await house.run(prioritiseRequest, { requestId, impact: "high", urgency: "high" }, erik);
  expect(answer.priority).toBe("critical");
  expect(await desk.rows(erik, "office.task", { aboutId: requestId })).toMatchObject([{ due: "2026-11-03" }]);
});

test("sorted into another kind it goes to whoever answers for that; its answers keep their form", async () => {
  const { house, ann, olga } = desk;
  const { id: requestId } = await desk.file(ann, "it-trouble");
  const kindId = await desk.kind("supplies");
  await house.run(recategoriseRequest, { requestId, kindId }, olga);
  expect(await desk.get(ann, requestId)).toMatchObject({ kind: "Office supplies", person: "Olga Office", answers: { what: "Network" } });
  const { formId } = await desk.get(ann, requestId);
  expect(await desk.rows(ann, "office.requestForm", { id: formId })).toMatchObject([
    { requestKind: "Computer, phone or program does not work" },
  ]);
  await expect(house.run(recategoriseRequest, { requestId, kindId }, olga)).rejects.toMatchObject({ code: "sameKind" });
  await expect(house.run(recategoriseRequest, { requestId, kindId: newId() }, olga)).rejects.toMatchObject({ code: "kindUnknown" });
});

test("it opens the tasks of its kind, and is solved once they are done; taken back, they go too", async () => {
  const { house, ann, erik } = desk;
  const first = await desk.file(ann, "lost-device");
  const tasks = await desk.rows(desk.helene, "office.task", { aboutId: first.id });
  expect(tasks.map(({ title }) => title)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^Lock and wipe the device/), expect.stringMatching(/^Assess whether/)]),
  );
  await expect(house.run(solveRequest, { requestId: first.id, text }, erik)).rejects.toMatchObject({
    code: "tasksOpen",
    message: /2 tasks/,
  });
  await house.run(cancelRequest, { requestId: first.id, reason: "Found again" }, ann);
  expect((await desk.rows(desk.helene, "office.task", { aboutId: first.id })).every(({ state }) => state === "cancelled")).toBe(true);
  await expect(house.run(cancelRequest, { requestId: first.id, reason: text }, ann)).rejects.toMatchObject({ code: "stateForbids" });
  await house.run(createTask, { title: "Something else", due: "2026-11-30", personId: erik.personId }, ann);
});

test("where a second person decides first, nothing is done until then; declined, it is over with the reason", async () => {
  const { house, ann, nadia } = desk;
  const { id: requestId } = await desk.file(ann, "training");
  expect(await desk.get(ann, requestId)).toMatchObject({ approval: "waiting", person: null });
  for (const run of [
    () => house.run(solveRequest, { requestId, text }, nadia),
    () => house.run(askRequester, { requestId, text }, nadia),
    () => house.run(takeRequest, { requestId }, nadia),
  ]) {
    await expect(run()).rejects.toMatchObject({ code: "approvalOpen" });
  }
  await expect(house.run(approveRequest, { requestId }, nadia)).rejects.toMatchObject({ name: "NotPermitted" });
  const [approval] = await desk.rows(nadia, "office.approval", { aboutId: requestId });
  await house.run(decideApproval, { approvalId: approval!["id"], verdict: "approve" }, nadia);
  await house.settle();
  expect(await desk.get(ann, requestId)).toMatchObject({ approval: "approved", state: "new", person: "Nadia People" });
  const again = house.funnel.runTyped(approveRequest, { requestId }, { tenantId: house.tenantId, actor: { ...nadia, kind: "system" } });
  await expect(again).rejects.toMatchObject({ code: "notWaiting" });

  const second = await desk.file(ann, "training");
  const [asked] = await desk.rows(nadia, "office.approval", { aboutId: second.id });
  await house.run(decideApproval, { approvalId: asked!["id"], verdict: "decline", reason: "Next year" }, nadia);
  await house.settle();
  expect(await desk.get(ann, second.id)).toMatchObject({ approval: "declined", state: "cancelled" });
  expect(await desk.rows(ann, "office.requestMessage", { requestId: second.id })).toMatchObject([{ text: "Declined: Next year" }]);
});

test("what is solved closes by itself after its days, and may be reopened for some days more", async () => {
  const { house, ann, erik } = desk;
  const { id: requestId } = await desk.file(ann, "it-trouble");
  await house.run(solveRequest, { requestId, text }, erik);
  house.today = day("2026-11-08");
  expect(await house.funnel.work(house.tenantId, closeSolved, house.today)).toBe(0);
  house.today = day("2026-11-16");
  expect(await house.funnel.work(house.tenantId, closeSolved, house.today)).toBeGreaterThan(0);
  expect(await desk.get(ann, requestId)).toMatchObject({ state: "closed" });
  house.today = day("2026-11-17");
  await expect(house.run(reopenRequest, { requestId, text }, ann)).rejects.toMatchObject({ code: "tooLate" });
  house.today = day("2026-11-02");
  await house.run(reopenRequest, { requestId, text }, ann);
  const open = await desk.file(ann, "it-trouble");
  await expect(house.run(reopenRequest, { requestId: open.id, text }, ann)).rejects.toMatchObject({ code: "stateForbids" });
});

test("only a person takes a request", async () => {
  const { house, ann, erik } = desk;
  const { id: requestId } = await desk.file(ann, "it-trouble");
  const machine = { ...erik, personId: null, grants: [{ role: "owner", scope: null }] };
  await expect(house.run(takeRequest, { requestId }, machine)).rejects.toMatchObject({ code: "noPerson" });
});

test("the laws hold, and find what breaks them", async () => {
  const { house } = desk;
  const broken = () =>
    house.funnel.read({ tenantId: house.tenantId, actor: desk.helene }, async (context) =>
      (await Promise.all(requestLaws.map(async (law) => [law.name, await law.breaks(context)] as const))).filter(
        ([, found]) => found.length > 0,
      ),
    );
  await house.funnel.work(house.tenantId, routeRequests, house.today);
  expect(await broken()).toEqual([]);
  const { id } = await desk.file(desk.ann, "it-trouble");
  await house.owner.query("update office.task set person_id = null where about_id = $1", [id]);
  await house.owner.query(`update office.request set answers = '{"what": "Teapot", "other": 1}' where id = $1`, [id]);
  const found = await broken();
  expect(found.map(([name]) => name)).toEqual(["office.requestIsWithSomeone", "office.answersFitTheirForm"]);
  expect(found[1]![1]).toHaveLength(3);
  await house.owner.query("update office.request set state = 'closed', closed_at = now() where id = $1", [id]);
  expect((await broken()).map(([name]) => name)).toEqual(["office.answersFitTheirForm", "office.noClockOnAClosedRequest"]);
});
