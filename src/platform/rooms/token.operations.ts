// Personal tokens: how the command line, a script or an agent acts for a person. A token is shown once; only its hash is kept.
import { z } from "zod";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../database/sql.ts";
import { hashOfSecret, newSecret } from "../identity/secret.ts";
import { Id, Instant, Text } from "../operation/field.ts";
import { anyone, operation } from "../operation/operation.ts";
import { register } from "../operation/register.ts";

export const tokenRegister = register({
  name: "identity.token",
  title: "My tokens",
  does: "Your personal tokens for the command line, scripts and agents.",
  may: [anyone],
  inner: true,
  row: z.object({
    id: Id,
    name: z.string(),
    createdAt: Instant,
    lastUsedAt: Instant.nullable(),
    expiresAt: Instant.nullable(),
    state: z.enum(["active", "expired", "revoked"]),
  }),
  label: "name",
  sort: "-createdAt",
  from: (context) => sql`
    select id, name, created_at, last_used_at, expires_at,
      case when revoked_at is not null then 'revoked' when expires_at < ${context.now} then 'expired' else 'active' end as state
    from auth.tokens_of(${context.actor.userId})`,
});

const daysMax = 366;

export const createToken = operation({
  name: "identity.token.create",
  title: "Make a token",
  does: "Makes a token with which a program may do what you may do. It is shown once, now.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({ name: Text(100), days: z.number().int().min(1).max(daysMax).default(90) }),
  output: z.object({ id: Id, token: z.string() }),
  hides: ["token"],
  refuses: { noUser: "Only a person who signs in can have a token." },
  example: { name: "my laptop", days: 90 },
  async run(input, context) {
    if (!context.actor.userId) refuse("noUser");
    const token = `hw_${newSecret()}`;
    const expires = new Date(context.now.getTime() + input.days * 86_400_000);
    const id = context.newId();
    await context.db.run(sql`
      select auth.keep_token(${id}, ${context.actor.userId}, ${input.name}, ${hashOfSecret(token)},
        ${context.now}, ${expires})`);
    return { id, token };
  },
});

export const revokeToken = operation({
  name: "identity.token.revoke",
  title: "Revoke a token",
  does: "Ends one of your tokens within seconds.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({ tokenId: Id }),
  output: z.object({ id: Id }),
  when: (token) => token["state"] === "active",
  refuses: { notFound: "You have no such active token." },
  async run(input, context) {
    const { touched } = await context.db.row<{ touched: number }>(
      sql`select auth.end_token(${context.actor.userId}, ${input.tokenId}, ${context.now}) as touched`,
    );
    if (touched === 0) refuse("notFound");
    return { id: input.tokenId };
  },
});
