// Payment terms as records: instalments and early-payment discounts, agreed once and named on invoices and bills.
import { z } from "zod";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Day, DecimalText, Id, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { termMistake, type TermRule } from "./payment-term.rules.ts";

const roles = ["finance.accountant", "finance.manager"];

export const paymentTermRegister = register({
  name: "finance.paymentTerm",
  title: "Payment terms",
  does: "When what part of an invoice or bill falls due, and what may be taken off for paying early.",
  may: roles,
  row: z.object({
    id: Id,
    code: z.string(),
    name: z.string(),
    instalments: z.number().int(),
    discount: z.string().nullable().describe("Percent and the days within which it may be taken."),
    retiredFrom: Day.nullable(),
    state: z.enum(["used", "retired"]),
  }),
  label: "name",
  search: ["code", "name"],
  sort: "code",
  from: (context, asOf) => sql`
    select t.id, t.code, t.name, jsonb_array_length(t.rule -> 'instalments') as instalments,
      (select string_agg((d.value ->> 'percent') || ' % in ' || (d.value ->> 'days') || ' days', ', ' order by d.place)
        from jsonb_array_elements(t.rule -> 'discounts') with ordinality as d (value, place)) as discount,
      t.retired_from, case when t.retired_from <= ${asOf}::date then 'retired' else 'used' end as state
    from finance.payment_term t where t.tenant_id = ${context.tenantId}`,
});

const Instalment = z.strictObject({
  percent: DecimalText.optional().describe("Of the whole; the last instalment takes what is left and names neither percent nor amount."),
  amount: Money.optional(),
  months: z.number().int().min(0).max(36).default(0),
  days: z.number().int().min(0).max(730).default(0),
  monthEnd: z
    .enum(["none", "beforeDays", "afterDays"])
    .default("none")
    .describe("Whether the month is finished, before the days or after."),
  onDate: z.number().int().min(1).max(31).optional().describe("Then the next such date."),
  onWeekday: z.number().int().min(1).max(7).optional().describe("Then the next such weekday; Monday is 1."),
  notOnWeekend: z.boolean().default(false).describe("A Saturday or Sunday becomes the Monday after."),
});

const content = {
  name: Text(100),
  instalments: z.array(Instalment).min(1).max(36),
  discounts: z
    .array(z.strictObject({ percent: DecimalText, days: z.number().int().min(0).max(180) }))
    .max(3)
    .default([]),
};

const ruleRefusals = {
  remainderMissing: "The last instalment, and only that, takes what is left: it has neither percent nor amount.",
  sharesTooHigh: "The percentages are above zero and together at most 100.",
  discountsUnordered: "A discount lies between 0 and 100 percent; the later it may be taken, the less it is.",
} as const;

function ruleOf(input: { instalments: z.output<typeof Instalment>[]; discounts: TermRule["discounts"] }): string {
  const rule: TermRule = {
    instalments: input.instalments.map(({ amount, ...one }) => (amount ? { ...one, amount: amount.toJSON() } : one)),
    discounts: input.discounts,
  };
  const mistake = termMistake(rule);
  if (mistake) refuse(mistake, {}, [mistake === "discountsUnordered" ? "discounts" : "instalments"]);
  return JSON.stringify(rule);
}

export const createPaymentTerm = operation({
  name: "finance.paymentTerm.create",
  title: "Add payment terms",
  does: "Adds terms that customers and suppliers may have: instalments with their days, and discounts for paying early.",
  kind: "write",
  may: roles,
  input: z.strictObject({ code: z.string().regex(/^[A-Za-z0-9-]{1,20}$/, "has letters, digits and dashes, at most 20"), ...content }),
  output: z.object({ id: Id }),
  refuses: { codeTaken: "There are terms {code} already. Choose another code.", ...ruleRefusals },
  constraints: { payment_term_code: "codeTaken" },
  example: { code: "N30", name: "30 days, 2 % in 10", instalments: [{ days: 30 }], discounts: [{ percent: "2", days: 10 }] },
  async run(input, context) {
    const rule = ruleOf(input);
    const taken = await context.db.maybe(sql`
      select id from finance.payment_term where tenant_id = ${context.tenantId} and code = ${input.code}`);
    if (taken) refuse("codeTaken", { code: input.code }, ["code"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into finance.payment_term (tenant_id, id, code, name, rule)
      values (${context.tenantId}, ${id}, ${input.code}, ${input.name}, ${rule}::jsonb)`);
    return { id };
  },
});

const notFound = "There are no such payment terms.";

export const changePaymentTerm = operation({
  name: "finance.paymentTerm.change",
  title: "Change payment terms",
  does: "Lets other instalments and discounts hold for what is posted from now on; what is out keeps its days.",
  kind: "write",
  may: roles,
  input: z.strictObject({ paymentTermId: ref("finance.paymentTerm"), ...content }),
  output: z.object({ id: Id }),
  refuses: { notFound, ...ruleRefusals },
  async run(input, context) {
    const rule = ruleOf(input);
    const count = await context.db.run(sql`
      update finance.payment_term set name = ${input.name}, rule = ${rule}::jsonb
      where tenant_id = ${context.tenantId} and id = ${input.paymentTermId}`);
    if (count === 0) refuse("notFound");
    return { id: input.paymentTermId };
  },
});

export const retirePaymentTerm = operation({
  name: "finance.paymentTerm.retire",
  title: "Retire payment terms",
  does: "Lets terms be chosen no more from a day on; who has them agreed keeps them until other ones are agreed.",
  kind: "write",
  may: roles,
  input: z.strictObject({ paymentTermId: ref("finance.paymentTerm"), from: Day.optional().describe("By default today.") }),
  output: z.object({ id: Id }),
  refuses: { notFound },
  when: (record) => record["state"] === "used",
  async run(input, context) {
    const count = await context.db.run(sql`
      update finance.payment_term set retired_from = ${input.from ?? context.today}
      where tenant_id = ${context.tenantId} and id = ${input.paymentTermId}`);
    if (count === 0) refuse("notFound");
    return { id: input.paymentTermId };
  },
});
