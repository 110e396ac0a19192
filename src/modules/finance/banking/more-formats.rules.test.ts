// BAI2, CODA, QIF and CSV: what published samples and layouts say stands in them, and what is refused rather than guessed.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it, test } from "vitest";
import { Refusal } from "../../../kernel/refusal.ts";
import type { CsvMapping } from "./csv.rules.ts";
import { detectMapping } from "./csv-detect.rules.ts";
import { draftStatements, readStatements } from "./statement-format.rules.ts";
import { proveStatement } from "./statement.rules.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const own = { currency: "EUR", account: "BE68539007547034" };

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return "nothing";
}

const folder = resolve(import.meta.dirname, "../../../../../shared/samples/01-bank-statements/bai2-moov");
const isHere = existsSync(folder);

describe.skipIf(!isHere)("BAI2 samples of moov-io/bai2", () => {
  const expected = JSON.parse(isHere ? readFileSync(resolve(folder, "../dev/expected-dev.json"), "utf8") : "{}") as Record<
    string,
    { accounts?: number; transactions?: number; expect?: string; trailers?: string[] }
  >;
  const names = Object.keys(expected).filter((name) => name.startsWith("bai2"));
  const read = (name: string) => readStatements(readFileSync(resolve(folder, "..", name)));

  it.each(names.filter((name) => !expected[name]!.expect))("%s", (name) => {
    const statements = read(name);
    expect(statements.length).toBe(expected[name]!.accounts);
    expect(statements.flatMap((one) => one.entries).length).toBe(expected[name]!.transactions);
  });
  it.each(names.filter((name) => expected[name]!.expect))("%s is refused whole", (name) => {
    expect(refusal(() => read(name))).toBe("statementFormatUnknown");
  });
  it("takes the totals that tie, and says in words which do not", () => {
    const [first] = read("bai2-moov/test/testdata/sample1.txt");
    // finance.md 5.9: credits 208500 in 3, debits 208500 in 8, in Canadian cents.
    const sum = (sign: bigint) => first!.entries.filter((one) => one.amount.minor * sign > 0n).map((one) => one.amount.minor * sign);
    expect([first!.accountIdentification, first!.currency]).toEqual(["10200123456", "CAD"]);
    expect([sum(1n).length, sum(1n).reduce((a, b) => a + b)]).toEqual([3, 208500n]);
    expect([sum(-1n).length, sum(-1n).reduce((a, b) => a + b)]).toEqual([8, 208500n]);
    expect(first!.doubts).toEqual([]);
    const scrambled = read("bai2-moov/test/testdata/sample4-continuations-newline-delimited.txt")[1]!;
    expect(scrambled.doubts![0]).toBe("The bank's control total of the account is -1260161341762 and its records make 7999960.");
    expect(scrambled.entries[0]).toMatchObject({
      bankReference: "SPB2322984714570",
      customerReference: "1111",
      counterpartyAccount: "ACHCONTROLOUTUSD01",
      endToEndId: "1111",
    });
  });
});

describe("BAI2", () => {
  const file = (body: string, sums = "49,24500,5/\n98,24500,1,7/\n99,24500,1,9/") =>
    `01,BANK,ME,261121,0800,1,,,2/\n02,ME,BANK,1,261120,,USD,2/\n03,123456,,010,10000,,,015,12500,,/\n${body}\n${sums}`;
  const payments = "16,195,3000,V,261121,,BR1,CR1,INVOICE 12, PART\n88,REMI: SECOND, LINE\n16,475,500,,BR2,,CHECK/";
  test("an opening and a closing ledger balance prove the day; texts keep their commas", () => {
    const [one] = readStatements(bytes(file(payments, "49,26000,5/\n98,26000,1,8/\n99,26000,1,10/")));
    expect(one!.entries.map((entry) => entry.amount.toString())).toEqual(["30.00 USD", "-5.00 USD"]);
    expect(one!.entries[0]).toMatchObject({
      valueDay: "2026-11-21",
      bookingDay: "2026-11-20",
      remittanceText: "INVOICE 12, PART\nSECOND, LINE",
    });
    expect(proveStatement(one!).proven).toBe(true);
  });
  test("a control total that differs leaves it unproven, with the reason", () => {
    const [one] = readStatements(bytes(file(payments, "49,26001,5/\n98,26001,1,8/\n99,26001,1,10/")));
    expect(one!.doubts).toHaveLength(1);
    expect(proveStatement(one!)).toMatchObject({ proven: false, unprovable: "totalsDiffer" });
  });
  test("records in one line, a text that runs on without its 88, and an 88 with another sign behind it", () => {
    // moov-io/bai2 reads all three (sample3, sample5-issue113); the control totals and counts below are worked out by hand.
    const lines =
      "16,195,3000,Z,,,INVOICE  12/ 16,475,500,Z,,BR2,CHECK PAID\nTO A BAKER    /\n88:EREF: 4711/        49,26000,5/  98,26000,1,7/";
    const [one] = readStatements(bytes(file(lines, "99,26000,1,9/")));
    expect(one!.entries.map((entry) => [entry.amount.toString(), entry.remittanceText, entry.endToEndId])).toEqual([
      ["30.00 USD", "INVOICE  12", undefined],
      ["-5.00 USD", "CHECK PAID\nTO A BAKER", "4711"],
    ]);
    expect([proveStatement(one!).proven, one!.doubts]).toEqual([true, []]);
  });
  test("one comma too many at the end of a line of balances", () => {
    // 10000 + 12500 + 9000 + 0 + 3000 of credits + 3000 + 500; the records 03, 88, 88, 16, 16 and 49 are six.
    const text = file("16,142,3000,,172629,/\n16,475,500,,BR2,,CHECK/", "49,38000,6/\n98,38000,1,8/\n99,38000,1,10/").replace(
      "015,12500,,/",
      "015,12500,,,/\n88,040,9000,,,072,000,,,/\n88,100,3000,1,,/",
    );
    const [one] = readStatements(bytes(text));
    expect(one!.otherBalances.map(({ code, amount }) => [code, amount.minor])).toEqual([
      ["040", 9000n],
      ["072", 0n],
    ]);
    expect([proveStatement(one!).proven, one!.doubts]).toEqual([true, []]);
  });
  test("yen have no decimals and dinars three", () => {
    const of = (currency: string) =>
      readStatements(bytes(file(payments).replace(",USD,", `,${currency},`)))[0]!.entries[0]!.amount.toString();
    expect([of("JPY"), of("KWD")]).toEqual(["3000 JPY", "3.000 KWD"]);
  });
  test.each([
    ["a file that is cut off", file(payments, "49,26000,5/"), "statementTruncated"],
    ["an amount with a point", file("16,195,30.00,,,,/"), "amountMalformed"],
    ["a payment of a loan, which says no direction", file("16,721,3000,,,,/"), "entryMalformed"],
    ["a day that does not exist", file(payments).replace("261120", "260230"), "dayMalformed"],
    ["a deletion of an earlier report", file(payments).replace("02,ME,BANK,1", "02,ME,BANK,2"), "correctionUnsupported"],
    ["a record that is none", file("17,195,3000/"), "entryMalformed"],
    ["a damaged record behind an open text", file("16,195,3000,Z,,,TEXT\n1X,195,3000,Z,,,TEXT"), "entryMalformed"],
    ["words behind a text that has ended", file("16,195,3000,Z,,,TEXT/\nMORE"), "entryMalformed"],
    ["words behind a balance", file("MORE"), "entryMalformed"],
  ])("refuses %s", (_, text, code) => {
    expect(refusal(() => readStatements(bytes(text)))).toBe(code);
  });
});

/** Places text at columns counted from 1, as the standard of Febelfin does. */
function coda(...parts: readonly (readonly [number, string])[]): string {
  const line = Array.from({ length: 128 }, () => " ");
  for (const [from, text] of parts) [...text].forEach((letter, index) => (line[from - 1 + index] = letter));
  return line.join("");
}

describe("CODA", () => {
  const header = coda([1, "0"], [2, "0000"], [6, "201126"], [12, "539"], [15, "05"], [25, "REF0000001"], [61, "KREDBEBB"], [128, "2"]);
  const old = coda([1, "12001"], [6, "BE68539007547034"], [40, "EUR"], [43, "0"], [44, "000000001000000"], [59, "191126"]);
  const payment = (amount: string, sign = "0") =>
    coda(
      [1, "21"],
      [3, "0001"],
      [7, "0000"],
      [11, "BANKREF1"],
      [32, sign],
      [33, amount],
      [48, "201126"],
      [54, "00150000"],
      [62, "1"],
      [63, "101"],
      [66, "090933755493"],
      [116, "201126"],
      [122, "001"],
      [126, "1"],
    );
  const more = coda([1, "22"], [3, "0001"], [7, "0000"], [64, "E2E-77"], [99, "GEBABEBB"], [126, "1"]);
  const party = coda([1, "23"], [3, "0001"], [7, "0000"], [11, "BE62510007547061"], [45, "EUR"], [48, "JAN JANSSENS"]);
  const closing = (amount: string) =>
    coda([1, "8"], [2, "001"], [5, "BE68539007547034"], [39, "EUR"], [42, "0"], [43, amount], [58, "201126"]);
  const sums = (lines: string, debit: string, credit: string) => coda([1, "9"], [17, lines], [23, debit], [38, credit], [128, "2"]);
  const whole = [
    header,
    old,
    payment("000000000123450"),
    more,
    party,
    closing("000000001123450"),
    sums("000005", "000000000000000", "000000000123450"),
  ];

  test("a payment with its reference, name and account; old and new balance prove it", () => {
    const [one] = readStatements(bytes(whole.join("\r\n")), own);
    expect(readStatements(bytes(`\r\n\r\n${whole.join("\r\n")}`), own)).toHaveLength(1);
    expect(one).toMatchObject({
      format: "CODA",
      accountIdentification: "BE68539007547034",
      currency: "EUR",
      openingBalance: { day: "2026-11-19", amount: { amount: "1000.00" } },
      closingBalance: { day: "2026-11-20", amount: { amount: "1123.45" } },
    });
    expect(one!.entries).toMatchObject([
      {
        bookingDay: "2026-11-20",
        amount: { amount: "123.45" },
        bankReference: "BANKREF1",
        endToEndId: "E2E-77",
        counterpartyName: "JAN JANSSENS",
        counterpartyAccount: "BE62510007547061",
        structuredReference: "+++090/9337/55493+++",
      },
    ]);
    expect(proveStatement(one!).proven).toBe(true);
  });
  test.each([
    ["a tenth of a cent, which is never rounded", [header, old, payment("000000000123456")], "amountTooPrecise"],
    [
      "a sum of credits that differs",
      [...whole.slice(0, -1), sums("000005", "000000000000000", "000000000123460")],
      "statementDoesNotAddUp",
    ],
    [
      "a number of lines that differs",
      [...whole.slice(0, -1), sums("000006", "000000000000000", "000000000123450")],
      "statementDoesNotAddUp",
    ],
    ["a file without its sums", whole.slice(0, -1), "statementTruncated"],
    ["version 1", [header.replace(/2$/, "1"), ...whole.slice(1)], "statementFormatUnsupported"],
    ["a line that is too long", [header, `${old}X`, ...whole.slice(2)], "entryMalformed"],
  ])("refuses %s", (_, lines, code) => {
    const ended = lines.some((line) => line.startsWith("9")) || code === "statementTruncated";
    const text = ended ? lines : [...lines, sums("000002", "000000000000000", "000000000123456")];
    expect(refusal(() => readStatements(bytes(text.join("\n")), own))).toBe(code);
  });
});

describe("QIF", () => {
  const qif = (...entries: string[]) => bytes(`!Type:Bank\n${entries.map((entry) => `${entry}\n^`).join("\n")}\n`);
  test("days decide their order together; amounts keep their thousands", () => {
    const [one] = readStatements(qif("D8/12'26\nT-1,000.00\nPDelta PC\nN101", "D8/15/26\nT75.46\nPWalts Drugs\nMRent"), own);
    expect(one!.entries).toMatchObject([
      { bookingDay: "2026-08-12", amount: { amount: "-1000.00" }, counterpartyName: "Delta PC", customerReference: "101" },
      { bookingDay: "2026-08-15", amount: { amount: "75.46" }, remittanceText: "Rent" },
    ]);
    expect([one!.currency, one!.accountIdentification, one!.isAccountAssumed]).toEqual(["EUR", own.account, true]);
  });
  test("days that may be read in two ways are asked about, and read as said", () => {
    const text = qif("D8/12/26\nT-10.00");
    expect(refusal(() => readStatements(text, own))).toBe("dayAmbiguous");
    expect(readStatements(text, { ...own, dayOrder: "dmy" })[0]!.entries[0]!.bookingDay).toBe("2026-12-08");
  });
  test("with points the day stands first, as nobody writes the month first then", () => {
    expect(readStatements(qif("D05.11.2026\nT-10.00", "D06.11.2026\nT-5.00"), own)[0]!.entries.map((one) => one.bookingDay)).toEqual([
      "2026-11-05",
      "2026-11-06",
    ]);
    expect(refusal(() => readStatements(qif("D05/11/2026\nT-10.00"), own))).toBe("dayAmbiguous");
  });
  test.each([
    ["an entry that is cut off", bytes("!Type:Bank\nD1/31/26\nT5.00"), "statementTruncated"],
    ["a broker's list", bytes("!Type:Invst\nD1/31/26\nT5.00\n^\n"), "investmentStatement"],
    ["three decimals", qif("D1/31/26\nT5.001"), "amountTooPrecise"],
    ["no amount", qif("D1/31/26\nPNobody"), "amountMissing"],
    ["two accounts without a number", bytes("!Type:Bank\nD1/31/26\nT1.00\n^\n!Type:CCard\nD1/31/26\nT1.00\n^\n"), "accountMissing"],
  ])("refuses %s", (_, text, code) => {
    expect(refusal(() => readStatements(text, own))).toBe(code);
  });
});

describe("CSV", () => {
  const detect = (text: string): CsvMapping => detectMapping(text, "utf-8")!.mapping;
  const read = (text: string, mapping = detect(text)) => readStatements(bytes(text), { ...own, mapping })[0]!;
  test("a German bank: semicolons, comma, newest first, balance after each", () => {
    const text =
      "Buchungstag;Valuta;Auftraggeber/Empfänger;IBAN;Verwendungszweck;Betrag;Währung;Saldo\n" +
      "20.11.2026;20.11.2026;Acme GmbH;DE89370400440532013000;Rechnung 12;1.234,50;EUR;1.334,50\n" +
      "19.11.2026;19.11.2026;Miete;DE02500105170137075030;November;-900,00;EUR;100,00\n";
    const one = read(text);
    expect(one.entries).toMatchObject([
      { bookingDay: "2026-11-19", amount: { amount: "-900.00" }, counterpartyName: "Miete", remittanceText: "November" },
      { bookingDay: "2026-11-20", amount: { amount: "1234.50" }, counterpartyAccount: "DE89370400440532013000" },
    ]);
    expect([one.openingBalance!.amount.amount, one.closingBalance!.amount.amount]).toEqual(["1000.00", "1334.50"]);
    expect(proveStatement(one).proven).toBe(true);
  });
  test("an American bank: debit and credit apart, lines above the header", () => {
    const text = "Account 123\nExported today\n\nDate,Description,Debit,Credit\n11/20/2026,COFFEE,4.50,\n11/21/2026,REFUND,,10.00\n";
    expect(read(text).entries.map((entry) => [entry.bookingDay, entry.amount.amount])).toEqual([
      ["2026-11-20", "-4.50"],
      ["2026-11-21", "10.00"],
    ]);
  });
  test("a Dutch bank: the direction in a column of its own", () => {
    const text =
      '"Datum","Naam","Af Bij","Bedrag (EUR)","Mededelingen"\n"20261120","Shop","Af","12,34","x"\n"20261121","Klant","Bij","5,00","y"\n';
    expect(read(text).entries.map((entry) => entry.amount.amount)).toEqual(["-12.34", "5.00"]);
  });
  test("without a header, by what stands in the columns", () => {
    const mapping = detect("2026-11-20;DE89370400440532013000;Rent;-5,00\n2026-11-21;DE89370400440532013000;Back;7,10\n");
    expect(mapping.columns).toEqual(["day", "account", "text", "amount"]);
    expect(mapping.header).toEqual([]);
  });
  const plain = "Date;Amount;Balance;Text\n2026-11-20;5.00;105.00;a\n2026-11-21;-1.00;104.00;b\n";
  test.each([
    ["other columns than the mapping knows", plain.replace("Date;Amount", "Date;Value"), "mappingDiffers"],
    ["a balance that does not follow", plain.replace("104.00", "103.00"), "statementDoesNotAddUp"],
    ["three decimals", plain.replace("5.00;", "5.005;"), "amountTooPrecise"],
    ["a day of another order", plain.replace("2026-11-21", "21.11.2026"), "dayMalformed"],
    ["an amount with the other mark", plain.replace("-1.00", "-1,00"), "amountMalformed"],
  ])("refuses %s", (_, text, code) => {
    expect(refusal(() => read(text, detect(plain)))).toBe(code);
  });
  test("without a mapping it says how to save one", () => {
    expect(refusal(() => draftStatements(bytes(plain), own))).toBe("mappingMissing");
  });
});
