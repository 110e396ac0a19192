// The whole house for conformance: every module, the demo company a second company beside it, and the server in front.
import type { FastifyInstance } from "fastify";
import { inject } from "vitest";
import { loadDemo } from "../../demo/load.ts";
import { type Id, newId } from "../../src/kernel/id.ts";
import { openPool } from "../../src/platform/database/pool.ts";
import { rowsOn, sql } from "../../src/platform/database/sql.ts";
import { createFunnel, type Funnel } from "../../src/platform/funnel/funnel.ts";
import { identifyWith } from "../../src/platform/http/caller.ts";
import { createServer } from "../../src/platform/http/server.ts";
import { membershipsIn } from "../../src/platform/identity/actor.ts";
import { createSignIn } from "../../src/platform/identity/sign-in.ts";
import type { Actor } from "../../src/platform/operation/context.ts";
import { createTestDatabase } from "../../src/platform/testing/database.ts";
import { registry } from "../../src/registry.ts";

export interface WholeHouse {
  readonly app: FastifyInstance;
  readonly funnel: Funnel;
  readonly demoTenantId: Id;
  readonly otherTenantId: Id;
  close(): Promise<void>;
}

export const ownerOf = (name: string): Actor => ({
  kind: "person",
  userId: newId(),
  personId: newId(),
  name,
  grants: [{ role: "owner", scope: null }],
});

const address = "http://127.0.0.1:4400";

export async function openWholeHouse(): Promise<WholeHouse> {
  const database = await createTestDatabase({ socketFolder: inject("socketFolder"), port: inject("port") });
  const pool = openPool(database.connection("heartwood_app"), 6);
  const owner = openPool(database.connection("heartwood_owner"), 2);
  const authPool = openPool({ ...database.connection("heartwood_app"), user: "heartwood_auth" }, 2);
  const now = new Date("2026-11-21T09:00:00Z");
  const clock = (): Date => now;
  const funnel = createFunnel({ pool, registry, clock, zoneOf: async () => "UTC" });
  const signIn = await createSignIn({
    pool: authPool,
    secret: "a secret of at least thirty-two characters",
    address,
    secureCookies: false,
    sendMail: async () => undefined,
  });
  const story = await loadDemo({ funnel, owner, signIn, now, say: () => undefined });
  const otherTenantId = newId();
  await rowsOn(owner).run(sql`
    insert into platform.tenant_account (tenant_id, name, zone, created_at) values (${otherTenantId}, 'Another company', 'UTC', ${now})`);
  const memberships = membershipsIn(pool, clock);
  const rates = { signedIn: 1e6, signedOut: 1e6, signIn: 1e6 };
  const app = await createServer({ funnel, pool, clock, memberships, signIn, address, identify: identifyWith(signIn), rates });
  return {
    app,
    funnel,
    demoTenantId: story.tenantId,
    otherTenantId,
    close: async () => {
      await app.close();
      await Promise.all([pool.end(), owner.end(), authPool.end()]);
      await database.drop();
    },
  };
}
