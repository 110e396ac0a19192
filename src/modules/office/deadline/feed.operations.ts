// Feeds for calendar programs: a secret address, shown once and revocable, under which everything due that a person may see can be read.
import { z } from "zod";
import { addDays } from "../../../kernel/day.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import { hashOfSecret, newSecret } from "../../../platform/identity/secret.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Id, Instant, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, operation, whoever } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { reportsBelow } from "../../directory/index.ts";
import { whatIsDue } from "./deadline.operations.ts";
import { type Due, feedOf } from "./feed.rules.ts";

const scopes = ["mine", "team", "all"] as const;
type Scope = (typeof scopes)[number];

export const calendarFeedRegister = register({
  name: "office.calendarFeed",
  title: "My calendar feeds",
  does: "Addresses under which your calendar program reads what is due. Whoever has one can read it: revoke it when it is lost.",
  may: [anyone],
  inner: true,
  row: z.object({ id: Id, name: z.string(), scope: z.enum(scopes), state: z.enum(["active", "revoked"]), createdAt: Instant }),
  label: "name",
  sort: "-createdAt",
  from: (context) => sql`
    select id, name, scope, created_at, case when revoked_at is null then 'active' else 'revoked' end as state
    from office.calendar_feed where tenant_id = ${context.tenantId} and user_id = ${context.actor.userId}`,
});

export const createCalendarFeed = operation({
  name: "office.calendarFeed.create",
  title: "Make a calendar feed",
  does: "Makes a secret address that a calendar program can subscribe to. It is shown once, now.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({
    name: Text(100).describe("Where it will be used, e.g. my phone."),
    scope: z.enum(scopes).default("mine").describe("What is with me; also with those who answer to me; or everything I may see."),
  }),
  output: z.object({ id: Id, path: z.string() }),
  hides: ["path"],
  refuses: { noPerson: "Only a person of the directory who signs in has a calendar." },
  emits: ["office.calendarFeed.created"],
  example: { name: "my phone", scope: "mine" },
  async run({ name, scope }, context) {
    const { userId, personId } = context.actor;
    if (!userId || !personId) refuse("noPerson");
    const id = context.newId();
    const secret = newSecret();
    await context.db.run(sql`
      insert into office.calendar_feed (tenant_id, id, user_id, person_id, name, scope, secret_hash, created_at)
      values (${context.tenantId}, ${id}, ${userId}, ${personId}, ${name}, ${scope}, ${hashOfSecret(secret)}, ${context.now})`);
    context.emit("office.calendarFeed.created", { calendarFeedId: id });
    return { id, path: `/calendar/${context.tenantId}.${secret}.ics` };
  },
});

export const revokeCalendarFeed = operation({
  name: "office.calendarFeed.revoke",
  title: "Revoke a calendar feed",
  does: "Ends one of your feeds at once: its address answers no more.",
  kind: "write",
  may: [anyone],
  when: (record) => record["state"] === "active",
  input: z.strictObject({ calendarFeedId: ref("office.calendarFeed") }),
  output: z.object({ id: Id }),
  refuses: { notFound: "You have no such active feed." },
  emits: ["office.calendarFeed.revoked"],
  async run({ calendarFeedId }, context) {
    const touched = await context.db.run(sql`
      update office.calendar_feed set revoked_at = ${context.now}
      where tenant_id = ${context.tenantId} and id = ${calendarFeedId} and user_id = ${context.actor.userId} and revoked_at is null`);
    if (touched === 0) refuse("notFound");
    context.emit("office.calendarFeed.revoked", { calendarFeedId });
    return { id: calendarFeedId };
  },
});

export const openCalendarFeed = operation({
  name: "office.calendarFeed.open",
  title: "Whose feed it is",
  does: "Tells the house whose calendar an address opens, so that it is read as that person and nobody else.",
  kind: "read",
  may: [
    whoever<{ secret: string }>("whoever it belongs to", async ({ secret }, context) => {
      const found = await context.db.maybe(sql`
        select id from office.calendar_feed
        where tenant_id = ${context.tenantId} and secret_hash = ${hashOfSecret(secret)} and user_id = ${context.actor.userId}`);
      return found !== undefined;
    }),
  ],
  input: z.strictObject({ secret: z.string().max(100) }),
  output: z.object({ userId: Id, scope: z.enum(scopes) }),
  refuses: { notFound: "There is no such feed, or it was revoked." },
  async run({ secret }, context) {
    const found = await context.db.maybe<{ userId: never; scope: Scope }>(sql`
      select user_id, scope from office.calendar_feed
      where tenant_id = ${context.tenantId} and secret_hash = ${hashOfSecret(secret)} and revoked_at is null`);
    return found ?? refuse("notFound");
  },
});

export const readCalendarFeed = operation({
  name: "office.calendarFeed.read",
  title: "Everything due as a calendar",
  does:
    "Gives what is due and open as iCalendar text: your own, your team's, or everything you may see; " +
    "confidential things without words.",
  kind: "read",
  may: [anyone],
  input: z.strictObject({ scope: z.enum(scopes).default("mine") }),
  output: z.object({ text: z.string() }),
  async run({ scope }, context) {
    const dues = await context.db.rows<Due>(sql`
      select d.id, case when d.is_confidential then 'Confidential' else d.title end as title, d.due, d.due_at, d.source,
        case when d.is_confidential then null else u.reference end as rule, p.name as person, d.opened_at
      from (${whatIsDue(context)}) d
      left join office.deadline_rule u on u.tenant_id = ${context.tenantId} and u.id = d.rule_id
      left join directory.party p on p.tenant_id = ${context.tenantId} and p.id = d.person_id
      where d.state in ('open', 'paused') and d.due > ${addDays(context.today, -366)}::date
        and (d.person_id = ${context.actor.personId} or not d.is_confidential and ${within(context, scope)})
      order by d.due, d.id limit 3000`);
    return { text: feedOf("Heartwood", dues) };
  },
});

/** What of others this person may see: all for those who see the whole list, the team's for whoever leads it. */
function within(context: ReadContext, scope: Scope): Sql {
  if (scope === "mine") return sql`false`;
  if (scope === "all" && (context.holds("owner") || context.holds("office.manager"))) return sql`true`;
  const team = sql`d.person_id in (${reportsBelow(context, context.actor.personId, context.today)})`;
  return scope === "all" ? sql`(d.is_shown or ${team})` : team;
}
