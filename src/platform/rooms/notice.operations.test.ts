// What people are told, on which channel and at what hour: once, as each of them wishes, and only what they may see when it is sent.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Id, newId } from "../../kernel/id.ts";
import { type Sql, sql } from "../database/sql.ts";
import type { Actor, Notice, WriteContext } from "../operation/context.ts";
import { mailDueNotices } from "../notify/digest.ts";
import { type MailMore, type SendMail, sendWaitingMail, writeMails } from "../notify/mail.ts";
import { unsubscribing } from "../notify/unsubscribe.ts";
import { system } from "../funnel/frame.ts";
import { createFunnel } from "../funnel/funnel.ts";
import { openHouse, type TestHouse } from "../testing/house.ts";

let house: TestHouse;
let owner: Actor;
let ann: Actor;
let bob: Actor;
let now = "2026-03-02T09:00:00Z";

beforeAll(async () => {
  house = await openHouse({ today: "2026-03-02" });
  owner = await house.person("Olga Owner", "owner");
  ann = await house.person("Ann Hears");
  bob = await house.person("Bob Hears");
  // A house whose clock the tests turn.
  const parts = { pool: house.pool, registry: house.funnel.registry, clock: () => new Date(now), zoneOf: async () => "UTC" };
  Object.assign(house, { funnel: createFunnel(parts) });
});
afterAll(() => house.close());

const work = <T>(does: (context: WriteContext) => Promise<T>) => house.funnel.work(house.tenantId, does);
const tell = (...notices: Notice[]) => work((context) => context.notifyAll(notices));
const call = (name: string, input: unknown, as: Actor) =>
  house.funnel.run(name, input, { tenantId: house.tenantId, actor: as }) as Promise<Record<string, never>>;
const bellOf = async (as: Actor) =>
  ((await call("platform.notification.list", { limit: 100 }, as)) as unknown as { rows: { title: string }[] }).rows.map((row) => row.title);
const mailsOf = async (as: Actor) =>
  (await house.owner.query("select subject, text from platform.mail where person_id = $1 order by id", [as.personId])).rows;
const taskFor = async (as: Actor, title: string): Promise<Id> =>
  (await call("office.task.create", { title, due: "2026-04-01", personId: as.personId }, owner))["id"]!;

describe("preferences", () => {
  test("the person's wish stands before the company's, and what must be heard before both", async () => {
    const choose = (kind: string, app: boolean, mail: string, as = ann) =>
      call("platform.noticePreference.choose", { kind, app, mail }, as);
    await call("platform.noticeDefault.set", { kind: "office.comment.mentioned", app: true, mail: "now" }, owner);
    await choose("office.comment.mentioned", false, "off");
    const about = { subject: "office.task", id: newId() };
    const mention = (as: Actor): Notice => ({ personId: as.personId!, title: "Mentioned", event: "office.comment.mentioned", about });
    const security = (as: Actor): Notice => ({ personId: as.personId!, title: "Account changed", event: "platform.security.changed" });
    await tell(mention(ann), mention(bob), security(ann));
    expect(await bellOf(ann)).toEqual(["Account changed"]);
    expect(await bellOf(bob)).toEqual(["Mentioned"]);
    expect(await mailsOf(ann)).toEqual([{ subject: "Account changed", text: "Account changed" }]);
    expect(await mailsOf(bob)).toEqual([{ subject: "Mentioned", text: "Mentioned" }]);
    await expect(choose("platform.security.changed", false, "off")).rejects.toMatchObject({ code: "alwaysHeard" });
    await expect(choose("no.such.kind", true, "off")).rejects.toMatchObject({ code: "kindUnknown" });
    await expect(choose("office.task.late", true, "off", system)).rejects.toMatchObject({ code: "noPerson" });
    const shown = (await call("platform.noticePreference.show", {}, ann)) as unknown as { kinds: { kind: string }[] };
    expect(shown.kinds).toContainEqual(
      expect.objectContaining({ kind: "office.comment.mentioned", app: false, mail: "off", source: "own", always: false }),
    );
    expect(shown.kinds).toContainEqual(expect.objectContaining({ kind: "platform.security.changed", always: true, mail: "now" }));
  });

  test("hours are wall times of a zone that exists", async () => {
    const set = (more: object) =>
      call("platform.noticeRhythm.set", { zone: "Asia/Kathmandu", digestAt: "08:00", digestWeekday: 5, ...more }, bob);
    await expect(set({ zone: "Mars/Olympus" })).rejects.toMatchObject({ code: "zoneUnknown" });
    await expect(set({ quietFrom: "20:00" })).rejects.toMatchObject({ code: "quietIncomplete" });
    await expect(set({ quietFrom: "20:00", quietUntil: "20:00" })).rejects.toMatchObject({ code: "quietIncomplete" });
    await set({ quietFrom: "20:00", quietUntil: "06:00" });
    expect(await call("platform.noticePreference.show", {}, bob)).toMatchObject({
      rhythm: { zone: "Asia/Kathmandu", digestAt: "08:00", digestWeekday: 5, quietFrom: "20:00", quietUntil: "06:00" },
    });
  });
});

beforeEach(() => {
  now = "2026-03-02T09:00:00Z";
});

describe("summaries", () => {
  const sendDue = () => work(mailDueNotices);

  test("gather until their hour in the reader's zone, and say only what the reader may see by then", async () => {
    const dora = await house.person("Dora Digest");
    await call("platform.noticeRhythm.set", { zone: "Asia/Kathmandu", digestAt: "08:00", digestWeekday: 1 }, dora);
    await call("platform.noticePreference.choose", { kind: "office.task.given", app: true, mail: "daily" }, dora);
    const [kept, lost] = [await taskFor(dora, "Stays hers"), await taskFor(dora, "Handed on")];
    expect(await bellOf(dora)).toEqual(expect.arrayContaining(["New task: Stays hers", "New task: Handed on"]));
    // 08:00 in Kathmandu is 02:15 UTC.
    now = "2026-03-03T02:14:00Z";
    expect(await sendDue()).toBe(0);
    await call("office.task.reassign", { taskId: lost, personId: bob.personId, reason: "Away" }, dora);
    now = "2026-03-03T02:15:00Z";
    expect(await sendDue()).toBe(1);
    expect(await mailsOf(dora)).toEqual([{ subject: "New task: Stays hers", text: "Due 2026-04-01." }]);
    expect(await sendDue()).toBe(0);
    expect(kept).toBeTruthy();
    now = "2026-03-02T09:00:00Z";
  });

  test("wait out quiet hours, and what came meanwhile is one mail", async () => {
    const quinn = await house.person("Quinn Quiet");
    await call(
      "platform.noticeRhythm.set",
      { zone: "UTC", digestAt: "07:30", digestWeekday: 1, quietFrom: "08:00", quietUntil: "17:00" },
      quinn,
    );
    const say = (title: string, event: string): Notice => ({ personId: quinn.personId!, title, text: "Words", event, mail: true });
    await tell(say("First", "platform.notice.other"), say("Second", "platform.notice.other"), say("Thief", "platform.security.changed"));
    expect(await mailsOf(quinn)).toMatchObject([{ subject: "Thief" }]);
    now = "2026-03-02T17:00:00Z";
    await sendDue();
    expect((await mailsOf(quinn))[1]).toEqual({ subject: "2 things for you in Heartwood", text: "• First\n  Words\n• Second\n  Words" });
    now = "2026-03-02T09:00:00Z";
  });

  test("the same thing is told once, however often it is said", async () => {
    const notice: Notice = { personId: ann.personId!, title: "Once", key: "once:1", mail: true };
    await tell(notice, notice);
    await tell(notice);
    expect((await bellOf(ann)).filter((title) => title === "Once")).toHaveLength(1);
    expect((await mailsOf(ann)).filter((mail) => mail.subject === "Once")).toHaveLength(1);
  });

  test("two servers at once, and a crash in between, never make two mails of one notice", async () => {
    const personId = ann.personId!;
    await call("platform.noticePreference.choose", { kind: "office.task.late", app: true, mail: "daily" }, ann);
    await tell({ personId, title: "Race", event: "office.task.late" });
    now = "2026-03-03T08:00:00Z";
    const crashed = work(async (context) => {
      await mailDueNotices(context);
      throw new Error("crash");
    });
    await expect(crashed).rejects.toThrow("crash");
    const sent = await Promise.all([sendDue(), sendDue(), sendDue()]);
    expect(sent.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect((await mailsOf(ann)).filter((mail) => mail.subject === "Race")).toHaveLength(1);
    now = "2026-03-02T09:00:00Z";
  });

  test("of 5,000 people take few statements, each with what that person may see", async () => {
    const count = 5000;
    await house.owner.query(
      `with made as (
         insert into directory.party (tenant_id, id, kind, name) select $1, gen_random_uuid(), 'person', 'Person ' || n
         from generate_series(1, ${count}) n returning id, name)
       insert into identity.member (tenant_id, user_id, email, name, person_id, joined_at)
       select $1, gen_random_uuid(), replace(lower(name), ' ', '') || '@crowd.test', name, id, now() from made`,
      [house.tenantId],
    );
    // A task of each of them, and a notice about it; of every fifth the task is with someone else by now.
    await house.owner.query(
      `with crowd as (
         select person_id, row_number() over (order by person_id) as n, gen_random_uuid() as task_id from identity.member
         where tenant_id = $1 and email like '%@crowd.test'), made as (
         insert into office.task (tenant_id, id, kind, title, state, due, person_id, via, is_fixed, by_fact,
           is_confidential, opened_at, opened_on)
         select $1, task_id, 'wish', 'Task ' || n, 'open', '2026-04-01', case when n % 5 = 0 then $2::uuid else person_id end,
           'x', true, false,
           false, $3, '2026-03-02' from crowd)
       insert into platform.notification (tenant_id, id, person_id, title, about_subject, about_id, at, kind, mail, mail_due)
       select $1, gen_random_uuid(), person_id, 'New task', 'office.task', task_id, $3, 'office.task.given', 'daily', $3 from crowd`,
      [house.tenantId, owner.personId, now],
    );
    let statements = 0;
    const mails = await work((context) => {
      const counted = new Proxy(context.db, {
        get: (db, name: "rows") => (statement: Sql) => {
          statements += 1;
          return db[name](statement);
        },
      });
      return mailDueNotices({ ...context, db: counted });
    });
    expect(mails).toBe((count / 5) * 4);
    // Claim, write, mark. Who may read what was asked in one statement for all who have the same roles.
    expect(statements).toBeLessThanOrEqual(5);
    const crowd = await house.owner.query("select count(*)::int as mails from platform.mail where to_address like '%@crowd.test'");
    expect(crowd.rows).toEqual([{ mails }]);
  });
});

describe("mail", () => {
  type Sent = { to: string; subject: string; text: string; more: MailMore };
  const sentBy =
    (sent: Sent[]): SendMail =>
    async (to, subject, text, more = {}) =>
      void sent.push({ to, subject, text, more });
  const links = unsubscribing("secret", "https://hw.example");

  test("carries a link that stops its kind with one click; what must be heard has none", async () => {
    await house.owner.query("update platform.mail set sent_at = now() where sent_at is null");
    const uma = await house.person("Uma Unsubscribes");
    await tell(
      { personId: uma.personId!, title: "Late", event: "office.task.late" },
      { personId: uma.personId!, title: "Security", event: "platform.security.changed" },
    );
    const sent: Sent[] = [];
    expect(await sendWaitingMail(house.funnel, house.tenantId, sentBy(sent), links.linkFor)).toBe(2);
    const [late, security] = [sent.find((one) => one.subject === "Late")!, sent.find((one) => one.subject === "Security")!];
    expect(late.more.unsubscribe).toMatch(/^https:\/\/hw\.example\/api\/v1\/unsubscribe\/[\w-]+\.[\w-]+$/);
    expect(late.text).toContain(late.more.unsubscribe);
    expect(late.more.messageId).toMatch(/^<[0-9a-f-]{36}@heartwood>$/);
    expect(security.more.unsubscribe).toBeUndefined();
    const meant = links.read(late.more.unsubscribe!.split("/").at(-1)!)!;
    expect(meant).toEqual({ tenantId: house.tenantId, personId: uma.personId, kind: "office.task.late" });
    expect(links.read(unsubscribing("another secret", "x").linkFor(meant).split("/").at(-1)!)).toBeUndefined();
    expect(links.read("nonsense")).toBeUndefined();
    await call("platform.noticePreference.stop", { personId: meant.personId, kind: meant.kind }, system);
    await tell({ personId: uma.personId!, title: "Later", event: "office.task.late" });
    expect((await mailsOf(uma)).map((mail) => mail.subject)).not.toContain("Later");
    expect(await bellOf(uma)).toContain("Later");
    await call("platform.noticePreference.stop", { personId: uma.personId, kind: "*" }, uma);
    await tell({ personId: uma.personId!, title: "Other", mail: true });
    expect((await mailsOf(uma)).map((mail) => mail.subject)).not.toContain("Other");
    await expect(call("platform.noticePreference.stop", { personId: uma.personId, kind: "*" }, bob)).rejects.toMatchObject({
      name: "NotPermitted",
    });
  });

  test("is not sent twice after a crash: it is unsure, and a person decides", async () => {
    await house.owner.query("update platform.mail set sent_at = now() where sent_at is null");
    await work((context) => writeMails(context, [{ to: "a@example.test", subject: "Once only", text: "x" }]));
    const sent: Sent[] = [];
    // The server took it, then the house fell.
    const falls: SendMail = async (...mail) => {
      await sentBy(sent)(...mail);
      throw Object.assign(new Error("socket closed"), { command: "DATA" });
    };
    expect(await sendWaitingMail(house.funnel, house.tenantId, falls)).toBe(0);
    expect(await sendWaitingMail(house.funnel, house.tenantId, sentBy(sent))).toBe(0);
    expect(sent).toHaveLength(1);
    const listed = async () =>
      ((await call("platform.mail.list", { search: "Once only" }, owner)) as unknown as { rows: { id: Id; state: string }[] }).rows[0]!;
    expect(await listed()).toMatchObject({ state: "waiting" });
    now = "2026-03-02T09:11:00Z";
    const { id: mailId, state } = await listed();
    expect(state).toBe("unsure");
    await call("platform.mail.resend", { mailId }, owner);
    expect(await sendWaitingMail(house.funnel, house.tenantId, sentBy(sent))).toBe(1);
    expect(sent[1]!.more.messageId).toBe(sent[0]!.more.messageId);
    await expect(call("platform.mail.resend", { mailId }, owner)).rejects.toMatchObject({ code: "mailOnItsWay" });
    now = "2026-03-02T09:00:00Z";
  });

  test("that the server declines is tried five times, and no more", async () => {
    await work((context) => writeMails(context, [{ to: "b@example.test", subject: "Declined", text: "x" }]));
    let tries = 0;
    const declines: SendMail = async () => {
      tries += 1;
      throw Object.assign(new Error("550 no such mailbox"), { responseCode: 550 });
    };
    for (let round = 0; round < 7; round++) await sendWaitingMail(house.funnel, house.tenantId, declines);
    expect(tries).toBe(5);
    expect(await call("platform.mail.list", { search: "Declined" }, owner)).toMatchObject({ rows: [{ state: "failed" }] });
  });
});

describe("following", () => {
  const settle = () => house.settle();

  test("whoever follows a record hears what others do on it, not what they do, and only while they may read it", async () => {
    const fay = await house.person("Fay Follows");
    const recordId = await taskFor(fay, "Watched");
    const record = { subject: "office.task", recordId };
    await call("platform.watch.follow", { ...record, label: "Watched" }, fay);
    await settle();
    await call("office.comment.add", { ...record, text: "Mine" }, fay);
    await settle();
    await call("office.comment.add", { ...record, text: "Theirs" }, owner);
    await settle();
    expect((await bellOf(fay)).filter((title) => title.endsWith(": Watched") && !title.startsWith("New"))).toEqual([
      "Comment added: Watched",
    ]);
    // Named in a comment, one is told that, and not twice.
    await call("office.comment.add", { ...record, text: "You", mentions: [fay.personId] }, owner);
    await settle();
    expect((await bellOf(fay)).filter((title) => title === "Comment added: Watched")).toHaveLength(1);
    expect(await bellOf(fay)).toContain("Olga Owner mentioned you");
    await call("office.task.reassign", { taskId: recordId, personId: bob.personId, reason: "x" }, owner);
    await settle();
    const before = (await bellOf(fay)).length;
    await call("office.comment.add", { ...record, text: "Gone from you" }, owner);
    await settle();
    expect(await bellOf(fay)).toHaveLength(before);
    expect(await call("platform.watch.list", {}, fay)).toMatchObject({ rows: [{ label: "Watched", state: "following" }] });
  });

  test("what is muted is silent, until it is not", async () => {
    const max = await house.person("Max Mutes");
    const recordId = await taskFor(max, "Noisy");
    const record = { subject: "office.task", recordId };
    const { id: watchId } = await call("platform.watch.mute", record, max);
    const say = (title: string, event?: string): Notice => ({
      personId: max.personId!,
      title,
      about: { subject: "office.task", id: recordId },
      mail: true,
      ...(event && { event }),
    });
    await tell(say("Noise"), say("Security", "platform.security.changed"));
    expect(await bellOf(max)).toEqual(expect.arrayContaining(["Security"]));
    expect(await bellOf(max)).not.toContain("Noise");
    await call("platform.watch.end", { watchId }, max);
    await tell(say("Heard"));
    expect(await bellOf(max)).toContain("Heard");
    await expect(call("platform.watch.end", { watchId }, max)).rejects.toMatchObject({ code: "notFound" });
    await expect(call("platform.watch.follow", { ...record, recordId: newId() }, max)).rejects.toMatchObject({ code: "notFound" });
    await expect(call("platform.watch.follow", record, system)).rejects.toMatchObject({ code: "noPerson" });
  });
});

test("who may read what is asked for many at once, and answered as each would be", async () => {
  const [mine, theirs] = [await taskFor(ann, "Ann's"), await taskFor(bob, "Bob's")];
  const about = (id: Id) => ({ subject: "office.task", id });
  const asked = [ann, bob].flatMap((one) => [mine, theirs].map((id) => ({ personId: one.personId!, about: about(id) })));
  const allowed = await work((context) => context.allowed(asked));
  expect(allowed).toEqual([asked[0], asked[3]]);
  await house.owner.query("update identity.member set disabled_at = now() where person_id = $1", [bob.personId]);
  expect(await work((context) => context.allowed(asked))).toEqual([asked[0]]);
  expect(await work((context) => context.db.rows(sql`select 1 as one`))).toEqual([{ one: 1 }]);
});
