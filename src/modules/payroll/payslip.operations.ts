// Payslips: seen by the person paid and by Payroll, by nobody else, and only once the run is approved. Each explains itself.
import { z } from "zod";
import type { Day as KernelDay } from "../../kernel/day.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { Money as KernelMoney } from "../../kernel/money.ts";
import { refuse } from "../../kernel/refusal.ts";
import { type Sql, sql } from "../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../platform/operation/context.ts";
import { Day, FileId, Id, Money, ref, SealedColumn } from "../../platform/operation/field.ts";
import { operation, whoever } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { unseal } from "../../platform/secret/ring.ts";
import { payslipPdf } from "./payslip.document.ts";

const manager = ["payroll.manager"];
const ownPay = whoever("the person paid", (_input, context) => context.actor.personId !== null);
const ownSlips = (context: ReadContext): Sql => sql`r.person_id = ${context.actor.personId}::uuid and r.state = 'approved'`;

export const payslipRegister = register({
  name: "payroll.payslip",
  title: "Payslips",
  does: "What everyone was paid for a month; the person paid sees their own once it is approved.",
  may: [...manager, ownPay],
  logged: true,
  row: z.object({
    id: Id,
    label: z.string(),
    runId: ref("payroll.run"),
    month: z.string(),
    personId: ref("directory.person"),
    person: z.string(),
    employmentId: ref("people.employment"),
    gross: Money,
    deductions: Money,
    net: Money,
    employer: Money,
    payDay: Day,
    bankAccount: SealedColumn.nullable(),
    state: z.enum(["draft", "calculated", "submitted", "approved", "cancelled"]),
    fileId: FileId.nullable(),
  }),
  label: "label",
  search: ["person", "month"],
  grows: true,
  sort: "-month",
  totals: ["gross", "net"],
  sees: ownSlips,
  from: (context) => sql`
    select p.id, o.name || ', ' || to_char(u.month, 'YYYY-MM') as label, p.run_id, to_char(u.month, 'YYYY-MM') as month, p.person_id,
      o.name as person, p.employment_id, p.gross, p.deductions, p.net, p.employer, u.currency, u.pay_day, p.bank_account, u.state, p.file_id
    from payroll.payslip p
    join payroll.run u on u.tenant_id = p.tenant_id and u.id = p.run_id
    join directory.party o on o.tenant_id = p.tenant_id and o.id = p.person_id
    where p.tenant_id = ${context.tenantId}`,
});

export const payslipLineRegister = register({
  name: "payroll.payslipLine",
  title: "Payslip lines",
  does: "Every line of every payslip, with how it came about.",
  may: [...manager, ownPay],
  inner: true,
  row: z.object({
    id: Id,
    payslipId: ref("payroll.payslip"),
    position: z.number().int(),
    kind: z.enum(["earning", "deduction", "employer"]),
    code: z.string(),
    name: z.string(),
    amount: Money,
    says: z.string(),
    personId: ref("directory.person"),
    state: z.enum(["draft", "calculated", "submitted", "approved", "cancelled"]),
  }),
  label: "name",
  sort: "position",
  sees: ownSlips,
  logged: true,
  from: (context) => sql`
    select l.id, l.payslip_id, l.position, l.kind, l.code, l.name, l.amount, u.currency, l.says, p.person_id, u.state
    from payroll.payslip_line l
    join payroll.payslip p on p.tenant_id = l.tenant_id and p.id = l.payslip_id
    join payroll.run u on u.tenant_id = p.tenant_id and u.id = p.run_id
    where l.tenant_id = ${context.tenantId}`,
});

const VarianceRow = z.object({
  personId: ref("directory.person"),
  person: z.string(),
  before: Money.nullable(),
  now: Money.nullable(),
  difference: Money,
});

export const getVariance = operation({
  name: "payroll.variance.get",
  title: "What changed since last month",
  does: "Compares the net pay of a run with that of the month before, person by person, so that whoever approves sees what is new.",
  kind: "read",
  logged: true,
  may: manager,
  input: z.strictObject({ runId: ref("payroll.run") }),
  output: z.object({ month: z.string(), changes: z.array(VarianceRow) }),
  refuses: { notFound: "There is no such run." },
  async run(input, context) {
    const run = await context.db.maybe<{ month: KernelDay; currency: string; entityId: KernelId }>(sql`
      select month, currency, entity_id from payroll.run where tenant_id = ${context.tenantId} and id = ${input.runId}`);
    if (!run) refuse("notFound");
    const slips = (which: Sql): Sql => sql`
      select p.person_id, sum(p.net) as net from payroll.payslip p join payroll.run u on u.tenant_id = p.tenant_id and u.id = p.run_id
      where p.tenant_id = ${context.tenantId} and ${which} group by p.person_id`;
    const before = sql`
      u.entity_id = ${run.entityId} and u.month = (${run.month}::date - interval '1 month')::date and u.state <> 'cancelled'`;
    const found = await context.db.rows<{ personId: KernelId; person: string; before: bigint | null; now: bigint | null }>(sql`
      select o.id as person_id, o.name as person, b.net::int8 as before, n.net::int8 as now
      from (${slips(sql`u.id = ${input.runId}`)}) n full join (${slips(before)}) b on b.person_id = n.person_id
      join directory.party o on o.tenant_id = ${context.tenantId} and o.id = coalesce(n.person_id, b.person_id)
      where n.net is distinct from b.net
      order by abs(coalesce(n.net, 0) - coalesce(b.net, 0)) desc, o.name`);
    const money = (minor: bigint | null): KernelMoney | null => (minor === null ? null : new KernelMoney(minor, run.currency));
    const changes = found.map((row) => ({
      ...row,
      before: money(row.before),
      now: money(row.now),
      difference: new KernelMoney((row.now ?? 0n) - (row.before ?? 0n), run.currency),
    }));
    return { month: run.month.slice(0, 7), changes };
  },
});

interface Printed {
  readonly id: KernelId;
  readonly person: string;
  readonly personId: KernelId;
  readonly company: string;
  readonly month: string;
  readonly payDay: KernelDay;
  readonly bankAccount: string | null;
  readonly currency: string;
  readonly gross: bigint;
  readonly deductions: bigint;
  readonly net: bigint;
}

/** Makes the documents of an approved run and tells everyone that theirs is there; slips that have one are left alone. */
export async function printPayslips(context: WriteContext, runId: KernelId): Promise<number> {
  const { tenantId, db } = context;
  const slips = await db.rows<Printed>(sql`
    select p.id, o.name as person, p.person_id, coalesce(l.name, t.name) as company, to_char(u.month, 'YYYY-MM') as month, u.pay_day,
      p.bank_account, u.currency, p.gross, p.deductions, p.net
    from payroll.payslip p
    join payroll.run u on u.tenant_id = p.tenant_id and u.id = p.run_id
    join directory.party o on o.tenant_id = p.tenant_id and o.id = p.person_id
    join platform.tenant_account t on t.tenant_id = p.tenant_id
    left join directory.legal_entity l on l.tenant_id = u.tenant_id and l.id = u.entity_id
    where p.tenant_id = ${tenantId} and p.run_id = ${runId} and u.state = 'approved' and p.file_id is null order by p.id`);
  const lines = await linesOf(context, runId);
  // A document each: they are written one by one, after the books.
  for (const slip of slips) {
    const money = (minor: bigint): string => new KernelMoney(minor, slip.currency).amount;
    const pdf = payslipPdf({
      ...slip,
      accountEnding: slip.bankAccount && unseal(slip.bankAccount).slice(-4),
      gross: money(slip.gross),
      deductions: money(slip.deductions),
      net: money(slip.net),
      lines: (lines.get(slip.id) ?? []).map((line) => ({ ...line, amount: money(line.amount) })),
    });
    const fileId = await context.writeFile(`Payslip ${slip.month}.pdf`, "application/pdf", pdf);
    await db.run(sql`update payroll.payslip set file_id = ${fileId} where tenant_id = ${tenantId} and id = ${slip.id}`);
    const about = { subject: "payroll.payslip", id: slip.id };
    await context.notify({
      personId: slip.personId,
      title: `Your payslip for ${slip.month} is there`,
      about,
      event: "payroll.payslip.ready",
    });
  }
  return slips.length;
}

interface PrintedLine {
  readonly payslipId: KernelId;
  readonly kind: "earning" | "deduction" | "employer";
  readonly name: string;
  readonly amount: bigint;
  readonly says: string;
}

async function linesOf(context: ReadContext, runId: KernelId): Promise<Map<KernelId, PrintedLine[]>> {
  const rows = await context.db.rows<PrintedLine>(sql`
    select l.payslip_id, l.kind, l.name, l.amount, l.says from payroll.payslip_line l
    join payroll.payslip p on p.tenant_id = l.tenant_id and p.id = l.payslip_id
    where l.tenant_id = ${context.tenantId} and p.run_id = ${runId} order by l.payslip_id, l.position`);
  const lines = new Map<KernelId, PrintedLine[]>();
  for (const row of rows) lines.set(row.payslipId, [...(lines.get(row.payslipId) ?? []), row]);
  return lines;
}
