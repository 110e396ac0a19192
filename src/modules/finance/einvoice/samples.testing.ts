// Where the published suites of electronic invoices are, for tests: beside the repository (`../shared`), named in PROVENANCE.tsv.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const folder = resolve(import.meta.dirname, "../../../../../shared/samples/03-einvoice");

export const suitesAreHere = existsSync(join(folder, "en16931"));

export const suiteBytes = (name: string): Uint8Array => readFileSync(join(folder, name));

/** Every XML file below a folder of the suites. */
export function suiteFiles(name: string): string[] {
  if (!suitesAreHere) return [];
  const below = readdirSync(join(folder, name), { recursive: true, withFileTypes: true });
  const files = below.filter((entry) => entry.isFile() && /\.xml$/i.test(entry.name));
  return files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).toSorted();
}
