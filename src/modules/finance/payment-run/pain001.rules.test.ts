// The file for European banks: valid against the schemas of ISO 20022 (`../shared/samples`), with the sums, references and words that banks
// ask for.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { XmlDocument, XmlValidateError, XsdValidator } from "libxml2-wasm";
import { describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { Money } from "../../../kernel/money.ts";
import { creditTransferXml, type PainFormat, type TransferFile, type TransferPayment } from "./pain001.rules.ts";

const folder = resolve(import.meta.dirname, "../../../../../shared/samples/02-payments/iso20022-xsd/doc/ISO20022/pain/001/001");
const isHere = existsSync(resolve(folder, "pain.001.001.09.xsd"));
if (!isHere) console.warn(`SKIPPED: the schemas of ISO 20022 are not at ${folder}; only the content of the files is tested.`);
const formats = ["pain.001.001.03", "pain.001.001.09"] as const;

const payment = (code: string, amount: string, more: Partial<TransferPayment> = {}): TransferPayment => ({
  code,
  day: day("2026-11-25"),
  amount: Money.parse(amount, "EUR"),
  creditor: { name: "Papier & Stift GmbH", iban: "DE02120300000000202051", bic: null },
  kind: "text",
  reference: "Rechnung 4711 über Büromaterial",
  ...more,
});
const file = (format: PainFormat, more: Partial<TransferFile> = {}): TransferFile => ({
  format,
  code: "HW0123456789AB",
  createdAt: "2026-11-21T09:00:00",
  debtor: { name: "Müller Tischlerei GmbH", iban: "DE89370400440532013000", bic: "COBADEFFXXX" },
  payments: [
    payment("HW000000000001", "119.00"),
    payment("HW000000000002", "0.01", { kind: "rf", reference: "RF18539007547034", day: day("2026-11-27") }),
    payment("HW000000000003", "1000000.00", {
      creditor: { name: "Łódź Sp. z o.o.", iban: "PL61109010140000071219812874", bic: "WBKPPLPP" },
    }),
  ],
  ...more,
});

function mistakes(xml: string, format: PainFormat): string[] {
  const schema = XmlDocument.fromString(readFileSync(resolve(folder, `${format}.xsd`), "utf8"));
  const validator = XsdValidator.fromDoc(schema);
  const document = XmlDocument.fromString(xml);
  try {
    validator.validate(document);
    return [];
  } catch (error) {
    if (error instanceof XmlValidateError) return error.details.map((detail) => detail.message);
    throw error;
  } finally {
    document.dispose();
    validator.dispose();
    schema.dispose();
  }
}

describe.runIf(isHere)("is valid against the schema", () => {
  test.each(formats)("%s", (format) => expect(mistakes(creditTransferXml(file(format)), format)).toEqual([]));

  test.each(formats)("%s with the IBAN only, and signs that XML means otherwise", (format) => {
    const debtor = { name: "A <B> & \"C\" 'D'", iban: "DE89370400440532013000", bic: null };
    const odd = payment("HW000000000009", "1.00", { reference: "<&>\u0001 你好" });
    expect(mistakes(creditTransferXml(file(format, { debtor, payments: [odd] })), format)).toEqual([]);
  });

  test.each(formats)("%s in Swiss francs with a QR reference", (format) => {
    const swiss = payment("HW000000000008", "1.00", {
      amount: Money.parse("88.05", "CHF"),
      creditor: { name: "Bäckerei Zürich AG", iban: "CH4431999123000889012", bic: null },
      kind: "qrr",
      reference: "210000000003139471430009017",
    });
    const xml = creditTransferXml(file(format, { payments: [swiss] }));
    expect(mistakes(xml, format)).toEqual([]);
    expect(xml).toContain("<Prtry>QRR</Prtry>");
    expect(xml).toContain("<ChrgBr>SHAR</ChrgBr>");
    expect(xml).not.toContain("<SvcLvl>");
  });

  test("the schema does refuse what is wrong", () => {
    const broken = creditTransferXml(file("pain.001.001.09")).replace("<PmtMtd>TRF</PmtMtd>", "<PmtMtd>CASH</PmtMtd>");
    expect(mistakes(broken, "pain.001.001.09").length).toBeGreaterThan(0);
    expect(mistakes(creditTransferXml(file("pain.001.001.03")), "pain.001.001.09").length).toBeGreaterThan(0);
  });
});

describe.each(formats)("%s tells", (format) => {
  const xml = creditTransferXml(file(format));
  const all = (tag: string): string[] =>
    [...xml.matchAll(new RegExp(`<${tag}(?: [^>]*)?>([^<]*)</${tag}>`, "g"))].map((found) => found[1]!);

  test("counts and sums of the file and of each day", () => {
    // 119.00 + 1,000,000.00 on the 25th, 0.01 on the 27th.
    expect(all("NbOfTxs")).toEqual(["3", "2", "1"]);
    expect(all("CtrlSum")).toEqual(["1000119.01", "1000119.00", "0.01"]);
    expect(format.endsWith("09") ? all("Dt") : all("ReqdExctnDt")).toEqual(["2026-11-25", "2026-11-27"]);
    expect(all("PmtInfId")).toEqual(["HW0123456789AB-1", "HW0123456789AB-2"]);
  });

  test("shared charges, the service level of SEPA, and references", () => {
    expect(all("ChrgBr")).toEqual(["SLEV", "SLEV"]);
    expect(xml.match(/<SvcLvl><Cd>SEPA<\/Cd><\/SvcLvl>/g)).toHaveLength(2);
    expect(xml).toContain("<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>RF18539007547034</Ref></CdtrRefInf></Strd>");
    expect(all("EndToEndId")).toEqual(["HW000000000001", "HW000000000003", "HW000000000002"]);
  });

  test("everything in letters that every bank takes", () => {
    expect(xml).toContain("<Nm>Mueller Tischlerei GmbH</Nm>");
    expect(xml).toContain("<Nm>Papier + Stift GmbH</Nm>");
    expect(xml).toContain("<Nm>Lodz Sp. z o.o.</Nm>");
    expect(all("Ustrd")[0]).toBe("Rechnung 4711 ueber Bueromaterial");
    expect(xml).toMatch(/^[\x20-\x7e\n]*$/);
  });
});
