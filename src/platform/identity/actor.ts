// From a user to an actor: the companies someone belongs to, and what they may do in the one they come for.
import { type Day, dayAt } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import type { Pool } from "../database/pool.ts";
import { rowsOn, sql } from "../database/sql.ts";
import { inTransaction } from "../funnel/transaction.ts";
import type { Actor } from "../operation/context.ts";
import { actorNow } from "./actors.ts";
import { recent } from "./recent.ts";

export interface Tenant {
  readonly id: Id;
  readonly name: string;
  readonly zone: string;
  readonly isDemo: boolean;
}

export interface Membership {
  readonly tenant: Tenant;
  /** Every company the user belongs to, by name. */
  readonly tenants: readonly Tenant[];
  readonly actor: Actor;
  readonly today: Day;
  /** By the company's rule nobody acts in one of their roles without a second factor. */
  readonly needsSecondFactor?: boolean;
}

export interface Memberships {
  /** The user in a company, by default the first of theirs; undefined when they do not belong there or anywhere. */
  actorOf(userId: string, tenantId?: string): Promise<Membership | undefined>;
  /** To be called after roles or members have changed. */
  forget(): void;
}

const keepMilliseconds = 2_000;

export function membershipsIn(pool: Pool, clock: () => Date): Memberships {
  const known = recent<Membership>(keepMilliseconds);
  return {
    actorOf: (userId, tenantId) => known.find(`${userId} ${tenantId ?? ""}`, () => look(pool, clock(), userId, tenantId)),
    forget: () => known.forget(),
  };
}

async function look(pool: Pool, now: Date, userId: string, tenantId: string | undefined): Promise<Membership | undefined> {
  const tenants = await rowsOn(pool).rows<Tenant>(sql`
    select t.tenant_id as id, t.name, t.zone, t.is_demo
    from identity.tenants_of(${userId}::uuid) as own (tenant_id) join platform.tenant_account t on t.tenant_id = own.tenant_id
    order by t.name, t.tenant_id`);
  const tenant = tenantId === undefined ? tenants[0] : tenants.find(({ id }) => id === tenantId);
  if (!tenant) return undefined;
  const today = dayAt(now, tenant.zone);
  return inTransaction(pool, tenant.id, "read", async (db) => {
    const actor = await actorNow(db, tenant.id, userId as Id, today);
    if (!actor) return undefined;
    const rule = await db.maybe(sql`
      select 1 from identity.second_factor_rule
      where tenant_id = ${tenant.id} and role = any(${actor.grants.map((grant) => grant.role)}::text[]) limit 1`);
    return { tenant, tenants, actor, today, needsSecondFactor: rule !== undefined };
  });
}
