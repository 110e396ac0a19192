// What nobody will pay: a customer's debt, written off as a loss with its tax where the law lets it go back, and small rests of bills and
// of credits on both sides; taken back when it is paid after all.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { CurrencyCode, Day, Id, LongText, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { requireReached, settlingDayRefusals, undoAllocations } from "../ledger/allocation.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { mirrorDay, reversalRefusals } from "../ledger/reversal.ts";
import { inOtherRun, refuseInRun } from "../payables/run-lock.ts";
import { lockReduced, takeReductions } from "../payments/reduction.ts";

export const writeOffItem = operation({
  name: "finance.openItem.writeOff",
  title: "Write off",
  does:
    "Books what a customer will not pay as a loss, a rest of a bill or of a credit as a rounding difference, and settles the item " +
    "with it; tax that waits for the payment never falls due.",
  kind: "write",
  previews: true,
  may: ["finance.manager"],
  input: z.strictObject({
    openItemId: ref("finance.openItem"),
    amount: Money.optional().describe("By default all that is open."),
    day: Day.optional().describe("By default today."),
    relievesTax: z.boolean().default(false).describe("Takes back the tax that was owed on it, where the law allows that by now."),
    reason: LongText(200).min(3, "says why, in a few words"),
  }),
  output: z.object({ id: Id, entryId: ref("finance.journalEntry"), entryNumber: z.string(), open: Money }),
  refuses: {
    notFound: "There is no such open item.",
    nothingOwed: "Nothing is open of {reference}. Only what is open is written off.",
    taxNotRelieved: "Of {reference} no tax was owed: it is a credit. Write it off without relief of tax.",
    inOtherRun,
    moreThanOpen: "Of {reference} only {open} is open. Write off at most that.",
    amountNotPositive: "An amount to write off is above zero.",
    dayAhead: settlingDayRefusals.dayAhead,
    ...postingRefusals,
  },
  when: (record) => record["state"] !== "settled",
  emits: ["finance.openItem.writtenOff"],
  async run(input, context) {
    const item = (await lockReduced(context, [input.openItemId]))[0] ?? refuse("notFound");
    await refuseInRun(context, [item.itemId]);
    const open = new KernelMoney(item.open, item.currency).abs();
    if (open.minor === 0n) refuse("nothingOwed", { reference: item.reference });
    const isCredit = item.direction === "receivable" ? item.open < 0n : item.open > 0n;
    if (isCredit && input.relievesTax) refuse("taxNotRelieved", { reference: item.reference }, ["relievesTax"]);
    const { amount = open, day = context.today, reason, relievesTax } = input;
    if (amount.currency !== item.currency) refuse("currencyDiffers", { currency: item.currency }, ["amount"]);
    if (amount.minor <= 0n) refuse("amountNotPositive", {}, ["amount"]);
    if (amount.compare(open) > 0) refuse("moreThanOpen", { reference: item.reference, open: open.toString() }, ["amount"]);
    const paid = KernelMoney.zero(item.currency);
    const [entry] = await takeReductions(context, [{ place: 0, kind: "writeOff", item, amount, paid, day, relievesTax, reason }]);
    context.emit("finance.openItem.writtenOff", { openItemId: item.itemId, entryId: entry!.id, reason });
    return { id: item.itemId, entryId: entry!.id, entryNumber: entry!.number, open: open.minus(amount) };
  },
});

export const writeOffRegister = register({
  name: "finance.writeOff",
  title: "Written off",
  does: "What customers will not pay, and small rests on both sides: why, and whether it was taken back.",
  may: ["finance.accountant", "finance.manager"],
  row: z.object({
    id: Id,
    writeOff: z.string(),
    state: z.enum(["writtenOff", "reversed"]),
    partyId: ref("directory.party"),
    party: z.string(),
    openItemId: ref("finance.openItem"),
    openItem: z.string(),
    day: Day,
    amount: Money,
    reason: z.string(),
    entryId: ref("finance.journalEntry"),
    currency: CurrencyCode,
  }),
  label: "writeOff",
  search: ["writeOff", "party", "reason"],
  sort: "-day",
  totals: ["amount"],
  from: (context) => sql`
    select t.id, 'Write-off of ' || o.reference as write_off,
      case when t.reversal_id is null then 'writtenOff' else 'reversed' end as state,
      o.party_id, y.name as party, t.item_id as open_item_id, o.reference as open_item, d.day, t.amount, t.reason, t.entry_id, o.currency
    from finance.discount_taken t
    join finance.open_item o on o.tenant_id = ${context.tenantId} and o.id = t.item_id
    join finance.open_item d on d.tenant_id = ${context.tenantId} and d.id = t.discount_item_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = o.party_id
    where t.tenant_id = ${context.tenantId} and t.kind = 'writeOff'`,
});

export const reverseWriteOff = operation({
  name: "finance.writeOff.reverse",
  title: "It will be paid after all",
  does: "Takes a write-off back with its tax; what was written off is owed again.",
  kind: "write",
  previews: true,
  may: ["finance.manager"],
  input: z.strictObject({
    writeOffId: ref("finance.writeOff"),
    on: Day.optional().describe("By default today."),
    reason: LongText(200).min(3, "says why, in a few words"),
  }),
  output: z.object({ id: Id }),
  refuses: {
    ...reversalRefusals,
    notFound: "There is no such write-off.",
    reversedBefore: "This write-off was taken back already.",
    dayAhead: settlingDayRefusals.dayAhead,
  },
  when: (record) => record["state"] === "writtenOff",
  emits: ["finance.writeOff.reversed"],
  async run(input, context) {
    const found = await context.db.maybe<{ ownItemId: KernelId; entryId: KernelId; reversalId: KernelId | null }>(sql`
      select discount_item_id as own_item_id, entry_id, reversal_id from finance.discount_taken
      where tenant_id = ${context.tenantId} and id = ${input.writeOffId} and kind = 'writeOff' for update`);
    if (!found) refuse("notFound");
    if (found.reversalId) refuse("reversedBefore");
    if (input.on) requireReached(context, input.on, "on");
    const on = await mirrorDay(context, found.entryId, input.on ?? context.today);
    await undoAllocations(context, { itemIds: [found.ownItemId] }, on, input.reason);
    context.emit("finance.writeOff.reversed", { writeOffId: input.writeOffId, reason: input.reason });
    return { id: input.writeOffId };
  },
});
