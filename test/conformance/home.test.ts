// Homes name figures that the house has, figures drill into lists and screens that are there, and everyone's home is really theirs.
import { afterAll, beforeAll, expect, test } from "vitest";
import { everyone, parts } from "../../src/modules/office/responsibility/part.ts";
import { assignResponsibility } from "../../src/modules/office/index.ts";
import { openHouse, type TestHouse } from "../../src/platform/testing/house.ts";
import { registry } from "../../src/registry.ts";
import { screens } from "../../src/web/screens.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const byName = new Map(registry.figures.map((figure) => [figure.name, figure]));

test.each([...parts, everyone])("the home $title names figures of the house, once each", ({ figures }) => {
  expect(figures.filter((name) => !byName.has(name))).toEqual([]);
  expect(new Set(figures).size).toBe(figures.length);
});

test.each(parts.filter((part) => part.roles.length > 0))("whoever plays $title by a role may read where its figures come from", (part) => {
  const [role] = part.roles;
  const closed = part.figures.flatMap((name) => {
    const [, module, subject] = /^\/r\/([^/]+)\/([^?]+)/.exec(byName.get(name)?.to ?? "") ?? [];
    const register = module && registry.registers.get(`${module}.${subject}`);
    const open =
      !register || role === "owner" || register.list.may.some((may) => typeof may !== "string" || may === role || may === "anyone");
    return open ? [] : [name];
  });
  expect(closed).toEqual([]);
});

test("every figure drills into something that is there", () => {
  const there = (to: string): boolean => {
    const path = to.split("?")[0]!;
    const [, kind, ...rest] = path.split("/");
    if (kind === "r") return registry.registers.has(rest.join("."));
    if (kind === "report") return registry.operations.has(rest.join("."));
    return screens.some((screen) => screen.path === path);
  };
  expect(registry.figures.filter(({ to }) => to && !there(to)).map(({ name, to }) => `${name}: ${to}`)).toEqual([]);
});

test("someone sees the home of their role, of the work they answer for, and their own; another sees only theirs", async () => {
  const boss = await house.person("Olga Owner", "owner");
  const ira = await house.person("Ira Equipment", "it.manager");
  const nina = await house.person("Nina Newcomer");
  const today = async (person: typeof boss) =>
    (await house.call("platform.today.get", {}, person)) as { homes: { name: string }[]; figures: { name: string }[] };
  expect((await today(nina)).homes).toEqual([{ name: "everyone", title: "Mine" }]);
  expect((await today(boss)).homes.map((home) => home.name)).toEqual(["founder", "everyone"]);
  const it = await today(ira);
  expect(it.homes.map((home) => home.name)).toEqual(["it", "security", "everyone"]);
  expect(it.figures.slice(0, 2).map((figure) => figure.name)).toEqual(["it.leavers", "it.notice"]);
  await house.run(assignResponsibility, { activity: "governance.risk", personId: nina.personId, from: "2026-01-01" }, boss);
  const risk = await today(nina);
  expect(risk.homes.map((home) => home.name)).toEqual(["risk", "everyone"]);
  expect(risk.figures[0]).toMatchObject({ name: "governance.risksAboveAppetite", value: 0 });
});
