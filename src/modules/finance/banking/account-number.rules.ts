// Whether two ways of writing an account's number mean the same account: IBAN with or without spaces, bank code and number, and with
// the currency behind.

/** As it is stored and compared: capital letters and digits only, at most 34 of them. */
export const plainNumber = (text: string): string =>
  text
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, "")
    .slice(0, 34);

const isIban = (plain: string): boolean => /^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/.test(plain);

/** @param told as the bank writes it, e.g. `50880050/0194787400888`, `DE89 3704 0044 0532 0130 00`, `NL26VAYB8060476890EUR`. */
export function isSameAccount(known: string, told: string): boolean {
  const [one, other] = [withoutCurrency(plainNumber(known)), withoutCurrency(plainNumber(told))];
  if (one === other) return true;
  if (isIban(one) !== isIban(other)) {
    const [iban, parts] = isIban(one) ? [one, partsOf(told)] : [other, partsOf(known)];
    return standsInIban(iban, parts);
  }
  return false;
}

const withoutCurrency = (plain: string): string => (/^[A-Z]{2}\d{2}.*\d[A-Z]{3}$/.test(plain) ? plain.slice(0, -3) : plain);

const partsOf = (text: string): string[] =>
  text
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter(Boolean);

/** A bank code must begin the national part of the IBAN, and the account number, led by zeroes, must end it. */
function standsInIban(iban: string, parts: readonly string[]): boolean {
  const national = iban.slice(4);
  const account = parts.at(-1)?.replace(/^0+/, "") ?? "";
  if (account.length < 5 || !national.endsWith(account)) return false;
  const [bank] = parts.length > 1 ? parts : [""];
  return national.startsWith(bank!);
}
