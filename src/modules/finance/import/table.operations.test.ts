// Tables as people keep them, brought into the books: parties, what they owed, entries, invoices; and every wrong cell told.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeXlsx } from "hucre/xlsx";
import { Refusal } from "../../../kernel/refusal.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { addRole, createOrganisation } from "../../directory/index.ts";
import { reverseJournalEntry } from "../ledger/entry.operations.ts";
import { lockOnePeriod, unlockPeriod } from "../ledger/lock.operations.ts";
import { createBill } from "../payables/bill.operations.ts";
import { proposeBill } from "../payables/bill-proposal.operations.ts";
import { setCreditLimit } from "../receivables/customer.operations.ts";
import { openBooks, type TestBooks } from "../testing/books.ts";
import { checkTable, importTable } from "./table.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const upload = (bytes: string | Uint8Array): Promise<string> =>
  books.house.funnel.work(books.house.tenantId, (context) => context.writeFile("table.csv", "text/csv", Buffer.from(bytes as never)));
const check = async (kind: string, text: string | Uint8Array) =>
  books.house.run(checkTable, { kind, fileId: await upload(text) }, books.chief);
const bringIn = async (kind: string, text: string | Uint8Array, more: object = {}) => {
  const owner = await books.house.person("Olga Owner", "owner");
  return books.house.run(importTable, { kind, fileId: await upload(text), ...more }, owner);
};
const list = async (register: string, filter: object = {}) =>
  (
    (await books.house.call(`${register}.list`, { filter, limit: 100 }, await books.house.person("Olga Owner", "owner"))) as {
      rows: Record<string, unknown>[];
    }
  ).rows;

const parties = `Name;Role;VAT;City;Country;Remark
Bergwerk GmbH;customer;DE811111111;Essen;DE;old friend
Café Ñandú;customer|supplier;;Kiel;DE;
`;

test("parties, with a heading that says it in other words and a column we do not know", async () => {
  expect(await check("parties", parties)).toMatchObject({ rows: 2, records: 2, ignored: ["Remark"], mistakes: [] });
  expect(await bringIn("parties", parties, { day: "2025-01-01" })).toMatchObject({ records: 2 });
  expect(await list("directory.organisation", { name: "Café Ñandú" })).toMatchObject([{ city: "Kiel" }]);
  await expect(bringIn("parties", parties)).rejects.toMatchObject({ code: "importedBefore" });
});

test("rows of one number that say something else of the whole are mistakes, not lines of it", async () => {
  const entries = "number,day,account,debit,credit\n1,2026-10-05,6210,500,\n1,2026-10-05,1110,,500\n1,2026-11-05,6210,700,\n1,,1110,,700\n";
  expect((await check("entries", entries)).mistakes).toMatchObject([
    { row: 4, column: "day", says: "In row 2 this entry has 2026-10-05." },
    { row: 5, column: "day" },
  ]);
  const invoices =
    "number,customer,day,due,description,price\nX1,Bergwerk GmbH,2026-11-10,,One,100\nX1,DE811111111,2026-11-10,2026-12-10,Two,1\n" +
    "X1,Café Ñandú,2026-11-12,2026-12-24,Three,900\n";
  expect((await check("invoices", invoices)).mistakes).toMatchObject([
    { row: 4, column: "customer", says: "In row 2 this invoice has Bergwerk GmbH." },
    { row: 4, column: "day", says: "In row 2 this invoice has 2026-11-10." },
    { row: 4, column: "dueDay", says: "In row 3 this invoice has 2026-12-10." },
  ]);
});

test("what a table says twice, or another table said before, is told", async () => {
  const names = "name,roles,taxNumber\nTwin AG,customer,\nTWIN AG,supplier,\nTwin AG,customer,DE899999999\n";
  expect((await check("parties", names)).mistakes).toMatchObject([{ row: 3, column: "name", says: expect.stringContaining("Row 2 is") }]);
  const items = (...rows: string[]) =>
    `party,side,reference,due,amount\n${rows.map((row) => `Bergwerk GmbH,receivable,${row}\n`).join("")}`;
  const twice = await check("openItems", items("ALT-6,2025-12-01,7.00", "ALT-6,2025-12-31,7.00", "ALT-6,2025-12-01,7.00"));
  expect(twice.mistakes).toMatchObject([{ row: 4, column: "reference", says: expect.stringContaining("Row 2 has the same reference") }]);
  const invoices = (note: string) =>
    `number,customer,day,due,description,price,remark\nX4,Bergwerk GmbH,2026-11-10,2026-12-10,Advice,100,${note}\n`;
  expect(await bringIn("invoices", invoices("one"))).toMatchObject({ records: 1 });
  expect((await check("invoices", invoices("two"))).mistakes).toMatchObject([
    { row: 2, column: "invoice", says: expect.stringMatching(/^X4 was brought over before, as INV-2026-\d+ of 2026-11-10\./) },
  ]);
  await expect(bringIn("invoices", invoices("two"))).rejects.toMatchObject({ code: "tableWrong" });
  const early = invoices("early").replace("X4", "X5").replace("2026-12-10", "2026-10-01");
  expect((await check("invoices", early)).mistakes).toMatchObject([{ row: 2, column: "dueDay" }]);
});

test("open items, so that ageing works from the first day", async () => {
  const items =
    'party,side,reference,due,amount\nBergwerk GmbH,receivable,RE-77,2025-12-15,"1,190.00"\nCafé Ñandú,payable,K-5,31.01.2026,80\n';
  expect(await bringIn("openItems", items, { day: "2026-01-01" })).toMatchObject({ records: 2 });
  expect(await list("finance.openItem", { reference: "RE-77" })).toMatchObject([
    { direction: "receivable", party: "Bergwerk GmbH", dueDay: "2025-12-15", open: { amount: "1190.00", currency: "EUR" } },
  ]);
  const trial = await books.house.run(getTrialBalance, { asOf: "2026-01-01" }, books.chief);
  expect(Object.fromEntries(trial.rows.map((row) => [row.code, row.closing.amount]))).toEqual({
    "1210": "1190.00",
    "2110": "-80.00",
    "3900": "-1110.00",
  });
});

test("what was brought over is not owed twice: not by another file, nor by a bill; taken back, it is free again", async () => {
  const heading = "party,side,reference,due,amount\n";
  const day = { day: "2026-01-01" };
  // Due in two parts, which are two items of one number.
  const parts = "Café Ñandú,payable,OLD-77,2026-01-31,119\nCafé Ñandú,payable,OLD-77,2026-02-28,119\n";
  await bringIn("openItems", `${heading}${parts}`, day);
  const again = `${heading}Café Ñandú,supplier,old 77,2026-02-28,119.00\nCafé Ñandú,payable,OLD-78,2026-02-28,1\n`;
  const mistakes = [{ row: 2, column: "reference", says: expect.stringContaining("was brought over before, on 2026-01-01") as unknown }];
  expect((await check("openItems", again)).mistakes).toEqual(mistakes);
  await expect(bringIn("openItems", again, day)).rejects.toMatchObject({ code: "tableWrong" });
  const [supplier] = await list("directory.organisation", { name: "Café Ñandú" });
  const supplierId = supplier!["id"];
  const lines = [{ description: "Coffee", net: { amount: "100.00", currency: "EUR" }, accountId: books.account("6540") }];
  const enter = (supplierNumber: string) =>
    books.house.run(createBill, { supplierId, supplierNumber, day: "2026-01-02", lines }, books.accountant);
  await expect(enter("Old-77")).rejects.toMatchObject({ code: "broughtOver", facts: { supplierNumber: "OLD-77", day: "2026-01-01" } });
  const proposed = await books.house.run(proposeBill, { supplierId, supplierNumber: "Old-77" }, books.accountant);
  expect(proposed.warnings).toEqual([expect.stringContaining("OLD-77 of this supplier was brought over")]);
  // The other way round: what was entered as a bill is not brought over.
  await enter("OLD-78");
  expect((await check("openItems", again)).mistakes).toEqual([
    ...mistakes,
    { row: 3, column: "reference", says: "OLD-78 of 2026-01-02 is a bill in the books already. Take the row out." },
  ]);
  for (const { entryId } of await list("finance.openItem", { reference: "OLD-77" })) {
    await books.house.run(reverseJournalEntry, { journalEntryId: entryId, reason: "Entered as a bill instead" }, books.chief);
  }
  await enter("OLD-77");
});

test("entries from a spreadsheet, several rows to an entry", async () => {
  const rows = [
    ["Entry", "Date", "Account", "Debit", "Credit", "Text"],
    ["7", "2026-02-01", "6210", 900, null, "Rent of February"],
    ["7", "2026-02-01", "1120", null, 900, "Rent of February"],
    ["8", "2026-02-03", "6540", 12.34, null, "Paper"],
    ["8", "2026-02-03", "1110", null, 12.34, "Paper"],
  ];
  const bytes = await writeXlsx({ sheets: [{ name: "Entries", rows }] });
  expect(await check("entries", bytes)).toMatchObject({ rows: 4, records: 2, mistakes: [] });
  await bringIn("entries", bytes);
  expect(await list("finance.journalEntry", { reference: "8" })).toMatchObject([
    { day: "2026-02-03", total: { amount: "12.34" }, text: "Paper" },
  ]);
});

test("invoices are numbered, taxed and posted", async () => {
  const invoices =
    "invoice,customer,day,description,quantity,unitPrice,tax\nA-1,Bergwerk GmbH,2026-03-02,Advice,10,120,standard\n" +
    "A-1,Bergwerk GmbH,2026-03-02,Travel,1,50.50,reduced\nA-2,DE811111111,2026-03-03,Advice,1,120,standard\n";
  expect(await bringIn("invoices", invoices)).toMatchObject({ records: 2 });
  // 1,200.00 at 19 % and 50.50 at 7 %: 228.00 and 3.54 (3.535).
  const posted = await list("finance.invoice", { day: "2026-03-02" });
  expect(posted).toMatchObject([{ customer: "Bergwerk GmbH", state: "overdue", total: { amount: "1482.04" } }]);
  expect(await books.breaks()).toEqual([]);
});

test("zeros in front and behind are no more of an amount than they say", async () => {
  const amount = `${"0".repeat(20)}12.50${"0".repeat(20)}`;
  const entries = `number,day,text,account,debit,credit\nZ,2026-01-05,Padded,1120,${amount},\nZ,2026-01-05,Padded,3110,,${amount}\n`;
  expect(await bringIn("entries", entries)).toMatchObject({ records: 1 });
  expect(await list("finance.journalEntry", { text: "Padded" })).toMatchObject([{ total: { amount: "12.50" } }]);
});

test("a limit counts over all batches of a file; what is refused in one leaves nothing of the one behind it", async () => {
  const owner = await books.house.person("Olga Owner", "owner");
  const { id: customerId } = await books.house.run(createOrganisation, { name: "Viele Klein" }, owner);
  await books.house.run(addRole, { partyId: customerId, role: "customer", from: "2026-01-01" }, owner);
  // 1.19 each: 700 of them come to 833.00.
  const limitTo = (creditLimit: string) =>
    books.house.run(setCreditLimit, { customerId, creditLimit: { amount: creditLimit, currency: "EUR" }, isHardLimit: true }, books.chief);
  await limitTo("833.00");
  const rows = Array.from({ length: 1500 }, (_, index) => `K-${index + 1},Viele Klein,2026-04-01,Small,1,1,standard\n`);
  const file = `invoice,customer,day,description,quantity,unitPrice,tax\n${rows.join("")}`;
  await expect(bringIn("invoices", file)).rejects.toMatchObject({
    code: "recordRefused",
    message: expect.stringContaining("Record 701 of the file: Viele Klein may owe 833.00 EUR") as unknown,
  });
  expect(await list("finance.invoice", { day: "2026-04-01" })).toEqual([]);
  await limitTo("1785.00");
  expect(await bringIn("invoices", file)).toMatchObject({ records: 1500 });
  expect(await books.breaks()).toEqual([]);
});

test("days that take no entries are told at the first look", async () => {
  const rows = ["2031-03-01", "2031-03-02", "2026-03-01"].map((on, index) => `X-${index},Bergwerk GmbH,${on},Advice,1,1,standard\n`);
  const { mistakes } = await check("invoices", `invoice,customer,day,description,quantity,unitPrice,tax\n${rows.join("")}`);
  expect(mistakes).toMatchObject([
    { row: 2, column: "day", says: expect.stringContaining("The books have no period for 2031-03-01.") as unknown },
  ]);
  // Open items all have the day they are brought in on.
  const items = "party,side,reference,due,amount\nBergwerk GmbH,receivable,RE-78,2019-03-01,1\n";
  const fileId = await upload(items);
  const opened = (day?: string) => books.house.run(checkTable, { kind: "openItems", fileId, day }, books.chief);
  expect((await opened("2019-01-01")).mistakes).toMatchObject([{ row: 2, column: "day" }]);
  expect((await opened("2026-01-01")).mistakes).toEqual([]);
});

describe("the first look says what bringing it in would say", () => {
  const entries = (...rows: string[]) => `number,day,account,debit,credit,party\n${rows.join("\n")}\n`;
  const invoices = (...rows: string[]) => `invoice,customer,day,description,quantity,unitPrice,tax\n${rows.join("\n")}\n`;

  test.each<[string, string, string, object[]]>([
    [
      "accounts of no entry",
      "entries",
      entries("1,2026-01-02,1120,1,,", "1,2026-01-02,zzz,,1,", "2,2026-01-02,1210,5,,", "2,2026-01-02,3110,,5,", "3,2026-01-02,1000,1,,"),
      [
        { row: 3, column: "account", says: "There is no account zzz in these books. Look it up: heartwood finance account list" },
        { row: 4, column: "party" },
        { row: 6, column: "number", says: "An entry has at least two lines. Add the other side." },
      ],
    ],
    [
      "entries that do not balance",
      "entries",
      entries("1,2026-01-02,1120,1,,", "1,2026-01-02,3110,,1.5,", "2,2026-01-02,1120,0,,", "2,2026-01-02,3110,,0,"),
      [
        { row: 2, column: "number", says: "Debits and credits differ by 0.50 EUR. Correct a line until they are equal." },
        { row: 4, column: "debit" },
      ],
    ],
    [
      "invoices",
      "invoices",
      invoices(
        "A,Bergwerk GmbH,2026-05-02,Advice,1,100,standard",
        "A,Bergwerk GmbH,2026-05-02,Travel,1,10,luxury",
        "B,Bergwerk GmbH,2024-05-02,Advice,1,100,standard",
        "C,Bergwerk GmbH,2026-05-02,Advice,1,-100,standard",
      ),
      [
        { row: 3, column: "taxCode", says: expect.stringContaining("luxury") as unknown },
        { row: 4, column: "customer" },
        { row: 5, column: "unitPrice" },
      ],
    ],
  ])("%s", async (_, kind, text, mistakes) => {
    expect((await check(kind, text)).mistakes).toMatchObject(mistakes);
    await expect(bringIn(kind, text)).rejects.toBeInstanceOf(Refusal);
  });

  test("a limit is told to the first invoice that passes it", async () => {
    const owner = await books.house.person("Olga Owner", "owner");
    const { id: customerId } = await books.house.run(createOrganisation, { name: "Zwei Grosse" }, owner);
    await books.house.run(addRole, { partyId: customerId, role: "customer", from: "2026-01-01" }, owner);
    const limit = { creditLimit: { amount: "200.00", currency: "EUR" }, isHardLimit: true };
    await books.house.run(setCreditLimit, { customerId, ...limit }, books.chief);
    const rows = ["A", "B"].map((name) => `${name},Zwei Grosse,2026-05-02,Advice,1,100,standard`);
    expect((await check("invoices", invoices(...rows))).mistakes).toMatchObject([{ row: 3, column: "invoice" }]);
  });

  test("a month that is locked for tax is told of invoices, once", async () => {
    const [period] = await list("finance.period", { code: "2026-06" });
    const asked = { periodId: period!["id"], area: "tax" };
    await books.house.run(lockOnePeriod, asked, books.chief);
    const rows = ["A,Bergwerk GmbH,2026-06-02,Advice,1,100,standard", "B,Bergwerk GmbH,2026-06-03,Advice,1,100,standard"];
    const text = invoices(...rows);
    const says = "The period 2026-06 is locked for tax. Choose a day from 2026-07-01 on, or get an exception";
    expect((await check("invoices", text)).mistakes).toMatchObject([
      { row: 2, column: "day", says: expect.stringContaining(says) as unknown },
    ]);
    await books.house.run(unlockPeriod, { ...asked, reason: "The return was put off" }, books.chief);
    expect((await check("invoices", text)).mistakes).toEqual([]);
  });
});

describe("every wrong cell is told, and nothing is kept", () => {
  test.each<[string, string, string, object[]]>([
    ["a missing column", "openItems", "party,reference,due,amount\nX,1,2026-01-01,1\n", [{ row: 1, column: "side" }]],
    [
      "days and numbers that are none",
      "entries",
      "number,day,account,debit,credit\n1,03/04/2026,1120,one,\n",
      [
        { row: 2, column: "day" },
        { row: 2, column: "debit" },
      ],
    ],
    ["an empty cell", "invoices", "invoice,customer,day,description,unitPrice\nA,,2026-01-01,x,1\n", [{ row: 2, column: "customer" }]],
    ["a stranger", "invoices", "invoice,customer,day,description,unitPrice\nA,Nobody,2026-01-01,x,1\n", [{ row: 2, column: "customer" }]],
    [
      "a country, a role and an address that are none",
      "parties",
      "name,role,country,email\nX,customer|friend,Atlantis,\nY,supplier,DE,nowhere\n",
      [
        { row: 2, column: "country" },
        { row: 2, column: "roles" },
        { row: 3, column: "email" },
      ],
    ],
    ["both sides", "entries", "number,day,account,debit,credit\n1,2026-01-01,1120,1,1\n", [{ row: 2, column: "debit" }]],
    ["too many decimals", "entries", "number,day,account,debit,credit\n1,2026-01-01,1120,1.005,\n", [{ row: 2, column: "debit" }]],
    ["a thousand or one", "entries", 'number,day,account,debit,credit\n1,2026-01-01,1120,"1,000",\n', [{ row: 2, column: "debit" }]],
    [
      "more than books can hold",
      "entries",
      "number,day,account,debit,credit\n1,2026-01-01,1120,12345678901234567890.00,\n",
      [{ row: 2, column: "debit", says: "12345678901234567890.00 EUR is more than books can hold. Look for a sign too many." }],
    ],
    [
      "a side that is none",
      "openItems",
      "party,side,reference,due,amount\nBergwerk GmbH,left,1,2026-01-01,1\n",
      [{ row: 2, column: "side" }],
    ],
  ])("%s", async (_, kind, text, mistakes) => {
    expect((await check(kind, text)).mistakes).toMatchObject(mistakes);
    await expect(bringIn(kind, text)).rejects.toMatchObject({ code: "tableWrong" });
  });

  test.each([
    ["nothing below the heading", "entries", "number,day,account\n", "tableEmpty"],
    ["no text at all", "entries", new Uint8Array([0xff, 0xfe, 0x00, 0xd8]), "tableUnreadable"],
    [
      "an account that is not there",
      "entries",
      "number,day,account,debit,credit\n1,2026-01-01,1120,1,\n1,2026-01-01,zzz,,1\n",
      "accountUnknown",
    ],
    [
      "a tax that is none",
      "invoices",
      "invoice,customer,day,description,unitPrice,tax\nA,Bergwerk GmbH,2026-01-01,x,1,luxury\n",
      "recordRefused",
    ],
  ])("%s", async (_, kind, text, code) => {
    await expect(bringIn(kind, text)).rejects.toMatchObject({ code });
  });
});
