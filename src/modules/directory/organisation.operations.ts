// Organisations the company deals with, and the legal entities the company itself consists of.
import { z } from "zod";
import type { Id as KernelId } from "../../kernel/id.ts";
import { currency } from "../../kernel/currency.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { CurrencyCode, Id, ref, Text } from "../../platform/operation/field.ts";
import { anyone, operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { PartyRole } from "./party.operations.ts";
import { changeParty, giveRole } from "./party.store.ts";

const Country = z.string().regex(/^[A-Z]{2}$/, "must be a country code like DE");

export const organisationRegister = register({
  name: "directory.organisation",
  title: "Organisations",
  does: "Companies, authorities and banks the company deals with, with their address and roles.",
  may: [anyone],
  row: z.object({
    id: Id,
    name: z.string(),
    roles: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    contact: z.string().nullable(),
    street: z.string().nullable(),
    postcode: z.string().nullable(),
    city: z.string().nullable(),
    country: z.string().nullable(),
    taxNumber: z.string().nullable(),
    registration: z.string().nullable(),
    bankAccount: z.string().nullable(),
  }),
  label: "name",
  search: ["name", "email", "taxNumber", "city"],
  searchIndexed: true,
  secret: { bankAccount: ["directory.manager"] },
  dated: true,
  from: (context, asOf) => sql`
    select p.id, p.name, p.email, p.phone, p.contact, p.street, p.postcode, p.city, p.country, p.tax_number, p.registration, p.bank_account,
      coalesce((select string_agg(distinct o.role, ', ' order by o.role) from directory.party_role o
        where o.tenant_id = ${context.tenantId} and o.party_id = p.id
          and o.from_day <= ${asOf}::date and (o.until_day is null or o.until_day >= ${asOf}::date)), '') as roles
    from directory.party p where p.tenant_id = ${context.tenantId} and p.kind = 'organisation'`,
});

const address = {
  email: z.email().max(254).optional(),
  phone: Text(40).optional(),
  contact: Text(200).optional().describe("Whom to ask for there."),
  street: Text(200).optional(),
  postcode: Text(20).optional(),
  city: Text(100).optional(),
  country: Country.optional(),
  taxNumber: Text(40).optional(),
  registration: Text(80).optional().describe("Number in the trade register."),
  bankAccount: Text(40).optional().describe("IBAN or account number it is paid to."),
};

export const createOrganisation = operation({
  name: "directory.organisation.create",
  title: "Add an organisation",
  does: "Puts a company, an authority or a bank into the directory, with what it is to the company.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({ name: Text(200), roles: z.array(PartyRole).max(8).optional(), ...address }),
  output: z.object({ id: Id }),
  refuses: { taxNumberKnown: "{organisation} is already known by the tax number {taxNumber}. Use that record." },
  emits: ["directory.organisation.created"],
  example: { name: "Northwind Paper GmbH", roles: ["supplier"], city: "Hamburg", country: "DE", taxNumber: "DE811569869" },
  constraints: { party_tax_number: "taxNumberKnown" },
  async run({ roles, ...input }, context) {
    const id = context.newId();
    if (input.taxNumber) await checkTaxNumber(context, input.taxNumber, id);
    await context.db.run(sql`
      insert into directory.party (tenant_id, id, kind, name) values (${context.tenantId}, ${id}, 'organisation', ${input.name})`);
    await changeParty(context, "organisation", id, input);
    // A few at most: what one organisation may be to the company.
    for (const role of new Set(roles)) await giveRole(context, id, role, context.today);
    context.emit("directory.organisation.created", { organisationId: id, roles: roles ?? [] });
    return { id };
  },
});

export const updateOrganisation = operation({
  name: "directory.organisation.update",
  title: "Change an organisation's details",
  does: "Corrects name, address, tax number or bank account of an organisation. Fields left out stay as they are.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({ organisationId: ref("directory.organisation"), name: Text(200).optional(), ...address }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: "There is no such organisation.",
    taxNumberKnown: "{organisation} is already known by the tax number {taxNumber}. Use that record.",
  },
  emits: ["directory.organisation.updated"],
  constraints: { party_tax_number: "taxNumberKnown" },
  async run({ organisationId, ...changes }, context) {
    if (changes.taxNumber) await checkTaxNumber(context, changes.taxNumber, organisationId);
    if (!(await changeParty(context, "organisation", organisationId, changes))) refuse("notFound");
    context.emit("directory.organisation.updated", { organisationId, fields: Object.keys(changes) });
    return { id: organisationId };
  },
});

async function checkTaxNumber(context: WriteContext, taxNumber: string, id: KernelId): Promise<void> {
  const other = await context.db.maybe<{ name: string }>(sql`
    select name from directory.party
    where tenant_id = ${context.tenantId} and kind = 'organisation' and upper(tax_number) = upper(${taxNumber}) and id <> ${id}`);
  if (other) refuse("taxNumberKnown", { organisation: other.name, taxNumber }, ["taxNumber"]);
}

export const legalEntityRegister = register({
  name: "directory.legalEntity",
  title: "Legal entities",
  does: "The companies this company consists of; each keeps its own books.",
  may: [anyone],
  row: z.object({
    id: Id,
    code: z.string(),
    name: z.string(),
    country: z.string(),
    currency: CurrencyCode,
    taxNumber: z.string().nullable(),
    partyId: ref("directory.party"),
    party: z.string(),
  }),
  label: "name",
  search: ["name", "code"],
  from: (context) => sql`
    select e.id, e.code, e.name, e.country, e.currency, p.tax_number, e.party_id, p.name as party
    from directory.legal_entity e join directory.party p on p.tenant_id = e.tenant_id and p.id = e.party_id
    where e.tenant_id = ${context.tenantId}`,
});

export const createLegalEntity = operation({
  name: "directory.legalEntity.create",
  title: "Add a legal entity",
  does: "Adds a company of our own, with the currency its books are kept in.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({
    code: Text(20),
    name: Text(200),
    country: Country,
    currency: CurrencyCode,
    taxNumber: Text(40).optional(),
    registration: Text(80).optional(),
    street: Text(200).optional(),
    postcode: Text(20).optional(),
    city: Text(100).optional(),
  }),
  output: z.object({ id: Id, partyId: Id }),
  refuses: {
    codeTaken: "The code {code} is used by another legal entity. Choose another.",
    taxNumberKnown: "{organisation} is already known by the tax number {taxNumber}. Check which of the two is right.",
  },
  emits: ["directory.legalEntity.created"],
  example: { code: "DE1", name: "Example GmbH", country: "DE", currency: currency("EUR") },
  constraints: { legal_entity_tenant_id_code_key: "codeTaken", party_tax_number: "taxNumberKnown" },
  async run({ code, currency: booked, ...input }, context) {
    const taken = await context.db.maybe(sql`
      select id from directory.legal_entity where tenant_id = ${context.tenantId} and code = ${code}`);
    if (taken) refuse("codeTaken", { code }, ["code"]);
    const [id, partyId] = [context.newId(), context.newId()];
    if (input.taxNumber) await checkTaxNumber(context, input.taxNumber, partyId);
    await context.db.run(sql`
      insert into directory.party (tenant_id, id, kind, name) values (${context.tenantId}, ${partyId}, 'organisation', ${input.name})`);
    await changeParty(context, "organisation", partyId, input);
    await context.db.run(sql`
      insert into directory.legal_entity (tenant_id, id, code, name, party_id, country, currency)
      values (${context.tenantId}, ${id}, ${code}, ${input.name}, ${partyId}, ${input.country}, ${booked})`);
    context.emit("directory.legalEntity.created", { legalEntityId: id });
    return { id, partyId };
  },
});
