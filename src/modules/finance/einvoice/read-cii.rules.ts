// Reading UN/CEFACT Cross Industry Invoice D16B: where it writes each term of EN 16931.
import { childOf, childrenOf, type MarkupElement, textOf } from "../banking/markup.rules.ts";
import type * as model from "./model.ts";
import { amountOf, identifierOf } from "./read-ubl.rules.ts";

type Element = MarkupElement | undefined;

export function readCii(root: MarkupElement): model.ElectronicInvoice {
  const trade = childOf(root, "SupplyChainTradeTransaction");
  const agreement = childOf(trade, "ApplicableHeaderTradeAgreement");
  const settlement = childOf(trade, "ApplicableHeaderTradeSettlement");
  const references = childrenOf(agreement, "AdditionalReferencedDocument");
  const object = references.find((one) => textOf(one, "TypeCode") === "130");
  return {
    syntax: "cii",
    root: "CrossIndustryInvoice",
    ...headOf(root),
    ...agreementOf(agreement),
    ...settlementOf(settlement),
    ...deliveriesOf(childOf(trade, "ApplicableHeaderTradeDelivery")),
    tender: textOf(
      references.find((one) => textOf(one, "TypeCode") === "50"),
      "IssuerAssignedID",
    ),
    object: object && { value: textOf(object, "IssuerAssignedID") ?? "", scheme: textOf(object, "ReferenceTypeCode") },
    supporting: references.filter((one) => !["50", "130"].includes(textOf(one, "TypeCode") ?? "")).map(referenceOf),
    lines: childrenOf(trade, "IncludedSupplyChainTradeLineItem").map(lineOf),
  };
}

function headOf(root: MarkupElement) {
  const context = childOf(root, "ExchangedDocumentContext");
  const document = childOf(root, "ExchangedDocument");
  return {
    process: childOf(context, "BusinessProcessSpecifiedDocumentContextParameter", "ID")?.text,
    specification: textOf(context, "GuidelineSpecifiedDocumentContextParameter", "ID"),
    number: textOf(document, "ID"),
    typeCode: textOf(document, "TypeCode"),
    day: dayOf(childOf(document, "IssueDateTime")),
    notes: childrenOf(document, "IncludedNote").map((note) => ({
      subject: childOf(note, "SubjectCode")?.text,
      text: textOf(note, "Content") ?? "",
    })),
  };
}

function agreementOf(agreement: Element) {
  return {
    buyerReference: childOf(agreement, "BuyerReference")?.text,
    seller: partyOf(childOf(agreement, "SellerTradeParty")),
    buyer: partyOf(childOf(agreement, "BuyerTradeParty")),
    taxRepresentative: partyOf(childOf(agreement, "SellerTaxRepresentativeTradeParty")),
    salesOrder: textOf(agreement, "SellerOrderReferencedDocument", "IssuerAssignedID"),
    order: childOf(agreement, "BuyerOrderReferencedDocument", "IssuerAssignedID")?.text,
    contract: textOf(agreement, "ContractReferencedDocument", "IssuerAssignedID"),
    project: textOf(agreement, "SpecifiedProcuringProject", "ID"),
  };
}

function deliveriesOf(delivery: Element) {
  const shipTo = childOf(delivery, "ShipToTradeParty");
  const day = dayOf(childOf(delivery, "ActualDeliverySupplyChainEvent", "OccurrenceDateTime"));
  const found: model.Delivery = {
    name: textOf(shipTo, "Name"),
    location: identifierOf(childOf(shipTo, "GlobalID") ?? childOf(shipTo, "ID")),
    day,
    address: addressOf(childOf(shipTo, "PostalTradeAddress")),
  };
  return {
    delivery: shipTo || day ? found : undefined,
    despatchAdvice: textOf(delivery, "DespatchAdviceReferencedDocument", "IssuerAssignedID"),
    receivingAdvice: textOf(delivery, "ReceivingAdviceReferencedDocument", "IssuerAssignedID"),
  };
}

function settlementOf(settlement: Element) {
  const taxes = childrenOf(settlement, "ApplicableTradeTax");
  const sums = childOf(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation");
  const terms = childrenOf(settlement, "SpecifiedTradePaymentTerms");
  const currency = textOf(settlement, "InvoiceCurrencyCode");
  return {
    currency,
    taxCurrency: childOf(settlement, "TaxCurrencyCode")?.text,
    creditorId: textOf(settlement, "CreditorReferenceID"),
    payee: partyOf(childOf(settlement, "PayeeTradeParty")),
    payments: paymentsOf(settlement, terms),
    taxPointDay: taxes.map((tax) => dayOf(childOf(tax, "TaxPointDate"))).find((day) => day !== undefined),
    taxPointCode: taxes.map((tax) => textOf(tax, "DueDateTypeCode")).find((code) => code !== undefined),
    period: periodOf(childOf(settlement, "BillingSpecifiedPeriod")),
    allowances: childrenOf(settlement, "SpecifiedTradeAllowanceCharge").map(allowanceOf),
    terms: terms.map((one) => textOf(one, "Description")).find((text) => text !== undefined),
    dueDay: terms.map((one) => dayOf(childOf(one, "DueDateDateTime"))).find((day) => day !== undefined),
    totals: totalsOf(sums),
    taxTotals: taxTotalsOf(taxes, childrenOf(sums, "TaxTotalAmount"), currency),
    preceding: childrenOf(settlement, "InvoiceReferencedDocument").map(referenceOf),
    accounting: textOf(settlement, "ReceivableSpecifiedTradeAccountingAccount", "ID"),
  };
}

/** CII keeps the breakdown beside the totals; the first total is the one in the document's currency. */
function taxTotalsOf(taxes: readonly MarkupElement[], totals: readonly MarkupElement[], currency: string | undefined): model.TaxTotal[] {
  const breakdown = taxes.map((tax) => ({
    base: amountOf(childOf(tax, "BasisAmount")),
    tax: amountOf(childOf(tax, "CalculatedAmount")),
    category: categoryOf(tax),
  }));
  if (totals.length === 0) return breakdown.length > 0 ? [{ breakdown }] : [];
  const main = totals.find((total) => (total.attributes["currencyID"] ?? currency) === currency) ?? totals[0];
  return totals.map((total) => ({ amount: amountOf(total), breakdown: total === main ? breakdown : [] }));
}

function totalsOf(sums: Element): model.Totals {
  const amount = (name: string): model.Amount | undefined => amountOf(childOf(sums, name));
  return {
    lines: amount("LineTotalAmount"),
    allowances: amount("AllowanceTotalAmount"),
    charges: amount("ChargeTotalAmount"),
    net: amount("TaxBasisTotalAmount"),
    gross: amount("GrandTotalAmount"),
    prepaid: amount("TotalPrepaidAmount"),
    rounding: amount("RoundingAmount"),
    due: amount("DuePayableAmount"),
  };
}

function paymentsOf(settlement: Element, terms: readonly MarkupElement[]): model.PaymentMeans[] {
  const mandateId = terms.map((one) => childOf(one, "DirectDebitMandateID")?.text).find((id) => id !== undefined);
  return childrenOf(settlement, "SpecifiedTradeSettlementPaymentMeans").map((means) => {
    const account = childOf(means, "PayeePartyCreditorFinancialAccount");
    const card = childOf(means, "ApplicableTradeSettlementFinancialCard");
    const debited = textOf(means, "PayerPartyDebtorFinancialAccount", "IBANID");
    return {
      code: textOf(means, "TypeCode"),
      text: textOf(means, "Information"),
      remittance: textOf(settlement, "PaymentReference"),
      account: account && {
        id: textOf(account, "IBANID") ?? textOf(account, "ProprietaryID"),
        name: textOf(account, "AccountName"),
        bic: textOf(means, "PayeeSpecifiedCreditorFinancialInstitution", "BICID"),
      },
      card: card && { number: textOf(card, "ID"), holder: textOf(card, "CardholderName") },
      mandate: mandateId !== undefined || debited ? { id: mandateId, debited } : undefined,
    };
  });
}

/** 20261121 in format 102 becomes 2026-11-21; whatever else stays as written, for the rules to see. */
function dayOf(element: Element): string | undefined {
  const written = childOf(element, "DateTimeString") ?? childOf(element, "DateString") ?? childOf(element, "DateTime");
  const text = written?.text || undefined;
  const parts = /^(\d{4})(\d{2})(\d{2})$/.exec(text ?? "");
  return parts ? `${parts[1]}-${parts[2]}-${parts[3]}` : text;
}

function periodOf(period: Element): model.Period | undefined {
  return period ? { start: dayOf(childOf(period, "StartDateTime")), end: dayOf(childOf(period, "EndDateTime")) } : undefined;
}

function partyOf(party: Element): model.TradeParty | undefined {
  if (!party) return undefined;
  const taxes = childrenOf(party, "SpecifiedTaxRegistration").map((one) => childOf(one, "ID"));
  const scheme = (id: Element): string | undefined => id?.attributes["schemeID"];
  const vat = taxes.find((id) => scheme(id) === "VA" || scheme(id) === "VAT");
  const other = taxes.find((id) => id !== vat);
  const legal = childOf(party, "SpecifiedLegalOrganization");
  const ids = [...childrenOf(party, "ID"), ...childrenOf(party, "GlobalID")];
  return {
    name: textOf(party, "Name"),
    tradingName: textOf(legal, "TradingBusinessName"),
    identifiers: ids.map((id) => identifierOf(id)!),
    legalId: identifierOf(childOf(legal, "ID")),
    vatId: vat?.text || undefined,
    taxId: other?.text || undefined,
    taxScheme: scheme(other),
    legalForm: textOf(party, "Description"),
    endpoint: identifierOf(childOf(party, "URIUniversalCommunication", "URIID")),
    address: addressOf(childOf(party, "PostalTradeAddress")),
    contact: contactOf(childOf(party, "DefinedTradeContact")),
  };
}

function contactOf(contact: Element): model.Contact | undefined {
  if (!contact) return undefined;
  return {
    name: textOf(contact, "PersonName") ?? textOf(contact, "DepartmentName"),
    phone: textOf(contact, "TelephoneUniversalCommunication", "CompleteNumber"),
    email: textOf(contact, "EmailURIUniversalCommunication", "URIID"),
  };
}

function addressOf(address: Element): model.PostalAddress | undefined {
  if (!address) return undefined;
  return {
    street: textOf(address, "LineOne"),
    additional: textOf(address, "LineTwo"),
    third: textOf(address, "LineThree"),
    city: textOf(address, "CityName"),
    postcode: textOf(address, "PostcodeCode"),
    subdivision: textOf(address, "CountrySubDivisionName"),
    country: textOf(address, "CountryID"),
  };
}

function categoryOf(tax: Element): model.TaxCategory | undefined {
  if (!tax) return undefined;
  return {
    code: textOf(tax, "CategoryCode"),
    percent: textOf(tax, "RateApplicablePercent"),
    reason: textOf(tax, "ExemptionReason"),
    reasonCode: textOf(tax, "ExemptionReasonCode"),
    scheme: textOf(tax, "TypeCode"),
  };
}

function allowanceOf(element: MarkupElement): model.AllowanceCharge {
  return {
    isCharge: textOf(element, "ChargeIndicator", "Indicator") === "true",
    amount: amountOf(childOf(element, "ActualAmount")),
    base: amountOf(childOf(element, "BasisAmount")),
    percent: textOf(element, "CalculationPercent"),
    reason: textOf(element, "Reason"),
    reasonCode: textOf(element, "ReasonCode"),
    category: categoryOf(childOf(element, "CategoryTradeTax")),
  };
}

function referenceOf(reference: MarkupElement): model.DocumentReference {
  const binary = childOf(reference, "AttachmentBinaryObject");
  const id = textOf(reference, "IssuerAssignedID");
  return {
    id: id === undefined ? undefined : { value: id, scheme: textOf(reference, "ReferenceTypeCode") },
    typeCode: textOf(reference, "TypeCode"),
    day: dayOf(childOf(reference, "FormattedIssueDateTime")),
    description: textOf(reference, "Name"),
    uri: textOf(reference, "URIID"),
    attachment: binary && {
      content: binary.text,
      mimeType: binary.attributes["mimeCode"] || undefined,
      fileName: binary.attributes["filename"] || undefined,
    },
  };
}

function lineOf(line: MarkupElement): model.InvoiceLine {
  const document = childOf(line, "AssociatedDocumentLineDocument");
  const agreement = childOf(line, "SpecifiedLineTradeAgreement");
  const settlement = childOf(line, "SpecifiedLineTradeSettlement");
  const quantity = childOf(line, "SpecifiedLineTradeDelivery", "BilledQuantity");
  return {
    line: line.line,
    id: textOf(document, "LineID"),
    note: textOf(document, "IncludedNote", "Content"),
    objects: childrenOf(settlement, "AdditionalReferencedDocument").map(referenceOf),
    quantity: quantityOf(quantity),
    net: amountOf(childOf(settlement, "SpecifiedTradeSettlementLineMonetarySummation", "LineTotalAmount")),
    orderLine: textOf(agreement, "BuyerOrderReferencedDocument", "LineID"),
    accounting: textOf(settlement, "ReceivableSpecifiedTradeAccountingAccount", "ID"),
    period: periodOf(childOf(settlement, "BillingSpecifiedPeriod")),
    allowances: childrenOf(settlement, "SpecifiedTradeAllowanceCharge").map(allowanceOf),
    price: priceOf(agreement),
    categories: childrenOf(settlement, "ApplicableTradeTax").map((one) => categoryOf(one)!),
    item: itemOf(childOf(line, "SpecifiedTradeProduct")),
  };
}

const quantityOf = (element: Element): model.Quantity | undefined =>
  element ? { value: element.text, unit: element.attributes["unitCode"] || undefined } : undefined;

function priceOf(agreement: Element): model.Price | undefined {
  const gross = childOf(agreement, "GrossPriceProductTradePrice");
  const net = childOf(agreement, "NetPriceProductTradePrice");
  if (!gross && !net) return undefined;
  const discount = childOf(gross, "AppliedTradeAllowanceCharge");
  return {
    net: amountOf(childOf(net, "ChargeAmount")),
    discount: amountOf(childOf(discount, "ActualAmount")),
    gross: amountOf(childOf(gross, "ChargeAmount")),
    per: quantityOf(childOf(net, "BasisQuantity") ?? childOf(gross, "BasisQuantity")),
    isCharged: childOf(discount, "ActualAmount") !== undefined && textOf(discount, "ChargeIndicator", "Indicator") !== "false",
  };
}

function itemOf(product: Element): model.Item {
  return {
    name: textOf(product, "Name"),
    description: textOf(product, "Description"),
    sellerId: textOf(product, "SellerAssignedID"),
    buyerId: textOf(product, "BuyerAssignedID"),
    standardId: identifierOf(childOf(product, "GlobalID")),
    classifications: childrenOf(product, "DesignatedProductClassification").map((one) => {
      const code = childOf(one, "ClassCode");
      return { value: code?.text ?? "", scheme: code?.attributes["listID"], version: code?.attributes["listVersionID"] };
    }),
    origin: textOf(product, "OriginTradeCountry", "ID"),
    attributes: childrenOf(product, "ApplicableProductCharacteristic").map((one) => ({
      name: textOf(one, "Description"),
      value: textOf(one, "Value"),
    })),
  };
}
