// The month's run: drawn up, calculated, submitted, and approved by a second person, which posts it to the books.
import { z } from "zod";
import { type Day as KernelDay, endOfMonth } from "../../kernel/day.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { Money as KernelMoney } from "../../kernel/money.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, Money, ref, Text } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { bookOf, postEntry, postingRefusals } from "../finance/index.ts";
import { closeTask, openTask } from "../office/index.ts";
import { calculate } from "./calculation.ts";
import { Month, monthOf } from "./month.ts";
import { entryLines } from "./posting.rules.ts";

const manager = ["payroll.manager"];
/** Whoever answers for the money may look at the totals and be the second person; slips stay with Payroll. */
const deciders = ["payroll.manager", "finance.manager"];

export const runRegister = register({
  name: "payroll.run",
  title: "Payroll runs",
  does: "The payroll of every month, from draft to books.",
  may: deciders,
  row: z.object({
    id: Id,
    label: z.string(),
    month: z.string(),
    entityId: ref("directory.legalEntity").nullable(),
    entity: z.string().nullable(),
    payDay: Day,
    people: z.number().int(),
    gross: Money,
    deductions: Money,
    net: Money,
    employer: Money,
    state: z.enum(["draft", "calculated", "submitted", "approved", "cancelled"]),
    submittedBy: z.string().nullable(),
    approvedBy: z.string().nullable(),
    approvedOn: Day.nullable(),
    entryId: ref("finance.journalEntry").nullable(),
    reason: z.string().nullable(),
  }),
  label: "label",
  sort: "-month",
  search: ["month"],
  totals: ["net"],
  from: (context) => sql`
    select r.id, 'Payroll ' || to_char(r.month, 'YYYY-MM') || coalesce(', ' || l.name, '') as label, to_char(r.month, 'YYYY-MM') as month,
      l.id as entity_id, l.name as entity, r.pay_day, r.people, r.gross, r.deductions, r.net, r.employer, r.currency, r.state,
      s.name as submitted_by, a.name as approved_by, r.approved_on, r.entry_id, r.reason
    from payroll.run r
    left join directory.legal_entity l on l.tenant_id = r.tenant_id and l.id = r.entity_id
    left join directory.party s on s.tenant_id = r.tenant_id and s.id = r.submitted_by
    left join directory.party a on a.tenant_id = r.tenant_id and a.id = r.approved_by
    where r.tenant_id = ${context.tenantId}`,
});

export interface Run {
  readonly id: KernelId;
  readonly entityId: KernelId;
  readonly bookId: KernelId;
  readonly month: KernelDay;
  readonly currency: string;
  readonly state: "draft" | "calculated" | "submitted" | "approved" | "cancelled";
  readonly submittedBy: KernelId | null;
}

async function lockRun(context: WriteContext, id: KernelId): Promise<Run> {
  const found = await context.db.maybe<Run>(sql`
    select id, entity_id, book_id, month, currency, state, submitted_by from payroll.run
    where tenant_id = ${context.tenantId} and id = ${id} for update`);
  return found ?? refuse("notFound");
}

export const createRun = operation({
  name: "payroll.run.create",
  title: "Begin a run",
  does: "Begins the payroll of a month for a legal entity.",
  kind: "write",
  may: manager,
  input: z.strictObject({
    month: Month.describe("For example 2026-11."),
    entityId: ref("directory.legalEntity").optional().describe("By default the only one."),
    payDay: Day.optional().describe("By default the last day of the month."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    entityUnclear: "The company has several legal entities. Say whose payroll it is.",
    entityUnknown: "There is no such legal entity.",
    runThere: "There is a run of {month} already; it is {state}.",
    booksMissing: postingRefusals.booksMissing,
  },
  emits: ["payroll.run.created"],
  example: { month: "2026-11" },
  constraints: { run_once: "runThere" },
  async run(input, context) {
    const { tenantId, db } = context;
    const entityId = await entityOf(context, input.entityId);
    const month = monthOf(input.month);
    const there = await db.maybe<{ state: string }>(sql`
      select state from payroll.run
      where tenant_id = ${tenantId} and entity_id = ${entityId} and month = ${month} and state <> 'cancelled'`);
    if (there) refuse("runThere", { month: input.month, state: there.state }, ["month"]);
    const book = await entityBook(context, entityId);
    const id = context.newId();
    await db.run(sql`
      insert into payroll.run (tenant_id, id, entity_id, book_id, month, pay_day, currency, state)
      values (${tenantId}, ${id}, ${entityId}, ${book.id}, ${month}, ${input.payDay ?? endOfMonth(month)}, ${book.currency}, 'draft')`);
    context.emit("payroll.run.created", { runId: id, month: input.month });
    return { id };
  },
});

async function entityOf(context: ReadContext, asked: KernelId | undefined): Promise<KernelId> {
  const entities = await context.db.rows<{ id: KernelId }>(sql`
    select id from directory.legal_entity where tenant_id = ${context.tenantId}`);
  if (asked) return entities.find((one) => one.id === asked)?.id ?? refuse("entityUnknown", {}, ["entityId"]);
  if (entities.length > 1) refuse("entityUnclear", {}, ["entityId"]);
  return entities[0]?.id ?? context.tenantId;
}

/** The entity's own books, else the main ones. */
async function entityBook(context: ReadContext, entityId: KernelId): Promise<{ id: KernelId; currency: string }> {
  const own = await context.db.maybe<{ id: KernelId }>(sql`
    select id from finance.book where tenant_id = ${context.tenantId} and legal_entity_id = ${entityId}`);
  return bookOf(context, own?.id);
}

export const calculateRun = operation({
  name: "payroll.run.calculate",
  title: "Calculate",
  does: "Works out the slip of everyone enrolled, by the pay, leave and rates of the month. Until it is submitted it may be done again.",
  kind: "write",
  may: manager,
  input: z.strictObject({ runId: ref("payroll.run") }),
  output: z.object({ id: Id, people: z.number().int(), gross: Money, net: Money }),
  when: (run) => run["state"] === "draft" || run["state"] === "calculated",
  refuses: {
    notFound: "There is no such run.",
    runNotOpen: "The run is {state} and cannot be calculated again.",
    nobodyEnrolled: "Nobody is enrolled who has pay in {month}. Enrol employees first.",
    payCurrencyDiffers: "{person} is paid in {currency}, the books are kept in {booksCurrency}. Agree on pay in {booksCurrency} first.",
    netNegative: "The deductions of {person} are {missing} more than the pay. Lower the one-off deductions.",
  },
  emits: ["payroll.run.calculated"],
  async run(input, context) {
    const run = await lockRun(context, input.runId);
    if (run.state !== "draft" && run.state !== "calculated") refuse("runNotOpen", { state: run.state });
    const totals = await calculate(context, run);
    await context.db.run(sql`
      update payroll.run set state = 'calculated', people = ${totals.people}, gross = ${totals.gross.minor},
        deductions = ${totals.deductions.minor}, net = ${totals.net.minor}, employer = ${totals.employer.minor}
      where tenant_id = ${context.tenantId} and id = ${run.id}`);
    context.emit("payroll.run.calculated", { runId: run.id });
    return { id: run.id, people: totals.people, gross: totals.gross, net: totals.net };
  },
});

const taskKey = (runId: KernelId): string => `payroll.run:${runId}`;

export const submitRun = operation({
  name: "payroll.run.submit",
  title: "Submit",
  does: "Hands the run to a second person for approval. What they approve is what was calculated.",
  kind: "write",
  may: manager,
  input: z.strictObject({ runId: ref("payroll.run") }),
  output: z.object({ id: Id }),
  when: (run) => run["state"] === "calculated",
  refuses: { notFound: "There is no such run.", runNotCalculated: "The run is {state}. Only a calculated run can be submitted." },
  emits: ["payroll.run.submitted"],
  async run(input, context) {
    const run = await lockRun(context, input.runId);
    if (run.state !== "calculated") refuse("runNotCalculated", { state: run.state });
    await context.db.run(sql`
      update payroll.run set state = 'submitted', submitted_by = ${context.actor.personId}, submitted_on = ${context.today}, reason = null
      where tenant_id = ${context.tenantId} and id = ${run.id}`);
    await openTask(context, {
      kind: "approval",
      title: `Approve the payroll of ${run.month.slice(0, 7)}`,
      says: "Look through the run, then approve it or send it back. It has to be someone other than the one who submitted it.",
      owner: { activity: "payroll.approval" },
      due: context.today,
      about: { subject: "payroll.run", id: run.id },
      asks: { operation: approveRun, input: { runId: run.id } },
      key: `${taskKey(run.id)}:${context.requestId}`,
      confidential: true,
    });
    context.emit("payroll.run.submitted", { runId: run.id });
    return { id: run.id };
  },
});

async function closeTasks(context: WriteContext, runId: KernelId, outcome: "done" | "cancelled"): Promise<void> {
  const open = await context.db.rows<{ id: KernelId }>(sql`
    select id from office.task
    where tenant_id = ${context.tenantId} and about_subject = 'payroll.run' and about_id = ${runId} and state = 'open'`);
  for (const task of open) await closeTask(context, { taskId: task.id }, outcome);
}

export const returnRun = operation({
  name: "payroll.run.return",
  title: "Send back",
  does: "Sends a submitted run back to Payroll, with the reason.",
  kind: "write",
  may: deciders,
  input: z.strictObject({ runId: ref("payroll.run"), reason: Text(500) }),
  output: z.object({ id: Id }),
  when: (run) => run["state"] === "submitted",
  refuses: { notFound: "There is no such run.", runNotSubmitted: "The run is {state}. Only a submitted run can be sent back." },
  emits: ["payroll.run.returned"],
  async run(input, context) {
    const run = await lockRun(context, input.runId);
    if (run.state !== "submitted") refuse("runNotSubmitted", { state: run.state });
    await context.db.run(sql`
      update payroll.run set state = 'calculated', reason = ${input.reason} where tenant_id = ${context.tenantId} and id = ${run.id}`);
    await closeTasks(context, run.id, "cancelled");
    context.emit("payroll.run.returned", { runId: run.id });
    return { id: run.id };
  },
});

export const approveRun = operation({
  name: "payroll.run.approve",
  title: "Approve and post",
  does: "Approves the run as a second person and posts it to the books in the same step; the payslips go out.",
  kind: "write",
  previews: true,
  may: deciders,
  input: z.strictObject({ runId: ref("payroll.run") }),
  output: z.object({ id: Id, entryId: Id, entryNumber: z.string() }),
  when: (run) => run["state"] === "submitted",
  refuses: {
    notFound: "There is no such run.",
    runNotSubmitted: "The run is {state}. Only a submitted run can be approved.",
    samePerson: "Whoever submits a run cannot approve it. Somebody else has to.",
    nothingToPay: "Nobody earns anything in this run. Cancel it, or add what is missing.",
    periodMissing: postingRefusals.periodMissing,
    periodClosed: postingRefusals.periodClosed,
  },
  emits: ["payroll.run.approved"],
  async run(input, context) {
    const { tenantId, db } = context;
    const run = await lockRun(context, input.runId);
    if (run.state !== "submitted") refuse("runNotSubmitted", { state: run.state });
    if (run.submittedBy === context.actor.personId) refuse("samePerson");
    const units = await db.rows<{ unitId: KernelId | null; gross: bigint; deductions: bigint; net: bigint; employer: bigint }>(sql`
      select unit_id, sum(gross)::int8 as gross, sum(deductions)::int8 as deductions, sum(net)::int8 as net, sum(employer)::int8 as employer
      from payroll.payslip where tenant_id = ${tenantId} and run_id = ${run.id} group by unit_id order by unit_id`);
    const money = (minor: bigint): KernelMoney => new KernelMoney(minor, run.currency);
    const lines = entryLines(
      units.map(({ unitId, ...sums }) => ({
        unitId,
        gross: money(sums.gross),
        deductions: money(sums.deductions),
        net: money(sums.net),
        employer: money(sums.employer),
      })),
    );
    if (lines.length === 0) refuse("nothingToPay");
    const label = run.month.slice(0, 7);
    const document = { subject: "payroll.run", id: run.id };
    const draft = { journal: "PAY", day: endOfMonth(run.month), text: `Payroll ${label}`, reference: label, document, lines };
    const entry = await postEntry(context, draft, run.bookId);
    await db.run(sql`
      update payroll.run set state = 'approved', approved_by = ${context.actor.personId}, approved_on = ${context.today},
        entry_id = ${entry.id}
      where tenant_id = ${tenantId} and id = ${run.id}`);
    await closeTasks(context, run.id, "done");
    context.emit("payroll.run.approved", { runId: run.id, month: label, entryId: entry.id });
    return { id: run.id, entryId: entry.id, entryNumber: entry.number };
  },
});

export const cancelRun = operation({
  name: "payroll.run.cancel",
  title: "Cancel the run",
  does: "Cancels a run that was not approved, so that the month can be begun again.",
  kind: "write",
  may: manager,
  input: z.strictObject({ runId: ref("payroll.run"), reason: Text(500) }),
  output: z.object({ id: Id }),
  when: (run) => ["draft", "calculated", "submitted"].includes(String(run["state"])),
  refuses: { notFound: "There is no such run.", runClosed: "The run is {state}. What was approved is corrected by the next run." },
  emits: ["payroll.run.cancelled"],
  async run(input, context) {
    const run = await lockRun(context, input.runId);
    if (run.state === "approved" || run.state === "cancelled") refuse("runClosed", { state: run.state });
    await context.db.run(sql`
      update payroll.run set state = 'cancelled', reason = ${input.reason} where tenant_id = ${context.tenantId} and id = ${run.id}`);
    await closeTasks(context, run.id, "cancelled");
    context.emit("payroll.run.cancelled", { runId: run.id });
    return { id: run.id };
  },
});
