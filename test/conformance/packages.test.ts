// What we stand on: each package is pinned, comes under its own name with the sum of its content, is not given up by its makers, and runs
// no script of its own when it is installed (ASVS 15.1.2, 15.2.1, 15.2.4). Whether a hole is known in one, the network tells.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

interface Locked {
  /** When it is installed under another name than its own. */
  readonly name?: string;
  readonly link?: boolean;
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly deprecated?: string;
  readonly hasInstallScript?: boolean;
}

const read = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));
const manifest = read("package.json") as Manifest;
const { packages } = read("package-lock.json") as { packages: Readonly<Record<string, Locked>> };
const locked = Object.entries(packages).filter(([place]) => place !== "");
const nameOf = (place: string): string => place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);

test("every package is pinned, and what is locked is what is asked for", () => {
  const asked = { ...manifest.dependencies, ...manifest.devDependencies };
  const loose = Object.entries({ ...asked, ...manifest.overrides }).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
  expect(loose).toEqual([]);
  const other = Object.entries(asked).filter(([name, version]) => packages[`node_modules/${name}`]?.version !== version);
  expect(other).toEqual([]);
});

test("every package comes from the registry under its own name, with the sum of its content", () => {
  expect(locked.length).toBeGreaterThan(100);
  const strange = locked.filter(
    ([place, { resolved, integrity, name = nameOf(place), link }]) =>
      link === true ||
      name !== nameOf(place) ||
      // npm asks the registry that is set; an address of a package's own would go before it.
      resolved !== undefined ||
      !/^sha512-[\w+/]{86}==$/.test(integrity ?? ""),
  );
  expect(strange.map(([place]) => place)).toEqual([]);
});

test("no package was given up by its makers", () => {
  const given = locked.filter(([, { deprecated }]) => deprecated !== undefined);
  expect(given.map(([place, { deprecated }]) => `${place}: ${deprecated}`)).toEqual([]);
});

test("no package runs a script when it is installed but those that somebody decided about", () => {
  const decided = Object.keys(manifest.allowScripts);
  const scripted = new Set(locked.filter(([, { hasInstallScript }]) => hasInstallScript).map(([place]) => nameOf(place)));
  // The same program for other machines is decided about with the one for ours.
  const undecided = [...scripted].filter((name) => !decided.some((one) => one.split("/")[0] === name.split("/")[0]));
  expect(undecided).toEqual([]);
});
