// Sessions: who is behind a cookie. A session ends when it is revoked, when the person is disabled, after a day without use,
// and after two weeks in any case.
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Pool } from "../database/pool.ts";
import { rowsOn, sql } from "../database/sql.ts";
import { recent } from "./recent.ts";

export interface Session {
  readonly userId: string;
  readonly sessionId: string;
  readonly email: string;
  readonly name: string;
  /** Whether signing in to this account takes a second factor. */
  readonly hasSecondFactor: boolean;
}

/** Headers as Node has them or as the web has them. */
export type HeaderSource = Headers | { readonly cookie?: string | undefined };

export interface Sessions {
  sessionOf(headers: HeaderSource): Promise<Session | undefined>;
  /** Ends every session of a user, everywhere. */
  revokeSessions(userId: string): Promise<void>;
  /** Looks everything up anew; to be called when something was revoked by other means. */
  forget(): void;
}

export const sessionSeconds = { idle: 86_400, longest: 14 * 86_400 } as const;

const keepMilliseconds = 5_000;
const touchMilliseconds = 300_000;

export const cookieHeader = (headers: HeaderSource): string | undefined =>
  headers instanceof Headers ? (headers.get("cookie") ?? undefined) : headers.cookie;

export function sessionsIn(pool: Pool, secret: string, cookieName: string): Sessions {
  const table = rowsOn(pool);
  const known = recent<Session>(keepMilliseconds);
  return {
    async sessionOf(headers) {
      const key = readSigned(cookieHeader(headers), cookieName, secret);
      return key === undefined ? undefined : known.find(key, () => look(pool, key));
    },
    async revokeSessions(userId) {
      await table.run(sql`delete from auth.session where user_id = ${userId}`);
      known.forget();
    },
    forget: () => known.forget(),
  };
}

async function look(pool: Pool, key: string): Promise<Session | undefined> {
  const table = rowsOn(pool);
  const now = Date.now();
  const found = await table.maybe<Session & { usedAt: Date }>(sql`
    select s.id as session_id, s.user_id, s.updated_at as used_at, u.email, u.name, u.two_factor_enabled as has_second_factor
    from auth.session s join auth."user" u on u.id = s.user_id
    where s.token = ${key} and s.expires_at > ${new Date(now)} and s.updated_at > ${new Date(now - sessionSeconds.idle * 1000)}
      and u.disabled_at is null`);
  if (!found) return undefined;
  const { usedAt, ...session } = found;
  if (now - usedAt.getTime() > touchMilliseconds) {
    await table.run(sql`update auth.session set updated_at = ${new Date(now)} where id = ${session.sessionId}`);
  }
  return session;
}

// better-auth signs its cookies as `value.base64(HMAC-SHA-256)`, percent-encoded.
function readSigned(header: string | undefined, name: string, secret: string): string | undefined {
  const raw = header
    ?.split(";")
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`))
    ?.slice(name.length + 1);
  if (raw === undefined) return undefined;
  const text = decoded(raw);
  const end = text.lastIndexOf(".");
  if (end < 1) return undefined;
  const value = text.slice(0, end);
  const given = Buffer.from(text.slice(end + 1), "base64");
  const right = createHmac("sha256", secret).update(value).digest();
  return given.length === right.length && timingSafeEqual(given, right) ? value : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

/** The cookie header without one cookie. */
export const withoutCookie = (header: string, name: string): string =>
  header
    .split(";")
    .map((part) => part.trim())
    .filter((part) => !part.startsWith(`${name}=`))
    .join("; ");
