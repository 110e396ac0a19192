// IT's door: what processes and other modules may use.
export { it } from "./module.ts";
export {
  createDevice,
  handOverDevice,
  releaseDevice,
  reserveDevice,
  reserveFreeDevice,
  retireDevice,
  takeBackDevice,
  wipeDevice,
} from "./device.operations.ts";
export { closeAccount, closeAllAccounts, openAccount, openNeededAccounts, suspendAccount } from "./account.operations.ts";
export { createEntitlement, createSystem } from "./system.operations.ts";
export { giveAccess } from "./access.operations.ts";
export { assignLicence, createLicence } from "./licence.operations.ts";
export {
  accountsAreOpen,
  deviceIsAccepted,
  deviceIsHandedOver,
  deviceIsReserved,
  holdsNoAccount,
  holdsNoDevice,
  neededBy,
  noDeviceIsReserved,
} from "./facts.ts";
