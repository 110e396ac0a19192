// Delegation's door within the office: what the module lists, and nothing else.
import { createDelegation, delegationRegister, endOneDelegation } from "./delegation.operations.ts";
import { nameUsualStandIn, removeUsualStandIn, usualStandInRegister } from "./usual.operations.ts";

export { delegationLaws } from "./laws.ts";

export const delegationRegisters = [delegationRegister, usualStandInRegister];

export const delegationOperations = [createDelegation, endOneDelegation, nameUsualStandIn, removeUsualStandIn];
