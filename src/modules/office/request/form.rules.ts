// Typed forms as records: which fields a form has, which of them are shown for what was answered, and whether answers fit.
import { isDecimalText } from "../../../kernel/decimal.ts";
import { isDay } from "../../../kernel/day.ts";
import { isId } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";

export const fieldKinds = [
  "text",
  "longText",
  "number",
  "money",
  "day",
  "choice",
  "choices",
  "yesNo",
  "person",
  "place",
  "record",
  "file",
] as const;
export type FieldKind = (typeof fieldKinds)[number];

export interface FormField {
  /** In camelCase; the address of a prefilled form names it. */
  readonly name: string;
  readonly label: string;
  readonly kind: FieldKind;
  readonly help?: string;
  readonly required?: boolean;
  /** Of a choice. */
  readonly options?: readonly string[];
  /** Of a record: the register it stands in, e.g. `it.device`. */
  readonly register?: string;
  /** Shown only when an earlier field that is shown has one of these answers. */
  readonly showWhen?: { readonly field: string; readonly is: readonly string[] };
  readonly least?: number;
  readonly most?: number;
}

export type Answers = Readonly<Record<string, unknown>>;

export interface FieldMistake {
  readonly field: string;
  readonly label: string;
  readonly says: string;
}

/** What is wrong with a form itself, in a sentence; undefined when it can be answered. */
export function mistakeInForm(fields: readonly FormField[]): string | undefined {
  const earlier = new Map<string, FormField>();
  for (const field of fields) {
    const { name, label, options = [], showWhen } = field;
    if (earlier.has(name)) return `${name} stands twice.`;
    const isChoice = field.kind === "choice" || field.kind === "choices";
    if (isChoice && new Set(options).size < 2) return `${label} needs at least two different options.`;
    if (!isChoice && options.length > 0) return `${label} takes no options.`;
    if ((field.kind === "record") !== (field.register !== undefined)) return `${label}: a record, and only a record, names its register.`;
    if (field.least !== undefined && field.most !== undefined && field.least > field.most)
      return `${label} takes nothing: least is above most.`;
    const asked = showWhen && earlier.get(showWhen.field);
    if (showWhen && !asked) return `${label} depends on ${showWhen.field}, which does not stand before it.`;
    if (showWhen && asked && !showWhen.is.every((one) => possible(asked).includes(one))) {
      return `${label} waits for an answer that ${asked.label} cannot have.`;
    }
    earlier.set(name, field);
  }
  return undefined;
}

const possible = (field: FormField): readonly string[] => (field.kind === "yesNo" ? ["yes", "no"] : (field.options ?? []));

/** The fields that are asked for, given what was answered to those before them. */
export function shownFields(fields: readonly FormField[], answers: Answers): FormField[] {
  const shown = new Set<string>();
  return fields.filter((field) => {
    const { showWhen } = field;
    const isShown = !showWhen || (shown.has(showWhen.field) && answersOf(answers[showWhen.field]).some((one) => showWhen.is.includes(one)));
    if (isShown) shown.add(field.name);
    return isShown;
  });
}

const answersOf = (value: unknown): string[] => {
  if (typeof value === "boolean") return [value ? "yes" : "no"];
  return Array.isArray(value) ? value.map(String) : typeof value === "string" ? [value] : [];
};

/** The answers to the fields that are shown, and the first thing that does not fit. What was answered to hidden fields is left out. */
export function fitAnswers(fields: readonly FormField[], answers: Answers): { answers: Answers; mistake?: FieldMistake } {
  const fitting: Record<string, unknown> = {};
  const unknown = Object.keys(answers).find((name) => !fields.some((field) => field.name === name));
  if (unknown !== undefined) return { answers: fitting, mistake: { field: unknown, label: unknown, says: "the form does not ask for it" } };
  for (const field of shownFields(fields, answers)) {
    const value = answers[field.name];
    const { name, label } = field;
    if (isBlank(value)) {
      if (field.required) return { answers: fitting, mistake: { field: name, label, says: "is needed" } };
      continue;
    }
    const says = mistakeIn(field, value);
    if (says) return { answers: fitting, mistake: { field: name, label, says } };
    fitting[name] = value;
  }
  return { answers: fitting };
}

const isBlank = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === "string" && value.trim() === "") ||
  (Array.isArray(value) && value.length === 0);

type Check = (value: unknown, field: FormField) => string | undefined;

const oneId: Check = (value) => (typeof value === "string" && isId(value) ? undefined : "must be chosen from the list");

const text =
  (longest: number): Check =>
  (value, { most }) => {
    if (typeof value !== "string") return "must be text";
    const limit = Math.min(most ?? longest, longest);
    return value.length > limit ? `must not be longer than ${limit} characters` : undefined;
  };

const checks: Readonly<Record<FieldKind, Check>> = {
  text: text(500),
  longText: text(10_000),
  number: (value, { least, most }) => {
    const said = typeof value === "number" ? String(value) : value;
    if (typeof said !== "string" || !isDecimalText(said)) return "must be a number like 12.5";
    if (least !== undefined && Number(said) < least) return `must be at least ${least}`;
    return most !== undefined && Number(said) > most ? `must be at most ${most}` : undefined;
  },
  money: (value) => {
    const { amount, currency } = (value ?? {}) as { amount?: unknown; currency?: unknown };
    if (typeof amount !== "string" || typeof currency !== "string") return "must be an amount with its currency";
    try {
      Money.parse(amount, currency);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  },
  day: (value) => (typeof value === "string" && isDay(value) ? undefined : "must be a day like 2026-11-21"),
  choice: (value, { options = [] }) =>
    typeof value === "string" && options.includes(value) ? undefined : `must be one of: ${options.join(", ")}`,
  choices: (value, { options = [] }) =>
    Array.isArray(value) && value.every((one) => typeof one === "string" && options.includes(one)) && new Set(value).size === value.length
      ? undefined
      : `must be some of: ${options.join(", ")}`,
  yesNo: (value) => (typeof value === "boolean" ? undefined : "must be yes or no"),
  person: oneId,
  place: oneId,
  record: oneId,
  file: oneId,
};

const mistakeIn = (field: FormField, value: unknown): string | undefined => checks[field.kind](value, field);
