// Systems of the company: applications, directories, infrastructure; who answers for each, who needs it, and what one may do there.
import { z } from "zod";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, ref, Text } from "../../platform/operation/field.ts";
import { anyone, operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { keepers } from "./device.register.ts";

const SystemKind = z.enum(["application", "directory", "infrastructure", "access", "telephony"]);

export const systemRegister = register({
  name: "it.system",
  title: "Systems",
  does: "Every system people work with: who answers for it, who needs it, and how many accounts it has.",
  may: [anyone],
  row: z.object({
    id: Id,
    name: z.string(),
    kind: SystemKind,
    state: z.enum(["active", "retired"]),
    ownerId: ref("directory.person").nullable(),
    owner: z.string().nullable(),
    url: z.string().nullable(),
    forEveryone: z.boolean(),
    jobs: z.string().describe("Jobs it comes with."),
    accounts: z.number().int().describe("Accounts that are not closed."),
    retiredOn: Day.nullable(),
  }),
  label: "name",
  search: ["name"],
  from: (context) => sql`
    select s.id, s.name, s.kind, case when s.retired_on <= ${context.today}::date then 'retired' else 'active' end as state,
      s.owner_id, o.name as owner, s.url, s.for_everyone, s.retired_on,
      coalesce((select string_agg(j.title, ', ' order by j.title) from it.system_job y
        join directory.job j on j.tenant_id = y.tenant_id and j.id = y.job_id
        where y.tenant_id = s.tenant_id and y.system_id = s.id), '') as jobs,
      (select count(*)::int from it.account a where a.tenant_id = s.tenant_id and a.system_id = s.id and a.state <> 'closed') as accounts
    from it.system s left join directory.party o on o.tenant_id = s.tenant_id and o.id = s.owner_id
    where s.tenant_id = ${context.tenantId}`,
});

const described = {
  kind: SystemKind,
  ownerId: ref("directory.person").optional().describe("Who answers for it and is asked for access."),
  url: z
    .url({ protocol: /^https?$/ })
    .max(300)
    .optional(),
  forEveryone: z.boolean().describe("Everyone who works here has an account."),
  jobIds: z.array(ref("directory.job")).max(100).describe("Jobs it comes with."),
};

const systemRefusals = {
  nameTaken: "There is a system of that name already. Use that one, or choose another name.",
  jobUnknown: "One of these jobs is not in the directory.",
};

export const createSystem = operation({
  name: "it.system.create",
  title: "Add a system",
  does: "Adds a system that people have accounts on, and says who needs one.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({
    name: Text(120),
    ...described,
    forEveryone: described.forEveryone.default(false),
    jobIds: described.jobIds.default([]),
  }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such person to answer for it.", ...systemRefusals },
  emits: ["it.system.created"],
  example: { name: "E-mail", kind: "application", forEveryone: true },
  constraints: { system_name_once: "nameTaken" },
  async run(input, context) {
    const { tenantId, db } = context;
    if (input.ownerId) await mustBePerson(context, input.ownerId, "ownerId");
    const id = context.newId();
    const made = await db.run(sql`
      insert into it.system (tenant_id, id, name, kind, owner_id, url, for_everyone)
      values (${tenantId}, ${id}, ${input.name}, ${input.kind}, ${input.ownerId ?? null}, ${input.url ?? null}, ${input.forEveryone})
      on conflict on constraint system_name_once do nothing`);
    if (made === 0) refuse("nameTaken", { name: input.name }, ["name"]);
    await setJobs(context, id, input.jobIds);
    context.emit("it.system.created", { systemId: id });
    return { id };
  },
});

export const updateSystem = operation({
  name: "it.system.update",
  title: "Change a system",
  does: "Corrects what is known of a system: who answers for it, and who needs it. Fields left out stay as they are.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({
    systemId: ref("it.system"),
    name: Text(120).optional(),
    kind: SystemKind.optional(),
    ownerId: described.ownerId,
    url: described.url,
    forEveryone: described.forEveryone.optional(),
    jobIds: described.jobIds.optional(),
  }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such system or person.", ...systemRefusals },
  emits: ["it.system.updated"],
  constraints: { system_name_once: "nameTaken" },
  async run({ systemId, ...input }, context) {
    const { tenantId, db } = context;
    await takeSystem(context, systemId);
    if (input.ownerId) await mustBePerson(context, input.ownerId, "ownerId");
    const namesake = await db.maybe(sql`
      select id from it.system where tenant_id = ${tenantId} and name = ${input.name ?? null} and id <> ${systemId}`);
    if (namesake) refuse("nameTaken", { name: input.name }, ["name"]);
    await db.run(sql`
      update it.system set name = coalesce(${input.name ?? null}, name), kind = coalesce(${input.kind ?? null}, kind),
        owner_id = coalesce(${input.ownerId ?? null}::uuid, owner_id), url = coalesce(${input.url ?? null}, url),
        for_everyone = coalesce(${input.forEveryone ?? null}::boolean, for_everyone)
      where tenant_id = ${tenantId} and id = ${systemId}`);
    if (input.jobIds) {
      await db.run(sql`delete from it.system_job where tenant_id = ${tenantId} and system_id = ${systemId}`);
      await setJobs(context, systemId, input.jobIds);
    }
    context.emit("it.system.updated", { systemId });
    return { id: systemId };
  },
});

export const retireSystem = operation({
  name: "it.system.retire",
  title: "Retire a system",
  does: "Says from which day a system is no longer used. It must have no open accounts left.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ systemId: ref("it.system"), on: Day }),
  output: z.object({ id: Id }),
  when: (system) => system["state"] === "active",
  refuses: {
    notFound: "There is no such system.",
    systemRetired: "{system} is retired since {day}.",
    accountsLeft: "{count} accounts on {system} are not closed. Close them first.",
  },
  emits: ["it.system.retired"],
  async run({ systemId, on }, context) {
    const system = await takeSystem(context, systemId);
    if (system.retiredOn) refuse("systemRetired", { system: system.name, day: system.retiredOn });
    const { count } = await context.db.row<{ count: number }>(sql`
      select count(*)::int as count from it.account where tenant_id = ${context.tenantId} and system_id = ${systemId}
        and state <> 'closed'`);
    if (count > 0) refuse("accountsLeft", { count, system: system.name });
    await context.db.run(sql`
      update it.system set retired_on = ${on}::date where tenant_id = ${context.tenantId} and id = ${systemId}`);
    context.emit("it.system.retired", { systemId, on });
    return { id: systemId };
  },
});

async function setJobs(context: WriteContext, systemId: KernelId, jobIds: readonly KernelId[]): Promise<void> {
  const wanted = [...new Set(jobIds)];
  const made = await context.db.run(sql`
    insert into it.system_job (tenant_id, system_id, job_id)
    select ${context.tenantId}, ${systemId}, j.id from directory.job j
    where j.tenant_id = ${context.tenantId} and j.id = any(${wanted}::uuid[])`);
  if (made < wanted.length) refuse("jobUnknown", {}, ["jobIds"]);
}

export interface System {
  readonly id: KernelId;
  readonly name: string;
  readonly retiredOn: string | null;
}

/** Takes a system for writing. Refuses `notFound`. */
export async function takeSystem(context: WriteContext, systemId: KernelId): Promise<System> {
  const found = await context.db.maybe<System>(sql`
    select id, name, retired_on from it.system where tenant_id = ${context.tenantId} and id = ${systemId} for no key update`);
  return found ?? refuse("notFound", {}, ["systemId"]);
}

/** Refuses `notFound` unless the identifier is a person's; returns their name and address. */
export async function mustBePerson(
  context: ReadContext,
  personId: KernelId,
  field = "personId",
): Promise<{ name: string; email: string | null }> {
  const found = await context.db.maybe<{ name: string; email: string | null }>(sql`
    select name, email from directory.party where tenant_id = ${context.tenantId} and id = ${personId} and kind = 'person'`);
  return found ?? refuse("notFound", {}, [field]);
}

export const entitlementRegister = register({
  name: "it.entitlement",
  title: "Entitlements",
  does: "What one can be allowed to do in a system.",
  may: [anyone],
  row: z.object({
    id: Id,
    label: z.string(),
    systemId: ref("it.system"),
    system: z.string(),
    name: z.string(),
    isPrivileged: z.boolean(),
    holders: z.number().int(),
  }),
  label: "label",
  search: ["label"],
  from: (context) => sql`
    select e.id, s.name || ': ' || e.name as label, e.system_id, s.name as system, e.name, e.is_privileged,
      (select count(*)::int from it.access_grant g
        where g.tenant_id = e.tenant_id and g.entitlement_id = e.id and g.during @> ${context.today}::date) as holders
    from it.entitlement e join it.system s on s.tenant_id = e.tenant_id and s.id = e.system_id
    where e.tenant_id = ${context.tenantId}`,
});

export const createEntitlement = operation({
  name: "it.entitlement.create",
  title: "Add an entitlement",
  does: "Names something that one can be allowed to do in a system, and whether it is a privilege to look after.",
  kind: "write",
  may: [...keepers],
  on: "it.system",
  input: z.strictObject({ systemId: ref("it.system"), name: Text(120), isPrivileged: z.boolean().default(false) }),
  output: z.object({ id: Id }),
  when: (system) => system["state"] === "active",
  refuses: { notFound: "There is no such system.", nameTaken: "{system} has {name} already. Use that one." },
  emits: ["it.entitlement.created"],
  async run(input, context) {
    const system = await takeSystem(context, input.systemId);
    const id = context.newId();
    const made = await context.db.run(sql`
      insert into it.entitlement (tenant_id, id, system_id, name, is_privileged)
      values (${context.tenantId}, ${id}, ${input.systemId}, ${input.name}, ${input.isPrivileged})
      on conflict on constraint entitlement_once do nothing`);
    if (made === 0) refuse("nameTaken", { system: system.name, name: input.name }, ["name"]);
    context.emit("it.entitlement.created", { entitlementId: id, systemId: input.systemId });
    return { id };
  },
});
