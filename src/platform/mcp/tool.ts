// An operation as a tool for an agent: its name, what it does, what it takes, and how its answer or its "no" reads. Pure.
import type { CatalogueOperation } from "../operation/catalogue.ts";
import type { JsonSchema } from "../operation/shape.ts";

export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonSchema & { type: "object" };
  readonly annotations: { readonly readOnlyHint: boolean; readonly destructiveHint: boolean; readonly openWorldHint: boolean };
}

export const toolName = (operation: string): string => operation.replaceAll(".", "_");

/** What every write takes besides its own input. */
const wishes: Readonly<Record<string, JsonSchema>> = {
  _dryRun: { type: "boolean", description: "Try it: everything is checked and the answer is what would happen, but nothing is kept." },
  _reason: { type: "string", maxLength: 1000, description: "Why, in a sentence; kept in the audit trail." },
  _key: { type: "string", maxLength: 200, description: "Your own key for this wish. Sent again with the same key it is done once only." },
};

export function toolOf(operation: CatalogueOperation): Tool {
  const refusals = Object.values(operation.refuses);
  const description = [
    operation.does,
    operation.emits.length > 0 ? `Afterwards: ${operation.emits.join(", ")}.` : "",
    refusals.length > 0 ? `May be refused: ${refusals.join(" | ")}` : "",
  ];
  const own = operation.input;
  return {
    name: toolName(operation.name),
    title: operation.title,
    description: description.filter(Boolean).join("\n"),
    inputSchema: {
      ...own,
      type: "object",
      properties: operation.kind === "write" ? { ...own.properties, ...wishes } : (own.properties ?? {}),
      ...(operation.example !== undefined && { examples: [operation.example] }),
    },
    annotations: { readOnlyHint: operation.kind === "read", destructiveHint: operation.kind === "write", openWorldHint: false },
  };
}

export interface Wish {
  readonly input: Record<string, unknown>;
  readonly dryRun: boolean;
  readonly reason: string | undefined;
  readonly key: string | undefined;
}

/** Parts the wishes from the input. A wish of the wrong type stays in the input, where it is refused as an unknown field. */
export function wishOf(given: Readonly<Record<string, unknown>>): Wish {
  const { _dryRun, _reason, _key, ...rest } = given;
  const input: Record<string, unknown> = { ...rest };
  if (_dryRun !== undefined && typeof _dryRun !== "boolean") input["_dryRun"] = _dryRun;
  if (_reason !== undefined && !isShort(_reason, 1000)) input["_reason"] = _reason;
  if (_key !== undefined && !isShort(_key, 200)) input["_key"] = _key;
  return {
    input,
    dryRun: _dryRun === true,
    reason: isShort(_reason, 1000) ? _reason : undefined,
    key: isShort(_key, 200) ? _key : undefined,
  };
}

const isShort = (value: unknown, max: number): value is string => typeof value === "string" && value.length > 0 && value.length <= max;
