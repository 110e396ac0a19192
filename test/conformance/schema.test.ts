// The rules of the ground, read from PostgreSQL's own catalogue: a company stays a shard, and the application can break nothing.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openPool, type Pool } from "../../src/platform/database/pool.ts";
import { createTestDatabase, type TestDatabase } from "../../src/platform/testing/database.ts";

let database: TestDatabase;
let owner: Pool;
beforeAll(async () => {
  database = await createTestDatabase({ socketFolder: inject("socketFolder"), port: inject("port") });
  owner = openPool(database.connection("heartwood_owner"), 2);
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

const namesOf = async (text: string): Promise<string[]> => {
  const { rows } = await owner.query<{ name: string }>(text);
  return rows.map((row) => row.name);
};

const ours = `n.nspname not in ('information_schema', 'graphile_worker', 'public') and n.nspname not like 'pg\\_%'`;
const named = `n.nspname || '.' || c.relname`;
const tables = `pg_class c join pg_namespace n on n.oid = c.relnamespace`;
const hasTenant = `exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)`;
const tenantTables = `c.relkind in ('r', 'p') and ${ours} and ${hasTenant} and ${named} <> 'platform.tenant_account'`;
const firstColumn = `(select a.attname from pg_attribute a where a.attrelid = i.indrelid and a.attnum = i.indkey[0])`;

// Not of one company: who may sign in at all, what is encrypted with, and which companies there are.
const shared = [
  "auth.account",
  "auth.attempt",
  "auth.data_key",
  "auth.personal_token",
  "auth.session",
  "auth.two_factor",
  "auth.user",
  "auth.verification",
];

describe("a company is a shard", () => {
  test("every table is of a company, but for those named here", async () => {
    const found = await namesOf(`select ${named} as name from ${tables} where c.relkind in ('r', 'p') and ${ours} and not ${hasTenant}`);
    expect(found.filter((name) => !shared.includes(name) && !/migrations?$/.test(name))).toEqual([]);
  });

  test("the tenant can never be missing, and is a UUID", async () => {
    const broken = await namesOf(`
      select ${named} as name from ${tables} join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
      where ${tenantTables} and (not a.attnotnull or a.atttypid <> 'uuid'::regtype)`);
    expect(broken).toEqual([]);
  });

  test("every table has a primary key, and the tenant leads every primary and unique key", async () => {
    const keyless = await namesOf(`
      select ${named} as name from ${tables} where ${tenantTables}
        and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)`);
    expect(keyless).toEqual([]);
    const broken = await namesOf(`
      select ${named} || ' ' || x.relname as name from ${tables}
      join pg_index i on i.indrelid = c.oid join pg_class x on x.oid = i.indexrelid
      where ${tenantTables} and (i.indisunique or i.indisexclusion) and ${firstColumn} is distinct from 'tenant_id'`);
    expect(broken).toEqual([]);
  });

  test("the tenant leads every other ordered index", async () => {
    // The door: someone's companies are found by the user, before any company is known.
    const allowed = ["identity.member member_user"];
    const broken = await namesOf(`
      select ${named} || ' ' || x.relname as name from ${tables}
      join pg_index i on i.indrelid = c.oid join pg_class x on x.oid = i.indexrelid
      join pg_am m on m.oid = x.relam
      where ${tenantTables} and m.amname = 'btree' and ${firstColumn} is distinct from 'tenant_id'`);
    expect(broken.filter((name) => !allowed.includes(name))).toEqual([]);
  });

  test("an exclusion compares the tenant too", async () => {
    const broken = await namesOf(`
      select ${named} || ' ' || k.conname as name from ${tables} join pg_constraint k on k.conrelid = c.oid
      where ${tenantTables} and k.contype = 'x' and not exists (
        select from unnest(k.conkey, k.conexclop) as e (attnum, operator)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = e.attnum
        join pg_operator o on o.oid = e.operator where a.attname = 'tenant_id' and o.oprname = '=')`);
    expect(broken).toEqual([]);
  });

  test("every foreign key leads from tenant to tenant, and erases nothing by itself", async () => {
    const key = `pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
      join pg_class t on t.oid = k.confrelid join pg_namespace tn on tn.oid = t.relnamespace`;
    const from = `(select a.attname from pg_attribute a where a.attrelid = k.conrelid and a.attnum = k.conkey[1])`;
    const to = `(select a.attname from pg_attribute a where a.attrelid = k.confrelid and a.attnum = k.confkey[1])`;
    const said = `${named} || ' ' || k.conname as name`;
    expect(
      await namesOf(`
        select ${said} from ${key} where k.contype = 'f' and ${tenantTables}
          and (${from} <> 'tenant_id' or ${to} <> 'tenant_id') and tn.nspname || '.' || t.relname <> 'platform.tenant_account'`),
    ).toEqual([]);
    expect(
      await namesOf(
        `select ${said} from ${key} where k.contype = 'f' and ${tenantTables}
          and (k.confdeltype not in ('a', 'r') or k.confupdtype not in ('a', 'r'))`,
      ),
    ).toEqual([]);
    expect(
      await namesOf(`
        select ${said} from ${key} where k.contype = 'f' and ${ours} and not ${hasTenant}
          and exists (select from pg_attribute a where a.attrelid = t.oid and a.attname = 'tenant_id' and not a.attisdropped)`),
    ).toEqual([]);
  });

  test("no default of a column depends on the clock or on chance", async () => {
    // The number of the transaction is what the blocks of the trail are cut at; nothing else can know it.
    const allowed = ["platform.operation_log xact"];
    const broken = await namesOf(`
      select ${named} || ' ' || a.attname as name from ${tables} join pg_attrdef d on d.adrelid = c.oid
      join pg_attribute a on a.attrelid = c.oid and a.attnum = d.adnum
      where ${tenantTables} and pg_get_expr(d.adbin, d.adrelid) ~* '((now|timestamp|random|nextval|uuid[a-z0-9_]*) *\\(|current_)'`);
    expect(broken.filter((name) => !allowed.includes(name))).toEqual([]);
  });
});

describe("what a sharded database could not keep", () => {
  test("no table takes its numbers from a sequence, inherits from another, or rewrites what is written to it", async () => {
    expect(
      await namesOf(`
        select ${named} || ' ' || a.attname as name from ${tables} join pg_attribute a on a.attrelid = c.oid
        where ${tenantTables} and a.attidentity <> ''`),
    ).toEqual([]);
    expect(
      await namesOf(`select ${named} as name from ${tables} join pg_inherits i on c.oid in (i.inhrelid, i.inhparent) where ${ours}`),
    ).toEqual([]);
    expect(
      await namesOf(
        `select ${named} as name from ${tables} join pg_rewrite w on w.ev_class = c.oid and w.rulename <> '_RETURN' where ${ours}`,
      ),
    ).toEqual([]);
  });

  test("the tables with a trigger are named here: what it holds is held by the code too", async () => {
    const found = await namesOf(`
      select distinct ${named} as name from ${tables} join pg_trigger g on g.tgrelid = c.oid
      where not g.tgisinternal and ${tenantTables} order by 1`);
    expect(found).toEqual([
      "finance.account",
      "finance.account_role",
      "finance.allocation",
      "finance.balance_backlog",
      "finance.journal",
      "finance.journal_entry",
      "finance.journal_line",
      "finance.period",
      "payroll.payslip",
      "payroll.payslip_line",
    ]);
  });

  const source = filesIn("src").map((file) => readFileSync(file, "utf8"));
  // From the verb to the end of its template; a fragment in between ends it, what it holds is looked at by itself.
  const writes = source.flatMap((text) => [...text.matchAll(/\b(?:insert into|update|delete from)\s+([a-z_]+\.[a-z_]+)\b[^`]*/g)]);

  test("no write draws on the clock, on chance or on a question of its own", () => {
    expect(writes.length).toBeGreaterThan(500);
    const volatile = /\b(now|clock_timestamp|statement_timestamp|gen_random_uuid|random|nextval)\s*\(|\bcurrent_(timestamp|date)\b/i;
    expect(writes.filter(([text]) => volatile.test(text)).map(([text]) => text.slice(0, 80))).toEqual([]);
    expect(writes.filter(([text]) => /\bvalues\s*\([^)]*\(\s*select\b/i.test(text)).map(([text]) => text.slice(0, 80))).toEqual([]);
  });

  test("no write goes through a view, and no setting outlives its transaction", async () => {
    const views = new Set(await namesOf(`select ${named} as name from ${tables} where c.relkind = 'v' and ${ours}`));
    expect(writes.map(([, target]) => target!).filter((target) => views.has(target))).toEqual([]);
    const settings = source.flatMap((text) => [...text.matchAll(/\bset_config\([^)]*\)|\bset session\b/gi)].map(([said]) => said));
    expect(settings.filter((said) => !/,\s*true\s*\)$/.test(said))).toEqual([]);
  });
});

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "testing" ? [] : filesIn(path);
    return path.endsWith(".ts") && !/\.(test|fixture|testing)\.ts$/.test(path) ? [path] : [];
  });
}

describe("the fence", () => {
  test("stands around every table of a company, for its owner too", async () => {
    expect(
      await namesOf(`select ${named} as name from ${tables} where ${tenantTables} and (not c.relrowsecurity or not c.relforcerowsecurity)`),
    ).toEqual([]);
  });

  test("lets rows of the company through and no others, to read and to write", async () => {
    const broken = await namesOf(`
      select ${named} as name from ${tables} where ${tenantTables} and (
        not exists (select from pg_policy p where p.polrelid = c.oid and p.polcmd = '*')
        or exists (select from pg_policy p where p.polrelid = c.oid and p.polpermissive
          and p.polroles && array[0::oid, 'heartwood_app'::regrole::oid]
          and (coalesce(pg_get_expr(p.polqual, p.polrelid), '') not like '%tenant_id = platform.tenant()%'
            or coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') not like '%tenant_id = platform.tenant()%')))`);
    expect(broken).toEqual([]);
  });

  test("is not seen through by a view", async () => {
    const broken = await namesOf(`
      select ${named} as name from ${tables} where c.relkind in ('v', 'm') and ${ours}
        and (c.relkind = 'm' or coalesce(c.reloptions::text, '') !~ 'security_invoker=(true|on)')`);
    expect(broken).toEqual([]);
  });
});

test("a function that acts with its owner's rights is named here and cannot be led astray", async () => {
  const found = await namesOf(`
    select n.nspname || '.' || p.proname || case when p.proconfig::text like '%search_path=%' then '' else ' without a path' end as name
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.prosecdef and ${ours} order by 1`);
  const doors = [
    "auth.admit",
    "auth.end_token",
    "auth.forget_user",
    "auth.keep_token",
    "auth.tokens_of",
    "finance.hold_balances",
    "finance.post_entries",
    "finance.write_balances",
    "identity.tenants_of",
    "office.destroy_document",
    "platform.count_grown_tables",
    "platform.discard_job",
    "platform.erase_files",
    "platform.erase_texts",
    "platform.erase_trail",
    "platform.erase_words",
    "platform.job_count",
    "platform.last_migration",
    "platform.open_jobs",
    "platform.retry_job",
    "platform.schedule_runs",
  ];
  expect(found).toEqual(doors);
});

const roles = ["heartwood_app", "heartwood_auth"];

describe.each(roles)("the role %s", (role) => {
  test("is nobody special", async () => {
    const { rows } = await owner.query(
      `select rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication from pg_roles where rolname = $1`,
      [role],
    );
    expect(rows).toEqual([{ rolsuper: false, rolcreatedb: false, rolcreaterole: false, rolbypassrls: false, rolreplication: false }]);
    expect(await namesOf(`select pg_get_userbyid(roleid) as name from pg_auth_members where pg_get_userbyid(member) = '${role}'`)).toEqual(
      [],
    );
  });

  test("owns nothing and can make nothing", async () => {
    expect(await namesOf(`select ${named} as name from ${tables} where pg_get_userbyid(c.relowner) = '${role}'`)).toEqual([]);
    expect(await namesOf(`select nspname as name from pg_namespace where pg_get_userbyid(nspowner) = '${role}'`)).toEqual([]);
    expect(
      await namesOf(
        `select nspname as name from pg_namespace n where nspname not like 'pg_temp%' and has_schema_privilege('${role}', n.oid, 'CREATE')`,
      ),
    ).toEqual([]);
  });

  test("can neither empty a table nor hang a trigger or a reference on one", async () => {
    const broken = await namesOf(`
      select ${named} as name from ${tables} where c.relkind in ('r', 'p') and ${ours}
        and (has_table_privilege('${role}', c.oid, 'TRUNCATE') or has_table_privilege('${role}', c.oid, 'TRIGGER')
          or has_table_privilege('${role}', c.oid, 'REFERENCES'))`);
    expect(broken).toEqual([]);
  });
});

describe("what is kept", () => {
  const folder = "db/migrations";
  const migrations = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");
  const kept = [...migrations.matchAll(/fence\('([a-z_.]+)', kept => true\)/g)].map((match) => match[1]!);

  test("is the trail, the books and what people attested", () => {
    expect(kept).toEqual(
      expect.arrayContaining(["platform.operation_log", "platform.audit_block", "governance.attestation", "governance.policy_version"]),
    );
    expect(kept.some((name) => name.startsWith("finance."))).toBe(true);
  });

  test("cannot be changed or deleted by the application", async () => {
    const list = kept.map((name) => `'${name}'`).join(", ");
    const broken = await namesOf(`
      select ${named} as name from ${tables} where ${named} in (${list})
        and (has_table_privilege('heartwood_app', c.oid, 'DELETE') or has_table_privilege('heartwood_app', c.oid, 'UPDATE'))`);
    expect(broken).toEqual([]);
    expect(await namesOf(`select ${named} as name from ${tables} where ${named} in (${list})`)).toHaveLength(kept.length);
  });

  test("what the application may only partly change is named here, with the columns", async () => {
    const found = await namesOf(`
      select ${named} || ' ' || string_agg(a.attname, ' ' order by a.attname) as name from ${tables}
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where ${tenantTables} and not has_table_privilege('heartwood_app', c.oid, 'UPDATE')
        and has_column_privilege('heartwood_app', c.oid, a.attnum, 'UPDATE') group by n.nspname, c.relname`);
    // What the bank told is kept; where it stands in its day is found anew when a page comes later.
    expect(found).toEqual(["finance.bank_statement day_place"]);
  });
});
