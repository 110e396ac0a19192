// The door of fixed assets within finance: what the module lists, and nothing else.
import { createAssetBook, createAssetClass, setClassPlan } from "./asset-class.operations.ts";
import { bringOverAssets, capitaliseAsset } from "./capitalise.operations.ts";
import { disposeAsset } from "./dispose.operations.ts";
import {
  assetBookRegister,
  assetClassRegister,
  assetPlanRegister,
  depreciationLineRegister,
  depreciationRunRegister,
  fixedAssetRegister,
} from "./fixed-asset.registers.ts";
import { addToAssetBook, impairAsset, reviseAsset, transferAsset } from "./revise.operations.ts";
import { postDepreciation, reverseDepreciation } from "./run.operations.ts";
import { getSchedule, previewSchedule } from "./schedule.operations.ts";
import { reverseDisposal, reverseImpairment } from "./take-back.operations.ts";
import { enterUnits, planByHand } from "./use.operations.ts";

export { fixedAssetLaws } from "./laws.ts";

export const fixedAssetRegisters = [
  fixedAssetRegister,
  assetPlanRegister,
  depreciationRunRegister,
  depreciationLineRegister,
  assetClassRegister,
  assetBookRegister,
];

export const fixedAssetOperations = [
  createAssetClass,
  setClassPlan,
  createAssetBook,
  capitaliseAsset,
  bringOverAssets,
  reviseAsset,
  impairAsset,
  transferAsset,
  addToAssetBook,
  enterUnits,
  planByHand,
  disposeAsset,
  reverseDisposal,
  reverseImpairment,
  postDepreciation,
  reverseDepreciation,
  getSchedule,
  previewSchedule,
];
