// Every refusal that an operation declares is provoked by a test of its department.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { houseRefusals } from "../../src/platform/funnel/denial.ts";
import { registry } from "../../src/registry.ts";

const skipped = new Set(["node_modules", "fixtures", ".git", ".build"]);

function testsBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (skipped.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testsBelow(path);
    return entry.name.endsWith(".test.ts") && !path.startsWith(join("test", "conformance")) ? [path] : [];
  });
}

const read = (folder: string): string =>
  testsBelow(folder)
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
const everywhere = ["test", "src/processes"].map(read).join("\n");
const platform = read("src/platform");

const textOf = new Map(registry.modules.map(({ name }) => [name, moduleText(name)]));

function moduleText(name: string): string {
  const folder = `src/modules/${name}`;
  const own = readdirSync("src/modules").includes(name) ? read(folder) : "";
  // The platform's rooms are not below the modules, and runs of processes are a room of the office.
  return name === "platform" || name === "identity" ? platform : name === "process" ? read("src/modules/office") : own;
}

interface Declared {
  readonly operation: string;
  readonly code: string;
  readonly sentence: string;
}

// What every list and record refuses is tested once, with the register itself.
const declared: readonly Declared[] = [...registry.operations.values()]
  .filter(({ name }) => !registry.registers.has(name.replace(/\.(list|get)$/, "")))
  .flatMap(({ name, refuses }) => Object.entries(refuses ?? {}).map(([code, sentence]) => ({ operation: name, code, sentence })));

const wordsIn = (text: string): ReadonlySet<string> => new Set([...text.matchAll(/(?<=["'])\w+(?=["'])/g)].map(([found]) => found));
const everywhereQuoted = wordsIn(everywhere);
const quotedIn = new Map([...textOf].map(([name, text]) => [name, wordsIn(text)]));

const isQuoted = ({ operation, code }: Declared): boolean =>
  quotedIn.get(operation.split(".")[0]!)?.has(code) === true || everywhereQuoted.has(code);

test("each refusal is tested", () => {
  // A no that is handed up from another department, in its very words, is tested there: posting refuses a closed period, whoever posts.
  const words = new Set(declared.filter(isQuoted).map(({ code, sentence }) => `${code} ${sentence}`));
  const untested = declared.filter(({ code, sentence }) => !words.has(`${code} ${sentence}`));
  console.log(`${declared.length - untested.length} refusals of ${declared.length} are tested`);
  expect(untested.map(({ operation, code }) => `${operation} ${code}`)).toEqual([]);
});

test("what a list and the house itself refuse is tested with the platform", () => {
  const codes = ["unknownColumn", "badFilter", ...Object.keys(houseRefusals)];
  const text = platform + everywhere + registry.modules.map(({ name }) => textOf.get(name)).join("\n");
  expect(codes.filter((code) => !text.includes(`"${code}"`))).toEqual([]);
});
