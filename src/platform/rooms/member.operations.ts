// Who belongs to the company and which roles they hold. Nobody gives a role to themself, and nobody gives what they do not hold.
import { z } from "zod";
import type { Id as RecordId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../database/sql.ts";
import { Day, Id, Instant, LongText, ref, Text } from "../operation/field.ts";
import type { WriteContext } from "../operation/context.ts";
import { operation } from "../operation/operation.ts";
import { register } from "../operation/register.ts";
import type { Registry } from "../operation/registry.ts";

export const memberRegister = register({
  name: "identity.member",
  title: "Members",
  does: "Who may sign in to this company.",
  may: ["identity.manager", "platform.auditor"],
  row: z.object({
    id: Id,
    name: z.string(),
    email: z.string(),
    personId: ref("directory.person").nullable(),
    roles: z.string(),
    joinedAt: Instant,
    state: z.enum(["active", "disabled"]),
  }),
  label: "name",
  search: ["name", "email"],
  from: (context) => sql`
    select m.user_id as id, m.name, m.email, m.person_id, m.joined_at,
      case when m.disabled_at is null then 'active' else 'disabled' end as state,
      coalesce((select string_agg(distinct g.role, ', ' order by g.role) from identity.role_grant g
        where g.tenant_id = ${context.tenantId} and g.user_id = m.user_id and g.from_day <= ${context.today}::date
          and (g.until_day is null or g.until_day >= ${context.today}::date)), '') as roles
    from identity.member m where m.tenant_id = ${context.tenantId}`,
});

export const inviteMember = operation({
  name: "identity.member.invite",
  title: "Invite a member",
  does: "Lets a person of the directory sign in to this company; they set their own password by mail.",
  kind: "write",
  may: ["identity.manager"],
  input: z.strictObject({ personId: ref("directory.person"), name: Text(200), email: z.email().max(254) }),
  output: z.object({ id: Id }),
  refuses: { personUnknown: "There is no such person in the directory.", alreadyMember: "{email} or this person is a member already." },
  constraints: { member_pkey: "alreadyMember", member_tenant_id_email_key: "alreadyMember", member_person: "alreadyMember" },
  emits: ["identity.member.invited"],
  async run(input, context) {
    const email = input.email.toLowerCase();
    if (!(await context.mayRead("directory.person", input.personId))) refuse("personUnknown", {}, ["personId"]);
    const known = await context.db.maybe(sql`
      select user_id from identity.member
      where tenant_id = ${context.tenantId} and (email = ${email} or person_id = ${input.personId})`);
    if (known) refuse("alreadyMember", { email });
    const { id } = await context.db.row<{ id: RecordId }>(
      sql`select auth.admit(${context.newId()}, ${email}, ${input.name}, ${context.now}) as id`,
    );
    await context.db.run(sql`
      insert into identity.member (tenant_id, user_id, email, name, person_id, joined_at)
      values (${context.tenantId}, ${id}, ${email}, ${input.name}, ${input.personId}, ${context.now})`);
    await context.notify({
      personId: input.personId,
      title: "Welcome to Heartwood",
      text: "You may sign in now. Choose «Forgot password» on the sign-in page to set your password.",
      mail: true,
    });
    context.emit("identity.member.invited", { memberId: id, personId: input.personId });
    return { id };
  },
});

/** Owners who can still act and whose role has no end; the lock orders two who would remove each other. */
async function ownersLeft(context: WriteContext): Promise<number> {
  const owners = await context.db.rows<{ fit: boolean }>(sql`
    select (m.disabled_at is null and g.from_day <= ${context.today}::date and g.until_day is null) as fit
    from identity.role_grant g join identity.member m on m.tenant_id = g.tenant_id and m.user_id = g.user_id
    where g.tenant_id = ${context.tenantId} and g.role = 'owner' order by g.id for update`);
  return owners.filter((owner) => owner.fit).length;
}

export const disableMember = operation({
  name: "identity.member.disable",
  title: "Disable a member",
  does: "Shuts a member out of this company at once. Their past work keeps their name.",
  kind: "write",
  may: ["identity.manager"],
  input: z.strictObject({ memberId: ref("identity.member") }),
  output: z.object({ id: Id }),
  when: (member) => member["state"] === "active",
  refuses: {
    notFound: "There is no such active member.",
    lastOwner: "This is the last owner of the company. Give that role to someone else first.",
  },
  emits: ["identity.member.disabled"],
  async run(input, context) {
    const touched = await context.db.run(sql`
      update identity.member set disabled_at = ${context.now}
      where tenant_id = ${context.tenantId} and user_id = ${input.memberId} and disabled_at is null`);
    if (touched === 0) refuse("notFound");
    if ((await ownersLeft(context)) === 0) refuse("lastOwner");
    context.emit("identity.member.disabled", { memberId: input.memberId });
    return { id: input.memberId };
  },
});

export const roleGrantRegister = register({
  name: "identity.roleGrant",
  title: "Role grants",
  does: "Which role each member holds, where, from when and why.",
  may: ["identity.manager", "platform.auditor"],
  row: z.object({
    id: Id,
    memberId: ref("identity.member"),
    member: z.string(),
    role: z.string(),
    scopeKind: z.string().nullable(),
    scopeId: Id.nullable(),
    fromDay: Day,
    untilDay: Day.nullable(),
    reason: z.string().nullable(),
    state: z.enum(["future", "active", "ended"]),
  }),
  label: "role",
  search: ["member", "role"],
  from: (context) => sql`
    select g.id, g.user_id as member_id, m.name as member, g.role, g.scope_kind, g.scope_id, g.from_day, g.until_day, g.reason,
      case when g.from_day > ${context.today}::date then 'future'
        when g.until_day < ${context.today}::date then 'ended' else 'active' end as state
    from identity.role_grant g join identity.member m on m.tenant_id = g.tenant_id and m.user_id = g.user_id
    where g.tenant_id = ${context.tenantId}`,
});

export const giveRole = (house: () => Registry) =>
  operation({
    name: "identity.roleGrant.give",
    title: "Give a role",
    does: "Lets a member act in a role from a day on, everywhere or only at one legal entity, org unit or site.",
    kind: "write",
    may: ["identity.manager"],
    on: "identity.member",
    input: z.strictObject({
      memberId: ref("identity.member"),
      role: Text(60),
      from: Day,
      until: Day.optional(),
      scopeKind: z.enum(["entity", "unit", "site"]).optional(),
      scopeId: Id.optional(),
      reason: LongText(500).optional(),
    }),
    output: z.object({ id: Id }),
    refuses: {
      notFound: "There is no such member.",
      roleUnknown: "There is no role {role}. Roles: {roles}",
      selfGrant: "Nobody gives a role to themself. Ask another manager of identities.",
      beyondOwn: "Only the owner of the company gives the role {role}.",
      scopeIncomplete: "A scope needs both its kind and its record.",
    },
    emits: ["identity.roleGrant.given"],
    async run(input, context) {
      const { roles } = house();
      const member = await context.db.maybe(sql`
        select user_id from identity.member where tenant_id = ${context.tenantId} and user_id = ${input.memberId}`);
      if (!member) refuse("notFound");
      if (!roles.has(input.role)) refuse("roleUnknown", { role: input.role, roles: [...roles.keys()].join(", ") }, ["role"]);
      if (input.memberId === context.actor.userId && !context.holds("owner")) refuse("selfGrant");
      const powerful = input.role === "owner" || input.role === "identity.manager";
      if (powerful && !context.holds("owner")) refuse("beyondOwn", { role: input.role });
      if ((input.scopeKind === undefined) !== (input.scopeId === undefined)) refuse("scopeIncomplete");
      const id = context.newId();
      await context.db.run(sql`
        insert into identity.role_grant
          (tenant_id, id, user_id, role, scope_kind, scope_id, from_day, until_day, reason, granted_by)
        values (${context.tenantId}, ${id}, ${input.memberId}, ${input.role}, ${input.scopeKind ?? null}, ${input.scopeId ?? null},
          ${input.from}, ${input.until ?? null}, ${input.reason ?? null}, ${context.actor.userId})`);
      context.emit("identity.roleGrant.given", { memberId: input.memberId, role: input.role });
      return { id };
    },
  });

export const endRole = operation({
  name: "identity.roleGrant.end",
  title: "End a role",
  does: "Takes a role back after a last day.",
  kind: "write",
  may: ["identity.manager"],
  input: z.strictObject({ roleGrantId: ref("identity.roleGrant"), lastDay: Day }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: "There is no such grant, or it has ended.",
    endsBeforeStart: "The role began on {from}; it cannot end before.",
    beyondOwn: "Only the owner of the company takes back the role {role}.",
    lastOwner: "This is the last owner of the company. Give that role to someone else first.",
  },
  when: (record) => record["state"] !== "ended",
  emits: ["identity.roleGrant.ended"],
  async run(input, context) {
    const grant = await context.db.maybe<{ fromDay: string; userId: string; role: string }>(sql`
      select from_day, user_id, role from identity.role_grant
      where tenant_id = ${context.tenantId} and id = ${input.roleGrantId}
        and (until_day is null or until_day > ${context.today}::date) for update`);
    if (!grant) refuse("notFound");
    const powerful = grant.role === "owner" || grant.role === "identity.manager";
    if (powerful && !context.holds("owner")) refuse("beyondOwn", { role: grant.role });
    if (input.lastDay < grant.fromDay) refuse("endsBeforeStart", { from: grant.fromDay }, ["lastDay"]);
    await context.db.run(sql`
      update identity.role_grant set until_day = ${input.lastDay} where tenant_id = ${context.tenantId} and id = ${input.roleGrantId}`);
    if (grant.role === "owner" && (await ownersLeft(context)) === 0) refuse("lastOwner");
    context.emit("identity.roleGrant.ended", { roleGrantId: input.roleGrantId, memberId: grant.userId });
    return { id: input.roleGrantId };
  },
});
