// What a contractor asks for work on a building or a thing, in the books from the day it is known until its bill stands there: facilities
// says what happened, the books follow. Hours are in the payroll and parts in the bills of whoever sold them; neither is posted again.
//
// | what happened               | Dr             | Cr               |
// |-----------------------------|----------------|------------------|
// | the cost is known, no bill  | expenses       | accrued expenses |
// | its bill came, or it is not right yet, or the cost is another: the mirror of that entry ||
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { Refusal } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import type { HouseEvent, Reaction } from "../../../platform/operation/module.ts";
import { closeTask, openTask } from "../../office/index.ts";
import { inBooks } from "../currency/convert.rules.ts";
import { exchangeFor } from "../currency/rate.ts";
import { type Book, maybeBook } from "../ledger/book.ts";
import { postEntry } from "../ledger/posting.ts";
import { reverseEntry } from "../ledger/reversal.ts";

const subject = "facilities.workOrder";

interface Cost {
  readonly workOrderId: Id;
  readonly number: string;
  readonly amount: Money;
}

/** What stands in the books for a work order and is not taken back. */
const standing = (context: ReadContext, workOrderId: Id): Promise<{ id: Id; cost: string } | undefined> =>
  context.db.maybe<{ id: Id; cost: string }>(sql`
    select e.id, e.reference as cost from finance.journal_entry e
    where e.tenant_id = ${context.tenantId} and e.document_id = ${workOrderId} and e.document_subject = ${subject}
      and e.reverses_id is null and not exists (select from finance.journal_entry m
        where m.tenant_id = ${context.tenantId} and m.reverses_id = e.id)
    limit 1`);

/** The number of the order and what is asked: two entries of one order with the same reference are the same cost. */
const referenceOf = ({ number, amount }: Cost): string => `${number} ${amount.toString()}`;

/** Makes the books say what is known now: this cost, or none. May run twice. */
async function follow(context: WriteContext, workOrderId: Id, cost: Cost | undefined, why: string): Promise<void> {
  const book = await maybeBook(context);
  if (!book) return;
  const key = `finance.workCost:${workOrderId}`;
  const failed = await context.attempt(async () => {
    const earlier = await standing(context, workOrderId);
    if (cost && earlier?.cost === referenceOf(cost)) return;
    if (earlier) await reverseEntry(context, earlier.id, undefined, why);
    if (cost) await postCost(context, book, cost);
    await closeTask(context, { key });
  });
  if (!failed) return;
  if (!(failed instanceof Refusal)) throw failed;
  // A closed month, a missing rate: whoever keeps the books sees to it by hand, once.
  await openTask(context, {
    kind: "reminder",
    title: `Not posted: the cost of ${cost?.number ?? "a work order that is open again"}`,
    says: failed.message,
    owner: { activity: "finance.bookkeeping" },
    due: context.today,
    about: { subject, id: workOrderId },
    key,
  });
}

async function postCost(context: WriteContext, book: Book, cost: Cost): Promise<void> {
  const { amount, number, workOrderId } = cost;
  const exchange = await exchangeFor(context, book, { currency: amount.currency, day: context.today });
  const value = exchange ? inBooks(amount, exchange) : amount;
  const foreign = (sign: bigint) => (exchange ? { foreign: new Money(sign * amount.minor, amount.currency) } : {});
  await postEntry(
    context,
    {
      journal: "GEN",
      day: context.today,
      text: `Work without a bill yet: ${number}`,
      reference: referenceOf(cost),
      document: { subject, id: workOrderId },
      lines: [
        { account: { role: "expense" }, amount: value, text: number, ...foreign(1n) },
        { account: { role: "accrual" }, amount: new Money(-value.minor, value.currency), text: number, ...foreign(-1n) },
      ],
    },
    book.id,
  );
}

async function costKnown({ payload }: HouseEvent, context: WriteContext): Promise<void> {
  const { workOrderId, number, asked, billId } = payload as {
    workOrderId: Id;
    number: string;
    asked: { amount: string; currency: string };
    billId: Id | null;
  };
  const amount = Money.parse(asked.amount, asked.currency);
  const isOwed = billId === null && amount.minor > 0n;
  await follow(context, workOrderId, isOwed ? { workOrderId, number, amount } : undefined, "Its bill came, or it costs nothing");
}

const openAgain = ({ payload }: HouseEvent, context: WriteContext): Promise<void> =>
  follow(context, payload["workOrderId"] as Id, undefined, "The work is not right yet");

export const workCostReactions: readonly Reaction[] = [
  { to: "facilities.workOrder.costRecorded", does: costKnown },
  { to: "facilities.workOrder.reopened", does: openAgain },
];
