// The responsibility map's door within the office: what the module lists, and nothing else.
import { answeredOn } from "./answered.operations.ts";
import { handOverResponsibility } from "./hand-over.operations.ts";
import { applyPreset, responsibilityMap } from "./preset.operations.ts";
import { assignResponsibility, endResponsibility, nameActivities, responsibilityRegister } from "./responsibility.operations.ts";

export const responsibilityRegisters = [responsibilityRegister];

export const responsibilityOperations = [
  responsibilityMap,
  answeredOn,
  assignResponsibility,
  endResponsibility,
  handOverResponsibility,
  applyPreset,
  nameActivities,
];
