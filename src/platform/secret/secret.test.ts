// Sealed values, the keys they are sealed with, and how both change: on a real database, with a house that works meanwhile.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { symmetricDecrypt, symmetricEncrypt } from "better-auth/crypto";
import { newId } from "../../kernel/id.ts";
import { rowsOn, sql } from "../database/sql.ts";
import { openHouse, type TestHouse } from "../testing/house.ts";
import { makeKey, openRing } from "./data-key.ts";
import { reseal, resealSecondFactors, sealedColumns } from "./reseal.ts";
import { isSealed, keyOfSealed, ringOf, seal, unseal } from "./ring.ts";
import { Sealed, SealedText } from "./sealed.ts";
import { secretsOf } from "./second-factor.ts";

const key = (id: number, activeAt = 0) => ({ id, bytes: Buffer.alloc(32, id), activeAt: new Date(activeAt) });
const account = "DE02120300000000202051";

describe("a sealed text", () => {
  const ring = ringOf([key(1)]);

  test.each(["", account, "Łódź ✓ 銀行", "x".repeat(5000)])("comes back", (text) => expect(unseal(seal(text, ring), ring)).toBe(text));

  test("tells nothing but whether it is the same", () => {
    expect(seal(account, ring)).not.toContain(account);
    expect(seal(account, ring)).toBe(seal(account, ring));
    expect(seal(account, ring)).not.toBe(seal(`${account} `, ring));
    expect(seal(account, ring)).not.toBe(seal(account, ringOf([{ ...key(1), bytes: Buffer.alloc(32, 9) }])));
  });

  test("cannot be changed, or opened with another key", () => {
    const sealed = seal(account, ring);
    const changed = sealed.replace(/.$/, (sign) => (sign === "A" ? "Q" : "A"));
    expect(() => unseal(changed, ring)).toThrow();
    expect(() => unseal(sealed, ringOf([{ ...key(1), bytes: Buffer.alloc(32, 9) }]))).toThrow();
    expect(() => unseal(sealed, ringOf([key(2)]))).toThrow("its key 1 is not known");
  });

  test("a new key is used from its moment on, and the old one still opens", () => {
    let now = 1_000;
    const both = ringOf([key(1), key(2, 2_000)], () => new Date(now));
    const before = seal(account, both);
    now = 2_000;
    const after = seal(account, both);
    expect([before, after].map(keyOfSealed)).toEqual([1, 2]);
    expect([before, after].map((text) => unseal(text, both))).toEqual([account, account]);
  });
});

describe("a field that is sealed", () => {
  test("goes over the wire, into the trail and into what waits as its sealed text", () => {
    const value = Sealed(40).parse(account);
    expect(value.open()).toBe(account);
    expect(isSealed(JSON.parse(JSON.stringify({ value })).value)).toBe(true);
    expect(String(value)).not.toContain(account);
  });

  test("what was sealed before is taken as it is; what only looks like it is a text", () => {
    const kept = Sealed(40).parse(account).toJSON();
    expect(Sealed(40).parse(kept).toJSON()).toBe(kept);
    expect(SealedText.of("sealed:1:AAAA").open()).toBe("sealed:1:AAAA");
  });

  test("is refused as the text would be", () => {
    expect(Sealed(40).safeParse("").success).toBe(false);
    expect(Sealed(40).safeParse("1".repeat(41)).success).toBe(false);
    expect(Sealed(40).safeParse("a\u0007b").success).toBe(false);
  });
});

describe("in a house", () => {
  let house: TestHouse;
  const secret = { current: "a secret of the tests, long enough for anything" };
  const later = { current: "another secret of the tests, that came after it", previous: secret.current };

  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house.close());
  beforeEach(async () => {
    await house.owner.query("delete from auth.data_key");
    await house.owner.query("delete from payroll.enrolment");
  });

  const stored = async (): Promise<string[]> => {
    const rows = await rowsOn(house.owner).rows<{ account: string }>(
      sql`select bank_account as account from payroll.enrolment order by id`,
    );
    return rows.map((row) => row.account);
  };

  async function enrolled(text: string): Promise<void> {
    const { personId } = await house.person(`Person ${newId()}`);
    await rowsOn(house.owner).run(sql`
      insert into payroll.enrolment (tenant_id, id, employment_id, person_id, during, bank_account)
      values (${house.tenantId}, ${newId()}, ${newId()}, ${personId}, daterange('2026-01-01', null), ${text})`);
  }

  test("what was stored in clear is sealed once, what was erased stays erased, and keys change over more than one batch", async () => {
    const accounts = Array.from({ length: 520 }, (_, index) => `ACCOUNT ${1000 + index}`);
    const { personId } = await house.person("Many");
    await rowsOn(house.owner).run(sql`
      insert into payroll.enrolment (tenant_id, id, employment_id, person_id, during, bank_account)
      select ${house.tenantId}, a.id, a.id, ${personId}, daterange('2026-01-01', null), a.text
      from unnest(${accounts.map(() => newId())}::uuid[], ${accounts}::text[]) as a (id, text)`);
    await enrolled("(erased)");
    const first = await openRing(house.owner, secret);
    expect(await reseal(house.owner, first)).toBe(520);
    expect(await reseal(house.owner, first)).toBe(0);
    const opened = async (ring: Parameters<typeof unseal>[1]) => (await stored()).filter(isSealed).map((text) => unseal(text, ring));
    expect(await opened(first)).toEqual(accounts);
    expect(await stored()).toContain("(erased)");

    const id = await makeKey(house.owner, secret, new Date());
    const second = await openRing(house.owner, secret);
    expect(await reseal(house.owner, second)).toBe(520);
    expect(new Set((await stored()).filter(isSealed).map(keyOfSealed))).toEqual(new Set([id]));
    expect(await opened(second)).toEqual(accounts);
  });

  test("an approved payslip is sealed anew by the owner of the database, and changed by nobody", async () => {
    const columns = await sealedColumns(rowsOn(house.owner));
    expect(columns).toEqual([
      { table: "payroll.enrolment", column: "bank_account" },
      { table: "payroll.payslip", column: "bank_account" },
    ]);
    const db = rowsOn(house.owner);
    const { personId } = await house.person("Paid");
    const [runId, slipId] = [newId(), newId()];
    await db.run(sql`
      insert into payroll.run (tenant_id, id, entity_id, book_id, month, pay_day, currency, state, approved_on)
      values (${house.tenantId}, ${runId}, ${house.tenantId}, ${newId()}, '2026-10-01', '2026-10-28', 'EUR', 'approved', '2026-10-27')`);
    await db.run(sql`
      insert into payroll.payslip (tenant_id, id, run_id, employment_id, person_id, bank_account, gross, deductions, net, employer)
      values (${house.tenantId}, ${slipId}, ${runId}, ${newId()}, ${personId}, ${account}, 0, 0, 0, 0)`);
    const ring = await openRing(house.owner, secret);
    await reseal(house.owner, ring);
    const { text } = await db.row<{ text: string }>(sql`select bank_account as text from payroll.payslip where id = ${slipId}`);
    expect(unseal(text, ring)).toBe(account);
    const change = (column: string) =>
      house.owner.query(`update payroll.payslip set bank_account = 'sealed:1:AAAA', ${column} where id = $1`, [slipId]);
    await expect(change("net = 0, gross = 1, deductions = 1")).rejects.toMatchObject({ constraint: "payslip_kept" });
    await expect(house.owner.query("update payroll.payslip set bank_account = 'clear' where id = $1", [slipId])).rejects.toMatchObject({
      constraint: "payslip_kept",
    });
    const client = await house.pool.connect();
    try {
      await client.query("select set_config('heartwood.tenant', $1, false)", [house.tenantId]);
      await expect(
        client.query("update payroll.payslip set bank_account = 'sealed:1:AAAA' where id = $1 and tenant_id = $2", [
          slipId,
          house.tenantId,
        ]),
      ).rejects.toMatchObject({ constraint: "payslip_kept" });
    } finally {
      client.release(true);
    }
  });

  test("the law names what stands in clear", async () => {
    const auditor = await house.person("Anna Auditor", "platform.auditor");
    const law = async () => {
      const { laws } = (await house.call("platform.law.check", {}, auditor)) as { laws: { name: string; breaks: string[] }[] };
      return laws.find(({ name }) => name === "platform.sealed")!.breaks;
    };
    await reseal(house.owner, await openRing(house.owner, secret));
    expect(await law()).toEqual([]);
    await enrolled("DE89370400440532013000");
    expect(await law()).toEqual([expect.stringContaining("payroll.enrolment.bank_account holds 1 values in clear")]);
  });

  test("the house's secret changes, and every key stays the same", async () => {
    const before = await openRing(house.owner, secret);
    const sealed = seal(account, before);
    await expect(openRing(house.owner, { current: later.current })).rejects.toThrow("HEARTWOOD_SECRET_PREVIOUS");
    const after = await openRing(house.owner, later);
    expect(unseal(sealed, after)).toBe(account);
    // The old secret opens nothing any more, and the new one needs no other.
    expect(unseal(sealed, await openRing(house.owner, { current: later.current }))).toBe(account);
    await expect(openRing(house.owner, secret)).rejects.toThrow("not the one");
  });

  test("a key in the database cannot be opened without the secret, nor put in another's place", async () => {
    await openRing(house.owner, secret);
    await makeKey(house.owner, secret, new Date());
    await rowsOn(house.owner).run(sql`
      update auth.data_key k set wrapped = o.wrapped from auth.data_key o where k.id = 2 and o.id = 1`);
    await expect(openRing(house.owner, secret)).rejects.toThrow();
  });

  test("neither the application nor the sign-in can read the keys", async () => {
    await expect(house.pool.query("select from auth.data_key")).rejects.toThrow("permission denied");
    const { rows } = await house.owner.query("select has_table_privilege('heartwood_auth', 'auth.data_key', 'select') as may");
    expect(rows).toEqual([{ may: false }]);
  });

  test("second factors go over to the new secret, those from before secrets had numbers too", async () => {
    const users = [newId(), newId()];
    for (const [place, id] of users.entries()) {
      await house.owner.query(
        `insert into auth."user" (id, name, email, email_verified, created_at, updated_at) values ($1, 'Someone', $2, true, now(), now())`,
        [id, `someone${place}@example.test`],
      );
    }
    const numbered = { ...secretsOf(secret), legacySecret: undefined };
    const texts = [
      await symmetricEncrypt({ key: secret.current, data: "TOTP one" }),
      await symmetricEncrypt({ key: numbered, data: "TOTP two" }),
    ];
    for (const [place, userId] of users.entries()) {
      await house.owner.query("insert into auth.two_factor (id, user_id, secret, backup_codes) values ($1, $2, $3, $3)", [
        newId(),
        userId,
        texts[place],
      ]);
    }
    expect(await resealSecondFactors(house.owner, later)).toBe(2);
    expect(await resealSecondFactors(house.owner, later)).toBe(0);
    const { rows } = await house.owner.query<{ secret: string }>("select secret from auth.two_factor order by user_id");
    const alone = { ...secretsOf({ current: later.current }), legacySecret: undefined };
    expect(await Promise.all(rows.map((row) => symmetricDecrypt({ key: alone, data: row.secret })))).toEqual(["TOTP one", "TOTP two"]);
  });
});
