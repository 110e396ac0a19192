// Rules of deadlines and the deadlines they started, as stored: beginning one, counting it anew, and writing down what happened to it.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { type BusinessCalendar, calendarFor, calendarsNamed } from "../../directory/index.ts";
import { resolveHolder } from "../responsibility/resolve.ts";
import { dueOf, type Period, warningsOf } from "./deadline.rules.ts";
import { type Regime, regimeRules, type RuleTerms } from "./regime.rules.ts";

export interface StoredRule extends Period {
  readonly id: Id;
  readonly code: string;
  readonly title: string;
  readonly reference: string;
  readonly calendarId: Id | null;
  readonly extensionAmount: number | null;
  readonly extensionTell: string | null;
  readonly pauseGround: string | null;
  readonly isReasonedWhenLate: boolean;
  readonly isConfidential: boolean;
  readonly warnHours: readonly number[];
  readonly activity: string;
}

const ruleColumns = sql`r.id, r.code, r.title, r.reference, r.unit, r.amount, r.is_put_off, r.calendar_id, r.extension_amount,
  r.extension_tell, r.pause_ground, r.is_reasoned_when_late, r.is_confidential, r.warn_hours, r.activity`;

export const rulesThat = (context: ReadContext, which: Sql): Promise<StoredRule[]> =>
  context.db.rows<StoredRule>(sql`
    select ${ruleColumns} from office.deadline_rule r
    where r.tenant_id = ${context.tenantId} and r.state = 'in force' and ${which} order by r.code`);

/** Puts the rules of a regime into force that are not there yet; returns how many. */
export function adoptRules(context: WriteContext, regime: Regime): Promise<number> {
  return writeRules(
    context,
    regimeRules.filter((rule) => rule.regime === regime),
  );
}

export function writeRules(
  context: WriteContext,
  rules: readonly (RuleTerms & { readonly calendarId?: Id | undefined })[],
): Promise<number> {
  const rows = rules.map((rule) => ({
    ...rule,
    id: context.newId(),
    extensionAmount: rule.extension?.amount,
    extensionTell: rule.extension?.tell,
  }));
  return context.db.run(sql`
    insert into office.deadline_rule (tenant_id, id, code, title, regime, reference, source, trigger, starts_on, follows, unit, amount,
      is_put_off, calendar_id, extension_amount, extension_tell, pause_ground, is_reasoned_when_late, is_confidential, warn_hours, activity,
      guidance, state)
    select ${context.tenantId}, g.id, g.code, g.title, g.regime, g.reference, g.source, g.trigger, g."startsOn",
      g.follows, g.unit, g.amount,
      g."isPutOff", g."calendarId", g."extensionAmount", g."extensionTell", g."pauseGround", g."isReasonedWhenLate", g."isConfidential",
      g."warnHours", g.activity, g.guidance, 'in force'
    from json_to_recordset(${JSON.stringify(rows)}::json) as g (
      id uuid, code text, title text, regime text, reference text, source text, trigger text, "startsOn" text, follows text, unit text,
      amount int, "isPutOff" boolean, "calendarId" uuid, "extensionAmount" int, "extensionTell" text, "pauseGround" text,
      "isReasonedWhenLate" boolean, "isConfidential" boolean, "warnHours" int[], activity text, guidance text)
    on conflict (tenant_id, code) do nothing`);
}

export interface Start {
  readonly about?: { readonly subject: string; readonly id: Id };
  /** What let it begin, and when; hours are counted from here. */
  readonly at: Date;
  /** What it is about, behind the title of the rule. */
  readonly called?: string;
  /** One that was called off runs again, from the same moment. */
  readonly again?: boolean;
}

/** Begins a deadline by its rule. One that the rule began for the record already stays as it is. */
export async function startByRule(context: WriteContext, rule: StoredRule, start: Start): Promise<Id> {
  const there = start.about && (await context.db.maybe<{ id: Id }>(sql`
    select id from office.deadline where tenant_id = ${context.tenantId} and rule_id = ${rule.id}
      and about_id = ${start.about.id}`)); // prettier-ignore
  if (there && start.again) await runAgain(context, there.id);
  if (there) return there.id;
  const calendar = await calendarOfRule(context, rule.calendarId);
  const due = dueOf(rule, { at: start.at, pauses: [], extension: 0 }, calendar);
  const warnings = warningsOf(due, start.at, rule.warnHours);
  const id = context.newId();
  const { personId } = await resolveHolder(context, rule.activity);
  const title = start.called ? `${rule.title}: ${start.called}` : rule.title;
  await context.db.run(sql`
    insert into office.deadline (tenant_id, id, title, due, state, activity, person_id, about_subject, about_id, opened_at, rule_id,
      is_confidential, unit, amount, triggered_at, due_at, warnings, warn_at)
    values (${context.tenantId}, ${id}, ${title}, ${due.day}, 'open', ${rule.activity}, ${personId}, ${start.about?.subject ?? null},
      ${start.about?.id ?? null}, ${context.now}, ${rule.id}, ${rule.isConfidential}, ${rule.unit}, ${rule.amount}, ${start.at}, ${due.at},
      ${warnings}::timestamptz[], ${warnings[0] ?? null})`);
  await writeEvent(context, id, "begun", `${rule.reference}: ${periodText(rule)}`);
  if (personId && personId !== context.actor.personId) {
    const about = { subject: "office.deadline", id };
    await context.notify({ personId, title: `A deadline has begun: ${rule.title}`, about, event: "office.deadline.near" });
  }
  return id;
}

async function runAgain(context: WriteContext, deadlineId: Id): Promise<void> {
  const reopened = await context.db.run(sql`
    update office.deadline set state = 'open', closed_on = null
    where tenant_id = ${context.tenantId} and id = ${deadlineId} and state = 'cancelled'`);
  if (reopened === 0) return;
  await recountTogether(context, await lockedDeadlines(context, sql`d.id = ${deadlineId}`));
  await writeEvent(context, deadlineId, "resumed", "It is due after all.");
}

/** Begins every deadline that an event of a department lets begin; returns how many rules mind it. */
export async function startDeadlinesOn(context: WriteContext, event: string, start: Start): Promise<number> {
  const rules = await rulesThat(context, sql`r.starts_on = ${event}`);
  // A handful of rules, each with its own calendar and holder.
  for (const rule of rules) await startByRule(context, rule, start);
  return rules.length;
}

/** Begins the deadline of one rule, by its code. */
export async function startDeadlineBy(context: WriteContext, code: string, start: Start): Promise<Id | undefined> {
  const [rule] = await rulesThat(context, sql`r.code = ${code}`);
  return rule && startByRule(context, rule, start);
}

export interface RuleDeadline extends Period {
  readonly id: Id;
  readonly title: string;
  readonly state: "open" | "paused" | "met" | "submitted" | "cancelled";
  readonly ruleId: Id | null;
  readonly code: string;
  readonly personId: Id | null;
  readonly activity: string;
  readonly aboutSubject: string | null;
  readonly aboutId: Id | null;
  readonly triggeredAt: Date;
  readonly dueAt: Date | null;
  readonly due: Day;
  readonly extendedBy: number | null;
  readonly extensionAmount: number | null;
  readonly extensionTell: string | null;
  readonly pauseGround: string | null;
  readonly isReasonedWhenLate: boolean;
  readonly warnHours: readonly number[];
  readonly pauses: readonly Date[];
  readonly calendarId: Id | null;
}

/** A deadline with its rule, locked; only one that the actor may see. Refuses `notFound` and `notByRule`. */
export async function lockRuleDeadline(context: WriteContext, deadlineId: Id): Promise<RuleDeadline> {
  const [found] = await lockedDeadlines(context, sql`d.id = ${deadlineId} and ${seen(context, sql`d`)}`);
  if (!found) refuse("notFound");
  if (!found.ruleId) refuse("notByRule");
  return found;
}

function lockedDeadlines(context: WriteContext, which: Sql): Promise<RuleDeadline[]> {
  return context.db.rows<RuleDeadline>(sql`
    select d.id, d.title, d.state, d.rule_id, r.code, d.person_id, d.activity, d.about_subject, d.about_id, d.triggered_at, d.due_at, d.due,
      d.extended_by, d.unit, d.amount, d.pauses, r.is_put_off, r.extension_amount, r.extension_tell,
      r.pause_ground, r.is_reasoned_when_late,
      r.warn_hours, r.calendar_id
    from office.deadline d left join office.deadline_rule r on r.tenant_id = d.tenant_id and r.id = d.rule_id
    where d.tenant_id = ${context.tenantId} and ${which} order by d.id for update of d`);
}

/** Confidential deadlines exist only for whoever has them, and the owner of the company. */
export const seen = (context: ReadContext, d: Sql): Sql =>
  sql`(not ${d}.is_confidential or ${d}.person_id = ${context.actor.personId}
    or ${context.holds("owner")} or ${context.actor.kind === "system"})`;

/** Counts a deadline anew after it was extended or went on. */
export async function recount(context: WriteContext, deadline: RuleDeadline): Promise<Day> {
  return (await recountTogether(context, [deadline]))[0]!.day;
}

/** Counts every open deadline anew that reckons in days or months, because the calendar of one of them changed. */
export async function recountDeadlines(context: WriteContext): Promise<void> {
  const which = sql`d.state = 'open' and d.rule_id is not null and d.unit in ('days', 'businessDays', 'months')`;
  await recountTogether(context, await lockedDeadlines(context, which));
}

async function recountTogether(context: WriteContext, deadlines: readonly RuleDeadline[]): Promise<{ readonly day: Day }[]> {
  if (deadlines.length === 0) return [];
  const ids = [...new Set(deadlines.flatMap((deadline) => (deadline.calendarId ? [deadline.calendarId] : [])))];
  const [named, { calendar: company }] = [await calendarsNamed(context, ids), await calendarFor(context)];
  const rows = deadlines.map((deadline) => {
    const calendar = deadline.calendarId ? named.get(deadline.calendarId)! : company;
    const { triggeredAt: at, pauses, extendedBy } = deadline;
    const due = dueOf(deadline, { at, pauses, extension: extendedBy ?? 0 }, calendar);
    const warnings = warningsOf(due, at, deadline.warnHours);
    const told = warnings.filter((instant) => instant <= context.now).length;
    return {
      id: deadline.id,
      day: due.day,
      due_at: due.at,
      pauses,
      extended_by: extendedBy,
      warnings,
      told,
      warn_at: warnings[told] ?? null,
    };
  });
  await context.db.run(sql`
    update office.deadline d set due = g.day, due_at = g.due_at, warnings = g.warnings, pauses = g.pauses, extended_by = g.extended_by,
      warn_at = g.warn_at, warnings_told = g.told
    from json_to_recordset(${JSON.stringify(rows)}::json) as g (id uuid, day date, due_at timestamptz, warnings timestamptz[],
      pauses timestamptz[], extended_by int, told int, warn_at timestamptz)
    where d.tenant_id = ${context.tenantId} and d.id = g.id`);
  return rows;
}

export async function writeEvent(context: WriteContext, deadlineId: Id, kind: string, text: string): Promise<void> {
  await context.db.run(sql`
    insert into office.deadline_event (tenant_id, id, deadline_id, kind, text, at, by_name)
    values (${context.tenantId}, ${context.newId()}, ${deadlineId}, ${kind}, ${text}, ${context.now}, ${context.actor.name})`);
}

async function calendarOfRule(context: ReadContext, calendarId: Id | null): Promise<BusinessCalendar> {
  if (calendarId) return (await calendarsNamed(context, [calendarId])).get(calendarId)!;
  return (await calendarFor(context)).calendar;
}

const unitWords: Readonly<Record<Period["unit"], string>> = {
  hours: "hours",
  days: "days",
  businessDays: "working days",
  months: "months",
  promptly: "",
};

export const periodText = ({ amount, unit }: Period): string =>
  amount === null ? "without undue delay" : `${amount} ${amount === 1 ? unitWords[unit].slice(0, -1) : unitWords[unit]}`;

/** The deadlines that rules began for a record, by the code of the rule. */
export async function deadlinesByRule(
  context: ReadContext,
  about: { readonly id: Id },
): Promise<ReadonlyMap<string, { id: Id; state: string }>> {
  const found = await context.db.rows<{ id: Id; code: string; state: string }>(sql`
    select d.id, r.code, d.state from office.deadline d join office.deadline_rule r on r.tenant_id = d.tenant_id and r.id = d.rule_id
    where d.tenant_id = ${context.tenantId} and d.about_id = ${about.id}`);
  return new Map(found.map((row) => [row.code, { id: row.id, state: row.state }]));
}
