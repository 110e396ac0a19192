// Reading UBL 2.1: where its Invoice and CreditNote write each term of EN 16931.
import { childOf, childrenOf, type MarkupElement, textOf } from "../banking/markup.rules.ts";
import type * as model from "./model.ts";

type Element = MarkupElement | undefined;

export function readUbl(root: MarkupElement, name: "Invoice" | "CreditNote"): model.ElectronicInvoice {
  const party = (outer: string): model.TradeParty | undefined => partyOf(childOf(root, outer, "Party"));
  const supporting = childrenOf(root, "AdditionalDocumentReference");
  const means = childrenOf(root, "PaymentMeans");
  return {
    syntax: "ubl",
    root: name,
    ...headOf(root, name),
    object: identifierOf(
      childOf(
        supporting.find((one) => textOf(one, "DocumentTypeCode") === "130"),
        "ID",
      ),
    ),
    notes: childrenOf(root, "Note").map((note) => noteOf(note.text)),
    preceding: childrenOf(root, "BillingReference").map((one) => referenceOf(childOf(one, "InvoiceDocumentReference") ?? one)),
    seller: party("AccountingSupplierParty"),
    buyer: party("AccountingCustomerParty"),
    payee: partyOf(childOf(root, "PayeeParty")),
    taxRepresentative: partyOf(childOf(root, "TaxRepresentativeParty")),
    delivery: deliveryOf(childOf(root, "Delivery")),
    period: periodOf(childOf(root, "InvoicePeriod")),
    payments: means.map(paymentOf),
    creditorId: creditorIdOf(root),
    allowances: childrenOf(root, "AllowanceCharge").map(allowanceOf),
    totals: totalsOf(childOf(root, "LegalMonetaryTotal")),
    taxTotals: childrenOf(root, "TaxTotal").map((total) => ({
      amount: amountOf(childOf(total, "TaxAmount")),
      breakdown: childrenOf(total, "TaxSubtotal").map((one) => ({
        base: amountOf(childOf(one, "TaxableAmount")),
        tax: amountOf(childOf(one, "TaxAmount")),
        category: categoryOf(childOf(one, "TaxCategory")),
      })),
    })),
    supporting: supporting.filter((one) => !["50", "130"].includes(textOf(one, "DocumentTypeCode") ?? "")).map(referenceOf),
    lines: [...childrenOf(root, "InvoiceLine"), ...childrenOf(root, "CreditNoteLine")].map(lineOf),
  };
}

function headOf(root: MarkupElement, name: "Invoice" | "CreditNote") {
  const text = (...path: readonly string[]): string | undefined => textOf(root, ...path);
  // Peppol asks whether these are written at all; that one is empty, another rule tells.
  const written = (...path: readonly string[]): string | undefined => childOf(root, ...path)?.text;
  const originator = text("OriginatorDocumentReference", "ID");
  return {
    number: text("ID"),
    day: text("IssueDate"),
    typeCode: text(`${name}TypeCode`),
    currency: text("DocumentCurrencyCode"),
    taxCurrency: written("TaxCurrencyCode"),
    taxPointDay: text("TaxPointDate"),
    taxPointCode: text("InvoicePeriod", "DescriptionCode"),
    dueDay: text("DueDate") ?? text("PaymentMeans", "PaymentDueDate"),
    buyerReference: written("BuyerReference"),
    project:
      text("ProjectReference", "ID") ??
      textOf(
        childrenOf(root, "AdditionalDocumentReference").find((one) => textOf(one, "DocumentTypeCode") === "50"),
        "ID",
      ),
    contract: text("ContractDocumentReference", "ID"),
    order: written("OrderReference", "ID"),
    salesOrder: text("OrderReference", "SalesOrderID"),
    receivingAdvice: text("ReceiptDocumentReference", "ID"),
    despatchAdvice: text("DespatchDocumentReference", "ID"),
    tender: originator,
    accounting: text("AccountingCost"),
    terms: text("PaymentTerms", "Note"),
    process: written("ProfileID"),
    specification: text("CustomizationID"),
  };
}

const attribute = (element: Element, name: string): string | undefined => element?.attributes[name] || undefined;

export function amountOf(element: Element): model.Amount | undefined {
  return element ? { value: element.text, currency: attribute(element, "currencyID") } : undefined;
}

const quantityOf = (element: Element): model.Quantity | undefined =>
  element ? { value: element.text, unit: attribute(element, "unitCode") } : undefined;

export const identifierOf = (element: Element): model.Identifier | undefined =>
  element ? { value: element.text, scheme: attribute(element, "schemeID"), version: attribute(element, "schemeVersionID") } : undefined;

/** In UBL a note's subject is written into its text: `#AAC#text`. */
function noteOf(text: string): { subject?: string; text: string } {
  const parts = /^#([A-Z]{3})#(.*)$/s.exec(text);
  return parts ? { subject: parts[1], text: parts[2]! } : { text };
}

function partyOf(party: Element): model.TradeParty | undefined {
  if (!party) return undefined;
  const taxes = childrenOf(party, "PartyTaxScheme");
  const vat = taxes.find((one) => textOf(one, "TaxScheme", "ID") === "VAT");
  const other = taxes.find((one) => one !== vat && textOf(one, "TaxScheme", "ID") !== "VAT");
  const legal = childOf(party, "PartyLegalEntity");
  const registered = textOf(legal, "RegistrationName");
  const known = textOf(party, "PartyName", "Name");
  const isBare = ["PayeeParty", "TaxRepresentativeParty"].includes(party.name);
  return {
    name: isBare ? known : registered,
    tradingName: isBare ? undefined : known,
    // A creditor's identifier for direct debits (SEPA) is BT-90 and no identifier of the party.
    identifiers: childrenOf(party, "PartyIdentification").flatMap((one) => {
      const id = identifierOf(childOf(one, "ID"));
      return id && id.scheme !== "SEPA" ? [id] : [];
    }),
    legalId: identifierOf(childOf(legal, "CompanyID")),
    vatId: textOf(vat, "CompanyID"),
    taxId: textOf(other, "CompanyID"),
    taxScheme: textOf(other, "TaxScheme", "ID"),
    legalForm: textOf(legal, "CompanyLegalForm"),
    endpoint: identifierOf(childOf(party, "EndpointID")),
    address: addressOf(childOf(party, "PostalAddress")),
    contact: contactOf(childOf(party, "Contact")),
  };
}

function contactOf(contact: Element): model.Contact | undefined {
  if (!contact) return undefined;
  return { name: textOf(contact, "Name"), phone: textOf(contact, "Telephone"), email: textOf(contact, "ElectronicMail") };
}

function addressOf(address: Element): model.PostalAddress | undefined {
  if (!address) return undefined;
  return {
    street: textOf(address, "StreetName"),
    additional: textOf(address, "AdditionalStreetName"),
    third: textOf(address, "AddressLine", "Line"),
    city: textOf(address, "CityName"),
    postcode: textOf(address, "PostalZone"),
    subdivision: textOf(address, "CountrySubentity"),
    country: textOf(address, "Country", "IdentificationCode"),
  };
}

function deliveryOf(delivery: Element): model.Delivery | undefined {
  if (!delivery) return undefined;
  const location = childOf(delivery, "DeliveryLocation");
  return {
    name: textOf(delivery, "DeliveryParty", "PartyName", "Name"),
    location: identifierOf(childOf(location, "ID")),
    day: textOf(delivery, "ActualDeliveryDate"),
    address: addressOf(childOf(location, "Address")),
  };
}

function periodOf(period: Element): model.Period | undefined {
  return period ? { start: textOf(period, "StartDate"), end: textOf(period, "EndDate") } : undefined;
}

function paymentOf(means: MarkupElement): model.PaymentMeans {
  const code = childOf(means, "PaymentMeansCode");
  const account = childOf(means, "PayeeFinancialAccount");
  const card = childOf(means, "CardAccount");
  const mandate = childOf(means, "PaymentMandate");
  return {
    code: code?.text || undefined,
    text: attribute(code, "name"),
    remittance: textOf(means, "PaymentID"),
    account: account && {
      id: textOf(account, "ID"),
      name: textOf(account, "Name"),
      bic: textOf(account, "FinancialInstitutionBranch", "ID"),
    },
    card: card && { number: textOf(card, "PrimaryAccountNumberID"), holder: textOf(card, "HolderName") },
    mandate: mandate && { id: childOf(mandate, "ID")?.text, debited: textOf(mandate, "PayerFinancialAccount", "ID") },
  };
}

function creditorIdOf(root: MarkupElement): string | undefined {
  const parties = [childOf(root, "AccountingSupplierParty", "Party"), childOf(root, "PayeeParty")];
  const ids = parties.flatMap((party) => childrenOf(party, "PartyIdentification").map((one) => childOf(one, "ID")));
  return ids.find((id) => id?.attributes["schemeID"] === "SEPA")?.text || undefined;
}

function allowanceOf(element: MarkupElement): model.AllowanceCharge {
  return {
    isCharge: textOf(element, "ChargeIndicator") === "true",
    amount: amountOf(childOf(element, "Amount")),
    base: amountOf(childOf(element, "BaseAmount")),
    percent: textOf(element, "MultiplierFactorNumeric"),
    reason: textOf(element, "AllowanceChargeReason"),
    reasonCode: textOf(element, "AllowanceChargeReasonCode"),
    category: categoryOf(childOf(element, "TaxCategory")),
  };
}

function categoryOf(category: Element): model.TaxCategory | undefined {
  if (!category) return undefined;
  return {
    code: textOf(category, "ID"),
    percent: textOf(category, "Percent"),
    reason: textOf(category, "TaxExemptionReason"),
    reasonCode: textOf(category, "TaxExemptionReasonCode"),
    scheme: textOf(category, "TaxScheme", "ID"),
  };
}

function totalsOf(totals: Element): model.Totals {
  const amount = (name: string): model.Amount | undefined => amountOf(childOf(totals, name));
  return {
    lines: amount("LineExtensionAmount"),
    allowances: amount("AllowanceTotalAmount"),
    charges: amount("ChargeTotalAmount"),
    net: amount("TaxExclusiveAmount"),
    gross: amount("TaxInclusiveAmount"),
    prepaid: amount("PrepaidAmount"),
    rounding: amount("PayableRoundingAmount"),
    due: amount("PayableAmount"),
  };
}

function referenceOf(reference: MarkupElement): model.DocumentReference {
  const binary = childOf(reference, "Attachment", "EmbeddedDocumentBinaryObject");
  return {
    id: identifierOf(childOf(reference, "ID")),
    typeCode: textOf(reference, "DocumentTypeCode"),
    day: textOf(reference, "IssueDate"),
    description: textOf(reference, "DocumentDescription"),
    uri: textOf(reference, "Attachment", "ExternalReference", "URI"),
    attachment: binary && { content: binary.text, mimeType: attribute(binary, "mimeCode"), fileName: attribute(binary, "filename") },
  };
}

function lineOf(line: MarkupElement): model.InvoiceLine {
  const item = childOf(line, "Item");
  return {
    line: line.line,
    id: textOf(line, "ID"),
    note: textOf(line, "Note"),
    objects: childrenOf(line, "DocumentReference").map(referenceOf),
    quantity: quantityOf(childOf(line, "InvoicedQuantity") ?? childOf(line, "CreditedQuantity")),
    net: amountOf(childOf(line, "LineExtensionAmount")),
    orderLine: textOf(line, "OrderLineReference", "LineID"),
    accounting: textOf(line, "AccountingCost"),
    period: periodOf(childOf(line, "InvoicePeriod")),
    allowances: childrenOf(line, "AllowanceCharge").map(allowanceOf),
    price: priceOf(childOf(line, "Price")),
    categories: childrenOf(item, "ClassifiedTaxCategory").map((one) => categoryOf(one)!),
    item: itemOf(item),
  };
}

function priceOf(price: Element): model.Price | undefined {
  if (!price) return undefined;
  const discount = childOf(price, "AllowanceCharge");
  return {
    net: amountOf(childOf(price, "PriceAmount")),
    discount: amountOf(childOf(discount, "Amount")),
    gross: amountOf(childOf(discount, "BaseAmount")),
    per: quantityOf(childOf(price, "BaseQuantity")),
    isCharged: discount !== undefined && textOf(discount, "ChargeIndicator") !== "false",
  };
}

function itemOf(item: Element): model.Item {
  return {
    name: textOf(item, "Name"),
    description: textOf(item, "Description"),
    sellerId: textOf(item, "SellersItemIdentification", "ID"),
    buyerId: textOf(item, "BuyersItemIdentification", "ID"),
    standardId: identifierOf(childOf(item, "StandardItemIdentification", "ID")),
    classifications: childrenOf(item, "CommodityClassification").map((one) => {
      const code = childOf(one, "ItemClassificationCode");
      return { value: code?.text ?? "", scheme: attribute(code, "listID"), version: attribute(code, "listVersionID") };
    }),
    origin: textOf(item, "OriginCountry", "IdentificationCode"),
    attributes: childrenOf(item, "AdditionalItemProperty").map((one) => ({ name: textOf(one, "Name"), value: textOf(one, "Value") })),
  };
}
