// A small company for the journeys: seats, a site with desks, laptops in stock, systems, a policy, and one person for each role.
import { type Id } from "../../src/kernel/id.ts";
import type { Actor } from "../../src/platform/operation/context.ts";
import { openHouse, type TestHouse } from "../../src/platform/testing/house.ts";

export interface JourneyCompany {
  readonly house: TestHouse;
  readonly nadia: Actor;
  readonly erik: Actor;
  readonly rosa: Actor;
  readonly daniel: Actor;
  readonly helene: Actor;
  readonly tomas: Actor;
  readonly miriam: Actor;
  readonly seatId: Id;
  readonly deskId: Id;
  readonly laptopIds: readonly Id[];
  readonly systemIds: readonly Id[];
  readonly policyId: Id;
  /** Runs an operation by name as someone, and lets everything that follows from it happen. */
  does(as: Actor, name: string, input: object): Promise<Record<string, unknown>>;
  /** The steps of the newest run of a process: key to state. */
  steps(processName: string): Promise<Record<string, string>>;
}

const from = "2026-01-01";

export const openCompany = async (): Promise<JourneyCompany> => foundCompany(await openHouse({ today: "2026-11-02" }));

/** Sets the company of a house up; after `house.tenantId` was changed, another one. */
export async function foundCompany(house: TestHouse): Promise<JourneyCompany> {
  const helene = await house.person("Helene Founder", "owner");
  const nadia = await house.person("Nadia People", "people.manager", "directory.manager");
  const erik = await house.person("Erik It", "it.manager", "identity.manager");
  const rosa = await house.person("Rosa Facilities", "facilities.manager");
  const daniel = await house.person("Daniel Governance", "governance.manager");
  const tomas = await house.person("Tomas Accountant", "finance.accountant", "finance.manager");
  const miriam = await house.person("Miriam Payroll", "payroll.manager");
  const does: JourneyCompany["does"] = async (as, name, input) => {
    const output = await house.call(name, input, as);
    await house.settle();
    return output;
  };
  const make = async (as: Actor, name: string, input: object): Promise<Id> => (await does(as, name, input))["id"] as Id;
  const entityId = await make(helene, "directory.legalEntity.create", { code: "X", name: "Example GmbH", country: "DE", currency: "EUR" });
  const unitId = await make(helene, "directory.unit.create", { code: "U", name: "Everybody", entityId, from });
  const jobId = await make(helene, "directory.job.create", { code: "ENG", title: "Engineer" });
  const site = await make(helene, "directory.place.create", { kind: "site", code: "HAM", name: "Hamburg" });
  const building = await make(helene, "directory.place.create", { kind: "building", code: "HAM-A", name: "A", parentId: site });
  const floor = await make(helene, "directory.place.create", { kind: "floor", code: "HAM-A1", name: "1", parentId: building });
  const deskId = await make(helene, "directory.place.create", {
    kind: "desk",
    code: "HAM-A1-01",
    name: "Desk 1",
    parentId: floor,
    seats: 1,
  });
  const seatId = await make(helene, "directory.position.create", { code: "P1", jobId, unitId, siteId: site, from });
  await does(tomas, "finance.setup.create", { legalEntityId: entityId, currency: "EUR", fiscalYearStart: from });
  const laptopIds = [
    await make(erik, "it.device.create", { kind: "laptop", name: "Laptop one", serial: "S1" }),
    await make(erik, "it.device.create", { kind: "laptop", name: "Laptop two", serial: "S2" }),
  ];
  const systemIds = [await make(erik, "it.system.create", { name: "Mail", kind: "application", forEveryone: true })];
  const policyId = await make(daniel, "governance.policy.create", {
    code: "IT-01",
    title: "Acceptable use",
    ownerId: daniel.personId,
    text: "Company devices are for work.",
  });
  await does(daniel, "governance.policyAudience.add", { policyId, kind: "everyone" });
  await does(helene, "governance.policy.publish", { policyId });
  const steps: JourneyCompany["steps"] = async (processName) => {
    const runs = (await house.call("process.run.list", { sort: "-id", filter: { process: processName }, limit: 1 }, helene)) as {
      rows: { id: Id }[];
    };
    const line = (await house.call("process.run.timeline", { runId: runs.rows[0]!.id }, helene)) as {
      steps: { key: string; state: string }[];
    };
    return Object.fromEntries(line.steps.map((step) => [step.key, step.state]));
  };
  return { house, nadia, erik, rosa, daniel, helene, tomas, miriam, seatId, deskId, laptopIds, systemIds, policyId, does, steps };
}
