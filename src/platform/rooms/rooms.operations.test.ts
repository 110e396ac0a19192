// The platform's own rooms on a real database: members and roles, tokens, notifications, timeline, search, laws; and what lists refuse.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Id, newId } from "../../kernel/id.ts";
import type { Actor } from "../operation/context.ts";
import { system } from "../funnel/frame.ts";
import { openHouse, type TestHouse } from "../testing/house.ts";

let house: TestHouse;
let owner: Actor;
let manager: Actor;
let clerk: Actor;
beforeAll(async () => {
  house = await openHouse();
  owner = await house.person("Olga Owner", "owner");
  manager = await house.person("Ida Identity", "identity.manager");
  clerk = await house.person("Carla Clerk");
});
afterAll(() => house.close());

const call = (name: string, input: unknown, actor: Actor) => house.call(name, input, actor);
const today = "2026-11-21";

describe("members", () => {
  test("someone of the directory is invited once, and disabled", async () => {
    const mara = (await call("directory.person.create", { name: "Mara", email: "mara@example.test" }, owner))["id"];
    const invite = { personId: mara, name: "Mara", email: "mara@example.test" };
    const memberId = (await call("identity.member.invite", invite, manager))["id"];
    await expect(call("identity.member.invite", invite, manager)).rejects.toMatchObject({ code: "alreadyMember" });
    const nobody = { ...invite, personId: newId() };
    await expect(call("identity.member.invite", nobody, manager)).rejects.toMatchObject({ code: "personUnknown" });
    await call("identity.member.disable", { memberId }, manager);
    await expect(call("identity.member.disable", { memberId }, manager)).rejects.toMatchObject({ code: "notFound" });
    const found = await call("identity.member.list", { filter: { state: "disabled" } }, manager);
    expect(found["rows"]).toEqual([expect.objectContaining({ id: memberId })]);
  });

  test("the last owner stays", async () => {
    await expect(call("identity.member.disable", { memberId: owner.userId }, manager)).rejects.toMatchObject({ code: "lastOwner" });
  });
});

describe("roles", () => {
  const give = (more: Record<string, unknown>, actor = manager) =>
    call("identity.roleGrant.give", { memberId: clerk.userId, role: "directory.manager", from: today, ...more }, actor);

  test("a role is given, and taken back after a last day", async () => {
    const roleGrantId = (await give({ until: "2027-01-31", reason: "While Kim is away." }))["id"];
    const grants = (await call("identity.roleGrant.list", { filter: { memberId: clerk.userId!, role: "directory.manager" } }, manager)) as {
      rows: unknown[];
    };
    expect(grants.rows).toEqual([expect.objectContaining({ state: "active", untilDay: "2027-01-31", reason: "While Kim is away." })]);
    const end = (lastDay: string, id: unknown = roleGrantId) => call("identity.roleGrant.end", { roleGrantId: id, lastDay }, manager);
    await expect(end("2026-11-20")).rejects.toMatchObject({ code: "endsBeforeStart" });
    await expect(end(today, newId())).rejects.toMatchObject({ code: "notFound" });
    await end(today);
    await expect(end(today)).rejects.toMatchObject({ code: "notFound" });
  });

  test("the last owner keeps that role, and only an owner takes it back", async () => {
    const grants = await call("identity.roleGrant.list", { filter: { role: "owner" } }, owner);
    const roleGrantId = (grants["rows"] as { id: Id }[])[0]!.id;
    const end = (actor: Actor) => call("identity.roleGrant.end", { roleGrantId, lastDay: today }, actor);
    await expect(end(manager)).rejects.toMatchObject({ code: "beyondOwn" });
    await expect(end(owner)).rejects.toMatchObject({ code: "lastOwner" });
  });

  test("nobody gives what is not theirs to give", async () => {
    await expect(give({ memberId: newId() })).rejects.toMatchObject({ code: "notFound" });
    await expect(give({ role: "king" })).rejects.toMatchObject({ code: "roleUnknown" });
    await expect(give({ memberId: manager.userId })).rejects.toMatchObject({ code: "selfGrant" });
    await expect(give({ role: "owner" })).rejects.toMatchObject({ code: "beyondOwn" });
    await expect(give({ role: "identity.manager" })).rejects.toMatchObject({ code: "beyondOwn" });
    await expect(give({ scopeKind: "site" })).rejects.toMatchObject({ code: "scopeIncomplete" });
    await expect(give({}, clerk)).rejects.toMatchObject({ name: "NotPermitted" });
    await give({ role: "identity.manager" }, owner);
  });
});

describe("tokens", () => {
  // Someone invited has a user of their own, to whom a token can belong.
  let invited: Actor;
  beforeAll(async () => {
    const personId = (await call("directory.person.create", { name: "Timo Token" }, owner))["id"] as Id;
    const userId = (await call("identity.member.invite", { personId, name: "Timo Token", email: "timo@example.test" }, owner))["id"] as Id;
    invited = { kind: "person", userId, personId, name: "Timo Token", grants: [] };
  });

  test("a token is shown once, is one's own, and ends", async () => {
    const made = await call("identity.token.create", { name: "laptop" }, invited);
    expect(made["token"]).toMatch(/^hw_/);
    expect((await call("identity.token.list", {}, invited))["rows"]).toEqual([
      expect.objectContaining({ name: "laptop", state: "active" }),
    ]);
    expect((await call("identity.token.list", {}, owner))["rows"]).toEqual([]);
    await expect(call("identity.token.revoke", { tokenId: made["id"] }, owner)).rejects.toMatchObject({ code: "notFound" });
    await call("identity.token.revoke", { tokenId: made["id"] }, invited);
    await expect(call("identity.token.create", { name: "x" }, system)).rejects.toMatchObject({ code: "noUser" });
  });

  test("the trail never holds the token", async () => {
    const { token } = await call("identity.token.create", { name: "script" }, invited);
    const held = "select count(*)::int as count from platform.operation_log where output::text like $1";
    const { rows } = await house.owner.query(held, [`%${String(token)}%`]);
    expect(rows).toEqual([{ count: 0 }]);
  });
});

describe("what happened", () => {
  test("the timeline of a record is as open as the record", async () => {
    const recordId = (await call("directory.person.create", { name: "Tessa Timeline" }, owner))["id"];
    const { entries } = await call("platform.timeline.get", { subject: "directory.person", recordId }, owner);
    expect(entries).toEqual([expect.objectContaining({ operation: "directory.person.create", actorName: "Olga Owner" })]);
    const ask = (subject: string, id: unknown, actor: Actor) => call("platform.timeline.get", { subject, recordId: id }, actor);
    await expect(ask("directory.nothing", recordId, owner)).rejects.toMatchObject({ code: "notFound" });
    await expect(ask("directory.person", newId(), owner)).rejects.toMatchObject({ code: "notFound" });
    await expect(ask("identity.member", clerk.userId, clerk)).rejects.toMatchObject({ code: "notFound" });
  });

  test("search shows what the lists would show, best first", async () => {
    await call("directory.person.create", { name: "Search Quist" }, owner);
    const { hits } = (await call("platform.search.find", { text: "search q" }, clerk)) as { hits: { label: string; subject: string }[] };
    expect(hits[0]).toMatchObject({ label: "Search Quist", subject: "directory.person" });
    const foreign = (await call("platform.search.find", { text: "Olga Owner" }, clerk)) as { hits: { subject: string }[] };
    expect(foreign.hits.map((hit) => hit.subject)).not.toContain("identity.member");
  });

  test("every law holds on a new company, and only the auditor asks", async () => {
    const auditor = await house.person("Aldo Auditor", "platform.auditor");
    expect(await call("platform.law.check", {}, auditor)).toMatchObject({ holds: true });
    await expect(call("platform.law.check", {}, clerk)).rejects.toMatchObject({ name: "NotPermitted" });
    const log = (await call("platform.operationLog.list", { limit: 5 }, auditor)) as { rows: unknown[] };
    expect(log.rows).toHaveLength(5);
  });

  test("notifications are one's own and are marked as read", async () => {
    await house.funnel.work(house.tenantId, (context) => context.notify({ personId: clerk.personId!, title: "Hello" }));
    const unread = async (actor: Actor) => (await call("platform.notification.list", { filter: { state: "unread" } }, actor))["rows"];
    expect(await unread(clerk)).toEqual([expect.objectContaining({ title: "Hello" })]);
    expect(await unread(owner)).toEqual([]);
    expect(await call("platform.notification.read", {}, clerk)).toEqual({ read: 1 });
    expect(await unread(clerk)).toEqual([]);
  });

  test("figures are those of one's roles", async () => {
    const { figures } = (await call("platform.today.get", {}, clerk)) as { figures: { name: string }[] };
    const { figures: all } = (await call("platform.today.get", {}, owner)) as { figures: { name: string }[] };
    expect(all.length).toBeGreaterThan(figures.length);
  });
});

describe("a list", () => {
  test("refuses columns and filters that it cannot read", async () => {
    const list = (input: unknown) => call("directory.person.list", input, owner);
    await expect(list({ filter: { shoeSize: "43" } })).rejects.toMatchObject({ code: "unknownColumn" });
    await expect(list({ sort: "shoeSize" })).rejects.toMatchObject({ code: "unknownColumn" });
    await expect(list({ filter: { id: "not an identifier" } })).rejects.toMatchObject({ code: "badFilter" });
    await expect(list({ cursor: "nonsense" })).rejects.toMatchObject({ code: "badFilter" });
  });
});
