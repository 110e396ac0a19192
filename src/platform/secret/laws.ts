// What must hold of columns that are stored sealed.
import { identifier, sql } from "../database/sql.ts";
import type { Law } from "../operation/module.ts";
import { sealedColumns } from "./reseal.ts";

export const secretLaws: readonly Law[] = [
  {
    name: "platform.sealed",
    says: "What is stored encrypted is encrypted in every row.",
    breaks: async (context) => {
      const broken: string[] = [];
      for (const { table, column } of await sealedColumns(context.db)) {
        const { count } = await context.db.row<{ count: number }>(sql`
          select count(*)::int as count from ${identifier(table)}
          where tenant_id = ${context.tenantId} and ${identifier(column)} !~ '^sealed:[0-9]+:' and ${identifier(column)} <> '(erased)'`);
        if (count > 0) broken.push(`${table}.${column} holds ${count} values in clear. Start the house again: it seals them.`);
      }
      return broken;
    },
  },
];
