// Dunning procedures: the levels by which customers are reminded, with their days, fees and letters.
import { z } from "zod";
import { decimal } from "../../../kernel/decimal.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { CurrencyCode, DecimalText, Id, LongText, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { levelsRise } from "./dunning.rules.ts";

const roles = ["finance.accountant", "finance.manager"];

export const dunningProcedureRegister = register({
  name: "finance.dunningProcedure",
  title: "Dunning procedures",
  does: "By which levels customers are reminded of what is overdue.",
  may: roles,
  row: z.object({
    id: Id,
    code: z.string(),
    name: z.string(),
    levels: z.number().int(),
    pauseDays: z.number().int().describe("Days between two letters to one customer."),
    isStandard: z.boolean(),
  }),
  label: "name",
  search: ["code", "name"],
  from: (context) => sql`
    select p.id, p.code, p.name, p.pause_days, p.is_standard, (select count(*) from finance.dunning_level l
      where l.tenant_id = ${context.tenantId} and l.procedure_id = p.id)::int as levels
    from finance.dunning_procedure p where p.tenant_id = ${context.tenantId}`,
});

export const dunningLevelRegister = register({
  name: "finance.dunningLevel",
  title: "Dunning levels",
  does: "What each level of a dunning procedure says and charges.",
  may: roles,
  inner: true,
  row: z.object({
    id: Id,
    title: z.string(),
    dunningProcedureId: ref("finance.dunningProcedure"),
    dunningProcedure: z.string(),
    level: z.number().int(),
    daysOverdue: z.number().int(),
    fee: Money,
    interestPercent: DecimalText,
    text: z.string(),
    currency: CurrencyCode,
  }),
  label: "title",
  sort: "level",
  from: (context) => sql`
    select l.id, l.title, l.procedure_id as dunning_procedure_id, p.name as dunning_procedure, l.level, l.days_overdue, l.fee,
      trim_scale(l.interest_percent)::text as interest_percent, l.text, b.currency
    from finance.dunning_level l
    join finance.dunning_procedure p on p.tenant_id = ${context.tenantId} and p.id = l.procedure_id
    join finance.book b on b.tenant_id = ${context.tenantId} and b.is_main
    where l.tenant_id = ${context.tenantId}`,
});

const Level = z.strictObject({
  daysOverdue: z.number().int().min(0).max(730),
  fee: Money.optional().describe("By default nothing."),
  interestPercent: DecimalText.default("0").describe("A year, on what is open since it was due or last asked for."),
  title: Text(100),
  text: LongText(4000).describe("What the letter says above its items."),
});

const content = {
  name: Text(100),
  pauseDays: z.number().int().min(0).max(90).default(7).describe("Days between two letters to one customer."),
  isStandard: z.boolean().default(false).describe("For customers with whom no other procedure is agreed."),
  levels: z.array(Level).min(1).max(9),
};

const contentRefusals = {
  booksMissing: postingRefusals.booksMissing,
  currencyDiffers: postingRefusals.currencyDiffers,
  feeNegative: "A fee is zero or more.",
  interestOutOfRange: "Interest lies between 0 and 100 percent a year.",
  levelsNotRising: "Each level comes later than the one before it.",
} as const;

type Content = { name: string; pauseDays: number; isStandard: boolean; levels: z.output<typeof Level>[] };

async function checkContent(context: WriteContext, { levels }: Content): Promise<void> {
  const { currency } = await bookOf(context);
  for (const [index, { fee, interestPercent }] of levels.entries()) {
    if (fee && fee.currency !== currency) refuse("currencyDiffers", { currency }, ["levels", index, "fee"]);
    if (fee && fee.minor < 0n) refuse("feeNegative", {}, ["levels", index, "fee"]);
    if (decimal(interestPercent).isNegative() || decimal(interestPercent).gt(100))
      refuse("interestOutOfRange", {}, ["levels", index, "interestPercent"]);
  }
  if (!levelsRise(levels)) refuse("levelsNotRising", {}, ["levels"]);
}

async function keepContent(context: WriteContext, id: KernelId, { levels, isStandard }: Content): Promise<void> {
  const { tenantId } = context;
  if (isStandard) {
    await context.db.run(sql`
      update finance.dunning_procedure set is_standard = false where tenant_id = ${tenantId} and is_standard and id <> ${id}`);
  }
  await context.db.run(sql`delete from finance.dunning_level where tenant_id = ${tenantId} and procedure_id = ${id}`);
  await context.db.run(sql`
    insert into finance.dunning_level (tenant_id, id, procedure_id, level, days_overdue, fee, interest_percent, title, text)
    select ${tenantId}, l.id, ${id}, l.level, l.days_overdue, l.fee, l.interest_percent, l.title, l.text
    from unnest(${levels.map(() => context.newId())}::uuid[], ${levels.map((_, index) => index + 1)}::int[],
      ${levels.map((level) => level.daysOverdue)}::int[], ${levels.map((level) => level.fee?.minor ?? 0n)}::bigint[],
      ${levels.map((level) => level.interestPercent)}::numeric[], ${levels.map((level) => level.title)}::text[],
      ${levels.map((level) => level.text)}::text[]) as l (id, level, days_overdue, fee, interest_percent, title, text)`);
}

export const createDunningProcedure = operation({
  name: "finance.dunningProcedure.create",
  title: "Add a dunning procedure",
  does: "Adds the levels by which customers are reminded: after how many days, with which letter, fee and interest.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({ code: z.string().regex(/^[A-Za-z0-9-]{1,20}$/, "has letters, digits and dashes, at most 20"), ...content }),
  output: z.object({ id: Id }),
  refuses: { codeTaken: "There is a procedure {code} already. Choose another code.", ...contentRefusals },
  constraints: { dunning_procedure_code: "codeTaken" },
  async run(input, context) {
    await checkContent(context, input);
    const taken = await context.db.maybe(sql`
      select id from finance.dunning_procedure where tenant_id = ${context.tenantId} and code = ${input.code}`);
    if (taken) refuse("codeTaken", { code: input.code }, ["code"]);
    const id = context.newId();
    const { isStandard } = await context.db.row<{ isStandard: boolean }>(sql`
      select ${input.isStandard}::boolean or not exists (
        select from finance.dunning_procedure where tenant_id = ${context.tenantId}) as is_standard`);
    if (isStandard) {
      await context.db.run(sql`
        update finance.dunning_procedure set is_standard = false where tenant_id = ${context.tenantId} and is_standard`);
    }
    await context.db.run(sql`
      insert into finance.dunning_procedure (tenant_id, id, code, name, pause_days, is_standard)
      values (${context.tenantId}, ${id}, ${input.code}, ${input.name}, ${input.pauseDays}, ${isStandard})`);
    await keepContent(context, id, { ...input, isStandard });
    return { id };
  },
});

export const changeDunningProcedure = operation({
  name: "finance.dunningProcedure.change",
  title: "Change a dunning procedure",
  does: "Puts other levels in place; letters that are out stay as they were.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({ dunningProcedureId: ref("finance.dunningProcedure"), ...content }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such dunning procedure.", ...contentRefusals },
  async run({ dunningProcedureId: id, ...input }, context) {
    await checkContent(context, input);
    await keepContent(context, id, { ...input, levels: [] });
    const count = await context.db.run(sql`
      update finance.dunning_procedure set name = ${input.name}, pause_days = ${input.pauseDays}, is_standard = ${input.isStandard}
      where tenant_id = ${context.tenantId} and id = ${id}`);
    if (count === 0) refuse("notFound");
    await keepContent(context, id, input);
    return { id };
  },
});
