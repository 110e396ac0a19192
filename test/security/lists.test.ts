// What someone sees is one answer: list, count, totals, record, export, search and the agents' door agree; the database keeps
// companies apart even when a query forgets to; and whoever reads something confidential is written down.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Id, newId } from "../../src/kernel/id.ts";
import { Refusal } from "../../src/kernel/refusal.ts";
import { NotPermitted } from "../../src/platform/funnel/denial.ts";
import { mayAtAll } from "../../src/platform/funnel/permission.ts";
import { toolName } from "../../src/platform/mcp/tool.ts";
import type { Actor } from "../../src/platform/operation/context.ts";
import type { Register } from "../../src/platform/operation/register.ts";
import { kindOf } from "../../src/platform/operation/shape.ts";
import { registry } from "../../src/registry.ts";
import { mark, markTexts, openTwoCompanies, operations, registers, role, today, type TwoCompanies } from "./house.ts";

interface Page {
  readonly rows: readonly (Record<string, unknown> & { id: Id })[];
  readonly count: number;
  readonly totals: readonly { column: string; amount: string; currency: string }[];
}

let house: TwoCompanies;
let owner: Actor;
const people = new Map<string, Actor>();
const whole = new Map<string, Page>();

beforeAll(async () => {
  house = await openTwoCompanies();
  owner = await house.actor(house.a, role("owner"));
  const place = async (register: string) => (await listOf(register, owner))!.rows[0]!.id;
  const [unit, entity, site] = [await place("directory.unit"), await place("directory.legalEntity"), await place("directory.site")];
  people.set("nobody", await house.actor(house.a));
  const roles = [...registry.roles.keys()].filter((name) => name !== "owner");
  for (const name of roles) people.set(name, await house.actor(house.a, role(name)));
  for (const [kind, id] of [
    ["unit", unit],
    ["entity", entity],
    ["site", site],
  ] as const)
    people.set(`every role at one ${kind}`, await house.actor(house.a, ...roles.map((name) => role(name, { kind, id }))));
  await markTexts(house, house.a);
  for (const { name } of registers) whole.set(name, (await listOf(name, owner))!);
}, 300_000);
afterAll(() => house?.close());

async function listOf(name: string, actor: Actor, more: Record<string, unknown> = {}): Promise<Page | undefined> {
  const asked = { limit: 1000, count: true, ...more };
  try {
    return (await house.funnel.run(`${name}.list`, asked, { tenantId: house.a, actor })) as unknown as Page;
  } catch (error) {
    if (error instanceof NotPermitted) return undefined;
    throw error;
  }
}

const isFound = (register: Register, id: Id, actor: Actor): Promise<boolean> =>
  house.funnel.run(register.get.name, { id }, { tenantId: house.a, actor }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof NotPermitted || (error instanceof Refusal && error.code === "notFound")) return false;
      throw error;
    },
  );

/** Money added up by column and currency, as the list itself should have. */
function sums(register: Register, page: Page): Record<string, number> {
  const all: Record<string, number> = {};
  const columns = Object.entries(register.row.shape).filter(([, schema]) => kindOf(schema as never) === "money");
  for (const row of page.rows) {
    for (const [name] of columns) {
      const value = row[name] as { amount: string; currency: string } | null;
      if (value) all[`${name} ${value.currency}`] = (all[`${name} ${value.currency}`] ?? 0) + Math.round(Number(value.amount) * 1000);
    }
  }
  return all;
}

describe("a list", () => {
  test("counts and adds up what it shows, and finds one by one what it shows and nothing else", async () => {
    const broken: string[] = [];
    let asked = 0;
    for (const [who, actor] of people) {
      for (const register of registers) {
        const page = await listOf(register.name, actor);
        const all = whole.get(register.name)!;
        const seen = new Set((page?.rows ?? []).map(({ id }) => id));
        if (page && page.rows.length < 1000) {
          asked += 1;
          if (page.count !== page.rows.length) broken.push(`${register.name} as ${who}: counts ${page.count}, shows ${page.rows.length}`);
          const added = sums(register, page);
          for (const { column, amount, currency } of page.totals)
            if (Math.round(Number(amount) * 1000) !== (added[`${column} ${currency}`] ?? 0))
              broken.push(`${register.name} as ${who}: ${column}`);
        }
        for (const id of [...seen].slice(0, 2)) {
          if (!(await isFound(register, id, actor))) broken.push(`${register.name} as ${who}: shown, not found`);
        }
        for (const { id } of all.rows.filter((row) => !seen.has(row.id)).slice(0, 2)) {
          if (page && page.rows.length >= 1000) continue;
          if (await isFound(register, id, actor)) broken.push(`${register.name} as ${who}: found, not shown`);
        }
      }
    }
    console.log(`${asked} lists of ${people.size} people agree with themselves`);
    expect(broken).toEqual([]);
  }, 300_000);

  test("asked by a grant at one place shows no more than the same role everywhere, and only rows of that place", async () => {
    const broken: string[] = [];
    for (const [who, actor] of people) {
      const scope = actor.grants[0]?.scope;
      if (!scope) continue;
      for (const register of registers) {
        const page = await listOf(register.name, actor);
        const without = await listOf(register.name, people.get("nobody")!);
        const plain = new Set((without?.rows ?? []).map(({ id }) => id));
        const more = (page?.rows ?? []).filter(({ id }) => !plain.has(id));
        const column = `${scope.kind}Id`;
        if (more.some((row) => !Object.values(row).includes(scope.id))) broken.push(`${register.name} as ${who}: ${column}`);
      }
    }
    expect(broken).toEqual([]);
  }, 300_000);

  test("gives no secret column away by value, filter, order, search or total", async () => {
    const broken: string[] = [];
    for (const [register, column, may] of [
      [
        "assets.asset",
        "cost",
        ["assets.manager", "office.manager", "it.manager", "facilities.manager", "finance.accountant", "finance.manager"],
      ],
      ["directory.organisation", "bankAccount", ["directory.manager"]],
    ] as const) {
      for (const [who, actor] of people) {
        if (actor.grants.some((grant) => grant.scope === null && (may as readonly string[]).includes(grant.role))) continue;
        const page = await listOf(register, actor);
        if (!page) continue;
        if (page.rows.some((row) => row[column] !== null) || page.totals.some((total) => total.column === column))
          broken.push(`${register} as ${who}`);
        for (const more of [{ filter: { [column]: "!" } }, { sort: column }, { sort: `-${column}` }]) {
          const code = await listOf(register, actor, more).then(
            () => "shown",
            (error: Error) => (error as Refusal).code,
          );
          if (code !== "unknownColumn") broken.push(`${register} as ${who}: ${JSON.stringify(more)}`);
        }
      }
    }
    expect(broken).toEqual([]);
  }, 120_000);

  test("is exported with the same rows, and search finds nothing that no list shows", async () => {
    const broken: string[] = [];
    for (const who of ["nobody", "people.manager", "it.manager", "finance.accountant", "platform.auditor"]) {
      const actor = people.get(who)!;
      for (const register of registers) {
        const page = await listOf(register.name, actor);
        const answer = await house.ask(house.a, actor, register.list, { format: "csv" });
        if (page === undefined ? answer.status !== 403 : answer.status !== 200) broken.push(`${register.name} as ${who}: ${answer.status}`);
        const ids = new Set(answer.text.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g));
        const all = whole.get(register.name)!.rows.map(({ id }) => id);
        const seen = new Set(page?.rows.map(({ id }) => id));
        if (page && page.rows.length < 1000 && all.some((id) => ids.has(id) !== seen.has(id) && !isNamedIn(page, id)))
          broken.push(`${register.name} as ${who}: export differs`);
      }
      for (const text of ["⟦", "a", "2026"]) {
        const { hits } = (await house.funnel.run("platform.search.find", { text }, { tenantId: house.a, actor })) as {
          hits: { subject: string; id: Id }[];
        };
        for (const { subject, id } of hits) {
          if (!(await isFound(registry.registers.get(subject)!, id, actor))) broken.push(`search as ${who}: ${subject}`);
        }
      }
    }
    expect(broken).toEqual([]);
  }, 300_000);

  /** Whether another column of the page names the record, as a parent is named. */
  const isNamedIn = (page: Page, id: Id): boolean => page.rows.some((row) => Object.values(row).includes(id));
});

describe("the agents' door", () => {
  test("has the tools of its person and no others, and gives nothing of another company", async () => {
    for (const who of ["nobody", "it.manager", "finance.accountant"]) {
      const actor = people.get(who)!;
      const { result } = await mcp(house.a, actor, "tools/list", {});
      const wanted = operations.filter((operation) => mayAtAll(actor, operation)).map(({ name }) => toolName(name));
      expect((result["tools"] as { name: string }[]).map(({ name }) => name).toSorted()).toEqual(wanted.toSorted());
      const denied = await mcp(house.a, actor, "tools/call", { name: "payroll_run_list", arguments: {} });
      expect(JSON.stringify(denied.result)).toContain("There is no tool");
    }
    const stranger = await house.actor(house.b, role("owner"));
    for (const name of ["directory_person_list", "payroll_payslip_list", "platform_search_find"]) {
      const given = name.endsWith("find") ? { text: "⟦" } : {};
      const { result } = await mcp(house.b, stranger, "tools/call", { name, arguments: given });
      expect(JSON.stringify(result)).not.toContain("⟦");
    }
    const foreign = await mcp(house.b, stranger, "tools/call", {
      name: "directory_person_get",
      arguments: { id: whole.get("directory.person")!.rows[0]!.id },
    });
    expect(JSON.stringify(foreign.result)).toMatch(/no such record.*notFound/s);
  });

  test("what agents and files show of confidential records is written down like the rest, and an auditor looks through it", async () => {
    const actor = await house.actor(house.a, role("payroll.manager"));
    const slip = (await listOf("payroll.payslip", actor, { filter: { fileId: "!" }, limit: 1 }))!.rows[0]!;
    await house.funnel.file(slip["fileId"] as Id, { tenantId: house.a, actor });
    await mcp(house.a, actor, "tools/call", { name: "payroll_payslip_get", arguments: { id: slip.id } });
    const auditor = await house.actor(house.a, role("platform.auditor"));
    const { rows } = (await listOf("platform.confidentialRead", auditor, { filter: { personId: actor.personId! } }))!;
    const read = rows.map((row) => String(row["operation"])).toSorted();
    expect(read).toEqual(["payroll.payslip.get", "payroll.payslip.get", "payroll.payslip.list"]);
    expect(rows.every((row) => String(row["recordIds"]).includes(slip.id))).toBe(true);
    expect(await listOf("platform.confidentialRead", actor)).toBeUndefined();
  });

  async function mcp(tenantId: Id, actor: Actor, method: string, params: unknown): Promise<{ result: Record<string, unknown> }> {
    // Whoever asks once is known at the door.
    await house.ask(tenantId, actor, registry.operations.get("platform.today.get")!, {});
    const answer = await house.app.inject({
      method: "POST",
      url: "/mcp",
      headers: {
        authorization: `${actor.userId} ${tenantId}`,
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2025-06-18",
      },
      payload: { jsonrpc: "2.0", id: 1, method, params },
    });
    const text = answer.payload.startsWith("{") ? answer.payload : answer.payload.replace(/^[^]*?data: /, "").split("\n")[0]!;
    return JSON.parse(text) as { result: Record<string, unknown> };
  }
});

describe("the fence in the database", () => {
  const shared: Readonly<Record<string, string>> = {
    "platform.tenant_account": "which companies there are: asked before any company is known, and holding only name and zone",
  };

  const tables = async (): Promise<string[]> => {
    const { rows } = await house.owner.query<{ name: string }>(`
      select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
      where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('auth', 'graphile_worker') order by 1`);
    return rows.map(({ name }) => name).filter((name) => !shared[name]);
  };

  /** One statement as the application, for a company or for none. */
  async function asApp(
    tenantId: Id | undefined,
    text: string,
    values: unknown[] = [],
  ): Promise<{ code?: string; rows: Record<string, unknown>[] }> {
    const client = await house.pool.connect();
    try {
      await client.query("begin");
      if (tenantId) await client.query(`set local heartwood.tenant = '${tenantId}'`);
      return await client.query(text, values).then(
        ({ rows }) => ({ rows: rows as Record<string, unknown>[] }),
        (error: { code: string }) => ({ code: error.code, rows: [] }),
      );
    } finally {
      await client.query("rollback");
      client.release();
    }
  }

  test("a query that forgets the company sees its own rows only, and without a company none", async () => {
    const names = await tables();
    const broken: string[] = [];
    let filled = 0;
    for (const name of names) {
      const [own, other, none] = [
        await asApp(house.a, `select count(*)::int as n, count(*) filter (where tenant_id <> '${house.a}')::int as strange from ${name}`),
        await asApp(house.b, `select count(*)::int as n from ${name} where tenant_id = '${house.a}'`),
        await asApp(undefined, `select count(*)::int as n from ${name}`),
      ];
      // What the application may not even read is no less safe.
      if (own.code === "42501") continue;
      if (Number(own.rows[0]!["n"]) > 0) filled += 1;
      if (own.rows[0]!["strange"] !== 0 || other.rows[0]!["n"] !== 0 || none.rows[0]?.["n"] !== 0) broken.push(name);
    }
    console.log(`${filled} of ${names.length} tables hold rows of a company`);
    expect(broken).toEqual([]);
    expect(filled).toBeGreaterThan(100);
  }, 120_000);

  test("a row for another company can neither be written nor handed over", async () => {
    const broken: string[] = [];
    for (const name of await tables()) {
      const { rows } = await house.owner.query<{ column: string }>(
        `select quote_ident(attname) as column from pg_attribute where attrelid = '${name}'::regclass and attnum > 0
           and not attisdropped and attgenerated = '' and attidentity = ''`,
      );
      const columns = rows.map(({ column }) => column).join(", ");
      const [row] = (await asApp(house.a, `select to_jsonb(t) as row from ${name} t limit 1`)).rows;
      if (!row) continue;
      const insert = `insert into ${name} (${columns}) select ${columns} from jsonb_populate_record(null::${name}, $1)`;
      const written = await asApp(house.b, insert, [JSON.stringify(row["row"])]);
      const handed = await asApp(house.a, `update ${name} set tenant_id = '${house.b}'`);
      if (written.code !== "42501") broken.push(`${name}: insert ${written.code ?? "done"}`);
      // What is frozen by a trigger says so before the fence is asked.
      if (handed.code !== "42501" && handed.code !== "P0001") broken.push(`${name}: update ${handed.code ?? "done"}`);
    }
    expect(broken).toEqual([]);
  }, 120_000);
});

describe("who reads something confidential", () => {
  const amounts = /^(pay|gross|net|deductions|bankAccount|iban|salary)$/;
  /** Lists that name a person beside an amount, and are read by those who work with them all day. */
  const spared: Readonly<Record<string, string>> = {
    "payroll.run": "sums of a whole month, of nobody in particular",
  };

  test("is written down wherever a person stands beside their pay or account", () => {
    const open = registers.filter(
      ({ row, get }) => "personId" in row.shape && Object.keys(row.shape).some((name) => amounts.test(name)) && !get.logged,
    );
    expect(open.map(({ name }) => name).filter((name) => !spared[name] && /^(people|payroll)\./.test(name))).toEqual([]);
    expect(registers.filter(({ list, get }) => get.logged && !list.logged).map(({ name }) => name)).toEqual([]);
  });

  test("is named with the records they were shown, by list, record and export", async () => {
    const actor = await house.actor(house.a, role("payroll.manager"));
    const logged = async () =>
      (
        await house.owner.query<{ operation: string; object_ids: string }>(
          `select operation, object_ids::text from platform.read_log
           where tenant_id = '${house.a}' and user_id = '${actor.userId}' order by id`,
        )
      ).rows;
    const { rows } = (await listOf("payroll.payslip", actor))!;
    const id = rows[0]!.id;
    await house.funnel.run("payroll.payslip.get", { id }, { tenantId: house.a, actor });
    await house.ask(house.a, actor, registry.operations.get("payroll.payslip.list")!, { format: "csv" });
    const found = await logged();
    expect(found.map(({ operation }) => operation)).toEqual(["payroll.payslip.list", "payroll.payslip.get", "payroll.payslip.list"]);
    expect(found.every((one) => JSON.stringify(one.object_ids).includes(id))).toBe(true);
    expect(mark("x")).not.toBe(newId());
  });
});

describe("the pay of one cost centre", () => {
  test("stands in no statement of who keeps the books, and in those of the chief of finance", async () => {
    const { rows: paid } = await house.owner.query<{ unit_id: string; account_id: string; amount: string }>(
      `select l.unit_id, l.account_id, sum(l.amount)::text as amount
       from finance.journal_entry e
       join finance.book b on b.tenant_id = e.tenant_id and b.id = e.book_id and b.is_main
       join finance.journal_line l on l.tenant_id = e.tenant_id and l.entry_id = e.id and l.unit_id is not null
       join finance.account a on a.tenant_id = e.tenant_id and a.id = l.account_id and a.type = 'expense'
       where e.tenant_id = '${house.a}' and e.document_subject = 'payroll.run' and e.day between '2026-01-01' and '${today}'
       group by 1, 2`,
    );
    expect(paid.length).toBeGreaterThan(3);
    const spent = async (name: string, unitId: string): Promise<Map<string, bigint>> => {
      const asked = { unitId, from: "2026-01-01", to: today };
      const answer = await house.funnel.run("finance.profitAndLoss.get", asked, { tenantId: house.a, actor: people.get(name)! });
      const { rows } = answer as unknown as { rows: { accountId: string; amount: { amount: string } }[] };
      return new Map(rows.map((row) => [row.accountId, BigInt(row.amount.amount.replace(".", ""))]));
    };
    for (const { unit_id, account_id, amount } of paid) {
      const [theirs, whole] = [await spent("finance.accountant", unit_id), await spent("finance.manager", unit_id)];
      expect(whole.get(account_id)! - (theirs.get(account_id) ?? 0n)).toBe(BigInt(amount));
    }
  }, 120_000);
});
