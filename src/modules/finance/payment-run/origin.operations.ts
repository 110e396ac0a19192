// How the company shows itself to a bank in a payment file: the form of the file, the name, and for the United States the numbers agreed
// on.
import { z } from "zod";
import { refuse } from "../../../kernel/refusal.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { isValidIBAN } from "ibantools";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Id, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { bankAccountOf, bankAccountUnknown } from "../ledger/bank-account.operations.ts";
import { isRoutingNumber } from "../payables/bank-detail.rules.ts";

const Format = z.enum(["pain.001.001.03", "pain.001.001.09", "nacha"]);
export type PaymentFormat = z.output<typeof Format>;

export const paymentOriginRegister = register({
  name: "finance.paymentOrigin",
  title: "Payment files of bank accounts",
  does: "In which form each bank account takes payment files, and as whom the company sends them.",
  may: ["finance.accountant", "finance.manager"],
  inner: true,
  row: z.object({
    id: Id,
    name: z.string(),
    bankAccountId: ref("finance.bankAccount"),
    bankAccount: z.string(),
    format: Format,
    routing: z.string().nullable(),
    bankName: z.string().nullable(),
    companyNumber: z.string().nullable(),
    withOffset: z.boolean(),
  }),
  label: "bankAccount",
  from: (context) => sql`
    select o.bank_account_id as id, o.name, o.bank_account_id, k.name as bank_account, o.format, o.routing, o.bank_name, o.company_number,
      o.with_offset
    from finance.payment_origin o
    join finance.bank_account k on k.tenant_id = ${context.tenantId} and k.id = o.bank_account_id
    where o.tenant_id = ${context.tenantId}`,
});

export const setPaymentOrigin = operation({
  name: "finance.paymentOrigin.set",
  title: "Set up payment files",
  does: "Says in which form a bank takes payment files for an account, and as whom the company sends them.",
  kind: "write",
  may: ["finance.manager"],
  on: "finance.bankAccount",
  input: z.strictObject({
    bankAccountId: ref("finance.bankAccount"),
    format: Format.describe("pain.001 in Europe, .09 where the bank takes it; nacha in the United States."),
    name: Text(70).optional().describe("By default the name of the books' legal entity."),
    routing: z.string().max(9).optional().describe("nacha: the routing number of the bank."),
    bankName: Text(23).optional().describe("nacha: the bank's name."),
    companyNumber: z
      .string()
      .regex(/^[A-Z0-9]{1,10}$/, "has at most ten capital letters and digits")
      .optional()
      .describe("nacha: the number agreed with the bank, often 1 and the employer's number."),
    withOffset: z.boolean().default(false).describe("nacha: each batch carries the debit that offsets it."),
  }),
  output: z.object({ id: Id, format: Format }),
  refuses: {
    bankAccountUnknown,
    ibanMissing: "This bank account has no IBAN. Enter it first: heartwood finance bank-account identify",
    numbersMissing: "A nacha file needs the bank's name and routing number, and the company's number there.",
    routingWrong: "This is no routing number: it has nine digits, and the last one checks the others.",
    currencyUnfit: "A nacha file pays in US dollars, and this bank account is kept in {currency}.",
  },
  when: (record) => record["state"] === "open",
  async run(input, context) {
    const bank = await bankAccountOf(context, input.bankAccountId);
    const { format, routing, bankName, companyNumber } = input;
    if (format === "nacha") {
      if (bank.currency !== "USD") refuse("currencyUnfit", { currency: bank.currency }, ["format"]);
      if (routing === undefined || bankName === undefined || companyNumber === undefined) refuse("numbersMissing", {}, ["routing"]);
    } else if (bank.number === null || !isValidIBAN(bank.number)) refuse("ibanMissing");
    if (routing !== undefined && !isRoutingNumber(routing)) refuse("routingWrong", {}, ["routing"]);
    const name = input.name ?? (await companyName(context, bank.bookId));
    await context.db.run(sql`
      insert into finance.payment_origin (tenant_id, bank_account_id, format, name, routing, bank_name, company_number, with_offset)
      values (${context.tenantId}, ${bank.id}, ${format}, ${name}, ${routing ?? null}, ${bankName ?? null}, ${companyNumber ?? null},
        ${input.withOffset})
      on conflict (tenant_id, bank_account_id) do update set format = excluded.format, name = excluded.name, routing = excluded.routing,
        bank_name = excluded.bank_name, company_number = excluded.company_number, with_offset = excluded.with_offset`);
    return { id: bank.id, format };
  },
});

export async function companyName(context: ReadContext, bookId: KernelId): Promise<string> {
  const { name } = await context.db.row<{ name: string }>(sql`
    select coalesce(p.name, b.name) as name from finance.book b
    left join directory.legal_entity n on n.tenant_id = ${context.tenantId} and n.id = b.legal_entity_id
    left join directory.party p on p.tenant_id = ${context.tenantId} and p.id = n.party_id
    where b.tenant_id = ${context.tenantId} and b.id = ${bookId}`);
  return name;
}

export interface PaymentOrigin {
  readonly format: PaymentFormat;
  readonly name: string;
  readonly routing: string | null;
  readonly bankName: string | null;
  readonly companyNumber: string | null;
  readonly withOffset: boolean;
  readonly number: string | null;
  readonly bic: string | null;
}

/** What was set up, else a European file when the account has an IBAN. Refuses `originMissing`. */
export async function originOf(context: ReadContext, bankAccountId: KernelId): Promise<PaymentOrigin> {
  const found = await context.db.row<
    Omit<PaymentOrigin, "format" | "name"> & { bookId: KernelId; format: PaymentFormat | null; name: string | null }
  >(sql`
    select k.book_id, k.number, k.bic, o.format, o.name, o.routing, o.bank_name, o.company_number, coalesce(o.with_offset,
      false) as with_offset
    from finance.bank_account k
    left join finance.payment_origin o on o.tenant_id = ${context.tenantId} and o.bank_account_id = k.id
    where k.tenant_id = ${context.tenantId} and k.id = ${bankAccountId}`);
  const { bookId, format, name, ...rest } = found;
  const hasIban = rest.number !== null && isValidIBAN(rest.number);
  if (format !== "nacha" && !hasIban) refuse("originMissing");
  return { ...rest, format: format ?? "pain.001.001.09", name: name ?? (await companyName(context, bookId)) };
}

export const originMissing = "This bank account has no IBAN. Enter it, or set up its payment files: heartwood finance payment-origin set";
