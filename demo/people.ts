// Whom one can be in the demo: everyone with a title first, then the rest.
import type { DemoPerson } from "../src/platform/http/demo.ts";
import type { Pool } from "../src/platform/database/pool.ts";
import { rowsOn, sql } from "../src/platform/database/sql.ts";
import type { Registry } from "../src/platform/operation/registry.ts";
import { colleagues, emailOf } from "./company.ts";

interface Row {
  email: string;
  name: string;
  roles: string[];
}

/** Members of the demo company with the titles of their roles, read past the fence by the owner. */
export async function demoPeople(owner: Pool, registry: Registry): Promise<DemoPerson[]> {
  const rows = await rowsOn(owner).rows<Row>(sql`
    select m.email, m.name, coalesce(array_agg(g.role order by g.role) filter (where g.role is not null), '{}') as roles
    from identity.member m
    join platform.tenant_account t on t.tenant_id = m.tenant_id and t.is_demo
    left join identity.role_grant g on g.tenant_id = m.tenant_id and g.user_id = m.user_id
      and (g.until_day is null or g.until_day >= current_date)
    where m.disabled_at is null
    group by m.email, m.name`);
  const order = new Map(colleagues.map((colleague, index) => [emailOf(colleague.name), { index, colleague }]));
  return rows
    .map((row) => {
      const known = order.get(row.email);
      return {
        email: row.email,
        name: row.name,
        title: known?.colleague.title ?? known?.colleague.job ?? "Employee",
        roles: row.roles.map((role) => registry.roles.get(role) ?? role),
        place: known ? (known.colleague.title ? known.index : 1000 + known.index) : 2000,
      };
    })
    .toSorted((a, b) => a.place - b.place)
    .map(({ place: _, ...person }) => person);
}
