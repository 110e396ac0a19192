// MT940 line by line: the ways banks write entries, years, wrapped texts and the structures inside field 86.
import { describe, expect, it } from "vitest";
import { draftMt940 } from "./mt940.rules.ts";

const entryOf = (line: string, text = "") =>
  draftMt940(`:20:A\n:25:1\n:60F:C260101EUR0,\n:61:${line}\n${text ? `:86:${text}\n` : ""}`)[0]!.entries[0]!;

describe("an entry of MT940", () => {
  it.each([
    ["2601020102C1,NTRFNONREF", 100n, false, "2026-01-02"],
    ["2601020102D1,5NTRFNONREF", -150n, false, "2026-01-02"],
    ["2601020102RC1,NTRFNONREF", -100n, true, "2026-01-02"],
    ["2601020102RDR1,NTRFNONREF", 100n, true, "2026-01-02"],
    ["2601021231C1,NTRFNONREF", 100n, false, "2025-12-31"],
    ["2512310102C1,NTRFNONREF", 100n, false, "2026-01-02"],
    ["2403010229C1,NTRFNONREF", 100n, false, "2024-02-29"],
  ])("%s", (line, minor, isReversal, bookingDay) => {
    expect(entryOf(line)).toMatchObject({ amount: { minor }, isReversal, bookingDay });
  });

  it("keeps the customer's and the bank's reference apart, and drops what says that there is none", () => {
    expect(entryOf("260102C1,NTRFORDER 7//BANK/8")).toMatchObject({ customerReference: "ORDER 7", bankReference: "BANK/8" });
    expect(entryOf("260102C1,NTRFNONREF//").customerReference).toBeUndefined();
    expect(entryOf("260102C1,NTRFNONREF\nfrom the second line").remittanceText).toBe("from the second line");
  });
});

describe("what banks write beside the standard", () => {
  const statement = (...lines: readonly string[]) => draftMt940(lines.join("\n"));

  it("a blank between amount and type, as German banks behind a payment service send", () => {
    expect(entryOf("2103310331C50,00 NTRFNONREF//2109025460313532")).toMatchObject({
      amount: { minor: 5000n },
      transactionCode: "NTRF",
      bankReference: "2109025460313532",
    });
  });

  it("a customer's reference filled up to its 16 characters, with a name behind it", () => {
    const entry = entryOf("110527D000000001213,28N0440121470966      W.P. Jansen", "Terugboeking");
    expect(entry).toMatchObject({ customerReference: "0121470966", counterpartyName: "W.P. Jansen", remittanceText: "Terugboeking" });
    const unnamed = entryOf("110721D000000000236,56N030NONREF          TOMTE TUMMETOT");
    expect([unnamed.customerReference, unnamed.counterpartyName]).toEqual([undefined, "TOMTE TUMMETOT"]);
    expect(entryOf("260102C1,NTRFLONGER THAN 16 X//B").customerReference).toBe("LONGER THAN 16 X");
    expect(entryOf("260102C1,NTRF12345678901234567890").customerReference).toBe("12345678901234567890");
  });

  it("the other party's account in the second line of field 61, told as the account and not as words", () => {
    const text = "/EREF/E-1/BENM//NAME/J JANSEN/REMI//ISDT/2013-07-11";
    expect(entryOf("130101D25,00N102EREF            \nNL91ABNA0417164300", text)).toMatchObject({
      counterpartyAccount: "NL91ABNA0417164300",
      counterpartyName: "J JANSEN",
      remittanceText: "",
    });
    // One digit changed: no account by its check digits, so it stays a word.
    expect(entryOf("130101D25,00N102EREF\nNL91ABNA0417164301").remittanceText).toBe("NL91ABNA0417164301");
  });

  it("a wrapped entry and a wrapped tag", () => {
    const entry = entryOf("1811261126CR\n30,00N062NONREF\n:\n86:166?00GUTSCHRIFT?20SVWZ+Test");
    expect(entry).toMatchObject({ amount: { minor: 3000n }, valueDay: "2018-11-26", transactionCode: "N062/166", remittanceText: "Test" });
  });

  it("a colon alone in a text, which is no tag", () => {
    expect(entryOf("260102C1,NTRFNONREF", "one\n:\ntwo").remittanceText).toBe("one : two");
  });

  it("a closing balance without its currency, which is the opening balance's", () => {
    const [draft] = statement(":20:A", ":25:1", ":60F:C020315DEM0,00", ":61:020315CM5,00S051", ":62M:C0203155,00");
    expect(draft!.closingBalance).toMatchObject({ code: "62M", amount: { amount: "5.00", currency: "DEM" }, day: "2002-03-15" });
    expect(() => statement(":20:A", ":25:1", ":60F:C0203150,00", ":62F:C0203155,00")).toThrow(/is not a balance/);
  });

  it("a text whose last dash stands alone in a line, and a dash that ends a statement", () => {
    const one = [":20:A", ":25:1", ":60F:C260101EUR0,", ":61:260102C1,NTRFNONREF", ":86:first -", "-", "last", ":62F:C260102EUR1,", "-"];
    const drafts = statement(...one, ":20:B", ":25:2", ":60F:C260102EUR1,", ":62F:C260102EUR1,", "-}");
    expect(drafts.map(({ accountIdentification, faults }) => [accountIdentification, faults])).toEqual([
      ["1", []],
      ["2", []],
    ]);
    expect(drafts[0]!.entries[0]!.remittanceText).toBe("first - - last");
  });

  it("two files joined by the mark that ended a file in DOS", () => {
    const [first, second] = ["1", "2"].map((account) => `:20:A\n:25:${account}\n:60F:C260101EUR0,\n:62F:C260101EUR0,\n`);
    const drafts = draftMt940(`\u0001\n${first}\u001A${second}-\u0003\n`);
    expect(drafts.map(({ accountIdentification, faults }) => [accountIdentification, faults])).toEqual([
      ["1", []],
      ["2", []],
    ]);
  });
});

describe("field 86", () => {
  it("in the German structure", () => {
    const text = "166?00GUTSCHRIFT?20EREF+ORDER-1?21KREF+K1?22SVWZ+Invoice 2026?23-0042?31DE89370400440532013000?32Example?33 GmbH";
    expect(entryOf("260102C1,NTRFNONREF", text)).toMatchObject({
      endToEndId: "ORDER-1",
      customerReference: "K1",
      remittanceText: "Invoice 2026 -0042",
      counterpartyName: "Example GmbH",
      counterpartyAccount: "DE89370400440532013000",
      transactionCode: "NTRF/166",
    });
  });

  it("in the Dutch structure, of two banks", () => {
    const named = "/TRTP/SEPA OVERBOEKING/IBAN/NL91ABNA0417164300/BIC/ABNANL2A/NAME/J JANSEN/REMI/factuur 12\n 3/EREF/NOTPROVIDED";
    const first = entryOf("260102C1,NTRFNONREF", named);
    expect(first).toMatchObject({
      counterpartyName: "J JANSEN",
      counterpartyAccount: "NL91ABNA0417164300",
      remittanceText: "factuur 12 3",
    });
    expect(first.endToEndId).toBeUndefined();
    const packed = "/EREF/E-1//CNTP/NL32INGB0000012345/INGBNL2A/ING BANK///REMI/STRD/CUR/9001123412341234/";
    expect(entryOf("260102C1,NTRFNONREF", packed)).toMatchObject({
      counterpartyName: "ING BANK",
      counterpartyAccount: "NL32INGB0000012345",
      structuredReference: "9001123412341234",
    });
  });

  it("as free text, also when it looks like an account number or a wrapped time", () => {
    expect(entryOf("260102C1,NTRFNONREF", "123.45.67.890 BAKER\nrolls").remittanceText).toBe("123.45.67.890 BAKER rolls");
    expect(entryOf("260102C1,NTRFNONREF", "paid on 2026-01-02T13\n:20:11").remittanceText).toBe("paid on 2026-01-02T13 :20:11");
  });
});
