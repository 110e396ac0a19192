// The approval of a bill or a supplier's credit note: a task for each, asked anew when what was approved has changed; given or refused by
// another person than who entered it.
import { addDays } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import type { Money } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { closeTask, openTask, openTasks } from "../../office/index.ts";
import type { BillInput, BillKind } from "./bill.rules.ts";
import { requireSecond } from "./four-eyes.ts";

export const approvalTask = (billId: Id): { key: string } => ({ key: `finance.bill.approval:${billId}` });

interface ApprovalWish {
  /** It was asked for, and answered, before. */
  readonly isAnew?: boolean;
  readonly id: Id;
  readonly kind: BillKind;
  readonly supplierNumber: string;
  readonly total: Money;
}

export const askApproval = async (context: WriteContext, wish: ApprovalWish): Promise<void> =>
  void (await openTask(context, taskOf(context, wish)));

/** The same for bills that nobody entered before, in as many statements as for one. */
export const askApprovals = (context: WriteContext, wishes: readonly ApprovalWish[]): Promise<void> =>
  openTasks(
    context,
    wishes.map((wish) => taskOf(context, wish)),
  );

function taskOf(context: WriteContext, { id, kind, supplierNumber, total, isAnew }: ApprovalWish) {
  const isBill = kind === "bill";
  const name = isBill ? "bill" : "credit note";
  return {
    kind: "approval",
    title: `Approve ${name} ${supplierNumber} over ${total.toString()}`,
    says: `Look at the ${name} and approve it or decline it with a reason.`,
    owner: { activity: "finance.billApproval" },
    due: addDays(context.today, 5),
    about: { subject: isBill ? "finance.bill" : "finance.supplierCreditNote", id },
    asks: isBill
      ? { operation: "finance.bill.approve", input: { billId: id } }
      : { operation: "finance.supplierCreditNote.approve", input: { supplierCreditNoteId: id } },
    ...approvalTask(id),
    isAnew,
  };
}

interface Paper {
  readonly id: Id;
  readonly state: string;
  readonly personId: Id | null;
}

/** Refuses `notDraft` and `selfApproval`. True when the owner approves what they entered, with a reason that stays. */
export async function approvePaper(context: WriteContext, paper: Paper, aloneReason: string | undefined): Promise<boolean> {
  if (paper.state !== "draft") refuse("notDraft", { state: paper.state });
  const isAlone = requireSecond(context, paper.personId, aloneReason);
  await context.db.run(sql`
    update finance.bill set state = 'approved', approved_by_id = ${context.actor.personId}, approved_by_name = ${context.actor.name},
      approved_at = ${context.now}, alone_reason = ${isAlone ? aloneReason! : null}
    where tenant_id = ${context.tenantId} and id = ${paper.id}`);
  await closeTask(context, approvalTask(paper.id), "done", "Approved");
  return isAlone;
}

/** Refuses `alreadyPosted`. */
export async function declinePaper(context: WriteContext, paper: Paper, reason: string): Promise<void> {
  if (paper.state !== "draft" && paper.state !== "approved") refuse("alreadyPosted", { state: paper.state });
  await context.db.run(sql`
    update finance.bill set state = 'declined', decline_reason = ${reason}
    where tenant_id = ${context.tenantId} and id = ${paper.id}`);
  await closeTask(context, approvalTask(paper.id), "done", "Declined");
}

/** What an approval is about: whom, how much, for what, and to which account. */
function approvedPart({ supplierId, total, supplierBankAccountId, discountPercent, corrects, pricesIncludeTax, lines }: BillInput): string {
  const content = lines.map((line) => [
    line.description,
    line.net.toString(),
    line.accountId,
    line.taxCode,
    line.unitId,
    line.quantity,
    line.correctsLineId,
    line.serviceFrom,
    line.serviceUntil,
  ]);
  return JSON.stringify([
    supplierId,
    total?.toString(),
    supplierBankAccountId,
    discountPercent,
    corrects?.id,
    pricesIncludeTax ?? false,
    content,
  ]);
}

/** True when the paper was approved and has to be approved anew, because what the approval was about is otherwise now. */
export async function renewApproval(
  context: WriteContext,
  paper: Paper,
  before: BillInput,
  after: BillInput & ApprovedTotal,
): Promise<boolean> {
  if (paper.state !== "approved" || approvedPart(before) === approvedPart(after)) return false;
  await context.db.run(sql`
    update finance.bill set state = 'draft', approved_by_id = null, approved_by_name = null, approved_at = null, alone_reason = null
    where tenant_id = ${context.tenantId} and id = ${paper.id}`);
  await askApproval(context, { id: paper.id, kind: after.kind, supplierNumber: after.supplierNumber, total: after.total, isAnew: true });
  return true;
}

interface ApprovedTotal {
  readonly total: Money;
}
