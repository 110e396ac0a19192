// Personal tokens: what a command line or an agent shows instead of a cookie. A token may do what its owner may, is shown once,
// and is kept only as a hash.
import { newId } from "../../kernel/id.ts";
import { Refusal } from "../../kernel/refusal.ts";
import type { Pool } from "../database/pool.ts";
import { rowsOn, sql, type Rows } from "../database/sql.ts";
import { recent } from "./recent.ts";
import { hashOfSecret, newSecret } from "./secret.ts";

interface PersonalToken {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

interface TokenOwner {
  readonly userId: string;
  readonly tokenId: string;
  readonly email: string;
  readonly name: string;
  /** Whether signing in to the owner's account takes a second factor. */
  readonly hasSecondFactor: boolean;
}

export interface Tokens {
  /** `token` is the whole secret; it can never be read again. */
  createToken(userId: string, name: string, expiresAt?: Date): Promise<{ id: string; token: string }>;
  userOfToken(token: string): Promise<TokenOwner | undefined>;
  /** False when the user has no such token in force. */
  revokeToken(userId: string, tokenId: string): Promise<boolean>;
  /** Newest first; revoked and expired ones too. */
  listTokens(userId: string): Promise<PersonalToken[]>;
  /** Looks everything up anew; to be called when something was revoked by other means. */
  forget(): void;
}

const prefix = "hw_";
const shape = /^hw_[A-Za-z0-9_-]{43}$/;
const keepMilliseconds = 5_000;
const touchMilliseconds = 60_000;

export function tokensIn(pool: Pool): Tokens {
  const table = rowsOn(pool);
  const known = recent<TokenOwner & { until: number }>(keepMilliseconds);
  return {
    createToken: (userId, name, expiresAt) => create(table, userId, name.trim(), expiresAt),
    async userOfToken(token) {
      if (!shape.test(token)) return undefined;
      const hash = hashOfSecret(token);
      const found = await known.find(hash.toString("base64url"), () => look(table, hash));
      if (!found || found.until <= Date.now()) return undefined;
      const { until: _, ...owner } = found;
      return owner;
    },
    async revokeToken(userId, tokenId) {
      const touched = await table.run(sql`
        update auth.personal_token set revoked_at = ${new Date()}
        where id = ${tokenId} and user_id = ${userId} and revoked_at is null`);
      known.forget();
      return touched > 0;
    },
    listTokens: (userId) =>
      table.rows<PersonalToken>(sql`
        select id, name, created_at, last_used_at, expires_at, revoked_at
        from auth.personal_token where user_id = ${userId} order by id desc`),
    forget: () => known.forget(),
  };
}

async function create(table: Rows, userId: string, name: string, expiresAt: Date | undefined) {
  const now = new Date();
  if (name === "" || name.length > 100) {
    throw new Refusal("tokenNameMissing", "A token needs a name of 1 to 100 characters that says where it will be used.");
  }
  if (expiresAt && expiresAt <= now) {
    throw new Refusal("tokenExpiryPast", "The token would have expired already. Choose a moment in the future, or none.");
  }
  const id = newId();
  const token = prefix + newSecret();
  const made = await table.run(sql`
    insert into auth.personal_token (id, user_id, name, token_hash, created_at, expires_at)
    select ${id}::uuid, u.id, ${name}, ${hashOfSecret(token)}::bytea, ${now}::timestamptz, ${expiresAt ?? null}::timestamptz
    from auth."user" u where u.id = ${userId} and u.disabled_at is null`);
  if (made === 0) throw new Refusal("userDisabled", "This account may not sign in. Enable it first, then create the token.");
  return { id: id as string, token };
}

async function look(table: Rows, hash: Buffer): Promise<(TokenOwner & { until: number }) | undefined> {
  const now = new Date();
  const found = await table.maybe<TokenOwner & { expiresAt: Date | null; lastUsedAt: Date | null }>(sql`
    select t.id as token_id, t.user_id, t.expires_at, t.last_used_at, u.email, u.name, u.two_factor_enabled as has_second_factor
    from auth.personal_token t join auth."user" u on u.id = t.user_id
    where t.token_hash = ${hash} and t.revoked_at is null and (t.expires_at is null or t.expires_at > ${now}) and u.disabled_at is null`);
  if (!found) return undefined;
  const { expiresAt, lastUsedAt, ...owner } = found;
  if (!lastUsedAt || now.getTime() - lastUsedAt.getTime() > touchMilliseconds) {
    await table.run(sql`update auth.personal_token set last_used_at = ${now} where id = ${owner.tokenId}`);
  }
  return { ...owner, until: expiresAt ? expiresAt.getTime() : Infinity };
}
