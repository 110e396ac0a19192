// Bank accounts in another currency than the books: their statements are kept, their lines are not posted by the house yet.
import { refuse } from "../../../kernel/refusal.ts";

interface Kept {
  readonly code: string;
  readonly currency: string;
  readonly bookCurrency: string;
}

export const isForeign = ({ currency, bookCurrency }: Kept): boolean => currency !== bookCurrency;

export const foreignCurrencyLater =
  "Bank account {bankAccount} is kept in {currency} and the books in {bookCurrency}; Heartwood does not match or post lines across " +
  "currencies yet. Post what the line is in {bookCurrency} at your rate: heartwood finance journal-entry post. Then set the line aside " +
  "and name the entry as the reason: heartwood finance bank-line ignore";

/** Refuses `foreignCurrencyLater`: an amount in one currency must not stand for the same number in another. */
export function requireBookCurrency(account: Kept): void {
  const { code, currency, bookCurrency } = account;
  if (isForeign(account)) refuse("foreignCurrencyLater", { bankAccount: code, currency, bookCurrency });
}

/** What a reconciliation of such an account says in place of a difference. */
export const bookSideSays = ({ currency, bookCurrency }: Kept): string =>
  `The bank keeps this account in ${currency}, the books keep it in ${bookCurrency}, so the two sides are not compared.`;
