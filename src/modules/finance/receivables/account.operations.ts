// The account of one customer or supplier as of a day, and the ageing of all of them.
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
import type { Direction } from "../ledger/open-item.ts";
import { openItemsAsOf } from "../payments/payment.operations.ts";
import { ageBuckets, aged } from "./ageing.rules.ts";

const roles = ["finance.accountant", "finance.manager"];
const buckets = z.object({ notDue: Money, upTo30: Money, upTo60: Money, upTo90: Money, over90: Money, total: Money });

const Account = z.object({
  partyId: ref("directory.party"),
  party: z.string(),
  asOf: Day,
  currency: CurrencyCode,
  opening: Money.describe("Before the first day shown."),
  rows: z.array(
    z.object({
      itemId: ref("finance.openItem"),
      entryId: ref("finance.journalEntry"),
      day: Day,
      dueDay: Day,
      reference: z.string(),
      text: z.string(),
      amount: Money.describe("Owed positive, paid or credited negative."),
      balance: Money,
      open: Money.describe("What of it was not settled on the day."),
      documentSubject: z.string().nullable(),
      documentId: Id.nullable(),
    }),
  ),
  closing: Money,
  ageing: buckets,
});

const accountInput = z.strictObject({
  partyId: ref("directory.party"),
  from: Day.optional().describe("By default from the beginning."),
  asOf: Day.optional().describe("By default today."),
  bookId: ref("finance.book").optional().describe("By default the main books."),
});

const accountRefusals = {
  booksMissing: postingRefusals.booksMissing,
  partyUnknown: postingRefusals.partyUnknown,
} as const;

export const getCustomerAccount = operation({
  name: "finance.customerAccount.get",
  title: "Customer account",
  does: "Shows the invoices, credit notes and payments of a customer with the running balance, what was open on the day and how old it is.",
  kind: "read",
  may: roles,
  input: accountInput,
  output: Account,
  refuses: accountRefusals,
  run: (input, context) => partyAccount(context, "receivable", input),
});

export const getSupplierAccount = operation({
  name: "finance.supplierAccount.get",
  title: "Supplier account",
  does: "Shows the bills and payments of a supplier with the running balance, what was open on the day and how old it is.",
  kind: "read",
  may: roles,
  input: accountInput,
  output: Account,
  refuses: accountRefusals,
  run: (input, context) => partyAccount(context, "payable", input),
});

interface ItemRow {
  itemId: KernelId;
  entryId: KernelId;
  partyId: KernelId;
  party: string;
  day: KernelDay;
  dueDay: KernelDay;
  reference: string;
  text: string;
  amount: bigint;
  open: bigint;
  documentSubject: string | null;
  documentId: KernelId | null;
}

const itemsOf = (context: ReadContext, bookId: KernelId, direction: Direction, asOf: KernelDay, partyId?: KernelId): Promise<ItemRow[]> => {
  const side = direction === "receivable" ? 1 : -1;
  return context.db.rows<ItemRow>(sql`
    select o.id as item_id, o.entry_id, o.party_id, y.name as party, o.day, o.due_day, o.reference, e.text,
      ${side}::bigint * o.amount as amount, ${side}::bigint * o.open_amount as open, o.document_subject, o.document_id
    from ${openItemsAsOf(context.tenantId, asOf, asOf >= context.today)} o
    join finance.journal_entry e on e.tenant_id = ${context.tenantId} and e.id = o.entry_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = o.party_id
    where o.book_id = ${bookId} and o.direction = ${direction} and ${partyId ? sql`o.party_id = ${partyId}` : sql`o.open_amount <> 0`}
    order by y.name, o.party_id, o.day, o.id`);
};

async function partyAccount(
  context: ReadContext,
  direction: Direction,
  input: { partyId: KernelId; from?: KernelDay; asOf?: KernelDay; bookId?: KernelId },
) {
  const book = await bookOf(context, input.bookId);
  const asOf = input.asOf ?? context.today;
  const party = await context.db.maybe<{ name: string }>(sql`
    select name from directory.party where tenant_id = ${context.tenantId} and id = ${input.partyId}`);
  if (!party) refuse("partyUnknown", {}, ["partyId"]);
  const items = await itemsOf(context, book.id, direction, asOf, input.partyId);
  const money = (minor: bigint): KernelMoney => new KernelMoney(minor, book.currency);
  const isBefore = (item: ItemRow): boolean => input.from !== undefined && item.day < input.from;
  const opening = items.filter(isBefore).reduce((sum, item) => sum + item.amount, 0n);
  let balance = opening;
  const rows = items
    .filter((item) => !isBefore(item))
    .map(({ partyId: _partyId, party: _party, ...item }) => {
      balance += item.amount;
      return { ...item, amount: money(item.amount), open: money(item.open), balance: money(balance) };
    });
  return {
    partyId: input.partyId,
    party: party.name,
    asOf,
    currency: money(0n).currency,
    opening: money(opening),
    rows,
    closing: money(balance),
    ageing: shownAges(items, asOf, money),
  };
}

function shownAges(items: readonly ItemRow[], asOf: KernelDay, money: (minor: bigint) => KernelMoney) {
  const sums = aged(items, asOf);
  return Object.fromEntries([...ageBuckets, "total" as const].map((bucket) => [bucket, money(sums[bucket])])) as Record<
    (typeof ageBuckets)[number] | "total",
    KernelMoney
  >;
}

export const getAgeing = operation({
  name: "finance.ageing.get",
  title: "Ageing",
  does: "Shows for each customer, or each supplier, what was open on a day by how long it had been due; any past day reads as it was.",
  kind: "read",
  may: roles,
  input: z.strictObject({
    direction: z.enum(["receivable", "payable"]).default("receivable"),
    asOf: Day.optional().describe("By default today."),
    bookId: ref("finance.book").optional().describe("By default the main books."),
  }),
  output: z.object({
    asOf: Day,
    currency: CurrencyCode,
    rows: z.array(buckets.extend({ partyId: ref("directory.party"), party: z.string() })),
    totals: buckets,
  }),
  refuses: { booksMissing: postingRefusals.booksMissing },
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    const asOf = input.asOf ?? context.today;
    const items = await itemsOf(context, book.id, input.direction, asOf);
    const money = (minor: bigint): KernelMoney => new KernelMoney(minor, book.currency);
    const parties = new Map<KernelId, ItemRow[]>();
    for (const item of items) parties.set(item.partyId, [...(parties.get(item.partyId) ?? []), item]);
    return {
      asOf,
      currency: money(0n).currency,
      rows: [...parties].map(([partyId, own]) => ({ partyId, party: own[0]!.party, ...shownAges(own, asOf, money) })),
      totals: shownAges(items, asOf, money),
    };
  },
});
