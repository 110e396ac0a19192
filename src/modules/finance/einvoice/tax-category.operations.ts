// Saying how electronic invoices name the tax of a code.
import { z } from "zod";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Id, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { exemptionReasons } from "./code-list.rules.ts";

export const setVatCategory = operation({
  name: "finance.taxCode.setCategory",
  title: "Set the category for e-invoices",
  does: "Says how electronic invoices name the tax of a code, and why nothing is charged where it is exempt.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    taxCodeId: ref("finance.taxCode"),
    category: z
      .enum(["S", "Z", "E", "AE", "K", "G", "O", "L", "M"])
      .describe(
        "S standard, Z zero, E exempt, AE reverse charge, K within the EU, G export, O outside VAT, L Canary Islands, M Ceuta and Melilla.",
      ),
    exemptionCode: Text(40).optional().describe("Of the list VATEX, e.g. VATEX-EU-132-1I."),
    exemptionText: Text(200).optional().describe("The reason in words, as the customer reads it."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: "There is no such tax code.",
    exemptionUnknown: "{code} is no code of the list VATEX.",
    exemptionUnfit: "Only E, AE, K, G and O give a reason for charging no tax.",
  },
  emits: ["finance.taxCode.categorised"],
  async run(input, context) {
    const { category } = input;
    const exemptionCode = input.exemptionCode?.toUpperCase();
    if (exemptionCode !== undefined && !exemptionReasons.has(exemptionCode))
      refuse("exemptionUnknown", { code: exemptionCode }, ["exemptionCode"]);
    const isExempting = ["E", "AE", "K", "G", "O"].includes(category);
    if (!isExempting && (exemptionCode !== undefined || input.exemptionText !== undefined)) refuse("exemptionUnfit", {}, ["category"]);
    const found = await context.db.maybe<{ id: string }>(sql`
      update finance.tax_code set vat_category = ${category}, exemption_code = ${exemptionCode ?? null},
        exemption_text = ${input.exemptionText ?? null}
      where tenant_id = ${context.tenantId} and id = ${input.taxCodeId} returning id`);
    if (!found) refuse("notFound");
    context.emit("finance.taxCode.categorised", { taxCodeId: input.taxCodeId, category });
    return { id: input.taxCodeId };
  },
});
