// A virtual year: random people of several companies do random things on a real database, from a seed. Now and then every connection to the
// database is cut in the middle, the clock jumps back, or two do things at once. At the end the night's work is done and every law proved.
import { addDays, day } from "../../src/kernel/day.ts";
import { newId } from "../../src/kernel/id.ts";
import { isOutage } from "../../src/platform/funnel/transaction.ts";
import type { TestHouse } from "../../src/platform/testing/house.ts";
import { registry } from "../../src/registry.ts";
import { foundCompany } from "../journeys/company.ts";
import { type Deed, deeds, type World } from "./deeds.ts";
import { type Random, randomFrom } from "./random.ts";

const companies = 2;
const worded = new Set(["Refusal", "NotPermitted", "InvalidInput"]);
const tries = 8;

/** One place in the year: what happens there follows from the seed and the place alone, whatever else is left out. */
type Place = number;

export interface Lived {
  readonly seed: number;
  readonly done: number;
  readonly refused: number;
  readonly crashes: number;
  /** The fault that ended it, or what breaks a law at its end. */
  readonly fault?: string;
  /** What was done, a line each, when it ended in a fault. */
  readonly story?: readonly string[];
}

export async function liveYear(house: TestHouse, seed: number, places: readonly Place[]): Promise<Lived> {
  const lived = { seed, done: 0, refused: 0, crashes: 0 };
  house.today = day("2026-03-02");
  const worlds: World[] = [];
  for (let index = 0; index < companies; index++) {
    house.tenantId = await house.otherCompany();
    worlds.push(await openWorld(house));
  }
  const story: string[] = [];
  try {
    for (const place of places) {
      const random = randomFrom(seed * 7919 + place * 104_729);
      const world = random.pick(worlds);
      house.tenantId = tenantOf(world);
      pass(house, random);
      const together = random.upTo(8) === 0 ? 2 : 1;
      const chosen = Array.from({ length: together }, () => random.pick(deeds));
      const line = `${place}, ${house.today}: ${chosen.map((deed) => deed.name).join(" and ")}`;
      story.push(line);
      world.says = (what) => void (story[story.length - 1] += `\n    ${what}`);
      const struck = random.upTo(25) === 0 ? cutAll(house, random.upTo(30)) : undefined;
      if (struck) lived.crashes += 1;
      for (const outcome of await Promise.allSettled(chosen.map((deed) => doDeed(deed, world, random)))) {
        if (outcome.status === "fulfilled") lived.done += 1;
        else if (isWorded(outcome.reason)) lived.refused += 1;
        else throw outcome.reason;
      }
      await struck;
      if (place % 5 === 0) await again(() => house.settle());
    }
    for (const world of worlds) {
      house.tenantId = tenantOf(world);
      // The last cut may not have reached every connection of the pool yet.
      await again(() => house.settle());
      await nightly(house);
      const broken = await again(() => brokenLaws(world));
      if (broken.length > 0) return { ...lived, fault: `laws broken: ${broken.join("; ")}`, story };
    }
  } catch (error) {
    const told = error instanceof Error ? `${error.message}\n${error.stack}` : String(error);
    return { ...lived, fault: told.slice(0, 1500), story };
  }
  return lived;
}

const tenants = new WeakMap<World, TestHouse["tenantId"]>();
const tenantOf = (world: World): TestHouse["tenantId"] => tenants.get(world)!;

/** Days pass; one time in forty the clock is set back. */
function pass(house: TestHouse, random: Random): void {
  if (random.upTo(40) === 0) house.today = addDays(house.today, -1 - random.upTo(3));
  else if (random.upTo(3) === 0) house.today = addDays(house.today, 1 + random.upTo(4));
}

const isWorded = (error: unknown): boolean => worded.has((error as Error).name);

async function doDeed(deed: Deed, world: World, random: Random): Promise<void> {
  world.random = random;
  try {
    await deed.does(world);
  } catch (error) {
    // A read that the crash cut off: whoever reads asks again.
    if (!isAway(error)) throw error;
  }
}

const isAway = (error: unknown): boolean =>
  isOutage(error) || ["ENOENT", "ECONNREFUSED", "ECONNRESET"].includes((error as { code?: string }).code ?? "");

/** Does something again while the database is away. */
async function again<T>(does: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await does();
    } catch (error) {
      if (attempt === tries || !isAway(error)) throw error;
    }
  }
}

/** Ends every connection of the application in a moment, in the middle of whatever it is doing. */
async function cutAll(house: TestHouse, milliseconds: number): Promise<void> {
  await new Promise((settle) => setTimeout(settle, milliseconds));
  await house.owner.query(`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and usename = 'heartwood_app'`);
}

async function brokenLaws({ company: { house, helene } }: World): Promise<string[]> {
  const { laws } = (await house.call("platform.law.check", {}, helene)) as { laws: { name: string; breaks: string[] }[] };
  return laws.filter((law) => law.breaks.length > 0).map((law) => `${law.name}: ${law.breaks[0]}`);
}

/** Every schedule of the house once, as the night would run them. */
async function nightly(house: TestHouse): Promise<void> {
  for (const schedule of registry.schedules) {
    await again(() => house.funnel.work(house.tenantId, schedule.does));
    await again(() => house.settle());
  }
}

async function openWorld(house: TestHouse): Promise<World> {
  const company = await foundCompany(house);
  const { helene, erik, tomas } = company;
  const ids = async (list: string, as = helene): Promise<string[]> =>
    ((await house.call(list, { limit: 200 }, as))["rows"] as { id: string }[]).map((row) => row.id);
  const organisation = async (name: string, role: string): Promise<string> =>
    String((await house.call("directory.organisation.create", { name, roles: [role] }, helene))["id"]);
  const made = new Map<string, string[]>([
    ["customer", [await organisation("Customer one", "customer"), await organisation("Customer two", "customer")]],
    ["supplier", [await organisation("Supplier one", "supplier")]],
    ["account", await ids("finance.account.list", tomas)],
    ["bank", await ids("finance.bankAccount.list", tomas)],
    ["seat", await ids("directory.position.list")],
    ["desk", await ids("facilities.desk.list")],
    ["device", [...company.laptopIds]],
    ["person", [String(erik.personId), String(tomas.personId)]],
  ]);
  const world: World = {
    company,
    random: randomFrom(0),
    made,
    says: () => undefined,
    call: async (as, name, input) => {
      const key = newId();
      const answer = await again(() => house.call(name, input, as, { key }));
      world.says(`${as.name} did ${name} ${JSON.stringify(input)}`);
      return answer;
    },
  };
  tenants.set(world, house.tenantId);
  return world;
}
