// What is agreed with customers and how they stand: terms, credit limit, and what they owe; and setting their credits against their debts.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { sumMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { CurrencyCode, Day, Id, LongText, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { allocateByHand, settlingRefusals } from "../ledger/allocation.ts";
import { bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { openItemsOf } from "../ledger/open-item.ts";
import { settledPairs } from "./settle.rules.ts";

const roles = ["finance.accountant", "finance.manager"];

export const customerRegister = register({
  name: "finance.customer",
  title: "Customer accounts",
  does: "Each customer with what they owe, what is late, what they may owe, and the terms agreed with them.",
  may: roles,
  row: z.object({
    id: Id,
    customer: z.string(),
    open: Money,
    overdue: Money,
    creditLimit: Money.nullable(),
    left: Money.nullable().describe("What they may still owe by the main books; an invoice is judged by what they owe in all books."),
    drafts: Money.describe("In drafts that are not posted yet."),
    credit: Money.describe("Payments and credit notes that no invoice has taken."),
    isHardLimit: z.boolean(),
    paymentTermId: ref("finance.paymentTerm").nullable(),
    paymentTerm: z.string().nullable(),
    dunningProcedureId: ref("finance.dunningProcedure").nullable(),
    dunningProcedure: z.string().nullable(),
    noDunningReason: z.string().nullable(),
    partyId: ref("directory.customer"),
    party: z.string(),
    state: z.enum(["settled", "open", "overdue", "overLimit"]),
    currency: CurrencyCode,
  }),
  label: "customer",
  search: ["customer"],
  searchIndexed: true,
  sort: "customer",
  totals: ["open", "overdue"],
  from: (context, asOf) => sql`
    select y.id, y.name as customer, y.id as party_id, y.name as party, k.open, k.overdue, d.drafts, k.credit, c.credit_limit,
      (c.credit_limit - k.open - d.drafts)::bigint as left, coalesce(c.is_hard_limit, false) as is_hard_limit,
      c.payment_term_id, t.name as payment_term, c.dunning_procedure_id, p.name as dunning_procedure, c.no_dunning_reason, b.currency,
      case when k.open + d.drafts > c.credit_limit then 'overLimit' when k.overdue > 0 then 'overdue' when k.open <> 0 then 'open'
        else 'settled' end as state
    from directory.party y
    join finance.book b on b.tenant_id = ${context.tenantId} and b.is_main
    left join finance.customer c on c.tenant_id = ${context.tenantId} and c.id = y.id
    left join finance.payment_term t on t.tenant_id = ${context.tenantId} and t.id = c.payment_term_id
    left join finance.dunning_procedure p on p.tenant_id = ${context.tenantId} and p.id = c.dunning_procedure_id
    cross join lateral (
      select coalesce(sum(o.open_amount), 0)::bigint as open,
        coalesce(sum(o.open_amount) filter (where o.open_amount > 0 and o.due_day < ${asOf}::date), 0)::bigint as overdue,
        coalesce(-sum(o.open_amount) filter (where o.open_amount < 0), 0)::bigint as credit
      from finance.open_item o where o.tenant_id = ${context.tenantId} and o.direction = 'receivable' and o.party_id = y.id
        and o.book_id = b.id and o.open_amount <> 0) k
    cross join lateral (
      select coalesce(sum(case i.kind when 'invoice' then i.total else -i.total end), 0)::bigint as drafts from finance.invoice i
      where i.tenant_id = ${context.tenantId} and i.customer_id = y.id and i.book_id = b.id and i.state = 'draft') d
    where y.tenant_id = ${context.tenantId} and exists (
      select from directory.party_role r where r.tenant_id = ${context.tenantId} and r.party_id = y.id and r.role = 'customer')`,
});

const notFound = "There is no such customer.";

/** Writes what is agreed; what is not named stays. */
export async function agree(context: WriteContext, customerId: KernelId, columns: Sql, values: Sql, change: Sql): Promise<void> {
  const found = await context.db.maybe(sql`
    select party_id from directory.party_role
    where tenant_id = ${context.tenantId} and party_id = ${customerId} and role = 'customer' limit 1`);
  if (!found) refuse("notFound");
  await context.db.run(sql`
    insert into finance.customer (tenant_id, id, ${columns}) values (${context.tenantId}, ${customerId}, ${values})
    on conflict (tenant_id, id) do update set ${change}`);
}

export const setCustomerTerms = operation({
  name: "finance.customer.setTerms",
  title: "Agree payment terms",
  does: "Says under which terms a customer pays from now on; without terms it is 30 days.",
  kind: "write",
  may: roles,
  input: z.strictObject({ customerId: ref("directory.customer"), paymentTermId: ref("finance.paymentTerm").optional() }),
  output: z.object({ id: Id }),
  refuses: { notFound, paymentTermUnknown: "There are no such payment terms." },
  constraints: { customer_tenant_id_payment_term_id_fkey: "paymentTermUnknown" },
  when: () => true,
  async run({ customerId, paymentTermId = null }, context) {
    await agree(context, customerId, sql`payment_term_id`, sql`${paymentTermId}`, sql`payment_term_id = excluded.payment_term_id`);
    return { id: customerId };
  },
});

export const setCreditLimit = operation({
  name: "finance.customer.setCreditLimit",
  title: "Set a credit limit",
  does: "Says how much a customer may owe in all books, with drafts; a soft limit may be passed with a reason, a hard one never.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    customerId: ref("directory.customer"),
    creditLimit: Money.optional().describe("Left out, there is no limit."),
    isHardLimit: z.boolean().default(false),
  }),
  output: z.object({ id: Id }),
  refuses: {
    notFound,
    booksMissing: postingRefusals.booksMissing,
    currencyDiffers: postingRefusals.currencyDiffers,
    limitNegative: "A credit limit is zero or more.",
  },
  when: () => true,
  async run({ customerId, creditLimit, isHardLimit }, context) {
    const { currency } = await bookOf(context);
    if (creditLimit && creditLimit.currency !== currency) refuse("currencyDiffers", { currency }, ["creditLimit"]);
    if (creditLimit && creditLimit.minor < 0n) refuse("limitNegative", {}, ["creditLimit"]);
    await agree(
      context,
      customerId,
      sql`credit_limit, is_hard_limit`,
      sql`${creditLimit?.minor ?? null}, ${isHardLimit}`,
      sql`credit_limit = excluded.credit_limit, is_hard_limit = excluded.is_hard_limit`,
    );
    return { id: customerId };
  },
});

export const setCustomerDunning = operation({
  name: "finance.customer.setDunning",
  title: "Agree reminders",
  does: "Says by which procedure a customer is reminded, or why they never are.",
  kind: "write",
  may: roles,
  input: z.strictObject({
    customerId: ref("directory.customer"),
    dunningProcedureId: ref("finance.dunningProcedure").optional().describe("By default the standard one."),
    noDunningReason: LongText(200).min(3).optional().describe("Why this customer is never reminded."),
  }),
  output: z.object({ id: Id }),
  refuses: { notFound, procedureUnknown: "There is no such dunning procedure." },
  constraints: { customer_dunning_procedure: "procedureUnknown" },
  when: () => true,
  async run({ customerId, dunningProcedureId = null, noDunningReason = null }, context) {
    await agree(
      context,
      customerId,
      sql`dunning_procedure_id, no_dunning_reason`,
      sql`${dunningProcedureId}, ${noDunningReason}`,
      sql`dunning_procedure_id = excluded.dunning_procedure_id, no_dunning_reason = excluded.no_dunning_reason`,
    );
    return { id: customerId };
  },
});

export const settleCustomer = operation({
  name: "finance.customer.settle",
  title: "Settle what is on account",
  does: "Sets payments and credit notes on account against what the customer owes, the oldest due first; the preview is the proposal.",
  kind: "write",
  previews: true,
  may: roles,
  input: z.strictObject({
    customerId: ref("directory.customer"),
    day: Day.optional().describe("By default today."),
    bookId: ref("finance.book").optional().describe("By default the main books."),
  }),
  output: z.object({
    id: Id,
    settled: Money,
    allocations: z.array(z.object({ debt: z.string(), credit: z.string(), amount: Money })),
  }),
  refuses: {
    booksMissing: postingRefusals.booksMissing,
    nothingToSettle: "This customer has nothing on account that could settle something they owe.",
    ...settlingRefusals,
  },
  when: (record) => record["credit"] !== undefined && (record["credit"] as { minor?: bigint }).minor !== 0n,
  emits: ["finance.customer.settled"],
  async run({ customerId, bookId, ...input }, context) {
    const day = input.day ?? context.today;
    const book = await bookOf(context, bookId);
    const items = await openItemsOf(context, { direction: "receivable", partyIds: [customerId], bookId: book.id });
    const pairs = settledPairs(items);
    if (pairs.length === 0) refuse("nothingToSettle");
    await allocateByHand(
      context,
      pairs.map((pair) => ({ itemId: pair.debtId, againstId: pair.creditId, amount: pair.amount })),
      day,
    );
    const reference = new Map(items.map((item) => [item.id, item.reference]));
    const { currency } = pairs[0]!.amount;
    context.emit("finance.customer.settled", { customerId, allocations: pairs.length });
    return {
      id: customerId,
      settled: sumMoney(
        pairs.map((pair) => pair.amount).filter((amount) => amount.currency === currency),
        currency,
      ),
      allocations: pairs.map(({ debtId, creditId, amount }) => ({
        debt: reference.get(debtId)!,
        credit: reference.get(creditId)!,
        amount,
      })),
    };
  },
});
