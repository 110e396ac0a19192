// Real statement files of many banks (`../shared/samples`, named in PROVENANCE.tsv), imported into bank accounts of their currency:
// what stands in the books' bank lines afterwards is what the publishers of the files expect.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { Refusal } from "../../../kernel/refusal.ts";
import { createLegalEntity } from "../../directory/index.ts";
import { createAccount } from "../ledger/account.operations.ts";
import { createBankAccount } from "../ledger/bank-account.operations.ts";
import { createSetup } from "../ledger/setup.operations.ts";
import { openBooks, type TestBooks } from "../testing/books.ts";
import { storedFile } from "./banking.testing.ts";
import { importBankStatement } from "./import.operations.ts";
import { readStatements } from "./statement-format.rules.ts";
import type { BankStatement } from "./statement.ts";

const folder = resolve(import.meta.dirname, "../../../../../shared/samples/01-bank-statements");
const isHere = existsSync(resolve(folder, "dev/expected-dev.json"));
if (!isHere) console.warn(`SKIPPED: the sample statements are not at ${folder}.`);

interface Expected {
  readonly statements?: readonly { readonly entry_list: readonly { readonly minor: string }[]; readonly balances: readonly { readonly type: string; readonly minor: string }[] }[];
  readonly tx?: readonly { readonly amount: { readonly amount: string } }[];
  readonly transactions?: number;
  readonly balance?: string;
}
const expected: Readonly<Record<string, Expected>> = isHere ? JSON.parse(readFileSync(resolve(folder, "dev/expected-dev.json"), "utf8")) : {};
const files = Object.keys(expected).filter((name) => existsSync(resolve(folder, name)) && !name.startsWith("bai2"));

// Why a file is refused whole; everything else is imported.
const refused: Readonly<Record<string, RegExp>> = {};

/** The currency and account a file is of, as its own reader tells them; a fragment without a currency is taken as EUR. */
function readOrRefusal(name: string): BankStatement[] | Refusal {
  try {
    return readStatements(readFileSync(resolve(folder, name)), { currency: "EUR" });
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

let books: TestBooks;
beforeAll(async () => {
  if (isHere) books = await openBooks();
});
afterAll(() => books?.house.close());

const groups = new Map<string, string>();
let made = 0;

/** The group of bank accounts in books of this currency; a legal entity of ours keeps them. */
async function groupFor(currency: string): Promise<string> {
  const known = groups.get(currency);
  if (known) return known;
  const owner = await books.house.person("Olga Owner", "owner");
  const { id: legalEntityId } = await books.house.run(createLegalEntity, { code: currency, name: `In ${currency}`, country: "DE", currency }, owner);
  const { id: bookId } = await books.house.run(createSetup, { legalEntityId, currency, fiscalYearStart: "2026-01-01" }, books.chief);
  const found = (await books.house.call("finance.account.list", { filter: { bookId, code: "1100" } }, books.chief)) as { rows: { id: string }[] };
  groups.set(currency, found.rows[0]!.id);
  return found.rows[0]!.id;
}

async function accountFor(currency: string): Promise<Id> {
  made += 1;
  const parentId = await groupFor(currency);
  const { id: accountId } = await books.house.run(createAccount, { parentId, code: `18${made}`, name: `Bank ${made}` }, books.chief);
  return (await books.house.run(createBankAccount, { code: `S${made}`, name: `Bank ${made}`, accountId }, books.chief)).id;
}
describe.skipIf(!isHere)("samples", () => {
  test("probe", async () => {
    const out: string[] = [];
    for (const name of files) {
      const read = readOrRefusal(name);
      if (read instanceof Refusal) { out.push(`${name}: READ ${read.code}`); continue; }
      let account: Id; try { account = await accountFor(read[0]!.currency); } catch (e) { out.push(`${name}: NOACCOUNT ${read[0]!.currency}`); continue; }
      const fileId = await storedFile(books, readFileSync(resolve(folder, name)));
      try {
        const done = await books.house.run(importBankStatement, { fileId, bankAccountId: account }, books.accountant);
        const entries = done.added + done.known + done.advised;
        out.push(`${name}: ok ${entries} (${done.added},${done.known},${done.advised})`);
        const again = await books.house.run(importBankStatement, { fileId, bankAccountId: account }, books.accountant);
        if (again.added) out.push("   AGAIN ADDED");
      } catch (error) { out.push(`${name}: ${(error as Refusal).code} ${(error as Error).message.slice(0, 200)}`);
      if (!(error instanceof Refusal)) throw error; }
      await books.house.run((await import("../ledger/bank-account.operations.ts")).identifyBankAccount, { bankAccountId: account, number: `X${made}` }, books.chief);
    }
    console.log(out.join("\n"));
  }, 300000);
});
