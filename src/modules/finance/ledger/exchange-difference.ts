// Realised currency differences: what two items in another currency were carried at differently when one settled the other. They belong
// to the match, and go with it when it is undone (IAS 21.28).
//
// | the debit item carried | Dr                    | Cr                    |
// |------------------------|-----------------------|-----------------------|
// | more                   | loss on exchange      | control, of the party |
// | less                   | control, of the party | gain on exchange      |
import { type Day, later } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import type { JournalEntryDraft } from "./entry.rules.ts";
import type { Match } from "./open-item.rules.ts";
import { postEntries } from "./posting.ts";
import { reverseAlong } from "./reversal.ts";

interface Side {
  readonly id: Id;
  readonly bookId: Id;
  readonly bookCurrency: string;
  readonly currency: string;
  readonly accountId: Id;
  readonly partyId: Id;
  readonly reference: string;
  readonly day: Day;
  readonly dueDay: Day;
}

interface DifferenceRow {
  readonly id: Id;
  readonly matchId: Id;
  readonly debitId: Id;
  readonly creditId: Id;
  readonly minor: bigint;
  readonly currencyMinor: bigint;
}

type MatchMade = Match & { readonly id: Id };

/** Posts one entry for each match and returns the allocations that settle its line on the control account at once. */
export async function bookDifferences(context: WriteContext, matches: readonly MatchMade[], day: Day): Promise<DifferenceRow[]> {
  const sides = await sidesOf(context, matches);
  const bookIds = [...new Set([...sides.values()].map((side) => side.bookId))];
  const rows: DifferenceRow[] = [];
  // One set of books as a rule; several only where a match was made in each.
  for (const bookId of bookIds) {
    const ofBook = matches.filter((match) => sides.get(match.debitId)!.bookId === bookId);
    const entries = await postEntries(
      context,
      ofBook.map((match) => differenceEntry(match, sides, day)),
      bookId,
    );
    rows.push(
      ...ofBook.map((match, index) => {
        const itemId = entries[index]!.lineIds[0]!;
        const settled = { id: context.newId(), matchId: match.id, currencyMinor: 0n };
        return match.difference > 0n
          ? { ...settled, debitId: match.debitId, creditId: itemId, minor: match.difference }
          : { ...settled, debitId: itemId, creditId: match.creditId, minor: -match.difference };
      }),
    );
  }
  return rows;
}

async function sidesOf(context: WriteContext, matches: readonly Match[]): Promise<Map<Id, Side>> {
  const { tenantId } = context;
  const rows = await context.db.rows<Side>(sql`
    select o.id, o.book_id, b.currency as book_currency, o.currency, o.account_id, o.party_id, o.reference, o.day, o.due_day
    from finance.open_item o join finance.book b on b.tenant_id = ${tenantId} and b.id = o.book_id
    where o.tenant_id = ${tenantId} and o.id = any(${matches.flatMap((match) => [match.debitId, match.creditId])}::uuid[])`);
  return new Map(rows.map((row) => [row.id, row]));
}

function differenceEntry(match: MatchMade, sides: ReadonlyMap<Id, Side>, day: Day): JournalEntryDraft {
  const debit = sides.get(match.debitId)!;
  const credit = sides.get(match.creditId)!;
  const difference = new Money(match.difference, debit.bookCurrency);
  return {
    journal: "GEN",
    day: later(day, later(debit.day, credit.day)),
    text: `Currency difference: ${debit.reference} settled by ${credit.reference}`.slice(0, 300),
    reference: debit.reference,
    document: { subject: "finance.allocation", id: match.id },
    lines: [
      {
        account: { id: debit.accountId },
        amount: difference.negated(),
        foreign: new Money(0n, debit.currency),
        partyId: debit.partyId,
        dueDay: debit.dueDay,
      },
      { account: { role: match.difference > 0n ? "exchangeLoss" : "exchangeGain" }, amount: difference },
    ],
  };
}

/** Takes back the differences of matches that were undone. */
export async function reverseDifferences(context: WriteContext, matchIds: readonly Id[], day: Day): Promise<void> {
  if (matchIds.length === 0) return;
  const rows = await context.db.rows<{ id: Id }>(sql`
    select e.id from finance.journal_entry e
    where e.tenant_id = ${context.tenantId} and e.document_id = any(${matchIds}::uuid[]) and e.document_subject = 'finance.allocation'
      and e.reverses_id is null
      and not exists (select from finance.journal_entry x where x.tenant_id = ${context.tenantId} and x.reverses_id = e.id)`);
  await reverseAlong(
    context,
    rows.map((row) => row.id),
    day,
    "the settlement was undone",
  );
}
