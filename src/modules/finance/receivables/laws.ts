// What must hold of invoices, deposits, discounts and reminders at all times.
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { Law } from "../../../platform/operation/module.ts";
import type { Id } from "../../../kernel/id.ts";
import { depositsLeft } from "./invoice-ground.ts";

/** A law from a statement whose column `says` words each break. */
const law = (name: string, says: string, breaks: (tenantId: Id) => Sql): Law => ({
  name,
  says,
  breaks: async (context) => (await context.db.rows<{ says: string }>(breaks(context.tenantId))).map((row) => row.says),
});

export const receivablesLaws: readonly Law[] = [
  law(
    "finance.invoiceLines",
    "Every line belongs to an invoice, an account and a tax code of its books, and the lines add up to the invoice's net.",
    (tenantId) => sql`
    select 'Line ' || l.description || ' has no invoice, account or tax code' as says
    from finance.invoice_line l
    left join finance.invoice i on i.tenant_id = ${tenantId} and i.id = l.invoice_id
    left join finance.account a on a.tenant_id = ${tenantId} and a.id = l.account_id and a.book_id = i.book_id
    left join finance.tax_code t on t.tenant_id = ${tenantId} and t.id = l.tax_code_id and t.book_id = i.book_id
    where l.tenant_id = ${tenantId} and (i.id is null or a.id is null or t.id is null)
    union all
    select 'Invoice ' || coalesce(i.number, i.id::text) || ' is net ' || i.net || ', its lines ' || coalesce(sum(l.net), 0)
    from finance.invoice i
    left join finance.invoice_line l on l.tenant_id = ${tenantId} and l.invoice_id = i.id
    where i.tenant_id = ${tenantId} and i.state = 'posted'
    group by i.id, i.number, i.net having coalesce(sum(l.net), 0) <> i.net`,
  ),
  law(
    "finance.depositsDrawn",
    "No deposit is drawn for more than was asked for; one that is drawn leaves nothing in the books, whatever the rates.",
    (tenantId) => sql`
    select 'Deposit ' || d.number || ' is drawn beyond its end by ' || -d.net_left || ' at ' || d.tax_code as says
    from (${depositsLeft(tenantId)}) d where d.net_left < 0
    union all
    select 'Deposit ' || d.number || ' is drawn and leaves ' || d.book_left || ' in the books at ' || d.tax_code
    from (${depositsLeft(tenantId)}) d where d.net_left = 0 and d.book_left <> 0`,
  ),
  law(
    "finance.discountsBelong",
    "What was taken off holds exactly as long as the settlement that took it.",
    (tenantId) => sql`
    select 'Discount on ' || o.reference || case when t.reversal_id is null then ' holds without its payment'
      else ' is undone, its payment not' end as says
    from finance.discount_taken t
    join finance.open_item o on o.tenant_id = ${tenantId} and o.id = t.item_id
    cross join lateral (
      select coalesce(sum(a.amount), 0) as held from finance.allocation a
      where a.tenant_id = ${tenantId} and ((a.debit_item_id = t.item_id and a.credit_item_id = t.discount_item_id)
        or (a.credit_item_id = t.item_id and a.debit_item_id = t.discount_item_id))) h
    where t.tenant_id = ${tenantId} and (t.reversal_id is null) <> (h.held > 0)`,
  ),
  law(
    "finance.remindersOnce",
    "No item was asked for twice at one level.",
    (tenantId) => sql`
    select o.reference || ' was asked for ' || count(*) || ' times at level ' || i.level as says
    from finance.dunning_item i
    join finance.open_item o on o.tenant_id = ${tenantId} and o.id = i.item_id
    where i.tenant_id = ${tenantId} and i.is_live and i.held_reason is null
    group by o.id, o.reference, i.level having count(*) > 1`,
  ),
];
