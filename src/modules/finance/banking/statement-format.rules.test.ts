// Statement files a bank would never send, or sends damaged: each is refused whole, with the line and the reason.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Refusal } from "../../../kernel/refusal.ts";
import { draftStatements, readStatements } from "./statement-format.rules.ts";
import { assertStatementAddsUp } from "./statement.rules.ts";

const folder = resolve(import.meta.dirname, "../../../../test/fixtures/bank");
const fixture = (name: string): string => readFileSync(resolve(folder, name), "utf8");
const camt = fixture("camt053.v2.multi.statement.xml");
const mt940 = fixture("day.sta");
const ofx = fixture("bank_medium.ofx");
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const utf16 = (text: string, isLittle: boolean): Uint8Array => {
  const units = [0xfeff, ...Array.from({ length: text.length }, (_, at) => text.charCodeAt(at))];
  return Uint8Array.from(units.flatMap((unit) => (isLittle ? [unit & 0xff, unit >> 8] : [unit >> 8, unit & 0xff])));
};
const read = (text: string) => readStatements(bytes(text));

function refusal(of: string | Uint8Array): Pick<Refusal, "code" | "message"> & { readonly line: unknown } {
  try {
    readStatements(typeof of === "string" ? bytes(of) : of);
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
    return { code: fault.code, message: fault.message, line: fault.facts["line"] };
  }
  throw new Error("the file was read");
}

describe("a good file", () => {
  it("is known by its content: camt.053", () => {
    const [first, second] = read(camt);
    expect(first).toMatchObject({
      format: "camt.053",
      formatVersion: "02",
      statementId: "253EURNL26VAYB8060476890",
      accountIdentification: "NL26VAYB8060476890",
    });
    expect(second!.entries).toMatchObject([
      {
        position: 1,
        amount: { minor: -700n },
        endToEndId: "000000002",
        counterpartyName: "Company Name 2",
        counterpartyAccount: "NL56AGDH9619008421",
      },
    ]);
  });

  it("is known by its content: camt.052 of version 8", () => {
    expect(read(fixture("camt052.v8.xml"))).toMatchObject([
      {
        format: "camt.052",
        entries: [{ bookingDay: "2007-10-18", customerReference: "FINP-0055-001", status: "booked", transactionCode: "PMNT-ICDT-XBCT" }],
      },
    ]);
  });

  it("is known by its content: MT940", () => {
    const [statement] = read(mt940);
    expect(statement).toMatchObject({
      format: "MT940",
      statementId: "00042",
      sequence: "001",
      currency: "EUR",
      otherBalances: [{ code: "64" }],
    });
    expect(statement!.entries).toMatchObject([
      { amount: { minor: 25000n }, bankReference: "B26070100017", endToEndId: "INV-2026-0042", counterpartyName: "Example Customer GmbH" },
      { amount: { minor: -1250n }, remittanceText: "Account fee June" },
      { amount: { minor: -4000n }, counterpartyName: "Parking Ltd" },
      { amount: { minor: -4000n }, counterpartyName: "Parking Ltd" },
      { amount: { minor: -10000n }, isReversal: true, bookingDay: "2026-07-01", valueDay: "2026-07-02" },
    ]);
  });

  it("is known by its content: OFX of both versions", () => {
    expect(read(ofx)).toMatchObject([{ format: "OFX", formatVersion: "102", bankIdentification: "160000100", entries: [{}, {}, {}] }]);
    expect(read(fixture("anzcc.ofx"))).toMatchObject([
      { formatVersion: "203", entries: [{ bankReference: "201705080001", remittanceText: "SOME MEMO" }] },
    ]);
  });

  it("may have empty lines above it, and counts them", () => {
    expect(read(`\n\n  \n${camt}`)).toMatchObject([{ line: read(camt)[0]!.line + 3 }, {}]);
    for (const one of [mt940, ofx]) expect(read(`\n\n${one}`)).toHaveLength(read(one).length);
  });

  it("may come in an envelope of SWIFT, with namespaces of its own, and with comments", () => {
    const wrapped = `{1:F01BANKDEFFXXXX0000000000}{2:O9401200}{4:\r\n${mt940.replace("-\r\n", "-}")}`;
    expect(read(wrapped)).toMatchObject([{ statementId: "00042", entries: [{}, {}, {}, {}, {}] }]);
    const prefixed = camt
      .replaceAll(/<(\/?)(?=[A-Z])/g, "<$1n:")
      .replace("xmlns=", "xmlns:n=")
      .replace("<n:Stmt>", "<!-- a <Stmt> --><n:Stmt>");
    expect(read(prefixed)).toHaveLength(2);
  });
});

describe("a damaged or hostile file is refused", () => {
  it("of one endless line at once, without looking for columns in it", () => {
    const started = performance.now();
    expect(refusal("x".repeat(5_000_000)).code).toBe("statementFormatUnknown");
    expect(refusal(`day;amount;text\n${"2026-11-21;1,00;".repeat(400_000)}`).code).toBe("statementFormatUnknown");
    // Far from what it takes, and far from the minute it took when the whole line was held as one field.
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  const stmtLine = camt.slice(0, camt.indexOf("<Stmt>")).split("\n").length;
  const ntryLine = camt.slice(0, camt.indexOf('<Amt Ccy="EUR">8.85')).split("\n").length;

  it("when it is cut off, at any place", () => {
    for (const text of [camt, ofx]) {
      for (let end = 400; end < text.trimEnd().length; end += 37) {
        expect(["statementTruncated", "statementMalformed", "statementFormatUnknown", "amountMalformed"]).toContain(
          refusal(text.slice(0, end)).code,
        );
      }
    }
    expect(refusal(camt.slice(0, camt.lastIndexOf("</Stmt>")))).toMatchObject({
      code: "statementTruncated",
      message: expect.stringContaining("inside <Stmt>"),
    });
    for (let end = 40; end < mt940.indexOf(":62F:") + 20; end += 7) {
      expect([
        "closingBalanceMissing",
        "openingBalanceMissing",
        "balanceMalformed",
        "entryMalformed",
        "statementDoesNotAddUp",
        "accountMissing",
      ]).toContain(refusalWhenProven(mt940.slice(0, end)));
    }
  });

  it("when it declares a document type or an entity", () => {
    const entities = '<!DOCTYPE x [\n<!ENTITY a "aaaaaaaaaa">\n<!ENTITY b "&a;&a;&a;&a;">\n]>';
    const bomb = `<?xml version="1.0"?>\n${entities}\n${camt.slice(camt.indexOf("<Document"))}`;
    expect(refusal(bomb)).toMatchObject({ code: "documentTypeForbidden", line: 2 });
    expect(refusal(utf16(bomb, true))).toMatchObject({ code: "documentTypeForbidden", line: 2 });
    expect(refusal(ofx.replace("<OFX>", '<!DOCTYPE OFX SYSTEM "file:///etc/passwd">\n<OFX>')).code).toBe("documentTypeForbidden");
    expect(refusal(camt.replace("Transaction Description 1", "&a;"))).toMatchObject({
      code: "statementMalformed",
      line: expect.any(Number),
    });
  });

  it("when elements stand too deep", () => {
    expect(refusal(`<Document>${"<a>".repeat(5000)}${"</a>".repeat(5000)}</Document>`)).toMatchObject({
      code: "statementTooDeep",
      line: 1,
    });
    expect(refusal(`OFXHEADER:100\n\n<OFX>${"<A>".repeat(5000)}`)).toMatchObject({ code: "statementTooDeep", line: 3 });
  });

  it("when elements cross, or a second document follows", () => {
    expect(refusal(camt.replace("</Acct>", "</Bal>")).code).toBe("statementMalformed");
    expect(refusal(`${camt}\n<Document/>`).code).toBe("statementMalformed");
    expect(refusal(ofx.replace("</STMTTRN>", ""))).toMatchObject({ code: "statementMalformed", line: expect.any(Number) });
  });

  it("when it is larger than the limit", () => {
    expect(refusal(new Uint8Array(21 * 1_048_576)).code).toBe("statementTooLarge");
  });

  it("when it holds a NUL byte", () => {
    expect(refusal(camt.replace("Company Name 1", "Company\0Name"))).toMatchObject({ code: "statementHoldsNul" });
    expect(refusal(mt940.replace("Car park", "Car\0park"))).toMatchObject({ code: "statementHoldsNul", line: 11 });
  });

  it("when an amount has more decimals than its currency, and never rounds it", () => {
    expect(refusal(camt.replace(">8.85<", ">8.855<"))).toMatchObject({ code: "amountTooPrecise", line: ntryLine });
    expect(refusal(mt940.replace("R40,00", "R40,005"))).toMatchObject({ code: "amountTooPrecise", line: 10 });
    expect(refusal(ofx.replace("-22.00", "-22.001")).code).toBe("amountTooPrecise");
    expect(refusal(ofx.replace("-22.00", "-22,001")).code).toBe("amountTooPrecise");
    expect(read(camt.replace(">8.85<", ">8.85000<"))[0]!.entries[0]!.amount.minor).toBe(885n);
  });

  it.each([["1e3"], ["-8.85"], ["8,85"], ["0x10"], [""], ["NaN"], ["8.8.5"], ["١٢"], ["9".repeat(30)]])(
    "when a camt amount is %j",
    (amount) => {
      expect(refusal(camt.replace(">8.85<", `>${amount}<`))).toMatchObject({ code: "amountMalformed", line: ntryLine });
    },
  );

  it("when a day does not exist, a currency is unknown, or a sign is missing", () => {
    expect(refusal(camt.replace("2015-01-02", "2015-02-30")).code).toBe("dayMalformed");
    expect(refusal(camt.replace('<Amt Ccy="EUR">8.85', '<Amt Ccy="EUX">8.85')).code).toBe("currencyUnknown");
    expect(refusal(camt.replace("<CdtDbtInd>CRDT</CdtDbtInd>", "")).code).toBe("statementMalformed");
    expect(refusal(mt940.replace("2607020701", "2613020701")).code).toBe("dayMalformed");
  });

  it("when it says nothing", () => {
    expect(refusal("").code).toBe("statementFormatUnknown");
    expect(refusal("Date;Amount\n2026-01-01;12,00\n").code).toBe("statementFormatUnknown");
    expect(refusal('<?xml version="1.0"?><Invoice/>').code).toBe("statementFormatUnknown");
    expect(refusal("01,122099999,123456789,040621,0200,1,65,,2/\n").code).toBe("statementTruncated");
    expect(refusal(camt.replace(/<Stmt>.*<\/Stmt>/s, "")).code).toBe("statementMissing");
    expect(refusal(camt.replace("<IBAN>NL26VAYB8060476890</IBAN>", ""))).toMatchObject({ code: "accountMissing", line: stmtLine });
  });

  it("and only with a refusal, whatever the bytes", () => {
    const texts = [camt, mt940, ofx, fixture("anzcc.ofx")];
    const damaged = fc
      .tuple(fc.nat(texts.length - 1), fc.nat(), fc.nat(60), fc.string({ maxLength: 12, unit: "binary" }))
      .map(([which, at, cut, put]) => {
        const text = texts[which]!;
        const place = at % text.length;
        return bytes(text.slice(0, place) + put + text.slice(place + cut));
      });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), (input) => {
        try {
          draftStatements(input, { currency: "EUR" });
        } catch (fault) {
          expect(fault).toBeInstanceOf(Refusal);
          expect((fault as Refusal).facts["line"]).toBeGreaterThan(0);
        }
      }),
      { numRuns: 1500, seed: 42 },
    );
  });
});

describe("a file in another encoding", () => {
  const umlaut = camt.replace("Company Name 1", "Müller & Söhne".replace("&", "&amp;"));
  const nameIn = (input: Uint8Array) => readStatements(input)[0]!.entries[0]!.details[0]!;

  it("is read in UTF-8 with and without its mark, UTF-16 of both kinds, and Latin-1 where it is declared", () => {
    const wanted = { remittanceText: "Müller & Söhne 1" };
    const text = umlaut.replace("Transaction Description", "Müller &amp; Söhne");
    for (const input of [
      bytes(text),
      bytes(`\uFEFF${text}`),
      utf16(text, true),
      utf16(text, false),
      latin1(text.replace("UTF-8", "ISO-8859-1")),
    ]) {
      expect(nameIn(input)).toMatchObject(wanted);
    }
  });

  it("is refused when it is not what it declares, or declares what nobody knows", () => {
    expect(refusal(latin1(umlaut))).toMatchObject({
      code: "statementEncodingBroken",
      line: umlaut.slice(0, umlaut.indexOf("Müller")).split("\n").length,
    });
    expect(refusal(camt.replace("UTF-8", "EBCDIC-42")).code).toBe("statementEncodingUnknown");
  });

  it("is read as Windows-1252 where the format declares nothing", () => {
    const input = latin1(mt940.replace("Car park", "Müllgebühr"));
    expect(readStatements(input)[0]!.entries[2]!.remittanceText).toBe("Müllgebühr");
    expect(readStatements(latin1(ofx.replace("CONNIE'S HAIR D", "CAFÉ")))[0]!.entries[2]!.counterpartyName).toBe("CAFÉ");
  });
});

function refusalWhenProven(text: string): string {
  try {
    for (const statement of readStatements(bytes(text))) assertStatementAddsUp(statement);
    return "read";
  } catch (fault) {
    return fault instanceof Refusal ? fault.code : String(fault);
  }
}
