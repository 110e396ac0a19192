// The limits within which people decide: up to which amount, for which kind of work, by their seat or in person.
import { z } from "zod";
import { sql } from "../../../platform/database/sql.ts";
import { Day, Id, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { knowActivity } from "../responsibility/activity.ts";
import { needHolder } from "../responsibility/holder.ts";

export const limitRegister = register({
  name: "office.approvalLimit",
  title: "Approval limits",
  does: "Up to which amount someone decides alone; above it the line decides. Whoever has no limit decides on any amount.",
  may: ["office.manager"],
  row: z.object({
    id: Id,
    activity: z.string(),
    holder: z.string(),
    positionId: ref("directory.position").nullable(),
    personId: ref("directory.person").nullable(),
    person: z.string().nullable(),
    amount: Money,
    fromDay: Day,
    untilDay: Day.nullable(),
    state: z.enum(["future", "active", "ended"]),
  }),
  label: "activity",
  search: ["activity", "holder"],
  dated: true,
  from: (context, asOf) => sql`
    select l.id, l.activity, coalesce(p.name, v.title, s.code) as holder, l.position_id, l.person_id, p.name as person,
      l.amount_minor as amount, l.currency,
      lower(l.during) as from_day, upper(l.during) - 1 as until_day,
      case when lower(l.during) > ${asOf}::date then 'future' when upper(l.during) <= ${asOf}::date then 'ended' else 'active' end as state
    from office.approval_limit l
    left join directory.party p on p.tenant_id = l.tenant_id and p.id = l.person_id
    left join directory.position s on s.tenant_id = l.tenant_id and s.id = l.position_id
    left join directory.position_version v on v.tenant_id = l.tenant_id and v.position_id = l.position_id and v.during @> ${asOf}::date
    where l.tenant_id = ${context.tenantId}`,
});

export const setLimit = operation({
  name: "office.approvalLimit.set",
  title: "Set an approval limit",
  does: "Says up to which amount someone decides alone, from a day on; it replaces the limit they had.",
  kind: "write",
  may: ["office.manager"],
  input: z.strictObject({
    activity: Text(80),
    positionId: ref("directory.position").optional(),
    personId: ref("directory.person").optional(),
    amount: Money,
    from: Day,
  }),
  output: z.object({ id: Id }),
  refuses: {
    holderMissing: "Name one holder: a seat, or a person.",
    personUnknown: "There is no such person in the directory. Choose one from the list.",
    positionUnknown: "There is no such position in the directory. Choose one from the list.",
    activityUnknown: "{activity} is not an activity. Choose one from the responsibility map.",
    plannedAlready: "A limit from that day or later is set already. Choose a later day.",
  },
  constraints: { approval_limit_position_once: "plannedAlready", approval_limit_person_once: "plannedAlready" },
  emits: ["office.approvalLimit.set"],
  async run(input, context) {
    const holder = await needHolder(context, input);
    await knowActivity(context, input.activity);
    await context.db.run(sql`
      update office.approval_limit set during = daterange(lower(during), ${input.from}::date)
      where tenant_id = ${context.tenantId} and activity = ${input.activity} and during @> ${input.from}::date
        and lower(during) < ${input.from}::date and position_id is not distinct from ${holder.positionId}
        and person_id is not distinct from ${holder.personId}`);
    const id = context.newId();
    await context.db.run(sql`
      insert into office.approval_limit (tenant_id, id, activity, position_id, person_id, amount_minor, currency, during)
      values (${context.tenantId}, ${id}, ${input.activity}, ${holder.positionId}, ${holder.personId}, ${input.amount.minor},
        ${input.amount.currency}, daterange(${input.from}::date, null))`);
    context.emit("office.approvalLimit.set", { approvalLimitId: id });
    return { id };
  },
});
