// Taking a match back: its payments and entries are mirrored, what they settled is open again, and the line waits for its match.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { mirrorDay, reversalRefusals, reverseEntry } from "../ledger/reversal.ts";
import { undoAllocations } from "../ledger/allocation.ts";
import { reversePayment } from "../payments/payment.ts";

interface PartRow {
  entryId: KernelId;
  paymentId: KernelId | null;
  isOwn: boolean;
  isReversed: boolean;
}

interface LineRow {
  id: KernelId;
  state: string;
  matchId: KernelId | null;
}

export const unmatchBankLine = operation({
  name: "finance.bankLine.unmatch",
  title: "Unmatch a bank line",
  does: "Takes back everything a match posted and settled; the line is open work again, and both entries stay in the books.",
  kind: "write",
  previews: true,
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({
    bankLineId: ref("finance.bankLine"),
    on: Day.optional().describe("The day it is taken back on; by default the day it was posted on, or the first open day after it."),
    reason: Text(200).default("Matched wrongly"),
  }),
  output: z.object({ id: Id, reversed: z.array(z.string()).describe("Numbers of the entries that mirror what was posted.") }),
  refuses: {
    lineUnknown: "There is no such bank line. See: heartwood finance bank-line list",
    lineNotMatched: "This line is {state}, so there is nothing to take back.",
    ...reversalRefusals,
  },
  constraints: { journal_entry_reversed_once: "alreadyReversed" },
  when: (record) => ["matched", "posted", "ignored"].includes(String(record["state"])),
  emits: ["finance.bankLine.unmatched"],
  async run(input, context) {
    const line = await lockLine(context, input.bankLineId);
    if (!["matched", "posted", "ignored"].includes(line.state)) refuse("lineNotMatched", { state: line.state });
    const reversed: string[] = [];
    for (const part of await partsOf(context, line.matchId)) {
      if (!part.isOwn || part.isReversed) continue;
      reversed.push((await takeBack(context, part, input.on, input.reason)).number);
    }
    await endMatch(context, line);
    context.emit("finance.bankLine.unmatched", { bankLineId: line.id, reason: input.reason });
    return { id: line.id, reversed };
  },
});

async function lockLine(context: WriteContext, id: KernelId): Promise<LineRow> {
  const { tenantId } = context;
  const line = await context.db.maybe<LineRow>(sql`
    select l.id, l.state, m.id as match_id from finance.bank_line l
    left join finance.bank_match m on m.tenant_id = ${tenantId} and m.bank_line_id = l.id and m.ended_at is null
    where l.tenant_id = ${tenantId} and l.id = ${id} for update of l`);
  return line ?? refuse("lineUnknown", {}, ["bankLineId"]);
}

const partsOf = (context: WriteContext, matchId: KernelId | null): Promise<PartRow[]> =>
  context.db.rows<PartRow>(sql`
    select distinct q.entry_id, q.payment_id, q.is_own,
      exists (select from finance.journal_entry x where x.tenant_id = ${context.tenantId} and x.reverses_id = q.entry_id) as is_reversed
    from finance.bank_match_part q
    where q.tenant_id = ${context.tenantId} and q.match_id = ${matchId} and q.is_live order by q.entry_id`);

/** A match has a handful of parts: one for each party it pays, and one for a fee. */
async function takeBack(context: WriteContext, part: PartRow, wanted: KernelDay | undefined, reason: string) {
  if (part.paymentId) return reversePayment(context, part.paymentId, wanted, reason);
  const on = await mirrorDay(context, part.entryId, wanted);
  const lines = await context.db.rows<{ id: KernelId }>(sql`
    select id from finance.journal_line where tenant_id = ${context.tenantId} and entry_id = ${part.entryId}`);
  await undoAllocations(context, { itemIds: lines.map((line) => line.id) }, on);
  return reverseEntry(context, part.entryId, on, reason);
}

async function endMatch(context: WriteContext, line: LineRow): Promise<void> {
  const { tenantId } = context;
  await context.db.run(sql`
    update finance.bank_match_part set is_live = false where tenant_id = ${tenantId} and match_id = ${line.matchId}`);
  await context.db.run(sql`
    update finance.bank_match set ended_at = ${context.now}, ended_by_name = ${context.actor.name}
    where tenant_id = ${tenantId} and id = ${line.matchId}`);
  await context.db.run(sql`
    update finance.bank_line set state = 'unmatched', ignore_reason = null where tenant_id = ${tenantId} and id = ${line.id}`);
}
