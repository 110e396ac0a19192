// What is taken off an item without being paid, as it is booked: discounts for paying early and what is written off. Each settles its item,
// and its tax goes with it: what was posted is taken back, what waits for the payment never falls due.
//
// | taken off                       | Dr                                                    | Cr                                       |
// |---------------------------------|-------------------------------------------------------|------------------------------------------|
// | discount on a customer's item   | discounts granted: net; output tax: tax               | receivable, of the customer              |
// | discount on a supplier's bill   | payable, of the supplier                              | discounts received: net; input tax: tax  |
// | a customer's debt written off   | bad debts; output tax, where it is taken back         | receivable, of the customer              |
// | a rest of a supplier's bill     | payable, of the supplier                              | rounding differences; input tax likewise |
// | a credit of a customer          | receivable, of the customer                           | rounding differences                     |
// | what a supplier owes us         | rounding differences                                  | payable, of the supplier                 |
// | of tax that waits               | (customer) tax not yet due, in place of output tax    | (supplier) in place of input tax         |
//
// Of what is owed in another currency it is what the books carry for it, so that no currency difference is left of it.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import type { JournalEntryDraft, JournalLineDraft } from "../ledger/entry.rules.ts";
import type { Direction } from "../ledger/open-item.ts";
import { carriedBy } from "../ledger/open-item.rules.ts";
import { requireReached } from "../ledger/allocation.ts";
import { postEntries, type PostedEntry } from "../ledger/posting.ts";
import type { AccountRole } from "../ledger/role.ts";
import { insertAllocations } from "../ledger/settlement.ts";
import { discountTaxes } from "../payment-run/discount.rules.ts";
import { droppedTax } from "../tax/cash-tax.rules.ts";
import { insertTaxLines, type TaxLineDraft } from "../tax/tax.ts";
import { discountParts } from "./discount.rules.ts";

export interface ReducedItem {
  readonly itemId: Id;
  readonly bookId: Id;
  readonly bookCurrency: string;
  readonly accountId: Id;
  readonly direction: Direction;
  readonly partyId: Id;
  readonly reference: string;
  readonly documentId: Id | null;
  readonly entryId: Id;
  readonly currency: string;
  /** As in the ledger: what a customer owes above zero, what a supplier is owed below; before anything of it is paid now. */
  readonly open: bigint;
  readonly carried: bigint;
}

export interface Reduction {
  /** The place of the payment among those given. */
  readonly place: number;
  readonly kind: "discount" | "writeOff";
  readonly item: ReducedItem;
  /** Above zero, in the currency of the item. */
  readonly amount: Money;
  /** What of the item is paid besides. */
  readonly paid: Money;
  readonly day: Day;
  /** Takes back the tax that was posted; what waits for the payment is dropped in any case. */
  readonly relievesTax: boolean;
  /** Why it is written off. */
  readonly reason?: string;
}

export const reducedColumns = sql`o.id as item_id, o.book_id, b.currency as book_currency, o.account_id, o.direction, o.party_id,
  o.reference, o.document_id, o.entry_id, o.currency, o.open_currency_amount as open, o.open_amount as carried`;

/** Taken for writing, in one order. */
export const lockReduced = (context: WriteContext, itemIds: readonly Id[]): Promise<ReducedItem[]> =>
  context.db.rows<ReducedItem>(sql`
    select ${reducedColumns} from finance.open_item o
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = o.book_id
    where o.tenant_id = ${context.tenantId} and o.id = any(${itemIds}::uuid[]) order by o.id for update of o`);

interface PostedTax {
  readonly documentEntryId: Id;
  readonly taxCodeId: Id;
  readonly side: "output" | "input";
  readonly percent: string;
  readonly base: bigint;
  readonly tax: bigint;
  readonly cost: bigint;
  readonly baseBox: string | null;
  readonly taxBox: string | null;
  readonly accountId: Id;
}

interface WaitingTax {
  readonly documentEntryId: Id;
  readonly side: "output" | "input";
  readonly percent: string;
  readonly base: bigint;
  readonly tax: bigint;
  readonly dropped: bigint;
  readonly accountId: Id;
}

interface Ground {
  readonly posted: readonly PostedTax[];
  readonly waiting: readonly WaitingTax[];
  /** What each document comes to, in its currency, by its entry. */
  readonly wholes: ReadonlyMap<Id, bigint>;
}

/** The tax of the documents as it was posted with them, and what of it waits. */
async function groundOf(context: WriteContext, reductions: readonly Reduction[]): Promise<Ground> {
  const { tenantId } = context;
  const entryIds = [...new Set(reductions.map(({ item }) => item.entryId))];
  const posted = await context.db.rows<PostedTax>(sql`
    select l.entry_id as document_entry_id, l.tax_code_id, l.side, trim_scale(l.percent)::text as percent, sum(l.base)::bigint as base,
      sum(l.tax)::bigint as tax, sum(l.cost)::bigint as cost, l.base_box, l.tax_box,
      case l.side when 'output' then c.output_account_id else c.input_account_id end as account_id
    from finance.tax_line l
    join finance.tax_code c on c.tenant_id = ${tenantId} and c.id = l.tax_code_id
    where l.tenant_id = ${tenantId} and l.document_id = any(${reductions.map(({ item }) => item.documentId)}::uuid[])
      and l.entry_id = any(${entryIds}::uuid[]) and l.pending_id is null
    group by l.entry_id, l.tax_code_id, l.side, l.percent, l.base_box, l.tax_box, c.output_account_id, c.input_account_id
    order by l.entry_id, l.percent desc, l.tax_code_id, l.side`);
  const waiting = await context.db.rows<WaitingTax>(sql`
    select w.entry_id as document_entry_id, w.side, trim_scale(w.percent)::text as percent, w.base, w.tax, w.dropped,
      c.pending_account_id as account_id
    from finance.tax_pending w
    join finance.tax_code c on c.tenant_id = ${tenantId} and c.id = w.tax_code_id
    where w.tenant_id = ${tenantId} and w.entry_id = any(${entryIds}::uuid[]) and not w.is_void order by w.id for update of w`);
  const wholes = await context.db.rows<{ entryId: Id; whole: bigint }>(sql`
    select entry_id, abs(sum(currency_amount))::bigint as whole from finance.open_item
    where tenant_id = ${tenantId} and entry_id = any(${entryIds}::uuid[]) group by entry_id`);
  return { posted, waiting, wholes: new Map(wholes.map((row) => [row.entryId, row.whole])) };
}

/** Tax that was posted, less what is taken off: its account, and the record that takes it back. */
interface TaxBack {
  readonly accountId: Id;
  readonly percent: string;
  /** As it is posted. */
  readonly amount: Money;
  readonly record?: Omit<TaxLineDraft["record"], "isPending">;
}

interface Planned extends Reduction {
  readonly id: Id;
  /** In the books' currency, above zero. */
  readonly booked: Money;
  readonly taxes: readonly TaxBack[];
  readonly dropsTax: boolean;
}

const signOf = (item: ReducedItem): bigint => (item.direction === "receivable" ? 1n : -1n);

/** Whether it stands in debit; what is in the favour of a customer, or ours with a supplier, stands on the other side than the rest. */
const isDebit = (item: ReducedItem): boolean => item.open > 0n;

/** What the books carry for it once the payment has taken its share. */
function bookedOf({ item, paid, amount }: Reduction): Money {
  const sign = isDebit(item) ? 1n : -1n;
  const before = { openAmount: sign * item.carried, openCurrencyAmount: sign * item.open };
  const left = before.openCurrencyAmount - paid.minor;
  const after = { openAmount: before.openAmount - (paid.minor === 0n ? 0n : carriedBy(before, paid.minor)), openCurrencyAmount: left };
  return new Money(carriedBy(after, amount.minor), item.bookCurrency);
}

function plannedOf(context: WriteContext, reductions: readonly Reduction[], ground: Ground): Planned[] {
  const dropped = new Map<Id, bigint>();
  return reductions.map((reduction) => {
    const { item, amount } = reduction;
    const booked = bookedOf(reduction);
    const own = ground.posted.filter((tax) => tax.documentEntryId === item.entryId);
    const waiting = ground.waiting.filter((tax) => tax.documentEntryId === item.entryId);
    const whole = ground.wholes.get(item.entryId)!;
    const before = dropped.get(item.entryId) ?? 0n;
    dropped.set(item.entryId, before + amount.minor);
    const back = reduction.relievesTax
      ? (item.direction === "receivable" ? outputBack : inputBack)(reduction, booked, own, waiting, whole)
      : [];
    const waits = waiting.map((tax): TaxBack => {
      const minor = droppedTax(tax.tax, tax.dropped + before + amount.minor, whole) - droppedTax(tax.tax, tax.dropped + before, whole);
      return { accountId: tax.accountId, percent: tax.percent, amount: new Money(signOf(item) * minor, item.bookCurrency) };
    });
    return { ...reduction, id: context.newId(), booked, taxes: [...back, ...waits], dropsTax: waiting.length > 0 };
  });
}

type Back = (
  reduction: Reduction,
  booked: Money,
  own: readonly PostedTax[],
  waiting: readonly WaitingTax[],
  whole: bigint,
) => (TaxBack & { readonly record: NonNullable<TaxBack["record"]> })[];

/** Of a customer's document: shared over its rates, so that net and tax of each come to the amount. */
const outputBack: Back = ({ item }, booked, own, waiting) => {
  const money = (minor: bigint): Money => new Money(minor, item.bookCurrency);
  const output = own.filter((tax) => tax.side === "output");
  const parts = discountParts(
    booked,
    [...output, ...waiting].map(({ base, tax }) => ({ base: money(base), tax: money(tax) })),
  );
  return output.map(({ documentEntryId: _, accountId, base: _base, tax: _tax, cost: _cost, ...record }, index) => {
    const { base, tax } = parts[index]!;
    return {
      accountId,
      percent: record.percent,
      amount: tax,
      record: { ...record, base: base.negated(), tax: tax.negated(), cost: money(0n) },
    };
  });
};

/** Of a supplier's: the share of everything that was kept, also where the buyer owes the tax. */
const inputBack: Back = ({ item, amount }, _booked, own, _waiting, whole) => {
  const money = (minor: bigint): Money => new Money(minor, item.bookCurrency);
  const kept = own.map((tax) => ({ ...tax, base: money(tax.base), tax: money(tax.tax), cost: money(tax.cost) }));
  return discountTaxes(amount, new Money(whole, item.currency), kept).map(({ documentEntryId: _, accountId, ...record }) => ({
    accountId,
    percent: record.percent,
    amount: record.side === "input" ? record.tax : record.tax.negated(),
    record,
  }));
};

/** Books what is taken off and settles the items with it; a handful of statements for each set of books. */
export async function takeReductions(
  context: WriteContext,
  reductions: readonly Reduction[],
  paymentItemOf?: (place: number) => Id,
): Promise<PostedEntry[]> {
  if (reductions.length === 0) return [];
  // A discount goes with its payment, whose day is let in with it; a write-off is by hand.
  for (const { kind, day } of reductions) if (kind === "writeOff") requireReached(context, day);
  const planned = plannedOf(context, reductions, await groundOf(context, reductions));
  const entries: PostedEntry[] = [];
  for (const bookId of new Set(planned.map((one) => one.item.bookId))) {
    const own = planned.filter((one) => one.item.bookId === bookId);
    const posted = await postEntries(context, own.map(entryOf), bookId);
    entries.push(...posted);
    const taken = own.map((one, index) => ({ ...one, entry: posted[index]! }));
    for (const day of new Set(taken.map((one) => one.day))) {
      await insertAllocations(
        context,
        taken.filter((one) => one.day === day).map((one) => allocationOf(context, one)),
        day,
      );
    }
    await keepTaken(context, taken, paymentItemOf);
  }
  return entries;
}

type Taken = Planned & { readonly entry: PostedEntry };

function allocationOf(context: WriteContext, { item, entry, amount, booked }: Taken) {
  const [own] = entry.lineIds;
  const sides = isDebit(item) ? { debitId: item.itemId, creditId: own! } : { debitId: own!, creditId: item.itemId };
  return { id: context.newId(), ...sides, minor: booked.minor, currencyMinor: amount.minor };
}

function roleOf(kind: Reduction["kind"], item: ReducedItem): AccountRole {
  if (kind === "discount") return item.direction === "receivable" ? "discountGranted" : "discountReceived";
  return item.direction === "receivable" && isDebit(item) ? "badDebt" : "roundingDifference";
}

function entryOf({ id, kind, item, amount, booked, day, taxes, reason }: Planned): JournalEntryDraft {
  const control = isDebit(item) ? booked.negated() : booked;
  const foreign = item.currency === item.bookCurrency ? undefined : isDebit(item) ? amount.negated() : amount;
  const taxLines = taxes
    .map((tax): JournalLineDraft => ({ account: { id: tax.accountId }, amount: tax.amount, text: `Tax ${tax.percent} %` }))
    .filter((line) => line.amount.minor !== 0n);
  const net = taxLines.reduce((left, line) => left.minus(line.amount), control.negated());
  const text = kind === "writeOff" ? `Write-off of ${item.reference}: ${reason}` : `Discount for early payment of ${item.reference}`;
  return {
    journal: kind === "writeOff" ? "GEN" : "BNK",
    day,
    text: text.slice(0, 300),
    reference: item.reference,
    document: { subject: `finance.${kind}`, id },
    lines: [
      { account: { id: item.accountId }, amount: control, foreign, partyId: item.partyId },
      ...(net.minor === 0n ? [] : [{ account: { role: roleOf(kind, item) }, amount: net, partyId: item.partyId }]),
      ...taxLines,
    ],
  };
}

async function keepTaken(context: WriteContext, taken: readonly Taken[], paymentItemOf?: (place: number) => Id): Promise<void> {
  const ownItem = (one: Taken): Id => one.entry.lineIds[0]!;
  await context.db.run(sql`
    insert into finance.discount_taken (tenant_id, id, item_id, payment_item_id, entry_id, discount_item_id, amount, kind, drops_tax,
      reason)
    select ${context.tenantId}, t.*
    from unnest(${taken.map((one) => one.id)}::uuid[], ${taken.map((one) => one.item.itemId)}::uuid[],
      ${taken.map((one) => paymentItemOf?.(one.place) ?? ownItem(one))}::uuid[], ${taken.map((one) => one.entry.id)}::uuid[],
      ${taken.map(ownItem)}::uuid[], ${taken.map((one) => one.amount.minor)}::bigint[], ${taken.map((one) => one.kind)}::text[],
      ${taken.map((one) => one.dropsTax)}::boolean[], ${taken.map((one) => one.reason ?? null)}::text[]) as t`);
  const drops = taken.filter((one) => one.dropsTax);
  if (drops.length > 0) {
    await context.db.run(sql`
      update finance.tax_pending w set dropped = w.dropped + d.amount
      from (select entry_id, sum(amount)::bigint as amount
        from unnest(${drops.map((one) => one.item.entryId)}::uuid[], ${drops.map((one) => one.amount.minor)}::bigint[])
          as x (entry_id, amount)
        group by entry_id) d
      where w.tenant_id = ${context.tenantId} and w.entry_id = d.entry_id and not w.is_void`);
  }
  await insertTaxLines(
    context,
    taken.flatMap(({ id, kind, entry, day, item, taxes }) =>
      taxes.flatMap(({ record }): TaxLineDraft[] =>
        record
          ? [
              {
                entryId: entry.id,
                day,
                document: { subject: `finance.${kind}`, id },
                partyId: item.partyId,
                record: { ...record, isPending: false },
              },
            ]
          : [],
      ),
    ),
  );
}
