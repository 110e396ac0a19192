// What is overdue: written off when it will not come, and chased until then.
import { z } from "zod";
import { addDays } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, LongText, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { closeTask, openTask } from "../../office/index.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { allocate } from "../ledger/allocation.ts";
import { carriedBy } from "../ledger/open-item.rules.ts";
import { postEntry } from "../ledger/posting.ts";

/**
 * | write-off | Dr | Cr |
 * |---|---|---|
 * | of what a customer owes | bad debts | receivable, of the customer |
 *
 * What is owed in another currency leaves the books at what they carry for it, so that no currency difference is left.
 */
export const writeOffItem = operation({
  name: "finance.openItem.writeOff",
  title: "Write off",
  does: "Books what a customer will not pay as a loss and settles the item with it; tax is corrected by a credit note instead.",
  kind: "write",
  previews: true,
  may: ["finance.manager"],
  input: z.strictObject({
    openItemId: ref("finance.openItem"),
    amount: Money.optional().describe("By default all that is open."),
    day: Day.optional().describe("By default today."),
    reason: LongText(200).min(3, "says why, in a few words"),
  }),
  output: z.object({ id: Id, entryId: ref("finance.journalEntry"), entryNumber: z.string(), open: Money }),
  refuses: {
    notFound: "There is no such open item.",
    nothingOwed: "The customer owes nothing on {reference}. Only what a customer owes is written off.",
    moreThanOpen: "Of {reference} only {open} is open. Write off at most that.",
    amountNotPositive: "An amount to write off is above zero.",
    taxWaits: "The tax of {reference} is due only when it is paid. Credit what will not come, so that it never falls due.",
    ...postingRefusals,
  },
  when: (record) => record["direction"] === "receivable" && (record["state"] === "open" || record["state"] === "overdue"),
  emits: ["finance.openItem.writtenOff"],
  async run(input, context) {
    const item = await lockItem(context, input.openItemId);
    const open = new KernelMoney(item.openCurrencyAmount, item.currency);
    if (item.direction !== "receivable" || open.minor <= 0n) refuse("nothingOwed", { reference: item.reference });
    // A write-off settles the item, and what is settled makes its share of the tax due.
    if (item.taxWaits) refuse("taxWaits", { reference: item.reference });
    const { amount = open, day = context.today } = input;
    if (amount.currency !== item.currency) refuse("currencyDiffers", { currency: item.currency }, ["amount"]);
    if (amount.minor <= 0n) refuse("amountNotPositive", {}, ["amount"]);
    if (amount.compare(open) > 0) refuse("moreThanOpen", { reference: item.reference, open: open.toString() }, ["amount"]);
    const carried = new KernelMoney(carriedBy(item, amount.minor), item.bookCurrency);
    const foreign = item.currency === item.bookCurrency ? undefined : amount;
    const entry = await postEntry(
      context,
      {
        journal: "GEN",
        day,
        text: `Write-off of ${item.reference}: ${input.reason}`,
        reference: item.reference,
        lines: [
          { account: { role: "badDebt" }, amount: carried, foreign, partyId: item.partyId },
          { account: { role: "receivable" }, amount: carried.negated(), foreign: foreign?.negated(), partyId: item.partyId },
        ],
      },
      item.bookId,
    );
    await allocate(context, [{ itemId: item.id, againstId: entry.lineIds[1]!, amount }], day);
    context.emit("finance.openItem.writtenOff", { openItemId: item.id, entryId: entry.id, reason: input.reason });
    return { id: item.id, entryId: entry.id, entryNumber: entry.number, open: open.minus(amount) };
  },
});

interface ItemRow {
  id: KernelId;
  bookId: KernelId;
  direction: string;
  partyId: KernelId;
  reference: string;
  /** What the books carry for it. */
  openAmount: bigint;
  openCurrencyAmount: bigint;
  currency: string;
  bookCurrency: string;
  taxWaits: boolean;
}

const lockItem = async (context: WriteContext, id: KernelId): Promise<ItemRow> =>
  (await context.db.maybe<ItemRow>(sql`
    select o.id, o.book_id, o.direction, o.party_id, o.reference, o.open_amount, o.open_currency_amount, o.currency,
      b.currency as book_currency, exists (
        select from finance.tax_pending w
        where w.tenant_id = ${context.tenantId} and w.entry_id = o.entry_id and w.tax <> 0 and not w.is_void) as tax_waits
    from finance.open_item o join finance.book b on b.tenant_id = ${context.tenantId} and b.id = o.book_id
    where o.tenant_id = ${context.tenantId} and o.id = ${id} for update of o`)) ?? refuse("notFound");

/** Days after which a customer is asked. */
const patienceDays = 7;

/** Opens one task for each customer who is overdue, named after their oldest item, and closes those whose item was settled. */
export async function chaseOverdue(context: WriteContext): Promise<void> {
  const { tenantId, today } = context;
  const settled = await context.db.rows<{ key: string }>(sql`
    select t.key from office.task t
    join finance.open_item o on o.tenant_id = ${tenantId} and t.key = 'finance.chase:' || o.id and o.open_amount = 0
    where t.tenant_id = ${tenantId} and t.state = 'open' and t.kind = 'chase'`);
  for (const { key } of settled) await closeTask(context, { key }, "done", "Paid");
  const overdue = await context.db.rows<{
    itemId: KernelId;
    partyId: KernelId;
    party: string;
    items: number;
    open: bigint;
    currency: string;
  }>(sql`
    select c.*, y.name as party from (
      select (array_agg(o.id order by o.due_day, o.id))[1] as item_id, o.party_id, count(*)::int as items,
        sum(o.open_amount)::bigint as open, b.currency
      from finance.open_item o join finance.book b on b.tenant_id = ${tenantId} and b.id = o.book_id
      where o.tenant_id = ${tenantId} and o.direction = 'receivable' and o.open_amount > 0
        and o.due_day < ${addDays(today, -patienceDays)}::date
      group by o.party_id, b.currency) c
    join directory.party y on y.tenant_id = ${tenantId} and y.id = c.party_id
    where not exists (select from office.task t where t.tenant_id = ${tenantId} and t.key = 'finance.chase:' || c.item_id)`);
  for (const { itemId, party, items, open, currency } of overdue) {
    await openTask(context, {
      kind: "chase",
      title: `Ask ${party} for ${new KernelMoney(open, currency).toString()}`,
      says: `${items} of their items are overdue. Call or write, and note what they say. The task closes when the oldest is settled.`,
      owner: { activity: "finance.receivables" },
      due: addDays(today, 3),
      about: { subject: "finance.openItem", id: itemId },
      key: `finance.chase:${itemId}`,
    });
  }
}
