// What the books know that bills name, read once for any number of them, and each bill as it is to be kept.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Refusal } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { documentRates } from "../currency/rate.ts";
import { bookOf } from "../ledger/book.ts";
import { loadTax } from "../tax/tax.ts";
import { type BillGround, type BillInput, type BillPaper, type BillWish, type FitBill, fitBills, type ReadyBill } from "./bill.rules.ts";
import { alikeBills, earlierBills, paperOf } from "./bill-guard.ts";

/** One bill as it is to be kept. Refuses what `billRefusals` says. */
export async function readyBill(context: ReadContext, wish: BillWish): Promise<ReadyBill> {
  const [ready] = await readyBills(context, [wish]);
  if (ready instanceof Refusal) throw ready;
  return ready!;
}

/** Bills of one set of books, whatever their number, in constant statements; one that is refused comes as its refusal, without words. */
export async function readyBills(context: ReadContext, wishes: readonly BillWish[]): Promise<(ReadyBill | Refusal)[]> {
  if (wishes.length === 0) return [];
  const fits = fitBills(wishes, await loadGround(context, wishes));
  // A credit note is not paid, so one that is taken for another does no harm before someone looks at it.
  const asked = fits.filter((one): one is FitBill => !(one instanceof Refusal) && one.input.kind === "bill");
  const found = await alikeBills(
    context,
    asked.map(({ id, input: { supplierId, supplierNumber, day }, total }) => ({ id, supplierId, supplierNumber, day, total })),
  );
  const alike = new Map(asked.map((one, index) => [one.id, found[index]]));
  return fits.map((one) => (one instanceof Refusal ? one : { ...one, alike: alike.get(one.id) }));
}

async function loadGround(context: ReadContext, wishes: readonly BillWish[]): Promise<BillGround> {
  const inputs = wishes.map((wish) => wish.input);
  const book = await bookOf(context, inputs[0]!.bookId);
  const supplierIds = [...new Set(inputs.map((input) => input.supplierId))];
  const { accounts, expenseId } = await accountsOf(context, book.id, inputs);
  const numbered = wishes.map(({ id, input: { supplierId, supplierNumber, kind } }) => ({ id, supplierId, supplierNumber, kind }));
  return {
    book,
    suppliers: await spansOf(context, supplierIds),
    earlier: await earlierBills(context, numbered),
    papers: await papersOf(context, wishes),
    payees: await payeesOf(context, inputs),
    tax: await loadTax(context, book.id, supplierIds),
    accounts,
    expenseId,
    rates: await documentRates(
      context,
      book,
      inputs.flatMap(({ rate, lines, day }) => (rate === undefined ? { currency: lines[0]!.net.currency, day } : [])),
    ),
  };
}

async function spansOf(context: ReadContext, supplierIds: readonly Id[]): Promise<BillGround["suppliers"]> {
  const rows = await context.db.rows<{ id: Id; spans: { from: Day; until: Day | null }[] }>(sql`
    select party_id as id, json_agg(json_build_object('from', from_day, 'until', until_day)) as spans from directory.party_role
    where tenant_id = ${context.tenantId} and party_id = any(${supplierIds}::uuid[]) and role = 'supplier' group by party_id`);
  return new Map(rows.map((row) => [row.id, row.spans]));
}

/** Papers are uploaded and entered one by one. */
async function papersOf(context: ReadContext, wishes: readonly BillWish[]): Promise<BillGround["papers"]> {
  const papers = new Map<Id, BillPaper>();
  for (const { id, input } of wishes) if (input.fileId) papers.set(input.fileId, await paperOf(context, input.fileId, id));
  return papers;
}

async function payeesOf(context: ReadContext, inputs: readonly BillInput[]): Promise<Set<string>> {
  const ids = inputs.flatMap((input) => input.supplierBankAccountId ?? []);
  if (ids.length === 0) return new Set();
  const rows = await context.db.rows<{ id: Id; supplierId: Id }>(sql`
    select id, supplier_id from finance.supplier_bank_account
    where tenant_id = ${context.tenantId} and id = any(${ids}::uuid[]) and state in ('proposed', 'approved')`);
  return new Set(rows.map((row) => `${row.supplierId} ${row.id}`));
}

async function accountsOf(
  context: ReadContext,
  bookId: Id,
  inputs: readonly BillInput[],
): Promise<Pick<BillGround, "accounts" | "expenseId">> {
  const named = [...new Set(inputs.flatMap((input) => input.lines.flatMap((line) => line.accountId ?? [])))];
  const rows = await context.db.rows<{ id: Id; isExpense: boolean; isFit: boolean; code: string }>(sql`
    select a.id, a.code, r.role is not null as is_expense, (not a.is_group and a.control is null) as is_fit
    from finance.account a
    left join finance.account_role r
      on r.tenant_id = ${context.tenantId} and r.book_id = ${bookId} and r.account_id = a.id and r.role = 'expense'
    where a.tenant_id = ${context.tenantId} and a.book_id = ${bookId} and (a.id = any(${named}::uuid[]) or r.role is not null)`);
  return { accounts: new Map(rows.map((row) => [row.id, row])), expenseId: rows.find((row) => row.isExpense)?.id };
}
