// The schedule of an asset, line by line with its book value, and one for a plan that is only thought of.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { CurrencyCode, Day, Id, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { AsKnownAt, knownUntil } from "../reports/known.ts";
import { assetRoles, planFields, requireFactor } from "./asset-class.operations.ts";
import {
  assetById,
  assetRefusals,
  type KeptAsset,
  type KeptPlan,
  linesOf,
  notInBook,
  planOf,
  plansOf,
  yearStartMonthOf,
} from "./asset.store.ts";
import { linesKnown, standingKnown } from "./schedule.store.ts";
import { depreciationLines } from "./depreciation.rules.ts";

const Line = z.object({
  fromDay: Day,
  untilDay: Day,
  kind: z.enum(["depreciation", "impairment"]),
  state: z.enum(["planned", "posted"]),
  amount: Money,
  accumulated: Money,
  bookValue: Money,
  entryId: ref("finance.journalEntry").nullable(),
  entry: z.string().nullable(),
});

export const getSchedule = operation({
  name: "finance.fixedAsset.schedule",
  title: "Depreciation schedule",
  does: "Shows every line of an asset in an asset book, booked and planned, with its book value and every revision; now, or as known then.",
  kind: "read",
  may: assetRoles,
  input: z.strictObject({
    fixedAssetId: ref("finance.fixedAsset"),
    assetBookId: ref("finance.assetBook").optional().describe("By default the one that posts."),
    asKnownAt: AsKnownAt,
  }),
  output: z.object({
    id: Id,
    number: z.string(),
    asset: z.string(),
    assetBookId: ref("finance.assetBook"),
    assetBook: z.string(),
    books: z.array(z.object({ id: ref("finance.assetBook"), name: z.string() })),
    currency: CurrencyCode,
    method: planFields.method,
    convention: planFields.convention,
    rhythm: planFields.rhythm,
    lifeMonths: planFields.lifeMonths,
    startDay: Day,
    disposedOn: Day.nullable(),
    cost: Money,
    residual: Money,
    opening: Money,
    openingUntil: Day.nullable(),
    accumulated: Money.describe("Booked so far."),
    bookValue: Money.describe("As booked."),
    lines: z.array(Line),
    revisions: z.array(z.object({ day: Day, reason: z.string(), by: z.string(), costBefore: Money, costAfter: Money })),
  }),
  refuses: {
    notFound: assetRefusals.notFound,
    notInBook,
    notYetKept: "{asset} was put on the books after that moment. Choose a later one.",
  },
  async run(input, context) {
    const asset = await assetById(context, input.fixedAssetId);
    const plans = await plansOf(context, asset.id);
    const known = await knownUntil(context, input.asKnownAt);
    const { plan, disposedOn, kept } = await standing(context, asset, await planOf(context, asset.id, input.assetBookId), known);
    const money = (minor: bigint): KernelMoney => new KernelMoney(minor, asset.currency);
    let accumulated = plan.openingAccumulated;
    const lines = kept.map(({ fromDay, untilDay, kind, state, amount, entryId, entryNumber }) => {
      accumulated += amount;
      const value = { accumulated: money(accumulated), bookValue: money(plan.cost - accumulated) };
      return { fromDay, untilDay, kind, state, amount: money(amount), ...value, entryId, entry: entryNumber };
    });
    const booked = kept.filter((line) => line.state === "posted").reduce((sum, line) => sum + line.amount, plan.openingAccumulated);
    const { method, convention, rhythm, lifeMonths, startDay, assetBookId, assetBook, openingUntil } = plan;
    return {
      id: asset.id,
      number: asset.number,
      asset: asset.name,
      disposedOn,
      currency: asset.currency as never,
      assetBookId,
      assetBook,
      method,
      convention,
      rhythm,
      lifeMonths,
      startDay,
      openingUntil,
      lines,
      books: plans.map((one) => ({ id: one.assetBookId, name: one.assetBook })),
      cost: money(plan.cost),
      residual: money(plan.residual),
      opening: money(plan.openingAccumulated),
      accumulated: money(booked),
      bookValue: money(disposedOn ? 0n : plan.cost - booked),
      revisions: await revisionsOf(context, plan.id, asset.currency, known),
    };
  },
});

/** The asset, its plan and its lines: as they are, or as they were known at a moment. Refuses `notYetKept`. */
async function standing(context: ReadContext, asset: KeptAsset, plan: KeptPlan, known: Date | undefined) {
  if (!known) return { plan, disposedOn: asset.disposedOn, kept: await linesOf(context, plan.id) };
  const kept = await linesKnown(context, plan.id, known);
  const then = await standingKnown(context, asset, plan, { known, lines: kept });
  if (then.isLater) refuse("notYetKept", { asset: asset.name }, ["asKnownAt"]);
  return { ...then, kept };
}

async function revisionsOf(context: ReadContext, planId: KernelId, currency: string, known: Date | undefined) {
  const rows = await context.db.rows<{ day: KernelDay; reason: string; by: string; costBefore: bigint; costAfter: bigint }>(sql`
    select day, reason, by_name as by, cost_before, cost_after from finance.asset_revision
    where tenant_id = ${context.tenantId} and plan_id = ${planId} ${known ? sql`and at <= ${known}` : sql``} order by at, id`);
  return rows.map(({ costBefore, costAfter, ...row }) => ({
    ...row,
    costBefore: new KernelMoney(costBefore, currency),
    costAfter: new KernelMoney(costAfter, currency),
  }));
}

export const previewSchedule = operation({
  name: "finance.assetPlan.preview",
  title: "Try a depreciation plan",
  does: "Shows the lines that a plan would have, before anything is put on the books.",
  kind: "read",
  may: assetRoles,
  input: z.strictObject({
    cost: Money,
    residual: Money.optional().describe("By default nothing."),
    startDay: Day,
    method: z.enum(["straightLine", "decliningBalance", "sumOfYears"]).default("straightLine"),
    convention: planFields.convention.default("fullMonth"),
    rhythm: planFields.rhythm.default("month"),
    lifeMonths: planFields.lifeMonths,
    factor: planFields.factor.default("2"),
    percentDecimals: planFields.percentDecimals.optional(),
    bookId: ref("finance.book").optional().describe("Whose fiscal year counts; by default that of the main books."),
  }),
  output: z.object({ lines: z.array(z.object({ fromDay: Day, untilDay: Day, amount: Money, bookValue: Money })), total: Money }),
  refuses: {
    booksMissing: postingRefusals.booksMissing,
    factorOutOfRange: "The factor lies between 1 and 10, such as 2 or 1.5.",
    residualAboveCost: "What is left at the end, with what is depreciated already, is at most the cost of {cost}.",
  },
  example: { cost: { amount: "1000.00", currency: "EUR" as never }, startDay: "2026-01-01", lifeMonths: 24 },
  async run(input, context) {
    requireFactor(input.factor);
    const { cost, bookId, percentDecimals = null, residual = KernelMoney.zero(cost.currency), ...plan } = input;
    if (residual.currency !== cost.currency || residual.minor < 0n || residual.compare(cost) > 0) {
      refuse("residualAboveCost", { cost: cost.toString() }, ["residual"]);
    }
    const book = await bookOf(context, bookId);
    const { month } = await context.db.row<{ month: number }>(sql`select ${yearStartMonthOf(book.id, context.tenantId)} as month`);
    let value = cost;
    const lines = depreciationLines({ ...plan, cost, residual, percentDecimals, yearStartMonth: month }).map((line) => {
      value = value.minus(line.amount);
      return { ...line, bookValue: value };
    });
    return { lines, total: cost.minus(value) };
  },
});
