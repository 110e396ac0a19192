// Org units: departments and teams as a tree, whose names and places in it change from a day on.
import { z } from "zod";
import type { Day as KernelDay } from "../../kernel/day.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, ref, Text } from "../../platform/operation/field.ts";
import { anyone, operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { splitVersion, standsAboveItself, versionsOn } from "./dated.ts";

export const unitRegister = register({
  name: "directory.unit",
  title: "Org units",
  does: "Departments and teams as they stand on a day, with what they belong to.",
  may: [anyone],
  row: z.object({
    id: Id,
    code: z.string(),
    name: z.string(),
    parentId: ref("directory.unit").nullable(),
    parent: z.string().nullable(),
    entityId: ref("directory.legalEntity").nullable(),
    entity: z.string().nullable(),
    seats: z.number().int(),
    state: z.enum(["planned", "active", "closed"]),
    firstDay: Day,
    lastDay: Day.nullable(),
  }),
  label: "name",
  search: ["name", "code"],
  dated: true,
  from: (context, asOf) => sql`
    select u.id, u.code, v.name, v.parent_id, w.name as parent, u.entity_id, e.name as entity,
      (select count(*)::int from directory.position_version s
        where s.tenant_id = u.tenant_id and s.unit_id = u.id and s.during @> ${asOf}::date) as seats,
      case when v.holds then 'active' when lower(v.during) > ${asOf}::date then 'planned' else 'closed' end as state,
      (select min(lower(a.during)) from directory.unit_version a where a.tenant_id = u.tenant_id and a.unit_id = u.id) as first_day,
      (select (case when bool_or(upper_inf(a.during)) then null else max(upper(a.during)) end) - 1
        from directory.unit_version a where a.tenant_id = u.tenant_id and a.unit_id = u.id) as last_day
    from directory.unit u
    join (${versionsOn(context, "unit", asOf)}) v on v.unit_id = u.id
    left join directory.unit_version w on w.tenant_id = u.tenant_id and w.unit_id = v.parent_id and w.during @> ${asOf}::date
    left join directory.legal_entity e on e.tenant_id = u.tenant_id and e.id = u.entity_id
    where u.tenant_id = ${context.tenantId}`,
});

export const createUnit = operation({
  name: "directory.unit.create",
  title: "Add an org unit",
  does: "Adds a department or team from a day on, below the unit it belongs to.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({
    code: Text(20),
    name: Text(200),
    parentId: ref("directory.unit").optional(),
    entityId: ref("directory.legalEntity").optional(),
    from: Day.optional().describe("By default today."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    codeTaken: "The code {code} is used by another unit. Choose another.",
    parentNotThere: "The unit above does not exist on {day}. Choose one that does, or a later first day.",
    entityUnknown: "There is no such legal entity.",
  },
  emits: ["directory.unit.created"],
  example: { code: "FIN", name: "Finance" },
  constraints: { unit_tenant_id_code_key: "codeTaken" },
  async run(input, context) {
    const from = input.from ?? context.today;
    const taken = await context.db.maybe(sql`
      select id from directory.unit where tenant_id = ${context.tenantId} and code = ${input.code}`);
    if (taken) refuse("codeTaken", { code: input.code }, ["code"]);
    if (input.parentId && !(await unitStands(context, input.parentId, from))) refuse("parentNotThere", { day: from }, ["parentId"]);
    if (input.entityId) {
      const entity = await context.db.maybe(sql`
        select id from directory.legal_entity where tenant_id = ${context.tenantId} and id = ${input.entityId}`);
      if (!entity) refuse("entityUnknown", {}, ["entityId"]);
    }
    const id = context.newId();
    await context.db.run(sql`
      insert into directory.unit (tenant_id, id, code, entity_id)
      values (${context.tenantId}, ${id}, ${input.code}, ${input.entityId ?? null})`);
    await context.db.run(sql`
      insert into directory.unit_version (tenant_id, unit_id, during, name, parent_id)
      values (${context.tenantId}, ${id}, daterange(${from}::date, null), ${input.name}, ${input.parentId ?? null})`);
    context.emit("directory.unit.created", { unitId: id, from });
    return { id };
  },
});

/** Whether the unit stands on that day; used wherever something is put into a unit. */
export async function unitStands(context: WriteContext, unitId: KernelId, on: KernelDay): Promise<boolean> {
  const found = await context.db.maybe(sql`
    select unit_id from directory.unit_version
    where tenant_id = ${context.tenantId} and unit_id = ${unitId} and during @> ${on}::date for share`);
  return found !== undefined;
}

export const changeUnit = operation({
  name: "directory.unit.change",
  title: "Rename or regroup a unit",
  does: "Gives a unit another name or another unit above it, from a day on. What it was before stays in history.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({
    unitId: ref("directory.unit"),
    from: Day,
    name: Text(200).optional(),
    parentId: ref("directory.unit").nullable().optional().describe("Null puts it at the top."),
  }),
  output: z.object({ id: Id }),
  when: (unit) => unit["state"] !== "closed",
  refuses: {
    notFound: "There is no such unit, or it does not exist on that day.",
    parentNotThere: "The unit above does not exist on {day}. Choose one that does, or a later day.",
    unitCircle: "A unit cannot stand below itself. Choose another unit above it.",
  },
  emits: ["directory.unit.changed"],
  async run(input, context) {
    if (!(await splitVersion(context, "unit", input.unitId, input.from))) refuse("notFound");
    if (input.parentId && input.parentId !== input.unitId && !(await unitStands(context, input.parentId, input.from))) {
      refuse("parentNotThere", { day: input.from }, ["parentId"]);
    }
    if (input.parentId === input.unitId) refuse("unitCircle", {}, ["parentId"]);
    await context.db.run(sql`
      update directory.unit_version set
        name = coalesce(${input.name ?? null}, name),
        parent_id = case when ${input.parentId !== undefined}::boolean then ${input.parentId ?? null}::uuid else parent_id end
      where tenant_id = ${context.tenantId} and unit_id = ${input.unitId} and lower(during) = ${input.from}::date`);
    if (await standsAboveItself(context, "unit", input.unitId, input.from)) refuse("unitCircle", {}, ["parentId"]);
    context.emit("directory.unit.changed", { unitId: input.unitId, from: input.from });
    return { id: input.unitId };
  },
});

export const closeUnit = operation({
  name: "directory.unit.close",
  title: "Close a unit",
  does: "Says until which day a unit exists. Seats and units in it have to be closed or put elsewhere first.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({ unitId: ref("directory.unit"), lastDay: Day }),
  output: z.object({ id: Id }),
  when: (unit) => unit["state"] === "active",
  refuses: {
    notFound: "There is no such unit, or it does not exist on that day.",
    unitInUse: "{count} seats and units still stand in this unit after {day}, first {what}. Close them or put them elsewhere first.",
  },
  emits: ["directory.unit.closed"],
  async run(input, context) {
    const unit = sql`tenant_id = ${context.tenantId} and unit_id = ${input.unitId}`;
    const there = await context.db.maybe(sql`
      select unit_id from directory.unit_version where ${unit} and during @> ${input.lastDay}::date for update`);
    if (!there) refuse("notFound");
    const after = sql`daterange(${input.lastDay}::date, null, '()')`;
    const used = await context.db.rows<{ what: string }>(sql`
      select title as what from directory.position_version where ${unit} and during && ${after}
      union all
      select name from directory.unit_version
      where tenant_id = ${context.tenantId} and parent_id = ${input.unitId} and during && ${after}`);
    if (used[0]) refuse("unitInUse", { count: used.length, day: input.lastDay, what: used[0].what });
    await context.db.run(sql`delete from directory.unit_version where ${unit} and lower(during) > ${input.lastDay}::date`);
    await context.db.run(sql`
      update directory.unit_version set during = daterange(lower(during), ${input.lastDay}::date, '[]')
      where ${unit} and during @> ${input.lastDay}::date`);
    context.emit("directory.unit.closed", { unitId: input.unitId, lastDay: input.lastDay });
    return { id: input.unitId };
  },
});
