// The list of breached passwords: what stands in it is found, whatever its size and ends, and nothing else.
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { breachedIn } from "./breached.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "heartwood-breached-"));
});
afterAll(() => rm(folder, { recursive: true }));

const sumOf = (password: string) => createHash("sha1").update(password).digest("hex").toUpperCase();

async function list(passwords: readonly string[], { times = true, end = "\r\n", last = true } = {}): Promise<string> {
  const file = join(folder, `${Math.random()}.txt`);
  const lines = passwords.map((password, index) => (times ? `${sumOf(password)}:${10 ** (index % 9)}` : sumOf(password))).toSorted();
  await writeFile(file, lines.join(end) + (last ? end : ""));
  return file;
}

test("a list as haveibeenpwned.com writes it", async () => {
  // The sum of «password» is as published.
  const file = join(folder, "published.txt");
  await writeFile(
    file,
    ["0000000CAEF405439D57847A8657218C618160B2:15", "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:10434004", `${"F".repeat(40)}:2`, ""].join(
      "\r\n",
    ),
  );
  const isBreached = await breachedIn(file);
  expect([await isBreached("password"), await isBreached("Password")]).toEqual([true, false]);
});

test.each([
  ["one", 1, {}],
  ["two", 2, {}],
  ["three without an end", 3, { last: false }],
  ["a thousand with times", 1000, {}],
  ["a thousand without times, with short ends", 1000, { times: false, end: "\n" }],
  ["seven hundred without an end", 700, { times: false, end: "\n", last: false }],
] as const)("%s: each is found, no other", async (_, count, form) => {
  const known = Array.from({ length: count }, (_, index) => `known password ${index}`);
  const isBreached = await breachedIn(await list(known, form));
  const found = await Promise.all(known.map((password) => isBreached(password)));
  expect(found.filter(Boolean)).toHaveLength(count);
  const others = await Promise.all(Array.from({ length: 300 }, (_, index) => isBreached(`another password ${index}`)));
  expect(others.filter(Boolean)).toEqual([]);
});

test("what cannot be used stops the start in words", async () => {
  await expect(breachedIn(join(folder, "not-there"))).rejects.toThrow("HEARTWOOD_BREACHED_PASSWORDS names");
  for (const text of ["", `${sumOf("b")}\n${sumOf("a")}\n`.repeat(9), "password\n123456\n", "<html>no list</html>"]) {
    const file = join(folder, "no-list");
    await writeFile(file, text);
    await expect(breachedIn(file)).rejects.toThrow("SHA-1 sums in order");
  }
});
