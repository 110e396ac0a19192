// ACH files: our own are accepted by a strict reader, and the reader takes and refuses the samples of moov-io/ach as it should
// (`../shared/samples`, named in PROVENANCE.tsv). Totals are those of the file control, cut out of the text by its columns.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { Money } from "../../../kernel/money.ts";
import { type AchFile, type AchPayment, achText } from "./nacha.rules.ts";
import { AchMistake, readAch } from "./nacha-read.rules.ts";

const payment = (code: string, amount: string, more: Partial<AchPayment> = {}): AchPayment => ({
  code,
  day: day("2026-11-25"),
  amount: Money.parse(amount, "USD"),
  name: "Receiver Account Name",
  isPerson: false,
  routing: "231380104",
  account: "12345678",
  accountType: "checking",
  reference: "Bill 4711",
  ...more,
});
const file = (more: Partial<AchFile> = {}): AchFile => ({
  companyName: "Heartwood Joinery Inc",
  companyNumber: "1123456789",
  bankName: "First National",
  routing: "121042882",
  offsetAccount: null,
  createdOn: day("2026-11-21"),
  createdAt: "0900",
  payments: [payment("HW000000000001", "1000000.00")],
  ...more,
});

describe("our own file", () => {
  test("has the hash, totals and blocks of the rules", () => {
    // The same entry as in moov's ppd-debit.ach: 23138010 once is the hash 0023138010, 100,000,000 cents.
    const { text } = achText(file());
    const lines = text.trimEnd().split("\n");
    expect(lines).toHaveLength(10);
    expect(lines.every((line) => line.length === 94)).toBe(true);
    expect(lines[5]!.slice(0, 55)).toBe("9000001000001000000020023138010000000000000000100000000");
    expect(lines[6]).toBe("9".repeat(94));
    expect(readAch(text)).toMatchObject({ entryHash: "0023138010", debit: 0n, credit: 100_000_000n, isPadded: true });
  });

  test("batches companies and people apart, and each day by itself", () => {
    const payments = [
      payment("A", "10.00", { day: day("2026-11-26") }),
      payment("B", "20.00", { isPerson: true, accountType: "savings", name: "Jörg Ångström" }),
      payment("C", "30.00"),
      payment("D", "40.00", { routing: "021000021" }),
    ];
    const { text, traces } = achText(file({ payments }));
    const read = readAch(text);
    expect(read.batches.map((batch) => [batch.kind, batch.effective, batch.entries.length])).toEqual([
      ["PPD", "261125", 1],
      ["CCD", "261125", 2],
      ["CCD", "261126", 1],
    ]);
    expect(read.batches[0]!.entries[0]).toMatchObject({ transaction: "32", name: "JOERG ANGSTROEM", identification: "B" });
    // 3 × 23138010 + 02100002
    expect([read.entryHash, read.credit]).toEqual(["0071514032", 10_000n]);
    expect([...traces.values()]).toEqual(["121042880000001", "121042880000002", "121042880000003", "121042880000004"]);
  });

  test("carries the debit that offsets each batch when the bank wants it", () => {
    const { text } = achText(file({ offsetAccount: "987654321", payments: [payment("A", "10.00"), payment("B", "2.50")] }));
    const read = readAch(text);
    expect([read.debit, read.credit]).toEqual([1250n, 1250n]);
    expect(read.batches[0]!.entries.at(-1)).toMatchObject({ transaction: "27", account: "987654321", minor: 1250n });
  });

  test("splits the debit that offsets a batch where ten digits cannot hold it, and never writes a longer record", () => {
    const most = "99999999.99";
    const { text } = achText(file({ offsetAccount: "987654321", payments: [payment("A", most), payment("B", "0.02")] }));
    expect(new Set(text.split("\n").map((line) => line.length))).toEqual(new Set([94, 0]));
    const read = readAch(text);
    expect(read.batches[0]!.entries.slice(2).map((entry) => [entry.transaction, entry.minor])).toEqual([
      ["27", 9_999_999_999n],
      ["27", 2n],
    ]);
    expect([read.debit, read.credit]).toEqual([10_000_000_001n, 10_000_000_001n]);
    expect(() => achText(file({ payments: [payment("A", "100000000.00")] }))).toThrow(RangeError);
  });

  test("keeps the hash to ten digits, and fills blocks for thousands of entries", () => {
    const payments = Array.from({ length: 1234 }, (_, index) => payment(`P${index}`, "0.01", { routing: "999999992" }));
    const read = readAch(achText(file({ payments })).text);
    // 1,234 × 99999999 = 123399998766, of which the last ten digits.
    expect(read).toMatchObject({ entryHash: "3399998766", credit: 1234n, isPadded: true });
  });

  test.each([
    ["an amount", (text: string) => text.replace("0100000000", "0100000001"), /control tells/],
    ["a check digit", (text: string) => text.replace("231380104", "231380105"), /routing number/],
    ["a lost line", (text: string) => text.split("\n").toSpliced(2, 1).join("\n"), /batch has no entry|entries/],
    ["a lost end", (text: string) => text.slice(0, 94 * 4), /Here stands no record 8|names the entry/],
    ["another batch number", (text: string) => text.replace(/(8220[^\n]*)1\n/, "$12\n"), /number of the batch/],
    ["a strange sign", (text: string) => text.replace("RECEIVER", "R\u0007CEIVER"), /ASCII/],
  ])("with %s changed is refused", (_, change, says) => {
    expect(() => readAch(change(achText(file()).text))).toThrow(says);
  });
});

describe("records by the layouts of Nacha", () => {
  const line = (...parts: readonly string[]): string => parts.join("").padEnd(94);
  const head = line("101 231380104 121042882", "2611210900A094101", "FEDERAL RESERVE BANK".padEnd(23), "MY BANK".padEnd(23));
  const written = (...records: readonly string[]): string => `${[head, ...records].join("\n")}\n`;
  const own = (change: (line: string) => string, at: number): string => {
    const lines = achText(file({ payments: [payment("A", "10.00", { isPerson: true })] })).text.split("\n");
    return lines.with(at, change(lines[at]!)).join("\n");
  };
  const put = (text: string, from: number) => (record: string) => record.slice(0, from) + text + record.slice(from + text.length);

  // moov-io/ach issue 1600 names these faults: company name, entry description and the name of a person may not be blank or zeros.
  test.each([
    ["a company of zeros", put("0".repeat(16), 4), 1, /names the company/],
    ["a company's number of zeros", put("0".repeat(10), 40), 1, /company's number/],
    ["a description of zeros", put("0".repeat(10), 53), 1, /what its entries are for/],
    ["a person without a name", put(" ".repeat(22), 54), 2, /names whose account/],
    ["a person whose name is zeros", put("0".repeat(22), 54), 2, /names whose account/],
  ])("%s is refused", (_, change, at, says) => {
    expect(() => readAch(own(change, at))).toThrow(says);
  });

  test("what a person pays (CIE) names the person first and the number behind", () => {
    const entry = line(
      "622231380104",
      "12345678".padEnd(17),
      "0000001000",
      "JANE DOE".padEnd(15),
      "METER 4711".padEnd(22),
      "  0121042880000001",
    );
    const sums = "0000010023138010000000000000000000001000";
    const read = readAch(
      written(
        line("5220", "COMPANY".padEnd(36), "123456789 CIEPAYMENT".padEnd(29), "261125   1121042880000001"),
        entry,
        // The company's number stands left in the header and right here; it is the same.
        line("8220", sums, " 123456789", " ".repeat(25), "121042880000001"),
        line("9000001000001", sums.slice(0, 6).padStart(8, "0"), sums.slice(6)),
      ),
    );
    expect(read.batches[0]!.entries[0]).toMatchObject({ name: "JANE DOE", identification: "METER 4711", minor: 1000n });
    expect(read.batches[0]!.companyNumber).toBe("123456789");
  });

  const international = (type: string, indicator: string, kind: string, more: readonly string[], count: number): string => {
    const sums = `${String(count).padStart(6, "0")}0023138010000000000000000000001000`;
    return written(
      line("5220", indicator.padEnd(16), "FF3".padEnd(18), `US123456789 ${kind}PAYMENT   USDCAD261125   1121042880000001`),
      line("622231380104", "0007".padEnd(13), "    ", "0000001000", "12345678".padEnd(35), " ".repeat(4), "1121042880000001"),
      line(`710${type}`, "000000000000001000", " ".repeat(22), "JANE DOE".padEnd(41), "0000001"),
      ...more,
      line("8220", sums, " ".repeat(35), "121042880000001"),
      line("9000001000001", sums.slice(0, 6).padStart(8, "0"), sums.slice(6)),
    );
  };
  const correction = line("798C01121042880000001", " ".repeat(6), "23138010", "9722-C3".padEnd(44), "231380100000001");

  test("the correction of an international payment has the columns of one", () => {
    const read = readAch(international("ANN", "IATCOR", "COR", [correction], 3));
    expect(read.batches[0]!.entries[0]!.correction).toEqual({ code: "C01", trace: "121042880000001", to: "9722-C3" });
  });

  test("an international payment is for what Nacha knows", () => {
    expect(readAch(international("BUS", "", "IAT", [], 2)).credit).toBe(1000n);
    expect(() => readAch(international("BIL", "", "IAT", [], 2))).toThrow(/"BIL" is no kind of international payment/);
  });
});

const folder = resolve(import.meta.dirname, "../../../../../shared/samples/02-payments/ach-moov");
const isHere = existsSync(folder);
if (!isHere) console.warn(`SKIPPED: the sample ACH files are not at ${folder}; only our own are tested.`);

const walk = (at: string): string[] =>
  readdirSync(at).flatMap((name) => {
    const path = join(at, name);
    return statSync(path).isDirectory() ? walk(path) : path.endsWith(".ach") ? [path] : [];
  });
const samples = isHere ? walk(folder).map((path) => relative(folder, path)) : [];

/** What is wrong with each, read by hand. */
const broken: Readonly<Record<string, RegExp>> = {
  "test/testdata/20110729A-invalid.ach": /day it was made/,
  "test/testdata/FISERV-ZEROFILE-PIMRET825324_032720_110221.ach": /tells files of one day apart/,
  "test/testdata/Iat-invalidAddenda13.ach": /ASCII/,
  "test/testdata/bh-ed-ad-bh-ed-ad-ed-ad.ach": /file header/,
  "test/testdata/extended-ascii.ach": /ASCII/,
  "test/testdata/invalid-two-micro-deposits.ach": /is no number/,
  "test/testdata/moov-ids.ach": /trace number begins/,
  "test/testdata/nonascii-utf8.ach": /ASCII/,
  "test/testdata/nonascii.ach": /ASCII/,
  "test/testdata/pos-invalidEntryDetail.ach": /ASCII/,
  "test/testdata/pos-invalidReturnFile.ach": /"R96" is no reason/,
  "test/testdata/ppd-debit-customTraceNumber.ach": /trace number begins/,
  "test/testdata/ppd-debit-fixedLengthInvalid.ach": /whole number of records/,
  "test/testdata/ppd-debit-invalid-entryDetail-checkDigit.ach": /231380105 is no routing number/,
  "test/testdata/shr-credit.ach": /665 batches/,
  "test/testdata/skip-validation.ach": /where the file goes/,
  "test/testdata/txp-debit.ach": /names the entry it belongs to/,
  "test/testdata/web-invalidNOCFile.ach": /"C92" is no code/,
};

describe.runIf(isHere)("the samples of moov-io/ach", () => {
  test("are all there", () => expect(samples.length).toBeGreaterThanOrEqual(80));

  test.each(samples.filter((path) => !broken[path]))("%s adds up", (path) => {
    const text = readFileSync(join(folder, path), "latin1");
    const records = text.split("\n")[0]!.length > 110 ? text.match(/.{94}/g)! : text.split("\n");
    const control = records.filter((line) => line.startsWith("9") && !line.startsWith("99999")).at(-1)!;
    const width = path.includes("adv-read") ? 20 : 12;
    const read = readAch(text);
    expect([read.entryHash, read.debit, read.credit]).toEqual([
      control.slice(21, 31),
      BigInt(control.slice(31, 31 + width)),
      BigInt(control.slice(31 + width, 31 + 2 * width)),
    ]);
  });

  test.each(Object.entries(broken))("%s is refused", (path, says) => {
    const text = readFileSync(join(folder, path), "latin1");
    expect(() => readAch(text)).toThrow(AchMistake);
    expect(() => readAch(text)).toThrow(says);
  });

  test("returns and corrections name what was sent", () => {
    const read = (path: string) => readAch(readFileSync(join(folder, path), "latin1"));
    // Line 4 of each begins 798C01121042880000001 and 799R07099912340000015.
    expect(read("test/ach-cor-read/cor-read.ach").batches[0]!.entries[0]!.correction).toMatchObject({
      code: "C01",
      trace: "121042880000001",
    });
    expect(read("examples/testdata/contested-return.ach").batches[0]!.entries[0]!.returned).toMatchObject({
      code: "R07",
      trace: "099912340000015",
    });
  });
});
