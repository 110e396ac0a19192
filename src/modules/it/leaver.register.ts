// Who has left and still holds something: the list that must become empty.
import { z } from "zod";
import { type Sql, sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";
import { Day, Id, ref } from "../../platform/operation/field.ts";
import { register } from "../../platform/operation/register.ts";
import { keepers } from "./device.register.ts";

/** People who worked here and do so no more, with what they still hold: things, accounts, licence seats. */
export const leaversHolding = (context: ReadContext): Sql => sql`
  with worked as (
    select party_id as person_id, from_day, until_day from directory.party_role
    where tenant_id = ${context.tenantId} and role in ('employee', 'contractor')
    union all
    select person_id, lower(during), upper(during) - 1 from directory.holding where tenant_id = ${context.tenantId}),
  gone as (
    select person_id, max(until_day) as last_day from worked group by person_id
    having bool_and(until_day is not null and until_day < ${context.today}::date))
  select g.person_id as id, p.name as label, g.person_id, p.name as person, g.last_day, t.things::int as things,
    a.accounts::int as accounts,
    s.seats::int as seats, concat_ws(', ', t.named, a.named) as still_holds
  from gone g
  join directory.party p on p.tenant_id = ${context.tenantId} and p.id = g.person_id
  cross join lateral (select count(*) as things, string_agg(h.tag || ' ' || h.name, ', ' order by h.tag) as named from assets.thing h
    where h.tenant_id = ${context.tenantId} and h.holder_id = g.person_id) t
  cross join lateral (select count(*) as accounts, string_agg(y.name || ' (' || c.login || ')', ', ' order by y.name) as named
    from it.account c
    join it.system y on y.tenant_id = c.tenant_id and y.id = c.system_id
    where c.tenant_id = ${context.tenantId} and c.person_id = g.person_id and c.state <> 'closed') a
  cross join lateral (select count(*) as seats from it.licence_seat l
    where l.tenant_id = ${context.tenantId} and l.person_id = g.person_id and l.ended_on is null) s
  where t.things + a.accounts + s.seats > 0`;

export const leaverRegister = register({
  name: "it.leaver",
  title: "Leavers who still hold something",
  does: "Everyone who has left and still holds a thing, an account or a licence. It should be empty.",
  may: [...keepers, "directory.manager"],
  row: z.object({
    id: Id,
    label: z.string(),
    personId: ref("directory.person"),
    person: z.string(),
    lastDay: Day,
    things: z.number().int(),
    accounts: z.number().int(),
    seats: z.number().int().describe("Licence seats."),
    stillHolds: z.string(),
  }),
  label: "label",
  sort: "lastDay",
  from: leaversHolding,
});
