// A replicated cluster on this machine: PostgreSQL twice under Patroni, which agrees by etcd on who leads; all of it from Debian's
// packages. Before it stands a wire to whoever leads, as operators put HAProxy there.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { endsWithUs } from "./proof.ts";
import { startWire } from "./proxy.ts";
import { ended, freePort, newFolder, until } from "./server.ts";

const bin = "/usr/lib/postgresql/15/bin";
const needed = ["/usr/bin/patroni", "/usr/bin/etcd", join(bin, "initdb")];

/** The packages that are missing for it. */
export const missingForPatroni = (): readonly string[] => needed.filter((file) => !existsSync(file));

export interface Cluster {
  /** Of whoever leads. */
  readonly url: string;
  /**
   * Kills the leader, PostgreSQL and Patroni at once, and waits for the next one, and for the dead one to follow it. Says for how many
   * milliseconds nobody led.
   */
  failOver(): Promise<number>;
  stop(): Promise<void>;
}

interface Node {
  readonly name: string;
  readonly folder: string;
  readonly port: number;
  readonly rest: number;
  child: ChildProcess;
}

export async function startCluster(): Promise<Cluster> {
  const folder = newFolder("patroni");
  const someone = owner();
  if (someone) execFileSync("chown", [`${someone.uid}:${someone.gid}`, folder]);
  const run = (command: string, given: readonly string[]): ChildProcess =>
    endsWithUs(spawn(command, given, { ...someone, cwd: folder, stdio: "ignore", env: { PATH: process.env["PATH"] ?? "", HOME: folder } }));
  const [clients, peers] = [await freePort(), await freePort()];
  const etcd = run("/usr/bin/etcd", etcdWords(folder, clients, peers));
  await until("etcd answers", 20, async () => (await fetch(`http://127.0.0.1:${clients}/health`)).ok);
  const start = (name: string): ChildProcess => run("/usr/bin/patroni", [join(folder, `${name}.yml`)]);
  const nodes: Node[] = [];
  // Neither may be called "first", which means something in `synchronous_standby_names`.
  for (const name of ["north", "south"]) {
    const node = { name, folder: join(folder, name), port: await freePort(), rest: await freePort() };
    writeFileSync(join(folder, `${name}.yml`), JSON.stringify(settings(node, clients)));
    nodes.push({ ...node, child: start(name) });
    // The first makes the cluster, the second copies it.
    await until(`${name} runs`, 90, () => is(nodes.at(-1)!, name === "north" ? "primary" : "synchronous"));
  }
  let leader = nodes[0]!;
  const wire = await startWire(() => ({ port: leader.port, host: "127.0.0.1" }));
  await makeDatabase(wire.port);
  const failOver = async (): Promise<number> => {
    const dead = leader;
    const next = nodes.find((node) => node !== dead)!;
    await until(`${next.name} has all that ${dead.name} has`, 90, () => is(next, "synchronous"));
    dead.child.kill("SIGKILL");
    process.kill(Number(readFileSync(join(dead.folder, "postmaster.pid"), "utf8").split("\n")[0]), "SIGKILL");
    const milliseconds = await until(`${next.name} leads`, 90, () => is(next, "primary"));
    leader = next;
    wire.cut();
    dead.child = start(dead.name);
    await until(`${dead.name} follows`, 120, () => is(dead, "synchronous"));
    return Math.round(milliseconds);
  };
  return {
    url: `postgresql://postgres@127.0.0.1:${wire.port}/heartwood`,
    failOver,
    stop: async () => {
      await wire.close();
      await Promise.all(nodes.map((node) => ended(node.child)));
      await ended(etcd);
      await pause(500);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL does not run as root. */
function owner(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const number = (flag: string): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: number("-u"), gid: number("-g") };
}

/** As Patroni's own health check says it, the one load balancers ask. */
const is = async (node: Node, role: "primary" | "synchronous"): Promise<boolean> =>
  (await fetch(`http://127.0.0.1:${node.rest}/${role}`)).status === 200;

function etcdWords(folder: string, clients: number, peers: number): string[] {
  const [toClients, toPeers] = [`http://127.0.0.1:${clients}`, `http://127.0.0.1:${peers}`];
  const said = {
    name: "one",
    "data-dir": join(folder, "etcd"),
    "listen-client-urls": toClients,
    "advertise-client-urls": toClients,
    "listen-peer-urls": toPeers,
    "initial-advertise-peer-urls": toPeers,
    "initial-cluster": `one=${toPeers}`,
  };
  return Object.entries(said).flatMap(([word, value]) => [`--${word}`, value]);
}

/** Synchronous, so that what was acknowledged stands on both; as quick to notice a death as Patroni allows. */
const settings = ({ name, folder, port, rest }: Omit<Node, "child">, etcd: number) => ({
  scope: "heartwood",
  name,
  restapi: { listen: `127.0.0.1:${rest}`, connect_address: `127.0.0.1:${rest}` },
  etcd3: { host: `127.0.0.1:${etcd}` },
  bootstrap: {
    dcs: {
      ttl: 20,
      loop_wait: 2,
      retry_timeout: 5,
      synchronous_mode: true,
      postgresql: { use_pg_rewind: true, parameters: { max_connections: 200, wal_log_hints: "on" } },
    },
    initdb: [{ encoding: "UTF8" }, { locale: "C.UTF-8" }, "data-checksums"],
  },
  postgresql: {
    listen: `127.0.0.1:${port}`,
    connect_address: `127.0.0.1:${port}`,
    data_dir: folder,
    bin_dir: bin,
    pgpass: `${folder}.pgpass`,
    authentication: { superuser: { username: "postgres" }, replication: { username: "replicator" }, rewind: { username: "rewinder" } },
    parameters: { unix_socket_directories: "" },
    // For this proof on this machine alone: nobody is asked who they are.
    pg_hba: ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"],
  },
});

async function makeDatabase(port: number): Promise<void> {
  const client = new pg.Client({ host: "127.0.0.1", port, user: "postgres", database: "postgres" });
  await client.connect();
  await client.query("create database heartwood");
  await client.end();
}
