// Credit limits as invoices are judged by them: what a customer with a limit owes by now, in all books, in the currency of the limit.
import type { Id } from "../../../kernel/id.ts";
import { Money, sumMoney } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { inBooks } from "../currency/convert.rules.ts";
import { ratesOn } from "../currency/rate.ts";
import type { CreditLimit, InvoiceGround } from "./invoice.rules.ts";

interface LimitRow {
  readonly id: Id;
  readonly minor: bigint;
  readonly isHard: boolean;
  readonly currency: string;
  readonly owed: readonly { readonly currency: string; readonly minor: string }[] | null;
}

/**
 * Of the customers of the ground that have a limit; no statement where none has. To post, they are locked before it is summed what they
 * owe, so that whoever waits for another invoice sees it. Refuses `rateMissing` and `rateStale`.
 *
 * A limit is in the currency of the main books. What a document says in that currency counts as it stands there; anything else at what
 * its books carry for it, translated at the newest rate where these books are kept in another currency.
 */
export async function creditLimits(context: ReadContext, ground: InvoiceGround, isPosted: boolean): Promise<ReadonlyMap<Id, CreditLimit>> {
  const { tenantId, today } = context;
  const ids = [...ground.customers.values()].filter((customer) => customer.isLimited).map((customer) => customer.id);
  if (ids.length === 0) return new Map();
  if (isPosted) {
    await context.db.run(sql`
      select id from finance.customer where tenant_id = ${tenantId} and id = any(${ids}::uuid[]) order by id for no key update`);
  }
  const rows = await context.db.rows<LimitRow>(sql`
    select c.id, c.credit_limit as minor, c.is_hard_limit as is_hard, m.currency, (
      select json_agg(json_build_object('currency', s.currency, 'minor', s.minor::text)) from (
        select p.currency, sum(p.minor) as minor from (
          select case m.currency when o.currency then o.currency else b.currency end as currency,
            case m.currency when o.currency then o.open_currency_amount else o.open_amount end as minor
          from finance.open_item o join finance.book b on b.tenant_id = ${tenantId} and b.id = o.book_id
          where o.tenant_id = ${tenantId} and o.direction = 'receivable' and o.party_id = c.id and o.open_amount <> 0
          union all
          select case m.currency when coalesce(i.currency, b.currency) then m.currency else b.currency end,
            case m.currency when coalesce(i.currency, b.currency) then i.total else coalesce(i.book_total, i.total) end
          from finance.invoice i join finance.book b on b.tenant_id = ${tenantId} and b.id = i.book_id
          where i.tenant_id = ${tenantId} and i.customer_id = c.id and i.state = 'draft' and i.kind = 'invoice') p
        group by p.currency) s) as owed
    from finance.customer c join finance.book m on m.tenant_id = ${tenantId} and m.is_main
    where c.tenant_id = ${tenantId} and c.id = any(${ids}::uuid[]) and c.credit_limit is not null`);
  const to = rows[0]?.currency ?? ground.currency;
  const currencies = [...new Set([ground.currency, ...rows.flatMap((row) => (row.owed ?? []).map((part) => part.currency))])];
  const found = await ratesOn(
    context,
    currencies.map((from) => ({ from, to, day: today })),
  );
  const rates = new Map(currencies.map((from, index) => [from, found[index]!.rate]));
  return new Map(
    rows.map(({ id, minor, isHard, currency, owed }) => {
      const parts = (owed ?? []).map((part) => new Money(BigInt(part.minor), part.currency));
      const used = sumMoney(
        parts.map((part) => inBooks(part, { bookCurrency: currency, rate: rates.get(part.currency)! })),
        currency,
      );
      return [id, { limit: new Money(minor, currency), isHard, used, rate: rates.get(ground.currency)! }];
    }),
  );
}
