// Lines of bills and invoices for days beyond their month: held, recognised month by month, credited, reversed. Months and cents by hand.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createUnit } from "../../directory/index.ts";
import { setExchangeRate } from "../currency/rate.operations.ts";
import { explainLine } from "../reports/explain.operations.ts";
import { undoAllocation } from "../payments/payment.operations.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { approveBill, createBill, postBill, reverseBill } from "../payables/bill.operations.ts";
import {
  approveSupplierCreditNote,
  createSupplierCreditNote,
  postSupplierCreditNote,
  reverseSupplierCreditNote,
} from "../payables/supplier-credit-note.operations.ts";
import { creditInvoice } from "../receivables/credit-note.operations.ts";
import { createInvoice, issueInvoice, postInvoice } from "../receivables/invoice.operations.ts";
import { createTaxCode } from "../tax/tax-code.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { recogniseDeferrals, reverseDeferral } from "./deferral.operations.ts";

let books: TestBooks;
let count = 0;
beforeAll(async () => {
  books = await openBooks();
  const half = { code: "half", name: "Half deductible", from: "2026-01-01", percent: "20", deductiblePercent: "50" };
  await run(createTaxCode, half, books.chief);
  await run(setExchangeRate, { base: "USD", currency: "EUR", day: "2026-03-10", rate: "0.9" }, books.accountant);
});
afterAll(() => books.house.close());
// What earlier tests left to recognise is out of the way.
beforeEach(() => recognise("2026-12-31").catch(() => undefined));

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
type Row = Record<string, unknown>;
const rowsOf = async (name: string, filter: object = {}) =>
  ((await books.house.call(`finance.${name}.list`, { filter, limit: 200 }, books.chief)) as { rows: Row[] }).rows;
const year = { serviceFrom: "2026-03-01", serviceUntil: "2027-02-28" };
const insurance = (net: string, more: object = {}) => ({
  description: "Insurance",
  net: eur(net),
  accountId: books.account("6530"),
  ...year,
  ...more,
});
const enter = (lines: object[], more: object = {}) =>
  run(createBill, { supplierId: books.supplierId, supplierNumber: `V-${++count}`, day: "2026-03-10", lines, ...more }, books.accountant);
const post = async (billId: string) => {
  await run(approveBill, { billId }, books.chief);
  return run(postBill, { billId }, books.accountant);
};
const posted = async (lines: object[], more?: object) => {
  const { id } = await enter(lines, more);
  await post(id);
  return id;
};
const credited = async (billId: string, more: object = {}) => {
  const note = { supplierId: books.supplierId, supplierNumber: `G-${++count}`, day: "2026-06-20", billId, ...more };
  const { id: supplierCreditNoteId } = await run(createSupplierCreditNote, note, books.accountant);
  await run(approveSupplierCreditNote, { supplierCreditNoteId }, books.chief);
  await run(postSupplierCreditNote, { supplierCreditNoteId }, books.accountant);
  return supplierCreditNoteId;
};
const recognise = (until: string) => run(recogniseDeferrals, { until }, books.accountant);
const balances = async (asOf: string) =>
  new Map((await run(getTrialBalance, { asOf }, books.chief)).rows.map((row) => [row.code, row.closing.minor]));
/** Minor units on accounts by their codes: what the work changed there, as of each day asked for. */
async function changed(days: readonly string[], codes: readonly string[], work: () => Promise<unknown>): Promise<number[][]> {
  const before = await Promise.all(days.map(balances));
  await work();
  const after = await Promise.all(days.map(balances));
  return days.map((_, at) => codes.map((code) => Number((after[at]!.get(code) ?? 0n) - (before[at]!.get(code) ?? 0n))));
}
/** The last credit note was set against its bill as it was posted; here it is set free. */
const undone = async () => {
  const held = (await rowsOf("allocation", { state: "holds" })).filter((row) => String(row["allocation"]).includes(`G-${count}`));
  for (const row of held) await run(undoAllocation, { allocationId: row["id"] }, books.accountant);
};
const deferralsOf = (filter: object) => rowsOf("deferral", filter);
const takeBackByHand = async (filter: object, amount = "") => {
  const deferral = (await deferralsOf(filter)).find((row) => JSON.stringify(row["amount"]).includes(amount));
  await run(reverseDeferral, { deferralId: deferral!["id"], reason: "By hand" }, books.accountant);
};
const ends = ["2026-03-31", "2026-05-31", "2026-12-31"];

describe("a bill", () => {
  test("for a year from March stands on prepaid expenses and comes month by month to its cost centre", async () => {
    // 1200.00 net for twelve whole months: 100.00 each. Until May 300.00, until December 1000.00; 200.00 are next year's.
    const { id: unitId } = await run(createUnit, { name: "Office", code: "OFFICE" }, await books.house.person("Olga Owner", "owner"));
    let billId = "";
    const work = async () => {
      billId = await posted([insurance("1200.00", { unitId })]);
      await recognise("2026-12-31");
    };
    expect(await changed(ends, ["1230", "6530", "1220", "2110"], work)).toEqual([
      [110_000, 10_000, 22_800, -142_800],
      [90_000, 30_000, 22_800, -142_800],
      [20_000, 100_000, 22_800, -142_800],
    ]);
    const [line] = await rowsOf("billLine", { billId });
    const [deferral] = await deferralsOf({ billId });
    expect(line).toMatchObject({ ...year, deferralId: deferral!["id"], account: expect.stringContaining("6530") });
    expect(deferral).toMatchObject({ state: "running", by: "months", amount: eur("1200.00"), rest: eur("200.00") });
    const lines = await rowsOf("journalLine", { accountId: books.account("6530") });
    expect(lines).toHaveLength(10);
    expect(lines.every((one) => one["unitId"] === unitId)).toBe(true);
    const said = await run(explainLine, { journalLineId: lines[0]!["id"] }, books.accountant);
    expect(said.line.says.join(" ")).toContain(`Insurance, V-1 of Papier & Stift GmbH, for 2026-03-01 until 2027-02-28`);
    expect(await books.breaks()).toEqual([]);
  });

  test("keeps what is for its month, what stands on the balance sheet, and what has no span", async () => {
    const lines = [
      insurance("10.00", { serviceUntil: "2026-03-31" }),
      insurance("20.00", { accountId: books.account("1250") }),
      { description: "Paper", net: eur("30.00"), accountId: books.account("6530") },
    ];
    const work = () => posted(lines);
    expect(await changed(["2026-03-31"], ["6530", "1250", "1230"], work)).toEqual([[4000, 2000, 0]]);
    expect(await deferralsOf({ billId: (await rowsOf("bill", { supplierNumber: `V-${count}` }))[0]!["id"] })).toEqual([]);
  });

  test("holds the tax that is cost with its net, and another currency at what it came in with", async () => {
    // 120.00 at 20 %, half of 24.00 is cost: 132.00 for twelve months. 100.00 USD at 0.9: 90.00.
    const work = async () => {
      await posted([insurance("120.00", { taxCode: "half" })]);
      await posted([insurance("1", { net: { amount: "100.00", currency: "USD" }, taxCode: "exempt" })]);
      await recognise("2026-03-31");
    };
    // A twelfth of each: 11.00 and 7.50.
    expect(await changed(["2026-03-31"], ["1230", "6530"], work)).toEqual([[13_200 + 9000 - 1850, 1850]]);
    expect(await books.breaks()).toEqual([]);
  });

  test("that is reversed takes back what was recognised, each part on its day, and ends the rest", async () => {
    let id = "";
    const work = async () => {
      id = await posted([insurance("1200.00")]);
      await recognise("2026-05-31");
      await run(reverseBill, { billId: id, reason: "Not ours" }, books.chief);
    };
    expect(await changed(ends, ["1230", "6530", "1220", "2110"], work)).toEqual(ends.map(() => [0, 0, 0, 0]));
    expect(await deferralsOf({ billId: id })).toMatchObject([{ state: "reversed", recognised: eur("0.00") }]);
    expect(await books.breaks()).toEqual([]);
  });

  test("with days that are no span is refused, and so is posting where no account is for prepaid expenses", async () => {
    for (const wrong of [{ serviceUntil: "2026-02-28" }, { serviceUntil: "2057-03-01" }, { serviceUntil: undefined }]) {
      await expect(enter([insurance("1.00", wrong)])).rejects.toMatchObject({ code: "servicePeriodUnfit" });
    }
    const { id } = await enter([insurance("1.00")]);
    const without = await unassigned("prepaidExpense");
    await expect(post(id)).rejects.toMatchObject({ code: "roleUnassigned", message: expect.stringContaining("prepaidExpense") });
    await without();
  });
});

describe("a supplier's credit note", () => {
  test("for the whole mirrors what was recognised on its day and ends the deferral; reversed, it stands again", async () => {
    let id = "";
    let note = "";
    const codes = ["1230", "6530"];
    const work = async () => {
      id = await posted([insurance("1200.00")]);
      await recognise("2026-05-31");
      note = await credited(id);
    };
    // Until May 300.00 were recognised; the credit note of 20 June takes all of it back.
    expect(await changed(["2026-05-31", "2026-06-30"], codes, work)).toEqual([
      [90_000, 30_000],
      [0, 0],
    ]);
    expect(await deferralsOf({ billId: id })).toMatchObject([{ state: "reversed" }]);
    expect(await deferralsOf({ supplierCreditNoteId: note })).toEqual([]);
    expect(await books.breaks()).toEqual([]);
    await undone();
    const back = () => run(reverseSupplierCreditNote, { supplierCreditNoteId: note, reason: "Sent by mistake" }, books.chief);
    expect(await changed(["2026-05-31", "2026-06-30"], codes, back)).toEqual([
      [0, 0],
      [90_000, 30_000],
    ]);
    expect(await deferralsOf({ billId: id })).toMatchObject([{ state: "running", recognised: eur("300.00"), stoppedOn: null }]);
    expect(await changed(["2026-06-30"], codes, () => recognise("2026-06-30"))).toEqual([[-10_000, 10_000]]);
    expect(await books.breaks()).toEqual([]);
    await run(reverseBill, { billId: id, reason: "Not ours after all" }, books.chief);
    expect(await deferralsOf({ billId: id })).toMatchObject([{ state: "reversed" }]);
    expect(await books.breaks()).toEqual([]);
  });

  test("for a part of the span is spread below zero over the months it takes back", async () => {
    // From September on nothing is insured: 600.00 of 1200.00 for six months. The cost of a month is 100.00 until August, then nothing.
    let note = "";
    const work = async () => {
      const id = await posted([insurance("1200.00")]);
      note = await credited(id, { day: "2026-08-20", lines: [insurance("600.00", { serviceFrom: "2026-09-01" })] });
      await recognise("2026-12-31");
    };
    expect(await changed(["2026-08-31", "2026-12-31"], ["1230", "6530"], work)).toEqual([
      [0, 60_000],
      [0, 60_000],
    ]);
    expect(await deferralsOf({ supplierCreditNoteId: note })).toMatchObject([{ state: "running", amount: eur("-600.00") }]);
    expect(await books.breaks()).toEqual([]);
    await undone();
    await run(reverseSupplierCreditNote, { supplierCreditNoteId: note, reason: "Insured again" }, books.chief);
    expect(await deferralsOf({ supplierCreditNoteId: note })).toMatchObject([{ state: "reversed" }]);
    expect(await books.breaks()).toEqual([]);
  });
});

describe("a deferral of a bill that was taken back by hand", () => {
  const codes = ["1230", "6530"];
  const begun = async () => {
    const id = await posted([insurance("1200.00")]);
    await recognise("2026-05-31");
    await takeBackByHand({ billId: id });
    return id;
  };

  test("leaves all of it held, so that a credit note for the whole leaves nothing, now and later; reversed, it is held again", async () => {
    // 1200.00 are held from March on, nothing is cost. On 20 June all of it is taken back: the documents come to nothing.
    let note = "";
    const work = async () => {
      note = await credited(await begun());
      await recognise("2026-12-31").catch(() => undefined);
    };
    expect(await changed(["2026-05-31", "2026-06-30", "2026-12-31"], codes, work)).toEqual([
      [120_000, 0],
      [0, 0],
      [0, 0],
    ]);
    expect(await deferralsOf({ supplierCreditNoteId: note })).toEqual([]);
    await undone();
    const back = () => run(reverseSupplierCreditNote, { supplierCreditNoteId: note, reason: "Sent by mistake" }, books.chief);
    expect(await changed(["2026-12-31"], codes, back)).toEqual([[120_000, 0]]);
    expect(await books.breaks()).toEqual([]);
  });

  test("holds what a credit note for a part leaves of it", async () => {
    // 600.00 of 1200.00 go; the other 600.00 wait for whoever took the deferral back.
    const work = async () => {
      await credited(await begun(), { day: "2026-08-20", lines: [insurance("600.00", { serviceFrom: "2026-09-01" })] });
      await recognise("2026-12-31").catch(() => undefined);
    };
    expect(await changed(["2026-08-31", "2026-12-31"], codes, work)).toEqual([
      [60_000, 0],
      [60_000, 0],
    ]);
    expect(await books.breaks()).toEqual([]);
  });

  test("does not keep another one of the same bill from going on", async () => {
    // Two lines of 1200.00 and 240.00 for the same year; the first is taken back by hand. Whole: nothing is left of either.
    let id = "";
    const work = async () => {
      id = await posted([insurance("1200.00"), insurance("240.00")]);
      await takeBackByHand({ billId: id }, "1200.00");
      await recognise("2026-05-31");
      await credited(id);
      await recognise("2026-12-31").catch(() => undefined);
    };
    // Until May three parts of 20.00 are cost, 1380.00 are held.
    expect(await changed(["2026-05-31", "2026-12-31"], codes, work)).toEqual([
      [138_000, 6000],
      [0, 0],
    ]);
    expect(await books.breaks()).toEqual([]);
  });
});

describe("an invoice", () => {
  const support = (unitPrice: string, more: object = {}) => ({ description: "Support", unitPrice: eur(unitPrice), ...year, ...more });
  const wish = (lines: object[]) => ({ customerId: books.customerId, day: "2026-03-10", lines });

  test("for a year stands on deferred income, issued at once or drafted first, with what is net of prices that include tax", async () => {
    // 1428.00 with 19 % in it is 1200.00; and 600.00 net. Together 150.00 a month.
    const work = async () => {
      await run(issueInvoice, { ...wish([support("1428.00")]), pricesIncludeTax: true }, books.accountant);
      const { id } = await run(createInvoice, wish([support("600.00")]), books.accountant);
      await run(postInvoice, { invoiceId: id }, books.accountant);
      await recognise("2026-05-31");
    };
    expect(await changed(["2026-03-31", "2026-05-31"], ["2410", "4110"], work)).toEqual([
      [-165_000, -15_000],
      [-135_000, -45_000],
    ]);
    expect(await books.breaks()).toEqual([]);
  });

  test("credited whole leaves nothing; credited in part, what is for later is taken off later", async () => {
    let first = "";
    const work = async () => {
      const lines = wish([support("1200.00"), { description: "Setup", unitPrice: eur("50.00") }]);
      first = (await run(issueInvoice, lines, books.accountant)).id;
      await recognise("2026-05-31");
      await run(creditInvoice, { invoiceId: first, day: "2026-06-20", reason: "All wrong" }, books.accountant);
    };
    expect(await changed(["2026-05-31", "2026-06-30"], ["2410", "4110"], work)).toEqual([
      [-90_000, -35_000],
      [0, 0],
    ]);
    expect(await deferralsOf({ invoiceId: first })).toMatchObject([{ state: "reversed" }]);
    const part = async () => {
      const { id } = await run(issueInvoice, wish([support("1200.00")]), books.accountant);
      const lines = [support("600.00", { serviceFrom: "2026-09-01" })];
      await run(creditInvoice, { invoiceId: id, day: "2026-08-20", reason: "Ends in August", lines }, books.accountant);
      await recognise("2026-12-31");
    };
    expect(await changed(["2026-08-31", "2026-12-31"], ["2410", "4110"], part)).toEqual([
      [0, -60_000],
      [0, -60_000],
    ]);
    expect(await books.breaks()).toEqual([]);
  });

  test("credited whole after its deferral was taken back by hand leaves nothing, even after the last day it was for", async () => {
    // 1200.00 for a year, credited in June; and 600.00 for March to August, credited in October. All of both was held.
    const issued = async (line: object, day: string) => {
      const { id } = await run(issueInvoice, wish([line]), books.accountant);
      await recognise("2026-05-31");
      await takeBackByHand({ invoiceId: id });
      await run(creditInvoice, { invoiceId: id, day, reason: "All wrong" }, books.accountant);
    };
    const work = async () => {
      await issued(support("1200.00"), "2026-06-20");
      await issued(support("600.00", { serviceUntil: "2026-08-31" }), "2026-10-05");
      await recognise("2026-12-31").catch(() => undefined);
    };
    expect(await changed(["2026-05-31", "2026-06-30", "2026-10-31", "2026-12-31"], ["2410", "4110"], work)).toEqual([
      [-180_000, 0],
      [-60_000, 0],
      [0, 0],
      [0, 0],
    ]);
    expect(await books.breaks()).toEqual([]);
  });

  test("credited line by line: what one credit note took back is not taken for held by the next", async () => {
    // The second credit note gives 24.00 of the other line back, for the same year: 2.00 a month, ten of them until December.
    const lines = wish([support("1200.00"), { description: "Setup", unitPrice: eur("50.00") }]);
    let second = "";
    const work = async () => {
      const { id } = await run(issueInvoice, lines, books.accountant);
      const credit = async (line: object) =>
        (await run(creditInvoice, { invoiceId: id, day: "2026-03-20", reason: "Too much", lines: [line] }, books.accountant)).id;
      await credit(support("1200.00"));
      second = await credit(support("24.00"));
      await recognise("2026-12-31");
    };
    expect(await changed(["2026-12-31"], ["2410", "4110"], work)).toEqual([[400, -3000]]);
    expect(await deferralsOf({ invoiceId: second })).toMatchObject([{ state: "running", amount: eur("-24.00") }]);
    expect(await books.breaks()).toEqual([]);
  });

  test("with days that are no span is refused, and so is one that nobody knows where to hold", async () => {
    const wrong = wish([support("1.00", { serviceUntil: "2026-02-28" })]);
    await expect(run(issueInvoice, wrong, books.accountant)).rejects.toMatchObject({ code: "servicePeriodUnfit" });
    const without = await unassigned("deferredIncome");
    await expect(run(issueInvoice, wish([support("1.00")]), books.accountant)).rejects.toMatchObject({ code: "roleUnassigned" });
    await without();
  });
});

/** Books whose chart has no account for a job; what it returns gives it back. */
async function unassigned(role: string): Promise<() => Promise<void>> {
  const { owner: database, tenantId } = books.house;
  const set = (from: string, to: string) =>
    database.query("update finance.account_role set role = $3 where tenant_id = $1 and role = $2", [tenantId, from, to]);
  await set(role, `${role}Before`);
  return async () => void (await set(`${role}Before`, role));
}
