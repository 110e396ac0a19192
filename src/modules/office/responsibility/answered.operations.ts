// Who answered for what on a day, and why them: by what was assigned, by the preset and the roles of that day, and by who stood in.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Day, Id, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, operation } from "../../../platform/operation/operation.ts";
import { personNames } from "./person.ts";
import { presetOn, resolveHolders } from "./resolve.ts";
import { ScopeKindName } from "./responsibility.operations.ts";

export const answeredOn = operation({
  name: "office.responsibility.answered",
  title: "Who answered for what",
  does: "Names who answered for each kind of work on a day, at each place with its own holder, who stood in for them, and why them.",
  kind: "read",
  may: [anyone],
  input: z.strictObject({
    on: Day.optional().describe("By default today."),
    activity: Text(80).optional().describe("Only this kind of work, like it.equipment."),
    personId: ref("directory.person").optional().describe("Only what this person answered for or stood in for."),
  }),
  output: z.object({
    on: Day,
    size: z.string(),
    rows: z.array(
      z.object({
        activity: z.string(),
        title: z.string(),
        scopeKind: ScopeKindName,
        scopeId: Id.nullable(),
        scope: z.string(),
        personId: ref("directory.person").nullable(),
        person: z.string().nullable(),
        standInId: ref("directory.person").nullable(),
        standIn: z.string().nullable(),
        why: z.string(),
        delegationId: ref("office.delegation").nullable(),
      }),
    ),
  }),
  async run(input, context) {
    const on = input.on ?? context.today;
    const size = await presetOn(context, on);
    const places = await placesOf(context, on, input.activity);
    const holders = await resolveHolders(
      context,
      places.map(({ activity, scopeKind, scopeId }) => ({
        activity,
        ...(scopeKind !== "everywhere" && { place: { kind: scopeKind, id: scopeId! } }),
      })),
      { on, size },
    );
    const answers = places.map((place, index) => {
      const { personId, via, principalId = null, delegationId = null } = holders[index]!;
      return { ...place, personId: principalId ?? personId, standInId: principalId && personId, why: via, delegationId };
    });
    const wanted = answers.filter((one) => !input.personId || [one.personId, one.standInId].includes(input.personId));
    const names = await personNames(
      context,
      wanted.flatMap((one) => [one.personId, one.standInId]),
    );
    const nameOf = (id: KernelId | null): string | null => id && (names.get(id) ?? null);
    return { on, size, rows: wanted.map((one) => ({ ...one, person: nameOf(one.personId), standIn: nameOf(one.standInId) })) };
  },
});

interface Place {
  readonly activity: string;
  readonly title: string;
  readonly scopeKind: z.output<typeof ScopeKindName>;
  readonly scopeId: KernelId | null;
  readonly scope: string;
}

/** Every kind of work everywhere, and at each scope at which someone of its own answered on that day. */
function placesOf(context: ReadContext, on: KernelDay, activity: string | undefined): Promise<Place[]> {
  return context.db.rows<Place>(sql`
    select a.name as activity, a.title, s.scope_kind, nullif(s.scope_id, ${context.tenantId}::uuid) as scope_id,
      coalesce(e.name, u.name, l.name, 'the whole company') as scope
    from office.activity a
    cross join lateral (
      select 'everywhere' as scope_kind, ${context.tenantId}::uuid as scope_id
      union
      select r.scope_kind, r.scope_id from office.responsibility r
      where r.tenant_id = a.tenant_id and r.activity = a.name and r.part = 'accountable' and r.during @> ${on}::date) s
    left join directory.legal_entity e on e.tenant_id = a.tenant_id and e.id = s.scope_id
    left join directory.unit_version u on u.tenant_id = a.tenant_id and u.unit_id = s.scope_id and u.during @> ${on}::date
    left join directory.place l on l.tenant_id = a.tenant_id and l.id = s.scope_id
    where a.tenant_id = ${context.tenantId} and (${activity ?? null}::text is null or a.name = ${activity ?? null})
    order by a.title, s.scope_kind <> 'everywhere', scope`);
}
