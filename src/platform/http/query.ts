// Reads what stands behind the question mark of an address into an input: `filter[state]=open&limit=20`. Pure.
import { currencyDecimals, isCurrency } from "../../kernel/currency.ts";
import { parseMinor } from "../../kernel/money.ts";
import { type JsonSchema, kindOfJson, present } from "../operation/shape.ts";

/** Values that do not fit stay text, so that the schema itself says what is wrong with them. */
export function inputFromQuery(query: Readonly<Record<string, unknown>>, schema: JsonSchema): Record<string, unknown> {
  const fields = schema.properties ?? {};
  const input = new Map<string, unknown>();
  const inside = new Map<string, Map<string, unknown>>();
  for (const [name, value] of Object.entries(query)) {
    const bracket = /^([^[\]]+)\[([^[\]]*)\]$/.exec(name);
    if (bracket && bracket[2] !== "") {
      const [, outer = "", key = ""] = bracket;
      inside.set(outer, (inside.get(outer) ?? new Map<string, unknown>()).set(key, lastOf(value)));
    } else {
      // `tag[]=a&tag[]=b` is another way to repeat a field.
      const field = bracket ? bracket[1]! : name;
      input.set(field, fields[field] ? coerced(value, fields[field]) : lastOf(value));
    }
  }
  for (const [name, keys] of inside) {
    const own = fields[name] ? (present(fields[name]).properties ?? {}) : {};
    const values = [...keys].map(([key, value]) => [key, own[key] ? coerced(value, own[key]) : value] as const);
    input.set(name, Object.fromEntries(values));
  }
  return Object.fromEntries(input);
}

const lastOf = (value: unknown): unknown => (Array.isArray(value) ? value.at(-1) : value);

function coerced(value: unknown, schema: JsonSchema): unknown {
  const inner = present(schema);
  const kind = kindOfJson(inner);
  if (kind === "array") {
    const values = Array.isArray(value) ? (value as unknown[]) : listIn(value);
    return values.map((one) => (inner.items ? coerced(one, inner.items) : one));
  }
  const text = lastOf(value);
  if (typeof text !== "string") return text;
  if (kind === "integer" || kind === "number") return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : text;
  if (kind === "boolean") return text === "true" ? true : text === "false" ? false : text;
  if (kind === "object" || kind === "money" || kind === "json") return structured(text);
  return text;
}

function listIn(value: unknown): unknown[] {
  if (typeof value !== "string" || value === "") return [];
  const read = value.startsWith("[") ? structured(value) : value;
  return Array.isArray(read) ? read : [value];
}

function structured(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/**
 * Amounts in the filter of a list as the register compares them: `>=100.00 EUR` or `>=100.00` becomes `>=10000`. A whole number
 * without a currency is taken for minor units. Without a currency two decimals are assumed.
 */
export function withMinorUnits(input: Record<string, unknown>, moneyColumns: ReadonlySet<string>): Record<string, unknown> {
  const { filter } = input;
  if (moneyColumns.size === 0 || filter === null || typeof filter !== "object") return input;
  const entries = Object.entries(filter).map(([column, value]) =>
    moneyColumns.has(column) && typeof value === "string" ? [column, minorIn(value)] : [column, value],
  );
  return { ...input, filter: Object.fromEntries(entries) as Record<string, unknown> };
}

function minorIn(value: string): string {
  const [, sign = "", rest = ""] = /^(<=|>=|<|>|!)?([^]*)$/.exec(value)!;
  const amounts = rest.split("|").map((text) => {
    const [, amount = "", currency] = /^(-?\d+(?:\.\d+)?)(?:\s*([A-Z]{3}))?$/.exec(text.trim()) ?? [];
    if (!amount || (currency === undefined && !amount.includes("."))) return text;
    try {
      return String(parseMinor(amount, currency && isCurrency(currency) ? currencyDecimals(currency) : 2));
    } catch {
      return text;
    }
  });
  return sign + amounts.join("|");
}
