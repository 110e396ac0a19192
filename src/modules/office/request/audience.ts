// For whom something is meant: everyone, holders of roles, people of units or of legal entities. What is not meant for someone is not
// offered to them.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { ref, Text } from "../../../platform/operation/field.ts";

const audienceKinds = ["everyone", "roles", "units", "entities"] as const;

export const AudienceKind = z.enum(audienceKinds);

/** The fields of an input that say for whom it is. */
export const audienceFields = {
  audience: AudienceKind.optional().describe("For whom it is; by default everyone."),
  roles: z.array(Text(80)).max(20).optional().describe("Roles it is for, e.g. `finance.accountant`."),
  unitIds: z.array(ref("directory.unit")).max(50).optional().describe("Units it is for, with all below them."),
  legalEntityIds: z.array(ref("directory.legalEntity")).max(50).optional().describe("Legal entities it is for."),
};

export const audienceWords = {
  audienceMissing: "Say for whom it is: name the roles, units or legal entities of the audience you chose.",
};

interface AudienceAsked {
  readonly audience?: (typeof audienceKinds)[number];
  readonly roles?: readonly string[];
  readonly unitIds?: readonly KernelId[];
  readonly legalEntityIds?: readonly KernelId[];
}

export interface Audience {
  readonly audience: (typeof audienceKinds)[number];
  readonly audienceRoles: readonly string[];
  readonly audienceIds: readonly KernelId[];
}

/** Refuses `audienceMissing`, and units or legal entities that are not the company's. */
export async function audienceOf(context: ReadContext, asked: AudienceAsked): Promise<Audience> {
  const audience = asked.audience ?? "everyone";
  const audienceRoles = audience === "roles" ? (asked.roles ?? []) : [];
  const audienceIds = audience === "units" ? (asked.unitIds ?? []) : audience === "entities" ? (asked.legalEntityIds ?? []) : [];
  if (audience !== "everyone" && audienceRoles.length + audienceIds.length === 0) refuse("audienceMissing", {}, ["audience"]);
  const named = [...(asked.unitIds ?? []), ...(asked.legalEntityIds ?? [])];
  const { known } = await context.db.row<{ known: number }>(sql`
    select (select count(*) from directory.unit where tenant_id = ${context.tenantId} and id = any(${named}::uuid[]))::int
      + (select count(*) from directory.legal_entity where tenant_id = ${context.tenantId} and id = any(${named}::uuid[]))::int as known`);
  if (known < new Set(named).size) refuse("notFound", {}, ["audience"]);
  return { audience, audienceRoles, audienceIds };
}

/** Roles that the actor holds everywhere. */
export const rolesOf = (context: ReadContext): readonly string[] =>
  context.actor.grants.filter((grant) => grant.scope === null).map((grant) => grant.role);

/** A condition on a row with `audience`, `audience_roles` and `audience_ids`: it is meant for the actor. */
export const isMeantFor = (context: ReadContext, row: Sql): Sql => sql`(
  ${row}.audience = 'everyone' or (${row}.audience = 'roles' and ${row}.audience_roles && ${rolesOf(context)}::text[])
  or (${row}.audience in ('units', 'entities') and ${row}.audience_ids && ${scopesOfActor(context)}))`;

/** The unit the actor sits in, those above it, and their legal entities. */
const scopesOfActor = (context: ReadContext): Sql => sql`array(
  with recursive line (unit_id, depth) as (
    select v.unit_id, 0 from directory.holding h
    join directory.position_version v on v.tenant_id = h.tenant_id and v.position_id = h.position_id and v.during @> ${context.today}::date
    where h.tenant_id = ${context.tenantId} and h.person_id = ${context.actor.personId} and h.during @> ${context.today}::date
    union all
    select v.parent_id, l.depth + 1 from line l
    join directory.unit_version v on v.tenant_id = ${context.tenantId} and v.unit_id = l.unit_id and v.during @> ${context.today}::date
    where v.parent_id is not null and l.depth < 50)
  select unit_id from line
  union select u.entity_id from line l join directory.unit u on u.tenant_id = ${context.tenantId} and u.id = l.unit_id
  where u.entity_id is not null)`;
