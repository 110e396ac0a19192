// When a policy applies: a short list of comparisons over what is asked for, the record it is about, and who asks. All have to hold.
import { decimal, isDecimalText } from "../../../kernel/decimal.ts";
import { Money } from "../../../kernel/money.ts";

export const comparisons = ["atLeast", "lessThan", "equals", "differs", "oneOf", "given", "missing", "firstTime"] as const;
export type Comparison = (typeof comparisons)[number];

export interface Condition {
  /** A field of the input, `lines.amount` within lists, `record.kind` of the record, `requester.unitId` of who asks. */
  readonly field: string;
  readonly is: Comparison;
  readonly value?: string | undefined;
  readonly amount?: { readonly amount: string; readonly currency: string } | undefined;
  readonly values?: readonly string[] | undefined;
}

export interface Facts {
  readonly input: unknown;
  readonly record?: unknown;
  readonly requester?: unknown;
}

/** Every value that a field has, through lists too: a policy about lines applies when one of them fits. */
export function valuesAt(facts: Facts, field: string): unknown[] {
  const [first, ...rest] = field.split(".");
  const inFacts = rest.length > 0 && (first === "record" || first === "requester");
  let found: unknown[] = [inFacts ? facts[first] : facts.input];
  for (const name of inFacts ? rest : [first!, ...rest]) {
    found = found.flat().flatMap((one) => (isFields(one) && name in one ? [one[name]] : []));
  }
  return found.flat().filter((one) => one !== null && one !== undefined && one !== "");
}

/** `known` holds the identifiers that were named before, for `firstTime`. */
export function fits(conditions: readonly Condition[], facts: Facts, known: ReadonlySet<string> = new Set()): boolean {
  return conditions.every((condition) => holds(condition, valuesAt(facts, condition.field), known));
}

function holds(condition: Condition, values: readonly unknown[], known: ReadonlySet<string>): boolean {
  switch (condition.is) {
    case "given":
      return values.length > 0;
    case "missing":
      return values.length === 0;
    case "firstTime":
      return values.some((value) => !known.has(String(value)));
    case "oneOf":
      return values.some((value) => condition.values?.some((one) => compare(value, one) === 0));
    case "differs":
      return !values.some((value) => compare(value, wanted(condition)) === 0);
    case "equals":
      return values.some((value) => compare(value, wanted(condition)) === 0);
    case "lessThan":
      return values.length > 0 && values.every((value) => (compare(value, wanted(condition)) ?? 0) < 0);
    case "atLeast":
      return values.some((value) => (compare(value, wanted(condition)) ?? 0) >= 0);
  }
}

const wanted = (condition: Condition): unknown => condition.amount ?? condition.value;

/**
 * Undefined when the two cannot be compared, such as amounts in two currencies: whoever asks for "at least" is then asked too, because
 * rates change and limits do not.
 */
function compare(value: unknown, other: unknown): number | undefined {
  if (isMoney(value) || isMoney(other)) {
    if (!isMoney(value) || !isMoney(other) || value.currency !== other.currency) return undefined;
    return order(Money.parse(value.amount, value.currency).abs().minor, Money.parse(other.amount, other.currency).minor);
  }
  const [a, b] = [String(value), String(other)];
  if (isDecimalText(a) && isDecimalText(b)) return decimal(a).comparedTo(decimal(b));
  return order(a, b);
}

const order = <T>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> => value !== null && typeof value === "object";

export const isMoney = (value: unknown): value is { amount: string; currency: string } =>
  isFields(value) && typeof value["amount"] === "string" && typeof value["currency"] === "string";
