// Earlier releases, taken out of the history of this repository and made ready to run.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { bundle } from "./server.ts";

const root = resolve(import.meta.dirname, "..");
const git = (...words: string[]): string => execFileSync("git", words, { cwd: root, encoding: "utf8", maxBuffer: 2 ** 28 }).trim();

export interface Release {
  readonly commit: string;
  readonly version: string;
}

/** What was given out before there were tags. */
const untagged: readonly Release[] = [
  { version: "0.1.0", commit: "d57dae9f317697e6ee7a740eebc6d3d3d6729349" },
  { version: "0.2.0", commit: "a66d1f7e075e06dbaf33f1e27eefc6f6e35ca95a" },
  { version: "0.3.0", commit: "e8cf0db40f4deef50d609a76c2796529598b033d" },
  { version: "0.4.0", commit: "5d322305c8d0c4b7a25ede16c74b9478cb9311d8" },
  { version: "0.5.0", commit: "7533dfea453f0d190fddcb720933798a70778f98" },
  { version: "0.6.0", commit: "2ae44486013aae71ccf9029425150323be420b46" },
  { version: "0.7.0", commit: "5fdac515ce8ecf0ac956f2442347e095f5e2e78a" },
  { version: "0.8.0", commit: "7fa3ca900749e2061fb3c1031b56bff8d77762f7" },
  { version: "0.9.0", commit: "0ec4525844ecd634ca3c2d2ae25306ed1a3fa77c" },
  { version: "0.9.1", commit: "83f61a4fde2e2604e3bfbe509a5c312a91d9ed65" },
];

/** Releases that this clone has the history of, oldest first. */
export function earlierReleases(): readonly Release[] {
  try {
    const tags = git("tag", "--list", "v*", "--sort=v:refname").split("\n").filter(Boolean);
    return [...untagged, ...tags.map((tag) => ({ commit: tag, version: tag.slice(1) }))].filter(({ commit }) => isHere(commit));
  } catch {
    // No history here, e.g. an archive of the sources.
    return [];
  }
}

const isHere = (commit: string): boolean => spawnSync("git", ["cat-file", "-e", `${commit}^{commit}`], { cwd: root }).status === 0;

/** Unpacks a release beside everything else and builds its server; the command that starts it, and where it lives. */
export async function unpack(release: Release, folder: string): Promise<{ program: readonly string[]; home: string }> {
  mkdirSync(folder, { recursive: true });
  const sources = execFileSync("git", ["archive", release.commit], { cwd: root, maxBuffer: 2 ** 28 });
  execFileSync("tar", ["-x", "-C", folder], { input: sources });
  if (fits(folder)) symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  else {
    const done = spawnSync("npm", ["ci", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder, stdio: "pipe" });
    if (done.status !== 0) throw new Error(`npm ci of ${release.version} failed: ${done.stderr.toString().slice(0, 500)}`);
  }
  mkdirSync(join(folder, ".build"), { recursive: true });
  return { program: [process.execPath, await bundle(folder, join(folder, ".build/server.mjs"))], home: folder };
}

/** Whether what is installed here is what that release asks for. */
function fits(folder: string): boolean {
  const asked = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { dependencies: Record<string, string> };
  return Object.entries(asked.dependencies).every(([name, version]) => {
    const file = join(root, "node_modules", name, "package.json");
    return existsSync(file) && (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version === version;
  });
}
