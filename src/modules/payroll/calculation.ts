// Works out a run: everything it needs in four reads, the slips by the pure rule, everything it makes in two writes.
import { type Day, endOfMonth } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import { Money, sumMoney } from "../../kernel/money.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../platform/operation/context.ts";
import { paidSpans, unpaidLeave } from "../people/index.ts";
import { ratedElements } from "./element.operations.ts";
import { type Extra, type PaidSpan, type Payslip, payslip } from "./payslip.rules.ts";

interface Calculated {
  readonly id: Id;
  readonly entityId: Id;
  readonly month: Day;
  readonly currency: string;
}

interface Totals {
  readonly people: number;
  readonly gross: Money;
  readonly deductions: Money;
  readonly net: Money;
  readonly employer: Money;
}

interface Due {
  readonly employmentId: Id;
  readonly personId: Id;
  readonly person: string;
  readonly unitId: Id | null;
  readonly bankAccount: string | null;
  readonly spans: PaidSpan[];
}

/** Makes the slips of the run anew. Refuses `nobodyEnrolled`, `payCurrencyDiffers`, `netNegative`. */
export async function calculate(context: WriteContext, run: Calculated): Promise<Totals> {
  const until = endOfMonth(run.month);
  const due = await dueIn(context, run);
  if (due.length === 0) refuse("nobodyEnrolled", { month: run.month.slice(0, 7) });
  const extras = await extrasOf(context, run);
  const unpaid = await unpaidOf(context, run);
  const elements = await ratedElements(context, until, run.currency);
  const { month, currency } = run;
  const slips = due.map((one) => {
    const { spans, employmentId } = one;
    const slip = payslip({
      month,
      currency,
      spans,
      elements,
      unpaidDays: unpaid.get(employmentId) ?? "0",
      extras: extras.get(employmentId) ?? [],
    });
    if (slip.net.minor < 0n) refuse("netNegative", { person: one.person, missing: slip.net.negated().toString() });
    return { ...one, ...slip, id: context.newId() };
  });
  await keepSlips(context, run.id, slips);
  const sum = (of: (slip: Payslip) => Money): Money => sumMoney(slips.map(of), run.currency);
  return {
    people: slips.length,
    gross: sum((slip) => slip.gross),
    deductions: sum((slip) => slip.deductions),
    net: sum((slip) => slip.net),
    employer: sum((slip) => slip.employer),
  };
}

/** Everyone enrolled in the month who has pay in it, with that pay by days. */
async function dueIn(context: ReadContext, run: Calculated): Promise<Due[]> {
  const until = endOfMonth(run.month);
  const rows = await context.db.rows<Omit<Due, "spans"> & Omit<PaidSpan, "pay"> & { pay: bigint; currency: string }>(sql`
    select s.employment_id, s.person_id, o.name as person, s.unit_id, n.bank_account, s.first_day, s.last_day, s.pay, s.currency,
      s.pay_period, s.hours_weekly
    from (${paidSpans(context, run.month, until)}) s
    join lateral (
      select bank_account from payroll.enrolment n
      where n.tenant_id = ${context.tenantId} and n.employment_id = s.employment_id
        and n.during && daterange(${run.month}::date, ${until}::date, '[]')
      order by lower(n.during) desc limit 1) n on true
    join directory.party o on o.tenant_id = ${context.tenantId} and o.id = s.person_id
    where coalesce(s.entity_id, ${context.tenantId}) = ${run.entityId}
    order by s.employment_id, s.first_day`);
  const due = new Map<Id, Due>();
  for (const { pay, currency, firstDay, lastDay, payPeriod, hoursWeekly, ...row } of rows) {
    if (currency !== run.currency) refuse("payCurrencyDiffers", { person: row.person, currency, booksCurrency: run.currency });
    const known = due.get(row.employmentId) ?? { ...row, spans: [] };
    known.spans.push({ firstDay, lastDay, payPeriod, hoursWeekly, pay: new Money(pay, currency) });
    due.set(row.employmentId, known);
  }
  return [...due.values()];
}

async function extrasOf(context: ReadContext, run: Calculated): Promise<Map<Id, Extra[]>> {
  const rows = await context.db.rows<{
    employmentId: Id;
    kind: Extra["kind"];
    name: string;
    amount: bigint;
    currency: string;
    person: string;
  }>(sql`
    select x.employment_id, x.kind, x.name, x.amount, x.currency, o.name as person from payroll.extra x
    join people.employment e on e.tenant_id = x.tenant_id and e.id = x.employment_id
    join directory.party o on o.tenant_id = e.tenant_id and o.id = e.person_id
    where x.tenant_id = ${context.tenantId} and x.month = ${run.month} and coalesce(e.entity_id, ${context.tenantId}) = ${run.entityId}
    order by x.id`);
  const extras = new Map<Id, Extra[]>();
  for (const { employmentId, kind, name, amount, currency, person } of rows) {
    if (currency !== run.currency) refuse("payCurrencyDiffers", { person, currency, booksCurrency: run.currency });
    extras.set(employmentId, [...(extras.get(employmentId) ?? []), { kind, name, amount: new Money(amount, currency) }]);
  }
  return extras;
}

async function unpaidOf(context: ReadContext, run: Calculated): Promise<Map<Id, string>> {
  const rows = await context.db.rows<{ employmentId: Id; days: string }>(unpaidLeave(context, run.month, endOfMonth(run.month)));
  return new Map(rows.map((row) => [row.employmentId, row.days]));
}

type Slip = Due & Payslip & { readonly id: Id };

async function keepSlips(context: WriteContext, runId: Id, slips: readonly Slip[]): Promise<void> {
  const { tenantId, db } = context;
  await db.run(sql`
    delete from payroll.payslip_line l using payroll.payslip p
    where l.tenant_id = ${tenantId} and p.tenant_id = ${tenantId} and p.id = l.payslip_id and p.run_id = ${runId}`);
  await db.run(sql`delete from payroll.payslip where tenant_id = ${tenantId} and run_id = ${runId}`);
  await db.run(sql`
    insert into payroll.payslip (tenant_id, id, run_id, employment_id, person_id, unit_id, bank_account, gross, deductions, net, employer)
    select ${tenantId}, s.id, ${runId}, s.employment_id, s.person_id, s.unit_id, s.bank_account, s.gross, s.deductions, s.net, s.employer
    from unnest(${slips.map((slip) => slip.id)}::uuid[], ${slips.map((slip) => slip.employmentId)}::uuid[],
      ${slips.map((slip) => slip.personId)}::uuid[], ${slips.map((slip) => slip.unitId)}::uuid[],
      ${slips.map((slip) => slip.bankAccount)}::text[], ${slips.map((slip) => slip.gross.minor)}::int8[],
      ${slips.map((slip) => slip.deductions.minor)}::int8[], ${slips.map((slip) => slip.net.minor)}::int8[],
      ${slips.map((slip) => slip.employer.minor)}::int8[])
      as s (id, employment_id, person_id, unit_id, bank_account, gross, deductions, net, employer)`);
  const lines = slips.flatMap((slip) => slip.lines.map((line, index) => ({ ...line, payslipId: slip.id, position: index + 1 })));
  await db.run(sql`
    insert into payroll.payslip_line (tenant_id, id, payslip_id, position, kind, code, name, amount, says)
    select ${tenantId}, l.id, l.payslip_id, l.position, l.kind, l.code, l.name, l.amount, l.says
    from unnest(${lines.map(() => context.newId())}::uuid[], ${lines.map((line) => line.payslipId)}::uuid[],
      ${lines.map((line) => line.position)}::int[], ${lines.map((line) => line.kind)}::text[], ${lines.map((line) => line.code)}::text[],
      ${lines.map((line) => line.name)}::text[], ${lines.map((line) => line.amount.minor)}::int8[],
      ${lines.map((line) => line.says)}::text[])
      as l (id, payslip_id, position, kind, code, name, amount, says)`);
}
