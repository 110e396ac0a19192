// XML of a statement, read without trust: no document type, no entities of its own, capped depth, every fault with its line.
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { cutOff, depthCap, forbidDocumentType, type MarkupElement, resolveReferences, tooDeep } from "./markup.rules.ts";
import { lineReader, refusalAt } from "./statement-text.rules.ts";

type ParsedNode = Readonly<Record<string | symbol, unknown>>;

const positionOf = XMLParser.getMetaDataSymbol() as unknown as symbol;
const parser = new XMLParser({
  preserveOrder: true,
  captureMetaData: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  cdataPropName: "#cdata",
  maxNestedTags: depthCap + 2,
});

/** Lines above the declaration, which some programs add: it is blanked out, and every line keeps its number. */
const withoutLateDeclaration = (text: string): string =>
  text.replace(/^(\s+)(<\?xml[^>]*\?>)/, (_, space: string, declaration: string) => space + declaration.replace(/[^\n]/g, " "));

/** The root element. @throws Refusal for whatever is not well-formed, cut off, too deep, or declares a document type. */
export function readXml(file: string): MarkupElement {
  const text = withoutLateDeclaration(file);
  const lineOf = lineReader(text);
  forbidDocumentType(text, lineOf);
  checkNesting(text, lineOf);
  const verdict = XMLValidator.validate(text);
  if (verdict !== true) {
    throw refusalAt("statementMalformed", verdict.err.line, `${verdict.err.msg} The file is damaged: fetch it again.`);
  }
  const roots = parseNodes(text).flatMap((node) => toElement(node, lineOf));
  if (roots.length !== 1) throw refusalAt("statementMalformed", 1, "the file has no single root element. Fetch it again.");
  return roots[0]!;
}

// The parser is stricter than the validator in places and then throws without a line.
function parseNodes(text: string): readonly ParsedNode[] {
  try {
    return parser.parse(text) as ParsedNode[];
  } catch (fault) {
    throw refusalAt(
      "statementMalformed",
      1,
      `${fault instanceof Error ? fault.message : "the XML is not well-formed"}. Fetch the file again.`,
    );
  }
}

function toElement(node: ParsedNode, lineOf: (offset: number) => number): MarkupElement[] {
  const name = Object.keys(node).find((key) => key !== ":@");
  if (name === undefined || name.startsWith("#") || name.startsWith("?")) return [];
  const inner = node[name] as readonly ParsedNode[];
  const line = lineOf((node[positionOf] as { readonly startIndex: number }).startIndex);
  const attributes = Object.entries((node[":@"] ?? {}) as Readonly<Record<string, string>>);
  return [
    {
      name,
      line,
      text: inner
        .map((part) => textPart(part, line))
        .join("")
        .trim(),
      attributes: Object.fromEntries(attributes.map(([key, value]) => [key, resolveReferences(value, line)])),
      children: inner.flatMap((part) => toElement(part, lineOf)),
    },
  ];
}

function textPart(part: ParsedNode, line: number): string {
  const plain = part["#text"];
  if (typeof plain === "string") return resolveReferences(plain, line);
  const literal = part["#cdata"] as readonly ParsedNode[] | undefined;
  return literal ? literal.map((piece) => (typeof piece["#text"] === "string" ? piece["#text"] : "")).join("") : "";
}

interface OpenTag {
  readonly name: string;
  readonly offset: number;
}

// The parser below builds a tree whatever the depth and tells a cut-off file only by its first line, so both are found here first.
function checkNesting(text: string, lineOf: (offset: number) => number): void {
  const open: OpenTag[] = [];
  let roots = 0;
  for (let at = text.indexOf("<"); at >= 0;) {
    const end = tagEnd(text, at);
    const inside = open.at(-1);
    if (end < 0) throw cutOff(lineOf(text.length), inside?.name ?? text.slice(at + 1, at + 20).trim(), lineOf(inside?.offset ?? at));
    const tag = text.slice(at, end);
    if (tag.startsWith("</")) {
      const name = tag.slice(2, -1).trim();
      if (name !== inside?.name) {
        const opened = inside ? `<${inside.name}> of line ${lineOf(inside.offset)} is still open` : "nothing is open";
        throw refusalAt("statementMalformed", lineOf(at), `</${name}> closes what is not open: ${opened}. Fetch the file again.`);
      }
      open.pop();
    } else if (!tag.startsWith("<!") && !tag.startsWith("<?")) {
      if (open.length === 0 && ++roots > 1) {
        throw refusalAt(
          "statementMalformed",
          lineOf(at),
          "a second document begins in the same file. Split the file and import each part.",
        );
      }
      if (!tag.endsWith("/>")) open.push({ name: /^<([^\s/>]*)/.exec(tag)![1]!, offset: at });
      if (open.length > depthCap) throw tooDeep(lineOf(at));
    }
    at = text.indexOf("<", end);
  }
  const left = open.at(-1);
  if (left) throw cutOff(lineOf(text.length), left.name, lineOf(left.offset));
}

/** Where the tag, comment, instruction or literal section ends that begins at `at`; -1 when the text ends first. */
function tagEnd(text: string, at: number): number {
  if (text.startsWith("<!--", at)) return after(text, "-->", at + 4);
  if (text.startsWith("<![CDATA[", at)) return after(text, "]]>", at + 9);
  if (text.startsWith("<?", at)) return after(text, "?>", at + 2);
  let quote = "";
  for (let place = at + 1; place < text.length; place += 1) {
    const character = text[place]!;
    if (quote) quote = character === quote ? "" : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === ">") return place + 1;
  }
  return -1;
}

function after(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? -1 : found + mark.length;
}
