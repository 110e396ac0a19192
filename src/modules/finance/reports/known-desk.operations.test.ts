// What was shown beside the ledger reads the same later, asked as known then: the bank reconciliation, a revaluation, the EC sales list,
// the
// lines of a tax return and the close board.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { camt, storedFile, type ToldEntry } from "../banking/banking.testing.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";

let books: TestBooks;
let told: Record<string, string>;
let periodId: string;
const call = (name: string, input: object, actor = books.accountant) => books.house.call(name, input, actor);
const rowsOf = async (name: string, input: object = {}) => (await call(`${name}.list`, input))["rows"] as Record<string, string>[];

async function reports(asKnownAt?: string): Promise<Record<string, string>> {
  const asked: readonly [string, string, object][] = [
    ["bank reconciliation", "finance.bankReconciliation.report", { bankAccountId: books.bankAccountId, asOf: "2026-02-28" }],
    ["revaluation", "finance.revaluation.preview", { day: "2026-02-28" }],
    ["EC sales list", "finance.ecSalesList.get", { from: "2026-02-01", to: "2026-02-28" }],
    ["lines of the tax return", "finance.taxReturn.lines", { from: "2026-02-01", to: "2026-02-28" }],
  ];
  const found: Record<string, string> = {};
  for (const [title, name, input] of asked) found[title] = JSON.stringify(await call(name, { ...input, ...(asKnownAt && { asKnownAt }) }));
  return found;
}

const board = async (asKnownAt?: string) =>
  (await call("finance.closeBoard.get", { periodId, ...(asKnownAt && { asKnownAt }) })) as {
    done: number;
    lockedAreas: string[];
    tasks: { key: string; id: string; state: string; doneBy: string | null; factHolds: boolean | null; note: string | null }[];
  };

async function sold(onDay: string, unitPrice: object, more: object): Promise<void> {
  const lines = [{ description: "Tools", unitPrice, ...more }];
  const { id } = await call("finance.invoice.create", { customerId: books.customerId, day: onDay, lines });
  await call("finance.invoice.post", { invoiceId: id });
}

const statement = async (id: string, onDay: string, opening: string, closing: string, entries: readonly ToldEntry[]) => {
  const file = camt({ iban: "DE02120300000000202051", id, opening, closing, openingDay: onDay, closingDay: onDay, entries });
  await call("finance.bankStatement.import", { fileId: await storedFile(books, file), bankAccountId: books.bankAccountId });
};
const rate = (value: string) =>
  call("finance.exchangeRate.set", { day: "2026-02-28", base: "EUR", currency: "USD", kind: "closing", rate: value });
const dollars = (amount: string) => ({ amount, currency: "USD" });

beforeAll(async () => {
  books = await openBooks();
  books.house.today = day("2026-03-05");
  await call(
    "finance.taxCode.create",
    { code: "eu-goods", name: "To France", from: "2026-01-01", percent: "0", ecSupply: "goods" },
    books.chief,
  );
  await sold("2026-02-10", eur("250.00"), { taxCode: "eu-goods" });
  await rate("1.25");
  await call("finance.exchangeRate.set", { day: "2026-02-15", base: "EUR", currency: "USD", rate: "1.10" });
  await sold("2026-02-15", dollars("100.00"), { taxCode: "exempt" });
  await statement("S1", "2026-02-10", "0.00", "99.00", [
    { amount: "119.00", day: "2026-02-10" },
    { amount: "-20.00", day: "2026-02-10", text: "Fees" },
  ]);
  const fees = (await rowsOf("finance.bankLine", { filter: { text: "Fees" } }))[0]!;
  await call("finance.bankLine.match", { bankLineId: fees["id"], accountCode: "6560" });
  periodId = (await rowsOf("finance.period", { filter: { code: "2026-01" } }))[0]!["id"]!;
  await call("finance.period.beginClose", { periodId }, books.chief);
  const { tasks } = await board();
  await call("finance.closeTask.complete", { closeTaskId: tasks.find((one) => one.key === "invoices")!.id, note: "Looked through" });
  told = await reports();

  books.house.today = day("2026-03-20");
  await sold("2026-02-20", eur("70.00"), { taxCode: "eu-goods" });
  await rate("1.20");
  await call("finance.bankLine.unmatch", { bankLineId: fees["id"] });
  const other = (await rowsOf("finance.bankLine", {})).find((line) => line["id"] !== fees["id"])!;
  await call("finance.bankLine.match", { bankLineId: other["id"], accountCode: "6560" });
  await statement("S2", "2026-02-20", "99.00", "149.00", [{ amount: "50.00", day: "2026-02-20" }]);
  await call("finance.period.lock", { periodId, area: "sales" }, books.chief);
});
afterAll(() => books.house.close());

test("every report has changed, and as known then it is what it was, to the byte", async () => {
  const now = await reports();
  expect(Object.keys(told).filter((title) => now[title] === told[title])).toEqual([]);
  expect(await reports("2026-03-05")).toEqual(told);
  expect(await reports("2026-03-20T09:00:00Z")).toEqual(now);
});

test("the reconciliation of then: what was matched and told by then, and nothing else", async () => {
  // 99.00 at the bank; in the books only the fees of 20.00; 119.00 told and not booked.
  expect(JSON.parse(told["bank reconciliation"]!)).toMatchObject({
    bookBalance: { amount: "-20.00" },
    bankOnly: { amount: "119.00" },
    bankBalance: { amount: "99.00" },
    agrees: true,
  });
  // Today: 149.00 at the bank; 119.00 booked; the fees and the 50.00 told and not booked.
  expect(JSON.parse((await reports())["bank reconciliation"]!)).toMatchObject({
    bookBalance: { amount: "119.00" },
    bankOnly: { amount: "30.00" },
    bankBalance: { amount: "149.00" },
    agrees: true,
  });
});

test("the rate of then: it was corrected since", async () => {
  // 100 USD at 1.25 are 80.00 EUR, at 1.20 they are 83.33.
  expect(JSON.parse(told["revaluation"]!)).toMatchObject({ items: [{ value: { amount: "80.00" } }] });
  expect(JSON.parse((await reports())["revaluation"]!)).toMatchObject({ items: [{ value: { amount: "83.33" } }] });
});

test("the close board of then: the tick that was taken back since, and the lock that came later", async () => {
  const ticked = (await board()).tasks.find((one) => one.key === "invoices")!;
  await call("finance.closeTask.reopen", { closeTaskId: ticked.id, note: "One came late" }, books.chief);
  const then = await board("2026-03-05");
  expect(then).toMatchObject({ done: 1, lockedAreas: [] });
  expect(then.tasks.filter((one) => one.state === "done")).toMatchObject([
    { key: "invoices", doneBy: "Arno Accountant", note: "Looked through", factHolds: true },
  ]);
  // What the books would have said of the others then, nobody knows now.
  expect(then.tasks.filter((one) => one.state === "open").every((one) => one.factHolds === null)).toBe(true);
  expect(await board()).toMatchObject({ done: 0, lockedAreas: ["sales"] });
});
