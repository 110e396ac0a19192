// Cookies belong to this house alone (ASVS 3.3.1 – 3.3.4): over TLS each has the prefix by which browsers hold it to that.
import { afterAll, expect, test } from "vitest";
import { openPool } from "../database/pool.ts";
import { attemptsIn } from "./attempt.ts";
import { openAuthentication } from "./authentication.ts";

const pool = openPool({ host: "/nowhere" }, 1);
afterAll(() => pool.end());
const secret = "a secret of the test house, long enough 0123456789";

async function cookies(address: string) {
  const secureCookies = address.startsWith("https:");
  const options = { pool, secret, address, secureCookies, sendMail: async () => undefined };
  const context = await openAuthentication(options, attemptsIn(pool, secret)).$context;
  return [...Object.values(context.authCookies), ...["two_factor", "trust_device"].map((name) => context.createAuthCookie(name))];
}

test("over TLS each begins with __Host-, and keeps what that asks", async () => {
  const all = await cookies("https://erp.example");
  expect(all.length).toBeGreaterThan(4);
  for (const { name, attributes } of all) {
    expect(name).toMatch(/^__Host-heartwood\.\w+$/);
    expect(attributes).toMatchObject({ secure: true, path: "/", httpOnly: true, sameSite: "lax" });
    expect(attributes.domain).toBeUndefined();
  }
});

test("without TLS, on this machine, browsers would refuse the prefix", async () => {
  for (const { name, attributes } of await cookies("http://127.0.0.1:4400")) {
    expect(name).toMatch(/^heartwood\.\w+$/);
    expect(attributes).toMatchObject({ secure: false, httpOnly: true, sameSite: "lax" });
  }
});
