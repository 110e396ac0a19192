// Who is paid through payroll, to which account, and the one-off amounts of a month.
import { z } from "zod";
import { isValidIBAN } from "ibantools";
import type { Day as KernelDay } from "../../kernel/day.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, Money, ref, SealedColumn, Text } from "../../platform/operation/field.ts";
import { operation, whoever } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { Sealed, SealedText } from "../../platform/secret/sealed.ts";
import { employmentFacts } from "../people/index.ts";
import { monthOf, Month } from "./month.ts";

const manager = ["payroll.manager"];

const ownEnrolment = whoever<{ enrolmentId?: KernelId }>("the person themself", async ({ enrolmentId }, context) => {
  if (context.actor.personId === null || !enrolmentId) return context.actor.personId !== null;
  const found = await context.db.maybe(sql`
    select id from payroll.enrolment
    where tenant_id = ${context.tenantId} and id = ${enrolmentId} and person_id = ${context.actor.personId}`);
  return found !== undefined;
});

export const enrolmentRegister = register({
  name: "payroll.enrolment",
  title: "Enrolled in payroll",
  does: "Who is paid through payroll, from which day, and to which account.",
  may: [...manager, ownEnrolment],
  row: z.object({
    id: Id,
    person: z.string(),
    personId: ref("directory.person"),
    employmentId: ref("people.employment"),
    firstDay: Day,
    lastDay: Day.nullable(),
    bankAccount: SealedColumn.nullable(),
    state: z.enum(["future", "enrolled", "ended"]),
  }),
  label: "person",
  search: ["person"],
  dated: true,
  sees: (context) => sql`r.person_id = ${context.actor.personId}::uuid`,
  logged: true,
  from: (context, asOf) => sql`
    select n.id, o.name as person, n.person_id, n.employment_id, lower(n.during) as first_day, (upper(n.during) - 1) as last_day,
      n.bank_account,
      case when n.during @> ${asOf}::date then 'enrolled' when lower(n.during) > ${asOf}::date then 'future' else 'ended' end as state
    from payroll.enrolment n join directory.party o on o.tenant_id = n.tenant_id and o.id = n.person_id
    where n.tenant_id = ${context.tenantId}`,
});

/** As it is kept: the account in its plain form, sealed. */
function checkAccount(account: SealedText | undefined): string | null {
  if (account === undefined) return null;
  const plain = account.open().replace(/\s/g, "").toUpperCase();
  // What looks like an IBAN has to be one; other countries number their accounts as they like.
  if (/^[A-Z]{2}\d{2}/.test(plain) && !isValidIBAN(plain)) refuse("accountInvalid", { account: plain }, ["bankAccount"]);
  return SealedText.of(plain).toJSON();
}

const accountInvalid = "{account} is not a valid IBAN. Check it for a slip of the pen.";

export const createEnrolment = operation({
  name: "payroll.enrolment.create",
  title: "Enrol in payroll",
  does: "Takes an employee into payroll from a day on, so that the month's run pays them.",
  kind: "write",
  may: manager,
  input: z.strictObject({
    employmentId: ref("people.employment"),
    from: Day.optional().describe("By default the first day of the employment."),
    bankAccount: Sealed(40).optional().describe("IBAN or account number the pay goes to."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    employmentUnknown: "There is no such employment.",
    contractorInvoices: "{person} is a contractor, who sends invoices and is not paid through payroll.",
    beforeEmployment: "The employment begins on {firstDay}. Choose that day or a later one.",
    afterEmployment: "The employment ends on {lastDay}. Choose an earlier day.",
    alreadyEnrolled: "{person} is enrolled from {day} already.",
    accountInvalid,
  },
  emits: ["payroll.enrolment.created"],
  constraints: { enrolment_once: "alreadyEnrolled" },
  async run(input, context) {
    const employment = await employmentFacts(context, input.employmentId);
    if (!employment) refuse("employmentUnknown", {}, ["employmentId"]);
    const { person, personId, firstDay, lastDay } = employment;
    const from = input.from ?? firstDay;
    if (employment.kind === "contractor") refuse("contractorInvoices", { person });
    if (from < firstDay) refuse("beforeEmployment", { firstDay }, ["from"]);
    if (lastDay && from > lastDay) refuse("afterEmployment", { lastDay }, ["from"]);
    const bankAccount = checkAccount(input.bankAccount);
    const other = await context.db.maybe<{ day: KernelDay }>(sql`
      select lower(during) as day from payroll.enrolment
      where tenant_id = ${context.tenantId} and employment_id = ${input.employmentId} and during && daterange(${from}::date, null)`);
    if (other) refuse("alreadyEnrolled", { person, day: other.day });
    const id = context.newId();
    await context.db.run(sql`
      insert into payroll.enrolment (tenant_id, id, employment_id, person_id, during, bank_account)
      values (${context.tenantId}, ${id}, ${input.employmentId}, ${personId}, daterange(${from}::date, null), ${bankAccount})`);
    context.emit("payroll.enrolment.created", { enrolmentId: id, employmentId: input.employmentId, personId });
    return { id };
  },
});

interface Enrolment {
  readonly personId: KernelId;
  readonly employmentId: KernelId;
  readonly firstDay: KernelDay;
}

async function lockEnrolment(context: WriteContext, id: KernelId): Promise<Enrolment> {
  const found = await context.db.maybe<Enrolment>(sql`
    select person_id, employment_id, lower(during) as first_day from payroll.enrolment
    where tenant_id = ${context.tenantId} and id = ${id} for update`);
  return found ?? refuse("notFound");
}

export const changeBankAccount = operation({
  name: "payroll.enrolment.changeBankAccount",
  title: "Change the account",
  does: "Changes the account that someone's pay goes to, from the next calculated run on. They are told, whoever changes it.",
  kind: "write",
  may: [...manager, ownEnrolment],
  input: z.strictObject({ enrolmentId: ref("payroll.enrolment"), bankAccount: Sealed(40) }),
  output: z.object({ id: Id }),
  when: (enrolment) => enrolment["state"] !== "ended",
  refuses: { notFound: "There is no such enrolment.", accountInvalid },
  emits: ["payroll.enrolment.accountChanged"],
  async run(input, context) {
    const { personId } = await lockEnrolment(context, input.enrolmentId);
    await context.db.run(sql`
      update payroll.enrolment set bank_account = ${checkAccount(input.bankAccount)}
      where tenant_id = ${context.tenantId} and id = ${input.enrolmentId}`);
    const title = "The account your pay goes to was changed";
    await context.notify({ personId, title, text: "If this was not you, tell Payroll at once.", event: "platform.security.changed" });
    context.emit("payroll.enrolment.accountChanged", { enrolmentId: input.enrolmentId, personId });
    return { id: input.enrolmentId };
  },
});

export const endEnrolment = operation({
  name: "payroll.enrolment.end",
  title: "End the enrolment",
  does: "Says until which day someone is paid through payroll. The pay itself ends with the employment.",
  kind: "write",
  may: manager,
  input: z.strictObject({ enrolmentId: ref("payroll.enrolment"), lastDay: Day }),
  output: z.object({ id: Id }),
  when: (enrolment) => enrolment["state"] === "enrolled",
  refuses: {
    notFound: "There is no such enrolment.",
    endBeforeStart: "The enrolment begins on {firstDay}. Choose that day or a later one.",
  },
  emits: ["payroll.enrolment.ended"],
  async run(input, context) {
    const { personId, employmentId, firstDay } = await lockEnrolment(context, input.enrolmentId);
    if (input.lastDay < firstDay) refuse("endBeforeStart", { firstDay }, ["lastDay"]);
    await context.db.run(sql`
      update payroll.enrolment set during = daterange(lower(during), ${input.lastDay}::date, '[]')
      where tenant_id = ${context.tenantId} and id = ${input.enrolmentId}`);
    context.emit("payroll.enrolment.ended", { enrolmentId: input.enrolmentId, employmentId, personId, lastDay: input.lastDay });
    return { id: input.enrolmentId };
  },
});

export const extraRegister = register({
  name: "payroll.extra",
  title: "One-off amounts",
  does: "Bonuses, payouts and amounts taken back, by month.",
  may: manager,
  row: z.object({
    id: Id,
    label: z.string(),
    employmentId: ref("people.employment"),
    person: z.string(),
    month: z.string(),
    kind: z.enum(["earning", "deduction"]),
    name: z.string(),
    amount: Money,
  }),
  label: "label",
  search: ["person", "name"],
  sort: "-month",
  logged: true,
  from: (context) => sql`
    select x.id, x.name || ', ' || o.name as label, x.employment_id, o.name as person, to_char(x.month, 'YYYY-MM') as month, x.kind, x.name,
      x.amount, x.currency
    from payroll.extra x
    join people.employment e on e.tenant_id = x.tenant_id and e.id = x.employment_id
    join directory.party o on o.tenant_id = e.tenant_id and o.id = e.person_id
    where x.tenant_id = ${context.tenantId}`,
});

export const createExtra = operation({
  name: "payroll.extra.create",
  title: "Add a one-off amount",
  does: "Adds a bonus or a payout to someone's pay of a month, or takes an amount off it.",
  kind: "write",
  may: manager,
  input: z.strictObject({
    employmentId: ref("people.employment"),
    month: Month,
    kind: z.enum(["earning", "deduction"]),
    name: Text(100).describe("As it stands on the payslip."),
    amount: Money,
  }),
  output: z.object({ id: Id }),
  refuses: {
    employmentUnknown: "There is no such employment.",
    amountNotPositive: "The amount has to be above zero. To take it off, choose a deduction.",
    monthDone: "The run of {month} is {state}. Choose a later month.",
  },
  emits: ["payroll.extra.created"],
  async run(input, context) {
    const employment = await employmentFacts(context, input.employmentId);
    if (!employment) refuse("employmentUnknown", {}, ["employmentId"]);
    if (input.amount.minor <= 0n) refuse("amountNotPositive", {}, ["amount"]);
    const month = monthOf(input.month);
    // A run of the same month that is being decided on waits for this row, or this one for it.
    const run = await context.db.maybe<{ state: string }>(sql`
      select state from payroll.run where tenant_id = ${context.tenantId} and month = ${month}
        and entity_id = ${employment.entityId ?? context.tenantId} and state in ('submitted', 'approved') for share`);
    if (run) refuse("monthDone", { month: input.month, state: run.state }, ["month"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into payroll.extra (tenant_id, id, employment_id, month, kind, name, amount, currency)
      values (${context.tenantId}, ${id}, ${input.employmentId}, ${month}, ${input.kind}, ${input.name}, ${input.amount.minor},
        ${input.amount.currency})`);
    context.emit("payroll.extra.created", { extraId: id, employmentId: input.employmentId });
    return { id };
  },
});

export const removeExtra = operation({
  name: "payroll.extra.remove",
  title: "Remove a one-off amount",
  does: "Takes a one-off amount back, as long as its month is not being decided on.",
  kind: "write",
  may: manager,
  input: z.strictObject({ extraId: ref("payroll.extra") }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such amount.", monthDone: "The run of {month} is {state}. Correct it in a later month." },
  emits: ["payroll.extra.removed"],
  async run(input, context) {
    const found = await context.db.maybe<{ month: KernelDay; entityId: KernelId | null }>(sql`
      select x.month, e.entity_id from payroll.extra x
      join people.employment e on e.tenant_id = x.tenant_id and e.id = x.employment_id
      where x.tenant_id = ${context.tenantId} and x.id = ${input.extraId} for update of x`);
    if (!found) refuse("notFound");
    const run = await context.db.maybe<{ state: string }>(sql`
      select state from payroll.run where tenant_id = ${context.tenantId} and month = ${found.month}
        and entity_id = ${found.entityId ?? context.tenantId} and state in ('submitted', 'approved') for share`);
    if (run) refuse("monthDone", { month: found.month.slice(0, 7), state: run.state });
    await context.db.run(sql`delete from payroll.extra where tenant_id = ${context.tenantId} and id = ${input.extraId}`);
    context.emit("payroll.extra.removed", { extraId: input.extraId });
    return { id: input.extraId };
  },
});
