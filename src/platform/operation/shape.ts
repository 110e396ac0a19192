// Reads the shape of a schema: which kind of field it is, and its JSON Schema as the faces publish it.
import { z } from "zod";

export type JsonSchema = Record<string, unknown> & {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  required?: string[];
  anyOf?: JsonSchema[];
};

const made = new WeakMap<z.ZodType, JsonSchema>();

/** The JSON Schema (2020-12) of what goes over the wire, in and out: Money as amount and currency, days as text. */
export function jsonSchema(schema: z.ZodType): JsonSchema {
  let known = made.get(schema);
  if (!known) {
    // A copy through JSON leaves the library's own helpers behind.
    known = JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: "input", unrepresentable: "any", reused: "inline" }))) as JsonSchema;
    delete known["$schema"];
    made.set(schema, known);
  }
  return known;
}

/** The part of a nullable schema that is not null. */
export function present(schema: JsonSchema): JsonSchema {
  const choices = schema.anyOf?.filter((choice) => choice.type !== "null");
  if (choices?.length === 1) return { ...choices[0]!, ...pick(schema, ["description", "title", "default"]) };
  const types = Array.isArray(schema.type) ? schema.type.filter((type) => type !== "null") : [];
  return types.length === 1 ? { ...schema, type: types[0]! } : schema;
}

export const isNullable = (schema: JsonSchema): boolean =>
  (Array.isArray(schema.type) && schema.type.includes("null")) || (schema.anyOf ?? []).some((choice) => choice.type === "null");

/** `money`, `day`, `ref`, `enum`, `text`, `integer`, `boolean`, `array`, `object` …: the control it wants and the filter it takes. */
export function kindOf(schema: z.ZodType): string {
  return kindOfJson(jsonSchema(schema));
}

export function kindOfJson(schema: JsonSchema): string {
  const inner = present(schema);
  if (typeof inner["x-kind"] === "string") return inner["x-kind"];
  if (inner["enum"]) return "enum";
  if (inner.type === "string") return "text";
  return typeof inner.type === "string" ? inner.type : "json";
}

const pick = (source: JsonSchema, names: string[]): JsonSchema =>
  Object.fromEntries(names.filter((name) => source[name] !== undefined).map((name) => [name, source[name]]));
