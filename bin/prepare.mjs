// Makes a fresh clone ready: installs what is missing and builds what is stale. Uses nothing but Node itself.
import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

export function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Heartwood needs Node 20.19 or newer; this is ${process.version}.`);
    process.exit(1);
  }
}

/** Runs `npm ci` when the lockfile is newer than what is installed. */
export function installMissing() {
  const lock = hashOf([join(root, "package-lock.json")]);
  const mark = join(root, "node_modules/.heartwood-lock");
  if (existsSync(mark) && readFileSync(mark, "utf8") === lock) return;
  console.log("Installing packages (once, about a minute) …");
  const done = spawnSync("npm", ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: root, stdio: "inherit" });
  if (done.status !== 0) {
    console.error("npm ci did not succeed. Look at its message above, then run this command again.");
    process.exit(1);
  }
  writeFileSync(mark, lock);
  linkCommand();
}

/** Puts our own command where npx looks first. */
function linkCommand() {
  const link = join(root, "node_modules/.bin/heartwood");
  mkdirSync(dirname(link), { recursive: true });
  if (!lstatSync(link, { throwIfNoEntry: false })) symlinkSync("../../bin/heartwood.mjs", link);
}

/** Builds `target` by `build` when one of the folders changed since it was built last. */
export async function buildIfStale(name, folders, build) {
  const hash = hashOf(folders.flatMap((folder) => filesUnder(join(root, folder))));
  const mark = join(root, ".build", `${name}.hash`);
  if (existsSync(mark) && readFileSync(mark, "utf8") === hash) return;
  mkdirSync(join(root, ".build"), { recursive: true });
  await build();
  writeFileSync(mark, hash);
}

const floors = ["src/kernel", "src/platform", "src/modules", "src/processes"];
const serverSource = [...floors, "src/main.ts", "src/operate.ts", "src/registry.ts", "src/setup.ts", "demo"];

export const buildServer = () =>
  buildIfStale("server", serverSource, async () => {
    const { build } = await import("esbuild");
    await build({
      entryPoints: { server: join(root, "src/main.ts"), operate: join(root, "src/operate.ts") },
      outdir: join(root, ".build"),
      outExtension: { ".js": ".mjs" },
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      packages: "external",
      sourcemap: true,
      logLevel: "warning",
    });
  });

export const buildWeb = () =>
  buildIfStale("web", ["src/web", "src/kernel", "vite.config.ts"], async () => {
    console.log("Building the web app …");
    const { build } = await import("vite");
    await build({ configFile: join(root, "vite.config.ts"), logLevel: "error" });
  });

function filesUnder(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return [];
  if (stat.isFile()) return [path];
  return readdirSync(path)
    .toSorted()
    .flatMap((name) => filesUnder(join(path, name)));
}

function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update("\0").update(readFileSync(file));
  return hash.digest("hex");
}
