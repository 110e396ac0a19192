// EN 16931: what UBL and CII could write and an invoice has no use for. A reader may pass over it, so most of it is only a warning.
import type { MarkupElement } from "../banking/markup.rules.ts";
import type { Syntax } from "./model.ts";
import type { Rule } from "./rule.rules.ts";
import { unusedInCii } from "./unused-cii.rules.ts";
import { unusedInUbl } from "./unused-ubl.rules.ts";

type Places = ReadonlyMap<string, MarkupElement>;

const lineNames = new Set(["InvoiceLine", "CreditNoteLine", "IncludedSupplyChainTradeLineItem"]);
const shortName = (name: string): string => (lineNames.has(name) ? "Line" : name.replace(/^ApplicableHeaderTrade/, ""));
const known = new WeakMap<MarkupElement, Places>();

/** Every path that is written below the root, with the first element there; an attribute is `path/@name`. Each document is walked once. */
function placesOf(root: MarkupElement): Places {
  const earlier = known.get(root);
  if (earlier) return earlier;
  const places = new Map<string, MarkupElement>();
  const note = (path: string, element: MarkupElement): void => {
    if (!places.has(path)) places.set(path, element);
  };
  const walk = (element: MarkupElement, path: string): void => {
    for (const name of Object.keys(element.attributes)) note(path === "" ? `@${name}` : `${path}/@${name}`, element);
    for (const child of element.children) {
      const name = shortName(child.name);
      const isOuter = path === "" && name === "SupplyChainTradeTransaction";
      const below = isOuter ? "" : path === "" ? name : `${path}/${name}`;
      if (!isOuter) note(below, child);
      walk(child, below);
    }
  };
  walk(root, "");
  known.set(root, places);
  return places;
}

/** Whether a path ends as a pattern from anywhere asks: `*` stands for the beginning of a name. */
function endsAs(path: string, pattern: string): boolean {
  if (pattern.startsWith("*")) {
    const [first, ...rest] = pattern.slice(1).split("/");
    const segments = path.split("/");
    const at = segments.length - rest.length - 1;
    return (
      at >= 0 && segments[at]!.endsWith(first!) && !segments[at]!.startsWith("@") && segments.slice(at + 1).join("/") === rest.join("/")
    );
  }
  return path === pattern || path.endsWith(`/${pattern}`);
}

function found(root: MarkupElement, pattern: string): MarkupElement | undefined {
  const places = placesOf(root);
  if (!pattern.startsWith("/")) return places.get(pattern);
  const rest = pattern.replace(/^\/+/, "");
  for (const [path, element] of places) if (endsAs(path, rest)) return element;
  return undefined;
}

interface Unused {
  readonly id: string;
  readonly pattern: string;
  readonly severity: Rule["severity"];
}

function unusedIn(syntax: Syntax, row: string): Unused[] {
  const [, mark, family, parent, rest] = /^(!?)(\w+) (\S+): (.*)$/.exec(row)!;
  const words = rest!.split(" ");
  return words.flatMap((number, index) => {
    const name = words[index + 1];
    if (index % 2 === 1 || name === undefined) return [];
    const pattern = parent === "." ? name : parent!.endsWith("/") ? `${parent}${name}` : `${parent}/${name}`;
    return [{ id: `${syntax.toUpperCase()}-${family}-${number}`, pattern, severity: mark === "!" ? "fatal" : "warning" } as const];
  });
}

/** One rule may name several paths; it is told once for all of them. */
function rulesOf(syntax: Syntax, rows: readonly string[]): Rule[] {
  const byId = new Map<string, Unused[]>();
  for (const one of rows.flatMap((row) => unusedIn(syntax, row))) byId.set(one.id, [...(byId.get(one.id) ?? []), one]);
  return [...byId].map(([id, ones]) => ({
    id,
    severity: ones[0]!.severity,
    says: `${ones.map((one) => one.pattern.replace(/^\/+/, "…/")).join(" and ")} is not used in an invoice of EN 16931.`,
    brokenAt: ({ invoice, root }) =>
      invoice.syntax === syntax
        ? ones.flatMap(({ pattern }) => {
            const element = found(root, pattern);
            return element ? [`<${element.name}> on line ${element.line}`] : [];
          })
        : [],
  }));
}

export const unusedRules: readonly Rule[] = [...rulesOf("ubl", unusedInUbl), ...rulesOf("cii", unusedInCii)];
