// Elements of a statement written in XML or SGML, and how a mapper walks them. Text stays text: 1.10 never becomes 1.1.
import { refusalAt } from "./statement-text.rules.ts";

export interface MarkupElement {
  readonly name: string;
  readonly line: number;
  readonly text: string;
  /** The same with the blanks and line ends around it, where there are any. */
  readonly written?: string;
  /** Of a root element of XML: the name space it stands in. */
  readonly namespace?: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly MarkupElement[];
}

/** Deeper than any statement; what is deeper is an attack on the parser. */
export const depthCap = 64;

export const childrenOf = (element: MarkupElement | undefined, name: string): readonly MarkupElement[] =>
  element ? element.children.filter((child) => child.name === name) : [];

export function childOf(element: MarkupElement | undefined, ...path: readonly string[]): MarkupElement | undefined {
  return path.reduce((found, name) => found?.children.find((child) => child.name === name), element);
}

/** The text at a path below an element; undefined where the path or the text is missing. */
export const textOf = (element: MarkupElement | undefined, ...path: readonly string[]): string | undefined =>
  childOf(element, ...path)?.text || undefined;

/** The first element of that name at any depth, the element itself included. */
export function findElement(element: MarkupElement, name: RegExp): MarkupElement | undefined {
  if (name.test(element.name)) return element;
  for (const child of element.children) {
    const found = findElement(child, name);
    if (found) return found;
  }
  return undefined;
}

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Resolves the five named references of XML and the numeric ones; no other can exist where document types are forbidden. */
export function resolveReferences(text: string, line: number): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w+));/g, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined && Object.hasOwn(named, name)) return named[name]!;
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    if (name === undefined && point > 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff)) return String.fromCodePoint(point);
    throw refusalAt("statementMalformed", line, `"${whole}" stands for no character. Ask the bank for a correct file.`);
  });
}

/** @throws Refusal when the text declares a document type or an entity: with them a small file can name other files or grow without end. */
export function forbidDocumentType(text: string, lineOf: (offset: number) => number): void {
  const declaration = /<!\s*(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)/i.exec(text);
  if (!declaration) return;
  const what = `<!${declaration[1]!.toUpperCase()}>`;
  const reason = `the file declares a ${what}, which no bank statement needs. It is refused for safety: fetch it from the bank again.`;
  throw refusalAt("documentTypeForbidden", lineOf(declaration.index), reason);
}

export const tooDeep = (line: number) =>
  refusalAt("statementTooDeep", line, `elements stand inside one another more than ${depthCap} deep. This is no bank statement.`);

export const cutOff = (line: number, open: string, openLine: number) =>
  refusalAt("statementTruncated", line, `the file ends inside <${open}>, which begins on line ${openLine}. It is cut off: fetch it again.`);
