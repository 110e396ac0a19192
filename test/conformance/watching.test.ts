// The watching funnel itself: a funnel that lies about dry runs or forgets its keys is caught, an honest one passes.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Funnel } from "../../src/platform/funnel/funnel.ts";
import type { Actor } from "../../src/platform/operation/context.ts";
import { openHouse, type TestHouse } from "../../src/platform/testing/house.ts";
import { watching } from "./watching.ts";

let house: TestHouse;
let keeper: Actor;
beforeAll(async () => {
  house = await openHouse();
  keeper = await house.person("Kim Keeper", "directory.manager");
});
afterAll(() => house.close());

const add = (funnel: Funnel) => funnel.run("directory.person.create", { name: "Mara" }, { tenantId: house.tenantId, actor: keeper });
const lying = (change: (call: Parameters<Funnel["run"]>[2]) => Parameters<Funnel["run"]>[2]): Funnel => ({
  ...house.funnel,
  run: (name, input, call) => house.funnel.run(name, input, change(call)),
});

test("an honest funnel passes", async () => {
  const passed: string[] = [];
  await add(watching(house.funnel, house.pool, (name) => passed.push(name)));
  expect(passed).toEqual(["directory.person.create"]);
});

test("a dry run that leaves a trace is caught", async () => {
  const funnel = lying((call) => ({ ...call, dryRun: false }));
  await expect(add(watching(funnel, house.pool, () => undefined))).rejects.toThrow(/a dry run leaves a trace in .*directory\.party/);
});

test("a wish that is done twice is caught", async () => {
  const funnel = lying(({ key: _key, ...call }) => call);
  await expect(add(watching(funnel, house.pool, () => undefined))).rejects.toThrow(
    /it answers differently; .*it changes .*directory\.party/,
  );
});
