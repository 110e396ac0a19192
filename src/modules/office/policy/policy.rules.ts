// Whether what a policy says can be understood: its conditions against the fields of the operation and its record, its steps each by what
// their kind of approver needs.
import { isDecimalText } from "../../../kernel/decimal.ts";
import { type JsonSchema, kindOfJson, present } from "../../../platform/operation/shape.ts";
import { type Condition, isMoney } from "./condition.rules.ts";

/** The schema of a field such as `lines.amount`, through lists; undefined when there is no such field. */
export function fieldOf(schema: JsonSchema, path: string): JsonSchema | undefined {
  let at: JsonSchema | undefined = present(schema);
  for (const name of path.split(".")) {
    const inner: JsonSchema | undefined = at?.items ? present(at.items) : at;
    at = inner?.properties?.[name] && present(inner.properties[name]);
  }
  return at;
}

/** Why a comparison cannot be made with a field of this kind; undefined when it can. */
export function mistakeIn({ is, value, amount, values }: Condition, schema: JsonSchema): string | undefined {
  const kind = kindOfJson(schema);
  if (is === "given" || is === "missing") return undefined;
  if (is === "firstTime") return kind === "ref" || kind === "id" ? undefined : "«for the first time» asks about a record";
  if (is === "oneOf") {
    if (!values || values.length === 0) return "name the values";
    return values.map((one) => misfit(one, schema)).find((one) => one !== undefined);
  }
  if (kind === "money") return amount && isMoney(amount) ? undefined : "name an amount with its currency";
  if (value === undefined) return "name a value";
  const ordered = ["integer", "number", "decimal", "day", "instant"].includes(kind);
  if ((is === "atLeast" || is === "lessThan") && !ordered) return "this field has no order; compare it by equals or one of";
  return misfit(value, schema);
}

function misfit(value: string, schema: JsonSchema): string | undefined {
  const options = schema["enum"];
  if (Array.isArray(options) && !options.includes(value)) return `«${value}» is none of: ${options.join(", ")}`;
  const kind = kindOfJson(schema);
  if (["integer", "number", "decimal"].includes(kind) && !isDecimalText(value)) return `«${value}» is no number`;
  if (kind === "day" && !/^\d{4}-\d{2}-\d{2}$/.test(value)) return `«${value}» is no day like 2026-11-21`;
  if ((kind === "id" || kind === "ref") && !/^[0-9a-f-]{36}$/.test(value)) return `«${value}» is no record`;
  if (kind === "boolean" && value !== "true" && value !== "false") return "say true or false";
  return undefined;
}

interface Named {
  readonly kind: string;
  readonly activity?: string | undefined;
  readonly role?: string | undefined;
  readonly positionId?: unknown;
  readonly personId?: unknown;
}

const needs: Readonly<Record<string, keyof Named>> = {
  activity: "activity",
  role: "role",
  position: "positionId",
  person: "personId",
};

/** What an approver lacks to be found, as the name of a field. */
export function lacks(approver: Named): string | undefined {
  const needed = needs[approver.kind];
  return needed && !approver[needed] ? needed : undefined;
}
