// Entries that come again: on which days a template is due, and the lines it makes of an amount and a party.
import { addMonths, type Day, startOfMonth } from "../../../kernel/day.ts";
import { Decimal, decimal } from "../../../kernel/decimal.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import type { JournalLineDraft } from "./entry.rules.ts";
import { onDate } from "./period.rules.ts";

export const rhythms = ["monthly", "quarterly", "yearly"] as const;
export type Rhythm = (typeof rhythms)[number];
const monthsOf: Readonly<Record<Rhythm, number>> = { monthly: 1, quarterly: 3, yearly: 12 };

export interface Recurrence {
  readonly rhythm: Rhythm;
  /** Date of the month; 31 is its last day, whatever the month. */
  readonly onDate: number;
  readonly fromDay: Day;
  readonly untilDay: Day | null;
}

/** The due days until a day, in order: from `next` on, which is one of them, or from the first. */
export function dueDays(recurrence: Recurrence, next: Day | null, until: Day): Day[] {
  const days: Day[] = [];
  const end = recurrence.untilDay !== null && recurrence.untilDay < until ? recurrence.untilDay : until;
  const first = next ?? recurrence.fromDay;
  for (let month = startOfMonth(recurrence.fromDay); month <= end; month = addMonths(month, monthsOf[recurrence.rhythm])) {
    const due = onDate(month, recurrence.onDate);
    if (due >= first && due >= recurrence.fromDay && due <= end) days.push(due);
  }
  return days;
}

/** The first due day after a day; null when nothing comes any more. */
export function nextDueDay(recurrence: Recurrence, after: Day | null): Day | null {
  const horizon = addMonths(after === null || after < recurrence.fromDay ? recurrence.fromDay : after, monthsOf[recurrence.rhythm] + 1);
  return dueDays(recurrence, null, horizon).find((due) => after === null || due > after) ?? null;
}

export interface TemplateLine {
  readonly accountId: Id;
  /** Debit positive, credit negative: an amount in minor units, or a percentage of the amount given. */
  readonly amount: bigint | null;
  readonly percent: string | null;
  readonly takesParty: boolean;
  readonly unitId: Id | null;
  readonly dimensions: Readonly<Record<string, string>> | null;
  readonly text: string | null;
}

export interface TemplateAnswers {
  readonly amount: Money | undefined;
  readonly partyId: Id | undefined;
}

const isZero = (values: readonly Decimal[]): boolean => values.reduce((sum, value) => sum.plus(value), new Decimal(0)).isZero();

/** Whether debit and credit are equal, whatever amount is given. */
export const templateBalances = (lines: readonly TemplateLine[]): boolean =>
  isZero(lines.map((line) => decimal(line.percent ?? "0"))) && lines.reduce((sum, line) => sum + (line.amount ?? 0n), 0n) === 0n;

/** The lines of an entry; each side's shares of the amount are split by largest remainder, so that the sides stay equal. */
export function linesOfTemplate(lines: readonly TemplateLine[], answers: TemplateAnswers, currency: string): JournalLineDraft[] {
  const shares = { debit: sharesOf(lines, answers.amount, 1), credit: sharesOf(lines, answers.amount, -1) };
  return lines.map((line, index) => {
    const share = shares.debit.get(index) ?? shares.credit.get(index);
    return {
      account: { id: line.accountId },
      amount: share ?? new Money(line.amount ?? 0n, currency),
      partyId: line.takesParty ? answers.partyId : undefined,
      unitId: line.unitId ?? undefined,
      dimensions: line.dimensions ?? undefined,
      text: line.text ?? undefined,
    };
  });
}

function sharesOf(lines: readonly TemplateLine[], amount: Money | undefined, side: 1 | -1): Map<number, Money> {
  const own = lines.flatMap((line, index) => {
    const percent = decimal(line.percent ?? "0").times(side);
    return percent.gt(0) ? [{ index, percent }] : [];
  });
  if (!amount || own.length === 0) return new Map();
  const whole = own.reduce((sum, { percent }) => sum.plus(percent), new Decimal(0));
  const parts = amount.times(whole.div(100), "halfUp").allocate(own.map(({ percent }) => BigInt(percent.times(1_000_000).toFixed(0))));
  return new Map(own.map(({ index }, place) => [index, side === 1 ? parts[place]! : parts[place]!.negated()]));
}
