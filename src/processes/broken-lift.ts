// A broken lift, or anything else that stands in the register of equipment: from the label that was scanned to the closed work order.
import {
  askRepair,
  assignWorkOrder,
  callContractor,
  checkWorkOrder,
  closeWorkOrder,
  contractorIsCalled,
  costIsRecorded,
  faultById,
  putEquipmentBack,
  recordCost,
  requesterIsTold,
  tellRequester,
  thingIsBack,
  thingWasTakenOut,
  workIsChecked,
  workNeedsCheck,
  workOrderIsAssigned,
  workOrderIsClosed,
  workOrderIsDone,
} from "../modules/facilities/index.ts";
import { days, ids, process } from "../modules/office/index.ts";

export const brokenLift = process({
  name: "broken-lift",
  title: "A broken lift",
  says:
    "Somebody scans the label of a thing and says what is wrong with it. Where people could be hurt it is out of service at once; " +
    "somebody is sent, a contractor comes, a second person checks it, it is put back, whoever asked is told, and its cost is known.",
  starts: "facilities.equipment.broken",
  ends: "facilities.workOrder.cancelled",
  subject: (payload) => ids(payload, "workOrderId", "assetId", "personId"),
  about: ["facilities.workOrder", "workOrderId"],
  anchor: async (context, { workOrderId }) => (await faultById(context, workOrderId))?.due,
  called: async (context, { workOrderId }) => {
    const fault = await faultById(context, workOrderId);
    return fault ? `${fault.number} ${fault.title}` : "A broken thing";
  },
  place: async (context, { workOrderId }) => {
    const siteId = (await faultById(context, workOrderId))?.siteId;
    return siteId ? { kind: "site", id: siteId } : undefined;
  },
  steps: {
    outOfService: {
      says: "A thing on which people could be hurt is out of service from the moment it is reported, and its place says so.",
      owner: "facilities.maintenance",
      by: days(0),
      unless: async (context, { workOrderId }) => !(await workNeedsCheck(context, workOrderId)),
      done: (context, { workOrderId }) => thingWasTakenOut(context, workOrderId),
    },
    sent: {
      says: "Whoever answers for maintenance at the site says who sees to it.",
      owner: "facilities.maintenance",
      by: days(0),
      asks: assignWorkOrder,
      done: (context, { workOrderId }) => workOrderIsAssigned(context, workOrderId),
    },
    contractor: {
      says: "A company that may work on such a thing is called, with what it is expected to cost.",
      owner: "facilities.maintenance",
      by: days(0),
      after: ["sent"],
      asks: callContractor,
      unless: async (context, { workOrderId }) =>
        !(await workNeedsCheck(context, workOrderId)) || (await workOrderIsDone(context, workOrderId)),
      done: (context, { workOrderId }) => contractorIsCalled(context, workOrderId),
    },
    repaired: {
      says: "Whoever was sent answers the checklist, records hours and parts, and says what was done.",
      owner: "facilities.maintenance",
      by: days(1),
      after: ["sent"],
      does: (context, { workOrderId }) => askRepair(context, workOrderId),
      done: (context, { workOrderId }) => workOrderIsDone(context, workOrderId),
    },
    checked: {
      says: "A second person, not the one who did it, checks the work before anyone uses the thing.",
      owner: "facilities.maintenance",
      by: days(2),
      after: ["repaired"],
      asks: checkWorkOrder,
      unless: async (context, { workOrderId }) => !(await workNeedsCheck(context, workOrderId)),
      done: (context, { workOrderId }) => workIsChecked(context, workOrderId),
    },
    backInService: {
      says: "The thing is put back into service; its place shows it as working again.",
      owner: "facilities.maintenance",
      by: days(2),
      after: ["checked"],
      asks: { operation: putEquipmentBack, input: (_context, { assetId }) => ({ equipmentId: assetId }) },
      unless: async (context, { workOrderId }) => !(await thingWasTakenOut(context, workOrderId)),
      done: (context, { workOrderId }) => thingIsBack(context, workOrderId),
    },
    told: {
      says: "Whoever asked by a request reads there what was done.",
      owner: "facilities.maintenance",
      by: days(2),
      after: ["repaired", "backInService"],
      does: (context, { workOrderId }) => tellRequester(context, workOrderId),
      done: (context, { workOrderId }) => requesterIsTold(context, workOrderId),
    },
    confirmed: {
      says: "Whoever reported it looks and closes the work order, or sends it back.",
      owner: "person",
      by: days(7),
      after: ["told"],
      asks: closeWorkOrder,
      done: (context, { workOrderId }) => workOrderIsClosed(context, workOrderId),
    },
    cost: {
      says: "What the contractor asks is recorded with its bill; until then the bill stands among the deadlines of the books.",
      owner: "facilities.maintenance",
      by: days(30),
      after: ["repaired"],
      asks: recordCost,
      unless: async (context, { workOrderId }) => !(await contractorIsCalled(context, workOrderId)),
      done: (context, { workOrderId }) => costIsRecorded(context, workOrderId),
    },
  },
});
