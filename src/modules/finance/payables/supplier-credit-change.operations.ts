// A supplier's credit note corrected before it is posted, as a bill is.
import { z } from "zod";
import { refuse } from "../../../kernel/refusal.ts";
import { Id, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { renewApproval } from "./bill-approval.ts";
import { lockBill, rewriteBill } from "./bill.ts";
import { creditContent, type CreditWish, requireCreditable } from "./credit-content.ts";
import { keptBill } from "./kept-bill.ts";
import { createRefusals, creditFields } from "./supplier-credit-note.operations.ts";

export const changeSupplierCreditNote = operation({
  name: "finance.supplierCreditNote.change",
  title: "Change a credit note",
  does: "Corrects a supplier's credit note that is not posted; approved anew when supplier, amount or lines differ.",
  kind: "write",
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({
    ...creditFields,
    supplierCreditNoteId: ref("finance.supplierCreditNote"),
    supplierId: creditFields.supplierId.optional(),
    supplierNumber: Text(60).optional(),
    day: creditFields.day.optional(),
    billId: ref("finance.bill").optional().describe("The bill that it takes back, where it is another one or was not said."),
  }),
  output: z.object({
    id: Id,
    net: Money,
    tax: Money,
    total: Money,
    approvalVoid: z.boolean().describe("It was approved, and has to be approved anew."),
  }),
  refuses: {
    ...createRefusals,
    notFound: "There is no such credit note, or no such bill.",
    alreadyPosted: "The credit note is {state} and stays as it is. Reverse it, and enter it anew.",
  },
  constraints: { bill_once: "enteredBefore", bill_file_once: "fileKnown" },
  when: (record) => record["state"] === "draft" || record["state"] === "approved",
  emits: ["finance.supplierCreditNote.changed"],
  async run({ supplierCreditNoteId: id, billId, ...wish }, context) {
    const paper = await lockBill(context, id, "creditNote");
    if (paper.state !== "draft" && paper.state !== "approved") refuse("alreadyPosted", { state: paper.state });
    const kept = await keptBill(context, id);
    const isOtherBill = billId !== undefined && billId !== kept.corrects?.id;
    const isSameContent = wish.lines === undefined && !isOtherBill;
    const isSameTax = wish.pricesIncludeTax === undefined || wish.pricesIncludeTax === kept.pricesIncludeTax;
    const correctsId = billId ?? kept.corrects?.id;
    const next: CreditWish = {
      ...kept,
      ...wish,
      total: wish.total ?? (isSameContent && isSameTax ? kept.total : undefined),
      rate: wish.rate ?? (isOtherBill || (wish.day ?? kept.day) !== kept.day ? undefined : kept.rate),
      lines: isSameContent ? kept.lines.map(({ id: _, correctsLineId, ...line }) => ({ ...line, billLineId: correctsLineId })) : wish.lines,
    };
    const input = await creditContent(context, next, correctsId);
    const { totals, total } = await rewriteBill(context, id, input);
    if (correctsId) await requireCreditable(context, correctsId, { id, total });
    const approvalVoid = await renewApproval(context, paper, kept, { ...input, total });
    context.emit("finance.supplierCreditNote.changed", { supplierCreditNoteId: id, approvalVoid });
    return { id, net: totals.net, tax: totals.tax, total, approvalVoid };
  },
});
