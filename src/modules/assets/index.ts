// The door of assets: what other modules may use.
export { assets } from "./module.ts";
export { createAsset, createModel, updateAsset } from "./asset.operations.ts";
export { Condition, giveAsset, takeBackAsset } from "./custody.operations.ts";
export { reinstateAsset, repairAsset, reportAssetLost, restoreAsset, receiveAsset, retireAsset } from "./standing.operations.ts";
export { cancelReservation, endCustody, giveCustody, holdingsOf, reservationsOf, reserve, type Wording } from "./custody.store.ts";
export { takeThing, type Thing } from "./asset.store.ts";
export { type AssetKind, assetKinds, facilityKinds, itKinds } from "./kind.rules.ts";
export { type Label, labelsPdf, squareOf } from "./label.document.ts";
