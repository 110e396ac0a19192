// Operations that may run once a second person has agreed. An approval runs nothing that has not been declared here by its department.
import type { Operation } from "../../../platform/operation/operation.ts";

const declared = new Map<string, Operation>();

/** Declares that an operation may be asked for by an approval: `export const payBill = approvable(operation({ … }))`. */
export function approvable<O extends Operation>(operation: O): O {
  declared.set(operation.name, operation);
  return operation;
}

/** @throws Error when no department declared it: a mistake in the code that asks. */
export function approvableNamed(name: string): Operation {
  const operation = declared.get(name);
  if (!operation) throw new Error(`${name} is not declared as approvable`);
  return operation;
}
