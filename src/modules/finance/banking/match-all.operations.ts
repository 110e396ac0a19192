// Matching a whole account at once: the house posts what unique and strong evidence shows, and says why for every line. What is plain is
// found in one statement and posted in batches; the rest is weighed line by line, some hundreds at a time.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { Day, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { type BankAccount, bankAccountOf, bankAccountUnknown } from "../ledger/bank-account.operations.ts";
import { paymentRefusals } from "../payments/payment.ts";
import { isForeign, ratedDays } from "./foreign-currency.ts";
import { type Candidate, candidatesOf, decide, groundAfter } from "./match.rules.ts";
import type { MatchGround } from "./match-ground.rules.ts";
import { fillKeys, type PlainMatch, plainMatches, reasonsOf } from "./match-set.store.ts";
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
type Outcome = z.output<typeof LineOutcome>;

const batchMax = 5000;
/** Weighing reads texts and names, so that more of them at once would hold the others up. */
const weighedMax = 1000;
const toldMax = 500;

const plainScore = { number: 90, account: 70 } as const;

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
    const looked = await lockLines(context, account, input.limit, after);
    const plain = isForeign(account) ? [] : await plainMatches(context, account, input.limit, after);
    const told = await settlePlain(context, account, plain);
    const rest = await weighRest(context, account, { looked: looked.count, plain: plain.length, after, until: looked.until });
    const matched = plain.length + rest.matched;
    if (matched > 0) context.emit("finance.bankAccount.matched", { bankAccountId: account.id, matched });
    const lines = [...told, ...rest.outcomes];
    const some = (did: Outcome["did"]): Outcome[] => lines.filter((line) => line.did === did).slice(0, toldMax);
    const waiting = await waitingAfter(context, account, rest.next);
    return {
      matched,
      left: rest.left,
      waiting,
      next: waiting > 0 ? (rest.next?.id ?? null) : null,
      lines: [...some("matched"), ...some("left")],
    };
  },
});

export interface LinePlace {
  readonly day: KernelDay;
  readonly id: KernelId;
}

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

async function waitingAfter(context: ReadContext, account: MatchAccount, next: LinePlace | undefined): Promise<number> {
  if (!next) return 0;
  const { count } = await context.db.row<{ count: number }>(sql`
    select count(*)::int as count from finance.bank_line
    where tenant_id = ${context.tenantId} and bank_account_id = ${account.id} and state = 'unmatched'
      and (day, id) > (${next.day}::date, ${next.id}::uuid)`);
  return count;
}

/** Posts what is plain in batches; only the first are told one by one. */
async function settlePlain(context: WriteContext, account: BankAccount, plain: readonly PlainMatch[]): Promise<Outcome[]> {
  for (let from = 0; from < plain.length; from += batchMax) {
    const batch = plain.slice(from, from + batchMax).map((one) => plainSettlement(one, account));
    await settle(context, account, batch);
  }
  return plain.slice(0, toldMax).map((one): Outcome => {
    const amount = new KernelMoney(one.amount, account.currency);
    const why = reasonsOf(one, amount.abs().toString()).join(" ");
    const score = one.account === null ? plainScore.number : plainScore.account;
    const { lineId: bankLineId, day, text, party, reference: settles } = one;
    return { bankLineId, day, amount, text, did: "matched", party, settles, score, why };
  });
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
  readonly looked: number;
  readonly plain: number;
  readonly after: LinePlace | undefined;
  readonly until: LinePlace | undefined;
}

async function weighRest(context: WriteContext, account: BankAccount, { looked, plain, after, until }: Rest) {
  if (!until || looked === plain) return { matched: 0, left: 0, outcomes: [], next: until };
  const lines = await linesWhere(
    context,
    sql`l.bank_account_id = ${account.id} and l.state = 'unmatched' and (l.day, l.id) <= (${until.day}::date, ${until.id}::uuid)
      ${after ? sql`and (l.day, l.id) > (${after.day}::date, ${after.id}::uuid)` : sql``}`,
    sql`order by l.day, l.id limit ${weighedMax}`,
  );
  const isOpen = await openDays(context, account);
  const rated = await ratedDays(
    context,
    account,
    lines.map((line) => line.day),
  );
  const isClosed = (day: KernelDay): string | undefined => {
    if (!isOpen(day)) return `The books take no postings on ${day}: its period is closed or missing.`;
    return rated.has(day) ? undefined : `The books know no rate of ${account.currency} on ${day}.`;
  };
  const { settlements, outcomes } = weigh(lines, await loadGround(context, account, lines), isClosed);
  await settle(context, account, settlements);
  const last = lines.at(-1);
  const isAll = lines.length < weighedMax;
  return { matched: settlements.length, left: lines.length - settlements.length, outcomes, next: isAll || !last ? until : last };
}

/** Whether the books take postings on a day: one period that does not would refuse all lines. */
async function openDays(context: WriteContext, account: MatchAccount): Promise<(day: KernelDay) => boolean> {
  const periods = await context.db.rows<{ fromDay: KernelDay; untilDay: KernelDay }>(sql`
    select from_day, until_day from finance.period
    where tenant_id = ${context.tenantId} and book_id = ${account.bookId} and state = 'open'`);
  return (day) => periods.some((period) => period.fromDay <= day && day <= period.untilDay);
}

function weigh(lines: readonly StoredLine[], ground: MatchGround, isClosed: (day: KernelDay) => string | undefined) {
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
