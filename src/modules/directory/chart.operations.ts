// The org chart of any day: every seat with its unit, its holder and the seat it reports to.
import { z } from "zod";
import { sql } from "../../platform/database/sql.ts";
import { Day, Id, ref } from "../../platform/operation/field.ts";
import { anyone, operation } from "../../platform/operation/operation.ts";

const Node = z.object({
  positionId: ref("directory.position"),
  code: z.string(),
  title: z.string(),
  job: z.string(),
  unitId: ref("directory.unit"),
  unit: z.string(),
  siteId: ref("directory.site").nullable(),
  site: z.string().nullable(),
  reportsToId: ref("directory.position").nullable(),
  personId: ref("directory.person").nullable(),
  person: z.string().nullable(),
  since: Day.nullable(),
});

const UnitNode = z.object({ unitId: ref("directory.unit"), code: z.string(), name: z.string(), parentId: Id.nullable() });

export const getOrgChart = operation({
  name: "directory.orgChart.get",
  title: "Org chart",
  does: "Shows every seat of the company on a day, with its unit, who sits in it and whom it reports to.",
  kind: "read",
  may: [anyone],
  input: z.strictObject({ asOf: Day.optional().describe("By default today.") }),
  output: z.object({ asOf: Day, nodes: z.array(Node), units: z.array(UnitNode) }),
  async run(input, context) {
    const asOf = input.asOf ?? context.today;
    const nodes = await context.db.rows<z.output<typeof Node>>(sql`
      select p.id as position_id, p.code, v.title, j.title as job, v.unit_id, coalesce(u.name, n.code) as unit, v.site_id, s.name as site,
        a.position_id as reports_to_id, h.person_id, o.name as person, lower(h.during) as since
      from directory.position_version v
      join directory.position p on p.tenant_id = v.tenant_id and p.id = v.position_id
      join directory.job j on j.tenant_id = v.tenant_id and j.id = v.job_id
      join directory.unit n on n.tenant_id = v.tenant_id and n.id = v.unit_id
      left join directory.unit_version u on u.tenant_id = v.tenant_id and u.unit_id = v.unit_id and u.during @> ${asOf}::date
      left join directory.place s on s.tenant_id = v.tenant_id and s.id = v.site_id
      left join directory.position_version a
        on a.tenant_id = v.tenant_id and a.position_id = v.reports_to_id and a.during @> ${asOf}::date
      left join directory.holding h on h.tenant_id = v.tenant_id and h.position_id = v.position_id and h.during @> ${asOf}::date
      left join directory.party o on o.tenant_id = h.tenant_id and o.id = h.person_id
      where v.tenant_id = ${context.tenantId} and v.during @> ${asOf}::date
      order by p.code`);
    const units = await context.db.rows<z.output<typeof UnitNode>>(sql`
      select n.id as unit_id, n.code, u.name, u.parent_id
      from directory.unit_version u join directory.unit n on n.tenant_id = u.tenant_id and n.id = u.unit_id
      where u.tenant_id = ${context.tenantId} and u.during @> ${asOf}::date order by n.code`);
    return { asOf, nodes, units };
  },
});
