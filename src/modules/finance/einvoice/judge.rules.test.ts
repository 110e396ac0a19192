// Rules that the published suites beside the repository do not ask, or not of every country. What is expected is what the published rules
// say (EN 16931 1.3.16, Peppol BIS 3.0.19, XRechnung 3.0), each named by its id.
import { describe, expect, it } from "vitest";
import { isGreekNumber } from "./check-digit.rules.ts";
import { booksOf, isValid, judge } from "./judge.rules.ts";
import { readDocument } from "./read-xml.rules.ts";

const peppol = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0";
const xrechnung = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0";

interface Made {
  readonly specification?: string;
  readonly number?: string;
  readonly country?: string;
  readonly vatId?: string;
  readonly buyer?: string;
  readonly seller?: string;
  readonly terms?: string;
  readonly more?: string;
}

const party = (role: string, name: string, country: string, vatId: string, more: string): string => `
  <cac:Accounting${role}Party><cac:Party>
    <cbc:EndpointID schemeID="0088">7300010000001</cbc:EndpointID>
    <cac:PartyName><cbc:Name>${name}</cbc:Name></cac:PartyName>
    <cac:PostalAddress><cbc:StreetName>Main street 1</cbc:StreetName>
      <cbc:CityName>Town</cbc:CityName><cbc:PostalZone>1234</cbc:PostalZone>
      <cac:Country><cbc:IdentificationCode>${country}</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
    <cac:PartyTaxScheme><cbc:CompanyID>${vatId}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
    <cac:PartyLegalEntity><cbc:RegistrationName>${name}</cbc:RegistrationName>${more}</cac:PartyLegalEntity>
    <cac:Contact><cbc:Name>Anna</cbc:Name><cbc:Telephone>+49 40 555</cbc:Telephone>
      <cbc:ElectronicMail>a@b.example</cbc:ElectronicMail></cac:Contact>
  </cac:Party></cac:Accounting${role}Party>`;

const category = (name: string): string =>
  `<cac:${name}><cbc:ID>S</cbc:ID><cbc:Percent>25</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:${name}>`;

function made(facts: Made = {}): string {
  const { specification = peppol, number = "1", country = "FI", vatId = "FI12345678", buyer = country, seller = "", more = "" } = facts;
  const amount = (name: string, value: string): string => `<cbc:${name} currencyID="EUR">${value}</cbc:${name}>`;
  return `<?xml version="1.0"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:CustomizationID>${specification}</cbc:CustomizationID><cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>
  <cbc:ID>${number}</cbc:ID><cbc:IssueDate>2026-11-21</cbc:IssueDate><cbc:DueDate>2026-12-21</cbc:DueDate>
  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cbc:BuyerReference>Office</cbc:BuyerReference>${more}
  ${party("Supplier", "Seller Ltd", country, vatId, seller)}${party("Customer", "Buyer Ltd", buyer, vatId, "")}
  <cac:Delivery><cbc:ActualDeliveryDate>2026-11-20</cbc:ActualDeliveryDate></cac:Delivery>
  <cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>
    <cac:PayeeFinancialAccount><cbc:ID>123456789012</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
  ${facts.terms === undefined ? "" : `<cac:PaymentTerms><cbc:Note>${facts.terms}</cbc:Note></cac:PaymentTerms>`}
  <cac:TaxTotal>${amount("TaxAmount", "25.00")}<cac:TaxSubtotal>${amount("TaxableAmount", "100.00")}${amount("TaxAmount", "25.00")}
    ${category("TaxCategory")}</cac:TaxSubtotal></cac:TaxTotal>
  <cac:LegalMonetaryTotal>${amount("LineExtensionAmount", "100.00")}${amount("TaxExclusiveAmount", "100.00")}
    ${amount("TaxInclusiveAmount", "125.00")}${amount("PayableAmount", "125.00")}</cac:LegalMonetaryTotal>
  <cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="C62">1</cbc:InvoicedQuantity>${amount("LineExtensionAmount", "100.00")}
    <cac:Item><cbc:Name>Thing</cbc:Name>${category("ClassifiedTaxCategory")}</cac:Item>
    <cac:Price>${amount("PriceAmount", "100.00")}</cac:Price></cac:InvoiceLine>
</Invoice>`;
}

const read = (text: string) => readDocument(new TextEncoder().encode(text));
function broken(text: string): string[] {
  const document = read(text);
  return judge(document, booksOf(document.invoice)).map((finding) => finding.rule);
}
const reference = (id: string, description: string): string =>
  `<cac:AdditionalDocumentReference><cbc:ID>${id}</cbc:ID>
    <cbc:DocumentDescription>${description}</cbc:DocumentDescription></cac:AdditionalDocumentReference>`;

describe("what a document is judged by", () => {
  it("a Finn's invoice breaks nothing", () => expect(broken(made())).toEqual([]));

  it("XRechnung has its own book, and its version is a warning only (BR-DE-21)", () => {
    expect(broken(made({ specification: xrechnung, country: "DE" }))).toEqual([]);
    const old = read(made({ specification: "urn:cen.eu:en16931:2017#compliant#urn:xoev-de:kosit:standard:xrechnung_2.0", country: "DE" }));
    const findings = judge(old, booksOf(old.invoice));
    expect(findings.map((finding) => finding.rule)).toEqual(["BR-DE-21"]);
    expect(isValid(findings)).toBe(true);
  });
});

describe("discounts in the German signs (BR-DE-18)", () => {
  it.each([
    ["#SKONTO#TAGE=14#PROZENT=2.25#\n", []],
    ["Thank you.\n#SKONTO#TAGE=14#PROZENT=2.25#BASISBETRAG=50.00#\n#SKONTO#TAGE=28#PROZENT=1.00#\n", []],
    ["<![CDATA[#SKONTO#TAGE=14#PROZENT=2.25#\n]]>", []],
    ["#SKONTO#TAGE=14#PROZENT=2.25#", ["BR-DE-18"]],
    ["#SKONTO#TAGE=14#PROZENT=2,25#\n", ["BR-DE-18"]],
    ["#skonto#TAGE=14#PROZENT=2.25#\n", ["BR-DE-18"]],
    ["Payable within 30 days", []],
  ])("%j", (terms, rules) => expect(broken(made({ specification: xrechnung, country: "DE", terms }))).toEqual(rules));
});

describe("countries of Peppol", () => {
  it("Sweden is where the seller lives, not where the VAT identifier is from (SE-R-004, SE-R-013)", () => {
    const seller = "<cbc:CompanyID>123</cbc:CompanyID>";
    expect(broken(made({ country: "FI", vatId: "SE556677889901", seller }))).toEqual([]);
    const found = judge(read(made({ country: "SE", vatId: "SE556677889901", seller })), ["national"]);
    expect(found.map((one) => [one.rule, one.severity])).toEqual([
      ["SE-R-004", "fatal"],
      ["SE-R-013", "fatal"],
    ]);
  });

  it("Germany asks of both what XRechnung asks (DE-R-003, DE-R-005, DE-R-009)", () => {
    const text = made({ country: "DE", vatId: "DE123456789" }).replaceAll("<cbc:PostalZone>1234</cbc:PostalZone>", "");
    expect(broken(text.replace("<cbc:Name>Anna</cbc:Name>", ""))).toEqual(["DE-R-004", "DE-R-005", "DE-R-009"]);
    expect(broken(made({ country: "DE", buyer: "FI" }).replace("<cbc:Name>Anna</cbc:Name>", ""))).toEqual([]);
  });

  it("Greece: number, tax number, M.AR.K and address of the invoice (GR-R-001, GR-R-004, GR-R-009, GR-S-008)", () => {
    // 256·0 + 128·9 + 64·4 + 32·0 + 16·1 + 8·9 + 4·5 + 2·7 = 1530 = 139·11 + 1, so the last digit is 1.
    expect([isGreekNumber("094019571"), isGreekNumber("094019572")]).toEqual([true, false]);
    const marks = reference("400001234567890", "##M.AR.K##");
    const facts = { country: "GR", vatId: "EL094019571", number: "094019571|21/11/2026|0|1.1|A|1" };
    const right = made({ ...facts, more: marks }).replaceAll('schemeID="0088">7300010000001', 'schemeID="9933">094019571');
    expect(broken(right)).toEqual(["GR-S-008-1"]);
    expect(broken(right.replace("21/11/2026|", "2026-11-21|").replace(marks, ""))).toEqual(["GR-R-001-3", "GR-R-004-1", "GR-S-008-1"]);
    expect(broken(right.replaceAll("9933", "0088")).filter((rule) => rule.startsWith("GR-R"))).toEqual(["GR-R-009", "GR-R-010"]);
  });

  it("Iceland: kennitala, accounts and EINDAGI (IS-R-002, IS-R-004, IS-R-008, IS-R-010)", () => {
    const found = broken(made({ country: "IS", vatId: "IS12345", more: reference("2026-12-20", "EINDAGI") }));
    expect(found).toEqual(["IS-R-002", "IS-R-010", "IS-R-004"]);
    const seller = '<cbc:CompanyID schemeID="0196">4910080160</cbc:CompanyID>';
    const late = made({ country: "IS", buyer: "FI", vatId: "IS12345", seller, more: reference("21.12.2026", "EINDAGI") });
    expect(broken(late)).toContain("IS-R-008");
  });
});

describe("how a document is written", () => {
  it.each([
    ["<cbc:BuyerReference>", "<cbc:AccountingCostCode>7</cbc:AccountingCostCode><cbc:BuyerReference>", "UBL-CR-010", true],
    [
      "<cac:TaxTotal>",
      "<cac:PaymentTerms><cbc:Note>a</cbc:Note><cbc:Note>b</cbc:Note></cac:PaymentTerms><cac:TaxTotal>",
      "UBL-SR-05",
      false,
    ],
    ["<cbc:Name>Thing</cbc:Name>", "$&<cac:CommodityClassification/>", "PEPPOL-EN16931-R008", false],
    ["<cbc:InvoiceTypeCode>380", "<cbc:InvoiceTypeCode>381", "BR-CL-01", false],
  ])("%s becomes %s: %s", (from, to, rule, stays) => {
    const document = read(made().replace(from, to));
    const findings = judge(document, booksOf(document.invoice));
    expect(findings.map((one) => one.rule)).toContain(rule);
    expect(isValid(findings)).toBe(stays);
  });

  it("a self-billed invoice is of another process of Peppol (PEPPOL-EN16931-P0100)", () => {
    expect(broken(made().replace(">380<", ">389<"))).toEqual(["PEPPOL-EN16931-P0100"]);
  });
});

describe("what is no invoice is refused in words", () => {
  it.each([
    ['<CrossIndustryDocument xmlns="urn:ferd:CrossIndustryDocument:invoice:1p0"/>', /ZUGFeRD 1\.0/],
    ['<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>', /an order, no invoice/],
    ['<SCRDMCCBDACIOMessageStructure xmlns="urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:100"/>', /an order of UN\/CEFACT/],
    ['<StandardBusinessDocument xmlns="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"/>', /Take the document out/],
    ['<rsm:Invoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CBFBUY:5"/>', /does not name the schema/],
    ["<Invoice/>", /does not name the schema/],
    ["<constructor/>", /is not an Invoice or CreditNote/],
    ['<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Invoice>&b;</Invoice>', /refused for safety/],
  ])("%s", (text, says) => expect(() => read(text)).toThrow(says));

  it("a comment that looks like the root misleads nobody", () => {
    const text = made().replace("<Invoice", '<!-- <Invoice xmlns="urn:other"> -->\n<?order <Invoice?>\n<Invoice');
    expect(read(text).invoice.number).toBe("1");
  });
});
