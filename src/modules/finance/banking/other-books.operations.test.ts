// Two companies in one house, each with its books and its bank: what is owed to one is not settled from the other's account.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { createSetup } from "../ledger/setup.operations.ts";
import { payInvoice } from "../receivables/invoice.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { matchBankLine } from "./bank-line.operations.ts";
import { camt, storedFile } from "./banking.testing.ts";
import { importBankStatement } from "./import.operations.ts";
import { matchManyBankLines } from "./match-many.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

test("a line of the other company's bank does not settle an invoice, and the refusal names both", async () => {
  const { house, accountant, chief } = books;
  const owner = await house.person("Olga Owner");
  const entity = { code: "NORD", name: "Werk Nord GmbH", country: "DE", currency: "EUR" };
  const { id: legalEntityId } = (await house.call("directory.legalEntity.create", entity, owner)) as { id: Id };
  const own = { name: "Werk Nord", currency: "EUR", fiscalYearStart: "2026-01-01", legalEntityId };
  const { id: bookId } = await house.run(createSetup, own, owner);
  const { rows: banks } = (await house.call("finance.bankAccount.list", { filter: { bookId } }, chief)) as { rows: { id: Id }[] };
  const bankAccountId = banks[0]!.id;
  const issued = (await house.call(
    "finance.invoice.issue",
    { customerId: books.customerId, day: "2026-11-02", lines: [{ description: "Work", unitPrice: eur("100.00") }] },
    accountant,
  )) as { id: Id; number: string };
  const { rows: items } = (await house.call("finance.openItem.list", { filter: { documentId: issued.id } }, chief)) as {
    rows: { id: Id; reference: string }[];
  };
  const entries = [{ amount: "59.50" }, { amount: "59.50", text: "the other half" }];
  const file = camt({ iban: "DE02120300000000202051", id: "N1", opening: "0.00", closing: "119.00", entries });
  await house.run(importBankStatement, { fileId: await storedFile(books, file), bankAccountId }, accountant);
  const { rows: lines } = (await house.call("finance.bankLine.list", { filter: { bankAccountId } }, chief)) as { rows: { id: Id }[] };
  const allocations = (amount: string) => [{ openItemId: items[0]!.id, amount: eur(amount) }];
  const refused = {
    code: "bankOfOtherBooks",
    message: expect.stringContaining(`belongs to the books of Werk Nord, and ${items[0]!.reference} stands in those of Main books`),
  };
  await expect(house.run(matchBankLine, { bankLineId: lines[0]!.id, allocations: allocations("59.50") }, accountant)).rejects.toMatchObject(
    refused,
  );
  const both = { bankLineIds: lines.map((line) => line.id), allocations: allocations("119.00") };
  await expect(house.run(matchManyBankLines, both, accountant)).rejects.toMatchObject(refused);
  const paid = { invoiceId: issued.id, bankAccountId };
  await expect(house.run(payInvoice, paid, accountant)).rejects.toMatchObject(refused);
  expect(await books.breaks()).toEqual([]);
});
