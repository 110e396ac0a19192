// Discounts that were taken for paying early, with the payment they belong to.
import { z } from "zod";
import { sql } from "../../../platform/database/sql.ts";
import { CurrencyCode, Day, Id, Money, ref } from "../../../platform/operation/field.ts";
import { register } from "../../../platform/operation/register.ts";

export const discountRegister = register({
  name: "finance.discount",
  title: "Discounts taken",
  does: "What was taken off for paying early, by customers or by us, with the tax corrected; undone with the settlement it belongs to.",
  may: ["finance.accountant", "finance.manager"],
  inner: true,
  row: z.object({
    id: Id,
    discount: z.string(),
    partyId: ref("directory.party"),
    party: z.string(),
    openItemId: ref("finance.openItem"),
    openItem: z.string(),
    paymentItemId: ref("finance.openItem"),
    paymentItem: z.string(),
    day: Day,
    amount: Money,
    state: z.enum(["taken", "undone"]),
    entryId: ref("finance.journalEntry"),
    currency: CurrencyCode,
  }),
  label: "discount",
  search: ["discount", "party"],
  sort: "-day",
  totals: ["amount"],
  from: (context) => sql`
    select t.id, 'Discount on ' || o.reference as discount, o.party_id, y.name as party, t.item_id as open_item_id,
      o.reference as open_item,
      t.payment_item_id, p.reference as payment_item, d.day, t.amount, t.entry_id, o.currency,
      case when t.reversal_id is null then 'taken' else 'undone' end as state
    from finance.discount_taken t
    join finance.open_item o on o.tenant_id = ${context.tenantId} and o.id = t.item_id
    join finance.open_item p on p.tenant_id = ${context.tenantId} and p.id = t.payment_item_id
    join finance.open_item d on d.tenant_id = ${context.tenantId} and d.id = t.discount_item_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = o.party_id
    where t.tenant_id = ${context.tenantId} and t.kind = 'discount'`,
});
