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
import { bookField } from "../reports/field.ts";
import { AsKnownAt, knownUntil } from "../reports/known.ts";
import { agesOf, itemsKnown } from "../reports/open-item.store.ts";
import { type AgeBucket, ageBuckets, aged } from "./ageing.rules.ts";

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
      foreign: Money.nullable().describe("As the document says it, when that is in another currency."),
      foreignOpen: Money.nullable().describe("What of that was not settled on the day."),
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
  asKnownAt: AsKnownAt,
  bookId: bookField,
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
  day: KernelDay;
  dueDay: KernelDay;
  reference: string;
  text: string;
  amount: bigint;
  open: bigint;
  currency: string;
  currencyAmount: bigint;
  openCurrencyAmount: bigint;
  documentSubject: string | null;
  documentId: KernelId | null;
}

interface AccountQuestion {
  readonly partyId: KernelId;
  readonly from?: KernelDay;
  readonly asOf?: KernelDay;
  readonly asKnownAt?: string;
  readonly bookId?: KernelId;
}

async function partyAccount(context: ReadContext, direction: Direction, input: AccountQuestion) {
  const { tenantId } = context;
  const { partyId } = input;
  const book = await bookOf(context, input.bookId);
  const asOf = input.asOf ?? context.today;
  const party = await context.db.maybe<{ name: string }>(sql`
    select name from directory.party where tenant_id = ${tenantId} and id = ${partyId}`);
  if (!party) refuse("partyUnknown", {}, ["partyId"]);
  const knownAt = await knownUntil(context, input.asKnownAt);
  const side = direction === "receivable" ? sql`` : sql`-`;
  const items = await context.db.rows<ItemRow>(sql`
    select o.id as item_id, o.entry_id, o.day, o.due_day, o.reference, e.text, ${side}o.amount as amount, ${side}o.open_amount as open,
      o.currency, ${side}o.currency_amount as currency_amount, ${side}o.open_currency_amount as open_currency_amount,
      o.document_subject, o.document_id
    from (${itemsKnown(context, { bookId: book.id, direction, asOf, knownAt, partyIds: [partyId] })}) o
    join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = o.entry_id
    order by o.day, o.id`);
  const money = (minor: bigint, currency: string = book.currency): KernelMoney => new KernelMoney(minor, currency);
  const isBefore = (item: ItemRow): boolean => input.from !== undefined && item.day < input.from;
  const opening = items.filter(isBefore).reduce((sum, item) => sum + item.amount, 0n);
  let balance = opening;
  const rows = items
    .filter((item) => !isBefore(item))
    .map(({ currency, currencyAmount, openCurrencyAmount, ...item }) => {
      balance += item.amount;
      const isForeign = currency !== book.currency;
      return {
        ...item,
        amount: money(item.amount),
        open: money(item.open),
        foreign: isForeign ? money(currencyAmount, currency) : null,
        foreignOpen: isForeign ? money(openCurrencyAmount, currency) : null,
        balance: money(balance),
      };
    });
  return {
    partyId,
    party: party.name,
    asOf,
    currency: money(0n).currency,
    opening: money(opening),
    rows,
    closing: money(balance),
    ageing: shownAges(aged(items, asOf), money),
  };
}

type Ages = Readonly<Record<AgeBucket | "total", bigint>>;

const shownAges = (ages: Ages, money: (minor: bigint) => KernelMoney) =>
  Object.fromEntries([...ageBuckets, "total" as const].map((bucket) => [bucket, money(ages[bucket])])) as Record<
    AgeBucket | "total",
    KernelMoney
  >;

export const getAgeing = operation({
  name: "finance.ageing.get",
  title: "Ageing",
  does: "Shows for each customer, or each supplier, what was open on a day by how long it had been due; any past day reads as it was.",
  kind: "read",
  may: roles,
  input: z.strictObject({
    direction: z.enum(["receivable", "payable"]).default("receivable"),
    asOf: Day.optional().describe("By default today."),
    asKnownAt: AsKnownAt,
    bookId: bookField,
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
    const knownAt = await knownUntil(context, input.asKnownAt);
    const ages = await agesOf(context, { bookId: book.id, direction: input.direction, asOf, knownAt });
    const money = (minor: bigint): KernelMoney => new KernelMoney(minor, book.currency);
    const sum = (bucket: AgeBucket | "total"): bigint => ages.reduce((total, row) => total + row[bucket], 0n);
    const totals = Object.fromEntries([...ageBuckets, "total" as const].map((bucket) => [bucket, sum(bucket)])) as unknown as Ages;
    return {
      asOf,
      currency: money(0n).currency,
      rows: ages
        .filter((row) => row.total !== 0n || ageBuckets.some((bucket) => row[bucket] !== 0n))
        .map((row) => ({ partyId: row.partyId, party: row.party, ...shownAges(row, money) })),
      totals: shownAges(totals, money),
    };
  },
});
