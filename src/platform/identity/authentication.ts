// How people prove who they are: the settings under which better-auth checks passwords, second factors and sessions for this house.
import { Kysely, PostgresDialect } from "kysely";
import { betterAuth, type BetterAuthPlugin } from "better-auth";
import { APIError, createAuthEndpoint, createAuthMiddleware } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { twoFactor } from "better-auth/plugins/two-factor";
import * as z from "zod";
import { newId } from "../../kernel/id.ts";
import type { Pool } from "../database/pool.ts";
import { rowsOn, sql } from "../database/sql.ts";
import { asking } from "./asking.ts";
import type { Attempts } from "./attempt.ts";
import type { IsBreached } from "./breached.ts";
import { originsOf } from "./origin.ts";
import { hashPassword, passwordFits, passwordLength } from "./password.ts";
import { secretsOf } from "../secret/second-factor.ts";
import type { HouseSecret } from "../secret/data-key.ts";
import { sessionSeconds } from "./session.ts";

export const authPath = "/api/auth";
/** The one header the limits by address look at; set by us, never taken from the caller. */
export const addressHeader = "x-heartwood-client-address";

export interface AuthenticationOptions {
  readonly pool: Pool;
  /** At least 32 characters; signs cookies and encrypts second-factor secrets. */
  readonly secret: string;
  /** What it was before: second factors that are still encrypted with it can be read. */
  readonly previousSecret?: string | undefined;
  /** Where browsers reach this house, e.g. `http://127.0.0.1:4400`. */
  readonly address: string;
  readonly secureCookies: boolean;
  readonly sendMail: (to: string, subject: string, text: string) => Promise<void>;
  /** Whether a password stands in the list that the operator keeps, if one is. */
  readonly isBreached?: IsBreached | undefined;
  /** Told about faults, never with a password or a token; silent when left out. */
  readonly log?: ((message: string) => void) | undefined;
}

const signInRefused = () => new APIError("UNAUTHORIZED", { code: "INVALID_EMAIL_OR_PASSWORD", message: "Invalid email or password" });

export type Authentication = ReturnType<typeof openAuthentication>;

export function openAuthentication(options: AuthenticationOptions, attempts: Attempts) {
  const { log } = options;
  return betterAuth({
    appName: "Heartwood",
    baseURL: options.address,
    basePath: authPath,
    secrets: secretsFor({ current: options.secret, previous: options.previousSecret }),
    // What was encrypted before secrets had numbers.
    secret: options.previousSecret ?? options.secret,
    trustedOrigins: originsOf(options.address),
    database: {
      db: new Kysely({ dialect: new PostgresDialect({ pool: options.pool }) }),
      type: "postgres",
      schemaName: "auth",
      transaction: true,
    },
    ...columns,
    emailAndPassword: passwords(options),
    // The cookie lasts as long as a session at most; rest without use is counted by session.ts.
    session: { ...columns.session, expiresIn: sessionSeconds.longest, disableSessionRefresh: true },
    verification: { ...columns.verification, storeIdentifier: "hashed" },
    databaseHooks: { session: { create: { before: (session) => refuseDisabled(options.pool, session.userId) } } },
    hooks: { before: onceOnlyCodes(attempts) },
    rateLimit: rates(attempts),
    advanced: {
      // `__Host-` binds a cookie to this one name (RFC 6265bis): browsers take it over TLS only, and from no neighbour. better-auth would
      // write `__Secure-` before it, so it is told of no prefix of its own.
      cookiePrefix: options.secureCookies ? "__Host-heartwood" : "heartwood",
      useSecureCookies: false,
      defaultCookieAttributes: { sameSite: "lax", httpOnly: true, secure: options.secureCookies, path: "/" },
      // Both checks switch themselves off under NODE_ENV=test unless told not to.
      disableCSRFCheck: false,
      disableOriginCheck: false,
      ipAddress: { ipAddressHeaders: [addressHeader], ipv6Subnet: 64 },
      // The schema is ours (db/migrations); a test compares it, so that a start does not have to.
      database: { generateId: () => newId(), validateSchema: false },
      // A mail must not make the answer for a known address slower than for an unknown one.
      backgroundTasks: {
        handler: (task) => void asking(() => task).catch((error: unknown) => log?.(`A sign-in mail was not sent: ${String(error)}`)),
      },
    },
    logger: { disabled: log === undefined, level: "error", log: (_level, message) => log?.(message) },
    telemetry: { enabled: false },
    plugins: [secondFactor(), houseSignIn],
  });
}

const secretsFor = (secret: HouseSecret) => [...secretsOf(secret).keys].map(([version, value]) => ({ version, value }));

function passwords({ pool, address, sendMail }: AuthenticationOptions) {
  return {
    enabled: true,
    disableSignUp: true,
    minPasswordLength: passwordLength.least,
    maxPasswordLength: passwordLength.most,
    password: {
      hash: hashPassword,
      verify: ({ hash, password }: { hash: string; password: string }) => passwordFits(hash, password),
    },
    resetPasswordTokenExpiresIn: 3600,
    revokeSessionsOnPasswordReset: true,
    sendResetPassword: async ({ user, token }: { user: { id: string; email: string; name: string }; token: string }) => {
      if (await isDisabled(pool, user.id)) return;
      await sendMail(
        user.email,
        "Choose a new password for Heartwood",
        `Hello ${user.name},\n\nchoose your password here within an hour:\n${address}/new-password?token=${token}\n\n` +
          "If you did not ask for this, do nothing: your password stays as it is.\n",
      );
    },
    onPasswordReset: async ({ user }: { user: { id: string } }) => {
      // Other reset links and remembered devices go with the old password.
      await rowsOn(pool).run(sql`delete from auth.verification where value = ${user.id}`);
    },
  };
}

async function isDisabled(pool: Pool, userId: string): Promise<boolean> {
  const user = await rowsOn(pool).maybe<{ disabledAt: Date | null }>(sql`select disabled_at from auth."user" where id = ${userId}`);
  return user?.disabledAt !== null;
}

// Said with the words for a wrong password: whoever is disabled looks like whoever never was.
async function refuseDisabled(pool: Pool, userId: string): Promise<void> {
  if ((await isDisabled(pool, userId)) || (await hasRunOut(pool, userId))) throw signInRefused();
}

/** A password that somebody else made and that was not changed in time. */
async function hasRunOut(pool: Pool, userId: string): Promise<boolean> {
  const late = await rowsOn(pool).maybe(sql`
    select 1 from auth.account where user_id = ${userId} and provider_id = 'credential' and password_until < ${new Date()}`);
  return late !== undefined;
}

/** RFC 6238, section 5.2: a code is good for one sign-in, although it stays valid for up to 90 seconds. */
const onceOnlyCodes = (attempts: Attempts) =>
  createAuthMiddleware(async (ctx) => {
    if (ctx.path !== "/two-factor/verify-totp") return;
    const cookie = ctx.context.createAuthCookie("two_factor");
    const challengeId = await ctx.getSignedCookie(cookie.name, ctx.context.secret);
    const challenge = challengeId ? await ctx.context.internalAdapter.findVerificationValue(challengeId) : undefined;
    if (!challenge) return;
    const { waitSeconds } = await attempts.take(`code:${challenge.value}:${String(ctx.body?.code)}`, { max: 1, window: 90 });
    if (waitSeconds > 0) throw new APIError("UNAUTHORIZED", { code: "INVALID_CODE", message: "Invalid code" });
  });

/** By address. Generous, because an office shares one; tries against one account are counted in mount.ts. */
const rates = (attempts: Attempts) => ({
  enabled: true,
  window: 60,
  max: 120,
  customRules: {
    "/get-session": false as const,
    "/sign-in/email": { window: 60, max: 30 },
    "/request-password-reset": { window: 900, max: 20 },
    "/reset-password": { window: 60, max: 10 },
    "/change-password": { window: 60, max: 10 },
    "/two-factor/*": { window: 60, max: 20 },
  },
  customStorage: {
    consume: async (key: string, rule: { window: number; max: number }) => {
      const { waitSeconds } = await attempts.take(`address:${key}`, rule);
      return { allowed: waitSeconds === 0, retryAfter: waitSeconds === 0 ? null : waitSeconds };
    },
  },
});

const secondFactor = () =>
  twoFactor({
    issuer: "Heartwood",
    twoFactorCookieMaxAge: 600,
    accountLockout: { enabled: true, maxFailedAttempts: 10, durationSeconds: 900 },
    schema: {
      user: { fields: { twoFactorEnabled: "two_factor_enabled" } },
      twoFactor: {
        modelName: "two_factor",
        fields: {
          userId: "user_id",
          backupCodes: "backup_codes",
          failedVerificationCount: "failed_verification_count",
          lockedUntil: "locked_until",
        },
      },
    },
  });

/** Signs in without a password; has no address on the network. */
const houseSignIn = {
  id: "house-sign-in",
  endpoints: {
    signInAs: createAuthEndpoint.serverOnly({ method: "POST", body: z.object({ userId: z.string() }) }, async (ctx) => {
      const user = await ctx.context.internalAdapter.findUserById(ctx.body.userId);
      if (!user) throw signInRefused();
      const session = await ctx.context.internalAdapter.createSession(user.id);
      await setSessionCookie(ctx, { session, user });
      return { signedIn: true };
    }),
  },
} satisfies BetterAuthPlugin;

const stamps = { createdAt: "created_at", updatedAt: "updated_at" } as const;

const columns = {
  user: { modelName: "user", fields: { ...stamps, emailVerified: "email_verified" } },
  session: {
    modelName: "session",
    fields: { ...stamps, userId: "user_id", expiresAt: "expires_at", ipAddress: "ip_address", userAgent: "user_agent" },
  },
  account: {
    modelName: "account",
    fields: {
      ...stamps,
      userId: "user_id",
      accountId: "account_id",
      providerId: "provider_id",
      accessToken: "access_token",
      refreshToken: "refresh_token",
      idToken: "id_token",
      accessTokenExpiresAt: "access_token_expires_at",
      refreshTokenExpiresAt: "refresh_token_expires_at",
      password: "password_hash",
    },
  },
  verification: { modelName: "verification", fields: { ...stamps, expiresAt: "expires_at" } },
} as const;
