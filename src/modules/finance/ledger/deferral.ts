// Recognising parts of deferrals, and taking deferrals back: any number of them in one posting.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import type { Book } from "./book.ts";
import type { JournalEntryDraft } from "./entry.rules.ts";
import { postEntries } from "./posting.ts";
import { reverseAlong } from "./reversal.ts";

export type DeferralKind = "expense" | "income";

export interface ScheduledLine {
  readonly id: Id;
  readonly deferralId: Id;
  readonly text: string;
  readonly kind: DeferralKind;
  readonly fromAccountId: Id;
  readonly toAccountId: Id;
  readonly unitId: Id | null;
  readonly partyId: Id | null;
  readonly untilDay: Day;
  readonly amount: bigint;
}

/** Parts that are not posted yet, the earliest first; held until the transaction ends. */
export const scheduledLines = (context: WriteContext, bookId: Id, which: Sql): Promise<ScheduledLine[]> =>
  context.db.rows<ScheduledLine>(sql`
    select l.id, l.deferral_id, d.text, d.kind, d.from_account_id, d.to_account_id, d.unit_id, d.party_id, l.until_day, l.amount
    from finance.deferral_line l
    join finance.deferral d on d.tenant_id = ${context.tenantId} and d.id = l.deferral_id and d.book_id = ${bookId} and d.stopped_on is null
    where l.tenant_id = ${context.tenantId} and l.entry_id is null and ${which}
    order by l.until_day, l.id for update of l`);

/** Posts them on their last day, or on the first open day after it, with the day they belong to in the text. */
export async function postDeferralLines(context: WriteContext, book: Book, lines: readonly ScheduledLine[]): Promise<void> {
  if (lines.length === 0) return;
  const openOf = await openDays(
    context,
    book.id,
    lines.map((line) => line.untilDay),
  );
  const drafts = lines.map((line) => draftOf(line, openOf.get(line.untilDay) ?? line.untilDay, book.currency));
  const posted = await postEntries(context, drafts, book.id);
  await context.db.run(sql`
    update finance.deferral_line l set entry_id = p.entry_id, posted_day = p.day
    from unnest(${lines.map((line) => line.id)}::uuid[], ${posted.map((entry) => entry.id)}::uuid[],
      ${drafts.map((draft) => draft.day)}::date[]) as p (id, entry_id, day)
    where l.tenant_id = ${context.tenantId} and l.id = p.id`);
}

/** For each day the first from it on whose period is open and not locked for the ledger. */
async function openDays(context: WriteContext, bookId: Id, days: readonly Day[]): Promise<Map<Day, Day>> {
  const rows = await context.db.rows<{ day: Day; open: Day }>(sql`
    select d.day, min(greatest(p.from_day, d.day)) as open
    from unnest(${[...new Set(days)]}::date[]) as d (day)
    join finance.period p on p.tenant_id = ${context.tenantId} and p.book_id = ${bookId} and p.state = 'open' and p.until_day >= d.day
      and not p.locked_areas @> array['ledger']
    group by d.day`);
  return new Map(rows.map((row) => [row.day, row.open]));
}

function draftOf(line: ScheduledLine, day: Day, currency: string): JournalEntryDraft {
  const amount = new Money(line.amount, currency);
  const shared = { unitId: line.unitId ?? undefined, partyId: line.partyId ?? undefined };
  const to = { account: { id: line.toAccountId }, amount: line.kind === "expense" ? amount : amount.negated(), ...shared };
  const from = { account: { id: line.fromAccountId }, amount: to.amount.negated(), ...shared };
  return {
    journal: "GEN",
    day,
    text: (day === line.untilDay ? line.text : `${line.text} (for ${line.untilDay})`).slice(0, 300),
    document: { subject: "finance.deferral", id: line.deferralId },
    lines: line.kind === "expense" ? [to, from] : [from, to],
  };
}

/** Mirrors what was recognised and ends them; the whole amounts stand where they stood before. Refuses what reversing refuses. */
export async function reverseDeferrals(
  context: WriteContext,
  ids: readonly Id[],
  on: Day | undefined,
  reason: string,
): Promise<{ readonly parts: number; readonly amount: bigint }> {
  if (ids.length === 0) return { parts: 0, amount: 0n };
  const { tenantId } = context;
  const parts = await context.db.rows<{ entryId: Id; amount: bigint }>(sql`
    select entry_id, amount from finance.deferral_line
    where tenant_id = ${tenantId} and deferral_id = any(${ids}::uuid[]) and entry_id is not null order by deferral_id, position`);
  await reverseAlong(
    context,
    parts.map((part) => part.entryId),
    on,
    reason,
  );
  await context.db.run(sql`
    update finance.deferral set stopped_on = coalesce(stopped_on, ${context.today}::date), stop_reason = ${reason},
      reversed_on = ${context.today}
    where tenant_id = ${tenantId} and id = any(${ids}::uuid[])`);
  return { parts: parts.length, amount: parts.reduce((sum, part) => sum + part.amount, 0n) };
}
