// XML of a statement, read without trust: no document type, no entities of its own, capped depth, every fault with its line.
import { SaxesParser } from "saxes";
import { cutOff, depthCap, forbidDocumentType, type MarkupElement, tooDeep } from "./markup.rules.ts";
import { lineReader, refusalAt } from "./statement-text.rules.ts";

/** Lines above the declaration, which some programs add: it is blanked out, and every line keeps its number. */
const withoutLateDeclaration = (text: string): string =>
  text.replace(/^(\s+)(<\?xml[^>]*\?>)/, (_, space: string, declaration: string) => space + declaration.replace(/[^\n]/g, " "));

interface Growing extends MarkupElement {
  text: string;
  written?: string;
  readonly children: Growing[];
}

/** The root element. @throws Refusal for whatever is not well-formed, cut off, too deep, or declares a document type. */
export function readXml(file: string): MarkupElement {
  const text = withoutLateDeclaration(file);
  const lineOf = lineReader(text);
  forbidDocumentType(text, lineOf);
  const parser = new SaxesParser({ position: true });
  const open: Growing[] = [];
  let root: Growing | undefined;
  let isEnded = false;
  parser.on("error", ({ message }) => {
    const inside = open.at(-1);
    if (isHarmless(message)) return;
    if (isEnded) throw cutOff(parser.line, inside?.name ?? "nothing", inside?.line ?? 1);
    throw refusalAt("statementMalformed", parser.line, `${inWords(message, inside)} The file is damaged: fetch it again.`);
  });
  let line = 1;
  parser.on("opentagstart", () => {
    // One sign behind the name, which may be the end of the line.
    line = lineOf(parser.position - 2);
  });
  parser.on("opentag", ({ name, attributes }) => {
    const given = attributes as Readonly<Record<string, string>>;
    const namespace = root ? {} : { namespace: namespaceOf(name, given) };
    const element: Growing = { name: localName(name), line, text: "", ...namespace, attributes: named(given), children: [] };
    if (open.length === depthCap) throw tooDeep(parser.line);
    (open.at(-1)?.children ?? []).push(element);
    root ??= element;
    open.push(element);
  });
  const addText = (piece: string): void => {
    const inside = open.at(-1);
    if (inside) inside.text += piece;
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("closetag", () => {
    const ended = open.pop()!;
    const trimmed = ended.text.trim();
    // Of what holds others, blanks are only how the file is laid out.
    if (trimmed !== "" && trimmed !== ended.text) ended.written = ended.text;
    ended.text = trimmed;
  });
  parser.write(text);
  isEnded = true;
  parser.close();
  return root!;
}

/**
 * Some banks let control characters of their mainframe into texts; they stay as they are, as in every other format. By what name a
 * declaration calls its encoding was settled when bytes became text.
 */
const isHarmless = (message: string): boolean => /disallowed character\.$|encoding value must match/.test(message);

function inWords(told: string, inside: Growing | undefined): string {
  const message = told.replace(/^\d+:\d+: /, "");
  if (/close tag|closing tag/.test(message)) {
    return `A tag closes what is not open: ${inside ? `<${inside.name}> of line ${inside.line} is still open` : "nothing is open"}.`;
  }
  if (/only one root/.test(message)) return "A second document begins in the same file.";
  return message.charAt(0).toUpperCase() + message.slice(1);
}

const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

function namespaceOf(name: string, attributes: Readonly<Record<string, string>>): string | undefined {
  const prefix = name.includes(":") ? `:${name.slice(0, name.indexOf(":"))}` : "";
  return attributes[`xmlns${prefix}`];
}

/** Without the declarations of name spaces. */
const named = (attributes: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => (/^xmlns(:|$)/.test(name) ? [] : [[localName(name), value.trim()] as const])),
  );
