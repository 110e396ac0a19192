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

test("each refusal is tested", () => {
  const untested: string[] = [];
  let tested = 0;
  for (const operation of registry.operations.values()) {
    // What every list and record refuses is tested once, with the register itself.
    if (registry.registers.has(operation.name.replace(/\.(list|get)$/, ""))) continue;
    const text = (textOf.get(operation.name.split(".")[0]!) ?? "") + everywhere;
    for (const code of Object.keys(operation.refuses ?? {})) {
      const quoted = [`"${code}"`, `'${code}'`].some((one) => text.includes(one));
      if (quoted) tested += 1;
      else untested.push(`${operation.name} ${code}`);
    }
  }
  console.log(`${tested} refusals of ${tested + untested.length} are tested`);
  expect(untested).toEqual([]);
});

test("what a list and the house itself refuse is tested with the platform", () => {
  const codes = ["unknownColumn", "badFilter", ...Object.keys(houseRefusals)];
  const text = platform + everywhere + registry.modules.map(({ name }) => textOf.get(name)).join("\n");
  expect(codes.filter((code) => !text.includes(`"${code}"`))).toEqual([]);
});
