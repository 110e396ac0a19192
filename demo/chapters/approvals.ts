// What waits for others to agree: a policy for large purchases, a wish at its second step, one that was asked about, parted duties.
import { addDays } from "../../src/kernel/day.ts";
import type { Id } from "../../src/kernel/id.ts";
import { WaitsForApproval } from "../../src/platform/funnel/gate.ts";
import { known, type Story, tell } from "../story.ts";

const euro = (amount: string): { amount: string; currency: string } => ({ amount, currency: "EUR" });

export async function approvalsChapter(story: Story): Promise<void> {
  const { today } = story;
  const large = {
    name: "Large purchases",
    operation: "purchasing.request.approve",
    conditions: [{ field: "record.amount", is: "atLeast", amount: euro("5000.00") }],
    steps: [
      { title: "Line", approvers: [{ kind: "lineManager" }], escalateDays: 4 },
      { title: "Budget", approvers: [{ kind: "role", role: "finance.manager" }], quorum: 1 },
    ],
    from: today,
  };
  await tell(story, "office.approvalPolicy.create", large, "Helene Lindholm");
  const limits = {
    name: "Nobody raises limits alone",
    operation: "office.approvalLimit.set",
    conditions: [{ field: "amount", is: "atLeast", amount: euro("20000.00") }],
    steps: [{ title: "Company", approvers: [{ kind: "role", role: "owner" }], quorum: 1 }],
    from: today,
  };
  await tell(story, "office.approvalPolicy.create", limits, "Helene Lindholm");
  const first = await wished(story, "Vibration test bench", "7400.00");
  const { approver } = await tell<{ approver: string }>(story, "office.approval.get", { id: first });
  await tell(
    story,
    "office.approval.decide",
    { approvalId: first, verdict: "approve", reason: "We lose a day a week without it." },
    approver,
  );
  const second = await wished(story, "Second pump stand", "5600.00");
  const asked = await tell<{ approver: string }>(story, "office.approval.get", { id: second });
  await tell(story, "office.approval.ask", { approvalId: second, question: "Could the old stand be repaired?" }, asked.approver);
  const wish = {
    activity: "purchasing.approval",
    personId: known(story, "person/Jonas Falk"),
    amount: euro("25000.00"),
    from: addDays(today, 7),
  };
  // It is kept, and waits for the owner: that is what is to be seen.
  await tell(story, "office.approvalLimit.set", wish, "Pia Brandt").catch((error: unknown) => {
    if (!((error as Error).cause instanceof WaitsForApproval)) throw error;
  });
  await tell(
    story,
    "office.dutyConflict.create",
    {
      name: "Bank details and payments",
      says: "whoever enters where a supplier is paid does not approve what is paid.",
      kind: "operation",
      first: "finance.supplierBankAccount.propose",
      second: "finance.paymentRun.approve",
      days: 30,
    },
    "Helene Lindholm",
  );
}

async function wished(story: Story, title: string, amount: string): Promise<Id> {
  const wish = {
    title,
    kind: "equipment",
    supplierId: known(story, "supplier/Vakuumtechnik Nord GmbH"),
    amount: euro(amount),
    wantedBy: addDays(story.today, 30),
  };
  const { id: requestId } = await tell(story, "purchasing.request.create", wish, "Greta Holm");
  return (await tell<{ approvalId: Id }>(story, "purchasing.request.submit", { requestId }, "Greta Holm")).approvalId;
}
