// Many members at once, as they may act on a day: for questions about what each of them may see.
import type { Day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import { type Rows, sql } from "../database/sql.ts";
import type { Actor, ScopeKind } from "../operation/context.ts";

interface Member {
  readonly userId: Id;
  readonly personId: Id;
  readonly name: string;
  readonly grants: readonly { readonly role: string; readonly scopeKind: ScopeKind | null; readonly scopeId: Id | null }[];
}

/** By their person. Who was disabled, or never was a member, is left out. */
export async function actorsOf(db: Rows, tenantId: Id, persons: readonly Id[], today: Day): Promise<Map<Id, Actor>> {
  const members = await db.rows<Member>(sql`
    select m.user_id, m.person_id, m.name, coalesce(jsonb_agg(jsonb_build_object('role', g.role, 'scopeKind', g.scope_kind,
      'scopeId', g.scope_id) order by g.role, g.id) filter (where g.id is not null), '[]'::jsonb) as grants
    from identity.member m
    left join identity.role_grant g on g.tenant_id = m.tenant_id and g.user_id = m.user_id
      and g.from_day <= ${today}::date and (g.until_day is null or g.until_day >= ${today}::date)
    where m.tenant_id = ${tenantId} and m.person_id = any(${persons}::uuid[]) and m.disabled_at is null
    group by m.user_id, m.person_id, m.name`);
  return new Map(members.map((member) => [member.personId, actorOf(member)]));
}

const actorOf = ({ userId, personId, name, grants }: Member): Actor => ({
  kind: "person",
  userId,
  personId,
  name,
  grants: grants.map(({ role, scopeKind, scopeId }) => ({ role, scope: scopeKind && scopeId ? { kind: scopeKind, id: scopeId } : null })),
});
