// An upgrade changes no figure: the demo company of an earlier release is brought to this one, and what stood in its books before stands in
// them after. A database that a newer release has made is refused in words.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Proof, verdict, type Verdict, type Wish } from "./proof.ts";
import { earlierReleases, type Release, unpack } from "./release.ts";
import { newFolder, type ProvedServer, startServer } from "./server.ts";

const says = "An upgrade keeps every record, every balance and every law; a database of a newer release is refused in words.";

export const upgrade: Proof = {
  name: "upgrade",
  says,
  prove: async (wish) => {
    // Building an earlier release takes a minute; the short form tries the refusal only.
    if (wish.scale === "quick") return [await refuseNewer()];
    const { from } = wish.given;
    const known = earlierReleases();
    const releases = from ? [known.find(({ version }) => version === from.replace(/^v/, "")) ?? { commit: from, version: from }] : known;
    const verdicts: Verdict[] = [];
    for (const release of releases) {
      const failed = (error: Error): Verdict => verdict(says, { from: release.version }, [error.stack ?? error.message]);
      verdicts.push(await upgradeFrom(release, wish).catch(failed));
    }
    if (releases.length === 0) verdicts.push(verdict(says, { notTried: "there is no history here to take an earlier release from" }, []));
    return [...verdicts, await refuseNewer()];
  },
};

async function upgradeFrom(release: Release, wish: Wish): Promise<Verdict> {
  const folder = newFolder("upgrade");
  try {
    const { program, home } = await unpack(release, join(folder, "release"));
    const demo = { HEARTWOOD_COMPANY: "", HEARTWOOD_OWNER: "" };
    const living = join(folder, "house");
    wish.say(`${release.version} (${release.commit.slice(0, 7)}) makes its demo company`);
    const old = await startServer({ folder: living, program, environment: { ...demo, HEARTWOOD_ROOT: home } });
    const before = await snapshot(old);
    await old.stop();
    wish.say("this release takes over");
    const began = performance.now();
    const now = await startServer({ folder: living, environment: demo });
    const milliseconds = Math.round(performance.now() - began);
    const after = await snapshot(now);
    const laws = await demoLaws(now);
    await now.stop();
    const again = await startServer({ folder: living, environment: demo });
    const later = await snapshot(again);
    await again.stop();
    const breaks = [...differences(before, after), ...differences(after, later), ...laws];
    return verdict(
      says,
      {
        from: `${release.version} (${release.commit.slice(0, 7)})`,
        tables: Object.keys(before.counts).length,
        records: Object.values(before.counts).reduce((sum, count) => sum + count, 0),
        balances: Object.keys(before.balances).length,
        newMigrations: after.migrations - before.migrations,
        firstStartMilliseconds: milliseconds,
      },
      breaks,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Snapshot {
  readonly migrations: number;
  readonly counts: Readonly<Record<string, number>>;
  /** Of each account in each period, from the balances and again from the lines. */
  readonly balances: Readonly<Record<string, string>>;
}

// What the house writes by itself while it runs: its trail, its messages, sessions and jobs.
const restless = /^(platform\.(operation_log|read_log|audit_block|event|idempotency|mail|notification)|auth\.|graphile_worker\.)/;

async function snapshot(server: ProvedServer): Promise<Snapshot> {
  const tables = await server.ask<{ name: string }>(`
    select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema', 'public') order by 1`);
  const names = tables.map((row) => row.name).filter((name) => !restless.test(name));
  const counted = await server.ask<{ name: string; n: number }>(
    names.map((name) => `select '${name}' as name, count(*)::int as n from ${name}`).join(" union all "),
  );
  const balances = await server.ask<{ place: string; amount: string }>(`
    select b.account_id || ' ' || b.period_id as place, sum(b.debit) || ' ' || sum(b.credit) as amount
    from finance.balance b group by b.account_id, b.period_id
    union all
    select 'lines ' || l.account_id || ' ' || e.period_id, sum(greatest(l.amount, 0)) || ' ' || sum(greatest(-l.amount, 0))
    from finance.journal_line l join finance.journal_entry e on e.tenant_id = l.tenant_id and e.id = l.entry_id
    group by l.account_id, e.period_id`);
  const [migrations] = await server.ask<{ n: number }>("select count(*)::int as n from public.migration");
  return {
    migrations: migrations!.n,
    counts: Object.fromEntries(counted.map(({ name, n }) => [name, n])),
    balances: Object.fromEntries(balances.map(({ place, amount }) => [place, amount])),
  };
}

/** Records may be added by a release, e.g. an account that a new kind of posting needs; none may vanish, and no balance may change. */
function differences(before: Snapshot, after: Snapshot): string[] {
  const breaks: string[] = [];
  for (const [name, count] of Object.entries(before.counts)) {
    const now = after.counts[name];
    const mayGrow =
      !/^finance\.(journal_entry|journal_line|balance|open_item|invoice|invoice_line|bill|bill_line|payment|number_head)$/.test(name);
    if (now === undefined) breaks.push(`the table ${name} with ${count} records is gone`);
    else if (now < count || (now > count && !mayGrow)) breaks.push(`${name} had ${count} records and has ${now}`);
  }
  for (const [place, amount] of Object.entries(before.balances)) {
    if (after.balances[place] !== amount) breaks.push(`balance ${place} was ${amount} and is ${after.balances[place]}`);
  }
  return breaks;
}

/** The laws of the demo company, asked by its owner. */
async function demoLaws(server: ProvedServer): Promise<string[]> {
  const headers = { "content-type": "application/json", origin: server.origin };
  const body = JSON.stringify({ email: "helene.lindholm@lindholm.example" });
  const session = await fetch(`${server.origin}/api/demo/sign-in`, { method: "POST", headers, body });
  const cookie = session.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  const answer = await fetch(`${server.origin}/api/v1/platform/laws/check`, { headers: { cookie } });
  const { laws = [] } = (await answer.json()) as { laws?: { name: string; breaks: string[] }[] };
  if (laws.length === 0) return [`the laws could not be asked: ${answer.status}`];
  return laws.filter((law) => law.breaks.length > 0).map((law) => `law ${law.name}: ${law.breaks[0]}`);
}

async function refuseNewer(): Promise<Verdict> {
  const server = await startServer();
  try {
    await server.ask("insert into public.migration (name, run_on) values ('9999-from-the-future', now())");
    const said = await server.twin().then(
      async ({ child }) => {
        child.kill("SIGKILL");
        return "it started";
      },
      (error: Error) => error.message,
    );
    const well = /newer Heartwood.*9999-from-the-future/s.test(said);
    return verdict("A database of a newer release is refused in words.", {}, well ? [] : [`it said: ${said}`]);
  } finally {
    await server.stop();
  }
}
