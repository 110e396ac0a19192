// Statements of account: for each customer what was open, what came and went, and what is open, in each currency that was agreed with
// them; as a PDF and by mail, for many at once.
import { z } from "zod";
import { type Day as KernelDay, startOfMonth } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { type MailOut, writeMails } from "../../../platform/notify/mail.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Day, FileId, Id, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { type Book, bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { AsKnownAt, knownUntil } from "../reports/known.ts";
import { itemsKnown } from "../reports/open-item.store.ts";
import { type Letterhead, letterheads } from "./letterhead.ts";
import { statementPdf } from "./statement.document.ts";
import { type Statement, type StatementItem, statementOf } from "./statement.rules.ts";

const roles = ["finance.accountant", "finance.manager"];
const range = {
  from: Day.optional().describe("By default the first day of the month."),
  until: Day.optional().describe("By default today."),
  bookId: ref("finance.book").optional().describe("By default the main books."),
  asKnownAt: AsKnownAt,
};

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

/** Of these customers, or of all with something to say; what the books gain or lose on a currency is not theirs. */
async function statementsOf(
  context: ReadContext,
  book: Book,
  { from, until, knownAt }: Span,
  customerIds?: readonly KernelId[],
): Promise<Map<KernelId, Statement>> {
  const partyIds = customerIds ?? (await chargedIn(context, book));
  const items = await context.db.rows<StatementItem & { customerId: KernelId }>(sql`
    select o.party_id as customer_id, o.reference, o.day, o.due_day, o.currency, o.currency_amount as amount,
      o.open_currency_amount as open
    from (${itemsKnown(context, { bookId: book.id, direction: "receivable", asOf: until, knownAt, partyIds })}) o
    where o.currency_amount <> 0 order by o.party_id, o.day, o.id`);
  const byCustomer = new Map<KernelId, StatementItem[]>();
  for (const item of items) {
    const own = byCustomer.get(item.customerId);
    if (own) own.push(item);
    else byCustomer.set(item.customerId, [item]);
  }
  return new Map([...byCustomer].map(([id, own]) => [id, statementOf(id, own, { from, until, currency: book.currency })]));
}

/** Everyone who was ever charged. */
async function chargedIn(context: ReadContext, book: Book): Promise<KernelId[]> {
  const rows = await context.db.rows<{ id: KernelId }>(sql`
    select distinct party_id as id from finance.open_item
    where tenant_id = ${context.tenantId} and book_id = ${book.id} and direction = 'receivable'`);
  return rows.map((row) => row.id);
}

function paperOf(statement: Statement, { from: sender, to, account }: Letterhead, { from, until }: Span): Uint8Array {
  return statementPdf({
    title: "Statement of account",
    number: "",
    from: sender,
    to,
    account,
    openingDay: from,
    closingDay: until,
    sections: statement.sections.map(({ currency, opening, rows, closing, overdue }) => ({
      currency,
      opening: opening.amount,
      rows: rows.map(({ day, dueDay, reference, amount, balance }) => ({
        day,
        dueDay: amount.minor > 0n ? dueDay : "",
        reference,
        amount: amount.amount,
        balance: balance.amount,
      })),
      closing: closing.amount,
      overdue: overdue.amount,
    })),
  });
}

export const printStatement = operation({
  name: "finance.customer.printStatement",
  title: "Print a statement",
  does: "Makes the statement of account of a customer as a PDF: in each currency what was open, what came and went, what is open.",
  kind: "write",
  may: roles,
  input: z.strictObject({ customerId: ref("directory.customer"), ...range }),
  output: z.object({
    fileId: FileId,
    sections: z
      .array(z.object({ opening: Money, closing: Money, overdue: Money, rows: z.number().int() }))
      .describe("What it says, for each currency that the customer owes or moved something in."),
  }),
  refuses: { booksMissing: postingRefusals.booksMissing, nothingToSay: "Nothing was ever charged to this customer." },
  async run({ customerId, ...input }, context) {
    const book = await bookOf(context, input.bookId);
    const span = await spanOf(context, input);
    const statement = (await statementsOf(context, book, span, [customerId])).get(customerId);
    if (!statement) refuse("nothingToSay");
    const head = (await letterheads(context, book.id, [customerId])).get(customerId)!;
    const name = `Statement ${head.to.name} ${span.until}.pdf`.replaceAll("/", "-");
    return {
      fileId: await context.writeFile(name, "application/pdf", paperOf(statement, head, span)),
      sections: statement.sections.map(({ opening, closing, overdue, rows }) => ({ opening, closing, overdue, rows: rows.length })),
    };
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
    const wanted = all.filter(({ sections }) =>
      sections.some(({ closing, rows }) => closing.minor !== 0n || (!input.onlyOpen && rows.length > 0)),
    );
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
      const fileId = await context.writeFile(`Statement ${until}.pdf`, "application/pdf", paperOf(statement, head, span));
      const text = `Dear customer,\n\nplease find attached your statement of account from ${from} to ${until}.\n\n${head.from.name}`;
      mails.push({ to: head.email, subject: `Statement of account ${until}`, text, fileId });
    }
    await writeMails(context, mails);
    context.emit("finance.statement.sent", { until, count: mails.length });
    return { sent: mails.length, withoutAddress };
  },
});
