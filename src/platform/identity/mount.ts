// The sign-in pages' way in: which of better-auth's addresses are open under /api/auth, how often one account may be tried, and
// how a refusal is worded.
import { createHmac } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { isId } from "../../kernel/id.ts";
import { asking } from "./asking.ts";
import { addressHeader, authPath, type Authentication } from "./authentication.ts";
import type { AttemptLimit, Attempts } from "./attempt.ts";
import type { IsBreached } from "./breached.ts";
import { isGuessable } from "./password.rules.ts";
import { breachedWords, guessableWords } from "./password.ts";
import { withoutCookie, type Session, type Sessions } from "./session.ts";
import type { Users } from "./user.ts";

interface Door {
  readonly method: "GET" | "POST";
  /** Whose tries are counted: the account named in the body, or the one signed in. */
  readonly counts?: "password" | "reset" | "confirmation";
  /** The password is asked again, by us. */
  readonly confirms?: boolean;
  /** A new password is chosen. */
  readonly chooses?: boolean;
}

/** Everything else that better-auth could serve stays shut. */
const doors: Readonly<Record<string, Door>> = {
  "/sign-in/email": { method: "POST", counts: "password" },
  "/sign-out": { method: "POST" },
  "/get-session": { method: "GET" },
  "/list-sessions": { method: "GET" },
  "/revoke-session": { method: "POST", counts: "confirmation", confirms: true },
  "/revoke-sessions": { method: "POST", counts: "confirmation", confirms: true },
  "/revoke-other-sessions": { method: "POST", counts: "confirmation", confirms: true },
  "/change-password": { method: "POST", counts: "confirmation", chooses: true },
  "/request-password-reset": { method: "POST", counts: "reset" },
  "/reset-password": { method: "POST", chooses: true },
  "/two-factor/enable": { method: "POST", counts: "confirmation" },
  "/two-factor/disable": { method: "POST", counts: "confirmation" },
  "/two-factor/get-totp-uri": { method: "POST", counts: "confirmation" },
  "/two-factor/generate-backup-codes": { method: "POST", counts: "confirmation" },
  "/two-factor/verify-totp": { method: "POST" },
  "/two-factor/verify-backup-code": { method: "POST" },
};

const limits: Readonly<Record<NonNullable<Door["counts"]>, AttemptLimit>> = {
  password: { max: 10, window: 900 },
  confirmation: { max: 10, window: 900 },
  reset: { max: 5, window: 3600 },
};

const passedOn = ["cookie", "origin", "referer", "user-agent", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest"] as const;

const sentences: Readonly<Record<string, string>> = {
  INVALID_EMAIL_OR_PASSWORD: "The e-mail address or the password is not right. Try again, or ask for a new password.",
  INVALID_EMAIL: "That is not an e-mail address. Correct it and try again.",
  INVALID_PASSWORD: "The password is not right. Type your current password again.",
  PASSWORD_GUESSABLE: guessableWords,
  PASSWORD_BREACHED: breachedWords,
  PASSWORD_TOO_SHORT: "The password is too short. Choose one of at least 12 characters.",
  PASSWORD_TOO_LONG: "The password is too long. Choose one of at most 128 characters.",
  INVALID_TOKEN: "This link has been used or has expired. Ask for a new one.",
  INVALID_CODE: "The code is not right, or was used already. Type the one your app shows now.",
  INVALID_BACKUP_CODE: "This backup code is not right, or was used already. Try another one.",
  INVALID_TWO_FACTOR_COOKIE: "The sign-in took too long. Start again with your password.",
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: "Too many wrong codes. Start again with your password.",
  TOTP_ALREADY_ENABLED: "A second factor is in use already. Switch it off first to set up another.",
  INVALID_ORIGIN: "This request came from another site and was not carried out. Open Heartwood itself and try again.",
  MISSING_OR_NULL_ORIGIN: "The browser did not say which page asked. Reload Heartwood and try again.",
  CROSS_SITE_NAVIGATION_LOGIN_BLOCKED: "This request came from another site. Open Heartwood itself and sign in there.",
  UNAUTHORIZED: "You are not signed in. Sign in and try again.",
};

const waiting = (seconds: number) => {
  const minutes = Math.ceil(seconds / 60);
  return `Too many tries. Wait ${minutes === 1 ? "a minute" : `${minutes} minutes`}, then try again.`;
};

interface Mounting {
  readonly authentication: Authentication;
  readonly sessions: Sessions;
  readonly attempts: Attempts;
  readonly address: string;
  readonly cookieName: string;
  readonly isPassword: Users["isPassword"];
  readonly isBreached: IsBreached;
  /** Keys what stands in the log in place of an account's address. */
  readonly secret: string;
  readonly sweep: () => Promise<void>;
}

export type Handle = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

export const mount =
  (house: Mounting): Handle =>
  async (request, reply) => {
    const url = new URL(request.url, house.address);
    const path = url.pathname.slice(authPath.length);
    const door = url.pathname.startsWith(authPath) && Object.hasOwn(doors, path) ? doors[path] : undefined;
    if (door?.method !== request.method) return problem(reply, 404, "NOT_FOUND", "There is nothing at this address.");
    const body = request.body ?? {};
    const isJson = /^application\/json\b/i.test(request.headers["content-type"] ?? "");
    if (typeof body !== "object" || (request.body !== null && request.body !== undefined && !isJson)) {
      return problem(reply, 415, "BODY_NOT_JSON", "Send the body as application/json.");
    }
    const session = await house.sessions.sessionOf(request.headers);
    const account = accountOf(door, body, session);
    if (door.counts && account) {
      const { waitSeconds } = await house.attempts.take(`${door.counts}:${account}`, limits[door.counts]);
      if (waitSeconds > 0) {
        note(house, request, path, account, 429);
        return tooMany(reply, waitSeconds);
      }
    }
    const refused = await refusedBefore(house, door, body, session);
    if (refused) {
      note(house, request, path, account ?? session?.userId, 400);
      return problem(reply, 400, refused, sentences[refused]!);
    }
    const response = await asking(() => house.authentication.handler(webRequest(house, request, url, session, path, body)));
    if (request.method === "POST" && path !== "/sign-in/email") house.sessions.forget();
    if (request.method === "POST") await house.sweep();
    if (door.counts && door.counts !== "reset" && account && response.ok) await house.attempts.clear(`${door.counts}:${account}`);
    // What a browser kept of the company goes with the session.
    if (path === "/sign-out") reply.header("clear-site-data", '"cache"');
    note(house, request, path, account ?? session?.userId, response.status);
    return answer(reply, response);
  };

/** What we refuse ourselves: an end of sessions without the password, a password that anybody would try. */
async function refusedBefore(
  house: Mounting,
  door: Door,
  body: { password?: unknown; newPassword?: unknown; token?: unknown },
  session: Session | undefined,
): Promise<string | undefined> {
  if (door.confirms && session && !(typeof body.password === "string" && (await house.isPassword(session.userId, body.password)))) {
    return "INVALID_PASSWORD";
  }
  if (!door.chooses || typeof body.newPassword !== "string") return undefined;
  const own = session ?? (typeof body.token === "string" ? await userOfReset(house, body.token) : undefined);
  if (isGuessable(body.newPassword, own ? [own.name, own.email] : [])) return "PASSWORD_GUESSABLE";
  return (await house.isBreached(body.newPassword)) ? "PASSWORD_BREACHED" : undefined;
}

async function userOfReset({ authentication }: Mounting, token: string): Promise<{ name: string; email: string } | undefined> {
  const { internalAdapter } = await authentication.$context;
  const kept = await internalAdapter.findVerificationValue(`reset-password:${token}`);
  return (kept && (await internalAdapter.findUserById(kept.value))) ?? undefined;
}

/** Every try to come in and every change of how one comes in is a line of the log (ASVS 16.3.1), without address, password or token. */
function note(house: Mounting, request: FastifyRequest, path: string, account: string | undefined, status: number): void {
  if (request.method !== "POST") return;
  const who = account && (isId(account) ? account : createHmac("sha256", house.secret).update(`log ${account}`).digest("hex").slice(0, 16));
  const line = { event: path.slice(1), outcome: status < 400 ? "done" : "refused", status, who: who ?? null };
  if (status < 400) request.log.info(line, "sign-in");
  else request.log.warn(line, "sign-in");
}

function accountOf(door: Door, body: object, session: Session | undefined): string | undefined {
  if (door.counts === "confirmation") return session?.userId;
  const email = "email" in body ? body.email : undefined;
  return typeof email === "string" ? email.trim().toLowerCase() : undefined;
}

function webRequest(house: Mounting, request: FastifyRequest, url: URL, session: Session | undefined, path: string, body: object): Request {
  const headers = new Headers({ [addressHeader]: request.ip });
  for (const name of passedOn) {
    const value = request.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  const cookies = headers.get("cookie");
  // Whoever is no longer signed in for us (disabled, idle) must not be for better-auth either.
  if (cookies && !session) {
    const others = withoutCookie(cookies, house.cookieName);
    if (others === "") headers.delete("cookie");
    else headers.set("cookie", others);
  }
  if (request.method !== "POST") return new Request(url, { headers });
  headers.set("content-type", "application/json");
  // A new password ends the sessions that the old one opened, whatever the caller asks for.
  const { password: _, ...unconfirmed } = body as { password?: unknown };
  const sent = path === "/change-password" ? { ...body, revokeOtherSessions: true } : doors[path]!.confirms ? unconfirmed : body;
  return new Request(url, { method: "POST", headers, body: JSON.stringify(sent) });
}

async function answer(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) reply.header("set-cookie", cookies);
  reply.header("cache-control", "no-store");
  const text = await response.text();
  if (response.status === 429) return tooMany(reply, Number(response.headers.get("x-retry-after")) || 900);
  if (response.status < 400) {
    reply.code(response.status).type("application/json");
    return reply.send(text === "" ? "null" : text);
  }
  const { code, message } = readError(text);
  if (response.status >= 500) return problem(reply, response.status, "FAULT", "Something went wrong on our side. Try again.");
  return problem(reply, response.status, code, sentences[code] ?? message);
}

function readError(text: string): { code: string; message: string } {
  const fallback = { code: "REFUSED", message: "This could not be done. Check what you sent and try again." };
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? { ...fallback, ...parsed } : fallback;
  } catch {
    return fallback;
  }
}

const tooMany = (reply: FastifyReply, waitSeconds: number) =>
  problem(reply.header("retry-after", waitSeconds), 429, "TOO_MANY_TRIES", waiting(waitSeconds));

/** RFC 9457. */
function problem(reply: FastifyReply, status: number, code: string, detail: string): FastifyReply {
  return reply
    .code(status)
    .type("application/problem+json")
    .send(JSON.stringify({ type: "about:blank", title: "Sign-in", status, code, detail }));
}
