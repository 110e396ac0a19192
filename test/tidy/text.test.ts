// How files are written: short enough to read at once, saying first what they are, in the words of the house.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { codeOf, filesBelow, lineOf, root, sourceFiles, textOf } from "./files.ts";

const source = sourceFiles();
const migrations = filesBelow("db/migrations", /\.sql$/);
const scripts = filesBelow("bin", /\.mjs$/);
const written = [...source, ...migrations, ...scripts];

const linesMax = 500;
const widthMax = 140;

test(`no file has more than ${linesMax} lines`, () => {
  expect(written.filter((path) => textOf(path).trimEnd().split("\n").length > linesMax)).toEqual([]);
});

test(`no line is wider than ${widthMax}`, () => {
  const broken = written.flatMap((path) =>
    textOf(path)
      .split("\n")
      .flatMap((line, index) => ([...line].length > widthMax ? [`${path}:${index + 1}`] : [])),
  );
  expect(broken).toEqual([]);
});

test("the first line says what the file is", () => {
  expect([...source, ...scripts].filter((path) => !/^(?:#!.*\n)?\s*(?:\/\/ \S|\/\*\*? \S)/.test(textOf(path)))).toEqual([]);
  expect(migrations.filter((path) => !textOf(path).startsWith("-- "))).toEqual([]);
});

test("functions over 70 lines, `any` and circles are errors of the linter", () => {
  const { rules, overrides } = JSON.parse(textOf(".oxlintrc.json")) as {
    rules: Record<string, unknown>;
    overrides: { files: string[]; rules: object }[];
  };
  expect(rules).toMatchObject({
    "max-lines-per-function": ["error", { max: 70 }],
    "typescript/no-explicit-any": "error",
    "typescript/no-floating-promises": "error",
    "import/no-cycle": "error",
  });
  const loosened = overrides.filter((one) => "max-lines-per-function" in one.rules).flatMap((one) => one.files);
  expect(loosened).toEqual(["**/*.test.ts"]);
});

test("nothing is typed `any`, and no check is switched off silently", () => {
  const untyped = /(?::|\bas|<|\|)\s*any\b/;
  const silenced = /@ts-(?:ignore|nocheck)|(?:oxlint|eslint)-disable(?!-next-line [a-z/-]+ -- \S)/;
  const broken = source.flatMap((path) => {
    const code = codeOf(path).replace(/`(?:[^`\\]|\\.)*`|"(?:[^"\\\n]|\\.)*"|\/(?:[^/\\\n]|\\.)+\/[a-z]*/g, '""');
    const found = untyped.exec(code) ?? silenced.exec(path.startsWith("test/tidy/") ? "" : textOf(path));
    return found ? [`${path}: ${found[0]}`] : [];
  });
  expect(broken).toEqual([]);
});

// The word and what to say instead.
const bannedEndings: Readonly<Record<string, string>> = {
  Manager: "say what it does: registry, pool, sweep",
  Helper: "say what it does",
  Util: "say what it does",
  Utils: "say what it does",
  Service: "say what it does",
  Base: "say what all of them are",
  Data: "say which: rows, entry, text",
  Info: "say which: state, summary",
  Voucher: "entry, bill or receipt",
};
const bannedNames: Readonly<Record<string, string>> = {
  data: "say which: rows, entry, text",
  info: "say which",
  util: "say what it does",
  utils: "say what it does",
  helper: "say what it does",
  helpers: "say what it does",
  voucher: "entry, bill or receipt",
  transaction: "entry, payment, bank line, or work of the database",
  move: "entry, or what is moved",
};

describe("banned words", () => {
  const declared = /\b(?:function\*?|class|interface|type|enum|const|let)\s+([A-Za-z_][A-Za-z0-9_]*)/g;

  test("no name in the code is one, or a class or type of one", () => {
    const broken = source.flatMap((path) => {
      const code = codeOf(path).replace(/\bimport\b[^;]*;/g, (found) => "\n".repeat(found.split("\n").length - 1));
      return [...code.matchAll(declared)].flatMap((match) => {
        const name = match[1]!;
        const ending = Object.keys(bannedEndings).find(
          (word) => name.endsWith(word) && (name[0] === name[0]!.toUpperCase() || word === "Voucher"),
        );
        const instead = ending ? bannedEndings[ending] : Object.hasOwn(bannedNames, name) ? bannedNames[name] : undefined;
        return instead ? [`${path}:${lineOf(code, match.index)} ${name}: ${instead}`] : [];
      });
    });
    expect(broken).toEqual([]);
  });

  test("no file is called one", () => {
    const broken = source.filter((path) =>
      path.split(/[/.]/).some((part) => /(?:^|-)(?:manager|helpers?|utils?|service|base|data|info|voucher|misc)$/.test(part)),
    );
    expect(broken).toEqual([]);
  });
});

test("migrations are numbered once each, in four digits, and named after their module", () => {
  const names = migrations.map((path) => path.replace("db/migrations/", ""));
  expect(names.filter((name) => !/^\d{4}-[a-z]+(?:-[a-z0-9]+)*\.sql$/.test(name))).toEqual([]);
  const numbers = names.map((name) => name.slice(0, 4));
  expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
});

test("every link in a page leads somewhere", () => {
  const pages = [...filesBelow(".", /\.md$/)];
  const broken = pages.flatMap((path) =>
    [...textOf(path).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map((match) => match[1]!)
      .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(root, dirname(path), decodeURIComponent(target))))
      .map((target) => `${path} → ${target}`),
  );
  expect(broken).toEqual([]);
});

test("nothing in the repository names the host of a package registry", () => {
  // Put together from halves, so that this file does not name one either.
  const hosts = [
    ["npm", "js"],
    ["yarn", "pkg"],
    ["arti", "factory"],
    ["ver", "daccio"],
  ].map((halves) => `${halves.join("")}.`);
  const named = [...filesBelow(".", /\.(?:tsx?|mjs|js|json|md|sql|ya?ml|css|html|toml|sh)$|^\.[a-z]+rc$/)].filter((path) => {
    const text = textOf(path).toLowerCase();
    return hosts.some((host) => text.includes(`//${host}`) || text.includes(`.${host}`)) || /"resolved":\s*"https?:/.test(text);
  });
  expect(named).toEqual([]);
});

test("files that are generated are fresh", () => {
  const run = spawnSync(join(root, "node_modules/.bin/tsx"), ["src/generate.ts", "--check"], { cwd: root, encoding: "utf8" });
  expect(run.stderr.trim()).toBe("");
  expect(run.status).toBe(0);
});
