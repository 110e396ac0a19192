// The door of facilities: what processes and other modules may use.
export { facilities } from "./module.ts";
export { assignDesk, releaseDesk } from "./desk.operations.ts";
export { createEquipment, handOverEquipment, takeBackEquipment } from "./equipment.operations.ts";
export { deskOf, hasDesk, hasDeskAt, hasNoDesk, holdsNoEquipment, type SeatAt, workOrderIsAssigned, workOrderIsDone } from "./facts.ts";
export { createMaintenancePlan, makeDueMaintenance } from "./maintenance.operations.ts";
export { bookRoom } from "./room.operations.ts";
export { announceVisit } from "./visit.operations.ts";
export { assignWorkOrder, closeWorkOrder, completeWorkOrder, reportFault } from "./work-order.operations.ts";
