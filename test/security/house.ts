// Two companies side by side behind the real server, for questions about who sees what: the demo company whose every text carries a mark
// of the table it stands in, another company that made some records of every kind, and people who hold one role each.
import type { FastifyInstance } from "fastify";
import { inject } from "vitest";
import { loadDemo } from "../../demo/load.ts";
import { day } from "../../src/kernel/day.ts";
import { type Id, newId } from "../../src/kernel/id.ts";
import { openPool, type Pool } from "../../src/platform/database/pool.ts";
import { rowsOn, sql } from "../../src/platform/database/sql.ts";
import { createFunnel, type Funnel } from "../../src/platform/funnel/funnel.ts";
import { system } from "../../src/platform/funnel/frame.ts";
import { createServer } from "../../src/platform/http/server.ts";
import { createSignIn } from "../../src/platform/identity/sign-in.ts";
import type { Actor, Grant } from "../../src/platform/operation/context.ts";
import type { Operation } from "../../src/platform/operation/operation.ts";
import { routeOf } from "../../src/platform/operation/route.ts";
import { jsonSchema } from "../../src/platform/operation/shape.ts";
import { createTestDatabase } from "../../src/platform/testing/database.ts";
import { registry } from "../../src/registry.ts";
import { sample } from "../conformance/sample.ts";

export const today = "2026-11-21";
const secret = "a secret of at least thirty-two characters";
const address = "http://127.0.0.1:4400";
export const operations = [...registry.operations.values()];
export const registers = [...registry.registers.values()];

export interface Answer {
  readonly status: number;
  /** Every byte of it, headers too. */
  readonly text: string;
  readonly body: unknown;
  readonly code: string | undefined;
}

export interface TwoCompanies {
  readonly app: FastifyInstance;
  readonly funnel: Funnel;
  readonly pool: Pool;
  readonly owner: Pool;
  /** The demo company, whose texts are marked. */
  readonly a: Id;
  readonly b: Id;
  /** Someone of a company with these grants; each call makes another person, whom nothing concerns. */
  actor(tenantId: Id, ...grants: readonly Grant[]): Promise<Actor>;
  ask(tenantId: Id, actor: Actor | undefined, operation: Operation, input: unknown): Promise<Answer>;
  close(): Promise<void>;
}

export const role = (name: string, scope: Grant["scope"] = null): Grant => ({ role: name, scope });

/** With `plain` neither company has lived a year: for questions about the door alone. */
export async function openTwoCompanies(plain?: "plain"): Promise<TwoCompanies> {
  const database = await createTestDatabase({ socketFolder: inject("socketFolder"), port: inject("port") });
  const pool = openPool(database.connection("heartwood_app"), 6);
  const owner = openPool(database.connection("heartwood_owner"), 2);
  const authPool = openPool({ ...database.connection("heartwood_app"), user: "heartwood_auth" }, 2);
  const now = new Date(`${today}T09:00:00Z`);
  const clock = (): Date => now;
  const funnel = createFunnel({ pool, registry, clock, zoneOf: async () => "UTC" });
  const signIn = await createSignIn({ pool: authPool, secret, address, secureCookies: false, sendMail: async () => undefined });
  const a = plain ? newId() : (await loadDemo({ funnel, owner, signIn, now, say: () => undefined })).tenantId;
  const b = newId();
  for (const id of plain ? [a, b] : [b])
    await rowsOn(owner).run(sql`
    insert into platform.tenant_account (tenant_id, name, zone, created_at, ready_at)
    values (${id}, 'Another company', 'UTC', ${now}, ${now})`);
  const callers = new Map<string, { tenantId: Id; actor: Actor }>();
  const app = await createServer({
    funnel,
    pool,
    clock,
    signIn,
    address,
    identify: async ({ headers }) => {
      const userId = String(headers.authorization ?? "");
      return callers.has(userId) ? { userId, email: "someone@example.test", name: "Someone", by: "token" } : undefined;
    },
    memberships: {
      actorOf: async (userId) => {
        const { tenantId, actor } = callers.get(userId)!;
        const tenant = { id: tenantId, name: "Company", zone: "UTC", isDemo: false };
        return { tenant, tenants: [tenant], actor, today: day(today) };
      },
      forget: () => undefined,
    },
    rates: { signedIn: 1e7, signedOut: 1e7, signIn: 1e7 },
  });
  return {
    app,
    funnel,
    pool,
    owner,
    a,
    b,
    async actor(tenantId, ...grants) {
      const name = "Someone unconcerned";
      const { id: personId } = (await funnel.run("directory.person.create", { name }, { tenantId, actor: system })) as { id: Id };
      const actor: Actor = { kind: "person", userId: newId(), personId, name, grants };
      await rowsOn(owner).run(sql`
        insert into auth."user" (id, email, name, email_verified, two_factor_enabled, created_at, updated_at)
        values (${actor.userId}, ${`${actor.userId}@example.test`}, ${name}, true, false, ${now}, ${now})`);
      callers.set(`${actor.userId} ${tenantId}`, { tenantId, actor });
      return actor;
    },
    async ask(tenantId, actor, operation, input) {
      const key = actor && `${actor.userId} ${tenantId}`;
      if (actor && !callers.has(key!)) callers.set(key!, { tenantId, actor });
      const answer = await app.inject({
        ...requestFor(operation, input as Record<string, unknown>),
        headers: { ...(key && { authorization: key }), "heartwood-dry-run": "true" },
      });
      const body = /json/.test(String(answer.headers["content-type"])) ? answer.json<{ code?: string }>() : undefined;
      return { status: answer.statusCode, text: JSON.stringify(answer.headers) + answer.payload, body, code: body?.code };
    },
    close: async () => {
      await app.close();
      await Promise.all([pool.end(), owner.end(), authPool.end()]);
      await database.drop();
    },
  };
}

/** A plain house with an owner at its door, who has looked in once. */
export async function openDoor(): Promise<{ house: TwoCompanies; owner: Actor; headers: Record<string, string> }> {
  const house = await openTwoCompanies("plain");
  const owner = await house.actor(house.a, role("owner"));
  await house.ask(house.a, owner, registry.operations.get("platform.today.get")!, {});
  return { house, owner, headers: { authorization: `${owner.userId} ${house.a}` } };
}

/** The request that an input makes at the operation's address. */
function requestFor(operation: Operation, input: Record<string, unknown>) {
  const { method, path, idField } = routeOf(operation);
  const inPath = idField !== undefined && path.includes("{id}");
  const url = path.replace("{id}", encodeURIComponent(String(inPath ? (input[idField] ?? newId()) : "")));
  const rest = Object.entries(input ?? {}).filter(([name]) => !(inPath && name === idField));
  if (method === "POST") return { method, url, payload: Object.fromEntries(rest) } as const;
  const query = new URLSearchParams();
  for (const [name, value] of rest) {
    if (Array.isArray(value)) for (const one of value) query.append(name, typeof one === "object" ? JSON.stringify(one) : String(one));
    else if (name === "filter")
      for (const [column, wanted] of Object.entries(value as object)) query.append(`filter[${column}]`, String(wanted));
    else if (value !== null && value !== undefined) query.append(name, typeof value === "object" ? JSON.stringify(value) : String(value));
  }
  return { method, url: `${url}?${query.toString()}` } as const;
}

/** Inputs as an operation asks for them: as little as it takes, and all it would take. */
export const inputsFor = (operation: Operation, id: (register: string | undefined) => string): Record<string, unknown>[] => {
  const schema = jsonSchema(operation.input);
  return [false, true].map((full) => sample(schema, { id, today, full }) as Record<string, unknown>);
};

export const mark = (table: string): string => `⟦${table}⟧`;

/** Every text of a company that takes it now ends with a mark of its table. Returns the columns that took one, as `schema.table.column`. */
export async function markTexts({ owner }: Pick<TwoCompanies, "owner">, tenantId: Id): Promise<string[]> {
  const columns = await rowsOn(owner).rows<{ table: string; name: string }>(sql`
    select n.nspname || '.' || c.relname as table, a.attname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relkind = 'r' and a.atttypid = 'text'::regtype
      and n.nspname not in ('auth', 'graphile_worker', 'information_schema', 'pg_catalog')
      and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'f' and a.attnum = any(k.conkey))
      and exists (select from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id')
      and n.nspname || '.' || c.relname not in
        ('platform.tenant_account', 'platform.event', 'platform.audit_block', 'platform.file_content')
      -- What code decides by is no text: it keeps its words.
      and a.attname ~ ('(name|title|text|note|reason|description|says|because|why|evidence|email|phone|street|city|contact|iban|account'
        || '|remittance|reference|subject_line|question|outcome|location|login|serial)')
      and a.attname !~ '(hash|kind|currency|country|_code)$' and c.relname not in ('role_grant', 'idempotency')
    order by 1, 2`);
  const marked: string[] = [];
  for (const { table, name } of columns) {
    const set = `update ${table} set "${name}" = "${name}" || '${mark(table)}' where tenant_id = '${tenantId}' and "${name}" is not null`;
    const done = await owner
      .query(`begin; set local session_replication_role = replica; set local heartwood.tenant = '${tenantId}'; ${set}; commit`)
      .then(
        () => true,
        async () => (await owner.query("rollback"), false),
      );
    if (done) marked.push(`${table}.${name}`);
  }
  return marked;
}
