// The door of deadlines within the office: what the module lists.
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { HouseEvent, Reaction, Schedule } from "../../../platform/operation/module.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { deadlineEventRegister, deadlineRegister } from "./deadline.operations.ts";
import { calendarFeedRegister, createCalendarFeed, openCalendarFeed, readCalendarFeed, revokeCalendarFeed } from "./feed.operations.ts";
import { adoptRegime, createDeadlineRule, deadlineRuleRegister, retireDeadlineRule, startDeadline } from "./rule.operations.ts";
import { recountDeadlines, startDeadlinesOn } from "./rule.store.ts";
import { cancelDeadline, extendDeadline, pauseDeadline, resumeDeadline, submitDeadline } from "./submission.operations.ts";
import { sweepDeadlines } from "./sweep.ts";

export { deadlineLaws } from "./laws.ts";

export const deadlineRegisters = [deadlineRegister, deadlineRuleRegister, deadlineEventRegister, calendarFeedRegister];

export const deadlineOperations = [
  adoptRegime,
  createDeadlineRule,
  retireDeadlineRule,
  startDeadline,
  submitDeadline,
  extendDeadline,
  pauseDeadline,
  resumeDeadline,
  cancelDeadline,
  createCalendarFeed,
  revokeCalendarFeed,
  openCalendarFeed,
  readCalendarFeed,
];

export const deadlineSchedules: readonly Schedule[] = [
  {
    name: "office.deadline",
    says: "Warns of deadlines of laws and contracts before they pass, and says when one did, once each.",
    cron: "*/5 * * * *",
    does: async (context) => void (await sweepDeadlines(context)),
  },
];

/** The record an event is about, by the way events are named: `people.offer.accepted` is about the offer in `offerId`. */
function aboutOf(event: HouseEvent): { subject: string; id: Id } | undefined {
  const [department, subject] = event.name.split(".");
  const id = event.payload[`${subject}Id`];
  return typeof id === "string" ? { subject: `${department}.${subject}`, id: id as Id } : undefined;
}

async function startingEvents(events: readonly HouseEvent[], context: ReadContext): Promise<ReadonlySet<Id>> {
  const rules = await context.db.rows<{ startsOn: string }>(sql`
    select distinct starts_on from office.deadline_rule
    where tenant_id = ${context.tenantId} and state = 'in force' and starts_on = any(${events.map((event) => event.name)}::text[])`);
  const names = new Set(rules.map((rule) => rule.startsOn));
  return new Set(events.filter((event) => names.has(event.name)).map((event) => event.id));
}

export const deadlineReactions: readonly Reaction[] = [
  {
    to: "*",
    heeds: startingEvents,
    does: async (event, context) => {
      const about = aboutOf(event);
      await startDeadlinesOn(context, event.name, { at: event.at, ...(about && { about }) });
    },
  },
  { to: "directory.calendar.changed", does: (_event, context) => recountDeadlines(context) },
  { to: "directory.calendar.assigned", does: (_event, context) => recountDeadlines(context) },
  { to: "directory.calendar.holidaysAdded", does: (_event, context) => recountDeadlines(context) },
];
