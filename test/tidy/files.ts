// Reads the repository as the tidy tests see it: its files, their text without comments, and what they import.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

export const root = process.cwd();
const skipped = new Set(["node_modules", ".git", ".heartwood", ".build", "dist", "test-results"]);

/** Every file of the repository, as paths from its root. */
export function filesBelow(folder: string, ending: RegExp): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (skipped.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...filesBelow(path, ending));
    else if (ending.test(entry.name)) found.push(path);
  }
  return found.toSorted();
}

const exists = (folder: string): boolean => statSync(join(root, folder), { throwIfNoEntry: false })?.isDirectory() ?? false;

export const sourceFiles = (): string[] =>
  ["src", "test", "demo", "bench"].filter(exists).flatMap((folder) => filesBelow(folder, /\.tsx?$/));

const texts = new Map<string, string>();

export function textOf(path: string): string {
  let text = texts.get(path);
  if (text === undefined) {
    text = readFileSync(join(root, path), "utf8");
    texts.set(path, text);
  }
  return text;
}

/** The code without its comments. Strings stay, so that import paths and SQL can be read from it. */
export const codeOf = (path: string): string =>
  textOf(path)
    .replace(/(^|\s)\/\/.*$/gm, "$1")
    .replace(/(^|\s)\/\*[\s\S]*?\*\//g, "$1");

export interface Import {
  readonly from: string;
  /** A path from the root, or a package's name. */
  readonly to: string;
  /** Gone when the program runs. */
  readonly typeOnly: boolean;
}

const statement = /(?:^|\n)\s*(?:import|export)\s+(type\s+)?([^;"']*?)\s*from\s*["']([^"']+)["']/g;
const bare = /(?:^|\n)\s*import\s+["']([^"']+)["']/g;
const dynamic = /\bimport\(\s*["']([^"']+)["']\s*\)/g;

export function importsOf(path: string): Import[] {
  const code = codeOf(path);
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean): void => {
    const to = specifier.startsWith(".") ? normalize(join(dirname(path), specifier)) : specifier;
    found.push({ from: path, to, typeOnly });
  };
  for (const [, type, names, specifier] of code.matchAll(statement)) add(specifier!, type !== undefined || onlyTypes(names!));
  for (const [, specifier] of code.matchAll(bare)) add(specifier!, false);
  for (const [, specifier] of code.matchAll(dynamic)) add(specifier!, false);
  return found;
}

/** `{ type A, type B }`: nothing of it is there when the program runs. */
function onlyTypes(names: string): boolean {
  const inside = /^\{([\s\S]*)\}$/.exec(names.trim())?.[1];
  if (inside === undefined) return false;
  const parts = inside.split(",").map((part) => part.trim());
  return parts.filter((part) => part !== "").every((part) => part.startsWith("type "));
}

export const lineOf = (text: string, index: number): number => text.slice(0, index).split("\n").length;
