// Deposits customers were asked for, with what no invoice has drawn yet.
import { z } from "zod";
import { sql } from "../../../platform/database/sql.ts";
import { CurrencyCode, Day, Id, Money, ref } from "../../../platform/operation/field.ts";
import { register } from "../../../platform/operation/register.ts";
import { depositsLeft } from "./invoice-ground.ts";

export const depositRegister = register({
  name: "finance.deposit",
  title: "Customers' deposits",
  does: "What customers were asked to pay before delivery, and what of it no invoice has drawn yet.",
  may: ["finance.accountant", "finance.manager"],
  row: z.object({
    id: Id,
    deposit: z.string(),
    invoiceId: ref("finance.invoice"),
    invoice: z.string(),
    customerId: ref("directory.customer"),
    customer: z.string(),
    day: Day,
    net: Money,
    left: Money.describe("Net of tax."),
    state: z.enum(["open", "drawn"]),
    currency: CurrencyCode,
  }),
  label: "deposit",
  search: ["deposit", "customer"],
  sort: "-day",
  totals: ["left"],
  from: (context) => sql`
    select i.id, i.number || ' of ' || y.name as deposit, i.id as invoice_id, i.number as invoice, i.customer_id, y.name as customer, i.day,
      i.net, l.net_left as left, case when l.net_left > 0 then 'open' else 'drawn' end as state,
      coalesce(i.currency, b.currency) as currency
    from (select d.id, sum(d.net_left)::bigint as net_left from (${depositsLeft(context.tenantId)}) d group by d.id) l
    join finance.invoice i on i.tenant_id = ${context.tenantId} and i.id = l.id
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = i.book_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = i.customer_id`,
});
