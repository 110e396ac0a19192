// Journal entries: posted once, kept for ever, corrected by an entry that mirrors them.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { CurrencyCode, Day, Id, Instant, LongText, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { type JournalLineDraft, mirrored, postingRefusals } from "./entry.rules.ts";
import { settleReversal } from "./open-item.ts";
import { type PostedEntry, postEntry } from "./posting.ts";

export const journalRegister = register({
  name: "finance.journal",
  title: "Journals",
  does: "The journals of the books; each numbers its entries by itself, without gaps.",
  may: ["finance.accountant", "finance.manager"],
  row: z.object({
    id: Id,
    code: z.string(),
    name: z.string(),
    lastNumber: z.string().nullable(),
    books: z.string(),
    bookId: ref("finance.book"),
  }),
  label: "code",
  search: ["code", "name"],
  inner: true,
  from: (context) => sql`
    select j.id, j.code, j.name, b.name as books, j.book_id,
      (select h.series || '-' || h.fiscal_year || '-' || h.last_number from finance.number_head h
        where h.tenant_id = ${context.tenantId} and h.book_id = j.book_id and h.series = j.code
        order by h.fiscal_year desc limit 1) as last_number
    from finance.journal j join finance.book b on b.tenant_id = ${context.tenantId} and b.id = j.book_id
    where j.tenant_id = ${context.tenantId}`,
});

export const journalEntryRegister = register({
  name: "finance.journalEntry",
  title: "Journal entries",
  does: "Everything that was posted, each with its number, its document and its reversal.",
  may: ["finance.accountant", "finance.manager"],
  row: z.object({
    id: Id,
    number: z.string(),
    day: Day,
    text: z.string(),
    reference: z.string().nullable(),
    total: Money,
    journalId: ref("finance.journal"),
    journal: z.string(),
    periodId: ref("finance.period"),
    period: z.string(),
    documentSubject: z.string().nullable(),
    documentId: Id.nullable(),
    reversesId: ref("finance.journalEntry").nullable(),
    reverses: z.string().nullable(),
    reversedById: ref("finance.journalEntry").nullable(),
    reversedBy: z.string().nullable(),
    state: z.enum(["posted", "reversed"]),
    postedBy: z.string(),
    postedAt: Instant,
    currency: CurrencyCode,
  }),
  label: "number",
  search: ["number", "text", "reference"],
  sort: "-day",
  from: (context) => sql`
    select e.id, e.number, e.day, e.text, e.reference, e.total, b.currency, e.journal_id, j.name as journal, e.period_id, p.code as period,
      e.document_subject, e.document_id, e.reverses_id, o.number as reverses, x.id as reversed_by_id, x.number as reversed_by,
      case when x.id is null then 'posted' else 'reversed' end as state, e.by_name as posted_by, e.posted_at
    from finance.journal_entry e
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = e.book_id
    join finance.journal j on j.tenant_id = ${context.tenantId} and j.id = e.journal_id
    join finance.period p on p.tenant_id = ${context.tenantId} and p.id = e.period_id
    left join finance.journal_entry o on o.tenant_id = ${context.tenantId} and o.id = e.reverses_id
    left join finance.journal_entry x on x.tenant_id = ${context.tenantId} and x.reverses_id = e.id
    where e.tenant_id = ${context.tenantId}`,
});

export const journalLineRegister = register({
  name: "finance.journalLine",
  title: "Journal lines",
  does: "The lines of the journal entries, debit and credit, with party and cost centre.",
  may: ["finance.accountant", "finance.manager"],
  inner: true,
  row: z.object({
    id: Id,
    line: z.string(),
    entryId: ref("finance.journalEntry"),
    entry: z.string(),
    position: z.number().int(),
    day: Day,
    accountId: ref("finance.account"),
    account: z.string(),
    debit: Money.nullable(),
    credit: Money.nullable(),
    text: z.string(),
    partyId: ref("directory.party").nullable(),
    party: z.string().nullable(),
    unitId: ref("directory.unit").nullable(),
    currency: CurrencyCode,
  }),
  label: "line",
  search: ["text"],
  sort: "position",
  from: (context) => sql`
    select l.id, e.number || ' / ' || l.position as line, l.entry_id, e.number as entry, l.position, l.day, l.account_id,
      a.code || ' ' || a.name as account, case when l.amount > 0 then l.amount end as debit,
      case when l.amount < 0 then -l.amount end as credit, coalesce(l.text, e.text) as text, l.party_id, y.name as party, l.unit_id,
      b.currency
    from finance.journal_line l
    join finance.journal_entry e on e.tenant_id = ${context.tenantId} and e.id = l.entry_id
    join finance.account a on a.tenant_id = ${context.tenantId} and a.id = l.account_id
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = e.book_id
    left join directory.party y on y.tenant_id = ${context.tenantId} and y.id = l.party_id
    where l.tenant_id = ${context.tenantId}`,
});

const Line = z.strictObject({
  accountId: ref("finance.account"),
  debit: Money.optional(),
  credit: Money.optional(),
  partyId: ref("directory.party").optional().describe("The customer or supplier, for receivables and payables."),
  unitId: ref("directory.unit").optional().describe("The cost centre."),
  text: Text(200).optional(),
});

export const postJournalEntry = operation({
  name: "finance.journalEntry.post",
  title: "Post a journal entry",
  does: "Posts an entry of two or more lines whose debits and credits are equal.",
  kind: "write",
  previews: true,
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({
    bookId: ref("finance.book").optional().describe("By default the main books."),
    journal: z.string().max(8).default("GEN").describe("Code of the journal."),
    day: Day,
    text: Text(200),
    reference: Text(60).optional(),
    lines: z.array(Line).min(1).max(1000),
  }),
  output: z.object({ id: Id, number: z.string() }),
  refuses: {
    ...postingRefusals,
    sideMissing: "Each line has either a debit or a credit, and it is not negative. Correct line {line}.",
  },
  emits: ["finance.journalEntry.posted"],
  async run(input, context) {
    const lines = input.lines.map((line, index): JournalLineDraft => {
      const { accountId, debit, credit, ...rest } = line;
      const side = debit ?? credit;
      if (!side || (debit && credit) || side.minor < 0n) refuse("sideMissing", { line: index + 1 }, ["lines", index]);
      return { ...rest, account: { id: accountId }, amount: debit ?? side.negated() };
    });
    const { journal, day, text, reference } = input;
    const { id, number } = await postEntry(context, { journal, day, text, reference, lines }, input.bookId);
    context.emit("finance.journalEntry.posted", { journalEntryId: id, number });
    return { id, number };
  },
});

interface EntryRow {
  id: KernelId;
  bookId: KernelId;
  journal: string;
  number: string;
  currency: string;
  documentSubject: string | null;
  documentId: KernelId | null;
  reversedBy: string | null;
}

/**
 * Posts the mirror of an entry and settles its open items against each other.
 * Refuses `notFound`, `alreadyReversed`, `itemsSettled` and whatever posting refuses.
 */
export async function reverseEntry(context: WriteContext, entryId: KernelId, on: KernelDay, reason: string): Promise<PostedEntry> {
  const { tenantId } = context;
  const entry = await context.db.maybe<EntryRow>(sql`
    select e.id, e.book_id, j.code as journal, e.number, b.currency, e.document_subject, e.document_id, x.number as reversed_by
    from finance.journal_entry e
    join finance.journal j on j.tenant_id = ${tenantId} and j.id = e.journal_id
    join finance.book b on b.tenant_id = ${tenantId} and b.id = e.book_id
    left join finance.journal_entry x on x.tenant_id = ${tenantId} and x.reverses_id = e.id
    where e.tenant_id = ${tenantId} and e.id = ${entryId}`);
  if (!entry) refuse("notFound");
  if (entry.reversedBy) refuse("alreadyReversed", { number: entry.number, by: entry.reversedBy });
  const lines = await context.db.rows<{
    id: KernelId;
    accountId: KernelId;
    amount: bigint;
    partyId: KernelId | null;
    unitId: KernelId | null;
    text: string | null;
  }>(sql`
    select id, account_id, amount, party_id, unit_id, text from finance.journal_line
    where tenant_id = ${tenantId} and entry_id = ${entryId} order by position`);
  const drafts = lines.map((line): JournalLineDraft => ({
    account: { id: line.accountId },
    amount: new KernelMoney(line.amount, entry.currency),
    partyId: line.partyId ?? undefined,
    unitId: line.unitId ?? undefined,
    text: line.text ?? undefined,
  }));
  const document = entry.documentId ? { subject: entry.documentSubject!, id: entry.documentId } : undefined;
  const reversal = await postEntry(
    context,
    {
      journal: entry.journal,
      day: on,
      text: `Reversal of ${entry.number}: ${reason}`.slice(0, 300),
      reference: entry.number,
      document,
      reversesId: entryId,
      lines: mirrored(drafts),
    },
    entry.bookId,
  );
  await settleReversal(
    context,
    lines.map((line, index) => ({ itemId: line.id, mirrorId: reversal.lineIds[index]! })),
    on,
  );
  return reversal;
}

export const reversalRefusals = {
  ...postingRefusals,
  notFound: "There is no such entry.",
  alreadyReversed: "This entry was reversed before. Post a new one if it was right after all.",
  itemsSettled: "{reference} is settled already, in whole or in part. Undo its allocations first: heartwood finance allocation list",
} as const;

export const reverseJournalEntry = operation({
  name: "finance.journalEntry.reverse",
  title: "Reverse an entry",
  does: "Posts the exact mirror of an entry on a day and says why; both stay in the books.",
  kind: "write",
  previews: true,
  may: ["finance.manager", "finance.accountant"],
  input: z.strictObject({ journalEntryId: ref("finance.journalEntry"), on: Day, reason: LongText(200).min(3, "says why, in a few words") }),
  output: z.object({ id: Id, number: z.string() }),
  refuses: {
    ...reversalRefusals,
    documentOwnsEntry: "Entry {number} belongs to a document. Correct the document, so that it knows of it.",
  },
  constraints: { journal_entry_reversed_once: "alreadyReversed" },
  when: (record) => record["state"] === "posted" && record["reversesId"] === null && record["documentSubject"] === null,
  emits: ["finance.journalEntry.reversed"],
  async run(input, context) {
    const entry = await context.db.maybe<{ number: string; documentSubject: string | null }>(sql`
      select number, document_subject from finance.journal_entry where tenant_id = ${context.tenantId} and id = ${input.journalEntryId}`);
    if (entry?.documentSubject) refuse("documentOwnsEntry", { number: entry.number });
    const { id, number } = await reverseEntry(context, input.journalEntryId, input.on, input.reason);
    context.emit("finance.journalEntry.reversed", { journalEntryId: input.journalEntryId, reversalId: id, reason: input.reason });
    return { id, number };
  },
});
