// Set-up shared by the tests of the office: seats in a line.
import type { Id } from "../../kernel/id.ts";
import type { Actor } from "../../platform/operation/context.ts";
import type { TestHouse } from "../../platform/testing/house.ts";
import { createJob, createPosition, createUnit, holdPosition } from "../directory/index.ts";

export interface Line {
  readonly unitId: Id;
  seat(code: string, holder?: Actor, above?: Id): Promise<Id>;
}

/** A unit in which seats stand below each other. */
export async function makeLine(house: TestHouse, keeper: Actor): Promise<Line> {
  const from = "2026-01-01";
  const unit = await house.run(createUnit, { code: "U1", name: "Unit", from }, keeper);
  const job = await house.run(createJob, { code: "J1", title: "Job" }, keeper);
  return {
    unitId: unit.id,
    async seat(code, holder, above) {
      const made = { code, title: code, jobId: job.id, unitId: unit.id, from, ...(above && { reportsToId: above }) };
      const { id } = await house.run(createPosition, made, keeper);
      if (holder) await house.run(holdPosition, { positionId: id, personId: holder.personId, from }, keeper);
      return id;
    },
  };
}
