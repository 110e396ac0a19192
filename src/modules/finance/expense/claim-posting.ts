// Booking an approved claim: in the transaction of its approval, so that no approved claim is without its entry.
//
// | document       | Dr                                                             | Cr                                        |
// |----------------|----------------------------------------------------------------|-------------------------------------------|
// | expense claim  | each line: cost on the account of its category; input tax      | expenses and advances, of the employee    |
// | advance paid   | expenses and advances, of the employee                         | bank                                      |
// | claim paid     | expenses and advances, of the employee                         | bank                                      |
// What the person has in hand is set against the claim, the oldest first; the rest is owed.
import type { Day } from "../../../kernel/day.ts";
import { decimal } from "../../../kernel/decimal.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { allocate } from "../ledger/allocation.ts";
import type { JournalLineDraft } from "../ledger/entry.rules.ts";
import { shareOldestFirst } from "../ledger/open-item.rules.ts";
import { postEntry } from "../ledger/posting.ts";
import { insertTaxLines, type TaxLineDraft, type TaxesChosen, taxesChosen } from "../tax/tax.ts";
import type { KeptClaim, KeptLine } from "./claim.store.ts";

interface Booked {
  readonly line: KeptLine;
  readonly cost: Money;
  readonly deductible: Money;
  readonly inputAccountId: Id | undefined;
  readonly record: TaxLineDraft["record"] | undefined;
}

export async function postClaim(
  context: WriteContext,
  claim: KeptClaim,
  lines: readonly KeptLine[],
): Promise<{ entryId: Id; number: string }> {
  const day = context.today;
  const taxes = lines.some((line) => line.taxCodeId) ? await taxesChosen(context, claim.bookId) : undefined;
  const booked = lines.map((line) => bookedLine(claim, line, taxes));
  const total = new Money(
    lines.reduce((sum, line) => sum + line.amount, 0n),
    claim.currency,
  );
  const document = { subject: "finance.expenseClaim", id: claim.id };
  const draft = { journal: "PUR", day, text: `Expenses ${claim.number} of ${claim.person}`, reference: claim.number, document };
  const entry = await postEntry(context, { ...draft, lines: entryLines(claim, booked, total) }, claim.bookId);
  await insertTaxLines(
    context,
    booked.flatMap(({ record }) => (record ? [{ entryId: entry.id, day, document, partyId: null, record }] : [])),
  );
  await context.db.run(sql`
    update finance.expense_claim set state = 'posted', posted_on = ${day}, entry_id = ${entry.id}, item_id = ${entry.lineIds[0]!},
      reject_reason = null
    where tenant_id = ${context.tenantId} and id = ${claim.id}`);
  await settleAdvances(context, claim, entry.lineIds[0]!, total, day);
  return { entryId: entry.id, number: entry.number };
}

function bookedLine(claim: KeptClaim, line: KeptLine, taxes: TaxesChosen | undefined): Booked {
  const amount = new Money(line.amount, claim.currency);
  const tax = new Money(line.tax, claim.currency);
  const part = line.taxCodeId && line.tax > 0n ? taxes!.of(line.taxCodeId, line.day).parts[0] : undefined;
  if (!part) return { line, cost: amount, deductible: Money.zero(claim.currency), inputAccountId: undefined, record: undefined };
  const deductible = tax.times(decimal(part.deductiblePercent).div(100), "halfUp");
  const record = {
    taxCodeId: part.taxCodeId,
    side: "input" as const,
    percent: part.percent,
    base: amount.minus(tax),
    tax: deductible,
    cost: tax.minus(deductible),
    baseBox: part.inputBaseBox,
    taxBox: part.inputTaxBox,
    isPending: false,
  };
  return { line, cost: amount.minus(deductible), deductible, inputAccountId: part.inputAccountId, record };
}

function entryLines(claim: KeptClaim, booked: readonly Booked[], total: Money): JournalLineDraft[] {
  const unitId = claim.unitId ?? undefined;
  const costs = booked.map(({ line, cost }): JournalLineDraft => ({
    account: { id: line.accountId },
    amount: cost,
    unitId,
    text: line.description,
  }));
  const taxes = booked
    .filter(({ deductible }) => deductible.minor !== 0n)
    .map(({ inputAccountId, deductible, record }): JournalLineDraft => ({
      account: { id: inputAccountId! },
      amount: deductible,
      text: `Tax ${record!.percent} %`,
    }));
  const owed: JournalLineDraft = { account: { role: "employeePayable" }, amount: total.negated(), partyId: claim.personId };
  return [owed, ...costs, ...taxes].filter((line) => line.amount.minor !== 0n);
}

/** What the person was given in advance is used up first. */
async function settleAdvances(context: WriteContext, claim: KeptClaim, itemId: Id, total: Money, day: Day): Promise<void> {
  const held = await context.db.rows<{ id: Id; openAmount: bigint }>(sql`
    with held as (
      select o.id, o.open_amount, o.day from finance.open_item o
      join finance.account_role r on r.tenant_id = ${context.tenantId} and r.book_id = o.book_id and r.account_id = o.account_id
        and r.role = 'employeePayable'
      where o.tenant_id = ${context.tenantId} and o.party_id = ${claim.personId} and o.book_id = ${claim.bookId} and o.open_amount > 0
      order by o.id for update of o)
    select id, open_amount from held order by day, id`);
  const shares = shareOldestFirst(
    total,
    held.map((item) => ({ id: item.id, open: new Money(item.openAmount, claim.currency) })),
  );
  await allocate(
    context,
    shares.map((share) => ({ itemId: share.itemId, againstId: itemId, amount: share.amount })),
    day,
  );
}
