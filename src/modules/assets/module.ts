// Assets: one identity of every thing, and who holds it.
import { module } from "../../platform/operation/module.ts";
import { createAsset, createModel, findAsset, setTagSeries, updateAsset } from "./asset.operations.ts";
import { assetRegister, custodyRegister, modelRegister, myEquipmentRegister, reservationRegister } from "./asset.register.ts";
import {
  acceptCustody,
  cancelAssetReservation,
  disputeCustody,
  giveAsset,
  passOnAsset,
  reserveAsset,
  takeBackAsset,
} from "./custody.operations.ts";
import { getLabel, printLabel } from "./label.operations.ts";
import { figures, laws } from "./laws.ts";
import { assetsKeeps } from "./keeping.ts";
import { receiveAsset, reinstateAsset, repairAsset, reportAssetLost, restoreAsset, retireAsset } from "./standing.operations.ts";

export const assets = module({
  name: "assets",
  title: "Assets",
  needs: ["directory", "office"],
  // The departments that look after kinds of thing add models and print labels for them; the roles themselves are theirs.
  roles: { "assets.manager": "Keeper of things", "it.manager": "IT manager", "facilities.manager": "Facility manager" },
  activities: { "assets.register": "The register of things, its labels and its stock" },
  registers: [assetRegister, myEquipmentRegister, custodyRegister, reservationRegister, modelRegister],
  operations: [
    createAsset,
    updateAsset,
    findAsset,
    receiveAsset,
    repairAsset,
    restoreAsset,
    reportAssetLost,
    retireAsset,
    reinstateAsset,
    reserveAsset,
    cancelAssetReservation,
    giveAsset,
    acceptCustody,
    disputeCustody,
    takeBackAsset,
    passOnAsset,
    getLabel,
    printLabel,
    createModel,
    setTagSeries,
  ],
  keeps: assetsKeeps,
  laws,
  figures,
});
