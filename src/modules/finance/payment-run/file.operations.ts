// Writing the file for the bank: everything is looked at once more, bills become payments, and the file is made as the bank takes it.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { FileId, Id, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { isOnHold } from "../payables/bill-hold.rules.ts";
import { type PayeeAccount, payeeAccounts } from "../payables/supplier-bank-account.operations.ts";
import { plannedPayments, type PlannedPayment } from "./grouping.rules.ts";
import { type AchPayment, achText, entryMax } from "./nacha.rules.ts";
import { originMissing, originOf, type PaymentOrigin } from "./origin.operations.ts";
import { creditTransferXml, isSepaTransfer, sepaMax } from "./pain001.rules.ts";
import { pickRefusals } from "./pick.rules.ts";
import { codeOf, type LockedRun, lockItems, lockRun, runItem, type StoredItem } from "./run.store.ts";

const roles = ["finance.accountant", "finance.manager"];
const notFound = "There is no such payment run.";

interface Order extends PlannedPayment {
  readonly id: KernelId;
  readonly code: string;
  readonly account: PayeeAccount;
}

export const filePaymentRun = operation({
  name: "finance.paymentRun.file",
  title: "Write the file for the bank",
  does: "Makes the payment file of an approved run, as pain.001 or nacha, after looking at every bill and account once more.",
  kind: "write",
  may: roles,
  input: z.strictObject({ paymentRunId: ref("finance.paymentRun") }),
  output: z.object({ id: Id, fileId: FileId, payments: z.number().int(), total: Money }),
  refuses: {
    notFound,
    notApproved: "Payment run {code} is {state}; a file is written of an approved one.",
    payDayPast: "The day of payment was {day}. Send the run back and choose another day.",
    onHold: pickRefusals.onHold,
    coolingOff: pickRefusals.coolingOff,
    accountEnded: "The bank account of {supplier} was ended after the run was prepared. Send the run back.",
    openChanged: "Of bill {bill} only {open} is open now, and the run pays {amount}. Send the run back.",
    originMissing,
    paymentTooLarge:
      "Supplier {supplier} would be paid {amount} at once; such a file says at most {most}. Send the run back, and pay in several runs.",
    bankChanged: "This bank account takes other files than when the run was prepared. Send the run back.",
  },
  when: (record) => record["state"] === "approved",
  emits: ["finance.paymentRun.filed"],
  async run(input, context) {
    const run = await lockRun(context, input.paymentRunId);
    if (run.state !== "approved") refuse("notApproved", { code: run.code, state: run.state });
    if (run.payDay < context.today) refuse("payDayPast", { day: run.payDay });
    const items = await lockItems(context, run.id);
    const accounts = await checkItems(context, run, items);
    const origin = await originOf(context, run.bankAccountId);
    const orders = ordersOf(context, run, items, accounts);
    if (orders.some((order) => order.account.kind !== (origin.format === "nacha" ? "us" : "iban"))) refuse("bankChanged");
    checkSizes(origin, orders, items);
    const { text, traces } = fileText(context, run, origin, orders, await personsAmong(context, orders));
    const isXml = origin.format !== "nacha";
    const name = `${run.code}${isXml ? ".xml" : ".ach"}`;
    const fileId = await context.writeFile(name, isXml ? "application/xml" : "text/plain", new TextEncoder().encode(text));
    await insertOrders(context, run, orders, traces);
    const total = orders.reduce((sum, order) => sum.plus(order.amount), KernelMoney.zero(run.currency));
    await context.db.run(sql`
      update finance.payment_run set state = 'filed', file_id = ${fileId}, file_total = ${total.minor}
      where tenant_id = ${context.tenantId} and id = ${run.id}`);
    context.emit("finance.paymentRun.filed", { paymentRunId: run.id });
    return { id: run.id, fileId, payments: orders.length, total };
  },
});

/** What may have changed since the run was approved. */
async function checkItems(context: WriteContext, run: LockedRun, items: readonly StoredItem[]): Promise<Map<KernelId, PayeeAccount>> {
  const rows = await payeeAccounts(
    context,
    [],
    items.flatMap((item) => item.accountId ?? []),
  );
  const accounts = new Map(rows.map((account) => [account.id, account]));
  for (const item of items) {
    const account = item.accountId === null ? undefined : accounts.get(item.accountId);
    if (isOnHold(item, context.today)) refuse("onHold", { bill: item.supplierNumber, reason: item.holdReason });
    if (account?.state !== "approved") refuse("accountEnded", { supplier: item.supplier });
    if (account.usableFrom! > run.payDay) refuse("coolingOff", { supplier: item.supplier, day: account.usableFrom });
    const settled = item.amount.plus(item.discount);
    const isMore = item.amount.minor < 0n ? settled.compare(item.open) < 0 : settled.compare(item.open) > 0;
    if (item.state !== "posted" || isMore) {
      refuse("openChanged", { bill: item.supplierNumber, open: item.open.toString(), amount: settled.toString() });
    }
  }
  return accounts;
}

function ordersOf(
  context: WriteContext,
  run: LockedRun,
  items: readonly StoredItem[],
  accounts: ReadonlyMap<KernelId, PayeeAccount>,
): Order[] {
  return plannedPayments(items.map(runItem), run.payDay, run.whenDue).map((planned) => {
    const id = context.newId();
    return { ...planned, id, code: codeOf(id), account: accounts.get(planned.accountId)! };
  });
}

/** What the bank's format cannot say is told before anything is written. */
function checkSizes(origin: PaymentOrigin, orders: readonly Order[], items: readonly StoredItem[]): void {
  for (const { amount, account, supplierId } of orders) {
    const isSepa = origin.format !== "nacha" && isSepaTransfer(amount.currency, account.number);
    const most = origin.format === "nacha" ? entryMax : isSepa ? sepaMax : amount.minor;
    if (amount.minor <= most) continue;
    const { supplier } = items.find((item) => item.supplierId === supplierId)!;
    refuse("paymentTooLarge", { supplier, amount: amount.toString(), most: new KernelMoney(most, amount.currency).toString() });
  }
}

/** Whose account is a person's: those are paid by another kind of batch in the United States. */
async function personsAmong(context: WriteContext, orders: readonly Order[]): Promise<Set<KernelId>> {
  const rows = await context.db.rows<{ id: KernelId }>(sql`
    select id from directory.party where tenant_id = ${context.tenantId} and kind = 'person'
      and id = any(${orders.map((order) => order.supplierId)}::uuid[])`);
  return new Set(rows.map((row) => row.id));
}

function fileText(
  context: WriteContext,
  run: LockedRun,
  origin: PaymentOrigin,
  orders: readonly Order[],
  persons: ReadonlySet<KernelId>,
): { text: string; traces: ReadonlyMap<string, string> } {
  const instant = context.now.toISOString();
  if (origin.format !== "nacha") {
    const text = creditTransferXml({
      format: origin.format,
      code: run.code,
      createdAt: instant.slice(0, 19),
      debtor: { name: origin.name, iban: origin.number!, bic: origin.bic },
      payments: orders.map((order) => ({
        ...order,
        creditor: { name: order.account.holder, iban: order.account.number, bic: order.account.bic },
      })),
    });
    return { text, traces: new Map() };
  }
  return achText({
    companyName: origin.name,
    companyNumber: origin.companyNumber!,
    bankName: origin.bankName!,
    routing: origin.routing!,
    offsetAccount: origin.withOffset ? (origin.number ?? null) : null,
    createdOn: context.today,
    createdAt: instant.slice(11, 16).replace(":", ""),
    payments: orders.map((order): AchPayment => ({
      ...order,
      name: order.account.holder,
      isPerson: persons.has(order.supplierId),
      routing: order.account.routing!,
      account: order.account.number,
      accountType: order.account.accountType!,
    })),
  });
}

async function insertOrders(
  context: WriteContext,
  run: LockedRun,
  orders: readonly Order[],
  traces: ReadonlyMap<string, string>,
): Promise<void> {
  const { tenantId } = context;
  await context.db.run(sql`
    insert into finance.payment_order (tenant_id, id, run_id, position, code, state, supplier_id, supplier_bank_account_id, day, amount,
      reference_kind, reference, trace)
    select ${tenantId}, p.id, ${run.id}, p.position, p.code, 'pending', p.supplier_id, p.account_id, p.day, p.amount, p.kind,
      p.reference, p.trace
    from unnest(${orders.map((order) => order.id)}::uuid[], ${orders.map((_, index) => index + 1)}::int[],
      ${orders.map((order) => order.code)}::text[], ${orders.map((order) => order.supplierId)}::uuid[],
      ${orders.map((order) => order.accountId)}::uuid[], ${orders.map((order) => order.day)}::date[],
      ${orders.map((order) => order.amount.minor)}::bigint[], ${orders.map((order) => order.kind)}::text[],
      ${orders.map((order) => order.reference)}::text[], ${orders.map((order) => traces.get(order.code) ?? null)}::text[])
      as p (id, position, code, supplier_id, account_id, day, amount, kind, reference, trace)`);
  const pairs = orders.flatMap((order) => order.itemIds.map((itemId) => ({ itemId, orderId: order.id })));
  await context.db.run(sql`
    update finance.payment_run_item i set order_id = p.order_id
    from unnest(${pairs.map((pair) => pair.itemId)}::uuid[], ${pairs.map((pair) => pair.orderId)}::uuid[]) as p (item_id, order_id)
    where i.tenant_id = ${tenantId} and i.id = p.item_id`);
}

export const sendPaymentRun = operation({
  name: "finance.paymentRun.send",
  title: "Mark it as sent to the bank",
  does: "Says that the file was given to the bank; from here on each payment is settled as the bank tells.",
  kind: "write",
  may: roles,
  input: z.strictObject({ paymentRunId: ref("finance.paymentRun") }),
  output: z.object({ id: Id, state: z.literal("sent") }),
  refuses: {
    notFound,
    notFiled: "Payment run {code} is {state}. Write its file first.",
    accountEnded: "The bank account of {supplier} was ended after the file was written. Cancel the run, and prepare another.",
  },
  when: (record) => record["state"] === "filed",
  emits: ["finance.paymentRun.sent"],
  async run(input, context) {
    const run = await lockRun(context, input.paymentRunId);
    if (run.state !== "filed") refuse("notFiled", { code: run.code, state: run.state });
    const ended = await context.db.maybe<{ supplier: string }>(sql`
      select y.name as supplier from finance.payment_order p
      join finance.supplier_bank_account a on a.tenant_id = ${context.tenantId} and a.id = p.supplier_bank_account_id
        and a.state <> 'approved'
      join directory.party y on y.tenant_id = ${context.tenantId} and y.id = p.supplier_id
      where p.tenant_id = ${context.tenantId} and p.run_id = ${run.id} order by y.name limit 1`);
    if (ended) refuse("accountEnded", { ...ended });
    await context.db.run(sql`
      update finance.payment_run set state = 'sent', sent_by_name = ${context.actor.name}, sent_at = ${context.now}
      where tenant_id = ${context.tenantId} and id = ${run.id}`);
    context.emit("finance.paymentRun.sent", { paymentRunId: run.id });
    return { id: run.id, state: "sent" as const };
  },
});
