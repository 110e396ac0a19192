// The reports on a real database: as of any day, across a year's end, page by page, and as a file.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { newId } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { rowsOn, sql } from "../../../platform/database/sql.ts";
import { financeFigures } from "../figures.ts";
import { getAgeing, getCustomerAccount, getSupplierAccount } from "../receivables/account.operations.ts";
import { postJournalEntry } from "../ledger/entry.operations.ts";
import { createSetup } from "../ledger/setup.operations.ts";
import { postEntries } from "../ledger/posting.ts";
import { changeTaxRate, createTaxCode } from "../tax/tax-code.operations.ts";
import { getTaxReturn } from "../tax/tax-return.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { exportLedger, getLedger } from "./ledger.operations.ts";
import { getBalanceSheet, getProfitAndLoss } from "./statement.operations.ts";
import { getTrialBalance } from "./trial-balance.operations.ts";

let books: TestBooks;
const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const post = (postings: [onDay: string, debit: string, credit: string, amount: string, text?: string][]) =>
  books.house.funnel.work(books.house.tenantId, (context) =>
    postEntries(
      context,
      postings.map(([onDay, debit, credit, amount, text = "Posting"]) => ({
        journal: "GEN",
        day: day(onDay),
        text,
        lines: [
          {
            account: debit,
            amount: Money.parse(amount, "EUR"),
            ...(debit === "1210" && { partyId: books.customerId, dueDay: day("2026-04-30") }),
          },
          { account: credit, amount: Money.parse(`-${amount}`, "EUR"), ...(credit === "2110" && { partyId: books.supplierId }) },
        ],
      })),
    ),
  );

beforeAll(async () => {
  books = await openBooks();
  // A second year, so that a year's end lies between.
  await post([
    ["2026-02-10", "1120", "3110", "1000.00"],
    ["2026-03-10", "1210", "4110", "400.00", "=cmd|' /C calc'!A0; \"quoted\""],
    ["2026-03-20", "6210", "1120", "150.00"],
    ["2026-04-01", "6540", "2110", "50.00"],
    ["2027-01-15", "1120", "4110", "70.00"],
    ["2027-01-16", "6210", "1120", "30.00"],
  ]);
});
afterAll(() => books.house.close());

const sheet = async (asOf: string) => {
  const found = await run(getBalanceSheet, { asOf }, books.chief);
  expect(found.difference.minor).toBe(0n);
  return [found.assets, found.liabilities, found.equity, found.result].map((amount) => amount.amount);
};

describe("statements", () => {
  test("the balance sheet of any day is equal on both sides, across the year's end", async () => {
    expect(await sheet("2026-02-09")).toEqual(["0.00", "0.00", "0.00", "0.00"]);
    expect(await sheet("2026-03-15")).toEqual(["1400.00", "0.00", "1400.00", "400.00"]);
    expect(await sheet("2026-12-31")).toEqual(["1250.00", "50.00", "1200.00", "200.00"]);
    expect(await sheet("2027-01-15")).toEqual(["1320.00", "50.00", "1270.00", "70.00"]);
  });

  test("the trial balance carries last year's result on retained earnings", async () => {
    const trial = await run(getTrialBalance, { asOf: "2027-01-31" }, books.chief);
    expect(trial.yearStart).toBe("2027-01-01");
    expect(trial.rows.map((row) => [row.code, row.opening.amount, row.closing.amount])).toEqual([
      ["1120", "850.00", "890.00"],
      ["1210", "400.00", "400.00"],
      ["2110", "-50.00", "-50.00"],
      ["3110", "-1000.00", "-1000.00"],
      ["3200", "-200.00", "-200.00"],
      ["4110", "0.00", "-70.00"],
      ["6210", "0.00", "30.00"],
    ]);
    expect(trial.totals).toMatchObject({ opening: { minor: 0n }, closing: { minor: 0n } });
  });

  test("profit and loss adds up groups and compares", async () => {
    const found = await run(getProfitAndLoss, { from: "2027-01-01", to: "2027-01-31", compare: "previousPeriod" }, books.chief);
    expect(found).toMatchObject({
      comparedFrom: "2026-12-01",
      comparedTo: "2026-12-31",
      result: { amount: "40.00" },
      comparedResult: { amount: "0.00" },
    });
    const march = await run(getProfitAndLoss, { from: "2026-03-15", to: "2026-04-01" }, books.chief);
    expect(march.rows.map((row) => [row.level, row.code, row.amount.amount])).toEqual([
      [0, "5000", "200.00"],
      [1, "6200", "150.00"],
      [2, "6210", "150.00"],
      [1, "6500", "50.00"],
      [2, "6540", "50.00"],
    ]);
    const year = await run(getProfitAndLoss, { from: "2027-01-01", to: "2027-12-31", compare: "previousYear" }, books.chief);
    expect(year).toMatchObject({
      comparedFrom: "2026-01-01",
      comparedTo: "2026-12-31",
      result: { amount: "40.00" },
      comparedResult: { amount: "200.00" },
    });
    await expect(run(getProfitAndLoss, { from: "2026-03-15", to: "2026-03-14" }, books.chief)).rejects.toMatchObject({
      code: "rangeReversed",
    });
  });

  test("books that are not there", async () => {
    const bookId = newId();
    const range = { from: "2026-01-01", to: "2026-12-31" };
    for (const [operation, input] of [
      [getTrialBalance, {}],
      [getProfitAndLoss, {}],
      [getBalanceSheet, {}],
      [getLedger, {}],
      [exportLedger, { format: "csv" }],
      [getAgeing, {}],
      [getCustomerAccount, { partyId: books.customerId }],
      [getTaxReturn, range],
    ] as const) {
      await expect(run(operation, { ...input, bookId }, books.chief)).rejects.toMatchObject({ code: "booksMissing" });
    }
  });
});

describe("the general ledger", () => {
  test("of one account runs from its opening to its closing, page by page", async () => {
    const seen: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = await run(getLedger, { accountCode: "1120", from: "2026-03-01", to: "2027-01-31", limit: 1, cursor }, books.chief);
      expect([page.opening!.amount, page.closing!.amount]).toEqual(["1000.00", "890.00"]);
      seen.push(...page.rows.map((row) => [row.day, row.balance.amount]));
      cursor = page.next ?? undefined;
    } while (cursor);
    expect(seen).toEqual([
      ["2026-03-20", "850.00"],
      ["2027-01-15", "920.00"],
      ["2027-01-16", "890.00"],
    ]);
  });

  test("of income begins anew with the year, and retained earnings carry the years before", async () => {
    const income = await run(getLedger, { accountCode: "4110", from: "2027-01-01", to: "2027-01-31" }, books.chief);
    expect([income.opening!.amount, income.rows[0]!.balance.amount, income.closing!.amount]).toEqual(["0.00", "-70.00", "-70.00"]);
    const retained = await run(getLedger, { accountCode: "3200", from: "2027-01-01", to: "2027-01-31" }, books.chief);
    expect([retained.opening!.amount, retained.closing!.amount]).toEqual(["-200.00", "-200.00"]);
  });

  test("of an account whose year ends in between begins anew with the next one, as the trial balance does", async () => {
    const over = (accountCode: string) => run(getLedger, { accountCode, from: "2026-12-01", to: "2027-01-31" }, books.chief);
    const shown = (found: Awaited<ReturnType<typeof over>>) => [
      ...[found.opening, found.carried, found.closing].map((sum) => sum!.amount),
      ...found.rows.map((row) => row.balance.amount),
    ];
    // Rent: 150 in 2026, which is carried to retained earnings, and 30 in 2027.
    expect(shown(await over("6210"))).toEqual(["150.00", "-150.00", "30.00", "30.00"]);
    // 2026 earned 400 - 150 - 50.
    expect(shown(await over("3200"))).toEqual(["0.00", "-200.00", "-200.00"]);
    expect(shown(await over("1120"))).toEqual(["850.00", "0.00", "890.00", "920.00", "890.00"]);
    const { rows } = await run(getTrialBalance, { asOf: "2027-01-31" }, books.chief);
    expect(rows.filter((row) => ["3200", "6210"].includes(row.code)).map((row) => row.closing.amount)).toEqual(["-200.00", "30.00"]);
  });

  test("over a year's end each line has the balance of its own year, of one account and of all, on one page and on many", async () => {
    const fresh = await openBooks();
    try {
      const entries = [
        ["2026-03-10", "1120", "4110", "400.00"],
        ["2026-03-20", "6210", "1120", "150.00"],
        ["2026-06-10", "3200", "1120", "20.00"],
        ["2027-01-15", "1120", "4110", "70.00"],
        ["2027-01-16", "6210", "1120", "30.00"],
        ["2027-01-20", "3200", "1120", "10.00"],
      ] as const;
      for (const [onDay, debit, credit, amount] of entries) {
        const lines = [
          { accountId: fresh.account(debit), debit: eur(amount) },
          { accountId: fresh.account(credit), credit: eur(amount) },
        ];
        await fresh.house.run(postJournalEntry, { day: onDay, text: "Posting", lines }, fresh.accountant);
      }
      const balancesOf = async (asked: object) => {
        const seen: string[][] = [];
        let cursor: string | undefined;
        do {
          const page = await fresh.house.run(getLedger, { from: "2026-01-01", to: "2027-01-31", ...asked, cursor }, fresh.chief);
          seen.push(...page.rows.map((row) => [row.account.slice(0, 4), row.balance.amount]));
          cursor = page.next ?? undefined;
        } while (cursor);
        return seen;
      };
      // What was taken out: 20; with the 250 that 2026 earned and the 10 of 2027: -220.
      const retained = [
        ["3200", "20.00"],
        ["3200", "-220.00"],
      ];
      const all = [
        ...["400.00", "250.00", "230.00", "300.00", "270.00", "260.00"].map((balance) => ["1120", balance]),
        ...retained,
        ["4110", "-400.00"],
        ["4110", "-70.00"],
        ["6210", "150.00"],
        ["6210", "30.00"],
      ];
      for (const limit of [1, 2, 5, 100]) {
        expect(await balancesOf({ limit })).toEqual(all);
        expect(await balancesOf({ limit, accountCode: "3200" })).toEqual(retained);
      }
    } finally {
      await fresh.house.close();
    }
  });

  test("of all accounts shows each with its own balance and the way to the entry", async () => {
    const all = await run(getLedger, { from: "2026-03-01", to: "2026-03-31" }, books.chief);
    expect(all.rows.map((row) => [row.account.slice(0, 4), row.balance.amount])).toEqual([
      ["1120", "850.00"],
      ["1210", "400.00"],
      ["4110", "-400.00"],
      ["6210", "150.00"],
    ]);
    expect(await books.house.call("finance.journalEntry.get", { id: all.rows[0]!.entryId }, books.chief)).toMatchObject({
      number: all.rows[0]!.number,
    });
  });

  test("refuses an unknown account, a reversed range and a broken cursor", async () => {
    await expect(run(getLedger, { accountCode: "0815" }, books.chief)).rejects.toMatchObject({ code: "accountUnknown" });
    await expect(run(getLedger, { from: "2026-03-15", to: "2026-03-14" }, books.chief)).rejects.toMatchObject({ code: "rangeReversed" });
    await expect(run(getLedger, { cursor: "[1,2]" }, books.chief)).rejects.toMatchObject({ code: "badCursor" });
    await expect(run(exportLedger, { format: "csv", from: "2026-03-15", to: "2026-03-14" }, books.chief)).rejects.toMatchObject({
      code: "rangeReversed",
    });
  });
});

describe("the ledger as a file", () => {
  const range = { from: "2026-03-01", to: "2026-03-31" };

  test("for hledger and Ledger: every entry balances in its own text", async () => {
    const file = await run(exportLedger, { format: "hledger", ...range }, books.chief);
    expect(file).toMatchObject({ name: "ledger-2026-03-01-2026-03-31.journal", mediaType: "text/plain" });
    expect(file.text).toBe(
      [
        "; Main books, 2026-03-01 to 2026-03-31",
        "commodity EUR",
        "  format 1000.00 EUR",
        "",
        "account assets:1120 Current account at the bank",
        "account assets:1210 Trade receivables",
        "account expenses:6210 Rent",
        "account income:4110 Sales of services",
        "",
        `2026-03-10 (GEN-2026-00002) =cmd,' /C calc'!A0, "quoted"`,
        "    assets:1210 Trade receivables  400.00 EUR  ; Nordlicht AG",
        "    income:4110 Sales of services  -400.00 EUR",
        "",
        "2026-03-20 (GEN-2026-00003) Posting",
        "    expenses:6210 Rent  150.00 EUR",
        "    assets:1120 Current account at the bank  -150.00 EUR",
        "",
      ].join("\n"),
    );
  });

  test("as CSV, where no text is a formula", async () => {
    const { text } = await run(exportLedger, { format: "csv", ...range }, books.chief);
    const [head, first] = text.split("\r\n");
    expect(head).toBe(
      "number,day,text,reference,account,accountName,debit,credit,currency,party,costCentre," +
        "documentSubject,documentId,foreignAmount,foreignCurrency",
    );
    expect(first).toBe(`GEN-2026-00002,2026-03-10,"'=cmd|' /C calc'!A0; ""quoted""",,1210,Trade receivables,400.00,,EUR,Nordlicht AG,,,,,`);
  });
});

describe("accounts of parties", () => {
  test("the customer's account and the ageing of a day", async () => {
    const account = await run(getCustomerAccount, { partyId: books.customerId, asOf: "2026-05-15" }, books.chief);
    expect(account).toMatchObject({ opening: { amount: "0.00" }, closing: { amount: "400.00" }, ageing: { upTo30: { amount: "400.00" } } });
    const later = await run(getCustomerAccount, { partyId: books.customerId, from: "2026-04-01" }, books.chief);
    expect(later).toMatchObject({
      rows: [],
      opening: { amount: "400.00" },
      closing: { amount: "400.00" },
      ageing: { over90: { amount: "400.00" } },
    });
    const ages = await run(getAgeing, { asOf: "2026-04-30" }, books.chief);
    expect(ages.rows).toMatchObject([{ party: "Nordlicht AG", notDue: { amount: "400.00" }, total: { amount: "400.00" } }]);
    expect((await run(getAgeing, { asOf: "2026-03-09" }, books.chief)).rows).toEqual([]);
    await expect(run(getCustomerAccount, { partyId: newId() }, books.chief)).rejects.toMatchObject({ code: "partyUnknown" });
  });

  test("the supplier's account shows what is owed as positive", async () => {
    const account = await run(getSupplierAccount, { partyId: books.supplierId }, books.chief);
    expect(account.rows).toMatchObject([{ amount: { amount: "50.00" }, balance: { amount: "50.00" }, open: { amount: "50.00" } }]);
    expect((await run(getAgeing, { direction: "payable" }, books.chief)).totals.total.amount).toBe("50.00");
  });
});

describe("tax", () => {
  test("a new rate holds from its day; the day before keeps the old one", async () => {
    const { id: taxCodeId } = await run(createTaxCode, { code: "city", name: "City tax", percent: "5", from: "2026-01-01" }, books.chief);
    await run(changeTaxRate, { taxCodeId, percent: "6.5", from: "2026-07-01" }, books.chief);
    const total = async (onDay: string) => {
      const lines = [{ description: "Night", unitPrice: eur("100.00"), taxCode: "city" }];
      const { id, tax } = (await books.house.call(
        "finance.invoice.create",
        { customerId: books.customerId, day: onDay, lines },
        books.chief,
      )) as { id: string; tax: unknown };
      await books.house.call("finance.invoice.post", { invoiceId: id }, books.chief);
      return tax;
    };
    expect([await total("2026-06-30"), await total("2026-07-01")]).toEqual([eur("5.00"), eur("6.50")]);
    const filing = await run(getTaxReturn, { from: "2026-06-01", to: "2026-07-31" }, books.chief);
    expect(filing.rows.map((row) => [row.code, row.percent, row.base.amount, row.tax.amount])).toEqual([
      ["city", "5", "100.00", "5.00"],
      ["city", "6.5", "100.00", "6.50"],
    ]);
    expect(filing.payable.amount).toBe("11.50");
    const change = (more: object) => run(changeTaxRate, { taxCodeId, percent: "7", from: "2026-08-01", ...more }, books.chief);
    await expect(change({ from: "2026-07-01" })).rejects.toMatchObject({ code: "rateFixed" });
    await expect(change({ percent: "101" })).rejects.toMatchObject({ code: "percentOutOfRange" });
    await expect(change({ taxCodeId: newId() })).rejects.toMatchObject({ code: "notFound" });
    const create = (more: object) =>
      run(createTaxCode, { code: "city", name: "X", percent: "5", from: "2026-01-01", ...more }, books.chief);
    await expect(create({})).rejects.toMatchObject({ code: "codeTaken" });
    await expect(create({ percent: "-1" })).rejects.toMatchObject({ code: "percentOutOfRange" });
    await expect(create({ bookId: newId() })).rejects.toMatchObject({ code: "booksMissing" });
  });
});

test("a second legal entity keeps books of its own, in its own currency and year", async () => {
  const owner = await books.house.person("Olga Owner", "owner");
  const entity = (await books.house.call(
    "directory.legalEntity.create",
    { code: "UK", name: "Daughter Ltd", country: "GB", currency: "GBP" },
    owner,
  )) as { id: string };
  const { id: bookId } = await run(
    createSetup,
    { legalEntityId: entity.id, name: "Daughter", currency: "GBP", fiscalYearStart: "2026-04-01" },
    books.chief,
  );
  const trial = await run(getTrialBalance, { bookId }, books.chief);
  expect(trial).toMatchObject({ rows: [], currency: "GBP", yearStart: "2026-04-01" });
  await books.house.funnel.work(books.house.tenantId, (context) =>
    postEntries(
      context,
      [
        {
          journal: "GEN",
          day: day("2026-05-01"),
          text: "Capital",
          lines: [
            { account: "1120", amount: Money.parse("9", "GBP") },
            { account: "3110", amount: Money.parse("-9", "GBP") },
          ],
        },
      ],
      bookId,
    ),
  );
  expect((await run(getBalanceSheet, { bookId }, books.chief)).assets.toString()).toBe("9.00 GBP");
  expect((await run(getBalanceSheet, { asOf: "2026-12-31" }, books.chief)).assets.currency).toBe("EUR");
  expect(await books.breaks()).toEqual([]);
});

test("the figures of Today", async () => {
  const values = await books.house.funnel.read({ tenantId: books.house.tenantId, actor: books.chief }, async (context) => {
    const found: Record<string, unknown> = {};
    for (const figure of financeFigures) found[figure.name] = await figure.value(context, context.today);
    return found;
  });
  expect(values).toEqual({
    "finance.cash": eur("850.00"),
    "finance.receivablesOverdue": eur("611.50"),
    "finance.billsWaiting": 0,
    "finance.resultThisMonth": eur("0.00"),
    "finance.payablesSoon": eur("50.00"),
    "finance.closeOpen": 0,
    "finance.bankUnmatched": 0,
  });
});

test("an export that is too large is asked for in parts", async () => {
  // Behind the application's back, because posting a hundred thousand lines one by one would take the whole test run.
  const { tenantId } = books.house;
  const entryId = newId();
  const owner = rowsOn(books.house.owner as never);
  await owner.run(sql`
    insert into finance.journal_line (tenant_id, id, entry_id, position, account_id, day, amount)
    select ${tenantId}, gen_random_uuid(), ${entryId}, n, ${books.account("6540")}, '2026-08-08', case when n % 2 = 0 then 1 else -1 end
    from generate_series(1, 100002) n`);
  await owner.run(sql`
    insert into finance.journal_entry (tenant_id, id, book_id, journal_id, period_id, fiscal_year, sequence, number, day, text, total,
      posted_at, by_name)
    select e.tenant_id, ${entryId}, e.book_id, e.journal_id, e.period_id, e.fiscal_year, 999999, 'HUGE', '2026-08-08', 'Huge', 50001,
      e.posted_at, e.by_name
    from finance.journal_entry e where e.tenant_id = ${tenantId} and e.number = 'GEN-2026-00001' and e.total = 100000`);
  const august = { format: "csv", from: "2026-08-01", to: "2026-08-31" };
  await expect(run(exportLedger, august, books.chief)).rejects.toMatchObject({ code: "exportTooLarge" });
});

test("a role held at one place only reads no statement of the whole company", async () => {
  const part = { ...books.accountant, grants: [{ role: "finance.accountant", scope: { kind: "entity" as const, id: newId() } }] };
  await expect(books.house.run(getTrialBalance, {}, part)).rejects.toMatchObject({ name: "NotPermitted" });
  await expect(books.house.run(getProfitAndLoss, { from: "2026-01-01", to: "2026-12-31" }, part)).rejects.toMatchObject({
    name: "NotPermitted",
  });
  // Registers narrow themselves to the places of the grants: of entries, which lie at no place, nothing is left.
  expect(await books.house.call("finance.journalEntry.list", {}, part)).toMatchObject({ rows: [] });
});
