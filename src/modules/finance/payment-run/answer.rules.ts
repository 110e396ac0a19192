// What a bank answers about a file: a pain.002 status report, or the returns of an ACH file. Each says of a payment that it was not made.
import type { MarkupElement } from "../banking/markup.rules.ts";
import { refusalAt } from "../banking/statement-text.rules.ts";
import { readXml } from "../banking/xml.rules.ts";
import { readAch } from "./nacha-read.rules.ts";

export interface BankAnswer {
  /** The payment by its end-to-end code or its trace number; a whole file by its run, and a block of it by the number too. */
  readonly code: string | null;
  readonly trace: string | null;
  readonly run: string | null;
  readonly block: number | null;
  readonly reason: string;
}

/**
 * Only what was rejected or sent back: what was accepted is proven by the statement.
 * @throws Refusal, or AchMistake, with the line, when it is neither a status report nor a return file.
 */
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
  const [report] = below(root, "CstmrPmtStsRpt");
  if (!report) throw refusalAt("statementFormatUnknown", root.line, `<${root.name}> holds no status report (pain.002)`);
  const blocks = below(report, "OrgnlPmtInfAndSts");
  const singles = below(report, "TxInfAndSts").filter((one) => firstText(one, "TxSts") === "RJCT");
  const rejected = blocks.filter((one) => firstText(one, "PmtInfSts") === "RJCT");
  const groups = below(report, "OrgnlGrpInfAndSts").filter((one) => firstText(one, "GrpSts") === "RJCT");
  // A payment's own reason comes before that of its block, and that before the one of its file.
  return [
    ...singles.map((one) => ({ ...nothing, code: firstText(one, "OrgnlEndToEndId"), reason: reasonOf(one) })),
    ...rejected.map((one) => ({ ...nothing, ...blockNamed(firstText(one, "OrgnlPmtInfId") ?? ""), reason: reasonOf(one) })),
    ...groups.map((one) => ({ ...nothing, run: firstText(one, "OrgnlMsgId"), reason: reasonOf(one) })),
  ];
}

const nothing = { code: null, trace: null, run: null, block: null };

/** As `creditTransferXml` names them: the code of the run and the number of the block. */
function blockNamed(name: string): Partial<BankAnswer> {
  const parts = /^(.+)-(\d{1,4})$/.exec(name);
  return parts ? { run: parts[1]!, block: Number(parts[2]) } : { code: name };
}

const returnAnswers = (text: string): BankAnswer[] =>
  readAch(text).batches.flatMap((batch) =>
    batch.entries.flatMap(({ returned }) =>
      returned ? [{ ...nothing, trace: returned.trace, reason: `Returned by the bank, ${returned.code}` }] : [],
    ),
  );
