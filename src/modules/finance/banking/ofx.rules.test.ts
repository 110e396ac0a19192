// OFX as banks write it beside the standard: what they leave empty, and what they call their encoding.
import { describe, expect, it } from "vitest";
import { Refusal } from "../../../kernel/refusal.ts";
import { readStatements } from "./statement-format.rules.ts";

const header = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n\n";
const entry = (id: string, more = "") =>
  `<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260507<TRNAMT>12.34<FITID>${id}<MEMO>Transfer${more}</STMTTRN>`;
const currency = (code: string) => `<CURRENCY><CURRATE>1.0000</CURRATE><CURSYM>${code}</CURSYM></CURRENCY>`;
const file = (told: string, entries: string, balance = "") =>
  `<OFX><BANKMSGSRSV1><STMTTRNRS><TRNUID>0<STMTRS>${told}<BANKACCTFROM><BANKID>NPBS<ACCTID>12345678</BANKACCTFROM>` +
  `<BANKTRANLIST><DTSTART>20260506<DTEND>20260804${entries}</BANKTRANLIST>${balance}</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>`;
const read = (text: string) => readStatements(new TextEncoder().encode(text))[0]!;

function refusal(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return "nothing";
}

describe("an empty CURDEF", () => {
  it("is what every entry names, where they name one", () => {
    const statement = read(header + file("<CURDEF></CURDEF>", entry("1", currency("AUD")) + entry("2", currency("AUD"))));
    expect(statement).toMatchObject({ currency: "AUD", accountIdentification: "12345678", bankIdentification: "NPBS" });
    expect(statement.entries.map(({ amount }) => amount.toString())).toEqual(["12.34 AUD", "12.34 AUD"]);
  });

  it.each([
    ["nobody names it", entry("1")],
    ["one entry does not", entry("1", currency("AUD")) + entry("2")],
    ["two are named", entry("1", currency("AUD")) + entry("2", currency("USD"))],
    ["there is no entry", ""],
  ])("is refused when %s", (_, entries) => {
    expect(refusal(header + file("<CURDEF></CURDEF>", entries))).toBe("currencyUnknown");
  });
});

describe("a balance", () => {
  const balance = (amount: string, day: string) => `<LEDGERBAL><BALAMT>${amount}</BALAMT><DTASOF>${day}</DTASOF></LEDGERBAL>`;
  const withBalance = (amount: string, day: string) => header + file("<CURDEF>BRL", entry("1"), balance(amount, day));

  it.each([
    ["left empty", "", ""],
    ["of zeroes only, as Brazilian banks write that they tell none", "0,00", "00000000"],
  ])("%s is none", (_, amount, day) => {
    expect(read(withBalance(amount, day)).closingBalance).toBeUndefined();
  });

  it("of zero on a day is one", () => {
    expect(read(withBalance("0,00", "20260804")).closingBalance).toMatchObject({ amount: { minor: 0n }, day: "2026-08-04" });
  });

  it.each([
    ["an amount without a day", "12,00", "", "balanceMalformed"],
    ["an amount on the day zero", "12,00", "00000000", "dayMalformed"],
    ["a day without an amount", "", "20260804", "amountMalformed"],
  ])("of %s is refused", (_, amount, day, code) => {
    expect(refusal(withBalance(amount, day))).toBe(code);
  });
});

it("XML that calls its encoding USASCII, as the examples of the standard do, is ASCII", () => {
  const declared = '<?xml version="1.0" encoding="USASCII"?>\n<?OFX OFXHEADER="200" VERSION="211"?>\n';
  expect(read(declared + file("<CURDEF>USD</CURDEF>", entry("1"))).entries).toHaveLength(1);
  expect(refusal(declared.replace("USASCII", "EBCDIC-XX") + file("<CURDEF>USD</CURDEF>", entry("1")))).toBe("statementEncodingUnknown");
});
