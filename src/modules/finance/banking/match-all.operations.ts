// Matching a whole account at once: the house posts what unique and strong evidence shows, and says why for every line. What is plain is
// found in one statement and posted in batches; the rest is weighed line by line, some hundreds at a time.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { countGrownTables } from "../../../platform/database/statistics.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { type BankAccount, bankAccountOf, bankAccountUnknown } from "../ledger/bank-account.operations.ts";
import { paymentRefusals } from "../payments/payment.ts";
import { isForeign } from "./foreign-currency.ts";
import { fillKeys, type LinePlace, type LineRange, type PlainMatch, plainMatches, reasonsOf, unmatchedIn } from "./match-set.store.ts";
import { linesWhere, loadGround, type MatchAccount } from "./match.store.ts";
import { firstOf, LineOutcome, type Outcome, plainOutcome, toldMax, weigh, weighedMax } from "./match-weigh.ts";
import { settle, type Settlement } from "./settle.ts";

const batchMax = 5000;

export const matchAllBankLines = operation({
  name: "finance.bankLine.matchAll",
  title: "Match all bank lines",
  does: "Posts every unmatched line whose evidence is strong and unique, leaves the others for a person, and says why for each.",
  kind: "write",
  previews: true,
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({
    bankAccountId: ref("finance.bankAccount"),
    limit: z.number().int().min(1).max(200_000).default(1000).describe("At most so many lines, the oldest first."),
    after: ref("finance.bankLine").optional().describe("Goes on after this line: the `next` of the call before."),
  }),
  output: z.object({
    matched: z.number().int(),
    left: z.number().int().describe("Looked at, and left for a person."),
    waiting: z.number().int().describe("Not looked at yet: call again with `after`."),
    next: ref("finance.bankLine").nullable(),
    lines: z.array(LineOutcome).describe("At most 500 that were matched and 500 that were left."),
  }),
  refuses: {
    bankAccountUnknown,
    lineUnknown: "There is no such bank line. See: heartwood finance bank-line list",
    bankAccountRetired: paymentRefusals.bankAccountRetired,
  },
  emits: ["finance.bankAccount.matched"],
  async run(input, context) {
    const account = await bankAccountOf(context, input.bankAccountId);
    await fillKeys(context, account);
    const after = await placeOf(context, input.after);
    const { count, until } = await lockLines(context, account, input.limit, after);
    if (!until) return { matched: 0, left: 0, waiting: 0, next: null, lines: [] };
    const range = { after, until };
    const plain = isForeign(account) ? [] : await plainMatches(context, account, range);
    await settlePlain(context, account, plain);
    const rest = await weighRest(context, account, range, count - plain.length);
    const matched = plain.length + rest.matched;
    if (matched > 0) context.emit("finance.bankAccount.matched", { bankAccountId: account.id, matched });
    const waiting = await waitingAfter(context, account, rest.next);
    const told = plain.slice(0, toldMax).map((one) => plainOutcome(one, account));
    return {
      matched,
      left: rest.left,
      waiting,
      next: waiting > 0 ? rest.next.id : null,
      lines: firstOf([...told, ...rest.outcomes]),
    };
  },
});

async function placeOf(context: ReadContext, id: KernelId | undefined): Promise<LinePlace | undefined> {
  if (id === undefined) return undefined;
  const found = await context.db.maybe<LinePlace>(sql`
    select day, id from finance.bank_line where tenant_id = ${context.tenantId} and id = ${id}`);
  return found ?? refuse("lineUnknown", {}, ["after"]);
}

/** Locks what will be looked at in one order, without reading it. */
async function lockLines(context: WriteContext, account: MatchAccount, limit: number, after: LinePlace | undefined) {
  const found = await context.db.row<{ count: number; day: KernelDay | null; id: KernelId | null }>(sql`
    with locked as materialized (
      select l.id, l.day from finance.bank_line l
      where l.tenant_id = ${context.tenantId} and l.bank_account_id = ${account.id} and l.state = 'unmatched'
        ${after ? sql`and (l.day, l.id) > (${after.day}::date, ${after.id}::uuid)` : sql``}
      order by l.day, l.id limit ${limit} for update
    )
    select (select count(*)::int from locked) as count, z.day, z.id from (select 1) one
    left join (select day, id from locked order by day desc, id desc limit 1) z on true`);
  return { count: found.count, until: found.id && found.day ? { day: found.day, id: found.id } : undefined };
}

async function waitingAfter(context: ReadContext, account: MatchAccount, next: LinePlace): Promise<number> {
  const { count } = await context.db.row<{ count: number }>(sql`
    select count(*)::int as count from finance.bank_line
    where tenant_id = ${context.tenantId} and bank_account_id = ${account.id} and state = 'unmatched'
      and (day, id) > (${next.day}::date, ${next.id}::uuid)`);
  return count;
}

async function settlePlain(context: WriteContext, account: BankAccount, plain: readonly PlainMatch[]): Promise<void> {
  for (let from = 0; from < plain.length; from += batchMax) {
    if (from === batchMax) await countGrownTables(context.db);
    const batch = plain.slice(from, from + batchMax).map((one) => plainSettlement(one, account));
    await settle(context, account, batch);
  }
}

function plainSettlement(one: PlainMatch, { currency }: BankAccount): Settlement {
  const amount = new KernelMoney(one.amount, currency);
  const { itemId, partyId, direction } = one;
  return {
    line: { id: one.lineId, day: one.day, amount, text: one.text },
    shares: [{ itemId, partyId, direction, amount: amount.abs() }],
    reasons: reasonsOf(one, amount.abs().toString()),
    isAutomatic: true,
    day: one.day,
  };
}

interface Rest {
  readonly matched: number;
  readonly left: number;
  readonly outcomes: readonly Outcome[];
  /** The last line that was looked at. */
  readonly next: LinePlace;
}

async function weighRest(context: WriteContext, account: BankAccount, range: LineRange, count: number): Promise<Rest> {
  if (count === 0) return { matched: 0, left: 0, outcomes: [], next: range.until };
  const lines = await linesWhere(context, unmatchedIn(context, account, range), sql`order by l.day, l.id limit ${weighedMax}`);
  const { settlements, outcomes } = await weigh(context, account, lines, await loadGround(context, account, lines));
  await settle(context, account, settlements);
  const isAll = lines.length < weighedMax;
  return { matched: settlements.length, left: lines.length - settlements.length, outcomes, next: isAll ? range.until : lines.at(-1)! };
}
