// Where one goes after an operation was done: to the record it made or changed, or to what it answered.
import { type Catalogue, nounOf, type OperationEntry, subjectOf } from "../catalogue.ts";
import { recordPath } from "../kit/link.tsx";

type Fields = Readonly<Record<string, unknown>>;

/** The address of the record that an answer names, if this person may see it. */
export function resultPath(catalogue: Catalogue, operation: OperationEntry, output: unknown, input: Fields): string | undefined {
  const answer = typeof output === "object" && output !== null ? (output as Fields) : {};
  const subject = subjectOf(operation.name);
  const own = `${nounOf(subject)}Id`;
  const named = answer[own] ?? answer["id"];
  if (typeof named === "string" && catalogue.register(subject)) return recordPath(subject, named);
  // The answer names a record of another register: what was made on the way.
  for (const [name, field] of Object.entries(operation.output.properties ?? {})) {
    const ref = field["x-ref"];
    if (ref && typeof answer[name] === "string" && catalogue.register(ref)) return recordPath(ref, answer[name]);
  }
  const target = operation.target ? input[operation.target] : undefined;
  return operation.on && typeof target === "string" && catalogue.register(operation.on) ? recordPath(operation.on, target) : undefined;
}

/** Whether the answer says more than the record it leads to will show: a secret shown once, counts, lists. */
export function saysMore(catalogue: Catalogue, operation: OperationEntry): boolean {
  const known = new Set(catalogue.register(subjectOf(operation.name))?.columns.map((column) => column.name));
  const own = `${nounOf(operation.name)}Id`;
  const fields = Object.entries(operation.output.properties ?? {});
  return fields.some(
    ([name, field]) => name !== "id" && name !== own && name !== "can" && !field["x-ref"] && field["x-kind"] !== "id" && !known.has(name),
  );
}
