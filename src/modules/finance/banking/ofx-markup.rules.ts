// The markup of OFX: SGML in version 1 and XML in version 2, where banks often leave out the end of a value's tag in both.
import { cutOff, depthCap, forbidDocumentType, type MarkupElement, resolveReferences, tooDeep } from "./markup.rules.ts";
import { lineReader, refusalAt } from "./statement-text.rules.ts";

type Growing = MarkupElement & { text: string; readonly children: Growing[] };

// Elements that hold others must be closed (OFX 1.0.3, 2.3). Only what may hold a value may stay open, so a missing end of one of
// these means that entries were lost.
const holderPattern =
  /^(OFX|.+MSGSRSV\d|.*(TRN|STMT)RS|.*ACCT(FROM|TO)|.*TRANLIST|STMTTRN|.*BAL|SONRS|STATUS|FI|(ORIG)?CURRENCY|PAYEE|INV(TRAN|BUY|SELL))$/;

const namePattern = /^[A-Za-z][\w.]{0,40}\s*\/?$/;

/**
 * The `<OFX>` element. A tag followed by text is a value, closed or not; a tag followed by another tag holds it.
 * @throws Refusal when the file is cut off, too deep, closes what is not open, or declares a document type.
 */
export function readOfxMarkup(text: string): MarkupElement {
  const lineOf = lineReader(text);
  forbidDocumentType(text, lineOf);
  const start = text.indexOf("<OFX>");
  if (start < 0) throw refusalAt("statementFormatUnknown", 1, "the file has an OFX header and no <OFX>. Fetch it from the bank again.");
  const root: Growing = { name: "", line: 1, text: "", attributes: {}, children: [] };
  const open: Growing[] = [root];
  let value: Growing | undefined;
  for (let at = start; at >= 0;) {
    const isComment = text.startsWith("<!--", at);
    const end = isComment ? after(text, "-->", at) : text.indexOf(">", at);
    const line = lineOf(at);
    if (end < 0) throw cutOff(lineOf(text.length), open.at(-1)!.name || "OFX", open.at(-1)!.line);
    const name = text.slice(at + 1, end).trim();
    const next = nextTag(text, end + 1);
    if (name.startsWith("/")) {
      if (value?.name !== name.slice(1).trim()) close(open, name.slice(1).trim(), line);
      value = undefined;
    } else if (!isComment && !name.startsWith("?")) {
      if (!namePattern.test(name))
        throw refusalAt("statementMalformed", line, `<${name.slice(0, 40)}> is no tag of OFX. Fetch the file again.`);
      const written = readValue(text.slice(end + 1, next < 0 ? text.length : next), line);
      const element: Growing = { name: name.replace(/\s*\/$/, ""), line, text: written, attributes: {}, children: [] };
      open.at(-1)!.children.push(element);
      value = written ? element : undefined;
      if (!written && !name.endsWith("/")) open.push(element);
      if (open.length > depthCap) throw tooDeep(line);
    }
    at = open.length === 1 ? -1 : next;
  }
  if (open.length > 1) throw cutOff(lineOf(text.length), open.at(-1)!.name, open.at(-1)!.line);
  return root.children[0]!;
}

function after(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? -1 : found + mark.length - 1;
}

// A "<" that no tag follows is part of a value, which version 1 allows; a literal section (CDATA) is one value with its marks.
function nextTag(text: string, from: number): number {
  for (let at = text.indexOf("<", from); at >= 0; at = text.indexOf("<", at + 1)) {
    if (text.startsWith("<![CDATA[", at)) {
      const end = text.indexOf("]]>", at);
      if (end < 0) return -1;
      at = end;
    } else if (/[A-Za-z/?!]/.test(text[at + 1] ?? "")) return at;
  }
  return -1;
}

function readValue(text: string, line: number): string {
  const literal = /^\s*<!\[CDATA\[(.*)\]\]>\s*$/s.exec(text);
  return (literal ? literal[1]! : resolveReferences(text.replaceAll("&nbsp;", " ").replace(/&(?![\w#]{1,8};)/g, "&amp;"), line)).trim();
}

// A value tag without text and without end took in what follows it; those elements are its neighbours.
function close(open: Growing[], name: string, line: number): void {
  const at = open.findLastIndex((element) => element.name === name);
  if (at <= 0) throw refusalAt("statementMalformed", line, `</${name}> closes what is not open. Fetch the file again.`);
  while (open.length > at + 1) {
    const left = open.pop()!;
    if (holderPattern.test(left.name)) {
      const reason = `</${name}> comes while <${left.name}> of line ${left.line} is still open: part of the file is lost. Fetch it again.`;
      throw refusalAt("statementMalformed", line, reason);
    }
    const holder = open.at(-1)!;
    for (const child of left.children.splice(0)) holder.children.push(child);
  }
  open.pop();
}
