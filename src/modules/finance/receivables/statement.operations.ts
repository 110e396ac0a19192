// Statements of account: for each customer what was open, what came and went, and what is open; as a PDF and by mail, for many at once.
import { z } from "zod";
import { type Day as KernelDay, startOfMonth } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { type MailOut, writeMails } from "../../../platform/notify/mail.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Day, FileId, Id, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { type Book, bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { AsKnownAt, knownUntil } from "../reports/known.ts";
import { itemsKnown } from "../reports/open-item.store.ts";
import { type Letterhead, letterheads } from "./letterhead.ts";
import { statementPdf } from "./statement.document.ts";

const roles = ["finance.accountant", "finance.manager"];
const range = {
  from: Day.optional().describe("By default the first day of the month."),
  until: Day.optional().describe("By default today."),
  bookId: ref("finance.book").optional().describe("By default the main books."),
  asKnownAt: AsKnownAt,
};

interface ItemRow {
  customerId: KernelId;
  reference: string;
  day: KernelDay;
  dueDay: KernelDay;
  amount: bigint;
  open: bigint;
}

interface Statement {
  readonly customerId: KernelId;
  readonly opening: bigint;
  readonly closing: bigint;
  readonly overdue: bigint;
  readonly rows: readonly (ItemRow & { readonly balance: bigint })[];
}

interface Span {
  readonly from: KernelDay;
  readonly until: KernelDay;
  /** What was known at this moment; nothing when it is now. */
  readonly knownAt: Date | undefined;
}

async function spanOf(context: ReadContext, asked: { from?: KernelDay; until?: KernelDay; asKnownAt?: string }): Promise<Span> {
  const until = asked.until ?? context.today;
  return { from: asked.from ?? startOfMonth(until), until, knownAt: await knownUntil(context, asked.asKnownAt) };
}

/** Of these customers, or of all with something to say; in the books' currency. */
async function statementsOf(
  context: ReadContext,
  book: Book,
  { from, until, knownAt }: Span,
  customerIds?: readonly KernelId[],
): Promise<Map<KernelId, Statement>> {
  const partyIds = customerIds ?? (await chargedIn(context, book));
  const items = await context.db.rows<ItemRow>(sql`
    select o.party_id as customer_id, o.reference, o.day, o.due_day, o.amount, o.open_amount as open
    from (${itemsKnown(context, { bookId: book.id, direction: "receivable", asOf: until, knownAt, partyIds })}) o
    order by o.party_id, o.day, o.id`);
  const byCustomer = new Map<KernelId, ItemRow[]>();
  for (const item of items) {
    const own = byCustomer.get(item.customerId);
    if (own) own.push(item);
    else byCustomer.set(item.customerId, [item]);
  }
  return new Map([...byCustomer].map(([id, own]) => [id, statementOf(id, own, from, until)]));
}

/** Everyone who was ever charged. */
async function chargedIn(context: ReadContext, book: Book): Promise<KernelId[]> {
  const rows = await context.db.rows<{ id: KernelId }>(sql`
    select distinct party_id as id from finance.open_item
    where tenant_id = ${context.tenantId} and book_id = ${book.id} and direction = 'receivable'`);
  return rows.map((row) => row.id);
}

function statementOf(customerId: KernelId, items: readonly ItemRow[], from: KernelDay, until: KernelDay): Statement {
  const sum = (chosen: readonly ItemRow[]): bigint => chosen.reduce((total, item) => total + item.amount, 0n);
  const opening = sum(items.filter((item) => item.day < from));
  let balance = opening;
  const rows = items.filter((item) => item.day >= from).map((item) => ({ ...item, balance: (balance += item.amount) }));
  const overdue = items.filter((item) => item.open > 0n && item.dueDay < until).reduce((total, item) => total + item.open, 0n);
  return { customerId, opening, closing: balance, overdue, rows };
}

function paperOf(statement: Statement, { from: sender, to, account }: Letterhead, book: Book, { from, until }: Span): Uint8Array {
  const shown = (minor: bigint): string => new KernelMoney(minor, book.currency).amount;
  return statementPdf({
    title: "Statement of account",
    number: "",
    from: sender,
    to,
    account,
    currency: book.currency,
    openingDay: from,
    opening: shown(statement.opening),
    rows: statement.rows.map(({ day, dueDay, reference, amount, balance }) => ({
      day,
      dueDay: amount > 0n ? dueDay : "",
      reference,
      amount: shown(amount),
      balance: shown(balance),
    })),
    closingDay: until,
    closing: shown(statement.closing),
    overdue: shown(statement.overdue),
  });
}

export const printStatement = operation({
  name: "finance.customer.printStatement",
  title: "Print a statement",
  does: "Makes the statement of account of a customer as a PDF: what was open, what came and went, what is open.",
  kind: "write",
  may: roles,
  input: z.strictObject({ customerId: ref("directory.customer"), ...range }),
  output: z.object({ fileId: FileId }),
  refuses: { booksMissing: postingRefusals.booksMissing, nothingToSay: "Nothing was ever charged to this customer." },
  async run({ customerId, ...input }, context) {
    const book = await bookOf(context, input.bookId);
    const span = await spanOf(context, input);
    const statement = (await statementsOf(context, book, span, [customerId])).get(customerId);
    if (!statement) refuse("nothingToSay");
    const head = (await letterheads(context, book.id, [customerId])).get(customerId)!;
    const name = `Statement ${head.to.name} ${span.until}.pdf`.replaceAll("/", "-");
    return { fileId: await context.writeFile(name, "application/pdf", paperOf(statement, head, book, span)) };
  },
});

export const sendStatements = operation({
  name: "finance.statement.send",
  title: "Mail statements of account",
  does: "Mails each customer who owes or moved something their statement as a PDF; who has no mail address is counted.",
  kind: "write",
  previews: true,
  may: roles,
  input: z.strictObject({
    customerIds: z.array(ref("directory.customer")).min(1).max(1000).optional().describe("By default all with something to say."),
    onlyOpen: z.boolean().default(true).describe("Leave out who owes nothing."),
    ...range,
  }),
  output: z.object({ sent: z.number().int(), withoutAddress: z.array(z.object({ id: Id, name: z.string() })) }),
  refuses: { booksMissing: postingRefusals.booksMissing },
  emits: ["finance.statement.sent"],
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    const span = await spanOf(context, input);
    const { from, until } = span;
    const all = [...(await statementsOf(context, book, span, input.customerIds)).values()];
    const wanted = all.filter((one) => one.closing !== 0n || (!input.onlyOpen && one.rows.length > 0));
    const heads = await letterheads(
      context,
      book.id,
      wanted.map((one) => one.customerId),
    );
    const mails: MailOut[] = [];
    const withoutAddress: { id: KernelId; name: string }[] = [];
    for (const statement of wanted) {
      const head = heads.get(statement.customerId)!;
      if (head.email === null) {
        withoutAddress.push({ id: statement.customerId, name: head.to.name });
        continue;
      }
      const fileId = await context.writeFile(`Statement ${until}.pdf`, "application/pdf", paperOf(statement, head, book, span));
      const text = `Dear customer,\n\nplease find attached your statement of account from ${from} to ${until}.\n\n${head.from.name}`;
      mails.push({ to: head.email, subject: `Statement of account ${until}`, text, fileId });
    }
    await writeMails(context, mails);
    context.emit("finance.statement.sent", { until, count: mails.length });
    return { sent: mails.length, withoutAddress };
  },
});
