// Peppol: what Greece and Iceland ask of their sellers (GR-R-*, GR-S-*, IS-R-*). They are published for UBL.
import { isDay } from "../../../kernel/day.ts";
import { childOf, childrenOf, type MarkupElement, textOf } from "../banking/markup.rules.ts";
import { isGreekNumber } from "./check-digit.rules.ts";
import type { ElectronicInvoice, TradeParty } from "./model.ts";
import { about, type Rule } from "./rule.rules.ts";

interface Read {
  readonly it: ElectronicInvoice;
  readonly root: MarkupElement;
}
type Asks = (it: ElectronicInvoice) => boolean;

const asked =
  (asks: Asks) =>
  (id: string, says: string, holds: (read: Read) => boolean, severity: Rule["severity"] = "fatal"): Rule =>
    about<Read>(({ invoice, root }) => (invoice.syntax === "ubl" && asks(invoice) ? [{ place: "", value: { it: invoice, root } }] : []))(
      id,
      says,
      holds,
      severity,
    );

const prefixOf = (party: TradeParty | undefined): string | undefined => party?.vatId?.slice(0, 2).toUpperCase();
const addressOf = (party: TradeParty | undefined): string | undefined => party?.address?.country?.toUpperCase();
const isGreek = (country: string | undefined): boolean => country === "GR" || country === "EL";
const isGreekSeller: Asks = ({ seller, taxRepresentative }) =>
  isGreek(prefixOf(seller) ?? prefixOf(taxRepresentative) ?? addressOf(seller));
const isGreekBuyer: Asks = ({ buyer }) => isGreek(prefixOf(buyer) ?? addressOf(buyer));
const greece = asked(isGreekSeller);
/** Who is only represented there has no duty to report by myDATA. */
const athome = asked((it) => isGreekSeller(it) && it.seller?.address?.country === "GR");
const withinGreece = asked((it) => isGreekSeller(it) && isGreekBuyer(it));
const greekEndpoint = asked((it) => isGreek(prefixOf(it.seller) ?? addressOf(it.seller)));

const segment = (it: ElectronicInvoice, number: number): string => it.number?.split("|")[number - 1] ?? "";
const isGreekVat = (vatId: string | undefined): boolean => vatId !== undefined && vatId.startsWith("EL") && isGreekNumber(vatId.slice(2));
const isGreekAddress = (party: TradeParty | undefined): boolean =>
  !party?.endpoint || (party.endpoint.scheme === "9933" && isGreekNumber(party.endpoint.value));
const documentTypes = new Set(["1.1", "1.6", "2.1", "2.4", "5.1", "5.2"]);
const described = (root: MarkupElement, text: string): MarkupElement[] =>
  childrenOf(root, "AdditionalDocumentReference").filter((one) => textOf(one, "DocumentDescription") === text);
const marks = (root: MarkupElement): MarkupElement[] => described(root, "##M.AR.K##");
const addresses = (root: MarkupElement): MarkupElement[] => described(root, "##INVOICE|URL##");

function isTaxNumberOfSeller({ it }: Read): boolean {
  const number = segment(it, 1);
  return (
    number.trim().length === 9 &&
    isGreekNumber(number) &&
    [it.seller?.vatId, it.taxRepresentative?.vatId].some((vatId) => vatId?.slice(2, 11) === number)
  );
}

/** The day of the invoice, written as Greeks do: 21/11/2026. */
const isDayOfInvoice = ({ it }: Read): boolean =>
  segment(it, 2) === (it.day ?? "").split("-").toReversed().join("/") && isDay(it.day ?? "");

const greekRules: readonly Rule[] = [
  greece(
    "GR-R-001-1",
    "A Greek seller's invoice number has six parts, divided by | (BT-1).",
    ({ it }) => it.number?.split("|").length === 6,
  ),
  greece("GR-R-001-2", "Its first part is the tax number of the seller or the tax representative.", isTaxNumberOfSeller),
  greece("GR-R-001-3", "Its second part is the day of the invoice, as 21/11/2026.", isDayOfInvoice),
  greece("GR-R-001-4", "Its third part is a whole number.", ({ it }) => /^\d+$/.test(segment(it, 3).trim())),
  greece("GR-R-001-5", "Its fourth part is a Greek type of document.", ({ it }) => documentTypes.has(segment(it, 4))),
  greece("GR-R-001-6", "Its fifth part is told.", ({ it }) => segment(it, 5) !== ""),
  greece("GR-R-001-7", "Its sixth part is told.", ({ it }) => segment(it, 6) !== ""),
  greece(
    "GR-R-002",
    "A Greek seller tells the trading name (BT-28).",
    ({ it }) => it.seller === undefined || it.seller.tradingName !== undefined,
  ),
  greece(
    "GR-S-011",
    "A Greek seller tells the VAT identifier: EL and a right tax number (BT-31).",
    ({ it }) => it.seller === undefined || isGreekVat(it.seller.vatId),
    "warning",
  ),
  greece(
    "GR-R-003",
    "A Greek seller's VAT identifier is EL and a right tax number (BT-31).",
    ({ it }) => it.seller?.vatId === undefined || isGreekVat(it.seller.vatId),
  ),
  athome("GR-R-004-1", "A Greek seller names the one M.AR.K of myDATA.", ({ root }) => marks(root).length === 1),
  athome("GR-R-004-2", "The M.AR.K of myDATA is a whole number above zero.", ({ root }) =>
    marks(root).every((one) => childOf(one, "ID") === undefined || /^[1-9]\d*/.test(textOf(one, "ID") ?? "")),
  ),
  athome("GR-S-008-1", "A Greek seller names the one address of the invoice.", ({ root }) => addresses(root).length === 1, "warning"),
  athome("GR-R-008-2", "A Greek seller names one address of the invoice at most.", ({ root }) => addresses(root).length <= 1),
  greece("GR-R-008-3", "The address of the invoice is told where it is named.", ({ root }) =>
    addresses(root).every((one) => textOf(one, "Attachment", "ExternalReference", "URI") !== undefined),
  ),
  greece(
    "GR-R-005",
    "A Greek seller tells the buyer's trading name (BT-45).",
    ({ it }) => it.buyer === undefined || it.buyer.tradingName !== undefined,
  ),
  greekEndpoint("GR-R-009", "A Greek seller's electronic address is the tax number (scheme 9933).", ({ it }) => isGreekAddress(it.seller)),
  withinGreece(
    "GR-R-006",
    "A Greek seller tells the VAT identifier of a Greek buyer: EL and a right tax number (BT-48).",
    ({ it }) => it.buyer === undefined || isGreekVat(it.buyer.vatId),
  ),
  withinGreece("GR-R-010", "A Greek buyer's electronic address is the tax number (scheme 9933).", ({ it }) => isGreekAddress(it.buyer)),
];

const iceland = asked((it) => it.seller?.address?.country === "IS");
const withinIceland = asked((it) => it.seller?.address?.country === "IS" && it.buyer?.address?.country === "IS");
const isKennitala = (party: TradeParty | undefined): boolean => party?.legalId?.scheme === "0196";
const isReached = (party: TradeParty | undefined): boolean => party?.address?.street !== undefined && party.address.postcode !== undefined;
const accountsAre = (it: ElectronicInvoice, code: string): boolean =>
  it.payments.every((means) => means.code !== code || means.account?.id?.length === 12);
/** The last day to pay before interest runs, which Iceland tells as a supporting document. */
const finalDays = (root: MarkupElement): (string | undefined)[] => described(root, "EINDAGI").map((one) => textOf(one, "ID"));

const icelandicRules: readonly Rule[] = [
  iceland(
    "IS-R-001",
    "An Icelandic seller's type is 380 or 381 (BT-3).",
    ({ it }) => ["380", "381"].includes(it.typeCode ?? ""),
    "warning",
  ),
  iceland("IS-R-002", "An Icelandic seller tells the kennitala (BT-30, scheme 0196).", ({ it }) => isKennitala(it.seller)),
  iceland("IS-R-003", "An Icelandic seller tells street and postcode (BT-35, BT-38).", ({ it }) => isReached(it.seller)),
  iceland("IS-R-006", "A claim (9) names an account of 12 characters (BT-84).", ({ it }) => accountsAre(it, "9")),
  iceland("IS-R-007", "A transfer (42) names an account of 12 characters (BT-84).", ({ it }) => accountsAre(it, "42")),
  iceland("IS-R-008", "The day of EINDAGI is written as 2026-11-21.", ({ root }) => finalDays(root).every((day) => isDay(day ?? ""))),
  iceland(
    "IS-R-009",
    "Where EINDAGI is told, so is the day it is due (BT-9).",
    ({ it, root }) => finalDays(root).length === 0 || it.dueDay !== undefined,
  ),
  iceland("IS-R-010", "EINDAGI is not before the day it is due (BT-9).", ({ it, root }) =>
    finalDays(root).every((day) => it.dueDay !== undefined && day !== undefined && it.dueDay <= day),
  ),
  withinIceland("IS-R-004", "An Icelandic buyer is told with the kennitala (BT-47, scheme 0196).", ({ it }) => isKennitala(it.buyer)),
  withinIceland("IS-R-005", "An Icelandic buyer is told with street and postcode (BT-50, BT-53).", ({ it }) => isReached(it.buyer)),
];

export const greekIcelandicRules: readonly Rule[] = [...greekRules, ...icelandicRules];
