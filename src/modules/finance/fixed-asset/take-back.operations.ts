// Taking back what was booked of an asset: a disposal that was none, and a loss in value that is no more. What runs booked stays; the lines
// to come are planned anew.
//
// | taken back          | Dr                                           | Cr                                  |
// |---------------------|----------------------------------------------|-------------------------------------|
// | disposal            | the mirror of its entries: asset, proceeds … | … accumulated depreciation          |
// | impairment          | accumulated depreciation                     | impairment, of the class            |
import { z } from "zod";
import { addDays } from "../../../kernel/day.ts";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, LongText, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { reinstateAsset } from "../../assets/index.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { reversalRefusals, reverseEntries } from "../ledger/reversal.ts";
import {
  accumulatedOf,
  assetRefusals,
  bookedAfter,
  doneOf,
  type KeptAsset,
  type KeptPlan,
  lastDayOf,
  linesOf,
  lockAsset,
  lockAnyAsset,
  notInBook,
  planAnew,
  planOf,
  plansOf,
  requireNothingBooked,
  rulePlan,
} from "./asset.store.ts";
import { depreciationLines } from "./depreciation.rules.ts";
import { keepPlan, keepRevision, postAsset } from "./revise.operations.ts";
import { planAgain } from "./line.store.ts";

const Reason = LongText(300).min(3, "says why, in a few words");

export const reverseDisposal = operation({
  name: "finance.fixedAsset.reverseDisposal",
  title: "Take its disposal back",
  does: "Mirrors what the disposal of an asset booked; its schedule goes on, and the thing is back in the asset register.",
  kind: "write",
  previews: true,
  may: ["finance.manager"],
  input: z.strictObject({
    fixedAssetId: ref("finance.fixedAsset"),
    on: Day.optional().describe("By default each entry on its own day, or on the first open day after it."),
    reason: Reason,
    returns: z.boolean().default(true).describe("Also brings the thing back into the asset register, where it was retired."),
  }),
  output: z.object({ id: Id, entryNumbers: z.array(z.string()) }),
  refuses: {
    ...reversalRefusals,
    notFound: assetRefusals.notFound,
    notDisposed: "{asset} was not disposed of. There is nothing to take back.",
  },
  when: (record) => record["state"] === "disposed",
  emits: ["finance.fixedAsset.disposalReversed"],
  async run(input, context) {
    const { tenantId } = context;
    const asset = await lockAnyAsset(context, input.fixedAssetId);
    if (!asset.disposedOn) refuse("notDisposed", { asset: asset.name });
    const { disposalEntryId } = await context.db.row<{ disposalEntryId: KernelId }>(sql`
      select disposal_entry_id from finance.fixed_asset where tenant_id = ${tenantId} and id = ${asset.id}`);
    const plans = await plansOf(context, asset.id);
    // What no run booked was booked with the disposal.
    const ids = plans.map((plan) => plan.id);
    const booked = await planAgain(context, sql`l.plan_id = any(${ids}::uuid[]) and l.kind = 'depreciation' and l.run_id is null`);
    const entries = [...new Set(booked.flatMap((line) => line.entryId ?? []))];
    const mirrors = await reverseEntries(context, [disposalEntryId, ...entries], input.on, input.reason);
    await context.db.run(sql`
      update finance.fixed_asset set disposed_on = null, disposal = null, proceeds = null, result = null, disposal_entry_id = null,
        disposal_note = null, disposal_invoice_line_id = null
      where tenant_id = ${tenantId} and id = ${asset.id}`);
    for (const plan of plans.filter(isRuled)) {
      const own = booked.filter((line) => line.planId === plan.id).map((line) => line.fromDay);
      await planAnew(context, plan, asset, own.toSorted()[0] ?? addDays(asset.disposedOn, 1));
    }
    await restoreEntered(
      context,
      plans.filter((plan) => !isRuled(plan)),
      disposalEntryId,
    );
    const posting = plans.find((plan) => plan.posts)!;
    const reason = `Disposal taken back: ${input.reason}`.slice(0, 300);
    const disposed = { on: asset.disposedOn, entryId: disposalEntryId };
    await keepRevision(context, posting, posting, { day: asset.disposedOn, reason, entryId: mirrors[0]!.id, disposed });
    if (input.returns && asset.assetId) await returnThing(context, asset.assetId, reason);
    context.emit("finance.fixedAsset.disposalReversed", { fixedAssetId: asset.id, reason: input.reason });
    return { id: asset.id, entryNumbers: mirrors.map((mirror) => mirror.number) };
  },
});

/** Lines that were entered, not planned by a rule, come back as they were when the disposal took them away. */
async function restoreEntered(context: WriteContext, plans: readonly KeptPlan[], disposalEntryId: KernelId): Promise<void> {
  if (plans.length === 0) return;
  const { tenantId } = context;
  await context.db.run(sql`
    insert into finance.depreciation_line (tenant_id, id, plan_id, asset_book_id, from_day, until_day, amount, kind, state, units, made_at)
    select ${tenantId}, b.id, b.plan_id, p.asset_book_id, b.from_day, b.until_day, b.amount, b.kind, 'planned', b.units, ${context.now}
    from finance.depreciation_line_before b
    join finance.asset_plan p on p.tenant_id = ${tenantId} and p.id = b.plan_id
    join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = ${disposalEntryId} and e.posted_at = b.until_at
    where b.tenant_id = ${tenantId} and b.plan_id = any(${plans.map((plan) => plan.id)}::uuid[])`);
}

/** One identity: what is on the books again is a thing of the company again. */
async function returnThing(context: WriteContext, assetId: KernelId, note: string): Promise<void> {
  const thing = await context.db.maybe<{ state: string }>(sql`
    select state from assets.thing where tenant_id = ${context.tenantId} and id = ${assetId}`);
  if (thing?.state === "retired") await context.callAsSystem(reinstateAsset, { assetId, note });
}

const isRuled = (plan: KeptPlan): boolean => plan.method !== "units" && plan.method !== "manual";

export const reverseImpairment = operation({
  name: "finance.fixedAsset.reverseImpairment",
  title: "Take a loss in value back",
  does: "Books that an asset has won back what was written down, at most up to where it would stand without; the lines to come spread it.",
  kind: "write",
  previews: true,
  may: ["finance.manager"],
  input: z.strictObject({
    fixedAssetId: ref("finance.fixedAsset"),
    assetBookId: ref("finance.assetBook").optional().describe("By default the one that posts."),
    day: Day,
    amount: Money.optional().describe("By default as much as may be won back."),
    reason: Reason,
  }),
  output: z.object({ id: Id, bookValue: Money, amount: Money, lines: z.array(z.object({ fromDay: Day, untilDay: Day, amount: Money })) }),
  refuses: {
    ...assetRefusals,
    notInBook,
    bookedAfter,
    neverImpaired: "Nothing was written down on this asset, or all of it was taken back.",
    gainNotPositive: "What is won back is above zero.",
    aboveUnimpaired: "Without the loss it would stand at {value} on that day. At most {most} can be won back.",
    ...postingRefusals,
  },
  when: (record) => record["state"] !== "disposed",
  emits: ["finance.fixedAsset.impairmentReversed"],
  async run(input, context) {
    const asset = await lockAsset(context, input.fixedAssetId);
    const plan = await planOf(context, asset.id, input.assetBookId);
    if (plan.impaired === 0n) refuse("neverImpaired");
    const { day, reason } = input;
    const next = addDays(day, 1);
    const lines = await linesOf(context, plan.id);
    requireNothingBooked(lines, next);
    const money = (minor: bigint): KernelMoney => new KernelMoney(minor, asset.currency);
    const done = lines.filter((line) => line.untilDay < next);
    const value = money(plan.cost - accumulatedOf(plan, done));
    const without = money(unimpaired(plan, asset, next) ?? value.minor + plan.impaired);
    const most = [money(plan.impaired), without.minus(value)].reduce((a, b) => (a.compare(b) < 0 ? a : b));
    const amount = input.amount ?? most;
    if (amount.currency !== asset.currency) refuse("currencyDiffers", { currency: asset.currency }, ["amount"]);
    if (amount.compare(most) > 0) refuse("aboveUnimpaired", { value: without.toString(), most: most.toString() }, ["amount"]);
    if (amount.minor <= 0n) refuse("gainNotPositive", {}, ["amount"]);
    const entryId = await bookGain(context, asset, plan, amount, input);
    const changed = { ...plan, impaired: plan.impaired - amount.minor, revisedAfter: lastDayOf(plan, done) };
    await keepPlan(context, changed);
    await keepRevision(context, plan, changed, { day, reason, entryId });
    const planned = await planAnew(context, changed, asset, next);
    context.emit("finance.fixedAsset.impairmentReversed", { fixedAssetId: asset.id, reason });
    return { id: asset.id, bookValue: value.plus(amount), amount, lines: planned };
  },
});

/** What the asset would stand at if nothing had been written down (IAS 36.117); unknown where lines are entered. */
function unimpaired(plan: KeptPlan, asset: KeptAsset, next: KernelDay): bigint | undefined {
  if (!isRuled(plan)) return undefined;
  const whole = { ...plan, impaired: 0n, revisedAfter: null };
  const lost = depreciationLines(rulePlan(whole, asset), doneOf(whole, asset, []))
    .filter((line) => line.untilDay < next)
    .reduce((sum, line) => sum + line.amount.minor, 0n);
  return plan.cost - plan.openingAccumulated - lost;
}

async function bookGain(
  context: WriteContext,
  asset: KeptAsset,
  plan: KeptPlan,
  amount: KernelMoney,
  { day, reason }: { readonly day: KernelDay; readonly reason: string },
): Promise<KernelId | null> {
  const entry = plan.posts
    ? await postAsset(context, asset, day, `Impairment of ${asset.name} taken back: ${reason}`, [
        { account: { id: asset.accumulatedAccountId }, amount },
        { account: { id: asset.impairmentAccountId }, amount: amount.negated() },
      ])
    : undefined;
  await context.db.run(sql`
    insert into finance.depreciation_line (tenant_id, id, plan_id, asset_book_id, from_day, until_day, amount, kind, state, entry_id,
        made_at, booked_at)
    values (${context.tenantId}, ${context.newId()}, ${plan.id}, ${plan.assetBookId}, ${day}, ${day}, ${-amount.minor}, 'impairment',
      'posted', ${entry?.id ?? null}, ${context.now}, ${context.now})`);
  return entry?.id ?? null;
}
