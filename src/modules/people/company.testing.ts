// A small company for the tests of People and Payroll: Ada leads, Ben below her, two open seats below him.
import type { Id } from "../../kernel/id.ts";
import type { Actor } from "../../platform/operation/context.ts";
import type { TestHouse } from "../../platform/testing/house.ts";
import { createJob, createLegalEntity, createPosition, createUnit } from "../directory/index.ts";
import { createEmployment } from "./index.ts";

export const nobody = "00000000-0000-7000-8000-000000000000" as Id;

export interface Company {
  readonly hanna: Actor;
  readonly ada: Actor;
  readonly ben: Actor;
  readonly entityId: Id;
  readonly unitId: Id;
  readonly jobId: Id;
  readonly seats: Readonly<Record<"lead" | "head" | "first" | "second", Id>>;
  readonly employments: Readonly<Record<"ada" | "ben", Id>>;
}

export async function buildCompany(house: TestHouse): Promise<Company> {
  const keeper = await house.person("Kim Keeper", "directory.manager");
  const hanna = await house.person("Hanna People", "people.manager");
  const ada = await house.person("Ada Lead");
  const ben = await house.person("Ben Head");
  const from = "2020-01-01";
  const { id: entityId } = await house.run(
    createLegalEntity,
    { code: "DE1", name: "Example GmbH", country: "DE", currency: "EUR" },
    keeper,
  );
  const { id: unitId } = await house.run(createUnit, { code: "ALL", name: "Everyone", entityId, from }, keeper);
  const { id: jobId } = await house.run(createJob, { code: "JOB", title: "Colleague" }, keeper);
  const seat = async (code: string, reportsToId?: Id): Promise<Id> =>
    (await house.run(createPosition, { code, jobId, unitId, reportsToId, from }, keeper)).id;
  const lead = await seat("LEAD");
  const head = await seat("HEAD", lead);
  const seats = { lead, head, first: await seat("FIRST", head), second: await seat("SECOND", head) };
  const employ = async (person: Actor, positionId: Id, amount: string): Promise<Id> => {
    const pay = { amount, currency: "EUR" };
    return (await house.run(createEmployment, { personId: person.personId!, positionId, firstDay: "2024-01-01", pay }, hanna)).id;
  };
  const employments = { ada: await employ(ada, lead, "9000.00"), ben: await employ(ben, head, "6000.00") };
  return { hanna, ada, ben, entityId, unitId, jobId, seats, employments };
}
