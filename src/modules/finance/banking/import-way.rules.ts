// The way a statement gets into the books, told as the command to run: into the bank account that is its own, or into a new one.
import { currencies, type Currency } from "../../../kernel/currency.ts";
import { isSameAccount, plainNumber } from "./account-number.rules.ts";
import type { BankStatement } from "./statement.ts";

export interface KnownAccount {
  readonly code: string;
  readonly number: string | null;
  readonly currency: string;
}

/** Accounts are kept in it today; old statements may still tell marks. */
export const isInUse = (currency: Currency): boolean => currencies().includes(currency);

type Told = Pick<BankStatement, "accountIdentification" | "currency">;

const importInto = (code: string): string => `heartwood finance bank-statement import FILE --bank-account ${code}`;

/** For each statement what to do next. New accounts are proposed with codes that none of the known ones has, nor each other. */
export function waysInto(accounts: readonly KnownAccount[], told: readonly Told[]): string[] {
  const all = [...accounts];
  return told.map(({ accountIdentification, currency }) => {
    const own = all.find((one) => one.currency === currency && one.number !== null && isSameAccount(one.number, accountIdentification));
    if (own) return `Import the file into its bank account: ${importInto(own.code)}`;
    if (!isInUse(currency)) return `${currency} is no longer in use. Ask the bank for a statement in today's currency.`;
    const code = freeCode(currency, all);
    const number = plainNumber(accountIdentification);
    all.push({ code, number, currency });
    const fields = `--code ${code} --name "${code} account" --number ${number} --currency ${currency}`;
    const commands = `heartwood finance bank-account create ${fields} && ${importInto(code)}`;
    return `Add a bank account for it and import the file into that one: ${commands}`;
  });
}

function freeCode(currency: string, accounts: readonly KnownAccount[]): string {
  const taken = new Set(accounts.map((one) => one.code));
  let code = currency;
  for (let place = 2; taken.has(code); place += 1) code = `${currency}${place}`;
  return code;
}
