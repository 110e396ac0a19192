// Where electronic invoices reach a party, and the reference it wants to read on them.
import { z } from "zod";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Id, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { endpointSchemes } from "./code-list.rules.ts";

const may = ["finance.accountant", "finance.manager"];

export const electronicAddressRegister = register({
  name: "finance.electronicAddress",
  title: "Electronic addresses",
  does: "Where electronic invoices reach customers, suppliers and our own legal entities, and the reference a customer wants to read.",
  may,
  row: z.object({
    id: Id,
    party: z.string(),
    partyId: ref("directory.party"),
    scheme: z.string().nullable(),
    address: z.string().nullable(),
    buyerReference: z.string().nullable(),
    country: z.string().nullable(),
    taxNumber: z.string().nullable(),
  }),
  label: "party",
  search: ["party", "address"],
  from: (context) => sql`
    select p.id, p.name as party, p.id as party_id, e.endpoint_scheme as scheme, e.endpoint as address, e.buyer_reference, p.country,
      p.tax_number
    from finance.party_einvoice e
    join directory.party p on p.tenant_id = ${context.tenantId} and p.id = e.party_id
    where e.tenant_id = ${context.tenantId}`,
});

export const setElectronicAddress = operation({
  name: "finance.electronicAddress.set",
  title: "Set an electronic address",
  does: "Says where electronic invoices reach a party, and the reference it wants to read on them; what is left out is taken away.",
  kind: "write",
  may,
  input: z.strictObject({
    partyId: ref("directory.party"),
    scheme: z
      .string()
      .regex(/^[0-9A-Z]{2,4}$/, "is a code like 0088")
      .optional()
      .describe("Of the list EAS: 0088 GLN, 0204 Leitweg-ID, 9930 German VAT, EM e-mail …"),
    address: Text(100).optional().describe("The address within the scheme."),
    buyerReference: Text(100).optional().describe("The customer's own reference, e.g. a Leitweg-ID or a cost centre."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    partyUnknown: "There is no such party in the directory.",
    schemeUnknown: "{scheme} is no scheme of electronic addresses. Known are, among others, 0088, 0192, 0204, 9930 and EM.",
    addressHalf: "An electronic address has both a scheme and the address in it.",
  },
  emits: ["finance.electronicAddress.set"],
  async run(input, context) {
    const { tenantId } = context;
    const party = await context.db.maybe(sql`select id from directory.party where tenant_id = ${tenantId} and id = ${input.partyId}`);
    if (!party) refuse("partyUnknown", {}, ["partyId"]);
    if ((input.scheme === undefined) !== (input.address === undefined)) refuse("addressHalf", {}, ["address"]);
    if (input.scheme !== undefined && !endpointSchemes.has(input.scheme)) refuse("schemeUnknown", { scheme: input.scheme }, ["scheme"]);
    await context.db.run(sql`
      insert into finance.party_einvoice (tenant_id, party_id, endpoint_scheme, endpoint, buyer_reference)
      values (${tenantId}, ${input.partyId}, ${input.scheme ?? null}, ${input.address ?? null}, ${input.buyerReference ?? null})
      on conflict (tenant_id, party_id) do update set endpoint_scheme = excluded.endpoint_scheme, endpoint = excluded.endpoint,
        buyer_reference = excluded.buyer_reference`);
    context.emit("finance.electronicAddress.set", { partyId: input.partyId });
    return { id: input.partyId };
  },
});
