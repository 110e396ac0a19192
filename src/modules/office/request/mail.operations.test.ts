// Mail in: answers find their thread, the rest becomes a request or waits for someone, machines are not answered, nothing comes twice.
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "../../../kernel/id.ts";
import type { Actor } from "../../../platform/operation/context.ts";
import { scanBy } from "../../../platform/files/scanner.ts";
import { eicar, openScanner } from "../../../platform/testing/clamd.ts";
import { confirmRequest, solveRequest } from "./care.operations.ts";
import { discardMail, fileWaitingMail, receiveMail } from "./mail.operations.ts";
import { askRequester, replyRequest } from "./request.operations.ts";
import { retireKind } from "./kind.operations.ts";
import { type Desk, openDesk } from "./request.testing.ts";

let desk: Desk;
let mailbox: Actor;
beforeAll(async () => {
  desk = await openDesk();
  mailbox = await desk.house.person("Mail Server", "office.mailbox");
});
afterAll(() => desk.house.close());

const annAt = "ann.asks@example.test";
let count = 0;

/** A raw message as a mail server hands it over. */
function raw(from: string, more: Readonly<Record<string, string>> = {}, body = "Hello\r\n"): string {
  count += 1;
  const heads = { From: from, To: "office@example.test", Subject: "Chairs", "Message-ID": `<m${count}@example.test>`, ...more };
  return `${Object.entries(heads)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\r\n")}\r\n\r\n${body}`;
}

const receive = (message: string) => desk.house.run(receiveMail, { message }, mailbox);
const threadOf = (as: Actor, requestId: string) => desk.rows(as, "office.requestMessage", { requestId });

async function tokenOf(requestId: string): Promise<string> {
  const { rows } = await desk.house.owner.query<{ mail_token: string }>("select mail_token from office.request where id = $1", [requestId]);
  return rows[0]!.mail_token;
}

test("a mail of somebody we know files a request, once", async () => {
  const message = raw(`Ann Asks <${annAt}>`, { Subject: "Re: Two chairs" }, "We need two chairs.\r\n\r\n-- \r\nAnn");
  const made = await receive(message);
  expect(made).toMatchObject({ state: "filed", again: false });
  const request = await desk.get(desk.ann, made.requestId!);
  expect(request).toMatchObject({
    title: "Two chairs",
    says: "We need two chairs.",
    kind: "A letter by mail",
    channel: "mail",
    person: "Olga Office",
  });
  expect(await receive(message)).toMatchObject({ id: made.id, again: true });
  const { rows } = await desk.house.owner.query("select count(*)::int as count from office.request where channel = 'mail'");
  expect(rows).toEqual([{ count: 1 }]);
});

test("an answer finds its thread by what it answers, without what it quotes, and ends the waiting", async () => {
  const { house, ann, erik } = desk;
  const { id: requestId } = await desk.file(ann, "it-trouble");
  const asked = await house.run(askRequester, { requestId, text: "Which room?" }, erik);
  const out = await house.owner.query<{ message_id: string; subject: string }>(
    "select message_id, subject from platform.mail where message_id like $1",
    [`<${asked.id}%`],
  );
  const { message_id: ours, subject } = out.rows[0]!;
  const html = `<p>Room 12</p><script>alert(1)</script><blockquote>Which room?</blockquote>`;
  const answer = raw(annAt, { Subject: subject, "In-Reply-To": ours, References: ours, "Content-Type": "text/html; charset=utf-8" }, html);
  expect(await receive(answer)).toMatchObject({ state: "threaded", requestId });
  expect(await desk.get(ann, requestId)).toMatchObject({ state: "open" });
  expect((await threadOf(erik, requestId)).at(-1)).toMatchObject({ text: "Room 12", author: "Ann Asks", channel: "mail", byAsker: true });
  // The next mail of ours refers to theirs.
  const next = await house.run(replyRequest, { requestId, text: "On our way" }, erik);
  const later = await house.owner.query("select reference_ids from platform.mail where message_id like $1", [`<${next.id}%`]);
  expect(later.rows[0]).toEqual({
    reference_ids: [`<${requestId}.${requestId}@heartwood>`, expect.stringMatching(/^<m\d+@example\.test>$/)],
  });
});

test("a token in the subject or the address does as well; a forged one does not", async () => {
  const { ann } = desk;
  const { id: requestId, number } = await desk.file(ann, "it-trouble");
  const token = await tokenOf(requestId);
  expect(await receive(raw(annAt, { Subject: `AW: x [${number} ${token}]` }))).toMatchObject({ state: "threaded", requestId });
  expect(await receive(raw(annAt, { To: `office+${token}@example.test` }))).toMatchObject({ state: "threaded", requestId });
  expect(await receive(raw(annAt, { Subject: `AW: x [${number} 000000000000]` }))).toMatchObject({ state: "filed" });
  expect(await receive(raw(annAt, { "In-Reply-To": `<${newId()}.${requestId}@heartwood>` }))).toMatchObject({ state: "filed" });
});

test("who does not follow it gets no word into the thread, and a mail decides nothing", async () => {
  const { house, ann, erik } = desk;
  const { id: requestId, number } = await desk.file(ann, "it-trouble");
  const head = { Subject: `Re: x [${number} ${await tokenOf(requestId)}]` };
  for (const from of ["sam.stranger@example.test", "who@elsewhere.test", "erik.it@example.test"]) {
    expect(await receive(raw(from, head, "Solved, close it"))).toMatchObject({ state: "review", requestId });
  }
  expect(await threadOf(erik, requestId)).toEqual([]);
  await house.run(solveRequest, { requestId, text: "Done" }, erik);
  expect(await receive(raw(annAt, head, "It is not solved, reopen it"))).toMatchObject({ state: "threaded" });
  expect(await desk.get(ann, requestId)).toMatchObject({ state: "solved", reopened: 0 });
});

test("an answer to what is closed is a request of its own that says so", async () => {
  const { house, ann, erik } = desk;
  const { id: requestId, number } = await desk.file(ann, "it-trouble");
  await house.run(solveRequest, { requestId, text: "Done" }, erik);
  await house.run(confirmRequest, { requestId }, ann);
  const made = await receive(raw(annAt, { Subject: `Re: x [${number} ${await tokenOf(requestId)}]` }, "Again!"));
  expect(made).toMatchObject({ state: "filed" });
  expect(made.requestId).not.toBe(requestId);
  expect((await desk.get(ann, made.requestId!))["says"]).toContain(`An answer to ${number}, which is closed.`);
});

test("machines are not answered, and neither are two that talk to each other", async () => {
  const before = await desk.house.owner.query("select count(*)::int as count from office.request");
  expect(await receive(raw(annAt, { "Auto-Submitted": "auto-replied" }))).toMatchObject({ state: "ignored", requestId: null });
  expect(await receive(raw(annAt, { Precedence: "bulk" }))).toMatchObject({ state: "ignored" });
  expect(await receive(raw(annAt, { "Message-ID": `<${newId()}.${newId()}@heartwood>` }))).toMatchObject({ state: "ignored" });
  const after = await desk.house.owner.query("select count(*)::int as count from office.request");
  expect(after.rows).toEqual(before.rows);
  for (let sent = 0; sent < 20; sent++) await receive(raw("sam.stranger@example.test"));
  expect(await receive(raw("sam.stranger@example.test"))).toMatchObject({ state: "ignored", why: expect.stringMatching(/two machines/) });
});

test("files come along, named without a path, within limits; the mail itself is kept", async () => {
  const { house, olga, ann } = desk;
  const part = (name: string, content: string) =>
    [
      "--b",
      "Content-Type: application/octet-stream",
      `Content-Disposition: attachment; filename="${name}"`,
      "Content-Transfer-Encoding: base64",
      "",
      Buffer.from(content).toString("base64"),
      "",
    ].join("\r\n");
  const names = Array.from({ length: 12 }, (_, index) => `file${index}.txt`);
  const parts = [part("../../etc/passwd", "x"), ...names.map((name) => part(name, name))];
  const body = `--b\r\nContent-Type: text/plain\r\n\r\nSee files\r\n${parts.join("")}--b--\r\n`;
  const made = await receive(raw(annAt, { "MIME-Version": "1.0", "Content-Type": 'multipart/mixed; boundary="b"' }, body));
  const files = await desk.rows(ann, "office.attachment", { recordId: made.requestId! });
  expect(files).toHaveLength(10);
  expect(files.map(({ title }) => title)).toContain("passwd");
  expect((await desk.get(ann, made.requestId!))["says"]).toContain("3 files were left out");
  const kept = await desk.rows(olga, "office.mail", { id: made.id });
  expect(kept).toMatchObject([{ state: "filed", from: annAt, text: "See files" }]);
  const { bytes } = await house.funnel.read({ tenantId: house.tenantId, actor: olga }, (context) =>
    context.readFile(kept[0]!["fileId"] as never),
  );
  expect(Buffer.from(bytes).toString()).toContain("See files");
});

test("what nobody can place waits until someone files it, adds it or puts it aside", async () => {
  const { house, olga, ann, sam, erik } = desk;
  const first = await receive(raw("Ann at home <ann@home.test>", { Subject: "From home" }, "Private address"));
  expect(first).toMatchObject({ state: "review", requestId: null });
  expect(await desk.rows(sam, "office.mail", {})).toEqual([]);
  await expect(house.run(fileWaitingMail, { mailId: first.id, personId: ann.personId }, sam)).rejects.toMatchObject({
    name: "NotPermitted",
  });
  await expect(house.run(fileWaitingMail, { mailId: first.id, personId: newId() }, olga)).rejects.toMatchObject({ code: "personUnknown" });
  const filed = await house.run(fileWaitingMail, { mailId: first.id, personId: ann.personId }, olga);
  expect(await desk.get(ann, filed.requestId)).toMatchObject({ title: "From home", requester: "Ann Asks" });
  await expect(house.run(fileWaitingMail, { mailId: first.id, personId: ann.personId }, olga)).rejects.toMatchObject({
    code: "mailSorted",
  });

  const second = await receive(raw("ann@home.test", {}, "More words"));
  const { id: requestId } = await desk.file(ann, "supplies");
  const over = await desk.file(ann, "supplies");
  await house.run(solveRequest, { requestId: over.id, text: "x" }, olga);
  await house.run(confirmRequest, { requestId: over.id }, ann);
  const file = (more: object) => house.run(fileWaitingMail, { mailId: second.id, personId: ann.personId, ...more }, olga);
  await expect(file({ requestId: over.id })).rejects.toMatchObject({ code: "requestOver" });
  await file({ requestId });
  expect((await threadOf(ann, requestId)).at(-1)).toMatchObject({ text: "More words", author: "Ann Asks" });

  const third = await receive(raw("spam@elsewhere.test"));
  await house.run(discardMail, { mailId: third.id, reason: "Advertising" }, olga);
  await expect(house.run(discardMail, { mailId: third.id, reason: "x" }, olga)).rejects.toMatchObject({ code: "mailSorted" });
  expect(await desk.rows(olga, "office.mail", { id: third.id })).toMatchObject([{ state: "discarded", why: "Advertising" }]);
  await expect(house.run(discardMail, { mailId: third.id, reason: "x" }, erik)).rejects.toMatchObject({ name: "NotPermitted" });
});

test("mail about a confidential request waits with those who work on it, and with nobody else", async () => {
  const { house, ann, nadia, olga, helene } = desk;
  const { id: requestId, number } = await desk.file(ann, "concern");
  const head = { Subject: `Re: Your confidential request [${number} ${await tokenOf(requestId)}]` };
  const made = await receive(raw("ann@home.test", head, "From my private address: Zinnober"));
  expect(made).toMatchObject({ state: "review", requestId });
  expect(await desk.rows(nadia, "office.mail", { id: made.id })).toHaveLength(1);
  for (const other of [olga, helene, mailbox]) expect(await desk.rows(other, "office.mail", { id: made.id })).toEqual([]);
  expect(await receive(raw(annAt, head, "Zinnober too"))).toMatchObject({ state: "threaded" });
  expect(await desk.rows(olga, "office.mail", { text: "~Zinnober" })).toEqual([]);
  // Not even the owner of the company sorts it: for them it is not there.
  const filing = house.run(fileWaitingMail, { mailId: made.id, personId: ann.personId }, helene);
  await expect(filing).rejects.toMatchObject({ code: "notFound" });
  await expect(house.run(discardMail, { mailId: made.id, reason: "x" }, helene)).rejects.toMatchObject({ code: "notFound" });
  await house.run(discardMail, { mailId: made.id, reason: "Sorted by those who may" }, nadia);
});

test("a mail with a virus is noted and not kept; while the scanner is away no mail is taken in, and it comes again", async () => {
  const { house, olga } = desk;
  const scanner = await openScanner();
  scanBy(scanner.place);
  const infected = await receive(raw(annAt, { Subject: "An invoice" }, `${eicar}\r\n`));
  expect(infected).toMatchObject({ state: "ignored", why: "the virus scanner found Eicar-Test-Signature in it", requestId: null });
  const [row] = await desk.rows(olga, "office.mail", { id: infected.id });
  const { rows } = await house.owner.query(
    `select convert_from(c.bytes, 'UTF8') as text from platform.file f
     join platform.file_content c using (tenant_id, hash) where f.id = $1`,
    [row!["fileId"]],
  );
  expect(rows).toEqual([{ text: "Not kept: the virus scanner found Eicar-Test-Signature in it.\n" }]);
  await scanner.close();
  const later = raw(annAt, { Subject: "Two lamps" });
  await expect(receive(later)).rejects.toMatchObject({ code: "scannerSilent" });
  scanBy(undefined);
  expect(await receive(later)).toMatchObject({ state: "filed", again: false });
});

test("what is no mail is refused; without a kind for it mail waits", async () => {
  const { house, olga } = desk;
  await expect(house.run(receiveMail, {}, mailbox)).rejects.toMatchObject({ code: "mailMissing" });
  await expect(receive("no mail at all")).rejects.toMatchObject({ code: "mailUnreadable" });
  await expect(house.run(receiveMail, { message: raw(annAt) }, desk.ann)).rejects.toMatchObject({ name: "NotPermitted" });
  await house.run(retireKind, { requestKindId: await desk.kind("mail") }, olga);
  const waiting = await receive(raw("erik.it@example.test"));
  expect(waiting).toMatchObject({ state: "review" });
  const file = house.run(fileWaitingMail, { mailId: waiting.id, personId: desk.erik.personId }, olga);
  await expect(file).rejects.toMatchObject({ code: "mailKindMissing" });
});
