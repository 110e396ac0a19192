// Figures for a monitoring system that speaks Prometheus. They are gathered when somebody asks: in between the house only counts its
// answers. Only this machine may ask, or whoever has the token.
import { createHash, timingSafeEqual } from "node:crypto";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { collectDefaultMetrics, Gauge, Histogram, type Metric, Registry } from "prom-client";
import type { Pool } from "../database/pool.ts";
import { rowsOn, sql } from "../database/sql.ts";
import { noSuchAddress } from "../http/problem.ts";
import { boundsMilliseconds, type Tallies, type Tally } from "./answer.ts";

export interface MetricsParts {
  readonly pool: Pool;
  readonly tallies: Tallies;
  /** Without it only a program on this very machine is answered. */
  readonly token: string | undefined;
}

/** The funnel says here how many wishes left in one batch. */
const batchChannel = "heartwood.batch";

export function mountMetrics(app: FastifyInstance, parts: MetricsParts): void {
  let registry: Registry | undefined;
  const over = new AbortController();
  app.addHook("onClose", async () => over.abort());
  app.get("/metrics", async (request, reply) => {
    // Whoever may not ask learns nothing, not even that there is something.
    if (!mayAsk(request, parts.token)) throw noSuchAddress();
    registry ??= registryOf(parts, over.signal);
    const text = await registry.metrics();
    return reply.header("cache-control", "no-store").type(registry.contentType).send(text);
  });
}

function mayAsk(request: FastifyRequest, token: string | undefined): boolean {
  const { authorization, host = "" } = request.headers;
  if (token) return authorization !== undefined && isSame(authorization, `Bearer ${token}`);
  // A proxy on this machine stands for the whole world, and so does a page whose name was pointed at this machine.
  const isPassedOn = ["forwarded", "via", "x-forwarded-for", "x-real-ip"].some((name) => request.headers[name] !== undefined);
  const isHere = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(request.raw.socket.remoteAddress ?? "");
  return isHere && !isPassedOn && /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host);
}

const isSame = (said: string, wanted: string): boolean => timingSafeEqual(digest(said), digest(wanted));
const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

function registryOf({ pool, tallies }: MetricsParts, over: AbortSignal): Registry {
  const registry = new Registry();
  const registers = [registry];
  // Memory, processor, event loop lag and garbage collection of this process.
  collectDefaultMetrics({ register: registry });
  registry.registerMetric(requestTimes(tallies));
  new Gauge({
    name: "heartwood_pool_connections",
    help: "Connections to PostgreSQL of this server, and how many callers wait for one.",
    labelNames: ["state"],
    registers,
    collect() {
      this.set({ state: "open" }, pool.totalCount);
      this.set({ state: "idle" }, pool.idleCount);
      this.set({ state: "waited_for" }, pool.waitingCount);
    },
  });
  new Gauge({
    name: "heartwood_database_bytes",
    help: "Size of the database on its disk.",
    registers,
    async collect() {
      this.set(Number((await rowsOn(pool).row<{ size: bigint }>(sql`select pg_database_size(current_database()) as size`)).size));
    },
  });
  countJobs(registers, pool);
  hearBatches(registers, over);
  return registry;
}

function countJobs(registers: Registry[], pool: Pool): void {
  new Gauge({
    name: "heartwood_jobs",
    help: "Jobs in the queue by what becomes of them.",
    labelNames: ["state"],
    registers,
    async collect() {
      const counts = await rowsOn(pool).rows<{ state: string; count: number }>(sql`select state, count from platform.job_count()`);
      this.reset();
      for (const { state, count } of counts) this.set({ state }, count);
    },
  });
}

function hearBatches(registers: Registry[], over: AbortSignal): void {
  const sizes = new Histogram({
    name: "heartwood_batch_size",
    help: "How many wishes left in one transaction.",
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 250],
    registers,
  });
  const hear = (size: unknown): void => sizes.observe(size as number);
  subscribe(batchChannel, hear);
  over.addEventListener("abort", () => unsubscribe(batchChannel, hear));
}

/** The answers so far as one histogram; each place of it is added up only now. */
function requestTimes(tallies: Tallies): Metric {
  const name = "heartwood_request_seconds";
  const valuesOf = ({ name: operation, status, within, milliseconds, count }: Tally) => {
    const labels = { operation, status: String(status) };
    let sum = 0;
    const buckets = within.map((more, place) => {
      sum += more;
      const bound = boundsMilliseconds[place];
      return { metricName: `${name}_bucket`, labels: { ...labels, le: bound === undefined ? "+Inf" : String(bound / 1000) }, value: sum };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: milliseconds / 1000 },
      { metricName: `${name}_count`, labels, value: count },
    ];
  };
  const all = () => [...tallies.values()].flatMap((byStatus) => [...byStatus.values()].flatMap(valuesOf));
  const help = "Time to answer by operation and status.";
  return { name, get: async () => ({ name, help, type: "histogram", values: all() }) } as unknown as Metric;
}
