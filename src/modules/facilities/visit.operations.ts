// Visitors: announced by their host, received with a badge, and counted when everyone has to leave the building.
import { z } from "zod";
import type { Day as KernelDay } from "../../kernel/day.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, Instant, ref, Text } from "../../platform/operation/field.ts";
import { anyone, operation, whoever } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { keepers, personName } from "./place.store.ts";

export const visitRegister = register({
  name: "facilities.visit",
  title: "Visits",
  does: "Who visits whom, who is in the house right now, and with which badge. Everyone sees their own visitors.",
  may: [...keepers, anyone],
  sees: (context) => sql`r.host_id = ${context.actor.personId}::uuid`,
  row: z.object({
    id: Id,
    visitor: z.string(),
    organisation: z.string().nullable(),
    state: z.enum(["expected", "here", "gone", "missed"]),
    day: Day,
    hostId: ref("directory.person"),
    host: z.string(),
    siteId: ref("directory.site"),
    site: z.string(),
    badge: z.string().nullable(),
    arrivedAt: Instant.nullable(),
    leftAt: Instant.nullable(),
    purpose: z.string().nullable(),
  }),
  label: "visitor",
  search: ["visitor", "organisation", "host"],
  grows: true,
  sort: "-day",
  places: { site: "siteId" },
  from: (context) => sql`
    select v.id, v.visitor, v.organisation, v.day, v.host_id, h.name as host, v.site_id, s.name as site, v.badge, v.arrived_at, v.left_at,
      v.purpose,
      case when v.left_at is not null then 'gone' when v.arrived_at is not null then 'here'
        when v.day < ${context.today}::date then 'missed' else 'expected' end as state
    from facilities.visit v
    join directory.party h on h.tenant_id = v.tenant_id and h.id = v.host_id
    join directory.place s on s.tenant_id = v.tenant_id and s.id = v.site_id
    where v.tenant_id = ${context.tenantId}`,
});

export const announceVisit = operation({
  name: "facilities.visit.announce",
  title: "Announce a visitor",
  does: "Says who comes to see whom, on which day and at which site, so that they are expected.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({
    visitor: Text(200),
    organisation: Text(200).optional(),
    siteId: ref("directory.site"),
    day: Day,
    hostId: ref("directory.person").optional().describe("Whom they visit; you, unless said otherwise."),
    purpose: Text(300).optional(),
  }),
  output: z.object({ id: Id }),
  refuses: {
    noHost: "Say whom they visit.",
    notFound: "There is no such site or person.",
    dayPast: "{day} is over. Choose today or a day to come.",
  },
  emits: ["facilities.visit.announced"],
  async run(input, context) {
    const hostId = input.hostId ?? context.actor.personId ?? refuse("noHost", {}, ["hostId"]);
    if (input.day < context.today) refuse("dayPast", { day: input.day }, ["day"]);
    await personName(context, hostId, "hostId");
    const site = await context.db.maybe(sql`
      select id from directory.place where tenant_id = ${context.tenantId} and id = ${input.siteId} and kind = 'site'`);
    if (!site) refuse("notFound", {}, ["siteId"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into facilities.visit (tenant_id, id, visitor, organisation, host_id, site_id, day, purpose)
      values (${context.tenantId}, ${id}, ${input.visitor}, ${input.organisation ?? null}, ${hostId}, ${input.siteId}, ${input.day}::date,
        ${input.purpose ?? null})`);
    context.emit("facilities.visit.announced", { visitId: id, hostId, siteId: input.siteId, day: input.day });
    return { id };
  },
});

interface Visit {
  readonly visitor: string;
  readonly hostId: KernelId;
  readonly siteId: KernelId;
  readonly day: KernelDay;
  readonly badge: string | null;
  readonly arrivedAt: Date | null;
  readonly leftAt: Date | null;
}

async function takeVisit(context: WriteContext, id: KernelId): Promise<Visit> {
  const found = await context.db.maybe<Visit>(sql`
    select visitor, host_id, site_id, day, badge, arrived_at, left_at from facilities.visit
    where tenant_id = ${context.tenantId} and id = ${id} for update`);
  return found ?? refuse("notFound");
}

const host = whoever<{ visitId: string }>("whoever they visit", async (input, context) => {
  if (!context.actor.personId) return false;
  const own = await context.db.maybe(sql`
    select id from facilities.visit where tenant_id = ${context.tenantId} and id = ${input.visitId}
      and host_id = ${context.actor.personId}`);
  return own !== undefined;
});

export const arriveVisit = operation({
  name: "facilities.visit.arrive",
  title: "Receive a visitor",
  does: "Says that a visitor has arrived and which badge they carry; their host is told.",
  kind: "write",
  may: [...keepers, host],
  input: z.strictObject({ visitId: ref("facilities.visit"), badge: Text(40).optional() }),
  output: z.object({ id: Id }),
  when: (visit) => visit["state"] === "expected",
  refuses: {
    notFound: "There is no such visit.",
    alreadyHere: "{visitor} has arrived already.",
    otherDay: "{visitor} is expected on {day}. Announce a visit for today instead.",
    badgeTaken: "A visitor in the house carries that badge. Take another.",
  },
  emits: ["facilities.visit.arrived"],
  constraints: { visit_badge_once: "badgeTaken" },
  async run({ visitId: id, badge }, context) {
    const visit = await takeVisit(context, id);
    if (visit.arrivedAt) refuse("alreadyHere", { visitor: visit.visitor });
    if (visit.day !== context.today) refuse("otherDay", { visitor: visit.visitor, day: visit.day });
    const taken = await context.db.maybe(sql`
      select id from facilities.visit
      where tenant_id = ${context.tenantId} and site_id = ${visit.siteId} and badge = ${badge ?? null} and arrived_at is not null
        and left_at is null`);
    if (taken) refuse("badgeTaken", {}, ["badge"]);
    await context.db.run(sql`
      update facilities.visit set arrived_at = ${context.now}, badge = ${badge ?? null} where tenant_id = ${context.tenantId}
        and id = ${id}`);
    if (visit.hostId !== context.actor.personId) {
      const about = { subject: "facilities.visit", id };
      await context.notify({ personId: visit.hostId, title: `${visit.visitor} has arrived`, about, event: "facilities.visit.arrived" });
    }
    context.emit("facilities.visit.arrived", { visitId: id, hostId: visit.hostId });
    return { id };
  },
});

export const leaveVisit = operation({
  name: "facilities.visit.leave",
  title: "See a visitor off",
  does: "Says that a visitor has left and their badge is back.",
  kind: "write",
  may: [...keepers, host],
  input: z.strictObject({ visitId: ref("facilities.visit") }),
  output: z.object({ id: Id }),
  when: (visit) => visit["state"] === "here",
  refuses: { notFound: "There is no such visit.", notHere: "{visitor} is not in the house." },
  emits: ["facilities.visit.left"],
  async run({ visitId: id }, context) {
    const visit = await takeVisit(context, id);
    if (!visit.arrivedAt || visit.leftAt) refuse("notHere", { visitor: visit.visitor });
    await context.db.run(sql`
      update facilities.visit set left_at = ${context.now} where tenant_id = ${context.tenantId} and id = ${id}`);
    context.emit("facilities.visit.left", { visitId: id });
    return { id };
  },
});
