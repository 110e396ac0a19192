// Who asks keeps what is remembered of them until all are answered; then nothing follows the promises of the house any more.
import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asking } from "./asking.ts";

const symbol = Symbol.for("better-auth:global");
const everything = globalThis as { [symbol]?: unknown };
const before = everything[symbol];
const store = new AsyncLocalStorage<string>();
beforeAll(() => void (everything[symbol] = { context: { requestStateAsyncStorage: store } }));
afterAll(() => void (everything[symbol] = before));

const remembered = (name: string, milliseconds: number): Promise<string | undefined> =>
  asking(() =>
    store.run(name, async () => {
      await pause(milliseconds);
      return store.getStore();
    }),
  );

test("one who is answered takes nothing away from another, and the next begins anew", async () => {
  expect(await Promise.all([remembered("Ann", 1), remembered("Ben", 20)])).toEqual(["Ann", "Ben"]);
  expect(await remembered("Cleo", 1)).toBe("Cleo");
});

test("when all are answered, or failed, the store is put away", async () => {
  await remembered("Ann", 1);
  expect(store).toMatchObject({ enabled: false });
  await expect(asking(() => store.run("Ben", () => Promise.reject(new Error("no"))))).rejects.toThrow("no");
  expect(store).toMatchObject({ enabled: false });
});
