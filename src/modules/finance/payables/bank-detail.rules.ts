// Whether the number of a bank account can be one: the check digits of an IBAN, of a BIC, and of a routing number of the United States.
import { isValidBIC, isValidIBAN } from "ibantools";

export interface BankDetail {
  readonly kind: "iban" | "us";
  readonly number: string;
  readonly bic: string | null;
  readonly routing: string | null;
  readonly accountType: "checking" | "savings" | null;
}

export interface BankDetailWish {
  readonly iban?: string;
  readonly bic?: string;
  readonly routing?: string;
  readonly account?: string;
  readonly accountType?: "checking" | "savings";
}

export interface BankDetailNo {
  readonly code: "ibanWrong" | "bicWrong" | "routingWrong" | "accountWrong" | "detailsMissing" | "bothKinds";
  readonly path: readonly string[];
}

export const bankDetailRefusals = {
  bothKinds: "Give either an IBAN, or a routing number with an account. This account has both.",
  detailsMissing: "Give an IBAN, or a routing number with an account.",
  ibanWrong: "This is no IBAN: its check digits or its length do not fit. Ask the supplier for it again.",
  bicWrong: "This is no BIC. It has 8 or 11 letters and digits, and names the country of the bank.",
  routingWrong: "This is no routing number: it has nine digits, and the last one checks the others.",
  accountWrong: "An account at a bank of the United States has 1 to 17 letters and digits.",
} as const;

const plain = (text: string): string => text.replace(/[\s-]+/g, "").toUpperCase();

/** A routing number of the American Bankers Association: 3, 7 and 1 times its digits add up to a multiple of ten. */
export function isRoutingNumber(text: string): boolean {
  if (!/^\d{9}$/.test(text) || text === "000000000") return false;
  const weights = [3, 7, 1];
  return [...text].reduce((sum, digit, index) => sum + Number(digit) * weights[index % 3]!, 0) % 10 === 0;
}

export function readBankDetail(wish: BankDetailWish): BankDetail | BankDetailNo {
  const isUs = wish.routing !== undefined || wish.account !== undefined;
  if (wish.iban !== undefined && isUs) return { code: "bothKinds", path: ["iban"] };
  return isUs ? readUs(wish) : readIban(wish);
}

function readIban(wish: BankDetailWish): BankDetail | BankDetailNo {
  if (wish.iban === undefined) return { code: "detailsMissing", path: ["iban"] };
  const number = plain(wish.iban);
  if (!isValidIBAN(number)) return { code: "ibanWrong", path: ["iban"] };
  const bic = wish.bic === undefined ? null : plain(wish.bic);
  if (bic !== null && !isValidBIC(bic)) return { code: "bicWrong", path: ["bic"] };
  return { kind: "iban", number, bic, routing: null, accountType: null };
}

function readUs(wish: BankDetailWish): BankDetail | BankDetailNo {
  if (wish.routing === undefined || wish.account === undefined) return { code: "detailsMissing", path: ["routing"] };
  const routing = plain(wish.routing);
  if (!isRoutingNumber(routing)) return { code: "routingWrong", path: ["routing"] };
  const number = plain(wish.account);
  if (!/^[A-Z0-9]{1,17}$/.test(number)) return { code: "accountWrong", path: ["account"] };
  return { kind: "us", number, bic: null, routing, accountType: wish.accountType ?? "checking" };
}

/** As people write it: an IBAN in groups of four, an American account behind its routing number. */
export const bankDetailText = (detail: { readonly number: string; readonly routing: string | null }): string =>
  detail.routing === null ? detail.number.replace(/(.{4})(?=.)/g, "$1 ") : `${detail.routing} / ${detail.number}`;
