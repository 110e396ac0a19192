// Where suppliers are paid: each account a record of its own, proposed by one person, approved by another who called the supplier back, and
// left to cool off before the first payment. A letter with a new number alone never moves money.
import { z } from "zod";
import { addDays, type Day as KernelDay, later } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, LongText, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { closeTask, openTask } from "../../office/index.ts";
import { type BankDetail, bankDetailRefusals, bankDetailText, readBankDetail } from "./bank-detail.rules.ts";
import { voidForAccount } from "./account-change.ts";
import { payableSettings } from "./payable-setting.operations.ts";
import { AloneReason, requireSecond } from "./four-eyes.ts";

const roles = ["finance.accountant", "finance.manager"];

export const supplierBankAccountRegister = register({
  name: "finance.supplierBankAccount",
  title: "Suppliers' bank accounts",
  does: "Where each supplier is paid, who proposed the account, who approved it after calling back, and from when it may be paid to.",
  may: roles,
  row: z.object({
    id: Id,
    account: z.string(),
    supplierId: ref("directory.supplier"),
    supplier: z.string(),
    number: z.string(),
    bic: z.string().nullable(),
    routing: z.string().nullable(),
    accountType: z.enum(["checking", "savings"]).nullable(),
    holder: z.string(),
    fromDay: Day,
    untilDay: Day.nullable(),
    usableFrom: Day.nullable().describe("The first day it may be paid to."),
    state: z.enum(["proposed", "cooling", "approved", "declined", "retired"]),
    evidence: z.string().nullable().describe("Who was called back on a number known before, and what they said."),
    proposedBy: z.string(),
    decidedBy: z.string().nullable(),
    aloneReason: z.string().nullable(),
    declineReason: z.string().nullable(),
    alsoOf: z.string().nullable().describe("Other suppliers with the same number."),
  }),
  label: "account",
  search: ["supplier", "number", "holder"],
  sort: "-fromDay",
  from: (context, asOf) => sql`
    select a.id, y.name || ' ' || case when a.routing is null then a.number else a.routing || ' / ' || a.number end as account,
      a.supplier_id,
      y.name as supplier, a.number, a.bic, a.routing, a.account_type, a.holder, a.from_day, a.until_day, a.usable_from,
      case when a.state = 'approved' and a.usable_from > ${asOf}::date then 'cooling' else a.state end as state,
      a.evidence, a.proposed_by_name as proposed_by, a.decided_by_name as decided_by, a.alone_reason, a.decline_reason,
      (select string_agg(distinct p.name, ', ' order by p.name) from finance.supplier_bank_account o
        join directory.party p on p.tenant_id = ${context.tenantId} and p.id = o.supplier_id
        where o.tenant_id = ${context.tenantId} and o.number = a.number and o.supplier_id <> a.supplier_id
          and o.state in ('proposed', 'approved')) as also_of
    from finance.supplier_bank_account a
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = a.supplier_id
    where a.tenant_id = ${context.tenantId}`,
});

const approvalTask = (id: KernelId): { key: string } => ({ key: `finance.supplierBankAccount.approval:${id}` });

export const proposeSupplierBankAccount = operation({
  name: "finance.supplierBankAccount.propose",
  title: "Propose a supplier's bank account",
  does: "Enters where a supplier wants to be paid; another person calls back and approves it before money goes there.",
  kind: "write",
  may: roles,
  input: z.strictObject({
    supplierId: ref("directory.supplier"),
    iban: Text(50).optional(),
    bic: Text(11).optional().describe("Only where the bank asks for it; the IBAN is enough in Europe."),
    routing: Text(12).optional().describe("In the United States, with the account."),
    account: Text(20).optional(),
    accountType: z.enum(["checking", "savings"]).optional(),
    holder: Text(70).optional().describe("By default the supplier's name."),
    from: Day.optional().describe("By default today."),
    evidence: LongText(1000).optional().describe("How the company came to know it: the letter, the contract, the call."),
  }),
  output: z.object({ id: Id, number: z.string(), warnings: z.array(z.string()) }),
  refuses: {
    supplierUnknown: "There is no such supplier. See: heartwood directory supplier list",
    ...bankDetailRefusals,
    accountKnown: "This account of the supplier is there already, {state}.",
  },
  constraints: { supplier_bank_account_once: "accountKnown" },
  emits: ["finance.supplierBankAccount.proposed"],
  async run(input, context) {
    const supplier = await supplierOf(context, input.supplierId);
    const detail = readBankDetail(input);
    if ("code" in detail) refuse(detail.code, {}, detail.path);
    await refuseKnown(context, input.supplierId, detail);
    const id = context.newId();
    await context.db.run(sql`
      insert into finance.supplier_bank_account (tenant_id, id, supplier_id, state, kind, number, bic, routing, account_type, holder,
        from_day,
        evidence, proposed_by_id, proposed_by_name, proposed_at)
      values (${context.tenantId}, ${id}, ${input.supplierId}, 'proposed', ${detail.kind}, ${detail.number}, ${detail.bic},
        ${detail.routing}, ${detail.accountType}, ${input.holder ?? supplier.name}, ${input.from ?? context.today},
          ${input.evidence ?? null},
        ${context.actor.personId}, ${context.actor.name}, ${context.now})`);
    await openTask(context, {
      kind: "approval",
      title: `Approve the bank account of ${supplier.name}`,
      says: "Call the supplier back on a number you knew before. Approve the account, or decline it with a reason.",
      owner: { activity: "finance.billApproval" },
      due: addDays(context.today, 2),
      about: { subject: "finance.supplierBankAccount", id },
      asks: { operation: "finance.supplierBankAccount.approve", input: { supplierBankAccountId: id } },
      ...approvalTask(id),
    });
    context.emit("finance.supplierBankAccount.proposed", { supplierBankAccountId: id, supplierId: input.supplierId });
    return { id, number: bankDetailText(detail), warnings: await warningsOn(context, input.supplierId, detail, supplier.bankAccount) };
  },
});

async function supplierOf(context: ReadContext, id: KernelId): Promise<{ name: string; bankAccount: string | null }> {
  const supplier = await context.db.maybe<{ name: string; bankAccount: string | null }>(sql`
    select p.name, p.bank_account from directory.party p where p.tenant_id = ${context.tenantId} and p.id = ${id}
      and exists (select from directory.party_role r
        where r.tenant_id = ${context.tenantId} and r.party_id = p.id and r.role = 'supplier')`);
  return supplier ?? refuse("supplierUnknown", {}, ["supplierId"]);
}

async function refuseKnown(context: ReadContext, supplierId: KernelId, detail: BankDetail): Promise<void> {
  const known = await context.db.maybe<{ state: string }>(sql`
    select state from finance.supplier_bank_account where tenant_id = ${context.tenantId} and supplier_id = ${supplierId}
      and number = ${detail.number} and routing is not distinct from ${detail.routing} and state in ('proposed', 'approved')`);
  if (known) refuse("accountKnown", { ...known });
}

/** What makes a careful person look twice. */
async function warningsOn(context: ReadContext, supplierId: KernelId, detail: BankDetail, hint: string | null): Promise<string[]> {
  const others = await context.db.rows<{ name: string }>(sql`
    select distinct p.name from finance.supplier_bank_account o
    join directory.party p on p.tenant_id = ${context.tenantId} and p.id = o.supplier_id
    where o.tenant_id = ${context.tenantId} and o.number = ${detail.number} and o.supplier_id <> ${supplierId}
      and o.state in ('proposed', 'approved') order by p.name`);
  const isOther = hint !== null && hint.replace(/\s/g, "").toUpperCase() !== detail.number;
  return [
    ...others.map(({ name }) => `${name} has the same account number.`),
    ...(isOther ? ["The directory names another account for this supplier."] : []),
  ];
}

interface LockedAccount {
  readonly id: KernelId;
  readonly supplierId: KernelId;
  readonly state: string;
  readonly fromDay: KernelDay;
  readonly proposedById: KernelId | null;
}

async function lockAccount(context: WriteContext, id: KernelId): Promise<LockedAccount> {
  const account = await context.db.maybe<LockedAccount>(sql`
    select id, supplier_id, state, from_day, proposed_by_id from finance.supplier_bank_account
    where tenant_id = ${context.tenantId} and id = ${id} for update`);
  return account ?? refuse("notFound");
}

const notFound = "There is no such account of a supplier.";
const Decided = z.object({ id: Id, state: z.enum(["approved", "declined", "retired"]) });

export const approveSupplierBankAccount = operation({
  name: "finance.supplierBankAccount.approve",
  title: "Approve a supplier's bank account",
  does: "Says that the supplier was called back and the account is theirs; it may be paid to after the days of cooling off.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    supplierBankAccountId: ref("finance.supplierBankAccount"),
    evidence: LongText(1000).min(10, "says whom you called back, on which number, and what they said"),
    replaces: z.boolean().default(true).describe("The accounts the supplier had before are retired."),
    aloneReason: AloneReason,
  }),
  output: Decided.extend({ usableFrom: Day, voided: z.array(z.string()).describe("What has to be approved anew.") }),
  refuses: {
    notFound,
    notProposed: "This account is {state}; only a proposed one is approved.",
    selfApproval: "Who proposed an account does not approve it. Another person has to, or the owner says why there is none.",
  },
  when: (record) => record["state"] === "proposed",
  emits: ["finance.supplierBankAccount.approved"],
  async run(input, context) {
    const account = await lockAccount(context, input.supplierBankAccountId);
    if (account.state !== "proposed") refuse("notProposed", { state: account.state });
    const isAlone = requireSecond(context, account.proposedById, input.aloneReason);
    const { coolOffDays } = await payableSettings(context);
    const usableFrom = later(addDays(context.today, coolOffDays), account.fromDay);
    const voided = input.replaces ? await retireOthers(context, account) : [];
    await context.db.run(sql`
      update finance.supplier_bank_account set state = 'approved', usable_from = ${usableFrom}, evidence = ${input.evidence},
        decided_by_id = ${context.actor.personId}, decided_by_name = ${context.actor.name}, decided_at = ${context.now},
        alone_reason = ${isAlone ? input.aloneReason! : null}
      where tenant_id = ${context.tenantId} and id = ${account.id}`);
    await closeTask(context, approvalTask(account.id), "done", "Approved");
    context.emit("finance.supplierBankAccount.approved", { supplierBankAccountId: account.id, supplierId: account.supplierId });
    return { id: account.id, state: "approved" as const, usableFrom, voided };
  },
});

async function retireOthers(context: WriteContext, account: LockedAccount): Promise<string[]> {
  const others = await context.db.rows<{ id: KernelId }>(sql`
    update finance.supplier_bank_account set state = 'retired', until_day = greatest(from_day, ${context.today}::date)
    where tenant_id = ${context.tenantId} and supplier_id = ${account.supplierId} and state = 'approved' and id <> ${account.id}
    returning id`);
  return voidForAccount(
    context,
    others.map((other) => other.id),
    "The supplier has another bank account.",
  );
}

export const declineSupplierBankAccount = operation({
  name: "finance.supplierBankAccount.decline",
  title: "Decline a supplier's bank account",
  does: "Says that a proposed account is not the supplier's, and why.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    supplierBankAccountId: ref("finance.supplierBankAccount"),
    reason: LongText(500).min(3, "says why, in a few words"),
  }),
  output: Decided,
  refuses: { notFound, notProposed: "This account is {state}; only a proposed one is declined." },
  when: (record) => record["state"] === "proposed",
  emits: ["finance.supplierBankAccount.declined"],
  async run(input, context) {
    const account = await lockAccount(context, input.supplierBankAccountId);
    if (account.state !== "proposed") refuse("notProposed", { state: account.state });
    await context.db.run(sql`
      update finance.supplier_bank_account set state = 'declined', decline_reason = ${input.reason},
        decided_by_id = ${context.actor.personId},
        decided_by_name = ${context.actor.name}, decided_at = ${context.now}
      where tenant_id = ${context.tenantId} and id = ${account.id}`);
    await closeTask(context, approvalTask(account.id), "done", "Declined");
    context.emit("finance.supplierBankAccount.declined", { supplierBankAccountId: account.id, reason: input.reason });
    return { id: account.id, state: "declined" as const };
  },
});

export const retireSupplierBankAccount = operation({
  name: "finance.supplierBankAccount.retire",
  title: "Retire a supplier's bank account",
  does: "Ends an account at once: nothing is paid there any more, and runs that meant to are to be approved anew.",
  kind: "write",
  may: roles,
  input: z.strictObject({
    supplierBankAccountId: ref("finance.supplierBankAccount"),
    reason: LongText(300).min(3, "says why, in a few words"),
  }),
  output: Decided.extend({ voided: z.array(z.string()) }),
  refuses: { notFound, notApproved: "This account is {state}; only an approved one is retired." },
  when: (record) => record["state"] === "approved" || record["state"] === "cooling",
  emits: ["finance.supplierBankAccount.retired"],
  async run(input, context) {
    const account = await lockAccount(context, input.supplierBankAccountId);
    if (account.state !== "approved") refuse("notApproved", { state: account.state });
    await context.db.run(sql`
      update finance.supplier_bank_account set state = 'retired', until_day = greatest(from_day, ${context.today}::date),
        decline_reason = ${input.reason}
      where tenant_id = ${context.tenantId} and id = ${account.id}`);
    const voided = await voidForAccount(context, [account.id], `The bank account was retired: ${input.reason}`);
    context.emit("finance.supplierBankAccount.retired", { supplierBankAccountId: account.id, reason: input.reason });
    return { id: account.id, state: "retired" as const, voided };
  },
});

export interface PayeeAccount {
  readonly id: KernelId;
  readonly supplierId: KernelId;
  readonly kind: "iban" | "us";
  readonly number: string;
  readonly bic: string | null;
  readonly routing: string | null;
  readonly accountType: "checking" | "savings" | null;
  readonly holder: string;
  readonly state: string;
  readonly usableFrom: KernelDay | null;
}

/** The approved accounts of suppliers, and any others named; the one usable first stands first. */
export function payeeAccounts(
  context: ReadContext,
  supplierIds: readonly KernelId[],
  ids: readonly KernelId[] = [],
): Promise<PayeeAccount[]> {
  return context.db.rows<PayeeAccount>(sql`
    select id, supplier_id, kind, number, bic, routing, account_type, holder, state, usable_from from finance.supplier_bank_account
    where tenant_id = ${context.tenantId}
      and ((supplier_id = any(${supplierIds}::uuid[]) and state = 'approved') or id = any(${ids}::uuid[]))
    order by usable_from, id`);
}

export const payeeAccountUnfit = "This is no account of the supplier. See: heartwood finance supplier-bank-account list";
