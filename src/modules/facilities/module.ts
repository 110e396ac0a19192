// Facilities: desks, rooms, equipment, faults, maintenance and visitors.
import { module } from "../../platform/operation/module.ts";
import { assignDesk, bookDesk, deskRegister, freeDesks, giveUpDesk, releaseDesk } from "./desk.operations.ts";
import {
  createEquipment,
  equipmentRegister,
  handOverEquipment,
  placeEquipment,
  repairEquipment,
  reportEquipmentLost,
  restoreEquipment,
  retireEquipment,
  takeBackEquipment,
} from "./equipment.operations.ts";
import { figures, laws } from "./laws.ts";
import {
  createMaintenancePlan,
  endMaintenancePlan,
  maintenancePlanRegister,
  makeDueMaintenance,
  nightlyMaintenance,
} from "./maintenance.operations.ts";
import { bookingRegister, bookRoom, cancelBooking, freeRooms, roomRegister } from "./room.operations.ts";
import { announceVisit, arriveVisit, leaveVisit, visitRegister } from "./visit.operations.ts";
import {
  assignWorkOrder,
  cancelWorkOrder,
  closeWorkOrder,
  completeWorkOrder,
  reopenWorkOrder,
  reportFault,
  startWorkOrder,
  workOrderRegister,
} from "./work-order.operations.ts";

export const facilities = module({
  name: "facilities",
  title: "Facilities",
  needs: ["directory", "office", "assets"],
  roles: { "facilities.manager": "Facility manager" },
  activities: {
    "facilities.maintenance": "Faults and maintenance",
    "facilities.space": "Desks, rooms, keys and badges",
    "facilities.reception": "Visitors",
  },
  registers: [deskRegister, roomRegister, bookingRegister, workOrderRegister, maintenancePlanRegister, equipmentRegister, visitRegister],
  operations: [
    assignDesk,
    releaseDesk,
    bookDesk,
    giveUpDesk,
    freeDesks,
    bookRoom,
    freeRooms,
    cancelBooking,
    reportFault,
    assignWorkOrder,
    startWorkOrder,
    completeWorkOrder,
    closeWorkOrder,
    reopenWorkOrder,
    cancelWorkOrder,
    createMaintenancePlan,
    endMaintenancePlan,
    makeDueMaintenance,
    createEquipment,
    placeEquipment,
    handOverEquipment,
    takeBackEquipment,
    repairEquipment,
    restoreEquipment,
    reportEquipmentLost,
    retireEquipment,
    announceVisit,
    arriveVisit,
    leaveVisit,
  ],
  schedules: [nightlyMaintenance],
  laws,
  figures,
});
