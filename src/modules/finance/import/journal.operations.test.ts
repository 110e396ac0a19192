// Bringing in a plain-text journal on a real database, and asking hledger and Ledger themselves whether we read it as they do.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "../../../kernel/id.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { closePeriod } from "../ledger/period.operations.ts";
import { openBooks, type TestBooks } from "../testing/books.ts";
import { checkJournal, importJournal } from "./journal.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const upload = (text: string | Buffer, name = "year.journal", { house } = books): Promise<string> =>
  house.funnel.work(house.tenantId, (context) => context.writeFile(name, "text/plain", Buffer.from(text)));
const bringIn = async (text: string | Buffer, more: object = {}, into = books) =>
  into.house.run(importJournal, { fileId: await upload(text, "year.journal", into), ...more }, into.accountant);

const year = `; a small year
commodity EUR
  format 1,000.00 EUR

2026-01-02 * (OB) Opening
  assets:bank:checking   10,000.00 EUR
  assets:1110 Petty cash     200.00 EUR
  equity:opening

2026-02-10 Licence from abroad
  expenses:software:licences   100.00 USD @@ 91.50 EUR  ; one seat
  assets:bank:checking

2026-03-01 Sale
  assets:bank:checking   1,190.00 EUR
  income:sales          -1,000.00 EUR
  liabilities:vat

2026-03-31 Dollars bought
  assets:bank:dollars     500.00 USD
  assets:bank:checking   -455.25 EUR
`;

test("looked through first: what it would bring, and nothing is kept", async () => {
  const looked = await books.house.run(checkJournal, { fileId: await upload(year) }, books.accountant);
  expect(looked).toMatchObject({ entries: 4, from: "2026-01-02", to: "2026-03-31", mistakes: [], skipped: [] });
  expect(looked.newAccounts.map((name) => name.replace(/^\S+ /, ""))).toEqual([
    "bank:checking",
    "opening",
    "software:licences",
    "sales",
    "vat",
    "bank:dollars",
  ]);
  const { rows } = (await books.house.call("finance.import.list", {}, books.chief)) as { rows: object[] };
  expect(rows).toEqual([]);
});

test("posted whole: accounts of the chart are found, others added, foreign amounts kept, the file remembered", async () => {
  const brought = await bringIn(year);
  expect(brought).toMatchObject({ entries: 4, newAccounts: expect.arrayContaining(["1-1 bank:checking"]) });
  const trial = await books.house.run(getTrialBalance, { asOf: "2026-12-31" }, books.chief);
  const closing = Object.fromEntries(trial.rows.map((row) => [row.name, row.closing.amount]));
  // By hand: 10,000.00 − 91.50 + 1,190.00 − 455.25.
  expect(closing).toEqual({
    "bank:checking": "10643.25",
    "bank:dollars": "455.25",
    "Petty cash": "200.00",
    opening: "-10200.00",
    "software:licences": "91.50",
    sales: "-1000.00",
    vat: "-190.00",
  });
  const lines = (await books.house.call("finance.journalLine.list", { search: "one seat" }, books.chief)) as { rows: object[] };
  expect(lines.rows).toMatchObject([{ foreign: { amount: "100.00", currency: "USD" } }]);
  expect(await books.breaks()).toEqual([]);
  await expect(bringIn(year)).rejects.toMatchObject({ code: "importedBefore" });
});

test("packed with gzip it is the same journal, and an account that was added is found again", async () => {
  const packed = gzipSync("2026-04-01 Parking\n  expenses:parking  900 EUR\n  expenses:Rent  10 EUR\n  assets:bank:checking\n");
  expect(await bringIn(packed)).toMatchObject({ entries: 1, newAccounts: ["5-1 parking"] });
});

test("balances a journal asserts are held, one that is left out is found, and accounts are what it says they are", async () => {
  const text = `account Kasse  ; type: C
account Erlöse  ; type: R

2026-06-01 Sale
  Kasse  100.00 EUR
  Erlöse:Laden

2026-06-02 Counted
  Kasse  = 99.50 EUR
  expenses:shortage
`;
  const brought = await bringIn(text);
  expect(brought.newAccounts.map((name) => name.replace(/^(\d)-\d+/, "$1"))).toEqual(["1 Kasse", "4 Erlöse:Laden", "5 shortage"]);
  const trial = await books.house.run(getTrialBalance, { asOf: "2026-12-31" }, books.chief);
  expect(trial.rows.find((row) => row.name === "Kasse")?.closing.amount).toBe("99.50");
  expect(trial.rows.find((row) => row.name === "shortage")?.closing.amount).toBe("0.50");
});

test("every line that asserts what is not so, or is not UTF-8, is told", async () => {
  const off = await books.house.run(
    checkJournal,
    { fileId: await upload("2026-06-01 A\n  assets:x  1 EUR = 2 EUR\n  income:y\n") },
    books.accountant,
  );
  expect(off.mistakes).toEqual([{ line: 2, says: "assets:x then holds 1 EUR, not 2 as the journal asserts." }]);
  const latin = Buffer.from("2026-06-01 Stra\u00dfe\n  assets:x  1 EUR\n  income:y\n", "latin1");
  const read = await books.house.run(checkJournal, { fileId: await upload(latin) }, books.accountant);
  expect(read.mistakes).toEqual([{ line: 1, says: "This line is not written in UTF-8. Save the journal in UTF-8." }]);
});

test("days that take no entries are told at the first look, each period once, and each year without one", async () => {
  const closed = await openBooks();
  const { rows } = (await closed.house.call("finance.period.list", { limit: 200 }, closed.chief)) as {
    rows: { id: string; code: string }[];
  };
  await closed.house.run(closePeriod, { periodId: rows.find((one) => one.code === "2026-01")!.id }, closed.chief);
  const february = { periodId: rows.find((one) => one.code === "2026-02")!.id, area: "ledger" };
  await closed.house.call("finance.period.lock", february, closed.chief);
  const text = ["2026-01-30", "2026-01-31", "2026-02-01", "2026-03-01", "2019-03-01", "2019-04-01"]
    .map((on) => `${on} A\n  assets:a  1 EUR\n  income:b\n`)
    .join("\n");
  const fileId = await upload(text, "year.journal", closed);
  const { mistakes, entries } = await closed.house.run(checkJournal, { fileId }, closed.accountant);
  expect(entries).toBe(6);
  expect(mistakes).toMatchObject([
    { line: 1, says: expect.stringContaining("The period 2026-01 is closed.") as unknown },
    { line: 9, says: expect.stringContaining("2026-02") as unknown },
    { line: 17, says: expect.stringContaining("The books have no period for 2019-03-01.") as unknown },
  ]);
  await closed.house.close();
});

test("a journal of many batches: late accounts are added, numbers follow the file, and a mistake at its end leaves nothing", async () => {
  const many = await openBooks();
  const count = 9_000;
  const text = Array.from({ length: count }, (_, index) => {
    const day = new Date(Date.UTC(2026, 3, 1 + Math.floor(index / 300))).toISOString().slice(0, 10);
    const amount = `1.${String(index % 100).padStart(2, "0")} EUR`;
    return `${day} Batch ${index}\n  assets:late:${Math.floor(index / 1_500)}  ${amount}\n  income:late\n`;
  }).join("\n");
  const wrong = bringIn(`${text}\n2026-05-01 Uneven\n  assets:late:0  1 EUR\n  income:late  -2 EUR\n`, {}, many);
  await expect(wrong).rejects.toMatchObject({ code: "journalWrong" });
  const done = await bringIn(text, {}, many);
  expect(done.entries).toBe(count);
  expect(done.newAccounts).toHaveLength(7);
  const { rows } = await many.house.owner.query<{ text: string }>(
    "select text from finance.journal_entry where tenant_id = $1 order by length(number), number",
    [many.house.tenantId],
  );
  expect(rows.map((row) => row.text)).toEqual(Array.from({ length: count }, (_, index) => `Batch ${index}`));
  await many.house.close();
});

describe("refused, and nothing is kept", () => {
  test.each<[string, string | Buffer, string]>([
    [
      "a wrong place anywhere in it",
      "2026-05-01 A\n  assets:a  1 EUR\n  income:b\n\n2026-05-02 B\n  assets:a  1 EUR\n  income:b  -2 EUR\n",
      "journalWrong",
    ],
    ["an account of no kind", "2026-05-01 A\n  stuff  1 EUR\n  assets:a\n", "journalWrong"],
    ["nothing in it", "; nothing\n", "journalEmpty"],
    ["a gzip that is none", Buffer.from([0x1f, 0x8b, 1, 2, 3]), "fileUnreadable"],
    ["a day the books have no period for", "1999-05-01 A\n  assets:a  1 EUR\n  income:b\n", "periodMissing"],
  ])("%s", async (_, text, code) => {
    await expect(bringIn(text)).rejects.toMatchObject({ code });
    const { rows } = (await books.house.call("finance.import.list", {}, books.chief)) as { rows: object[] };
    expect(rows).toHaveLength(3);
  });

  test("a file that is not there", async () => {
    const run = books.house.run(importJournal, { fileId: newId() }, books.accountant);
    await expect(run).rejects.toMatchObject({ code: "fileNotFound" });
  });
});

describe.each(["hledger", "ledger"])("%s", (program) => {
  const isThere = spawnSync(program, ["--version"]).status === 0;
  test.skipIf(!isThere)(`reads the same balances${isThere ? "" : " (not installed here)"}`, () => {
    const file = join(mkdtempSync(join(tmpdir(), "journal-")), "year.journal");
    writeFileSync(file, year);
    const flags =
      program === "hledger"
        ? ["--cost", "--flat", "--no-total"]
        : ["--cost", "--flat", "--no-total", "--balance-format", "%(scrub(display_total))  %(account)\n"];
    const out = execFileSync(program, ["-f", file, "balance", ...flags], { encoding: "utf8" });
    const found = out
      .split("\n")
      .flatMap((line) => /(-?[\d,.]+) EUR\s+(\S.*)$/.exec(line.trim())?.slice(1, 3).toReversed().join(" ") ?? []);
    expect(found.toSorted()).toEqual([
      "assets:1110 Petty cash 200.00",
      "assets:bank:checking 10,643.25",
      "assets:bank:dollars 455.25",
      "equity:opening -10,200.00",
      "expenses:software:licences 91.50",
      "income:sales -1,000.00",
      "liabilities:vat -190.00",
    ]);
  });
});
