// Matching a whole account at once: the house posts what unique and strong evidence shows, and says why for every line.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { bankAccountOf, bankAccountUnknown } from "../ledger/bank-account.operations.ts";
import { paymentRefusals } from "../payments/payment.ts";
import { foreignCurrencyLater, requireBookCurrency } from "./foreign-currency.ts";
import { type Candidate, candidatesOf, decide, groundAfter } from "./match.rules.ts";
import type { MatchGround } from "./match-ground.rules.ts";
import { linesWhere, loadGround, type MatchAccount, type StoredLine } from "./match.store.ts";
import { settle, type Settlement } from "./settle.ts";

const LineOutcome = z.object({
  bankLineId: ref("finance.bankLine"),
  day: Day,
  amount: Money,
  text: z.string(),
  did: z.enum(["matched", "left"]),
  party: z.string().nullable(),
  settles: z.string().nullable(),
  score: z.number().int().nullable().describe("Of its best candidate."),
  why: z.string(),
});

export const matchAllBankLines = operation({
  name: "finance.bankLine.matchAll",
  title: "Match all bank lines",
  does: "Posts every unmatched line whose evidence is strong and unique, leaves the others for a person, and says why for each.",
  kind: "write",
  previews: true,
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({
    bankAccountId: ref("finance.bankAccount"),
    limit: z.number().int().min(1).max(5000).default(1000).describe("At most so many lines, the oldest first."),
  }),
  output: z.object({ matched: z.number().int(), left: z.number().int(), lines: z.array(LineOutcome) }),
  refuses: { bankAccountUnknown, foreignCurrencyLater, bankAccountRetired: paymentRefusals.bankAccountRetired },
  emits: ["finance.bankAccount.matched"],
  async run(input, context) {
    const account = await bankAccountOf(context, input.bankAccountId);
    requireBookCurrency(account);
    const lines = await linesWhere(
      context,
      sql`l.bank_account_id = ${account.id} and l.state = 'unmatched'`,
      sql`order by l.day, l.id limit ${input.limit} for update of l`,
    );
    const isOpen = await openDays(context, account);
    const { settlements, outcomes } = weigh(lines, await loadGround(context, account, lines), isOpen);
    await settle(context, account, settlements);
    const matched = settlements.length;
    if (matched > 0) context.emit("finance.bankAccount.matched", { bankAccountId: account.id, matched });
    return { matched, left: lines.length - matched, lines: outcomes };
  },
});

/** Whether the books take postings on a day: one period that does not would refuse all lines. */
async function openDays(context: WriteContext, account: MatchAccount): Promise<(day: KernelDay) => boolean> {
  const periods = await context.db.rows<{ fromDay: KernelDay; untilDay: KernelDay }>(sql`
    select from_day, until_day from finance.period
    where tenant_id = ${context.tenantId} and book_id = ${account.bookId} and state = 'open'`);
  return (day) => periods.some((period) => period.fromDay <= day && day <= period.untilDay);
}

function weigh(lines: readonly StoredLine[], ground: MatchGround, isOpen: (day: KernelDay) => boolean) {
  let left = ground;
  const settlements: Settlement[] = [];
  const outcomes = lines.map((line): z.output<typeof LineOutcome> => {
    const candidates = candidatesOf(line, left);
    const verdict = isOpen(line.day)
      ? decide(candidates)
      : { left: `The books take no postings on ${line.day}: its period is closed or missing.` };
    const best = "chosen" in verdict ? verdict.chosen : candidates[0];
    const told = { bankLineId: line.id, day: line.day, amount: line.amount, text: line.text, score: best?.score ?? null };
    const settles = best ? best.shares.map((share) => share.item.reference).join(", ") || (best.booked?.entry ?? null) : null;
    if (!("chosen" in verdict)) return { ...told, did: "left", party: best?.party?.name ?? null, settles, why: verdict.left };
    settlements.push(settlementOf(line, verdict.chosen));
    left = groundAfter(left, verdict.chosen);
    return { ...told, did: "matched", party: best?.party?.name ?? null, settles, why: verdict.chosen.reasons.join(" ") };
  });
  return { settlements, outcomes };
}

function settlementOf(line: StoredLine, { shares, booked, reasons }: Candidate): Settlement {
  return {
    line,
    shares: shares.map(({ item, amount }) => ({ itemId: item.id, partyId: item.partyId, direction: item.direction, amount })),
    booked: booked ?? undefined,
    reasons,
    isAutomatic: true,
    day: line.day,
  };
}
