// Matching on a real database: by number, amount, party and sum; too much, too little, fees, taking back; and every refusal.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { rowsOn, sql } from "../../../platform/database/sql.ts";
import { addRole, createOrganisation } from "../../directory/index.ts";
import { closePeriod } from "../ledger/period.operations.ts";
import { createBill, approveBill, postBill } from "../payables/bill.operations.ts";
import { allocateOpenItem, recordOnePayment } from "../payments/payment.operations.ts";
import { createInvoice, postInvoice } from "../receivables/invoice.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { listCandidates, matchBankLine } from "./bank-line.operations.ts";
import { ignoreBankLine } from "./hold.operations.ts";
import { camt, storedFile, type ToldEntry } from "./banking.testing.ts";
import { importBankStatement } from "./import.operations.ts";
import { matchAllBankLines } from "./match-all.operations.ts";
import { proposeMatches } from "./proposal.operations.ts";
import { getBankReconciliation } from "./reconciliation.operations.ts";
import { unmatchBankLine } from "./unmatch.operations.ts";

let books: TestBooks;
let customers: { id: Id; account: string; name: string }[];
beforeAll(async () => {
  books = await openBooks();
  const owner = await books.house.person("Olga Owner", "owner");
  customers = [];
  for (const [name, account] of [
    ["Acme Tools GmbH", "DE89370400440532013000"],
    ["Beta Bau AG", "DE02500105170137075030"],
  ] as const) {
    const { id } = await books.house.run(createOrganisation, { name, bankAccount: account }, owner);
    for (const role of ["customer", "supplier"]) await books.house.run(addRole, { partyId: id, role, from: "2026-01-01" }, owner);
    customers.push({ id, account, name });
  }
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
type Row = Record<string, unknown>;
const rowsOf = async (name: string, input: object) => ((await books.house.call(name, input, books.chief)) as { rows: Row[] }).rows;

/** Posts an invoice over the gross amount (19 percent within) and returns its number and open item. */
async function invoice(customer: number, net: string, day = "2026-11-02"): Promise<{ number: string; itemId: Id }> {
  const lines = [{ description: "Work", unitPrice: eur(net) }];
  const { id } = await run(createInvoice, { customerId: customers[customer]!.id, day, lines }, books.accountant);
  await run(postInvoice, { invoiceId: id }, books.accountant);
  const [item] = await rowsOf("finance.openItem.list", { filter: { documentId: id } });
  return { number: String(item!["reference"]), itemId: item!["id"] as Id };
}

let told = 0;
let reached = 0n;
const cents = (amount: string): bigint => BigInt(amount.replace(".", ""));
const euros = (minor: bigint): string =>
  `${minor < 0n ? "-" : ""}${(minor < 0n ? -minor : minor) / 100n}.${String((minor < 0n ? -minor : minor) % 100n).padStart(2, "0")}`;

/** One statement with these entries, following the one before; returns its lines in order. */
async function tell(...entries: ToldEntry[]): Promise<Id[]> {
  told += 1;
  const opening = reached;
  reached += entries.reduce((sum, entry) => sum + cents(entry.amount), 0n);
  const numbered = entries.map((entry, index) => ({ reference: `BR-${told}-${index}`, ...entry }));
  const file = camt({
    iban: "DE12500105170648489890",
    id: `M${told}`,
    opening: euros(opening),
    closing: euros(reached),
    entries: numbered,
  });
  const fileId = await storedFile(books, file);
  const done = await run(importBankStatement, { fileId, bankAccountId: books.bankAccountId }, books.accountant);
  expect(done.added).toBe(entries.length);
  const lines = await rowsOf("finance.bankLine.list", { filter: { statementId: done.statements[0]!.id }, limit: 500 });
  return entries.map((_, index) => lines.find((line) => line["bankReference"] === numbered[index]!.reference)!["id"] as Id);
}

const lineOf = async (id: Id) => (await rowsOf("finance.bankLine.list", { filter: { id } }))[0]!;
const open = async (id: Id) => ((await rowsOf("finance.openItem.list", { filter: { id } }))[0]!["open"] as { amount: string }).amount;
const candidates = async (bankLineId: Id) => (await run(listCandidates, { bankLineId }, books.accountant)).candidates;
const match = (bankLineId: Id, more: object) => run(matchBankLine, { bankLineId, ...more }, books.accountant);
const reconciliation = () => run(getBankReconciliation, { bankAccountId: books.bankAccountId }, books.accountant);

describe("one line", () => {
  test("the number and the amount are found, and settling it closes the invoice", async () => {
    const due = await invoice(0, "100.00");
    const [line] = await tell({ amount: "119.00", text: `Invoice ${due.number}`, name: "ACME TOOLS", account: customers[0]!.account });
    const [best] = await candidates(line!);
    expect(best).toMatchObject({ kind: "items", score: 100, strong: true, party: "Acme Tools GmbH" });
    expect(best!.reasons).toHaveLength(3);
    const done = await match(line!, {
      allocations: best!.allocations.map(({ openItemId, amount }) => ({ openItemId, amount: amount.toJSON() })),
    });
    expect(done).toMatchObject({ rest: { minor: 0n }, entry: expect.stringMatching(/^BNK-2026-/) });
    expect(await open(due.itemId)).toBe("0.00");
    expect(await lineOf(line!)).toMatchObject({
      state: "matched",
      party: "Acme Tools GmbH",
      settles: due.number,
      reasons: "Chosen by Arno Accountant.",
    });
    expect(await books.breaks()).toEqual([]);
  });

  test("too little leaves the invoice open by the rest, too much stays on account, and taking back restores all", async () => {
    const due = await invoice(0, "200.00");
    const [less, more] = await tell({ amount: "38.00", text: due.number }, { amount: "300.00", text: due.number });
    await match(less!, { allocations: [{ openItemId: due.itemId, amount: eur("38.00") }] });
    expect(await open(due.itemId)).toBe("200.00");
    expect((await match(more!, { allocations: [{ openItemId: due.itemId, amount: eur("200.00") }] })).rest.toString()).toBe("100.00 EUR");
    expect(await open(due.itemId)).toBe("0.00");
    const credit = await rowsOf("finance.openItem.list", { filter: { state: "credit", partyId: customers[0]!.id } });
    expect(credit.map((row) => row["open"])).toEqual([eur("-100.00")]);
    // The credit is used for a later invoice; unmatching opens that one again too.
    const later = await invoice(0, "50.00");
    await run(allocateOpenItem, { openItemId: credit[0]!["id"], againstId: later.itemId }, books.accountant);
    expect(await open(later.itemId)).toBe("0.00");
    const back = await run(unmatchBankLine, { bankLineId: more }, books.accountant);
    expect(back.reversed).toHaveLength(1);
    expect([await open(due.itemId), await open(later.itemId)]).toEqual(["200.00", "59.50"]);
    expect(await lineOf(more!)).toMatchObject({ state: "unmatched", party: null, entry: null });
    expect(await books.breaks()).toEqual([]);
    await match(more!, { partyId: customers[0]!.id });
    await expect(run(unmatchBankLine, { bankLineId: more }, books.accountant, { dryRun: true })).resolves.toMatchObject({ id: more });
    expect(await lineOf(more!)).toMatchObject({ state: "matched" });
  });

  test("matched on a later day than the bank's, it is taken back on that day, and not before", async () => {
    const due = await invoice(0, "100.00");
    const [line] = await tell({ amount: "119.00", text: due.number, day: "2026-11-03" });
    const asOf = async (on: string) => {
      const rows = await rowsOf("finance.openItem.list", { asOf: on, filter: { partyId: customers[0]!.id }, limit: 500 });
      return rows.reduce((sum, row) => sum + cents((row["open"] as { amount: string }).amount), 0n);
    };
    const before = await asOf("2026-11-05");
    await match(line!, { allocations: [{ openItemId: due.itemId, amount: eur("119.00") }], day: "2026-11-10" });
    const early = run(unmatchBankLine, { bankLineId: line, on: "2026-11-09" }, books.accountant);
    await expect(early).rejects.toMatchObject({ code: "beforeEntry", facts: { day: "2026-11-10" }, path: ["on"] });
    const { reversed } = await run(unmatchBankLine, { bankLineId: line }, books.accountant);
    expect(await rowsOf("finance.journalEntry.list", { filter: { number: reversed[0] } })).toMatchObject([{ day: "2026-11-10" }]);
    expect(await asOf("2026-11-05")).toBe(before);
    await match(line!, { accountCode: "2490", day: "2026-11-12" });
    const earlier = run(unmatchBankLine, { bankLineId: line, on: "2026-11-11" }, books.accountant);
    await expect(earlier).rejects.toMatchObject({ code: "beforeEntry" });
    const booked = await run(unmatchBankLine, { bankLineId: line }, books.accountant);
    expect(await rowsOf("finance.journalEntry.list", { filter: { number: booked.reversed[0] } })).toMatchObject([{ day: "2026-11-12" }]);
    await match(line!, { allocations: [{ openItemId: due.itemId, amount: eur("119.00") }] });
    expect(await books.breaks()).toEqual([]);
  });

  test("a fee is booked beside what it was taken from", async () => {
    const due = await invoice(1, "100.00");
    const [line] = await tell({ amount: "117.50", text: due.number });
    const all = [{ openItemId: due.itemId, amount: eur("119.00") }];
    await expect(match(line!, { allocations: all })).rejects.toMatchObject({ code: "moreThanLine", facts: { difference: "1.50 EUR" } });
    await match(line!, { allocations: all, accountCode: "6560" });
    expect(await open(due.itemId)).toBe("0.00");
    const [fee] = await rowsOf("finance.journalLine.list", { filter: { accountId: books.account("6560") } });
    expect(fee!["debit"]).toEqual(eur("1.50"));
    expect(await books.breaks()).toEqual([]);
    expect((await run(unmatchBankLine, { bankLineId: line }, books.accountant)).reversed).toHaveLength(2);
    expect(await open(due.itemId)).toBe("119.00");
    expect(await books.breaks()).toEqual([]);
    await match(line!, { allocations: all, accountCode: "6560" });
  });

  test("charges and rent go straight to an account", async () => {
    const [charge] = await tell({ amount: "-4.90", text: "Account fee" });
    expect(await match(charge!, { accountCode: "6560", text: "Bank charges November" })).toMatchObject({ rest: { minor: 0n } });
    expect(await lineOf(charge!)).toMatchObject({ state: "posted", settles: "6560 Bank charges" });
    await run(unmatchBankLine, { bankLineId: charge }, books.accountant);
    expect(await lineOf(charge!)).toMatchObject({ state: "unmatched" });
    await match(charge!, { accountCode: "6560" });
    expect(await books.breaks()).toEqual([]);
  });

  test("money that goes out settles the supplier's bill", async () => {
    const lines = [{ description: "Paper", net: eur("50.00"), accountId: books.account("6540") }];
    const draft = { supplierId: customers[1]!.id, supplierNumber: "RE-77 001", day: "2026-11-03", lines };
    const { id } = await run(createBill, draft, books.accountant);
    await run(approveBill, { billId: id }, books.chief);
    await run(postBill, { billId: id }, books.accountant).catch(() => undefined);
    const [item] = await rowsOf("finance.openItem.list", { filter: { documentId: id } });
    const [line] = await tell({ amount: "-59.50", text: "RE-77/001", name: "Beta Bau" });
    const [best] = await candidates(line!);
    expect(best).toMatchObject({ strong: true, allocations: [{ openItemId: item!["id"] }] });
    await match(line!, { allocations: [{ openItemId: item!["id"], amount: eur("59.50") }] });
    expect(await open(item!["id"] as Id)).toBe("0.00");
    expect(await books.breaks()).toEqual([]);
  });

  test("a payment recorded by hand is tied to its line and nothing is posted twice", async () => {
    const due = await invoice(1, "300.00");
    const paid = {
      direction: "incoming",
      partyId: customers[1]!.id,
      amount: eur("357.00"),
      bankAccountId: books.bankAccountId,
      day: "2026-11-11",
    };
    await run(
      recordOnePayment,
      { ...paid, reference: due.number, allocations: [{ openItemId: due.itemId, amount: eur("357.00") }] },
      books.accountant,
    );
    expect(await reconciliation()).toMatchObject({ booksOnly: { count: 1, sum: { minor: 35_700n } }, unexplained: { minor: 0n } });
    const [line, twin] = await tell({ amount: "357.00", text: due.number }, { amount: "357.00", text: "something else" });
    const [best] = await candidates(line!);
    expect(best).toMatchObject({ kind: "booked", strong: true, party: "Beta Bau AG" });
    const before = (await rowsOf("finance.journalEntry.list", { limit: 500 })).length;
    expect(await match(line!, { journalLineId: best!.journalLineId })).toMatchObject({ entry: null });
    expect(await rowsOf("finance.journalEntry.list", { limit: 500 })).toHaveLength(before);
    await expect(match(twin!, { journalLineId: best!.journalLineId })).rejects.toMatchObject({ code: "bookedUnknown" });
    await run(unmatchBankLine, { bankLineId: line }, books.accountant);
    expect(await rowsOf("finance.journalEntry.list", { limit: 500 })).toHaveLength(before);
    await match(line!, { journalLineId: best!.journalLineId });
    await run(ignoreBankLine, { bankLineId: twin, reason: "Test of ignoring" }, books.accountant);
    expect(await lineOf(twin!)).toMatchObject({ state: "ignored", ignoreReason: "Test of ignoring" });
    expect(await books.breaks()).toEqual([]);
    await run(unmatchBankLine, { bankLineId: twin }, books.accountant);
    await match(twin!, { accountCode: "2490" });
  });
});

describe("all lines", () => {
  test("strong and unique evidence is posted, the rest is left, each with its reason; a dry run keeps nothing", async () => {
    const [first, second, third] = [await invoice(0, "10.00"), await invoice(0, "20.00"), await invoice(1, "33.00")];
    const [byNumber, bySum, byAccount, twice, unclear] = await tell(
      { amount: "11.90", text: `re ${first.number.toLowerCase().replaceAll("-", " ")}` },
      { amount: "63.07", text: `${second.number} and ${third.number}` },
      { amount: "47.60", account: customers[1]!.account },
      { amount: "11.90", text: first.number },
      { amount: "5.55", text: "whatever" },
    );
    const fourth = await invoice(1, "40.00");
    const input = { bankAccountId: books.bankAccountId };
    const proposed = await run(proposeMatches, input, books.accountant);
    const preview = await run(matchAllBankLines, input, books.accountant, { dryRun: true });
    expect(preview).toEqual({ ...proposed, next: null });
    expect(await lineOf(byNumber!)).toMatchObject({ state: "unmatched" });
    const done = await run(matchAllBankLines, input, books.accountant);
    expect(done).toEqual(preview);
    const did = new Map(done.lines.map((line) => [line.bankLineId, line]));
    expect([byNumber, bySum, byAccount].map((id) => did.get(id!)?.did)).toEqual(["matched", "matched", "matched"]);
    expect(did.get(byAccount!)).toMatchObject({ settles: fourth.number, why: expect.stringContaining("is known as Beta Bau AG's.") });
    expect([twice, unclear].map((id) => did.get(id!)?.why)).toEqual(["Nothing open or booked fits it.", "Nothing open or booked fits it."]);
    expect(await Promise.all([first, second, third, fourth].map((one) => open(one.itemId)))).toEqual(["0.00", "0.00", "0.00", "0.00"]);
    expect(await lineOf(byNumber!)).toMatchObject({ isAutomatic: true, matchedBy: "Arno Accountant" });
    expect(await books.breaks()).toEqual([]);
    expect((await run(unmatchBankLine, { bankLineId: bySum }, books.accountant)).reversed).toHaveLength(2);
    expect([await open(second.itemId), await open(third.itemId)]).toEqual(["23.80", "39.27"]);
    expect((await run(matchAllBankLines, input, books.accountant)).matched).toBe(1);
    expect(await books.breaks()).toEqual([]);
  });

  test("the account a party paid from once is known the next time", async () => {
    const account = "FR7630006000011234567890189";
    const [first] = await tell({ amount: "12.00", account, text: "no name" });
    expect((await candidates(first!)).filter((one) => one.party === "Acme Tools GmbH")).toEqual([]);
    await match(first!, { partyId: customers[0]!.id });
    const [second] = await tell({ amount: "13.00", account, text: "no name again" });
    expect(await candidates(second!)).toMatchObject([{ kind: "party", party: "Acme Tools GmbH" }]);
    await match(second!, { partyId: customers[0]!.id });
  });

  test("books and bank agree in the end", async () => {
    const left = await rowsOf("finance.bankLine.list", { filter: { state: "unmatched" }, limit: 500 });
    const before = await reconciliation();
    expect(before.unmatched.count).toBe(left.length);
    expect(before).toMatchObject({ statementBalance: { minor: reached }, unexplained: { minor: 0n }, gaps: [] });
    for (const line of left) await match(line["id"] as Id, { accountCode: "2490" });
    expect(await reconciliation()).toMatchObject({ bookBalance: { minor: reached }, difference: { minor: 0n }, open: 0 });
    expect(await books.breaks()).toEqual([]);
  });
});

describe("is refused", () => {
  let due: Awaited<ReturnType<typeof invoice>>;
  let line: Id;
  let settled: Id;
  let settledEarly: Id;
  beforeAll(async () => {
    due = await invoice(0, "1000.00");
    const told = await tell(
      { amount: "500.00", text: "x" },
      { amount: "2.00", text: "y" },
      { amount: "3.00", text: "z", day: "2026-01-12" },
    );
    [line, settled, settledEarly] = told as [Id, Id, Id];
    for (const id of [settled, settledEarly]) await match(id, { accountCode: "2490" });
  });
  const whole = (amount: string, openItemId = due.itemId) => ({ allocations: [{ openItemId, amount: eur(amount) }] });

  test.each([
    ["a line that is not there", () => match(due.itemId, { partyId: customers[0]!.id }), "lineUnknown"],
    ["a line that is settled", () => match(settled, { partyId: customers[0]!.id }), "lineSettled"],
    ["nothing", () => match(line, {}), "nothingChosen"],
    ["an entry and more", () => match(line, { journalLineId: line, partyId: customers[0]!.id }), "tooMuchChosen"],
    ["an entry that is not there", () => match(line, { journalLineId: line }), "bookedUnknown"],
    ["a party that is not there", () => match(line, { partyId: line }), "partyUnknown"],
    ["the bank account itself", () => match(line, { accountCode: "1120" }), "accountIsBank"],
    ["an account that is not there", () => match(line, { accountCode: "99999" }), "accountUnknown"],
    ["a group of accounts", () => match(line, { accountCode: "6500" }), "accountIsGroup"],
    ["an item that is not there", () => match(line, whole("1.00", line)), "itemUnknown"],
    [
      "more than is open",
      () =>
        match(line, {
          allocations: [
            { openItemId: due.itemId, amount: eur("400.00") },
            { openItemId: due.itemId, amount: eur("900.00") },
          ],
          accountCode: "2490",
        }),
      "moreThanOpen",
    ],
    ["more than the line has", () => match(line, whole("501.00")), "moreThanLine"],
    ["an amount of nothing", () => match(line, whole("0.00")), "allocationZero"],
    [
      "another currency",
      () => match(line, { allocations: [{ openItemId: due.itemId, amount: { amount: "1.00", currency: "USD" } }] }),
      "allocationZero",
    ],
    ["a closed period", () => match(line, { partyId: customers[0]!.id, day: "2026-01-15" }), "periodClosed"],
    ["a day without a period", () => match(line, { partyId: customers[0]!.id, day: "2030-01-15" }), "periodMissing"],
    ["candidates of no line", () => run(listCandidates, { bankLineId: due.itemId }, books.accountant), "lineUnknown"],
    [
      "setting aside a settled line",
      () => run(ignoreBankLine, { bankLineId: settled, reason: "Because" }, books.accountant),
      "lineSettled",
    ],
    ["setting aside no line", () => run(ignoreBankLine, { bankLineId: due.itemId, reason: "Because" }, books.accountant), "lineUnknown"],
    ["taking back an open line", () => run(unmatchBankLine, { bankLineId: line }, books.accountant), "lineNotMatched"],
    ["taking back no line", () => run(unmatchBankLine, { bankLineId: due.itemId }, books.accountant), "lineUnknown"],
    [
      "taking back in a closed period",
      () => run(unmatchBankLine, { bankLineId: settledEarly, on: "2026-01-15" }, books.accountant),
      "periodClosed",
    ],
    [
      "taking back before it was booked",
      () => run(unmatchBankLine, { bankLineId: settled, on: "2026-01-15" }, books.accountant),
      "beforeEntry",
    ],
    ["matching all of no account", () => run(matchAllBankLines, { bankAccountId: line }, books.accountant), "bankAccountUnknown"],
    ["reconciling no account", () => run(getBankReconciliation, { bankAccountId: line }, books.accountant), "bankAccountUnknown"],
  ])("%s", async (_, attempt, code) => {
    await closeJanuary();
    await expect(attempt()).rejects.toMatchObject({ code });
    expect(await lineOf(line)).toMatchObject({ state: "unmatched" });
  });

  let isClosed = false;
  async function closeJanuary(): Promise<void> {
    if (isClosed) return;
    isClosed = true;
    const [january] = await rowsOf("finance.period.list", { filter: { code: "2026-01" } });
    await run(closePeriod, { periodId: january!["id"] }, books.chief);
  }

  test("an item of the other side, and a rest that is nobody's", async () => {
    const [out, both] = await tell({ amount: "-10.00", text: "out" }, { amount: "500.00", text: "both" });
    await expect(match(out!, whole("10.00"))).rejects.toMatchObject({ code: "itemOtherSide" });
    const second = await invoice(1, "100.00");
    const allocations = [
      { openItemId: due.itemId, amount: eur("100.00") },
      { openItemId: second.itemId, amount: eur("100.00") },
    ];
    await expect(match(both!, { allocations })).rejects.toMatchObject({ code: "restUnassigned", facts: { rest: "300.00 EUR" } });
    expect((await match(both!, { allocations, partyId: customers[1]!.id })).entry).toMatch(/^BNK/);
    expect(await books.breaks()).toEqual([]);
  });

  test("no day of a closed month, so what was matched the month after is taken back on its own day", async () => {
    await closeJanuary();
    const [late] = await tell({ amount: "-12.00", text: "late", day: "2026-01-30" });
    await match(late!, { accountCode: "6560", day: "2026-02-02" });
    const { reversed } = await run(unmatchBankLine, { bankLineId: late }, books.accountant);
    expect(await rowsOf("finance.journalEntry.list", { filter: { number: reversed[0] } })).toMatchObject([{ day: "2026-02-02" }]);
    await match(late!, { accountCode: "6560", day: "2026-02-02" });
  });

  test("an entry of another amount", async () => {
    const paid = {
      direction: "incoming",
      partyId: customers[1]!.id,
      amount: eur("7.77"),
      bankAccountId: books.bankAccountId,
      day: "2026-11-09",
    };
    const { entryId } = await run(recordOnePayment, paid, books.accountant);
    const [own] = await rowsOf("finance.journalLine.list", { filter: { entryId, accountId: books.account("1120") } });
    await expect(match(line, { journalLineId: own!["id"] })).rejects.toMatchObject({
      code: "bookedDiffers",
      facts: { booked: "7.77 EUR" },
    });
  });

  test("a bank account that was retired", async () => {
    await match(line, { partyId: customers[0]!.id, day: "2026-11-12" });
    const due = await invoice(1, "77.00");
    const [last] = await tell({ amount: "91.63", text: due.number });
    const retire = (day: string | null) =>
      rowsOn(books.house.owner as never).run(
        sql`update finance.bank_account set retired_from = ${day}::date where id = ${books.bankAccountId}`,
      );
    await retire("2026-11-10");
    await expect(match(last!, { partyId: customers[1]!.id })).rejects.toMatchObject({ code: "bankAccountRetired" });
    const all = run(matchAllBankLines, { bankAccountId: books.bankAccountId }, books.accountant);
    await expect(all).rejects.toMatchObject({ code: "bankAccountRetired" });
    expect(await lineOf(last!)).toMatchObject({ state: "unmatched" });
    await retire(null);
  });

  test("an announced line", async () => {
    const report = camt({
      iban: "DE12500105170648489890",
      id: "ADV",
      opening: "0",
      closing: "0",
      isReport: true,
      entries: [{ amount: "9.00", text: "soon" }],
    });
    await run(importBankStatement, { fileId: await storedFile(books, report), bankAccountId: books.bankAccountId }, books.accountant);
    const [advised] = await rowsOf("finance.bankLine.list", { filter: { state: "advised" } });
    await expect(match(advised!["id"] as Id, { accountCode: "2490" })).rejects.toMatchObject({ code: "lineAdvised" });
    expect(await candidates(advised!["id"] as Id)).toEqual([]);
  });

  test("for who does not keep the books", async () => {
    const someone = await books.house.person("Sam Someone");
    for (const operation of [matchBankLine, unmatchBankLine]) {
      await expect(run(operation, { bankLineId: line }, someone)).rejects.toMatchObject({ name: "NotPermitted" });
    }
  });
});
