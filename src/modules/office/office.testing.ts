// Set-up shared by the tests of the office: roles that work can be routed by, and seats in a line.
import type { Id } from "../../kernel/id.ts";
import type { Actor } from "../../platform/operation/context.ts";
import type { TestHouse } from "../../platform/testing/house.ts";
import { createJob, createPosition, createUnit, holdPosition } from "../directory/index.ts";

/** A person's roles as their account has them, so that work finds them. */
export async function giveRole(house: TestHouse, name: string, role: string): Promise<Actor> {
  const actor = await house.person(name, role);
  await house.owner.query(
    `insert into identity.role_grant (tenant_id, id, user_id, role, from_day) values ($1, gen_random_uuid(), $2, $3, '2020-01-01')`,
    [house.tenantId, actor.userId, role],
  );
  return actor;
}

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
