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
import { brokenReactions } from "./broken.ts";
import { addChecklist, answerItem, checklistItemRegister } from "./checklist.operations.ts";
import { labourRegister, partUsedRegister, recordLabour, recordPart } from "./effort.operations.ts";
import { getReportLabel, printReportLabel } from "./label.operations.ts";
import { addMeter, meterReadingRegister, meterRegister, readMeter } from "./meter.operations.ts";
import { reportReliability } from "./reliability.operations.ts";
import { downtimeRegister, installationRegister, putEquipmentBack, rateEquipment, takeEquipmentOut } from "./out-of-use.operations.ts";
import { callContractor, checkWorkOrder, holdWorkOrder, recordCost, resumeWorkOrder } from "./work-order-care.operations.ts";
import "./work.source.ts";
import { figures, laws } from "./laws.ts";
import { facilitiesKeeps } from "./keeping.ts";
import {
  createMaintenancePlan,
  endMaintenancePlan,
  maintenancePlanRegister,
  makeDueMaintenance,
  openPlannedWorkOrder,
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
  registers: [
    deskRegister,
    roomRegister,
    bookingRegister,
    workOrderRegister,
    maintenancePlanRegister,
    equipmentRegister,
    visitRegister,
    downtimeRegister,
    installationRegister,
    checklistItemRegister,
    labourRegister,
    partUsedRegister,
    meterRegister,
    meterReadingRegister,
  ],
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
    openPlannedWorkOrder,
    holdWorkOrder,
    resumeWorkOrder,
    callContractor,
    checkWorkOrder,
    recordCost,
    addChecklist,
    answerItem,
    recordLabour,
    recordPart,
    takeEquipmentOut,
    putEquipmentBack,
    rateEquipment,
    addMeter,
    readMeter,
    getReportLabel,
    printReportLabel,
    reportReliability,
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
  reactions: brokenReactions,
  keeps: facilitiesKeeps,
  laws,
  notices: {
    "facilities.workOrder.news": { title: "Faults I reported", says: "Somebody is at it, it is done, or it was called off.", mail: "off" },
    "facilities.visit.arrived": { title: "My visitors", says: "Somebody who visits you is at the door.", mail: "off" },
  },
  figures,
});
