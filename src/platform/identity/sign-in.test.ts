// Signing in as people and programs meet it: over HTTP, on real PostgreSQL, with the rights the house gives to sign-in and no more.
import { createHmac } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { openPool, type Pool } from "../database/pool.ts";
import { createTestDatabase, type TestDatabase } from "../testing/database.ts";
import { attemptsIn } from "./attempt.ts";
import { openAuthentication } from "./authentication.ts";
import { createSignIn, type SignIn } from "./sign-in.ts";
import { hourlySweep } from "./sweep.ts";

const address = "http://127.0.0.1:4400";
const secret = "a secret of the test house, long enough 0123456789";
const password = "correct horse battery";

let database: TestDatabase;
let owner: Pool;
let pool: Pool;
let house: SignIn;
let server: FastifyInstance;
let aHash: string;
const mails: { to: string; text: string }[] = [];

beforeAll(async () => {
  database = await createTestDatabase({ socketFolder: inject("socketFolder"), port: inject("port") });
  owner = openPool(database.connection("heartwood_owner"), 2);
  pool = openPool({ ...database.connection("heartwood_owner"), user: "heartwood_auth" }, 4);
  const sendMail = async (to: string, _subject: string, text: string) => void mails.push({ to, text });
  const isBreached = async (tried: string) => tried === "a breached horse battery";
  house = await createSignIn({ pool, secret, address, secureCookies: false, sendMail, isBreached });
  server = Fastify();
  server.all("/api/auth/*", (request, reply) => house.handle(request, reply));
  aHash = await house.hashPassword(password);
});

afterAll(async () => {
  await server?.close();
  await pool?.end();
  await owner?.end();
  await database?.drop();
});

/** One browser: keeps cookies, names its origin, and sits at an address of its own. */
class Browser {
  readonly cookies = new Map<string, string>();
  readonly ip: string;
  static count = 0;

  constructor(ip = `10.0.${++Browser.count}.1`) {
    this.ip = ip;
  }

  get headers(): { cookie: string } {
    return { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
  }

  async ask(method: "GET" | "POST", path: string, body?: object, headers: Record<string, string> = {}) {
    const answer = await server.inject({
      method,
      url: `/api/auth${path}`,
      remoteAddress: this.ip,
      headers: { origin: address, ...(this.cookies.size > 0 ? this.headers : {}), ...headers },
      ...(body && { payload: body }),
    });
    for (const { name, value, maxAge } of answer.cookies) {
      if (maxAge === 0) this.cookies.delete(name);
      else this.cookies.set(name, encodeURIComponent(value));
    }
    return { status: answer.statusCode, body: answer.json(), headers: answer.headers };
  }

  signIn = (email: string, word = password) => this.ask("POST", "/sign-in/email", { email, password: word });
}

let people = 0;

async function newPerson() {
  const email = `person${++people}@example.com`;
  return { email, userId: await house.createUser({ email, name: `Person ${people}`, passwordHash: aHash }) };
}

async function signedIn() {
  const person = await newPerson();
  const browser = new Browser();
  expect((await browser.signIn(person.email)).status).toBe(200);
  return { ...person, browser };
}

test("the right password opens a session; the cookie is kept from scripts and from other sites", async () => {
  const { email, userId } = await newPerson();
  const browser = new Browser();
  const answer = await browser.signIn(email.toUpperCase());
  expect(answer.status).toBe(200);
  expect(String(answer.headers["set-cookie"])).toMatch(/^heartwood\.session_token=.*; HttpOnly; SameSite=Lax/);
  expect(await house.sessionOf(browser.headers)).toEqual({
    userId,
    email,
    name: expect.any(String),
    sessionId: expect.any(String),
    hasSecondFactor: false,
  });
  expect(await house.sessionOf(new Headers(browser.headers))).toMatchObject({ userId });
  expect((await browser.ask("GET", "/get-session")).body.user.email).toBe(email);
});

test("a wrong password, an unknown address, an account without a password and a disabled one get the same answer", async () => {
  const { email } = await newPerson();
  const disabled = await newPerson();
  await house.disableUser(disabled.userId);
  await house.createUser({ email: "nopassword@example.com", name: "No Password" });
  const answers = [
    await new Browser().signIn(email, "wrong horse battery"),
    await new Browser().signIn("nobody@example.com"),
    await new Browser().signIn("nopassword@example.com"),
    await new Browser().signIn(disabled.email),
  ];
  for (const { status, body } of answers) expect({ status, body }).toEqual({ status: 401, body: answers[0]!.body });
  expect(answers[0]!.body.detail).toBe("The e-mail address or the password is not right. Try again, or ask for a new password.");
});

test("a forged, altered or foreign cookie is nobody", async () => {
  const { browser } = await signedIn();
  const [name, value] = [...browser.cookies][0]!;
  const [token] = decodeURIComponent(value).split(".");
  for (const forged of [token!, `${token}.${"A".repeat(43)}=`, `x${value}`, "%", ""]) {
    expect(await house.sessionOf({ cookie: `${name}=${forged}` })).toBeUndefined();
  }
  expect(await house.sessionOf({})).toBeUndefined();
});

test("signing in again makes another session: a planted session is never taken over", async () => {
  const { browser, email } = await signedIn();
  const before = await house.sessionOf(browser.headers);
  const planted = { ...browser.headers };
  await browser.signIn(email);
  const after = await house.sessionOf(browser.headers);
  expect(after?.sessionId).not.toBe(before?.sessionId);
  expect(planted.cookie).not.toBe(browser.headers.cookie);
  const stranger = new Browser();
  stranger.cookies.set("heartwood.session_token", "planted.value");
  await stranger.signIn(email);
  expect(stranger.cookies.get("heartwood.session_token")).not.toBe("planted.value");
});

test("signing out, revoking and a new password end sessions at once, although they were just used", async () => {
  const one = await signedIn();
  const copy = { ...one.browser.headers };
  expect(await house.sessionOf(copy)).toBeDefined();
  expect((await one.browser.ask("POST", "/sign-out")).status).toBe(200);
  expect(await house.sessionOf(copy)).toBeUndefined();

  const two = await signedIn();
  expect(await house.sessionOf(two.browser.headers)).toBeDefined();
  await house.revokeSessions(two.userId);
  expect(await house.sessionOf(two.browser.headers)).toBeUndefined();
  expect((await two.browser.ask("GET", "/get-session")).body).toBeNull();

  const three = await signedIn();
  const elsewhere = new Browser();
  await elsewhere.signIn(three.email);
  expect(await house.sessionOf(elsewhere.headers)).toBeDefined();
  const change = { currentPassword: password, newPassword: "another horse battery", revokeOtherSessions: false };
  expect((await three.browser.ask("POST", "/change-password", change)).status).toBe(200);
  expect(await house.sessionOf(elsewhere.headers)).toBeUndefined();
  expect(await house.sessionOf(three.browser.headers)).toBeDefined();
  await house.setPassword(three.userId, "a third horse battery");
  expect(await house.sessionOf(three.browser.headers)).toBeUndefined();
  expect((await new Browser().signIn(three.email, "a third horse battery")).status).toBe(200);
});

test("a session ends after a day without use and after two weeks in any case", async () => {
  const { browser, userId } = await signedIn();
  const age = (column: string, hours: number) =>
    owner.query(`update auth.session set ${column} = now() - make_interval(hours => $2) where user_id = $1`, [userId, hours]);
  await age("updated_at", 23);
  expect(await house.sessionOf(browser.headers)).toBeDefined();
  const { rows } = await owner.query("select updated_at > now() - interval '1 minute' as used from auth.session where user_id = $1", [
    userId,
  ]);
  expect(rows[0].used).toBe(true);
  await age("updated_at", 25);
  expect(await afterForgetting(browser)).toBeUndefined();
  expect((await browser.ask("GET", "/get-session")).body).toBeNull();
  await age("updated_at", 0);
  await age("expires_at", 1);
  expect(await afterForgetting(browser)).toBeUndefined();
});

async function afterForgetting(browser: Browser) {
  house.forget();
  return house.sessionOf(browser.headers);
}

/** RFC 6238 with the usual SHA-1, six digits and 30 seconds, written here to check the library from outside. */
function codeAt(base32: string, milliseconds: number): string {
  const letters = base32.replace(/=+$/, "").split("");
  const bits = letters.map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(milliseconds / 30_000)));
  const digest = createHmac("sha1", key).update(counter).digest();
  const number = digest.readUInt32BE(digest.at(-1)! & 0xf) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

test("a second factor is enrolled with a code, then asked for at every sign-in; a code and a backup code work once", async () => {
  const { browser, email } = await signedIn();
  const wrong = await browser.ask("POST", "/two-factor/enable", { password: "not my password" });
  expect(wrong.body.detail).toBe("The password is not right. Type your current password again.");
  const enrolment = (await browser.ask("POST", "/two-factor/enable", { password })).body;
  const base32 = new URL(enrolment.totpURI).searchParams.get("secret")!;
  expect((await new Browser().signIn(email)).body.twoFactorRedirect).toBeUndefined();
  expect((await browser.ask("POST", "/two-factor/verify-totp", { code: "000000" })).status).toBe(401);
  const before = await house.sessionOf(browser.headers);
  expect((await browser.ask("POST", "/two-factor/verify-totp", { code: codeAt(base32, Date.now()) })).status).toBe(200);
  const after = await house.sessionOf(browser.headers);
  expect(after).toMatchObject({ hasSecondFactor: true });
  expect(after?.sessionId).not.toBe(before?.sessionId);

  const withCode = new Browser();
  expect((await withCode.signIn(email)).body).toEqual({ twoFactorRedirect: true, twoFactorMethods: ["totp"] });
  expect(await house.sessionOf(withCode.headers)).toBeUndefined();
  const code = codeAt(base32, Date.now());
  expect((await withCode.ask("POST", "/two-factor/verify-totp", { code })).status).toBe(200);
  expect(await house.sessionOf(withCode.headers)).toMatchObject({ email });

  const overTheShoulder = new Browser();
  await overTheShoulder.signIn(email);
  expect((await overTheShoulder.ask("POST", "/two-factor/verify-totp", { code })).status).toBe(401);

  const [backup] = enrolment.backupCodes as string[];
  const withBackup = new Browser();
  await withBackup.signIn(email);
  expect((await withBackup.ask("POST", "/two-factor/verify-backup-code", { code: backup })).status).toBe(200);
  expect(await house.sessionOf(withBackup.headers)).toMatchObject({ email });
  const again = new Browser();
  await again.signIn(email);
  const second = await again.ask("POST", "/two-factor/verify-backup-code", { code: backup });
  expect(second).toMatchObject({ status: 401, body: { code: "INVALID_BACKUP_CODE" } });
  expect(await house.sessionOf(again.headers)).toBeUndefined();
});

test("guessing the second factor ends after five wrong codes, and locks the account after ten", async () => {
  const { browser, email } = await signedIn();
  const { totpURI } = (await browser.ask("POST", "/two-factor/enable", { password })).body;
  const base32 = new URL(totpURI).searchParams.get("secret")!;
  await browser.ask("POST", "/two-factor/verify-totp", { code: codeAt(base32, Date.now()) });
  const right = codeAt(base32, Date.now() + 30_000);
  const codes: string[] = [];
  for (let challenge = 0; challenge < 3; challenge++) {
    const thief = new Browser();
    await thief.signIn(email);
    for (let guess = 0; guess < 6; guess++) {
      const code = String((Number(right) + 1 + challenge * 10 + guess) % 1_000_000).padStart(6, "0");
      codes.push((await thief.ask("POST", "/two-factor/verify-totp", { code })).body.code);
    }
  }
  expect(codes.slice(0, 6)).toEqual([...Array(5).fill("INVALID_CODE"), "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE"]);
  expect(codes.slice(12)).toEqual(Array(6).fill("TOO_MANY_TRIES"));
  const late = new Browser();
  await late.signIn(email);
  expect((await late.ask("POST", "/two-factor/verify-totp", { code: right })).status).toBe(429);
});

test("ten tries at an account, right or wrong, known or unknown, from anywhere; then a wait of a quarter of an hour", async () => {
  const { email } = await newPerson();
  for (const tried of [email, "unknown@example.com"]) {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 11; attempt++) statuses.push((await new Browser().signIn(tried, "wrong")).status);
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
  }
  const refused = await new Browser().signIn(email);
  expect(refused).toMatchObject({ status: 429, body: { detail: "Too many tries. Wait 15 minutes, then try again." } });
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(800);
  await owner.query("update auth.attempt set began_at = began_at - interval '16 minutes'");
  expect((await new Browser().signIn(email)).status).toBe(200);
});

test("an address, an IPv6 network and a spoofed header have one budget", async () => {
  const flood = async (ip: (attempt: number) => string) => {
    const statuses = await Promise.all(
      Array.from({ length: 40 }, (_, attempt) =>
        new Browser(ip(attempt))
          .ask(
            "POST",
            "/sign-in/email",
            { email: `f${ip(0)}${attempt}@example.com`, password: "x" },
            { "x-forwarded-for": `9.9.9.${attempt}` },
          )
          .then(({ status }) => status),
      ),
    );
    return statuses.filter((status) => status === 429).length;
  };
  expect(await flood(() => "198.51.100.7")).toBe(10);
  expect(await flood((attempt) => `2001:db8:1:2::${attempt + 1}`)).toBe(10);
  expect(await flood((attempt) => `198.51.101.${attempt + 1}`)).toBe(0);
});

test("a disabled user is out at once, sessions and tokens, and comes back with neither session", async () => {
  const { browser, email, userId } = await signedIn();
  const { token } = await house.createToken(userId, "laptop");
  expect(await house.sessionOf(browser.headers)).toBeDefined();
  expect(await house.userOfToken(token)).toMatchObject({ userId });
  await house.disableUser(userId);
  expect(await house.sessionOf(browser.headers)).toBeUndefined();
  expect(await house.userOfToken(token)).toBeUndefined();
  await expect(house.createToken(userId, "other")).rejects.toMatchObject({ code: "userDisabled" });
  await expect(house.signInAs(userId, {})).rejects.toThrow();
  expect((await new Browser().ask("POST", "/request-password-reset", { email })).status).toBe(200);
  expect(mails.some(({ to }) => to === email)).toBe(false);
  await house.enableUser(userId);
  expect(await house.sessionOf(browser.headers)).toBeUndefined();
  expect((await new Browser().signIn(email)).status).toBe(200);
  // A session that slipped in while the account was being disabled.
  await owner.query(`update auth."user" set disabled_at = now() where id = $1`, [userId]);
  expect(await afterForgetting(browser)).toBeUndefined();
  await expect(house.disableUser("00000000-0000-7000-8000-000000000000")).rejects.toMatchObject({ code: "userMissing" });
});

test("personal tokens: shown once, kept as a hash, revocable, and dead when they expire", async () => {
  const { userId, email } = await newPerson();
  const other = await newPerson();
  const { id, token } = await house.createToken(userId, " laptop ");
  expect(token).toMatch(/^hw_[\w-]{43}$/);
  expect(await house.userOfToken(token)).toEqual({ hasSecondFactor: false, userId, tokenId: id, email, name: expect.any(String) });
  const { rows } = await owner.query("select * from auth.personal_token");
  expect(JSON.stringify(rows)).not.toContain(token.slice(3));
  expect(await house.userOfToken(`hw_${"A".repeat(43)}`)).toBeUndefined();
  expect(await house.userOfToken("")).toBeUndefined();

  expect(await house.revokeToken(other.userId, id)).toBe(false);
  expect(await house.userOfToken(token)).toBeDefined();
  expect(await house.revokeToken(userId, id)).toBe(true);
  expect(await house.userOfToken(token)).toBeUndefined();
  expect(await house.revokeToken(userId, id)).toBe(false);

  const short = await house.createToken(userId, "short", new Date(Date.now() + 150));
  expect(await house.userOfToken(short.token)).toBeDefined();
  await wait(160);
  expect(await house.userOfToken(short.token)).toBeUndefined();
  await expect(house.createToken(userId, "past", new Date(Date.now() - 1))).rejects.toMatchObject({ code: "tokenExpiryPast" });
  await expect(house.createToken(userId, " ")).rejects.toMatchObject({ code: "tokenNameMissing" });
  expect((await house.listTokens(userId)).map((listed) => [listed.name, listed.revokedAt !== null, listed.lastUsedAt !== null])).toEqual([
    ["short", false, true],
    ["laptop", true, true],
  ]);
  expect(await house.listTokens(other.userId)).toEqual([]);
});

test("a forgotten password is chosen anew by a link that works once and ends what the old one opened", async () => {
  const { browser, email } = await signedIn();
  const ask = (to: string) => new Browser().ask("POST", "/request-password-reset", { email: to });
  const known = await ask(email);
  const unknown = await ask("stranger@example.com");
  expect(known.body).toEqual(unknown.body);
  await expect.poll(() => mails.filter(({ to }) => to === email).length).toBe(1);
  expect(mails.some(({ to }) => to === "stranger@example.com")).toBe(false);
  const token = /token=(\S+)/.exec(mails.find(({ to }) => to === email)!.text)![1]!;
  const choose = (newPassword: string) => new Browser().ask("POST", "/reset-password", { token, newPassword });
  expect((await choose("short")).body.detail).toBe("The password is too short. Choose one of at least 12 characters.");
  expect((await choose("a brand new password")).status).toBe(200);
  expect(await house.sessionOf(browser.headers)).toBeUndefined();
  expect((await choose("and another password")).body.detail).toBe("This link has been used or has expired. Ask for a new one.");
  expect((await new Browser().signIn(email, "a brand new password")).status).toBe(200);
});

test("nobody signs up, other doors are shut, and other sites and other body types get nothing done", async () => {
  const visitor = new Browser();
  const signUp = { email: "me@example.com", password, name: "Me" };
  expect((await visitor.ask("POST", "/sign-up/email", signUp)).status).toBe(404);
  for (const path of ["/update-user", "/delete-user", "/change-email", "/two-factor/send-otp", "/house-sign-in", "/constructor"]) {
    expect((await visitor.ask("POST", path, {})).status).toBe(404);
  }
  expect((await visitor.ask("GET", "/sign-out")).status).toBe(404);
  const { browser } = await signedIn();
  expect((await browser.ask("POST", "/sign-out", undefined, { origin: "https://evil.example" })).status).toBe(403);
  expect((await browser.ask("POST", "/sign-out", undefined, { origin: "null" })).status).toBe(403);
  expect(await house.sessionOf(browser.headers)).toBeDefined();
  const asText = await server.inject({
    method: "POST",
    url: "/api/auth/sign-in/email",
    headers: { "content-type": "text/plain" },
    payload: JSON.stringify(signUp),
  });
  expect(asText.statusCode).toBe(415);
});

test("accounts are made by the house, once for an address", async () => {
  const userId = await house.createUser({ email: " Ada@Example.com ", name: "Ada", password: "a long enough password" });
  expect(userId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  expect(await house.findUser("ADA@example.com")).toEqual({ userId, email: "ada@example.com", name: "Ada", disabledAt: null });
  await expect(house.createUser({ email: "ada@example.com", name: "Ada" })).rejects.toMatchObject({ code: "emailTaken" });
  const short = house.createUser({ email: "x@example.com", name: "X", password: "short" });
  await expect(short).rejects.toMatchObject({ code: "passwordTooShort" });
  await expect(house.createUser({ email: "not an address", name: "X" })).rejects.toMatchObject({ code: "emailWrong" });
  const { cookies } = await house.signInAs(userId, {});
  expect(await house.sessionOf({ cookie: cookies[0]!.split(";")[0]! })).toMatchObject({ userId });
  const sendMail = async () => undefined;
  const behindTls = await createSignIn({ pool, secret, address: "https://erp.example", secureCookies: true, sendMail });
  const {
    cookies: [secure],
  } = await behindTls.signInAs(userId, {});
  expect(secure).toMatch(/^__Host-heartwood\.session_token=.*; Path=\/; .*Secure/);
  expect(await behindTls.sessionOf({ cookie: secure!.split(";")[0]! })).toMatchObject({ userId });
});

test("what has run out is swept away", async () => {
  const { userId } = await signedIn();
  await owner.query("update auth.session set expires_at = now() - interval '1 second' where user_id = $1", [userId]);
  await hourlySweep(pool)();
  const { rows } = await owner.query("select count(*)::integer as left from auth.session where user_id = $1", [userId]);
  expect(rows).toEqual([{ left: 0 }]);
});

test("the tables are what the installed better-auth expects", async () => {
  const { getMigrations } = await import("better-auth/db/migration");
  const quiet = { pool, secret, address, secureCookies: true, sendMail: async () => undefined };
  const plan = await getMigrations(openAuthentication(quiet, attemptsIn(pool, secret)).options);
  const { toBeCreated, toBeAdded, toBeAddedIndexes, schemaProblems } = plan;
  expect({ toBeCreated, toBeAdded, toBeAddedIndexes, schemaProblems }).toEqual({
    toBeCreated: [],
    toBeAdded: [],
    toBeAddedIndexes: [],
    schemaProblems: [],
  });
});

test("a password that anybody would try first is refused, by the account's own words too", async () => {
  const { browser } = await signedIn();
  const change = (newPassword: string) => browser.ask("POST", "/change-password", { currentPassword: password, newPassword });
  for (const guess of ["password1234", "qwertyuiop12", "123456789012", "Person2026!!!"]) {
    expect((await change(guess)).body).toMatchObject({ status: 400, code: "PASSWORD_GUESSABLE", detail: expect.stringContaining("first") });
  }
  await expect(house.createUser({ email: "guess@example.com", name: "Guess", password: "password1234" })).rejects.toMatchObject({
    code: "passwordGuessable",
  });
  const two = await newPerson();
  await new Browser().ask("POST", "/request-password-reset", { email: two.email });
  await expect.poll(() => mails.findLast((mail) => mail.to === two.email)).toBeDefined();
  const token = /token=([\w-]+)/.exec(mails.findLast((mail) => mail.to === two.email)!.text)![1];
  const reset = (newPassword: string) => new Browser().ask("POST", "/reset-password", { newPassword, token });
  expect((await reset("Welcome-2026!")).body).toMatchObject({ code: "PASSWORD_GUESSABLE" });
  for (const way of [change, reset]) expect((await way("a breached horse battery")).body).toMatchObject({ code: "PASSWORD_BREACHED" });
  await expect(house.setPassword(two.userId, "a breached horse battery")).rejects.toMatchObject({ code: "passwordBreached" });
  expect((await reset("a fourth horse battery")).status).toBe(200);
});

test("other sessions are ended with the password only, and signing out clears what the browser kept", async () => {
  const { browser, email } = await signedIn();
  const elsewhere = new Browser();
  await elsewhere.signIn(email);
  const sessions = (await browser.ask("GET", "/list-sessions")).body as unknown as { id: string }[];
  expect(sessions).toHaveLength(2);
  for (const body of [{}, { password: "wrong horse battery" }, { password: 1 }]) {
    expect((await browser.ask("POST", "/revoke-other-sessions", body)).body).toMatchObject({ status: 400, code: "INVALID_PASSWORD" });
  }
  expect(await house.sessionOf(elsewhere.headers)).toBeDefined();
  expect((await browser.ask("POST", "/revoke-other-sessions", { password })).status).toBe(200);
  expect(await house.sessionOf(elsewhere.headers)).toBeUndefined();
  expect(await house.sessionOf(browser.headers)).toBeDefined();
  expect((await browser.ask("POST", "/sign-out", {})).headers["clear-site-data"]).toBe('"cache"');
});

test("a first password that somebody else made runs out; one's own does not", async () => {
  const { userId, email } = await newPerson();
  await house.setPassword(userId, "a first horse battery", new Date(Date.now() + 60_000));
  expect((await new Browser().signIn(email, "a first horse battery")).status).toBe(200);
  await owner.query("update auth.account set password_until = now() - interval '1 second' where user_id = $1", [userId]);
  expect((await new Browser().signIn(email, "a first horse battery")).status).toBe(401);
  await house.setPassword(userId, "a chosen horse battery");
  expect((await new Browser().signIn(email, "a chosen horse battery")).status).toBe(200);
  const { rows } = await owner.query("select password_until from auth.account where user_id = $1", [userId]);
  expect(rows).toEqual([{ password_until: null }]);
});

test("every try to come in is a line of the log, without address, password or token", async () => {
  const lines: string[] = [];
  const logged = Fastify({
    logger: { level: "info", stream: { write: (line: string) => void lines.push(line) } },
    disableRequestLogging: true,
  });
  logged.all("/api/auth/*", (request, reply) => house.handle(request, reply));
  const { email } = await newPerson();
  const ask = (url: string, payload: object) =>
    logged.inject({ method: "POST", url: `/api/auth${url}`, payload, headers: { origin: address }, remoteAddress: "10.9.9.9" });
  const opened = await ask("/sign-in/email", { email, password });
  await ask("/sign-in/email", { email, password: "wrong horse battery" });
  await logged.close();
  const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line["event"] === "sign-in/email");
  expect(events.map(({ outcome, level }) => [outcome, level])).toEqual([
    ["done", 30],
    ["refused", 40],
  ]);
  expect(events[0]!["who"]).toBe(events[1]!["who"]);
  for (const secretWord of [email, password, "wrong horse", opened.cookies[0]!.value]) expect(lines.join()).not.toContain(secretWord);
});
