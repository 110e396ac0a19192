// Which booked lines the bank has not told, around the first statement: what its opening balance holds is told, what was under way is not.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { createAccount } from "../ledger/account.operations.ts";
import { createBankAccount } from "../ledger/bank-account.operations.ts";
import { postJournalEntry, reverseJournalEntry } from "../ledger/entry.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { matchBankLine } from "./bank-line.operations.ts";
import { camt, storedFile, type ToldEntry } from "./banking.testing.ts";
import { importBankStatement } from "./import.operations.ts";
import { getBankReconciliation } from "./reconciliation.operations.ts";
import { reportBankReconciliation } from "./reconciliation-report.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);

interface Bank {
  readonly id: Id;
  readonly accountId: string;
  readonly iban: string;
}

const ibans = ["DE89370400440532013000", "DE02120300000000202051", "DE75512108001245126199", "DE27100777770209299700"];
let made = 0;
async function bank(): Promise<Bank> {
  const iban = ibans[made]!;
  const code = `18${++made}`;
  const { id: accountId } = await run(createAccount, { parentId: books.account("1100"), code, name: `Bank ${made}` }, books.chief);
  const { id } = await run(createBankAccount, { code: `B${made}`, name: `Bank ${made}`, number: iban, accountId }, books.chief);
  return { id, accountId, iban };
}

/** Below zero it leaves the account. */
const booked = (of: Bank, day: string, amount: string) => {
  const plain = eur(amount.replace("-", ""));
  const [own, other] = [{ accountId: of.accountId }, { accountId: books.account("6540") }];
  const lines = amount.startsWith("-")
    ? [
        { ...other, debit: plain },
        { ...own, credit: plain },
      ]
    : [
        { ...own, debit: plain },
        { ...other, credit: plain },
      ];
  return run(postJournalEntry, { day, text: `Booked ${amount}`, lines }, books.accountant);
};

async function told(of: Bank, id: string, day: string, [opening, closing]: readonly [string, string], entries: readonly ToldEntry[]) {
  const file = camt({ iban: of.iban, id, opening, closing, openingDay: day, closingDay: day, entries });
  await run(importBankStatement, { fileId: await storedFile(books, file), bankAccountId: of.id }, books.accountant);
}

const wire = (value: unknown) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
const report = async (of: Bank, asOf: string) =>
  wire(await run(reportBankReconciliation, { bankAccountId: of.id, asOf }, books.accountant));
const got = async (of: Bank, asOf: string) => wire(await run(getBankReconciliation, { bankAccountId: of.id, asOf }, books.accountant));
const outstanding = (told_: Record<string, unknown>) =>
  (told_["rows"] as { side: string; amount: { amount: string } }[]).map((row) => [row.side, row.amount.amount]);

test("a payment booked on the first statement's opening day is outstanding until the bank tells it", async () => {
  const own = await bank();
  await booked(own, "2026-01-01", "1000.00");
  await booked(own, "2026-11-02", "-200.00");
  await told(own, "A1", "2026-11-02", ["1000.00", "990.00"], [{ amount: "-10.00", day: "2026-11-02", text: "Fee" }]);
  // 1,000 − 200 in the books, less 10 only at the bank, plus 200 only in the books: 990 at the bank.
  const shown = await report(own, "2026-11-02");
  expect(shown).toMatchObject({ bookBalance: eur("800.00"), booksOnly: eur("-200.00"), difference: eur("0.00"), agrees: true });
  expect(outstanding(shown)).toEqual([
    ["bank", "-10.00"],
    ["books", "-200.00"],
  ]);
  expect(await got(own, "2026-11-02")).toMatchObject({
    booksOnly: { count: 1, sum: eur("-200.00") },
    unmatched: { count: 1, sum: eur("-10.00") },
    difference: eur("190.00"),
    unexplained: eur("0.00"),
  });
  await told(own, "A2", "2026-11-03", ["990.00", "790.00"], [{ amount: "-200.00", day: "2026-11-03" }]);
  const line = (await books.house.call("finance.bankLine.list", { filter: { bankAccountId: own.id } }, books.accountant)) as {
    rows: { id: string; amount: { amount: string } }[];
  };
  const bankLineId = line.rows.find((row) => row.amount.amount === "-200.00")!.id;
  const { rows } = (await books.house.call("finance.journalLine.list", { filter: { accountId: own.accountId } }, books.accountant)) as {
    rows: { id: string; credit: { amount: string } }[];
  };
  const journalLineId = rows.find((row) => row.credit?.amount === "200.00")!.id;
  await run(matchBankLine, { bankLineId, journalLineId }, books.accountant);
  expect(outstanding(await report(own, "2026-11-03"))).toEqual([["bank", "-10.00"]]);
  // On the day before it is what it was.
  expect(outstanding(await report(own, "2026-11-02"))).toEqual(outstanding(shown));
  expect(await report(own, "2026-11-03")).toMatchObject({ agrees: true });
});

test("a payment outstanding at changeover, and one recorded late, stand out from what the opening balance holds", async () => {
  const own = await bank();
  await booked(own, "2026-01-01", "1000.00");
  await booked(own, "2026-10-29", "-50.00");
  await booked(own, "2026-10-30", "300.00");
  await told(
    own,
    "B1",
    "2026-11-02",
    ["1300.00", "1300.00"],
    [
      { amount: "1.00", day: "2026-11-02" },
      { amount: "-1.00", day: "2026-11-02" },
    ],
  );
  // 1,250 in the books; the bank began with 1,300: the 50 of October are on their way.
  const first = await report(own, "2026-11-02");
  expect(first).toMatchObject({ bookBalance: eur("1250.00"), booksOnly: eur("-50.00"), agrees: true });
  await booked(own, "2026-10-28", "-7.00");
  expect(await report(own, "2026-11-02")).toMatchObject({ booksOnly: eur("-57.00"), agrees: true });
  // Neither the payment nor its mirror was told: after both, they are nothing.
  const { id } = await booked(own, "2026-11-05", "-30.00");
  await run(reverseJournalEntry, { journalEntryId: id, on: "2026-11-06", reason: "Never sent" }, books.accountant);
  expect(await report(own, "2026-11-06")).toMatchObject({ booksOnly: eur("-57.00"), agrees: true });
  expect(await report(own, "2026-11-05")).toMatchObject({ booksOnly: eur("-87.00"), agrees: true });
});

test("what the opening balance holds and the books take back is outstanding: the bank has yet to tell the return", async () => {
  const own = await bank();
  await booked(own, "2026-01-01", "1000.00");
  const { id } = await booked(own, "2026-10-10", "-100.00");
  await told(
    own,
    "C1",
    "2026-11-02",
    ["900.00", "900.00"],
    [
      { amount: "1.00", day: "2026-11-02" },
      { amount: "-1.00", day: "2026-11-02" },
    ],
  );
  await run(reverseJournalEntry, { journalEntryId: id, on: "2026-11-05", reason: "It bounced" }, books.accountant);
  const shown = await report(own, "2026-11-05");
  expect(shown).toMatchObject({ bookBalance: eur("1000.00"), booksOnly: eur("100.00"), bankBalance: eur("900.00"), agrees: true });
});

test("an opening balance that the books do not come to is a difference, and nothing explains it away", async () => {
  const own = await bank();
  await booked(own, "2026-01-01", "1000.00");
  await told(own, "D1", "2026-11-02", ["1500.00", "1423.00"], [{ amount: "-77.00", day: "2026-11-02" }]);
  expect(await report(own, "2026-11-02")).toMatchObject({ booksOnly: eur("0.00"), difference: eur("500.00"), agrees: false });
  expect(await got(own, "2026-11-02")).toMatchObject({ booksOnly: { count: 0 }, unexplained: eur("500.00") });
  expect(await books.breaks()).toEqual([]);
});
