// Invoices and credit notes: drafts without a number, then posted with number, tax, open item and entry in one transaction.
//
// | posting           | Dr                                  | Cr                                           |
// |-------------------|-------------------------------------|----------------------------------------------|
// | invoice           | receivable, of the customer: total  | sales of each line: net; output tax: tax     |
// | credit note       | sales of each line; output tax      | receivable, of the customer: total           |
import { addDays, type Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { type Book, bookOf } from "../ledger/book.ts";
import { type JournalEntryDraft, type JournalLineDraft, postingRefusals } from "../ledger/entry.rules.ts";
import { drawNumbers } from "../ledger/number.ts";
import { postEntries } from "../ledger/posting.ts";
import { type DocumentTotals, documentTotals, lineNet } from "../tax/document.rules.ts";
import { insertTaxLines, taxRatesOn, taxRefusals } from "../tax/tax.ts";

export interface InvoiceLineInput {
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: Money;
  /** By default the account that does the job `sales`. */
  readonly accountId?: Id;
  readonly taxCode: string;
  readonly unitId?: Id;
}

export interface InvoiceInput {
  readonly kind: "invoice" | "creditNote";
  readonly bookId?: Id;
  readonly customerId: Id;
  readonly day: Day;
  readonly dueDay: Day;
  readonly text?: string;
  readonly correctsId?: Id;
  readonly lines: readonly InvoiceLineInput[];
}

export const invoiceRefusals = {
  booksMissing: postingRefusals.booksMissing,
  notCustomer: "This party is not a customer on {day}. Give it the role first: heartwood directory party add-role",
  currencyDiffers: postingRefusals.currencyDiffers,
  accountUnfit: "Account {account} cannot be invoiced to. Choose an account that takes postings and is no control account.",
  ...taxRefusals,
  totalNotPositive: "The total has to be above zero. To give something back, credit the invoice.",
} as const;

/** Puts a draft into the books' drawer: nothing is posted and no number is drawn. */
export async function insertDraft(context: WriteContext, input: InvoiceInput): Promise<{ id: Id; totals: DocumentTotals }> {
  const book = await bookOf(context, input.bookId);
  await requireRole(context, input.customerId, "customer", input.day);
  const rates = await taxRatesOn(
    context,
    book.id,
    input.lines.map((line) => line.taxCode),
    input.day,
  );
  const accounts = await saleAccounts(context, book, input.lines);
  const lines = input.lines.map((line, index) => {
    if (line.unitPrice.currency !== book.currency) refuse("currencyDiffers", { currency: book.currency }, ["lines", index, "unitPrice"]);
    const rate = rates.get(line.taxCode)!;
    const net = lineNet(line.quantity, line.unitPrice);
    return { ...line, id: context.newId(), net, taxCodeId: rate.taxCodeId, percent: rate.percent, accountId: accounts[index]! };
  });
  const totals = documentTotals(lines, book.currency);
  if (totals.total.minor <= 0n) refuse("totalNotPositive", {}, ["lines"]);
  const id = context.newId();
  const { tenantId } = context;
  await context.db.run(sql`
    insert into finance.invoice (tenant_id, id, book_id, kind, state, customer_id, day, due_day, text, corrects_id, net, tax, total,
      person_id, by_name, at)
    values (${tenantId}, ${id}, ${book.id}, ${input.kind}, 'draft', ${input.customerId}, ${input.day}, ${input.dueDay},
      ${input.text ?? null}, ${input.correctsId ?? null}, ${totals.net.minor}, ${totals.tax.minor}, ${totals.total.minor},
      ${context.actor.personId}, ${context.actor.name}, ${context.now})`);
  await context.db.run(sql`
    insert into finance.invoice_line (tenant_id, id, invoice_id, position, description, quantity, unit_price, net, account_id,
      tax_code_id, unit_id)
    select ${tenantId}, l.id, ${id}, l.position, l.description, l.quantity, l.unit_price, l.net, l.account_id, l.tax_code_id, l.unit_id
    from unnest(${lines.map((line) => line.id)}::uuid[], ${lines.map((_, index) => index + 1)}::int[],
      ${lines.map((line) => line.description)}::text[], ${lines.map((line) => line.quantity)}::numeric[],
      ${lines.map((line) => line.unitPrice.minor)}::bigint[], ${lines.map((line) => line.net.minor)}::bigint[],
      ${lines.map((line) => line.accountId)}::uuid[], ${lines.map((line) => line.taxCodeId)}::uuid[],
      ${lines.map((line) => line.unitId ?? null)}::uuid[])
      as l (id, position, description, quantity, unit_price, net, account_id, tax_code_id, unit_id)`);
  return { id, totals };
}

/** Refuses `notCustomer` or `notSupplier` when the party has not the role on the day. */
export async function requireRole(context: ReadContext, partyId: Id, role: "customer" | "supplier", day: Day): Promise<void> {
  const found = await context.db.maybe(sql`
    select party_id from directory.party_role where tenant_id = ${context.tenantId} and party_id = ${partyId} and role = ${role}
      and from_day <= ${day}::date and (until_day is null or until_day >= ${day}::date)`);
  if (!found) refuse(role === "customer" ? "notCustomer" : "notSupplier", { day });
}

/** The account of each line, in their order; refuses `accountUnfit` for one that takes no postings by hand. */
async function saleAccounts(context: ReadContext, book: Book, lines: readonly InvoiceLineInput[]): Promise<Id[]> {
  const given = lines.flatMap((line) => line.accountId ?? []);
  const rows = await context.db.rows<{ id: Id; isSales: boolean; isFit: boolean; code: string }>(sql`
    select a.id, a.code, r.role is not null as is_sales, (not a.is_group and a.control is null) as is_fit
    from finance.account a
    left join finance.account_role r on r.tenant_id = ${context.tenantId} and r.book_id = ${book.id}
      and r.account_id = a.id and r.role = 'sales'
    where a.tenant_id = ${context.tenantId} and a.book_id = ${book.id} and (a.id = any(${given}::uuid[]) or r.role is not null)`);
  const known = new Map(rows.map((row) => [row.id, row]));
  const sales = rows.find((row) => row.isSales)?.id;
  return lines.map((line, index) => {
    const account = known.get(line.accountId ?? sales!);
    if (!account?.isFit) refuse("accountUnfit", { account: account?.code ?? "for sales" }, ["lines", index, "accountId"]);
    return account.id;
  });
}

interface InvoiceRow {
  id: Id;
  bookId: Id;
  currency: string;
  kind: "invoice" | "creditNote";
  state: string;
  customerId: Id;
  customer: string;
  day: Day;
  dueDay: Day;
  total: bigint;
  correctsId: Id | null;
}

interface LineRow {
  invoiceId: Id;
  description: string;
  net: bigint;
  accountId: Id;
  unitId: Id | null;
  taxCodeId: Id;
  percent: string;
  outputAccountId: Id;
}

export interface PostedInvoice {
  readonly id: Id;
  readonly number: string;
  readonly entryId: Id;
  readonly entryNumber: string;
  readonly itemId: Id;
  readonly total: Money;
}

/**
 * Posts drafts of one set of books in a handful of statements, whatever their number. Refuses `notFound`, `notDraft` and what posting
 * refuses.
 */
export async function postInvoices(context: WriteContext, ids: readonly Id[]): Promise<PostedInvoice[]> {
  const { tenantId } = context;
  const found = await context.db.rows<InvoiceRow>(sql`
    select i.id, i.book_id, b.currency, i.kind, i.state, i.customer_id, y.name as customer, i.day, i.due_day, i.total, i.corrects_id
    from finance.invoice i
    join finance.book b on b.tenant_id = ${tenantId} and b.id = i.book_id
    join directory.party y on y.tenant_id = ${tenantId} and y.id = i.customer_id
    where i.tenant_id = ${tenantId} and i.id = any(${ids}::uuid[]) order by i.id for update of i`);
  if (found.length < ids.length) refuse("notFound");
  const taken = found.find((invoice) => invoice.state !== "draft");
  if (taken) refuse("notDraft", { state: taken.state });
  const lines = await context.db.rows<LineRow>(sql`
    select l.invoice_id, l.description, l.net, l.account_id, l.unit_id, l.tax_code_id, trim_scale(r.percent)::text as percent,
      c.output_account_id
    from finance.invoice_line l
    join finance.invoice i on i.tenant_id = ${tenantId} and i.id = l.invoice_id
    join finance.tax_code c on c.tenant_id = ${tenantId} and c.id = l.tax_code_id
    join finance.tax_rate r on r.tenant_id = ${tenantId} and r.tax_code_id = l.tax_code_id and r.during @> i.day
    where l.tenant_id = ${tenantId} and l.invoice_id = any(${ids}::uuid[]) order by l.invoice_id, l.position`);
  const linesOf = new Map<Id, LineRow[]>(found.map((invoice) => [invoice.id, []]));
  for (const line of lines) linesOf.get(line.invoiceId)!.push(line);
  const ready = found.map((invoice) => prepare(invoice, linesOf.get(invoice.id)!));
  const bookId = found[0]!.bookId;
  const numbers = await drawInvoiceNumbers(context, bookId, found);
  const entries = await postEntries(
    context,
    ready.map((one) => entryOf(one, numbers.get(one.invoice.id))),
    bookId,
  );
  const posted = ready.map((one, index): PostedInvoice => {
    const entry = entries[index]!;
    const { id } = one.invoice;
    return {
      id,
      number: numbers.get(id)!,
      entryId: entry.id,
      entryNumber: entry.number,
      itemId: entry.lineIds[0]!,
      total: one.totals.total,
    };
  });
  await keepPosted(context, ready, posted);
  return posted;
}

interface ReadyInvoice {
  readonly invoice: InvoiceRow;
  readonly lines: readonly LineRow[];
  readonly totals: DocumentTotals;
}

function prepare(invoice: InvoiceRow, lines: readonly LineRow[]): ReadyInvoice {
  const taxed = lines.map((line) => ({ ...line, net: new Money(line.net, invoice.currency) }));
  return { invoice, lines, totals: documentTotals(taxed, invoice.currency) };
}

/** Invoices and credit notes have a series each. */
async function drawInvoiceNumbers(context: WriteContext, bookId: Id, invoices: readonly InvoiceRow[]): Promise<Map<Id, string>> {
  const numbers = new Map<Id, string>();
  for (const [kind, series] of [
    ["creditNote", "CRN"],
    ["invoice", "INV"],
  ] as const) {
    const ofKind = invoices.filter((invoice) => invoice.kind === kind);
    const drawn = await drawNumbers(
      context,
      bookId,
      series,
      ofKind.map((invoice) => invoice.day),
    );
    ofKind.forEach((invoice, index) => drawn[index] && numbers.set(invoice.id, drawn[index]));
  }
  return numbers;
}

function entryOf({ invoice, lines, totals }: ReadyInvoice, number: string | undefined): JournalEntryDraft {
  const sign = invoice.kind === "invoice" ? 1n : -1n;
  const signed = (minor: bigint): Money => new Money(sign * minor, invoice.currency);
  const outputOf = new Map(lines.map((line) => [line.taxCodeId, line.outputAccountId]));
  const title = invoice.kind === "invoice" ? "Invoice" : "Credit note";
  const sales = lines
    .filter((line) => line.net !== 0n)
    .map((line): JournalLineDraft => ({
      account: { id: line.accountId },
      amount: signed(-line.net),
      unitId: line.unitId ?? undefined,
      text: line.description,
    }));
  const taxes = totals.taxes
    .filter((tax) => tax.tax.minor !== 0n)
    .map((tax): JournalLineDraft => ({
      account: { id: outputOf.get(tax.taxCodeId)! },
      amount: signed(-tax.tax.minor),
      text: `Tax ${tax.percent} %`,
    }));
  return {
    journal: "SAL",
    day: invoice.day,
    text: `${title} ${number ?? ""} to ${invoice.customer}`,
    reference: number,
    document: { subject: "finance.invoice", id: invoice.id },
    lines: [
      { account: { role: "receivable" }, amount: signed(totals.total.minor), partyId: invoice.customerId, dueDay: invoice.dueDay },
      ...sales,
      ...taxes,
    ],
  };
}

async function keepPosted(context: WriteContext, ready: readonly ReadyInvoice[], posted: readonly PostedInvoice[]): Promise<void> {
  await insertTaxLines(
    context,
    ready.flatMap(({ invoice, totals }, index) => {
      const sign = invoice.kind === "invoice" ? 1n : -1n;
      const signed = (amount: Money): Money => new Money(sign * amount.minor, amount.currency);
      return totals.taxes.map((tax) => ({
        entryId: posted[index]!.entryId,
        side: "output" as const,
        day: invoice.day,
        document: { subject: "finance.invoice", id: invoice.id },
        amount: { ...tax, base: signed(tax.base), tax: signed(tax.tax) },
      }));
    }),
  );
  await context.db.run(sql`
    update finance.invoice i set state = 'posted', number = p.number, entry_id = p.entry_id, item_id = p.item_id,
      net = p.net, tax = p.tax, total = p.net + p.tax
    from unnest(${posted.map((one) => one.id)}::uuid[], ${posted.map((one) => one.number)}::text[],
      ${posted.map((one) => one.entryId)}::uuid[], ${posted.map((one) => one.itemId)}::uuid[],
      ${ready.map((one) => one.totals.net.minor)}::bigint[],
      ${ready.map((one) => one.totals.tax.minor)}::bigint[]) as p (id, number, entry_id, item_id, net, tax)
    where i.tenant_id = ${context.tenantId} and i.id = p.id`);
}

/** The day an invoice falls due. */
export const dueDayOf = (day: Day, termsDays: number): Day => addDays(day, termsDays);
