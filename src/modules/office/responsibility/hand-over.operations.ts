// "We hired a facility manager": several kinds of work go to one seat or person in one step. Open work follows, history stays.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { routeApprovals } from "../approval/approval.ts";
import { activityTitles } from "./activity.ts";
import { type NamedHolder, needHolder } from "./holder.ts";
import { rolesFor } from "./preset.rules.ts";
import { type Holder, resolveHolders } from "./resolve.ts";
import { needScope, ScopeKindName } from "./responsibility.operations.ts";
import { routeTasks } from "./route.ts";
import { personNames } from "./person.ts";

const HandedOver = z.object({
  activity: z.string(),
  title: z.string(),
  /** Who answered for it until then, and who does from then on. */
  beforeId: ref("directory.person").nullable(),
  before: z.string().nullable(),
  beforeVia: z.string(),
  afterId: ref("directory.person").nullable(),
  after: z.string().nullable(),
  afterVia: z.string(),
  openTasks: z.number().int(),
});

export const handOverResponsibility = operation({
  name: "office.responsibility.handOver",
  title: "Hand over kinds of work",
  does: "Makes one seat or person answer for several kinds of work from a day on; open work follows, history stays.",
  kind: "write",
  previews: true,
  may: ["office.manager"],
  input: z.strictObject({
    activities: z.array(Text(80)).min(1).max(100),
    positionId: ref("directory.position").optional(),
    personId: ref("directory.person").optional(),
    from: Day,
    scopeKind: ScopeKindName.default("everywhere"),
    scopeId: Id.optional().describe("The legal entity, unit or place; nothing for everywhere."),
  }),
  output: z.object({
    rows: z.array(HandedOver),
    rerouted: z.number().int().describe("Open tasks and decisions that change hands at once."),
    lacks: z.array(z.string()).describe("Roles that this work usually needs and the new holder does not have on that day."),
  }),
  refuses: {
    holderMissing: "Name one holder: a seat, or a person.",
    activityUnknown: "{activity} is not an activity. Choose one from the responsibility map.",
    personUnknown: "There is no such person in the directory. Choose one from the list.",
    positionUnknown: "There is no such position in the directory. Choose one from the list.",
    scopeUnknown: "There is no such {kind}. Choose one from the directory, or everywhere.",
    plannedAlready: "Someone is made accountable for {title} from that day or later already. End that first, or choose a later day.",
    nothingChanges: "They answer for all of this already. Nothing would change.",
  },
  constraints: { responsibility_one_accountable: "plannedAlready" },
  emits: ["office.responsibility.handedOver"],
  async run(input, context) {
    const titles = await activityTitles(context, input.activities);
    const unknown = input.activities.find((name) => !titles.has(name));
    const holder = await needHolder(context, { ...input, activity: input.activities[0]! });
    if (unknown) refuse("activityUnknown", { activity: unknown }, ["activities"]);
    const scope = { kind: input.scopeKind, id: await needScope(context, input.scopeKind, input.scopeId) };
    const names = await notYetTheirs(context, { names: [...titles.keys()], holder, scope, from: input.from });
    if (names.length === 0) refuse("nothingChanges", {}, ["activities"]);
    const planned = await plannedFrom(context, names, scope.id, input.from);
    if (planned) refuse("plannedAlready", { title: titles.get(planned)! }, ["from"]);
    const before = await answering(context, names, scope, input.from);
    await assignAll(context, { names, holder, scope, from: input.from });
    const after = await answering(context, names, scope, input.from);
    const open = await openTasksOf(context, names);
    const people = await personNames(
      context,
      [...before, ...after].map((one) => one.personId),
    );
    const shown = (one: Holder) => ({ id: one.personId, name: one.personId && (people.get(one.personId) ?? null), via: one.via });
    const rows = names.map((activity, index) => {
      const [was, is] = [shown(before[index]!), shown(after[index]!)];
      const sides = { beforeId: was.id, before: was.name, beforeVia: was.via, afterId: is.id, after: is.name, afterVia: is.via };
      return { activity, title: titles.get(activity)!, ...sides, openTasks: open.get(activity) ?? 0 };
    });
    context.emit("office.responsibility.handedOver", { activities: names, ...holder });
    const rerouted = (await routeTasks(context)) + (await routeApprovals(context));
    return { rows, rerouted, lacks: await rolesLacking(context, names, after[0]!.personId, input.from) };
  },
});

interface HandOver {
  readonly names: readonly string[];
  readonly holder: NamedHolder;
  readonly scope: { readonly kind: z.output<typeof ScopeKindName>; readonly id: KernelId };
  readonly from: KernelDay;
}

async function notYetTheirs(context: ReadContext, { names, holder, scope, from }: HandOver): Promise<string[]> {
  const rows = await context.db.rows<{ activity: string }>(sql`
    select r.activity from office.responsibility r
    where r.tenant_id = ${context.tenantId} and r.activity = any(${names}::text[]) and r.scope_id = ${scope.id}
      and r.part = 'accountable' and r.during @> ${from}::date and upper_inf(r.during)
      and r.position_id is not distinct from ${holder.positionId}::uuid and r.person_id is not distinct from ${holder.personId}::uuid`);
  const theirs = new Set(rows.map((row) => row.activity));
  return names.filter((name) => !theirs.has(name)).toSorted();
}

async function plannedFrom(
  context: ReadContext,
  names: readonly string[],
  scopeId: KernelId,
  from: KernelDay,
): Promise<string | undefined> {
  const found = await context.db.maybe<{ activity: string }>(sql`
    select r.activity from office.responsibility r
    where r.tenant_id = ${context.tenantId} and r.activity = any(${names}::text[]) and r.scope_id = ${scopeId}
      and r.part = 'accountable' and lower(r.during) >= ${from}::date order by r.activity limit 1`);
  return found?.activity;
}

async function assignAll(context: WriteContext, { names, holder, scope, from }: HandOver): Promise<void> {
  await context.db.run(sql`
    update office.responsibility set during = daterange(lower(during), ${from}::date)
    where tenant_id = ${context.tenantId} and activity = any(${names}::text[]) and scope_id = ${scope.id} and part = 'accountable'
      and during @> ${from}::date`);
  await context.db.run(sql`
    insert into office.responsibility (tenant_id, id, activity, part, scope_kind, scope_id, position_id, person_id, during)
    select ${context.tenantId}, n.id, n.activity, 'accountable', ${scope.kind}, ${scope.id}, ${holder.positionId}::uuid,
      ${holder.personId}::uuid, daterange(${from}::date, null)
    from unnest(${names.map(() => context.newId())}::uuid[], ${names}::text[]) as n (id, activity)`);
}

const answering = (context: ReadContext, names: readonly string[], { kind, id }: HandOver["scope"], on: KernelDay): Promise<Holder[]> =>
  resolveHolders(
    context,
    names.map((activity) => ({ activity, ...(kind !== "everywhere" && { place: { kind, id } }) })),
    { on, inPerson: true },
  );

async function openTasksOf(context: ReadContext, names: readonly string[]): Promise<Map<string, number>> {
  const rows = await context.db.rows<{ activity: string; count: number }>(sql`
    select activity, count(*)::int as count from office.task
    where tenant_id = ${context.tenantId} and state = 'open' and not is_fixed and activity = any(${names}::text[]) group by activity`);
  return new Map(rows.map((row) => [row.activity, row.count]));
}

/** What a large company's preset asks of whoever does this work; the owner may everything. */
async function rolesLacking(context: ReadContext, names: readonly string[], personId: KernelId | null, on: KernelDay): Promise<string[]> {
  const needed = [...new Set(names.map((name) => rolesFor("large", name)[0]!))].filter((role) => role !== "owner").toSorted();
  const held = await context.db.rows<{ role: string }>(sql`
    select g.role from identity.role_grant g join identity.member m on m.tenant_id = g.tenant_id and m.user_id = g.user_id
    where g.tenant_id = ${context.tenantId} and m.person_id = ${personId}::uuid and g.from_day <= ${on}::date
      and (g.until_day is null or g.until_day >= ${on}::date)`);
  const roles = new Set(held.map((one) => one.role));
  return roles.has("owner") ? [] : needed.filter((role) => !roles.has(role));
}
