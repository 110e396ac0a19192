// Writing UBL 2.1: each term of EN 16931 at the place and in the order that the schema wants.
import type * as model from "./model.ts";
import { group, text, type WrittenElement, writeXml } from "./write-xml.rules.ts";

type Element = WrittenElement | undefined;

export function writeUbl(it: model.ElectronicInvoice): string {
  const name = it.root === "CreditNote" ? "CreditNote" : "Invoice";
  const root = group(
    name,
    headOf(it, name),
    referencesOf(it),
    partiesOf(it),
    deliveryOf(it.delivery),
    it.payments.map((means) => paymentOf(means, name === "CreditNote" ? it.dueDay : undefined)),
    group("cac:PaymentTerms", text("cbc:Note", it.terms)),
    it.allowances.map((one) => allowanceOf(one)),
    it.taxTotals.map((total) => taxTotalOf(total, it.currency)),
    totalsOf(it.totals),
    it.lines.map((line) => lineOf(line, name)),
  )!;
  return writeXml(root, {
    xmlns: `urn:oasis:names:specification:ubl:schema:xsd:${name}-2`,
    "xmlns:cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "xmlns:cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
  });
}

const amount = (name: string, it: model.Amount | undefined): Element => text(name, it?.value, { currencyID: it?.currency });
const quantity = (name: string, it: model.Quantity | undefined): Element => text(name, it?.value, { unitCode: it?.unit });
const identifier = (name: string, it: model.Identifier | undefined): Element =>
  text(name, it?.value, { schemeID: it?.scheme, schemeVersionID: it?.version });

function headOf(it: model.ElectronicInvoice, name: "Invoice" | "CreditNote"): Element[] {
  return [
    text("cbc:CustomizationID", it.specification),
    text("cbc:ProfileID", it.process),
    text("cbc:ID", it.number),
    text("cbc:IssueDate", it.day),
    // A credit note has its due day with the means of payment.
    name === "Invoice" ? text("cbc:DueDate", it.dueDay) : undefined,
    name === "CreditNote" ? text("cbc:TaxPointDate", it.taxPointDay) : undefined,
    text(`cbc:${name}TypeCode`, it.typeCode),
    ...it.notes.map((note) => text("cbc:Note", note.subject ? `#${note.subject}#${note.text}` : note.text)),
    name === "Invoice" ? text("cbc:TaxPointDate", it.taxPointDay) : undefined,
    text("cbc:DocumentCurrencyCode", it.currency),
    text("cbc:TaxCurrencyCode", it.taxCurrency),
    text("cbc:AccountingCost", it.accounting),
    text("cbc:BuyerReference", it.buyerReference),
    periodOf(it.period, it.taxPointCode),
  ];
}

/** CII tells the tax point by codes of UNTDID 2475, UBL by those of 2005. */
const taxPoints: Readonly<Record<string, string>> = { "5": "3", "29": "35", "72": "432" };

const periodOf = (period: model.Period | undefined, code?: string): Element =>
  group(
    "cac:InvoicePeriod",
    text("cbc:StartDate", period?.start),
    text("cbc:EndDate", period?.end),
    text("cbc:DescriptionCode", taxPoints[code ?? ""] ?? code),
  );

function referencesOf(it: model.ElectronicInvoice): Element[] {
  const isCredit = it.root === "CreditNote";
  const only = (name: string, id: string | undefined): Element => group(name, text("cbc:ID", id));
  return [
    group("cac:OrderReference", text("cbc:ID", it.order), text("cbc:SalesOrderID", it.salesOrder)),
    ...it.preceding.map((one) =>
      group("cac:BillingReference", group("cac:InvoiceDocumentReference", identifier("cbc:ID", one.id), text("cbc:IssueDate", one.day))),
    ),
    only("cac:DespatchDocumentReference", it.despatchAdvice),
    only("cac:ReceiptDocumentReference", it.receivingAdvice),
    isCredit ? undefined : only("cac:OriginatorDocumentReference", it.tender),
    only("cac:ContractDocumentReference", it.contract),
    it.object && group("cac:AdditionalDocumentReference", identifier("cbc:ID", it.object), text("cbc:DocumentTypeCode", "130")),
    ...it.supporting.map((one) => supportingOf(one)),
    // A credit note has no place for a project but among the documents, with type 50.
    isCredit && it.project !== undefined
      ? group("cac:AdditionalDocumentReference", text("cbc:ID", it.project), text("cbc:DocumentTypeCode", "50"))
      : undefined,
    isCredit ? only("cac:OriginatorDocumentReference", it.tender) : only("cac:ProjectReference", it.project),
  ];
}

const supportingOf = (one: model.DocumentReference): Element =>
  group(
    "cac:AdditionalDocumentReference",
    // UBL-SR-43: only an object has a scheme or a type.
    text("cbc:ID", one.id?.value),
    text("cbc:DocumentDescription", one.description),
    group(
      "cac:Attachment",
      text("cbc:EmbeddedDocumentBinaryObject", one.attachment?.content, {
        mimeCode: one.attachment?.mimeType,
        filename: one.attachment?.fileName,
      }),
      group("cac:ExternalReference", text("cbc:URI", one.uri)),
    ),
  );

function partiesOf(it: model.ElectronicInvoice): Element[] {
  const { payee, taxRepresentative: representative } = it;
  return [
    group("cac:AccountingSupplierParty", partyOf(it.seller, it.creditorId)),
    group("cac:AccountingCustomerParty", partyOf(it.buyer)),
    payee &&
      group(
        "cac:PayeeParty",
        payee.identifiers.map((id) => group("cac:PartyIdentification", identifier("cbc:ID", id))),
        group("cac:PartyName", text("cbc:Name", payee.name)),
        group("cac:PartyLegalEntity", identifier("cbc:CompanyID", payee.legalId)),
      ),
    representative &&
      group(
        "cac:TaxRepresentativeParty",
        group("cac:PartyName", text("cbc:Name", representative.name)),
        addressOf("cac:PostalAddress", representative.address),
        taxScheme(representative.vatId, "VAT"),
      ),
  ];
}

const taxScheme = (id: string | undefined, scheme: string): Element =>
  id === undefined ? undefined : group("cac:PartyTaxScheme", text("cbc:CompanyID", id), group("cac:TaxScheme", text("cbc:ID", scheme)));

function partyOf(party: model.TradeParty | undefined, creditorId?: string): Element {
  if (!party) return undefined;
  const creditor = creditorId === undefined ? [] : [{ value: creditorId, scheme: "SEPA" }];
  return group(
    "cac:Party",
    identifier("cbc:EndpointID", party.endpoint),
    [...party.identifiers, ...creditor].map((id) => group("cac:PartyIdentification", identifier("cbc:ID", id))),
    group("cac:PartyName", text("cbc:Name", party.tradingName)),
    addressOf("cac:PostalAddress", party.address),
    taxScheme(party.vatId, "VAT"),
    taxScheme(party.taxId, party.taxScheme ?? "TAX"),
    group(
      "cac:PartyLegalEntity",
      text("cbc:RegistrationName", party.name),
      identifier("cbc:CompanyID", party.legalId),
      text("cbc:CompanyLegalForm", party.legalForm),
    ),
    group(
      "cac:Contact",
      text("cbc:Name", party.contact?.name),
      text("cbc:Telephone", party.contact?.phone),
      text("cbc:ElectronicMail", party.contact?.email),
    ),
  );
}

const addressOf = (name: string, it: model.PostalAddress | undefined): Element =>
  group(
    name,
    text("cbc:StreetName", it?.street),
    text("cbc:AdditionalStreetName", it?.additional),
    text("cbc:CityName", it?.city),
    text("cbc:PostalZone", it?.postcode),
    text("cbc:CountrySubentity", it?.subdivision),
    group("cac:AddressLine", text("cbc:Line", it?.third)),
    group("cac:Country", text("cbc:IdentificationCode", it?.country)),
  );

const deliveryOf = (it: model.Delivery | undefined): Element =>
  group(
    "cac:Delivery",
    text("cbc:ActualDeliveryDate", it?.day),
    group("cac:DeliveryLocation", identifier("cbc:ID", it?.location), addressOf("cac:Address", it?.address)),
    group("cac:DeliveryParty", group("cac:PartyName", text("cbc:Name", it?.name))),
  );

const paymentOf = (it: model.PaymentMeans, dueDay: string | undefined): Element =>
  group(
    "cac:PaymentMeans",
    text("cbc:PaymentMeansCode", it.code, { name: it.text }),
    text("cbc:PaymentDueDate", dueDay),
    text("cbc:PaymentID", it.remittance),
    it.card &&
      group(
        "cac:CardAccount",
        text("cbc:PrimaryAccountNumberID", it.card.number),
        // The schema wants a network, EN 16931 knows none.
        text("cbc:NetworkID", "NA"),
        text("cbc:HolderName", it.card.holder),
      ),
    group(
      "cac:PayeeFinancialAccount",
      text("cbc:ID", it.account?.id),
      text("cbc:Name", it.account?.name),
      group("cac:FinancialInstitutionBranch", text("cbc:ID", it.account?.bic)),
    ),
    it.mandate &&
      group("cac:PaymentMandate", text("cbc:ID", it.mandate.id), group("cac:PayerFinancialAccount", text("cbc:ID", it.mandate.debited))),
  );

const allowanceOf = (it: model.AllowanceCharge): Element =>
  group(
    "cac:AllowanceCharge",
    text("cbc:ChargeIndicator", String(it.isCharge)),
    text("cbc:AllowanceChargeReasonCode", it.reasonCode),
    text("cbc:AllowanceChargeReason", it.reason),
    text("cbc:MultiplierFactorNumeric", it.percent),
    amount("cbc:Amount", it.amount),
    amount("cbc:BaseAmount", it.base),
    it.category && categoryOf("cac:TaxCategory", it.category),
  );

const categoryOf = (name: string, it: model.TaxCategory | undefined): Element =>
  group(
    name,
    text("cbc:ID", it?.code),
    text("cbc:Percent", it?.percent),
    text("cbc:TaxExemptionReasonCode", it?.reasonCode),
    text("cbc:TaxExemptionReason", it?.reason),
    group("cac:TaxScheme", text("cbc:ID", it?.scheme ?? "VAT")),
  );

/** CII may leave out a total of nothing, UBL may not. */
const taxTotalOf = (total: model.TaxTotal, currency: string | undefined): Element =>
  group(
    "cac:TaxTotal",
    amount("cbc:TaxAmount", total.amount ?? { value: "0.00", currency }),
    total.breakdown.map((row) =>
      group(
        "cac:TaxSubtotal",
        amount("cbc:TaxableAmount", row.base),
        amount("cbc:TaxAmount", row.tax),
        categoryOf("cac:TaxCategory", row.category),
      ),
    ),
  );

const totalsOf = (it: model.Totals): Element =>
  group(
    "cac:LegalMonetaryTotal",
    amount("cbc:LineExtensionAmount", it.lines),
    amount("cbc:TaxExclusiveAmount", it.net),
    amount("cbc:TaxInclusiveAmount", it.gross),
    amount("cbc:AllowanceTotalAmount", it.allowances),
    amount("cbc:ChargeTotalAmount", it.charges),
    amount("cbc:PrepaidAmount", it.prepaid),
    amount("cbc:PayableRoundingAmount", it.rounding),
    amount("cbc:PayableAmount", it.due),
  );

function lineOf(line: model.InvoiceLine, name: "Invoice" | "CreditNote"): Element {
  return group(
    `cac:${name}Line`,
    text("cbc:ID", line.id),
    text("cbc:Note", line.note),
    quantity(name === "Invoice" ? "cbc:InvoicedQuantity" : "cbc:CreditedQuantity", line.quantity),
    amount("cbc:LineExtensionAmount", line.net),
    text("cbc:AccountingCost", line.accounting),
    periodOf(line.period),
    group("cac:OrderLineReference", text("cbc:LineID", line.orderLine)),
    line.objects.map((one) => group("cac:DocumentReference", identifier("cbc:ID", one.id), text("cbc:DocumentTypeCode", one.typeCode))),
    line.allowances.map((one) => allowanceOf(one)),
    itemOf(line),
    priceOf(line.price),
  );
}

function itemOf({ item, categories }: model.InvoiceLine): Element {
  return group(
    "cac:Item",
    text("cbc:Description", item.description),
    text("cbc:Name", item.name),
    group("cac:BuyersItemIdentification", text("cbc:ID", item.buyerId)),
    group("cac:SellersItemIdentification", text("cbc:ID", item.sellerId)),
    group("cac:StandardItemIdentification", identifier("cbc:ID", item.standardId)),
    group("cac:OriginCountry", text("cbc:IdentificationCode", item.origin)),
    item.classifications.map((one) =>
      group(
        "cac:CommodityClassification",
        text("cbc:ItemClassificationCode", one.value, { listID: one.scheme, listVersionID: one.version }),
      ),
    ),
    categories.map((one) => categoryOf("cac:ClassifiedTaxCategory", one)),
    item.attributes.map((one) => group("cac:AdditionalItemProperty", text("cbc:Name", one.name), text("cbc:Value", one.value))),
  );
}

const priceOf = (price: model.Price | undefined): Element =>
  group(
    "cac:Price",
    amount("cbc:PriceAmount", price?.net),
    quantity("cbc:BaseQuantity", price?.per),
    (price?.gross ?? price?.discount) &&
      group(
        "cac:AllowanceCharge",
        text("cbc:ChargeIndicator", "false"),
        amount("cbc:Amount", price?.discount ?? { value: "0", currency: price?.gross?.currency }),
        amount("cbc:BaseAmount", price?.gross),
      ),
  );
