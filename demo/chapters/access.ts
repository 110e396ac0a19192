// Who may sign in, and as what.
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
    for (const role of roles.filter((one) => story.funnel.registry.roles.has(one)))
      await tell(story, "identity.roleGrant.give", { memberId: id, role, from: story.today });
    story.actors.set(name, { kind: "person", userId: id, personId, name, grants: roles.map((role) => ({ role, scope: null })) });
  }
}
