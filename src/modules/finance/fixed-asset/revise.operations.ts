// What changes in the life of an asset: its value, its life, its cost centre. Only lines to come change; what is booked stays.
//
// | change             | Dr                                     | Cr                          |
// |--------------------|----------------------------------------|-----------------------------|
// | added to its value | asset                                  | the account named           |
// | taken off its value| the account named                      | asset                       |
// | impairment         | impairment, of the class               | accumulated depreciation    |
import { z } from "zod";
import { addDays, type Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, LongText, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { postEntry } from "../ledger/posting.ts";
import { assetRoles, planFields, requireFactor } from "./asset-class.operations.ts";
import {
  accumulatedOf,
  assetRefusals,
  bookedAfter,
  type KeptAsset,
  type KeptLine,
  type KeptPlan,
  lastDayOf,
  linesOf,
  lockAsset,
  notInBook,
  planAnew,
  planOf,
  plansOf,
  requireNothingBooked,
} from "./asset.store.ts";
import { insertPlans } from "./capitalise.ts";

const Reason = LongText(300).min(3, "says why, in a few words");
const isKept = (record: Readonly<Record<string, unknown>>): boolean => record["state"] !== "disposed";
const PlannedLine = z.object({ fromDay: Day, untilDay: Day, amount: Money });

export const reviseAsset = operation({
  name: "finance.fixedAsset.revise",
  title: "Revise its value or life",
  does: "Changes value, residual value, life or start from a day on; only the lines from then on are planned anew.",
  kind: "write",
  previews: true,
  may: assetRoles,
  input: z.strictObject({
    fixedAssetId: ref("finance.fixedAsset"),
    assetBookId: ref("finance.assetBook").optional().describe("By default the one that posts."),
    day: Day.describe("From when on it is otherwise."),
    cost: Money.optional().describe("What it has cost in all, with what was added."),
    againstAccountId: ref("finance.account").optional().describe("Where the difference of the cost stands now, when it is to be booked."),
    residual: Money.optional(),
    lifeMonths: planFields.lifeMonths.optional().describe("The whole life from its start, in months."),
    startDay: Day.optional().describe("Only before anything is booked."),
    reason: Reason,
  }),
  output: z.object({ id: Id, lines: z.array(PlannedLine) }),
  refuses: {
    ...assetRefusals,
    notInBook,
    bookedAfter,
    startedAlready: "Depreciation is booked already, so that its start stays. Change its life instead.",
    belowBooked: "With {accumulated} depreciated until then, cost less residual value cannot be less than that.",
    lifeOver: "With this life nothing is left to plan after {day}. Give it a longer life, or dispose of it.",
    ...postingRefusals,
  },
  when: isKept,
  emits: ["finance.fixedAsset.revised"],
  async run(input, context) {
    const asset = await lockAsset(context, input.fixedAssetId);
    const plan = await planOf(context, asset.id, input.assetBookId);
    for (const amount of [input.cost, input.residual]) {
      if (amount && amount.currency !== asset.currency) refuse("currencyDiffers", { currency: asset.currency }, ["cost"]);
    }
    const lines = await linesOf(context, plan.id);
    requireNothingBooked(lines, input.day);
    if (input.startDay && lines.some((line) => line.state === "posted")) refuse("startedAlready", {}, ["startDay"]);
    const kept = input.startDay ? [] : lines.filter((line) => line.untilDay < input.day);
    const changed = revised(plan, kept, input);
    const accumulated = accumulatedOf(plan, kept);
    if (changed.residual < 0n || changed.cost - changed.residual < accumulated) {
      refuse("belowBooked", { accumulated: new KernelMoney(accumulated, asset.currency).toString() });
    }
    await keepPlan(context, changed);
    const entryId = await bookDifference(context, asset, plan, changed, input);
    await keepRevision(context, plan, changed, { ...input, entryId });
    const planned = await planAnew(context, changed, asset, input.startDay ? plan.startDay : input.day);
    const rest = changed.cost - changed.residual - accumulated;
    if (planned.length === 0 && rest > 0n && !isEntered(changed)) refuse("lifeOver", { day: input.day }, ["lifeMonths"]);
    context.emit("finance.fixedAsset.revised", { fixedAssetId: asset.id, assetBookId: plan.assetBookId, reason: input.reason });
    return { id: asset.id, lines: planned };
  },
});

interface Terms {
  readonly cost?: KernelMoney;
  readonly residual?: KernelMoney;
  readonly lifeMonths?: number;
  readonly startDay?: KernelDay;
}

/** The plan with other terms, and the last day of the earlier ones; all of it is planned anew when it starts on another day. */
function revised(plan: KeptPlan, kept: readonly KeptLine[], terms: Terms): KeptPlan {
  const { lifeMonths = plan.lifeMonths, startDay = plan.startDay } = terms;
  const changed = { ...plan, cost: terms.cost?.minor ?? plan.cost, residual: terms.residual?.minor ?? plan.residual, lifeMonths, startDay };
  if (terms.startDay) return { ...changed, revisedAfter: null };
  const isSame = changed.cost === plan.cost && changed.residual === plan.residual && lifeMonths === plan.lifeMonths;
  return isSame ? changed : { ...changed, revisedAfter: lastDayOf(plan, kept) };
}

const isEntered = (plan: KeptPlan): boolean => plan.method === "units" || plan.method === "manual";

export async function keepPlan(context: WriteContext, plan: KeptPlan): Promise<void> {
  await context.db.run(sql`
    update finance.asset_plan set cost = ${plan.cost}, residual = ${plan.residual}, life_months = ${plan.lifeMonths},
      start_day = ${plan.startDay}, impaired = ${plan.impaired},
      revised_after = ${plan.revisedAfter}
    where tenant_id = ${context.tenantId} and id = ${plan.id}`);
}

interface Difference {
  readonly day: KernelDay;
  readonly reason: string;
  readonly againstAccountId?: KernelId;
}

async function bookDifference(
  context: WriteContext,
  asset: KeptAsset,
  before: KeptPlan,
  after: KeptPlan,
  { day, reason, againstAccountId }: Difference,
): Promise<KernelId | null> {
  const difference = new KernelMoney(after.cost - before.cost, asset.currency);
  if (!before.posts || difference.minor === 0n) return null;
  await context.db.run(sql`
    update finance.fixed_asset set cost = ${after.cost} where tenant_id = ${context.tenantId} and id = ${asset.id}`);
  if (!againstAccountId) return null;
  const lines = [
    { account: { id: asset.assetAccountId }, amount: difference },
    { account: { id: againstAccountId }, amount: difference.negated() },
  ];
  return (await postAsset(context, asset, day, `Value of ${asset.name}: ${reason}`, lines)).id;
}

export function postAsset(
  context: WriteContext,
  asset: KeptAsset,
  day: KernelDay,
  text: string,
  lines: Parameters<typeof postEntry>[1]["lines"],
): ReturnType<typeof postEntry> {
  const unitId = asset.unitId ?? undefined;
  return postEntry(
    context,
    {
      journal: "AST",
      day,
      text: text.slice(0, 200),
      reference: asset.number,
      document: { subject: "finance.fixedAsset", id: asset.id },
      lines: lines.map((line) => ({ unitId, ...line })),
    },
    asset.bookId,
  );
}

interface RevisionWords {
  readonly day: KernelDay;
  readonly reason: string;
  readonly entryId: KernelId | null;
  /** The disposal that is taken back. */
  readonly disposed?: { readonly on: KernelDay; readonly entryId: KernelId };
}

export async function keepRevision(context: WriteContext, before: KeptPlan, after: KeptPlan, said: RevisionWords): Promise<void> {
  const { disposed } = said;
  await context.db.run(sql`
    insert into finance.asset_revision (tenant_id, id, plan_id, day, reason, cost_before, cost_after, residual_before, residual_after,
      life_before, life_after, start_before, disposed_before, disposal_entry_before, entry_id, person_id, by_name, at)
    values (${context.tenantId}, ${context.newId()}, ${before.id}, ${said.day}, ${said.reason}, ${before.cost - before.impaired},
      ${after.cost - after.impaired}, ${before.residual}, ${after.residual}, ${before.lifeMonths}, ${after.lifeMonths}, ${before.startDay},
      ${disposed?.on ?? null}, ${disposed?.entryId ?? null}, ${said.entryId},
      ${context.actor.personId}, ${context.actor.name}, ${context.now})`);
}

export const impairAsset = operation({
  name: "finance.fixedAsset.impair",
  title: "Write down its value",
  does: "Books that an asset has lost more value than planned; the lines to come spread what is left.",
  kind: "write",
  previews: true,
  may: ["finance.manager"],
  input: z.strictObject({
    fixedAssetId: ref("finance.fixedAsset"),
    assetBookId: ref("finance.assetBook").optional().describe("By default the one that posts."),
    day: Day,
    amount: Money.describe("What it has lost in value."),
    reason: Reason,
  }),
  output: z.object({ id: Id, bookValue: Money, lines: z.array(PlannedLine) }),
  refuses: {
    ...assetRefusals,
    notInBook,
    lossNotPositive: "A loss in value is above zero.",
    bookedAfter,
    belowResidual: "It stands at {value} on that day and at least {residual} is left at the end. Write down at most the difference.",
    ...postingRefusals,
  },
  when: isKept,
  emits: ["finance.fixedAsset.impaired"],
  async run(input, context) {
    const asset = await lockAsset(context, input.fixedAssetId);
    const plan = await planOf(context, asset.id, input.assetBookId);
    const { amount, day, reason } = input;
    if (amount.currency !== asset.currency) refuse("currencyDiffers", { currency: asset.currency }, ["amount"]);
    if (amount.minor <= 0n) refuse("lossNotPositive", {}, ["amount"]);
    const lines = await linesOf(context, plan.id);
    const next = addDays(day, 1);
    requireNothingBooked(lines, next);
    const kept = lines.filter((line) => line.untilDay < next);
    const value = new KernelMoney(plan.cost - accumulatedOf(plan, kept), asset.currency);
    const residual = new KernelMoney(plan.residual, asset.currency);
    if (value.minus(amount).compare(residual) < 0) {
      refuse("belowResidual", { value: value.toString(), residual: residual.toString() }, ["amount"]);
    }
    const entryId = plan.posts
      ? (
          await postAsset(context, asset, day, `Impairment of ${asset.name}: ${reason}`, [
            { account: { id: asset.impairmentAccountId }, amount },
            { account: { id: asset.accumulatedAccountId }, amount: amount.negated() },
          ])
        ).id
      : null;
    await context.db.run(sql`
      insert into finance.depreciation_line (tenant_id, id, plan_id, asset_book_id, from_day, until_day, amount, kind, state, entry_id,
        made_at, booked_at)
      values (${context.tenantId}, ${context.newId()}, ${plan.id}, ${plan.assetBookId}, ${day}, ${day}, ${amount.minor}, 'impairment',
        'posted', ${entryId}, ${context.now}, ${context.now})`);
    const changed = { ...plan, impaired: plan.impaired + amount.minor, revisedAfter: lastDayOf(plan, kept) };
    await keepPlan(context, changed);
    await keepRevision(context, plan, changed, { day, reason, entryId });
    const planned = await planAnew(context, changed, asset, next);
    context.emit("finance.fixedAsset.impaired", { fixedAssetId: asset.id, reason });
    return { id: asset.id, bookValue: value.minus(amount), lines: planned };
  },
});

export const transferAsset = operation({
  name: "finance.fixedAsset.transfer",
  title: "Move to another cost centre",
  does: "Lets another cost centre bear the depreciation from a day on; who bore it before stays on record.",
  kind: "write",
  may: assetRoles,
  input: z.strictObject({
    fixedAssetId: ref("finance.fixedAsset"),
    unitId: ref("directory.unit").optional().describe("Nobody in particular, when left out."),
    from: Day,
    reason: Reason,
  }),
  output: z.object({ id: Id }),
  refuses: { ...assetRefusals, unitUnknown: postingRefusals.unitUnknown, bookedAfter },
  when: isKept,
  emits: ["finance.fixedAsset.transferred"],
  async run(input, context) {
    const asset = await lockAsset(context, input.fixedAssetId);
    const { tenantId } = context;
    const unitId = input.unitId ?? null;
    if (unitId && !(await context.db.maybe(sql`select id from directory.unit where tenant_id = ${tenantId} and id = ${unitId}`))) {
      refuse("unitUnknown", {}, ["unitId"]);
    }
    for (const plan of (await plansOf(context, asset.id)).filter((one) => one.posts)) {
      requireNothingBooked(await linesOf(context, plan.id), input.from);
    }
    await context.db.run(sql`
      insert into finance.fixed_asset_unit (tenant_id, fixed_asset_id, from_day, unit_id, reason, person_id, by_name, at)
      values (${tenantId}, ${asset.id}, ${input.from}, ${unitId}, ${input.reason}, ${context.actor.personId}, ${context.actor.name},
        ${context.now})
      on conflict (tenant_id, fixed_asset_id, from_day) do update set unit_id = excluded.unit_id, reason = excluded.reason,
        person_id = excluded.person_id, by_name = excluded.by_name, at = excluded.at`);
    context.emit("finance.fixedAsset.transferred", { fixedAssetId: asset.id, unitId, from: input.from });
    return { id: asset.id };
  },
});

export const addToAssetBook = operation({
  name: "finance.fixedAsset.addBook",
  title: "Put into a further asset book",
  does: "Plans how an asset loses value in an asset book that it is not in yet, such as the tax office's.",
  kind: "write",
  previews: true,
  may: assetRoles,
  input: z.strictObject({
    fixedAssetId: ref("finance.fixedAsset"),
    assetBookId: ref("finance.assetBook"),
    ...planFields,
    factor: planFields.factor.default("2"),
    percentDecimals: planFields.percentDecimals.optional(),
    cost: Money.optional().describe("By default as in the statements."),
    residual: Money.optional().describe("By default nothing."),
    startDay: Day.optional().describe("By default the day it was acquired."),
  }),
  output: z.object({ id: Id, lines: z.array(PlannedLine) }),
  refuses: {
    ...assetRefusals,
    assetBookUnknown: "There is no such asset book in these books. Look it up: heartwood finance asset-book list",
    inBookAlready: "The asset is in that asset book already. Revise it there.",
    currencyDiffers: postingRefusals.currencyDiffers,
    residualAboveCost: "What is left at the end, with what is depreciated already, is at most the cost of {cost}.",
    factorOutOfRange: "The factor lies between 1 and 10, such as 2 or 1.5.",
  },
  constraints: { asset_plan_once: "inBookAlready" },
  when: isKept,
  emits: ["finance.fixedAsset.bookAdded"],
  async run(input, context) {
    requireFactor(input.factor);
    const asset = await lockAsset(context, input.fixedAssetId);
    const book = await context.db.maybe<{ name: string }>(sql`
      select name from finance.asset_book where tenant_id = ${context.tenantId} and id = ${input.assetBookId} and book_id = ${asset.bookId}
      for share`);
    if (!book) refuse("assetBookUnknown", {}, ["assetBookId"]);
    const plans = await plansOf(context, asset.id);
    if (plans.some((plan) => plan.assetBookId === input.assetBookId)) refuse("inBookAlready", {}, ["assetBookId"]);
    const cost = input.cost ?? new KernelMoney(plans.find((plan) => plan.posts)!.cost, asset.currency);
    const residual = input.residual ?? KernelMoney.zero(asset.currency);
    if (cost.currency !== asset.currency || residual.currency !== asset.currency) {
      refuse("currencyDiffers", { currency: asset.currency }, ["cost"]);
    }
    if (residual.compare(cost) > 0 || residual.minor < 0n || cost.minor <= 0n) refuse("residualAboveCost", { cost: cost.toString() });
    const { fixedAssetId, assetBookId, method, convention, rhythm, lifeMonths, factor } = input;
    const plan: KeptPlan = {
      id: context.newId(),
      fixedAssetId,
      assetBookId,
      assetBook: book.name,
      posts: false,
      method,
      convention,
      rhythm,
      lifeMonths,
      factor,
      cost: cost.minor,
      residual: residual.minor,
      openingAccumulated: 0n,
      openingUntil: null,
      impaired: 0n,
      revisedAfter: null,
      startDay: input.startDay ?? asset.acquiredOn,
      percentDecimals: input.percentDecimals ?? null,
    };
    await insertPlans(context, [plan]);
    const lines = await planAnew(context, plan, asset, plan.startDay);
    context.emit("finance.fixedAsset.bookAdded", { fixedAssetId, assetBookId });
    return { id: asset.id, lines };
  },
});
