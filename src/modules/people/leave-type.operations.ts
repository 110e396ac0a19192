// Kinds of leave, the yearly grant of what is due, adjustments, and what lapses when a leave year closes.
import { z } from "zod";
import { dayOf, type Day as KernelDay, later } from "../../kernel/day.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, DecimalText, Id, ref, Text } from "../../platform/operation/field.ts";
import { anyone, operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { lockEmployment } from "./employment.store.ts";
import { entitlement, lapsing } from "./leave.rules.ts";
import { addEntries, type LeaveEntry } from "./leave.store.ts";
import { ownOrBelow, selfOrLine } from "./relation.ts";

const manager = ["people.manager"];
const Days = DecimalText.refine((text) => Number(text) >= 0 && Number(text) <= 366, "must be between 0 and 366 days");
const Year = z.number().int().min(2000).max(2200);

export const leaveTypeRegister = register({
  name: "people.leaveType",
  title: "Kinds of leave",
  does: "What leave there is and how much of it is due in a year.",
  may: [anyone],
  row: z.object({
    id: Id,
    code: z.string(),
    name: z.string(),
    yearlyDays: DecimalText,
    carryOverDays: DecimalText.nullable(),
    isPaid: z.boolean(),
    mayGoNegative: z.boolean(),
  }),
  label: "name",
  search: ["name", "code"],
  from: (context) => sql`
    select id, code, name, yearly_days, carry_over_days, is_paid, may_go_negative from people.leave_type
    where tenant_id = ${context.tenantId}`,
});

export const createLeaveType = operation({
  name: "people.leaveType.create",
  title: "Add a kind of leave",
  does: "Says what leave there is, how many days a year are due, and how many may be taken over into the next.",
  kind: "write",
  may: manager,
  input: z.strictObject({
    code: Text(20),
    name: Text(100),
    yearlyDays: Days.default("0"),
    carryOverDays: Days.optional().describe("Without it all days are carried over."),
    isPaid: z.boolean().default(true),
    mayGoNegative: z.boolean().default(false).describe("For leave without an allowance, such as sick leave."),
  }),
  output: z.object({ id: Id }),
  refuses: { codeTaken: "The code {code} is used by another kind of leave. Choose another." },
  emits: ["people.leaveType.created"],
  example: { code: "HOL", name: "Holiday", yearlyDays: "30", carryOverDays: "5" },
  constraints: { leave_type_tenant_id_code_key: "codeTaken" },
  async run(input, context) {
    const taken = await context.db.maybe(sql`
      select id from people.leave_type where tenant_id = ${context.tenantId} and code = ${input.code}`);
    if (taken) refuse("codeTaken", { code: input.code }, ["code"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into people.leave_type (tenant_id, id, code, name, yearly_days, carry_over_days, is_paid, may_go_negative)
      values (${context.tenantId}, ${id}, ${input.code}, ${input.name}, ${input.yearlyDays}, ${input.carryOverDays ?? null},
        ${input.isPaid}, ${input.mayGoNegative})`);
    context.emit("people.leaveType.created", { leaveTypeId: id });
    return { id };
  },
});

export const leaveEntryRegister = register({
  name: "people.leaveEntry",
  title: "Leave ledger",
  does: "Every grant, day taken, adjustment and lapse, which together are the balance.",
  may: [...manager, selfOrLine],
  inner: true,
  row: z.object({
    id: Id,
    label: z.string(),
    employmentId: ref("people.employment"),
    personId: ref("directory.person"),
    person: z.string(),
    leaveTypeId: ref("people.leaveType"),
    leaveType: z.string(),
    kind: z.enum(["grant", "taken", "adjustment", "expiry"]),
    days: DecimalText,
    day: Day,
    text: z.string().nullable(),
    leaveRequestId: ref("people.leaveRequest").nullable(),
  }),
  label: "label",
  search: ["person"],
  sort: "-day",
  sees: ownOrBelow,
  from: (context) => sql`
    select l.id, o.name || ', ' || t.name || ' ' || l.day as label, l.employment_id, e.person_id, o.name as person, l.leave_type_id,
      t.name as leave_type, l.kind, l.days, l.day, l.text, l.request_id as leave_request_id
    from people.leave_entry l
    join people.leave_type t on t.tenant_id = l.tenant_id and t.id = l.leave_type_id
    join people.employment e on e.tenant_id = l.tenant_id and e.id = l.employment_id
    join directory.party o on o.tenant_id = l.tenant_id and o.id = e.person_id
    where l.tenant_id = ${context.tenantId}`,
});

export const leaveBalanceRegister = register({
  name: "people.leaveBalance",
  title: "Leave balances",
  does: "How many days of leave everyone has on a day, in the past or to come.",
  may: [...manager, selfOrLine],
  dated: true,
  row: z.object({
    id: Id,
    label: z.string(),
    employmentId: ref("people.employment"),
    personId: ref("directory.person"),
    person: z.string(),
    leaveTypeId: ref("people.leaveType"),
    leaveType: z.string(),
    granted: DecimalText,
    taken: DecimalText,
    balance: DecimalText,
    requested: DecimalText.describe("Asked for and not decided."),
  }),
  label: "label",
  search: ["person", "leaveType"],
  sees: ownOrBelow,
  from: (context, asOf) => sql`
    select md5(e.id::text || t.id::text)::uuid as id, o.name || ', ' || t.name as label, e.id as employment_id, e.person_id,
      o.name as person, t.id as leave_type_id, t.name as leave_type,
      trim_scale(coalesce(sum(l.days) filter (where l.kind in ('grant', 'adjustment', 'expiry')), 0)) as granted,
      trim_scale(coalesce(-sum(l.days) filter (where l.kind = 'taken'), 0)) as taken,
      trim_scale(coalesce(sum(l.days), 0)) as balance,
      trim_scale(coalesce((select sum(q.days) from people.leave_request q where q.tenant_id = e.tenant_id and q.employment_id = e.id
        and q.leave_type_id = t.id and q.state = 'requested'), 0)) as requested
    from people.employment e
    join directory.party o on o.tenant_id = e.tenant_id and o.id = e.person_id
    cross join people.leave_type t
    left join people.leave_entry l on l.tenant_id = e.tenant_id and l.employment_id = e.id
      and l.leave_type_id = t.id and l.day <= ${asOf}::date
    where e.tenant_id = ${context.tenantId} and t.tenant_id = ${context.tenantId} and e.voided_on is null and e.kind = 'employee'
      and e.during && daterange(${asOf}::date, null)
    group by e.tenant_id, e.id, o.name, t.id, t.name`,
});

export const adjustLeave = operation({
  name: "people.leaveBalance.adjust",
  title: "Adjust leave",
  does: "Adds days to someone's leave or takes days away, with the reason; for instance the balance brought from the old system.",
  kind: "write",
  may: manager,
  on: "people.employment",
  input: z.strictObject({
    employmentId: ref("people.employment"),
    leaveTypeId: ref("people.leaveType"),
    days: DecimalText.refine((text) => Math.abs(Number(text)) <= 999 && Number(text) !== 0, "must be days to add, or with - to take away"),
    on: Day.optional().describe("The day from which it counts; by default today."),
    text: Text(300),
  }),
  output: z.object({ employmentId: Id }),
  when: (employment) => employment["state"] !== "void",
  refuses: { notFound: "There is no such employment.", leaveTypeUnknown: "There is no such kind of leave." },
  emits: ["people.leaveBalance.adjusted"],
  async run({ on, ...input }, context) {
    await lockEmployment(context, input.employmentId);
    const type = await context.db.maybe(sql`
      select id from people.leave_type where tenant_id = ${context.tenantId} and id = ${input.leaveTypeId}`);
    if (!type) refuse("leaveTypeUnknown", {}, ["leaveTypeId"]);
    await addEntries(context, [{ ...input, kind: "adjustment", day: on ?? context.today }]);
    context.emit("people.leaveBalance.adjusted", { employmentId: input.employmentId, leaveTypeId: input.leaveTypeId });
    return { employmentId: input.employmentId };
  },
});

export const grantLeaveYear = operation({
  name: "people.leaveYear.grant",
  title: "Grant the leave of a year",
  does: "Grants everyone the leave due in a year, by the part of it they are employed. Whoever has it already is left out.",
  kind: "write",
  may: manager,
  input: z.strictObject({ year: Year }),
  output: z.object({ granted: z.number().int() }),
  emits: ["people.leaveYear.granted"],
  async run({ year }, context) {
    const granted = await grantYear(context, year);
    if (granted > 0) context.emit("people.leaveYear.granted", { year, granted });
    return { granted };
  },
});

interface Due {
  readonly employmentId: KernelId;
  readonly leaveTypeId: KernelId;
  readonly yearlyDays: string;
  readonly carryOverDays: string | null;
  readonly firstDay: KernelDay;
  readonly lastDay: KernelDay | null;
  readonly balance: string;
}

/** Grants what is due for a year; what was granted already stays as it is. */
export async function grantYear(context: WriteContext, year: number): Promise<number> {
  const due = await dueIn(context, year);
  return addEntries(
    context,
    due.map((one): LeaveEntry => {
      const days = entitlement(one.yearlyDays, year, one.firstDay, one.lastDay).toFixed();
      const day = later(dayOf(year, 1, 1), one.firstDay);
      return { employmentId: one.employmentId, leaveTypeId: one.leaveTypeId, kind: "grant", days, day, year, text: `Leave of ${year}` };
    }),
  );
}

function dueIn(context: WriteContext, year: number): Promise<Due[]> {
  return context.db.rows<Due>(sql`
    select e.id as employment_id, t.id as leave_type_id, t.yearly_days, t.carry_over_days, lower(e.during) as first_day,
      (upper(e.during) - 1) as last_day,
      coalesce((select sum(l.days) from people.leave_entry l where l.tenant_id = e.tenant_id and l.employment_id = e.id
        and l.leave_type_id = t.id and l.day <= ${dayOf(year, 12, 31)}::date), 0)::text as balance
    from people.employment e cross join people.leave_type t
    where e.tenant_id = ${context.tenantId} and t.tenant_id = ${context.tenantId} and e.voided_on is null and e.kind = 'employee'
      and t.yearly_days > 0 and e.during && daterange(${dayOf(year, 1, 1)}::date, ${dayOf(year, 12, 31)}::date, '[]')
    order by e.id, t.id`);
}

export const closeLeaveYear = operation({
  name: "people.leaveYear.close",
  title: "Close a leave year",
  does: "Lets the days lapse that may not be carried over from a year that is over.",
  kind: "write",
  may: manager,
  input: z.strictObject({ year: Year }),
  output: z.object({ lapsed: z.number().int() }),
  refuses: { yearNotOver: "The year {year} is not over. Days lapse only after it." },
  emits: ["people.leaveYear.closed"],
  async run({ year }, context) {
    const end = dayOf(year, 12, 31);
    if (context.today <= end) refuse("yearNotOver", { year }, ["year"]);
    const due = await dueIn(context, year);
    const lapsed = await addEntries(
      context,
      due.map((one): LeaveEntry => {
        const days = lapsing(one.balance, one.carryOverDays).negated().toFixed();
        const { employmentId, leaveTypeId } = one;
        return { employmentId, leaveTypeId, kind: "expiry", days, day: end, year, text: `Not carried over from ${year}` };
      }),
    );
    context.emit("people.leaveYear.closed", { year, lapsed });
    return { lapsed };
  },
});
