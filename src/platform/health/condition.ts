// Whether this server lives and whether it should be given work: /health for whoever restarts it, /ready for whoever distributes requests.
import type { FastifyInstance } from "fastify";
import type { Pool } from "../database/pool.ts";
import { HttpProblem } from "../http/problem.ts";

export interface ConditionParts {
  readonly pool: Pool;
  readonly health?: () => Promise<Readonly<Record<string, unknown>>>;
  readonly isDiskFull?: () => boolean;
  readonly isLeaving?: () => boolean;
}

const stopping = new HttpProblem(503, "stopping", "This server is stopping. Send requests to another one.");

export function mountCondition(app: FastifyInstance, parts: ConditionParts): void {
  app.get("/health", async (_request, reply) => {
    if (parts.isLeaving?.()) throw stopping;
    await parts.pool.query("select 1");
    return reply.header("cache-control", "no-store").send({ status: "ok", ...(await parts.health?.()) });
  });
  app.get("/ready", async (_request, reply) => {
    if (parts.isLeaving?.()) throw stopping;
    if (parts.isDiskFull?.()) throw new HttpProblem(503, "storageFull", "The disk of the server is full, so nothing can be written.");
    const [ready] = (await parts.pool.query<{ ready: boolean }>(anyCompany)).rows;
    if (!ready?.ready) throw new HttpProblem(503, "notSetUp", "No company has been set up yet. Ask again in a moment.");
    return reply.header("cache-control", "no-store").send({ status: "ready" });
  });
}

const anyCompany = "select exists (select from platform.tenant_account where ready_at is not null) as ready";
