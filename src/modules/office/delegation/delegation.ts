// Who acts for whom now, asked of the delegations in force at the moment it matters.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import type { Money } from "../../../kernel/money.ts";
import { identifier, type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { chainFrom, type Delegation, depthMax, principalsFor, type Question } from "./delegation.rules.ts";

export interface Asked {
  /** The kind of work; null for what one person was asked by name. */
  readonly activity: string | null;
  /** From the nearest scope to the whole company; without it the whole company. */
  readonly scopes?: readonly Id[];
  readonly amount?: Money | null;
  /** Then it follows only a delegation that names the kind of work. */
  readonly confidential?: boolean;
  /** Who is on no chain, neither at its ends nor in between: those whose wish it is. */
  readonly except?: readonly (Id | null)[];
  readonly on?: Day;
}

export interface StandIn {
  readonly delegationId: Id;
  readonly personId: Id;
  /** In words: "stands in for Helene Lindholm". */
  readonly via: string;
}

/** Who has the work of each of these people now; someone without a stand-in is not in the answer. */
export async function standIns(context: ReadContext, personIds: readonly Id[], asked: Asked): Promise<Map<Id, StandIn>> {
  const around = await delegationsFrom(context, personIds, asked.on ?? context.today);
  const found = new Map<Id, StandIn>();
  for (const personId of personIds) {
    const standIn = standInOf(personId, around, questionOf(context, asked));
    if (standIn) found.set(personId, standIn);
  }
  return found;
}

/** For whom someone may decide now, the nearest first. */
export async function principalsOf(
  context: ReadContext,
  actorId: Id,
  asked: Asked,
): Promise<readonly { personId: Id; delegationId: Id }[]> {
  const around = await inForce(context, "stand_in_id", [actorId], asked.on ?? context.today);
  return principalsFor(actorId, around, questionOf(context, asked));
}

export type Around = readonly (Delegation & { readonly principal: string })[];

/** What these people have delegated on a day, and what their stand-ins have. */
export const delegationsFrom = (context: ReadContext, personIds: readonly Id[], on: Day): Promise<Around> =>
  inForce(context, "principal_id", personIds, on);

export function standInOf(personId: Id, around: Around, question: Question): StandIn | undefined {
  const chain = chainFrom(personId, around, question);
  const last = chain.at(-1);
  if (!last) return undefined;
  const names = chain.map(({ id }) => around.find((one) => one.id === id)!.principal).toReversed();
  return { delegationId: last.id, personId: last.standInId, via: `stands in for ${names.join(", who stands in for ")}` };
}

const questionOf = (context: ReadContext, { scopes, amount, ...asked }: Asked): Question => ({
  ...asked,
  scopes: scopes ?? [context.tenantId],
  amount: amount ?? null,
});

/** The chains that begin (or end) with these people, only as long as they may be, only with stand-ins who can sign in. */
async function inForce(context: ReadContext, end: "principal_id" | "stand_in_id", personIds: readonly Id[], on: Day): Promise<Around> {
  const other = end === "principal_id" ? "stand_in_id" : "principal_id";
  const [near, far] = [identifier(end), identifier(other)];
  const rows = await context.db.rows<Omit<Around[number], "limit"> & { limitMinor: bigint | null; limitCurrency: string | null }>(sql`
    with recursive chain (id, next_id, depth) as (
      select d.id, d.${far}, 1 from office.delegation d
      where d.tenant_id = ${context.tenantId} and d.${near} = any(${personIds}::uuid[]) and ${holdsOn(context, on)}
      union all
      select d.id, d.${far}, c.depth + 1 from chain c
      join office.delegation d on d.tenant_id = ${context.tenantId} and d.${near} = c.next_id and ${holdsOn(context, on)}
      where c.depth < ${depthMax}::int)
    select d.id, d.principal_id, d.stand_in_id, d.activities, d.scope_id, d.limit_minor, d.limit_currency, d.passes_on, p.name as principal
    from office.delegation d
    join directory.party p on p.tenant_id = d.tenant_id and p.id = d.principal_id
    where d.tenant_id = ${context.tenantId} and d.id in (select id from chain) order by d.id`);
  return rows.map(({ limitMinor, limitCurrency, ...row }) => ({
    ...row,
    limit: limitMinor === null ? null : { minor: limitMinor, currency: limitCurrency! },
  }));
}

const holdsOn = (context: ReadContext, on: Day): Sql => sql`
  d.during @> ${on}::date and (d.ended_on is null or d.ended_on > ${on}::date)
  and not exists (select from identity.member m
    where m.tenant_id = ${context.tenantId} and m.person_id = d.stand_in_id and ${isGone(context, on)})`;

/** A member `m` who could no longer sign in on that day; whoever went today is gone today, and was there yesterday. */
export const isGone = (context: ReadContext, on: Day): Sql => sql`
  (m.disabled_at is not null and (${on}::date >= ${context.today}::date or m.disabled_at < ${on}::date + 1))`;
