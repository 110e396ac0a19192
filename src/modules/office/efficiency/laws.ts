// What must always hold of the figures of work.
import { addDays } from "../../../kernel/day.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { Law } from "../../../platform/operation/module.ts";
import { daysOfWork, rolledUntil, zoneOf } from "./rollup.ts";

export const efficiencyLaws: readonly Law[] = [
  {
    name: "office.workRowsAreTheWork",
    says: "The rows of the last days say of finished work what the work itself says.",
    breaks: async (context) => {
      const until = await rolledUntil(context);
      if (until === undefined) return [];
      const from = addDays(until, -2);
      const rows = await context.db.rows<{ words: string }>(sql`
        select coalesce(k.day, s.day)::text || ' ' || coalesce(k.activity, s.activity) as words
        from (select * from office.work_daily where tenant_id = ${context.tenantId} and day between ${from}::date and ${until}::date) k
        full join (${daysOfWork(context, await zoneOf(context), from, until)}) s
          on s.day = k.day and s.source = k.source and s.process = k.process and s.activity = k.activity
        -- A step that opened again since is counted anew tonight.
        where coalesce(s.finished, 0) > coalesce(k.finished, 0) and coalesce(k.source, s.source) <> 'step' limit 20`);
      return rows.map((row) => row.words);
    },
  },
];
