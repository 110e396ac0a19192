// Files of rates as the European Central Bank publishes them, and a plain list.
import { expect, test } from "vitest";
import { readRates } from "./rate-file.rules.ts";

const xml = `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
  <gesmes:subject>Reference rates</gesmes:subject>
  <Cube><Cube time='2026-03-31'><Cube currency='USD' rate='1.0815'/><Cube currency='JPY' rate='162.42'/></Cube>
  <Cube time='2026-03-30'><Cube currency='USD' rate='1.0800'/></Cube></Cube>
</gesmes:Envelope>`;
const usd = { base: "EUR", currency: "USD", kind: "spot", day: "2026-03-31", rate: "1.0815" };

test("the bank's XML, days and all", () => {
  expect(readRates(xml, "spot")).toEqual([usd, { ...usd, currency: "JPY", rate: "162.42" }, { ...usd, day: "2026-03-30", rate: "1.0800" }]);
});

test("the bank's CSV with a column for each currency; what is not told is left out", () => {
  const csv = "Date,USD,JPY,CYP,\n2026-03-31,1.0815,162.42,N/A,\n2026-03-30,1.0800,N/A,N/A,\n";
  expect(readRates(csv, "closing")).toEqual([
    { ...usd, kind: "closing" },
    { ...usd, kind: "closing", currency: "JPY", rate: "162.42" },
    { ...usd, kind: "closing", day: "2026-03-30", rate: "1.0800" },
  ]);
});

// eurofxref.zip of 2023-02-10, which has this one row; its first columns.
test("the bank's CSV of one day, which writes out its month", () => {
  const csv = "Date, USD, JPY, BGN, \n10 February 2023, 1.0690, 139.88, 1.9558, \n";
  const told = { base: "EUR", kind: "spot", day: "2023-02-10" };
  expect(readRates(csv, "spot")).toEqual([
    { ...told, currency: "USD", rate: "1.0690" },
    { ...told, currency: "JPY", rate: "139.88" },
    { ...told, currency: "BGN", rate: "1.9558" },
  ]);
  expect(readRates(csv.replace("February", "Februar"), "spot")).toMatchObject({ line: 2 });
});

test("a plain list, with semicolons too", () => {
  const csv = "day;base;currency;rate;kind\n2026-03-31;EUR;USD;1.0815;\n2026-03-31;USD;INR;94.39;average\n";
  expect(readRates(csv, "spot")).toEqual([usd, { day: "2026-03-31", base: "USD", currency: "INR", rate: "94.39", kind: "average" }]);
});

test.each([
  ["an empty file", "", 1, "the file is empty"],
  ["no day", "currency,rate\nUSD,1\n", 1, "the first column is called day"],
  ["a day that is none", "day,base,currency,rate\n2026-02-30,EUR,USD,1.1\n", 2, "2026-02-30 is not a day like 2026-03-31"],
  ["a comma in the rate", 'day,base,currency,rate\n2026-03-31,EUR,USD,"1,1"\n', 2, "1,1 is not a rate like 1.0832"],
  ["nothing for it", "day,base,currency,rate\n2026-03-31,EUR,USD,0\n", 2, "0 is not a rate like 1.0832"],
  ["a currency of nowhere", "day,base,currency,rate\n2026-03-31,EUR,XYZ,1\n", 2, "EUR and XYZ are not two currencies"],
  ["one currency", "day,base,currency,rate\n2026-03-31,EUR,EUR,1\n", 2, "EUR has no rate to itself"],
  [
    "another kind",
    "day,base,currency,rate,kind\n2026-03-31,EUR,USD,1,noon\n",
    2,
    "noon is no kind of rate; there are spot, average, closing",
  ],
])("%s is told with its line", (_, text, line, reason) => {
  expect(readRates(text, "spot")).toEqual({ line, reason });
});

test("XML that is cut off", () => {
  expect(readRates("<a><b>", "spot")).toMatchObject({ line: 1 });
});
