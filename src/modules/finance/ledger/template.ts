// Posting from templates: one by hand, and every night all that is due, in batches; what its period takes no more waits for a person.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { Refusal } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { openTask } from "../../office/index.ts";
import type { JournalEntryDraft } from "./entry.rules.ts";
import { postEntries } from "./posting.ts";
import { dueDays, linesOfTemplate, nextDueDay, type Rhythm, type TemplateAnswers, type TemplateLine } from "./template.rules.ts";

export interface TemplateRow {
  readonly id: Id;
  readonly bookId: Id;
  readonly currency: string;
  readonly name: string;
  readonly state: "active" | "ended";
  readonly journal: string;
  readonly text: string;
  readonly amount: bigint | null;
  readonly partyId: Id | null;
  readonly rhythm: Rhythm | null;
  readonly onDate: number | null;
  readonly fromDay: Day | null;
  readonly untilDay: Day | null;
  readonly nextDay: Day | null;
}

const templateColumns = sql`
  t.id, t.book_id, b.currency, t.name, t.state, t.journal, t.text, t.amount, t.party_id, t.rhythm, t.on_date, t.from_day, t.until_day,
  t.next_day`;

export const lockTemplate = (context: WriteContext, id: Id): Promise<TemplateRow | undefined> =>
  context.db.maybe<TemplateRow>(sql`
    select ${templateColumns} from finance.entry_template t
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = t.book_id
    where t.tenant_id = ${context.tenantId} and t.id = ${id} for update of t`);

export async function templateLines(context: ReadContext, ids: readonly Id[]): Promise<Map<Id, TemplateLine[]>> {
  const rows = await context.db.rows<TemplateLine & { templateId: Id }>(sql`
    select template_id, account_id, amount, trim_scale(percent)::text as percent, takes_party, unit_id, dimensions, text
    from finance.entry_template_line
    where tenant_id = ${context.tenantId} and template_id = any(${ids}::uuid[]) order by template_id, position`);
  return grouped(rows, (row) => row.templateId);
}

function grouped<Row>(rows: readonly Row[], keyOf: (row: Row) => Id): Map<Id, Row[]> {
  const groups = new Map<Id, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}

export const templateDraft = (
  template: TemplateRow,
  lines: readonly TemplateLine[],
  day: Day,
  answers: TemplateAnswers,
): JournalEntryDraft => ({
  journal: template.journal,
  day,
  text: template.text,
  reference: template.name.slice(0, 60),
  lines: linesOfTemplate(lines, answers, template.currency),
});

export const storedAnswers = (template: TemplateRow): TemplateAnswers => ({
  amount: template.amount === null ? undefined : new Money(template.amount, template.currency),
  partyId: template.partyId ?? undefined,
});

interface Due {
  readonly template: TemplateRow;
  readonly day: Day;
  readonly draft: JournalEntryDraft;
}

/** Every night: what is due is posted once for each of its days, oldest first; what cannot be becomes a task. */
export async function postDueTemplates(context: WriteContext): Promise<void> {
  const templates = await context.db.rows<TemplateRow>(sql`
    select ${templateColumns} from finance.entry_template t
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = t.book_id
    where t.tenant_id = ${context.tenantId} and t.state = 'active' and t.next_day <= ${context.today}::date
    order by t.id for update of t`);
  if (templates.length === 0) return;
  const linesOf = await templateLines(
    context,
    templates.map((template) => template.id),
  );
  const due = templates.flatMap((template) =>
    dueDays(recurrenceOf(template), template.nextDay, context.today).map((day): Due => ({
      template,
      day,
      draft: templateDraft(template, linesOf.get(template.id) ?? [], day, storedAnswers(template)),
    })),
  );
  const byBook = grouped(
    due.toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0)),
    (one) => one.template.bookId,
  );
  for (const [bookId, ofBook] of byBook) await postOrSkip(context, bookId, ofBook);
  await advance(context, templates);
}

/** All at once; only when one of them is refused each is tried by itself, so that a bad one keeps no other from being posted. */
async function postOrSkip(context: WriteContext, bookId: Id, due: readonly Due[]): Promise<void> {
  const together = await context.attempt(async () => {
    const drafts = due.map((one) => one.draft);
    const posted = await postEntries(context, drafts, bookId);
    await insertRuns(
      context,
      due.map((one, index) => ({ ...one, entryId: posted[index]!.id, reason: null })),
    );
  });
  if (!together) return;
  if (!(together instanceof Refusal)) throw together;
  if (due.length > 1) {
    for (const one of due) await postOrSkip(context, bookId, [one]);
    return;
  }
  const [runId] = await insertRuns(context, [{ ...due[0]!, entryId: null, reason: together.message }]);
  await askForRun(context, due[0]!, runId!, together.message);
}

type Outcome = Due & { readonly entryId: Id | null; readonly reason: string | null };

async function insertRuns(context: WriteContext, outcomes: readonly Outcome[]): Promise<Id[]> {
  const ids = outcomes.map(() => context.newId());
  await context.db.run(sql`
    insert into finance.entry_template_run (tenant_id, id, template_id, day, state, entry_id, reason)
    select ${context.tenantId}, r.id, r.template_id, r.day, case when r.entry_id is null then 'skipped' else 'posted' end, r.entry_id,
      r.reason
    from unnest(${ids}::uuid[], ${outcomes.map((one) => one.template.id)}::uuid[], ${outcomes.map((one) => one.day)}::date[],
      ${outcomes.map((one) => one.entryId)}::uuid[], ${outcomes.map((one) => one.reason)}::text[])
      as r (id, template_id, day, entry_id, reason)`);
  return ids;
}

const askForRun = (context: WriteContext, { template, day }: Due, runId: Id, reason: string): Promise<Id> =>
  openTask(context, {
    kind: "recurringEntry",
    title: `Post “${template.name}” of ${day}`,
    says: `It could not be posted by itself: ${reason} Post it on an open day, or say why it is left out.`,
    owner: { activity: "finance.bookkeeping" },
    due: context.today,
    about: { subject: "finance.entryTemplateRun", id: runId },
    asks: { operation: "finance.entryTemplateRun.post", input: { entryTemplateRunId: runId } },
    key: runTaskKey(runId),
  });

export const runTaskKey = (runId: Id): string => `finance.entryTemplateRun:${runId}`;

async function advance(context: WriteContext, templates: readonly TemplateRow[]): Promise<void> {
  await context.db.run(sql`
    update finance.entry_template t set next_day = n.next_day
    from unnest(${templates.map((template) => template.id)}::uuid[],
      ${templates.map((template) => nextDueDay(recurrenceOf(template), context.today))}::date[]) as n (id, next_day)
    where t.tenant_id = ${context.tenantId} and t.id = n.id`);
}

const recurrenceOf = (template: TemplateRow) => ({
  rhythm: template.rhythm!,
  onDate: template.onDate!,
  fromDay: template.fromDay!,
  untilDay: template.untilDay,
});
