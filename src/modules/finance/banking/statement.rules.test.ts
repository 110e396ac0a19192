// A statement must add up before it is imported, and importing it twice, or one that overlaps, must add nothing.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { Refusal } from "../../../kernel/refusal.ts";
import { readStatements } from "./statement-format.rules.ts";
import { assertStatementAddsUp, type ImportedSoFar, entryKey, proveStatement, statementEntryKeys } from "./statement.rules.ts";

const fixture = (name: string): string => readFileSync(resolve(import.meta.dirname, "../../../../test/fixtures/bank", name), "utf8");
const camt = fixture("camt053.v2.multi.statement.xml");
const mt940 = fixture("day.sta");
const read = (text: string) => readStatements(new TextEncoder().encode(text));
const isWrong = (text: string): Refusal | undefined => {
  try {
    read(text).map(assertStatementAddsUp);
    return undefined;
  } catch (fault) {
    if (fault instanceof Refusal) return fault;
    throw fault;
  }
};

describe("the proof of a statement", () => {
  it("holds when opening and entries make the closing balance", () => {
    expect(read(camt).map(proveStatement)).toMatchObject([
      { proven: true, opening: { minor: 1815n }, entriesSum: { minor: 885n }, closing: { minor: 2700n }, difference: { minor: 0n } },
      { proven: true, opening: { minor: 2700n }, entriesSum: { minor: -700n }, closing: { minor: 2000n } },
    ]);
    expect(proveStatement(read(mt940)[0]!)).toMatchObject({ proven: true, totalFaults: [] });
  });

  it("refuses wrong totals and names the figures", () => {
    const refusal = isWrong(camt.replace(">8.85<", ">8.84<"));
    expect(refusal).toMatchObject({
      code: "statementDoesNotAddUp",
      facts: { line: 26, opening: "18.15 EUR", entriesSum: "8.84 EUR", closing: "27.00 EUR", difference: "0.01 EUR" },
    });
    expect(refusal!.message).toContain(
      "opening 18.15 EUR and entries 8.84 EUR make 26.99 EUR, but it closes with 27.00 EUR, a difference of 0.01 EUR",
    );
    expect(isWrong(mt940.replace(":62F:C260701EUR1057,50", ":62F:D260701EUR1057,50"))?.code).toBe("statementDoesNotAddUp");
  });

  it("refuses balances in two currencies", () => {
    expect(isWrong(camt.replace('<Amt Ccy="EUR">27.00', '<Amt Ccy="SEK">27.00'))?.message).toContain("which are not one currency");
  });

  it("is open, not wrong, where a balance is missing", () => {
    expect(read(fixture("bank_medium.ofx")).map(assertStatementAddsUp)).toMatchObject([{ proven: false, unprovable: "openingMissing" }]);
    expect(read(fixture("camt052.v8.xml")).map(proveStatement)).toMatchObject([{ proven: false, unprovable: "openingMissing" }]);
  });

  it("counts only booked entries", () => {
    const ahead = (status: string) => `<Ntry><Amt Ccy="EUR">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>${status}</Sts></Ntry>`;
    const [statement] = read(camt.replace("</Stmt>", `${ahead("<Cd>PDNG</Cd>")}${ahead("INFO")}</Stmt>`));
    expect(statement!.entries).toMatchObject([
      { status: "booked" },
      { status: "pending", bookingDay: "2015-03-10" },
      { status: "information", bookingDay: "2015-03-10" },
    ]);
    expect(proveStatement(statement!).proven).toBe(true);
  });

  it.each([
    ["<TtlNtries><Sum>8.85</Sum></TtlNtries><TtlCdtNtries><NbOfNtries>1</NbOfNtries><Sum>8.85</Sum></TtlCdtNtries>", ""],
    ["<TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries>", "the bank counts 2 entries and the file has 1"],
    ["<TtlNtries><Sum>8.84</Sum></TtlNtries>", "the bank sums its entries to 8.84 EUR and the file to 8.85 EUR"],
    ["<TtlCdtNtries><NbOfNtries>0</NbOfNtries></TtlCdtNtries>", "the bank counts 0 credits and the file has 1"],
    [
      "<TtlDbtNtries><NbOfNtries>0</NbOfNtries><Sum>1</Sum></TtlDbtNtries>",
      "the bank sums its debits to 1.00 EUR and the file to 0.00 EUR",
    ],
  ])("checks the bank's own totals: %s", (totals, fault) => {
    const refusal = isWrong(camt.replace("<Ntry>", `<TxsSummry>${totals}</TxsSummry><Ntry>`));
    if (fault === "") expect(refusal).toBeUndefined();
    else expect(refusal).toMatchObject({ code: "statementDoesNotAddUp", facts: { totalFaults: [fault] } });
  });
});

describe("the keys of entries", () => {
  const keysOf = (text: string, imported?: ReadonlyMap<string, ImportedSoFar>) => statementEntryKeys(read(text), imported).flat();
  const payment = ":61:2607010701DR40,00NMSCNONREF\r\n:86:105?00LASTSCHRIFT?20SVWZ+Car park?32Parking Ltd\r\n";

  it("are the same when the file is read again, and differ for two equal payments of one day", () => {
    const keys = keysOf(mt940);
    expect(new Set(keys).size).toBe(5);
    expect(keysOf(mt940)).toEqual(keys);
    const [, , first, second] = read(mt940)[0]!.entries;
    expect(entryKey("a", first!)).toBe(entryKey("a", second!));
  });

  it("are the same in an overlapping statement, where only what is new gets a new key", () => {
    const morning = mt940.replace(payment, "").replace(":62F:C260701EUR1057,50", ":62F:C260701EUR1097,50");
    const known = new Set(keysOf(morning));
    expect(known.size).toBe(4);
    expect(keysOf(mt940).filter((key) => !known.has(key))).toHaveLength(1);
  });

  it("are the same when a statement stands twice in one file", () => {
    expect(new Set(keysOf(mt940 + mt940)).size).toBe(5);
  });

  it("go on counting where the next page follows", () => {
    const head = ":20:B\r\n:25:10020030/1234567890\r\n:28C:00042/002\r\n:60F:C260701EUR1057,50\r\n";
    const next = `${head}${payment}:62F:C260701EUR1017,50\r\n-\r\n`;
    const both = keysOf(mt940 + next);
    expect(new Set(both).size).toBe(6);
    const entries = read(mt940)[0]!.entries;
    const counts = new Map<string, number>();
    for (const entry of entries)
      counts.set(entryKey("10020030/1234567890", entry), (counts.get(entryKey("10020030/1234567890", entry)) ?? 0) + 1);
    const imported = new Map([["10020030/1234567890", { last: read(mt940)[0]!, counts }]]);
    expect(keysOf(next, imported)).toEqual(both.slice(-1));
    // The first page once more meets its own keys.
    expect(keysOf(mt940, imported)).toEqual(both.slice(0, 5));
  });

  it("add nothing when an account that is swept to zero is read again", () => {
    const swept = ":20:A\r\n:25:1\r\n:28C:7\r\n:60F:C260701EUR0,\r\n:61:260701C5,NTRFX\r\n:61:260701D5,NTRFY\r\n:62F:C260701EUR0,\r\n-\r\n";
    expect(new Set(keysOf(swept + swept)).size).toBe(2);
  });

  it("rest on the bank's reference where there is one, however the text is worded", () => {
    const worded = mt940.replace("Invoice 2026-0042", "INVOICE 2026 0042");
    expect(keysOf(worded)[0]).toBe(keysOf(mt940)[0]);
    expect(keysOf(mt940.replace("Car park?32Parking Ltd\r\n:61:2607020", "Garage?32Parking Ltd\r\n:61:2607020"))[3]).not.toBe(
      keysOf(mt940)[3],
    );
  });
});
