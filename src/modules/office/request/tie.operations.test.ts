// What hangs together: merging, splitting, links from both ends, and people who follow along.
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "../../../kernel/id.ts";
import { cancelRequest, replyRequest } from "./request.operations.ts";
import { reopenRequest, solveRequest } from "./care.operations.ts";
import { type Desk, openDesk } from "./request.testing.ts";
import { linkRequest, mergeRequest, splitRequest, unlinkRequest, unwatchRequest, watchRequest } from "./tie.operations.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.house.close());

test("a duplicate goes on in the main one; who followed it follows that one and is told", async () => {
  const { house, ann, sam, erik } = desk;
  const main = await desk.file(ann, "it-trouble");
  const double = await desk.file(sam, "it-trouble");
  const third = await desk.file(sam, "it-trouble");
  await expect(desk.get(sam, main.id)).rejects.toMatchObject({ code: "notFound" });
  await house.run(mergeRequest, { requestId: third.id, mainId: double.id }, erik);
  await house.run(mergeRequest, { requestId: double.id, mainId: main.id }, erik);
  expect(await desk.get(sam, double.id)).toMatchObject({ state: "closed", main: main.number });
  expect(await desk.get(sam, third.id)).toMatchObject({ main: main.number });
  expect(await desk.get(sam, main.id)).toMatchObject({ own: false, works: false });
  const told = await house.owner.query("select title from platform.notification where person_id = $1 and about_id = $2", [
    sam.personId,
    double.id,
  ]);
  expect(told.rows).toContainEqual({ title: `Goes on in ${main.number}: ${double.number}: About it-trouble` });
  expect(await desk.rows(erik, "office.task", { aboutId: double.id })).toMatchObject([{ state: "cancelled" }]);
  await expect(house.run(reopenRequest, { requestId: double.id, text: "x" }, sam)).rejects.toMatchObject({ code: "isMerged" });
});

test("merging is refused with itself, with what is over, of what is over, and with what one does not work on", async () => {
  const { house, ann, erik } = desk;
  const one = await desk.file(ann, "it-trouble");
  const requestId = one.id;
  await expect(house.run(mergeRequest, { requestId, mainId: requestId }, erik)).rejects.toMatchObject({ code: "mergeItself" });
  const over = await desk.file(ann, "it-trouble");
  await house.run(solveRequest, { requestId: over.id, text: "x" }, erik);
  await expect(house.run(mergeRequest, { requestId, mainId: over.id }, erik)).rejects.toMatchObject({ code: "mainOver" });
  await expect(house.run(mergeRequest, { requestId: over.id, mainId: requestId }, erik)).rejects.toMatchObject({ code: "stateForbids" });
  const foreign = await desk.file(ann, "supplies");
  await expect(house.run(mergeRequest, { requestId, mainId: foreign.id }, erik)).rejects.toMatchObject({ code: "notFound" });
  const secret = await desk.file(ann, "concern");
  await expect(house.run(mergeRequest, { requestId, mainId: secret.id }, erik)).rejects.toMatchObject({ code: "notFound" });
});

test("what is another matter becomes a request of its own, for the same person, linked from both ends", async () => {
  const { house, ann, erik } = desk;
  const from = await desk.file(ann, "it-trouble");
  const made = await house.run(splitRequest, { requestId: from.id, title: "The printer too", says: "It jams" }, erik);
  expect(await desk.get(ann, made.id)).toMatchObject({ title: "The printer too", requester: "Ann Asks", answers: { what: "Network" } });
  expect(await desk.rows(erik, "office.requestLink", { requestId: from.id })).toMatchObject([{ relation: "relates", label: made.number }]);
  expect(await desk.rows(erik, "office.requestLink", { requestId: made.id })).toMatchObject([{ relation: "relates", label: from.number }]);
  const split = { requestId: from.id, title: "x" };
  await expect(house.run(splitRequest, { ...split, kindId: newId() }, erik)).rejects.toMatchObject({ code: "kindUnknown" });
  await expect(house.run(splitRequest, { ...split, kindId: await desk.kind("supplies") }, erik)).rejects.toMatchObject({
    code: "answerUnfit",
  });
});

test("a link is seen from both ends by those who work on them, once, and taken away once", async () => {
  const { house, ann, erik } = desk;
  const one = await desk.file(ann, "it-trouble");
  const other = await desk.file(ann, "it-trouble");
  const link = { requestId: one.id, relation: "causedBy", subject: "office.request", recordId: other.id, label: other.number };
  const { id } = await house.run(linkRequest, link, erik);
  expect(await desk.rows(erik, "office.requestLink", { requestId: other.id })).toMatchObject([{ relation: "causes", label: one.number }]);
  expect(await desk.rows(ann, "office.requestLink", { requestId: other.id })).toEqual([]);
  await expect(house.run(linkRequest, link, erik)).rejects.toMatchObject({ code: "linkedAlready" });
  await expect(house.run(linkRequest, { ...link, recordId: one.id }, erik)).rejects.toMatchObject({ code: "linkItself" });
  await expect(house.run(linkRequest, { ...link, recordId: newId() }, erik)).rejects.toMatchObject({ code: "recordUnknown" });
  await expect(house.run(unlinkRequest, { requestLinkId: id }, ann)).rejects.toMatchObject({ name: "NotPermitted" });
  await house.run(unlinkRequest, { requestLinkId: id }, erik);
  const asOwner = house.run(unlinkRequest, { requestLinkId: id }, desk.helene);
  await expect(asOwner).rejects.toMatchObject({ code: "linkGone" });
});

test("a colleague follows: reads the answers, not the notes, and stops when they like", async () => {
  const { house, ann, sam, erik, olga } = desk;
  const { id: requestId } = await desk.file(ann, "it-trouble");
  await house.run(watchRequest, { requestId, personId: sam.personId }, ann);
  expect(await desk.get(sam, requestId)).toMatchObject({ own: false, works: false });
  await house.run(replyRequest, { requestId, text: "We look at it" }, erik);
  expect(await desk.rows(sam, "office.requestMessage", { requestId })).toMatchObject([{ text: "We look at it" }]);
  const watch = (personId: unknown) => house.run(watchRequest, { requestId, personId }, ann);
  await expect(watch(sam.personId)).rejects.toMatchObject({ code: "watchesAlready" });
  await expect(watch(newId())).rejects.toMatchObject({ code: "personUnknown" });
  await house.run(watchRequest, { requestId }, olga);
  await expect(house.run(unwatchRequest, { requestId, personId: olga.personId }, sam)).rejects.toMatchObject({ code: "notYours" });
  await house.run(unwatchRequest, { requestId }, sam);
  await expect(desk.get(sam, requestId)).rejects.toMatchObject({ code: "notFound" });
  await expect(house.run(unwatchRequest, { requestId }, ann)).rejects.toMatchObject({ code: "watchesNot" });
  await expect(house.run(cancelRequest, { requestId, reason: "x" }, sam)).rejects.toMatchObject({ name: "NotPermitted" });
});
