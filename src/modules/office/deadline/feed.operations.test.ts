// The feed of a calendar: served at its secret address, read back by a parser, the same text for the same dues, nothing confidential.
import { fastify, type FastifyInstance } from "fastify";
import { convertIcsCalendar } from "ts-ics";
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { newId } from "../../../kernel/id.ts";
import type { Actor } from "../../../platform/operation/context.ts";
import { compose } from "../../../platform/operation/registry.ts";
import { mountCalendar } from "../../../platform/http/calendar.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { directory } from "../../directory/index.ts";
import { office } from "../module.ts";
import { makeLine } from "../office.testing.ts";
import { lab } from "../process/lab.testing.ts";
import { openTask } from "../task/task.ts";
import { closeDeadline, openDeadline } from "./deadline.ts";
import { createCalendarFeed, openCalendarFeed, readCalendarFeed, revokeCalendarFeed } from "./feed.operations.ts";
import { adoptRules, startDeadlinesOn } from "./rule.store.ts";

let house: TestHouse;
let app: FastifyInstance;
let boss: Actor;
let lead: Actor;
let bob: Actor;
let stranger: Actor;

const odd = 'Lease, Hamburg; "2nd" floor\\rear – a title so long that its line must be folded to fit the seventy-five octets of a line';

beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, office, lab]), today: "2026-03-02" });
  [boss, lead, bob, stranger] = [
    await house.person("Olga Owner", "owner"),
    await house.person("Lena Leads"),
    await house.person("Bob Does"),
    await house.person("Sam Stranger"),
  ];
  const line = await makeLine(house, boss);
  await line.seat("DOES", bob, await line.seat("LEAD", lead));
  for (const activity of ["governance.privacy", "governance.compliance"]) {
    await house.call("office.responsibility.assign", { activity, personId: bob.personId, from: "2026-01-01" }, boss);
  }
  await work(async (context) => {
    const owner = { personId: bob.personId! };
    await openDeadline(context, { title: odd, due: day("2026-03-31"), owner, key: "lease" });
    await openTask(context, { kind: "x", title: "Secret talk", due: day("2026-03-05"), owner, confidential: true });
    await adoptRules(context, "gdpr");
    await startDeadlinesOn(context, "governance.breach.recorded", { at: new Date("2026-03-02T06:00:00Z") });
  });
  const people = [boss, lead, bob, stranger];
  app = fastify();
  mountCalendar(app, house.funnel, {
    actorOf: async (userId) => {
      const actor = people.find((one) => one.userId === userId);
      return actor && ({ actor } as never);
    },
  });
});
afterAll(async () => {
  await app.close();
  await house.close();
});

const work = <T>(does: Parameters<typeof house.funnel.work<T>>[1]) => house.funnel.work(house.tenantId, does, house.today);
const pathOf = async (actor: Actor, scope: string): Promise<string> =>
  (await house.run(createCalendarFeed, { name: "phone", scope }, actor)).path;
const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });
const eventsAt = async (actor: Actor, scope: string) => {
  const answer = await get(await pathOf(actor, scope));
  expect(answer.headers["content-type"]).toBe("text/calendar; charset=utf-8");
  return convertIcsCalendar(undefined, answer.body).events ?? [];
};

test("what is with me, read back by a parser: whole days, moments in UTC, confidential things without words", async () => {
  const events = await eventsAt(bob, "mine");
  const read = events.map((event) => [event.summary, event.start.type ?? "DATE-TIME", event.start.date.toISOString()].join(" | "));
  expect(read.toSorted()).toEqual([
    "Confidential | DATE | 2026-03-05T00:00:00.000Z",
    "Confidential | DATE-TIME | 2026-03-05T05:45:00.000Z",
    `${odd} | DATE | 2026-03-31T00:00:00.000Z`,
  ]);
});

test("the team's for whoever leads it, all for the owner, nobody else's confidential things, nothing for a stranger", async () => {
  expect((await eventsAt(lead, "team")).map((event) => event.summary)).toEqual([odd]);
  expect((await eventsAt(lead, "mine")).length).toBe(0);
  expect((await eventsAt(boss, "all")).map((event) => event.summary)).toEqual([odd]);
  expect(await eventsAt(stranger, "all")).toEqual([]);
});

test("lines are folded, names never change, and what is known already is not sent again", async () => {
  const path = await pathOf(bob, "mine");
  const first = await get(path);
  expect(first.body.split("\r\n").every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
  house.today = day("2026-03-03");
  const again = await get(path, { "if-none-match": String(first.headers["etag"]) });
  expect([again.statusCode, again.body]).toEqual([304, ""]);
  const uids = (text: string) => convertIcsCalendar(undefined, text).events!.map((event) => event.uid);
  await work((context) =>
    openDeadline(context, { title: "Moved", due: day("2026-04-30"), owner: { personId: bob.personId! }, key: "lease" }),
  );
  const later = await get(path);
  expect(uids(later.body)).toEqual(uids(first.body));
  expect(later.headers["etag"]).not.toBe(first.headers["etag"]);
  await work((context) => closeDeadline(context, { key: "lease" }));
  expect(uids((await get(path)).body).length).toBe(2);
});

test("a revoked, unknown or malformed address answers nothing", async () => {
  const path = await pathOf(bob, "mine");
  const feeds = (await house.call("office.calendarFeed.list", { filter: { state: "active" }, sort: "-createdAt" }, bob)) as {
    rows: { id: string }[];
  };
  for (const { id } of feeds.rows) await house.run(revokeCalendarFeed, { calendarFeedId: id }, bob);
  await expect(house.run(revokeCalendarFeed, { calendarFeedId: feeds.rows[0]!.id }, bob)).rejects.toMatchObject({ code: "notFound" });
  const answers = await Promise.all([path, path.replace(house.tenantId, newId()), "/calendar/x.ics", `${path}.zip`].map((url) => get(url)));
  expect(answers.map((answer) => answer.statusCode)).toEqual([404, 404, 404, 404]);
  await expect(house.run(openCalendarFeed, { secret: "x" }, boss)).rejects.toMatchObject({ code: "notFound" });
  const system: Actor = { kind: "system", userId: null, personId: null, name: "Heartwood", grants: [] };
  await expect(house.run(createCalendarFeed, { name: "x" }, system)).rejects.toMatchObject({ code: "noPerson" });
  expect((await house.run(readCalendarFeed, {}, stranger)).text).toContain("BEGIN:VCALENDAR");
});
