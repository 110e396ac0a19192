// The short memory must never outlive a revocation.
import { expect, test } from "vitest";
import { recent } from "./recent.ts";

test("an answer is looked up once in its time, and nothing is never kept", async () => {
  let clock = 0;
  let looks = 0;
  const known = recent<number>(1000, () => clock);
  const look = async () => ++looks;
  expect([await known.find("a", look), await known.find("a", look)]).toEqual([1, 1]);
  clock = 1000;
  expect(await known.find("a", look)).toBe(2);
  expect(await known.find("b", async () => undefined)).toBeUndefined();
  expect(await known.find("b", look)).toBe(3);
});

function deferred<Value>() {
  let resolve!: (value: Value) => void;
  const promise = new Promise<Value>((done) => (resolve = done));
  return { promise, resolve };
}

test("a look-up under way during a revocation is not kept", async () => {
  const known = recent<string>(1000, () => 0);
  const { promise, resolve } = deferred<string>();
  const under = known.find("a", () => promise);
  known.forget();
  resolve("before");
  expect(await under).toBe("before");
  expect(await known.find("a", async () => "after")).toBe("after");
});
