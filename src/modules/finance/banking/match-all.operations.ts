// Matching a whole account at once: the house posts what unique and strong evidence shows, and says why for every line. What is plain is
// found in one statement and posted in batches; the rest is weighed line by line, some hundreds at a time.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { inBatches } from "../../../platform/database/batches.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { type BankAccount, bankAccountOf, bankAccountUnknown } from "../ledger/bank-account.operations.ts";
import { inBulk } from "../ledger/bulk.ts";
import { paymentRefusals } from "../payments/payment.ts";
import { lineUnknown } from "./bank-line.operations.ts";
import { isForeign } from "./foreign-currency.ts";
import {
  fillKeys,
  type LinePlace,
  type LineRange,
  type PlainMatch,
  plainMatches,
  rangeBehind,
  reasonsOf,
  unmatchedIn,
} from "./match-set.store.ts";
import { linesWhere, loadGround } from "./match.store.ts";
import { firstOf, LineOutcome, type Outcome, plainOutcome, toldMax, weigh, weighedMax } from "./match-weigh.ts";
import { settle, type Settlement } from "./settle.ts";

// Measured: 300 and 1,000 take a sixth less than 5,000, of which nothing could wait in the socket (see `inBatches`).
const batchMax = 1000;

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
    lineUnknown,
    bankAccountRetired: paymentRefusals.bankAccountRetired,
  },
  emits: ["finance.bankAccount.matched"],
  async run(input, context) {
    const account = await bankAccountOf(context, input.bankAccountId);
    await fillKeys(context, account);
    const after = await placeOf(context, input.after);
    // Locked in one order, without reading them.
    const { count, range } = await rangeBehind(context, account, after, sql`limit ${input.limit} for update`);
    if (!range) return { matched: 0, left: 0, waiting: 0, next: null, lines: [] };
    const plain = isForeign(account) ? [] : await plainMatches(context, account, range);
    await settlePlain(context, account, plain);
    const rest = await weighRest(context, account, range, count - plain.length);
    const matched = plain.length + rest.matched;
    if (matched > 0) context.emit("finance.bankAccount.matched", { bankAccountId: account.id, matched });
    const { count: waiting } = await rangeBehind(context, account, rest.next);
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

async function settlePlain(context: WriteContext, account: BankAccount, plain: readonly PlainMatch[]): Promise<void> {
  if (plain.length === 0) return;
  await inBulk(context, account.bookId, () =>
    inBatches(context.db, plain, batchMax, (batch) =>
      settle(
        context,
        account,
        batch.map((one) => plainSettlement(one, account)),
      ),
    ),
  );
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
