// The tests of XRechnung are invoices with orders in them to change the next element (`<?xmute mutator="remove" …?>`) and with the rules
// that then hold or are broken. Each order makes one or more documents.
interface Mutation {
  readonly text: string;
  readonly holding: readonly string[];
  readonly broken: readonly string[];
}

const rulesIn = (list: string | undefined): string[] => (list ?? "").split(/[\s,]+/).flatMap((rule) => rule.split(":").at(-1) || []);

/** Where the first element behind a place begins, where its start tag ends, and where it ends itself. */
function elementAfter(
  text: string,
): { readonly name: string; readonly begin: number; readonly opened: number; readonly end: number } | undefined {
  const first = /^\s*(?:<!--[\s\S]*?-->\s*|<\?[\s\S]*?\?>\s*)*<([\w:]+)(?:\s[^>]*?)?(\/?)>/.exec(text);
  if (!first) return undefined;
  const [whole, name, closed] = first;
  const begin = whole.lastIndexOf(`<${name!}`);
  if (closed) return { name: name!, begin, opened: whole.length, end: whole.length };
  const tags = new RegExp(`<(/?)${name!}(?:\\s[^>]*?)?(/?)>`, "g");
  tags.lastIndex = begin;
  for (let depth = 0, tag = tags.exec(text); tag; tag = tags.exec(text)) {
    depth += tag[1] ? -1 : tag[2] ? 0 : 1;
    if (depth === 0) return { name: name!, begin, opened: whole.length, end: tags.lastIndex };
  }
  return undefined;
}

function changed(start: string, element: string, name: string, order: Readonly<Record<string, string>>): string[] {
  const values = (order["values"] ?? "").split(order["separator"] ?? ",").map((value) => value.trim());
  const attribute = order["attribute"];
  const withAttribute = (value: string): string =>
    start.replace(new RegExp(`${attribute}="[^"]*"`), `${attribute}="${value}"`) + element.slice(start.length);
  if (order["mutator"] === "empty" && attribute !== undefined) return [withAttribute("")];
  if (order["mutator"] === "identity") return [element];
  if (order["mutator"] === "remove") return [""];
  if (order["mutator"] === "empty") return [`${start}</${name}>`];
  if (order["mutator"] === "whitespace") return [`${start}   </${name}>`];
  return values.map((value) => (attribute === undefined ? `${start}${value}</${name}>` : withAttribute(value)));
}

export function mutationsOf(text: string): Mutation[] {
  return [...text.matchAll(/<\?xmute\s+([\s\S]*?)\?>/g)].flatMap((instruction) => {
    const order = Object.fromEntries([...instruction[1]!.matchAll(/([\w-]+)\s*=\s*"([^"]*)"/g)].map((one) => [one[1]!, one[2]!]));
    const at = instruction.index + instruction[0].length;
    const rest = text.slice(at);
    const element = elementAfter(rest);
    if (!element) return [];
    const { name, begin, opened, end } = element;
    return changed(rest.slice(begin, opened), rest.slice(begin, end), name, order).map((next) => ({
      text: text.slice(0, at) + rest.slice(0, begin) + next + rest.slice(end),
      holding: rulesIn(order["schematron-valid"]),
      broken: rulesIn(order["schematron-invalid"]),
    }));
  });
}
