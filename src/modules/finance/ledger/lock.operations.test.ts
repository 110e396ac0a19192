// Locks on a real database: area by area, exceptions for one person until a moment, and what the list of them tells.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { newId } from "../../../kernel/id.ts";
import { rowsOn, sql } from "../../../platform/database/sql.ts";
import type { Actor } from "../../../platform/operation/context.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { postJournalEntry, reverseJournalEntry } from "./entry.operations.ts";
import { grantLockException, lockOnePeriod, revokeLockException, unlockPeriod } from "./lock.operations.ts";
import { closePeriod, reopenPeriod } from "./period.operations.ts";

let books: TestBooks;
const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());
beforeEach(async () => {
  books.house.today = day("2026-11-21");
});

const rowsOf = async (register: string, filter: object) =>
  ((await books.house.call(`${register}.list`, { filter, limit: 500 }, books.chief)) as { rows: Record<string, unknown>[] }).rows;
const period = async (code: string) => (await rowsOf("finance.period", { code }))[0]!["id"] as string;
const entry = (onDay: string, journal = "GEN", amount = "10.00") => ({
  day: onDay,
  text: "A test",
  journal,
  lines: [
    { accountId: books.account("6540"), debit: eur(amount) },
    { accountId: books.account("1120"), credit: eur(amount) },
  ],
});
const post = (input: object, actor: Actor = books.accountant) => run(postJournalEntry, input, actor);
const grant = (periodId: string, area: string, until: string, actor = books.accountant) =>
  run(grantLockException, { periodId, area, personId: actor.personId, until, reason: "A bill came late" }, books.chief);

describe("a lock", () => {
  test("stops its own area and no other, until it is opened with a reason", async () => {
    const january = await period("2026-01");
    await post(entry("2026-01-05", "SAL"));
    expect(await run(lockOnePeriod, { periodId: january, area: "sales" }, books.chief)).toMatchObject({ lockedAreas: ["sales"] });
    expect(await rowsOf("finance.period", { code: "2026-01" })).toMatchObject([{ lockedAreas: "sales", state: "open" }]);
    await expect(post(entry("2026-01-06", "SAL"))).rejects.toMatchObject({
      code: "areaLocked",
      message: expect.stringContaining("Choose a day from 2026-02-01 on"),
    });
    await post(entry("2026-01-06", "PUR"));
    await post(entry("2026-01-06"));
    await expect(run(lockOnePeriod, { periodId: january, area: "sales" }, books.chief)).rejects.toMatchObject({ code: "alreadyLocked" });
    await expect(run(unlockPeriod, { periodId: january, area: "tax", reason: "No reason" }, books.chief)).rejects.toMatchObject({
      code: "notLocked",
    });
    await run(unlockPeriod, { periodId: january, area: "sales", reason: "The customer was billed twice" }, books.chief);
    await post(entry("2026-01-06", "SAL"));
    expect(await rowsOf("finance.periodLock", { periodId: january })).toMatchObject([
      { area: "sales", state: "unlocked", entries: 1, reason: "The customer was billed twice" },
    ]);
    expect(await books.breaks()).toEqual([]);
  });

  test("all areas at once, of a month that is there and open", async () => {
    const february = await period("2026-02");
    expect(await run(lockOnePeriod, { periodId: february, area: "all" }, books.chief)).toMatchObject({
      lockedAreas: ["sales", "purchase", "payroll", "ledger", "tax"],
    });
    for (const journal of ["SAL", "PUR", "PAY", "GEN", "BNK"]) {
      await expect(post(entry("2026-02-05", journal))).rejects.toMatchObject({ code: "areaLocked" });
    }
    await run(unlockPeriod, { periodId: february, area: "all", reason: "For the next test" }, books.chief);
    for (const [operation, more] of [
      [lockOnePeriod, {}],
      [unlockPeriod, { reason: "No such period" }],
    ] as const) {
      await expect(run(operation, { periodId: newId(), area: "sales", ...more }, books.chief)).rejects.toMatchObject({ code: "notFound" });
    }
    const january = await period("2026-01");
    await run(closePeriod, { periodId: january }, books.chief);
    await expect(run(lockOnePeriod, { periodId: january, area: "sales" }, books.chief)).rejects.toMatchObject({ code: "alreadyClosed" });
    await run(reopenPeriod, { periodId: january, reason: "For the next test" }, books.chief);
  });

  test("on tax stops documents with tax, not the entries that have none", async () => {
    const march = await period("2026-03");
    await run(lockOnePeriod, { periodId: march, area: "tax" }, books.chief);
    const { id } = (await books.house.call(
      "finance.invoice.create",
      { customerId: books.customerId, day: "2026-03-10", lines: [{ description: "Work", unitPrice: eur("100.00") }] },
      books.accountant,
    )) as { id: string };
    const postInvoice = () => books.house.call("finance.invoice.post", { invoiceId: id }, books.accountant);
    await expect(postInvoice()).rejects.toMatchObject({ code: "areaLocked", message: expect.stringContaining("locked for tax") });
    await post(entry("2026-03-10", "SAL"));
    await grant(march, "tax", "2026-11-30");
    await postInvoice();
    expect(await rowsOf("finance.lockException", { periodId: march })).toMatchObject([{ area: "tax", entries: 1, total: eur("119.00") }]);
    expect(await books.breaks()).toEqual([]);
  });
});

describe("an exception", () => {
  test("lets one person in until its moment, and lists what came in", async () => {
    const april = await period("2026-04");
    await run(lockOnePeriod, { periodId: april, area: "all" }, books.chief);
    const { id } = await grant(april, "ledger", "2026-11-22T12:00:00Z");
    const first = await post(entry("2026-04-05", "GEN", "1.00"));
    const second = await post(entry("2026-04-06", "BNK", "2.00"));
    await expect(post(entry("2026-04-06", "SAL"))).rejects.toMatchObject({ code: "areaLocked" });
    await expect(post(entry("2026-04-06"), books.chief)).rejects.toMatchObject({ code: "areaLocked" });
    expect(await rowsOf("finance.lockException", { id })).toMatchObject([
      { state: "active", person: "Arno Accountant", area: "ledger", entries: 2, total: eur("3.00"), reason: "A bill came late" },
    ]);
    const listed = await rowsOf("finance.lockExceptionEntry", { lockExceptionId: id });
    expect(listed.map((row) => row["number"]).toSorted()).toEqual([first.number, second.number].toSorted());
    // It holds until noon of the next day; the house wakes at nine.
    books.house.today = day("2026-11-22");
    await post(entry("2026-04-07"));
    books.house.today = day("2026-11-23");
    await expect(post(entry("2026-04-07"))).rejects.toMatchObject({ code: "areaLocked" });
    expect(await rowsOf("finance.lockException", { id })).toMatchObject([{ state: "expired", entries: 3 }]);
    expect(await books.breaks()).toEqual([]);
  });

  test("ends at once when it is revoked, and a day alone lasts until its end", async () => {
    const april = await period("2026-04");
    const { id, until } = await grant(april, "purchase", "2026-11-21");
    expect(new Date(until).toISOString()).toBe("2026-11-21T23:59:59.999Z");
    await post(entry("2026-04-08", "PUR"));
    await run(revokeLockException, { lockExceptionId: id, reason: "The bill was for May" }, books.chief);
    await expect(post(entry("2026-04-08", "PUR"))).rejects.toMatchObject({ code: "areaLocked" });
    await expect(run(revokeLockException, { lockExceptionId: id, reason: "The bill was for May" }, books.chief)).rejects.toMatchObject({
      code: "alreadyRevoked",
    });
    await expect(run(revokeLockException, { lockExceptionId: newId(), reason: "No such one" }, books.chief)).rejects.toMatchObject({
      code: "notFound",
    });
    expect(await rowsOf("finance.lockException", { id })).toMatchObject([{ state: "revoked", entries: 1, revokedBy: "Carla Chief" }]);
  });

  test("is for someone of the house, in a month that is there, and ends later", async () => {
    const april = await period("2026-04");
    const wish = { periodId: april, area: "sales", personId: books.accountant.personId, until: "2026-11-30", reason: "A bill came late" };
    const refused = (more: object) => run(grantLockException, { ...wish, ...more }, books.chief);
    await expect(refused({ periodId: newId() })).rejects.toMatchObject({ code: "notFound" });
    await expect(refused({ personId: books.customerId })).rejects.toMatchObject({ code: "personUnknown" });
    await expect(refused({ until: "soon" })).rejects.toMatchObject({ code: "untilUnreadable" });
    await expect(refused({ until: "2026-11-20" })).rejects.toMatchObject({ code: "untilPast" });
  });

  test("a law names what entered a locked area behind the application's back", async () => {
    await rowsOn(books.house.owner as never).run(sql`
      update finance.period_lock set locked_entries = locked_entries - 1
      where tenant_id = ${books.house.tenantId} and area = 'purchase' and unlocked_at is null`);
    expect((await books.breaks()).join()).toMatch(/2026-04 was locked for purchase with -1 entries; 1 stand there now, 1 of them/);
    await rowsOn(books.house.owner as never).run(sql`
      update finance.period_lock set locked_entries = locked_entries + 1
      where tenant_id = ${books.house.tenantId} and area = 'purchase' and unlocked_at is null`);
  });
});

describe("what comes late", () => {
  test("a reversal goes to the first open day, with the original day noted", async () => {
    const { id, number } = await post(entry("2026-05-20", "GEN", "44.00"));
    const may = await period("2026-05");
    const invoice = (await books.house.call(
      "finance.invoice.create",
      { customerId: books.customerId, day: "2026-05-10", lines: [{ description: "Work", unitPrice: eur("50.00") }] },
      books.accountant,
    )) as { id: string };
    await books.house.call("finance.invoice.post", { invoiceId: invoice.id }, books.accountant);
    const payment = { invoiceId: invoice.id, bankAccountId: books.bankAccountId, day: "2026-05-22" };
    const paid = (await books.house.call("finance.invoice.recordPayment", payment, books.accountant)) as { paymentId: string };
    for (const code of ["2026-01", "2026-02", "2026-03", "2026-04"]) {
      await run(closePeriod, { periodId: await period(code) }, books.chief);
    }
    await run(closePeriod, { periodId: may }, books.chief);
    await run(lockOnePeriod, { periodId: await period("2026-06"), area: "ledger" }, books.chief);
    const explicit = { journalEntryId: id, on: "2026-05-25", reason: "Entered twice" };
    await expect(run(reverseJournalEntry, explicit, books.accountant)).rejects.toMatchObject({ code: "periodClosed" });
    const reversal = await run(reverseJournalEntry, { journalEntryId: id, reason: "Entered twice" }, books.accountant);
    expect(await rowsOf("finance.journalEntry", { id: reversal.id })).toMatchObject([
      { day: "2026-07-01", text: `Reversal of ${number} of 2026-05-20: Entered twice`, reverses: number },
    ]);
    const takenBack = { paymentId: paid.paymentId, reason: "The bank took it back" };
    const { entryId } = (await books.house.call("finance.payment.reverse", takenBack, books.accountant)) as { entryId: string };
    expect(await rowsOf("finance.journalEntry", { id: entryId })).toMatchObject([{ day: "2026-07-01" }]);
    const open = await post(entry("2026-07-20"));
    const sameDay = await run(reverseJournalEntry, { journalEntryId: open.id, reason: "Entered twice" }, books.accountant);
    expect(await rowsOf("finance.journalEntry", { id: sameDay.id })).toMatchObject([{ day: "2026-07-20" }]);
    expect(await books.breaks()).toEqual([]);
  });
});

describe("many at once", () => {
  test("thirty-two posters on one journal: all succeed, no number is missing, none is given twice", async () => {
    const posters = Array.from({ length: 32 }, async (_, poster) => {
      const numbers: string[] = [];
      for (let round = 0; round < 4; round++) numbers.push((await post(entry("2026-08-15", "AST", `${poster + 1}.0${round}`))).number);
      return numbers;
    });
    const numbers = (await Promise.all(posters)).flat().map((number) => Number(number.slice(-5)));
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 128 }, (_, index) => index + 1));
    expect(await books.breaks()).toEqual([]);
  });

  test("a lock and sixteen postings at once: whoever is late is refused, and the lock knows what was there before it", async () => {
    const postings = Array.from({ length: 16 }, () => post(entry("2026-09-20", "PAY", "1.00")));
    const locking = period("2026-09").then((id) => run(lockOnePeriod, { periodId: id, area: "payroll" }, books.chief));
    const results = await Promise.allSettled([...postings, locking]);
    const codes = results.flatMap((result) => (result.status === "rejected" ? [(result.reason as { code: string }).code] : []));
    expect(codes.filter((code) => code !== "areaLocked")).toEqual([]);
    expect(await books.breaks()).toEqual([]);
  });
});
