// Runs the proofs: `npm run prove`, or `npm run prove -- crash load` for some, `--quick` for the short forms, `--seed 7` to live it again.
// A line for each promise for people, one line of JSON for machines; the exit code is 0 when every promise holds.
import { crash } from "./crash.ts";
import { cut } from "./cut.ts";
import { disk } from "./disk.ts";
import { grows } from "./grows.ts";
import { load } from "./load.ts";
import type { Proof } from "./proof.ts";
import { restore } from "./restore.ts";
import { rolling } from "./rolling.ts";
import { jobs, race, year } from "./suite.ts";
import { upgrade } from "./upgrade.ts";

const proofs: readonly Proof[] = [crash, cut, disk, jobs, race, year, upgrade, restore, rolling, load, grows];

const words = process.argv.slice(2);
const given: Record<string, string> = {};
const names: string[] = [];
for (let place = 0; place < words.length; place++) {
  const word = words[place]!;
  if (word === "--quick") given["quick"] = "yes";
  else if (word.startsWith("--")) given[word.slice(2)] = words[++place] ?? "";
  else names.push(word);
}
const unknown = names.filter((name) => !proofs.some((proof) => proof.name === name));
if (unknown.length > 0) {
  process.stderr.write(`There is no proof ${unknown.join(", ")}. There are: ${proofs.map((proof) => proof.name).join(", ")}.\n`);
  process.exit(2);
}

const seed = Number(given["seed"] ?? Math.floor(Math.random() * 1_000_000));
const scale = given["quick"] ? "quick" : "full";
let broken = 0;
for (const proof of proofs) {
  if (names.length > 0 && !names.includes(proof.name)) continue;
  const began = Date.now();
  const say = (line: string): void => void process.stderr.write(`  ${proof.name}: ${line}\n`);
  const verdicts = await proof
    .prove({ scale, seed, say, given })
    .catch((error: Error) => [{ promise: proof.says, holds: false, figures: { seed }, breaks: [error.stack ?? error.message] }]);
  for (const { promise, holds, figures, breaks = [] } of verdicts) {
    if (!holds) broken += 1;
    const seconds = Math.round((Date.now() - began) / 1000);
    const counted = Object.entries(figures).map(([name, value]) => `${name} ${value}`);
    process.stderr.write(`${holds ? "holds " : "BROKEN"} ${promise}\n       ${counted.join(", ")} (${seconds} s)\n`);
    if (!holds) for (const line of breaks) process.stderr.write(`       ! ${line}\n`);
    process.stdout.write(`${JSON.stringify({ name: proof.name, holds, promise, ...figures, ...(!holds && { breaks }) })}\n`);
  }
}
process.exit(broken === 0 ? 0 : 1);
