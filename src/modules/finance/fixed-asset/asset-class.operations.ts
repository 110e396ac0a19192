// Classes of fixed assets with their accounts, the asset books in which value is lost, and how a class loses it in each of them.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { decimal } from "../../../kernel/decimal.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { DecimalText, Id, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { accountOf, type Book, bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { methods } from "./depreciation.rules.ts";
import { conventions, rhythms } from "./life.rules.ts";

export const assetRoles = ["finance.accountant", "finance.manager"];

const Code = z.string().regex(/^[0-9A-Za-z.-]{1,20}$/, "has letters, digits, dots and dashes, at most 20");

export const planFields = {
  method: z.enum(methods).describe("How value is lost. Declining balance goes over to straight line as soon as that is more."),
  convention: z.enum(conventions).describe("What counts of the first month or year."),
  rhythm: z.enum(rhythms).describe("Whether a line is written for each month or for each year."),
  lifeMonths: z.number().int().min(1).max(1200).describe("The useful life, in months."),
  factor: DecimalText.describe("For declining balance: times the straight-line rate, such as 2 or 1.5."),
  percentDecimals: z
    .number()
    .int()
    .min(2)
    .max(4)
    .describe("Round the percentage of each year to so many decimals first, as the tables of the tax office do."),
};

const classPlanFields = {
  method: planFields.method.default("straightLine"),
  convention: planFields.convention.default("fullMonth"),
  rhythm: planFields.rhythm.default("month"),
  lifeMonths: planFields.lifeMonths,
  factor: planFields.factor.default("2"),
  percentDecimals: planFields.percentDecimals.optional(),
  residualPercent: DecimalText.default("0").describe("What is left at the end, in percent of the cost."),
};

const planRefusals = {
  factorOutOfRange: "The factor lies between 1 and 10, such as 2 or 1.5.",
  percentOutOfRange: "The residual value lies between 0 and 100 percent of the cost.",
};

type ClassPlan = z.output<z.ZodObject<typeof classPlanFields>>;

export function requireFactor(factor: string): void {
  if (decimal(factor).lt(1) || decimal(factor).gt(10)) refuse("factorOutOfRange", {}, ["factor"]);
}

function requirePlan(plan: ClassPlan): void {
  requireFactor(plan.factor);
  if (decimal(plan.residualPercent).isNegative() || decimal(plan.residualPercent).gt(100))
    refuse("percentOutOfRange", {}, ["residualPercent"]);
}

export const createAssetClass = operation({
  name: "finance.assetClass.create",
  title: "Add a class of assets",
  does: "Adds a class of fixed assets with its accounts and the way its assets lose value in the statements.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    code: Code,
    name: Text(100),
    ...classPlanFields,
    assetAccountId: ref("finance.account").optional().describe("Where the cost stands; by default the account with that job."),
    accumulatedAccountId: ref("finance.account").optional().describe("Where the accumulated depreciation stands."),
    expenseAccountId: ref("finance.account").optional().describe("Where depreciation is booked."),
    impairmentAccountId: ref("finance.account").optional().describe("By default the account for depreciation."),
    gainAccountId: ref("finance.account").optional().describe("Gains on disposal; by default the result of disposals."),
    lossAccountId: ref("finance.account").optional().describe("Losses on disposal; by default the result of disposals."),
    bookId: ref("finance.book").optional().describe("By default the main books."),
  }),
  output: z.object({ id: Id, assetBookId: ref("finance.assetBook") }),
  refuses: {
    booksMissing: postingRefusals.booksMissing,
    classCodeTaken: "There is a class {code} already. Choose another code.",
    roleUnassigned: postingRefusals.roleUnassigned,
    accountUnfit: "Account {account} does not fit here. Choose an account of these books that takes postings and is no control account.",
    ...planRefusals,
  },
  constraints: { asset_class_code: "classCodeTaken" },
  emits: ["finance.assetClass.created"],
  example: { code: "IT", name: "Office and IT equipment", lifeMonths: 36 },
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    const { tenantId } = context;
    requirePlan(input);
    const taken = await context.db.maybe(sql`
      select id from finance.asset_class where tenant_id = ${tenantId} and book_id = ${book.id} and code = ${input.code}`);
    if (taken) refuse("classCodeTaken", { code: input.code }, ["code"]);
    const account = await classAccounts(context, book, input);
    const id = context.newId();
    await context.db.run(sql`
      insert into finance.asset_class (tenant_id, id, book_id, code, name, asset_account_id, accumulated_account_id, expense_account_id,
        impairment_account_id, gain_account_id, loss_account_id)
      values (${tenantId}, ${id}, ${book.id}, ${input.code}, ${input.name}, ${account.asset}, ${account.accumulated}, ${account.expense},
        ${account.impairment}, ${account.gain}, ${account.loss})`);
    const assetBookId = await postingAssetBook(context, book);
    await keepClassPlan(context, id, assetBookId, input);
    context.emit("finance.assetClass.created", { assetClassId: id });
    return { id, assetBookId };
  },
});

interface AccountWishes {
  readonly assetAccountId?: KernelId;
  readonly accumulatedAccountId?: KernelId;
  readonly expenseAccountId?: KernelId;
  readonly impairmentAccountId?: KernelId;
  readonly gainAccountId?: KernelId;
  readonly lossAccountId?: KernelId;
}

async function classAccounts(context: ReadContext, book: Book, wish: AccountWishes): Promise<Record<string, KernelId>> {
  const role = async (name: Parameters<typeof accountOf>[1]): Promise<KernelId> => (await accountOf(context, name, book.id)).id;
  const asset = wish.assetAccountId ?? (await role("fixedAsset"));
  const accumulated = wish.accumulatedAccountId ?? (await role("accumulatedDepreciation"));
  const expense = wish.expenseAccountId ?? (await role("depreciation"));
  const needsResult = wish.gainAccountId === undefined || wish.lossAccountId === undefined;
  const result = needsResult ? await role("disposalResult") : expense;
  const chosen = {
    asset,
    accumulated,
    expense,
    impairment: wish.impairmentAccountId ?? expense,
    gain: wish.gainAccountId ?? result,
    loss: wish.lossAccountId ?? result,
  };
  const ids = [...new Set(Object.values(chosen))];
  const fit = await context.db.rows<{ id: KernelId; code: string; isFit: boolean }>(sql`
    select id, code, (not is_group and control is null and book_id = ${book.id}) as is_fit from finance.account
    where tenant_id = ${context.tenantId} and id = any(${ids}::uuid[])`);
  const unfit = ids.find((id) => !fit.some((one) => one.id === id && one.isFit));
  if (unfit) refuse("accountUnfit", { account: fit.find((one) => one.id === unfit)?.code ?? "" });
  return chosen;
}

/** The asset book that posts; made with the first class. */
async function postingAssetBook(context: WriteContext, book: Book): Promise<KernelId> {
  const known = await context.db.maybe<{ id: KernelId }>(sql`
    select id from finance.asset_book where tenant_id = ${context.tenantId} and book_id = ${book.id} and posts`);
  if (known) return known.id;
  const id = context.newId();
  await context.db.run(sql`
    insert into finance.asset_book (tenant_id, id, book_id, code, name, posts)
    values (${context.tenantId}, ${id}, ${book.id}, 'STAT', 'Statements', true)`);
  return id;
}

async function keepClassPlan(context: WriteContext, classId: KernelId, assetBookId: KernelId, plan: ClassPlan): Promise<void> {
  await context.db.run(sql`
    insert into finance.asset_class_plan (tenant_id, class_id, asset_book_id, method, convention, rhythm, life_months, factor,
      percent_decimals, residual_percent)
    values (${context.tenantId}, ${classId}, ${assetBookId}, ${plan.method}, ${plan.convention}, ${plan.rhythm}, ${plan.lifeMonths},
      ${plan.factor}, ${plan.percentDecimals ?? null}, ${plan.residualPercent})
    on conflict (tenant_id, class_id, asset_book_id) do update set method = excluded.method, convention = excluded.convention,
      rhythm = excluded.rhythm, life_months = excluded.life_months, factor = excluded.factor,
      percent_decimals = excluded.percent_decimals, residual_percent = excluded.residual_percent`);
}

export const createAssetBook = operation({
  name: "finance.assetBook.create",
  title: "Add an asset book",
  does: "Adds a further way to look at the value of assets, such as the tax office's; it is computed beside the statements and not posted.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({ code: Code, name: Text(100), bookId: ref("finance.book").optional().describe("By default the main books.") }),
  output: z.object({ id: Id }),
  refuses: { booksMissing: postingRefusals.booksMissing, assetBookTaken: "There is an asset book {code} already. Choose another code." },
  constraints: { asset_book_code: "assetBookTaken" },
  emits: ["finance.assetBook.created"],
  example: { code: "TAX", name: "Tax" },
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    await postingAssetBook(context, book);
    const taken = await context.db.maybe(sql`
      select id from finance.asset_book where tenant_id = ${context.tenantId} and book_id = ${book.id} and code = ${input.code}`);
    if (taken) refuse("assetBookTaken", { code: input.code }, ["code"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into finance.asset_book (tenant_id, id, book_id, code, name, posts)
      values (${context.tenantId}, ${id}, ${book.id}, ${input.code}, ${input.name}, false)`);
    context.emit("finance.assetBook.created", { assetBookId: id });
    return { id };
  },
});

export const setClassPlan = operation({
  name: "finance.assetClass.plan",
  title: "Say how it loses value",
  does: "Says how assets of the class that come from now on lose value in an asset book; those there are stay as they are.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({ assetClassId: ref("finance.assetClass"), assetBookId: ref("finance.assetBook"), ...classPlanFields }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: "There is no such class of assets.",
    assetBookUnknown: "There is no such asset book in these books. Look it up: heartwood finance asset-book list",
    ...planRefusals,
  },
  emits: ["finance.assetClass.planned"],
  async run(input, context) {
    const { assetClassId, assetBookId, ...plan } = input;
    requirePlan(plan);
    const found = await context.db.maybe<{ bookKnown: boolean }>(sql`
      select exists (select from finance.asset_book k where k.tenant_id = ${context.tenantId} and k.id = ${assetBookId}
        and k.book_id = c.book_id) as book_known
      from finance.asset_class c where c.tenant_id = ${context.tenantId} and c.id = ${assetClassId} for update`);
    if (!found) refuse("notFound");
    if (!found.bookKnown) refuse("assetBookUnknown", {}, ["assetBookId"]);
    await keepClassPlan(context, assetClassId, assetBookId, plan);
    context.emit("finance.assetClass.planned", { assetClassId, assetBookId });
    return { id: assetClassId };
  },
});
