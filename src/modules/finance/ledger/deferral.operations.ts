// Deferrals: prepaid costs and income received ahead, spread over the months they belong to and recognised month by month.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, LongText, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { bookOf } from "./book.ts";
import { deferralSchedule } from "./deferral.rules.ts";
import { postingRefusals } from "./entry.rules.ts";
import { reversalRefusals } from "./reversal.ts";
import { type DeferralKind, postDeferralLines, reverseDeferrals, scheduledLines } from "./deferral.ts";

const may = ["finance.accountant", "finance.manager"];
const Part = z.object({ fromDay: Day, untilDay: Day, amount: Money });

export const createDeferral = operation({
  name: "finance.deferral.create",
  title: "Spread an amount",
  does: "Spreads an amount that stands on one account over the months it belongs to, by days or by months; shows the schedule first.",
  kind: "write",
  previews: true,
  may,
  input: z.strictObject({
    bookId: ref("finance.book").optional().describe("By default the main books."),
    text: Text(200),
    amount: Money,
    fromAccountId: ref("finance.account").describe("Where it stands: prepaid expenses, deferred income."),
    toAccountId: ref("finance.account").describe("Where it belongs: an expense or an income account."),
    from: Day.describe("First day it is for."),
    until: Day.describe("Last day it is for."),
    by: z.enum(["days", "months"]).default("days"),
    unitId: ref("directory.unit").optional().describe("The cost centre."),
    partyId: ref("directory.party").optional(),
  }),
  output: z.object({ id: Id, kind: z.enum(["expense", "income"]), lines: z.array(Part) }),
  refuses: {
    booksMissing: postingRefusals.booksMissing,
    currencyDiffers: postingRefusals.currencyDiffers,
    amountNotPositive: "An amount to spread is above zero.",
    rangeReversed: "It ends on {until}, before it begins on {from}.",
    rangeTooLong: "An amount is spread over thirty years at most.",
    accountUnknown: postingRefusals.accountUnknown,
    accountUnfit:
      "A cost is spread from an asset such as prepaid expenses, an income from a liability such as deferred income, neither from a bank " +
      "or a control account. Choose other accounts, or post an entry first that holds the amount there.",
    periodMissing: postingRefusals.periodMissing,
  },
  emits: ["finance.deferral.created"],
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    const { amount, from, until, by } = input;
    if (amount.currency !== book.currency) refuse("currencyDiffers", { currency: book.currency }, ["amount"]);
    if (amount.minor <= 0n) refuse("amountNotPositive", {}, ["amount"]);
    if (until < from) refuse("rangeReversed", { from, until }, ["until"]);
    if (Number(until.slice(0, 4)) - Number(from.slice(0, 4)) > 30) refuse("rangeTooLong", {}, ["until"]);
    const kind = await kindOf(context, book.id, input.fromAccountId, input.toAccountId);
    const lines = deferralSchedule(amount, from, until, by);
    const id = context.newId();
    await context.db.run(sql`
      insert into finance.deferral (tenant_id, id, book_id, text, kind, amount, from_account_id, to_account_id, from_day, until_day, by,
        unit_id, party_id, by_name, at)
      values (${context.tenantId}, ${id}, ${book.id}, ${input.text}, ${kind}, ${amount.minor}, ${input.fromAccountId}, ${input.toAccountId},
        ${from}, ${until}, ${by}, ${input.unitId ?? null}, ${input.partyId ?? null}, ${context.actor.name}, ${context.now})`);
    await context.db.run(sql`
      insert into finance.deferral_line (tenant_id, id, deferral_id, position, from_day, until_day, amount)
      select ${context.tenantId}, l.id, ${id}, l.position, l.from_day, l.until_day, l.amount
      from unnest(${lines.map(() => context.newId())}::uuid[], ${lines.map((_, index) => index + 1)}::int[],
        ${lines.map((line) => line.fromDay)}::date[], ${lines.map((line) => line.untilDay)}::date[],
        ${lines.map((line) => line.amount.minor)}::bigint[]) as l (id, position, from_day, until_day, amount)`);
    context.emit("finance.deferral.created", { deferralId: id });
    return { id, kind, lines };
  },
});

/** Cost waits as an asset, income as a liability (IAS 1.28); what is on a bank account is proven by the bank alone. */
async function kindOf(context: WriteContext, bookId: KernelId, fromId: KernelId, toId: KernelId): Promise<DeferralKind> {
  const { tenantId } = context;
  const accounts = await context.db.rows<{ id: KernelId; type: string; isFit: boolean }>(sql`
    select a.id, a.type, not a.is_group and a.control is null and not exists (select from finance.bank_account k
      where k.tenant_id = ${tenantId} and k.account_id = a.id) as is_fit
    from finance.account a where a.tenant_id = ${tenantId} and a.book_id = ${bookId} and a.id = any(${[fromId, toId]}::uuid[])`);
  const from = accounts.find((account) => account.id === fromId);
  const to = accounts.find((account) => account.id === toId);
  if (!from || !to) refuse("accountUnknown", { account: from ? "to spread to" : "to spread from" });
  const kind = `${from.type} ${to.type}`;
  if ((kind !== "asset expense" && kind !== "liability income") || !from.isFit || !to.isFit) refuse("accountUnfit");
  return to.type as DeferralKind;
}

/**
 * | recognition of a part | Dr | Cr |
 * |---|---|---|
 * | of a cost | the expense account | prepaid expenses |
 * | of an income | deferred income | the income account |
 */
export const recogniseDeferrals = operation({
  name: "finance.deferral.recognise",
  title: "Recognise deferrals",
  does: "Posts every scheduled part that ended until a day, in one step; a part of a closed month stands on the first open day after it.",
  kind: "write",
  previews: true,
  may,
  input: z.strictObject({
    bookId: ref("finance.book").optional().describe("By default the main books."),
    until: Day.describe("Usually the last day of the month."),
  }),
  output: z.object({ until: Day, posted: z.number().int(), amount: Money }),
  refuses: { nothingScheduled: "No part of a deferral is waiting until {until}.", ...postingRefusals },
  emits: ["finance.deferral.recognised"],
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    const lines = await scheduledLines(context, book.id, sql`l.until_day <= ${input.until}::date`);
    if (lines.length === 0) refuse("nothingScheduled", { until: input.until });
    await postDeferralLines(context, book, lines);
    const amount = lines.reduce((sum, line) => sum.plus(new KernelMoney(line.amount, book.currency)), KernelMoney.zero(book.currency));
    context.emit("finance.deferral.recognised", { until: input.until, posted: lines.length });
    return { until: input.until, posted: lines.length, amount };
  },
});

export const stopDeferral = operation({
  name: "finance.deferral.stop",
  title: "Stop a deferral",
  does: "Ends a deferral: what is left of it is recognised at once on a day, or stays where it is to be corrected by hand.",
  kind: "write",
  previews: true,
  may,
  input: z.strictObject({
    deferralId: ref("finance.deferral"),
    on: Day,
    rest: z.enum(["recognise", "leave"]).default("recognise"),
    reason: LongText(200).min(3, "says why, in a few words"),
  }),
  output: z.object({ id: Id, posted: z.number().int() }),
  refuses: {
    notFound: "There is no such deferral.",
    nothingLeft: "Nothing is left of this deferral: all of it is recognised, or it was stopped before.",
    ...postingRefusals,
  },
  when: (record) => record["state"] === "scheduled" || record["state"] === "running",
  emits: ["finance.deferral.stopped"],
  async run(input, context) {
    const found = await context.db.maybe<{ id: KernelId; bookId: KernelId }>(sql`
      select id, book_id from finance.deferral where tenant_id = ${context.tenantId} and id = ${input.deferralId} for update`);
    if (!found) refuse("notFound");
    const book = await bookOf(context, found.bookId);
    const lines = await scheduledLines(context, book.id, sql`l.deferral_id = ${found.id}`);
    if (lines.length === 0) refuse("nothingLeft");
    const posted = input.rest === "recognise" ? lines.map((line) => ({ ...line, untilDay: input.on as KernelDay })) : [];
    await postDeferralLines(context, book, posted);
    await context.db.run(sql`
      update finance.deferral set stopped_on = ${input.on}, stop_reason = ${input.reason}
      where tenant_id = ${context.tenantId} and id = ${found.id}`);
    context.emit("finance.deferral.stopped", { deferralId: found.id, reason: input.reason });
    return { id: found.id, posted: posted.length };
  },
});

export const reverseDeferral = operation({
  name: "finance.deferral.reverse",
  title: "Take a deferral back",
  does: "Mirrors every part of a deferral that was recognised and ends it; the whole amount stands where it stood before.",
  kind: "write",
  previews: true,
  may,
  input: z.strictObject({
    deferralId: ref("finance.deferral"),
    on: Day.optional().describe(
      "By default, and what was recognised after it: each part on its own day, or on the first open day after it.",
    ),
    reason: LongText(200).min(3, "says why, in a few words"),
  }),
  output: z.object({ id: Id, parts: z.number().int(), amount: Money }),
  refuses: {
    ...reversalRefusals,
    notFound: "There is no such deferral.",
    reversedBefore: "This deferral was taken back on {day} already.",
  },
  when: (record) => record["state"] !== "reversed",
  emits: ["finance.deferral.reversed"],
  async run(input, context) {
    const { tenantId } = context;
    const found = await context.db.maybe<{ id: KernelId; bookId: KernelId; reversedOn: KernelDay | null }>(sql`
      select id, book_id, reversed_on from finance.deferral where tenant_id = ${tenantId} and id = ${input.deferralId} for update`);
    if (!found) refuse("notFound");
    if (found.reversedOn) refuse("reversedBefore", { day: found.reversedOn });
    const { currency } = await bookOf(context, found.bookId);
    const { parts, amount } = await reverseDeferrals(context, [found.id], input.on, input.reason);
    context.emit("finance.deferral.reversed", { deferralId: found.id, reason: input.reason });
    return { id: found.id, parts, amount: new KernelMoney(amount, currency) };
  },
});
