// Operations that a schedule may run by itself. A schedule runs nothing that has not been declared here by its department.
import type { Operation } from "../../../platform/operation/operation.ts";
import { jsonSchema } from "../../../platform/operation/shape.ts";

interface Declared {
  readonly operation: Operation;
  /** `result`: done when the department says that what it opened is done; `itself`: done once it ran. */
  readonly doneBy: "result" | "itself";
}

const declared = new Map<string, Declared>();

/** Declares that a schedule may run an operation as the house: `export const openWork = schedulable(operation({ … }), "result")`. */
export function schedulable<O extends Operation>(operation: O, doneBy: Declared["doneBy"]): O {
  declared.set(operation.name, { operation, doneBy });
  return operation;
}

export const schedulableNamed = (name: string): Declared | undefined => declared.get(name);

/** The input of a schedule with what is known of this time, where the operation has fields by those names. */
export function inputOf(operation: Operation, kept: object, known: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const fields = jsonSchema(operation.input).properties ?? {};
  return { ...kept, ...Object.fromEntries(Object.entries(known).filter(([name]) => Object.hasOwn(fields, name))) };
}
