// The form as it is filled in: which fields stand there for what was answered, what an address fills in, and what is still missing.

export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly kind: string;
  readonly help?: string;
  readonly required?: boolean;
  readonly options?: readonly string[];
  readonly register?: string;
  readonly showWhen?: { readonly field: string; readonly is: readonly string[] };
  readonly least?: number;
  readonly most?: number;
}

export type Answers = Readonly<Record<string, unknown>>;

const said = (value: unknown): string[] => {
  if (typeof value === "boolean") return [value ? "yes" : "no"];
  return Array.isArray(value) ? value.map(String) : typeof value === "string" ? [value] : [];
};

/** The fields that are asked for, as the server decides too. */
export function shownFields(fields: readonly FormField[], answers: Answers): FormField[] {
  const shown = new Set<string>();
  return fields.filter(({ name, showWhen }) => {
    const isShown = !showWhen || (shown.has(showWhen.field) && said(answers[showWhen.field]).some((one) => showWhen.is.includes(one)));
    if (isShown) shown.add(name);
    return isShown;
  });
}

export const isBlank = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === "string" && value.trim() === "") ||
  (Array.isArray(value) && value.length === 0);

/** What is shown and needed but not answered. */
export const missingFields = (fields: readonly FormField[], answers: Answers): string[] =>
  shownFields(fields, answers)
    .filter((field) => field.required && isBlank(answers[field.name]))
    .map((field) => field.name);

/** The answers to what is shown, as they are sent. */
export const answersToSend = (fields: readonly FormField[], answers: Answers): Answers =>
  Object.fromEntries(
    shownFields(fields, answers)
      .filter((field) => !isBlank(answers[field.name]))
      .map((field) => [field.name, answers[field.name]]),
  );

/** Answers that an address brings along: `?kind=broken-thing&place=…&danger=yes`. */
export function answersFrom(fields: readonly FormField[], query: Readonly<Record<string, string>>): Answers {
  const given: [string, unknown][] = [];
  for (const { name, kind, options = [] } of fields) {
    const text = query[name];
    if (text === undefined) continue;
    if (kind === "yesNo") given.push([name, text === "yes" || text === "true"]);
    else if (kind === "choices") given.push([name, text.split("|").filter((one) => options.includes(one))]);
    else if (kind === "choice") given.push([name, options.includes(text) ? text : undefined]);
    else if (kind === "money") {
      const [amount, currency] = text.split(" ");
      if (amount && currency) given.push([name, { amount, currency }]);
    } else given.push([name, text]);
  }
  return Object.fromEntries(given);
}
