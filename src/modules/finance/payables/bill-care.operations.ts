// A bill on its way to being paid: corrected before it is posted, held back, released, and told apart from another just like it.
import { z } from "zod";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Day, FileId, Id, LongText, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { billRefusals, lockBill, rewriteBill } from "./bill.ts";
import type { BillInput, BillLineInput } from "./bill.rules.ts";
import { renewApproval } from "./bill-approval.ts";
import { alikeSays } from "./bill-guard.ts";
import { BillLine, payingFields, PricesIncludeTax } from "./bill.operations.ts";
import { keptBill } from "./kept-bill.ts";

const roles = ["finance.accountant", "finance.manager"];
const notFound = "There is no such bill.";

/** New lines, with the quantity of those that stay where nothing else is said. Refuses `lineUnknown`. */
function linesKept(kept: BillInput, lines: readonly BillLineInput[]): BillLineInput[] {
  const left = new Map(kept.lines.map((line) => [line.id, line]));
  return lines.map((line, index) => {
    if (line.id === undefined) return line;
    const known = left.get(line.id);
    if (!known) refuse("lineUnknown", { line: index + 1 }, ["lines", index, "id"]);
    left.delete(line.id);
    return { ...line, quantity: line.quantity ?? known.quantity };
  });
}

export const changeBill = operation({
  name: "finance.bill.change",
  title: "Change a bill",
  does: "Corrects a bill that is not posted; looked at anew for doubles, and approved anew when supplier, amount, lines or account differ.",
  kind: "write",
  may: roles,
  input: z.strictObject({
    billId: ref("finance.bill"),
    supplierId: ref("directory.supplier").optional(),
    supplierNumber: Text(60).optional(),
    day: Day.optional(),
    dueDay: Day.optional(),
    text: LongText(2000).optional(),
    total: Money.optional().describe("What the supplier asks for with tax; with new lines by default what they add up to."),
    lines: z
      .array(
        BillLine.extend({
          id: ref("finance.billLine").optional().describe("A line that stays, so that what it was matched with stays too."),
        }),
      )
      .min(1)
      .max(500)
      .optional()
      .describe("All lines as they are to be."),
    pricesIncludeTax: PricesIncludeTax,
    fileId: FileId.optional(),
    ...payingFields,
  }),
  output: z.object({
    id: Id,
    net: Money,
    tax: Money,
    total: Money,
    warnings: z.array(z.string()),
    approvalVoid: z.boolean().describe("It was approved, and has to be approved anew."),
  }),
  refuses: {
    notFound,
    alreadyPosted: "The bill is {state} and stays as it is. Reverse it, and enter it anew.",
    lineUnknown: "Line {line} is no line of this bill, or is named twice. Leave its id out to add a line.",
    ...billRefusals,
  },
  constraints: { bill_once: "enteredBefore", bill_file_once: "fileKnown" },
  when: (record) => record["state"] === "draft" || record["state"] === "approved",
  emits: ["finance.bill.changed"],
  async run({ billId, ...wish }, context) {
    const bill = await lockBill(context, billId);
    if (bill.state !== "draft" && bill.state !== "approved") refuse("alreadyPosted", { state: bill.state });
    const kept = await keptBill(context, billId);
    const isSameTax = wish.pricesIncludeTax === undefined || wish.pricesIncludeTax === kept.pricesIncludeTax;
    const total = wish.total ?? (wish.lines || !isSameTax ? undefined : kept.total);
    // An agreed rate stays with its day.
    const rate = wish.rate ?? (wish.day === undefined || wish.day === kept.day ? kept.rate : undefined);
    const next: BillInput = { ...kept, ...wish, total, rate, lines: wish.lines ? linesKept(kept, wish.lines) : kept.lines };
    const { totals, total: asked, alike } = await rewriteBill(context, billId, next);
    const approvalVoid = await renewApproval(context, bill, kept, { ...next, total: asked });
    context.emit("finance.bill.changed", { billId, approvalVoid });
    return { id: billId, net: totals.net, tax: totals.tax, total: asked, warnings: alike ? [alikeSays(alike)] : [], approvalVoid };
  },
});

export const holdBill = operation({
  name: "finance.bill.hold",
  title: "Hold a bill back",
  does: "Keeps a bill from being paid, with a reason, for good or until a day.",
  kind: "write",
  may: roles,
  input: z.strictObject({
    billId: ref("finance.bill"),
    reason: LongText(300).min(3, "says why, in a few words"),
    until: Day.optional().describe("The day it is released by itself; without it someone releases it."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    notFound,
    nothingToHold: "This bill is {state}; there is nothing to hold back.",
    releaseDayPast: "The day of release lies after today.",
    inOtherRun: "The bill waits in payment run {run} already. Take it out of that run first.",
  },
  when: (record) => ["draft", "approved", "open", "overdue"].includes(String(record["state"])) && record["holdReason"] === null,
  emits: ["finance.bill.held"],
  async run(input, context) {
    const bill = await lockBill(context, input.billId);
    if (!["draft", "approved", "posted"].includes(bill.state)) refuse("nothingToHold", { state: bill.state });
    if (input.until !== undefined && input.until <= context.today) refuse("releaseDayPast", {}, ["until"]);
    const run = await context.db.maybe<{ run: string }>(sql`
      select r.code as run from finance.payment_run_item i join finance.payment_run r on r.tenant_id = ${context.tenantId}
        and r.id = i.run_id
      where i.tenant_id = ${context.tenantId} and i.bill_id = ${bill.id} and i.is_live`);
    if (run) refuse("inOtherRun", { ...run });
    await context.db.run(sql`
      update finance.bill set hold_reason = ${input.reason}, hold_until = ${input.until ?? null}, held_by_name = ${context.actor.name},
        held_at = ${context.now}
      where tenant_id = ${context.tenantId} and id = ${bill.id}`);
    context.emit("finance.bill.held", { billId: bill.id, reason: input.reason });
    return { id: bill.id };
  },
});

export const releaseBill = operation({
  name: "finance.bill.release",
  title: "Release a bill",
  does: "Lets a bill that was held back be paid again.",
  kind: "write",
  may: roles,
  input: z.strictObject({ billId: ref("finance.bill"), note: LongText(300).optional() }),
  output: z.object({ id: Id }),
  refuses: { notFound, notHeld: "This bill is not held back." },
  when: (record) => record["holdReason"] !== null,
  emits: ["finance.bill.released"],
  async run(input, context) {
    const bill = await lockBill(context, input.billId);
    if (bill.holdReason === null) refuse("notHeld");
    await context.db.run(sql`
      update finance.bill set hold_reason = null, hold_until = null, held_by_name = null, held_at = null
      where tenant_id = ${context.tenantId} and id = ${bill.id}`);
    context.emit("finance.bill.released", { billId: bill.id, note: input.note ?? null });
    return { id: bill.id };
  },
});

export const acknowledgeBill = operation({
  name: "finance.bill.acknowledge",
  title: "Say that it is no double",
  does: "Says why a bill is another one than the bill of the same amount near by; until then no payment run takes it.",
  kind: "write",
  may: roles,
  input: z.strictObject({ billId: ref("finance.bill"), note: LongText(300).min(5, "says how the two differ") }),
  output: z.object({ id: Id }),
  refuses: { notFound, nothingAlike: "No other bill is like this one." },
  when: (record) => record["alikeId"] !== null && record["alikeNote"] === null,
  emits: ["finance.bill.acknowledged"],
  async run(input, context) {
    const bill = await lockBill(context, input.billId);
    if (bill.likeId === null) refuse("nothingAlike");
    await context.db.run(sql`
      update finance.bill set like_note = ${input.note}, like_by_name = ${context.actor.name}
      where tenant_id = ${context.tenantId} and id = ${bill.id}`);
    context.emit("finance.bill.acknowledged", { billId: bill.id, note: input.note });
    return { id: bill.id };
  },
});
