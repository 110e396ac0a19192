// Open items: what customers and suppliers owe or have in their favour.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";

export type Direction = "receivable" | "payable";

export interface OpenItem {
  readonly id: Id;
  readonly direction: Direction;
  readonly partyId: Id;
  readonly party: string;
  readonly reference: string;
  readonly day: Day;
  readonly dueDay: Day;
  readonly documentSubject: string | null;
  readonly documentId: Id | null;
  /**
   * In the currency it is owed in. As in the ledger: debit positive, credit negative. A customer's invoice is positive, a supplier's bill
   * negative.
   */
  readonly amount: Money;
  readonly open: Money;
  /** What the books carry for what is open, in their own currency. */
  readonly carrying: Money;
}

export interface OpenItemQuestion {
  readonly direction: Direction;
  readonly partyIds?: readonly Id[];
  /** Numbers of invoices, supplier's numbers of bills. */
  readonly references?: readonly string[];
  readonly bookId?: Id;
}

/** Items with something open, the earliest due first; one statement for any number of parties. */
export async function openItemsOf(context: ReadContext, asked: OpenItemQuestion): Promise<OpenItem[]> {
  const rows = await context.db.rows<ItemRow>(sql`
    select o.id, o.direction, o.party_id, y.name as party, o.reference, o.day, o.due_day, o.document_subject, o.document_id,
      o.currency, o.currency_amount, o.open_currency_amount, o.open_amount, b.currency as book_currency
    from finance.open_item o
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = o.book_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = o.party_id
    where o.tenant_id = ${context.tenantId} and o.direction = ${asked.direction} and o.open_amount <> 0
      and ${asked.bookId ? sql`b.id = ${asked.bookId}` : sql`b.is_main`}
      ${asked.partyIds ? sql`and o.party_id = any(${asked.partyIds}::uuid[])` : sql``}
      ${asked.references ? sql`and o.reference = any(${asked.references}::text[])` : sql``}
    order by o.due_day, o.id`);
  return rows.map(({ currency, currencyAmount, openCurrencyAmount, openAmount, bookCurrency, ...row }) => ({
    ...row,
    amount: new Money(currencyAmount, currency),
    open: new Money(openCurrencyAmount, currency),
    carrying: new Money(openAmount, bookCurrency),
  }));
}

interface ItemRow extends Omit<OpenItem, "amount" | "open" | "carrying"> {
  readonly currency: string;
  readonly currencyAmount: bigint;
  readonly openCurrencyAmount: bigint;
  readonly openAmount: bigint;
  readonly bookCurrency: string;
}

/** An item of the old books. */
export interface BroughtItem {
  readonly id: Id;
  readonly direction: Direction;
  readonly partyId: Id;
  readonly reference: string;
  readonly day: Day;
  readonly dueDay: Day;
  /** As in the ledger. */
  readonly isDebit: boolean;
}

/** What was brought over with opening balances and not taken back, settled or not. */
export const broughtItems = (context: ReadContext, partyIds: readonly Id[]): Promise<BroughtItem[]> =>
  context.db.rows<BroughtItem>(sql`
    select o.id, o.direction, o.party_id, o.reference, o.day, o.due_day, o.amount > 0 as is_debit
    from finance.open_item o
    join finance.journal_entry e on e.tenant_id = ${context.tenantId} and e.id = o.entry_id and e.reverses_id is null
    join finance.journal j on j.tenant_id = ${context.tenantId} and j.id = e.journal_id and j.code = 'OPN'
    where o.tenant_id = ${context.tenantId} and o.document_id is null and o.party_id = any(${partyIds}::uuid[])
      and not exists (select from finance.journal_entry x where x.tenant_id = ${context.tenantId} and x.reverses_id = e.id)
    order by o.day, o.id`);
