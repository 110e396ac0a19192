// Which statements keep their plans on a connection.
import { beforeEach, expect, test } from "vitest";
import { planKeeper, sql, whole } from "./sql.ts";

let preparedWhenUsual: ReturnType<typeof planKeeper>;
beforeEach(() => {
  preparedWhenUsual = planKeeper();
});

test("a text is prepared from the third time on, whatever its values", () => {
  const kept = ["a", "b", "c", "d"].map((value) => preparedWhenUsual(sql`select ${value}::text as usual`).isPrepared);
  expect(kept).toEqual([false, false, true, true]);
});

test("texts that are asked once push none out that is asked often", () => {
  for (let round = 0; round < 3; round++) preparedWhenUsual(sql`select ${round}::int as often`);
  for (let count = 0; count < 500; count++) expect(preparedWhenUsual(sql`select ${whole(count)} as rare`).isPrepared).toBe(false);
  expect(preparedWhenUsual(sql`select ${9}::int as often`).isPrepared).toBe(true);
});

test("no more texts are kept than a connection has room for", () => {
  let kept = 0;
  for (let count = 0; count < 300; count++) {
    for (let round = 0; round < 3; round++) if (preparedWhenUsual(sql`select ${whole(count)} as many`).isPrepared) kept += 1;
  }
  expect(kept).toBeGreaterThan(50);
  expect(kept).toBeLessThanOrEqual(100);
});
