// Makes an input from a JSON Schema: as little as it asks for, or everything it would take.
import type { JsonSchema } from "../../src/platform/operation/shape.ts";
import { present } from "../../src/platform/operation/shape.ts";

export interface Source {
  /** Optional fields too. */
  readonly full?: boolean | ((field: string) => boolean);
  /** Which of several it is; the first when left out. */
  readonly pick?: <T>(from: readonly T[]) => T;
  /** Texts to choose from besides the usual ones. */
  readonly texts?: readonly string[];
  /** Fields of a kind that are not to be the usual ones, e.g. another day. */
  readonly ofKind?: (kind: string) => unknown;
  /** The identifier of a record of a list, or of a file when no list is named. */
  readonly id: (register: string | undefined) => string;
  readonly today: string;
}

/** Texts to choose from when a text must follow a pattern. */
const texts = [
  "A sentence.",
  "a",
  "A",
  "DE",
  "EUR",
  "A-01",
  "2026",
  "2026-11",
  "12345",
  "a.b",
  "finance.tax",
  "08:30",
  "a@example.test",
  "1",
  "0.5",
];

export function sample(schema: JsonSchema, source: Source): unknown {
  const inner = present(schema);
  if (inner["const"] !== undefined) return inner["const"];
  const pick = source.pick ?? (<T>(from: readonly T[]): T => from[0]!);
  if (Array.isArray(inner["enum"])) return pick(inner["enum"]);
  const special = source.ofKind?.(String(inner["x-kind"])) ?? ofKind(inner, source);
  if (special !== undefined) return special;
  if (inner.anyOf) return sample(pick(inner.anyOf), source);
  if (Array.isArray(inner["oneOf"])) return sample(pick(inner["oneOf"] as JsonSchema[]), source);
  switch (inner.type) {
    case "object":
      return objectOf(inner, source);
    case "array":
      return Array.from({ length: Math.max(Number(inner["minItems"] ?? 0), source.full ? 1 : 0) }, () => sample(inner.items ?? {}, source));
    case "boolean":
      return pick([false, true]);
    case "integer":
    case "number":
      return numberOf(inner);
    default:
      return textFor(inner, source);
  }
}

function ofKind(schema: JsonSchema, { id, today }: Source): unknown {
  switch (schema["x-kind"]) {
    case "id":
    case "ref":
    case "file":
      return id(schema["x-ref"] as string | undefined);
    case "day":
      return today;
    case "instant":
      return `${today}T09:00:00Z`;
    case "money":
      return { amount: "1.00", currency: "EUR" };
    case "currency":
      return "EUR";
    case "decimal":
      return "1";
    default:
      return undefined;
  }
}

function objectOf(schema: JsonSchema, source: Source): Record<string, unknown> {
  const wanted = Object.entries(schema.properties ?? {}).filter(
    ([name]) => (typeof source.full === "function" ? source.full(name) : source.full) || schema.required?.includes(name),
  );
  return Object.fromEntries(wanted.map(([name, field]) => [name, sample(field, source)]));
}

function numberOf(schema: JsonSchema): number {
  if (typeof schema["exclusiveMinimum"] === "number") return schema["exclusiveMinimum"] + 1;
  return typeof schema["minimum"] === "number" ? Math.max(schema["minimum"], 1) : 1;
}

function textFor(schema: JsonSchema, { texts: more = [], pick = (from) => from[0]! }: Source): string {
  if (schema["format"] === "email") return "a@example.test";
  const pattern = typeof schema["pattern"] === "string" ? new RegExp(schema["pattern"]) : /(?:)/;
  const least = Number(schema["minLength"] ?? 0);
  const most = Number(schema["maxLength"] ?? 1000);
  const fitting = [...more, ...texts].filter((text) => pattern.test(text) && text.length >= least && text.length <= most);
  return fitting.length > 0 ? pick(fitting) : "A sentence.".padEnd(least, ".");
}
