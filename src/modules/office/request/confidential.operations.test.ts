// What is asked in confidence is seen by the one who asks, by whom it is with and by whoever answers for it. Everyone else finds
// nothing: not in lists, counts, search, the calendar of deadlines, tasks, notices, mail or the words of a no.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { addAttachment } from "../record/attachment.operations.ts";
import { addComment } from "../record/comment.operations.ts";
import { assignRequest, recategoriseRequest, solveRequest } from "./care.operations.ts";
import { noteRequest, replyRequest } from "./request.operations.ts";
import { type Desk, openDesk } from "./request.testing.ts";
import { linkRequest, mergeRequest, splitRequest, watchRequest } from "./tie.operations.ts";

let desk: Desk;
let secret: { id: Id; number: string };
const secretWords = "Zinnober";
beforeAll(async () => {
  desk = await openDesk();
  secret = await desk.file(desk.ann, "concern", { title: `About ${secretWords}`, says: `${secretWords} happened` });
});
afterAll(() => desk.house.close());

const outsiders = () => [desk.helene, desk.olga, desk.erik, desk.sam];
const insiders = () => [desk.ann, desk.nadia];

const textOf = async (call: Promise<unknown>): Promise<string> => JSON.stringify(await call.catch((error: Error) => error.message));

test("the one who asked and whoever answers for it see it, the owner of the company and the office manager do not", async () => {
  const { house } = desk;
  for (const insider of insiders()) expect(await desk.get(insider, secret.id)).toMatchObject({ confidential: true, number: secret.number });
  for (const outsider of outsiders()) {
    await expect(desk.get(outsider, secret.id)).rejects.toMatchObject({ code: "notFound" });
    const list = await house.call("office.request.list", { count: true }, outsider);
    expect(list).toMatchObject({ rows: [], count: 0 });
    for (const filter of [{ id: secret.id }, { confidential: "true" }, { title: "~Zinnober" }]) {
      expect(await desk.rows(outsider, "office.request", filter)).toEqual([]);
    }
    expect(await desk.rows(outsider, "office.requestForm", { requestKind: "Report a concern in confidence" })).toEqual(
      await desk.rows(desk.sam, "office.requestForm", { requestKind: "Report a concern in confidence" }),
    );
  }
});

test("nor does anything else tell of it: search, timeline, tasks, deadlines, clocks, figures", async () => {
  const { house } = desk;
  for (const outsider of outsiders()) {
    const asked: [string, object][] = [
      ["platform.search.find", { text: secretWords }],
      ["platform.search.find", { text: secret.number }],
      ["platform.timeline.get", { subject: "office.request", recordId: secret.id }],
      ["office.task.list", {}],
      ["office.deadline.list", {}],
      ["office.clock.list", {}],
      ["platform.today.get", {}],
    ];
    for (const [name, input] of asked) expect(await textOf(house.call(name, input, outsider))).not.toContain(secretWords);
  }
  // Whom it is with finds its task by its number, without the words.
  expect(await desk.rows(desk.nadia, "office.task", { aboutId: secret.id })).toMatchObject([
    { title: `Confidential request ${secret.number}` },
  ]);
  expect(await desk.rows(desk.olga, "office.task", { aboutId: secret.id })).toEqual([]);
});

test("words and files on it are as closed; a note stays among those who work on it", async () => {
  const { house, ann, nadia, olga } = desk;
  await house.run(replyRequest, { requestId: secret.id, text: `${secretWords}: which machine?` }, nadia);
  await house.run(noteRequest, { requestId: secret.id, text: `${secretWords}: ask the foreman` }, nadia);
  const seen = async (as: Desk["ann"]) => (await desk.rows(as, "office.requestMessage", { requestId: secret.id })).length;
  expect([await seen(ann), await seen(nadia)]).toEqual([1, 2]);
  for (const outsider of outsiders()) {
    expect(await seen(outsider)).toBe(0);
    expect(await desk.rows(outsider, "office.requestMessage", { text: `~${secretWords}` })).toEqual([]);
    await expect(house.run(replyRequest, { requestId: secret.id, text: "x" }, outsider)).rejects.toThrow(/not yours to see|You may not/);
    const about = { subject: "office.request", recordId: secret.id };
    await expect(house.run(addComment, { ...about, text: "x" }, outsider)).rejects.toMatchObject({ code: "notFound" });
    await expect(house.run(addAttachment, { ...about, fileId: secret.id }, outsider)).rejects.toMatchObject({ code: "notFound" });
  }
  expect(await textOf(house.run(solveRequest, { requestId: secret.id, text: "x" }, olga))).toMatch(/You may not do this/);
});

test("no notice and no mail carries its words", async () => {
  const { rows } = await desk.house.owner.query(
    `select title, text from platform.notification where title like '%Zinnober%' or text like '%Zinnober%'
     union all select subject, text from platform.mail where subject like '%Zinnober%' or text like '%Zinnober%'`,
  );
  expect(rows).toEqual([]);
  const mails = await desk.house.owner.query("select subject, text from platform.mail where message_id like $1", [`%${secret.id}%`]);
  expect(mails.rows).toMatchObject([
    { subject: expect.stringMatching(/^Re: Your confidential request/), text: expect.stringMatching(/Sign in/) },
  ]);
});

test("nobody is let in by the side: no watchers, no merging with another's, no kind that is open, no link that names it", async () => {
  const { house, ann, nadia, erik, sam } = desk;
  const requestId = secret.id;
  await expect(house.run(watchRequest, { requestId, personId: sam.personId }, nadia)).rejects.toMatchObject({ code: "watchConfidential" });
  const kindId = await desk.kind("supplies");
  await expect(house.run(recategoriseRequest, { requestId, kindId }, nadia)).rejects.toMatchObject({ code: "staysConfidential" });
  const other = await desk.file(sam, "concern");
  await expect(house.run(mergeRequest, { requestId, mainId: other.id }, nadia)).rejects.toMatchObject({ code: "mergeConfidential" });
  await expect(house.run(assignRequest, { requestId, personId: ann.personId }, nadia)).rejects.toMatchObject({ code: "theirOwn" });
  const open = await desk.file(erik, "supplies");
  await house
    .run(linkRequest, { requestId, relation: "relates", subject: "office.request", recordId: open.id }, nadia)
    .catch(() => undefined);
  expect(await textOf(desk.rows(desk.olga, "office.requestLink", { requestId: open.id }))).not.toContain(secret.number);
});

test("what the same person asked in confidence is merged; what is split off stays in confidence", async () => {
  const { house, ann, nadia } = desk;
  const again = await desk.file(ann, "concern");
  await house.run(mergeRequest, { requestId: again.id, mainId: secret.id }, nadia);
  expect(await desk.get(ann, again.id)).toMatchObject({ state: "closed", main: secret.number });
  const split = await house.run(
    splitRequest,
    { requestId: secret.id, title: "Another matter", kindId: await desk.kind("supplies"), answers: { what: "x" } },
    nadia,
  );
  expect(await desk.get(ann, split.id)).toMatchObject({ confidential: true });
  expect(await desk.rows(desk.helene, "office.request", { id: split.id })).toEqual([]);
});

test("given to a colleague, they see it, and only then", async () => {
  const { house, nadia, erik } = desk;
  await expect(desk.get(erik, secret.id)).rejects.toMatchObject({ code: "notFound" });
  await house.run(assignRequest, { requestId: secret.id, personId: erik.personId }, nadia);
  expect(await desk.get(erik, secret.id)).toMatchObject({ person: "Erik It" });
  expect(await desk.get(nadia, secret.id)).toMatchObject({ works: true });
});

test("whoever is shown it is written down: list, record, thread, search and file; of ordinary requests nobody", async () => {
  const { house, nadia, ann } = desk;
  const logged = async () =>
    (
      await house.owner.query<{ operation: string }>(
        "select operation from platform.read_log where person_id = $1 and object_ids @> array[$2]::uuid[] order by id",
        [nadia.personId, secret.id],
      )
    ).rows.map(({ operation }) => operation);
  const before = (await logged()).length;
  await desk.rows(nadia, "office.request", { id: secret.id });
  await desk.get(nadia, secret.id);
  await house.call("platform.search.find", { text: secret.number }, nadia);
  expect((await logged()).slice(before)).toEqual(["office.request.list", "office.request.get", "platform.search.find"]);
  const file = { name: "proof.txt", mediaType: "text/plain", bytes: Buffer.from(secretWords) };
  const fileId = await house.funnel.work(house.tenantId, (context) => context.writeFile(file.name, file.mediaType, file.bytes));
  await house.owner.query("update platform.file set user_id = $1 where id = $2", [ann.userId, fileId]);
  await house.run(addAttachment, { subject: "office.request", recordId: secret.id, fileId, title: "Proof" }, ann);
  expect(await house.funnel.file(fileId, { tenantId: house.tenantId, actor: nadia })).toBeDefined();
  expect((await logged()).at(-1)).toBe("office.request.get");
  const open = await desk.file(ann, "supplies");
  await desk.get(nadia, open.id).catch(() => undefined);
  await desk.get(ann, open.id);
  const { rows } = await house.owner.query("select 1 from platform.read_log where object_ids @> array[$1]::uuid[]", [open.id]);
  expect(rows).toEqual([]);
});
