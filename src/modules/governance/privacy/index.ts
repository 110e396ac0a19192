// Requests of persons about their own data: what the governance module gathers from here.
import type { Schedule } from "../../../platform/operation/module.ts";
import {
  decideErasureOfPerson,
  eraseWhatIsDue,
  planErasureOfPerson,
  proposeErasureOfPerson,
  setKeeping,
  showKeeping,
} from "./erasure.operations.ts";
import { answerRequest, gatherForRequest, identifyPerson, recordRequest, refuseRequest } from "./request.operations.ts";
import { erasureDeedRegister, erasureRegister, subjectRequestRegister } from "./request.registers.ts";

export { governanceKeeps } from "./keeping.ts";
export { answerRequest, gatherForRequest, identifyPerson } from "./request.operations.ts";
export { decideErasureOfPerson, proposeErasureOfPerson } from "./erasure.operations.ts";
export { type SubjectRequestFacts, subjectRequestFacts } from "./request.registers.ts";

export const privacyRegisters = [subjectRequestRegister, erasureRegister, erasureDeedRegister];

export const privacyOperations = [
  recordRequest,
  identifyPerson,
  gatherForRequest,
  planErasureOfPerson,
  proposeErasureOfPerson,
  decideErasureOfPerson,
  answerRequest,
  refuseRequest,
  setKeeping,
  showKeeping,
];

export const privacySchedules: readonly Schedule[] = [
  {
    name: "governance.erase",
    says: "Erases about persons whose erasure was agreed to what no law asks to keep from today on.",
    cron: "40 3 * * *",
    does: eraseWhatIsDue,
  },
];
