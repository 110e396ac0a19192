// Seating, as a table.
import { expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import { hindersSeating } from "./desk.rules.ts";

const [mara, jon] = ["0193-mara", "0193-jon"] as unknown as [Id, Id];
const wanted = { desk: "D1", retiredFrom: null, personId: mara, from: day("2026-12-01") };
const sits = (personId: Id, on: string) => ({ personId, person: personId, day: day(on) });

test.each([
  [{}, [], undefined],
  [{ retiredFrom: day("2026-12-01") }, [sits(jon, "2026-12-01")], "deskRetired"],
  [{ retiredFrom: day("2026-12-02") }, [], undefined],
  [{}, [sits(jon, "2026-12-01")], "deskTaken"],
  [{}, [sits(mara, "2026-12-01"), sits(jon, "2027-01-01")], "deskTaken"],
  [{}, [sits(mara, "2026-12-01")], "alreadyThere"],
] as const)("%j with %j in the way: %s", (change, inTheWay, code) => {
  expect(hindersSeating({ ...wanted, ...change }, inTheWay)?.code).toBe(code);
});
