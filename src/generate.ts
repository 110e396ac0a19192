// Writes the files that are made from the code: the OpenAPI document and the handbook. `--check` fails when one is stale.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { openApiText } from "./platform/http/openapi.ts";
import { handbook } from "./processes/handbook.ts";
import { registry } from "./registry.ts";

const files = new Map<string, string>([["docs/openapi.json", openApiText(registry)], ...handbook()]);
const checking = process.argv.includes("--check");
const stale: string[] = [];
for (const [file, text] of files) {
  const written = await readFile(file, "utf8").catch(() => "");
  if (written === text) continue;
  stale.push(file);
  if (checking) continue;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
if (checking && stale.length > 0) {
  process.stderr.write(`Stale: ${stale.join(", ")}. Run: npm run generate\n`);
  process.exit(1);
}
process.stdout.write(stale.length > 0 ? `Written: ${stale.join(", ")}\n` : "All generated files are fresh.\n");
