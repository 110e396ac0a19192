// Several bank lines at once: two payments for one invoice, a batch of lines for a batch of bills; and which evidence goes first.
import { z } from "zod";
import { type Money as KernelMoney, sumMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Id, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { closeTask } from "../../office/index.ts";
import { bankAccountOf, bankAccountUnknown } from "../ledger/bank-account.operations.ts";
import { paymentRefusals } from "../payments/payment.ts";
import { isWork, lineUnknown, sharesOf } from "./bank-line.operations.ts";
import { evidenceKinds } from "./match-ground.rules.ts";
import { linesWhere } from "./match.store.ts";
import { settle, type Settlement } from "./settle.ts";

const may = ["finance.accountant", "finance.manager"];

export const matchManyBankLines = operation({
  name: "finance.bankLine.matchMany",
  title: "Match several bank lines together",
  does: "Settles open items with several bank lines at once, such as two payments for one invoice; the sums must be equal.",
  kind: "write",
  previews: true,
  may,
  input: z.strictObject({
    bankLineIds: z.array(ref("finance.bankLine")).min(2).max(200),
    allocations: z
      .array(z.strictObject({ openItemId: ref("finance.openItem"), amount: Money }))
      .min(1)
      .max(500),
  }),
  output: z.object({ matched: z.number().int(), entries: z.array(z.string()) }),
  refuses: {
    lineUnknown,
    lineSettled: "A line of {day} is {state} already. Unmatch it first.",
    linesMixed: "The lines or items are of several accounts, currencies or directions. Match those that are alike together.",
    sumsDiffer: "The lines come to {lines} and the items to {items}. Choose lines and items of the same sum.",
    itemOtherSide: "{reference} is owed the other way round. Money that comes in settles invoices, money that goes out settles bills.",
    ...paymentRefusals,
  },
  constraints: { bank_match_once: "lineSettled" },
  emits: ["finance.bankLine.matched"],
  async run({ bankLineIds, allocations }, context) {
    const ids = [...new Set(bankLineIds)];
    const lines = await linesWhere(context, sql`l.id = any(${ids}::uuid[])`, sql`order by l.day, l.id for update of l`);
    if (lines.length < ids.length) refuse("lineUnknown", {}, ["bankLineIds"]);
    const [first] = lines;
    const done = lines.find((line) => !isWork(line.state));
    if (done) refuse("lineSettled", { day: done.day, state: done.state });
    const isAlike = (line: (typeof lines)[number]): boolean =>
      line.bankAccountId === first!.bankAccountId && line.amount.minor * first!.amount.minor > 0n;
    if (!lines.every(isAlike)) refuse("linesMixed", {}, ["bankLineIds"]);
    const account = await bankAccountOf(context, first!.bankAccountId);
    const shares = await sharesOf(context, first!, allocations);
    if (shares.some((share) => share.amount.currency !== account.currency)) refuse("linesMixed", {}, ["allocations"]);
    const [told, owed] = [lines, shares].map((some) =>
      sumMoney(
        some.map((one) => one.amount.abs()),
        account.currency,
      ),
    );
    if (!told!.equals(owed!)) refuse("sumsDiffer", { lines: told!.toString(), items: owed!.toString() }, ["allocations"]);
    const reasons = [`Chosen by ${context.actor.name}, together with ${lines.length - 1} more.`];
    const settlements = shared(lines, shares).map((parts, place): Settlement => {
      const line = lines[place]!;
      return { line, shares: parts, reasons, isAutomatic: false, day: line.day };
    });
    const entries = await settle(context, account, settlements);
    for (const { heldTaskId } of lines) if (heldTaskId) await closeTask(context, { taskId: heldTaskId }, "done", "Matched");
    for (const line of lines) context.emit("finance.bankLine.matched", { bankLineId: line.id, bankAccountId: account.id });
    return { matched: lines.length, entries: entries.filter((entry) => entry !== undefined) };
  },
});

/** Line by line in their order, each takes from the items what it has, the first item first. */
function shared(lines: readonly { readonly amount: KernelMoney }[], shares: Settlement["shares"]): Settlement["shares"][] {
  const left = shares.map((share) => ({ ...share }));
  return lines.map((line) => {
    let rest = line.amount.abs();
    const parts: Settlement["shares"][number][] = [];
    while (rest.minor > 0n) {
      const share = left[0]!;
      const amount = share.amount.compare(rest) < 0 ? share.amount : rest;
      parts.push({ ...share, amount });
      rest = rest.minus(amount);
      share.amount = share.amount.minus(amount);
      if (share.amount.minor === 0n) left.shift();
    }
    return parts;
  });
}

export const setMatchOrder = operation({
  name: "finance.bankAccount.setMatchOrder",
  title: "Choose the order of evidence",
  does: "Says which evidence goes first on a bank account: payments in the books, other entries, invoices and bills, or rules.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    bankAccountId: ref("finance.bankAccount"),
    order: z.array(z.enum(evidenceKinds)).length(evidenceKinds.length).describe("Each of the four once, the first one first."),
  }),
  output: z.object({ id: Id }),
  refuses: { bankAccountUnknown, orderIncomplete: "Name each kind of evidence once: {kinds}." },
  when: (record) => record["state"] === "open",
  emits: ["finance.bankAccount.matchOrderSet"],
  async run({ bankAccountId, order }, context) {
    const account = await bankAccountOf(context, bankAccountId);
    if (new Set(order).size < evidenceKinds.length) refuse("orderIncomplete", { kinds: evidenceKinds.join(", ") }, ["order"]);
    await context.db.run(sql`
      insert into finance.bank_match_order (tenant_id, bank_account_id, kinds) values (${context.tenantId}, ${account.id}, ${order})
      on conflict (tenant_id, bank_account_id) do update set kinds = excluded.kinds`);
    context.emit("finance.bankAccount.matchOrderSet", { bankAccountId: account.id });
    return { id: account.id };
  },
});
