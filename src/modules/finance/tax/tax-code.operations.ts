// Tax codes and their rates: a new law ends one rate and begins the next; what was invoiced before keeps its own.
import { z } from "zod";
import { decimal } from "../../../kernel/decimal.ts";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, DecimalText, Id, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { type Book, bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";

const may = ["finance.accountant", "finance.manager"];

export const taxCodeRegister = register({
  name: "finance.taxCode",
  title: "Tax codes",
  does: "The tax codes with the rate that holds on the day.",
  may,
  row: z.object({
    id: Id,
    code: z.string(),
    name: z.string(),
    kind: z.enum(["percent", "perUnit", "group"]),
    percent: DecimalText.nullable(),
    perUnit: DecimalText.nullable(),
    parts: z.string().nullable().describe("Of a group, in the order they are counted."),
    reverseCharge: z.boolean(),
    cashBasis: z.boolean().describe("Due when the document is paid."),
    raisesBase: z.boolean().describe("The parts after it are counted on it too."),
    deductiblePercent: DecimalText.describe("Of the tax on purchases."),
    outputBaseBox: z.string().nullable(),
    outputTaxBox: z.string().nullable(),
    inputBaseBox: z.string().nullable(),
    inputTaxBox: z.string().nullable(),
    ecSupply: z.enum(["goods", "services"]).nullable(),
    outputAccountId: ref("finance.account"),
    outputAccount: z.string(),
    inputAccountId: ref("finance.account"),
    inputAccount: z.string(),
    books: z.string(),
    bookId: ref("finance.book"),
  }),
  label: "code",
  search: ["code", "name"],
  dated: true,
  from: (context, asOf) => sql`
    select c.id, c.code, c.name, c.kind, trim_scale(r.percent)::text as percent, trim_scale(r.per_unit)::text as per_unit,
      (select string_agg(l.code, ' + ' order by k.position) from finance.tax_child k
        join finance.tax_code l on l.tenant_id = ${context.tenantId} and l.id = k.child_id
        where k.tenant_id = ${context.tenantId} and k.group_id = c.id) as parts,
      c.reverse_charge, c.cash_basis, c.raises_base, trim_scale(c.deductible_percent)::text as deductible_percent, c.output_base_box,
      c.output_tax_box, c.input_base_box, c.input_tax_box, c.ec_supply, c.output_account_id, o.code || ' ' || o.name as output_account,
      c.input_account_id, i.code || ' ' || i.name as input_account, b.name as books, c.book_id
    from finance.tax_code c
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = c.book_id
    join finance.account o on o.tenant_id = ${context.tenantId} and o.id = c.output_account_id
    join finance.account i on i.tenant_id = ${context.tenantId} and i.id = c.input_account_id
    left join finance.tax_rate r on r.tenant_id = ${context.tenantId} and r.tax_code_id = c.id and r.during @> ${asOf}::date
    where c.tenant_id = ${context.tenantId}`,
});

const Box = z.string().regex(/^[A-Za-z0-9. -]{1,20}$/, "has letters, digits, dots and dashes, at most 20");
const Code = z.string().regex(/^[A-Za-z0-9-]{1,20}$/, "has letters, digits and dashes, at most 20");

const Boxes = {
  outputBaseBox: Box.optional().describe("Box of the return for the net of sales."),
  outputTaxBox: Box.optional().describe("Box of the return for the tax on sales, or owed under reverse charge."),
  inputBaseBox: Box.optional().describe("Box of the return for the net of purchases."),
  inputTaxBox: Box.optional().describe("Box of the return for the tax reclaimed."),
  ecSupply: z.enum(["goods", "services"]).optional().describe("Sales under it are listed in the EC sales list."),
};

const percentOutOfRange = "A tax rate lies between 0 and 100 percent.";
const codeTaken = "There is a tax code {code} already. Choose another code.";

export const createTaxCode = operation({
  name: "finance.taxCode.create",
  title: "Add a tax code",
  does: "Adds a tax code with its first rate, a percentage or an amount for each unit, and says where it is posted and reported.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    code: Code,
    name: Text(100),
    percent: DecimalText.default("0"),
    perUnit: DecimalText.optional().describe("An amount for each unit in place of a percentage, in the books' currency."),
    from: Day,
    reverseCharge: z.boolean().default(false).describe("Who buys owes the tax."),
    cashBasis: z.boolean().default(false).describe("Due when the document is paid, in proportion."),
    pendingAccountId: ref("finance.account").optional().describe("Where tax due on payment waits."),
    raisesBase: z.boolean().default(false).describe("In a group, the codes after it are counted on it too."),
    deductiblePercent: DecimalText.default("100").describe("How much of the tax on purchases may be reclaimed; the rest is cost."),
    ...Boxes,
    outputAccountId: ref("finance.account").optional().describe("By default the account for output tax."),
    inputAccountId: ref("finance.account").optional().describe("By default the account for input tax."),
    bookId: ref("finance.book").optional(),
  }),
  output: z.object({ id: Id }),
  refuses: {
    booksMissing: postingRefusals.booksMissing,
    percentOutOfRange,
    rateTwice: "A tax is a percentage or an amount for each unit, not both.",
    pendingAccountMissing: "Tax that is due on payment waits on an account until then. Say on which.",
    accountUnfit: "Account {account} cannot take tax. Choose one of these books that takes postings and is no control account.",
    roleUnassigned: postingRefusals.roleUnassigned,
    codeTaken,
  },
  constraints: { tax_code_code: "codeTaken" },
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    for (const field of ["percent", "deductiblePercent"] as const) {
      if (decimal(input[field]).isNegative() || decimal(input[field]).gt(100)) refuse("percentOutOfRange", {}, [field]);
    }
    if (input.perUnit !== undefined && !decimal(input.percent).isZero()) refuse("rateTwice", {}, ["perUnit"]);
    if (input.cashBasis && !input.pendingAccountId) refuse("pendingAccountMissing", {}, ["pendingAccountId"]);
    await requireFree(context, book, input.code);
    const accounts = await taxAccounts(context, book, input);
    const id = context.newId();
    await context.db.run(sql`
      insert into finance.tax_code (tenant_id, id, book_id, code, name, kind, output_account_id, input_account_id, pending_account_id,
        reverse_charge, cash_basis, raises_base, deductible_percent, output_base_box, output_tax_box, input_base_box, input_tax_box,
        ec_supply)
      values (${context.tenantId}, ${id}, ${book.id}, ${input.code}, ${input.name}, ${input.perUnit === undefined ? "percent" : "perUnit"},
        ${accounts.output}, ${accounts.input}, ${accounts.pending}, ${input.reverseCharge}, ${input.cashBasis}, ${input.raisesBase},
        ${input.deductiblePercent}::numeric, ${input.outputBaseBox ?? null}, ${input.outputTaxBox ?? null}, ${input.inputBaseBox ?? null},
        ${input.inputTaxBox ?? null}, ${input.ecSupply ?? null})`);
    await insertRate(context, id, input.from, input);
    return { id };
  },
});

async function requireFree(context: WriteContext, book: Book, code: string): Promise<void> {
  const taken = await context.db.maybe(sql`
    select id from finance.tax_code where tenant_id = ${context.tenantId} and book_id = ${book.id} and code = ${code}`);
  if (taken) refuse("codeTaken", { code }, ["code"]);
}

const insertRate = (context: WriteContext, id: KernelId, from: KernelDay, rate: { percent: string; perUnit?: string }): Promise<number> =>
  context.db.run(sql`
    insert into finance.tax_rate (tenant_id, tax_code_id, during, percent, per_unit)
    values (${context.tenantId}, ${id}, daterange(${from}::date, null), ${rate.percent}::numeric, ${rate.perUnit ?? null}::numeric)`);

interface AccountWish {
  readonly outputAccountId?: KernelId;
  readonly inputAccountId?: KernelId;
  readonly pendingAccountId?: KernelId;
}

/** The accounts named, or those that do the jobs. Refuses `accountUnfit` and `roleUnassigned`. */
async function taxAccounts(
  context: WriteContext,
  book: Book,
  wish: AccountWish,
): Promise<{ output: KernelId; input: KernelId; pending: KernelId | null }> {
  const named = [wish.outputAccountId, wish.inputAccountId, wish.pendingAccountId].flatMap((id) => id ?? []);
  const rows = await context.db.rows<{ id: KernelId; code: string; isFit: boolean; roles: string[] }>(sql`
    select a.id, a.code, not a.is_group and a.control is null and a.retired_from is null as is_fit,
      coalesce((select array_agg(r.role) from finance.account_role r
        where r.tenant_id = ${context.tenantId} and r.book_id = ${book.id} and r.account_id = a.id), '{}') as roles
    from finance.account a
    where a.tenant_id = ${context.tenantId} and a.book_id = ${book.id} and (a.id = any(${named}::uuid[]) or a.id in (
      select r.account_id from finance.account_role r
      where r.tenant_id = ${context.tenantId} and r.book_id = ${book.id} and r.role in ('taxOutput', 'taxInput')))`);
  const fit = (id: KernelId, field: string): KernelId => {
    const account = rows.find((row) => row.id === id);
    return account?.isFit ? id : refuse("accountUnfit", { account: account?.code ?? "named here" }, [field]);
  };
  const withRole = (role: string): KernelId => rows.find((row) => row.roles.includes(role))?.id ?? refuse("roleUnassigned", { role });
  return {
    output: wish.outputAccountId ? fit(wish.outputAccountId, "outputAccountId") : withRole("taxOutput"),
    input: wish.inputAccountId ? fit(wish.inputAccountId, "inputAccountId") : withRole("taxInput"),
    pending: wish.pendingAccountId ? fit(wish.pendingAccountId, "pendingAccountId") : null,
  };
}

export const createTaxGroup = operation({
  name: "finance.taxCode.createGroup",
  title: "Add a group of taxes",
  does: "Adds a tax code made of others, counted one after the other in the order given.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    code: Code,
    name: Text(100),
    partIds: z.array(ref("finance.taxCode")).min(1).max(20).describe("Its parts, in the order they are counted."),
    bookId: ref("finance.book").optional(),
  }),
  output: z.object({ id: Id }),
  refuses: {
    booksMissing: postingRefusals.booksMissing,
    partUnfit: "A part of a group is a code of the same books that is no group itself, and stands in it once.",
    codeTaken,
  },
  constraints: { tax_code_code: "codeTaken" },
  async run(input, context) {
    const { tenantId } = context;
    const book = await bookOf(context, input.bookId);
    const parts = await context.db.rows<{ id: KernelId; outputAccountId: KernelId; inputAccountId: KernelId }>(sql`
      select id, output_account_id, input_account_id from finance.tax_code
      where tenant_id = ${tenantId} and book_id = ${book.id} and id = any(${input.partIds}::uuid[]) and kind <> 'group'`);
    if (parts.length < input.partIds.length) refuse("partUnfit", {}, ["partIds"]);
    await requireFree(context, book, input.code);
    const id = context.newId();
    await context.db.run(sql`
      insert into finance.tax_code (tenant_id, id, book_id, code, name, kind, output_account_id, input_account_id)
      values (${tenantId}, ${id}, ${book.id}, ${input.code}, ${input.name}, 'group', ${parts[0]!.outputAccountId},
        ${parts[0]!.inputAccountId})`);
    await context.db.run(sql`
      insert into finance.tax_child (tenant_id, group_id, position, child_id)
      select ${tenantId}, ${id}, p.position, p.id
      from unnest(${input.partIds.map((_, index) => index + 1)}::int[], ${input.partIds}::uuid[]) as p (position, id)`);
    return { id };
  },
});

export const changeTaxRate = operation({
  name: "finance.taxCode.changeRate",
  title: "Change a tax rate",
  does: "Lets another rate hold from a day on, also one that is past; documents of earlier days, and all that is posted, keep their rate.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    taxCodeId: ref("finance.taxCode"),
    percent: DecimalText.optional(),
    perUnit: DecimalText.optional().describe("For a code that is an amount for each unit."),
    from: Day,
  }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: "There is no such tax code.",
    rateUnfit: "{code} has {wanted}. Give that, and nothing else.",
    percentOutOfRange,
    rateFixed: "The last rate of this code holds from {from}. A new one begins after that day.",
  },
  when: (record) => record["kind"] !== "group",
  async run(input, context) {
    const { tenantId } = context;
    const code = await context.db.maybe<{ id: KernelId; code: string; kind: "percent" | "perUnit" | "group" }>(sql`
      select id, code, kind from finance.tax_code where tenant_id = ${tenantId} and id = ${input.taxCodeId} for update`);
    if (!code) refuse("notFound");
    const given = input.percent === undefined ? (input.perUnit === undefined ? "nothing" : "perUnit") : "percent";
    if (given !== code.kind || (given === "percent" && input.perUnit !== undefined)) {
      const wanted = { percent: "a percentage", perUnit: "an amount for each unit", group: "the rates of its parts" }[code.kind];
      refuse("rateUnfit", { code: code.code, wanted });
    }
    const { percent = "0", perUnit } = input;
    if (decimal(percent).isNegative() || decimal(percent).gt(100)) refuse("percentOutOfRange", {}, ["percent"]);
    const last = await context.db.row<{ from: string }>(sql`
      select max(lower(during))::date as "from" from finance.tax_rate where tenant_id = ${tenantId} and tax_code_id = ${code.id}`);
    if (input.from <= last.from) refuse("rateFixed", { from: last.from }, ["from"]);
    await context.db.run(sql`
      update finance.tax_rate set during = daterange(lower(during), ${input.from}::date)
      where tenant_id = ${tenantId} and tax_code_id = ${code.id} and upper_inf(during)`);
    await insertRate(context, code.id, input.from, { percent, perUnit });
    return { id: code.id };
  },
});

export const setTaxBoxes = operation({
  name: "finance.taxCode.setBoxes",
  title: "Name its boxes",
  does: "Says where a tax code stands in the return and in the EC sales list; what was posted with boxes keeps them.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({ taxCodeId: ref("finance.taxCode"), ...Boxes }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such tax code." },
  when: (record) => record["kind"] !== "group",
  async run(input, context) {
    const changed = await context.db.run(sql`
      update finance.tax_code set output_base_box = ${input.outputBaseBox ?? null}, output_tax_box = ${input.outputTaxBox ?? null},
        input_base_box = ${input.inputBaseBox ?? null}, input_tax_box = ${input.inputTaxBox ?? null}, ec_supply = ${input.ecSupply ?? null}
      where tenant_id = ${context.tenantId} and id = ${input.taxCodeId} and kind <> 'group'`);
    if (changed === 0) refuse("notFound");
    return { id: input.taxCodeId };
  },
});

export const setTaxRounding = operation({
  name: "finance.book.setTaxRounding",
  title: "Choose how tax is rounded",
  does: "Rounds tax once for each rate of a document, or on every line; what lines add to it is told as a rounding of what is paid.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({ bookId: ref("finance.book"), rounding: z.enum(["document", "line"]) }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There are no such books." },
  async run(input, context) {
    const changed = await context.db.run(sql`
      update finance.book set tax_rounding = ${input.rounding} where tenant_id = ${context.tenantId} and id = ${input.bookId}`);
    if (changed === 0) refuse("notFound");
    return { id: input.bookId };
  },
});
