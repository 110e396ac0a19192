// Tax codes and their rates: a new law ends one rate and begins the next; what was invoiced before keeps its own.
import { z } from "zod";
import { decimal } from "../../../kernel/decimal.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { CurrencyCode, Day, DecimalText, Id, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";

export const taxCodeRegister = register({
  name: "finance.taxCode",
  title: "Tax codes",
  does: "The tax codes with the rate that holds on the day.",
  may: ["finance.accountant", "finance.manager"],
  row: z.object({
    id: Id,
    code: z.string(),
    name: z.string(),
    percent: DecimalText.nullable(),
    outputAccountId: ref("finance.account"),
    outputAccount: z.string(),
    inputAccountId: ref("finance.account"),
    inputAccount: z.string(),
    books: z.string(),
  }),
  label: "code",
  search: ["code", "name"],
  dated: true,
  from: (context, asOf) => sql`
    select c.id, c.code, c.name, trim_scale(r.percent)::text as percent, c.output_account_id, o.code || ' ' || o.name as output_account,
      c.input_account_id, i.code || ' ' || i.name as input_account, b.name as books
    from finance.tax_code c
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = c.book_id
    join finance.account o on o.tenant_id = ${context.tenantId} and o.id = c.output_account_id
    join finance.account i on i.tenant_id = ${context.tenantId} and i.id = c.input_account_id
    left join finance.tax_rate r on r.tenant_id = ${context.tenantId} and r.tax_code_id = c.id and r.during @> ${asOf}::date
    where c.tenant_id = ${context.tenantId}`,
});

export const createTaxCode = operation({
  name: "finance.taxCode.create",
  title: "Add a tax code",
  does: "Adds a tax code with its first rate; it posts to the accounts for input and output tax.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    code: z.string().regex(/^[A-Za-z0-9-]{1,20}$/, "has letters, digits and dashes, at most 20"),
    name: Text(100),
    percent: DecimalText,
    from: Day,
    bookId: ref("finance.book").optional(),
  }),
  output: z.object({ id: Id }),
  refuses: {
    booksMissing: postingRefusals.booksMissing,
    percentOutOfRange: "A tax rate lies between 0 and 100 percent.",
    codeTaken: "There is a tax code {code} already. Choose another code.",
  },
  constraints: { tax_code_code: "codeTaken" },
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    if (decimal(input.percent).isNegative() || decimal(input.percent).gt(100)) refuse("percentOutOfRange", {}, ["percent"]);
    const taken = await context.db.maybe(sql`
      select id from finance.tax_code where tenant_id = ${context.tenantId} and book_id = ${book.id} and code = ${input.code}`);
    if (taken) refuse("codeTaken", { code: input.code }, ["code"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into finance.tax_code (tenant_id, id, book_id, code, name, output_account_id, input_account_id)
      select ${context.tenantId}, ${id}, ${book.id}, ${input.code}, ${input.name}, o.account_id, i.account_id
      from finance.account_role o, finance.account_role i
      where o.tenant_id = ${context.tenantId} and o.book_id = ${book.id} and o.role = 'taxOutput'
        and i.tenant_id = ${context.tenantId} and i.book_id = ${book.id} and i.role = 'taxInput'`);
    await context.db.run(sql`
      insert into finance.tax_rate (tenant_id, tax_code_id, during, percent)
      values (${context.tenantId}, ${id}, daterange(${input.from}::date, null), ${input.percent}::numeric)`);
    return { id };
  },
});

export const changeTaxRate = operation({
  name: "finance.taxCode.changeRate",
  title: "Change a tax rate",
  does: "Lets another rate hold from a day on; documents of earlier days keep the rate they had.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({ taxCodeId: ref("finance.taxCode"), percent: DecimalText, from: Day }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: "There is no such tax code.",
    percentOutOfRange: "A tax rate lies between 0 and 100 percent.",
    rateFixed: "The last rate of this code holds from {from}. A new one begins after that day.",
  },
  async run(input, context) {
    if (decimal(input.percent).isNegative() || decimal(input.percent).gt(100)) refuse("percentOutOfRange", {}, ["percent"]);
    const { tenantId } = context;
    const code = await context.db.maybe<{ id: KernelId }>(sql`
      select id from finance.tax_code where tenant_id = ${tenantId} and id = ${input.taxCodeId} for update`);
    if (!code) refuse("notFound");
    const last = await context.db.row<{ from: string }>(sql`
      select max(lower(during))::date as "from" from finance.tax_rate where tenant_id = ${tenantId} and tax_code_id = ${code.id}`);
    if (input.from <= last.from) refuse("rateFixed", { from: last.from }, ["from"]);
    await context.db.run(sql`
      update finance.tax_rate set during = daterange(lower(during), ${input.from}::date)
      where tenant_id = ${tenantId} and tax_code_id = ${code.id} and upper_inf(during)`);
    await context.db.run(sql`
      insert into finance.tax_rate (tenant_id, tax_code_id, during, percent)
      values (${tenantId}, ${code.id}, daterange(${input.from}::date, null), ${input.percent}::numeric)`);
    return { id: code.id };
  },
});

export const getTaxReturn = operation({
  name: "finance.taxReturn.get",
  title: "Tax return",
  does: "Adds up the tax lines of a range of days by code: what is owed on sales, what is reclaimed on purchases, what is left to pay.",
  kind: "read",
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({ from: Day, to: Day, bookId: ref("finance.book").optional() }),
  output: z.object({
    from: Day,
    to: Day,
    currency: CurrencyCode,
    rows: z.array(
      z.object({
        taxCodeId: ref("finance.taxCode"),
        code: z.string(),
        side: z.enum(["output", "input"]),
        percent: DecimalText,
        base: Money,
        tax: Money,
        documents: z.number().int(),
      }),
    ),
    output: Money,
    input: Money,
    payable: Money,
  }),
  refuses: { booksMissing: postingRefusals.booksMissing },
  async run(asked, context) {
    const book = await bookOf(context, asked.bookId);
    const found = await context.db.rows<{
      taxCodeId: KernelId;
      code: string;
      side: "output" | "input";
      percent: string;
      base: bigint;
      tax: bigint;
      documents: number;
    }>(sql`
      select t.tax_code_id, c.code, t.side, trim_scale(t.percent)::text as percent, sum(t.base)::bigint as base, sum(t.tax)::bigint as tax,
        count(distinct t.document_id)::int as documents
      from finance.tax_line t
      join finance.tax_code c on c.tenant_id = ${context.tenantId} and c.id = t.tax_code_id and c.book_id = ${book.id}
      where t.tenant_id = ${context.tenantId} and t.day between ${asked.from} and ${asked.to}
      group by t.tax_code_id, c.code, t.side, t.percent order by t.side desc, c.code, t.percent`);
    const money = (minor: bigint): KernelMoney => new KernelMoney(minor, book.currency);
    const sum = (side: string): bigint => found.reduce((total, row) => total + (row.side === side ? row.tax : 0n), 0n);
    return {
      from: asked.from,
      to: asked.to,
      currency: money(0n).currency,
      rows: found.map((row) => ({ ...row, base: money(row.base), tax: money(row.tax) })),
      output: money(sum("output")),
      input: money(sum("input")),
      payable: money(sum("output") - sum("input")),
    };
  },
});
