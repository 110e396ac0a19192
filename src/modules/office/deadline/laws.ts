// What must always hold for deadlines of laws and contracts.
import { sql } from "../../../platform/database/sql.ts";
import type { Law } from "../../../platform/operation/module.ts";

export const deadlineLaws: readonly Law[] = [
  {
    name: "office.submissionHasProof",
    says: "A submitted deadline names the reference under which it was submitted, and gives reasons when it came late and the law asks.",
    breaks: async (context) => {
      const found = await context.db.rows<{ title: string }>(sql`
        select d.title from office.deadline d join office.deadline_rule r on r.tenant_id = d.tenant_id and r.id = d.rule_id
        where d.tenant_id = ${context.tenantId} and d.state = 'submitted'
          and r.is_reasoned_when_late and d.submitted_at > d.due_at and d.late_reason is null`);
      return found.map((row) => row.title);
    },
  },
  {
    name: "office.deadlineIsWithSomeone",
    says: "Every open deadline of a rule is with a person.",
    breaks: async (context) => {
      const found = await context.db.rows<{ title: string }>(sql`
        select title from office.deadline
        where tenant_id = ${context.tenantId} and rule_id is not null and state in ('open', 'paused') and person_id is null`);
      return found.map((row) => row.title);
    },
  },
];
