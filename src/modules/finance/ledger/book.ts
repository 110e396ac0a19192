// The sets of books of the company: one for each legal entity, the main one meant when none is named.
import type { Id } from "../../../kernel/id.ts";
import { Refusal } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { postingRefusals } from "./entry.rules.ts";
import type { AccountRole } from "./role.ts";

export interface Book {
  readonly id: Id;
  readonly name: string;
  readonly currency: string;
}

/** The books named, or the main ones. Refuses `booksMissing` in words of its own. */
export async function bookOf(context: ReadContext, bookId?: Id): Promise<Book> {
  const book = await maybeBook(context, bookId);
  if (!book) throw new Refusal("booksMissing", postingRefusals.booksMissing);
  return book;
}

export async function maybeBook(context: ReadContext, bookId?: Id): Promise<Book | undefined> {
  return context.db.maybe<Book>(sql`
    select id, name, currency from finance.book
    where tenant_id = ${context.tenantId} and ${bookId ? sql`id = ${bookId}` : sql`is_main`}`);
}

/** The account that does a job in these books. Refuses `roleUnassigned` in words of its own. */
export async function accountOf(context: ReadContext, role: AccountRole, bookId?: Id): Promise<{ id: Id; code: string; name: string }> {
  const book = await bookOf(context, bookId);
  const account = await context.db.maybe<{ id: Id; code: string; name: string }>(sql`
    select a.id, a.code, a.name from finance.account_role r
    join finance.account a on a.tenant_id = r.tenant_id and a.id = r.account_id
    where r.tenant_id = ${context.tenantId} and r.book_id = ${book.id} and r.role = ${role}`);
  if (!account) throw new Refusal("roleUnassigned", postingRefusals.roleUnassigned.replace("{role}", role), { role });
  return account;
}
