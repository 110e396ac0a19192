// Comments and files on records: as open as the record itself.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Id, newId } from "../../../kernel/id.ts";
import type { Actor } from "../../../platform/operation/context.ts";
import { compose } from "../../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { writeStoredFile } from "../../../platform/files/store.ts";
import { directory } from "../../directory/index.ts";
import { office } from "../module.ts";
import { lab } from "../process/lab.testing.ts";
import { openTask } from "../task/task.ts";
import { addAttachment, removeAttachment } from "./attachment.operations.ts";
import { addComment, removeComment } from "./comment.operations.ts";

let house: TestHouse;
let ann: Actor;
let stranger: Actor;
let record: { subject: string; recordId: Id };

beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, office, lab]), today: "2026-03-01" });
  ann = await house.person("Ann Holds");
  stranger = await house.person("Sam Stranger");
  const wish = { kind: "test", title: "A record", owner: { personId: ann.personId! }, due: house.today };
  record = { subject: "office.task", recordId: await house.funnel.work(house.tenantId, (context) => openTask(context, wish), house.today) };
});
afterAll(() => house.close());

const listed = async (register: string, filter: object, as: Actor) =>
  ((await house.call(`office.${register}.list`, { filter }, as)) as { rows: { id: string }[] }).rows;

test("who may read the record comments and reads; a stranger does neither", async () => {
  const { id } = await house.run(addComment, { ...record, text: "Look here", mentions: [stranger.personId] }, ann);
  const here = { recordId: record.recordId };
  expect(await listed("comment", here, ann)).toMatchObject([
    { id, text: "Look here", author: "Ann Holds", mentions: [{ name: "Sam Stranger" }] },
  ]);
  expect(await house.call("office.comment.get", { id }, ann)).toMatchObject({ can: ["office.comment.remove"] });
  expect(await listed("comment", here, stranger)).toEqual([]);
  expect(await listed("comment", {}, stranger)).toEqual([]);
  expect(await listed("comment", { recordId: `!${newId()}` }, stranger)).toEqual([]);
  await expect(house.call("office.comment.get", { id }, stranger)).rejects.toMatchObject({ code: "notFound" });
  await expect(house.run(addComment, { ...record, text: "I too" }, stranger)).rejects.toMatchObject({ code: "notFound" });
});

test("who is mentioned is told, without the words", async () => {
  const told = await house.call("platform.notification.list", {}, stranger).catch(() => undefined);
  expect(told).toBeUndefined();
  const kept = await house.owner.query("select title, text from platform.notification where person_id = $1", [stranger.personId]);
  expect(kept.rows).toEqual([{ title: "Ann Holds mentioned you", text: null }]);
});

test("a comment is refused on what is not there, and when it names nobody known", async () => {
  await expect(house.run(addComment, { subject: "no.such", recordId: newId(), text: "x" }, ann)).rejects.toMatchObject({
    code: "notFound",
  });
  await expect(house.run(addComment, { ...record, text: "x", mentions: [newId()] }, ann)).rejects.toMatchObject({ code: "personUnknown" });
  await expect(house.run(addComment, { ...record, text: "  " }, ann)).rejects.toMatchObject({ name: "InvalidInput" });
});

test("a comment is taken back by its author only, once", async () => {
  const { id } = await house.run(addComment, { ...record, text: "Oops" }, ann);
  await expect(house.run(removeComment, { commentId: id }, stranger)).rejects.toMatchObject({ name: "NotPermitted" });
  await house.run(removeComment, { commentId: id }, ann);
  await expect(house.run(removeComment, { commentId: id }, ann)).rejects.toMatchObject({ code: "removedAlready" });
  expect((await listed("comment", { recordId: record.recordId }, ann)).map((row) => row.id)).not.toContain(id);
});

async function upload(by: Actor): Promise<Id> {
  const bytes = new TextEncoder().encode("hello");
  const file = { tenantId: house.tenantId, userId: by.userId, now: new Date(), name: "hello.txt", mediaType: "text/plain", bytes };
  return house.funnel.work(house.tenantId, (context) => writeStoredFile(context.db, file), house.today);
}

test("a file on a record is found by whoever may read the record, by record or by file", async () => {
  const fileId = await upload(ann);
  const { id } = await house.run(addAttachment, { ...record, fileId }, ann);
  expect(await listed("attachment", { recordId: record.recordId }, ann)).toMatchObject([
    { id, title: "hello.txt", mediaType: "text/plain", size: 5 },
  ]);
  expect(await listed("attachment", { fileId }, ann)).toHaveLength(1);
  expect(await listed("attachment", { fileId }, stranger)).toEqual([]);
  await expect(house.run(removeAttachment, { attachmentId: id }, stranger)).rejects.toMatchObject({ name: "NotPermitted" });
  await house.run(removeAttachment, { attachmentId: id }, ann);
  await expect(house.run(removeAttachment, { attachmentId: id }, ann)).rejects.toMatchObject({ code: "removedAlready" });
});

test("nobody attaches someone else's upload, nor to what they may not read", async () => {
  await expect(house.run(addAttachment, { ...record, fileId: await upload(stranger) }, ann)).rejects.toMatchObject({
    code: "fileNotFound",
  });
  await expect(house.run(addAttachment, { ...record, fileId: newId() }, ann)).rejects.toMatchObject({ code: "fileNotFound" });
  await expect(house.run(addAttachment, { ...record, fileId: await upload(stranger) }, stranger)).rejects.toMatchObject({
    code: "notFound",
  });
});
