// Proofs that are tests: they run with the tests in a short form, and here for as long as is wished.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { stripVTControlCharacters } from "node:util";
import { endsWithUs, type Proof, sizeOf, verdict, type Wish } from "./proof.ts";

const root = resolve(import.meta.dirname, "..");

interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly title: string; readonly failureMessages: readonly string[] }[];
  }[];
}

async function runTests(
  files: readonly string[],
  environment: Readonly<Record<string, string>>,
  say: (line: string) => void,
): Promise<Results> {
  const kept = join(tmpdir(), `heartwood-prove-${process.pid}-${Date.now()}.json`);
  const given = ["run", ...files, "--reporter=json", "--reporter=verbose", `--outputFile=${kept}`];
  const child = spawn(join(root, "node_modules/.bin/vitest"), given, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  endsWithUs(child);
  let last = "";
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      const plain = stripVTControlCharacters(line).trim();
      last = `${last}\n${plain}`.slice(-2000);
      if (/^[✓×]/.test(plain)) say(plain);
    });
  }
  const code = await new Promise((settle) => child.once("close", settle));
  try {
    if (!existsSync(kept)) throw new Error(`the tests did not run (${String(code)}): ${last}`);
    return JSON.parse(readFileSync(kept, "utf8")) as Results;
  } finally {
    rmSync(kept, { force: true });
  }
}

export function suite(name: string, says: string, files: readonly string[], environmentFor: (wish: Wish) => Record<string, string>): Proof {
  const prove: Proof["prove"] = async (wish) => {
    const environment = environmentFor(wish);
    const results = await runTests(files, environment, wish.say);
    const breaks = results.testResults.flatMap(({ assertionResults }) =>
      assertionResults.flatMap(({ title, failureMessages }) => failureMessages.map((message) => `${title}: ${message.slice(0, 1500)}`)),
    );
    // A file that cannot even be read has no tests that failed.
    for (const { name: file, status, message, assertionResults } of results.testResults) {
      if (status === "failed" && assertionResults.every(({ failureMessages }) => failureMessages.length === 0)) {
        breaks.push(`${file}: ${message.slice(0, 1500)}`);
      }
    }
    if (results.numPassedTests === 0) breaks.push("no test ran");
    return [verdict(says, { passed: results.numPassedTests, failed: results.numFailedTests, ...environment }, breaks)];
  };
  return { name, says, prove };
}

export const race = suite(
  "race",
  "The laws hold under races: no lost update, no write skew, no gap, no double, and nobody is shown a conflict.",
  ["test/prove/race-books.test.ts", "test/prove/race-house.test.ts"],
  (wish) => ({ HEARTWOOD_RACE_ROUNDS: String(sizeOf(wish, "rounds", 300, 5)) }),
);

export const year = suite(
  "year",
  "In a virtual year of random deeds, crashes and clocks nobody meets a fault, and every law holds at its end.",
  ["test/simulator/year.test.ts"],
  (wish) => {
    const first = wish.given["seed"] ? wish.seed : 1;
    const last = first + sizeOf(wish, "seeds", 200, 20) - 1;
    return { HEARTWOOD_SEEDS: `${first}-${last}`, HEARTWOOD_DEEDS: String(sizeOf(wish, "deeds", 60, 60)) };
  },
);

export const jobs = suite(
  "jobs",
  "Work that comes round by itself is done once on two servers and survives the death of either.",
  ["test/prove/jobs.test.ts"],
  () => ({}),
);
