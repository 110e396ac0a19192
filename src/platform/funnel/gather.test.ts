// Gathering: who comes alone leaves at once, who comes meanwhile leaves together, and what becomes of one is not what becomes of another.
import { expect, test } from "vitest";
import { gather } from "./gather.ts";

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

test("the first two leave alone, the rest of the moment together, lanes apart", async () => {
  const batches: string[][] = [];
  const wish = gather<string, string>(async (wishes) => {
    batches.push([...wishes]);
    await pause();
    return wishes.map((one) => ({ answer: one.toUpperCase() }));
  });
  const answers = await Promise.all([..."abcdef"].map((one) => wish("x", one)).concat(wish("y", "g")));
  expect(answers).toEqual([..."ABCDEFG"]);
  expect(batches).toEqual([["a"], ["b"], ["g"], ["c", "d", "e", "f"]]);
});

test("a batch is never larger than 250", async () => {
  const sizes: number[] = [];
  const wish = gather<number, number>(async (wishes) => {
    sizes.push(wishes.length);
    await pause();
    return wishes.map((answer) => ({ answer }));
  });
  await Promise.all(Array.from({ length: 600 }, (_, index) => wish("x", index)));
  expect(sizes).toEqual([1, 1, 250, 250, 98]);
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
