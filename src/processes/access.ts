// Signing in to Heartwood itself, as hires and leavers need it.
import type { Id } from "../kernel/id.ts";
import { sql } from "../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../platform/operation/context.ts";
import { disableMember, inviteMember } from "../platform/rooms/member.operations.ts";

interface Reach {
  readonly name: string;
  readonly email: string | null;
  readonly memberId: Id | null;
  readonly isActive: boolean;
}

const reach = (context: ReadContext, personId: Id): Promise<Reach | undefined> =>
  context.db.maybe<Reach>(sql`
    select p.name, p.email, m.user_id as member_id, (m.user_id is not null and m.disabled_at is null) as is_active
    from directory.party p
    left join identity.member m on m.tenant_id = ${context.tenantId} and m.person_id = p.id
    where p.tenant_id = ${context.tenantId} and p.id = ${personId}`);

/** The person can sign in to Heartwood. */
export const canSignIn = async (context: ReadContext, personId: Id): Promise<boolean> =>
  (await reach(context, personId))?.isActive ?? false;

/** Nobody signs in as this person any more. */
export const cannotSignIn = async (context: ReadContext, personId: Id): Promise<boolean> => !(await canSignIn(context, personId));

export async function inviteToHeartwood(context: WriteContext, personId: Id): Promise<void> {
  const found = await reach(context, personId);
  // Without an address there is nobody to write to: the step stays open for its owner.
  if (!found?.email || found.memberId) return;
  await context.callAsSystem(inviteMember, { personId, name: found.name, email: found.email });
}

export async function shutOut(context: WriteContext, personId: Id): Promise<void> {
  const found = await reach(context, personId);
  if (found?.isActive) await context.callAsSystem(disableMember, { memberId: found.memberId! });
}

export const memberOf = async (context: ReadContext, personId: Id): Promise<Id | undefined> =>
  (await reach(context, personId))?.memberId ?? undefined;
