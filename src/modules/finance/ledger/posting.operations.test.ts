// The ledger on a real database: posting, closing, reversing, many at once, and what the database itself refuses.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addDays, day } from "../../../kernel/day.ts";
import { newId } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { rowsOn, sql } from "../../../platform/database/sql.ts";
import { inTransaction } from "../../../platform/funnel/transaction.ts";
import { createUnit } from "../../directory/index.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { renameAccount, retireAccount, setAccountRole } from "./account.operations.ts";
import { postJournalEntry, reverseJournalEntry } from "./entry.operations.ts";
import { createFiscalYear } from "./fiscal-year.operations.ts";
import { closePeriod, reopenPeriod } from "./period.operations.ts";
import { postEntries } from "./posting.ts";
import { createSetup } from "./setup.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const entry = (onDay: string, debit: string, credit: string, amount: string, more: object = {}) => ({
  day: onDay,
  text: "A test",
  lines: [
    { accountId: books.account(debit), debit: eur(amount), ...more },
    { accountId: books.account(credit), credit: eur(amount) },
  ],
  ...("journal" in more ? { journal: more.journal } : {}),
});
const post = (input: object) => run(postJournalEntry, input, books.accountant);
const period = async (code: string) =>
  ((await books.house.call("finance.period.list", { filter: { code } }, books.chief)) as { rows: { id: string }[] }).rows[0]!.id;

describe("posting by hand", () => {
  test("an entry gets the next number of its journal and stands in the trial balance of its day", async () => {
    const first = await post(entry("2026-03-05", "1120", "3110", "25000.00"));
    expect(first.number).toBe("GEN-2026-00001");
    const trial = await run(getTrialBalance, { asOf: "2026-03-05" }, books.chief);
    expect(trial.rows.map((row) => [row.code, row.closing.amount])).toEqual([
      ["1120", "25000.00"],
      ["3110", "-25000.00"],
    ]);
    expect(trial.totals.closing.minor).toBe(0n);
    expect((await run(getTrialBalance, { asOf: "2026-03-04" }, books.chief)).rows).toEqual([]);
    const { rows } = (await books.house.call("finance.journalLine.list", { filter: { entryId: first.id } }, books.chief)) as {
      rows: object[];
    };
    expect(rows).toMatchObject([
      { debit: eur("25000.00"), credit: null },
      { debit: null, credit: eur("25000.00") },
    ]);
  });

  test("a cost centre has a trial balance of its own", async () => {
    const owner = await books.house.person("Olga Owner", "owner");
    const { id: unitId } = await run(createUnit, { code: "OPS", name: "Operations", from: "2026-01-01" }, owner);
    await post(entry("2026-04-10", "6410", "1110", "80.00", { unitId }));
    const trial = await run(getTrialBalance, { asOf: "2026-04-30", unitId }, books.chief);
    expect(trial.rows.map((row) => [row.code, row.closing.amount])).toEqual([["6410", "80.00"]]);
    expect(await books.breaks()).toEqual([]);
  });

  test.each([
    ["no books", () => ({ ...entry("2026-03-05", "1120", "3110", "1"), bookId: newId() }), "booksMissing"],
    ["an unknown journal", () => ({ ...entry("2026-03-05", "1120", "3110", "1"), journal: "NOPE" }), "journalUnknown"],
    ["a day without a period", () => entry("2030-03-05", "1120", "3110", "1"), "periodMissing"],
    [
      "a single line",
      () => ({ ...entry("2026-03-05", "1120", "3110", "1"), lines: [{ accountId: books.account("1120"), debit: eur("1") }] }),
      "linesTooFew",
    ],
    ["neither side", () => ({ ...entry("2026-03-05", "1120", "3110", "1"), lines: [{ accountId: books.account("1120") }] }), "sideMissing"],
    ["a negative side", () => entry("2026-03-05", "1120", "3110", "-1"), "sideMissing"],
    ["an unknown account", () => entry("2026-03-05", "1120", "nothing", "1", { accountId: newId() }), "accountUnknown"],
    ["a group", () => entry("2026-03-05", "1100", "3110", "1"), "accountIsGroup"],
    ["receivables without customer", () => entry("2026-03-05", "1210", "3110", "1"), "partyMissing"],
    ["a party that is not there", () => entry("2026-03-05", "1120", "3110", "1", { partyId: newId() }), "partyUnknown"],
    ["a cost centre that is not there", () => entry("2026-03-05", "1120", "3110", "1", { unitId: newId() }), "unitUnknown"],
    ["an amount of nothing", () => entry("2026-03-05", "1120", "3110", "0"), "amountZero"],
    ["another currency", () => entry("2026-03-05", "1120", "3110", "1", { debit: { amount: "1", currency: "USD" } }), "currencyDiffers"],
    ["unequal sides", () => entry("2026-03-05", "1120", "3110", "1", { debit: eur("2") }), "entryUnbalanced"],
  ])("refuses %s", async (_, input, code) => {
    const wish = input();
    const lines = (wish.lines as { accountId?: string }[]).map((line) => ({ ...line, accountId: line.accountId ?? books.account("1120") }));
    await expect(post({ ...wish, lines })).rejects.toMatchObject({ code, message: expect.stringMatching(/\w{10,}|\w+ \w+/) });
  });
});

describe("the chart and the jobs of its accounts", () => {
  test("an account is renamed, retired and then refused", async () => {
    const accountId = books.account("6330");
    await run(renameAccount, { accountId, name: "Small equipment" }, books.chief);
    await run(retireAccount, { accountId, from: "2026-06-01" }, books.chief);
    await post(entry("2026-05-31", "6330", "1120", "10.00"));
    await expect(post(entry("2026-06-01", "6330", "1120", "10.00"))).rejects.toMatchObject({ code: "accountRetired" });
  });

  test("a job goes to another account, but not to a group, and control accounts stay", async () => {
    await run(setAccountRole, { accountId: books.account("4120"), role: "sales" }, books.chief);
    await run(setAccountRole, { accountId: books.account("4110"), role: "sales" }, books.chief);
    const refused = (code: string, role: string) => run(setAccountRole, { accountId: books.account(code), role }, books.chief);
    await expect(refused("4100", "sales")).rejects.toMatchObject({ code: "accountIsGroup" });
    await expect(refused("1250", "receivable")).rejects.toMatchObject({ code: "controlAccountFixed" });
    await expect(run(retireAccount, { accountId: books.account("4110"), from: "2026-06-01" }, books.chief)).rejects.toMatchObject({
      code: "hasJob",
    });
    for (const [operation, more] of [
      [renameAccount, { name: "X" }],
      [retireAccount, { from: "2026-06-01" }],
      [setAccountRole, { role: "sales" }],
    ] as const) {
      await expect(run(operation, { accountId: newId(), ...more }, books.chief)).rejects.toMatchObject({ code: "notFound" });
    }
  });

  test("books are set up once", async () => {
    const entity = { currency: "EUR", legalEntityId: newId() };
    await expect(run(createSetup, entity, books.chief)).rejects.toMatchObject({ code: "entityUnknown" });
    await expect(run(createSetup, { currency: "EUR" }, books.chief)).rejects.toMatchObject({ code: "alreadySetUp" });
    await expect(run(createSetup, { currency: "EUR", standardTaxPercent: "101" }, books.chief)).rejects.toMatchObject({
      code: "taxOutOfRange",
    });
  });
});

describe("reversal", () => {
  test("mirrors the entry, once", async () => {
    const { id } = await post(entry("2026-05-05", "6210", "1120", "900.00"));
    const wish = { journalEntryId: id, on: "2026-05-06", reason: "Paid privately" };
    const early = run(reverseJournalEntry, { ...wish, on: "2026-05-04" }, books.accountant);
    await expect(early).rejects.toMatchObject({ code: "beforeEntry", facts: { day: "2026-05-05" }, path: ["on"] });
    const reversal = await run(reverseJournalEntry, wish, books.accountant);
    const found = await books.house.call("finance.journalEntry.get", { id }, books.accountant);
    expect(found).toMatchObject({
      state: "reversed",
      reversedById: reversal.id,
      can: expect.not.arrayContaining(["finance.journalEntry.reverse"]),
    });
    await expect(run(reverseJournalEntry, wish, books.accountant)).rejects.toMatchObject({ code: "alreadyReversed" });
    await expect(run(reverseJournalEntry, { ...wish, journalEntryId: newId() }, books.accountant)).rejects.toMatchObject({
      code: "notFound",
    });
  });

  test("two at once: one of them is refused", async () => {
    const { id } = await post(entry("2026-05-05", "6210", "1120", "77.00"));
    const wish = { journalEntryId: id, on: "2026-05-06", reason: "Entered twice" };
    const results = await Promise.allSettled([1, 2, 3].map(() => run(reverseJournalEntry, wish, books.accountant)));
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    const codes = results.flatMap((result) => (result.status === "rejected" ? [(result.reason as { code: string }).code] : []));
    expect(codes).toEqual(["alreadyReversed", "alreadyReversed"]);
  });

  test("a settled item and an entry of a document are corrected where they belong", async () => {
    const party = { partyId: books.customerId };
    const owed = await post(entry("2026-05-07", "1210", "4110", "50.00", party));
    const credit = { ...entry("2026-05-08", "1120", "1210", "50.00"), text: "Paid" };
    credit.lines[1] = { ...credit.lines[1]!, ...party };
    await post(credit);
    const { rows } = (await books.house.call("finance.openItem.list", { filter: { partyId: books.customerId } }, books.chief)) as {
      rows: { id: string }[];
    };
    await books.house.call("finance.openItem.allocate", { openItemId: rows[0]!.id, againstId: rows[1]!.id }, books.chief);
    const wish = { journalEntryId: owed.id, on: "2026-05-09", reason: "Not delivered" };
    await expect(run(reverseJournalEntry, wish, books.accountant)).rejects.toMatchObject({ code: "itemsSettled" });
    expect(await books.breaks()).toEqual([]);
    const [payment] = await books.house.funnel.work(books.house.tenantId, async (context) =>
      postEntries(context, [
        {
          journal: "GEN",
          day: day("2026-05-09"),
          text: "From a document",
          document: { subject: "finance.payment", id: newId() },
          lines: [
            { account: "1110", amount: Money.parse("5", "EUR") },
            { account: { role: "suspense" }, amount: Money.parse("-5", "EUR") },
          ],
        },
      ]),
    );
    await expect(run(reverseJournalEntry, { ...wish, journalEntryId: payment!.id }, books.accountant)).rejects.toMatchObject({
      code: "documentOwnsEntry",
    });
  });
});

describe("periods", () => {
  test("closed in order, then nothing enters, until it is reopened with a reason", async () => {
    const [january, february] = [await period("2026-01"), await period("2026-02")];
    await expect(run(closePeriod, { periodId: february }, books.chief)).rejects.toMatchObject({ code: "earlierPeriodOpen" });
    const december = run(closePeriod, { periodId: await period("2026-12") }, books.chief);
    await expect(december).rejects.toMatchObject({ code: "notOver", facts: { what: "2026-12", untilDay: "2026-12-31" }, path: ["early"] });
    await run(closePeriod, { periodId: january }, books.chief);
    await expect(run(closePeriod, { periodId: january }, books.chief)).rejects.toMatchObject({ code: "alreadyClosed" });
    await expect(post(entry("2026-01-31", "1120", "3110", "1.00"))).rejects.toMatchObject({ code: "periodClosed" });
    await run(reopenPeriod, { periodId: january, reason: "A bill came late" }, books.chief);
    await expect(run(reopenPeriod, { periodId: january, reason: "A bill came late" }, books.chief)).rejects.toMatchObject({
      code: "alreadyOpen",
    });
    await post(entry("2026-01-31", "1120", "3110", "1.00"));
    for (const [operation, more] of [
      [closePeriod, {}],
      [reopenPeriod, { reason: "No such" }],
    ] as const) {
      await expect(run(operation, { periodId: newId(), ...more }, books.chief)).rejects.toMatchObject({ code: "notFound" });
    }
    expect(await books.breaks()).toEqual([]);
  });

  test("not while an invoice of the month is a draft", async () => {
    const lines = [{ description: "Work", unitPrice: eur("10.00") }];
    const draft = await books.house.call(
      "finance.invoice.create",
      { customerId: books.customerId, day: "2026-01-15", lines },
      books.accountant,
    );
    const january = await period("2026-01");
    await expect(run(closePeriod, { periodId: january }, books.chief)).rejects.toMatchObject({ code: "documentsWaiting" });
    await books.house.call("finance.invoice.cancel", { invoiceId: draft["id"] }, books.accountant);
    await run(closePeriod, { periodId: january }, books.chief);
    await run(reopenPeriod, { periodId: january, reason: "For the next test" }, books.chief);
  });

  test("years are opened two ahead at most", async () => {
    expect(await run(createFiscalYear, {}, books.chief)).toMatchObject({ fiscalYear: 2028, fromDay: "2028-01-01" });
    await expect(run(createFiscalYear, {}, books.chief)).rejects.toMatchObject({ code: "farAhead" });
    await expect(run(createFiscalYear, { bookId: newId() }, books.chief)).rejects.toMatchObject({ code: "booksMissing" });
  });

  test("a closing and sixteen postings at once: whoever is late is refused, and the closed period keeps its sum", async () => {
    const postings = Array.from({ length: 16 }, () => post(entry("2026-01-20", "1120", "3110", "1.00")));
    const closing = period("2026-01").then((id) => run(closePeriod, { periodId: id }, books.chief));
    const results = await Promise.allSettled([...postings, closing]);
    const codes = new Set(results.flatMap((result) => (result.status === "rejected" ? [(result.reason as { code: string }).code] : [])));
    expect([...codes].filter((code) => code !== "periodClosed")).toEqual([]);
    expect(await books.breaks()).toEqual([]);
  });
});

describe("many at once", () => {
  test("sixteen posters on one pair of accounts give numbers without gap and exact balances", async () => {
    const trial = async () =>
      (await run(getTrialBalance, { asOf: "2026-07-31" }, books.chief)).rows.find((row) => row.code === "6540")?.closing.minor ?? 0n;
    const before = await trial();
    const posters = Array.from({ length: 16 }, async () => {
      const numbers: string[] = [];
      for (let round = 0; round < 6; round++)
        numbers.push((await post({ ...entry("2026-07-15", "6540", "1120", "1.01"), journal: "BNK" })).number);
      return numbers;
    });
    const numbers = (await Promise.all(posters))
      .flat()
      .map((number) => Number(number.slice(-5)))
      .toSorted((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 96 }, (_, index) => numbers[0]! + index));
    expect((await trial()) - before).toBe(9696n);
    expect(await books.breaks()).toEqual([]);
  });

  test("whatever is posted in batches and reversed, the laws hold", async () => {
    const codes = ["1110", "1120", "4110", "6540", "6210", "2420"];
    const line = fc.record({ from: fc.nat(5), to: fc.nat(5), minor: fc.bigInt(1n, 10n ** 12n), dayOffset: fc.nat(120) });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 30 }), fc.nat(29), async (lines, reversed) => {
        const drafts = lines.map(({ from, to, minor, dayOffset }) => ({
          journal: "GEN",
          day: addDays(day("2026-06-01"), dayOffset),
          text: "Random",
          lines: [
            { account: codes[from]!, amount: new Money(minor, "EUR") },
            { account: codes[to]!, amount: new Money(-minor + 1n, "EUR") },
            { account: { role: "receivable" as const }, amount: new Money(-1n, "EUR"), partyId: books.customerId },
          ].filter((one) => one.amount.minor !== 0n),
        }));
        const posted = await books.house.funnel.work(books.house.tenantId, (context) => postEntries(context, drafts));
        const wish = { journalEntryId: posted[reversed % posted.length]!.id, on: "2026-11-20", reason: "At random" };
        await run(reverseJournalEntry, wish, books.chief);
        expect(await books.breaks()).toEqual([]);
        expect((await run(getTrialBalance, { asOf: "2026-08-17" }, books.chief)).totals.closing.minor).toBe(0n);
      }),
      { numRuns: 12 },
    );
  });
});

describe("what the database itself refuses", () => {
  const asApp = async (statement: ReturnType<typeof sql>) => {
    const client = await books.house.pool.connect();
    try {
      await client.query(`begin; set local heartwood.tenant = '${books.house.tenantId}'`);
      return await rowsOn(client as never).run(statement);
    } finally {
      await client.query("rollback");
      client.release();
    }
  };
  const asOwner = (statement: ReturnType<typeof sql>) => rowsOn(books.house.owner as never).run(statement);

  test.each(["journal_entry", "journal_line", "allocation"])("the application neither changes nor removes a row of %s", async (table) => {
    const name = {
      journal_entry: sql`finance.journal_entry`,
      journal_line: sql`finance.journal_line`,
      allocation: sql`finance.allocation`,
    }[table]!;
    await expect(asApp(sql`delete from ${name}`)).rejects.toMatchObject({ code: "42501" });
    await expect(asApp(sql`update ${name} set tenant_id = tenant_id`)).rejects.toMatchObject({ code: "42501" });
  });

  test("not even the owner of the tables changes what is posted", async () => {
    await expect(asOwner(sql`update finance.journal_line set amount = amount + 1`)).rejects.toThrow(/kept for ever/);
    await expect(asOwner(sql`truncate finance.journal_entry cascade`)).rejects.toThrow(/kept for ever/);
  });

  test("a line or an entry by any other way than the posting function", async () => {
    const { tenantId } = books.house;
    const line = asApp(sql`
      insert into finance.journal_line (tenant_id, id, entry_id, position, account_id, day, amount)
      select tenant_id, ${newId()}, id, 99, ${books.account("1120")}, day, 5
      from finance.journal_entry where tenant_id = ${tenantId} limit 1`);
    await expect(line).rejects.toMatchObject({ code: "42501" });
    const entryAlone = asApp(sql`
      insert into finance.journal_entry (tenant_id, id, book_id, journal_id, period_id, fiscal_year, sequence, number, day, text, total,
        posted_at, by_name)
      select tenant_id, ${newId()}, book_id, journal_id, period_id, fiscal_year, 999999, 'X', day, text, 0, posted_at, by_name
      from finance.journal_entry where tenant_id = ${tenantId} limit 1`);
    await expect(entryAlone).rejects.toMatchObject({ code: "42501" });
  });

  test.each([
    ["whose lines do not balance", [100n, -99n], "journal_entry_balances"],
    ["with a single line", [0n], "journal_entry_balances"],
    ["that says another total", [101n, -101n], "journal_entry_balances"],
    ["that balances", [100n, -100n], null],
  ])("the posting function itself refuses an entry %s", async (_, amounts, constraint) => {
    const posted = postedByHand(books.house.tenantId, amounts);
    await (constraint ? expect(posted).rejects.toMatchObject({ constraint }) : expect(posted).resolves.toHaveLength(1));
  });

  test("what was judged by an older chart is not posted by the posting function, and nothing of it stays", async () => {
    const count = async () => (await books.house.owner.query("select count(*)::int as lines from finance.journal_line")).rows[0];
    const before = await count();
    expect(await postedByHand(books.house.tenantId, [100n, -100n], newId())).toEqual([]);
    expect(await count()).toEqual(before);
  });

  test("the posting function posts for nobody but the company of the transaction", async () => {
    const other = await books.house.otherCompany();
    await expect(postedByHand(other, [100n, -100n])).rejects.toMatchObject({ code: "42501" });
  });

  /** One entry of 1.00 straight through the database's function, as a bug of ours might call it. */
  function postedByHand(tenantId: string, amounts: readonly bigint[], stamp?: string): Promise<unknown[]> {
    const ids = amounts.map(() => newId());
    const none = amounts.map(() => null);
    const text = amounts.map(() => null as string | null);
    return inTransaction(books.house.pool, books.house.tenantId, "write", async (db) => {
      const place = await db.row<{ bookId: string; ground: string; journalId: string; periodId: string; day: string }>(sql`
        select book_id, b.ground, journal_id, period_id, day
        from finance.journal_entry e join finance.period p using (tenant_id, book_id) join finance.book b on b.id = e.book_id
        where e.tenant_id = ${books.house.tenantId} and p.id = e.period_id and p.state = 'open' limit 1`);
      return db.rows(sql`
        select * from finance.post_entries(${tenantId}, ${place.bookId}, ${stamp ?? place.ground}, ${new Date()}, ${[null]}, ${["Hand"]},
          ${[newId()]}, ${[place.journalId]}, ${[place.periodId]}, ${[place.day]}, ${["By hand"]},
          ${[null]}, ${[null]}, ${[null]}, ${[null]}, ${[null]}, ${[100n]},
          ${ids}, ${amounts.map(() => 1)}, ${amounts.map((_, index) => index + 1)},
          ${amounts.map((_, index) => books.account(index === 0 ? "6540" : "1120"))}, ${amounts}, ${none}, ${none}, ${text}, ${none},
          ${none}, ${text}, ${none})`);
    });
  }

  test("a law names what someone broke behind the application's back", async () => {
    await asOwner(
      sql`update finance.balance set debit = debit + 1 where tenant_id = ${books.house.tenantId} and account_id = ${books.account("1120")}`,
    );
    const broken = await books.breaks();
    expect(broken.join("\n")).toMatch(/Balance of account 1120/);
    expect(broken.join("\n")).toMatch(/Main books are off by/);
  });
});
