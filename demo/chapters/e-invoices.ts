// An invoice that came as a file, in dollars, from somebody whose name the directory writes otherwise: it waits for a person.
import { addDays, type Day } from "../../src/kernel/day.ts";
import { type Story, tell } from "../story.ts";

export async function eInvoicesChapter(story: Story): Promise<void> {
  const bytes = new TextEncoder().encode(sensorInvoice(addDays(story.today, -3)));
  const fileId = await story.funnel.work(
    story.tenantId,
    (context) => context.writeFile("PS-20513.xml", "application/xml", bytes),
    story.today,
  );
  await tell(story, "finance.eInvoice.receive", { fileId }, "Tomas Keller");
}

const usd = (name: string, value: string): string => `<cbc:${name} currencyID="USD">${value}</cbc:${name}>`;
const exempt = (name: string, reason = ""): string =>
  `<cac:${name}><cbc:ID>E</cbc:ID><cbc:Percent>0</cbc:Percent>${reason}<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:${name}>`;

const line = (id: number, quantity: string, net: string, price: string, name: string): string => `
  <cac:InvoiceLine>
    <cbc:ID>${id}</cbc:ID><cbc:InvoicedQuantity unitCode="C62">${quantity}</cbc:InvoicedQuantity>${usd("LineExtensionAmount", net)}
    <cac:Item><cbc:Name>${name}</cbc:Name>${exempt("ClassifiedTaxCategory")}</cac:Item>
    <cac:Price>${usd("PriceAmount", price)}</cac:Price>
  </cac:InvoiceLine>`;

/** UBL 2.1 as EN 16931 wants it; two per cent off within ten days. */
const sensorInvoice = (day: Day): string => `<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
  <cbc:ID>PS-20513</cbc:ID><cbc:IssueDate>${day}</cbc:IssueDate><cbc:DueDate>${addDays(day, 30)}</cbc:DueDate>
  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
  <cbc:DocumentCurrencyCode>USD</cbc:DocumentCurrencyCode>
  <cbc:BuyerReference>Purchasing</cbc:BuyerReference>
  <cac:AccountingSupplierParty><cac:Party>
    <cac:PostalAddress>
      <cbc:StreetName>1200 Ridder Park Drive</cbc:StreetName><cbc:CityName>San Jose</cbc:CityName><cbc:PostalZone>95131</cbc:PostalZone>
      <cac:Country><cbc:IdentificationCode>US</cbc:IdentificationCode></cac:Country>
    </cac:PostalAddress>
    <cac:PartyTaxScheme><cbc:CompanyID>77-0184421</cbc:CompanyID><cac:TaxScheme><cbc:ID>TAX</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
    <cac:PartyLegalEntity>
      <cbc:RegistrationName>Pacific Sensors Incorporated</cbc:RegistrationName><cbc:CompanyID>C2148876</cbc:CompanyID>
    </cac:PartyLegalEntity>
  </cac:Party></cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty><cac:Party>
    <cac:PostalAddress>
      <cbc:CityName>Hamburg</cbc:CityName><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country>
    </cac:PostalAddress>
    <cac:PartyLegalEntity><cbc:RegistrationName>Lindholm Optics GmbH</cbc:RegistrationName></cac:PartyLegalEntity>
  </cac:Party></cac:AccountingCustomerParty>
  <cac:PaymentMeans>
    <cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cbc:PaymentID>PS-20513</cbc:PaymentID>
    <cac:PayeeFinancialAccount><cbc:ID>004412887310</cbc:ID></cac:PayeeFinancialAccount>
  </cac:PaymentMeans>
  <cac:PaymentTerms><cbc:Note>#SKONTO#TAGE=10#PROZENT=2.00#
</cbc:Note></cac:PaymentTerms>
  <cac:TaxTotal>${usd("TaxAmount", "0.00")}
    <cac:TaxSubtotal>${usd("TaxableAmount", "9684.00")}${usd("TaxAmount", "0.00")}
      ${exempt("TaxCategory", "<cbc:TaxExemptionReason>Supplied from outside the EU</cbc:TaxExemptionReason>")}
    </cac:TaxSubtotal>
  </cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    ${usd("LineExtensionAmount", "9684.00")}${usd("TaxExclusiveAmount", "9684.00")}${usd("TaxInclusiveAmount", "9684.00")}
    ${usd("PayableAmount", "9684.00")}
  </cac:LegalMonetaryTotal>${line(1, "120", "7680.00", "64.00", "Sensor board SB-4")}
  ${line(2, "12", "2004.00", "167.00", "Calibration head")}
</Invoice>
`;
