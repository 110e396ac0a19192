// The company's accounts at banks, each kept on one account of the ledger.
import { z } from "zod";
import { currency as toCurrency } from "../../../kernel/currency.ts";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse, Refusal } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { CurrencyCode, Day, Id, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { nextFreeCode } from "./account-code.rules.ts";
import { accountOf, bookOf } from "./book.ts";
import { postingRefusals } from "./entry.rules.ts";

export const bankAccountRegister = register({
  name: "finance.bankAccount",
  title: "Bank accounts",
  does: "The company's accounts at banks with their balance in the books and what the bank said last.",
  may: ["finance.accountant", "finance.manager"],
  row: z.object({
    id: Id,
    code: z.string(),
    name: z.string(),
    number: z.string().nullable(),
    bic: z.string().nullable(),
    accountId: ref("finance.account"),
    account: z.string(),
    currency: CurrencyCode.describe("What the bank keeps it and tells its statements in."),
    balance: Money.describe("In the books, in their currency."),
    balanceCurrency: CurrencyCode,
    bankBalance: Money.nullable().describe("What the bank said last, in the currency of the bank account."),
    state: z.enum(["open", "retired"]),
    retiredFrom: Day.nullable(),
    bookId: ref("finance.book"),
  }),
  label: "name",
  search: ["code", "name", "number"],
  totals: ["balance"],
  dated: true,
  from: (context, asOf) => sql`
    select k.id, k.code, k.name, k.number, k.bic, k.account_id, a.code || ' ' || a.name as account, k.currency,
      b.currency as balance_currency, k.retired_from, k.book_id,
      (select s.closing from finance.bank_statement s
        where s.tenant_id = ${context.tenantId} and s.bank_account_id = k.id and s.closing is not null and not s.is_advice
          and s.closing_day <= ${asOf}::date
        order by s.closing_day desc, s.day_place desc, s.id desc limit 1) as bank_balance,
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

/** The company's own account that money moves on: a form begins with the one that was added first and is open. */
export const OwnBankAccount = ref("finance.bankAccount").meta({ "x-start": { filter: { state: "open" }, sort: "id" } });

export interface BankAccount {
  readonly id: KernelId;
  readonly bookId: KernelId;
  readonly accountId: KernelId;
  readonly code: string;
  readonly currency: string;
  readonly bookCurrency: string;
  readonly number: string | null;
  readonly retiredFrom: KernelDay | null;
}

export const bankAccountUnknown = "There is no such bank account. See: heartwood finance bank-account list";

/** A bank account with the ledger account it is kept on. Refuses `bankAccountUnknown` in words of its own. */
export async function bankAccountOf(context: ReadContext, id: KernelId): Promise<BankAccount> {
  const found = await context.db.maybe<BankAccount>(sql`
    select k.id, k.code, k.book_id, k.account_id, k.currency, b.currency as book_currency, k.number, k.retired_from
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

const numberTaken =
  "The account number {number} in {currency} belongs to bank account {other} already. Use that one, or correct the number.";

export const createBankAccount = operation({
  name: "finance.bankAccount.create",
  title: "Add a bank account",
  does: "Adds an account at a bank, in any currency, on a ledger account of its own or on the one named.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    code: z.string().regex(/^[A-Za-z0-9-]{1,20}$/, "has letters, digits and dashes, at most 20"),
    name: Text(100),
    number: number.optional().describe("IBAN or account number; without it the first statement gives it."),
    bic: Text(11).optional(),
    currency: CurrencyCode.optional().describe("What the bank keeps it in; by default the books' currency."),
    accountId: ref("finance.account").optional().describe("The ledger account it is kept on; by default a new one beside the bank's."),
  }),
  output: z.object({ id: Id, accountId: ref("finance.account"), account: z.string(), currency: CurrencyCode }),
  refuses: {
    notFound: "There is no such ledger account.",
    accountNotAsset: "A bank account is kept on an asset account that takes postings. Choose another ledger account.",
    codeTaken: "There is a bank account {code} already. Choose another code.",
    numberTaken,
    ledgerAccountTaken: "Another bank account is kept on this ledger account. Leave it out, and the bank account gets one of its own.",
    booksMissing: postingRefusals.booksMissing,
    roleUnassigned: postingRefusals.roleUnassigned,
  },
  constraints: {
    bank_account_code: "codeTaken",
    bank_account_number: "numberTaken",
    bank_account_ledger: "ledgerAccountTaken",
    account_code: "ledgerAccountTaken",
  },
  example: { code: "CHF", name: "Account in Zurich", number: "CH9300762011623852957", currency: toCurrency("CHF") },
  async run(input, context) {
    const known = input.accountId ? await ledgerAccount(context, input.accountId) : null;
    const book = await bookOf(context, known?.bookId);
    const currency = input.currency ?? toCurrency(book.currency);
    await checkFree(context, { ...input, currency });
    const ledger = known ?? (await openLedgerAccount(context, book.id, input.name));
    const id = context.newId();
    await context.db.run(sql`
      insert into finance.bank_account (tenant_id, id, book_id, code, name, number, bic, currency, account_id)
      values (${context.tenantId}, ${id}, ${book.id}, ${input.code}, ${input.name}, ${input.number ?? null}, ${input.bic ?? null},
        ${currency}, ${ledger.id})`);
    return { id, accountId: ledger.id, account: `${ledger.code} ${ledger.name}`, currency };
  },
});

interface LedgerAccount {
  readonly id: KernelId;
  readonly code: string;
  readonly name: string;
}

async function ledgerAccount(context: WriteContext, id: KernelId): Promise<LedgerAccount & { readonly bookId: KernelId }> {
  const account = await context.db.maybe<LedgerAccount & { bookId: KernelId; type: string; isGroup: boolean; control: string | null }>(sql`
    select id, code, name, book_id, type, is_group, control from finance.account where tenant_id = ${context.tenantId} and id = ${id}`);
  if (!account) refuse("notFound");
  if (account.type !== "asset" || account.isGroup || account.control) refuse("accountNotAsset", {}, ["accountId"]);
  return account;
}

interface Wanted {
  readonly code: string;
  readonly currency: string;
  readonly number?: string;
  readonly accountId?: KernelId;
}

async function checkFree(context: WriteContext, { code, currency, number: told, accountId }: Wanted): Promise<void> {
  const taken = await context.db.rows<{ code: string; number: string | null; currency: string; accountId: KernelId }>(sql`
    select code, number, currency, account_id from finance.bank_account where tenant_id = ${context.tenantId}
      and (code = ${code} or (number = ${told ?? null} and currency = ${currency}) or account_id = ${accountId ?? null})`);
  if (taken.some((one) => one.code === code)) refuse("codeTaken", { code }, ["code"]);
  const other = taken.find((one) => one.number === told && one.currency === currency);
  if (told && other) refuse("numberTaken", { number: told, currency, other: other.code }, ["number"]);
  if (taken.some((one) => one.accountId === accountId)) refuse("ledgerAccountTaken", {}, ["accountId"]);
}

/** A ledger account beside the one that does the bank's job, in its group, with the next free code. */
async function openLedgerAccount(context: WriteContext, bookId: KernelId, name: string): Promise<LedgerAccount> {
  const { tenantId } = context;
  const beside = await accountOf(context, "bank", bookId);
  // The books are locked, so that two new accounts do not draw the same code.
  await context.db.run(sql`select id from finance.book where tenant_id = ${tenantId} and id = ${bookId} for update`);
  const all = await context.db.rows<{ code: string; isBeside: boolean }>(sql`
    select a.code, a.parent_id is not distinct from b.parent_id as is_beside
    from finance.account a join finance.account b on b.tenant_id = ${tenantId} and b.id = ${beside.id}
    where a.tenant_id = ${tenantId} and a.book_id = ${bookId}`);
  const foreign = all.filter((one) => !one.isBeside).map((one) => one.code);
  const code = nextFreeCode(beside.code, new Set(all.map((one) => one.code)), foreign);
  const id = context.newId();
  await context.db.run(sql`
    insert into finance.account (tenant_id, id, book_id, code, name, type, parent_id, is_group)
    select ${tenantId}, ${id}, ${bookId}, ${code}, ${name}, b.type, b.parent_id, false
    from finance.account b where b.tenant_id = ${tenantId} and b.id = ${beside.id}`);
  return { id, code, name };
}

export const identifyBankAccount = operation({
  name: "finance.bankAccount.identify",
  title: "Enter the account number",
  does: "Enters the IBAN of a bank account, so that the bank's statements find it.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({ bankAccountId: ref("finance.bankAccount"), number, bic: Text(11).optional() }),
  output: z.object({ id: Id }),
  refuses: { bankAccountUnknown, numberTaken },
  constraints: { bank_account_number: "numberTaken" },
  when: (record) => record["state"] === "open",
  async run(input, context) {
    const { id, currency } = await bankAccountOf(context, input.bankAccountId);
    const taken = await context.db.maybe<{ code: string }>(sql`
      select code from finance.bank_account
      where tenant_id = ${context.tenantId} and number = ${input.number} and currency = ${currency} and id <> ${id}`);
    if (taken) refuse("numberTaken", { number: input.number, currency, other: taken.code }, ["number"]);
    await context.db.run(sql`
      update finance.bank_account set number = ${input.number}, bic = coalesce(${input.bic ?? null}, bic)
      where tenant_id = ${context.tenantId} and id = ${id}`);
    return { id };
  },
});
