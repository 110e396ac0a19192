// Letting an asset go: sold or scrapped. What it still loses until that day is booked with it, by the convention of each asset book.
//
// | disposal            | Dr                                         | Cr                               |
// |---------------------|--------------------------------------------|----------------------------------|
// | until the day       | depreciation, of the class                 | accumulated depreciation         |
// | the asset goes      | accumulated depreciation: all of it        | asset: cost                      |
// |                     | the account the proceeds stand on          |                                  |
// |                     | loss on disposal, when there is one        | gain on disposal                 |
import { z } from "zod";
import { addDays, type Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, LongText, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { retireAsset } from "../../assets/index.ts";
import { type JournalLineDraft, postingRefusals } from "../ledger/entry.rules.ts";
import { assetRoles } from "./asset-class.operations.ts";
import {
  accumulatedOf,
  assetRefusals,
  bookedAfter,
  insertPlanned,
  type KeptAsset,
  type KeptLine,
  type KeptPlan,
  linesOf,
  lockAsset,
  plansOf,
  requireNothingBooked,
  rulePlan,
} from "./asset.store.ts";
import { countsNothing, cutsLastDay, disposalResult, lineUntilDisposal } from "./disposal.rules.ts";
import { postAsset } from "./revise.operations.ts";
import { dropPlanned } from "./line.store.ts";

export const disposeAsset = operation({
  name: "finance.fixedAsset.dispose",
  title: "Dispose of it",
  does: "Takes an asset off the books, sold or scrapped: depreciation up to the day, its book value, and what was gained or lost.",
  kind: "write",
  previews: true,
  may: assetRoles,
  input: z.strictObject({
    fixedAssetId: ref("finance.fixedAsset"),
    kind: z.enum(["sale", "scrap"]),
    on: Day,
    invoiceLineId: ref("finance.invoiceLine").optional().describe("The line of the posted invoice it was sold with."),
    proceeds: Money.optional().describe("What it brought without tax, when there is no invoice of ours."),
    proceedsAccountId: ref("finance.account").optional().describe("Where the proceeds stand, such as the bank or a sales account."),
    note: LongText(500).min(3, "says what became of it, in a few words"),
    retires: z.boolean().default(true).describe("Also takes the thing out of the asset register."),
  }),
  output: z.object({ id: Id, depreciated: Money, bookValue: Money, result: Money, entryId: ref("finance.journalEntry") }),
  refuses: {
    ...assetRefusals,
    beforeStart: "It was acquired on {day}. Choose that day or a later one.",
    bookedAfter,
    proceedsUnclear: "A sale has proceeds: name the line of its invoice, or the amount and the account it stands on. Scrap has none.",
    invoiceLineUnfit: "Only a line of a posted invoice brings proceeds. Post the invoice first.",
    invoiceLineTaken: "{asset} was sold with this line. Take that back first: heartwood finance fixed-asset reverse-disposal",
    invoiceLineCredited: "Nothing of this line is left, it was credited. Name another one, or dispose of the asset as scrap.",
    ...postingRefusals,
  },
  when: (record) => record["state"] !== "disposed",
  emits: ["finance.fixedAsset.disposed"],
  async run(input, context) {
    const asset = await lockAsset(context, input.fixedAssetId);
    if (input.on < asset.acquiredOn) refuse("beforeStart", { day: asset.acquiredOn }, ["on"]);
    const proceeds = await proceedsOf(context, asset, input);
    let sums = { accumulated: 0n, depreciated: 0n, cost: 0n };
    for (const plan of await plansOf(context, asset.id)) {
      const done = await depreciateUntil(context, asset, plan, input.on);
      if (plan.posts) sums = { ...done, cost: plan.cost };
    }
    const money = (minor: bigint): KernelMoney => new KernelMoney(minor, asset.currency);
    const { bookValue, result } = disposalResult(money(sums.cost), money(sums.accumulated), proceeds.amount);
    const entry = await postAsset(context, asset, input.on, `Disposal of ${asset.name}: ${input.note}`, [
      { account: { id: asset.assetAccountId }, amount: money(-sums.cost) },
      ...goes(asset, money(sums.accumulated), proceeds, result),
    ]);
    await context.db.run(sql`
      update finance.fixed_asset set disposed_on = ${input.on}, disposal = ${input.kind}, proceeds = ${proceeds.amount.minor},
        result = ${result.minor}, disposal_entry_id = ${entry.id}, disposal_note = ${input.note},
        disposal_invoice_line_id = ${input.invoiceLineId ?? null}
      where tenant_id = ${context.tenantId} and id = ${asset.id}`);
    if (input.retires && asset.assetId) await retireThing(context, asset.assetId, input.on, input.note);
    context.emit("finance.fixedAsset.disposed", { fixedAssetId: asset.id, assetId: asset.assetId, kind: input.kind, on: input.on });
    return { id: asset.id, depreciated: money(sums.depreciated), bookValue, result, entryId: entry.id };
  },
});

interface Proceeds {
  readonly amount: KernelMoney;
  readonly accountId: KernelId | undefined;
}

function goes(asset: KeptAsset, accumulated: KernelMoney, proceeds: Proceeds, result: KernelMoney): JournalLineDraft[] {
  const lines: JournalLineDraft[] = [{ account: { id: asset.accumulatedAccountId }, amount: accumulated }];
  if (proceeds.accountId) lines.push({ account: { id: proceeds.accountId }, amount: proceeds.amount, text: "Proceeds" });
  const resultAccount = result.minor < 0n ? asset.lossAccountId : asset.gainAccountId;
  lines.push({
    account: { id: resultAccount },
    amount: result.negated(),
    text: result.minor < 0n ? "Loss on disposal" : "Gain on disposal",
  });
  return lines.filter((line) => line.amount.minor !== 0n);
}

interface DisposalWish {
  readonly kind: "sale" | "scrap";
  readonly invoiceLineId?: KernelId;
  readonly proceeds?: KernelMoney;
  readonly proceedsAccountId?: KernelId;
}

async function proceedsOf(context: WriteContext, asset: KeptAsset, wish: DisposalWish): Promise<Proceeds> {
  const zero = KernelMoney.zero(asset.currency);
  const hasAmount = wish.proceeds !== undefined || wish.proceedsAccountId !== undefined;
  if (wish.kind === "scrap") {
    if (wish.invoiceLineId || hasAmount) refuse("proceedsUnclear", {}, ["proceeds"]);
    return { amount: zero, accountId: undefined };
  }
  if (wish.invoiceLineId) {
    if (hasAmount) refuse("proceedsUnclear", {}, ["proceeds"]);
    return lineProceeds(context, asset, wish.invoiceLineId);
  }
  if (!wish.proceeds || !wish.proceedsAccountId) refuse("proceedsUnclear", {}, ["proceeds"]);
  if (wish.proceeds.currency !== asset.currency) refuse("currencyDiffers", { currency: asset.currency }, ["proceeds"]);
  if (wish.proceeds.minor <= 0n) refuse("proceedsUnclear", {}, ["proceeds"]);
  return { amount: wish.proceeds, accountId: wish.proceedsAccountId };
}

interface SaleLine {
  readonly net: bigint;
  readonly accountId: KernelId;
  /** What of its account is left: invoiced, less credited, less what brought the proceeds of other assets. */
  readonly left: bigint;
  readonly soldWith: string | null;
}

/** What a line of an invoice brings, once and as far as it is not credited. The invoice is taken, so that nobody credits it meanwhile. */
async function lineProceeds(context: WriteContext, asset: KeptAsset, lineId: KernelId): Promise<Proceeds> {
  const { tenantId } = context;
  const taken = await context.db.maybe<{ id: KernelId }>(sql`
    select i.id from finance.invoice_line l
    join finance.invoice i on i.tenant_id = ${tenantId} and i.id = l.invoice_id and i.state = 'posted' and i.kind = 'invoice'
      and i.book_id = ${asset.bookId}
    where l.tenant_id = ${tenantId} and l.id = ${lineId} for update of i`);
  if (!taken) refuse("invoiceLineUnfit", {}, ["invoiceLineId"]);
  const line = await context.db.row<SaleLine>(sql`
    select l.account_id, case when i.currency is null then l.net else coalesce(l.book_net, (select -j.amount from finance.journal_line j
        where j.tenant_id = ${tenantId} and j.entry_id = i.entry_id and j.account_id = l.account_id
          and j.currency_amount = -l.net order by j.position limit 1), 0) end as net,
      (select -coalesce(sum(j.amount), 0) from finance.invoice d
        join finance.journal_line j on j.tenant_id = ${tenantId} and j.entry_id = d.entry_id and j.account_id = l.account_id
        where d.tenant_id = ${tenantId} and d.state = 'posted' and (d.id = i.id or d.corrects_id = i.id))::bigint
      - (select coalesce(sum(f.proceeds), 0) from finance.fixed_asset f
        join finance.invoice_line s on s.tenant_id = ${tenantId} and s.id = f.disposal_invoice_line_id and s.invoice_id = i.id
          and s.account_id = l.account_id
        where f.tenant_id = ${tenantId})::bigint as left,
      (select f.number || ' ' || coalesce(f.name, t.name) from finance.fixed_asset f
        left join assets.thing t on t.tenant_id = ${tenantId} and t.id = f.asset_id
        where f.tenant_id = ${tenantId} and f.disposal_invoice_line_id = l.id) as sold_with
    from finance.invoice_line l join finance.invoice i on i.tenant_id = ${tenantId} and i.id = l.invoice_id
    where l.tenant_id = ${tenantId} and l.id = ${lineId}`);
  if (line.soldWith !== null) refuse("invoiceLineTaken", { asset: line.soldWith }, ["invoiceLineId"]);
  const net = line.net < line.left ? line.net : line.left;
  if (net <= 0n) refuse("invoiceLineCredited", {}, ["invoiceLineId"]);
  return { amount: new KernelMoney(net, asset.currency), accountId: line.accountId };
}

/** Books what is planned until the day, and the part of the line that the day cuts; what was planned after it is gone. */
async function depreciateUntil(
  context: WriteContext,
  asset: KeptAsset,
  plan: KeptPlan,
  on: KernelDay,
): Promise<{ accumulated: bigint; depreciated: bigint }> {
  const lines = await linesOf(context, plan.id);
  requireNothingBooked(lines, addDays(on, 1));
  const spread = lines.filter((line) => line.kind === "depreciation");
  const asLines = spread.map((line) => ({ ...line, amount: new KernelMoney(line.amount, asset.currency) }));
  const isRuled = plan.method !== "units" && plan.method !== "manual";
  const rule = rulePlan(plan, asset);
  // What is booked up to this very day stays booked.
  const isBooked = spread.some((line) => line.state === "posted" && line.untilDay === on);
  const cut = isRuled && !isBooked ? lineUntilDisposal(rule, asLines, on) : undefined;
  const isCutAtEnd = isRuled && !isBooked && cutsLastDay(rule);
  const isAll = isRuled && countsNothing(rule, on);
  await dropPlanned(context, plan.id, isAll ? sql`true` : isCutAtEnd ? sql`l.until_day >= ${on}::date` : sql`l.until_day > ${on}::date`);
  if (cut) await insertPlanned(context, [{ ...cut, planId: plan.id, assetBookId: plan.assetBookId }]);
  const due = (await linesOf(context, plan.id)).filter((line) => line.state === "planned");
  const depreciated = due.reduce((sum, line) => sum + line.amount, 0n);
  if (depreciated > 0n) await bookDue(context, asset, plan, on, depreciated);
  const accumulated =
    accumulatedOf(
      plan,
      lines.filter((line): line is KeptLine => line.state === "posted"),
    ) + depreciated;
  return { accumulated, depreciated };
}

async function bookDue(context: WriteContext, asset: KeptAsset, plan: KeptPlan, on: KernelDay, minor: bigint): Promise<void> {
  const amount = new KernelMoney(minor, asset.currency);
  const entry = plan.posts
    ? await postAsset(context, asset, on, `Depreciation of ${asset.name} until its disposal`, [
        { account: { id: asset.expenseAccountId }, amount },
        { account: { id: asset.accumulatedAccountId }, amount: amount.negated() },
      ])
    : undefined;
  await context.db.run(sql`
    update finance.depreciation_line set state = 'posted', entry_id = ${entry?.id ?? null}, booked_at = ${context.now}
    where tenant_id = ${context.tenantId} and plan_id = ${plan.id} and state = 'planned'`);
}

/** One identity: what is sold or scrapped is no thing of the company any more, unless the register says so already. */
async function retireThing(context: WriteContext, assetId: KernelId, on: KernelDay, note: string): Promise<void> {
  const thing = await context.db.maybe<{ state: string }>(sql`
    select state from assets.thing where tenant_id = ${context.tenantId} and id = ${assetId}`);
  if (thing && thing.state !== "retired") await context.callAsSystem(retireAsset, { assetId, on, note });
}
