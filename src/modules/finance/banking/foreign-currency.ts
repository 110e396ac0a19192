// Bank accounts in another currency than the books: a line counts in its own currency, and stands in the books at the rate of its day.
import type { Day } from "../../../kernel/day.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { documentRates } from "../currency/rate.ts";
import { type BankAccount } from "../ledger/bank-account.operations.ts";

export const isForeign = ({ currency, bookCurrency }: { readonly currency: string; readonly bookCurrency: string }): boolean =>
  currency !== bookCurrency;

/** What the comparison of such an account says in place of a difference. */
export const bookSideSays = ({ currency, bookCurrency }: { readonly currency: string; readonly bookCurrency: string }): string =>
  `The bank keeps this account in ${currency}, the books keep it in ${bookCurrency}: the month-end report compares them in ${currency}.`;

/** Of these days, those on which the books know what the account's currency is worth; all of them where it is their own. */
export async function ratedDays(context: ReadContext, account: BankAccount, days: readonly Day[]): Promise<ReadonlySet<Day>> {
  if (!isForeign(account)) return new Set(days);
  const { currency } = account;
  const documents = [...new Set(days)].map((day) => ({ currency, day }));
  const rates = await documentRates(context, { id: account.bookId, currency: account.bookCurrency }, documents);
  return new Set(documents.filter(({ day }) => "rate" in rates.get(`${currency} ${day}`)!).map(({ day }) => day));
}
