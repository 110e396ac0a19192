// An invoice locked with its open items, before something is done to it.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money, sumMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";

export interface LockedInvoice {
  id: Id;
  bookId: Id;
  kind: string;
  state: string;
  number: string;
  customerId: Id;
  day: Day;
  total: bigint;
  entryId: Id | null;
  isDeposit: boolean;
  bookCurrency: string;
  pricesIncludeTax: boolean;
  currency: string;
  rate: string | null;
  /** What is open of it, the earliest due first; a credit note's is negative. */
  items: { id: Id; open: Money }[];
}

/** Locks the invoice, then its open items. Refuses `notFound`. */
export async function lockInvoice(context: WriteContext, id: Id): Promise<LockedInvoice> {
  const invoice = await context.db.maybe<Omit<LockedInvoice, "items">>(sql`
    select i.id, i.book_id, i.kind, i.state, i.number, i.customer_id, i.day, i.total, i.entry_id, i.prices_include_tax,
      i.is_deposit, b.currency as book_currency,
      coalesce(i.currency, b.currency) as currency, trim_scale(i.rate)::text as rate
    from finance.invoice i join finance.book b on b.tenant_id = ${context.tenantId} and b.id = i.book_id
    where i.tenant_id = ${context.tenantId} and i.id = ${id} for update of i`);
  if (!invoice) refuse("notFound");
  const items = await context.db.rows<{ id: Id; open: bigint; currency: string }>(sql`
    with held as (
      select id, open_currency_amount as open, currency, due_day from finance.open_item
      where tenant_id = ${context.tenantId} and document_id = ${id} and entry_id = ${invoice.entryId} and open_amount <> 0
      order by id for update)
    select id, open, currency from held order by due_day, id`);
  return { ...invoice, items: items.map((item) => ({ id: item.id, open: new Money(item.open, item.currency) })) };
}

export const openOf = (invoice: LockedInvoice): Money =>
  sumMoney(
    invoice.items.map((item) => item.open),
    invoice.currency,
  );
