// The team calendar: who is away on which days. Why someone is away is told only to People, their line and themself.
import { z } from "zod";
import { addMonths, daysBetween } from "../../kernel/day.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import { Day, Id, ref } from "../../platform/operation/field.ts";
import { anyone, operation } from "../../platform/operation/operation.ts";
import { ownOrBelow } from "./relation.ts";

const Absence = z.object({
  id: Id,
  personId: ref("directory.person"),
  person: z.string(),
  unit: z.string().nullable(),
  firstDay: Day,
  lastDay: Day,
  leaveType: z.string().nullable(),
});

export const getLeaveCalendar = operation({
  name: "people.leaveCalendar.get",
  title: "Team calendar",
  does: "Shows who is away between two days, in the whole company or in one unit.",
  kind: "read",
  may: [anyone],
  input: z.strictObject({
    from: Day.optional().describe("By default today."),
    until: Day.optional().describe("By default a month later."),
    unitId: ref("directory.unit").optional(),
  }),
  output: z.object({ from: Day, until: Day, absences: z.array(Absence) }),
  refuses: { spanTooLong: "At most 400 days can be shown at once, from the earlier day to the later." },
  async run(input, context) {
    const from = input.from ?? context.today;
    const until = input.until ?? addMonths(from, 1);
    if (until < from || daysBetween(from, until) > 400) refuse("spanTooLong", {}, ["until"]);
    const open = context.holds("people.manager");
    const absences = await context.db.rows<z.output<typeof Absence>>(sql`
      select r.id, r.person_id, o.name as person, u.name as unit, r.first_day, r.last_day,
        case when ${open}::boolean or ${ownOrBelow(context)} then t.name end as leave_type
      from people.leave_request r
      join directory.party o on o.tenant_id = r.tenant_id and o.id = r.person_id
      join people.leave_type t on t.tenant_id = r.tenant_id and t.id = r.leave_type_id
      left join directory.holding h on h.tenant_id = r.tenant_id and h.person_id = r.person_id and h.during @> r.first_day
      left join directory.position_version v on v.tenant_id = h.tenant_id and v.position_id = h.position_id and v.during @> r.first_day
      left join directory.unit_version u on u.tenant_id = v.tenant_id and u.unit_id = v.unit_id and u.during @> r.first_day
      where r.tenant_id = ${context.tenantId} and r.state = 'approved'
        and daterange(r.first_day, r.last_day, '[]') && daterange(${from}::date, ${until}::date, '[]')
        and (${input.unitId ?? null}::uuid is null or v.unit_id = ${input.unitId ?? null}::uuid)
      order by r.first_day, o.name`);
    return { from, until, absences };
  },
});
