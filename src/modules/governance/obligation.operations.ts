// Obligations: put on the register with their rule, fulfilled with evidence each time they are due, waived with a reason, retired.
import { z } from "zod";
import type { Day as KernelDay } from "../../kernel/day.ts";
import type { Id as RecordId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../platform/operation/context.ts";
import { Day, FileId, Id, LongText, ref, Text } from "../../platform/operation/field.ts";
import { operation, whoever } from "../../platform/operation/operation.ts";
import { resolveHolder } from "../office/index.ts";
import { nextPlanned } from "./obligation.plan.ts";
import { firstPlanned, recurrences } from "./obligation.rules.ts";
import { ObligationKind } from "./obligation.registers.ts";
import { addOccurrence, lockObligation, openOccurrence, settleOccurrence, type StoredObligation } from "./obligation.store.ts";

const noSuchObligation = "There is no such obligation, or it is not yours to see.";
const obligationRetired = "This obligation is retired since {day}.";
const nothingDue = "Nothing is due under this obligation any more.";
const isRunning = (record: Readonly<Record<string, unknown>>): boolean => record["state"] === "open" || record["state"] === "overdue";

const holderOfWork = whoever<{ obligationId: RecordId }>("whoever answers for that kind of work", async ({ obligationId }, context) => {
  const found = await context.db.maybe<{ activity: string }>(sql`
    select activity from governance.obligation where tenant_id = ${context.tenantId} and id = ${obligationId}`);
  if (!found || !context.actor.personId) return false;
  return (await resolveHolder(context, found.activity)).personId === context.actor.personId;
});

export const createObligation = operation({
  name: "governance.obligation.create",
  title: "Record an obligation",
  does: "Puts a requirement of a law or contract on the register, with who answers for it and when it is due.",
  kind: "write",
  may: ["governance.manager"],
  input: z.strictObject({
    code: Text(40).describe("Short and lasting, e.g. VAT-DE."),
    title: Text(200),
    requirement: LongText().optional().describe("What it asks, in its own words."),
    kind: ObligationKind,
    source: Text(200).describe("Law and article, or the contract."),
    jurisdiction: Text(60).describe("Where it holds, e.g. DE or EU."),
    partyId: ref("directory.organisation").optional().describe("The authority or counterparty it is owed to."),
    activity: Text(80).default("governance.compliance").describe("The kind of work whose holder answers for it."),
    recurrence: z.enum(recurrences),
    firstDue: Day,
    dueDays: z.array(Day).min(1).max(60).optional().describe("Only for the recurrence days: every day it is due."),
    anchor: z.enum(["plan", "fulfilment"]).default("plan").describe("Whether the next counts from the plan or from when it was done."),
    weekend: z.enum(["stays", "before", "after"]).default("after").describe("What happens when the planned day is not worked."),
    siteId: ref("directory.site").optional().describe("The site whose calendar says which days are worked."),
    noticeDays: z.number().int().min(0).max(365).default(14).describe("Days before it is due that its owner is asked."),
  }),
  output: z.object({ id: Id, dueDay: Day }),
  refuses: {
    codeTaken: "There is an obligation with the code {code} already. Choose another code.",
    dueDaysMissing: "The recurrence days needs the list of due days; every other recurrence goes without.",
    partyUnknown: "There is no such organisation in the directory.",
    siteUnknown: "There is no such site in the directory.",
    activityMalformed: "A kind of work is named like finance.tax. Choose one from the responsibility map.",
  },
  emits: ["governance.obligation.created", "governance.obligation.due"],
  constraints: { obligation_code: "codeTaken" },
  example: {
    code: "VAT-DE",
    title: "VAT return",
    kind: "law",
    source: "UStG § 18",
    jurisdiction: "DE",
    activity: "finance.tax",
    recurrence: "monthly",
    firstDue: "2026-12-10",
  },
  async run(input, context) {
    await checkReferences(context, input);
    if ((input.recurrence === "days") !== (input.dueDays !== undefined)) refuse("dueDaysMissing", {}, ["dueDays"]);
    const id = context.newId();
    const dueDays = input.dueDays ? [...new Set(input.dueDays)].toSorted() : null;
    await context.db.run(sql`
      insert into governance.obligation (tenant_id, id, code, title, requirement, kind, source, jurisdiction, party_id, activity,
        recurrence, anchor, weekend, site_id, notice_days, first_due, due_days)
      values (${context.tenantId}, ${id}, ${input.code}, ${input.title}, ${input.requirement ?? null}, ${input.kind}, ${input.source},
        ${input.jurisdiction}, ${input.partyId ?? null}, ${input.activity}, ${input.recurrence}, ${input.anchor}, ${input.weekend},
        ${input.siteId ?? null}, ${input.noticeDays}, ${input.firstDue}, ${dueDays}::date[])`);
    const stored: StoredObligation = { ...input, id, siteId: input.siteId ?? null, dueDays, retiredFrom: null };
    const { dueDay } = await addOccurrence(context, stored, firstPlanned(stored));
    context.emit("governance.obligation.created", { obligationId: id });
    return { id, dueDay };
  },
});

interface References {
  readonly code: string;
  readonly partyId?: RecordId;
  readonly siteId?: RecordId;
  readonly activity: string;
}

async function checkReferences(context: ReadContext, input: References): Promise<void> {
  const { tenantId } = context;
  const taken = await context.db.maybe(sql`select id from governance.obligation where tenant_id = ${tenantId} and code = ${input.code}`);
  if (taken) refuse("codeTaken", { code: input.code }, ["code"]);
  if (!/^[a-z][a-zA-Z]*\.[a-z][a-zA-Z]*$/.test(input.activity)) refuse("activityMalformed", {}, ["activity"]);
  if (input.partyId) {
    const party = await context.db.maybe(sql`
      select id from directory.party where tenant_id = ${tenantId} and id = ${input.partyId} and kind = 'organisation'`);
    if (!party) refuse("partyUnknown", {}, ["partyId"]);
  }
  if (input.siteId) {
    const site = await context.db.maybe(sql`
      select id from directory.place where tenant_id = ${tenantId} and id = ${input.siteId} and kind = 'site'`);
    if (!site) refuse("siteUnknown", {}, ["siteId"]);
  }
}

export const fulfilObligation = operation({
  name: "governance.obligation.fulfil",
  title: "Fulfil an obligation",
  does: "Says that what was due is done and shows it by a text or a file. The next time it is due is opened at once.",
  kind: "write",
  may: ["governance.manager", holderOfWork],
  when: isRunning,
  input: z.strictObject({
    obligationId: ref("governance.obligation"),
    on: Day.describe("The day it was done."),
    evidence: LongText(4000).optional().describe("What shows it, e.g. the receipt number of the return."),
    fileId: FileId.optional(),
  }),
  output: z.object({ id: Id, fulfilledDue: Day, nextDue: Day.nullable() }),
  refuses: {
    notFound: noSuchObligation,
    obligationRetired,
    nothingDue,
    evidenceMissing: "Show that it was done: give a text or a file as evidence.",
    inTheFuture: "It is {today}. Fulfil the obligation when it is done.",
  },
  emits: ["governance.obligation.fulfilled", "governance.obligation.due"],
  async run(input, context) {
    const obligation = await lockObligation(context, input.obligationId);
    const open = await openOccurrence(context, obligation.id);
    if (!open) refuse("nothingDue");
    const evidence = input.evidence?.trim() || null;
    if (!evidence && !input.fileId) refuse("evidenceMissing", {}, ["evidence"]);
    if (input.on > context.today) refuse("inTheFuture", { today: context.today }, ["on"]);
    if (input.fileId) await context.readFile(input.fileId);
    await context.db.run(sql`
      update governance.obligation_occurrence set fulfilled_on = ${input.on}, fulfilled_by = ${context.actor.personId},
        evidence = ${evidence}, file_id = ${input.fileId ?? null}
      where tenant_id = ${context.tenantId} and id = ${open.id}`);
    await settleOccurrence(context, open);
    context.emit("governance.obligation.fulfilled", { obligationId: obligation.id, obligationOccurrenceId: open.id, on: input.on });
    return { id: obligation.id, fulfilledDue: open.dueDay, nextDue: await openNext(context, obligation, open.plannedDay, input.on) };
  },
});

async function openNext(context: WriteContext, obligation: StoredObligation, planned: KernelDay, on: KernelDay): Promise<KernelDay | null> {
  const next = nextPlanned(obligation, planned, on);
  return next ? (await addOccurrence(context, obligation, next)).dueDay : null;
}

export const waiveObligation = operation({
  name: "governance.obligation.waive",
  title: "Waive what is due",
  does: "Says that it need not be done this time, and why. The next time it is due is opened at once.",
  kind: "write",
  may: ["governance.manager"],
  when: isRunning,
  input: z.strictObject({
    obligationId: ref("governance.obligation"),
    why: LongText(2000).refine((text) => text.trim() !== "", "must not be empty"),
  }),
  output: z.object({ id: Id, nextDue: Day.nullable() }),
  refuses: { notFound: noSuchObligation, obligationRetired, nothingDue },
  emits: ["governance.obligation.waived", "governance.obligation.due"],
  async run({ obligationId, why }, context) {
    const obligation = await lockObligation(context, obligationId);
    const open = await openOccurrence(context, obligationId);
    if (!open) refuse("nothingDue");
    await context.db.run(sql`
      update governance.obligation_occurrence set waived_because = ${why} where tenant_id = ${context.tenantId} and id = ${open.id}`);
    await settleOccurrence(context, open, why);
    context.emit("governance.obligation.waived", { obligationId, obligationOccurrenceId: open.id });
    return { id: obligationId, nextDue: await openNext(context, obligation, open.plannedDay, open.plannedDay) };
  },
});

export const retireObligation = operation({
  name: "governance.obligation.retire",
  title: "Retire an obligation",
  does: "Takes an obligation off the register from today on, because the law or the contract ended. What was fulfilled stays on record.",
  kind: "write",
  may: ["governance.manager"],
  when: (record) => record["state"] !== "retired",
  input: z.strictObject({
    obligationId: ref("governance.obligation"),
    why: LongText(2000).refine((text) => text.trim() !== "", "must not be empty"),
  }),
  output: z.object({ id: Id }),
  refuses: { notFound: noSuchObligation, obligationRetired },
  emits: ["governance.obligation.retired"],
  async run({ obligationId, why }, context) {
    await lockObligation(context, obligationId);
    const open = await openOccurrence(context, obligationId);
    if (open) {
      await context.db.run(sql`
        update governance.obligation_occurrence set waived_because = ${why} where tenant_id = ${context.tenantId} and id = ${open.id}`);
      await settleOccurrence(context, open, why);
    }
    await context.db.run(sql`
      update governance.obligation set retired_from = ${context.today} where tenant_id = ${context.tenantId} and id = ${obligationId}`);
    context.emit("governance.obligation.retired", { obligationId, obligationOccurrenceId: open?.id ?? null });
    return { id: obligationId };
  },
});
