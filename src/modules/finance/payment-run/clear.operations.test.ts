// The bank tells of a run: its payments are settled and leave the clearing account; payees are told once; unmatching restores all.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { camt, storedFile } from "../banking/banking.testing.ts";
import { importBankStatement } from "../banking/import.operations.ts";
import { matchAllBankLines } from "../banking/match-all.operations.ts";
import { unmatchBankLine } from "../banking/unmatch.operations.ts";
import { eur } from "../testing/books.ts";
import { advisePaymentRun } from "./advice.operations.ts";
import { approvePaymentRun, submitPaymentRun } from "./approve.operations.ts";
import { clearPaymentOrders } from "./clear.operations.ts";
import { filePaymentRun, sendPaymentRun } from "./file.operations.ts";
import { createPaymentRun } from "./run.operations.ts";
import { openPayingBooks, ownIban, type PayingBooks } from "./run.testing.ts";

let books: PayingBooks;
beforeAll(async () => {
  books = await openPayingBooks();
});
afterAll(() => books.house.close());

const run: PayingBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const rowsOf = async (name: string, filter: object) =>
  ((await books.house.call(name, { filter, limit: 200, sort: "id" }, books.chief)) as { rows: Record<string, unknown>[] }).rows;
const balance = async (code: string) => ((await rowsOf("finance.account.list", { code }))[0]!["balance"] as { amount: string }).amount;
const lines = (net: string) => [{ description: "Paper", net: eur(net), accountId: books.account("6540") }];

async function sent(billIds: readonly Id[]): Promise<{ id: Id; code: string }> {
  const { id, code } = await run(createPaymentRun, { bankAccountId: books.bankAccountId, billIds }, books.accountant);
  await run(submitPaymentRun, { paymentRunId: id }, books.accountant);
  await run(approvePaymentRun, { paymentRunId: id }, books.second);
  await expect(run(advisePaymentRun, { paymentRunId: id }, books.accountant)).rejects.toMatchObject({ code: "notAtBank" });
  await run(filePaymentRun, { paymentRunId: id }, books.accountant);
  await run(sendPaymentRun, { paymentRunId: id }, books.accountant);
  return { id, code };
}

test("a statement settles what it tells of, and the clearing account is empty again", async () => {
  const [one, two, other] = [await books.supplier("One Ltd"), await books.supplier("Two Ltd"), await books.supplier("Other Ltd")];
  await books.payTo(one);
  await books.payTo(two, { iban: "NL91ABNA0417164300" });
  await books.payTo(other, { iban: "GB29NWBK60161331926819" });
  const whole = await sent([await books.bill(one, { lines: lines("100.00") }), await books.bill(two, { lines: lines("200.00") })]);
  const single = await sent([await books.bill(other, { lines: lines("50.00") })]);
  const [order] = await rowsOf("finance.paymentOrder.list", { paymentRunId: single.id });
  const statement = {
    id: "S1",
    iban: ownIban,
    opening: "1000.00",
    closing: "583.50",
    openingDay: "2026-11-20",
    closingDay: "2026-11-21",
    entries: [
      // 119.00 and 238.00 in one sum, and 59.50 with its reference.
      { amount: "-357.00", day: "2026-11-21", text: `Collective order ${whole.code}-1` },
      { amount: "-59.50", day: "2026-11-21", text: `EREF ${String(order!["code"])}`, name: "Other Ltd" },
    ],
  };
  const fileId = await storedFile(books, camt(statement));
  await run(importBankStatement, { fileId, bankAccountId: books.bankAccountId }, books.accountant);
  // What runs pay is no candidate for anything else, so the house leaves the lines alone.
  expect(await run(matchAllBankLines, { bankAccountId: books.bankAccountId }, books.accountant)).toMatchObject({ matched: 0 });
  const bankBefore = Number(await balance("1120"));
  const cleared = await run(clearPaymentOrders, { bankAccountId: books.bankAccountId }, books.accountant);
  expect([cleared.lines, cleared.payments]).toEqual([2, 3]);
  expect(await balance("1180")).toBe("0.00");
  expect(Number(await balance("1120")) - bankBefore).toBeCloseTo(-416.5, 2);
  for (const { id } of [whole, single]) expect(await rowsOf("finance.paymentRun.list", { id })).toMatchObject([{ state: "settled" }]);
  expect(await run(clearPaymentOrders, { bankAccountId: books.bankAccountId }, books.accountant)).toMatchObject({ lines: 0 });
  expect(await books.breaks()).toEqual([]);
  const [line] = await rowsOf("finance.bankLine.list", { state: "posted" });
  await run(unmatchBankLine, { bankLineId: line!["id"] }, books.accountant);
  expect(await balance("1180")).not.toBe("0.00");
  expect(await run(clearPaymentOrders, { bankAccountId: books.bankAccountId }, books.accountant)).toMatchObject({ lines: 1 });
  expect(await balance("1180")).toBe("0.00");
  expect(await books.breaks()).toEqual([]);
});

test("each payee is told once, those without an address are named", async () => {
  const [known, unknown] = [await books.supplier("Known Ltd"), await books.supplier("Unknown Ltd")];
  await books.house.call("directory.organisation.update", { organisationId: known, email: "books@known.example" }, books.owner);
  await books.payTo(known);
  await books.payTo(unknown, { iban: "NL91ABNA0417164300" });
  const { id } = await sent([await books.bill(known), await books.bill(known), await books.bill(unknown)]);
  const first = await run(advisePaymentRun, { paymentRunId: id }, books.accountant);
  expect(first).toMatchObject({ mailed: 1, withoutAddress: ["Unknown Ltd"] });
  const second = await run(advisePaymentRun, { paymentRunId: id }, books.accountant);
  expect(second.mailed).toBe(0);
  const mails = await books.house.owner.query("select text, file_id from platform.mail where to_address = 'books@known.example'");
  expect(mails.rows).toHaveLength(1);
  expect(mails.rows[0].file_id).not.toBeNull();
  expect(mails.rows[0].text).toMatch(/RE-\d+: [\d.]+ EUR\nRE-\d+: /);
  await expect(run(advisePaymentRun, { paymentRunId: known }, books.accountant)).rejects.toMatchObject({ code: "notFound" });
});

test("what is refused", async () => {
  await expect(run(clearPaymentOrders, { bankAccountId: books.supplierId }, books.accountant)).rejects.toMatchObject({
    code: "bankAccountUnknown",
  });
});
