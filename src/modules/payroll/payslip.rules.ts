// What someone is paid for a month, step by step: pay by calendar days, one-off amounts, deductions and the employer's part.
// Every line says how it came about. Rounding: half up to a minor unit, once for each line.
import { type Day, daysBetween, endOfMonth } from "../../kernel/day.ts";
import { Decimal } from "../../kernel/decimal.ts";
import { Money, sumMoney } from "../../kernel/money.ts";

export interface PaidSpan {
  readonly firstDay: Day;
  readonly lastDay: Day;
  readonly pay: Money;
  readonly payPeriod: "month" | "year" | "hour";
  readonly hoursWeekly: string;
}

export interface Extra {
  readonly kind: "earning" | "deduction";
  readonly name: string;
  readonly amount: Money;
}

/** An element with its rate for the month. */
export interface RatedElement {
  readonly code: string;
  readonly name: string;
  readonly kind: "deduction" | "employer";
  readonly basis: "gross" | "taxable";
  readonly lowersTax: boolean;
  readonly percent: string;
  /** Left free in a month. */
  readonly allowance: Money;
  /** The most a month counts. */
  readonly ceiling: Money | null;
}

export interface PayslipInput {
  readonly month: Day;
  readonly currency: string;
  readonly spans: readonly PaidSpan[];
  /** Calendar days of unpaid leave. */
  readonly unpaidDays: string;
  readonly extras: readonly Extra[];
  readonly elements: readonly RatedElement[];
}

export interface PayslipLine {
  readonly kind: "earning" | "deduction" | "employer";
  readonly code: string;
  readonly name: string;
  readonly amount: Money;
  readonly says: string;
}

export interface Payslip {
  readonly lines: readonly PayslipLine[];
  readonly gross: Money;
  readonly deductions: Money;
  readonly net: Money;
  readonly employer: Money;
}

/** Pay, extras, then deductions of the gross, then those of what is left to be taxed, then the employer's part. */
export function payslip(input: PayslipInput): Payslip {
  const earnings = [...input.spans.map((span) => payLine(span, input.month)), ...unpaidLines(input), ...extraLines(input, "earning")];
  const gross = total(earnings, input.currency);
  const ofGross = rated(input, "deduction", "gross", gross);
  const lowered = total(
    ofGross.filter((line) => input.elements.some((element) => element.code === line.code && element.lowersTax)),
    input.currency,
  );
  const taxable = gross.minus(lowered);
  const deductions = [...ofGross, ...rated(input, "deduction", "taxable", taxable), ...extraLines(input, "deduction")];
  const employer = [...rated(input, "employer", "gross", gross), ...rated(input, "employer", "taxable", taxable)];
  const deducted = total(deductions, input.currency);
  return {
    lines: [...earnings, ...deductions, ...employer],
    gross,
    deductions: deducted,
    net: gross.minus(deducted),
    employer: total(employer, input.currency),
  };
}

const total = (lines: readonly PayslipLine[], currency: string): Money =>
  sumMoney(
    lines.map((line) => line.amount),
    currency,
  );

const daysOf = (month: Day): number => daysBetween(month, endOfMonth(month)) + 1;

/** Pay for a whole month as an exact factor of the agreed pay. */
function monthlyFactor(span: PaidSpan): { factor: Decimal; says: string } {
  if (span.payPeriod === "month") return { factor: new Decimal(1), says: `${span.pay.toString()} a month` };
  if (span.payPeriod === "year") return { factor: new Decimal(1).dividedBy(12), says: `${span.pay.toString()} a year / 12` };
  const factor = new Decimal(span.hoursWeekly).times(52).dividedBy(12);
  return { factor, says: `${span.pay.toString()} an hour x ${new Decimal(span.hoursWeekly).toFixed()} hours x 52 / 12` };
}

function payLine(span: PaidSpan, month: Day): PayslipLine {
  const inMonth = daysOf(month);
  const days = daysBetween(span.firstDay, span.lastDay) + 1;
  const { factor, says } = monthlyFactor(span);
  const amount = span.pay.times(factor.times(days).dividedBy(inMonth), "halfUp");
  const part = days === inMonth ? "" : ` x ${days} of ${inMonth} days, ${span.firstDay} to ${span.lastDay}`;
  return { kind: "earning", code: "PAY", name: "Pay", amount, says: says + part };
}

/** Unpaid leave costs a calendar day's part of the latest pay for each day, at most what was earned. */
function unpaidLines(input: PayslipInput): PayslipLine[] {
  const last = input.spans.at(-1);
  const days = new Decimal(input.unpaidDays);
  if (!last || days.isZero()) return [];
  const inMonth = daysOf(input.month);
  const earned = total(
    input.spans.map((span) => payLine(span, input.month)),
    input.currency,
  );
  const whole = last.pay.times(monthlyFactor(last).factor.times(days).dividedBy(inMonth), "halfUp");
  const amount = (whole.compare(earned) > 0 ? earned : whole).negated();
  const says = `${monthlyFactor(last).says} x ${days.toFixed()} of ${inMonth} days of unpaid leave`;
  return [{ kind: "earning", code: "UNPAID", name: "Unpaid leave", amount, says }];
}

const extraLines = (input: PayslipInput, kind: "earning" | "deduction"): PayslipLine[] =>
  input.extras
    .filter((extra) => extra.kind === kind)
    .map(({ name, amount }) => ({ kind, code: "EXTRA", name, amount, says: "Entered for this month" }));

function rated(input: PayslipInput, kind: RatedElement["kind"], basis: RatedElement["basis"], of: Money): PayslipLine[] {
  return input.elements
    .filter((element) => element.kind === kind && element.basis === basis)
    .map((element) => ({ kind, code: element.code, name: element.name, ...amountOf(element, of) }));
}

function amountOf(element: RatedElement, basis: Money): { amount: Money; says: string } {
  const zero = Money.zero(basis.currency);
  const capped = element.ceiling && basis.compare(element.ceiling) > 0 ? element.ceiling : basis;
  const free = capped.minus(element.allowance);
  const counted = free.compare(zero) > 0 ? free : zero;
  const amount = counted.times(new Decimal(element.percent).dividedBy(100), "halfUp");
  const steps = [
    `${new Decimal(element.percent).toFixed()} % of ${counted.toString()}`,
    element.basis === "taxable" ? "of the taxable pay" : "of the gross pay",
    capped === basis ? "" : `at most ${capped.toString()} counts`,
    element.allowance.equals(zero) ? "" : `${element.allowance.toString()} left free`,
  ];
  return { amount, says: steps.filter((step) => step !== "").join(", ") };
}
