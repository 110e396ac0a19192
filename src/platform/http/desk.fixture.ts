// For the tests of the faces: a department with one list and a handful of operations, on a real database behind a real server.
import type { FastifyInstance } from "fastify";
import { inject } from "vitest";
import { z } from "zod";
import { dayAt } from "../../kernel/day.ts";
import { type Id, newId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import type { Money as KernelMoney } from "../../kernel/money.ts";
import { openPool, type Pool } from "../database/pool.ts";
import { rowsOn, sql } from "../database/sql.ts";
import { createFunnel } from "../funnel/funnel.ts";
import { membershipsIn } from "../identity/actor.ts";
import { createSignIn, type SignIn } from "../identity/sign-in.ts";
import { Day, FileId, Id as IdField, LongText, Money, ref, Text } from "../operation/field.ts";
import { module } from "../operation/module.ts";
import { operation } from "../operation/operation.ts";
import { register } from "../operation/register.ts";
import { compose, type Registry } from "../operation/registry.ts";
import { createTestDatabase } from "../testing/database.ts";
import { identifyWith } from "./caller.ts";
import type { DemoPerson } from "./demo.ts";
import { createServer, type ServerParts } from "./server.ts";

const Desk = z.object({
  id: IdField,
  code: z.string(),
  note: z.string().nullable(),
  state: z.enum(["free", "taken"]),
  price: Money.nullable(),
  since: Day.nullable(),
  planFileId: FileId.nullable(),
});

const desks = register({
  name: "shop.desk",
  title: "Desks",
  does: "Lists the desks.",
  may: ["shop.keeper", "shop.guest"],
  row: Desk,
  label: "code",
  search: ["code", "note"],
  sort: "code",
  from: (context) => sql`select id, code, note, state, price, price_currency, since, plan_file_id
    from shop.desk where tenant_id = ${context.tenantId}`,
});

const create = operation({
  name: "shop.desk.create",
  title: "Add a desk",
  does: "Adds a desk.",
  kind: "write",
  may: ["shop.keeper"],
  input: z.strictObject({
    code: Text(40),
    note: LongText().optional().describe("What is special about it."),
    price: Money.optional(),
    since: Day.optional(),
    planFileId: FileId.optional(),
  }),
  output: z.object({ id: IdField, price: Money.nullable() }),
  refuses: { codeTaken: "There is a desk {code} already. Choose another code." },
  constraints: { desk_code: "codeTaken" },
  example: { code: "A-01", price: { amount: "120.00", currency: "EUR" } },
  emits: ["shop.desk.created"],
  async run(input, context) {
    const id = context.newId();
    const price = input.price as KernelMoney | undefined;
    await context.db.run(sql`
      insert into shop.desk (tenant_id, id, code, note, price, price_currency, since, plan_file_id)
      values (${context.tenantId}, ${id}, ${input.code}, ${input.note ?? null}, ${price?.minor ?? null}, ${price?.currency ?? null},
        ${input.since ?? null}, ${input.planFileId ?? null})`);
    context.emit("shop.desk.created", { id });
    return { id, price: price ?? null };
  },
});

const assign = operation({
  name: "shop.desk.assign",
  title: "Assign a desk",
  does: "Gives a desk to someone.",
  kind: "write",
  may: ["shop.keeper"],
  input: z.strictObject({ deskId: ref("shop.desk"), from: Day, tags: z.array(z.string()).optional() }),
  output: z.object({ state: z.string(), reason: z.string().nullable() }),
  refuses: { notFound: "There is no such desk.", deskTaken: "Desk {code} is taken. Choose a free one: heartwood shop desk list" },
  when: (desk) => desk["state"] === "free",
  async run(input, context) {
    const desk = await context.db.maybe<{ code: string; state: string }>(sql`
      select code, state from shop.desk where tenant_id = ${context.tenantId} and id = ${input.deskId} for update`);
    if (!desk) refuse("notFound");
    if (desk.state === "taken") refuse("deskTaken", { code: desk.code }, ["deskId"]);
    await context.db.run(sql`
      update shop.desk set state = 'taken', since = ${input.from} where tenant_id = ${context.tenantId} and id = ${input.deskId}`);
    return { state: "taken", reason: context.reason ?? null };
  },
});

const count = operation({
  name: "shop.floor.count",
  title: "Count the floor",
  does: "Counts what was asked, to see how questions arrive.",
  kind: "read",
  may: ["anyone"],
  input: z.strictObject({
    codes: z.array(z.string()).default([]),
    least: z.number().int().optional(),
    loud: z.boolean().optional(),
    price: Money.optional(),
  }),
  output: z.object({ asked: z.record(z.string(), z.unknown()) }),
  run: async (input) => ({ asked: input }),
});

const fail = operation({
  name: "shop.floor.fail",
  title: "Fail",
  does: "Fails, as a bug would.",
  kind: "read",
  may: ["anyone"],
  input: z.strictObject({}),
  output: z.object({}),
  run: async () => {
    throw new Error("the secret of Ada Lovelace");
  },
});

export const deskRegistry = (): Registry =>
  compose([
    module({
      name: "shop",
      title: "Shop",
      needs: [],
      roles: { "shop.keeper": "Keeper", "shop.guest": "Guest" },
      registers: [desks],
      operations: [create, assign, count, fail],
    }),
  ]);

const tables = `
  create schema shop;
  select platform.open_schema('shop');
  create table shop.desk (
    tenant_id uuid not null, id uuid not null, code text not null, note text, state text not null default 'free',
    price bigint, price_currency text, since date, plan_file_id uuid,
    primary key (tenant_id, id), constraint desk_code unique (tenant_id, code));
  select platform.fence('shop.desk');`;

export interface DeskHouse {
  readonly app: FastifyInstance;
  readonly signIn: SignIn;
  readonly owner: Pool;
  readonly registry: Registry;
  addCompany(name: string): Promise<Id>;
  /** A member with roles; gives the headers of a personal token. */
  addMember(email: string, tenantId: Id, ...roles: string[]): Promise<{ userId: Id; token: string; headers: { authorization: string } }>;
  close(): Promise<void>;
}

const address = "http://127.0.0.1:4400";

export async function openDeskHouse(more: Partial<ServerParts> & { demo?: { people(): Promise<DemoPerson[]> } } = {}): Promise<DeskHouse> {
  const database = await createTestDatabase({ socketFolder: inject("socketFolder"), port: inject("port") });
  const pool = openPool(database.connection("heartwood_app"), 4);
  const owner = openPool(database.connection("heartwood_owner"), 2);
  const authPool = openPool({ ...database.connection("heartwood_app"), user: "heartwood_auth" }, 2);
  await owner.query(tables);
  const signIn = await createSignIn({
    pool: authPool,
    secret: "a secret of at least thirty-two characters",
    address: more.address ?? address,
    secureCookies: false,
    sendMail: async () => undefined,
  });
  const registry = deskRegistry();
  const clock = () => new Date("2026-11-21T09:00:00Z");
  const funnel = createFunnel({ pool, registry, clock, zoneOf: async () => "UTC" });
  const memberships = membershipsIn(pool, clock);
  const parts = { funnel, pool, clock, memberships, signIn, address, identify: identifyWith(signIn), ...more };
  const app = await createServer(parts);
  const table = rowsOn(owner as never);
  return {
    app,
    signIn,
    owner,
    registry,
    async addCompany(name) {
      const tenantId = newId();
      await table.run(sql`insert into platform.tenant_account (tenant_id, name, zone, created_at)
        values (${tenantId}, ${name}, 'UTC', ${clock()})`);
      return tenantId;
    },
    async addMember(email, tenantId, ...roles) {
      const userId = ((await signIn.findUser(email))?.userId ?? (await signIn.createUser({ email, name: email }))) as Id;
      await table.run(sql`insert into identity.member (tenant_id, user_id, email, name, joined_at)
        values (${tenantId}, ${userId}, ${email}, ${email.split("@")[0]}, ${clock()})`);
      for (const role of roles) {
        await table.run(sql`insert into identity.role_grant (tenant_id, id, user_id, role, from_day)
          values (${tenantId}, ${newId()}, ${userId}, ${role}, ${dayAt(clock(), "UTC")})`);
      }
      const { token } = await signIn.createToken(userId, "test");
      return { userId, token, headers: { authorization: `Bearer ${token}` } };
    },
    async close() {
      await app.close();
      await Promise.all([pool.end(), owner.end(), authPool.end()]);
      await database.drop();
    },
  };
}
