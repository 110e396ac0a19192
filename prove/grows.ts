// It grows: the same migrations and the core of the tests on PostgreSQL 15, and the same house on a replicated and on a sharded
// cluster: `--citus URL` of a coordinator with its workers; Patroni is started here where it is installed.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { randomFrom } from "../test/simulator/random.ts";
import { count } from "./count.ts";
import { missingForPatroni, startCluster } from "./patroni.ts";
import { type Proof, sizeOf, verdict, type Verdict, type Wish } from "./proof.ts";
import { type ProvedServer, startServer } from "./server.ts";
import { suite } from "./suite.ts";
import { newTally, prepareGround, write } from "./writers.ts";

const on15 = "The same migrations and the core of the tests hold on PostgreSQL 15.";
const onCitus = "The same migrations run on a sharded cluster, every company is a shard, and every write is kept once.";
const onPatroni = "When the leader fails, writes go on at the next one, and none is lost or doubled.";

export const grows: Proof = {
  name: "grows",
  says: "It grows from the embedded database to a server, a replicated and a sharded cluster without another line.",
  prove: async (wish) => {
    const { citus } = wish.given;
    const missing = missingForPatroni();
    return [
      ...(await olderServer(wish)),
      citus
        ? await sharded(citus, wish)
        : notTried(
            onCitus,
            `citus is ${hasCitus() ? "" : "not "}installed here; give --citus postgres://… of a coordinator's empty database`,
          ),
      missing.length === 0 ? await replicated(wish) : notTried(onPatroni, `there is no ${missing.join(", ")} here`),
    ];
  },
};

const notTried = (promise: string, why: string): Verdict => verdict(promise, { notTried: why }, []);

const programsOf15 = "/usr/lib/postgresql/15/bin";

const smallCore = ["src/platform/database/migrate.test.ts", "src/platform/audit", "src/platform/rooms", "test/conformance/schema.test.ts"];
const core = [
  ...smallCore,
  "src/platform/http",
  "src/modules",
  "src/processes",
  "test/prove/race-books.test.ts",
  "test/prove/jobs.test.ts",
];

function olderServer(wish: Wish): Promise<readonly Verdict[]> {
  if (!existsSync(join(programsOf15, "initdb"))) return Promise.resolve([notTried(on15, `there is no ${programsOf15} here`)]);
  const files = wish.scale === "full" ? core : smallCore;
  return suite("grows", on15, files, () => ({ HEARTWOOD_POSTGRES: programsOf15 })).prove(wish);
}

function hasCitus(): boolean {
  const majors = existsSync("/usr/share/postgresql") ? readdirSync("/usr/share/postgresql") : [];
  return majors.some((major) => existsSync(join("/usr/share/postgresql", major, "extension/citus.control")));
}

/** Writers at work on a house whose database is elsewhere, while something happens to it; then everything is counted. */
async function underWriters(
  url: string,
  wish: Wish,
  promise: string,
  does: (server: ProvedServer) => Promise<Verdict["figures"]>,
): Promise<Verdict> {
  const server = await startServer({ environment: { DATABASE_URL: url } });
  try {
    const ground = await prepareGround(server);
    const tally = newTally();
    let goesOn = true;
    const { origin, token } = server;
    const writing = Array.from({ length: 8 }, (_, index) =>
      write({ origin: () => origin, token, ground, random: randomFrom(wish.seed + index), tally, goesOn: () => goesOn }),
    );
    await pause(2_000);
    const done = await does(server).finally(() => (goesOn = false));
    await Promise.all(writing);
    const { lost, doubled, unbalanced, breaks } = await count(server, tally);
    const longest = Math.round(tally.longest);
    const figures = {
      ...done,
      acknowledged: tally.acknowledged.size,
      again: tally.again,
      longestWaitMilliseconds: longest,
      lost,
      doubled,
      unbalanced,
    };
    return verdict(promise, { ...figures, seed: wish.seed }, [...breaks, ...server.faults()]);
  } finally {
    await server.stop();
  }
}

async function replicated(wish: Wish): Promise<Verdict> {
  const cluster = await startCluster();
  try {
    return await underWriters(cluster.url, wish, onPatroni, async () => {
      const rounds = sizeOf(wish, "rounds", 5, 1);
      let longest = 0;
      for (let round = 1; round <= rounds; round++) {
        const milliseconds = await cluster.failOver();
        longest = Math.max(longest, milliseconds);
        wish.say(`fail-over ${round} of ${rounds}: the next one led after ${milliseconds} ms`);
        await pause(3_000);
      }
      return { failOvers: rounds, longestWithoutLeaderMilliseconds: longest };
    });
  } finally {
    await cluster.stop();
  }
}

/** Tables are distributed while the house writes; a table that another refers to goes before it. */
const sharded = (url: string, wish: Wish): Promise<Verdict> =>
  underWriters(url, wish, onCitus, async ({ ask }) => {
    await ask("create extension if not exists citus");
    await ask("select create_reference_table('platform.tenant_account')");
    const names = await tablesInOrder(ask);
    for (const name of names) await ask("select create_distributed_table($1::regclass, 'tenant_id')", [name]);
    const [spread] = await ask<{ workers: number }>("select count(distinct nodename || nodeport)::int as workers from citus_shards");
    await pause(5_000);
    return { tables: names.length, workers: spread!.workers };
  });

async function tablesInOrder(ask: ProvedServer["ask"]): Promise<string[]> {
  const tables = await ask<{ name: string; needs: string[] }>(`
    select c.oid::regclass::text as name, array(select distinct k.confrelid::regclass::text from pg_constraint k
      where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as needs
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema')
      and c.oid <> 'platform.tenant_account'::regclass
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
    order by 1`);
  const needs = new Map(tables.map((table) => [table.name, table.needs]));
  const ordered = new Set<string>();
  const add = (name: string): void => {
    const wanted = needs.get(name);
    if (!wanted || ordered.has(name)) return;
    needs.delete(name);
    for (const one of wanted) add(one);
    ordered.add(name);
  };
  for (const { name } of tables) add(name);
  return [...ordered];
}
