// Who answers for what: one accountable for each activity at each scope, and who works on it, is asked and is told.
import { z } from "zod";
import { addDays } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { identifier, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Day, Id, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { routeApprovals } from "../approval/approval.ts";
import { isActivity } from "./activity.rules.ts";
import { knowActivity } from "./activity.ts";
import { needHolder } from "./holder.ts";
import { routeTasks } from "./route.ts";

const Part = z.enum(["responsible", "accountable", "consulted", "informed"]);
export const ScopeKindName = z.enum(["everywhere", "entity", "unit", "place"]);

export const responsibilityRegister = register({
  name: "office.responsibility",
  title: "Responsibilities",
  does: "Who answers for which kind of work, where and since when. Whatever is not here follows the preset of the company's size.",
  may: [anyone],
  row: z.object({
    id: Id,
    label: z.string(),
    activity: z.string(),
    part: Part,
    scopeKind: ScopeKindName,
    scopeId: Id.nullable(),
    scope: z.string(),
    positionId: ref("directory.position").nullable(),
    position: z.string().nullable(),
    personId: ref("directory.person").nullable().describe("Who it is today: the person named, or who sits in the seat."),
    person: z.string().nullable(),
    fromDay: Day,
    untilDay: Day.nullable(),
    state: z.enum(["future", "active", "ended"]),
  }),
  label: "label",
  search: ["label", "activity", "person"],
  dated: true,
  from: (context, asOf) => sql`
    select r.id, a.title || ': ' || coalesce(p.name, v.title, s.code) as label, r.activity, r.part, r.scope_kind,
      nullif(r.scope_id, ${context.tenantId}::uuid) as scope_id,
      coalesce(e.name, u.name, l.name, 'the whole company') as scope, r.position_id, v.title as position,
      coalesce(r.person_id, h.person_id) as person_id, p.name as person, lower(r.during) as from_day, upper(r.during) - 1 as until_day,
      case when lower(r.during) > ${asOf}::date then 'future' when upper(r.during) <= ${asOf}::date then 'ended' else 'active' end as state
    from office.responsibility r
    join office.activity a on a.tenant_id = r.tenant_id and a.name = r.activity
    left join directory.position s on s.tenant_id = r.tenant_id and s.id = r.position_id
    left join directory.position_version v on v.tenant_id = r.tenant_id and v.position_id = r.position_id and v.during @> ${asOf}::date
    left join directory.holding h on h.tenant_id = r.tenant_id and h.position_id = r.position_id and h.during @> ${asOf}::date
    left join directory.party p on p.tenant_id = r.tenant_id and p.id = coalesce(r.person_id, h.person_id)
    left join directory.legal_entity e on e.tenant_id = r.tenant_id and e.id = r.scope_id
    left join directory.unit_version u on u.tenant_id = r.tenant_id and u.unit_id = r.scope_id and u.during @> ${asOf}::date
    left join directory.place l on l.tenant_id = r.tenant_id and l.id = r.scope_id
    where r.tenant_id = ${context.tenantId}`,
});

export const assignResponsibility = operation({
  name: "office.responsibility.assign",
  title: "Assign a responsibility",
  does: "Says who answers for a kind of work from a day on; for the accountable it ends whoever was before, and open work follows.",
  kind: "write",
  may: ["office.manager"],
  input: z.strictObject({
    activity: Text(80),
    part: Part.default("accountable"),
    scopeKind: ScopeKindName.default("everywhere"),
    scopeId: Id.optional().describe("The legal entity, unit or place; nothing for everywhere."),
    positionId: ref("directory.position").optional(),
    personId: ref("directory.person").optional(),
    from: Day,
  }),
  output: z.object({ id: Id, rerouted: z.number().int() }),
  refuses: {
    holderMissing: "Name one holder: a seat, or a person.",
    activityUnknown: "{activity} is not an activity. Write it like it.equipment.",
    personUnknown: "There is no such person in the directory. Choose one from the list.",
    positionUnknown: "There is no such position in the directory. Choose one from the list.",
    scopeUnknown: "There is no such {kind}. Choose one from the directory, or everywhere.",
    plannedAlready: "Someone is made accountable from that day or later already. End that first, or choose a later day.",
  },
  constraints: { responsibility_one_accountable: "plannedAlready" },
  emits: ["office.responsibility.assigned"],
  async run(input, context) {
    const holder = await needHolder(context, input);
    const scopeId = await needScope(context, input.scopeKind, input.scopeId);
    await knowActivity(context, input.activity);
    if (input.part === "accountable") {
      await context.db.run(sql`
        update office.responsibility set during = daterange(lower(during), ${input.from}::date)
        where tenant_id = ${context.tenantId} and activity = ${input.activity} and scope_id = ${scopeId} and part = 'accountable'
          and during @> ${input.from}::date and lower(during) < ${input.from}::date`);
    }
    const id = context.newId();
    await context.db.run(sql`
      insert into office.responsibility (tenant_id, id, activity, part, scope_kind, scope_id, position_id, person_id, during)
      values (${context.tenantId}, ${id}, ${input.activity}, ${input.part}, ${input.scopeKind}, ${scopeId}, ${holder.positionId},
        ${holder.personId}, daterange(${input.from}::date, null))`);
    context.emit("office.responsibility.assigned", { responsibilityId: id, activity: input.activity });
    return { id, rerouted: (await routeTasks(context)) + (await routeApprovals(context)) };
  },
});

export const endResponsibility = operation({
  name: "office.responsibility.end",
  title: "End a responsibility",
  does: "Ends who answers for it after a last day; open work goes to whoever is next.",
  kind: "write",
  may: ["office.manager"],
  input: z.strictObject({ responsibilityId: ref("office.responsibility"), lastDay: Day }),
  output: z.object({ id: Id, rerouted: z.number().int() }),
  refuses: {
    beforeStart: "It begins on {fromDay} only. Choose a later last day.",
    endedAlready: "It ends on {untilDay} already. Nothing was changed.",
  },
  when: (record) => record["state"] !== "ended" && record["untilDay"] === null,
  emits: ["office.responsibility.ended"],
  async run(input, context) {
    const row = await context.db.maybe<{ fromDay: KernelDay; untilDay: KernelDay | null }>(sql`
      select lower(during) as from_day, upper(during) - 1 as until_day from office.responsibility
      where tenant_id = ${context.tenantId} and id = ${input.responsibilityId} for update`);
    if (!row) refuse("notFound");
    if (row.untilDay !== null) refuse("endedAlready", { untilDay: row.untilDay });
    if (input.lastDay < row.fromDay) refuse("beforeStart", { fromDay: row.fromDay }, ["lastDay"]);
    await context.db.run(sql`
      update office.responsibility set during = daterange(lower(during), ${addDays(input.lastDay, 1)}::date)
      where tenant_id = ${context.tenantId} and id = ${input.responsibilityId}`);
    context.emit("office.responsibility.ended", { responsibilityId: input.responsibilityId });
    return { id: input.responsibilityId, rerouted: (await routeTasks(context)) + (await routeApprovals(context)) };
  },
});

type KernelDay = z.output<typeof Day>;

export const nameActivities = operation({
  name: "office.activity.name",
  title: "Name the kinds of work",
  does: "Puts kinds of work with their titles onto the responsibility map.",
  kind: "write",
  may: ["office.manager"],
  input: z.strictObject({ activities: z.array(z.strictObject({ name: Text(80), title: Text(120) })).max(500) }),
  output: z.object({ named: z.number().int() }),
  refuses: { activityUnknown: "{activity} is not an activity. Write it like it.equipment." },
  example: { activities: [{ name: "it.equipment", title: "Equipment for employees" }] },
  async run({ activities }, context) {
    const odd = activities.find((one) => !isActivity(one.name));
    if (odd) refuse("activityUnknown", { activity: odd.name }, ["activities"]);
    const byName = new Map(activities.map((one) => [one.name, one.title]));
    const named = await context.db.run(sql`
      insert into office.activity (tenant_id, name, title)
      select ${context.tenantId}, a.name, a.title
      from unnest(${[...byName.keys()]}::text[], ${[...byName.values()]}::text[]) as a (name, title)
      on conflict (tenant_id, name) do update set title = excluded.title`);
    return { named };
  },
});

const scopeTables = { entity: "directory.legal_entity", unit: "directory.unit", place: "directory.place" } as const;

/** Refuses `scopeUnknown`. Returns the company itself for everywhere. */
export async function needScope(context: ReadContext, kind: z.output<typeof ScopeKindName>, id: KernelId | undefined): Promise<KernelId> {
  if (kind === "everywhere") return id === undefined ? context.tenantId : refuse("scopeUnknown", { kind: "scope" }, ["scopeId"]);
  const found =
    id &&
    (await context.db.maybe(sql`select id from ${identifier(scopeTables[kind])} where tenant_id = ${context.tenantId} and id = ${id}`));
  return found ? id : refuse("scopeUnknown", { kind }, ["scopeId"]);
}
