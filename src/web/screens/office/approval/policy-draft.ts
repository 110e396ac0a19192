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

/** A policy as it is kept. */
export interface KeptPolicy {
  readonly id: string;
  readonly name: string;
  readonly operation: string;
  readonly fromDay: string;
  readonly conditions: readonly {
    readonly field: string;
    readonly is: string;
    readonly value?: string;
    readonly amount?: { readonly amount: string; readonly currency: string };
    readonly values?: readonly string[];
  }[];
  readonly steps: readonly {
    readonly title?: string;
    readonly approvers: readonly Partial<DraftApprover>[];
    readonly quorum?: number;
    readonly remindDays: number;
    readonly escalateDays?: number;
  }[];
}

/** What is kept as a draft again; it changes from today on, or from its first day when that is still to come. */
export function draftOf(kept: KeptPolicy, today: string): PolicyDraft {
  return {
    name: kept.name,
    operation: kept.operation,
    from: kept.fromDay > today ? kept.fromDay : today,
    conditions: kept.conditions.map(({ field, is, value, amount, values }) => ({
      field,
      is,
      value: values ? values.join(", ") : (value ?? ""),
      amount: amount ?? null,
    })),
    steps: kept.steps.map(({ title, approvers, quorum, remindDays, escalateDays }) => ({
      title: title ?? "",
      approvers: approvers.map((one) => ({ ...blankApprover, ...one })),
      quorum: quorum ?? null,
      remindDays,
      escalateDays: escalateDays ?? null,
    })),
  };
}
