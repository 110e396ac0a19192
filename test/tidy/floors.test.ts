// The floors of the house: what stands on what, which module may need which, and that nothing goes in a circle.
import { expect, test } from "vitest";
import { codeOf, filesBelow, type Import, importsOf, lineOf, sourceFiles, textOf } from "./files.ts";

const isTest = (path: string): boolean => /\.(test|testing|fixture)\.tsx?$/.test(path) || /^src\/.*\/testing\//.test(path);
const source = sourceFiles().filter((path) => path.startsWith("src/") && !isTest(path));
const imports = source.flatMap(importsOf);

const within = (path: string, folder: string): boolean => path.startsWith(`${folder}/`);
const isLocal = (one: Import): boolean => one.to.startsWith("src/") || one.to.startsWith("demo/");
const isScreen = (path: string): boolean => within(path, "src/web") || /^src\/modules\/[^/]+\/screens\//.test(path);
const moduleOf = (path: string): string | undefined => /^src\/modules\/([^/]+)\//.exec(path)?.[1];
const said = (one: Import): string => `${one.from} imports ${one.to}`;

// What a module may need, from the page of the house.
const mayNeed: Readonly<Record<string, readonly string[]>> = {
  directory: [],
  office: ["directory"],
  assets: ["office"],
  finance: ["assets"],
  people: ["office"],
  payroll: ["people", "finance"],
  purchasing: ["finance"],
  it: ["assets"],
  facilities: ["assets"],
  governance: ["office"],
};

const below = (name: string): Set<string> => new Set((mayNeed[name] ?? []).flatMap((needed) => [needed, ...below(needed)]));

const moduleNames = [...new Set(source.map(moduleOf).filter((name) => name !== undefined))];

function needsOf(name: string): string[] {
  const path = `src/modules/${name}/module.ts`;
  const list = /needs: \[([^\]]*)\]/.exec(source.includes(path) ? textOf(path) : "")?.[1] ?? "";
  return [...list.matchAll(/"([^"]+)"/g)].map((match) => match[1]!);
}

const allNeedsOf = (name: string): Set<string> => new Set(needsOf(name).flatMap((needed) => [needed, ...allNeedsOf(needed)]));

test("the kernel imports nothing but decimal.js", () => {
  const broken = imports.filter((one) => within(one.from, "src/kernel") && !within(one.to, "src/kernel") && one.to !== "decimal.js");
  expect(broken.map(said)).toEqual([]);
});

test("the platform knows no module, no process and no screen", () => {
  const above = (path: string): boolean => isLocal({ to: path } as Import) && !within(path, "src/kernel") && !within(path, "src/platform");
  expect(imports.filter((one) => within(one.from, "src/platform") && above(one.to)).map(said)).toEqual([]);
});

test("a module says what it needs, and needs only what is below it", () => {
  for (const name of moduleNames) {
    expect(source, `${name} has no table of contents`).toContain(`src/modules/${name}/module.ts`);
    expect(source, `${name} has no door`).toContain(`src/modules/${name}/index.ts`);
    expect(Object.keys(mayNeed), `${name} has no place in the house yet`).toContain(name);
    expect(
      needsOf(name).filter((needed) => !below(name).has(needed)),
      `${name} may not need these`,
    ).toEqual([]);
  }
});

test("modules meet only at their doors, and only those they need", () => {
  const broken = imports.filter((one) => {
    const from = moduleOf(one.from);
    if (!from || isScreen(one.from) || !isLocal(one)) return false;
    if (within(one.to, "src/kernel") || within(one.to, "src/platform")) return within(one.to, "src/platform/testing");
    const to = moduleOf(one.to);
    if (to === from) return isScreen(one.to);
    return to === undefined || !allNeedsOf(from).has(to) || one.to !== `src/modules/${to}/index.ts`;
  });
  expect(broken.map(said)).toEqual([]);
});

test("a process uses the doors of the modules", () => {
  const broken = imports.filter((one) => {
    if (!within(one.from, "src/processes") || !isLocal(one)) return false;
    // The handbook is written from everything there is.
    if (one.from === "src/processes/handbook.ts" && one.to === "src/registry.ts") return false;
    const to = moduleOf(one.to);
    return to ? one.to !== `src/modules/${to}/index.ts` : !/^src\/(kernel|platform|processes)\//.test(one.to);
  });
  expect(broken.map(said)).toEqual([]);
});

test("the browser takes nothing but types from the server", () => {
  const broken = imports.filter(
    (one) => isScreen(one.from) && isLocal(one) && !one.typeOnly && !isScreen(one.to) && !within(one.to, "src/kernel"),
  );
  expect(broken.map(said)).toEqual([]);
});

test("a file of rules is pure", () => {
  const impure = /\b(?:await|async)\b|Date\.now|new Date\(\)|Math\.random|\bcrypto\b|\bprocess\.|\bfetch\(|\bsetTimeout\b/;
  const rules = source.filter((path) => path.endsWith(".rules.ts"));
  const broken = rules.flatMap((path) => {
    const code = codeOf(path);
    const found = impure.exec(code);
    return found ? [`${path}:${lineOf(code, found.index)} ${found[0]}`] : [];
  });
  const reaching = imports.filter(
    (one) =>
      one.from.endsWith(".rules.ts") &&
      !one.typeOnly &&
      (one.to.startsWith("node:") || (isLocal(one) && !pureFile.test(one.to) && !leadsToRules(one))),
  );
  expect([...broken, ...reaching.map(said)]).toEqual([]);
});

/** The kernel, other rules, what reads a schema, and the door of a module as far as it leads to that module's rules. */
const pureFile = /^src\/kernel\/|\.rules\.ts$|^src\/platform\/operation\/shape\.ts$/;

function leadsToRules({ from, to }: Import): boolean {
  if (!/^src\/modules\/[a-z]+\/index\.ts$/.test(to)) return false;
  const namesIn = (list: string): string[] => [...list.matchAll(/(?:^|,)\s*(?!type\s)(\w+)/g)].map((match) => match[1]!);
  const door = `/${to.split("/").slice(-2).join("/")}`;
  const taken = [...codeOf(from).matchAll(/import \{([^}]*)\} from "([^"]+)"/g)].filter((match) => match[2]!.endsWith(door));
  const pure = new Set([...codeOf(to).matchAll(/export \{([^}]*)\} from "[^"]+\.rules\.ts"/g)].flatMap((match) => namesIn(match[1]!)));
  return taken.length > 0 && taken.flatMap((match) => namesIn(match[1]!)).every((name) => pure.has(name));
}

test("there is no import circle", () => {
  const runtime = new Map<string, string[]>();
  for (const one of imports) if (isLocal(one) && !one.typeOnly) runtime.set(one.from, [...(runtime.get(one.from) ?? []), one.to]);
  expect(circlesIn(runtime)).toEqual([]);
});

/** The strongly connected components with more than one file, after Tarjan (1972). */
function circlesIn(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.get(node)!);
    stack.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node)!, low.get(next)!));
    }
    if (low.get(node) !== index.get(node)) return;
    const circle = stack.splice(stack.indexOf(node));
    if (circle.length > 1 || (edges.get(node) ?? []).includes(node)) circles.push(circle.toSorted());
  };
  for (const node of edges.keys()) if (!index.has(node)) visit(node);
  return circles;
}

test("Tarjan finds a circle when there is one", () => {
  const edges = new Map([
    ["a", ["b"]],
    ["b", ["c"]],
    ["c", ["b", "d"]],
    ["d", []],
  ]);
  expect(circlesIn(edges)).toEqual([["b", "c"]]);
});

const written = /\b(insert\s+into|update|delete\s+from)\s+([a-z_]+)\.[a-z_]+/gi;
const read = /\b(?:from|join|references)\s+([a-z_]+)\.[a-z_]+/gi;
const shared = ["platform", "identity", "pg_catalog", "information_schema"];

test("a module writes only its own tables and reads only those of modules it needs", () => {
  const broken: string[] = [];
  for (const path of source.filter((one) => moduleOf(one) && !isScreen(one))) {
    const name = moduleOf(path)!;
    const code = codeOf(path);
    const schemas = new Set([
      "directory",
      "office",
      "assets",
      "finance",
      "people",
      "payroll",
      "purchasing",
      "it",
      "facilities",
      "governance",
      ...shared,
    ]);
    for (const match of code.matchAll(written)) {
      const schema = match[2]!.toLowerCase();
      if (schemas.has(schema) && schema !== name) broken.push(`${path}:${lineOf(code, match.index)} writes ${match[0]}`);
    }
    for (const match of code.matchAll(read)) {
      const schema = match[1]!.toLowerCase();
      if (!schemas.has(schema) || schema === name || shared.includes(schema) || allNeedsOf(name).has(schema)) continue;
      broken.push(`${path}:${lineOf(code, match.index)} reads ${match[0]}`);
    }
  }
  expect(broken).toEqual([]);
});

/** Where what was one department's passes to another, with the reason. */
const migrationsAcross = new Set([
  // The plans of facilities come round by the office's schedules from then on.
  "0221-facilities-plan-by-schedule.sql",
  // The platform's files may be destroyed by the office's rule, and by nothing else.
  "0227-office-document-destruction.sql",
  // Which seats an employment brought with it is told by the employments there are.
  "0292-directory-holding-of-employment.sql",
]);

test("a migration touches the schemas of one module", () => {
  const names = filesBelow("db/migrations", /\.sql$/).map((path) => path.replace("db/migrations/", ""));
  const broken = names.filter((name) => {
    if (migrationsAcross.has(name)) return false;
    const own = name.split(/[-.]/)[1]!;
    const made = [...textOf(`db/migrations/${name}`).matchAll(/^(?:create table|alter table)\s+([a-z_]+)\./gm)].map((match) => match[1]!);
    return made.some((schema) => schema !== own && !(own === "identity" && schema === "auth"));
  });
  expect(broken).toEqual([]);
});
