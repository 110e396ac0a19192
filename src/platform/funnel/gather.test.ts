// Gathering: who comes in one moment leaves together, a second batch leaves beside the first when it is as large, and what becomes of one
// is not what becomes of another.
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { gather } from "./gather.ts";

/** More turns of the loop than a batch gathers for, so that whatever may leave has left; a clock would ring early on a busy machine. */
async function pause(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await turn();
}

test("who comes in one moment leaves together, lanes apart", async () => {
  const batches: string[][] = [];
  const wish = gather<string, string>(async (wishes) => {
    batches.push([...wishes]);
    await pause();
    return wishes.map((one) => ({ answer: one.toUpperCase() }));
  });
  const answers = await Promise.all([..."abcdef"].map((one) => wish("x", one)).concat(wish("y", "g")));
  expect(answers).toEqual([..."ABCDEFG"]);
  expect(batches).toHaveLength(2);
  expect(batches).toContainEqual(["a", "b", "c", "d", "e", "f"]);
  expect(batches).toContainEqual(["g"]);
});

test("a second batch leaves beside the first only when it is as large, and a smaller one when the first is back", async () => {
  const left: { readonly wishes: readonly string[]; readonly back: () => void }[] = [];
  const wish = gather<string, string>(
    (wishes) => new Promise((resolve) => left.push({ wishes, back: () => resolve(wishes.map((answer) => ({ answer }))) })),
  );
  const all = [..."abc"].map((one) => wish("x", one));
  await pause();
  all.push(wish("x", "d"), wish("x", "e"));
  await pause();
  expect(left.map((one) => one.wishes)).toEqual([["a", "b", "c"]]);
  all.push(wish("x", "f"));
  await pause();
  expect(left.map((one) => one.wishes)).toEqual([
    ["a", "b", "c"],
    ["d", "e", "f"],
  ]);
  all.push(wish("x", "g"));
  await pause();
  expect(left).toHaveLength(2);
  left[0]!.back();
  await pause();
  expect(left).toHaveLength(2);
  left[1]!.back();
  await pause();
  expect(left[2]!.wishes).toEqual(["g"]);
  left[2]!.back();
  await expect(Promise.all(all)).resolves.toEqual([..."abcdefg"]);
});

test("a batch is never larger than 250", async () => {
  const sizes: number[] = [];
  const wish = gather<number, number>(async (wishes) => {
    sizes.push(wishes.length);
    await pause();
    return wishes.map((answer) => ({ answer }));
  });
  await Promise.all(Array.from({ length: 600 }, (_, index) => wish("x", index)));
  expect(sizes).toEqual([250, 250, 100]);
});

test("one error is one wish's, a thrown one is the whole batch's, and the lane goes on", async () => {
  let broken = false;
  const wish = gather<string, string>(async (wishes) => {
    await pause();
    if (broken) throw new Error("the line is cut");
    return wishes.map((one) => (one === "bad" ? { error: new Error("no") } : { answer: one }));
  });
  const settled = await Promise.allSettled(["a", "b", "c", "bad", "d"].map((one) => wish("x", one)));
  expect(settled.map((one) => one.status)).toEqual(["fulfilled", "fulfilled", "fulfilled", "rejected", "fulfilled"]);
  broken = true;
  await expect(wish("x", "e")).rejects.toThrow("the line is cut");
  broken = false;
  await expect(wish("x", "f")).resolves.toBe("f");
});
