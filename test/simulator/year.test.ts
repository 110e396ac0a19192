// A virtual year: random people do random things on a real database, then every law is proved. A failing seed is printed;
// HEARTWOOD_SEEDS=7,8,9 lives those years again, HEARTWOOD_DEEDS=1000 makes them busier.
import { expect, test } from "vitest";
import { addDays, day } from "../../src/kernel/day.ts";
import { Refusal } from "../../src/kernel/refusal.ts";
import { registry } from "../../src/registry.ts";
import { openCompany } from "../journeys/company.ts";
import { deeds, type World } from "./deeds.ts";
import { randomFrom } from "./random.ts";

const seeds = (process.env["HEARTWOOD_SEEDS"] ?? "1,2").split(",").map(Number);
const deedsPerYear = Number(process.env["HEARTWOOD_DEEDS"] ?? 250);
const allowed = new Set(["NotPermitted", "InvalidInput"]);

test.each(seeds)(
  "seed %i: nobody meets a fault, and every law holds at the end of the year",
  async (seed) => {
    const world = await open(seed);
    const { house, helene } = world.company;
    let refused = 0;
    for (let done = 0; done < deedsPerYear; done++) {
      if (world.random.upTo(3) === 0) house.today = addDays(house.today, 1 + world.random.upTo(4));
      const deed = world.random.pick(deeds);
      try {
        await deed.does(world);
      } catch (error) {
        if (!(error instanceof Refusal) && !allowed.has((error as Error).name)) {
          throw new Error(`seed ${seed}, deed ${done}, on ${house.today}: «${deed.name}» met a fault`, { cause: error });
        }
        refused += 1;
      }
      if (done % 5 === 0) await house.settle();
    }
    await house.settle();
    await nightly(world);
    const said = (await house.call("platform.law.check", {}, helene)) as { laws: { name: string; breaks: string[] }[] };
    expect(
      said.laws.filter((law) => law.breaks.length > 0),
      `seed ${seed}`,
    ).toEqual([]);
    expect(refused, `seed ${seed}: most of what was tried must have worked`).toBeLessThan(deedsPerYear * 0.7);
    await house.close();
  },
  180_000,
);

/** Every schedule of the house once, as the night would run them. */
async function nightly({ company: { house } }: World): Promise<void> {
  for (const schedule of registry.schedules) {
    await house.funnel.work(house.tenantId, schedule.does);
    await house.settle();
  }
}

async function open(seed: number): Promise<World> {
  const company = await openCompany();
  const { house, helene, erik, tomas } = company;
  house.today = day("2026-03-02");
  const make = async (name: string, input: object, as = helene): Promise<string> => String((await house.call(name, input, as))["id"]);
  const customers = [
    await make("directory.organisation.create", { name: "Customer one", roles: ["customer"] }),
    await make("directory.organisation.create", { name: "Customer two", roles: ["customer"] }),
  ];
  const suppliers = [await make("directory.organisation.create", { name: "Supplier one", roles: ["supplier"] })];
  const accounts = await house.call("finance.account.list", { limit: 200 }, tomas);
  const banks = await house.call("finance.bankAccount.list", {}, tomas);
  const ids = (answer: Record<string, unknown>): string[] => (answer["rows"] as { id: string }[]).map((row) => row.id);
  const seats = await house.call("directory.position.list", {}, helene);
  const desks = await house.call("facilities.desk.list", {}, helene);
  const made = new Map<string, string[]>([
    ["customer", customers],
    ["supplier", suppliers],
    ["account", ids(accounts)],
    ["bank", ids(banks)],
    ["seat", ids(seats)],
    ["desk", ids(desks)],
    ["device", [...company.laptopIds]],
    ["person", [String(erik.personId), String(tomas.personId)]],
  ]);
  return { company, random: randomFrom(seed), made };
}
