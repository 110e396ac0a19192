// Expense claims as they are kept: made, taken for writing by whom they belong to, and what stands on them.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { unitOf } from "../../directory/index.ts";
import type { Book } from "../ledger/book.ts";
import { type Flag, flagsOf } from "./expense.rules.ts";

export interface KeptClaim {
  readonly id: Id;
  readonly bookId: Id;
  readonly currency: string;
  readonly number: string;
  readonly personId: Id;
  readonly person: string;
  readonly title: string;
  readonly unitId: Id | null;
  readonly state: "draft" | "submitted" | "rejected" | "posted";
  readonly entryId: Id | null;
  readonly itemId: Id | null;
}

export async function lockClaim(context: WriteContext, id: Id): Promise<KeptClaim> {
  const claim = await context.db.maybe<KeptClaim>(sql`
    select c.id, c.book_id, b.currency, c.number, c.person_id, y.name as person, c.title, c.unit_id, c.state, c.entry_id, c.item_id
    from finance.expense_claim c
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = c.book_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = c.person_id
    where c.tenant_id = ${context.tenantId} and c.id = ${id} for update of c`);
  return claim ?? refuse("notFound");
}

/** A claim is changed only by whom it belongs to, and only before it is sent or after it came back. */
export async function lockOwnClaim(context: WriteContext, id: Id): Promise<KeptClaim> {
  const claim = await lockClaim(context, id);
  if (claim.personId !== context.actor.personId) refuse("notFound");
  if (claim.state !== "draft" && claim.state !== "rejected") refuse("notOpen", { state: claim.state });
  return claim;
}

export const ownClaimRefusals = {
  notFound: "There is no such expense claim, or it is not yours.",
  notOpen: "The claim is {state}. Take it back first, or enter the expense on another claim.",
} as const;

export const noPerson = "Only a person of the directory has expenses.";

/** The person who acts. Refuses `noPerson`. */
export const claimant = (context: ReadContext): Id => context.actor.personId ?? refuse("noPerson");

/** The books are taken, so that two people do not draw the same number. */
export async function nextNumber(context: WriteContext, book: Book, prefix: "EXP" | "ADV"): Promise<string> {
  await context.db.run(sql`select id from finance.book where tenant_id = ${context.tenantId} and id = ${book.id} for no key update`);
  const table = prefix === "EXP" ? sql`finance.expense_claim` : sql`finance.expense_advance`;
  const { last } = await context.db.row<{ last: number }>(sql`
    select coalesce(max(substr(number, 5)::int), 0) as last from ${table} where tenant_id = ${context.tenantId} and book_id = ${book.id}`);
  return `${prefix}-${String(last + 1).padStart(5, "0")}`;
}

export async function insertClaim(context: WriteContext, book: Book, personId: Id, title: string): Promise<{ id: Id; number: string }> {
  const id = context.newId();
  const number = await nextNumber(context, book, "EXP");
  const unit = await unitOf(context, personId, context.today);
  await context.db.run(sql`
    insert into finance.expense_claim (tenant_id, id, book_id, number, person_id, title, unit_id, state, made_on)
    values (${context.tenantId}, ${id}, ${book.id}, ${number}, ${personId}, ${title}, ${unit?.unitId ?? null}, 'draft', ${context.today})`);
  return { id, number };
}

export interface KeptLine {
  readonly id: Id;
  readonly description: string;
  readonly categoryId: Id;
  readonly category: string;
  readonly accountId: Id;
  readonly day: Day;
  readonly amount: bigint;
  readonly tax: bigint;
  readonly taxCodeId: Id | null;
  readonly flags: readonly Flag[];
}

interface FlagRow extends Omit<KeptLine, "flags"> {
  readonly limitAmount: bigint | null;
  readonly wantsReceipt: boolean;
  readonly hasReceipt: boolean;
  readonly isAlike: boolean;
}

/** The lines of a claim with what their approver should look at as of today. */
export async function claimLines(context: ReadContext, claim: KeptClaim): Promise<KeptLine[]> {
  const rows = await context.db.rows<FlagRow>(sql`
    select l.id, l.description, l.category_id, k.name as category, k.account_id, l.day, l.amount, l.tax, l.tax_code_id, k.limit_amount,
      k.wants_receipt, l.file_id is not null as has_receipt,
      exists (select from finance.expense_line o where o.tenant_id = ${context.tenantId} and o.person_id = l.person_id and o.day = l.day
        and o.amount = l.amount and o.category_id = l.category_id and o.id <> l.id) as is_alike
    from finance.expense_line l
    join finance.expense_category k on k.tenant_id = ${context.tenantId} and k.id = l.category_id
    where l.tenant_id = ${context.tenantId} and l.claim_id = ${claim.id} order by l.day, l.id`);
  const money = (minor: bigint): Money => new Money(minor, claim.currency);
  return rows.map(({ limitAmount, wantsReceipt, hasReceipt, isAlike, ...line }) => {
    const limit = limitAmount === null ? null : money(limitAmount);
    return {
      ...line,
      flags: flagsOf({ amount: money(line.amount), limit, wantsReceipt, hasReceipt, isAlike, day: line.day }, context.today),
    };
  });
}
