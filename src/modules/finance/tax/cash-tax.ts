// Tax that is due on payment: as a document is settled, the same share of its tax leaves the account where it waits and becomes due; when
// a settlement is undone, it goes back. What is due is always the tax times what is settled of the document, so nothing can drift. What is
// taken off, as a discount or a bad debt, is dropped and never due.
//
// | settled             | Dr                     | Cr                      |
// |---------------------|------------------------|-------------------------|
// | of an invoice       | tax not yet due        | output tax              |
// | of a bill           | input tax              | tax not yet due         |
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import type { JournalEntryDraft, JournalLineDraft } from "../ledger/entry.rules.ts";
import { postEntries } from "../ledger/posting.ts";
import { type DuePart, duePart } from "./cash-tax.rules.ts";
import { insertTaxLines, type TaxLineDraft } from "./tax.ts";

interface PendingRow extends DuePart {
  readonly id: Id;
  readonly bookId: Id;
  readonly currency: string;
  readonly taxCodeId: Id;
  readonly side: "output" | "input";
  readonly percent: string;
  readonly baseBox: string | null;
  readonly taxBox: string | null;
  readonly partyId: Id | null;
  readonly documentSubject: string;
  readonly documentId: Id;
  readonly reference: string;
  readonly day: Day;
  readonly accountId: Id;
  readonly pendingAccountId: Id;
}

type DueRow = PendingRow & { readonly due: { readonly base: bigint; readonly tax: bigint } };

/** Called whenever items were settled, or a settlement undone, in the same transaction. Items without tax that waits cost one statement. */
export async function settleCashTax(context: WriteContext, itemIds: readonly Id[], day: Day): Promise<void> {
  if (itemIds.length === 0) return;
  const rows = await pendingOf(context, itemIds, day);
  const moved = rows.map((row): DueRow => ({ ...row, due: duePart(row) })).filter(({ due }) => due.tax !== 0n || due.base !== 0n);
  for (const bookId of new Set(moved.map((row) => row.bookId))) {
    await postDue(
      context,
      bookId,
      moved.filter((row) => row.bookId === bookId),
    );
  }
}

async function postDue(context: WriteContext, bookId: Id, rows: readonly DueRow[]): Promise<void> {
  const documents = new Map<Id, DueRow[]>();
  for (const row of rows) documents.set(row.documentId, [...(documents.get(row.documentId) ?? []), row]);
  const posting = [...documents.values()].filter((own) => own.some((row) => row.due.tax !== 0n));
  const entries = await postEntries(context, posting.map(dueEntry), bookId);
  const lines = posting.flatMap((own, index) => own.map((row) => taxLineOf(row, entries[index]!.id)));
  await insertTaxLines(context, lines);
}

function dueEntry(rows: readonly DueRow[]): JournalEntryDraft {
  const [first] = rows;
  const lines = rows
    .filter((row) => row.due.tax !== 0n)
    .flatMap((row): JournalLineDraft[] => {
      const owed = new Money(row.side === "output" ? row.due.tax : -row.due.tax, row.currency);
      const text = `Tax ${row.percent} % due with the payment`;
      return [
        { account: { id: row.pendingAccountId }, amount: owed, text },
        { account: { id: row.accountId }, amount: owed.negated(), text },
      ];
    });
  return {
    journal: "GEN",
    day: first!.day,
    text: `Tax due with the payment of ${first!.reference}`.slice(0, 300),
    reference: first!.reference,
    document: { subject: first!.documentSubject, id: first!.documentId },
    lines,
  };
}

const taxLineOf = (row: DueRow, entryId: Id): TaxLineDraft => ({
  entryId,
  day: row.day,
  document: { subject: row.documentSubject, id: row.documentId },
  partyId: row.partyId,
  pendingId: row.id,
  record: {
    taxCodeId: row.taxCodeId,
    side: row.side,
    percent: row.percent,
    base: new Money(row.due.base, row.currency),
    tax: new Money(row.due.tax, row.currency),
    cost: Money.zero(row.currency),
    baseBox: row.baseBox,
    taxBox: row.taxBox,
    isPending: false,
  },
});

/** What waits of the documents these items belong to, how much of each document is settled, and what of its tax became due before. */
async function pendingOf(context: WriteContext, itemIds: readonly Id[], day: Day): Promise<PendingRow[]> {
  const { tenantId } = context;
  return context.db.rows<PendingRow>(sql`
    select w.id, c.book_id, b.currency, w.tax_code_id, w.side, trim_scale(w.percent)::text as percent, w.base_box, w.tax_box, w.party_id,
      w.document_subject, w.document_id, o.reference, greatest(${day}::date, w.day) as day, w.base, w.tax, o.whole,
      o.settled - w.dropped as settled,
      coalesce(d.base, 0)::bigint as base_before, coalesce(d.tax, 0)::bigint as tax_before,
      case w.side when 'output' then c.output_account_id else c.input_account_id end as account_id, c.pending_account_id
    from finance.tax_pending w
    join finance.tax_code c on c.tenant_id = ${tenantId} and c.id = w.tax_code_id
    join finance.book b on b.tenant_id = ${tenantId} and b.id = c.book_id
    cross join lateral (
      select min(i.reference) as reference, abs(sum(i.currency_amount))::bigint as whole,
        abs(sum(i.currency_amount - i.open_currency_amount))::bigint as settled
      from finance.open_item i where i.tenant_id = ${tenantId} and i.entry_id = w.entry_id) o
    left join lateral (
      select sum(t.base) as base, sum(t.tax) as tax from finance.tax_line t where t.tenant_id = ${tenantId} and t.pending_id = w.id) d
        on true
    where w.tenant_id = ${tenantId} and not w.is_void and w.entry_id in (
      select i.entry_id from finance.open_item i where i.tenant_id = ${tenantId} and i.id = any(${itemIds}::uuid[]))
    order by w.id`);
}
