#!/usr/bin/env node
// `npm test`: everything that must hold, from a fresh clone. `--quick` (npm run check) leaves out the browser.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildServer, buildWeb, checkNode, installMissing, root } from "./prepare.mjs";

const quick = process.argv.includes("--quick");
const bin = (name) => join(root, "node_modules/.bin", name);
const results = join(root, ".build/test-results");

checkNode();
installMissing();
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

let passed = 0;
let failed = 0;

async function step(title, command, args) {
  console.log(`\n— ${title}`);
  const began = Date.now();
  const code = await new Promise((done) => {
    const child = spawn(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, NODE_ENV: "test" } });
    child.on("exit", (status) => done(status ?? 1));
    child.on("error", () => done(1));
  });
  console.log(`  ${title}: ${code === 0 ? "well" : "NOT WELL"} in ${((Date.now() - began) / 1000).toFixed(0)} s`);
  return code === 0;
}

async function check(title, command, args) {
  if (await step(title, command, args)) passed += 1;
  else failed += 1;
}

/** Vitest counts for itself; a run that fails without counting, e.g. in its set-up, counts as one failure. */
async function tests(title, config) {
  const file = join(results, `${title.replaceAll(" ", "-")}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const well = await step(title, bin("vitest"), ["run", "--config", config, ...reporters]);
  let counted = { numPassedTests: 0, numFailedTests: 0 };
  try {
    counted = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // No result file: the run ended before it began.
  }
  passed += counted.numPassedTests;
  failed += counted.numFailedTests;
  if (!well && counted.numFailedTests === 0) failed += 1;
}

await check("types", bin("tsc"), ["--noEmit", "-p", "tsconfig.json"]);
await check("lint", bin("oxlint"), ["--type-aware", "src", "test", "demo", "bench", "prove", "bin"]);
await check("unused code", bin("knip"), []);
// The whole run watches every write: that a dry run leaves no trace, and that a key answers twice.
await tests("rules, operations, conformance, simulator, tidy", quick ? "vitest.config.ts" : "test/conformance/watched.config.ts");
if (!quick) {
  await buildServer();
  await buildWeb();
  await tests("browser", "vitest.browser.config.ts");
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
