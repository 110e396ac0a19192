// What the company pays its people for: the account that is kept for each employee, categories with their limits, and dated rates.
import { z } from "zod";
import { decimal } from "../../../kernel/decimal.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, DecimalText, Id, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { accountOf, type Book, bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";

export const expenseRoles = ["finance.accountant", "finance.manager"];
export const Kind = z.enum(["receipt", "mileage", "perDiem"]);
const bookId = ref("finance.book").optional().describe("By default the main books.");

/** Categories that every company has; each may be given another account later. */
const usual = [
  { code: "TRAVEL", name: "Travel and lodging", kind: "receipt", account: "6410", wantsReceipt: true },
  { code: "MEALS", name: "Meals and hospitality", kind: "receipt", account: "6420", wantsReceipt: true },
  { code: "OTHER", name: "Other expenses", kind: "receipt", account: "", wantsReceipt: true },
  { code: "MILEAGE", name: "Distance driven", kind: "mileage", account: "6410", wantsReceipt: false },
  { code: "DAYS", name: "Days away", kind: "perDiem", account: "6410", wantsReceipt: false },
] as const;

export const openExpenses = operation({
  name: "finance.expenseCategory.open",
  title: "Begin with expenses",
  does: "Opens the account that is kept for each employee, where there is none yet, and the usual categories of expenses.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({ bookId }),
  output: z.object({ accountId: ref("finance.account"), categories: z.number().int() }),
  refuses: {
    booksMissing: postingRefusals.booksMissing,
    groupMissing: "The chart has no group of liabilities to open the account below. Add one first: heartwood finance account create",
    roleUnassigned: postingRefusals.roleUnassigned,
  },
  emits: ["finance.expenseCategory.opened"],
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    const accountId = await employeeAccount(context, book);
    const other = await accountOf(context, "expense", book.id);
    const categories = await context.db.run(sql`
      insert into finance.expense_category (tenant_id, id, book_id, code, name, account_id, kind, wants_receipt)
      select ${context.tenantId}, u.id, ${book.id}, u.code, u.name, coalesce(a.id, ${other.id}), u.kind, u.wants_receipt
      from unnest(${usual.map(() => context.newId())}::uuid[], ${usual.map((one) => one.code)}::text[],
        ${usual.map((one) => one.name)}::text[], ${usual.map((one) => one.kind)}::text[], ${usual.map((one) => one.account)}::text[],
        ${usual.map((one) => one.wantsReceipt)}::boolean[]) as u (id, code, name, kind, account, wants_receipt)
      left join finance.account a on a.tenant_id = ${context.tenantId} and a.book_id = ${book.id} and a.code = u.account
        and a.type = 'expense' and not a.is_group
      on conflict on constraint expense_category_code do nothing`);
    context.emit("finance.expenseCategory.opened", { bookId: book.id });
    return { accountId, categories };
  },
});

/** Books that began before there were expenses have no such account: it is opened below the group of what is owed to employees. */
async function employeeAccount(context: WriteContext, book: Book): Promise<KernelId> {
  const { tenantId } = context;
  const known = await context.db.maybe<{ accountId: KernelId }>(sql`
    select account_id from finance.account_role where tenant_id = ${tenantId} and book_id = ${book.id} and role = 'employeePayable'`);
  if (known) return known.accountId;
  const group = await context.db.maybe<{ id: KernelId; code: string }>(sql`
    select a.id, a.code from finance.account a
    where a.tenant_id = ${tenantId} and a.book_id = ${book.id} and a.type = 'liability' and a.is_group
    order by (a.code = '2300') desc, a.parent_id is null, a.code limit 1`);
  if (!group) refuse("groupMissing");
  const wanted = [...(group.code === "2300" ? ["2340"] : []), ...Array.from({ length: 99 }, (_, index) => `${group.code}${index + 1}`)];
  const { code } = await context.db.row<{ code: string }>(sql`
    select w.code from unnest(${wanted}::text[]) with ordinality as w (code, place)
    where not exists (select from finance.account a where a.tenant_id = ${tenantId} and a.book_id = ${book.id} and a.code = w.code)
    order by w.place limit 1`);
  const id = context.newId();
  await context.db.run(sql`
    insert into finance.account (tenant_id, id, book_id, code, name, type, parent_id, is_group, control)
    values (${tenantId}, ${id}, ${book.id}, ${code}, 'Expenses and advances of employees', 'liability', ${group.id}, false, 'payable')`);
  await context.db.run(sql`
    insert into finance.account_role (tenant_id, book_id, role, account_id)
    values (${tenantId}, ${book.id}, 'employeePayable', ${id})`);
  return id;
}

const categoryFields = {
  name: Text(100),
  accountId: ref("finance.account").describe("Where it is booked."),
  taxCodeId: ref("finance.taxCode").optional().describe("The tax that is usually within it."),
  limit: Money.optional().describe("More than this on one line is shown to whoever approves."),
  wantsReceipt: z.boolean().default(true),
};

export const createCategory = operation({
  name: "finance.expenseCategory.create",
  title: "Add a category",
  does: "Adds a kind of expense with the account it is booked on and its limit.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    code: z.string().regex(/^[0-9A-Za-z.-]{1,20}$/, "has letters, digits, dots and dashes, at most 20"),
    kind: Kind.default("receipt"),
    ...categoryFields,
    bookId,
  }),
  output: z.object({ id: Id }),
  refuses: {
    booksMissing: postingRefusals.booksMissing,
    categoryTaken: "There is a category {code} already. Choose another code.",
    accountUnfit: "An expense is booked on an account for expenses that takes postings. Choose another one.",
    currencyDiffers: postingRefusals.currencyDiffers,
    limitNotPositive: "A limit is above zero. Leave it out for none.",
  },
  constraints: { expense_category_code: "categoryTaken" },
  emits: ["finance.expenseCategory.created"],
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    await requireCategory(context, book, input);
    const taken = await context.db.maybe(sql`
      select id from finance.expense_category where tenant_id = ${context.tenantId} and book_id = ${book.id} and code = ${input.code}`);
    if (taken) refuse("categoryTaken", { code: input.code }, ["code"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into finance.expense_category (tenant_id, id, book_id, code, name, account_id, kind, tax_code_id, limit_amount, wants_receipt)
      values (${context.tenantId}, ${id}, ${book.id}, ${input.code}, ${input.name}, ${input.accountId}, ${input.kind},
        ${input.taxCodeId ?? null}, ${input.limit?.minor ?? null}, ${input.wantsReceipt})`);
    context.emit("finance.expenseCategory.created", { expenseCategoryId: id });
    return { id };
  },
});

export const changeCategory = operation({
  name: "finance.expenseCategory.change",
  title: "Change a category",
  does: "Changes name, account, tax, limit or need of a receipt for expenses entered from now on; or retires the category.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    expenseCategoryId: ref("finance.expenseCategory"),
    ...categoryFields,
    wantsReceipt: z.boolean(),
    retiredFrom: Day.optional().describe("From when on nothing is entered on it."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: "There is no such category.",
    accountUnfit: "An expense is booked on an account for expenses that takes postings. Choose another one.",
    currencyDiffers: postingRefusals.currencyDiffers,
    limitNotPositive: "A limit is above zero. Leave it out for none.",
  },
  emits: ["finance.expenseCategory.changed"],
  async run({ expenseCategoryId, ...input }, context) {
    const kept = await context.db.maybe<{ bookId: KernelId }>(sql`
      select book_id from finance.expense_category where tenant_id = ${context.tenantId} and id = ${expenseCategoryId} for update`);
    if (!kept) refuse("notFound");
    await requireCategory(context, await bookOf(context, kept.bookId), input);
    await context.db.run(sql`
      update finance.expense_category set name = ${input.name}, account_id = ${input.accountId}, tax_code_id = ${input.taxCodeId ?? null},
        limit_amount = ${input.limit?.minor ?? null}, wants_receipt = ${input.wantsReceipt}, retired_from = ${input.retiredFrom ?? null}
      where tenant_id = ${context.tenantId} and id = ${expenseCategoryId}`);
    context.emit("finance.expenseCategory.changed", { expenseCategoryId });
    return { id: expenseCategoryId };
  },
});

interface CategoryWish {
  readonly accountId: KernelId;
  readonly limit?: z.output<typeof Money>;
}

async function requireCategory(context: WriteContext, book: Book, wish: CategoryWish): Promise<void> {
  const account = await context.db.maybe<{ isFit: boolean }>(sql`
    select (type = 'expense' and not is_group and control is null) as is_fit from finance.account
    where tenant_id = ${context.tenantId} and book_id = ${book.id} and id = ${wish.accountId}`);
  if (!account?.isFit) refuse("accountUnfit", {}, ["accountId"]);
  if (wish.limit && wish.limit.currency !== book.currency) refuse("currencyDiffers", { currency: book.currency }, ["limit"]);
  if (wish.limit && wish.limit.minor <= 0n) refuse("limitNotPositive", {}, ["limit"]);
}

export const setMileageRate = operation({
  name: "finance.mileageRate.set",
  title: "Set a mileage rate",
  does: "Says what a distance is worth from a day on, also above so many units in a year; what was sent before stays.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    vehicle: Text(40).default("car"),
    unit: z.enum(["km", "mi"]).default("km"),
    from: Day,
    above: DecimalText.default("0").describe("It holds for what goes above so many units in the year."),
    perUnit: DecimalText.describe("For one unit, in the books' currency."),
    yearBegins: z
      .string()
      .regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/, "is a month and a day, such as 01-01")
      .default("01-01")
      .describe("When the count of the year begins anew."),
    bookId,
  }),
  output: z.object({ id: Id }),
  refuses: { booksMissing: postingRefusals.booksMissing, rateNegative: "A rate is not below zero." },
  emits: ["finance.mileageRate.set"],
  example: { vehicle: "car", unit: "mi", from: "2026-04-06", perUnit: "0.45", yearBegins: "04-06" },
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    if (decimal(input.perUnit).isNegative() || decimal(input.above).isNegative()) refuse("rateNegative", {}, ["perUnit"]);
    const { id } = await context.db.row<{ id: KernelId }>(sql`
      insert into finance.mileage_rate (tenant_id, id, book_id, vehicle, unit, from_day, above, per_unit, year_begins)
      values (${context.tenantId}, ${context.newId()}, ${book.id}, ${input.vehicle}, ${input.unit}, ${input.from}, ${input.above},
        ${input.perUnit}, ${input.yearBegins})
      on conflict on constraint mileage_rate_once do update set unit = excluded.unit, per_unit = excluded.per_unit,
        year_begins = excluded.year_begins
      returning id`);
    context.emit("finance.mileageRate.set", { mileageRateId: id });
    return { id };
  },
});

export const setPerDiemRate = operation({
  name: "finance.perDiemRate.set",
  title: "Set a daily allowance",
  does: "Says what a day away in a country is worth from a day on, and what a meal that was given takes off it.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    country: z.string().regex(/^[A-Z]{2}$/, "is a country by two letters, such as DE"),
    from: Day,
    wholeDay: Money,
    partDay: Money.describe("The day one leaves or comes back, or a day away without a night."),
    breakfastPercent: DecimalText.default("20").describe("Of a whole day, for a breakfast that was given."),
    lunchPercent: DecimalText.default("40"),
    dinnerPercent: DecimalText.default("40"),
    bookId,
  }),
  output: z.object({ id: Id }),
  refuses: {
    booksMissing: postingRefusals.booksMissing,
    currencyDiffers: postingRefusals.currencyDiffers,
    rateNegative: "A rate is not below zero.",
    percentOutOfRange: "A meal takes between 0 and 100 percent of a whole day.",
  },
  emits: ["finance.perDiemRate.set"],
  example: {
    country: "DE",
    from: "2026-01-01",
    wholeDay: { amount: "28.00", currency: "EUR" as never },
    partDay: { amount: "14.00", currency: "EUR" as never },
  },
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    for (const amount of [input.wholeDay, input.partDay]) {
      if (amount.currency !== book.currency) refuse("currencyDiffers", { currency: book.currency }, ["wholeDay"]);
      if (amount.minor < 0n) refuse("rateNegative", {}, ["wholeDay"]);
    }
    const percents = [input.breakfastPercent, input.lunchPercent, input.dinnerPercent];
    if (percents.some((percent) => decimal(percent).isNegative() || decimal(percent).gt(100))) refuse("percentOutOfRange");
    const { id } = await context.db.row<{ id: KernelId }>(sql`
      insert into finance.per_diem_rate (tenant_id, id, book_id, country, from_day, whole_day, part_day, breakfast_percent, lunch_percent,
        dinner_percent)
      values (${context.tenantId}, ${context.newId()}, ${book.id}, ${input.country}, ${input.from}, ${input.wholeDay.minor},
        ${input.partDay.minor}, ${input.breakfastPercent}, ${input.lunchPercent}, ${input.dinnerPercent})
      on conflict on constraint per_diem_rate_once do update set whole_day = excluded.whole_day, part_day = excluded.part_day,
        breakfast_percent = excluded.breakfast_percent, lunch_percent = excluded.lunch_percent, dinner_percent = excluded.dinner_percent
      returning id`);
    context.emit("finance.perDiemRate.set", { perDiemRateId: id });
    return { id };
  },
});
