// What an invoice says on paper, read from what was posted.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import type { InvoicePaper } from "./invoice.document.ts";
import { type PostedTax, taxesPosted } from "./invoice.store.ts";
import { type Letterhead, letterheads } from "./letterhead.ts";

interface HeadRow {
  number: string | null;
  kind: string;
  isDeposit: boolean;
  day: Day;
  dueDay: Day;
  text: string | null;
  corrects: string | null;
  net: bigint;
  rounding: bigint;
  total: bigint;
  currency: string;
  bookId: Id;
  customerId: Id;
  entryId: Id | null;
}

/** The paper with its letterhead. Refuses `notFound` and `notPosted`. */
export async function paperOf(context: ReadContext, invoiceId: Id): Promise<InvoicePaper & Pick<Letterhead, "email">> {
  const { tenantId } = context;
  const head = await context.db.maybe<HeadRow>(sql`
    select i.number, i.kind, i.is_deposit, i.day, i.due_day, i.text, c.number as corrects, i.net, i.rounding, i.total,
      coalesce(i.currency, b.currency) as currency, i.book_id,
      i.customer_id, i.entry_id
    from finance.invoice i
    join finance.book b on b.tenant_id = ${tenantId} and b.id = i.book_id
    left join finance.invoice c on c.tenant_id = ${tenantId} and c.id = i.corrects_id
    where i.tenant_id = ${tenantId} and i.id = ${invoiceId}`);
  if (!head) refuse("notFound");
  if (head.number === null) refuse("notPosted");
  const amount = (minor: bigint): string => new Money(minor, head.currency).amount;
  const isInvoice = head.kind === "invoice";
  const taxes = await taxesPosted(context, invoiceId);
  const { email, ...letter } = (await letterheads(context, head.bookId, [head.customerId])).get(head.customerId)!;
  return {
    ...letter,
    email,
    title: isInvoice ? (head.isDeposit ? "Deposit invoice" : "Invoice") : "Credit note",
    number: head.number,
    day: head.day,
    dueDay: isInvoice ? head.dueDay : null,
    corrects: head.corrects,
    text: head.text ?? "",
    currency: head.currency,
    lines: await linesOf(context, invoiceId, taxes, amount),
    taxes: taxes.map(({ percent, base, tax }) => ({ percent: `${percent} %`, base: amount(base), tax: amount(tax) })),
    net: amount(head.net),
    rounding: head.rounding === 0n ? null : amount(head.rounding),
    total: amount(head.total),
    ...(await dueOf(context, invoiceId, head)),
    account: isInvoice && head.total > 0n ? letter.account : null,
  };
}

/** Each line with the rate it was posted at; with the name of its code where that is several taxes. */
async function linesOf(
  context: ReadContext,
  invoiceId: Id,
  taxes: readonly PostedTax[],
  amount: (minor: bigint) => string,
): Promise<InvoicePaper["lines"]> {
  const { tenantId } = context;
  const percents = new Map(taxes.map((one) => [one.taxCodeId, `${one.percent} %`]));
  const lines = await context.db.rows<{
    description: string;
    period: string | null;
    quantity: string;
    unitPrice: bigint;
    taxCodeId: Id;
    tax: string;
    net: bigint;
  }>(sql`
    select l.description, l.service_from || ' to ' || l.service_until as period,
      trim_scale(l.quantity)::text as quantity, l.unit_price, l.net, l.tax_code_id, t.name as tax
    from finance.invoice_line l
    join finance.tax_code t on t.tenant_id = ${tenantId} and t.id = l.tax_code_id
    where l.tenant_id = ${tenantId} and l.invoice_id = ${invoiceId} order by l.position`);
  return lines.map(({ description, period, quantity, unitPrice, taxCodeId, tax, net }) => {
    return { description, period, quantity, unitPrice: amount(unitPrice), percent: percents.get(taxCodeId) ?? tax, net: amount(net) };
  });
}

/** When how much is to be paid, and what may be taken off until when. */
async function dueOf(context: ReadContext, invoiceId: Id, head: HeadRow): Promise<Pick<InvoicePaper, "instalments" | "discounts">> {
  const { tenantId } = context;
  if (head.kind !== "invoice") return { instalments: [], discounts: [] };
  const items = await context.db.rows<{ id: Id; day: Day; amount: bigint; untilDay: Day | null; off: bigint | null; currency: string }>(sql`
    select o.id, o.due_day as day, o.currency_amount as amount, d.until_day, d.amount as off, o.currency from finance.open_item o
    left join finance.discount_offer d on d.tenant_id = ${tenantId} and d.item_id = o.id
    where o.tenant_id = ${tenantId} and o.document_id = ${invoiceId}
      and o.entry_id = ${head.entryId} order by o.due_day, o.id, d.until_day`);
  const seen = new Map(items.map((item) => [item.id, item]));
  const shown = (minor: bigint): string => new Money(minor, head.currency).amount;
  return {
    instalments: [...seen.values()].map((item) => ({ day: item.day, amount: shown(item.amount) })),
    discounts: items.flatMap(({ untilDay, off, amount }) =>
      untilDay === null || off === null ? [] : [{ day: untilDay, amount: shown(off), left: shown(amount - off) }],
    ),
  };
}
