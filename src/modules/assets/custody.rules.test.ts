// What stands in the way of handing a thing over, as tables.
import { expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import { hindersGiving, hindersReserving, type ThingNow } from "./custody.rules.ts";
import { tagOf } from "./kind.rules.ts";

const today = day("2026-11-21");
const [mara, jon] = ["0193-mara", "0193-jon"] as unknown as [Id, Id];
const free: ThingNow = {
  tag: "HW-00001",
  name: "ThinkPad",
  standing: "onHand",
  standingSince: day("2026-01-01"),
  holderId: null,
  holder: null,
  heldSince: null,
  reservedForId: null,
  reservedFor: null,
  lastEndedOn: null,
};
const held = { holderId: jon, holder: "Jon", heldSince: day("2026-02-01") };
const reserved = { reservedForId: jon, reservedFor: "Jon" };

test.each([
  [{}, undefined],
  [{ standing: "retired", ...held }, "retired"],
  [{ standing: "lost" }, "lost"],
  [{ standing: "inRepair", ...reserved }, "inRepair"],
  [{ standing: "ordered" }, "notHereYet"],
  [held, "held"],
  [{ ...held, holderId: mara }, "held"],
  [reserved, "reservedForAnother"],
  [{ ...reserved, reservedForId: mara }, undefined],
  [{ lastEndedOn: today }, undefined],
  [{ lastEndedOn: day("2026-11-22") }, "heldThen"],
] as [Partial<ThingNow>, string | undefined][])("handing over with %j is hindered by %s", (change, why) => {
  expect(hindersGiving({ ...free, ...change }, { personId: mara, from: today }, today)?.why).toBe(why);
});

test("nothing is handed over on a day to come", () => {
  expect(hindersGiving(free, { personId: mara, from: day("2026-11-22") }, today)?.why).toBe("dayToCome");
});

test.each([
  [{}, undefined],
  [{ standing: "ordered" }, undefined],
  [{ standing: "inRepair" }, undefined],
  [{ standing: "retired" }, "retired"],
  [{ standing: "lost" }, "lost"],
  [held, "held"],
  [reserved, "reservedForAnother"],
] as [Partial<ThingNow>, string | undefined][])("setting aside with %j is hindered by %s", (change, why) => {
  expect(hindersReserving({ ...free, ...change })?.why).toBe(why);
});

test("a tag has its series and five digits or more", () => {
  expect([tagOf("HW", 42n), tagOf("A", 123456n)]).toEqual(["HW-00042", "A-123456"]);
});
