// Documents of the company: what the office module gathers from here.
import type { Schedule } from "../../../platform/operation/module.ts";
import { careForDocuments } from "./care.ts";
import { changeDocumentClass, createDocumentClass } from "./class.operations.ts";
import { approveDisposal, carryOutDisposal, disposalRegister, keepOn, proposeDisposal } from "./disposal.operations.ts";
import { changeDocument, fileDocument, openDocument, reviseDocument, withdrawDocument } from "./document.operations.ts";
import { documentClassRegister, documentRegister, documentVersionRegister } from "./document.registers.ts";
import { documentHoldRegister, holdDocument, holdRecord, releaseHold } from "./hold.operations.ts";
import { askSignatures, declineSignature, signDocument, signingRegister, withdrawSigning } from "./signing.operations.ts";

export { documentFigures, documentLaws } from "./laws.ts";

export const documentRegisters = [
  documentRegister,
  documentVersionRegister,
  signingRegister,
  documentClassRegister,
  documentHoldRegister,
  disposalRegister,
];

export const documentOperations = [
  fileDocument,
  reviseDocument,
  changeDocument,
  openDocument,
  withdrawDocument,
  askSignatures,
  signDocument,
  declineSignature,
  withdrawSigning,
  createDocumentClass,
  changeDocumentClass,
  holdDocument,
  holdRecord,
  releaseHold,
  proposeDisposal,
  approveDisposal,
  keepOn,
  carryOutDisposal,
];

export const documentSchedules: readonly Schedule[] = [
  {
    name: "office.documents",
    says: "Reminds of documents that expire soon and proposes for disposal what the rules no longer ask to keep.",
    cron: "30 2 * * *",
    does: careForDocuments,
  },
];
