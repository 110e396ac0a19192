// Documents on a real database: who sees what, versions, expiry, signatures with their certificate, holds, and destruction by rule.
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { type Id, newId } from "../../../kernel/id.ts";
import type { Actor } from "../../../platform/operation/context.ts";
import { writeStoredFile } from "../../../platform/files/store.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { makeLine } from "../office.testing.ts";
import { careForDocuments } from "./care.ts";
import { changeDocumentClass, createDocumentClass } from "./class.operations.ts";
import { approveDisposal, carryOutDisposal, keepOn, proposeDisposal } from "./disposal.operations.ts";
import { changeDocument, fileDocument, openDocument, reviseDocument, withdrawDocument } from "./document.operations.ts";
import { holdDocument, holdRecord, releaseHold } from "./hold.operations.ts";
import { documentLaws } from "./laws.ts";
import { askSignatures, declineSignature, signDocument, withdrawSigning } from "./signing.operations.ts";

let house: TestHouse;
let boss: Actor;
let records: Actor;
let ann: Actor;
let bob: Actor;
let stranger: Actor;
let plain: Id;

beforeAll(async () => {
  house = await openHouse({ today: "2026-03-02" });
  boss = await house.person("Olga Owner", "owner");
  records = await house.person("Rita Records", "office.records");
  ann = await house.person("Ann Author");
  bob = await house.person("Bob Reader");
  stranger = await house.person("Sam Stranger");
  plain = await addClass("PLAIN", { title: "Plain paper" });
});
afterAll(() => house.close());

const addClass = async (code: string, more: object = {}): Promise<Id> =>
  (await house.run(createDocumentClass, { code, title: code, keepFrom: "filed", rule: "As the house likes it.", ...more }, records)).id;

let made = 0;
function upload(by: Actor, text = `content ${++made}`): Promise<Id> {
  const file = { tenantId: house.tenantId, userId: by.userId, now: new Date(), name: "paper.txt", mediaType: "text/plain" };
  return house.funnel.work(house.tenantId, (context) => writeStoredFile(context.db, { ...file, bytes: new TextEncoder().encode(text) }));
}

const file = async (title: string, more: object = {}, by = ann): Promise<Id> =>
  (await house.run(fileDocument, { title, classId: plain, fileId: await upload(by), ...more }, by)).id;

const read = (fileId: Id, as: Actor) => house.funnel.file(fileId, { tenantId: house.tenantId, actor: as });
const get = (id: Id, as: Actor) => house.call("office.document.get", { id }, as);
const sees = async (id: Id, as: Actor): Promise<boolean> =>
  get(id, as).then(
    () => true,
    () => false,
  );

describe("who may see it", () => {
  test("by class of visibility: the company, a unit and below, roles, people by name, and what is confidential", async () => {
    const line = await makeLine(house, boss);
    await line.seat("IN-UNIT", bob);
    const holder = await house.person("Hal Holder", "it.manager");
    const everyone = await file("For all");
    const unit = await file("For the unit", { visibility: "unit", unitId: line.unitId });
    const roles = await file("For IT", { visibility: "roles", roles: ["it.manager"] });
    const named = await file("For Bob", { visibility: "named", readers: [bob.personId] });
    const secret = await file("Secret for Bob", { visibility: "confidential", readers: [bob.personId] });
    const seen = async (as: Actor): Promise<boolean[]> => Promise.all([everyone, unit, roles, named, secret].map((id) => sees(id, as)));
    expect(await seen(ann)).toEqual([true, true, true, true, true]);
    expect(await seen(bob)).toEqual([true, true, false, true, true]);
    expect(await seen(holder)).toEqual([true, false, true, false, false]);
    expect(await seen(stranger)).toEqual([true, false, false, false, false]);
    // Neither the records manager nor the owner of the company sees what is confidential.
    expect(await seen(records)).toEqual([true, true, true, true, false]);
    expect(await seen(boss)).toEqual([true, true, true, true, false]);
  });

  test("without the right nothing is seen in lists, counts, search, versions, files, attachments, comments or the timeline", async () => {
    const fileId = await upload(ann);
    const { id } = await house.run(
      fileDocument,
      { title: "Merger plan Xylo", classId: plain, fileId, visibility: "confidential", readers: [bob.personId], expiresOn: "2026-03-20" },
      ann,
    );
    const attached = await upload(ann);
    await house.call("office.attachment.add", { subject: "office.document", recordId: id, fileId: attached }, ann);
    for (const other of [boss, records, stranger]) {
      const list = await house.call("office.document.list", { filter: { title: "~Xylo" }, count: true }, other);
      expect(list).toMatchObject({ rows: [], count: 0 });
      expect(await house.call("platform.search.find", { text: "Xylo" }, other)).toEqual({ hits: [] });
      expect(await house.call("office.documentVersion.list", { filter: { documentId: id }, count: true }, other)).toMatchObject({
        count: 0,
      });
      expect(await read(fileId, other)).toBeUndefined();
      expect(await read(attached, other)).toBeUndefined();
      expect(await house.call("office.deadline.list", { search: "Xylo" }, other)).toMatchObject({ rows: [] });
      await expect(house.call("platform.timeline.get", { subject: "office.document", recordId: id }, other)).rejects.toMatchObject({
        code: "notFound",
      });
    }
    expect((await read(fileId, bob))?.name).toBe("paper.txt");
    expect((await read(attached, bob))?.name).toBe("paper.txt");
    // Whoever may see it sees when it expires; a feed, which lies on a stranger's server, says it to its owner without words.
    for (const one of [ann, bob]) {
      const due = await house.call("office.deadline.list", { search: "Xylo" }, one);
      expect(due).toMatchObject({
        rows: [{ title: "Expires: Merger plan Xylo", due: "2026-03-20", source: "document", person: "Ann Author" }],
      });
    }
    const feed = async (as: Actor) => (await house.call("office.calendarFeed.read", { scope: "all" }, as))["text"] as string;
    expect(await feed(ann)).toMatch(/SUMMARY:Confidential[^]*20260320/);
    expect(await feed(ann)).not.toContain("Xylo");
    expect(await feed(bob)).not.toContain("20260320");
  });

  test("a read is logged with its reader, of the record and of the file", async () => {
    const fileId = await upload(ann);
    const { id } = await house.run(fileDocument, { title: "Logged", classId: plain, fileId, visibility: "confidential" }, ann);
    await get(id, ann);
    await read(fileId, ann);
    const log = await house.owner.query("select actor_name, operation from platform.read_log where $1 = any(object_ids) order by at, id", [
      id,
    ]);
    expect(log.rows).toEqual([
      { actor_name: "Ann Author", operation: "office.document.get" },
      { actor_name: "Ann Author", operation: "office.document.get" },
    ]);
  });

  test("whoever brought a file in reads it only until a record has it: then the record decides", async () => {
    const fileId = await upload(bob);
    expect(await read(fileId, bob)).toBeDefined();
    const own = { title: "Bob's", classId: plain, fileId, visibility: "named", ownerId: ann.personId, readers: [bob.personId] };
    const { id } = await house.run(fileDocument, own, bob);
    expect(await read(fileId, bob)).toBeDefined();
    await house.run(openDocument, { documentId: id, visibility: "named", readers: [] }, ann);
    expect(await read(fileId, bob)).toBeUndefined();
    expect(await read(fileId, ann)).toBeDefined();
  });

  test("an operation reads no file that its caller may not read", async () => {
    const fileId = await upload(ann);
    await house.run(fileDocument, { title: "Not yours", classId: plain, fileId, visibility: "named" }, ann);
    const ask = (as: Actor) =>
      house.funnel.read({ tenantId: house.tenantId, actor: as }, async (context) => (await context.readFile(fileId)).name);
    expect(await ask(ann)).toBe("paper.txt");
    await expect(ask(stranger)).rejects.toMatchObject({ code: "fileNotFound" });
    await expect(ask(boss)).resolves.toBe("paper.txt");
  });

  test("only its owner, and for what is not confidential the records manager, change who sees it", async () => {
    const [open, secret] = [await file("Open one"), await file("Secret one", { visibility: "confidential" })];
    const choose = (documentId: Id, as: Actor, more: object = { visibility: "named" }) =>
      house.run(openDocument, { documentId, ...more }, as);
    await expect(choose(open, bob)).rejects.toMatchObject({ name: "NotPermitted" });
    await expect(choose(secret, records)).rejects.toMatchObject({ name: "NotPermitted" });
    await choose(open, records);
    await expect(choose(secret, ann, { visibility: "unit" })).rejects.toMatchObject({ code: "unitMissing" });
    await expect(choose(secret, ann, { visibility: "unit", unitId: newId() })).rejects.toMatchObject({ code: "unitUnknown" });
    await expect(choose(secret, ann, { visibility: "roles" })).rejects.toMatchObject({ code: "rolesMissing" });
    await expect(choose(secret, ann, { visibility: "named", readers: [newId()] })).rejects.toMatchObject({ code: "personUnknown" });
  });
});

describe("filing and versions", () => {
  test("is refused when something does not fit", async () => {
    const fileId = await upload(ann);
    const wish = { title: "x", classId: plain, fileId };
    const refused = (more: object, code: string, as = ann) =>
      expect(house.run(fileDocument, { ...wish, ...more }, as)).rejects.toMatchObject({ code });
    await refused({ classId: newId() }, "classUnknown");
    await refused({ fileId: newId() }, "fileNotFound");
    await refused({}, "fileNotFound", stranger);
    await refused({ ownerId: newId() }, "personUnknown");
    await refused({ aboutSubject: "directory.person" }, "recordUnknown");
    await refused({ aboutSubject: "directory.person", aboutId: newId() }, "recordUnknown");
    await refused({ effectiveOn: "2026-03-10", expiresOn: "2026-03-09" }, "expiryBeforeEffect");
    await refused({}, "ownerMissing", { ...ann, personId: null });
    await expect(
      house.run(createDocumentClass, { code: "PLAIN", title: "x", keepFrom: "filed", rule: "x" }, records),
    ).rejects.toMatchObject({
      code: "codeTaken",
    });
  });

  test("a new version is another content; what was stays, and cannot be filed twice", async () => {
    const documentId = await file("Handbook");
    const first = await get(documentId, ann);
    const same = await house.owner.query("select convert_from(c.bytes, 'UTF8') as text from platform.file_content c where c.hash = $1", [
      first["hash"],
    ]);
    expect(first["hash"]).toBe(createHash("sha256").update(same.rows[0].text).digest("hex"));
    const revise = async (fileId: Id, more: object = {}) => house.run(reviseDocument, { documentId, fileId, ...more }, ann);
    await expect(revise(await upload(ann, same.rows[0].text))).rejects.toMatchObject({ code: "sameContent" });
    await expect(revise(first["fileId"] as Id)).rejects.toMatchObject({ code: "fileNotFound" });
    await expect(revise(await upload(ann), { effectiveOn: "2027-01-01", expiresOn: "2026-01-01" })).rejects.toMatchObject({
      code: "expiryBeforeEffect",
    });
    expect(await revise(await upload(ann), { note: "Chapter 2" })).toMatchObject({ version: 2 });
    const { rows } = await house.call("office.documentVersion.list", { filter: { documentId }, sort: "number" }, bob);
    expect(rows).toMatchObject([
      { number: 1, hash: first["hash"] },
      { number: 2, note: "Chapter 2", author: "Ann Author" },
    ]);
  });

  test("the class changes and retires; its rule stands on the document", async () => {
    const classId = await addClass("LEASE", { keepMonths: 24, keepFrom: "expiry", rule: "Two years after its end." });
    const id = await file("Lease", { classId, expiresOn: "2026-06-30" });
    expect(await get(id, ann)).toMatchObject({ keptUntil: "2028-06-30", rule: "Two years after its end.", state: "in force" });
    const change = { documentClassId: classId, title: "Lease", keepMonths: 36, keepFrom: "expiry", rule: "Three years." };
    const retired = { ...change, reminderDays: 30, visibility: "company", state: "retired" };
    await house.run(changeDocumentClass, retired, records);
    expect(await get(id, ann)).toMatchObject({ keptUntil: "2029-06-30" });
    await expect(file("Another", { classId })).rejects.toMatchObject({ code: "classUnknown" });
    await expect(house.run(changeDocumentClass, { ...retired, documentClassId: newId() }, records)).rejects.toMatchObject({
      code: "notFound",
    });
  });

  test("an expiry is a deadline, its owner is reminded once, and a renewal moves both", async () => {
    const id = await file("Permit", { expiresOn: "2026-04-30", reminderDays: 30 });
    const deadlines = async () =>
      ((await house.call("office.deadline.list", { search: "Expires: Permit", filter: { state: "open" } }, ann)) as { rows: object[] })
        .rows;
    expect(await deadlines()).toMatchObject([{ title: "Expires: Permit", due: "2026-04-30", person: "Ann Author" }]);
    const reminders = async () =>
      (await house.owner.query("select title from platform.notification where about_id = $1 and kind = 'office.document.renewal'", [id]))
        .rows;
    const night = async (on: string) => {
      house.today = day(on);
      await house.funnel.work(house.tenantId, careForDocuments, house.today);
    };
    await night("2026-03-30");
    expect(await reminders()).toEqual([]);
    await night("2026-03-31");
    await night("2026-04-01");
    expect(await reminders()).toEqual([{ title: "Expires on 2026-04-30: Permit" }]);
    await house.run(reviseDocument, { documentId: id, fileId: await upload(ann), expiresOn: "2027-04-30" }, ann);
    expect(await deadlines()).toMatchObject([{ due: "2027-04-30" }]);
    await house.run(changeDocument, { documentId: id, title: "Permit to build", ownerId: bob.personId, expiresOn: "2027-05-31" }, ann);
    expect(await deadlines()).toEqual([]);
    expect(await get(id, bob)).toMatchObject({ title: "Permit to build", owner: "Bob Reader", expiresOn: "2027-05-31" });
    await expect(house.run(changeDocument, { documentId: id, effectiveOn: "2028-01-01" }, bob)).rejects.toMatchObject({
      code: "expiryBeforeEffect",
    });
    await expect(house.run(changeDocument, { documentId: id, ownerId: newId() }, bob)).rejects.toMatchObject({ code: "personUnknown" });
    await house.run(withdrawDocument, { documentId: id, reason: "Sold the land" }, bob);
    await expect(house.run(withdrawDocument, { documentId: id, reason: "x" }, bob)).rejects.toMatchObject({ code: "withdrawnAlready" });
    await expect(house.run(askSignatures, { documentId: id, people: [ann.personId], due: "2026-05-01" }, bob)).rejects.toMatchObject({
      code: "documentWithdrawn",
    });
    house.today = day("2026-03-02");
  });
});

describe("signatures", () => {
  const ask = async (documentId: Id, people: Actor[], more: object = {}) =>
    (await house.run(askSignatures, { documentId, people: people.map((one) => one.personId), due: "2026-03-10", ...more }, ann)).id;
  const sign = (signingId: Id, as: Actor) => house.run(signDocument, { signingId, name: as.name }, as);
  const taskOf = async (as: Actor, title: string) =>
    ((await house.call("office.task.list", { filter: { mine: "true", state: "open" }, search: title }, as)) as { rows: object[] }).rows;

  test("in order: the second is asked, and may read it, once the first has signed; a certificate proves it", async () => {
    const documentId = await file("Contract A", { visibility: "confidential" });
    const signingId = await ask(documentId, [bob, stranger], { inOrder: true });
    expect([await sees(documentId, bob), await sees(documentId, stranger)]).toEqual([true, false]);
    await expect(sign(signingId, stranger)).rejects.toMatchObject({ code: "notYourTurn" });
    expect(await taskOf(bob, "Contract A")).toMatchObject([{ title: "Sign: Contract A" }]);
    // The office manager's eyes are not enough for a task about something confidential.
    expect(await taskOf(await house.person("Mo Manager", "office.manager"), "Contract A")).toEqual([]);
    await expect(house.run(reviseDocument, { documentId, fileId: await upload(ann) }, ann)).rejects.toMatchObject({ code: "signingOpen" });
    await expect(ask(documentId, [bob])).rejects.toMatchObject({ code: "signingOpen" });
    const { seal } = await sign(signingId, bob);
    const document = await get(documentId, ann);
    // Worked out again from what anyone can read.
    const parts = ["heartwood signature 1", documentId, document["versionId"], document["hash"], bob.personId, "Bob Reader"];
    expect(seal).toBe(
      createHash("sha256")
        .update([...parts, "2026-03-02T09:00:00.000Z"].join("\n"))
        .digest("hex"),
    );
    await expect(sign(signingId, bob)).rejects.toMatchObject({ code: "notYourTurn" });
    expect(await taskOf(bob, "Contract A")).toEqual([]);
    await sign(signingId, stranger);
    const done = (await house.call("office.signing.get", { id: signingId }, bob)) as { certificate: Id; signatures: object[] };
    expect(done).toMatchObject({ state: "signed", signatures: [{ person: "Bob Reader", state: "signed", seal }, { state: "signed" }] });
    const certificate = await read(done.certificate, bob);
    expect(Buffer.from(certificate!.bytes.subarray(0, 5)).toString()).toBe("%PDF-");
    expect(await read(done.certificate, boss)).toBeUndefined();
    await expect(sign(signingId, stranger)).rejects.toMatchObject({ code: "signingOver" });
  });

  test("all at once: a decline with its reason ends it for everyone", async () => {
    const documentId = await file("Contract B");
    const signingId = await ask(documentId, [bob, stranger]);
    expect([(await taskOf(bob, "Contract B")).length, (await taskOf(stranger, "Contract B")).length]).toEqual([1, 1]);
    await house.run(declineSignature, { signingId, reason: "The price is wrong" }, bob);
    expect(await taskOf(stranger, "Contract B")).toEqual([]);
    expect(await house.call("office.signing.get", { id: signingId }, ann)).toMatchObject({
      state: "declined",
      certificate: null,
      signatures: [{ state: "declined", reason: "The price is wrong" }, { state: "void" }],
    });
    const again = await ask(documentId, [stranger]);
    await house.run(withdrawSigning, { signingId: again, reason: "Too early" }, ann);
    await expect(house.run(withdrawSigning, { signingId: again, reason: "x" }, ann)).rejects.toMatchObject({ code: "signingOver" });
  });

  test("asking is refused for the past, for someone twice and for nobody known", async () => {
    const documentId = await file("Contract C");
    await expect(ask(documentId, [bob], { due: "2026-03-01" })).rejects.toMatchObject({ code: "dueInPast" });
    await expect(ask(documentId, [bob, bob])).rejects.toMatchObject({ code: "personTwice" });
    await expect(ask(documentId, [{ ...bob, personId: newId() }])).rejects.toMatchObject({ code: "personUnknown" });
    await expect(house.run(signDocument, { signingId: newId(), name: "x" }, boss)).rejects.toMatchObject({ code: "notFound" });
  });
});

describe("retention, holds and destruction", () => {
  const titleOfDue = async () =>
    ((await house.call("office.disposal.list", { filter: { state: "proposed" } }, records)) as { rows: { title: string }[] }).rows.map(
      (row) => row.title,
    );
  const night = async (on: string) => {
    house.today = day(on);
    await house.funnel.work(house.tenantId, careForDocuments, house.today);
  };

  test("each rule counts from its own day, and only what nobody has to keep any more is proposed", async () => {
    house.today = day("2026-01-31");
    const rules = { filed: 1, yearEnd: 12, event: 6 };
    const ids = new Map<string, Id>();
    for (const [keepFrom, keepMonths] of Object.entries(rules)) {
      const classId = await addClass(`R-${keepFrom}`, { keepFrom, keepMonths, rule: `${keepMonths} months from ${keepFrom}` });
      ids.set(keepFrom, await file(`Kept from ${keepFrom}`, { classId }));
    }
    // One month after 31 January is the last of February; a year after the end of 2026 is the end of 2027 (AO § 147(4)).
    expect((await get(ids.get("filed")!, ann))["keptUntil"]).toBe("2026-02-28");
    expect((await get(ids.get("yearEnd")!, ann))["keptUntil"]).toBe("2027-12-31");
    expect((await get(ids.get("event")!, ann))["keptUntil"]).toBeNull();
    await night("2026-02-28");
    expect(await titleOfDue()).toEqual([]);
    await night("2026-03-01");
    await night("2026-03-02");
    expect(await titleOfDue()).toEqual(["Kept from filed"]);
    await house.run(changeDocument, { documentId: ids.get("event")!, eventOn: "2025-08-31" }, ann);
    await night("2026-03-02");
    expect((await titleOfDue()).toSorted()).toEqual(["Kept from event", "Kept from filed"]);
  });

  test("a hold freezes disposal at every step, in the database too; the destroyed leaves a certificate and no content", async () => {
    const classId = await addClass("GONE", { keepMonths: 0, rule: "Until it is filed (GDPR Art 5(1)(e))." });
    const aboutId = ann.personId!;
    const text = "personal content";
    house.today = day("2026-03-01");
    const fileId = await upload(ann, text);
    const wish = { title: "To go", classId, fileId, aboutSubject: "directory.person", aboutId };
    const { id: documentId } = await house.run(fileDocument, wish, ann);
    house.today = day("2026-03-03");
    const held = await house.run(
      holdRecord,
      { subject: "directory.person", recordId: aboutId, matter: "Doe ./. us", reason: "Court order" },
      records,
    );
    const propose = () => house.run(proposeDisposal, { documentId }, ann);
    await expect(propose()).rejects.toMatchObject({ code: "documentHeld" });
    await night("2026-03-03");
    expect(await titleOfDue()).not.toContain("To go");
    await house.run(releaseHold, { documentHoldId: held.id, reason: "Settled" }, records);
    await expect(house.run(releaseHold, { documentHoldId: held.id, reason: "x" }, records)).rejects.toMatchObject({ code: "notFound" });
    const { id: disposalId } = await propose();
    await expect(propose()).rejects.toMatchObject({ code: "proposedAlready" });
    await expect(house.run(approveDisposal, { disposalId }, ann)).rejects.toMatchObject({ code: "selfApproval" });
    await expect(house.run(carryOutDisposal, { disposalId }, records)).rejects.toMatchObject({ code: "disposalState" });
    await house.run(approveDisposal, { disposalId }, records);
    const hold = await house.run(holdDocument, { documentId, matter: "New claim", reason: "Letter of 2 March" }, records);
    await expect(house.run(carryOutDisposal, { disposalId }, records)).rejects.toMatchObject({ code: "documentHeld" });
    // Past the code, the database says no as well.
    const inDatabase = house.funnel.work(house.tenantId, (context) =>
      context.db.run({ text: "select office.destroy_document($1, $2, now())", values: [house.tenantId, documentId] } as never),
    );
    await expect(inDatabase).rejects.toMatchObject({ constraint: "document_held" });
    await house.run(releaseHold, { documentHoldId: hold.id, reason: "Withdrawn" }, records);
    const { certificate } = await house.run(carryOutDisposal, { disposalId }, records);
    const hash = createHash("sha256").update(text).digest("hex");
    expect(certificate).toMatchObject({ title: "To go", files: 1, approvedBy: "Rita Records", versions: [{ number: 1, hash }] });
    expect(await read(fileId, ann)).toBeUndefined();
    expect((await house.owner.query("select count(*)::int as left from platform.file_content where hash = $1", [hash])).rows).toEqual([
      { left: 0 },
    ]);
    expect(await get(documentId, ann)).toMatchObject({ state: "disposed", fileId: null, can: [] });
    await expect(house.run(reviseDocument, { documentId, fileId: await upload(ann) }, ann)).rejects.toMatchObject({
      code: "documentDisposed",
    });
    // The same bytes may come back one day: they are a new file.
    const again = await upload(ann, text);
    expect(await read(again, ann)).toBeDefined();
    expect(await read(fileId, ann)).toBeUndefined();
  });

  test("content that someone else has brought in too stays with their file", async () => {
    const classId = await addClass("COPY", { keepMonths: 0 });
    house.today = day("2026-03-01");
    const [mine, theirs] = [await upload(ann, "the same"), await upload(bob, "the same")];
    const { id: documentId } = await house.run(fileDocument, { title: "Copy", classId, fileId: mine }, ann);
    house.today = day("2026-03-03");
    const { id: disposalId } = await house.run(proposeDisposal, { documentId }, ann);
    await house.run(approveDisposal, { disposalId }, records);
    await house.run(carryOutDisposal, { disposalId }, records);
    expect(Buffer.from((await read(theirs, bob))!.bytes).toString()).toBe("the same");
    expect(await read(mine, ann)).toBeUndefined();
  });

  test("what the rule still asks to keep is not proposed by hand, and what is kept on comes back after a year", async () => {
    house.today = day("2026-03-03");
    const ever = await file("For ever");
    await expect(house.run(proposeDisposal, { documentId: ever }, ann)).rejects.toMatchObject({ code: "keptForEver" });
    const classId = await addClass("LONG", { keepMonths: 12 });
    const long = await file("Long", { classId });
    await expect(house.run(proposeDisposal, { documentId: long }, ann)).rejects.toMatchObject({ code: "keptLonger" });
    await night("2027-03-04");
    const { rows } = (await house.call("office.disposal.list", { filter: { documentId: long } }, records)) as { rows: { id: Id }[] };
    await house.run(keepOn, { disposalId: rows[0]!.id, reason: "The archive wants it" }, records);
    await night("2027-03-05");
    expect(await titleOfDue()).not.toContain("Long");
    await night("2028-03-10");
    expect(await titleOfDue()).toContain("Long");
    house.today = day("2026-03-02");
  });

  test("a hold says why, on something that is there", async () => {
    const documentId = await file("Held");
    const refused = (wish: Promise<unknown>, code: string) => expect(wish).rejects.toMatchObject({ code });
    await refused(house.run(holdDocument, { documentId, matter: "M", reason: " " }, records), "reasonMissing");
    await refused(house.run(holdDocument, { documentId: newId(), matter: "M", reason: "x" }, records), "notFound");
    const secret = await file("Not theirs", { visibility: "confidential" });
    await refused(house.run(holdDocument, { documentId: secret, matter: "M", reason: "x" }, records), "notFound");
    const nowhere = { subject: "directory.person", recordId: newId(), matter: "M", reason: "x" };
    await refused(house.run(holdRecord, nowhere, records), "notFound");
  });
});

test("no law is broken", async () => {
  for (const law of documentLaws) {
    expect(await house.funnel.read({ tenantId: house.tenantId, actor: boss }, (context) => law.breaks(context))).toEqual([]);
  }
});
