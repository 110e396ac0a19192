// The clocks of a request: what was promised runs while we have to act, stands still while we wait, and stops with the answer and the end.
import { afterAll, beforeAll, expect, test } from "vitest";
import { createServiceLevel } from "../clock/service-level.operations.ts";
import { assignRequest, prioritiseRequest, reopenRequest, solveRequest } from "./care.operations.ts";
import { askRequester, cancelRequest, noteRequest, replyRequest, waitRequest } from "./request.operations.ts";
import { type Desk, openDesk } from "./request.testing.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
  const common = { subject: "office.request", pauseStates: ["waitingForRequester"] };
  const hours = (response: number, resolution: number) => [
    { target: "response", amount: response * 60 },
    { target: "resolution", amount: resolution * 60 },
  ];
  const it = { field: "department", is: ["it"] };
  await desk.house.run(
    createServiceLevel,
    { ...common, name: "Urgent", rank: 1, conditions: [it, { field: "priority", is: ["critical"] }], targets: hours(1, 4) },
    desk.olga,
  );
  await desk.house.run(createServiceLevel, { ...common, name: "Usual", rank: 2, conditions: [it], targets: hours(4, 16) }, desk.olga);
});
afterAll(() => desk.house.close());

async function clocks(requestId: string): Promise<Record<string, string>> {
  const { rows } = await desk.house.owner.query<{ target: string; state: string; amount: number; name: string }>(
    `select c.target, c.state, c.amount, p.name from office.clock c join directory.party p on p.id = c.person_id where about_id = $1`,
    [requestId],
  );
  return Object.fromEntries(rows.map(({ target, state, amount, name }) => [target, `${state} ${amount} ${name}`]));
}

test("the first public words of a worker stop the response clock, a note does not; waiting for whoever asked costs nothing", async () => {
  const { house, ann, erik, sam } = desk;
  const { id: requestId } = await desk.file(ann, "it-trouble");
  expect(await clocks(requestId)).toEqual({ response: "running 240 Erik It", resolution: "running 960 Erik It" });
  expect(await desk.get(erik, requestId)).toMatchObject({ dueAt: expect.stringMatching(/^2026-11-02T/), paused: false });
  await house.run(noteRequest, { requestId, text: "Hm" }, erik);
  await house.run(replyRequest, { requestId, text: "Hurry" }, ann);
  expect(await clocks(requestId)).toMatchObject({ response: "running 240 Erik It" });
  await house.run(askRequester, { requestId, text: "Which room?" }, erik);
  expect(await clocks(requestId)).toEqual({ response: "met 240 Erik It", resolution: "paused 960 Erik It" });
  expect(await desk.get(erik, requestId)).toMatchObject({ paused: true });
  await house.run(replyRequest, { requestId, text: "12" }, ann);
  await house.run(waitRequest, { requestId, text: "The provider" }, erik);
  expect(await clocks(requestId)).toMatchObject({ resolution: "running 960 Erik It" });
  await house.run(assignRequest, { requestId, personId: sam.personId }, erik);
  expect(await clocks(requestId)).toMatchObject({ resolution: "running 960 Sam Stranger" });
  await house.run(solveRequest, { requestId, text: "Done" }, sam);
  expect(await clocks(requestId)).toMatchObject({ resolution: "met 960 Sam Stranger" });
  await house.run(reopenRequest, { requestId, text: "No" }, ann);
  expect(await clocks(requestId)).toMatchObject({
    response: expect.stringMatching(/^met/),
    resolution: expect.stringMatching(/^running 960/),
  });
});

test("a changed priority is promised anew", async () => {
  const { house, ann, erik } = desk;
  const { id: requestId } = await desk.file(ann, "it-trouble");
  await house.run(prioritiseRequest, { requestId, impact: "high", urgency: "high" }, erik);
  expect(await clocks(requestId)).toEqual({ response: "running 60 Erik It", resolution: "running 240 Erik It" });
});

test("solving without a word before stops both; what is taken back was never promised", async () => {
  const { house, ann, erik } = desk;
  const solved = await desk.file(ann, "it-trouble");
  await house.run(solveRequest, { requestId: solved.id, text: "Done" }, erik);
  expect(await clocks(solved.id)).toEqual({ response: "met 240 Erik It", resolution: "met 960 Erik It" });
  const back = await desk.file(ann, "it-trouble");
  await house.run(cancelRequest, { requestId: back.id, reason: "Found it" }, ann);
  expect(await clocks(back.id)).toEqual({ response: "cancelled 240 Erik It", resolution: "cancelled 960 Erik It" });
});
