// Writing XML: elements in the order they are given, empty ones left out, every text escaped.

export interface WrittenElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: string | readonly WrittenElement[];
}

type Child = WrittenElement | undefined | readonly (WrittenElement | undefined)[];

/** An element with text; nothing where there is no text. */
export function text(
  name: string,
  value: string | undefined,
  attributes: Readonly<Record<string, string | undefined>> = {},
): WrittenElement | undefined {
  return value === undefined || value === "" ? undefined : { name, attributes: withoutGaps(attributes), content: value };
}

/** An element around others; nothing where all of them are missing. */
export function group(name: string, ...children: readonly Child[]): WrittenElement | undefined {
  const content = children.flat().filter((child) => child !== undefined);
  return content.length === 0 ? undefined : { name, attributes: {}, content };
}

function withoutGaps(attributes: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

export function writeXml(root: WrittenElement, namespaces: Readonly<Record<string, string>>): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${writeElement({ ...root, attributes: { ...namespaces, ...root.attributes } }, "")}\n`;
}

function writeElement({ name, attributes, content }: WrittenElement, indent: string): string {
  const tag = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(value)}"`)].join(" ");
  if (typeof content === "string") return `${indent}<${tag}>${escaped(content)}</${name}>`;
  const inner = content.map((child) => writeElement(child, `${indent}  `)).join("\n");
  return `${indent}<${tag}>\n${inner}\n${indent}</${name}>`;
}

const marks: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** XML 1.0 has no place for control characters but tab and line ends: they are left out. */
const escaped = (value: string): string =>
  value.replace(/[\p{Cc}\ufffe\uffff]/gu, (sign) => ("\t\n\r".includes(sign) ? sign : "")).replace(/[&<>"]/g, (mark) => marks[mark]!);
