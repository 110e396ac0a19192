// Statements that overlap, come in another order, or tell the same day in another format: no payment stands twice, and the bank's balance
// is the one it closed the day with.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { createAccount } from "../ledger/account.operations.ts";
import { createBankAccount } from "../ledger/bank-account.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { camt, storedFile, type ToldEntry, type ToldStatement } from "./banking.testing.ts";
import { importBankStatement } from "./import.operations.ts";
import { getBankReconciliation } from "./reconciliation.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

/** ISO 13616: the check digits make the whole, with D and E as 13 and 14 behind it, one more than a multiple of 97. */
function ibanOf(place: number): string {
  const bban = `50010517${String(place).padStart(10, "0")}`;
  return `DE${String(98n - (BigInt(`${bban}131400`) % 97n)).padStart(2, "0")}${bban}`;
}

let made = 0;
interface Bank {
  readonly id: Id;
  readonly iban: string;
}

/** A new bank account on a ledger account of its own. */
async function bank(): Promise<Bank> {
  const iban = ibanOf(made + 1);
  const code = `18${++made}`;
  const input = { parentId: books.account("1100"), code, name: `Bank ${made}` };
  const { id: accountId } = await books.house.run(createAccount, input, books.chief);
  const { id } = await books.house.run(createBankAccount, { code: `B${made}`, name: `Bank ${made}`, number: iban, accountId }, books.chief);
  return { id, iban };
}

async function importText(of: Bank, ...content: readonly string[]) {
  const fileId = await storedFile(books, content.join("\n"));
  return books.house.run(importBankStatement, { fileId, bankAccountId: of.id }, books.accountant);
}

/** One statement of a day, or from a day until another. */
function told(of: Bank, id: string, [from, until = from]: readonly string[], [opening, closing]: readonly string[], entries: ToldEntry[]) {
  const days = entries.map((entry) => ({ day: until, ...entry }));
  const parts: ToldStatement = {
    iban: of.iban,
    id,
    opening: opening!,
    closing: closing!,
    openingDay: from,
    closingDay: until,
    entries: days,
  };
  return (more: Partial<ToldStatement> = {}) => camt({ ...parts, ...more });
}

/** Many statements in one file. */
function inOneFile(first: string, ...others: readonly string[]): string {
  const parts = others.map((other) => /<Stmt>[^]*<\/Stmt>/.exec(other)![0]);
  return first.replace("</Stmt>", `</Stmt>${parts.join("")}`);
}

const rowsOf = async (name: string, filter: object, sort: string) =>
  ((await books.house.call(name, { filter, sort, limit: 500 }, books.chief)) as { rows: Record<string, unknown>[] }).rows;
const amounts = async (of: Bank) =>
  (await rowsOf("finance.bankLine.list", { bankAccountId: of.id }, "day")).map((row) => (row["amount"] as { amount: string }).amount);
const bankBalance = async (of: Bank) => (await rowsOf("finance.bankAccount.list", { number: of.iban }, "code"))[0]!["bankBalance"];
const gaps = async (of: Bank) =>
  (await rowsOf("finance.bankStatement.list", { bankAccountId: of.id }, "statement")).map((row) => [row["statement"], row["gap"]]);
const reconciliation = (of: Bank, asOf: string) => books.house.run(getBankReconciliation, { bankAccountId: of.id, asOf }, books.accountant);

describe("a statement that overlaps adds nothing twice", () => {
  const second = [
    { amount: "700.00", reference: "R3" },
    { amount: "-700.00", reference: "R4" },
  ];
  const first = [
    { amount: "500.00", reference: "R1", day: "2026-11-02" },
    { amount: "-500.00", reference: "R2", day: "2026-11-02" },
  ];

  test("also where what overlaps comes to zero, as in an account that is swept every day", async () => {
    const own = await bank();
    const week = told(own, "W45", ["2026-11-02", "2026-11-03"], ["0.00", "0.00"], [...first, ...second]);
    expect(await importText(own, week())).toMatchObject({ added: 4, known: 0 });
    const daily = told(own, "D307", ["2026-11-03"], ["0.00", "0.00"], second);
    expect(await importText(own, daily())).toMatchObject({ added: 0, known: 2 });
    expect(await amounts(own)).toHaveLength(4);
    // A later page of the day has references of its own.
    const page = told(
      own,
      "D307b",
      ["2026-11-03"],
      ["0.00", "0.00"],
      [
        { amount: "700.00", reference: "R5" },
        { amount: "-700.00", reference: "R6" },
      ],
    );
    expect(await importText(own, page())).toMatchObject({ added: 2, known: 0 });
    expect(await books.breaks()).toEqual([]);
  });

  test("nor where days that a longer statement told come one by one", async () => {
    const own = await bank();
    const [coffee, tea] = [
      { amount: "-4.00", reference: "C1" },
      { amount: "-3.00", reference: "T1" },
    ];
    const week = told(own, "W1", ["2026-11-02", "2026-11-03"], ["50.00", "43.00"], [coffee, tea]);
    expect(await importText(own, week())).toMatchObject({ added: 2 });
    expect(await importText(own, told(own, "P1", ["2026-11-03"], ["50.00", "46.00"], [coffee])())).toMatchObject({ added: 0, known: 1 });
    expect(await importText(own, told(own, "P2", ["2026-11-03"], ["46.00", "43.00"], [tea])())).toMatchObject({ added: 0, known: 1 });
    expect(await amounts(own)).toEqual(["-4.00", "-3.00"]);
  });

  test("while pages that the bank numbers keep equal payments without a reference, swept to zero or not", async () => {
    const own = await bank();
    const swept = [
      { amount: "5.00", text: "Till" },
      { amount: "-5.00", text: "Sweep" },
    ];
    const page = (sequence: string) => told(own, `Z${sequence}`, ["2026-11-10"], ["0.00", "0.00"], swept)({ sequence });
    expect(await importText(own, page("7"))).toMatchObject({ added: 2 });
    expect(await importText(own, page("8"))).toMatchObject({ added: 2, known: 0 });
    expect(await importText(own, page("8"))).toMatchObject({ added: 0, known: 2 });
    const more = (id: string, opening: string, closing: string) =>
      told(own, id, ["2026-11-10"], [opening, closing], [{ amount: "1.00", text: "Coffee" }])();
    expect(await importText(own, more("Q1", "0.00", "1.00"))).toMatchObject({ added: 1 });
    expect(await importText(own, more("Q2", "1.00", "2.00"))).toMatchObject({ added: 1, known: 0 });
    expect(await amounts(own)).toHaveLength(6);
  });
});

describe("nothing is missing before a statement", () => {
  const rent = { amount: "-97.00", reference: "A1", day: "2026-11-05" };
  const sale = { amount: "200.00", reference: "A2", day: "2026-11-06" };
  const fee = { amount: "-3.00", reference: "A3", day: "2026-11-07" };
  const tell = (own: Bank, id: string, days: readonly string[], balances: readonly [string, string], entries: ToldEntry[]) =>
    told(own, id, days, balances, entries)();
  const gapsOfImport = async (own: Bank, file: string) => (await importText(own, file)).statements.map((one) => one.gap);
  /** Opens with 100.00; the rent leaves 3.00, the sale 203.00, the fee 200.00. */
  const days = (own: Bank) => ({
    early: tell(own, "E", ["2026-11-05", "2026-11-06"], ["100.00", "203.00"], [rent, sale]),
    longer: tell(own, "L", ["2026-11-05", "2026-11-07"], ["100.00", "200.00"], [rent, sale, fee]),
    late: tell(own, "T", ["2026-11-06", "2026-11-07"], ["3.00", "200.00"], [sale, fee]),
    before: tell(own, "B", ["2026-11-04"], ["110.00", "100.00"], [{ amount: "-10.00", reference: "A0", day: "2026-11-04" }]),
  });

  test.each([
    ["that goes on from the same opening as one before", ["early", "longer"]],
    ["that begins inside one before", ["early", "late"]],
    ["that tells the same once more under another name", ["early", "before", "longer"]],
    ["inside one that is read later", ["late", "longer"]],
  ] as const)("%s", async (_, files) => {
    const own = await bank();
    for (const file of files) await importText(own, days(own)[file]);
    expect((await gaps(own)).map(([, gap]) => gap)).toEqual(files.map(() => null));
    expect((await reconciliation(own, "2026-11-30")).gaps).toEqual([]);
    expect(await books.breaks()).toEqual([]);
  });

  test("but where it is, it is told, and no more once it was read", async () => {
    const own = await bank();
    expect(await gapsOfImport(own, days(own).before)).toEqual([null]);
    // The rent of the 5th, -97.00, is missing: the 6th opens with 3.00 where 100.00 were left.
    expect(await gapsOfImport(own, days(own).late)).toMatchObject([{ minor: -9700n }]);
    expect((await reconciliation(own, "2026-11-30")).gaps).toMatchObject([{ gap: { minor: -9700n } }]);
    expect(await gapsOfImport(own, days(own).longer)).toEqual([null]);
    expect((await gaps(own)).map(([, gap]) => gap)).toEqual([null, null, null]);
  });
});

describe("two statements of one day", () => {
  const day = "2026-11-05";
  /** On the day before it closes with 100.00; then 100 + 50 = 150, and 150 − 30 = 120. */
  const of = (own: Bank) => ({
    before: told(own, "P0", ["2026-11-04"], ["90.00", "100.00"], [{ amount: "10.00" }]),
    first: told(own, "P1", [day], ["100.00", "150.00"], [{ amount: "50.00", text: "Coffee" }]),
    second: told(own, "P2", [day], ["150.00", "120.00"], [{ amount: "-30.00" }]),
  });
  const agreed = async (own: Bank) => {
    expect(await bankBalance(own)).toEqual(eur("120.00"));
    // Nothing is booked, and the bank began with 90.00, which the books do not have.
    expect(await reconciliation(own, day)).toMatchObject({ statementBalance: eur("120.00"), unexplained: eur("90.00"), gaps: [] });
    expect(await gaps(own)).toEqual([
      [expect.stringContaining("P0"), null],
      [expect.stringContaining("P1"), null],
      [expect.stringContaining("P2"), null],
    ]);
  };

  test("are one after the other though the later one was read first", async () => {
    const own = await bank();
    const { before, first, second } = of(own);
    await importText(own, before());
    expect((await importText(own, second())).statements[0]!.gap).toMatchObject({ minor: 5000n });
    expect((await importText(own, first())).statements[0]!.gap).toBeNull();
    await agreed(own);
    // What comes next goes on from the last: an equal payment is another one.
    const next = told(own, "P3", [day], ["120.00", "170.00"], [{ amount: "50.00", text: "Coffee" }]);
    expect(await importText(own, next())).toMatchObject({ added: 1, known: 0, statements: [{ gap: null }] });
    expect(await bankBalance(own)).toEqual(eur("170.00"));
  });

  test("stand newest first in one file, as many banks write", async () => {
    const own = await bank();
    const { before, first, second } = of(own);
    const done = await importText(own, inOneFile(second({ sequence: "2" }), first({ sequence: "1" }), before()));
    expect(done.statements.map((one) => [one.statementId, one.gap])).toEqual([
      ["P2", null],
      ["P1", null],
      ["P0", null],
    ]);
    await agreed(own);
  });

  test("begin the account with the opening of the first", async () => {
    const own = await bank();
    const { first, second } = of(own);
    await importText(own, second());
    await importText(own, first());
    expect(await reconciliation(own, day)).toMatchObject({ statementBalance: eur("120.00"), unexplained: eur("100.00"), gaps: [] });
  });
});

describe("a day that a proven statement told, in another format", () => {
  const ofx = (of: Bank, until: string, balance: string, entries: readonly (readonly [string, string])[]) => {
    const list = entries.map(
      ([day, amount], place) =>
        `<STMTTRN><TRNTYPE>OTHER<DTPOSTED>${day.replaceAll("-", "")}<TRNAMT>${amount}<FITID>F${place}<NAME>Someone</STMTTRN>`,
    );
    const account = `<CURDEF>EUR<BANKACCTFROM><BANKID>1<ACCTID>${of.iban}<ACCTTYPE>CHECKING</BANKACCTFROM>`;
    const ledger = `<LEDGERBAL><BALAMT>${balance}<DTASOF>${until.replaceAll("-", "")}</LEDGERBAL>`;
    const statement = `<STMTRS>${account}<BANKTRANLIST>${list.join("")}</BANKTRANLIST>${ledger}</STMTRS>`;
    const head = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n\n";
    return `${head}<OFX><BANKMSGSRSV1><STMTTRNRS><TRNUID>1${statement}</STMTTRNRS></BANKMSGSRSV1></OFX>`;
  };
  const day = "2026-11-09";
  const proven = (of: Bank) => told(of, "C309", [day], ["1000.00", "900.00"], [{ amount: "-60.00" }, { amount: "-40.00" }])();
  const both = [
    [day, "-60.00"],
    [day, "-40.00"],
  ] as const;

  test("is refused, as both close alike", async () => {
    const own = await bank();
    await importText(own, proven(own));
    await expect(importText(own, ofx(own, day, "900.00", both))).rejects.toMatchObject({
      code: "statementContradicts",
      facts: { other: "C309", day },
    });
    expect(await reconciliation(own, day)).toMatchObject({ unmatched: { count: 2, sum: eur("-100.00") } });
  });

  test("is refused inside a longer one that came to the same balance on that day", async () => {
    const own = await bank();
    await importText(own, proven(own));
    // 890 less the -10 of the day after is 900, with which the day closed.
    const longer = ofx(own, "2026-11-10", "890.00", [["2026-11-06", "-5.00"], ...both, ["2026-11-10", "-10.00"]]);
    await expect(importText(own, longer)).rejects.toMatchObject({ code: "statementContradicts", facts: { other: "C309", day } });
  });

  test("is not refused for the days after it: the account goes on in the other format", async () => {
    const own = await bank();
    await importText(own, proven(own));
    expect(await importText(own, ofx(own, "2026-11-10", "890.00", [["2026-11-10", "-10.00"]]))).toMatchObject({ added: 1 });
  });
});
