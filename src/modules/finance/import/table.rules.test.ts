// Cells as people write them, as tables of what stands there and what it can only mean; and files as programs save them. What the samples
// of csv-spectrum (github.com/maxogden/csv-spectrum) hold is written out here in our own words.
import { type Cell as SheetCell, writeXlsx } from "hucre/xlsx";
import { describe, expect, test } from "vitest";
import type { ImportSource } from "./source.ts";
import { rowsOf } from "./table.ts";
import { type Cell, type Columns, type DayOrder, readTable } from "./table.rules.ts";

const columns: Columns = {
  day: { kind: "day", also: ["date"] },
  amount: { kind: "number", also: ["sum"] },
  text: { kind: "text" },
};
const readAll = (rows: readonly (readonly Cell[])[], order?: DayOrder) => {
  const { records, ...read } = readTable(rows, columns, order);
  return { records: [...records], ...read };
};
const read = (...rows: Cell[][]) => readAll(rows);
const amounts = (...cells: Cell[]) => {
  const { records, mistakes } = read(["amount"], ...cells.map((cell) => [cell]));
  return [...records.map((record) => record.cells["amount"]), ...mistakes.map((mistake) => mistake.says)];
};

describe("days", () => {
  const days = (order: "dayFirst" | "monthFirst" | undefined, ...cells: string[]) => {
    const { records, mistakes } = readAll([["day"], ...cells.map((cell) => [cell])], order);
    return [...records.map((record) => record.cells["day"]), ...mistakes.map((mistake) => mistake.says)];
  };

  test("03/04/2026 is what is said of all such days, and nothing before it is said", () => {
    expect(days("dayFirst", "03/04/2026", "31-12-2026", "2026-04-03", "3.4.2026")).toEqual([
      "2026-04-03",
      "2026-12-31",
      "2026-04-03",
      "2026-04-03",
    ]);
    expect(days("monthFirst", "03/04/2026", "12/31/2026", "2026-04-03", "3.4.2026")).toEqual([
      "2026-03-04",
      "2026-12-31",
      "2026-04-03",
      "2026-04-03",
    ]);
    expect(days(undefined, "03/04/2026", "31/12/2026")).toEqual([
      expect.stringMatching(/does not say which part is the month/),
      expect.stringMatching(/does not say which part is the month/),
    ]);
    expect(days("monthFirst", "31/12/2026")).toEqual([expect.stringMatching(/is no day/)]);
  });
});

describe("numbers", () => {
  test.each<[Cell, string]>([
    ["1234.50", "1234.50"],
    ["1.234,50", "1234.50"],
    ["1,234.50", "1234.50"],
    ["1'234.50", "1234.50"],
    ["1’234.50", "1234.50"],
    ["1\u00A0234,50", "1234.50"],
    ["1\u202F234,50", "1234.50"],
    ["1.234.567", "1234567"],
    ["1,00,000.00", "100000.00"],
    ["-12,00", "-12.00"],
    ["\u221212,00", "-12.00"],
    ["12,00-", "-12.00"],
    ["(12,00)", "-12.00"],
    ["0,125", "0.125"],
    ["+5", "5"],
    [1000, "1000"],
    [1.125, "1.125"],
    // What a spreadsheet keeps for 3 × 4.113333333333334 and for 0.1 + 0.2, and shows as 12.34 and 0.3.
    [12.340000000000002, "12.34"],
    [0.1 + 0.2, "0.3"],
    [-0.5, "-0.5"],
  ])("%s is %s", (cell, expected) => {
    expect(amounts(cell)).toEqual([expected]);
  });

  test.each<[Cell, RegExp]>([
    ["1,000", /one or a thousand/],
    ["1.000", /one or a thousand/],
    ["(1.000)", /one or a thousand/],
    ["5 10", /no number/],
    ["1.2.34", /no number/],
    ["1,234.5,6", /no number/],
    ["--5", /no number/],
    ["-5-", /no number/],
    ["(-5)", /no number/],
    ["1e3", /no number/],
    ["NaN", /no number/],
    ["١٢٣", /no number/],
    ["0x10", /no number/],
    ["12 EUR", /no number/],
    [1e21, /no number/],
    [Number.NaN, /no number/],
    [{ says: "The formula of this cell has no result." }, /no result/],
  ])("%s is told", (cell, says) => {
    expect(amounts(cell)).toEqual([expect.stringMatching(says)]);
  });

  test("another number of the table tells what a mark is, unless they do not agree", () => {
    expect(amounts("1.000", "12,50")).toEqual(["1000", "12.50"]);
    expect(amounts("1.000", "12.50")).toEqual(["1.000", "12.50"]);
    expect(amounts("1,000", "1.234.567,00")).toEqual(["1.000", "1234567.00"]);
    expect(amounts("1,000", "1,234,567")).toEqual(["1000", "1234567"]);
    expect(amounts("1,000", "12,50", "12.50")).toEqual(["12.50", "12.50", expect.stringMatching(/one or a thousand/)]);
  });
});

describe("days", () => {
  test.each([
    ["2026-03-31", "2026-03-31"],
    ["31.3.2026", "2026-03-31"],
    ["2026/03/31", "2026-03-31"],
    ["2026-03-31 00:00:00", "2026-03-31"],
    ["2024-02-29", "2024-02-29"],
  ])("%s is %s", (cell, day) => {
    expect(read(["day"], [cell]).records).toEqual([{ row: 2, cells: { day } }]);
  });

  test.each<[Cell]>([["2026-02-29"], ["31.04.2026"], ["3.4.26"], [46112], ["March 3"]])("%s is told", (cell) => {
    expect(read(["day"], [cell]).mistakes).toEqual([{ row: 2, column: "day", says: expect.stringMatching(/is no day such as/) }]);
  });
});

describe("rows", () => {
  test("a row with more cells than the heading is told: a comma was not quoted", () => {
    const { records, mistakes } = read(["day", "amount"], ["2026-03-31", "12", "50"], ["2026-03-31", "12", ""]);
    expect(mistakes).toEqual([{ row: 2, column: "amount", says: expect.stringMatching(/more cells than the heading/) }]);
    expect(records).toEqual([{ row: 3, cells: { day: "2026-03-31", amount: "12" } }]);
  });

  test("two headings of one column are told, not chosen between", () => {
    expect(read(["Date", "day"], ["2026-03-31", "2026-04-30"])).toMatchObject({
      records: [],
      mistakes: [{ row: 1, column: "day", says: "“Date” and “day” are both the day. Leave one of them." }],
    });
  });

  test("a text is kept as it is, without the apostrophe before a formula; a sign of no kind is told", () => {
    const naughty = ["'=1+1", "Ω≈ç√∫", "社會科學院語學研究所", "👩‍👩‍👧", "<script>alert(0)</script>", "'; drop table x; --", "null", "﷽"];
    const { records } = read(["text"], ...naughty.map((one) => [one]));
    expect(records.map((record) => record.cells["text"])).toEqual(["=1+1", ...naughty.slice(1)]);
    expect(read(["text"], ["a\u0000b"]).mistakes).toMatchObject([{ row: 2, column: "text" }]);
  });
});

const rows = async (bytes: string | Buffer) => (await rowsOf({ bytes: Buffer.from(bytes as string), name: "t" } as ImportSource)).rows;

describe("CSV", () => {
  const table = [
    ["a", "b"],
    ["Straße", "2,5"],
  ];
  test.each<[string, string | Buffer]>([
    ["semicolons", "a;b\nStraße;2,5\n"],
    ["commas and quotes", 'a,b\n"Straße","2,5"\n'],
    ["tabs", "a\tb\r\nStraße\t2,5\r\n"],
    ["bars", "a|b\nStraße|2,5\n"],
    ["what Excel says it is", "sep=;\r\na;b\r\nStraße;2,5\r\n"],
    ["a byte-order mark", "\uFEFFa;b\nStraße;2,5\n"],
    ["UTF-16, as Excel saves Unicode text", Buffer.from("\uFEFFa\tb\r\nStraße\t2,5\r\n", "utf16le")],
    ["UTF-16, the other way round", Buffer.from("\uFEFFa;b\nStraße;2,5\n", "utf16le").swap16()],
  ])("%s", async (_, bytes) => {
    expect(await rows(bytes)).toEqual(table);
  });

  test.each<[string, string, string[][]]>([
    [
      "a separator within quotes of the heading does not count",
      '"a, the, first, one";b\n1;2\n',
      [
        ["a, the, first, one", "b"],
        ["1", "2"],
      ],
    ],
    [
      "a heading over two lines",
      '"a\nx",b\n1,2\n',
      [
        ["a\nx", "b"],
        ["1", "2"],
      ],
    ],
    [
      "a line within quotes",
      'a,b\n"Once upon\r\na time",2\n',
      [
        ["a", "b"],
        ["Once upon\r\na time", "2"],
      ],
    ],
    [
      "quotes within quotes",
      'a,b\n1,"ha ""ha"" ha"\n',
      [
        ["a", "b"],
        ["1", 'ha "ha" ha'],
      ],
    ],
    [
      "nothing between separators",
      'a,b\n1,""\n,\n',
      [
        ["a", "b"],
        ["1", ""],
        ["", ""],
      ],
    ],
  ])("%s", async (_, text, expected) => {
    expect(await rows(text)).toEqual(expected);
  });

  test.each<[string, string | Buffer]>([
    ["another encoding", Buffer.from("a;b\nStraße;2\n", "latin1")],
    ["a quote that never ends", 'a,b\n"x,2\n'],
  ])("%s is refused", async (_, bytes) => {
    await expect(rows(bytes)).rejects.toMatchObject({ code: "tableUnreadable" });
  });
});

describe("XLSX", () => {
  const at = (text: string): Date => new Date(`${text}T00:00:00Z`);

  test.each(["1900", "1904"] as const)(
    "days of the %s date system, and the first sheet that is shown; the others are named",
    async (dateSystem) => {
      const bytes = await writeXlsx({
        dateSystem,
        sheets: [
          { name: "Lists", hidden: true, rows: [["x"]] },
          {
            name: "Year",
            rows: [
              ["day", "amount"],
              [at("2026-03-31"), 12.5],
              [at("2024-02-29"), 1000],
            ],
          },
          { name: "Notes", rows: [["later"]] },
          { name: "Empty", rows: [] },
        ],
      });
      const found = await rowsOf({ bytes: Buffer.from(bytes), name: "t" } as ImportSource);
      expect(found).toEqual({
        rows: [
          ["day", "amount"],
          ["2026-03-31", 12.5],
          ["2024-02-29", 1000],
        ],
        otherSheets: ["Lists", "Notes"],
      });
    },
  );

  test("a formula is what it came to; one that came to nothing is told, and so is an error", async () => {
    const cells = new Map<string, Partial<SheetCell>>([
      ["1,0", { formula: "6*2", formulaResult: 12 }],
      ["2,0", { formula: "6*2" }],
      ["3,0", { value: "#REF!", type: "error" }],
    ]);
    const bytes = await writeXlsx({ sheets: [{ name: "A", rows: [["amount"], [null], [null], [null]], cells }] });
    const found = await rows(Buffer.from(bytes));
    expect(readAll(found)).toMatchObject({
      records: [{ row: 2, cells: { amount: "12" } }],
      mistakes: [
        { row: 3, says: expect.stringMatching(/has no result/) },
        { row: 4, says: expect.stringMatching(/could not work this cell out: #REF!/) },
      ],
    });
  });
});
