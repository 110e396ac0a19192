// A whole house on a real database for a test: the funnel with every module, a company, and people with roles.
import { inject } from "vitest";
import { type Day, day } from "../../kernel/day.ts";
import { type Id, newId } from "../../kernel/id.ts";
import { registry as wholeRegistry } from "../../registry.ts";
import { openPool, type Pool } from "../database/pool.ts";
import { rowsOn, sql } from "../database/sql.ts";
import { system } from "../funnel/frame.ts";
import { toWire } from "../funnel/trail.ts";
import { createFunnel, type Funnel } from "../funnel/funnel.ts";
import { settleEvents } from "../jobs/events.ts";
import type { Actor } from "../operation/context.ts";
import type { Operation, OutputOf } from "../operation/operation.ts";
import type { Registry } from "../operation/registry.ts";
import { createTestDatabase } from "./database.ts";

export interface TestHouse {
  readonly funnel: Funnel;
  /** The application's own pool: no rights beyond the fence. */
  readonly pool: Pool;
  /** A pool of the database's owner, to look behind the fence. */
  readonly owner: Pool;
  /** The company; a test may go on in another. */
  tenantId: Id;
  /** Today, in this house; set it to live on another day. */
  today: Day;
  /** Someone of the company with these roles, `owner` for everything. The same name is the same person. */
  person(name: string, ...roles: string[]): Promise<Actor>;
  /** Runs an operation by value as someone; input as over the wire. */
  run<O extends Operation>(
    operation: O,
    input: unknown,
    as: Actor,
    options?: { key?: string; dryRun?: boolean; reason?: string },
  ): Promise<OutputOf<O>>;
  /** Runs an operation by name; the answer is wire JSON. */
  call(name: string, input: unknown, as: Actor, options?: { key?: string; dryRun?: boolean }): Promise<Record<string, unknown>>;
  /** Lets all reactions to what happened run, until nothing waits. */
  settle(): Promise<void>;
  /** Another server of the house on the same database, with connections of its own; it is closed with the house. */
  twin(connections: number): Funnel;
  /** A second company on the same database. */
  otherCompany(): Promise<Id>;
  close(): Promise<void>;
}

export interface HouseOptions {
  readonly registry?: Registry;
  readonly today?: string;
}

export async function openHouse(options: HouseOptions = {}): Promise<TestHouse> {
  const database = await createTestDatabase({ socketFolder: inject("socketFolder"), port: inject("port") });
  const pool = openPool(database.connection("heartwood_app"), 8);
  const owner = openPool(database.connection("heartwood_owner"), 2);
  const served = (by: Pool): Funnel =>
    createFunnel({
      pool: by,
      registry: options.registry ?? wholeRegistry,
      clock: () => new Date(`${house.today}T09:00:00Z`),
      zoneOf: async () => "UTC",
    });
  const funnel = served(pool);
  const twins: Pool[] = [];
  const people = new Map<string, Actor>();
  const house: TestHouse = {
    funnel,
    pool,
    owner,
    today: day(options.today ?? "2026-11-21"),
    tenantId: await addCompany(owner, "Test company"),
    person: async (name, ...roles) => {
      const of = `${house.tenantId} ${name}`;
      const known = people.get(of);
      const actor = known ?? (await addMember(house, owner, name));
      const grants = [...actor.grants, ...roles.map((role) => ({ role, scope: null }))];
      for (const role of roles) await addGrant(house, owner, actor, role);
      const granted: Actor = { ...actor, grants };
      people.set(of, granted);
      return granted;
    },
    run: async (operation, input, actor, more = {}) => {
      const output = await funnel.runTyped(operation, input, { tenantId: house.tenantId, actor, ...more });
      // Whatever is answered goes over the wire as well; what cannot would be told to a browser alone.
      toWire(output);
      return output;
    },
    call: async (name, input, actor, more = {}) =>
      (await funnel.run(name, input, { tenantId: house.tenantId, actor, ...more })) as Record<string, unknown>,
    settle: async () => void (await settleEvents(funnel, house.tenantId)),
    twin: (connections) => {
      twins.push(openPool(database.connection("heartwood_app"), connections));
      return served(twins.at(-1)!);
    },
    otherCompany: () => addCompany(owner, "Another company"),
    close: async () => {
      await Promise.all([pool, owner, ...twins].map((one) => one.end()));
      await database.drop();
    },
  };
  return house;
}

async function addCompany(owner: Pool, name: string): Promise<Id> {
  const tenantId = newId();
  await rowsOn(owner as never).run(
    sql`insert into platform.tenant_account (tenant_id, name, zone, created_at, ready_at)
      values (${tenantId}, ${name}, 'UTC', ${new Date()}, ${new Date()})`,
  );
  return tenantId;
}

/** The role as the account has it, so that work finds whoever holds it. */
async function addGrant(house: TestHouse, owner: Pool, actor: Actor, role: string): Promise<void> {
  if (actor.grants.some((grant) => grant.role === role)) return;
  await rowsOn(owner as never).run(sql`
    insert into identity.role_grant (tenant_id, id, user_id, role, from_day)
    values (${house.tenantId}, ${newId()}, ${actor.userId}, ${role}, '2020-01-01')`);
}

/** A person of the directory who is also a user. */
async function addMember(house: TestHouse, owner: Pool, name: string): Promise<Actor> {
  const email = `${name.toLowerCase().replace(/[^a-z0-9]+/g, ".")}@example.test`;
  const created = (await house.funnel.run("directory.person.create", { name, email }, { tenantId: house.tenantId, actor: system })) as {
    id: Id;
  };
  const userId = newId();
  await rowsOn(owner as never).run(sql`
    insert into identity.member (tenant_id, user_id, email, name, person_id, joined_at)
    values (${house.tenantId}, ${userId}, ${email}, ${name}, ${created.id}, ${new Date()})`);
  return { kind: "person", userId, personId: created.id, name, grants: [] };
}
