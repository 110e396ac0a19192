// Tax on a real database: codes of every kind through invoices and bills into the return, with every refusal.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { createOrganisation, addRole } from "../../directory/index.ts";
import { createAccount } from "../ledger/account.operations.ts";
import { unlockPeriod } from "../ledger/lock.operations.ts";
import { recordOnePayment, undoAllocation } from "../payments/payment.operations.ts";
import { approveBill, createBill, postBill, reverseBill } from "../payables/bill.operations.ts";
import { creditInvoice } from "../receivables/credit-note.operations.ts";
import { createInvoice, postInvoice } from "../receivables/invoice.operations.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { getEcSalesList } from "./ec-sales-list.operations.ts";
import { changeTaxRate, createTaxCode, createTaxGroup, setTaxBoxes, setTaxRounding } from "./tax-code.operations.ts";
import { listReturnLines } from "./tax-drill.operations.ts";
import { fileTaxReturn, getTaxReturn } from "./tax-return.operations.ts";
import { createTaxRule, endTaxRule, tryTaxRules } from "./tax-rule.operations.ts";

let books: TestBooks;
let waitingId: Id;
const codes = new Map<string, Id>();
const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);

beforeAll(async () => {
  books = await openBooks();
  waitingId = (await run(createAccount, { parentId: books.account("2200"), code: "2215", name: "Tax not yet due" }, books.chief)).id;
  const add = async (code: string, more: object) =>
    codes.set(code, (await run(createTaxCode, { code, name: code, from: "2026-01-01", ...more }, books.chief)).id);
  await add("reverse", { percent: "19", reverseCharge: true, outputTaxBox: "85", inputTaxBox: "67", inputBaseBox: "84" });
  await add("half", { percent: "20", deductiblePercent: "50", inputTaxBox: "66" });
  await add("cash", { percent: "19", cashBasis: true, pendingAccountId: waitingId, outputBaseBox: "81", outputTaxBox: "81T" });
  await add("eco", { perUnit: "5", raisesBase: true });
  await add("twenty", { percent: "20" });
  await add("eu-goods", { percent: "0", ecSupply: "goods", outputBaseBox: "41" });
  const partIds = ["eco", "twenty"].map((code) => codes.get(code)!);
  codes.set("eco-twenty", (await run(createTaxGroup, { code: "eco-twenty", name: "With eco tax", partIds }, books.chief)).id);
});
afterAll(() => books.house.close());

const rowsOf = async (name: string, input: object = {}) =>
  ((await books.house.call(name, input, books.chief)) as { rows: Record<string, unknown>[] }).rows;
const invoice = async (lines: object[], more: object = {}) => {
  const { id, net, tax, total } = await run(
    createInvoice,
    { customerId: books.customerId, day: "2026-11-02", lines, ...more },
    books.accountant,
  );
  return { id, sums: [net, tax, total].map((one) => one.amount) };
};
const posted = async (lines: object[], more: object = {}) => {
  const draft = await invoice(lines, more);
  return { ...draft, ...(await run(postInvoice, { invoiceId: draft.id }, books.accountant)) };
};
const line = (price: string, taxCode: string, quantity = "1") => ({ description: "Work", quantity, unitPrice: eur(price), taxCode });
const bill = async (supplierNumber: string, lines: object[], day = "2026-11-02", more: object = {}) => {
  const entered = await run(createBill, { supplierId: books.supplierId, supplierNumber, day, lines, ...more }, books.accountant);
  await run(approveBill, { billId: entered.id }, books.chief);
  await run(postBill, { billId: entered.id }, books.accountant);
  return entered;
};
/** What an entry posted, by account. */
const entryLines = async (filter: object) => {
  const found = await rowsOf("finance.journalLine.list", { filter, limit: 100 });
  return found.map((row) => [
    String(row["account"]).slice(0, 4),
    (row["debit"] as { amount: string } | null)?.amount ?? `-${(row["credit"] as { amount: string }).amount}`,
  ]);
};
const balance = async (code: string) => {
  const { rows } = await run(getTrialBalance, { asOf: "2026-11-30" }, books.chief);
  return rows.find((row) => row.code === code)?.closing.amount ?? "0.00";
};

describe("codes of several kinds", () => {
  test("a group counts its parts one after the other", async () => {
    // Tryton: 5 at 100 with 5 each and 20 % are 25 and 105.
    const one = await posted([line("100.00", "eco-twenty", "5")]);
    expect(one.sums).toEqual(["500.00", "130.00", "630.00"]);
    const kept = await rowsOf("finance.taxLine.list", { filter: { documentId: one.id }, sort: "taxCode" });
    expect(kept.map((row) => [row["taxCode"], row["base"], row["tax"]])).toEqual([
      ["eco", eur("500.00"), eur("25.00")],
      ["twenty", eur("525.00"), eur("105.00")],
    ]);
    expect(await books.breaks()).toEqual([]);
  });

  test("prices with the tax in them keep what the customer pays", async () => {
    const one = await posted([line("10.00", "standard"), line("10.00", "standard"), line("10.00", "standard")], { pricesIncludeTax: true });
    // 30.00 / 1.19 = 25.2101: 25.21 and 4.79 (19 % of it).
    expect(one.sums).toEqual(["25.21", "4.79", "30.00"]);
    const note = await run(creditInvoice, { invoiceId: one.id, reason: "Sent back" }, books.accountant);
    expect(note.total.amount).toBe("30.00");
    expect(await books.breaks()).toEqual([]);
  });

  test("rounding by line is told apart, and posted as a rounding difference", async () => {
    const [book] = await rowsOf("finance.book.list");
    await run(setTaxRounding, { bookId: book!["id"], rounding: "line" }, books.chief);
    await run(createTaxCode, { code: "twentyfive", name: "25 %", percent: "25", from: "2026-01-01" }, books.chief);
    const lines = Array.from({ length: 3 }, () => line("99.99", "twentyfive"));
    const one = await posted(lines);
    expect(one.sums).toEqual(["299.97", "74.99", "374.97"]);
    expect(await entryLines({ entryId: one.entryId })).toEqual([
      ["1210", "374.97"],
      ["4110", "-99.99"],
      ["4110", "-99.99"],
      ["4110", "-99.99"],
      ["2210", "-74.99"],
      ["6590", "-0.01"],
    ]);
    await run(setTaxRounding, { bookId: book!["id"], rounding: "document" }, books.chief);
    await expect(run(setTaxRounding, { bookId: books.customerId, rounding: "line" }, books.chief)).rejects.toMatchObject({
      code: "notFound",
    });
    expect(await books.breaks()).toEqual([]);
  });

  test("reverse charge is owed and reclaimed, half a tax is cost", async () => {
    const before = await balance("2110");
    const reverse = await bill("RC-1", [{ description: "Cloud", net: eur("100.00"), taxCode: "reverse" }]);
    expect(reverse.total.amount).toBe("100.00");
    await bill("CAR-1", [{ description: "Car", net: eur("99.95"), taxCode: "half" }]);
    const [first] = await rowsOf("finance.bill.list", { filter: { supplierNumber: "RC-1" } });
    expect(await entryLines({ entryId: first!["entryId"] })).toEqual([
      ["2110", "-100.00"],
      ["6540", "100.00"],
      ["1220", "19.00"],
      ["2210", "-19.00"],
    ]);
    const [second] = await rowsOf("finance.bill.list", { filter: { supplierNumber: "CAR-1" } });
    // 20 % of 99.95 are 19.99: 10.00 reclaimed, 9.99 cost.
    expect(await entryLines({ entryId: second!["entryId"] })).toEqual([
      ["2110", "-119.94"],
      ["6540", "99.95"],
      ["1220", "10.00"],
      ["6540", "9.99"],
    ]);
    expect([before, await balance("2110")]).toEqual(["0.00", "-219.94"]);
    expect(await books.breaks()).toEqual([]);
  });
});

describe("documents in another currency", () => {
  const money = (amount: string, currency: string) => ({ amount, currency });
  const kept = async (documentId: string) => {
    const found = await rowsOf("finance.taxLine.list", { filter: { documentId }, sort: "side" });
    return found.map((row) => [row["side"], row["tax"], row["cost"]]);
  };

  test.each([
    ["USD", "0.9076", "10.00", "1000.00", "55.09"],
    ["JPY", "0.006", "1000", "100000", "8333"],
  ])("an amount for each unit is in the books' currency, in %s what that comes to at the rate", async (currency, rate, price, net, tax) => {
    // 100 units at 0.50 EUR are 50.00 EUR: 50 / 0.9076 = 55.090 USD, 50 / 0.006 = 8333.3 JPY.
    const add = { code: `fee-${currency}`, name: "Deposit fee", perUnit: "0.50", from: "2026-01-01" };
    await run(createTaxCode, add, books.chief);
    const lines = [{ ...line("0", add.code, "100"), unitPrice: money(price, currency) }];
    const one = await posted(lines, { rate });
    expect(one.sums.slice(0, 2)).toEqual([net, tax]);
    expect(await kept(one.id)).toEqual([["output", eur("50.00"), eur("0.00")]]);
    const note = await run(creditInvoice, { invoiceId: one.id, reason: "Sent back" }, books.accountant);
    expect(note.total.amount).toBe(one.sums[2]);
    const bought = { description: "Bottles", quantity: "100", net: money(net, currency), taxCode: add.code };
    const { id } = await bill(`FEE-${currency}`, [bought], "2026-11-02", { rate });
    expect(await kept(id)).toEqual([["input", eur("50.00"), eur("0.00")]]);
    expect(await books.breaks()).toEqual([]);
  });

  test("tax that is half deductible is kept to the cent as the ledger has it", async () => {
    const more = { percent: "19", reverseCharge: true, deductiblePercent: "50" };
    await run(createTaxCode, { code: "reverse-half", name: "Half", from: "2026-01-01", ...more }, books.chief);
    const bought = { description: "Cloud", net: money("333.33", "USD"), taxCode: "reverse-half" };
    const { id } = await bill("HALF-USD", [bought], "2026-11-02", { rate: "0.90695" });
    // 63.33 USD owed are 57.44 EUR; 31.67 USD of it, 28.72 EUR, are reclaimed, so that 28.72 EUR are cost.
    const [entered] = await rowsOf("finance.bill.list", { filter: { supplierNumber: "HALF-USD" } });
    expect(await entryLines({ entryId: entered!["entryId"] })).toEqual([
      ["2110", "-302.31"],
      ["6540", "302.31"],
      ["1220", "28.72"],
      ["6540", "28.72"],
      ["2210", "-57.44"],
    ]);
    expect(await kept(id)).toEqual([
      ["input", eur("28.72"), eur("28.72")],
      ["output", eur("57.44"), eur("0.00")],
    ]);
    expect(await books.breaks()).toEqual([]);
  });
});

describe("tax due on payment", () => {
  const pay = (amount: string, openItemId: unknown, day: string) =>
    run(
      recordOnePayment,
      {
        direction: "incoming",
        partyId: books.customerId,
        amount: eur(amount),
        bankAccountId: books.bankAccountId,
        day,
        allocations: [{ openItemId, amount: eur(amount) }],
      },
      books.accountant,
    );
  const dueOf = async (documentId: string) =>
    (await rowsOf("finance.taxLine.list", { filter: { documentId }, sort: "id" })).map((row) => [row["taxDay"], row["base"], row["tax"]]);

  test("each part payment makes its share due, undone it waits again", async () => {
    const one = await posted([line("100.00", "cash")]);
    expect([await balance("2215"), await dueOf(one.id)]).toEqual(["-19.00", []]);
    const [item] = await rowsOf("finance.openItem.list", { filter: { documentId: one.id } });
    await pay("39.67", item!["id"], "2026-11-10");
    const second = await pay("79.33", item!["id"], "2026-11-12");
    // A third of 119.00 is 39.67, and a third of the tax 6.33; the rest follows.
    expect(await dueOf(one.id)).toEqual([
      ["2026-11-10", eur("33.34"), eur("6.33")],
      ["2026-11-12", eur("66.66"), eur("12.67")],
    ]);
    expect(await balance("2215")).toBe("0.00");
    const [allocation] = await rowsOf("finance.allocation.list", { filter: { creditItemId: second.itemId } });
    await run(undoAllocation, { allocationId: allocation!["id"], on: "2026-11-13" }, books.accountant);
    expect((await dueOf(one.id)).at(-1)).toEqual(["2026-11-13", eur("-66.66"), eur("-12.67")]);
    expect(await balance("2215")).toBe("-12.67");
    expect(await books.breaks()).toEqual([]);
  });

  test("a bill that is reversed before it is paid leaves nothing waiting", async () => {
    const before = await balance("2215");
    const entered = await bill("CASH-1", [{ description: "Paper", net: eur("50.00"), taxCode: "cash" }]);
    expect(await balance("2215")).not.toBe(before);
    await run(reverseBill, { billId: entered.id, on: "2026-11-14", reason: "Wrong supplier" }, books.chief);
    expect(await balance("2215")).toBe(before);
    expect(await books.breaks()).toEqual([]);
  });
});

describe("rules put one code in place of another", () => {
  let french: Id;
  beforeAll(async () => {
    const owner = await books.house.person("Otto Owner", "owner");
    french = (await run(createOrganisation, { name: "Atelier SARL", country: "FR", taxNumber: "FR40303265045" }, owner)).id;
    await run(addRole, { partyId: french, role: "customer", from: "2026-01-01" }, owner);
  });
  const rule = (more: object = {}) =>
    run(
      createTaxRule,
      {
        name: "Goods to businesses in the EU",
        side: "output",
        toCodeId: codes.get("eu-goods"),
        place: "otherEu",
        businessOnly: true,
        from: "2026-02-01",
        ...more,
      },
      books.chief,
    );
  const tried = (partyId: Id, more: object = {}) => run(tryTaxRules, { partyId, day: "2026-11-02", ...more }, books.accountant);

  test("by place, business and day; the invoice follows and the EC sales list has it", async () => {
    const { id } = await rule();
    expect(await tried(french)).toMatchObject({ code: "eu-goods", percent: "0", rule: "Goods to businesses in the EU" });
    expect(await tried(french, { day: "2026-01-31" })).toMatchObject({ code: "standard", rule: null });
    expect(await tried(french, { side: "input" })).toMatchObject({ code: "standard" });
    expect(await tried(books.customerId)).toMatchObject({ code: "standard" });
    const one = await posted([line("250.00", "standard")], { customerId: french });
    expect(one.sums).toEqual(["250.00", "0.00", "250.00"]);
    const list = await run(getEcSalesList, { from: "2026-11-01", to: "2026-11-30" }, books.accountant);
    expect(list).toMatchObject({
      rows: [{ party: "Atelier SARL", taxNumber: "FR40303265045", supply: "goods", base: { minor: 25000n }, isComplete: true }],
    });
    await run(endTaxRule, { taxRuleId: id, until: "2026-11-01" }, books.chief);
    expect(await tried(french)).toMatchObject({ code: "standard" });
    expect(await rowsOf("finance.taxRule.list", { asOf: "2026-11-02" })).toMatchObject([{ state: "ended", toCode: "eu-goods" }]);
  });

  test("a rule for one party comes before one for a place", async () => {
    await rule({ name: "Everywhere abroad", businessOnly: false });
    await rule({ name: "Only this one", toCodeId: codes.get("twenty"), partyId: french, place: "anywhere", position: 900 });
    expect(await tried(french)).toMatchObject({ code: "twenty", rule: "Only this one" });
  });

  test("each refusal", async () => {
    await expect(rule({ toCodeId: books.customerId })).rejects.toMatchObject({ code: "codeUnknown" });
    await expect(rule({ partyId: codes.get("half") })).rejects.toMatchObject({ code: "partyUnknown" });
    await expect(rule({ until: "2026-01-31" })).rejects.toMatchObject({ code: "untilBeforeFrom" });
    await expect(run(endTaxRule, { taxRuleId: french, until: "2026-11-01" }, books.chief)).rejects.toMatchObject({ code: "notFound" });
    const { id } = await rule({ from: "2026-10-01", position: 1000 });
    await expect(run(endTaxRule, { taxRuleId: id, until: "2026-09-30" }, books.chief)).rejects.toMatchObject({ code: "untilBeforeFrom" });
    await run(endTaxRule, { taxRuleId: id, until: "2026-10-01" }, books.chief);
    await expect(tried(codes.get("half")!)).rejects.toMatchObject({ code: "partyUnknown" });
    await expect(tried(french, { taxCode: "luxury" })).rejects.toMatchObject({ code: "taxCodeUnknown" });
  });
});

describe("what is refused of codes", () => {
  const add = (more: object) => run(createTaxCode, { code: "new", name: "New", percent: "10", from: "2026-01-01", ...more }, books.chief);
  test.each([
    ["a percentage above 100", () => add({ percent: "101" }), "percentOutOfRange"],
    ["a deductible share below nothing", () => add({ deductiblePercent: "-1" }), "percentOutOfRange"],
    ["a percentage and an amount", () => add({ perUnit: "5" }), "rateTwice"],
    ["tax that waits nowhere", () => add({ cashBasis: true }), "pendingAccountMissing"],
    ["a control account", () => add({ outputAccountId: books.account("1210") }), "accountUnfit"],
    ["a code that is there", () => add({ code: "half" }), "codeTaken"],
    ["books that are not there", () => add({ bookId: books.customerId }), "booksMissing"],
    [
      "a group of a group",
      () => run(createTaxGroup, { code: "more", name: "More", partIds: [codes.get("eco-twenty")!] }, books.chief),
      "partUnfit",
    ],
    [
      "a group by a name that is there",
      () => run(createTaxGroup, { code: "half", name: "Half", partIds: [codes.get("eco")!] }, books.chief),
      "codeTaken",
    ],
    [
      "a rate of a group",
      () => run(changeTaxRate, { taxCodeId: codes.get("eco-twenty"), percent: "5", from: "2026-12-01" }, books.chief),
      "rateUnfit",
    ],
    [
      "a percentage of an amount",
      () => run(changeTaxRate, { taxCodeId: codes.get("eco"), percent: "5", from: "2026-12-01" }, books.chief),
      "rateUnfit",
    ],
    [
      "a rate that is past",
      () => run(changeTaxRate, { taxCodeId: codes.get("eco"), perUnit: "6", from: "2026-01-01" }, books.chief),
      "rateFixed",
    ],
    [
      "a rate above 100",
      () => run(changeTaxRate, { taxCodeId: codes.get("half"), percent: "120", from: "2026-12-01" }, books.chief),
      "percentOutOfRange",
    ],
    [
      "a code that is not there",
      () => run(changeTaxRate, { taxCodeId: books.customerId, percent: "5", from: "2026-12-01" }, books.chief),
      "notFound",
    ],
  ])("%s", async (_, attempt, code) => {
    await expect(attempt()).rejects.toMatchObject({ code });
  });
});

describe("filing", () => {
  test("keeps what was filed, and what is corrected goes into the next return", async () => {
    await posted([line("1000.00", "standard")], { day: "2026-09-10" });
    await bill("SEP-1", [{ description: "Paper", net: eur("200.00"), taxCode: "standard" }], "2026-09-12");
    const file = (more: object = {}) => run(fileTaxReturn, { to: "2026-09-30", ...more }, books.chief);
    await expect(file({ from: "2025-12-01" })).rejects.toMatchObject({ code: "returnGap", facts: { from: "2026-01-01" } });
    await expect(file({ to: "2025-12-31" })).rejects.toMatchObject({ code: "toBeforeFrom" });
    await expect(file({ to: "2026-11-30" })).rejects.toMatchObject({ code: "returnNotOver" });
    const shown = await run(getTaxReturn, { from: "2026-01-01", to: "2026-09-30" }, books.accountant);
    expect([shown.output.amount, shown.input.amount, shown.payable.amount, shown.state]).toEqual(["190.00", "38.00", "152.00", "open"]);
    const filed = await file({ reference: "ELSTER-1" });
    expect([filed.from, filed.payable.amount]).toEqual(["2026-01-01", "152.00"]);
    expect(await entryLines({ entryId: filed.entryId })).toEqual(
      expect.arrayContaining([
        ["2210", "190.00"],
        ["1220", "-38.00"],
        ["2220", "-152.00"],
      ]),
    );
    expect(await rowsOf("finance.period.list", { filter: { code: "2026-09" } })).toMatchObject([{ lockedAreas: "tax" }]);
    // Its days are filed: they cannot be chosen any more, and posting into them needs an exception.
    await expect(file({ from: "2026-09-01" })).rejects.toMatchObject({ code: "returnGap", facts: { from: "2026-10-01" } });
    await expect(posted([line("10.00", "standard")], { day: "2026-09-20" })).rejects.toMatchObject({ code: "areaLocked" });
    expect(await run(getTaxReturn, { from: "2026-01-01", to: "2026-09-30" }, books.accountant)).toMatchObject({ state: "filed" });
    // The next one begins where it ended.
    expect(await run(getTaxReturn, {}, books.accountant)).toMatchObject({ from: "2026-10-01", to: "2026-10-31", state: "open" });
    expect(await books.breaks()).toEqual([]);
  });

  test("a line dated in filed days by an exception counts in the next return", async () => {
    const [period] = await rowsOf("finance.period.list", { filter: { code: "2026-09" } });
    await run(unlockPeriod, { periodId: period!["id"], area: "tax", reason: "An invoice was forgotten" }, books.chief);
    const late = await posted([line("100.00", "standard")], { day: "2026-09-25" });
    expect(await rowsOf("finance.taxLine.list", { filter: { documentId: late.id } })).toMatchObject([
      { day: "2026-09-25", taxDay: "2026-10-01" },
    ]);
    const next = await run(getTaxReturn, {}, books.accountant);
    expect(next.rows).toMatchObject([{ code: "standard", tax: { minor: 1900n }, late: 1 }]);
    const behind = await run(listReturnLines, { from: next.from, to: next.to, side: "output" }, books.accountant);
    expect(behind).toMatchObject({
      count: 1,
      tax: { minor: 1900n },
      lines: [{ documentId: late.id, party: "Nordlicht AG", day: "2026-09-25" }],
    });
    // Lines that were posted before their code had boxes stand where the code says now.
    const inBox = () => run(listReturnLines, { from: next.from, to: next.to, box: "81" }, books.accountant);
    expect(await inBox()).toMatchObject({ count: 0, lines: [] });
    const [standard] = await rowsOf("finance.taxCode.list", { filter: { code: "standard" } });
    await run(setTaxBoxes, { taxCodeId: standard!["id"], outputBaseBox: "81", outputTaxBox: "81 tax", inputTaxBox: "66" }, books.chief);
    expect(await inBox()).toMatchObject({ count: 1 });
    expect((await run(getTaxReturn, {}, books.accountant)).boxes).toMatchObject([
      { box: "81", amount: { minor: 10_000n } },
      { box: "81 tax", amount: { minor: 1900n } },
    ]);
    await expect(run(setTaxBoxes, { taxCodeId: books.customerId }, books.chief)).rejects.toMatchObject({ code: "notFound" });
    expect(await books.breaks()).toEqual([]);
  });

  test("a filed return is shown in the boxes that were filed, whatever the code names since", async () => {
    const days = { from: "2026-01-01", to: "2026-09-30" };
    const [kept] = await rowsOf("finance.filedReturn.list", { filter: { fromDay: days.from } });
    // 1,000.00 at 19 % were filed when the code named no box; box 81 was named afterwards, in the test before.
    const shown = await run(getTaxReturn, days, books.accountant);
    expect(shown).toMatchObject({ state: "filed", filedReturnId: kept!["id"], currency: "EUR", boxes: [], payable: { minor: 15_200n } });
    expect(shown.rows.map(({ code, side, baseBox, base }) => [code, side, baseBox, base.minor])).toEqual([
      ["standard", "output", null, 100_000n],
      ["standard", "input", null, 20_000n],
    ]);
    expect(await run(listReturnLines, { ...days, box: "81" }, books.accountant)).toMatchObject({ count: 0 });
    // October is filed with 100.00 in box 81, which the code names 48 since: the document stays behind box 81.
    await run(fileTaxReturn, { to: "2026-10-31" }, books.chief);
    const [standard] = await rowsOf("finance.taxCode.list", { filter: { code: "standard" } });
    await run(setTaxBoxes, { taxCodeId: standard!["id"], outputBaseBox: "48" }, books.chief);
    const october = { from: "2026-10-01", to: "2026-10-31" };
    const { boxes } = await run(getTaxReturn, october, books.accountant);
    expect(boxes.map(({ box, amount }) => [box, amount.minor])).toEqual([
      ["81", 10_000n],
      ["81 tax", 1900n],
    ]);
    const behind = (box: string) => run(listReturnLines, { ...october, box }, books.accountant);
    expect([(await behind("81")).base.minor, (await behind("48")).count]).toEqual([10_000n, 0]);
    expect(await books.breaks()).toEqual([]);
  });
});
