// Weighing bank lines one by one: the best candidate of each, whether it is strong and unique, and why it is left when it is not.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Day, Money, ref } from "../../../platform/operation/field.ts";
import type { BankAccount } from "../ledger/bank-account.operations.ts";
import { ratedDays } from "./foreign-currency.ts";
import { type Candidate, candidatesOf, decide, groundAfter } from "./match.rules.ts";
import type { MatchGround } from "./match-ground.rules.ts";
import { type PlainMatch, reasonsOf } from "./match-set.store.ts";
import type { MatchAccount, StoredLine } from "./match.store.ts";
import type { Settlement } from "./settle.ts";

export const LineOutcome = z.object({
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
export type Outcome = z.output<typeof LineOutcome>;

/** Weighing reads texts and names, so that more of them at once would hold the others up. */
export const weighedMax = 1000;
export const toldMax = 500;

/** The first of those that were matched and of those that were left. */
export const firstOf = (outcomes: readonly Outcome[]): Outcome[] =>
  (["matched", "left"] as const).flatMap((did) => outcomes.filter((one) => one.did === did).slice(0, toldMax));

const plainScore = { number: 90, account: 70 } as const;

export function plainOutcome(one: PlainMatch, { currency }: BankAccount): Outcome {
  const amount = new KernelMoney(one.amount, currency);
  const why = reasonsOf(one, amount.abs().toString()).join(" ");
  const score = one.account === null ? plainScore.number : plainScore.account;
  const { lineId: bankLineId, day, text, party, reference: settles } = one;
  return { bankLineId, day, amount, text, did: "matched", party, settles, score, why };
}

interface Weighed {
  readonly settlements: readonly Settlement[];
  readonly outcomes: readonly Outcome[];
}

/** Each line takes from the ground what it settles, so that none after it settles the same. */
export async function weigh(
  context: ReadContext,
  account: BankAccount,
  lines: readonly StoredLine[],
  ground: MatchGround,
): Promise<Weighed> {
  const days = lines.map((line) => line.day);
  const [isOpen, rated] = await Promise.all([openDays(context, account), ratedDays(context, account, days)]);
  const isClosed = (day: KernelDay): string | undefined => {
    if (!isOpen(day)) return `The books take no postings on ${day}: its period is closed or missing.`;
    return rated.has(day) ? undefined : `The books know no rate of ${account.currency} on ${day}.`;
  };
  return decideAll(lines, ground, isClosed);
}

/** Whether the books take postings on a day: one period that does not would refuse all lines. */
async function openDays(context: ReadContext, account: MatchAccount): Promise<(day: KernelDay) => boolean> {
  const periods = await context.db.rows<{ fromDay: KernelDay; untilDay: KernelDay }>(sql`
    select from_day, until_day from finance.period
    where tenant_id = ${context.tenantId} and book_id = ${account.bookId} and state = 'open'`);
  return (day) => periods.some((period) => period.fromDay <= day && day <= period.untilDay);
}

function decideAll(lines: readonly StoredLine[], ground: MatchGround, isClosed: (day: KernelDay) => string | undefined): Weighed {
  let left = ground;
  const settlements: Settlement[] = [];
  const outcomes = lines.map((line): Outcome => {
    const candidates = candidatesOf(line, left);
    const closed = isClosed(line.day);
    const verdict = closed === undefined ? decide(candidates, left.order) : { left: closed };
    const best = "chosen" in verdict ? verdict.chosen : candidates[0];
    const told = { bankLineId: line.id, day: line.day, amount: line.amount, text: line.text, score: best?.score ?? null };
    const settles = best ? settlesOf(best) : null;
    if (!("chosen" in verdict)) return { ...told, did: "left", party: best?.party?.name ?? null, settles, why: verdict.left };
    settlements.push(settlementOf(line, verdict.chosen));
    left = groundAfter(left, verdict.chosen);
    return { ...told, did: "matched", party: best?.party?.name ?? null, settles, why: verdict.chosen.reasons.join(" ") };
  });
  return { settlements, outcomes };
}

const settlesOf = ({ shares, booked, rule }: Candidate): string | null =>
  shares.map((share) => share.item.reference).join(", ") || (booked?.entry ?? rule?.account ?? null);

function settlementOf(line: StoredLine, { shares, booked, rule, reasons }: Candidate): Settlement {
  return {
    line,
    shares: shares.map(({ item, amount }) => ({ itemId: item.id, partyId: item.partyId, direction: item.direction, amount })),
    booked: booked ?? undefined,
    rule: rule ?? undefined,
    reasons,
    isAutomatic: true,
    day: line.day,
  };
}
