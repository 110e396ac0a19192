// A policy while it is written, and what of it is sent. The draft holds text; nothing is left in it that its kind does not use.
import type { JsonSchema, OperationEntry } from "../../../catalogue.ts";
import { kindOf, present, titleOf } from "../../../catalogue.ts";
import { words } from "./words.ts";

export interface DraftCondition {
  readonly field: string;
  readonly is: string;
  readonly value: string;
  readonly amount: { readonly amount: string; readonly currency: string } | null;
}

export interface DraftApprover {
  readonly kind: string;
  readonly levels: number;
  readonly activity: string;
  readonly role: string;
  readonly positionId: string;
  readonly personId: string;
  readonly at: string;
}

export interface DraftStep {
  readonly title: string;
  readonly approvers: readonly DraftApprover[];
  /** Null for all. */
  readonly quorum: number | null;
  readonly remindDays: number;
  readonly escalateDays: number | null;
}

export interface PolicyDraft {
  readonly name: string;
  readonly operation: string;
  readonly from: string;
  readonly conditions: readonly DraftCondition[];
  readonly steps: readonly DraftStep[];
}

export const blankCondition: DraftCondition = { field: "", is: "atLeast", value: "", amount: null };
export const blankApprover: DraftApprover = {
  kind: "lineManager",
  levels: 1,
  activity: "",
  role: "",
  positionId: "",
  personId: "",
  at: "",
};
export const blankStep: DraftStep = { title: "", approvers: [blankApprover], quorum: null, remindDays: 2, escalateDays: null };

export interface FieldChoice {
  readonly value: string;
  readonly label: string;
  readonly schema: JsonSchema;
}

const comparable = new Set([
  "money",
  "text",
  "longText",
  "enum",
  "integer",
  "number",
  "decimal",
  "day",
  "ref",
  "id",
  "boolean",
  "currency",
]);

/** The fields that a condition may ask about, through lists and of the record. */
export function fieldsOf(operation: OperationEntry | undefined, record: JsonSchema | undefined): FieldChoice[] {
  if (!operation) return [];
  const inner = (schema: JsonSchema, path: string, before: string): FieldChoice[] =>
    Object.entries(present(schema).properties ?? {}).flatMap(([name, field]): FieldChoice[] => {
      const label = `${before}${titleOf(name, field)}`;
      const kind = kindOf(field);
      if (comparable.has(kind)) return [{ value: `${path}${name}`, label, schema: present(field) }];
      const lines = present(field).items;
      return kind === "array" && lines && path === "" ? inner(lines, `${name}.`, `${label}: `) : [];
    });
  const own = inner(operation.input, "", "");
  const now = record ? inner(record, "record.", "").map((one) => ({ ...one, label: words.policy.ofRecord(one.label) })) : [];
  const unit: JsonSchema = { type: "string", "x-kind": "ref", "x-ref": "directory.unit" };
  return [...own, ...now, { value: "requester.unitId", label: words.policy.ofRequester, schema: unit }];
}

const orders = new Set(["money", "integer", "number", "decimal", "day"]);

/** The comparisons that a field of this kind allows. */
export function comparisonsFor(schema: JsonSchema | undefined): string[] {
  const kind = schema ? kindOf(schema) : "text";
  if (kind === "ref" || kind === "id") return ["equals", "differs", "firstTime", "given", "missing"];
  if (orders.has(kind)) return ["atLeast", "lessThan", "equals", "given", "missing"];
  return kind === "boolean" ? ["equals"] : ["equals", "differs", "oneOf", "given", "missing"];
}

export function sentConditions(conditions: readonly DraftCondition[]): object[] {
  return conditions
    .filter((one) => one.field)
    .map(({ field, is, value, amount }) => {
      if (["given", "missing", "firstTime"].includes(is)) return { field, is };
      if (amount) return { field, is, amount };
      if (is === "oneOf")
        return {
          field,
          is,
          values: value
            .split(",")
            .map((one) => one.trim())
            .filter(Boolean),
        };
      return { field, is, value };
    });
}

const used: Readonly<Record<string, readonly (keyof DraftApprover)[]>> = {
  lineManager: ["levels"],
  unitLead: ["at"],
  activity: ["activity", "at"],
  role: ["role", "at"],
  position: ["positionId"],
  person: ["personId"],
};

export const usesOf = (kind: string): readonly (keyof DraftApprover)[] => used[kind] ?? [];

export function sentSteps(steps: readonly DraftStep[]): object[] {
  return steps.map(({ title, approvers, quorum, remindDays, escalateDays }) => ({
    ...(title.trim() && { title: title.trim() }),
    approvers: approvers.map((one) => ({
      kind: one.kind,
      ...Object.fromEntries(usesOf(one.kind).flatMap((name) => (one[name] === "" ? [] : [[name, one[name]]]))),
    })),
    ...(quorum !== null && { quorum }),
    remindDays,
    ...(escalateDays !== null && { escalateDays }),
  }));
}
