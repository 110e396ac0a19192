// IT's door: what processes and other modules may use.
export { it } from "./module.ts";
export { handOverDevice, releaseDevice, reserveFreeDevice, takeBackDevice } from "./device.operations.ts";
export { closeAllAccounts, openNeededAccounts } from "./account.operations.ts";
export { accountsAreOpen, deviceIsHandedOver, deviceIsReserved, holdsNoAccount, holdsNoDevice } from "./facts.ts";
