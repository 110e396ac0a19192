// The responsibility map of the company, and the choice of its preset. Choosing another re-routes open work and changes nothing else.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Day, ref } from "../../../platform/operation/field.ts";
import { anyone, operation } from "../../../platform/operation/operation.ts";
import { routeApprovals } from "../approval/approval.ts";
import { personNames } from "./person.ts";
import { presets, presetSizes, rolesFor } from "./preset.rules.ts";
import { presetOn, resolveHolders } from "./resolve.ts";
import { routeTasks } from "./route.ts";

const Size = z.enum(presetSizes);

export const applyPreset = operation({
  name: "office.preset.apply",
  title: "Choose the preset of the company's size",
  does: "Sets which role answers for which kind of work from today on. Open work follows; history, people and roles stay as they are.",
  kind: "write",
  previews: true,
  may: ["office.manager"],
  input: z.strictObject({ size: Size }),
  output: z.object({ size: Size, rerouted: z.number().int() }),
  refuses: { presetInForce: "The preset {size} is in force already. Nothing would change." },
  example: { size: "medium" },
  emits: ["office.preset.applied"],
  async run({ size }, context) {
    const today = await context.db.maybe<{ size: string }>(sql`
      select size from office.preset where tenant_id = ${context.tenantId} and from_day <= ${context.today}::date
      order by from_day desc limit 1 for update`);
    if (today?.size === size) refuse("presetInForce", { size });
    await context.db.run(sql`
      insert into office.preset (tenant_id, from_day, size, applied_at, applied_by)
      values (${context.tenantId}, ${context.today}, ${size}, ${context.now}, ${context.actor.personId})
      on conflict (tenant_id, from_day) do update
        set size = excluded.size, applied_at = excluded.applied_at, applied_by = excluded.applied_by`);
    const rerouted = (await routeTasks(context)) + (await routeApprovals(context));
    context.emit("office.preset.applied", { size });
    return { size, rerouted };
  },
});

const MapRow = z.object({
  activity: z.string(),
  title: z.string(),
  /** Who answers for it everywhere on that day. */
  personId: ref("directory.person").nullable(),
  person: z.string().nullable(),
  /** Who has their work on that day, when they delegated it. */
  standInId: ref("directory.person").nullable(),
  standIn: z.string().nullable(),
  via: z.string(),
  /** Roles that the preset names, the first that someone holds. */
  roles: z.array(z.string()),
  assigned: z.array(
    z.object({
      id: ref("office.responsibility"),
      part: z.enum(["responsible", "accountable", "consulted", "informed"]),
      scopeKind: z.enum(["everywhere", "entity", "unit", "place"]),
      scope: z.string(),
      personId: ref("directory.person").nullable(),
      person: z.string().nullable(),
      position: z.string().nullable(),
    }),
  ),
  openTasks: z.number().int(),
});

export const responsibilityMap = operation({
  name: "office.responsibility.map",
  title: "Responsibility map",
  does: "Shows who answers for each kind of work on a day, by what was assigned and by the preset, or as it would be with another.",
  kind: "read",
  may: [anyone],
  input: z.strictObject({
    size: Size.optional().describe("As it would be with this preset; by default the one in force."),
    asOf: Day.optional(),
  }),
  output: z.object({
    size: Size,
    inForce: Size,
    asOf: Day,
    sizes: z.array(z.object({ size: Size, title: z.string(), says: z.string() })),
    rows: z.array(MapRow),
  }),
  async run(input, context) {
    const asOf = input.asOf ?? context.today;
    const inForce = await presetOn(context, asOf);
    const size = input.size ?? inForce;
    const assigned = await assignedOn(context, asOf);
    const activities = await activitiesOf(context);
    const found = await resolveHolders(
      context,
      activities.map(({ name }) => ({ activity: name })),
      { size, on: asOf },
    );
    const holders = activities.map(({ name, title, openTasks }, index) => {
      const { personId, principalId = null, via } = found[index]!;
      const standInId = principalId && personId;
      const roles = [...rolesFor(size, name)];
      return {
        activity: name,
        title,
        openTasks,
        personId: principalId ?? personId,
        standInId,
        via,
        roles,
        assigned: assigned.get(name) ?? [],
      };
    });
    const names = await personNames(
      context,
      holders.flatMap((one) => [one.personId, one.standInId]),
    );
    const nameOf = (id: KernelId | null): string | null => id && (names.get(id) ?? null);
    return {
      size,
      inForce,
      asOf,
      sizes: presetSizes.map((one) => ({ size: one, title: presets[one].title, says: presets[one].says })),
      rows: holders.map((one) => ({ ...one, person: nameOf(one.personId), standIn: nameOf(one.standInId) })),
    };
  },
});

function activitiesOf(context: ReadContext): Promise<{ name: string; title: string; openTasks: number }[]> {
  return context.db.rows(sql`
    select a.name, a.title, (select count(*)::int from office.task t
      where t.tenant_id = ${context.tenantId} and t.activity = a.name and t.state = 'open') as open_tasks
    from office.activity a where a.tenant_id = ${context.tenantId} order by a.name`);
}

type Assigned = z.output<typeof MapRow>["assigned"][number];

async function assignedOn(context: ReadContext, asOf: z.output<typeof Day>): Promise<Map<string, Assigned[]>> {
  const rows = await context.db.rows<Assigned & { activity: string }>(sql`
    select r.activity, r.id, r.part, r.scope_kind, coalesce(e.name, u.name, l.name, 'the whole company') as scope,
      coalesce(r.person_id, h.person_id) as person_id, p.name as person, v.title as position
    from office.responsibility r
    left join directory.position_version v on v.tenant_id = r.tenant_id and v.position_id = r.position_id and v.during @> ${asOf}::date
    left join directory.holding h on h.tenant_id = r.tenant_id and h.position_id = r.position_id and h.during @> ${asOf}::date
    left join directory.party p on p.tenant_id = r.tenant_id and p.id = coalesce(r.person_id, h.person_id)
    left join directory.legal_entity e on e.tenant_id = r.tenant_id and e.id = r.scope_id
    left join directory.unit_version u on u.tenant_id = r.tenant_id and u.unit_id = r.scope_id and u.during @> ${asOf}::date
    left join directory.place l on l.tenant_id = r.tenant_id and l.id = r.scope_id
    where r.tenant_id = ${context.tenantId} and r.during @> ${asOf}::date order by r.activity, r.part, r.scope_kind, scope`);
  const byActivity = new Map<string, Assigned[]>();
  for (const { activity, ...one } of rows) byActivity.set(activity, [...(byActivity.get(activity) ?? []), one]);
  return byActivity;
}
