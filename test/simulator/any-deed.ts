// Anything that anybody may try in any department: a write of the registry, filled in at random from its own declaration. So whatever
// is added to the house is lived with from its first day.
import { jsonSchema } from "../../src/platform/operation/shape.ts";
import { addDays } from "../../src/kernel/day.ts";
import type { Operation } from "../../src/platform/operation/operation.ts";
import { registry } from "../../src/registry.ts";
import { sample } from "../conformance/sample.ts";
import type { Deed, World } from "./deeds.ts";

// People of a test have no password and no account to sign in with, to which a token would belong.
const leftOut = new Set(["identity.token.create"]);
const writes: readonly Operation[] = [...registry.operations.values()].filter(({ kind, name }) => kind === "write" && !leftOut.has(name));
const nobody = "01890000-0000-7000-8000-000000000000";

export const anyDeed: Deed = {
  name: "anything",
  does: async (world) => {
    const { random, company } = world;
    const operation = random.pick(writes);
    const schema = jsonSchema(operation.input);
    await learn(world, schema);
    const input = sample(schema, {
      full: () => random.upTo(5) < 2,
      pick: random.pick,
      id: (register) => random.pick(world.made.get(`list ${register}`) ?? [nobody]),
      today: addDays(company.house.today, random.upTo(21) - 10),
      texts: [`R${random.upTo(100_000)}`, `R ${random.upTo(100_000)} ÄÖ «x» 😀`],
      ofKind: (kind) => (kind === "money" ? { amount: `${random.upTo(3000)}.${10 + random.upTo(90)}`, currency: "EUR" } : undefined),
    });
    const { helene, nadia, erik, rosa, tomas, daniel, miriam } = company;
    const as = random.upTo(3) > 0 ? helene : random.pick([nadia, erik, rosa, tomas, daniel, miriam]);
    await world.call(as, operation.name, input as object).catch((error: Error) => {
      // Said with its name, because "anything" alone would not tell whose fault it was.
      error.message = `${operation.name} ${JSON.stringify(input)}: ${error.message}`;
      throw error;
    });
  },
};

/** Looks up the records that an input may name, as a picker on screen would. */
async function learn(world: World, schema: unknown): Promise<void> {
  const { house, helene } = world.company;
  for (const [, register] of JSON.stringify(schema).matchAll(/"x-ref":"([^"]+)"/g)) {
    const list = registry.registers.get(register!)?.list;
    if (!list) continue;
    const { rows } = (await house.call(list.name, { limit: 20, sort: world.random.upTo(2) ? "-id" : "id" }, helene)) as {
      rows: { id: string }[];
    };
    if (rows.length > 0)
      world.made.set(
        `list ${register}`,
        rows.map((row) => row.id),
      );
  }
}
