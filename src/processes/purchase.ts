// Purchase: from a wish to a paid bill, and to a thing of the company where it is equipment.
import { days, ids, process } from "../modules/office/index.ts";
import {
  assetIsCapitalised,
  billIsEntered,
  billIsPaid,
  billIsApproved,
  billIsPosted,
  billRequest,
  capitaliseRequest,
  isEquipment,
  orderRequest,
  requestById,
  requestIsApproved,
  requestIsOrdered,
} from "../modules/purchasing/index.ts";
import { approveBill, payBill, postBill } from "../modules/finance/index.ts";

export const purchase = process({
  name: "purchase",
  title: "A purchase",
  says:
    "Somebody wants something bought. A second person decides within their limit; it is ordered, billed, paid, " +
    "and equipment becomes a thing of the company.",
  starts: "purchasing.request.submitted",
  ends: "purchasing.request.withdrawn",
  subject: (payload) => ids(payload, "requestId", "personId"),
  about: ["purchasing.request", "requestId"],
  follows: ["billId"],
  anchor: async (context, subject) => (await requestById(context, subject.requestId))?.wantedBy,
  called: async (context, subject) => `Purchase of ${(await requestById(context, subject.requestId))?.title ?? "something"}`,
  steps: {
    approval: {
      says: "Someone who may decide on this amount, and who did not ask for it, approves the request.",
      owner: "purchasing.approval",
      by: days(-14),
      done: requestIsApproved,
    },
    order: {
      says: "The buyer gives the order to the supplier.",
      owner: "purchasing.order",
      by: days(-10),
      after: ["approval"],
      asks: orderRequest,
      done: requestIsOrdered,
    },
    bill: {
      says: "The accountant enters the supplier's bill.",
      owner: "finance.bookkeeping",
      by: days(7),
      after: ["order"],
      asks: billRequest,
      done: billIsEntered,
    },
    checked: {
      title: "Bill approved",
      says: "The head of finance, who did not enter it, says that the bill is right and may be paid.",
      owner: "finance.billApproval",
      by: days(10),
      after: ["bill"],
      asks: {
        operation: approveBill,
        input: async (context, subject) => ({ billId: (await requestById(context, subject.requestId))?.billId }),
      },
      done: billIsApproved,
    },
    posting: {
      says: "The bill is posted: what was bought and what is owed stand in the books.",
      owner: "finance.bookkeeping",
      by: days(12),
      after: ["checked"],
      asks: {
        operation: postBill,
        input: async (context, subject) => ({ billId: (await requestById(context, subject.requestId))?.billId }),
      },
      done: billIsPosted,
    },
    payment: {
      says: "The bill is paid from the company's bank account.",
      owner: "finance.bookkeeping",
      by: days(30),
      after: ["posting"],
      asks: {
        operation: payBill,
        input: async (context, subject) => ({ billId: (await requestById(context, subject.requestId))?.billId }),
      },
      done: billIsPaid,
    },
    asset: {
      says: "What was bought as equipment is put into the asset register with the cost of its bill.",
      owner: "purchasing.order",
      by: days(14),
      after: ["posting"],
      unless: async (context, subject) => !(await isEquipment(context, subject)),
      asks: capitaliseRequest,
      done: assetIsCapitalised,
    },
  },
});
