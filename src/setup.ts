// The first company of a house that is no demo: made at the first start from HEARTWOOD_COMPANY and HEARTWOOD_OWNER.
import { randomBytes } from "node:crypto";
import { type Id, newId } from "./kernel/id.ts";
import type { Pool } from "./platform/database/pool.ts";
import { rowsOn, sql } from "./platform/database/sql.ts";
import { system } from "./platform/funnel/frame.ts";
import type { Funnel } from "./platform/funnel/funnel.ts";
import type { SignIn } from "./platform/identity/sign-in.ts";

export interface FirstCompany {
  readonly company: string;
  /** The owner's e-mail address, with which they sign in. */
  readonly email: string;
  readonly ownerName: string;
  readonly zone: string;
}

/** `HEARTWOOD_OWNER` as `Ada Berg <ada@example.com>`. Undefined when the environment names no company. */
export function firstCompanyFrom(environment: NodeJS.ProcessEnv): FirstCompany | undefined {
  const company = environment["HEARTWOOD_COMPANY"];
  if (!company) return undefined;
  const [, ownerName, email] = /^\s*([^<]+?)\s*<([^<>\s]+@[^<>\s]+)>\s*$/.exec(environment["HEARTWOOD_OWNER"] ?? "") ?? [];
  if (!ownerName || !email) throw new Error("Say who owns the company: HEARTWOOD_OWNER='Ada Berg <ada@example.com>'");
  return { company, email, ownerName, zone: environment["HEARTWOOD_ZONE"] ?? "Europe/Berlin" };
}

/** Makes the company with its owner and returns the password to sign in with for the first time. */
export async function makeFirstCompany(
  first: FirstCompany,
  parts: { funnel: Funnel; owner: Pool; signIn: SignIn; now: Date },
): Promise<string> {
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
  await parts.signIn.setPassword(memberId, password);
  await db.run(sql`update platform.tenant_account set ready_at = ${new Date()} where tenant_id = ${tenantId}`);
  return password;
}
