// The published suites: each unit case says of one rule whether it holds, and the examples are valid with the totals they tell. Where we
// disagree, the case was read by hand: `disagreements` says which and why.
import { expect, describe, it } from "vitest";
import { decodeStatement } from "../banking/statement-text.rules.ts";
import { readXml } from "../banking/xml.rules.ts";
import { booksOf, isValid, judge } from "./judge.rules.ts";
import { mutationsOf } from "./mutation.testing.ts";
import { numberOf } from "./number.rules.ts";
import { publishedVerdicts } from "./published-verdicts.testing.ts";
import { readDocument, readInvoice } from "./read-xml.rules.ts";
import { suiteBytes, suiteFiles, suitesAreHere } from "./samples.testing.ts";
import { mainTaxTotal } from "./total-rules.rules.ts";
import { writeCii } from "./write-cii.rules.ts";
import { writeUbl } from "./write-ubl.rules.ts";

if (!suitesAreHere) console.warn("SKIPPED: the published suites are not beside the repository; only our own documents are tested.");

/** The test puts the mandate inside the means of payment, where the schema of CII has no place for it, so it is not read. */
const disagreements = ["peppol-bis3/rules/unit-CII-DK/DK_Validation_DKR007_CII.xml case 1: DK-R-007 should hold"];

describe.skipIf(!suitesAreHere)("unit cases", () => {
  it("agree with our verdict on their rule", () => {
    const files = [...suiteFiles("en16931/test"), ...suiteFiles("peppol-bis3/rules").filter((name) => name.includes("/unit-"))];
    let count = 0;
    const differing: string[] = [];
    for (const file of files) {
      const cases = readXml(decodeStatement(suiteBytes(file))).children.filter((one) => one.name === "test");
      for (const [index, one] of cases.entries()) {
        const root = one.children.find((child) => child.name !== "assert")!;
        const broken = new Set(
          judge({ root, invoice: readInvoice(root)! }, ["en16931", "peppol", "national"]).map((finding) => finding.rule),
        );
        const wishes = one.children.filter((child) => child.name === "assert").flatMap((assert) => assert.children);
        for (const wish of wishes.filter((child) => child.name !== "description" && child.name !== "scope")) {
          count += 1;
          const shouldHold = wish.name === "success";
          if (broken.has(wish.text) !== shouldHold) continue;
          differing.push(`${file} case ${index + 1}: ${wish.text} should ${shouldHold ? "hold" : "be broken"}`);
        }
      }
    }
    console.log(`${count - differing.length} of ${count} unit cases agree`);
    expect(count).toBeGreaterThan(1200);
    expect(differing).toEqual(disagreements);
  });
});

/** Cases of XRechnung that differ, with the reason. */
const differing: readonly string[] = [];

describe.skipIf(!suitesAreHere)("cases of XRechnung", () => {
  it("agree with our verdict on their rule", () => {
    let count = 0;
    const found: string[] = [];
    for (const file of suiteFiles("xrechnung-schematron/test/instances")) {
      for (const [index, { text, holding, broken }] of mutationsOf(decodeStatement(suiteBytes(file))).entries()) {
        const rules = new Set(judge(readDocument(new TextEncoder().encode(text)), ["en16931", "xrechnung"]).map((one) => one.rule));
        const differs = [...holding.filter((rule) => rules.has(rule)), ...broken.filter((rule) => !rules.has(rule))];
        count += holding.length + broken.length;
        found.push(...differs.map((rule) => `${file} case ${index + 1}: ${rule}`));
      }
    }
    console.log(`${count - found.length} of ${count} cases of XRechnung agree`);
    expect(count).toBeGreaterThan(700);
    expect(found).toEqual(differing);
  }, 60_000);
});

const examples = [
  "en16931/ubl/examples",
  "en16931/cii/examples",
  "peppol-bis3/rules/examples",
  "peppol-bis3/rules/national-examples",
  "xrechnung-testsuite/test",
].flatMap(suiteFiles);

const verdictOf = (name: string) => {
  const document = readDocument(suiteBytes(name));
  return judge(document, booksOf(document.invoice));
};

describe.skipIf(!suitesAreHere)("examples", () => {
  it.each(examples)("%s", (name) => {
    const document = readDocument(suiteBytes(name));
    const found = judge(document, booksOf(document.invoice)).map((finding) => finding.rule);
    expect(found.toSorted().join(" ")).toBe(publishedVerdicts[name] ?? "");
  });

  /** Research, section 5.6: line nets, total net, tax rows, total with tax, due. */
  it.each([
    ["en16931/ubl/examples/ubl-tc434-example2.xml", "1436.50", ["365.13", "0.15", "0"], "1801.78", "801.78"],
    ["peppol-bis3/rules/examples/base-example.xml", "1325", ["331.25"], "1656.25", "1656.25"],
    ["peppol-bis3/rules/examples/Allowance-example.xml", "5900", ["1225", "0"], "7125", "6125"],
    ["peppol-bis3/rules/examples/Vat-category-S.xml", "7000", ["1250", "300"], "8550", "8550"],
  ])("%s has the totals known for it", (name, net, taxes, gross, due) => {
    const { invoice } = readDocument(suiteBytes(name));
    const figure = (text: string | undefined) => numberOf(text)!.toFixed(2);
    expect(figure(invoice.totals.net?.value)).toBe(figure(net));
    expect(mainTaxTotal(invoice)!.breakdown.map((row) => figure(row.tax?.value))).toEqual(taxes.map(figure));
    expect(figure(invoice.totals.gross?.value)).toBe(figure(gross));
    expect(figure(invoice.totals.due?.value)).toBe(figure(due));
  });

  it("line 1 of example 2 costs 2 × 1273.00 and says 1273.00: EN 16931 lets it pass, Peppol does not", () => {
    const document = readDocument(suiteBytes("en16931/ubl/examples/ubl-tc434-example2.xml"));
    expect(judge(document, ["en16931"])).toEqual([]);
    const [finding] = judge(document, ["peppol"]).filter((one) => one.rule === "PEPPOL-EN16931-R120");
    expect(finding?.places).toContain("line 1");
  });

  it("are valid and say the same once written in the other syntax", () => {
    const lost: string[] = [];
    for (const name of examples.filter((one) => isValid(verdictOf(one)) && !/extension|cvd/.test(one))) {
      const { invoice } = readDocument(suiteBytes(name));
      const other = invoice.syntax === "ubl" ? writeCii(invoice) : writeUbl({ ...invoice, root: "Invoice" });
      const back = readDocument(new TextEncoder().encode(other));
      const fatal = judge(back, ["en16931"]).filter((finding) => finding.severity === "fatal");
      if (fatal.length > 0) lost.push(`${name}: ${fatal.map((finding) => finding.rule).join(" ")}`);
      expect(back.invoice.totals.gross?.value).toBe(invoice.totals.gross?.value);
    }
    expect(lost).toEqual([]);
  });
});
