#!/usr/bin/env node
// The command line. It is one small bundle, made again when its source is newer; making it takes a fraction of a second.
import { mkdirSync, readdirSync, renameSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(root, "src/platform/cli");
const bundle = join(root, ".build/cli.mjs");

const madeAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const changedAt = () => Math.max(0, ...readdirSync(source).map((name) => madeAt(join(source, name))));

if (statSync(source, { throwIfNoEntry: false }) && madeAt(bundle) <= changedAt()) {
  const { build } = await import("esbuild").catch(() => {
    console.error("Heartwood is not installed yet. Run: npm ci");
    process.exit(1);
  });
  mkdirSync(dirname(bundle), { recursive: true });
  // Another command may be starting at this moment; it sees the old bundle or the new one, never half of one.
  const draft = `${bundle}.${process.pid}.mjs`;
  await build({
    entryPoints: [join(source, "entry.ts")],
    outfile: draft,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
  });
  renameSync(draft, bundle);
}

const { runHere } = await import(pathToFileURL(bundle).href);
await runHere(root);
