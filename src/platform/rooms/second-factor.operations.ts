// The company's rule on second factors: in which roles nobody acts without one.
import { z } from "zod";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../database/sql.ts";
import { Text } from "../operation/field.ts";
import { operation } from "../operation/operation.ts";
import type { Registry } from "../operation/registry.ts";

/** The owner, who may let others in, and every role that is shown what is confidential or posts and pays. */
function weightyRoles({ operations, roles }: Registry): string[] {
  const found = new Set(["owner", "identity.manager"]);
  for (const { may, logged, previews } of operations.values()) {
    if (logged || previews) for (const entry of may) if (typeof entry === "string" && roles.has(entry)) found.add(entry);
  }
  return [...found].toSorted();
}

export const requireSecondFactor = (house: () => Registry) =>
  operation({
    name: "identity.secondFactor.require",
    title: "Require a second factor",
    does:
      "Says in which roles nobody acts without a second factor; those who have none set it up first. Without a list: the owner, who lets " +
      "others in, and every role that sees what is confidential, posts or pays. With an empty list nobody has to.",
    kind: "write",
    may: ["identity.manager"],
    input: z.strictObject({ roles: z.array(Text(60)).max(100).optional() }),
    output: z.object({ roles: z.array(z.string()) }),
    refuses: { roleUnknown: "There is no role {role}. Roles: {roles}" },
    emits: ["identity.secondFactor.required"],
    example: { roles: ["owner", "identity.manager"] },
    async run(input, context) {
      const registry = house();
      const wanted = [...new Set(input.roles ?? weightyRoles(registry))];
      const unknown = wanted.find((role) => !registry.roles.has(role));
      if (unknown !== undefined) refuse("roleUnknown", { role: unknown, roles: [...registry.roles.keys()].join(", ") }, ["roles"]);
      await context.db.run(sql`
        delete from identity.second_factor_rule where tenant_id = ${context.tenantId} and role <> all (${wanted}::text[])`);
      await context.db.run(sql`
        insert into identity.second_factor_rule (tenant_id, role, set_by, set_at)
        select ${context.tenantId}, r.role, ${context.actor.userId}, ${context.now} from unnest(${wanted}::text[]) r (role)
        on conflict (tenant_id, role) do nothing`);
      context.emit("identity.secondFactor.required", { roles: wanted });
      return { roles: wanted };
    },
  });

export const showSecondFactorRule = operation({
  name: "identity.secondFactor.show",
  title: "Who needs a second factor",
  does: "Lists the roles in which nobody acts without a second factor.",
  kind: "read",
  may: ["identity.manager", "platform.auditor"],
  input: z.strictObject({}),
  output: z.object({ rows: z.array(z.object({ role: z.string() })) }),
  run: async (_input, context) => ({
    rows: await context.db.rows<{ role: string }>(sql`
      select role from identity.second_factor_rule where tenant_id = ${context.tenantId} order by role`),
  }),
});
