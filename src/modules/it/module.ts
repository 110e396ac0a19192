// IT: devices, systems, accounts, access and licences.
import { module } from "../../platform/operation/module.ts";
import { accessGrantRegister, endAccess, giveAccess } from "./access.operations.ts";
import {
  accountRegister,
  closeAccount,
  closeAllAccounts,
  openAccount,
  openNeededAccounts,
  resumeAccount,
  suspendAccount,
} from "./account.operations.ts";
import {
  createDevice,
  handOverDevice,
  receiveDevice,
  releaseDevice,
  repairDevice,
  reportDeviceLost,
  reserveDevice,
  reserveFreeDevice,
  restoreDevice,
  retireDevice,
  takeBackDevice,
  wipeDevice,
} from "./device.operations.ts";
import { deviceRegister } from "./device.register.ts";
import { figures, laws } from "./laws.ts";
import { itKeeps } from "./keeping.ts";
import { leaverRegister } from "./leaver.register.ts";
import { assignLicence, createLicence, freeLicenceSeat, licenceRegister, licenceSeatRegister } from "./licence.operations.ts";
import { createEntitlement, createSystem, entitlementRegister, retireSystem, systemRegister, updateSystem } from "./system.operations.ts";

export const it = module({
  name: "it",
  title: "IT",
  needs: ["directory", "office", "assets"],
  roles: { "it.manager": "IT manager" },
  activities: {
    "it.equipment": "Devices for the people who work here",
    "it.access": "Accounts and access to systems",
    "it.security": "What to do when a device is lost or an account is misused",
  },
  registers: [
    deviceRegister,
    systemRegister,
    accountRegister,
    accessGrantRegister,
    entitlementRegister,
    licenceRegister,
    licenceSeatRegister,
    leaverRegister,
  ],
  operations: [
    createDevice,
    receiveDevice,
    reserveDevice,
    reserveFreeDevice,
    releaseDevice,
    handOverDevice,
    takeBackDevice,
    wipeDevice,
    repairDevice,
    restoreDevice,
    reportDeviceLost,
    retireDevice,
    createSystem,
    updateSystem,
    retireSystem,
    createEntitlement,
    openAccount,
    openNeededAccounts,
    suspendAccount,
    resumeAccount,
    closeAccount,
    closeAllAccounts,
    giveAccess,
    endAccess,
    createLicence,
    assignLicence,
    freeLicenceSeat,
  ],
  keeps: itKeeps,
  laws,
  figures,
});
