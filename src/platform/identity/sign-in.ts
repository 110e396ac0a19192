// Identity: who is asking. Password and second factor for people, personal tokens for programs; accounts are made by the house.
import { asking } from "./asking.ts";
import { openAuthentication, type AuthenticationOptions } from "./authentication.ts";
import { attemptsIn } from "./attempt.ts";
import type { IsBreached } from "./breached.ts";
import { mount, type Handle } from "./mount.ts";
import { sameOriginCheck, type OriginRequest } from "./origin.ts";
import { hashPassword } from "./password.ts";
import { cookieHeader, sessionsIn, type HeaderSource, type Sessions } from "./session.ts";
import { hourlySweep } from "./sweep.ts";
import { tokensIn, type Tokens } from "./token.ts";
import { usersIn, type Users } from "./user.ts";

export interface SignIn extends Users, Tokens, Sessions {
  /** Serves `/api/auth/*`. */
  handle: Handle;
  /** Opens a session without a password and gives the `Set-Cookie` values. For the demo only. */
  signInAs(userId: string, headers: HeaderSource): Promise<{ cookies: string[] }>;
  /** To be asked before a request that is identified by a cookie may change anything. */
  isSameOrigin(request: OriginRequest): boolean;
  hashPassword(password: string): Promise<string>;
}

/** Needs the tables of 0003-identity-sign-in.sql. Nothing is read or written before the first call. */
export async function createSignIn(options: AuthenticationOptions): Promise<SignIn> {
  if (options.secret.length < 32) throw new RangeError("the sign-in secret must have at least 32 characters");
  const attempts = attemptsIn(options.pool, options.secret);
  const authentication = openAuthentication(options, attempts);
  const cookieName = (await authentication.$context).authCookies.sessionToken.name;
  const sessions = sessionsIn(options.pool, options.secret, cookieName);
  const tokens = tokensIn(options.pool);
  const forget = () => {
    sessions.forget();
    tokens.forget();
  };
  const isBreached: IsBreached = options.isBreached ?? (async () => false);
  const users = usersIn(options.pool, isBreached, forget);
  return {
    ...tokens,
    ...sessions,
    ...users,
    forget,
    hashPassword,
    handle: mount({
      authentication,
      sessions,
      attempts,
      address: options.address,
      cookieName,
      isPassword: users.isPassword,
      isBreached,
      secret: options.secret,
      sweep: hourlySweep(options.pool),
    }),
    isSameOrigin: sameOriginCheck(options.address),
    async signInAs(userId, headers) {
      const cookie = cookieHeader(headers);
      const given = { body: { userId }, headers: new Headers(cookie ? { cookie } : {}), returnHeaders: true } as const;
      const opened = await asking(() => authentication.api.signInAs(given));
      return { cookies: opened.headers.getSetCookie() };
    },
  };
}
