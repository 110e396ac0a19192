// Members as they may act on a day: with their name, their person, and the roles they hold then.
import type { Day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import { prepared, type Rows, type Sql, sql } from "../database/sql.ts";
import type { Actor, ScopeKind } from "../operation/context.ts";

interface Member {
  readonly userId: Id;
  readonly personId: Id | null;
  readonly name: string;
  readonly grants: readonly { readonly role: string; readonly scopeKind: ScopeKind | null; readonly scopeId: Id | null }[];
}

const membersWho = (are: Sql, tenantId: Id, today: Day): Sql =>
  prepared(sql`
    select m.user_id, m.person_id, m.name, coalesce(jsonb_agg(jsonb_build_object('role', g.role, 'scopeKind', g.scope_kind,
      'scopeId', g.scope_id) order by g.role, g.id) filter (where g.id is not null), '[]'::jsonb) as grants
    from identity.member m
    left join identity.role_grant g on g.tenant_id = m.tenant_id and g.user_id = m.user_id
      and g.from_day <= ${today}::date and (g.until_day is null or g.until_day >= ${today}::date)
    where m.tenant_id = ${tenantId} and ${are} and m.disabled_at is null
    group by m.user_id, m.person_id, m.name`);

/** By their person. Who was disabled, or never was a member, is left out. */
export async function actorsOf(db: Rows, tenantId: Id, persons: readonly Id[], today: Day): Promise<Map<Id, Actor>> {
  const members = await db.rows<Member & { personId: Id }>(membersWho(sql`m.person_id = any(${persons}::uuid[])`, tenantId, today));
  return new Map(members.map((member) => [member.personId, actorOf(member)]));
}

/** Someone as an actor with the roles they hold that day; undefined when they may no longer sign in. */
export async function actorNow(db: Rows, tenantId: Id, userId: Id, today: Day): Promise<Actor | undefined> {
  const member = await db.maybe<Member>(membersWho(sql`m.user_id = ${userId}`, tenantId, today));
  return member && actorOf(member);
}

const actorOf = ({ userId, personId, name, grants }: Member): Actor => ({
  kind: "person",
  userId,
  personId,
  name,
  grants: grants.map(({ role, scopeKind, scopeId }) => ({ role, scope: scopeKind && scopeId ? { kind: scopeKind, id: scopeId } : null })),
});
