// Bills from suppliers: entered once, approved by someone else, then posted with their entry in one transaction.
//
// | posting  | Dr                                                        | Cr                                      |
// |----------|-----------------------------------------------------------|-----------------------------------------|
// | bill     | expense or asset of each line: net; input tax: tax        | payable, of the supplier: total         |
// | rounding | rounding differences, when the supplier's cents are more  | rounding differences, when they are less|
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { type Book, bookOf } from "../ledger/book.ts";
import { type JournalEntryDraft, type JournalLineDraft, postingRefusals } from "../ledger/entry.rules.ts";
import { drawNumbers } from "../ledger/number.ts";
import { postEntry } from "../ledger/posting.ts";
import { requireRole } from "../receivables/invoice.ts";
import { type DocumentTotals, documentTotals, supplierNumberKey } from "../tax/document.rules.ts";
import { insertTaxLines, taxRatesOn, taxRefusals } from "../tax/tax.ts";

export interface BillLineInput {
  readonly description: string;
  readonly net: Money;
  /** By default the account that does the job `expense`. */
  readonly accountId?: Id;
  readonly taxCode: string;
  readonly unitId?: Id;
}

export interface BillInput {
  readonly bookId?: Id;
  readonly supplierId: Id;
  readonly supplierNumber: string;
  readonly day: Day;
  readonly dueDay: Day;
  readonly text?: string;
  /** What the supplier's paper says. */
  readonly total?: Money;
  readonly lines: readonly BillLineInput[];
}

export const billRefusals = {
  booksMissing: postingRefusals.booksMissing,
  notSupplier: "This party is not a supplier on {day}. Give it the role first: heartwood directory party add-role",
  numberUnreadable: "The supplier's number needs a letter or a digit.",
  enteredBefore: "Bill {supplierNumber} of this supplier was entered before, dated {day}. Look at that one: heartwood finance bill list",
  dueBeforeDay: "A bill falls due on its day or later.",
  currencyDiffers: postingRefusals.currencyDiffers,
  accountUnfit: "Account {account} cannot be billed to. Choose an account that takes postings and is no control account.",
  ...taxRefusals,
  totalNotPositive: "The total has to be above zero.",
  totalDiffers: "The lines and their tax add up to {computed}, the supplier asks for {stated}. Correct the lines, or the total.",
} as const;

/** Cents by which a supplier may round otherwise; more is a mistake. */
const roundingMax = 5n;

export async function insertBill(context: WriteContext, input: BillInput): Promise<{ id: Id; totals: DocumentTotals; total: Money }> {
  const book = await bookOf(context, input.bookId);
  const { tenantId } = context;
  await requireRole(context, input.supplierId, "supplier", input.day);
  const key = supplierNumberKey(input.supplierNumber);
  if (key === "") refuse("numberUnreadable", {}, ["supplierNumber"]);
  const earlier = await context.db.maybe<{ supplierNumber: string; day: Day }>(sql`
    select supplier_number, day from finance.bill where tenant_id = ${tenantId} and supplier_id = ${input.supplierId}
      and supplier_number_key = ${key} and state not in ('declined', 'reversed')`);
  if (earlier) refuse("enteredBefore", { ...earlier }, ["supplierNumber"]);
  if (input.dueDay < input.day) refuse("dueBeforeDay", {}, ["dueDay"]);
  const rates = await taxRatesOn(
    context,
    book.id,
    input.lines.map((line) => line.taxCode),
    input.day,
  );
  const accounts = await costAccounts(context, book, input.lines);
  const lines = input.lines.map((line, index) => {
    if (line.net.currency !== book.currency) refuse("currencyDiffers", { currency: book.currency }, ["lines", index, "net"]);
    const rate = rates.get(line.taxCode)!;
    return { ...line, taxCodeId: rate.taxCodeId, percent: rate.percent, accountId: accounts[index]! };
  });
  const totals = documentTotals(lines, book.currency);
  const total = statedTotal(totals, input.total);
  const id = context.newId();
  await context.db.run(sql`
    insert into finance.bill (tenant_id, id, book_id, state, supplier_id, supplier_number, supplier_number_key, day, due_day, text,
      net, tax, rounding, total, person_id, by_name, at)
    values (${tenantId}, ${id}, ${book.id}, 'draft', ${input.supplierId}, ${input.supplierNumber}, ${key}, ${input.day}, ${input.dueDay},
      ${input.text ?? null}, ${totals.net.minor}, ${totals.tax.minor}, ${total.minus(totals.total).minor}, ${total.minor},
      ${context.actor.personId}, ${context.actor.name}, ${context.now})`);
  await context.db.run(sql`
    insert into finance.bill_line (tenant_id, id, bill_id, position, description, net, account_id, tax_code_id, unit_id)
    select ${tenantId}, l.id, ${id}, l.position, l.description, l.net, l.account_id, l.tax_code_id, l.unit_id
    from unnest(${lines.map(() => context.newId())}::uuid[], ${lines.map((_, index) => index + 1)}::int[],
      ${lines.map((line) => line.description)}::text[], ${lines.map((line) => line.net.minor)}::bigint[],
      ${lines.map((line) => line.accountId)}::uuid[], ${lines.map((line) => line.taxCodeId)}::uuid[],
      ${lines.map((line) => line.unitId ?? null)}::uuid[]) as l (id, position, description, net, account_id, tax_code_id, unit_id)`);
  return { id, totals, total };
}

/** The supplier's own total, when it is ours or off by a few cents. */
function statedTotal(totals: DocumentTotals, stated: Money | undefined): Money {
  if (stated && stated.currency !== totals.total.currency) refuse("currencyDiffers", { currency: totals.total.currency }, ["total"]);
  const total = stated ?? totals.total;
  if (total.minor <= 0n) refuse("totalNotPositive", {}, ["lines"]);
  if (total.minus(totals.total).abs().minor > roundingMax) {
    refuse("totalDiffers", { computed: totals.total.toString(), stated: total.toString() }, ["total"]);
  }
  return total;
}

async function costAccounts(context: ReadContext, book: Book, lines: readonly BillLineInput[]): Promise<Id[]> {
  const given = lines.flatMap((line) => line.accountId ?? []);
  const rows = await context.db.rows<{ id: Id; isExpense: boolean; isFit: boolean; code: string }>(sql`
    select a.id, a.code, r.role is not null as is_expense, (not a.is_group and a.control is null) as is_fit
    from finance.account a
    left join finance.account_role r
      on r.tenant_id = ${context.tenantId} and r.book_id = ${book.id} and r.account_id = a.id and r.role = 'expense'
    where a.tenant_id = ${context.tenantId} and a.book_id = ${book.id} and (a.id = any(${given}::uuid[]) or r.role is not null)`);
  const known = new Map(rows.map((row) => [row.id, row]));
  const usual = rows.find((row) => row.isExpense)?.id;
  return lines.map((line, index) => {
    const account = known.get(line.accountId ?? usual!);
    if (!account?.isFit) refuse("accountUnfit", { account: account?.code ?? "for expenses" }, ["lines", index, "accountId"]);
    return account.id;
  });
}

export interface LockedBill {
  readonly id: Id;
  readonly bookId: Id;
  readonly currency: string;
  readonly state: "draft" | "approved" | "posted" | "declined" | "reversed";
  readonly number: string | null;
  readonly supplierId: Id;
  readonly supplier: string;
  readonly supplierNumber: string;
  readonly day: Day;
  readonly dueDay: Day;
  readonly rounding: bigint;
  readonly total: bigint;
  readonly entryId: Id | null;
  readonly itemId: Id | null;
  readonly personId: Id | null;
}

/** Refuses `notFound`. */
export async function lockBill(context: WriteContext, id: Id): Promise<LockedBill> {
  const bill = await context.db.maybe<LockedBill>(sql`
    select l.id, l.book_id, b.currency, l.state, l.number, l.supplier_id, y.name as supplier, l.supplier_number, l.day, l.due_day,
      l.rounding, l.total, l.entry_id, l.item_id, l.person_id
    from finance.bill l
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = l.book_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = l.supplier_id
    where l.tenant_id = ${context.tenantId} and l.id = ${id} for update of l`);
  return bill ?? refuse("notFound");
}

interface LineRow {
  description: string;
  net: bigint;
  accountId: Id;
  unitId: Id | null;
  taxCodeId: Id;
  percent: string;
  inputAccountId: Id;
}

/** Books an approved bill. The caller has locked it and looked at its state. */
export async function postBill(context: WriteContext, bill: LockedBill): Promise<{ number: string; entryId: Id; entryNumber: string }> {
  const { tenantId } = context;
  const lines = await context.db.rows<LineRow>(sql`
    select l.description, l.net, l.account_id, l.unit_id, l.tax_code_id, trim_scale(r.percent)::text as percent, c.input_account_id
    from finance.bill_line l
    join finance.tax_code c on c.tenant_id = ${tenantId} and c.id = l.tax_code_id
    join finance.tax_rate r on r.tenant_id = ${tenantId} and r.tax_code_id = l.tax_code_id and r.during @> ${bill.day}::date
    where l.tenant_id = ${tenantId} and l.bill_id = ${bill.id} order by l.position`);
  const totals = documentTotals(
    lines.map((line) => ({ ...line, net: new Money(line.net, bill.currency) })),
    bill.currency,
  );
  const [number] = await drawNumbers(context, bill.bookId, "BIL", [bill.day]);
  const entry = await postEntry(context, billEntry(bill, lines, totals), bill.bookId);
  const document = { subject: "finance.bill", id: bill.id };
  await insertTaxLines(
    context,
    totals.taxes.map((amount) => ({ entryId: entry.id, side: "input", day: bill.day, document, amount })),
  );
  await context.db.run(sql`
    update finance.bill set state = 'posted', number = ${number!}, entry_id = ${entry.id}, item_id = ${entry.lineIds[0]!}
    where tenant_id = ${tenantId} and id = ${bill.id}`);
  return { number: number!, entryId: entry.id, entryNumber: entry.number };
}

function billEntry(bill: LockedBill, lines: readonly LineRow[], totals: DocumentTotals): JournalEntryDraft {
  const money = (minor: bigint): Money => new Money(minor, bill.currency);
  const inputOf = new Map(lines.map((line) => [line.taxCodeId, line.inputAccountId]));
  const costs = lines
    .filter((line) => line.net !== 0n)
    .map((line): JournalLineDraft => ({
      account: { id: line.accountId },
      amount: money(line.net),
      unitId: line.unitId ?? undefined,
      text: line.description,
    }));
  const taxes = totals.taxes
    .filter((tax) => tax.tax.minor !== 0n)
    .map((tax): JournalLineDraft => ({ account: { id: inputOf.get(tax.taxCodeId)! }, amount: tax.tax, text: `Tax ${tax.percent} %` }));
  const rounding: JournalLineDraft[] =
    bill.rounding === 0n ? [] : [{ account: { role: "roundingDifference" }, amount: money(bill.rounding) }];
  return {
    journal: "PUR",
    day: bill.day,
    text: `Bill ${bill.supplierNumber} of ${bill.supplier}`,
    reference: bill.supplierNumber,
    document: { subject: "finance.bill", id: bill.id },
    lines: [
      { account: { role: "payable" }, amount: money(-bill.total), partyId: bill.supplierId, dueDay: bill.dueDay },
      ...costs,
      ...taxes,
      ...rounding,
    ],
  };
}

/** Takes back what was kept for tax, on the day of the reversal. */
export async function reverseTaxLines(context: WriteContext, bill: LockedBill, entryId: Id, day: Day): Promise<void> {
  const kept = await context.db.rows<{ taxCodeId: Id; percent: string; base: bigint; tax: bigint }>(sql`
    select tax_code_id, trim_scale(percent)::text as percent, base, tax from finance.tax_line
    where tenant_id = ${context.tenantId} and document_id = ${bill.id}`);
  const document = { subject: "finance.bill", id: bill.id };
  await insertTaxLines(
    context,
    kept.map(({ taxCodeId, percent, base, tax }) => {
      const amount = { taxCodeId, percent, base: new Money(-base, bill.currency), tax: new Money(-tax, bill.currency) };
      return { entryId, side: "input" as const, day, document, amount };
    }),
  );
}
