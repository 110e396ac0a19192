// One entry of a camt message, with the payments a batch booking stands for.
import type { Money } from "../../../kernel/money.ts";
import { childOf, childrenOf, type MarkupElement, textOf } from "./markup.rules.ts";
import { readAmount, readDay, refusalAt, shown } from "./statement-text.rules.ts";
import type { EntryDetail, EntryDraft, EntryStatus } from "./statement.ts";

export function draftCamtEntry(entry: MarkupElement, index: number, ownAccount: string | undefined): EntryDraft {
  const amount = signed(entry, amountOf(entry));
  const isReversal = /^(true|1)$/.test(textOf(entry, "RvslInd") ?? "");
  const payments = childrenOf(entry, "NtryDtls").flatMap((details) => childrenOf(details, "TxDtls"));
  // Version 1 has the payments directly in the entry.
  const elements = payments.length > 0 ? payments : childrenOf(entry, "TxDtls");
  const details = elements.map((payment) => detailOf(payment, amount, isReversal, ownAccount));
  const only = elements.length === 1 ? elements[0] : undefined;
  const { amount: _, ...same } = details.length === 1 ? details[0]! : { amount: undefined, remittanceText: "" };
  const batch = childOf(entry, "NtryDtls", "Btch") ?? childOf(entry, "Btch");
  return {
    ...same,
    position: index + 1,
    line: entry.line,
    status: statusOf(entry),
    bookingDay: dayIn(entry, "BookgDt"),
    valueDay: dayIn(entry, "ValDt"),
    amount,
    isReversal,
    bankReference: textOf(entry, "AcctSvcrRef") ?? textOf(only, "Refs", "AcctSvcrRef"),
    customerReference: textOf(batch, "PmtInfId") ?? textOf(only, "Refs", "PmtInfId") ?? textOf(only, "Refs", "InstrId"),
    remittanceText: same.remittanceText || (textOf(only, "AddtlTxInf") ?? textOf(entry, "AddtlNtryInf") ?? ""),
    transactionCode: codeOf(childOf(entry, "BkTxCd")),
    details,
  };
}

/** The amount of an element's `Amt`, without sign. @throws Refusal when it is missing, negative, too precise, or has no currency. */
export function amountOf(element: MarkupElement): Money {
  const amount = childOf(element, "Amt");
  if (!amount) throw refusalAt("amountMissing", element.line, `<${element.name}> has no <Amt>. Ask the bank for a correct file.`);
  const read = readAmount(amount.text, amount.attributes["Ccy"] ?? "", amount.line);
  if (read.minor < 0n || amount.text.includes(",")) {
    const reason = `${shown(amount.text)} is not an amount of ISO 20022, which has a point and no sign. Ask the bank for a correct file.`;
    throw refusalAt("amountMalformed", amount.line, reason);
  }
  return read;
}

/** A reversal's indicator already says how the reversal itself changes the balance (ISO 20022, RvslInd), so it turns no sign here. */
export function signed(element: MarkupElement, amount: Money): Money {
  const indicator = textOf(element, "CdtDbtInd");
  if (indicator === "CRDT") return amount;
  if (indicator === "DBIT") return amount.negated();
  const reason = `<${element.name}> says ${shown(indicator ?? "")} where CRDT or DBIT must stand. Ask the bank for a correct file.`;
  throw refusalAt("statementMalformed", element.line, reason);
}

/** IBAN or other number of an account element, without spaces; version 1 calls the other number PrtryAcct. */
export function identificationOf(account: MarkupElement | undefined): string | undefined {
  const id = childOf(account, "Id");
  const number =
    textOf(id, "IBAN") ?? textOf(id, "Othr", "Id") ?? textOf(id, "PrtryAcct", "Id") ?? textOf(id, "BBAN") ?? textOf(id, "UPIC");
  return number?.replace(/\s+/g, "");
}

function statusOf(entry: MarkupElement): EntryStatus {
  const status = textOf(entry, "Sts") ?? textOf(entry, "Sts", "Cd") ?? "BOOK";
  if (status === "BOOK") return "booked";
  return status === "INFO" ? "information" : "pending";
}

function dayIn(entry: MarkupElement, name: string) {
  const found = childOf(entry, name);
  const text = textOf(found, "Dt") ?? textOf(found, "DtTm");
  return found && text ? readDay(text, found.line) : undefined;
}

function codeOf(code: MarkupElement | undefined): string | undefined {
  const domain = childOf(code, "Domn");
  const levels = [textOf(domain, "Cd"), textOf(domain, "Fmly", "Cd"), textOf(domain, "Fmly", "SubFmlyCd")];
  return domain ? levels.filter(Boolean).join("-") : textOf(code, "Prtry", "Cd");
}

function detailOf(payment: MarkupElement, entryAmount: Money, isReversal: boolean, ownAccount: string | undefined): EntryDetail {
  const amount = detailAmount(payment, entryAmount);
  const parties = childOf(payment, "RltdPties");
  const accountOf = (role: string) => identificationOf(childOf(parties, `${role}Acct`));
  const name = (of: string) => textOf(parties, of, "Nm") ?? textOf(parties, of, "Pty", "Nm");
  const named = (of: string) => name(of) ?? name(`Ultmt${of}`);
  // The money of a reversal flows back, but the parties stay those of the payment it reverses. Where a bank mixes the roles up,
  // the counterparty is still never ourselves.
  const [expected, other] = (amount ?? entryAmount).minor >= 0n !== isReversal ? ["Dbtr", "Cdtr"] : ["Cdtr", "Dbtr"];
  const isOurs = ownAccount !== undefined && accountOf(expected!) === ownAccount && accountOf(other!) !== ownAccount;
  // Banks that name one party only sometimes call it by the wrong role: with an account that is not ours it is the counterparty.
  const isMissing = named(expected!) === undefined && accountOf(expected!) === undefined;
  const isTheirs = ownAccount !== undefined && accountOf(other!) !== undefined && accountOf(other!) !== ownAccount;
  const role = (isOurs && accountOf(other!)) || (isMissing && isTheirs) ? other! : expected!;
  const endToEndId = textOf(payment, "Refs", "EndToEndId");
  const references = structuredReferences(payment);
  return {
    amount,
    endToEndId: endToEndId === "NOTPROVIDED" ? undefined : endToEndId,
    counterpartyName: named(role),
    counterpartyAccount: accountOf(role),
    remittanceText: remittanceOf(payment, references.slice(1)),
    structuredReference: references[0],
  };
}

// What splits a batch booking is the amount in the account's currency: the bank puts it into one of three places.
function detailAmount(payment: MarkupElement, entryAmount: Money): Money | undefined {
  const details = childOf(payment, "AmtDtls");
  const holders = [payment, childOf(details, "TxAmt"), childOf(details, "CntrValAmt")];
  const amounts = holders.flatMap((holder) => (holder && childOf(holder, "Amt") ? [amountOf(holder)] : []));
  const amount = amounts.find(({ currency }) => currency === entryAmount.currency) ?? amounts[0];
  if (!amount) return undefined;
  if (childOf(payment, "CdtDbtInd")) return signed(payment, amount);
  return entryAmount.minor < 0n ? amount.negated() : amount;
}

function structuredReferences(payment: MarkupElement): string[] {
  return childrenOf(childOf(payment, "RmtInf"), "Strd").flatMap((structured) => {
    const reference = textOf(structured, "CdtrRefInf", "Ref") ?? textOf(structured, "CdtrRefInf", "CdtrRef");
    return reference ? [reference] : [];
  });
}

// Everything a person wrote about the payment, so that a matching rule finds invoice numbers wherever the bank put them.
function remittanceOf(payment: MarkupElement, otherReferences: readonly string[]): string {
  const remittance = childOf(payment, "RmtInf");
  const structured = childrenOf(remittance, "Strd");
  const documents = structured.flatMap((part) =>
    childrenOf(part, "RfrdDocInf").map((document) => textOf(document, "Nb") ?? textOf(document, "RfrdDocNb")),
  );
  const additions = structured.flatMap((part) => childrenOf(part, "AddtlRmtInf").map(({ text }) => text));
  const lines = [...childrenOf(remittance, "Ustrd").map(({ text }) => text), ...documents, ...otherReferences, ...additions];
  return lines.filter(Boolean).join(" ");
}
