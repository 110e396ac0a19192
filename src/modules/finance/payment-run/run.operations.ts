// Preparing a payment run: bills are proposed by due day and discount, then edited, or moved to another bank account.
import { z } from "zod";
import { addDays } from "../../../kernel/day.ts";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney, sumMoney } from "../../../kernel/money.ts";
import { refuse, word } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { CurrencyCode, Day, Id, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { bankAccountOf, bankAccountUnknown, OwnBankAccount } from "../ledger/bank-account.operations.ts";
import { payeeAccounts } from "../payables/supplier-bank-account.operations.ts";
import { deductCredits } from "./deduct.ts";
import { noBillHints, onAccountHints } from "./hint.ts";
import { originMissing, originOf } from "./origin.operations.ts";
import { isPickNo, isWanted, type OpenBill, pickBill, type PickedBill, type PickNo, pickRefusals, type PickWish } from "./pick.rules.ts";
import {
  codeOf,
  freeItems,
  insertItems,
  itemsWhere,
  type LockedRun,
  lockItems,
  lockOpenBills,
  lockRun,
  openBills,
  runOf,
} from "./run.store.ts";

const roles = ["finance.accountant", "finance.manager"];
const notFound = "There is no such payment run.";
const bankAccountForeign = "A nacha file pays in US dollars, not in {currency}. Choose a bank account that takes other files.";
const notDraft = "Payment run {code} is {state}. Only a draft is changed; send it back first.";

/** Why a run leaves a bill out. */
const SkipReason = z.enum(Object.keys(pickRefusals) as (keyof typeof pickRefusals)[]);

const Proposed = z.object({
  id: Id,
  code: z.string(),
  bills: z.number().int(),
  total: Money,
  discount: Money,
  credit: Money.describe("Taken off as suppliers' credit notes."),
  hints: z.array(z.string()).describe("Money on account with its suppliers, and what falls due that no run pays."),
  skipped: z.array(z.object({ billId: ref("finance.bill"), bill: z.string(), reason: SkipReason, says: z.string() })),
});

export const createPaymentRun = operation({
  name: "finance.paymentRun.create",
  title: "Prepare a payment run",
  does: "Picks the open bills that fall due or whose discount would be lost, and says which were left out and why.",
  kind: "write",
  previews: true,
  may: roles,
  input: z.strictObject({
    bankAccountId: OwnBankAccount,
    payDay: Day.optional().describe("The day the bank is to pay; by default today."),
    dueUntil: Day.optional().describe("Bills that fall due by this day; by default a week after the day of payment."),
    supplierIds: z.array(ref("directory.supplier")).max(200).optional().describe("Only these suppliers."),
    billIds: z.array(ref("finance.bill")).max(2000).optional().describe("Exactly these bills, whenever they are due."),
    takesDiscount: z.boolean().default(true).describe("Takes off what may be taken off for paying early."),
    whenDue: z.boolean().default(false).describe("Each bill on the day it falls due, in place of all on one day."),
    deductsCredit: z.boolean().default(true).describe("Takes suppliers' credit notes off what they are paid."),
    currency: CurrencyCode.optional().describe("Bills in this currency; by default in that of the bank account."),
  }),
  output: Proposed,
  refuses: {
    bankAccountUnknown,
    bankAccountForeign,
    originMissing,
    payDayPast: "The day of payment lies before today. Choose today or a later day.",
    ...pickRefusals,
    billUnfit: "A bill named is not open in this currency. Leave it out.",
    nothingToPay: "No open bill that can be paid falls due by {day}. {skipped}",
  },
  constraints: { payment_run_item_once: "inOtherRun" },
  emits: ["finance.paymentRun.created"],
  async run(input, context) {
    const payDay = input.payDay ?? context.today;
    if (payDay < context.today) refuse("payDayPast", {}, ["payDay"]);
    const bank = await bankAccountOf(context, input.bankAccountId);
    const { currency = bank.currency } = input;
    const wish = await wishFor(context, bank.id, { payDay, takesDiscount: input.takesDiscount, currency });
    const dueUntil = input.dueUntil ?? addDays(payDay, 7);
    const found = await lockOpenBills(context, bank.bookId, currency, conditionOf(input, payDay, dueUntil));
    if (input.billIds && found.length < new Set(input.billIds).size) refuse("billUnfit", {}, ["billIds"]);
    const wanted = input.billIds ? found : found.filter((bill) => isWanted(bill, payDay, dueUntil, input.takesDiscount));
    const { picked, skipped } = await pickAll(context, wanted, wish);
    if (input.billIds && skipped[0]) refuse(skipped[0].no.code, skipped[0].no.facts, ["billIds"]);
    const run = { ...input, bookId: bank.bookId, currency, payDay };
    const noBills = input.billIds ? [] : await noBillHints(context, run, dueUntil, input.supplierIds);
    if (picked.length === 0) refuse("nothingToPay", { day: dueUntil, skipped: whyNothing([...wordsOf(skipped), ...noBills]) });
    const id = await insertRun(context, run);
    await insertItems(context, id, picked);
    const totals = await withCredits(context, { ...run, id });
    context.emit("finance.paymentRun.created", { paymentRunId: id });
    return { id, code: codeOf(id), ...totals, hints: [...totals.hints, ...noBills], skipped: skipped.map(shownSkip) };
  },
});

function conditionOf(input: { billIds?: readonly KernelId[]; supplierIds?: readonly KernelId[] }, payDay: KernelDay, dueUntil: KernelDay) {
  if (input.billIds) return sql`l.id = any(${input.billIds}::uuid[])`;
  const suppliers = input.supplierIds ? sql`and l.supplier_id = any(${input.supplierIds}::uuid[])` : sql``;
  return sql`(l.due_day <= ${dueUntil}::date or l.discount_day between ${payDay}::date and ${dueUntil}::date) ${suppliers}`;
}

interface Skipped {
  readonly bill: OpenBill;
  readonly no: PickNo;
}

const says = ({ no }: Skipped): string => word(pickRefusals[no.code], no.facts);
const wordsOf = (skipped: readonly Skipped[]): string[] => [...new Set(skipped.map(says))].slice(0, 5);
const whyNothing = (reasons: readonly string[]): string => (reasons.length > 0 ? reasons.join(" ") : "Choose a later day.");
const shownSkip = (one: Skipped) => ({
  billId: one.bill.billId,
  bill: `${one.bill.supplierNumber} of ${one.bill.supplier}`,
  reason: one.no.code,
  says: says(one),
});

type Wished = Pick<PickWish, "payDay" | "takesDiscount"> & { readonly currency: string };

/** Refuses `bankAccountForeign` where the bank's files cannot pay in the currency. */
async function wishFor(context: ReadContext, bankAccountId: KernelId, { currency, ...more }: Wished): Promise<PickWish> {
  const { format } = await originOf(context, bankAccountId);
  if (format === "nacha" && currency !== "USD") refuse("bankAccountForeign", { currency });
  return { ...more, today: context.today, kind: format === "nacha" ? "us" : "iban" };
}

async function pickAll(
  context: ReadContext,
  bills: readonly OpenBill[],
  wish: PickWish,
): Promise<{ picked: PickedBill[]; skipped: Skipped[] }> {
  const payees = await payeeAccounts(
    context,
    bills.map((bill) => bill.supplierId),
    bills.flatMap((bill) => bill.accountId ?? []),
  );
  const picked: PickedBill[] = [];
  const skipped: Skipped[] = [];
  for (const bill of bills) {
    const result = pickBill(bill, payees, wish);
    if (isPickNo(result)) skipped.push({ bill, no: result });
    else picked.push(result);
  }
  return { picked, skipped };
}

/** The draft as it stands now, with the credit notes that fit it. */
async function withCredits(context: WriteContext, run: Parameters<typeof deductCredits>[1]) {
  await deductCredits(context, run);
  const items = await itemsWhere(context, sql`i.run_id = ${run.id} and i.is_live`);
  const sum = (amounts: readonly KernelMoney[]): KernelMoney => sumMoney(amounts, run.currency);
  const credits = items.filter((item) => item.amount.minor < 0n);
  return {
    bills: items.length - credits.length,
    total: sum(items.map((item) => item.amount)),
    discount: sum(items.map((item) => item.discount)),
    credit: sum(credits.map((item) => item.amount)).negated(),
    hints: await onAccountHints(context, run, [...new Set(items.map((item) => item.supplierId))]),
  };
}

interface NewRun {
  readonly bookId: KernelId;
  readonly bankAccountId: KernelId;
  readonly currency: string;
  readonly payDay: KernelDay;
  readonly whenDue: boolean;
  readonly takesDiscount: boolean;
  readonly deductsCredit: boolean;
}

async function insertRun(context: WriteContext, run: NewRun): Promise<KernelId> {
  const id = context.newId();
  await context.db.run(sql`
    insert into finance.payment_run (tenant_id, id, book_id, bank_account_id, code, state, currency, pay_day, when_due, takes_discount,
      deducts_credit, person_id, by_name, at)
    values (${context.tenantId}, ${id}, ${run.bookId}, ${run.bankAccountId}, ${codeOf(id)}, 'draft', ${run.currency}, ${run.payDay},
      ${run.whenDue}, ${run.takesDiscount}, ${run.deductsCredit}, ${context.actor.personId}, ${context.actor.name}, ${context.now})`);
  return id;
}

async function lockDraft(context: WriteContext, id: KernelId): Promise<LockedRun> {
  const run = await lockRun(context, id);
  if (run.state !== "draft") refuse("notDraft", { code: run.code, state: run.state });
  return run;
}

export const listPaymentRunCandidates = operation({
  name: "finance.paymentRun.candidates",
  title: "Bills it could pay besides",
  does: "Lists the open bills that are not in a run, the earliest due first, with what stands in the way of paying each.",
  kind: "read",
  may: roles,
  input: z.strictObject({ paymentRunId: ref("finance.paymentRun"), limit: z.number().int().min(1).max(500).default(100) }),
  output: z.object({
    bills: z.array(
      z.object({
        billId: ref("finance.bill"),
        bill: z.string(),
        supplierId: ref("directory.supplier"),
        supplier: z.string(),
        dueDay: Day,
        open: Money,
        amount: Money.describe("What it would pay."),
        discount: Money,
        reason: SkipReason.nullable(),
        says: z.string().nullable(),
      }),
    ),
  }),
  refuses: { notFound, originMissing },
  async run(input, context) {
    const run = await runOf(context, input.paymentRunId);
    const wish = await wishFor(context, run.bankAccountId, run);
    const bills = await openBills(
      context,
      run.bookId,
      run.currency,
      sql`not exists (select from finance.payment_run_item i
        where i.tenant_id = ${context.tenantId} and i.open_item_id = o.id and i.run_id = ${run.id} and i.is_live)`,
    );
    const shown = bills.slice(0, input.limit);
    const { picked, skipped } = await pickAll(context, shown, wish);
    const pickedOf = new Map(picked.map((one) => [one.bill.billId, one]));
    const skippedOf = new Map(skipped.map((one) => [one.bill.billId, one]));
    return {
      bills: shown.map(({ billId, supplierNumber, supplierId, supplier, dueDay, open }) => {
        const [taken, left] = [pickedOf.get(billId), skippedOf.get(billId)];
        const none = KernelMoney.zero(run.currency);
        return {
          billId,
          bill: supplierNumber,
          supplierId,
          supplier,
          dueDay,
          open,
          amount: taken?.amount ?? open,
          discount: taken?.discount ?? none,
          reason: left?.no.code ?? null,
          says: left ? says(left) : null,
        };
      }),
    };
  },
});

export const editPaymentRun = operation({
  name: "finance.paymentRun.edit",
  title: "Edit a payment run",
  does: "Leaves bills out of a draft, takes others in, pays a part, or chooses another day; discounts follow the day.",
  kind: "write",
  may: roles,
  input: z.strictObject({
    paymentRunId: ref("finance.paymentRun"),
    leaveOut: z.array(ref("finance.bill")).max(2000).default([]).describe("Bills that are not paid now."),
    take: z.array(ref("finance.bill")).max(2000).default([]).describe("Bills that are paid besides."),
    amounts: z
      .array(z.strictObject({ billId: ref("finance.bill"), amount: Money }))
      .max(2000)
      .default([])
      .describe("What is paid of a bill now; a part takes no discount."),
    payDay: Day.optional(),
    deductsCredit: z.boolean().optional().describe("Whether suppliers' credit notes are taken off what they are paid."),
  }),
  output: Proposed.omit({ skipped: true }),
  refuses: {
    notFound,
    notDraft,
    payDayPast: "The day of payment lies before today. Choose today or a later day.",
    bankAccountForeign,
    originMissing,
    billUnfit: "A bill named is not open in this currency. Leave it out.",
    billNotHere: "A bill named is not in this run. Take it in first.",
    amountUnfit: "Of bill {bill} {open} is open. Pay at most that, and more than nothing.",
    ...pickRefusals,
  },
  constraints: { payment_run_item_once: "inOtherRun" },
  when: (record) => record["state"] === "draft",
  emits: ["finance.paymentRun.edited"],
  async run(input, context) {
    const run = await lockDraft(context, input.paymentRunId);
    const payDay = input.payDay ?? run.payDay;
    if (payDay < context.today && input.payDay) refuse("payDayPast", {}, ["payDay"]);
    const { deductsCredit = run.deductsCredit } = input;
    const wish = await wishFor(context, run.bankAccountId, { ...run, payDay });
    if (deductsCredit !== run.deductsCredit) {
      await context.db.run(sql`
        update finance.payment_run set deducts_credit = ${deductsCredit} where tenant_id = ${context.tenantId} and id = ${run.id}`);
    }
    await freeItems(context, sql`i.run_id = ${run.id} and i.amount < 0`);
    if (input.leaveOut.length > 0) await freeItems(context, sql`i.run_id = ${run.id} and i.bill_id = any(${input.leaveOut}::uuid[])`);
    if (input.take.length > 0) await takeIn(context, run, input.take, wish);
    if (input.payDay && input.payDay !== run.payDay) await changeDay(context, run, wish);
    if (input.amounts.length > 0) await changeAmounts(context, run, input.amounts);
    const totals = await withCredits(context, { ...run, payDay, deductsCredit });
    context.emit("finance.paymentRun.edited", { paymentRunId: run.id });
    return { id: run.id, code: run.code, ...totals };
  },
});

/** Takes named bills into a run; the first that cannot be paid by it refuses them all. */
async function takeIn(
  context: WriteContext,
  run: Pick<LockedRun, "id" | "bookId" | "currency">,
  billIds: readonly KernelId[],
  wish: PickWish,
) {
  const bills = await lockOpenBills(context, run.bookId, run.currency, sql`l.id = any(${billIds}::uuid[])`);
  if (bills.length < new Set(billIds).size) refuse("billUnfit", {}, ["take"]);
  const { picked, skipped } = await pickAll(context, bills, wish);
  if (skipped[0]) refuse(skipped[0].no.code, skipped[0].no.facts, ["take"]);
  await insertItems(context, run.id, picked);
}

/** Every item is picked anew for the day; parts that were chosen stay, as far as that much is open. */
async function changeDay(context: WriteContext, run: LockedRun, wish: PickWish): Promise<void> {
  const items = await lockItems(context, run.id);
  const parts = items.filter((item) => !item.amount.plus(item.discount).equals(item.open));
  await freeItems(context, sql`i.run_id = ${run.id}`);
  await takeIn(
    context,
    run,
    items.map((item) => item.billId),
    wish,
  );
  await context.db.run(sql`
    update finance.payment_run set pay_day = ${wish.payDay} where tenant_id = ${context.tenantId} and id = ${run.id}`);
  const kept = parts.filter((item) => item.amount.compare(item.open) <= 0).map(({ billId, amount }) => ({ billId, amount }));
  if (kept.length > 0) await changeAmounts(context, run, kept);
}

async function changeAmounts(
  context: WriteContext,
  run: LockedRun,
  amounts: readonly { readonly billId: KernelId; readonly amount: KernelMoney }[],
): Promise<void> {
  const items = new Map((await lockItems(context, run.id)).map((item) => [item.billId, item]));
  const changes = amounts.map(({ billId, amount }) => {
    const item = items.get(billId) ?? refuse("billNotHere", {}, ["amounts"]);
    const isFit = amount.currency === run.currency && amount.minor > 0n && amount.minor <= item.open.minor;
    if (!isFit) refuse("amountUnfit", { bill: item.supplierNumber, open: item.open.toString() }, ["amounts"]);
    const isWhole = amount.plus(item.discount).equals(item.open);
    return { id: item.id, amount: amount.minor, discount: isWhole ? item.discount.minor : 0n };
  });
  await context.db.run(sql`
    update finance.payment_run_item i set amount = c.amount, discount = c.discount
    from unnest(${changes.map((one) => one.id)}::uuid[], ${changes.map((one) => one.amount)}::bigint[],
      ${changes.map((one) => one.discount)}::bigint[]) as c (id, amount, discount)
    where i.tenant_id = ${context.tenantId} and i.id = c.id`);
}

export const splitPaymentRun = operation({
  name: "finance.paymentRun.split",
  title: "Pay some from another bank",
  does: "Moves bills of a draft into a new draft that pays them from another bank account.",
  kind: "write",
  may: roles,
  input: z.strictObject({
    paymentRunId: ref("finance.paymentRun"),
    bankAccountId: ref("finance.bankAccount"),
    billIds: z.array(ref("finance.bill")).min(1).max(2000),
  }),
  output: Proposed.omit({ skipped: true }),
  refuses: {
    notFound,
    notDraft,
    bankAccountUnknown,
    bankAccountForeign,
    originMissing,
    billUnfit: "A bill named is not open in this currency. Leave it out.",
    billNotHere: "A bill named is not in this run. Take it in first.",
    ...pickRefusals,
  },
  constraints: { payment_run_item_once: "inOtherRun" },
  when: (record) => record["state"] === "draft",
  emits: ["finance.paymentRun.created", "finance.paymentRun.edited"],
  async run(input, context) {
    const run = await lockDraft(context, input.paymentRunId);
    const bank = await bankAccountOf(context, input.bankAccountId);
    const here = new Set((await lockItems(context, run.id)).map((item) => item.billId));
    if (!input.billIds.every((id) => here.has(id))) refuse("billNotHere", {}, ["billIds"]);
    const wish = await wishFor(context, bank.id, run);
    await freeItems(context, sql`i.run_id = ${run.id} and i.amount < 0`);
    await freeItems(context, sql`i.run_id = ${run.id} and i.bill_id = any(${input.billIds}::uuid[])`);
    const id = await insertRun(context, { ...run, bankAccountId: bank.id });
    await takeIn(context, { ...run, id }, input.billIds, wish);
    await deductCredits(context, run);
    const totals = await withCredits(context, { ...run, id });
    context.emit("finance.paymentRun.edited", { paymentRunId: run.id });
    context.emit("finance.paymentRun.created", { paymentRunId: id });
    return { id, code: codeOf(id), ...totals };
  },
});
