// Help while a bill is entered: what it is usually booked on, when it is usually due, where it is paid, and whether it was seen before.
import { z } from "zod";
import { addDays, daysBetween, type Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { Refusal, refuse, word } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Day, FileId, Id, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { allocateByHand, settlingRefusals } from "../ledger/allocation.ts";
import { type Book, bookOf } from "../ledger/book.ts";
import { type DocumentTotals, documentTotals } from "../tax/document.rules.ts";
import { taxesFor, taxRefusals } from "../tax/tax.ts";
import { shareOldestFirst } from "../ledger/open-item.rules.ts";
import { billRefusals, lockBill } from "./bill.ts";
import { PricesIncludeTax } from "./bill.operations.ts";
import { freeHash } from "./bill.rules.ts";
import { alikeBills, alikeSays, guardRefusals, paperOf, requireFreeKey } from "./bill-guard.ts";
import { type CodedLine, codingFor, usualDays } from "./coding.rules.ts";
import { inOtherRun, refuseInRun } from "./run-lock.ts";
import { payeeAccounts } from "./supplier-bank-account.operations.ts";

const roles = ["finance.accountant", "finance.manager"];

const Coding = z.object({
  description: z.string(),
  accountId: ref("finance.account"),
  account: z.string(),
  taxCode: z.string(),
  unitId: ref("directory.unit").nullable(),
  reason: z.string(),
});

export const proposeBill = operation({
  name: "finance.bill.propose",
  title: "What a bill is usually like",
  does: "Proposes accounts, tax and due day from the supplier's bills before, and warns of a bill or a file that is known already.",
  kind: "read",
  may: roles,
  input: z.strictObject({
    bookId: ref("finance.book").optional().describe("By default the main books."),
    supplierId: ref("directory.supplier").optional(),
    lines: z
      .array(z.strictObject({ description: z.string().max(300), net: Money.optional(), taxCode: z.string().max(20).optional() }))
      .max(500)
      .default([])
      .describe("The lines, as far as they are written."),
    pricesIncludeTax: PricesIncludeTax,
    day: Day.optional(),
    supplierNumber: z.string().max(60).optional(),
    total: Money.optional(),
    fileId: FileId.optional(),
    billId: Id.optional().describe("The bill itself, when it is there already."),
  }),
  output: z.object({
    usual: Coding.nullable().describe("For a line of which nothing is known."),
    lines: z.array(Coding.nullable()),
    totals: z
      .object({ net: Money, tax: Money, rounding: Money, total: Money })
      .nullable()
      .describe("What the lines and their tax add up to."),
    dueDay: Day.nullable(),
    account: z.object({ number: z.string(), usableFrom: Day.nullable() }).nullable().describe("Where it is paid."),
    credit: Money.nullable().describe("Paid to the supplier before and not set against a bill."),
    warnings: z.array(z.string()),
  }),
  refuses: { ...taxRefusals, billCurrenciesMixed: billRefusals.billCurrenciesMixed, booksMissing: billRefusals.booksMissing },
  async run(input, context) {
    const warnings: string[] = [];
    const { supplierId, billId } = input;
    const book = await bookOf(context, input.bookId);
    if (input.fileId) warnings.push(...(await worded(async () => freeHash(await paperOf(context, input.fileId!, billId)))));
    if (!supplierId) return { usual: null, lines: [], totals: null, dueDay: null, account: null, credit: null, warnings };
    const { supplierNumber } = input;
    if (supplierNumber) {
      warnings.push(...(await worded(() => requireFreeKey(context, { supplierId, supplierNumber, kind: "bill", id: billId }))));
    }
    if (input.total && input.day) {
      const asked = { supplierId, supplierNumber: supplierNumber ?? "", day: input.day, total: input.total, id: billId };
      const [alike] = await alikeBills(context, [asked]);
      if (alike) warnings.push(alikeSays(alike));
    }
    const { history, days } = await historyOf(context, book, supplierId);
    const proposed = (description: string) => {
      const coding = codingFor(description, history);
      return coding ? { description, ...coding } : null;
    };
    const [payee] = await payeeAccounts(context, [supplierId]);
    const usual = usualDays(days);
    return {
      usual: proposed(""),
      lines: input.lines.map((line) => proposed(line.description)),
      totals: await totalsOf(context, book, { ...input, supplierId, day: input.day ?? context.today }),
      dueDay: input.day && usual !== undefined ? addDays(input.day, usual) : null,
      account: payee ? { number: payee.number, usableFrom: payee.usableFrom } : null,
      credit: await creditOf(context, book, supplierId),
      warnings,
    };
  },
});

interface Written {
  readonly supplierId: KernelId;
  readonly day: KernelDay;
  readonly pricesIncludeTax?: boolean;
  readonly lines: readonly { readonly net?: KernelMoney; readonly taxCode?: string }[];
}

async function totalsOf(
  context: ReadContext,
  book: Book,
  { supplierId, day, pricesIncludeTax, lines }: Written,
): Promise<Pick<DocumentTotals, "net" | "tax" | "rounding" | "total"> | null> {
  const written = lines.flatMap(({ net, taxCode }) => (net && taxCode ? [{ net, taxCode }] : []));
  if (written.length === 0) return null;
  const { currency } = written[0]!.net;
  if (written.some(({ net }) => net.currency !== currency)) refuse("billCurrenciesMixed", { currency }, ["lines"]);
  const codes = written.map(({ taxCode }) => taxCode);
  const taxes = await taxesFor(context, { bookId: book.id, codes, day, side: "input", partyId: supplierId });
  const said = written.map((line) => ({ ...line, ...taxes.of(line.taxCode) }));
  const { net, tax, rounding, total } = documentTotals(said, currency, { pricesIncludeTax });
  return { net, tax, rounding, total };
}

/** What would be refused, as a warning: the form is still being filled in. */
async function worded(look: () => Promise<unknown>): Promise<string[]> {
  try {
    await look();
    return [];
  } catch (error) {
    const words = error instanceof Refusal ? (guardRefusals as Readonly<Record<string, string>>)[error.code] : undefined;
    if (!(error instanceof Refusal) || !words) throw error;
    return [word(words, error.facts)];
  }
}

const billsLearnedFrom = 12;

async function historyOf(context: ReadContext, book: Book, supplierId: KernelId): Promise<{ history: CodedLine[]; days: number[] }> {
  const rows = await context.db.rows<CodedLine & { billId: KernelId; day: KernelDay; dueDay: KernelDay }>(sql`
    with latest as (
      select l.id, l.day, l.due_day, row_number() over (order by l.day desc, l.id desc)::int - 1 as age from finance.bill l
      where l.tenant_id = ${context.tenantId} and l.supplier_id = ${supplierId} and l.book_id = ${book.id} and l.kind = 'bill'
        and l.state in ('draft', 'approved', 'posted')
      order by l.day desc, l.id desc limit ${billsLearnedFrom}
    )
    select b.id as bill_id, b.day, b.due_day, b.age, l.description, l.account_id, a.code || ' ' || a.name as account, t.code as tax_code,
      l.unit_id
    from latest b
    join finance.bill_line l on l.tenant_id = ${context.tenantId} and l.bill_id = b.id
    join finance.account a on a.tenant_id = ${context.tenantId} and a.id = l.account_id and a.retired_from is null
    join finance.tax_code t on t.tenant_id = ${context.tenantId} and t.id = l.tax_code_id
    order by b.age, l.position`);
  const bills = new Map(rows.map((row) => [row.billId, daysBetween(row.day, row.dueDay)]));
  return { history: rows, days: [...bills.values()] };
}

/** What the supplier has in our hands already: payments on account and credits. */
async function creditOf(context: ReadContext, { id, currency }: Book, supplierId: KernelId): Promise<KernelMoney | null> {
  const { open } = await context.db.row<{ open: bigint }>(sql`
    select coalesce(sum(o.open_currency_amount), 0)::bigint as open from finance.open_item o
    where o.tenant_id = ${context.tenantId} and o.book_id = ${id} and o.currency = ${currency} and o.direction = 'payable'
      and o.party_id = ${supplierId} and o.open_currency_amount > 0`);
  return open > 0n ? new KernelMoney(open, currency) : null;
}

export const applyCredit = operation({
  name: "finance.bill.applyCredit",
  title: "Apply what was paid before",
  does: "Sets prepayments and credits of the supplier against a posted bill, the oldest first, and tells what is still open.",
  kind: "write",
  previews: true,
  may: roles,
  input: z.strictObject({
    billId: ref("finance.bill"),
    amount: Money.optional().describe("By default as much as there is."),
    on: Day.optional().describe("By default today."),
  }),
  output: z.object({ id: Id, applied: Money, open: Money }),
  refuses: {
    notFound: "There is no such bill.",
    nothingOpen: "Nothing of this bill is open. Credits are applied after it was posted.",
    noCredit: "Nothing was paid to this supplier before that is not set against a bill.",
    inOtherRun,
    ...settlingRefusals,
  },
  when: (record) => record["state"] === "open" || record["state"] === "overdue",
  emits: ["finance.bill.creditApplied"],
  async run(input, context) {
    const bill = await lockBill(context, input.billId);
    const items = await context.db.rows<{ id: KernelId; open: bigint; currency: string }>(sql`
      with held as (
        select o.id, o.open_currency_amount as open, o.currency, o.due_day from finance.open_item o
        where o.tenant_id = ${context.tenantId} and o.direction = 'payable' and o.party_id = ${bill.supplierId}
          and o.open_currency_amount <> 0
          and o.account_id = (
            select i.account_id from finance.open_item i where i.tenant_id = ${context.tenantId} and i.id = ${bill.itemId})
          and o.currency = ${bill.currency}
        order by o.id for update)
      select id, open, currency from held order by due_day, id`);
    const own = items.find((item) => item.id === bill.itemId);
    if (!own || bill.state !== "posted" || own.open >= 0n) refuse("nothingOpen");
    await refuseInRun(context, [own.id]);
    const open = new KernelMoney(-own.open, bill.currency);
    const credits = items
      .filter((item) => item.open > 0n)
      .map(({ id, open: left }) => ({ id, open: new KernelMoney(left, bill.currency) }));
    if (credits.length === 0) refuse("noCredit");
    const wished = input.amount && input.amount.compare(open) < 0 ? input.amount : open;
    const shares = shareOldestFirst(wished, credits);
    await allocateByHand(
      context,
      shares.map((share) => ({ ...share, againstId: own.id })),
      input.on ?? context.today,
    );
    const applied = shares.reduce((sum, share) => sum.plus(share.amount), KernelMoney.zero(bill.currency));
    context.emit("finance.bill.creditApplied", { billId: bill.id, amount: applied.toString() });
    return { id: bill.id, applied, open: open.minus(applied) };
  },
});
