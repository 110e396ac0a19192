// The company's accounts at banks, each kept on one account of the ledger.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse, Refusal } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { CurrencyCode, Day, Id, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";

export const bankAccountRegister = register({
  name: "finance.bankAccount",
  title: "Bank accounts",
  does: "The company's accounts at banks with their balance in the books.",
  may: ["finance.accountant", "finance.manager"],
  row: z.object({
    id: Id,
    code: z.string(),
    name: z.string(),
    number: z.string().nullable(),
    bic: z.string().nullable(),
    accountId: ref("finance.account"),
    account: z.string(),
    currency: CurrencyCode,
    balance: Money,
    state: z.enum(["open", "retired"]),
    retiredFrom: Day.nullable(),
    bookId: ref("finance.book"),
  }),
  label: "name",
  search: ["code", "name", "number"],
  totals: ["balance"],
  dated: true,
  from: (context, asOf) => sql`
    select k.id, k.code, k.name, k.number, k.bic, k.account_id, a.code || ' ' || a.name as account, b.currency, k.retired_from, k.book_id,
      case when k.retired_from <= ${asOf}::date then 'retired' else 'open' end as state,
      coalesce((select sum(s.debit - s.credit) from finance.balance s
          join finance.period p on p.tenant_id = ${context.tenantId} and p.id = s.period_id and p.until_day <= ${asOf}::date
          where s.tenant_id = ${context.tenantId} and s.account_id = k.account_id), 0)::bigint
        + coalesce((select sum(l.amount) from finance.period p
          join finance.journal_line l on l.tenant_id = ${context.tenantId} and l.account_id = k.account_id
            and l.day between p.from_day and ${asOf}::date
          where p.tenant_id = ${context.tenantId} and p.book_id = k.book_id
            and p.from_day <= ${asOf}::date and p.until_day > ${asOf}::date), 0)::bigint as balance
    from finance.bank_account k
    join finance.account a on a.tenant_id = ${context.tenantId} and a.id = k.account_id
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = k.book_id
    where k.tenant_id = ${context.tenantId}`,
});

export interface BankAccount {
  readonly id: KernelId;
  readonly bookId: KernelId;
  readonly accountId: KernelId;
  readonly currency: string;
  readonly number: string | null;
  readonly retiredFrom: KernelDay | null;
}

export const bankAccountUnknown = "There is no such bank account. See: heartwood finance bank-account list";

/** A bank account with the ledger account it is kept on. Refuses `bankAccountUnknown` in words of its own. */
export async function bankAccountOf(context: ReadContext, id: KernelId): Promise<BankAccount> {
  const found = await context.db.maybe<BankAccount>(sql`
    select k.id, k.book_id, k.account_id, b.currency, k.number, k.retired_from
    from finance.bank_account k join finance.book b on b.tenant_id = ${context.tenantId} and b.id = k.book_id
    where k.tenant_id = ${context.tenantId} and k.id = ${id}`);
  if (!found) throw new Refusal("bankAccountUnknown", bankAccountUnknown, {}, ["bankAccountId"]);
  return found;
}

const number = z
  .string()
  .max(60)
  .transform((text) => text.replace(/\s+/g, "").toUpperCase())
  .refine((text) => /^[A-Z0-9]{1,34}$/.test(text), "is an IBAN or account number of letters and digits");

export const createBankAccount = operation({
  name: "finance.bankAccount.create",
  title: "Add a bank account",
  does: "Adds an account at a bank and names the ledger account it is kept on.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    code: z.string().regex(/^[A-Za-z0-9-]{1,20}$/, "has letters, digits and dashes, at most 20"),
    name: Text(100),
    number: number.optional().describe("IBAN or account number."),
    bic: Text(11).optional(),
    accountId: ref("finance.account"),
  }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: "There is no such ledger account.",
    accountNotAsset: "A bank account is kept on an asset account that takes postings. Choose another ledger account.",
    codeTaken: "There is a bank account {code} already. Choose another code.",
    numberTaken: "The account number {number} belongs to another bank account here.",
    ledgerAccountTaken: "Another bank account is kept on this ledger account. Add a ledger account for it first.",
  },
  constraints: { bank_account_code: "codeTaken", bank_account_number: "numberTaken", bank_account_ledger: "ledgerAccountTaken" },
  example: {
    code: "SAVINGS",
    name: "Savings account",
    number: "DE89370400440532013000",
    accountId: "01990000-0000-7000-8000-000000000001",
  },
  async run(input, context) {
    const account = await context.db.maybe<{ bookId: KernelId; type: string; isGroup: boolean; control: string | null }>(sql`
      select book_id, type, is_group, control from finance.account where tenant_id = ${context.tenantId} and id = ${input.accountId}`);
    if (!account) refuse("notFound");
    if (account.type !== "asset" || account.isGroup || account.control) refuse("accountNotAsset", {}, ["accountId"]);
    const taken = await context.db.rows<{ code: string; number: string | null }>(sql`
      select code, number from finance.bank_account where tenant_id = ${context.tenantId}
        and (code = ${input.code} or number = ${input.number ?? null} or account_id = ${input.accountId})`);
    if (taken.some((one) => one.code === input.code)) refuse("codeTaken", { code: input.code }, ["code"]);
    if (taken.some((one) => one.number === input.number && one.number)) refuse("numberTaken", { number: input.number }, ["number"]);
    if (taken.length > 0) refuse("ledgerAccountTaken", {}, ["accountId"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into finance.bank_account (tenant_id, id, book_id, code, name, number, bic, account_id)
      values (${context.tenantId}, ${id}, ${account.bookId}, ${input.code}, ${input.name}, ${input.number ?? null}, ${input.bic ?? null},
        ${input.accountId})`);
    return { id };
  },
});

export const identifyBankAccount = operation({
  name: "finance.bankAccount.identify",
  title: "Enter the account number",
  does: "Enters the IBAN of a bank account, so that the bank's statements find it.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({ bankAccountId: ref("finance.bankAccount"), number, bic: Text(11).optional() }),
  output: z.object({ id: Id }),
  refuses: { bankAccountUnknown, numberTaken: "The account number {number} belongs to another bank account here." },
  constraints: { bank_account_number: "numberTaken" },
  when: (record) => record["state"] === "open",
  async run(input, context) {
    const { id } = await bankAccountOf(context, input.bankAccountId);
    const taken = await context.db.maybe(sql`
      select id from finance.bank_account where tenant_id = ${context.tenantId} and number = ${input.number} and id <> ${id}`);
    if (taken) refuse("numberTaken", { number: input.number }, ["number"]);
    await context.db.run(sql`
      update finance.bank_account set number = ${input.number}, bic = coalesce(${input.bic ?? null}, bic)
      where tenant_id = ${context.tenantId} and id = ${id}`);
    return { id };
  },
});
