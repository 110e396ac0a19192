// What must always hold of delegations.
import { sql } from "../../../platform/database/sql.ts";
import type { Law } from "../../../platform/operation/module.ts";

export const delegationLaws: readonly Law[] = [
  {
    name: "office.standInHasTheTask",
    says: "A task that a stand-in has is with the one the delegation names, and only while nobody ended it.",
    breaks: async (context) =>
      (
        await context.db.rows<{ title: string }>(sql`
          select t.title from office.task t
          join office.delegation d on d.tenant_id = t.tenant_id and d.id = t.delegation_id
          where t.tenant_id = ${context.tenantId} and t.state = 'open' and (d.stand_in_id <> t.person_id or d.ended_on is not null)`)
      ).map((row) => row.title),
  },
  {
    name: "office.actsForAnother",
    says: "Whoever did something for someone else is someone else.",
    breaks: async (context) =>
      (
        await context.db.rows<{ title: string }>(sql`
          select title from office.task where tenant_id = ${context.tenantId} and principal_id is not null
            and (closed_for = closed_by or principal_id = person_id)`)
      ).map((row) => row.title),
  },
];
