// Writing UN/CEFACT Cross Industry Invoice D16B: each term of EN 16931 at the place and in the order that the schema wants.
import type * as model from "./model.ts";
import { isIban } from "./check-digit.rules.ts";
import { group, text, type WrittenElement, writeXml } from "./write-xml.rules.ts";

type Element = WrittenElement | undefined;
const standard = "urn:un:unece:uncefact:data:standard:";

export function writeCii(it: model.ElectronicInvoice): string {
  const context = (name: string, id: string | undefined): Element =>
    group(`ram:${name}SpecifiedDocumentContextParameter`, text("ram:ID", id));
  const root = group(
    "rsm:CrossIndustryInvoice",
    group("rsm:ExchangedDocumentContext", context("BusinessProcess", it.process), context("Guideline", it.specification)),
    group(
      "rsm:ExchangedDocument",
      text("ram:ID", it.number),
      text("ram:TypeCode", it.typeCode),
      group("ram:IssueDateTime", day("udt:DateTimeString", it.day)),
      it.notes.map((note) => group("ram:IncludedNote", text("ram:Content", note.text), text("ram:SubjectCode", note.subject))),
    ),
    group(
      "rsm:SupplyChainTradeTransaction",
      it.lines.map((line) => lineOf(line)),
      agreementOf(it),
      deliveryOf(it) ?? { name: "ram:ApplicableHeaderTradeDelivery", attributes: {}, content: "" },
      settlementOf(it),
    ),
  )!;
  return writeXml(root, {
    "xmlns:rsm": `${standard}CrossIndustryInvoice:100`,
    "xmlns:ram": `${standard}ReusableAggregateBusinessInformationEntity:100`,
    "xmlns:qdt": `${standard}QualifiedDataType:100`,
    "xmlns:udt": `${standard}UnqualifiedDataType:100`,
  });
}

/** 2026-11-21 is written 20261121, which format 102 stands for. */
const day = (name: string, value: string | undefined): Element => text(name, value?.replaceAll("-", ""), { format: "102" });

/** CII has the currency once for the document; only tax totals repeat it. */
const plain = (name: string, it: model.Amount | undefined): Element => text(name, it?.value);
const quantity = (name: string, it: model.Quantity | undefined): Element => text(name, it?.value, { unitCode: it?.unit });

function agreementOf(it: model.ElectronicInvoice): Element {
  const reference = (name: string, id: string | undefined): Element =>
    group(`ram:${name}ReferencedDocument`, text("ram:IssuerAssignedID", id));
  return group(
    "ram:ApplicableHeaderTradeAgreement",
    text("ram:BuyerReference", it.buyerReference),
    partyOf("ram:SellerTradeParty", it.seller),
    partyOf("ram:BuyerTradeParty", it.buyer),
    partyOf("ram:SellerTaxRepresentativeTradeParty", it.taxRepresentative),
    reference("SellerOrder", it.salesOrder),
    reference("BuyerOrder", it.order),
    reference("Contract", it.contract),
    it.supporting.map((one) => supportingOf(one)),
    it.tender === undefined
      ? undefined
      : group("ram:AdditionalReferencedDocument", text("ram:IssuerAssignedID", it.tender), text("ram:TypeCode", "50")),
    it.object &&
      group(
        "ram:AdditionalReferencedDocument",
        text("ram:IssuerAssignedID", it.object.value),
        text("ram:TypeCode", "130"),
        text("ram:ReferenceTypeCode", it.object.scheme),
      ),
    it.project === undefined
      ? undefined
      : group("ram:SpecifiedProcuringProject", text("ram:ID", it.project), text("ram:Name", "Project reference")),
  );
}

const supportingOf = (one: model.DocumentReference): Element =>
  group(
    "ram:AdditionalReferencedDocument",
    text("ram:IssuerAssignedID", one.id?.value),
    text("ram:URIID", one.uri),
    text("ram:TypeCode", "916"),
    text("ram:Name", one.description),
    text("ram:AttachmentBinaryObject", one.attachment?.content, { mimeCode: one.attachment?.mimeType, filename: one.attachment?.fileName }),
  );

function partyOf(name: string, party: model.TradeParty | undefined): Element {
  if (!party) return undefined;
  const ids = (isGlobal: boolean): model.Identifier[] => party.identifiers.filter((id) => (id.scheme !== undefined) === isGlobal);
  const registration = (id: string | undefined, scheme: string): Element =>
    group("ram:SpecifiedTaxRegistration", text("ram:ID", id, { schemeID: scheme }));
  return group(
    name,
    ids(false).map((id) => text("ram:ID", id.value)),
    ids(true).map((id) => text("ram:GlobalID", id.value, { schemeID: id.scheme })),
    text("ram:Name", party.name),
    text("ram:Description", party.legalForm),
    group(
      "ram:SpecifiedLegalOrganization",
      text("ram:ID", party.legalId?.value, { schemeID: party.legalId?.scheme }),
      text("ram:TradingBusinessName", party.tradingName),
    ),
    group(
      "ram:DefinedTradeContact",
      text("ram:PersonName", party.contact?.name),
      group("ram:TelephoneUniversalCommunication", text("ram:CompleteNumber", party.contact?.phone)),
      group("ram:EmailURIUniversalCommunication", text("ram:URIID", party.contact?.email)),
    ),
    addressOf(party.address),
    group("ram:URIUniversalCommunication", text("ram:URIID", party.endpoint?.value, { schemeID: party.endpoint?.scheme })),
    registration(party.vatId, "VA"),
    registration(party.taxId, "FC"),
  );
}

const addressOf = (it: model.PostalAddress | undefined): Element =>
  group(
    "ram:PostalTradeAddress",
    text("ram:PostcodeCode", it?.postcode),
    text("ram:LineOne", it?.street),
    text("ram:LineTwo", it?.additional),
    text("ram:LineThree", it?.third),
    text("ram:CityName", it?.city),
    text("ram:CountryID", it?.country),
    text("ram:CountrySubDivisionName", it?.subdivision),
  );

function deliveryOf({ delivery, despatchAdvice, receivingAdvice }: model.ElectronicInvoice): Element {
  const { location } = delivery ?? {};
  return group(
    "ram:ApplicableHeaderTradeDelivery",
    group(
      "ram:ShipToTradeParty",
      location?.scheme ? text("ram:GlobalID", location.value, { schemeID: location.scheme }) : text("ram:ID", location?.value),
      text("ram:Name", delivery?.name),
      addressOf(delivery?.address),
    ),
    group("ram:ActualDeliverySupplyChainEvent", group("ram:OccurrenceDateTime", day("udt:DateTimeString", delivery?.day))),
    group("ram:DespatchAdviceReferencedDocument", text("ram:IssuerAssignedID", despatchAdvice)),
    group("ram:ReceivingAdviceReferencedDocument", text("ram:IssuerAssignedID", receivingAdvice)),
  );
}

function settlementOf(it: model.ElectronicInvoice): Element {
  const mandate = it.payments.find((means) => means.mandate)?.mandate;
  return group(
    "ram:ApplicableHeaderTradeSettlement",
    text("ram:CreditorReferenceID", it.creditorId),
    text("ram:PaymentReference", it.payments[0]?.remittance),
    // BR-53: it is told only where it is another.
    text("ram:TaxCurrencyCode", it.taxCurrency === it.currency ? undefined : it.taxCurrency),
    text("ram:InvoiceCurrencyCode", it.currency),
    partyOf("ram:PayeeTradeParty", it.payee),
    it.payments.map((means) => paymentOf(means)),
    it.taxTotals.flatMap((total) => total.breakdown).map((row, index) => taxOf(row, it, index === 0)),
    periodOf(it.period),
    it.allowances.map((one) => allowanceOf(one)),
    group(
      "ram:SpecifiedTradePaymentTerms",
      text("ram:Description", it.terms),
      group("ram:DueDateDateTime", day("udt:DateTimeString", it.dueDay)),
      text("ram:DirectDebitMandateID", mandate?.id),
    ),
    totalsOf(it),
    // This release of CII has room for one.
    it.preceding
      .slice(0, 1)
      .map((one) =>
        group(
          "ram:InvoiceReferencedDocument",
          text("ram:IssuerAssignedID", one.id?.value),
          group("ram:FormattedIssueDateTime", day("qdt:DateTimeString", one.day)),
        ),
      ),
    group("ram:ReceivableSpecifiedTradeAccountingAccount", text("ram:ID", it.accounting)),
  );
}

const paymentOf = (it: model.PaymentMeans): Element =>
  group(
    "ram:SpecifiedTradeSettlementPaymentMeans",
    text("ram:TypeCode", it.code),
    text("ram:Information", it.text),
    it.card &&
      group("ram:ApplicableTradeSettlementFinancialCard", text("ram:ID", it.card.number), text("ram:CardholderName", it.card.holder)),
    group("ram:PayerPartyDebtorFinancialAccount", text("ram:IBANID", it.mandate?.debited)),
    group(
      "ram:PayeePartyCreditorFinancialAccount",
      isIban(it.account?.id ?? "") ? text("ram:IBANID", it.account?.id) : undefined,
      text("ram:AccountName", it.account?.name),
      isIban(it.account?.id ?? "") ? undefined : text("ram:ProprietaryID", it.account?.id),
    ),
    group("ram:PayeeSpecifiedCreditorFinancialInstitution", text("ram:BICID", it.account?.bic)),
  );

/** UBL tells the tax point by codes of UNTDID 2005, CII by those of 2475. */
const taxPoints: Readonly<Record<string, string>> = { "3": "5", "35": "29", "432": "72" };

/** CII-SR-461: the day of the tax point stands once, in the first row. */
const taxOf = (row: model.TaxBreakdown, it: model.ElectronicInvoice, isFirst: boolean): Element =>
  group(
    "ram:ApplicableTradeTax",
    plain("ram:CalculatedAmount", row.tax),
    text("ram:TypeCode", row.category?.scheme ?? "VAT"),
    text("ram:ExemptionReason", row.category?.reason),
    plain("ram:BasisAmount", row.base),
    text("ram:CategoryCode", row.category?.code),
    text("ram:ExemptionReasonCode", row.category?.reasonCode),
    group("ram:TaxPointDate", isFirst ? day("udt:DateString", it.taxPointDay) : undefined),
    text("ram:DueDateTypeCode", taxPoints[it.taxPointCode ?? ""] ?? it.taxPointCode),
    text("ram:RateApplicablePercent", row.category?.percent),
  );

const periodOf = (period: model.Period | undefined): Element =>
  group(
    "ram:BillingSpecifiedPeriod",
    group("ram:StartDateTime", day("udt:DateTimeString", period?.start)),
    group("ram:EndDateTime", day("udt:DateTimeString", period?.end)),
  );

const allowanceOf = (it: model.AllowanceCharge): Element =>
  group(
    "ram:SpecifiedTradeAllowanceCharge",
    group("ram:ChargeIndicator", text("udt:Indicator", String(it.isCharge))),
    text("ram:CalculationPercent", it.percent),
    plain("ram:BasisAmount", it.base),
    plain("ram:ActualAmount", it.amount),
    text("ram:ReasonCode", it.reasonCode),
    text("ram:Reason", it.reason),
    it.category && categoryOf("ram:CategoryTradeTax", it.category),
  );

const categoryOf = (name: string, it: model.TaxCategory): Element =>
  group(name, text("ram:TypeCode", it.scheme ?? "VAT"), text("ram:CategoryCode", it.code), text("ram:RateApplicablePercent", it.percent));

const totalsOf = ({ totals, taxTotals }: model.ElectronicInvoice): Element =>
  group(
    "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
    plain("ram:LineTotalAmount", totals.lines),
    plain("ram:ChargeTotalAmount", totals.charges),
    plain("ram:AllowanceTotalAmount", totals.allowances),
    plain("ram:TaxBasisTotalAmount", totals.net),
    taxTotals.map((total) => text("ram:TaxTotalAmount", total.amount?.value, { currencyID: total.amount?.currency })),
    plain("ram:RoundingAmount", totals.rounding),
    plain("ram:GrandTotalAmount", totals.gross),
    plain("ram:TotalPrepaidAmount", totals.prepaid),
    plain("ram:DuePayableAmount", totals.due),
  );

function lineOf(line: model.InvoiceLine): Element {
  return group(
    "ram:IncludedSupplyChainTradeLineItem",
    group("ram:AssociatedDocumentLineDocument", text("ram:LineID", line.id), group("ram:IncludedNote", text("ram:Content", line.note))),
    productOf(line.item),
    group(
      "ram:SpecifiedLineTradeAgreement",
      group("ram:BuyerOrderReferencedDocument", text("ram:LineID", line.orderLine)),
      grossOf(line.price),
      group("ram:NetPriceProductTradePrice", plain("ram:ChargeAmount", line.price?.net), quantity("ram:BasisQuantity", line.price?.per)),
    ),
    group("ram:SpecifiedLineTradeDelivery", quantity("ram:BilledQuantity", line.quantity)),
    group(
      "ram:SpecifiedLineTradeSettlement",
      line.categories.map((one) => categoryOf("ram:ApplicableTradeTax", one)),
      periodOf(line.period),
      line.allowances.map((one) => allowanceOf(one)),
      group("ram:SpecifiedTradeSettlementLineMonetarySummation", plain("ram:LineTotalAmount", line.net)),
      line.objects.map((one) =>
        group(
          "ram:AdditionalReferencedDocument",
          text("ram:IssuerAssignedID", one.id?.value),
          text("ram:TypeCode", one.typeCode),
          text("ram:ReferenceTypeCode", one.id?.scheme),
        ),
      ),
      group("ram:ReceivableSpecifiedTradeAccountingAccount", text("ram:ID", line.accounting)),
    ),
  );
}

const grossOf = (price: model.Price | undefined): Element =>
  price?.gross &&
  group(
    "ram:GrossPriceProductTradePrice",
    plain("ram:ChargeAmount", price.gross),
    quantity("ram:BasisQuantity", price.per),
    price.discount &&
      group(
        "ram:AppliedTradeAllowanceCharge",
        group("ram:ChargeIndicator", text("udt:Indicator", "false")),
        plain("ram:ActualAmount", price.discount),
      ),
  );

const productOf = (item: model.Item): Element =>
  group(
    "ram:SpecifiedTradeProduct",
    text("ram:GlobalID", item.standardId?.value, { schemeID: item.standardId?.scheme }),
    text("ram:SellerAssignedID", item.sellerId),
    text("ram:BuyerAssignedID", item.buyerId),
    text("ram:Name", item.name),
    text("ram:Description", item.description),
    item.attributes.map((one) =>
      group("ram:ApplicableProductCharacteristic", text("ram:Description", one.name), text("ram:Value", one.value)),
    ),
    item.classifications.map((one) =>
      group("ram:DesignatedProductClassification", text("ram:ClassCode", one.value, { listID: one.scheme, listVersionID: one.version })),
    ),
    group("ram:OriginTradeCountry", text("ram:ID", item.origin)),
  );
