// People the company knows: employees, candidates, contacts, visitors. One record for each person, whatever they become.
import { z } from "zod";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import { anyone, operation, self } from "../../platform/operation/operation.ts";
import { Id, ref, Text } from "../../platform/operation/field.ts";
import { register } from "../../platform/operation/register.ts";
import { changeParty } from "./party.store.ts";

export const personRegister = register({
  name: "directory.person",
  title: "People",
  does: "Everyone the company knows by name, with how to reach them.",
  may: [anyone, "directory.manager"],
  row: z.object({
    id: Id,
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    position: z.string().nullable(),
    unit: z.string().nullable(),
    roles: z.string(),
  }),
  label: "name",
  search: ["name", "email"],
  searchIndexed: true,
  dated: true,
  // Someone without a role in the directory sees colleagues, not candidates.
  sees: () => sql`r.roles <> 'candidate'`,
  from: (context, asOf) => sql`
    select p.id, p.name, p.email, p.phone, v.title as position, u.name as unit,
      coalesce((select string_agg(distinct o.role, ', ' order by o.role) from directory.party_role o
        where o.tenant_id = ${context.tenantId} and o.party_id = p.id
          and o.from_day <= ${asOf}::date and (o.until_day is null or o.until_day >= ${asOf}::date)), '') as roles
    from directory.party p
    left join directory.holding h on h.tenant_id = p.tenant_id and h.person_id = p.id and h.during @> ${asOf}::date
    left join directory.position_version v
      on v.tenant_id = h.tenant_id and v.position_id = h.position_id and v.during @> ${asOf}::date
    left join directory.unit_version u on u.tenant_id = v.tenant_id and u.unit_id = v.unit_id and u.during @> ${asOf}::date
    where p.tenant_id = ${context.tenantId} and p.kind = 'person'`,
});

const contact = {
  name: Text(200),
  email: z.email().max(254).optional(),
  phone: Text(40).optional(),
};

export const createPerson = operation({
  name: "directory.person.create",
  title: "Add a person",
  does: "Puts a person into the directory, so that every department knows them by the same record.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject(contact),
  output: z.object({ id: Id }),
  emits: ["directory.person.created"],
  example: { name: "Mara Lindqvist", email: "mara@example.com" },
  async run(input, context) {
    const id = context.newId();
    await context.db.run(sql`
      insert into directory.party (tenant_id, id, kind, name, email, phone)
      values (${context.tenantId}, ${id}, 'person', ${input.name}, ${input.email ?? null}, ${input.phone ?? null})`);
    context.emit("directory.person.created", { personId: id });
    return { id };
  },
});

export const updatePerson = operation({
  name: "directory.person.update",
  title: "Change a person's details",
  does: "Corrects someone's name, mail, telephone or address. Fields left out stay as they are.",
  kind: "write",
  may: ["directory.manager", self("personId")],
  input: z.strictObject({
    personId: ref("directory.person"),
    name: Text(200).optional(),
    email: z.email().max(254).nullable().optional(),
    phone: Text(40).nullable().optional(),
    street: Text(200).nullable().optional(),
    postcode: Text(20).nullable().optional(),
    city: Text(100).nullable().optional(),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, "must be a country code like DE")
      .nullable()
      .optional(),
  }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such person." },
  emits: ["directory.person.updated"],
  async run({ personId, ...changes }, context) {
    if (!(await changeParty(context, "person", personId, changes))) refuse("notFound");
    context.emit("directory.person.updated", { personId });
    return { id: personId };
  },
});
