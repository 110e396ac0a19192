// Bills from suppliers: entered once, approved by someone else, then posted with their entry in one transaction. A credit note of a
// supplier is a bill turned round: its entry is the mirror of a bill's.
// What is fit to be kept: bill.rules.ts. How they are booked: bill-entry.rules.ts.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { servicePeriodUnfit } from "../ledger/deferral.rules.ts";
import { type JournalLineDraft, mirrored, postingRefusals } from "../ledger/entry.rules.ts";
import { inBooks } from "../currency/convert.rules.ts";
import { rateRefusals } from "../currency/rate.ts";
import { drawNumbers } from "../ledger/number.ts";
import { postEntry } from "../ledger/posting.ts";
import { creditedDeferrals, keepCredited, keepSpread } from "../ledger/spread.ts";
import type { AlikeBill, BillInput, BillKind, ReadyBill } from "./bill.rules.ts";
import { readyBill } from "./bill-ground.ts";
import { guardRefusals } from "./bill-guard.ts";
import { billEntry, type KeptLine, paperKinds } from "./bill-entry.rules.ts";
import { payeeAccountUnfit } from "./supplier-bank-account.operations.ts";
import { type DocumentTotals, documentTotals } from "../tax/document.rules.ts";
import { takenBack, taxRecords } from "../tax/tax-posting.rules.ts";
import { partsIn } from "../tax/tax-code.rules.ts";
import { insertTaxLines, taxesChosen, taxRefusals } from "../tax/tax.ts";

export const billRefusals = {
  booksMissing: postingRefusals.booksMissing,
  notSupplier: "This party is not a supplier on {day}. Give it the role first: heartwood directory party add-role",
  ...guardRefusals,
  dueBeforeDay: "A bill falls due on its day or later.",
  billCurrenciesMixed: "A bill is in one currency, and this one is in {currency}. Enter all its lines and its total in {currency}.",
  ...rateRefusals,
  accountUnfit: "Account {account} cannot be billed to. Choose an account that takes postings and is no control account.",
  ...taxRefusals,
  servicePeriodUnfit,
  totalNotPositive: "The total has to be above zero.",
  discountUnfit: "A discount has a day, on the bill's day or later, and a percentage above 0 and below 100.",
  payeeAccountUnfit,
  totalDiffers: "The lines and their tax add up to {computed}, the supplier asks for {stated}. Correct the lines, or the total.",
} as const;

export interface EnteredBill {
  readonly id: Id;
  readonly totals: DocumentTotals;
  readonly total: Money;
  /** Another bill of the same amount near by. */
  readonly alike: AlikeBill | undefined;
}

/** Writes one bill or credit note. Refuses what `billRefusals` says. */
export async function insertBill(context: WriteContext, input: BillInput): Promise<EnteredBill> {
  const ready = await readyBill(context, { id: context.newId(), input });
  await insertBills(context, [ready]);
  return ready;
}

/** Writes what was found fit, in two statements whatever their number. */
export async function insertBills(context: WriteContext, bills: readonly ReadyBill[]): Promise<void> {
  const { tenantId } = context;
  const column = <Value>(value: (bill: ReadyBill) => Value): Value[] => bills.map(value);
  const said = <Value>(value: (input: BillInput) => Value | undefined): (Value | null)[] => bills.map(({ input }) => value(input) ?? null);
  await context.db.run(sql`
    insert into finance.bill (tenant_id, id, book_id, state, supplier_id, supplier_number, supplier_number_key, day, due_day, text,
      net, tax, rounding, total, person_id, by_name, at, file_id, file_hash, payment_reference, discount_day, discount_percent,
      supplier_bank_account_id, like_id, currency, rate, book_total, kind, corrects_id, prices_include_tax)
    select ${tenantId}, l.id, l.book_id, 'draft', l.supplier_id, l.supplier_number, l.supplier_number_key, l.day, l.due_day, l.text,
      l.net, l.tax, l.rounding, l.total, ${context.actor.personId}, ${context.actor.name}, ${context.now}, l.file_id, l.file_hash,
      l.payment_reference, l.discount_day, l.discount_percent, l.supplier_bank_account_id, l.like_id, l.currency, l.rate, l.book_total,
      l.kind, l.corrects_id, l.prices_include_tax
    from unnest(${column((one) => one.id)}::uuid[], ${column((one) => one.book.id)}::uuid[],
      ${said((one) => one.supplierId)}::uuid[], ${said((one) => one.supplierNumber)}::text[], ${column((one) => one.key)}::text[],
      ${said((one) => one.day)}::date[], ${said((one) => one.dueDay)}::date[], ${said((one) => one.text)}::text[],
      ${column((one) => one.totals.net.minor)}::bigint[], ${column((one) => one.totals.tax.minor)}::bigint[],
      ${column(roundingOf)}::bigint[], ${column((one) => one.total.minor)}::bigint[], ${said((one) => one.fileId)}::uuid[],
      ${column((one) => one.hash)}::text[], ${said((one) => one.paymentReference)}::text[], ${said((one) => one.discountDay)}::date[],
      ${said((one) => one.discountPercent)}::numeric[], ${said((one) => one.supplierBankAccountId)}::uuid[],
      ${column((one) => one.alike?.id ?? null)}::uuid[], ${column((one) => foreignColumns(one).currency)}::text[],
      ${column((one) => foreignColumns(one).rate)}::numeric[], ${column((one) => foreignColumns(one).bookTotal)}::bigint[],
      ${said((one) => one.kind)}::text[], ${said((one) => one.corrects?.id)}::uuid[],
      ${column((one) => one.input.pricesIncludeTax ?? false)}::boolean[])
      as l (id, book_id, supplier_id, supplier_number, supplier_number_key, day, due_day, text, net, tax, rounding, total, file_id,
        file_hash, payment_reference, discount_day, discount_percent, supplier_bank_account_id, like_id, currency, rate, book_total, kind,
        corrects_id, prices_include_tax)`);
  await insertLines(context, bills);
}

/** Writes a bill that is not posted anew, with all its lines. */
export async function rewriteBill(context: WriteContext, id: Id, input: BillInput): Promise<EnteredBill> {
  const { tenantId } = context;
  const ready = await readyBill(context, { id, input });
  const { totals, total, alike } = ready;
  const foreign = foreignColumns(ready);
  await context.db.run(sql`
    update finance.bill set currency = ${foreign.currency}, rate = ${foreign.rate}, book_total = ${foreign.bookTotal},
      supplier_id = ${input.supplierId}, supplier_number = ${input.supplierNumber}, supplier_number_key = ${ready.key},
      day = ${input.day}, due_day = ${input.dueDay}, text = ${input.text ?? null}, net = ${totals.net.minor}, tax = ${totals.tax.minor},
      rounding = ${roundingOf(ready)}, total = ${total.minor}, prices_include_tax = ${input.pricesIncludeTax ?? false},
      file_id = ${input.fileId ?? null}, file_hash = ${ready.hash},
      payment_reference = ${input.paymentReference ?? null}, discount_day = ${input.discountDay ?? null},
      discount_percent = ${input.discountPercent ?? null}, supplier_bank_account_id = ${input.supplierBankAccountId ?? null},
      corrects_id = ${input.corrects?.id ?? null},
      like_note = case when like_id = ${alike?.id ?? null} then like_note end,
      like_by_name = case when like_id = ${alike?.id ?? null} then like_by_name end, like_id = ${alike?.id ?? null}
    where tenant_id = ${tenantId} and id = ${id}`);
  // Lines that stay keep their identity. They step out of the way first, because places are unique at every moment.
  await context.db.run(sql`
    delete from finance.bill_line where tenant_id = ${tenantId} and bill_id = ${id}
      and not (id = any(${ready.lines.flatMap((line) => line.id ?? [])}::uuid[]))`);
  await context.db.run(sql`update finance.bill_line set position = -position where tenant_id = ${tenantId} and bill_id = ${id}`);
  await insertLines(context, [ready]);
  return ready;
}

/** What is asked for beyond net and tax: the supplier's cents, and what prices with the tax in them add (BT-114). */
const roundingOf = ({ totals, total }: ReadyBill): bigint => total.minus(totals.net).minus(totals.tax).minor;

/** Null where the bill is in the books' currency. */
const foreignColumns = ({ exchange, total }: ReadyBill) => ({
  currency: exchange ? total.currency : null,
  rate: exchange?.rate ?? null,
  bookTotal: exchange ? inBooks(total, exchange).minor : null,
});

async function insertLines(context: WriteContext, bills: readonly Pick<ReadyBill, "id" | "lines">[]): Promise<void> {
  const lines = bills.flatMap((bill) => bill.lines.map((line, index) => ({ ...line, billId: bill.id, position: index + 1 })));
  await context.db.run(sql`
    insert into finance.bill_line as kept (tenant_id, id, bill_id, position, description, net, gross, account_id, tax_code_id, unit_id,
      quantity, corrects_line_id, service_from, service_until)
    select ${context.tenantId}, l.id, l.bill_id, l.position, l.description, l.net, l.gross, l.account_id, l.tax_code_id, l.unit_id,
      l.quantity, l.corrects_line_id, l.service_from, l.service_until
    from unnest(${lines.map((line) => line.id ?? context.newId())}::uuid[], ${lines.map((line) => line.billId)}::uuid[],
      ${lines.map((line) => line.position)}::int[],
      ${lines.map((line) => line.description)}::text[], ${lines.map((line) => line.net.minor)}::bigint[],
      ${lines.map((line) => line.gross?.minor ?? null)}::bigint[], ${lines.map((line) => line.accountId)}::uuid[],
      ${lines.map((line) => line.taxCodeId)}::uuid[], ${lines.map((line) => line.unitId ?? null)}::uuid[],
      ${lines.map((line) => line.quantity ?? null)}::numeric[], ${lines.map((line) => line.correctsLineId ?? null)}::uuid[],
      ${lines.map((line) => line.serviceFrom ?? null)}::date[], ${lines.map((line) => line.serviceUntil ?? null)}::date[])
      as l (id, bill_id, position, description, net, gross, account_id, tax_code_id, unit_id, quantity, corrects_line_id, service_from,
        service_until)
    on conflict (tenant_id, id) do update set position = excluded.position, description = excluded.description, net = excluded.net,
      gross = excluded.gross,
      account_id = excluded.account_id, tax_code_id = excluded.tax_code_id, unit_id = excluded.unit_id, quantity = excluded.quantity,
      service_from = excluded.service_from, service_until = excluded.service_until
      where kept.bill_id = excluded.bill_id`);
}

export interface LockedBill {
  readonly id: Id;
  readonly kind: BillKind;
  readonly correctsId: Id | null;
  readonly bookId: Id;
  /** Its own, and how it comes into the books when that is another than theirs. */
  readonly currency: string;
  readonly bookCurrency: string;
  readonly rate: string | null;
  readonly state: "draft" | "approved" | "posted" | "declined" | "reversed";
  readonly number: string | null;
  readonly supplierId: Id;
  readonly supplier: string;
  readonly supplierNumber: string;
  readonly day: Day;
  /** Whose tax it has: a credit note that of the bill it takes back. */
  readonly taxDay: Day;
  readonly dueDay: Day;
  readonly pricesIncludeTax: boolean;
  readonly rounding: bigint;
  readonly total: bigint;
  readonly entryId: Id | null;
  readonly itemId: Id | null;
  readonly personId: Id | null;
  readonly approvedById: Id | null;
  readonly aloneReason: string | null;
  readonly holdReason: string | null;
  readonly holdUntil: Day | null;
  readonly likeId: Id | null;
}

/** A bill, unless a credit note is meant. Refuses `notFound`. */
export async function lockBill(context: WriteContext, id: Id, kind: BillKind = "bill"): Promise<LockedBill> {
  const bill = await context.db.maybe<LockedBill>(sql`
    select l.id, l.kind, l.corrects_id, l.book_id, coalesce(l.currency, b.currency) as currency, b.currency as book_currency,
      trim_scale(l.rate)::text as rate,
      l.state, l.number, l.supplier_id, y.name as supplier, l.supplier_number, l.day,
      coalesce((select c.day from finance.bill c where c.tenant_id = ${context.tenantId} and c.id = l.corrects_id), l.day) as tax_day,
      l.due_day, l.prices_include_tax, l.rounding,
      l.total, l.entry_id, l.item_id, l.person_id, l.approved_by_id, l.alone_reason, l.hold_reason, l.hold_until,
      l.like_id
    from finance.bill l
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = l.book_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = l.supplier_id
    where l.tenant_id = ${context.tenantId} and l.id = ${id} and l.kind = ${kind} for update of l`);
  return bill ?? refuse("notFound");
}

interface LineRow extends KeptLine {
  readonly taxCodeId: Id;
  readonly quantity: string | null;
}

export interface PostedBill {
  readonly number: string;
  readonly entryId: Id;
  readonly entryNumber: string;
  readonly itemId: Id;
}

/** Books an approved bill or credit note. The caller has locked it and looked at its state. */
export async function postBill(context: WriteContext, bill: LockedBill): Promise<PostedBill> {
  const { tenantId } = context;
  const lines = await context.db.rows<LineRow>(sql`
    select l.id, l.position, l.description, l.net, l.account_id, a.type as account_type, l.unit_id, l.tax_code_id,
      trim_scale(l.quantity)::text as quantity, l.service_from, l.service_until
    from finance.bill_line l join finance.account a on a.tenant_id = ${tenantId} and a.id = l.account_id
    where l.tenant_id = ${tenantId} and l.bill_id = ${bill.id} order by l.position`);
  const taxes = await taxesChosen(context, bill.bookId);
  const exchange = bill.rate === null ? undefined : { bookCurrency: bill.bookCurrency, rate: bill.rate };
  const totals = documentTotals(
    lines.map(({ net, quantity, taxCodeId }) => ({
      net: new Money(net, bill.currency),
      quantity: quantity ?? undefined,
      taxCodeId,
      parts: partsIn(taxes.of(taxCodeId, bill.taxDay).parts, exchange),
    })),
    bill.currency,
  );
  const [number] = await drawNumbers(context, bill.bookId, paperKinds[bill.kind].series, [bill.day]);
  const isCredit = bill.kind === "creditNote";
  const deferrals = await creditedDeferrals(context, bill.correctsId === null ? [] : [bill.correctsId], true);
  const { draft, spread } = billEntry(bill, lines, totals, exchange, deferrals);
  const entry = await postEntry(context, draft, bill.bookId);
  await insertTaxLines(
    context,
    taxRecords("input", totals.taxes).map((record) => ({
      entryId: entry.id,
      day: bill.day,
      document: draft.document!,
      partyId: bill.supplierId,
      exchange,
      record: isCredit ? takenBack(record) : record,
    })),
  );
  if (exchange) await keepBookNets(context, lines, isCredit ? mirrored(draft.lines) : draft.lines);
  const held = { id: bill.id, day: bill.day, partyId: bill.supplierId, lines: spread, draft, entry };
  if (isCredit && bill.correctsId) {
    const reason = `Credit note ${bill.supplierNumber} of ${bill.supplier}`;
    await keepCredited(context, bill.bookId, held, { deferrals, reason, isSuppliers: true });
  } else await keepSpread(context, bill.bookId, [held]);
  await context.db.run(sql`
    update finance.bill set state = 'posted', number = ${number!}, entry_id = ${entry.id}, item_id = ${entry.lineIds[0]!}
    where tenant_id = ${tenantId} and id = ${bill.id}`);
  return { number: number!, entryId: entry.id, entryNumber: entry.number, itemId: entry.lineIds[0]! };
}

/** What each line cost in the books, as it was posted; the lines of the entry follow what is owed. */
async function keepBookNets(context: WriteContext, lines: readonly LineRow[], posted: readonly JournalLineDraft[]): Promise<void> {
  const costs = lines.filter((line) => line.net !== 0n);
  await context.db.run(sql`
    update finance.bill_line l set book_net = n.net
    from unnest(${costs.map((line) => line.id)}::uuid[], ${costs.map((_, index) => posted[index + 1]!.amount.minor)}::bigint[]) as n (id,
      net)
    where l.tenant_id = ${context.tenantId} and l.id = n.id`);
}
