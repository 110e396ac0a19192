// Who may sign in, and as what.
import type { Id } from "../../src/kernel/id.ts";
import { rowsOn, sql } from "../../src/platform/database/sql.ts";
import { colleagues, company, emailOf } from "../company.ts";
import { known, type Story, tell } from "../story.ts";

export async function accessChapter(story: Story): Promise<void> {
  // One hash for all: hashing is slow on purpose, and the password is printed on the start page anyway.
  const passwordHash = await story.signIn.hashPassword(company.password);
  for (const { name, roles } of colleagues) {
    const email = emailOf(name);
    const personId = known(story, `person/${name}`);
    await story.signIn.createUser({ email, name, passwordHash }).catch(() => undefined);
    const { id } = await tell(story, "identity.member.invite", { personId, name, email });
    for (const role of roles.filter((one) => story.funnel.registry.roles.has(one))) await tell(story, "identity.roleGrant.give", { memberId: id, role, from: story.today });
    story.actors.set(name, { kind: "person", userId: id, personId, name, grants: roles.map((role) => ({ role, scope: null })) });
  }
  // Sixty welcome mails and bells would hide the real ones.
  const db = rowsOn(story.owner);
  await db.run(sql`delete from platform.mail where tenant_id = ${story.tenantId as Id}`);
  await db.run(sql`delete from platform.notification where tenant_id = ${story.tenantId as Id}`);
}
