// Search as one types, over a million organisations: every list that someone may see is asked, behind the fence, beside one question to
// the one table by hand on the same index. What each list touches of it is printed with the rows and pages.
import type { Bench } from "../bench.ts";
import { timed } from "../pair.ts";
import { booksOf } from "../books.ts";
import type { BenchServer } from "../server.ts";
import { benchLines, fillLines } from "../volume.ts";
import { registry } from "../../src/registry.ts";

const organisations = 1_000_000;
/** What arrives while someone types; screens ask from the second letter on. */
const typed = ["ben", "bench 4", "bench 424", "bench 424242", "town 777"];

export const search: Bench = {
  name: "search",
  says: `what is typed letter by letter, found among ${organisations.toLocaleString("en")} organisations and every other list`,
  async prepare(server) {
    // A company has books, lists of customers with what they owe, and years of entries.
    await booksOf(server);
    await fillLines(server, benchLines);
    const tenantId = await fill(server);
    await showPlans(server, tenantId);
    return {
      unit: "ms",
      moreIsBetter: false,
      bound: 2.5,
      ours: () =>
        timed(async () => {
          for (const text of typed) await server.call("GET", `/api/v1/platform/searches/find?text=${encodeURIComponent(text)}`);
        }),
      theirs: () =>
        timed(async () => {
          for (const text of typed) await server.owner.query(byHand, [tenantId, `%${text}%`, `${text}%`]);
        }),
    };
  },
};

/** As search would be written for this one table: what begins with the text first. */
const byHand = `select id, name from directory.party
  where tenant_id = $1 and (name ilike $2 or email ilike $2 or tax_number ilike $2 or city ilike $2)
  order by name ilike $3 desc, name limit 30`;

async function fill({ owner }: BenchServer): Promise<string> {
  const { rows } = await owner.query<{ id: string }>("select tenant_id as id from platform.tenant_account order by created_at limit 1");
  const tenantId = rows[0]!.id;
  await owner.query(
    `insert into directory.party (tenant_id, id, kind, name, email, city)
     select $1, gen_random_uuid(), 'organisation', 'Bench ' || n, 'office@b' || n || '.example', 'Town ' || n % 5000
     from generate_series(1, ${organisations}) n`,
    [tenantId],
  );
  await owner.query(
    `insert into directory.party_role (tenant_id, party_id, role, from_day)
     select tenant_id, id, case when hashtext(name) % 3 = 0 then 'supplier' else 'customer' end, '2026-01-01'
     from directory.party where tenant_id = $1 and name like 'Bench %'`,
    [tenantId],
  );
  await owner.query("vacuum analyze directory.party, directory.party_role");
  return tenantId;
}

const lists = ["directory.person", "directory.organisation", "directory.customer", "directory.supplier"];

/** As the application sees it, behind the fence: PostgreSQL's own count of rows and pages. */
async function showPlans({ owner }: BenchServer, tenantId: string): Promise<void> {
  const client = await owner.connect();
  const context = { tenantId, today: "2026-11-21", now: new Date(), actor: { grants: [] }, holds: () => true };
  try {
    await client.query("begin");
    await client.query("set local role heartwood_app");
    await client.query("select set_config('heartwood.tenant', $1, true)", [tenantId]);
    for (const text of typed) {
      for (const name of lists) {
        const { text: asked, values } = registry.registers.get(name)!.hits(context as never, text, 5);
        const { rows } = await client.query(`explain (analyze, buffers, format json) ${asked}`, [...values]);
        const [{ Plan: plan }] = (rows[0] as { "QUERY PLAN": [{ Plan: PlanNode }] })["QUERY PLAN"];
        const scans = nodesOf(plan).filter((node) => node["Node Type"].endsWith("Scan") && node["Actual Loops"] > 0);
        const by = scans.map((node) => node["Index Name"] ?? `${node["Node Type"]} ${node["Relation Name"] ?? ""}`.trim());
        const pages = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"];
        process.stdout.write(`  ${name} «${text}»: ${plan["Actual Rows"]} found, ${pages} pages, ${[...new Set(by)].join(", ")}\n`);
      }
    }
    await client.query("rollback");
  } finally {
    client.release();
  }
}

interface PlanNode {
  readonly "Node Type": string;
  readonly "Index Name"?: string;
  readonly "Relation Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly Plans?: readonly PlanNode[];
}

const nodesOf = (plan: PlanNode): PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
