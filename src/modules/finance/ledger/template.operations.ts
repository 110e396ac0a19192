// Templates of entries: kept with an amount and a party to ask for, posted by hand, or on their days by the house.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import { decimal } from "../../../kernel/decimal.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import type { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, DecimalText, Id, LongText, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { closeTask } from "../../office/index.ts";
import { type Book, bookOf } from "./book.ts";
import { closingJournal, journalsForAll, postingRefusals } from "./entry.rules.ts";
import { firstOpenDay } from "./lock.ts";
import { type PostedEntry, postEntry } from "./posting.ts";
import { lockTemplate, runTaskKey, storedAnswers, templateDraft, templateLines, type TemplateRow } from "./template.ts";
import { nextDueDay, rhythms, templateBalances, type TemplateAnswers, type TemplateLine } from "./template.rules.ts";

const may = ["finance.accountant", "finance.manager"];

const Line = z.strictObject({
  accountId: ref("finance.account"),
  debit: Money.optional(),
  credit: Money.optional(),
  debitPercent: DecimalText.optional().describe("Of the amount given, in debit."),
  creditPercent: DecimalText.optional().describe("Of the amount given, in credit."),
  takesParty: z.boolean().default(false).describe("The customer or supplier given is written on this line."),
  unitId: ref("directory.unit").optional().describe("The cost centre."),
  dimensions: z.record(z.string().max(30), z.string().max(30)).optional().describe("Values of dimensions by their codes."),
  text: Text(200).optional(),
});

export const createEntryTemplate = operation({
  name: "finance.entryTemplate.create",
  title: "Save an entry template",
  does: "Keeps the lines of an entry that comes again, with what to ask for, and the days it is posted on by itself.",
  kind: "write",
  may,
  input: z.strictObject({
    bookId: ref("finance.book").optional().describe("By default the main books."),
    name: Text(60),
    journal: z.string().max(8).default("GEN").describe("Code of the journal."),
    text: Text(200),
    amount: Money.optional().describe("What shares are a share of; asked for at each posting when it is left out."),
    partyId: ref("directory.party").optional().describe("Customer or supplier; asked for at each posting when it is left out."),
    rhythm: z.enum(rhythms).optional().describe("Left out, it is posted only by hand."),
    onDate: z.number().int().min(1).max(31).default(31).describe("Date of the month it is due; 31 is the last day of every month."),
    from: Day.optional().describe("From when on; by default today."),
    until: Day.optional().describe("The last day it may be due."),
    lines: z.array(Line).min(2).max(200),
  }),
  output: z.object({ id: Id, nextDay: Day.nullable() }),
  refuses: {
    booksMissing: postingRefusals.booksMissing,
    nameTaken: "There is a template of that name already. Choose another name.",
    journalUnknown: postingRefusals.journalUnknown,
    journalKept: postingRefusals.journalKept,
    accountUnknown: postingRefusals.accountUnknown,
    sideUnclear: "Line {line} has one of debit, credit, or a share of the amount in debit or credit, above zero.",
    templateUnbalanced: "Debits and credits of the template differ. Its amounts and its shares each have to be equal on both sides.",
    currencyDiffers: postingRefusals.currencyDiffers,
    amountNotPositive: "The amount of a template is above zero.",
    answersMissing: "By itself it cannot be asked for {what}. Give it here, or leave out the rhythm.",
    rangeReversed: "It ends on {until}, before it is due for the first time.",
  },
  constraints: { entry_template_name: "nameTaken" },
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    await requireJournalAndAccounts(context, book, input.journal, [...new Set(input.lines.map((line) => line.accountId))]);
    const lines = input.lines.map((line, index) => checkedLine(line, index, book));
    if (!templateBalances(lines)) refuse("templateUnbalanced", {}, ["lines"]);
    if (input.amount) requireAmount(input.amount, book.currency);
    const from = input.from ?? context.today;
    const recurrence = input.rhythm && { rhythm: input.rhythm, onDate: input.onDate, fromDay: from, untilDay: input.until ?? null };
    const missing = missingAnswer(lines, { amount: input.amount, partyId: input.partyId });
    if (recurrence && missing) refuse("answersMissing", { what: missing });
    const nextDay = recurrence ? nextDueDay(recurrence, null) : null;
    if (recurrence && nextDay === null) refuse("rangeReversed", { until: input.until }, ["until"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into finance.entry_template (tenant_id, id, book_id, name, state, journal, text, amount, party_id, rhythm, on_date, from_day,
        until_day, next_day, by_name, at)
      values (${context.tenantId}, ${id}, ${book.id}, ${input.name}, 'active', ${input.journal}, ${input.text},
        ${input.amount?.minor ?? null}, ${input.partyId ?? null}, ${input.rhythm ?? null},
        ${recurrence ? input.onDate : null}, ${recurrence ? from : null},
        ${recurrence ? (input.until ?? null) : null}, ${nextDay}, ${context.actor.name}, ${context.now})`);
    await insertLines(context, id, lines);
    return { id, nextDay };
  },
});

function requireAmount(amount: KernelMoney, currency: string): void {
  if (amount.currency !== currency) refuse("currencyDiffers", { currency }, ["amount"]);
  if (amount.minor <= 0n) refuse("amountNotPositive", {}, ["amount"]);
}

async function requireJournalAndAccounts(context: WriteContext, book: Book, journal: string, accountIds: readonly KernelId[]) {
  const { journals, accounts } = await context.db.row<{ journals: string[]; accounts: number }>(sql`
    select (select array_agg(code order by code) from finance.journal
        where tenant_id = ${context.tenantId} and book_id = ${book.id}) as journals,
      (select count(*)::int from finance.account
        where tenant_id = ${context.tenantId} and book_id = ${book.id} and not is_group and id = any(${accountIds}::uuid[])) as accounts`);
  const facts = { journal, journals: journalsForAll(journals) };
  if (!journals.includes(journal)) refuse("journalUnknown", facts, ["journal"]);
  if (journal === closingJournal) refuse("journalKept", facts, ["journal"]);
  if (accounts < accountIds.length) refuse("accountUnknown", { account: "or it only gathers others: one of the lines" }, ["lines"]);
}

function checkedLine(line: z.output<typeof Line>, index: number, book: Book): TemplateLine {
  const given = [line.debit, line.credit, line.debitPercent, line.creditPercent].filter((one) => one !== undefined);
  const money = line.debit ?? line.credit;
  const percent = line.debitPercent ?? line.creditPercent;
  const isPositive = money ? money.minor > 0n : percent !== undefined && decimal(percent).gt(0);
  if (given.length !== 1 || !isPositive) refuse("sideUnclear", { line: index + 1 }, ["lines", index]);
  if (money && money.currency !== book.currency) refuse("currencyDiffers", { currency: book.currency }, ["lines", index]);
  const amount = money ? (line.debit ? money.minor : -money.minor) : null;
  return {
    accountId: line.accountId,
    amount,
    percent: percent === undefined ? null : line.debitPercent === undefined ? decimal(percent).negated().toFixed() : percent,
    takesParty: line.takesParty,
    unitId: line.unitId ?? null,
    dimensions: line.dimensions ?? null,
    text: line.text ?? null,
  };
}

const insertLines = (context: WriteContext, id: KernelId, lines: readonly TemplateLine[]): Promise<number> =>
  context.db.run(sql`
    insert into finance.entry_template_line (tenant_id, template_id, position, account_id, amount, percent, takes_party, unit_id,
      dimensions, text)
    select ${context.tenantId}, ${id}, l.* from unnest(${lines.map((_, index) => index + 1)}::int[],
      ${lines.map((line) => line.accountId)}::uuid[], ${lines.map((line) => line.amount)}::bigint[],
      ${lines.map((line) => line.percent)}::numeric[], ${lines.map((line) => line.takesParty)}::boolean[],
      ${lines.map((line) => line.unitId)}::uuid[], ${lines.map((line) => line.dimensions && JSON.stringify(line.dimensions))}::jsonb[],
      ${lines.map((line) => line.text)}::text[]) as l`);

function missingAnswer(lines: readonly TemplateLine[], answers: TemplateAnswers): string | undefined {
  if (!answers.amount && lines.some((line) => line.percent !== null)) return "an amount";
  return !answers.partyId && lines.some((line) => line.takesParty) ? "a customer or supplier" : undefined;
}

export const endEntryTemplate = operation({
  name: "finance.entryTemplate.end",
  title: "End a template",
  does: "Ends a template: nothing is posted by it any more. What it posted stays.",
  kind: "write",
  may,
  input: z.strictObject({ entryTemplateId: ref("finance.entryTemplate") }),
  output: z.object({ id: Id, state: z.literal("ended") }),
  refuses: { notFound: "There is no such template.", templateEnded: "The template {name} was ended before." },
  when: (record) => record["state"] === "active",
  async run(input, context) {
    const template = await activeTemplate(context, input.entryTemplateId);
    await context.db.run(sql`
      update finance.entry_template set state = 'ended', next_day = null where tenant_id = ${context.tenantId} and id = ${template.id}`);
    return { id: template.id, state: "ended" as const };
  },
});

async function activeTemplate(context: WriteContext, id: KernelId): Promise<TemplateRow> {
  const template = (await lockTemplate(context, id)) ?? refuse("notFound");
  if (template.state === "ended") refuse("templateEnded", { name: template.name });
  return template;
}

export const postEntryTemplate = operation({
  name: "finance.entryTemplate.post",
  title: "Post from a template",
  does: "Posts an entry from a template on a day, with the amount and the party it asks for.",
  kind: "write",
  previews: true,
  may,
  input: z.strictObject({
    entryTemplateId: ref("finance.entryTemplate"),
    day: Day.optional().describe("By default today."),
    amount: Money.optional(),
    partyId: ref("directory.party").optional(),
    text: Text(200).optional().describe("By default that of the template."),
  }),
  output: z.object({ id: Id, entryId: ref("finance.journalEntry"), number: z.string() }),
  refuses: {
    notFound: "There is no such template.",
    templateEnded: "The template {name} was ended before.",
    answerMissing: "This template asks for {what}.",
    amountNotPositive: "The amount of a template is above zero.",
    ...postingRefusals,
  },
  when: (record) => record["state"] === "active",
  emits: ["finance.journalEntry.posted"],
  async run(input, context) {
    const found = await activeTemplate(context, input.entryTemplateId);
    if (input.amount) requireAmount(input.amount, found.currency);
    const template = { ...found, text: input.text ?? found.text };
    const stored = storedAnswers(template);
    const answers = { amount: input.amount ?? stored.amount, partyId: input.partyId ?? stored.partyId };
    const entry = await postTemplate(context, template, input.day ?? context.today, answers);
    context.emit("finance.journalEntry.posted", { journalEntryId: entry.id, number: entry.number });
    return { id: template.id, entryId: entry.id, number: entry.number };
  },
});

async function postTemplate(context: WriteContext, template: TemplateRow, day: KernelDay, answers: TemplateAnswers): Promise<PostedEntry> {
  const lines = (await templateLines(context, [template.id])).get(template.id) ?? [];
  const missing = missingAnswer(lines, answers);
  if (missing) refuse("answerMissing", { what: missing });
  return postEntry(context, templateDraft(template, lines, day, answers), template.bookId);
}

interface RunRow {
  readonly id: KernelId;
  readonly templateId: KernelId;
  readonly day: KernelDay;
  readonly state: "posted" | "skipped" | "dismissed";
}

async function skippedRun(context: WriteContext, id: KernelId): Promise<RunRow> {
  const run = await context.db.maybe<RunRow>(sql`
    select id, template_id, day, state from finance.entry_template_run
    where tenant_id = ${context.tenantId} and id = ${id} for update`);
  if (!run) refuse("notFound");
  if (run.state !== "skipped") refuse("notSkipped", { state: run.state });
  return run;
}

const runRefusals = {
  notFound: "There is no such due day of a template.",
  notSkipped: "Only a skipped due day waits for someone; this one is {state}.",
} as const;

export const postEntryTemplateRun = operation({
  name: "finance.entryTemplateRun.post",
  title: "Post what was skipped",
  does: "Posts a recurring entry that was skipped, by default on the first open day from its due day on.",
  kind: "write",
  previews: true,
  may,
  input: z.strictObject({
    entryTemplateRunId: ref("finance.entryTemplateRun"),
    day: Day.optional().describe("By default the first open day from its due day on."),
  }),
  output: z.object({ id: Id, entryId: ref("finance.journalEntry"), number: z.string(), day: Day }),
  refuses: { ...runRefusals, ...postingRefusals },
  when: (record) => record["state"] === "skipped",
  emits: ["finance.journalEntry.posted"],
  async run(input, context) {
    const run = await skippedRun(context, input.entryTemplateRunId);
    const template = (await lockTemplate(context, run.templateId)) ?? refuse("notFound");
    const { area } = (await context.db.maybe<{ area: "ledger" }>(sql`
      select area from finance.journal
      where tenant_id = ${context.tenantId} and book_id = ${template.bookId} and code = ${template.journal}`)) ?? { area: "ledger" };
    const day = input.day ?? (await firstOpenDay(context, template.bookId, run.day, [area])) ?? run.day;
    const moved = day === run.day ? template : { ...template, text: `${template.text} (due ${run.day})`.slice(0, 200) };
    const entry = await postTemplate(context, moved, day, storedAnswers(template));
    await context.db.run(sql`
      update finance.entry_template_run set state = 'posted', entry_id = ${entry.id}
      where tenant_id = ${context.tenantId} and id = ${run.id}`);
    await closeTask(context, { key: runTaskKey(run.id) });
    context.emit("finance.journalEntry.posted", { journalEntryId: entry.id, number: entry.number });
    return { id: run.id, entryId: entry.id, number: entry.number, day };
  },
});

export const dismissEntryTemplateRun = operation({
  name: "finance.entryTemplateRun.dismiss",
  title: "Leave it out",
  does: "Says why a recurring entry that was skipped is not posted at all.",
  kind: "write",
  may,
  input: z.strictObject({
    entryTemplateRunId: ref("finance.entryTemplateRun"),
    reason: LongText(200).min(3, "says why, in a few words"),
  }),
  output: z.object({ id: Id, state: z.literal("dismissed") }),
  refuses: runRefusals,
  when: (record) => record["state"] === "skipped",
  async run(input, context) {
    const run = await skippedRun(context, input.entryTemplateRunId);
    await context.db.run(sql`
      update finance.entry_template_run set state = 'dismissed', reason = ${input.reason}
      where tenant_id = ${context.tenantId} and id = ${run.id}`);
    await closeTask(context, { key: runTaskKey(run.id) }, "cancelled", input.reason);
    return { id: run.id, state: "dismissed" as const };
  },
});
