// The door of requests within the office: what the module lists, and nothing else.
import { approveReactions, approveRequest } from "./approve.operations.ts";
import {
  assignRequest,
  confirmRequest,
  prioritiseRequest,
  rateRequest,
  recategoriseRequest,
  reopenRequest,
  solveRequest,
  takeRequest,
} from "./care.operations.ts";
import { addUsualKinds, changeKind, createKind, retireKind } from "./kind.operations.ts";
import { formRegister, getCatalogue, getForm, kindRegister } from "./kind.registers.ts";
import { discardMail, fileWaitingMail, mailRegister, receiveMail } from "./mail.operations.ts";
import { askRequester, cancelRequest, createRequest, noteRequest, replyRequest, resumeRequest, waitRequest } from "./request.operations.ts";
import { linkRegister, messageRegister, requestRegister, watcherRegister } from "./request.registers.ts";
import { requestReactions as followReactions } from "./sweep.ts";
import { linkRequest, mergeRequest, splitRequest, unlinkRequest, unwatchRequest, watchRequest } from "./tie.operations.ts";

export { requestFigures, requestLaws } from "./laws.ts";
export { requestSchedules } from "./sweep.ts";

export const requestRegisters = [requestRegister, messageRegister, watcherRegister, linkRegister, kindRegister, formRegister, mailRegister];

export const requestReactions = [...approveReactions, ...followReactions];

export const requestOperations = [
  createKind,
  changeKind,
  retireKind,
  addUsualKinds,
  getCatalogue,
  getForm,
  createRequest,
  replyRequest,
  askRequester,
  noteRequest,
  waitRequest,
  resumeRequest,
  cancelRequest,
  approveRequest,
  takeRequest,
  assignRequest,
  prioritiseRequest,
  recategoriseRequest,
  solveRequest,
  confirmRequest,
  reopenRequest,
  rateRequest,
  mergeRequest,
  splitRequest,
  linkRequest,
  unlinkRequest,
  watchRequest,
  unwatchRequest,
  receiveMail,
  fileWaitingMail,
  discardMail,
];
