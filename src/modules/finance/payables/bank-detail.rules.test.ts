// Numbers of bank accounts: the examples of the IBAN registry and of the Federal Reserve's routing numbers, and the same with one digit
// wrong.
import { describe, expect, test } from "vitest";
import { bankDetailText, isRoutingNumber, readBankDetail } from "./bank-detail.rules.ts";

describe("an IBAN", () => {
  test.each(["DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819", "CH93 0076 2011 6238 5295 7", "NO9386011117947"])("%s", (iban) => {
    expect(readBankDetail({ iban })).toMatchObject({ kind: "iban", number: iban.replace(/ /g, "") });
  });

  test.each(["DE88370400440532013000", "DE8937040044053201300", "XX89370400440532013000", ""])("no: %s", (iban) => {
    expect(readBankDetail({ iban })).toMatchObject({ code: "ibanWrong" });
  });

  test("with a BIC", () => {
    expect(readBankDetail({ iban: "DE89370400440532013000", bic: "cobadeffxxx" })).toMatchObject({ bic: "COBADEFFXXX" });
    expect(readBankDetail({ iban: "DE89370400440532013000", bic: "COBA" })).toMatchObject({ code: "bicWrong" });
  });
});

describe("a routing number", () => {
  // 231380104 and 121042882 stand in the sample files of moov-io/ach; 021000021 and 011000015 are published by the Federal Reserve.
  test.each(["231380104", "121042882", "021000021", "011000015"])("%s", (routing) => expect(isRoutingNumber(routing)).toBe(true));
  test.each(["231380105", "12104288", "021000012", "000000000", "02100002A"])("no: %s", (routing) =>
    expect(isRoutingNumber(routing)).toBe(false),
  );

  test("needs its account", () => {
    expect(readBankDetail({ routing: "021000021" })).toMatchObject({ code: "detailsMissing" });
    expect(readBankDetail({})).toMatchObject({ code: "detailsMissing" });
    expect(readBankDetail({ routing: "021000021", account: "123-456 78" })).toMatchObject({ kind: "us", number: "12345678" });
    expect(readBankDetail({ routing: "021000021", account: "123456789012345678" })).toMatchObject({ code: "accountWrong" });
    expect(readBankDetail({ routing: "021000022", account: "1" })).toMatchObject({ code: "routingWrong" });
    expect(readBankDetail({ iban: "DE89370400440532013000", account: "1" })).toMatchObject({ code: "bothKinds" });
  });
});

test("numbers are shown as people write them", () => {
  expect(bankDetailText({ number: "DE89370400440532013000", routing: null })).toBe("DE89 3704 0044 0532 0130 00");
  expect(bankDetailText({ number: "12345678", routing: "021000021" })).toBe("021000021 / 12345678");
});
