// What stands behind lines of the books: what settled them, the bank lines that paid them and why they were matched, the tax and its rate,
// and the days they are for where they are spread.
// Set-based: any number of lines in four statements.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";

export interface Settlement {
  readonly allocationId: Id;
  readonly day: Day;
  readonly amount: bigint;
  readonly currency: string;
  readonly currencyAmount: bigint;
  readonly by: string;
  readonly at: Date;
  /** The item on the other side. */
  readonly itemId: Id;
  readonly entryId: Id;
  readonly entry: string;
  readonly reference: string;
  readonly documentSubject: string | null;
  readonly documentId: Id | null;
}

export interface BankEvidence {
  readonly bankLineId: Id;
  readonly bankAccount: string;
  readonly day: Day;
  readonly amount: bigint;
  readonly currency: string;
  readonly counterparty: string | null;
  readonly text: string;
  readonly reasons: readonly string[];
  readonly isAutomatic: boolean;
  readonly by: string;
}

export interface TaxEvidence {
  readonly taxCodeId: Id;
  readonly code: string;
  readonly name: string;
  readonly side: "output" | "input";
  readonly percent: string;
  readonly rateFrom: Day | null;
  readonly base: bigint;
  readonly tax: bigint;
}

/** A deferral that an entry recognised a part of, or that began with its document. */
export interface SpreadEvidence {
  readonly deferral: string;
  readonly fromDay: Day;
  readonly untilDay: Day;
  readonly amount: bigint;
  /** Of a document: where what is spread is held. */
  readonly heldAccountId: Id | null;
}

export interface Chain {
  readonly settlements: readonly Settlement[];
  readonly bank: readonly BankEvidence[];
  readonly taxes: readonly TaxEvidence[];
  readonly spread: readonly SpreadEvidence[];
}

interface LinePlace {
  readonly lineId: Id | null;
  readonly entryId: Id;
  readonly accountId: Id | null;
}

export async function chainsOf(context: ReadContext, lines: readonly LinePlace[], knownAt: Date | undefined): Promise<Chain[]> {
  if (lines.length === 0) return [];
  const settled = await settlementsOf(
    context,
    lines.flatMap((line) => line.lineId ?? []),
    knownAt,
  );
  const entryIds = [...new Set([...lines.map((line) => line.entryId), ...settled.map((one) => one.entryId)])];
  const bank = groupedBy(await bankLinesOf(context, entryIds, knownAt), (one) => one.entryId);
  const taxes = groupedBy(await taxesOf(context, entryIds), (one) => one.entryId);
  const spread = groupedBy(
    await spreadOf(
      context,
      lines.map((line) => line.entryId),
    ),
    (one) => one.entryId,
  );
  const byLine = groupedBy(settled, (one) => one.lineId);
  return lines.map(({ lineId, entryId, accountId }) => {
    const settlements = (lineId && byLine.get(lineId)) || [];
    const entries = new Set([entryId, ...settlements.map((one) => one.entryId)]);
    return {
      settlements,
      bank: [...entries].flatMap((id) => bank.get(id) ?? []),
      taxes: taxes.get(entryId) ?? [],
      spread: (spread.get(entryId) ?? []).filter((one) => one.heldAccountId === null || one.heldAccountId === accountId),
    };
  });
}

function groupedBy<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}

/** Allocations that held at the moment, seen from the item that is the line. */
function settlementsOf(context: ReadContext, lineIds: readonly Id[], knownAt: Date | undefined): Promise<(Settlement & { lineId: Id })[]> {
  const { tenantId } = context;
  const seen = (own: Sql, other: Sql): Sql => sql`
    select l.id as line_id, a.id as allocation_id, a.day, a.amount, coalesce(a.currency_amount, a.amount) as currency_amount,
      a.by_name as by, a.at, a.${other} as item_id
    from unnest(${lineIds}::uuid[]) as l (id)
    join finance.allocation a on a.tenant_id = ${tenantId} and a.${own} = l.id and a.undoes_id is null
    where ${knownAt ? sql`a.at <= ${knownAt} and` : sql``} not exists (select from finance.allocation u
      where u.tenant_id = ${tenantId} and u.undoes_id = a.id ${knownAt ? sql`and u.at <= ${knownAt}` : sql``})`;
  return context.db.rows(sql`
    select s.*, o.currency, o.entry_id, e.number as entry, o.reference, o.document_subject, o.document_id
    from (${seen(sql`debit_item_id`, sql`credit_item_id`)} union all ${seen(sql`credit_item_id`, sql`debit_item_id`)}) s
    join finance.open_item o on o.tenant_id = ${tenantId} and o.id = s.item_id
    join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = o.entry_id
    order by s.day, s.allocation_id`);
}

const bankLinesOf = (
  context: ReadContext,
  entryIds: readonly Id[],
  knownAt: Date | undefined,
): Promise<(BankEvidence & { entryId: Id })[]> =>
  context.db.rows(sql`
    select distinct p.entry_id, b.id as bank_line_id, k.name as bank_account, b.day, b.amount, k.currency,
      b.counterparty_name as counterparty,
      b.text, m.reasons, m.is_automatic, m.by_name as by
    from finance.bank_match_part p
    join finance.bank_match m on m.tenant_id = ${context.tenantId} and m.id = p.match_id
    join finance.bank_line b on b.tenant_id = ${context.tenantId} and b.id = m.bank_line_id
    join finance.bank_account k on k.tenant_id = ${context.tenantId} and k.id = b.bank_account_id
    where p.tenant_id = ${context.tenantId} and p.entry_id = any(${entryIds}::uuid[])
      and ${knownAt ? sql`m.at <= ${knownAt} and (m.ended_at is null or m.ended_at > ${knownAt})` : sql`m.ended_at is null`}
    order by b.day, b.id`);

const taxesOf = (context: ReadContext, entryIds: readonly Id[]): Promise<(TaxEvidence & { entryId: Id })[]> =>
  context.db.rows(sql`
    select t.entry_id, t.tax_code_id, c.code, c.name, t.side, trim_scale(t.percent)::text as percent, lower(r.during) as rate_from,
      t.base, t.tax
    from finance.tax_line t
    join finance.tax_code c on c.tenant_id = ${context.tenantId} and c.id = t.tax_code_id
    left join lateral (
      -- What a credit note took back was charged at the rate of another day.
      select r.during from finance.tax_rate r where r.tenant_id = ${context.tenantId} and r.tax_code_id = t.tax_code_id
      order by (r.percent = t.percent) desc, (r.during @> t.day) desc, lower(r.during) desc limit 1) r on true
    where t.tenant_id = ${context.tenantId} and t.entry_id = any(${entryIds}::uuid[])
    order by t.side desc, c.code, t.percent`);

const spreadOf = (context: ReadContext, entryIds: readonly Id[]): Promise<(SpreadEvidence & { entryId: Id })[]> => {
  const { tenantId } = context;
  const ids = [...new Set(entryIds)];
  return context.db.rows(sql`
    select s.entry_id, d.text as deferral, d.from_day, d.until_day, d.amount,
      case when s.begins then d.from_account_id end as held_account_id
    from (
      select l.entry_id, l.deferral_id, false as begins from finance.deferral_line l
      where l.tenant_id = ${tenantId} and l.entry_id = any(${ids}::uuid[])
      union all
      select e.id, d.id, true from finance.journal_entry e
      join finance.bill_line l on l.tenant_id = ${tenantId} and l.bill_id = e.document_id
      join finance.deferral d on d.tenant_id = ${tenantId} and d.bill_line_id = l.id
      where e.tenant_id = ${tenantId} and e.id = any(${ids}::uuid[])
      union all
      select e.id, d.id, true from finance.journal_entry e
      join finance.invoice_line l on l.tenant_id = ${tenantId} and l.invoice_id = e.document_id
      join finance.deferral d on d.tenant_id = ${tenantId} and d.invoice_line_id = l.id
      where e.tenant_id = ${tenantId} and e.id = any(${ids}::uuid[])) s
    join finance.deferral d on d.tenant_id = ${tenantId} and d.id = s.deferral_id
    order by d.from_day, d.id`);
};
