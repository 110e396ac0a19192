// What a party is to the company: customer, supplier, candidate, employee and so on, each from a day and until a day.
import { z } from "zod";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";
import { Day, Id, ref } from "../../platform/operation/field.ts";
import { anyone, operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { giveRole } from "./party.store.ts";

export const PartyRole = z.enum(["customer", "supplier", "candidate", "employee", "contractor", "visitor", "bank", "authority"]);

const row = z.object({
  id: Id,
  name: z.string(),
  kind: z.enum(["person", "organisation"]),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  city: z.string().nullable(),
  country: z.string().nullable(),
  taxNumber: z.string().nullable(),
  roles: z.string(),
});

const parties = (context: ReadContext, asOf: string) => sql`
  select p.id, p.name, p.kind, p.email, p.phone, p.city, p.country, p.tax_number,
    coalesce(o.roles, '') as roles, coalesce(o.list, '{}') as role_list
  from directory.party p
  left join lateral (
    select string_agg(distinct o.role, ', ' order by o.role) as roles, array_agg(o.role) as list from directory.party_role o
    where o.tenant_id = ${context.tenantId} and o.party_id = p.id
      and o.from_day <= ${asOf}::date and (o.until_day is null or o.until_day >= ${asOf}::date)) o on true
  where p.tenant_id = ${context.tenantId}`;

export const partyRegister = register({
  name: "directory.party",
  title: "Parties",
  does: "Every person and organisation the company deals with, in whatever role.",
  may: [anyone, "directory.manager"],
  row,
  label: "name",
  search: ["name", "email", "taxNumber"],
  inner: true,
  sees: () => sql`r.roles <> 'candidate'`,
  from: parties,
});

export const customerRegister = register({
  name: "directory.customer",
  title: "Customers",
  does: "Who buys from the company on that day.",
  may: [anyone],
  row,
  label: "name",
  search: ["name", "taxNumber"],
  searchIndexed: true,
  dated: true,
  from: (context, asOf) => sql`select * from (${parties(context, asOf)}) p where 'customer' = any (p.role_list)`,
});

export const supplierRegister = register({
  name: "directory.supplier",
  title: "Suppliers",
  does: "Whom the company buys from on that day.",
  may: [anyone],
  row,
  label: "name",
  search: ["name", "taxNumber"],
  searchIndexed: true,
  dated: true,
  from: (context, asOf) => sql`select * from (${parties(context, asOf)}) p where 'supplier' = any (p.role_list)`,
});

export const addRole = operation({
  name: "directory.party.addRole",
  title: "Give a role",
  does: "Says what a person or an organisation is to the company from a day on, for instance a supplier.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({ partyId: ref("directory.party"), role: PartyRole, from: Day.optional() }),
  output: z.object({ partyId: Id }),
  refuses: {
    notFound: "There is no such person or organisation.",
    roleHeld: "{party} is already {role} on that day or later. Nothing is to be done.",
  },
  emits: ["directory.party.roleAdded"],
  async run(input, context) {
    const party = await lockParty(context, input.partyId);
    if (!(await giveRole(context, input.partyId, input.role, input.from ?? context.today))) {
      refuse("roleHeld", { party: party.name, role: input.role });
    }
    context.emit("directory.party.roleAdded", { partyId: input.partyId, role: input.role });
    return { partyId: input.partyId };
  },
});

export const endRole = operation({
  name: "directory.party.endRole",
  title: "End a role",
  does: "Says until which day a person or an organisation keeps a role; a role that has not begun by then is taken back.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({ partyId: ref("directory.party"), role: PartyRole, lastDay: Day }),
  output: z.object({ partyId: Id }),
  refuses: {
    notFound: "There is no such person or organisation.",
    roleNotHeld: "{party} is not {role} after {day}.",
  },
  emits: ["directory.party.roleEnded"],
  async run(input, context) {
    const party = await lockParty(context, input.partyId);
    const which = sql`tenant_id = ${context.tenantId} and party_id = ${input.partyId} and role = ${input.role}`;
    const taken = await context.db.run(sql`delete from directory.party_role where ${which} and from_day > ${input.lastDay}::date`);
    const ended = await context.db.run(sql`
      update directory.party_role set until_day = ${input.lastDay}::date
      where ${which} and from_day <= ${input.lastDay}::date and (until_day is null or until_day > ${input.lastDay}::date)`);
    if (taken + ended === 0) refuse("roleNotHeld", { party: party.name, role: input.role, day: input.lastDay });
    context.emit("directory.party.roleEnded", { partyId: input.partyId, role: input.role, lastDay: input.lastDay });
    return { partyId: input.partyId };
  },
});

/** Takes the party's row, so that what is decided about its roles and seats cannot be overtaken. */
async function lockParty(context: ReadContext, id: string): Promise<{ name: string }> {
  const found = await context.db.maybe<{ name: string }>(sql`
    select name from directory.party where tenant_id = ${context.tenantId} and id = ${id} for update`);
  return found ?? refuse("notFound");
}
