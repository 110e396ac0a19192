// The record that a wish acts on, named by its input.
import type { Id } from "../../../kernel/id.ts";
import type { Operation } from "../../../platform/operation/operation.ts";
import { subjectOf, targetField } from "../../../platform/operation/registry.ts";

export function targetOf(operation: Operation, input: unknown): { readonly subject: string; readonly id: Id } | undefined {
  const [subject, field] = [subjectOf(operation), targetField(operation)];
  const id = field && (input as Readonly<Record<string, unknown>>)[field];
  return subject && typeof id === "string" ? { subject, id: id as Id } : undefined;
}
