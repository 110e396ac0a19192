// Licences and subscriptions: how many seats were bought, who sits on them, and when one must have given notice.
import { z } from "zod";
import type { Day as KernelDay } from "../../kernel/day.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import { Day, Id, Money, ref, Text } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { keepers } from "./device.register.ts";
import { mustBePerson } from "./system.operations.ts";

export const licenceRegister = register({
  name: "it.licence",
  title: "Licences",
  does: "Licences and subscriptions: seats bought and used, cost of a term, and the last day to give notice.",
  may: [...keepers],
  row: z.object({
    id: Id,
    name: z.string(),
    state: z.enum(["running", "ended"]),
    systemId: ref("it.system").nullable(),
    system: z.string().nullable(),
    supplierId: ref("directory.organisation").nullable(),
    supplier: z.string().nullable(),
    seats: z.number().int(),
    used: z.number().int(),
    free: z.number().int(),
    cost: Money.nullable().describe("For one term."),
    renewsOn: Day.nullable(),
    noticeBy: Day.nullable().describe("The last day to give notice, else it renews."),
    endedOn: Day.nullable(),
  }),
  label: "name",
  search: ["name", "supplier"],
  totals: ["cost"],
  from: (context) => sql`
    select l.id, l.name, case when l.ended_on <= ${context.today}::date then 'ended' else 'running' end as state, l.system_id,
      s.name as system,
      l.supplier_id, o.name as supplier, l.seats, u.used, l.seats - u.used as free, l.cost_minor as cost, l.cost_currency as currency,
      l.renews_on, l.renews_on - l.notice_days as notice_by, l.ended_on
    from it.licence l
    left join it.system s on s.tenant_id = l.tenant_id and s.id = l.system_id
    left join directory.party o on o.tenant_id = l.tenant_id and o.id = l.supplier_id
    cross join lateral (select count(*)::int as used from it.licence_seat t
      where t.tenant_id = l.tenant_id and t.licence_id = l.id and t.ended_on is null) u
    where l.tenant_id = ${context.tenantId}`,
});

export const licenceSeatRegister = register({
  name: "it.licenceSeat",
  title: "Licence seats",
  does: "Who uses which licence.",
  may: [...keepers],
  inner: true,
  row: z.object({
    id: Id,
    label: z.string(),
    licenceId: ref("it.licence"),
    licence: z.string(),
    personId: ref("directory.person"),
    person: z.string(),
    state: z.enum(["used", "ended"]),
    fromDay: Day,
    endedOn: Day.nullable(),
  }),
  label: "label",
  from: (context) => sql`
    select t.id, l.name || ', ' || p.name as label, t.licence_id, l.name as licence, t.person_id, p.name as person,
      case when t.ended_on is null then 'used' else 'ended' end as state, t.from_day, t.ended_on
    from it.licence_seat t
    join it.licence l on l.tenant_id = t.tenant_id and l.id = t.licence_id
    join directory.party p on p.tenant_id = t.tenant_id and p.id = t.person_id
    where t.tenant_id = ${context.tenantId}`,
});

export const createLicence = operation({
  name: "it.licence.create",
  title: "Add a licence",
  does: "Adds a licence or subscription with its seats, cost and renewal.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({
    name: Text(120),
    seats: z.number().int().min(1).max(100_000),
    systemId: ref("it.system").optional(),
    supplierId: ref("directory.organisation").optional(),
    cost: Money.optional().describe("For one term."),
    renewsOn: Day.optional(),
    noticeDays: z.number().int().min(0).max(730).default(0),
  }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such system or supplier.", nameTaken: "There is a licence {name} already. Use that one." },
  emits: ["it.licence.created"],
  example: { name: "Design suite", seats: 10, renewsOn: "2027-03-01", noticeDays: 60 },
  async run(input, context) {
    const { tenantId, db } = context;
    const known = await db.row<{ system: boolean; supplier: boolean }>(sql`
      select (${input.systemId ?? null}::uuid is null
          or exists (select from it.system where tenant_id = ${tenantId} and id = ${input.systemId ?? null})) as system,
        (${input.supplierId ?? null}::uuid is null or exists (select from directory.party
          where tenant_id = ${tenantId} and id = ${input.supplierId ?? null} and kind = 'organisation')) as supplier`);
    if (!known.system || !known.supplier) refuse("notFound", {}, [known.system ? "supplierId" : "systemId"]);
    const id = context.newId();
    const made = await db.run(sql`
      insert into it.licence (tenant_id, id, name, system_id, supplier_id, seats, renews_on, notice_days, cost_minor, cost_currency)
      values (${tenantId}, ${id}, ${input.name}, ${input.systemId ?? null}, ${input.supplierId ?? null}, ${input.seats},
        ${input.renewsOn ?? null}::date, ${input.noticeDays}, ${input.cost?.minor ?? null}, ${input.cost?.currency ?? null})
      on conflict on constraint licence_name_once do nothing`);
    if (made === 0) refuse("nameTaken", { name: input.name }, ["name"]);
    context.emit("it.licence.created", { licenceId: id, renewsOn: input.renewsOn ?? null });
    return { id };
  },
});

export const assignLicence = operation({
  name: "it.licence.assign",
  title: "Give someone a seat",
  does: "Gives a person a seat of a licence, as long as one is free.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ licenceId: ref("it.licence"), personId: ref("directory.person"), from: Day }),
  output: z.object({ id: Id }),
  when: (licence) => licence["state"] === "running" && Number(licence["free"]) > 0,
  refuses: {
    notFound: "There is no such licence or person.",
    seatGiven: "{person} has a seat of {licence} already.",
    noSeatFree: "All {seats} seats of {licence} are used. Free one, or buy more.",
  },
  emits: ["it.licence.assigned"],
  async run({ licenceId, personId, from }, context) {
    const { tenantId, db } = context;
    // The licence is taken first, so that the last free seat is given once.
    const licence = await db.maybe<{ name: string; seats: number }>(sql`
      select name, seats from it.licence
      where tenant_id = ${tenantId} and id = ${licenceId} and (ended_on is null or ended_on > ${context.today}::date) for no key update`);
    if (!licence) refuse("notFound", {}, ["licenceId"]);
    const person = await mustBePerson(context, personId);
    const use = await db.row<{ used: number; own: number }>(sql`
      select count(*)::int as used, (count(*) filter (where person_id = ${personId}))::int as own from it.licence_seat
      where tenant_id = ${tenantId} and licence_id = ${licenceId} and ended_on is null`);
    if (use.own > 0) refuse("seatGiven", { person: person.name, licence: licence.name });
    if (use.used >= licence.seats) refuse("noSeatFree", { seats: licence.seats, licence: licence.name });
    const id = context.newId();
    await db.run(sql`
      insert into it.licence_seat (tenant_id, id, licence_id, person_id, from_day)
      values (${tenantId}, ${id}, ${licenceId}, ${personId}, ${from}::date)`);
    context.emit("it.licence.assigned", { licenceId, personId, licenceSeatId: id });
    return { id };
  },
});

export const freeLicenceSeat = operation({
  name: "it.licenceSeat.end",
  title: "Free a seat",
  does: "Takes a seat of a licence from someone, so that it can be given to another.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ licenceSeatId: ref("it.licenceSeat"), on: Day }),
  output: z.object({ id: Id }),
  when: (seat) => seat["state"] === "used",
  refuses: {
    notFound: "There is no such seat.",
    seatEnded: "It was freed on {day} already.",
    endBeforeStart: "The seat was given on {from}. It cannot be freed before.",
  },
  emits: ["it.licenceSeat.ended"],
  async run({ licenceSeatId, on }, context) {
    const seat = await context.db.maybe<{ from: KernelDay; endedOn: KernelDay | null; personId: KernelId }>(sql`
      select from_day as from, ended_on, person_id from it.licence_seat
      where tenant_id = ${context.tenantId} and id = ${licenceSeatId} for update`);
    if (!seat) refuse("notFound");
    if (seat.endedOn) refuse("seatEnded", { day: seat.endedOn });
    if (on < seat.from) refuse("endBeforeStart", { from: seat.from }, ["on"]);
    await context.db.run(sql`
      update it.licence_seat set ended_on = ${on}::date where tenant_id = ${context.tenantId} and id = ${licenceSeatId}`);
    context.emit("it.licenceSeat.ended", { licenceSeatId, personId: seat.personId });
    return { id: licenceSeatId };
  },
});
