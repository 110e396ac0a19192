// Putting fixed assets on the books: one that was bought, or those that were there before.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import type { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { Day, DecimalText, Id, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { type JournalLineDraft, postingRefusals } from "../ledger/entry.rules.ts";
import { assetRoles, planFields, requireFactor } from "./asset-class.operations.ts";
import { billLineRefusals, takeBillLine } from "./bill-line.ts";
import { type AssetDraft, capitaliseRefusals, insertAssets, type PlanWish } from "./capitalise.ts";

const Plan = z.strictObject({
  assetBookId: ref("finance.assetBook"),
  method: planFields.method.optional(),
  convention: planFields.convention.optional(),
  rhythm: planFields.rhythm.optional(),
  lifeMonths: planFields.lifeMonths.optional(),
  factor: planFields.factor.optional(),
  percentDecimals: planFields.percentDecimals.optional(),
  residual: Money.optional().describe("What is left at the end."),
});

const what = {
  assetId: ref("assets.asset").optional().describe("The thing in the asset register that it is."),
  name: Text(200).optional().describe("What it is called, when it is no thing of the register: software, rights, fittings."),
  unitId: ref("directory.unit").optional().describe("The cost centre that bears it."),
  unitName: Text(40).optional().describe("What its meter counts, such as kilometres, when it loses value by use."),
  expectedUnits: DecimalText.optional().describe("How many of them it is expected to give in its life."),
};

const factorRefusal = { factorOutOfRange: "The factor lies between 1 and 10, such as 2 or 1.5." };
const unitsRefusal = { unitsNotPositive: "The units it is expected to give are above zero." };

function requireInput(input: { readonly plans: readonly { readonly factor?: string }[]; readonly expectedUnits?: string }): void {
  for (const plan of input.plans) if (plan.factor) requireFactor(plan.factor);
  if (input.expectedUnits !== undefined && Number(input.expectedUnits) <= 0) refuse("unitsNotPositive", {}, ["expectedUnits"]);
}

export const capitaliseAsset = operation({
  name: "finance.fixedAsset.capitalise",
  title: "Capitalise an asset",
  does: "Puts what was bought on the books as a fixed asset and plans how it loses value in every asset book of its class.",
  kind: "write",
  previews: true,
  may: assetRoles,
  input: z.strictObject({
    assetClassId: ref("finance.assetClass"),
    ...what,
    billLineId: ref("finance.billLine").optional().describe("The line of the posted bill it was bought with."),
    cost: Money.optional().describe("By default what is left of the bill line."),
    fromAccountId: ref("finance.account").optional().describe("The account the cost stands on now, when that is another one and no bill."),
    acquiredOn: Day.optional().describe("By default the day of the bill, or today."),
    startDay: Day.optional().describe("From when on it loses value; by default the day it was acquired."),
    plans: z.array(Plan).max(20).default([]).describe("What is otherwise than in its class."),
  }),
  output: z.object({ id: Id, number: z.string() }),
  refuses: {
    ...capitaliseRefusals,
    costMissing: "Say what it cost, or with which bill line it was bought.",
    ...billLineRefusals,
    ...factorRefusal,
    ...unitsRefusal,
    ...postingRefusals,
  },
  constraints: { fixed_asset_pkey: "capitalisedAlready", fixed_asset_number: "capitalisedAlready" },
  emits: ["finance.fixedAsset.capitalised"],
  async run(input, context) {
    requireInput(input);
    const { assetClassId, billLineId, fromAccountId, plans, ...rest } = input;
    const bought = billLineId ? await takeBillLine(context, billLineId, input.cost) : undefined;
    const cost = bought?.cost ?? input.cost ?? refuse("costMissing", {}, ["cost"]);
    const acquiredOn = input.acquiredOn ?? bought?.day ?? context.today;
    const from = bought?.accountId ?? fromAccountId;
    const draft: AssetDraft = {
      ...rest,
      classId: assetClassId,
      billLineId,
      cost,
      acquiredOn,
      startDay: input.startDay ?? acquiredOn,
      unitId: input.unitId ?? bought?.unitId ?? undefined,
      plans: plans as PlanWish[],
      entry: { day: acquiredOn, lines: ({ assetAccountId }) => acquisition(assetAccountId, from, cost, input.unitId) },
    };
    const [made] = await insertAssets(context, [draft]);
    context.emit("finance.fixedAsset.capitalised", { fixedAssetId: made!.id, assetId: input.assetId ?? null });
    return made!;
  },
});

function acquisition(assetAccountId: KernelId, from: KernelId | undefined, cost: KernelMoney, unitId?: KernelId): JournalLineDraft[] {
  if (!from || from === assetAccountId) return [];
  return [
    { account: { id: assetAccountId }, amount: cost, unitId },
    { account: { id: from }, amount: cost.negated(), unitId },
  ];
}

const Brought = z.strictObject({
  assetClassId: ref("finance.assetClass"),
  ...what,
  cost: Money,
  accumulated: Money.describe("Depreciated so far."),
  acquiredOn: Day,
  startDay: Day.optional().describe("From when on it lost value; by default the day it was acquired."),
  plans: z
    .array(Plan.extend({ openingAccumulated: Money.optional().describe("Depreciated so far in this asset book.") }))
    .max(20)
    .default([]),
});

export const bringOverAssets = operation({
  name: "finance.fixedAsset.bringOver",
  title: "Bring over assets",
  does: "Takes over assets of other books with what they have lost so far; only what is left of them is planned.",
  kind: "write",
  previews: true,
  may: ["finance.manager"],
  input: z.strictObject({
    untilDay: Day.describe("The last day that is depreciated already."),
    isBooked: z
      .boolean()
      .default(true)
      .describe("Cost and depreciation stand in the books already, with the opening balances; otherwise they are booked now."),
    assets: z.array(Brought).min(1).max(1000),
  }),
  output: z.object({ assets: z.array(z.object({ id: Id, number: z.string() })) }),
  refuses: { ...capitaliseRefusals, ...factorRefusal, ...unitsRefusal, ...postingRefusals },
  constraints: { fixed_asset_pkey: "capitalisedAlready", fixed_asset_number: "capitalisedAlready" },
  emits: ["finance.fixedAsset.broughtOver"],
  async run(input, context) {
    const drafts = input.assets.map(({ assetClassId, accumulated, plans, ...rest }): AssetDraft => {
      requireInput({ plans, expectedUnits: rest.expectedUnits });
      return {
        ...rest,
        classId: assetClassId,
        startDay: rest.startDay ?? rest.acquiredOn,
        opening: { accumulated, untilDay: input.untilDay },
        plans: plans as PlanWish[],
        entry: input.isBooked ? undefined : { day: input.untilDay, lines: (accounts) => opening(accounts, rest.cost, accumulated) },
      };
    });
    const assets = await insertAssets(context, drafts);
    context.emit("finance.fixedAsset.broughtOver", { count: assets.length });
    return { assets };
  },
});

function opening(
  accounts: { readonly assetAccountId: KernelId; readonly accumulatedAccountId: KernelId },
  cost: KernelMoney,
  accumulated: KernelMoney,
): JournalLineDraft[] {
  const lines: JournalLineDraft[] = [
    { account: { id: accounts.assetAccountId }, amount: cost },
    { account: { id: accounts.accumulatedAccountId }, amount: accumulated.negated() },
    { account: { role: "openingBalance" }, amount: accumulated.minus(cost) },
  ];
  return lines.filter((line) => line.amount.minor !== 0n);
}
