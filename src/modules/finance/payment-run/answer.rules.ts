// What a bank answers about a file: a pain.002 status report, or the returns of an ACH file. Each says of a payment that it was not made.
import type { MarkupElement } from "../banking/markup.rules.ts";
import { readXml } from "../banking/xml.rules.ts";
import { readAch } from "./nacha-read.rules.ts";

export interface BankAnswer {
  /** The payment by its end-to-end code or its trace number; a whole file by its run. */
  readonly code: string | null;
  readonly trace: string | null;
  readonly run: string | null;
  readonly reason: string;
}

/** Only what was rejected or sent back: what was accepted is proven by the statement. */
export const readAnswers = (text: string): BankAnswer[] => (/^\s*</.test(text) ? statusAnswers(readXml(text)) : returnAnswers(text));

const below = (element: MarkupElement, name: string): MarkupElement[] =>
  element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...below(child, name)]);
const firstText = (element: MarkupElement, name: string): string | null => below(element, name)[0]?.text || null;

/** The reason by its code of ISO 20022, with the bank's own words where it has some. */
function reasonOf(element: MarkupElement): string {
  const reason = below(element, "StsRsnInf")[0];
  const code = reason && firstText(reason, "Cd");
  const words = reason ? below(reason, "AddtlInf").map((one) => one.text) : [];
  return ["Rejected by the bank", ...(code ? [code] : []), ...words].join(", ");
}

function statusAnswers(root: MarkupElement): BankAnswer[] {
  const single = below(root, "TxInfAndSts").filter((one) => firstText(one, "TxSts") === "RJCT");
  if (single.length > 0)
    return single.map((one) => ({ code: firstText(one, "OrgnlEndToEndId"), trace: null, run: null, reason: reasonOf(one) }));
  const groups = below(root, "OrgnlGrpInfAndSts").filter((one) => firstText(one, "GrpSts") === "RJCT");
  return groups.map((one) => ({ code: null, trace: null, run: firstText(one, "OrgnlMsgId"), reason: reasonOf(one) }));
}

const returnAnswers = (text: string): BankAnswer[] =>
  readAch(text).batches.flatMap((batch) =>
    batch.entries.flatMap(({ returned }) =>
      returned ? [{ code: null, trace: returned.trace, run: null, reason: `Returned by the bank, ${returned.code}` }] : [],
    ),
  );
