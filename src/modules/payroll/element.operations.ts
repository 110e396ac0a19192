// What is deducted from pay and what the employer adds, by rates that hold from a day on. The generic pack: a company fills in its own.
import { z } from "zod";
import { addDays, type Day as KernelDay } from "../../kernel/day.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { Money as KernelMoney } from "../../kernel/money.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../platform/operation/context.ts";
import { Day, DecimalText, Id, Money, ref, Text } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { bookOf } from "../finance/index.ts";
import type { RatedElement } from "./payslip.rules.ts";

const manager = ["payroll.manager"];
const Percent = DecimalText.refine((text) => Number(text) >= 0 && Number(text) <= 100, "must be between 0 and 100");

export const elementRegister = register({
  name: "payroll.element",
  title: "Pay elements",
  does: "What is deducted from pay and what the employer adds, with the rate of a day.",
  may: manager,
  dated: true,
  row: z.object({
    id: Id,
    code: z.string(),
    name: z.string(),
    kind: z.enum(["deduction", "employer"]),
    basis: z.enum(["gross", "taxable"]),
    lowersTax: z.boolean(),
    percent: DecimalText.nullable(),
    rateFrom: Day.nullable(),
  }),
  label: "name",
  search: ["name", "code"],
  sort: "code",
  from: (context, asOf) => sql`
    select e.id, e.code, e.name, e.kind, e.basis, e.lowers_tax, trim_scale(r.percent) as percent, lower(r.during) as rate_from
    from payroll.element e
    left join payroll.rate r on r.tenant_id = e.tenant_id and r.element_id = e.id and r.during @> ${asOf}::date
    where e.tenant_id = ${context.tenantId}`,
});

export const rateRegister = register({
  name: "payroll.rate",
  title: "Rates",
  does: "Every rate of every pay element, with the days it holds for.",
  may: manager,
  inner: true,
  row: z.object({
    id: Id,
    label: z.string(),
    elementId: ref("payroll.element"),
    element: z.string(),
    percent: DecimalText,
    firstDay: Day,
    lastDay: Day.nullable(),
  }),
  label: "label",
  sort: "-firstDay",
  from: (context) => sql`
    select r.id, e.name || ' from ' || lower(r.during) as label, r.element_id, e.name as element, trim_scale(r.percent) as percent,
      lower(r.during) as first_day, (upper(r.during) - 1) as last_day
    from payroll.rate r join payroll.element e on e.tenant_id = r.tenant_id and e.id = r.element_id
    where r.tenant_id = ${context.tenantId}`,
});

const rate = {
  from: Day.describe("The first day of the rate."),
  percent: Percent,
  allowance: Money.optional().describe("What is left free in a month."),
  ceiling: Money.optional().describe("The most that counts in a month."),
};

export const createElement = operation({
  name: "payroll.element.create",
  title: "Add a pay element",
  does: "Adds a deduction or an employer's contribution with its first rate.",
  kind: "write",
  may: manager,
  input: z.strictObject({
    code: Text(20),
    name: Text(100),
    kind: z.enum(["deduction", "employer"]),
    basis: z.enum(["gross", "taxable"]).default("gross").describe("What the rate is taken of."),
    lowersTax: z.boolean().default(false).describe("Whether it is taken off before tax."),
    ...rate,
  }),
  output: z.object({ id: Id }),
  refuses: {
    codeTaken: "The code {code} is used by another pay element. Choose another.",
    cannotLowerTax: "Only a deduction of the gross pay can lower the tax.",
    booksMissing: "There are no books yet. Set them up first: heartwood finance setup create",
    currencyDiffers: "The books are kept in {currency}. Enter the amounts in {currency}.",
  },
  emits: ["payroll.element.created"],
  example: { code: "PENSION", name: "Pension insurance", kind: "deduction", lowersTax: true, from: "2026-01-01", percent: "9.3" },
  constraints: { element_tenant_id_code_key: "codeTaken" },
  async run(input, context) {
    const taken = await context.db.maybe(sql`
      select id from payroll.element where tenant_id = ${context.tenantId} and code = ${input.code}`);
    if (taken) refuse("codeTaken", { code: input.code }, ["code"]);
    if (input.lowersTax && (input.kind !== "deduction" || input.basis !== "gross")) refuse("cannotLowerTax", {}, ["lowersTax"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into payroll.element (tenant_id, id, code, name, kind, basis, lowers_tax)
      values (${context.tenantId}, ${id}, ${input.code}, ${input.name}, ${input.kind}, ${input.basis}, ${input.lowersTax})`);
    await addRate(context, id, input);
    context.emit("payroll.element.created", { elementId: id });
    return { id };
  },
});

export const setRate = operation({
  name: "payroll.element.setRate",
  title: "Set a rate",
  does: "Sets the rate of a pay element from a day on. Slips of earlier months keep the rate they were made with.",
  kind: "write",
  may: manager,
  input: z.strictObject({ elementId: ref("payroll.element"), ...rate }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: "There is no such pay element.",
    rateLater: "A rate from {day} is there already. Choose a later day.",
    booksMissing: "There are no books yet. Set them up first: heartwood finance setup create",
    currencyDiffers: "The books are kept in {currency}. Enter the amounts in {currency}.",
  },
  emits: ["payroll.element.rateSet"],
  constraints: { rate_once: "rateLater" },
  async run(input, context) {
    const { tenantId, db } = context;
    const element = await db.maybe(sql`
      select id from payroll.element where tenant_id = ${tenantId} and id = ${input.elementId} for update`);
    if (!element) refuse("notFound");
    const later = await db.maybe<{ day: KernelDay }>(sql`
      select lower(during) as day from payroll.rate
      where tenant_id = ${tenantId} and element_id = ${input.elementId} and lower(during) >= ${input.from}::date order by 1 limit 1`);
    if (later) refuse("rateLater", { day: later.day }, ["from"]);
    await db.run(sql`
      update payroll.rate set during = daterange(lower(during), ${addDays(input.from, -1)}::date, '[]')
      where tenant_id = ${tenantId} and element_id = ${input.elementId} and during @> ${input.from}::date`);
    await addRate(context, input.elementId, input);
    context.emit("payroll.element.rateSet", { elementId: input.elementId, from: input.from });
    return { id: input.elementId };
  },
});

interface Rate {
  readonly from: KernelDay;
  readonly percent: string;
  readonly allowance?: KernelMoney;
  readonly ceiling?: KernelMoney;
}

async function addRate(context: WriteContext, elementId: KernelId, wanted: Rate): Promise<void> {
  const { currency } = await bookOf(context);
  for (const amount of [wanted.allowance, wanted.ceiling]) {
    if (amount && amount.currency !== currency) refuse("currencyDiffers", { currency });
  }
  await context.db.run(sql`
    insert into payroll.rate (tenant_id, id, element_id, during, percent, allowance, ceiling)
    values (${context.tenantId}, ${context.newId()}, ${elementId}, daterange(${wanted.from}::date, null), ${wanted.percent},
      ${wanted.allowance?.minor ?? 0n}, ${wanted.ceiling?.minor ?? null})`);
}

/** The elements that have a rate on a day, by code. */
export async function ratedElements(context: ReadContext, on: KernelDay, currency: string): Promise<RatedElement[]> {
  const found = await context.db.rows<Omit<RatedElement, "allowance" | "ceiling"> & { allowance: bigint; ceiling: bigint | null }>(sql`
    select e.code, e.name, e.kind, e.basis, e.lowers_tax, r.percent, r.allowance, r.ceiling
    from payroll.element e join payroll.rate r on r.tenant_id = e.tenant_id and r.element_id = e.id
    where e.tenant_id = ${context.tenantId} and r.during @> ${on}::date order by e.code`);
  return found.map((element) => ({
    ...element,
    allowance: new KernelMoney(element.allowance, currency),
    ceiling: element.ceiling === null ? null : new KernelMoney(element.ceiling, currency),
  }));
}
