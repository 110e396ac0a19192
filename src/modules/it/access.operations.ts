// Grants of access: what someone's account allows in a system, from when to when, and why. Nothing is allowed without a reason.
import { z } from "zod";
import type { Day as KernelDay } from "../../kernel/day.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import { Day, Id, LongText, ref } from "../../platform/operation/field.ts";
import { anyone, operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { keepers } from "./device.register.ts";
import { mustBePerson } from "./system.operations.ts";

export const accessGrantRegister = register({
  name: "it.accessGrant",
  title: "Access",
  does: "Who may do what in which system, since when, until when and why. Everyone sees their own; the owner of a system sees it all.",
  may: [...keepers, anyone],
  sees: (context) => sql`(r.person_id = ${context.actor.personId}::uuid or r.owner_id = ${context.actor.personId}::uuid)`,
  row: z.object({
    id: Id,
    label: z.string(),
    personId: ref("directory.person"),
    person: z.string(),
    systemId: ref("it.system"),
    system: z.string(),
    entitlementId: ref("it.entitlement"),
    entitlement: z.string(),
    isPrivileged: z.boolean(),
    state: z.enum(["future", "running", "ended"]),
    fromDay: Day,
    untilDay: Day.nullable(),
    reason: z.string(),
    grantedById: ref("directory.person").nullable(),
    grantedBy: z.string().nullable(),
  }),
  label: "label",
  search: ["label"],
  dated: true,
  from: (context, asOf) => sql`
    select g.id, p.name || ': ' || s.name || ', ' || e.name as label, a.person_id, p.name as person, e.system_id, s.name as system,
      g.entitlement_id, e.name as entitlement, e.is_privileged,
      case when lower(g.during) > ${asOf}::date then 'future' when g.during @> ${asOf}::date then 'running' else 'ended' end as state,
      lower(g.during) as from_day, (upper(g.during) - 1) as until_day, g.reason, g.granted_by as granted_by_id, b.name as granted_by,
        s.owner_id
    from it.access_grant g
    join it.account a on a.tenant_id = g.tenant_id and a.id = g.account_id
    join it.entitlement e on e.tenant_id = g.tenant_id and e.id = g.entitlement_id
    join it.system s on s.tenant_id = e.tenant_id and s.id = e.system_id
    join directory.party p on p.tenant_id = a.tenant_id and p.id = a.person_id
    left join directory.party b on b.tenant_id = g.tenant_id and b.id = g.granted_by
    where g.tenant_id = ${context.tenantId}`,
});

export const giveAccess = operation({
  name: "it.accessGrant.give",
  title: "Grant access",
  does: "Allows a person something in a system where they have an account, from a day on, and says why.",
  kind: "write",
  may: [...keepers],
  on: "it.entitlement",
  input: z.strictObject({
    entitlementId: ref("it.entitlement"),
    personId: ref("directory.person"),
    from: Day,
    until: Day.optional().describe("The last day, for a limited time."),
    reason: LongText(1000),
  }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: "There is no such entitlement or person.",
    untilBeforeFrom: "The last day {until} is before the first day {from}.",
    noAccount: "{person} has no open account on {system}. Open one first.",
    accessGiven: "{person} has {entitlement} on {system} already from {from}. End that first, or choose other days.",
    selfGrant: "Nobody grants themself a privilege. Ask someone else who looks after {system}.",
  },
  emits: ["it.accessGrant.given"],
  async run(input, context) {
    const { tenantId, db } = context;
    if (input.until && input.until < input.from) refuse("untilBeforeFrom", { until: input.until, from: input.from }, ["until"]);
    const person = await mustBePerson(context, input.personId);
    const entitlement = await db.maybe<{ name: string; isPrivileged: boolean; systemId: KernelId; system: string }>(sql`
      select e.name, e.is_privileged, e.system_id, s.name as system from it.entitlement e
      join it.system s on s.tenant_id = e.tenant_id and s.id = e.system_id
      where e.tenant_id = ${tenantId} and e.id = ${input.entitlementId}`);
    if (!entitlement) refuse("notFound", {}, ["entitlementId"]);
    const facts = { person: person.name, system: entitlement.system, entitlement: entitlement.name };
    if (entitlement.isPrivileged && input.personId === context.actor.personId) refuse("selfGrant", facts);
    // Whoever grants on the same account waits here, so that the same thing is granted once.
    const account = await db.maybe<{ id: KernelId }>(sql`
      select id from it.account
      where tenant_id = ${tenantId} and system_id = ${entitlement.systemId} and person_id = ${input.personId} and state = 'open'
        for update`);
    if (!account) refuse("noAccount", facts);
    const given = await db.maybe<{ from: KernelDay }>(sql`
      select lower(during) as from from it.access_grant
      where tenant_id = ${tenantId} and account_id = ${account.id} and entitlement_id = ${input.entitlementId}
        and during && daterange(${input.from}::date, ${input.until ?? null}::date, '[]') limit 1`);
    if (given) refuse("accessGiven", { ...facts, from: given.from }, ["from"]);
    const id = context.newId();
    await db.run(sql`
      insert into it.access_grant (tenant_id, id, account_id, entitlement_id, during, reason, granted_by)
      values (${tenantId}, ${id}, ${account.id}, ${input.entitlementId},
        daterange(${input.from}::date, ${input.until ?? null}::date, '[]'), ${input.reason}, ${context.actor.personId})`);
    context.emit("it.accessGrant.given", {
      accessGrantId: id,
      personId: input.personId,
      entitlementId: input.entitlementId,
      from: input.from,
    });
    return { id };
  },
});

export const endAccess = operation({
  name: "it.accessGrant.end",
  title: "End access",
  does: "Says until which day something is allowed; one that has not begun is taken back.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ accessGrantId: ref("it.accessGrant"), lastDay: Day }),
  output: z.object({ id: Id }),
  when: (grant) => grant["state"] !== "ended",
  refuses: { notFound: "There is no such grant.", accessEnded: "It ended on {day} already." },
  emits: ["it.accessGrant.ended"],
  async run({ accessGrantId, lastDay }, context) {
    const { tenantId, db } = context;
    const grant = await db.maybe<{ from: KernelDay; until: KernelDay | null; personId: KernelId }>(sql`
      select lower(g.during) as from, (upper(g.during) - 1) as until, a.person_id from it.access_grant g
      join it.account a on a.tenant_id = g.tenant_id and a.id = g.account_id
      where g.tenant_id = ${tenantId} and g.id = ${accessGrantId} for update of g`);
    if (!grant) refuse("notFound");
    if (grant.until && grant.until <= lastDay) refuse("accessEnded", { day: grant.until });
    if (lastDay < grant.from) {
      await db.run(sql`delete from it.access_grant where tenant_id = ${tenantId} and id = ${accessGrantId}`);
    } else {
      await db.run(sql`
        update it.access_grant set during = daterange(lower(during), ${lastDay}::date, '[]')
        where tenant_id = ${tenantId} and id = ${accessGrantId}`);
    }
    context.emit("it.accessGrant.ended", { accessGrantId, personId: grant.personId, lastDay });
    return { id: accessGrantId };
  },
});
