// Looking ahead: when a rule comes round, before it is saved and after. The form asks this while someone types.
import { z } from "zod";
import { toText } from "rrule-temporal/totext";
import { RRuleTemporal } from "rrule-temporal";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Day, Id, Instant, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, operation } from "../../../platform/operation/operation.ts";
import { isRule } from "./recurrence.rules.ts";
import { wallAt } from "./wall.rules.ts";
import { anchors, nextTimes, shifts, type Terms, type Time } from "./schedule.rules.ts";
import { zoneOfCompany } from "./schedule.ts";
import { standingOf, type StoredSchedule, takeTerms, workedDaysBy } from "./schedule.store.ts";

export const Clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time like 09:30")
  .describe("The time of day, such as 09:30; without one it is for the whole day.");
export const Zone = Text(60).refine(isZone, "must be a zone like Europe/Berlin");

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

export const wallOf = (day: KernelDay, clock: string | undefined): string => (clock === undefined ? day : `${day}T${clock}:00`);

const Coming = z.object({ scheduled: z.string(), due: Day, opensAt: Instant });
const shown = (times: readonly Time[]) =>
  times.map(({ scheduled, due, opensAt }) => ({ scheduled: scheduled.replace("T", " ").slice(0, 16), due, opensAt: new Date(opensAt) }));

/** A rule in words, where the library has them. */
function inWords(rule: string): string {
  try {
    return toText(new RRuleTemporal({ rruleString: `DTSTART;TZID=UTC:20260101T000000\nRRULE:${rule.replace(/^RRULE:/i, "")}` }));
  } catch {
    return rule;
  }
}

export const previewSchedule = operation({
  name: "office.schedule.preview",
  title: "When a rule comes round",
  does: "Says in words what a rule means and lists the next times it comes round, before it is saved.",
  kind: "read",
  may: [anyone],
  input: z.strictObject({
    firstDay: Day,
    clock: Clock.optional(),
    zone: Zone.optional(),
    rule: Text(300),
    anchor: z.enum(anchors).default("fixed"),
    leadDays: z.number().int().min(0).max(365).default(0),
    shift: z.enum(shifts).default("none"),
    calendarId: ref("directory.calendar").optional(),
    lastDay: Day.optional(),
    limit: z.number().int().min(1).max(60).default(5),
  }),
  output: z.object({ words: z.string(), times: z.array(Coming) }),
  refuses: { ruleUnreadable: "The rule {rule} cannot be followed. Write one like FREQ=MONTHLY;BYMONTHDAY=1, by days or slower." },
  example: { firstDay: "2026-12-01", rule: "FREQ=MONTHLY;BYDAY=1MO" },
  async run(input, context) {
    if (!isRule(input.rule)) refuse("ruleUnreadable", { rule: input.rule }, ["rule"]);
    const terms: Terms = {
      ...input,
      start: wallOf(input.firstDay, input.clock),
      zone: input.zone ?? (await zoneOfCompany(context)),
      horizonDays: 0,
      missed: "once",
      missedMax: 1,
      lastDay: input.lastDay ?? null,
      meter: null,
    };
    const worked = await workedDaysBy(context, [input.calendarId ?? null]);
    const today = wallAt(context.now.getTime(), terms.zone).slice(0, 10);
    // The next ones from today on; of a rule that begins later, its first.
    const before = terms.anchor === "fixed" && today > input.firstDay ? `${dayBefore(today)}T23:59:59` : undefined;
    return { words: inWords(input.rule), times: shown(nextTimes(terms, before, input.limit, worked(input.calendarId ?? null))) };
  },
});

const dayBefore = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

export const nextOfSchedule = operation({
  name: "office.schedule.next",
  title: "The next times of a schedule",
  does: "Lists the next times a schedule comes round, those that are written down already and those beyond.",
  kind: "read",
  may: [anyone],
  input: z.strictObject({ scheduleId: ref("office.schedule"), limit: z.number().int().min(1).max(60).default(5) }),
  output: z.object({ id: Id, words: z.string(), times: z.array(Coming) }),
  refuses: { notFound: "There is no such schedule, or it is not yours to see." },
  async run({ scheduleId: id, limit }, context) {
    if (!(await context.mayRead("office.schedule", id))) refuse("notFound");
    const [schedule] = await takeTerms(context, sql`s.id = ${id}`);
    if (!schedule) refuse("notFound");
    return { id, words: schedule.rule === null ? "" : inWords(schedule.rule), times: shown(await comingOf(context, schedule, limit)) };
  },
});

async function comingOf(context: ReadContext, schedule: StoredSchedule, limit: number): Promise<readonly Time[]> {
  if (schedule.state !== "running") return [];
  const { planned, openCount, after } = (await standingOf(context, [schedule])).get(schedule.id)!;
  // Of a completion anchor nobody can know what follows the one that is open.
  if (schedule.anchor === "completion" && openCount > 0) return [];
  const worked = await workedDaysBy(context, [schedule.calendarId]);
  const further = nextTimes(schedule, planned.at(-1)?.scheduled ?? after, limit, worked(schedule.calendarId));
  return [...planned, ...further].slice(0, limit);
}
