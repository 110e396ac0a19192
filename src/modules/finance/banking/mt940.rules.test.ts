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
