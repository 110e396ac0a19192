// Users: accounts are made, disabled and enabled by the house; nobody signs up.
import { newId } from "../../kernel/id.ts";
import { Refusal } from "../../kernel/refusal.ts";
import type { Pool } from "../database/pool.ts";
import { rowsOn, sql, type Rows } from "../database/sql.ts";
import type { IsBreached } from "./breached.ts";
import { checkPassword, hashPassword, passwordFits } from "./password.ts";

interface NewUser {
  readonly email: string;
  readonly name: string;
  readonly password?: string | undefined;
  /** A hash that `hashPassword` made, for loading many people at once. Without either the person asks for a password by mail. */
  readonly passwordHash?: string | undefined;
}

interface User {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly disabledAt: Date | null;
}

export interface Users {
  createUser(user: NewUser): Promise<string>;
  findUser(email: string): Promise<User | undefined>;
  /** Until a moment when somebody else chose it. Ends every session, remembered device and pending reset of the user. */
  setPassword(userId: string, password: string, until?: Date): Promise<void>;
  /** Whether it is the user's password, to be asked again before what matters. */
  isPassword(userId: string, password: string): Promise<boolean>;
  /** From now on the user cannot sign in; sessions end, and tokens stop until the user is enabled again. */
  disableUser(userId: string): Promise<void>;
  enableUser(userId: string): Promise<void>;
}

const emailShape = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const uniqueViolation = "23505";

const noSuchUser = () => new Refusal("userMissing", "There is no such account. Create it first.");

/** `revoked` is told when sessions or tokens have stopped. */
export function usersIn(pool: Pool, isBreached: IsBreached, revoked: () => void): Users {
  const table = rowsOn(pool);
  return {
    createUser: (user) => create(table, isBreached, user),
    findUser: (email) =>
      table.maybe<User>(sql`
        select id as user_id, email, name, disabled_at from auth."user" where email = ${email.trim().toLowerCase()}`),
    async setPassword(userId, password, until) {
      await checkPassword(password, isBreached);
      await keepPassword(table, userId, await hashPassword(password), until ?? null);
      revoked();
    },
    async isPassword(userId, password) {
      const kept = await table.maybe<{ passwordHash: string | null }>(sql`
        select password_hash from auth.account where user_id = ${userId} and provider_id = 'credential'`);
      return kept?.passwordHash !== undefined && kept.passwordHash !== null && passwordFits(kept.passwordHash, password);
    },
    async disableUser(userId) {
      const now = new Date();
      const touched = await table.run(sql`
        with ended as (delete from auth.session where user_id = ${userId}),
             pending as (delete from auth.verification where value = ${userId}::text)
        update auth."user" set disabled_at = coalesce(disabled_at, ${now}), updated_at = ${now} where id = ${userId}::uuid`);
      revoked();
      if (touched === 0) throw noSuchUser();
    },
    async enableUser(userId) {
      const touched = await table.run(sql`
        update auth."user" set disabled_at = null, updated_at = ${new Date()} where id = ${userId}`);
      revoked();
      if (touched === 0) throw noSuchUser();
    },
  };
}

async function create(table: Rows, isBreached: IsBreached, user: NewUser): Promise<string> {
  const email = user.email.trim().toLowerCase();
  const name = user.name.trim();
  if (!emailShape.test(email)) throw new Refusal("emailWrong", `"${email}" is not an e-mail address.`);
  if (name === "") throw new Refusal("nameMissing", "An account needs the name of the person.");
  if (user.password !== undefined) await checkPassword(user.password, isBreached, [email, name]);
  const passwordHash = user.password === undefined ? user.passwordHash : await hashPassword(user.password);
  const id = newId();
  const now = new Date();
  try {
    await table.run(sql`
      with made as (
        insert into auth."user" (id, email, name, email_verified, two_factor_enabled, created_at, updated_at)
        values (${id}, ${email}, ${name}, true, false, ${now}, ${now}) returning id, created_at
      )
      insert into auth.account (id, user_id, provider_id, account_id, password_hash, created_at, updated_at)
      select ${newId()}::uuid, id, 'credential', id::text, ${passwordHash ?? null}::text, created_at, created_at
      from made where ${passwordHash ?? null}::text is not null`);
  } catch (error) {
    if ((error as { code?: string }).code !== uniqueViolation) throw error;
    throw new Refusal("emailTaken", `There is already an account for ${email}. Use another address, or enable that account.`, { email });
  }
  return id;
}

async function keepPassword(table: Rows, userId: string, passwordHash: string, until: Date | null): Promise<void> {
  const now = new Date();
  const touched = await table.run(sql`
    with ended as (delete from auth.session where user_id = ${userId}),
         pending as (delete from auth.verification where value = ${userId}::text)
    insert into auth.account as a (id, user_id, provider_id, account_id, password_hash, password_until, created_at, updated_at)
    select ${newId()}::uuid, u.id, 'credential', u.id::text, ${passwordHash}::text, ${until}::timestamptz, ${now}::timestamptz,
      ${now}::timestamptz
    from auth."user" u where u.id = ${userId}::uuid
    on conflict (provider_id, account_id) do update
      set password_hash = excluded.password_hash, password_until = excluded.password_until, updated_at = excluded.updated_at`);
  if (touched === 0) throw noSuchUser();
}
