// The door of facilities: what processes and other modules may use.
export { facilities } from "./module.ts";
export { assignDesk, releaseDesk } from "./desk.operations.ts";
export { takeBackEquipment } from "./equipment.operations.ts";
export { deskOf, hasDesk, hasNoDesk, holdsNoEquipment } from "./facts.ts";
