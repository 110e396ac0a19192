// Assets whose lines are entered: by the meter, as they are used, or by hand.
import { z } from "zod";
import { addDays, later } from "../../../kernel/day.ts";
import { Money as KernelMoney, sumMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Day, DecimalText, Id, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { assetRoles } from "./asset-class.operations.ts";
import { accumulatedOf, assetRefusals, insertPlanned, linesOf, lockAsset, notInBook, planOf, plansOf, rulePlan } from "./asset.store.ts";
import { fraction, unitsAmount } from "./depreciation.rules.ts";
import { dropPlanned } from "./line.store.ts";

const isKept = (record: Readonly<Record<string, unknown>>): boolean => record["state"] !== "disposed";
const dayNotAfter = "There is a line until {day} already. Enter a later day.";

/** Units in millionths, exact. */
function millionths(text: string): bigint {
  const [above, below] = fraction(text);
  return (above * 1_000_000n) / below;
}

export const enterUnits = operation({
  name: "finance.fixedAsset.enterUnits",
  title: "Enter what it gave",
  does: "Plans a line for the units an asset gave since its last reading: kilometres, hours, pieces.",
  kind: "write",
  previews: true,
  may: assetRoles,
  input: z.strictObject({
    fixedAssetId: ref("finance.fixedAsset"),
    day: Day.describe("The day of the reading."),
    units: DecimalText.describe("What it gave since the reading before."),
  }),
  output: z.object({ id: Id, amount: Money }),
  refuses: {
    ...assetRefusals,
    notByUnits: "No asset book of this asset goes by units. Its lines are planned already.",
    unitsUnknown: "Nobody has said how many units it will give. Capitalise it with them.",
    unitsNotPositive: "The units it gave are above zero.",
    dayNotAfter,
    nothingLeft: "It has lost all its value already.",
  },
  when: isKept,
  emits: ["finance.fixedAsset.unitsEntered"],
  async run(input, context) {
    const asset = await lockAsset(context, input.fixedAssetId);
    const plans = (await plansOf(context, asset.id)).filter((plan) => plan.method === "units");
    if (plans.length === 0) refuse("notByUnits");
    if (!asset.expectedUnits) refuse("unitsUnknown");
    const units = millionths(input.units);
    if (units <= 0n) refuse("unitsNotPositive", {}, ["units"]);
    const amounts: KernelMoney[] = [];
    for (const plan of plans) {
      const lines = await linesOf(context, plan.id);
      const last = lines.findLast((line) => line.kind === "depreciation")?.untilDay ?? plan.openingUntil;
      if (last && last >= input.day) refuse("dayNotAfter", { day: last }, ["day"]);
      const accumulated = new KernelMoney(accumulatedOf(plan, lines) - plan.impaired, asset.currency);
      const amount = unitsAmount(rulePlan(plan, asset), units, millionths(asset.expectedUnits), accumulated);
      if (amount.minor <= 0n) refuse("nothingLeft");
      amounts.push(amount);
      const fromDay = later(last ? addDays(last, 1) : plan.startDay, plan.startDay);
      const line = { fromDay: fromDay > input.day ? input.day : fromDay, untilDay: input.day, amount };
      await insertPlanned(context, [{ ...line, planId: plan.id, assetBookId: plan.assetBookId, units: input.units }]);
    }
    context.emit("finance.fixedAsset.unitsEntered", { fixedAssetId: asset.id, units: input.units });
    return { id: asset.id, amount: amounts[0]! };
  },
});

export const planByHand = operation({
  name: "finance.fixedAsset.planByHand",
  title: "Plan its lines by hand",
  does: "Writes the lines to come of an asset whose value is lost by no rule; together they come to what is left to lose.",
  kind: "write",
  previews: true,
  may: assetRoles,
  input: z.strictObject({
    fixedAssetId: ref("finance.fixedAsset"),
    assetBookId: ref("finance.assetBook").optional().describe("By default the one that posts."),
    lines: z
      .array(z.strictObject({ day: Day, amount: Money }))
      .min(1)
      .max(600),
  }),
  output: z.object({ id: Id, lines: z.number().int() }),
  refuses: {
    ...assetRefusals,
    notInBook,
    notByHand: "In this asset book its lines follow a rule. Revise that instead.",
    currencyDiffers: postingRefusals.currencyDiffers,
    amountNotPositive: "Each line has an amount above zero.",
    dayNotAfter,
    sumDiffers: "The lines come to {sum}, and {rest} is left to lose. Correct them until they are equal.",
  },
  when: isKept,
  emits: ["finance.fixedAsset.plannedByHand"],
  async run(input, context) {
    const asset = await lockAsset(context, input.fixedAssetId);
    const plan = await planOf(context, asset.id, input.assetBookId);
    if (plan.method !== "manual") refuse("notByHand");
    const posted = (await linesOf(context, plan.id)).filter((line) => line.state === "posted");
    let last = posted.at(-1)?.untilDay ?? plan.openingUntil;
    const lines = input.lines.map(({ day, amount }, index) => {
      if (amount.currency !== asset.currency) refuse("currencyDiffers", { currency: asset.currency }, ["lines", index, "amount"]);
      if (amount.minor <= 0n) refuse("amountNotPositive", {}, ["lines", index, "amount"]);
      if (last && day <= last) refuse("dayNotAfter", { day: last }, ["lines", index, "day"]);
      const from = last ? addDays(last, 1) : plan.startDay;
      last = day;
      return { fromDay: from > day ? day : from, untilDay: day, amount, planId: plan.id, assetBookId: plan.assetBookId };
    });
    const rest = new KernelMoney(plan.cost - plan.residual - accumulatedOf(plan, posted), asset.currency);
    const sum = sumMoney(
      lines.map((line) => line.amount),
      asset.currency,
    );
    if (!sum.equals(rest)) refuse("sumDiffers", { sum: sum.toString(), rest: rest.toString() }, ["lines"]);
    await dropPlanned(context, plan.id, sql`true`);
    await insertPlanned(context, lines);
    context.emit("finance.fixedAsset.plannedByHand", { fixedAssetId: asset.id });
    return { id: asset.id, lines: lines.length };
  },
});
