// From a figure to its lines and from a line to everything behind it: entry, document, settlement, bank line with its reasons, tax, rate.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { type Id, newId } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { camt, storedFile } from "../banking/banking.testing.ts";
import { postEntries } from "../ledger/posting.ts";
import { openBooks, type TestBooks } from "../testing/books.ts";
import { explainFigure, explainLine } from "./explain.operations.ts";
import { getLedger } from "./ledger.operations.ts";
import { invoiceOn, postOn, tellQuarter } from "./quarter.testing.ts";
import { getTrialBalance } from "./trial-balance.operations.ts";

let books: TestBooks;
let told: Awaited<ReturnType<typeof tellQuarter>>;
const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const explain = (input: object, actor = books.chief) => run(explainFigure, input, actor);
const range = { from: "2026-01-01", to: "2026-03-31" };

beforeAll(async () => {
  books = await openBooks();
  books.house.today = day("2026-04-02");
  told = await tellQuarter(books);
});
afterAll(() => books.house.close());

describe("a figure", () => {
  test("of an account is the sum of its lines, and each leads to its document", async () => {
    const found = await explain({ report: "profitAndLoss", accountId: books.account("4110"), ...range });
    expect(found).toMatchObject({ title: "4110 Sales of services", opening: null, total: { amount: "1500.00" }, parts: [] });
    expect(found.rule).toBe("Credits less debits from 2026-01-01 until 2026-03-31.");
    expect(found.rows.map((row) => [row.day, row.amount.amount, row.documentId, row.postedBy])).toEqual([
      ["2026-02-02", "1000.00", told.first.invoiceId, "Arno Accountant"],
      ["2026-03-03", "500.00", told.second.invoiceId, "Arno Accountant"],
    ]);
    expect(found.rows[0]!.taxes).toMatchObject([{ percent: "19", base: { amount: "1000.00" }, tax: { amount: "190.00" } }]);
    expect(found.rows[0]!.says.find((words) => words.startsWith("Tax"))).toMatch(/19 % of 1000.00 EUR is 190.00 EUR, the rate since/);
  });

  test("of a group names its accounts, page by page", async () => {
    const group = { report: "profitAndLoss", accountId: books.account("5000"), ...range, limit: 2 };
    const first = await explain(group);
    expect(first.parts.map((part) => [part.account.slice(0, 4), part.amount.amount])).toEqual([
      ["6210", "600.00"],
      ["6540", "300.00"],
      ["6710", "200.00"],
    ]);
    const second = await explain({ ...group, cursor: first.next });
    expect([...first.rows, ...second.rows].map((row) => row.amount.amount)).toEqual(["600.00", "300.00", "200.00"]);
    expect(second.next).toBeNull();
  });

  test("of a balance begins with what stood before, and carries what earlier years earned", async () => {
    const bank = await explain({ report: "balanceSheet", accountId: books.account("1120"), from: "2026-03-01", to: "2026-03-31" });
    expect([bank.opening!.amount, bank.change.amount, bank.total.amount]).toEqual(["11600.00", "-5.00", "11595.00"]);
    const retained = await explain({ report: "balanceSheet", accountId: books.account("3200"), to: "2027-01-31" });
    expect(retained).toMatchObject({ carried: { amount: "400.00" }, total: { amount: "400.00" } });
    const equity = await explain({ report: "balanceSheet", part: "equity", to: "2027-01-31" });
    expect(equity.total.amount).toBe("10400.00");
  });

  test("agrees with the trial balance on every row, and the lines add up to it", async () => {
    const trial = await run(getTrialBalance, { asOf: "2026-03-31" }, books.chief);
    for (const row of trial.rows) {
      const found = await explain({ report: "trialBalance", accountId: row.accountId, to: "2026-03-31" });
      const lines = found.rows.reduce((sum, line) => sum + line.amount.minor, 0n);
      expect([found.total.minor, lines], row.code).toEqual([row.closing.minor, found.change.minor]);
    }
  });

  test("of the cash flow, both ways, and of its totals", async () => {
    const change = await explain({ report: "cashFlow", accountId: books.account("1210"), ...range });
    expect(change.total.amount).toBe("-1190.00");
    const direct = await explain({ report: "directCashFlow", accountId: books.account("1210"), ...range });
    expect([direct.total.amount, direct.rows.length]).toEqual(["595.00", 1]);
    expect((await explain({ report: "directCashFlow", part: "operating", ...range })).parts.length).toBe(3);
    expect((await explain({ report: "cashFlow", part: "investing", ...range })).total.amount).toBe("-2400.00");
    expect((await explain({ report: "profitAndLoss", part: "result", ...range })).total.amount).toBe("400.00");
  });

  test("of the ageing is its open items, each less what was settled", async () => {
    const found = await explain({ report: "ageing", to: "2026-03-31" });
    expect(found.total.amount).toBe("1190.00");
    expect(found.rows.map((row) => [row.dueDay, row.amount.amount])).toEqual([
      ["2026-03-04", "595.00"],
      ["2026-04-02", "595.00"],
    ]);
    expect(found.rows[0]!.settlements).toMatchObject([{ day: "2026-03-10", amount: { amount: "595.00" }, by: "Arno Accountant" }]);
    const late = await explain({ report: "ageing", to: "2026-03-31", bucket: "upTo30", partyId: books.customerId });
    expect(late.rows.map((row) => row.lineId)).toEqual([told.first.itemId]);
    expect((await explain({ report: "ageing", direction: "payable", to: "2026-03-31" })).total.amount).toBe("300.00");
  });

  test("of the tax return is its tax lines with the line on the tax account", async () => {
    const found = await explain({ report: "taxReturn", side: "output", ...range });
    expect(found.total.amount).toBe("285.00");
    expect(found.rows.map((row) => [row.account!.slice(0, 4), row.amount.amount])).toEqual([
      ["2210", "190.00"],
      ["2210", "95.00"],
    ]);
    expect((await explain({ report: "taxReturn", ...range })).total.amount).toBe("285.00");
  });

  test("that is none is refused", async () => {
    await expect(explain({ report: "trialBalance" })).rejects.toMatchObject({ code: "rowMissing" });
    await expect(explain({ report: "trialBalance", accountId: newId() })).rejects.toMatchObject({ code: "accountUnknown" });
    await expect(explain({ report: "trialBalance", part: "result", from: "2026-04-01", to: "2026-03-01" })).rejects.toMatchObject({
      code: "rangeReversed",
    });
    await expect(explain({ report: "trialBalance", part: "result", cursor: "x" })).rejects.toMatchObject({ code: "badCursor" });
    await expect(explain({ report: "trialBalance", bookId: newId() })).rejects.toMatchObject({ code: "booksMissing" });
  });
});

describe("a line", () => {
  test("leads from the bank line over the payment to the invoice, with the reasons of the match", async () => {
    const { itemId } = await invoiceOn(books, "2026-04-01", "100.00");
    const entry = await books.house.call("finance.journalLine.explain", { journalLineId: itemId }, books.chief);
    const reference = (entry["line"] as { reference: string }).reference;
    const iban = "DE02120300000000202051";
    await books.house.call("finance.bankAccount.identify", { bankAccountId: books.bankAccountId, number: iban }, books.chief);
    const text = camt({
      iban,
      id: "S1",
      opening: "11595.00",
      closing: "11714.00",
      openingDay: "2026-04-02",
      closingDay: "2026-04-02",
      entries: [{ amount: "119.00", day: "2026-04-02", text: `Invoice ${reference}`, name: "Nordlicht AG" }],
    });
    const fileId = await storedFile(books, text);
    await books.house.call("finance.bankStatement.import", { fileId, bankAccountId: books.bankAccountId }, books.accountant);
    await books.house.call("finance.bankLine.matchAll", { bankAccountId: books.bankAccountId }, books.accountant);
    const { line, beside } = await run(explainLine, { journalLineId: itemId }, books.chief);
    expect(line.bank).toMatchObject([{ amount: { amount: "119.00" }, counterparty: "Nordlicht AG", isAutomatic: true }]);
    expect(line.bank[0]!.reasons.length).toBeGreaterThan(0);
    expect(line.settlements).toMatchObject([{ amount: { amount: "119.00" } }]);
    expect(line.says.some((words) => words.startsWith("Bank line of Nordlicht AG on 2026-04-02, 119.00 EUR, matched by itself"))).toBe(
      true,
    );
    expect(beside.map((one) => [one.account!.slice(0, 4), one.amount.amount])).toEqual([
      ["4110", "-100.00"],
      ["2210", "-19.00"],
    ]);
  });

  test("in another currency tells its rate", async () => {
    const [entry] = await books.house.funnel.work(books.house.tenantId, (context) =>
      postEntries(context, [
        {
          journal: "GEN",
          day: day("2026-02-20"),
          text: "Hosting",
          lines: [
            { account: "6310", amount: Money.parse("94.39", "EUR"), foreign: Money.parse("100", "USD") },
            { account: "1120", amount: Money.parse("-94.39", "EUR") },
          ],
        },
      ]),
    );
    const { line } = await run(explainLine, { journalLineId: entry!.lineIds[0]! }, books.chief);
    expect(line).toMatchObject({ foreign: { amount: "100.00", currency: "USD" }, rate: "0.9439" });
    expect(line.says).toContain("100.00 USD at 0.9439 EUR for 1 USD.");
    const ledger = await run(getLedger, { accountCode: "6310" }, books.chief);
    expect(ledger.rows[0]!.foreign?.toString()).toBe("100.00 USD");
  });

  test("of a reversed entry names its mirror, as known before there was none", async () => {
    books.house.today = day("2026-04-03");
    const [posted] = await postOn(books, "2026-04-02", "Wrong", [
      { account: "6210", amount: "1" },
      { account: "1120", amount: "-1" },
    ]);
    books.house.today = day("2026-04-04");
    await books.house.call(
      "finance.journalEntry.reverse",
      { journalEntryId: posted!.id, on: "2026-04-04", reason: "Wrong one" },
      books.chief,
    );
    const ask = (more: object) => run(explainLine, { journalLineId: posted!.lineIds[0]!, ...more }, books.chief);
    expect((await ask({})).line.says).toContainEqual(expect.stringMatching(/^Entry GEN-2026-\d+ takes it back\.$/));
    expect((await ask({ asKnownAt: "2026-04-03" })).line.says).toHaveLength(1);
  });

  test("that is not there is refused", async () => {
    await expect(run(explainLine, { journalLineId: newId() }, books.chief)).rejects.toMatchObject({ code: "lineUnknown" });
  });
});

describe("pay in the books", () => {
  let entryIds: readonly Id[];
  beforeAll(async () => {
    const money = (amount: string): Money => Money.parse(amount, "EUR");
    const [entry] = await books.house.funnel.work(books.house.tenantId, (context) =>
      postEntries(context, [
        {
          journal: "PAY",
          day: day("2026-03-31"),
          text: "Payroll 2026-03",
          document: { subject: "payroll.run", id: newId() },
          lines: [
            { account: "6110", amount: money("5000"), text: "Office" },
            { account: "6110", amount: money("3000"), text: "Workshop" },
            { account: "2310", amount: money("-8000") },
          ],
        },
      ]),
    );
    entryIds = entry!.lineIds;
  });

  test("is folded for who keeps the books, and whole for who answers for it", async () => {
    const asked = { accountCode: "6110", from: "2026-03-01", to: "2026-03-31" };
    const shown = async (actor: typeof books.chief) =>
      (await run(getLedger, asked, actor)).rows.map((row) => [row.text, row.debit!.amount, row.balance.amount]);
    expect(await shown(books.accountant)).toEqual([["Payroll 2026-03", "8000.00", "8000.00"]]);
    expect(await shown(books.chief)).toEqual([
      ["Office", "5000.00", "5000.00"],
      ["Workshop", "3000.00", "8000.00"],
    ]);
    const figure = { report: "profitAndLoss", accountId: books.account("6110"), ...range };
    expect((await explain(figure, books.accountant)).rows.map((row) => row.amount.amount)).toEqual(["8000.00"]);
    expect((await explain(figure)).rows).toHaveLength(2);
    await expect(run(explainLine, { journalLineId: entryIds[1]! }, books.accountant)).rejects.toMatchObject({ code: "lineUnknown" });
  });

  test("and in the list of lines", async () => {
    const lines = async (actor: typeof books.chief) =>
      (
        (await books.house.call("finance.journalLine.list", { filter: { account: "~6110" } }, actor))["rows"] as {
          debit: { amount: string };
        }[]
      )
        .map((row) => row.debit.amount)
        .toSorted();
    expect(await lines(books.accountant)).toEqual(["8000.00"]);
    expect(await lines(books.chief)).toEqual(["3000.00", "5000.00"]);
  });

  test("and in what is exported", async () => {
    const file = async (actor: typeof books.chief) =>
      (await books.house.call("finance.ledger.export", { format: "csv", ...range }, actor))["text"] as string;
    expect((await file(books.accountant)).match(/,6110,/g)).toHaveLength(1);
    expect((await file(books.chief)).match(/,6110,/g)).toHaveLength(2);
  });
});

describe("pay of one cost centre", () => {
  let narrowed: object;
  let byValue: object;
  beforeAll(async () => {
    const owner = await books.house.person("Olga Owner", "owner");
    const call = async (name: string, input: object, actor = books.chief) => (await books.house.call(name, input, actor))["id"] as Id;
    const unitId = await call("directory.unit.create", { code: "OFFICE", name: "Office", from: "2026-01-01" }, owner);
    const dimensionId = await call("finance.dimension.create", { code: "project", name: "Project" });
    const valueId = await call("finance.dimensionValue.create", { dimensionId, code: "P1", name: "One" });
    const money = (amount: string): Money => Money.parse(amount, "EUR");
    const dimensions = { project: "P1" };
    const paid = (onDay: string, amount: string) => ({
      journal: "PAY",
      day: day(onDay),
      text: `Payroll ${onDay}`,
      document: { subject: "payroll.run", id: newId() },
      lines: [
        { account: "6120", amount: money(amount), unitId, dimensions },
        { account: "6120", amount: money("1000") },
        { account: "2310", amount: money(amount).plus(money("1000")).negated() },
      ],
    });
    // A whole month, a cut one, and something that is no pay on the same account.
    await books.house.funnel.work(books.house.tenantId, (context) =>
      postEntries(context, [
        paid("2026-02-28", "4000"),
        paid("2026-03-31", "4100"),
        {
          journal: "GEN",
          day: day("2026-03-05"),
          text: "Course",
          lines: [
            { account: "6120", amount: money("70"), unitId, dimensions },
            { account: "1120", amount: money("-70") },
          ],
        },
      ]),
    );
    books.house.today = day("2026-04-09");
    narrowed = { unitId };
    byValue = { dimensionValueId: valueId };
  });

  test.each(["a cost centre", "a value of a dimension"])(
    "is left out of every report narrowed to %s, and the report says so",
    async (by) => {
      const only = by === "a cost centre" ? narrowed : byValue;
      const told = async (actor: typeof books.chief) => {
        const call = (name: string, input: object) => books.house.call(name, { ...input, ...only }, actor);
        const profit = await call("finance.profitAndLoss.get", { ...range, by: "month" });
        const cut = await call("finance.profitAndLoss.get", { from: "2026-02-10", to: "2026-03-31" });
        const known = await call("finance.profitAndLoss.get", { ...range, asKnownAt: "2026-04-08" });
        const trial = await call("finance.trialBalance.get", { asOf: "2026-03-31" });
        const ledger = await call("finance.ledger.get", { accountCode: "6120", ...range });
        const later = await call("finance.ledger.get", { from: "2026-03-01", to: "2026-03-31" });
        const figure = await call("finance.figure.explain", { report: "profitAndLoss", accountId: books.account("6120"), ...range });
        const amounts = (rows: unknown) =>
          (rows as { closing?: { amount: string }; balance?: { amount: string } }[]).map((row) => (row.closing ?? row.balance)!.amount);
        return {
          profit: [profit, cut, known].map((one) => (one["expense"] as { amount: string }).amount),
          months: (profit["sums"] as { expense: { amount: string } }[]).map((sum) => sum.expense.amount),
          trial: amounts((trial["rows"] as { code: string }[]).filter((row) => row.code === "6120")),
          ledger: [(ledger["closing"] as { amount: string }).amount, ...amounts(ledger["rows"])],
          later: amounts(later["rows"]),
          figure: [(figure["total"] as { amount: string }).amount, (figure["rows"] as unknown[]).length],
          isSaid: [profit, trial, ledger].map((one) => one["withoutPay"]),
          rule: figure["rule"],
        };
      };
      expect(await told(books.accountant)).toMatchObject({
        profit: ["70.00", "70.00", "70.00"],
        months: ["0.00", "0.00", "70.00"],
        trial: ["70.00"],
        ledger: ["70.00", "70.00"],
        later: ["70.00"],
        figure: ["70.00", 1],
        isSaid: [true, true, true],
        rule: expect.stringContaining("pay is left out"),
      });
      expect(await told(books.chief)).toMatchObject({
        profit: ["8170.00", "8170.00", "8170.00"],
        months: ["0.00", "4000.00", "4170.00"],
        trial: ["8170.00"],
        ledger: ["8170.00", "4000.00", "4070.00", "8170.00"],
        later: ["4070.00", "8170.00"],
        figure: ["8170.00", 3],
        isSaid: [false, false, false],
      });
    },
  );

  test("of the whole company it stands in the sum", async () => {
    const whole = await books.house.call("finance.trialBalance.get", { asOf: "2026-03-31" }, books.accountant);
    const row = (whole["rows"] as { code: string; closing: { amount: string } }[]).find((one) => one.code === "6120")!;
    expect([row.closing.amount, whole["withoutPay"]]).toEqual(["10170.00", false]);
  });
});
