// From a user to an actor, on a real database: only one's own companies, only what holds today, and nothing past a door that was shut.

import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Id, newId } from "../../kernel/id.ts";
import { openPool, type Pool } from "../database/pool.ts";
import { rowsOn, sql } from "../database/sql.ts";
import { createTestDatabase, type TestDatabase } from "../testing/database.ts";
import { membershipsIn } from "./actor.ts";

let database: TestDatabase;
let pool: Pool;
let owner: Pool;
const [first, second, other] = [newId(), newId(), newId()];
const [anna, ben] = [newId(), newId()];
const site = newId();
let now = new Date("2026-11-21T22:30:00Z");

const run = (statement: Parameters<ReturnType<typeof rowsOn>["run"]>[0]) => rowsOn(owner as never).run(statement);

const grant = (userId: Id, role: string, from: string, until: string | null, scope: Id | null = null) =>
  run(sql`insert into identity.role_grant (tenant_id, id, user_id, role, scope_kind, scope_id, from_day, until_day)
    values (${first}, ${newId()}, ${userId}, ${role}, ${scope ? "site" : null}, ${scope}, ${from}, ${until})`);

beforeAll(async () => {
  database = await createTestDatabase({ socketFolder: inject("socketFolder"), port: inject("port") });
  pool = openPool(database.connection("heartwood_app"), 2);
  owner = openPool(database.connection("heartwood_owner"), 1);
  for (const [id, name, zone] of [
    [first, "A first", "Europe/Berlin"],
    [second, "B second", "UTC"],
    [other, "C other", "UTC"],
  ]) {
    await run(sql`insert into platform.tenant_account (tenant_id, name, zone, created_at) values (${id}, ${name}, ${zone}, ${now})`);
  }
  for (const [tenantId, userId] of [
    [first, anna],
    [second, anna],
    [other, ben],
    [first, ben],
  ]) {
    await run(sql`insert into identity.member (tenant_id, user_id, email, name, joined_at)
      values (${tenantId}, ${userId}, ${`${userId}@example.test`}, 'Someone', ${now})`);
  }
  await run(sql`update identity.member set disabled_at = ${now} where tenant_id = ${first} and user_id = ${ben}`);
  await grant(anna, "future.role", "2026-11-22", null);
  await grant(anna, "last.day", "2026-01-01", "2026-11-21");
  await grant(anna, "site.role", "2026-01-01", null, site);
});
afterAll(async () => {
  await Promise.all([pool.end(), owner.end()]);
  await database.drop();
});

const rolesAt = async (instant: string) => {
  now = new Date(instant);
  const membership = await membershipsIn(pool, () => now).actorOf(anna, first);
  return membership?.actor.grants.map(({ role, scope }) => (scope ? `${role} at ${scope.kind}` : role));
};

describe("a user", () => {
  it("is an actor in the first of their companies, or in the one they name", async () => {
    const memberships = membershipsIn(pool, () => now);
    const membership = await memberships.actorOf(anna);
    expect(membership).toMatchObject({ tenant: { id: first, name: "A first" }, actor: { kind: "person", userId: anna, personId: null } });
    expect(membership?.tenants.map(({ id }) => id)).toEqual([first, second]);
    expect((await memberships.actorOf(anna, second))?.tenant.id).toBe(second);
  });

  it("is nobody elsewhere, when disabled, or when unknown", async () => {
    const memberships = membershipsIn(pool, () => now);
    expect(await memberships.actorOf(anna, other)).toBeUndefined();
    expect(await memberships.actorOf(ben, first)).toBeUndefined();
    expect((await memberships.actorOf(ben))?.tenant.id).toBe(other);
    expect(await memberships.actorOf(newId())).toBeUndefined();
    expect(await memberships.actorOf(anna, "no tenant")).toBeUndefined();
  });

  it("has the roles of the day in the company's own zone", async () => {
    expect(await rolesAt("2026-11-21T22:30:00Z")).toEqual(["last.day", "site.role at site"]);
    expect(await rolesAt("2026-11-21T23:30:00Z")).toEqual(["future.role", "site.role at site"]);
  });

  it("leaves no setting behind that would open another's rows", async () => {
    const client = await pool.connect();
    try {
      await client.query("begin");
      await client.query("select identity.tenants_of($1)", [anna]);
      const after = await client.query(
        "select current_setting('heartwood.user_id', true) as u, count(*)::int as seen from identity.member",
      );
      expect(after.rows[0]).toMatchObject({ seen: 0 });
      await client.query("set local heartwood.user_id = '" + ben + "'");
      expect((await client.query("select count(*)::int as seen from identity.member")).rows[0].seen).toBe(0);
      await client.query("rollback");
    } finally {
      client.release();
    }
  });
});
