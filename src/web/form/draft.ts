// What someone has typed into a form so far: a tree in the shape of the input, with gaps. Turned into the input to send, and
// checked against the schema while typing. Pure.
import { isNullable, type JsonSchema, kindOf, present } from "../catalogue.ts";
import { text } from "../text.ts";

export type Draft = unknown;
type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** The variants of a field that is one of several objects, told apart by a constant. */
export function variantsOf(schema: JsonSchema): readonly { readonly name: string; readonly by: string; readonly schema: JsonSchema }[] {
  const inner = present(schema);
  const choices = (inner.oneOf ?? inner.anyOf ?? []).filter((choice) => choice.type !== "null");
  if (choices.length < 2) return [];
  return choices.flatMap((choice) => {
    const by = Object.entries(choice.properties ?? {}).find(([, field]) => field.const !== undefined);
    return by ? [{ name: String(by[1].const), by: by[0], schema: choice }] : [];
  });
}

export function setAt(tree: Draft, path: readonly (string | number)[], value: unknown): Draft {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (typeof first === "number") {
    const list = Array.isArray(tree) ? [...(tree as unknown[])] : [];
    list[first] = setAt(list[first], rest, value);
    return list;
  }
  return { ...(isFields(tree) ? tree : {}), [first]: setAt(isFields(tree) ? tree[first] : undefined, rest, value) };
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === "";

/** What a new form starts with: defaults, and for an array that must hold something one empty line. */
export function blankOf(schema: JsonSchema): Draft {
  const inner = present(schema);
  if (inner.default !== undefined) return inner.default;
  if (inner.const !== undefined) return inner.const;
  const kind = kindOf(inner);
  if (kind === "object") {
    const filled = Object.entries(inner.properties ?? {}).flatMap(([name, field]) => {
      const value = blankOf(field);
      return value === undefined || (isFields(value) && Object.keys(value).length === 0) ? [] : [[name, value] as const];
    });
    return Object.fromEntries(filled);
  }
  if (kind === "array" && inner.items && kindOf(inner.items) === "object" && (inner.minItems ?? 0) > 0) {
    return Array.from({ length: inner.minItems ?? 1 }, () => blankOf(inner.items!));
  }
  return undefined;
}

/** A field's value from the text of an address. */
export function fromText(schema: JsonSchema, said: string): Draft {
  const kind = kindOf(schema);
  if (kind === "integer" || kind === "number") return /^-?\d+(\.\d+)?$/.test(said) ? Number(said) : said;
  if (kind === "boolean") return said === "true";
  if (kind === "array" || kind === "object" || kind === "json" || kind === "money") {
    try {
      return JSON.parse(said) as unknown;
    } catch {
      return kind === "array" ? said.split(",") : undefined;
    }
  }
  return said;
}

/** The input to send: gaps left out, and null where the schema wants the field but allows nothing in it. */
export function wireOf(schema: JsonSchema, draft: Draft): unknown {
  const inner = present(schema);
  const kind = kindOf(inner);
  if (kind === "money") return isFields(draft) && !isEmpty(draft["amount"]) ? draft : undefined;
  const variant = variantsOf(inner).find((one) => isFields(draft) && draft[one.by] === one.name);
  if (variant) return objectOf(variant.schema, draft as Fields);
  if (kind === "object" && inner.properties) return isFields(draft) ? objectOf(inner, draft) : undefined;
  if (kind === "array") {
    if (!Array.isArray(draft)) return undefined;
    const items = (draft as unknown[]).map((one) => wireOf(inner.items ?? {}, one));
    return items.filter((one) => one !== undefined && !(isFields(one) && Object.keys(one).length === 0));
  }
  if (kind === "json" && typeof draft === "string") return parsedOr(draft);
  return isEmpty(draft) ? undefined : draft;
}

function parsedOr(said: string): unknown {
  if (said.trim() === "") return undefined;
  try {
    return JSON.parse(said) as unknown;
  } catch {
    return said;
  }
}

function objectOf(schema: JsonSchema, draft: Fields): Fields | undefined {
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const cleared = draft[name] === null && isNullable(field);
    const value = cleared ? null : wireOf(field, draft[name]);
    if (value !== undefined) return [[name, value] as const];
    return required.has(name) && isNullable(field) ? [[name, null] as const] : [];
  });
  return Object.fromEntries(fields);
}

export type Mistakes = ReadonlyMap<string, string>;
export const pathKey = (path: readonly (string | number)[]): string => path.join(".");

/** Everything in the draft that the schema would refuse, by path, in words. */
export function mistakesOf(schema: JsonSchema, draft: Draft): Mistakes {
  const found = new Map<string, string>();
  check(schema, draft, [], true, found);
  return found;
}

function check(schema: JsonSchema, draft: Draft, path: readonly (string | number)[], needed: boolean, found: Map<string, string>): void {
  const inner = present(schema);
  const kind = kindOf(inner);
  const variants = variantsOf(inner);
  const variant = variants.find((one) => isFields(draft) && draft[one.by] === one.name);
  const shape = variant?.schema ?? inner;
  if (variants.length > 0 && !variant) {
    if (needed) found.set(pathKey(path), text.form.needed);
  } else if ((kind === "object" || variant) && shape.properties) {
    // An optional group that nobody began to fill has no mistakes.
    if (!needed && wireOf(shape, draft) === undefined) return;
    if (!needed && isFields(draft) && Object.keys(wireOf(shape, draft) as Fields).length === 0) return;
    const required = new Set(shape.required ?? []);
    for (const [name, field] of Object.entries(shape.properties)) {
      const must = required.has(name) && !isNullable(field);
      check(field, isFields(draft) ? draft[name] : undefined, [...path, name], must, found);
    }
  } else if (kind === "array") checkArray(inner, draft, path, needed, found);
  else {
    const message = wrongWith(inner, kind, draft, needed);
    if (message) found.set(pathKey(path), message);
  }
}

function checkArray(
  schema: JsonSchema,
  draft: Draft,
  path: readonly (string | number)[],
  needed: boolean,
  found: Map<string, string>,
): void {
  const list = Array.isArray(draft) ? (draft as unknown[]) : [];
  const least = schema.minItems ?? 0;
  if (list.length < least && (needed || list.length > 0)) found.set(pathKey(path), text.form.atLeast(least));
  if (schema.maxItems !== undefined && list.length > schema.maxItems) found.set(pathKey(path), text.form.atMost(schema.maxItems));
  list.forEach((one, index) => check(schema.items ?? {}, one, [...path, index], true, found));
}

function wrongWith(schema: JsonSchema, kind: string, draft: Draft, needed: boolean): string | undefined {
  if (kind === "money") return wrongWithMoney(draft, needed);
  if (kind === "const" || kind === "boolean") return undefined;
  if (isEmpty(draft)) return needed ? text.form.needed : undefined;
  if (kind === "integer" || kind === "number") return wrongWithNumber(schema, kind, draft);
  if (kind === "decimal") return /^-?\d+(\.\d+)?$/.test(String(draft)) ? undefined : text.form.number;
  if (kind === "day") return /^\d{4}-\d{2}-\d{2}$/.test(String(draft)) ? undefined : text.form.day;
  if (typeof draft !== "string") return undefined;
  if (schema.maxLength !== undefined && draft.length > schema.maxLength) return text.form.tooLong(schema.maxLength, draft.length);
  if (schema.minLength !== undefined && draft.length < schema.minLength) return text.form.tooShort(schema.minLength);
  if (schema.format === "email" && !/^\S+@\S+\.\S+$/.test(draft)) return text.form.email;
  if (schema.pattern && (kind === "text" || kind === "longText") && !matches(schema.pattern, draft)) return text.form.pattern;
  return undefined;
}

function wrongWithMoney(draft: Draft, needed: boolean): string | undefined {
  const amount = isFields(draft) ? draft["amount"] : undefined;
  if (isEmpty(amount)) return needed ? text.form.needed : undefined;
  if (!/^-?\d{1,18}(\.\d+)?$/.test(String(amount))) return text.form.amount;
  return undefined;
}

function wrongWithNumber(schema: JsonSchema, kind: string, draft: Draft): string | undefined {
  const value = typeof draft === "number" ? draft : Number.NaN;
  if (Number.isNaN(value) || (kind === "integer" && !Number.isInteger(value)))
    return kind === "integer" ? text.form.integer : text.form.number;
  if (schema.minimum !== undefined && value < schema.minimum && schema.minimum > Number.MIN_SAFE_INTEGER)
    return text.form.least(schema.minimum);
  if (schema.maximum !== undefined && value > schema.maximum && schema.maximum < Number.MAX_SAFE_INTEGER)
    return text.form.most(schema.maximum);
  return undefined;
}

function matches(pattern: string, said: string): boolean {
  try {
    return new RegExp(pattern, "u").test(said);
  } catch {
    return true;
  }
}
