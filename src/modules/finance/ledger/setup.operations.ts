// Opening the books of the company or of one of its legal entities: chart, journals, periods and tax codes in one step.
import { z } from "zod";
import { type Day as KernelDay, startOfYear } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { currency } from "../../../kernel/currency.ts";
import { decimal } from "../../../kernel/decimal.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { CurrencyCode, Day, DecimalText, Id, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { maybeBook } from "./book.ts";
import { accountsOfChart, type ChartName, controlOf, standardJournals } from "./chart.ts";
import { type PeriodPlan, periodsUntilNextYear } from "./period.rules.ts";

export const bookRegister = register({
  name: "finance.book",
  title: "Books",
  does: "The sets of books the company keeps: one for each legal entity, in its own currency.",
  may: ["finance.accountant", "finance.manager"],
  row: z.object({
    id: Id,
    name: z.string(),
    currency: CurrencyCode,
    isMain: z.boolean(),
    legalEntityId: ref("directory.legalEntity").nullable(),
  }),
  label: "name",
  from: (context) => sql`
    select b.id, b.name, b.currency, b.is_main, b.legal_entity_id from finance.book b where b.tenant_id = ${context.tenantId}`,
});

export const createSetup = operation({
  name: "finance.setup.create",
  title: "Set up the books",
  does: "Opens the books with a standard chart of accounts, journals, monthly periods, tax codes and the account at the bank.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    legalEntityId: ref("directory.legalEntity").optional(),
    name: Text(100).default("Main books"),
    currency: CurrencyCode,
    fiscalYearStart: Day.optional().describe("First day of the first fiscal year in the books; by default 1 January of this year."),
    chart: z.enum(["small-company"]).default("small-company"),
    standardTaxPercent: DecimalText.default("19"),
    reducedTaxPercent: DecimalText.default("7"),
  }),
  output: z.object({ id: Id, accounts: z.number().int(), periods: z.number().int() }),
  refuses: {
    alreadySetUp: "These books are set up already. See them: heartwood finance account list",
    entityUnknown: "There is no such legal entity. Add it first: heartwood directory legal-entity create",
    taxOutOfRange: "A tax rate lies between 0 and 100 percent.",
  },
  constraints: { book_main: "alreadySetUp", book_legal_entity: "alreadySetUp" },
  emits: ["finance.setup.created"],
  example: { currency: currency("EUR"), fiscalYearStart: "2026-01-01", chart: "small-company" },
  async run(input, context) {
    const start = input.fiscalYearStart ?? startOfYear(context.today);
    for (const percent of [input.standardTaxPercent, input.reducedTaxPercent]) {
      if (decimal(percent).isNegative() || decimal(percent).gt(100)) refuse("taxOutOfRange");
    }
    if (input.legalEntityId) await requireEntity(context, input.legalEntityId);
    if (await isSetUp(context, input.legalEntityId)) refuse("alreadySetUp");
    const bookId = context.newId();
    const isMain = (await maybeBook(context)) === undefined;
    await context.db.run(sql`
      insert into finance.book (tenant_id, id, legal_entity_id, name, currency, is_main)
      values (${context.tenantId}, ${bookId}, ${input.legalEntityId ?? null}, ${input.name}, ${input.currency}, ${isMain})`);
    const accounts = await insertChart(context, bookId, input.chart);
    const periods = periodsUntilNextYear(start, context.today);
    await insertPeriods(context, bookId, periods);
    await insertTaxCodes(context, bookId, start, [input.standardTaxPercent, input.reducedTaxPercent]);
    context.emit("finance.setup.created", { bookId });
    return { id: bookId, accounts, periods: periods.length };
  },
});

async function requireEntity(context: WriteContext, id: KernelId): Promise<void> {
  const found = await context.db.maybe(sql`select id from directory.legal_entity where tenant_id = ${context.tenantId} and id = ${id}`);
  if (!found) refuse("entityUnknown", {}, ["legalEntityId"]);
}

async function isSetUp(context: WriteContext, legalEntityId: KernelId | undefined): Promise<boolean> {
  const found = await context.db.maybe(sql`
    select id from finance.book where tenant_id = ${context.tenantId}
      and ${legalEntityId ? sql`legal_entity_id = ${legalEntityId}` : sql`is_main`}`);
  return found !== undefined;
}

async function insertChart(context: WriteContext, bookId: KernelId, chart: ChartName): Promise<number> {
  const { tenantId } = context;
  const accounts = accountsOfChart(chart).map((account) => ({ ...account, id: context.newId() }));
  const idOf = new Map(accounts.map((account) => [account.code, account.id]));
  await context.db.run(sql`
    insert into finance.account (tenant_id, id, book_id, code, name, type, parent_id, is_group, control)
    select ${tenantId}, a.id, ${bookId}, a.code, a.name, a.type, a.parent_id, a.is_group, a.control
    from unnest(${accounts.map((account) => account.id)}::uuid[], ${accounts.map((account) => account.code)}::text[],
      ${accounts.map((account) => account.name)}::text[], ${accounts.map((account) => account.type)}::text[],
      ${accounts.map((account) => (account.parent ? idOf.get(account.parent) : null))}::uuid[],
      ${accounts.map((account) => account.isGroup)}::boolean[],
      ${accounts.map(({ role }) => controlOf(role))}::text[])
      as a (id, code, name, type, parent_id, is_group, control)`);
  const withRole = accounts.filter((account) => account.role !== null);
  await context.db.run(sql`
    insert into finance.account_role (tenant_id, book_id, role, account_id)
    select ${tenantId}, ${bookId}, r.role, r.account_id
    from unnest(${withRole.map((account) => account.role)}::text[],
      ${withRole.map((account) => account.id)}::uuid[]) as r (role, account_id)`);
  await context.db.run(sql`
    insert into finance.journal (tenant_id, id, book_id, code, name, area)
    select ${tenantId}, j.id, ${bookId}, j.code, j.name, j.area
    from unnest(${standardJournals.map(() => context.newId())}::uuid[], ${standardJournals.map((journal) => journal.code)}::text[],
      ${standardJournals.map((journal) => journal.name)}::text[], ${standardJournals.map((journal) => journal.area)}::text[])
      as j (id, code, name, area)`);
  await context.db.run(sql`
    insert into finance.bank_account (tenant_id, id, book_id, code, name, currency, account_id)
    select ${tenantId}, ${context.newId()}, b.id, 'BANK', 'Current account', b.currency, ${idOf.get("1120")!}
    from finance.book b where b.tenant_id = ${tenantId} and b.id = ${bookId}`);
  return accounts.length;
}

/** Adds fiscal years with their periods. */
export async function insertPeriods(context: WriteContext, bookId: KernelId, periods: readonly PeriodPlan[]): Promise<void> {
  const years = [...new Map(periods.map((period) => [period.fiscalYearStart, period])).values()];
  await context.db.run(sql`
    insert into finance.fiscal_year (tenant_id, id, book_id, fiscal_year, from_day, until_day, state)
    select ${context.tenantId}, y.id, ${bookId}, y.fiscal_year, y.from_day, y.until_day, 'open'
    from unnest(${years.map(() => context.newId())}::uuid[], ${years.map((year) => year.fiscalYear)}::int[],
      ${years.map((year) => year.fiscalYearStart)}::date[],
      ${years.map((year) => periods.findLast((one) => one.fiscalYearStart === year.fiscalYearStart)!.untilDay)}::date[])
      as y (id, fiscal_year, from_day, until_day)`);
  await context.db.run(sql`
    insert into finance.period (tenant_id, id, book_id, code, fiscal_year, fiscal_year_start, from_day, until_day, state)
    select ${context.tenantId}, p.id, ${bookId}, p.code, p.fiscal_year, p.fiscal_year_start, p.from_day, p.until_day, 'open'
    from unnest(${periods.map(() => context.newId())}::uuid[], ${periods.map((period) => period.code)}::text[],
      ${periods.map((period) => period.fiscalYear)}::int[], ${periods.map((period) => period.fiscalYearStart)}::date[],
      ${periods.map((period) => period.fromDay)}::date[], ${periods.map((period) => period.untilDay)}::date[])
      as p (id, code, fiscal_year, fiscal_year_start, from_day, until_day)`);
}

async function insertTaxCodes(context: WriteContext, bookId: KernelId, from: KernelDay, [standard, reduced]: string[]): Promise<void> {
  const codes = [
    { code: "standard", name: "Standard rate", percent: standard! },
    { code: "reduced", name: "Reduced rate", percent: reduced! },
    { code: "exempt", name: "Exempt or outside the tax", percent: "0" },
  ].map((code) => ({ ...code, id: context.newId() }));
  const { tenantId } = context;
  await context.db.run(sql`
    insert into finance.tax_code (tenant_id, id, book_id, code, name, output_account_id, input_account_id)
    select ${tenantId}, c.id, ${bookId}, c.code, c.name, o.account_id, i.account_id
    from unnest(${codes.map((code) => code.id)}::uuid[], ${codes.map((code) => code.code)}::text[],
      ${codes.map((code) => code.name)}::text[]) as c (id, code, name)
    join finance.account_role o on o.tenant_id = ${tenantId} and o.book_id = ${bookId} and o.role = 'taxOutput'
    join finance.account_role i on i.tenant_id = ${tenantId} and i.book_id = ${bookId} and i.role = 'taxInput'`);
  await context.db.run(sql`
    insert into finance.tax_rate (tenant_id, tax_code_id, during, percent)
    select ${tenantId}, c.id, daterange(${from}::date, null), c.percent
    from unnest(${codes.map((code) => code.id)}::uuid[], ${codes.map((code) => code.percent)}::numeric[]) as c (id, percent)`);
}
