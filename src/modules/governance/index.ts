// The door of governance: what other modules and the processes may use.
export { governance } from "./module.ts";
export { askAttestations } from "./asking.ts";
export { assessBreach, authorityIsSettled, closeBreach, containBreach, recordBreach, tellPersons } from "./breach.operations.ts";
export { type BreachFacts, breachFacts } from "./breach.register.ts";
export { attestPolicy } from "./attestation.operations.ts";
export {
  answerRequest,
  decideErasureOfPerson,
  gatherForRequest,
  identifyPerson,
  proposeErasureOfPerson,
  type SubjectRequestFacts,
  subjectRequestFacts,
} from "./privacy/index.ts";
export { policiesAreAcknowledged } from "./audience.store.ts";
