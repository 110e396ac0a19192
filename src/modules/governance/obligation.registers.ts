// The lists of obligations and of each time one was or is due.
import { z } from "zod";
import { sql } from "../../platform/database/sql.ts";
import { Day, FileId, Id, LongText, ref } from "../../platform/operation/field.ts";
import { register } from "../../platform/operation/register.ts";
import { recurrences } from "./obligation.rules.ts";
import { keepers } from "./policy.registers.ts";

export const ObligationKind = z.enum(["law", "contract", "voluntary"]);

export const obligationRegister = register({
  name: "governance.obligation",
  title: "Obligations",
  does: "What laws and contracts ask of the company, who answers for it and when it is due next.",
  may: [...keepers, "office.manager"],
  row: z.object({
    id: Id,
    code: z.string(),
    title: z.string(),
    label: z.string(),
    state: z.enum(["open", "overdue", "fulfilled", "retired"]),
    nextDue: Day.nullable(),
    kind: ObligationKind,
    source: z.string(),
    jurisdiction: z.string(),
    activity: z.string(),
    recurrence: z.enum(recurrences),
    lastFulfilledOn: Day.nullable(),
    partyId: ref("directory.organisation").nullable(),
    party: z.string().nullable(),
    requirement: LongText().nullable(),
  }),
  label: "label",
  search: ["code", "title", "source", "requirement"],
  sort: "nextDue",
  from: (context) => sql`
    select b.id, b.code, b.title, b.code || ' ' || b.title as label, b.kind, b.source, b.jurisdiction, b.activity, b.recurrence,
      b.requirement, b.party_id, p.name as party, n.due_day as next_due, l.fulfilled_on as last_fulfilled_on,
      case when b.retired_from <= ${context.today}::date then 'retired' when n.due_day is null then 'fulfilled'
        when n.due_day < ${context.today}::date then 'overdue' else 'open' end as state
    from governance.obligation b
    left join directory.party p on p.tenant_id = b.tenant_id and p.id = b.party_id
    left join governance.obligation_occurrence n on n.tenant_id = b.tenant_id and n.obligation_id = b.id
      and n.fulfilled_on is null and n.waived_because is null
    left join (
      select obligation_id, max(fulfilled_on) as fulfilled_on from governance.obligation_occurrence
      where tenant_id = ${context.tenantId} group by obligation_id) l on l.obligation_id = b.id
    where b.tenant_id = ${context.tenantId}`,
});

export const occurrenceRegister = register({
  name: "governance.obligationOccurrence",
  title: "Due obligations",
  does: "Each time an obligation was or is due, with the evidence that it was met.",
  may: [...keepers, "office.manager"],
  row: z.object({
    id: Id,
    label: z.string(),
    state: z.enum(["open", "overdue", "fulfilled", "waived"]),
    obligationId: ref("governance.obligation"),
    obligation: z.string(),
    plannedDay: Day,
    dueDay: Day,
    fulfilledOn: Day.nullable(),
    late: z.boolean(),
    fulfilledById: ref("directory.person").nullable(),
    fulfilledBy: z.string().nullable(),
    evidence: z.string().nullable(),
    fileId: FileId.nullable(),
    waivedBecause: z.string().nullable(),
  }),
  label: "label",
  search: ["obligation", "evidence"],
  sort: "dueDay",
  from: (context) => sql`
    select o.id, b.code || ' ' || o.due_day as label, o.obligation_id, b.title as obligation, o.planned_day, o.due_day, o.fulfilled_on,
      o.fulfilled_by as fulfilled_by_id, w.name as fulfilled_by, o.evidence, o.file_id, o.waived_because,
      o.waived_because is null and coalesce(o.fulfilled_on, ${context.today}::date) > o.due_day as late,
      case when o.fulfilled_on is not null then 'fulfilled' when o.waived_because is not null then 'waived'
        when o.due_day < ${context.today}::date then 'overdue' else 'open' end as state
    from governance.obligation_occurrence o
    join governance.obligation b on b.tenant_id = o.tenant_id and b.id = o.obligation_id
    left join directory.party w on w.tenant_id = o.tenant_id and w.id = o.fulfilled_by
    where o.tenant_id = ${context.tenantId}`,
});
