// A small company for the tests of governance: two units, one site, two jobs, and seats that people can be put in.
import type { Id } from "../../kernel/id.ts";
import { compose } from "../../platform/operation/registry.ts";
import { platformModules } from "../../platform/rooms/module.ts";
import { openHouse, type TestHouse } from "../../platform/testing/house.ts";
import type { Actor } from "../../platform/operation/context.ts";
import { directory } from "../directory/index.ts";
import { office } from "../office/index.ts";
import { governance } from "./index.ts";

const registry = compose([...platformModules(() => registry), directory, office, governance]);

export interface Company {
  readonly house: TestHouse;
  readonly keeper: Actor;
  readonly governor: Actor;
  /** A second governor, for what one may not do alone. */
  readonly second: Actor;
  readonly siteId: Id;
  readonly officeUnitId: Id;
  readonly itUnitId: Id;
  readonly clerkJobId: Id;
  readonly engineerJobId: Id;
  /** Puts a new person into a seat from a day on. */
  hire(
    name: string,
    seat: { readonly unit: "office" | "it"; readonly at?: "site"; readonly from?: string; readonly until?: string },
  ): Promise<Actor>;
}

export async function openCompany(): Promise<Company> {
  const house = await openHouse({ registry });
  const keeper = await house.person("Kim Keeper", "directory.manager");
  const create = async (name: string, input: unknown): Promise<Id> => (await house.call(name, input, keeper))["id"] as Id;
  const from = "2026-01-01";
  const siteId = await create("directory.place.create", { kind: "site", code: "HAM", name: "Hamburg" });
  const officeUnitId = await create("directory.unit.create", { code: "OFF", name: "Office", from });
  const itUnitId = await create("directory.unit.create", { code: "IT", name: "IT", parentId: officeUnitId, from });
  const clerkJobId = await create("directory.job.create", { code: "CLK", title: "Clerk" });
  const engineerJobId = await create("directory.job.create", { code: "ENG", title: "Engineer" });
  let seats = 0;
  const hire: Company["hire"] = async (name, seat) => {
    const actor = await house.person(name);
    const [unitId, jobId] = seat.unit === "it" ? [itUnitId, engineerJobId] : [officeUnitId, clerkJobId];
    const positionId = await create("directory.position.create", {
      code: `S-${++seats}`,
      jobId,
      unitId,
      siteId: seat.at ? siteId : undefined,
      from,
    });
    const held = await create("directory.position.hold", { positionId, personId: actor.personId, from: seat.from ?? from });
    if (seat.until) await house.call("directory.holding.end", { holdingId: held, lastDay: seat.until }, keeper);
    return actor;
  };
  return {
    house,
    keeper,
    governor: await house.person("Gita Governor", "governance.manager"),
    second: await house.person("Sam Second", "governance.manager"),
    siteId,
    officeUnitId,
    itUnitId,
    clerkJobId,
    engineerJobId,
    hire,
  };
}
