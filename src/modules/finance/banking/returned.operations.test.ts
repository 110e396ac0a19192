// A transfer of ours comes back: the bank's credit is offered as that before anything else, and taking it leaves the bill open and nothing
// under way.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { approvePaymentRun, submitPaymentRun } from "../payment-run/approve.operations.ts";
import { clearPaymentOrders } from "../payment-run/clear.operations.ts";
import { filePaymentRun, sendPaymentRun } from "../payment-run/file.operations.ts";
import { createPaymentRun } from "../payment-run/run.operations.ts";
import { openPayingBooks, ownIban, type PayingBooks } from "../payment-run/run.testing.ts";
import { returnPaymentOrder } from "../payment-run/settle.operations.ts";
import { eur } from "../testing/books.ts";
import { listCandidates, matchBankLine } from "./bank-line.operations.ts";
import { camt, storedFile, type ToldEntry } from "./banking.testing.ts";
import { importBankStatement } from "./import.operations.ts";
import { matchAllBankLines } from "./match-all.operations.ts";
import { unmatchBankLine } from "./unmatch.operations.ts";

let books: PayingBooks;
beforeAll(async () => {
  books = await openPayingBooks();
  const supplierId = await books.supplier("Roth Druck");
  await books.payTo(supplierId);
  // 119.00 and 238.00; a third supplier is owed nothing, and one owes us 119.00 of its own.
  const lines = (net: string) => [{ description: "Paper", net: eur(net), accountId: books.account("6540") }];
  bills = [
    await books.bill(supplierId, { lines: lines("100.00") }),
    await books.bill(supplierId, { lines: lines("200.00"), dueDay: later }),
  ];
  const { id } = await run(createPaymentRun, { bankAccountId: books.bankAccountId, billIds: bills, whenDue: true }, books.accountant);
  await run(submitPaymentRun, { paymentRunId: id }, books.accountant);
  await run(approvePaymentRun, { paymentRunId: id }, books.second);
  await run(filePaymentRun, { paymentRunId: id }, books.accountant);
  await run(sendPaymentRun, { paymentRunId: id }, books.accountant);
  orders = (await rowsOf("finance.paymentOrder.list", { paymentRunId: id })) as unknown as Order[];
  await books.house.call(
    "finance.invoice.issue",
    { customerId: books.customerId, day: "2026-11-02", lines: [{ description: "Work", unitPrice: eur("100.00") }] },
    books.accountant,
  );
});
afterAll(() => books.house.close());

interface Order {
  readonly id: Id;
  readonly code: string;
  readonly amount: { readonly amount: string };
}

const later = "2026-12-04";
let bills: Id[];
let orders: Order[];
const run: PayingBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const rowsOf = async (name: string, filter: object) =>
  ((await books.house.call(name, { filter, limit: 200, sort: "id" }, books.chief)) as { rows: Record<string, unknown>[] }).rows;
const balance = async (code: string) => ((await rowsOf("finance.account.list", { code }))[0]!["balance"] as { amount: string }).amount;
const orderOf = (amount: string) => orders.find((order) => order.amount.amount === amount)!;
const openOf = async (documentId: Id) =>
  ((await rowsOf("finance.openItem.list", { documentId }))[0]!["open"] as { amount: string }).amount.replace("-", "");

async function told(id: string, [opening, closing]: readonly [string, string], day: string, entries: readonly ToldEntry[]) {
  const file = camt({ iban: ownIban, id, opening, closing, openingDay: day, closingDay: day, entries });
  await run(importBankStatement, { fileId: await storedFile(books, file), bankAccountId: books.bankAccountId }, books.accountant);
}
const lineOf = async (text: string) => (await rowsOf("finance.bankLine.list", { text }))[0]!["id"] as Id;
const candidates = async (bankLineId: Id) => (await run(listCandidates, { bankLineId }, books.accountant)).candidates;
const match = (bankLineId: Id, more: object) => run(matchBankLine, { bankLineId, ...more }, books.accountant);

test("before the bank has told the payment itself, its return is not offered", async () => {
  const order = orderOf("119.00");
  const text = `RETOURE AC04 EREF ${order.code}`;
  await told("S1", ["1000.00", "762.00"], "2026-11-19", [
    { amount: "-119.00", day: "2026-11-19", text: `EREF ${order.code}`, name: "Roth Druck" },
    { amount: "-238.00", day: "2026-11-19", text: `EREF ${orderOf("238.00").code}`, name: "Roth Druck" },
    { amount: "119.00", day: "2026-11-19", text, name: "Roth Druck" },
  ]);
  const line = await lineOf(text);
  expect((await candidates(line)).some((one) => one.kind === "returned")).toBe(false);
  await expect(match(line, { paymentOrderId: order.id })).rejects.toMatchObject({ code: "orderUnfit" });
  expect(await run(clearPaymentOrders, { bankAccountId: books.bankAccountId }, books.accountant)).toMatchObject({ payments: 2 });
  expect([await balance("1180"), await openOf(bills[0]!)]).toEqual(["0.00", "0.00"]);
});

test("then it comes first with its reason, and taking it returns the order, opens the bill and clears what is under way", async () => {
  const order = orderOf("119.00");
  const line = await lineOf(`RETOURE AC04 EREF ${order.code}`);
  const [first, ...others] = await candidates(line);
  expect(first).toMatchObject({ kind: "returned", paymentOrderId: order.id, score: 100, strong: false, party: "Roth Druck" });
  expect(first!.reasons[0]).toContain(`The line names our payment ${order.code} to Roth Druck`);
  // An invoice of the same amount is there, and comes after it.
  expect(others.some((one) => one.kind === "items")).toBe(true);
  const all = await run(matchAllBankLines, { bankAccountId: books.bankAccountId }, books.accountant);
  expect(all).toMatchObject({ matched: 0, left: 1, lines: [{ why: expect.stringContaining(order.code) }] });
  const bankBefore = Number(await balance("1120"));
  await expect(match(line, { paymentOrderId: order.id, accountCode: "6560" })).rejects.toMatchObject({ code: "tooMuchChosen" });
  await expect(match(line, { paymentOrderId: orderOf("238.00").id })).rejects.toMatchObject({ code: "orderUnfit" });
  expect((await match(line, { paymentOrderId: order.id })).rest.minor).toBe(0n);
  expect(await rowsOf("finance.paymentOrder.list", { id: order.id })).toMatchObject([
    { state: "failed", failure: expect.stringContaining("AC04") },
  ]);
  expect([await balance("1180"), await openOf(bills[0]!)]).toEqual(["0.00", "119.00"]);
  expect(Number(await balance("1120")) - bankBefore).toBeCloseTo(119, 2);
  expect(await books.breaks()).toEqual([]);
  // Unmatched, it is offered again; the order stays returned, and only the clearing account waits.
  await run(unmatchBankLine, { bankLineId: line }, books.accountant);
  expect((await candidates(line))[0]).toMatchObject({ kind: "returned", paymentOrderId: order.id });
  await match(line, { paymentOrderId: order.id });
  expect([await balance("1180"), await openOf(bills[0]!)]).toEqual(["0.00", "119.00"]);
});

test("one that was taken back by hand before: its line only clears what is under way, and only once", async () => {
  const order = orderOf("238.00");
  await run(returnPaymentOrder, { paymentOrderId: order.id, reason: "AC04" }, books.accountant);
  expect([await balance("1180"), await openOf(bills[1]!)]).toEqual(["238.00", "238.00"]);
  const text = `Return of ${order.code}`;
  await told("S2", ["762.00", "1238.00"], "2026-11-20", [
    { amount: "238.00", day: "2026-11-20", text },
    { amount: "238.00", day: "2026-11-20", text: `${text} again` },
  ]);
  const line = await lineOf(text);
  const [first] = await candidates(line);
  expect(first).toMatchObject({ kind: "returned", reasons: [expect.anything(), expect.stringContaining("taken back already")] });
  await match(line, { paymentOrderId: order.id });
  expect([await balance("1180"), await openOf(bills[1]!)]).toEqual(["0.00", "238.00"]);
  expect((await candidates(await lineOf(`${text} again`))).some((one) => one.kind === "returned")).toBe(false);
  expect(await books.breaks()).toEqual([]);
});
