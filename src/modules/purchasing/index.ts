// Purchasing's door: its table of contents and the facts that the purchase process asks for.
export { purchasing } from "./module.ts";
export { orderRequest, requestById } from "./request.operations.ts";
export {
  assetIsCapitalised,
  billIsEntered,
  billIsPaid,
  billIsApproved,
  billIsPosted,
  billRequest,
  capitaliseRequest,
  isEquipment,
  requestIsApproved,
  requestIsOrdered,
} from "./delivery.operations.ts";
