// What people enter on their claims: a receipt, a distance, days away. Without a claim named, it goes on the one that is open.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import { decimal } from "../../../kernel/decimal.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { Day, DecimalText, FileId, Id, Money, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, operation } from "../../../platform/operation/operation.ts";
import { type Book, bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { taxesChosen } from "../tax/tax.ts";
import { claimant, insertClaim, type KeptClaim, lockOwnClaim, noPerson, ownClaimRefusals } from "./claim.store.ts";
import { foreignAmount, perDiemAmount, type PerDiemRate, taxWithin } from "./expense.rules.ts";
import type { Stretch } from "./mileage.rules.ts";
import { countDistances, stretchesText } from "./mileage.store.ts";

const expenseClaimId = ref("finance.expenseClaim").optional().describe("By default the claim that is open, or a new one.");
const lineRefusals = {
  noPerson,
  booksMissing: postingRefusals.booksMissing,
  ...ownClaimRefusals,
  categoryUnfit: "This is no category for {kind}. See: heartwood finance expense-category list",
  dayToCome: "{day} is still to come. Enter an expense after it was made.",
  amountNotPositive: "An expense has an amount above zero.",
};
const Added = z.object({ id: Id, expenseClaimId: ref("finance.expenseClaim"), amount: Money });

interface Category {
  readonly id: KernelId;
  readonly name: string;
  readonly taxCodeId: KernelId | null;
}

async function categoryOf(context: ReadContext, book: Book, kind: string, id: KernelId | undefined): Promise<Category> {
  const found = await context.db.maybe<Category>(sql`
    select id, name, tax_code_id from finance.expense_category
    where tenant_id = ${context.tenantId} and book_id = ${book.id} and kind = ${kind}
      and (retired_from is null or retired_from > ${context.today}::date)
      and ${id ? sql`id = ${id}` : sql`true`} order by code limit 1`);
  const words = { receipt: "receipts", mileage: "distances", perDiem: "days away" }[kind];
  return found ?? refuse("categoryUnfit", { kind: words }, ["expenseCategoryId"]);
}

/** The claim named, the latest one that is open, or a new one. */
async function openClaim(context: WriteContext, id: KernelId | undefined): Promise<{ claim: KeptClaim; book: Book }> {
  const personId = claimant(context);
  if (id) {
    const claim = await lockOwnClaim(context, id);
    return { claim, book: await bookOf(context, claim.bookId) };
  }
  const book = await bookOf(context);
  const open = await context.db.maybe<{ id: KernelId }>(sql`
    select id from finance.expense_claim where tenant_id = ${context.tenantId} and book_id = ${book.id} and person_id = ${personId}
      and state in ('draft', 'rejected') order by state, id desc limit 1`);
  const claimId = open?.id ?? (await insertClaim(context, book, personId, `Expenses ${context.today.slice(0, 7)}`)).id;
  return { claim: await lockOwnClaim(context, claimId), book };
}

interface NewLine {
  readonly id?: KernelId;
  readonly categoryId: KernelId;
  readonly kind: "receipt" | "mileage" | "perDiem";
  readonly description: string;
  readonly day: KernelDay;
  readonly untilDay?: KernelDay;
  readonly amount: KernelMoney;
  readonly foreign?: KernelMoney;
  readonly rate?: string;
  readonly taxCodeId?: KernelId | null;
  readonly tax?: KernelMoney;
  readonly workedOut?: string;
  readonly vehicle?: string;
  readonly distance?: string;
  readonly counted?: readonly Stretch[];
  readonly country?: string;
  readonly fileId?: KernelId;
  readonly fileHash?: string;
  readonly noReceiptReason?: string;
}

async function insertLine(context: WriteContext, claim: KeptClaim, line: NewLine): Promise<KernelId> {
  if (line.amount.minor <= 0n) refuse("amountNotPositive", {}, ["amount"]);
  if (line.day > context.today || (line.untilDay ?? line.day) > context.today)
    refuse("dayToCome", { day: line.untilDay ?? line.day }, ["day"]);
  const { id = context.newId() } = line;
  await context.db.run(sql`
    insert into finance.expense_line (tenant_id, id, claim_id, person_id, category_id, kind, description, day, until_day, amount, currency,
      currency_amount, rate, tax_code_id, tax, worked_out, vehicle, distance, counted, country, file_id, file_hash, no_receipt_reason)
    values (${context.tenantId}, ${id}, ${claim.id}, ${claim.personId}, ${line.categoryId}, ${line.kind}, ${line.description}, ${line.day},
      ${line.untilDay ?? line.day}, ${line.amount.minor}, ${line.foreign?.currency ?? null}, ${line.foreign?.minor ?? null},
      ${line.rate ?? null}, ${line.taxCodeId ?? null}, ${line.tax?.minor ?? 0n}, ${line.workedOut ?? null}, ${line.vehicle ?? null},
      ${line.distance ?? null}, ${line.counted ? stretchesText(line.counted) : null}::nummultirange, ${line.country ?? null},
      ${line.fileId ?? null}, ${line.fileHash ?? null}, ${line.noReceiptReason ?? null})`);
  context.emit("finance.expenseLine.added", { expenseLineId: id, expenseClaimId: claim.id });
  return id;
}

export const addReceipt = operation({
  name: "finance.expenseLine.addReceipt",
  title: "Add a receipt",
  does: "Enters what you paid for the company, with a picture of its receipt; in another currency with the rate you got.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({
    fileId: FileId.optional().describe("A picture or scan of the receipt."),
    expenseCategoryId: ref("finance.expenseCategory"),
    amount: Money.describe("What you paid, with tax."),
    day: Day,
    description: Text(200).describe("What it was, and for what."),
    rate: DecimalText.optional().describe("In another currency: what one unit of it cost in the company's."),
    taxCodeId: ref("finance.taxCode")
      .optional()
      .describe("The tax that the receipt shows. By default that of the category; none without a receipt or in another currency."),
    withoutTax: z.boolean().default(false).describe("The receipt shows no tax of this country."),
    noReceiptReason: Text(200).optional().describe("Why there is no receipt."),
    expenseClaimId,
  }),
  output: Added,
  refuses: {
    ...lineRefusals,
    rateMissing: "Say what one {currency} cost you in {own}.",
    rateNotWanted: "The amount is in the company's own currency. Leave the rate out.",
    rateNotPositive: "A rate is above zero.",
    fileNotFound: "There is no such file, or it is not yours. Upload it first.",
    receiptUsed: "This receipt is on a claim already. Each receipt is claimed once.",
    taxContradicted: "The receipt is said to be without tax, and a tax is named. Leave one of the two out.",
    taxUnfit: "This tax is not one that a receipt shows. Choose a plain rate, or say that the receipt is without tax.",
    taxUnproven: "Tax is taken back only with a receipt that shows it. Add the receipt, or say that it is without tax.",
  },
  constraints: { expense_line_receipt: "receiptUsed" },
  emits: ["finance.expenseLine.added"],
  async run(input, context) {
    const { claim, book } = await openClaim(context, input.expenseClaimId);
    const category = await categoryOf(context, book, "receipt", input.expenseCategoryId);
    const { amount, foreign, rate } = inBooks(input.amount, input.rate, book);
    const fileHash = input.fileId ? await receiptHash(context, input.fileId) : undefined;
    if (input.withoutTax && input.taxCodeId) refuse("taxContradicted", {}, ["withoutTax"]);
    // Only tax of this country is taken back, and only by whoever holds the receipt (Art. 168(a) and 178(a) Directive 2006/112/EC).
    const usual = input.withoutTax || foreign || !input.fileId ? undefined : category.taxCodeId;
    const taxCodeId = input.taxCodeId ?? usual;
    const tax = taxCodeId ? await taxOfReceipt(context, book, taxCodeId, input.day, amount) : undefined;
    if (tax && tax.minor > 0n && !input.fileId) refuse("taxUnproven", {}, ["taxCodeId"]);
    const { day, description, fileId, noReceiptReason } = input;
    const line = { day, description, fileId, noReceiptReason, categoryId: category.id, kind: "receipt" as const };
    const id = await insertLine(context, claim, { ...line, amount, foreign, rate, fileHash, taxCodeId, tax });
    return { id, expenseClaimId: claim.id, amount };
  },
});

function inBooks(paid: KernelMoney, rate: string | undefined, book: Book): { amount: KernelMoney; foreign?: KernelMoney; rate?: string } {
  if (paid.currency === book.currency) {
    if (rate !== undefined) refuse("rateNotWanted", {}, ["rate"]);
    return { amount: paid };
  }
  if (rate === undefined) refuse("rateMissing", { currency: paid.currency, own: book.currency }, ["rate"]);
  if (decimal(rate).lte(0)) refuse("rateNotPositive", {}, ["rate"]);
  if (paid.minor <= 0n) refuse("amountNotPositive", {}, ["amount"]);
  return { amount: foreignAmount(paid, rate, book.currency), foreign: paid, rate };
}

/** Only one's own upload: to claim with a file is to open it to every reader of the claim. */
async function receiptHash(context: WriteContext, fileId: KernelId): Promise<string> {
  const file = await context.db.maybe<{ hash: string; userId: KernelId | null }>(sql`
    select hash, user_id from platform.file where tenant_id = ${context.tenantId} and id = ${fileId}`);
  if (!file || (context.actor.kind === "person" && file.userId !== context.actor.userId)) refuse("fileNotFound", {}, ["fileId"]);
  const used = await context.db.maybe(sql`
    select id from finance.expense_line where tenant_id = ${context.tenantId} and file_hash = ${file.hash}`);
  if (used) refuse("receiptUsed", {}, ["fileId"]);
  return file.hash;
}

async function taxOfReceipt(
  context: ReadContext,
  book: Book,
  taxCodeId: KernelId,
  day: KernelDay,
  amount: KernelMoney,
): Promise<KernelMoney> {
  const { parts, percent } = (await taxesChosen(context, book.id)).of(taxCodeId, day);
  const [part] = parts;
  if (!part || parts.length > 1 || part.isReverse || part.perUnit !== undefined) refuse("taxUnfit", {}, ["taxCodeId"]);
  return taxWithin(amount, percent);
}

export const addMileage = operation({
  name: "finance.expenseLine.addMileage",
  title: "Add a distance",
  does: "Enters a distance you drove for the company; its worth follows the rate of the day and what you drove in the year already.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({
    day: Day,
    description: Text(200).describe("From where to where, and for what."),
    distance: DecimalText,
    vehicle: Text(40).default("car"),
    expenseCategoryId: ref("finance.expenseCategory").optional().describe("By default the first one for distances."),
    expenseClaimId,
  }),
  output: Added,
  refuses: {
    ...lineRefusals,
    distanceNotPositive: "A distance is above zero, with at most two decimals.",
    rateUnknown: "There is no rate for that day yet. Ask finance to set one.",
  },
  emits: ["finance.expenseLine.added"],
  async run(input, context) {
    const { claim, book } = await openClaim(context, input.expenseClaimId);
    const category = await categoryOf(context, book, "mileage", input.expenseCategoryId);
    const { day, description, distance, vehicle } = input;
    if (decimal(distance).lte(0) || decimal(distance).decimalPlaces() > 2) refuse("distanceNotPositive", {}, ["distance"]);
    const id = context.newId();
    const worths = await countDistances(context, claim, { id, day, distance, vehicle, counted: [], isOpen: true });
    const worth = worths.find((one) => one.id === id) ?? refuse("rateUnknown", {}, ["day"]);
    const line = { id, categoryId: category.id, kind: "mileage" as const, day, description, distance, vehicle };
    await insertLine(context, claim, { ...line, amount: worth.amount, workedOut: worth.says, counted: worth.counted });
    return { id, expenseClaimId: claim.id, amount: worth.amount };
  },
});

export const addPerDiem = operation({
  name: "finance.expenseLine.addPerDiem",
  title: "Add days away",
  does: "Enters the days you were away for the company; their allowance follows the country, the day and the meals you were given.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({
    day: Day.describe("The day you left."),
    untilDay: Day.optional().describe("The day you came back; by default the same day."),
    country: z.string().regex(/^[A-Z]{2}$/, "is a country by two letters, such as DE"),
    description: Text(200).describe("Where you were, and for what."),
    breakfasts: z.number().int().min(0).max(400).default(0).describe("How many you were given."),
    lunches: z.number().int().min(0).max(400).default(0),
    dinners: z.number().int().min(0).max(400).default(0),
    expenseCategoryId: ref("finance.expenseCategory").optional().describe("By default the first one for days away."),
    expenseClaimId,
  }),
  output: Added,
  refuses: {
    ...lineRefusals,
    endBeforeStart: "You came back on the day you left or later, and within a year.",
    rateUnknown: "There is no rate for that day yet. Ask finance to set one.",
    daysTaken: "You have an allowance for one of these days already. Each day is claimed once.",
  },
  constraints: { expense_line_day_once: "daysTaken" },
  emits: ["finance.expenseLine.added"],
  async run(input, context) {
    const { claim, book } = await openClaim(context, input.expenseClaimId);
    const category = await categoryOf(context, book, "perDiem", input.expenseCategoryId);
    const { day, untilDay = day, country, description } = input;
    if (untilDay < day || Number(untilDay.slice(0, 4)) - Number(day.slice(0, 4)) > 1) refuse("endBeforeStart", {}, ["untilDay"]);
    const taken = await context.db.maybe(sql`
      select id from finance.expense_line where tenant_id = ${context.tenantId} and person_id = ${claim.personId} and kind = 'perDiem'
        and daterange(day, until_day, '[]') && daterange(${day}::date, ${untilDay}::date, '[]')`);
    if (taken) refuse("daysTaken", {}, ["day"]);
    const rates = await perDiemRates(context, book, country);
    const worth = perDiemAmount(rates, day, untilDay, input) ?? refuse("rateUnknown", {}, ["day"]);
    const line = { categoryId: category.id, kind: "perDiem" as const, day, untilDay, description, country };
    const id = await insertLine(context, claim, { ...line, amount: worth.amount, workedOut: worth.says });
    return { id, expenseClaimId: claim.id, amount: worth.amount };
  },
});

async function perDiemRates(context: ReadContext, book: Book, country: string): Promise<PerDiemRate[]> {
  const rows = await context.db.rows<Omit<PerDiemRate, "wholeDay" | "partDay"> & { wholeDay: bigint; partDay: bigint }>(sql`
    select from_day, whole_day, part_day, breakfast_percent::text as breakfast_percent, lunch_percent::text as lunch_percent,
      dinner_percent::text as dinner_percent
    from finance.per_diem_rate where tenant_id = ${context.tenantId} and book_id = ${book.id} and country = ${country}`);
  const money = (minor: bigint): KernelMoney => new KernelMoney(minor, book.currency);
  return rows.map((row) => ({ ...row, wholeDay: money(row.wholeDay), partDay: money(row.partDay) }));
}

export const removeLine = operation({
  name: "finance.expenseLine.remove",
  title: "Take it off the claim",
  does: "Takes an expense off your claim before it is sent; its receipt can be claimed anew, and your other distances are counted anew.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({ expenseLineId: ref("finance.expenseLine") }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such expense, or it is not yours.", notOpen: ownClaimRefusals.notOpen },
  when: (record) => record["mine"] === true && (record["claimState"] === "draft" || record["claimState"] === "rejected"),
  emits: ["finance.expenseLine.removed"],
  async run(input, context) {
    const line = await context.db.maybe<{ claimId: KernelId; kind: string }>(sql`
      select claim_id, kind from finance.expense_line where tenant_id = ${context.tenantId} and id = ${input.expenseLineId}`);
    if (!line) refuse("notFound");
    const claim = await lockOwnClaim(context, line.claimId);
    await context.db.run(sql`delete from finance.expense_line where tenant_id = ${context.tenantId} and id = ${input.expenseLineId}`);
    if (line.kind === "mileage") await countDistances(context, claim);
    context.emit("finance.expenseLine.removed", { expenseLineId: input.expenseLineId, expenseClaimId: line.claimId });
    return { id: input.expenseLineId };
  },
});
