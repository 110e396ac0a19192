// The first start on an empty database: the company that HEARTWOOD_COMPANY and HEARTWOOD_OWNER name, or else the demo.
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { clearUnready } from "../demo/clear.ts";
import { loadDemo } from "../demo/load.ts";
import { type Id, newId } from "./kernel/id.ts";
import type { Pool } from "./platform/database/pool.ts";
import { rowsOn, sql } from "./platform/database/sql.ts";
import { system } from "./platform/funnel/frame.ts";
import type { Funnel } from "./platform/funnel/funnel.ts";
import type { SignIn } from "./platform/identity/sign-in.ts";
import { allTenants } from "./platform/jobs/runner.ts";

interface SetUp {
  readonly funnel: Funnel;
  readonly pools: { readonly app: Pool; readonly owner: Pool };
  readonly signIn: SignIn;
  readonly environment: NodeJS.ProcessEnv;
  /** Hears what the person who started it should know, once. */
  readonly say: (line: string) => void;
}

/**
 * Sets an empty database up, and clears away before what an interrupted start has left. Of several servers that meet it at once one does
 * so, and the others wait until it is done.
 */
export async function setUpOnce(setUp: SetUp): Promise<void> {
  const client = await setUp.pools.owner.connect();
  const ask = async (does: string): Promise<boolean> =>
    (await client.query<{ done: boolean }>(`select pg_${does}(hashtext('heartwood.setUp')) as done`)).rows[0]!.done;
  try {
    // Asked again and again: a statement that waited for it would be ended by its own time limit.
    while (!(await ask("try_advisory_lock"))) await pause(250);
    try {
      await setUpAlone(setUp);
    } finally {
      await ask("advisory_unlock");
    }
  } finally {
    client.release();
  }
}

async function setUpAlone({ funnel, pools: { app, owner }, signIn, environment, say }: SetUp): Promise<void> {
  await clearUnready(owner);
  if ((await allTenants(app)).length > 0) return;
  const first = firstCompanyFrom(environment);
  if (!first) return void (await loadDemo({ funnel, owner, signIn, now: new Date(), say }));
  const password = await makeFirstCompany(first, { funnel, owner, signIn, now: new Date() });
  say(`${first.company} is set up. ${first.ownerName} signs in as ${first.email} with «${password}» and changes it under Account.`);
}

interface FirstCompany {
  readonly company: string;
  /** The owner's e-mail address, with which they sign in. */
  readonly email: string;
  readonly ownerName: string;
  readonly zone: string;
}

/** `HEARTWOOD_OWNER` as `Ada Berg <ada@example.com>`. Undefined when the environment names no company. */
function firstCompanyFrom(environment: NodeJS.ProcessEnv): FirstCompany | undefined {
  const company = environment["HEARTWOOD_COMPANY"];
  if (!company) return undefined;
  const [, ownerName, email] = /^\s*([^<]+?)\s*<([^<>\s]+@[^<>\s]+)>\s*$/.exec(environment["HEARTWOOD_OWNER"] ?? "") ?? [];
  if (!ownerName || !email) throw new Error("Say who owns the company: HEARTWOOD_OWNER='Ada Berg <ada@example.com>'");
  return { company, email, ownerName, zone: environment["HEARTWOOD_ZONE"] ?? "Europe/Berlin" };
}

/** Whoever set the house up signs in and chooses their own within a week; after that a new one comes by mail. */
const firstPasswordMilliseconds = 7 * 86_400_000;

/** Makes the company with its owner and returns the password to sign in with for the first time. */
async function makeFirstCompany(first: FirstCompany, parts: { funnel: Funnel; owner: Pool; signIn: SignIn; now: Date }): Promise<string> {
  const tenantId = newId();
  const db = rowsOn(parts.owner);
  await db.run(sql`
    insert into platform.tenant_account (tenant_id, name, zone, is_demo, created_at)
    values (${tenantId}, ${first.company}, ${first.zone}, false, ${parts.now})`);
  const run = async (name: string, input: unknown): Promise<Id> =>
    ((await parts.funnel.run(name, input, { tenantId, actor: system })) as { id: Id }).id;
  const personId = await run("directory.person.create", { name: first.ownerName, email: first.email });
  const memberId = await run("identity.member.invite", { personId, name: first.ownerName, email: first.email });
  await run("identity.roleGrant.give", { memberId, role: "owner", from: parts.now.toISOString().slice(0, 10) });
  const activities = [...parts.funnel.registry.activities].map(([name, title]) => ({ name, title }));
  await parts.funnel.run("office.activity.name", { activities }, { tenantId, actor: system });
  const password = randomBytes(12).toString("base64url");
  await parts.signIn.setPassword(memberId, password, new Date(parts.now.getTime() + firstPasswordMilliseconds));
  await db.run(sql`update platform.tenant_account set ready_at = ${new Date()} where tenant_id = ${tenantId}`);
  return password;
}
