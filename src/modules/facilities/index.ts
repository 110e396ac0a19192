// The door of facilities: what processes and other modules may use.
export { facilities } from "./module.ts";
export { assignDesk, releaseDesk } from "./desk.operations.ts";
export { takeBackEquipment } from "./equipment.operations.ts";
export { deskOf, hasDesk, hasNoDesk, holdsNoEquipment } from "./facts.ts";
export { askRepair, faultById, tellRequester } from "./broken.ts";
export { putEquipmentBack } from "./out-of-use.operations.ts";
export { callContractor, checkWorkOrder, recordCost } from "./work-order-care.operations.ts";
export { assignWorkOrder, closeWorkOrder } from "./work-order.operations.ts";
export {
  contractorIsCalled,
  costIsRecorded,
  requesterIsTold,
  thingIsBack,
  thingWasTakenOut,
  workIsChecked,
  workNeedsCheck,
  workOrderIsAssigned,
  workOrderIsClosed,
  workOrderIsDone,
} from "./facts.ts";
