// The close's door within finance: what the module lists, and where other departments add a fact.
import { beginClose, completeCloseTask, getCloseBoard, reopenCloseTask } from "./close.operations.ts";
import { closeTaskChangeRegister, closeTaskRegister, closeTemplateRegister } from "./close.registers.ts";
import { changeCloseTemplate, createCloseTemplate, retireCloseTemplate } from "./template.operations.ts";

export { closeLaws } from "./laws.ts";

export const closeRegisters = [closeTaskRegister, closeTaskChangeRegister, closeTemplateRegister];

export const closeOperations = [
  getCloseBoard,
  beginClose,
  completeCloseTask,
  reopenCloseTask,
  createCloseTemplate,
  changeCloseTemplate,
  retireCloseTemplate,
];
