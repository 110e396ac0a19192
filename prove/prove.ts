// Runs the proofs: `npm run prove`, or `npm run prove -- crash load` for some, `--quick` for the short forms, `--seed 7` to live it again.
// A line for each promise for people, one line of JSON for machines; the exit code is 0 when every promise holds. Of several each has a
// process of its own: whatever becomes of one, the next is tried, and a table at the end tells of all.
import { spawn } from "node:child_process";
import { crash } from "./crash.ts";
import { cut } from "./cut.ts";
import { disk } from "./disk.ts";
import { grows } from "./grows.ts";
import { load } from "./load.ts";
import type { Proof, Verdict } from "./proof.ts";
import { restore } from "./restore.ts";
import { rolling } from "./rolling.ts";
import { jobs, race, year } from "./suite.ts";
import { upgrade } from "./upgrade.ts";

const proofs: readonly Proof[] = [crash, cut, disk, jobs, race, year, upgrade, restore, rolling, load, grows];

/** What was told of a promise, as it stands in the line for machines. */
interface Told {
  readonly name: string;
  readonly holds: boolean;
  readonly promise: string;
  readonly seconds: number;
  readonly notTried?: string;
}

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

/** Longer than any takes; `--hours` for a longer wish. */
const hours = Number(given["hours"] ?? 3);
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const secondsSince = (began: number): number => Math.round((Date.now() - began) / 1000);
const [only, ...others] = proofs.filter(({ name }) => names.length === 0 || names.includes(name));
process.exit((await (others.length === 0 ? proveHere(only!) : proveAll([only!, ...others]))) ? 0 : 1);

/** One proof in this process. */
async function proveHere(proof: Proof): Promise<boolean> {
  const seed = Number(given["seed"] ?? Math.floor(Math.random() * 1_000_000));
  const began = Date.now();
  // Servers that it started are ended with it.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
  const stray: string[] = [];
  process.on("unhandledRejection", (error) => stray.push(`nobody waited for this: ${wordsOf(error)}`));
  const failed = (breaks: readonly string[]): Verdict => ({ promise: proof.says, holds: false, figures: { seed }, breaks });
  const verdicts = await proof
    .prove({ scale: given["quick"] ? "quick" : "full", seed, say: (line) => say(`  ${proof.name}: ${line}`), given })
    .catch((error: unknown) => [failed([wordsOf(error)])]);
  const all = stray.length > 0 ? [...verdicts, failed(stray)] : verdicts;
  for (const { promise, holds, figures, breaks = [] } of all) {
    const seconds = secondsSince(began);
    const counted = Object.entries(figures).map(([name, value]) => `${name} ${value}`);
    say(`${tagOf({ holds, ...figures })} ${promise}\n          ${counted.join(", ")} (${seconds} s)`);
    if (!holds) for (const line of breaks) say(`          ! ${line}`);
    process.stdout.write(`${JSON.stringify({ name: proof.name, holds, promise, ...figures, seconds, ...(!holds && { breaks }) })}\n`);
  }
  return all.every(({ holds }) => holds);
}

const wordsOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/** Each in its turn, in a process of its own, and then the table. */
async function proveAll(chosen: readonly Proof[]): Promise<boolean> {
  const began = Date.now();
  const told: Told[] = [];
  for (const [place, proof] of chosen.entries()) {
    say(`\n${proof.name} (${place + 1} of ${chosen.length}, after ${secondsSince(began)} s): ${proof.says}`);
    told.push(...(await proveApart(proof)));
  }
  const width = Math.max(...chosen.map(({ name }) => name.length));
  say("");
  for (const one of told) {
    say(`${tagOf(one)} ${one.name.padEnd(width)} ${String(one.seconds).padStart(6)} s  ${one.promise}`);
    if (one.notTried) say(`${" ".repeat(10 + width)}${one.notTried}`);
  }
  const broken = told.filter(({ holds }) => !holds).length;
  const untried = told.filter(({ notTried }) => notTried !== undefined).length;
  say(`\n${told.length - broken - untried} promises held, ${broken} broken, ${untried} not tried, in ${secondsSince(began)} s.`);
  return broken === 0;
}

function proveApart(proof: Proof): Promise<Told[]> {
  const began = Date.now();
  const options = words.filter((word) => !names.includes(word));
  return new Promise((settle) => {
    const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, proof.name, ...options], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      process.stdout.write(chunk);
    });
    let isLate = false;
    const patience = setTimeout(() => {
      isLate = true;
      child.kill("SIGTERM");
      setTimeout(() => child.kill("SIGKILL"), 10_000).unref();
    }, hours * 3_600_000);
    child.once("close", (code, signal) => {
      clearTimeout(patience);
      const told = said.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as Told] : []));
      const isTold = told.some(({ holds }) => !holds) || (told.length > 0 && code === 0);
      const why = isLate ? `it was ended after ${hours} hours` : `it ended with ${signal ?? code} before it had told everything`;
      settle(
        isTold ? told : [...told, { name: proof.name, holds: false, promise: `${proof.says} – ${why}`, seconds: secondsSince(began) }],
      );
    });
  });
}

function tagOf({ holds, notTried }: { readonly holds: boolean; readonly notTried?: unknown }): string {
  return !holds ? "BROKEN   " : notTried === undefined ? "holds    " : "not tried";
}
