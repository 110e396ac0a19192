// Entries that come again: on which days a template is due, and the lines it makes of an amount and a party.
import { addDays, type Day } from "../../../kernel/day.ts";
import { Decimal, decimal } from "../../../kernel/decimal.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import type { JournalLineDraft } from "./entry.rules.ts";
import { dueFrom, type Every, type Recurrence } from "./recurrence.rules.ts";

export const rhythms = ["monthly", "quarterly", "yearly"] as const;
export type Rhythm = (typeof rhythms)[number];
const everies: Readonly<Record<Rhythm, Every>> = { monthly: "month", quarterly: "quarter", yearly: "year" };

interface TemplateRhythm {
  readonly rhythm: Rhythm;
  /** Date of the month; 31 is its last day, whatever the month. */
  readonly onDate: number;
  readonly fromDay: Day;
  readonly untilDay: Day | null;
}

const recurrenceOf = ({ rhythm, onDate, fromDay, untilDay }: TemplateRhythm): Recurrence => ({
  start: fromDay,
  every: everies[rhythm],
  date: onDate,
  until: untilDay,
});

/** The due days until a day, in order: from `next` on, which is one of them, or from the first. */
export const dueDays = (template: TemplateRhythm, next: Day | null, until: Day): Day[] =>
  dueFrom(recurrenceOf(template), 0, until, Number.POSITIVE_INFINITY).due.filter((due) => next === null || due >= next);

/** The first due day after a day; null when nothing comes any more. */
export function nextDueDay(template: TemplateRhythm, after: Day | null): Day | null {
  const before = after === null || after < template.fromDay ? addDays(template.fromDay, -1) : after;
  return dueFrom(recurrenceOf(template), 0, before, Number.POSITIVE_INFINITY).next;
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
