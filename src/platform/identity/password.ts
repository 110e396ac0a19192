// Passwords: how long they must be, and how they are kept: argon2id with the cost OWASP recommends, so that a stolen table is of
// little use.
import { hash, verify } from "@node-rs/argon2";
import { Refusal } from "../../kernel/refusal.ts";
import type { IsBreached } from "./breached.ts";
import { isGuessable } from "./password.rules.ts";

/** NIST SP 800-63B asks for length, not for odd characters. */
export const passwordLength = { least: 12, most: 128 } as const;

const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export const hashPassword = (password: string): Promise<string> => hash(password, cost);

/** False for a wrong password, and for a stored text that is no hash at all. */
export async function passwordFits(stored: string, password: string): Promise<boolean> {
  if (!stored.startsWith("$argon2")) return false;
  return verify(stored, password);
}

/** `own` are names and addresses of the account, which anybody would try first. */
export async function checkPassword(password: string, isBreached: IsBreached, own: readonly string[] = []): Promise<void> {
  if (password.length < passwordLength.least) {
    throw new Refusal("passwordTooShort", `The password is too short. Choose one of at least ${passwordLength.least} characters.`);
  }
  if (password.length > passwordLength.most) {
    throw new Refusal("passwordTooLong", `The password is too long. Choose one of at most ${passwordLength.most} characters.`);
  }
  if (isGuessable(password, own)) throw new Refusal("passwordGuessable", guessableWords);
  if (await isBreached(password)) throw new Refusal("passwordBreached", breachedWords);
}

export const guessableWords =
  "Anybody would try this password first: it is made of well-known words, names, rows of keys or digits. Choose several words that " +
  "do not belong together.";

export const breachedWords =
  "This password is known from a breach somewhere, so whoever attacks tries it. Choose another, and change it wherever else you use it.";
