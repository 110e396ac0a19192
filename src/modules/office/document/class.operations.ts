// Classes of documents: how long a kind is kept and by which rule, and who sees it by default.
import { z } from "zod";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Id, LongText, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { visibilities } from "./document.sight.ts";

const fields = {
  title: Text(120),
  keepMonths: z.number().int().min(0).max(1200).optional().describe("Without it such documents are kept for ever."),
  keepFrom: z
    .enum(["filed", "effective", "expiry", "yearEnd", "event"])
    .describe(
      "From when the months count: the day it was filed or takes effect, its expiry, the end of the year it was filed in, or an event.",
    ),
  rule: LongText(1000)
    .refine((text) => text.trim() !== "", "must not be empty")
    .describe("The rule in words, with the law it follows."),
  reminderDays: z.number().int().min(0).max(730).default(60),
  visibility: z.enum(visibilities).default("company"),
};

export const createDocumentClass = operation({
  name: "office.documentClass.create",
  title: "Add a class of documents",
  does: "Names a kind of document, how long it is kept by which rule, and who sees it unless a document says otherwise.",
  kind: "write",
  may: ["office.records"],
  input: z.strictObject({ code: Text(40), ...fields }),
  output: z.object({ id: Id }),
  refuses: { codeTaken: "There is a class {code} already. Change that one, or choose another code." },
  constraints: { document_class_tenant_id_code_key: "codeTaken" },
  example: { code: "CONTRACT", title: "Contract", keepMonths: 120, keepFrom: "expiry", rule: "Kept ten years after its end (AO § 147)." },
  async run(input, context) {
    const id = context.newId();
    await context.db.run(sql`
      insert into office.document_class (tenant_id, id, code, title, keep_months, keep_from, rule, reminder_days, visibility, state)
      values (${context.tenantId}, ${id}, ${input.code}, ${input.title}, ${input.keepMonths ?? null}, ${input.keepFrom}, ${input.rule},
        ${input.reminderDays}, ${input.visibility}, 'in use')`);
    return { id };
  },
});

export const changeDocumentClass = operation({
  name: "office.documentClass.change",
  title: "Change the class",
  does: "Changes how long a kind of document is kept, by which rule, or retires it for new documents.",
  kind: "write",
  may: ["office.records"],
  input: z.strictObject({
    documentClassId: ref("office.documentClass"),
    ...fields,
    reminderDays: z.number().int().min(0).max(730),
    visibility: z.enum(visibilities),
    state: z.enum(["in use", "retired"]),
  }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such class of documents." },
  async run(input, context) {
    const changed = await context.db.run(sql`
      update office.document_class set title = ${input.title}, keep_months = ${input.keepMonths ?? null}, keep_from = ${input.keepFrom},
        rule = ${input.rule}, reminder_days = ${input.reminderDays}, visibility = ${input.visibility}, state = ${input.state}
      where tenant_id = ${context.tenantId} and id = ${input.documentClassId}`);
    if (changed === 0) refuse("notFound");
    return { id: input.documentClassId };
  },
});
