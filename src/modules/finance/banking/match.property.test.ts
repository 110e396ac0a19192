// Whatever is matched and taken back in whatever order, the books balance, subledger equals control, and the bank agrees in the end.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { createInvoice, postInvoice } from "../receivables/invoice.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { listCandidates, matchBankLine } from "./bank-line.operations.ts";
import { camt, storedFile } from "./banking.testing.ts";
import { importBankStatement } from "./import.operations.ts";
import { matchAllBankLines } from "./match-all.operations.ts";
import { getBankReconciliation } from "./reconciliation.operations.ts";
import { unmatchBankLine } from "./unmatch.operations.ts";

let books: TestBooks;
let lines: Id[];
beforeAll(async () => {
  books = await openBooks();
  const run = books.house.run;
  const numbers: string[] = [];
  for (const price of ["100.00", "100.00", "50.00", "75.50", "300.00", "12.34"]) {
    const draft = { customerId: books.customerId, day: "2026-11-01", lines: [{ description: "Work", unitPrice: eur(price) }] };
    const { id } = await run(createInvoice, draft, books.accountant);
    numbers.push((await run(postInvoice, { invoiceId: id }, books.accountant)).number);
  }
  const entries = [
    { amount: "119.00", text: numbers[0]! },
    { amount: "178.50", text: `${numbers[1]} ${numbers[2]}` },
    { amount: "89.85", name: "Nordlicht" },
    { amount: "400.00", text: numbers[4]! },
    { amount: "10.00", text: numbers[5]! },
    { amount: "-4.90", text: "Fee" },
    { amount: "-20.00", name: "Nordlicht AG", text: "Refund" },
    { amount: "55.00", text: "unknown" },
  ];
  const file = camt({ iban: "DE12500105170648489890", id: "P1", opening: "0.00", closing: "827.45", entries });
  const fileId = await storedFile(books, file);
  await run(importBankStatement, { fileId, bankAccountId: books.bankAccountId }, books.accountant);
  const listed = (await books.house.call("finance.bankLine.list", { limit: 100 }, books.chief)) as { rows: { id: Id }[] };
  lines = listed.rows.map((row) => row.id);
});
afterAll(() => books.house.close());

const allowed = new Set(["lineSettled", "lineNotMatched", "moreThanOpen", "itemsSettled"]);
const orRefused = async (attempt: Promise<unknown>): Promise<void> => {
  await attempt.catch((error: { code?: string }) => {
    if (!allowed.has(error.code ?? "")) throw error;
  });
};

const step = fc.record({ kind: fc.constantFrom("best", "account", "party", "part", "unmatch", "all"), line: fc.nat({ max: 7 }) });
type Step = { readonly kind: string; readonly line: number };

async function take({ kind, line }: Step): Promise<void> {
  const { run } = books.house;
  const bankLineId = lines[line]!;
  const match = (more: object) => orRefused(run(matchBankLine, { bankLineId, ...more }, books.accountant));
  if (kind === "all") return orRefused(run(matchAllBankLines, { bankAccountId: books.bankAccountId }, books.accountant));
  if (kind === "unmatch") return orRefused(run(unmatchBankLine, { bankLineId }, books.accountant));
  if (kind === "account") return match({ accountCode: "2490" });
  if (kind === "party") return match({ partyId: books.customerId });
  const { candidates } = await run(listCandidates, { bankLineId }, books.accountant);
  const shares = candidates[0]?.allocations ?? [];
  if (shares.length === 0) return undefined;
  const [first] = shares;
  const allocations = (kind === "part" ? [first!] : shares).map(({ openItemId, amount }) => ({ openItemId, amount: amount.toJSON() }));
  return match({ allocations });
}

test("random matching and taking back", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      for (const one of steps) await take(one);
      expect(await books.breaks()).toEqual([]);
      const trial = await books.house.run(getTrialBalance, { asOf: "2026-12-31" }, books.chief);
      expect(trial.totals.closing.minor).toBe(0n);
      const told = await books.house.run(getBankReconciliation, { bankAccountId: books.bankAccountId }, books.chief);
      expect(told.unexplained!.minor).toBe(0n);
      expect(told.bookBalance.plus(told.unmatched.sum).minor).toBe(82_745n);
    }),
    { numRuns: 12, endOnFailure: true },
  );
}, 120_000);
