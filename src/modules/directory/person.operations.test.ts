// People in the directory, on a real database.
import { afterAll, beforeAll, expect, test } from "vitest";
import { openHouse, type TestHouse } from "../../platform/testing/house.ts";
import { createPerson } from "./index.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test("a person is added and found by name", async () => {
  const keeper = await house.person("Kim Keeper", "directory.manager");
  const { id } = await house.run(createPerson, { name: "Mara Lindqvist", email: "mara@example.com" }, keeper);
  const found = await house.call("directory.person.list", { search: "lindq", count: true }, keeper);
  expect(found).toMatchObject({ count: 1, rows: [{ id, name: "Mara Lindqvist" }] });
  const one = await house.call("directory.person.get", { id }, keeper);
  expect(one).toMatchObject({ id, can: ["directory.person.update"] });
});

test("pages follow each other without gap or repeat", async () => {
  const keeper = await house.person("Kim Keeper", "directory.manager");
  for (const name of ["Page 1", "Page 2", "Page 3", "Page 4", "Page 5"]) await house.run(createPerson, { name }, keeper);
  const seen: unknown[] = [];
  let cursor: string | undefined;
  do {
    const page = (await house.call("directory.person.list", { filter: { name: "~Page" }, sort: "-name", limit: 2, cursor }, keeper)) as {
      rows: { name: string }[];
      next: string | null;
    };
    seen.push(...page.rows.map((row) => row.name));
    cursor = page.next ?? undefined;
  } while (cursor);
  expect(seen).toEqual(["Page 5", "Page 4", "Page 3", "Page 2", "Page 1"]);
});

test("who has no role is denied, a key answers twice, a dry run leaves nothing", async () => {
  const keeper = await house.person("Kim Keeper", "directory.manager");
  const nobody = await house.person("Nobody Special");
  await expect(house.run(createPerson, { name: "X" }, nobody)).rejects.toMatchObject({ name: "NotPermitted" });
  const first = await house.run(createPerson, { name: "Once" }, keeper, { key: "k1" });
  expect(await house.run(createPerson, { name: "Once" }, keeper, { key: "k1" })).toEqual(first);
  await expect(house.run(createPerson, { name: "Other" }, keeper, { key: "k1" })).rejects.toMatchObject({ code: "idempotencyKeyReused" });
  await house.run(createPerson, { name: "Ghost" }, keeper, { dryRun: true });
  expect(await house.call("directory.person.list", { search: "Ghost" }, keeper)).toMatchObject({ rows: [] });
});
