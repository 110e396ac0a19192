// Suppliers' bills from a table: known by name, VAT number or registration, judged like any entered bill, told cell by cell, all or none.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeXlsx } from "hucre/xlsx";
import type { Id } from "../../../kernel/id.ts";
import { askedBy } from "../../../platform/testing/reading.ts";
import { addRole, createOrganisation, createUnit } from "../../directory/index.ts";
import { setExchangeRate } from "../currency/rate.operations.ts";
import { insertBill } from "../payables/bill.ts";
import { approveBill, createBill, declineBill, postBill } from "../payables/bill.operations.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { Money } from "../../../kernel/money.ts";
import { day } from "../../../kernel/day.ts";
import { checkTable, importTable } from "./table.operations.ts";

let books: TestBooks;
let unitId: string;
beforeAll(async () => {
  books = await openBooks();
  const owner = await books.house.person("Olga Owner", "owner");
  const supplier = async (details: object): Promise<void> => {
    const { id } = await run(createOrganisation, details, owner);
    await run(addRole, { partyId: id, role: "supplier", from: "2026-01-01" }, owner);
  };
  await supplier({ name: "Assekuranz AG", taxNumber: "DE122222222" });
  await supplier({ name: "Imprimerie Œuvre", registration: "RCS Paris 552 100 554" });
  for (const _ of [1, 2]) await supplier({ name: "Zwilling & Co" });
  unitId = (await run(createUnit, { name: "Front office", code: "OFFICE" }, owner)).id;
  await run(setExchangeRate, { base: "USD", currency: "EUR", day: "2026-03-10", rate: "0.9" }, books.accountant);
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
type Row = Record<string, unknown>;
const list = async (register: string, filter: object = {}, sort?: string) =>
  ((await books.house.call(`${register}.list`, { filter, sort, limit: 200 }, books.chief)) as { rows: Row[] }).rows;
const upload = (bytes: string | Uint8Array): Promise<Id> =>
  books.house.funnel.work(books.house.tenantId, (context) => context.writeFile("bills.csv", "text/csv", Buffer.from(bytes as never)));
const check = async (text: string | Uint8Array) => run(checkTable, { kind: "bills", fileId: await upload(text) }, books.accountant);
const bringIn = async (text: string | Uint8Array, more: object = {}) =>
  run(importTable, { kind: "bills", fileId: await upload(text), ...more }, books.chief);
const money = (amount: string, currency = "EUR") => ({ amount, currency });

const bills = `Bill number;Vendor;Date;Due;Text;Net;Gross;Account;Tax;Cost centre;From;Until;Currency;Remark
R-100;Papier & Stift GmbH;10.03.2026;24.03.2026;Paper;100,00;;6540;standard;;;;;
R-100;papier & stift gmbh;10.03.2026;;Insurance;"1.200,00";;6530;exempt;office;2026-03-01;2027-02-28;;a year
2026/7;DE122222222;2026-03-31;;Folders;;119,00;6540;standard;Front office;;;;
2026/7;DE122222222;2026-03-31;;Books;;10,70;;reduced;;;;;
N-1;RCS Paris 552 100 554;2026-03-10;;Print;100.00;;6540;exempt;;;;usd;
`;

describe("a file", () => {
  test("is looked through, brought in, approved by another person and posted", async () => {
    expect(await check(bills)).toMatchObject({ rows: 5, records: 3, ignored: ["Remark"], mistakes: [] });
    expect(await list("finance.bill")).toEqual([]);
    expect(await bringIn(bills)).toMatchObject({ records: 3 });
    const kept = await list("finance.bill", {}, "supplierNumber");
    // 119.00 has 19.00 at 19 %, 10.70 has 0.70 at 7 %. 30 days after 31 March is 30 April.
    expect(kept).toMatchObject([
      {
        supplierNumber: "2026/7",
        supplier: "Assekuranz AG",
        state: "draft",
        dueDay: "2026-04-30",
        net: money("110.00"),
        tax: money("19.70"),
      },
      { supplierNumber: "N-1", supplier: "Imprimerie Œuvre", state: "draft", dueDay: "2026-04-09", total: money("100.00", "USD") },
      { supplierNumber: "R-100", supplier: "Papier & Stift GmbH", state: "draft", dueDay: "2026-03-24", total: money("1319.00") },
    ]);
    const lines = await list("finance.billLine", { billId: kept[2]!["id"] }, "position");
    expect(lines).toMatchObject([
      { description: "Paper", net: money("100.00"), account: expect.stringContaining("6540"), unitId: null, serviceFrom: null },
      {
        description: "Insurance",
        net: money("1200.00"),
        account: expect.stringContaining("6530"),
        unitId,
        serviceFrom: "2026-03-01",
        serviceUntil: "2027-02-28",
      },
    ]);
    const gross = await list("finance.billLine", { billId: kept[0]!["id"] }, "position");
    // What names no account goes where expenses go.
    expect(gross).toMatchObject([
      { net: money("100.00"), unitId },
      { net: money("10.00"), account: expect.stringContaining("6540") },
    ]);
    expect(await list("finance.import", { kind: "bills" })).toMatchObject([{ records: 3, fileName: "bills.csv" }]);
  });

  test("waits for approval bill by bill, and is not approved by who brought it in", async () => {
    const kept = await list("finance.bill", {}, "supplierNumber");
    const tasks = await list("office.task", { state: "open" });
    expect(tasks.map((task) => task["title"])).toEqual(
      expect.arrayContaining([
        "Approve bill 2026/7 over 129.70 EUR",
        "Approve bill N-1 over 100.00 USD",
        "Approve bill R-100 over 1319.00 EUR",
      ]),
    );
    const approve = (as: typeof books.chief) => Promise.all(kept.map(({ id }) => run(approveBill, { billId: id }, as)));
    await expect(approve(books.chief)).rejects.toMatchObject({ code: "selfApproval" });
    for (const { id } of kept) {
      await run(approveBill, { billId: id }, await books.house.person("Max Manager", "finance.manager"));
      await run(postBill, { billId: id }, books.accountant);
    }
    const { rows } = await run(getTrialBalance, { asOf: "2026-12-31" }, books.chief);
    // Owed: 1319.00, 129.70 and 90.00 (100.00 USD at 0.9). Of cost 100.00, 100.00, 10.00 and 90.00; the insurance is held.
    expect(Object.fromEntries(rows.filter((row) => row.closing.minor !== 0n).map((row) => [row.code, row.closing.amount]))).toEqual({
      "1220": "38.70",
      "1230": "1200.00",
      "2110": "-1538.70",
      "6540": "300.00",
    });
    expect(await books.breaks()).toEqual([]);
  });

  test("as XLSX, days and amounts as a spreadsheet keeps them", async () => {
    const rows = [
      ["number", "supplier", "day", "description", "net"],
      ["X-1", "Assekuranz AG", new Date("2026-04-01T00:00:00Z"), "Liability", 50.5],
      ["X-1", "Assekuranz AG", new Date("2026-04-01T00:00:00Z"), "Rebate", -0.5],
    ];
    await bringIn(await writeXlsx({ sheets: [{ name: "Bills", rows }] }));
    // 50.00 and 19 %.
    expect(await list("finance.bill", { supplierNumber: "X-1" })).toMatchObject([{ day: "2026-04-01", total: money("59.50") }]);
  });
});

const head = "bill,supplier,day,description,net,gross,account,tax,unit,from,until,due,currency\n";
const row = (cells: Record<string, string>): string =>
  head
    .trim()
    .split(",")
    .map((column) => ({ bill: "A", supplier: "Assekuranz AG", day: "2026-05-01", description: "x", net: "1", ...cells })[column] ?? "")
    .join(",") + "\n";

describe("the same bill is never two", () => {
  const told = async (text: string) => (await check(text)).mistakes.map((one) => [one.row, one.column, one.says]);

  test("in one file, however the number is typed; rows that say the same number are its lines", async () => {
    const text =
      head + row({ bill: "D-1" }) + row({ bill: "D-1" }) + row({ bill: "d 1" }) + row({ bill: "D-1", supplier: "Imprimerie Œuvre" });
    expect(await told(text)).toEqual([
      [4, "bill", expect.stringContaining("Bill D-1 of this supplier was entered before, dated 2026-05-01")],
    ]);
    await expect(bringIn(text)).rejects.toMatchObject({ code: "tableWrong", message: expect.stringContaining("row 4, column bill") });
    expect(await list("finance.bill", { supplierNumber: "D-1" })).toEqual([]);
  });

  test("against the books, whatever the year; a declined one may come again", async () => {
    const supplierId = (await list("finance.bill", { supplierNumber: "X-1" }))[0]!["supplierId"];
    const entered = { supplierId, supplierNumber: "E 77", day: "2026-02-01", lines: [{ description: "x", net: eur("7.00") }] };
    const { id } = await run(createBill, entered, books.accountant);
    expect(await told(head + row({ bill: "e-77", day: "2026-12-01" }))).toEqual([[2, "bill", expect.stringContaining("E 77")]]);
    await run(declineBill, { billId: id, reason: "Not ours" }, books.chief);
    expect(await told(head + row({ bill: "e-77", day: "2026-12-01" }))).toEqual([]);
  });

  test("the same file is refused, and with --again its bills are", async () => {
    const text = head + row({ bill: "F-1" });
    await bringIn(text);
    await expect(bringIn(text)).rejects.toMatchObject({ code: "importedBefore" });
    await expect(bringIn(text, { again: true })).rejects.toMatchObject({ code: "tableWrong" });
  });

  test("one of the same amount near by is pointed to, in the books and in the file", async () => {
    await bringIn(head + row({ bill: "S-1", net: "33", day: "2026-06-01" }));
    await bringIn(
      head +
        row({ bill: "S-2", net: "33", day: "2026-06-03" }) +
        row({ bill: "T-1", net: "44", day: "2026-06-01" }) +
        row({ bill: "T-2", net: "44", day: "2026-06-04" }) +
        row({ bill: "T-3", net: "44", day: "2026-06-20" }),
    );
    const { rows } = await books.house.owner.query<{ supplier_number: string; of: string | null }>(
      `select l.supplier_number, k.supplier_number as of from finance.bill l left join finance.bill k on k.id = l.like_id
       where l.supplier_number ~ '^[ST]-' and l.tenant_id = $1 order by 1`,
      [books.house.tenantId],
    );
    expect(rows.map((one) => [one.supplier_number, one.of])).toEqual([
      ["S-1", null],
      ["S-2", "S-1"],
      ["T-1", null],
      ["T-2", "T-1"],
      ["T-3", null],
    ]);
  });

  test("not even when someone enters it at this very moment", async () => {
    const fileId = await upload(head + row({ bill: "M-1" }) + row({ bill: "M-2" }));
    const supplierId = (await list("finance.bill", { supplierNumber: "X-1" }))[0]!["supplierId"] as Id;
    let end!: () => void;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const input = {
      kind: "bill" as const,
      supplierId,
      supplierNumber: "M 2",
      day: day("2026-05-01"),
      dueDay: day("2026-05-01"),
      lines: [{ description: "x", net: Money.parse("1.00", "EUR"), taxCode: "standard" }],
    };
    const other = books.house.funnel.work(books.house.tenantId, async (context) => {
      await insertBill(context, input);
      await ended;
    });
    const brought = run(importTable, { kind: "bills", fileId }, books.chief).catch((error: unknown) => error);
    const waits = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    for (let look = 0; look < 100; look += 1) {
      if ((await books.house.owner.query(waits)).rowCount) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    end();
    await other;
    expect(await brought).toMatchObject({ code: "billEnteredMeanwhile" });
    expect(await list("finance.bill", { supplierNumber: "M-1" })).toEqual([]);
  });
});

test.each<[string, Record<string, string>, string, string]>([
  ["a stranger", { supplier: "Nobody" }, "supplier", "Nobody is called “Nobody”"],
  ["two of one name", { supplier: "Zwilling & Co" }, "supplier", "Write the tax number"],
  ["who is no supplier", { supplier: "Nordlicht AG" }, "supplier", "not a supplier on 2026-05-01"],
  ["who was none then", { day: "2025-05-01" }, "supplier", "not a supplier on 2025-05-01"],
  ["a number without letter or digit", { bill: "–" }, "bill", "needs a letter or a digit"],
  ["a number that is too long", { bill: "9".repeat(61) }, "bill", "at most 60"],
  ["a due day before its day", { due: "2026-04-30" }, "dueDay", "falls due on its day or later"],
  ["an account that is not there", { account: "9999" }, "account", "There is no account “9999”"],
  ["an account that takes no bills", { account: "2110" }, "account", "Account 2110 cannot be billed to"],
  ["a tax that is none", { tax: "luxury" }, "taxCode", "no tax code luxury"],
  ["a unit that is none", { unit: "Moon" }, "unit", "There is no unit “Moon”"],
  ["half a span", { from: "2026-05-01" }, "serviceUntil", "its first and its last day"],
  ["a span that ends before it begins", { from: "2026-05-02", until: "2026-05-01" }, "serviceUntil", "the last not before the first"],
  ["net and gross", { gross: "1.19" }, "net", "either a net or a gross amount"],
  ["neither", { net: "" }, "net", "either a net or a gross amount"],
  ["nothing to pay", { net: "-1" }, "net", "has to be above zero"],
  ["a currency that is none", { currency: "XYZ" }, "currency", "no currency"],
  ["a currency without a rate", { currency: "CHF" }, "currency", "No spot rate from CHF to EUR"],
  ["more decimals than the currency has", { net: "1.005" }, "net", "fewer decimals"],
])("%s is told with its row and column, and nothing is kept", async (_, cells, column, says) => {
  const text = head + row({ bill: "GOOD" }) + row(cells);
  expect((await check(text)).mistakes).toMatchObject([{ row: 3, column, says: expect.stringContaining(says) }]);
  await expect(bringIn(text)).rejects.toMatchObject({ code: "tableWrong" });
  expect(await list("finance.bill", { supplierNumber: "GOOD" })).toEqual([]);
});

test.each<[string, Record<string, string>, string, string]>([
  ["another day", { day: "2026-05-02" }, "day", "In row 2 this bill has 2026-05-01"],
  ["another due day", { due: "2026-06-02" }, "dueDay", "In row 2 this bill has 2026-06-01"],
  ["another currency", { currency: "USD" }, "currency", "one currency, and this one is in EUR"],
  ["a gross amount after a net one", { net: "", gross: "1" }, "net", "The first row of this bill has a net amount"],
])("a further line with %s is told with its own row", async (_, cells, column, says) => {
  const text = head + row({ due: "2026-06-01" }) + row(cells);
  expect((await check(text)).mistakes).toMatchObject([{ row: 3, column, says: expect.stringContaining(says) }]);
});

test("two thousand lines in one go take as many statements as two in each batch of five hundred bills", async () => {
  const table = (name: string, count: number): string =>
    head + Array.from({ length: count }, (_, at) => row({ bill: `${name}-${at >> 1}`, net: `${at + 1}.00` })).join("");
  // Tables that grew are counted once in an import, however many batches it has.
  const sent = async (file: string) =>
    (await askedBy(books.house, () => bringIn(file))).filter(({ text }) => !text.includes("count_grown_tables")).length;
  // 1,000 bills are two batches: what is written is written twice.
  const [two, thousand, twoThousand] = [await sent(table("U", 2)), await sent(table("V", 1000)), await sent(table("W", 2000))];
  expect(thousand).toBe(two);
  expect(twoThousand - thousand).toBeLessThan(10);
  const kept = await books.house.owner.query<{ bills: number; lines: number; net: string; tasks: number }>(
    `select count(distinct l.id)::int as bills, count(*)::int as lines, sum(b.net)::text as net, (select count(*)::int from office.task t
      where t.title like 'Approve bill W-%' and t.state = 'open') as tasks
     from finance.bill l join finance.bill_line b on b.bill_id = l.id where l.supplier_number like 'W-%'`,
  );
  // 1.00 + 2.00 + … + 2000.00 = 2,001,000.00.
  expect(kept.rows).toEqual([{ bills: 1000, lines: 2000, net: "200100000", tasks: 1000 }]);
  // In a house that never counted its tables each foreign key would look through all rows written so far.
  const { rows: counted } = await books.house.owner.query(
    "select reltuples > 0 as known from pg_class where oid = 'finance.bill'::regclass",
  );
  expect(counted).toEqual([{ known: true }]);
  expect(await books.breaks()).toEqual([]);
});
