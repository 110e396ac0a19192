// What happens when someone declines: a claim goes back to whom it belongs to with the reason, an advance is given up.
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import type { HouseEvent, Reaction } from "../../../platform/operation/module.ts";

async function giveBack(event: HouseEvent, context: WriteContext): Promise<void> {
  const { verdict, about, approvalId } = event.payload as {
    verdict?: string;
    about?: { subject: string; id: string };
    approvalId?: string;
  };
  if (verdict !== "decline" || !about || !approvalId) return;
  const { tenantId } = context;
  const reason = sql`(select a.reason from office.approval a where a.tenant_id = ${tenantId} and a.id = ${approvalId})`;
  if (about.subject === "finance.expenseClaim") {
    await context.db.run(sql`
      update finance.expense_claim set state = 'rejected', reject_reason = ${reason}
      where tenant_id = ${tenantId} and id = ${about.id} and state = 'submitted' and approval_id = ${approvalId}`);
  }
  if (about.subject === "finance.expenseAdvance") {
    await context.db.run(sql`
      update finance.expense_advance set state = 'rejected', reject_reason = ${reason}
      where tenant_id = ${tenantId} and id = ${about.id} and state = 'requested' and approval_id = ${approvalId}`);
  }
}

async function withdrawn(event: HouseEvent, context: WriteContext): Promise<void> {
  const { about, approvalId } = event.payload as { about?: { subject: string; id: string }; approvalId?: string };
  if (!about || !approvalId) return;
  const { tenantId } = context;
  if (about.subject === "finance.expenseClaim") {
    await context.db.run(sql`
      update finance.expense_claim set state = 'draft', approval_id = null
      where tenant_id = ${tenantId} and id = ${about.id} and state = 'submitted' and approval_id = ${approvalId}`);
  }
  if (about.subject === "finance.expenseAdvance") {
    await context.db.run(sql`
      update finance.expense_advance set state = 'rejected', reject_reason = 'Taken back by the person'
      where tenant_id = ${tenantId} and id = ${about.id} and state = 'requested' and approval_id = ${approvalId}`);
  }
}

export const expenseReactions: readonly Reaction[] = [
  { to: "office.approval.decided", does: giveBack },
  { to: "office.approval.withdrawn", does: withdrawn },
];
