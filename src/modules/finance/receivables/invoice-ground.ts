// What the books know that invoices name: customers with their terms and limits, accounts, terms, deposits and tax. One statement
// for any number of invoices. What customers with a limit owe: credit-limit.ts.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Refusal } from "../../../kernel/refusal.ts";
import { prepared, type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { creditedDeferrals } from "../ledger/spread.ts";
import { documentRates } from "../currency/rate.ts";
import { taxGroundSql, taxPartiesSql } from "../tax/tax.ts";
import type { TaxGround, TaxParty } from "../tax/tax-code.rules.ts";
import { currencyOf, type InvoiceGround, type InvoiceInput, type KnownCustomer } from "./invoice.rules.ts";
import type { TermRule } from "./payment-term.rules.ts";

interface GroundRow {
  id: Id;
  currency: string;
  salesId: Id | null;
  depositId: Id | null;
  customers: {
    id: Id;
    name: string;
    from: Day;
    until: Day | null;
    termId: Id | null;
    isLimited: boolean;
  }[];
  accounts: { id: Id; code: string; type: string; isFit: boolean }[];
  terms: { id: Id; rule: TermRule; retiredFrom: Day | null }[];
  tax: TaxGround;
  taxParties: TaxParty[] | null;
  deposits: {
    id: Id;
    number: string;
    customerId: Id;
    accountId: Id;
    currency: string | null;
    taxCodeId: Id;
    taxCode: string;
    left: string;
    bookLeft: string | null;
  }[];
}

export async function loadInvoiceGround(context: ReadContext, inputs: readonly InvoiceInput[], isPosted: boolean): Promise<InvoiceGround> {
  const { tenantId } = context;
  const bookId = inputs[0]?.bookId;
  const row = await context.db.maybe<GroundRow>(
    prepared(sql`
    with book as (
      select id, currency from finance.book where tenant_id = ${tenantId} and ${bookId ? sql`id = ${bookId}` : sql`is_main`}
    ), role as (
      select r.role, r.account_id from finance.account_role r
      where r.tenant_id = ${tenantId} and r.book_id = (select id from book) and r.role in ('sales', 'customerDeposit')
    )
    select b.id, b.currency, (select account_id from role where role = 'sales') as sales_id,
      (select account_id from role where role = 'customerDeposit') as deposit_id,
      ${customersSql(tenantId, inputs)} as customers,
      ${accountsSql(tenantId, inputs)} as accounts, ${termsSql(tenantId, inputs)} as terms, ${depositsSql(tenantId, inputs)} as deposits,
      ${taxGroundSql(tenantId)} as tax, ${taxPartiesSql(tenantId, customersOf(inputs))} as tax_parties
    from finance.book b where b.tenant_id = ${tenantId} and b.id = (select id from book)`),
  );
  if (!row) throw new Refusal("booksMissing", postingRefusals.booksMissing);
  return {
    bookId: row.id,
    currency: row.currency,
    customers: knownCustomers(row),
    tax: { ...row.tax, parties: row.taxParties ?? [] },
    accounts: new Map(row.accounts.map((account) => [account.id, account])),
    salesId: row.salesId ?? undefined,
    depositId: row.depositId ?? undefined,
    terms: new Map(row.terms.map((term) => [term.id, term])),
    deposits: knownDeposits(row),
    credited: await creditedDeferrals(
      context,
      inputs.flatMap((input) => (input.kind === "creditNote" ? (input.correctsId ?? []) : [])),
      isPosted,
    ),
    rates: await documentRates(
      context,
      row,
      inputs.flatMap((input) => (input.rate === undefined ? { currency: currencyOf(input) ?? row.currency, day: input.day } : [])),
    ),
  };
}

const customersOf = (inputs: readonly InvoiceInput[]): Id[] => [...new Set(inputs.map((input) => input.customerId))];

const customersSql = (tenantId: Id, inputs: readonly InvoiceInput[]): Sql => sql`coalesce((
  select json_agg(json_build_object('id', y.id, 'name', y.name, 'from', r.from_day, 'until', r.until_day, 'termId', c.payment_term_id,
    'isLimited', c.credit_limit is not null))
  from directory.party y
  join directory.party_role r on r.tenant_id = ${tenantId} and r.party_id = y.id and r.role = 'customer'
  left join finance.customer c on c.tenant_id = ${tenantId} and c.id = y.id
  where y.tenant_id = ${tenantId} and y.id = any(${customersOf(inputs)}::uuid[])), '[]')`;

const accountsSql = (tenantId: Id, inputs: readonly InvoiceInput[]): Sql => {
  const ids = [...new Set(inputs.flatMap((input) => input.lines.flatMap((line) => line.accountId ?? [])))];
  return sql`coalesce((
  select json_agg(json_build_object('id', a.id, 'code', a.code, 'type', a.type, 'isFit', not a.is_group and a.control is null))
  from finance.account a
  where a.tenant_id = ${tenantId} and a.book_id = b.id
    and (a.id = any(${ids}::uuid[]) or a.id in (select account_id from role))), '[]')`;
};

const termsSql = (tenantId: Id, inputs: readonly InvoiceInput[]): Sql => {
  const ids = [...new Set(inputs.flatMap((input) => input.paymentTermId ?? []))];
  return sql`coalesce((
  select json_agg(json_build_object('id', t.id, 'rule', t.rule, 'retiredFrom', t.retired_from))
  from finance.payment_term t
  where t.tenant_id = ${tenantId} and (t.id = any(${ids}::uuid[]) or t.id in (select c.payment_term_id from finance.customer c
    where c.tenant_id = ${tenantId} and c.id = any(${customersOf(inputs)}::uuid[])))), '[]')`;
};

const depositsOf = (inputs: readonly InvoiceInput[]): Id[] => [
  ...new Set(
    inputs.flatMap((input) => [
      ...(input.deposits ?? []).map((wish) => wish.depositId),
      // A credit note of a deposit.
      ...(input.kind === "creditNote" && input.isDeposit && input.correctsId ? [input.correctsId] : []),
    ]),
  ),
];

/** What is left of each deposit by tax code: asked for, less credited, less drawn by invoices that are posted or in a draft. */
const depositsSql = (tenantId: Id, inputs: readonly InvoiceInput[]): Sql => sql`coalesce((
  select json_agg(json_build_object('id', d.id, 'number', d.number, 'customerId', d.customer_id, 'accountId', d.account_id,
    'currency', d.currency, 'taxCodeId', d.tax_code_id, 'taxCode', d.tax_code, 'left', d.net_left::text, 'bookLeft', d.book_left::text))
  from (${depositsLeft(tenantId, depositsOf(inputs))}) d where d.book_id = b.id), '[]')`;

export const depositsLeft = (tenantId: Id, ids?: readonly Id[]): Sql => sql`
  select i.id, i.number, i.customer_id, i.book_id, i.day, i.currency, (array_agg(p.account_id) filter (where p.is_own))[1] as account_id,
    t.id as tax_code_id, t.code as tax_code, sum(p.net)::bigint as net_left, sum(p.book_net)::bigint as book_left
  from finance.invoice i
  cross join lateral (
    select l.tax_code_id, l.net, l.book_net, l.account_id, true as is_own from finance.invoice_line l
      where l.tenant_id = ${tenantId} and l.invoice_id = i.id
    union all
    select l.tax_code_id, -l.net, -l.book_net, l.account_id, false from finance.invoice c
      join finance.invoice_line l on l.tenant_id = ${tenantId} and l.invoice_id = c.id
      where c.tenant_id = ${tenantId} and c.corrects_id = i.id and c.state = 'posted'
    union all
    select l.tax_code_id, k.sign * l.net, k.sign * l.book_net, l.account_id, false from finance.invoice_line l
      join finance.invoice c on c.tenant_id = ${tenantId} and c.id = l.invoice_id
        and (c.state = 'posted' or (c.state = 'draft' and c.kind = 'invoice'))
      cross join lateral (select case c.kind when 'invoice' then 1 else -1 end as sign) k
      where l.tenant_id = ${tenantId} and l.deposit_id = i.id
  ) p
  join finance.tax_code t on t.tenant_id = ${tenantId} and t.id = p.tax_code_id
  where i.tenant_id = ${tenantId} and i.is_deposit and i.kind = 'invoice' and i.state = 'posted'
    ${ids ? sql`and i.id = any(${ids}::uuid[])` : sql``}
  group by i.id, i.number, i.customer_id, i.book_id, i.day, i.currency, t.id, t.code`;

function knownCustomers(row: GroundRow): Map<Id, KnownCustomer> {
  const spans = grouped(row.customers, (customer) => customer.id);
  return new Map(
    [...spans].map(([id, own]) => {
      const { name, termId, isLimited } = own[0]!;
      return [id, { id, name, spans: own, paymentTermId: termId, isLimited }];
    }),
  );
}

function knownDeposits(row: GroundRow) {
  const parts = grouped(row.deposits, (deposit) => deposit.id);
  return new Map(
    [...parts].map(([id, own]) => {
      const { number, customerId, accountId, currency } = own[0]!;
      const left = own.map(({ taxCodeId, taxCode, left: net, bookLeft }) => ({
        taxCodeId,
        taxCode,
        left: BigInt(net),
        bookLeft: bookLeft === null ? null : BigInt(bookLeft),
      }));
      return [
        id,
        { id, number, customerId, accountId, currency: currency ?? row.currency, bookCurrency: row.currency, parts: left },
      ] as const;
    }),
  );
}

function grouped<Key, Value>(values: readonly Value[], keyOf: (value: Value) => Key): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group) group.push(value);
    else groups.set(keyOf(value), [value]);
  }
  return groups;
}
