// A day at the bank desk on a real database: CSV with a saved mapping, rules tried and enabled, lines on hold, several lines together,
// what was told ahead and booked otherwise, taking back, and the proof at the month's end.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Id, newId } from "../../../kernel/id.ts";
import { rowsOn, sql } from "../../../platform/database/sql.ts";
import { addRole, createOrganisation } from "../../directory/index.ts";
import { createInvoice, postInvoice } from "../receivables/invoice.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { matchBankLine, listCandidates } from "./bank-line.operations.ts";
import { changeBankRule, createBankRule, disableBankRule, enableBankRule, retireBankRule } from "./bank-rule.operations.ts";
import { createBankAccount } from "../ledger/bank-account.operations.ts";
import { camt, storedFile } from "./banking.testing.ts";
import { holdBankLine, ignoreBankLine, resumeBankLine } from "./hold.operations.ts";
import { importBankStatement } from "./import.operations.ts";
import { createStatementMapping, detectStatementMapping, retireStatementMapping } from "./mapping.operations.ts";
import { matchAllBankLines } from "./match-all.operations.ts";
import { matchManyBankLines, setMatchOrder } from "./match-many.operations.ts";
import { printBankReconciliation, reportBankReconciliation } from "./reconciliation-report.operations.ts";
import { runBankRules, tryBankRule } from "./rule-run.operations.ts";
import { unmatchBankLine } from "./unmatch.operations.ts";

let books: TestBooks;
let customerId: Id;
beforeAll(async () => {
  books = await openBooks();
  const owner = await books.house.person("Olga Owner", "owner");
  const account = "DE89370400440532013000";
  customerId = (await books.house.run(createOrganisation, { name: "Acme Tools GmbH", bankAccount: account }, owner)).id;
  await books.house.run(addRole, { partyId: customerId, role: "customer", from: "2026-01-01" }, owner);
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
type Row = Record<string, unknown>;
const rowsOf = async (name: string, input: object) => ((await books.house.call(name, input, books.chief)) as { rows: Row[] }).rows;
const own = () => ({ bankAccountId: books.bankAccountId });
const nobody = newId();

const head = "Date;Name;Text;Amount;Balance";
let reached = 0n;
let written = 0;
const text = (minor: bigint): string =>
  `${minor < 0n ? "-" : ""}${String(minor < 0n ? -minor : minor)
    .padStart(3, "0")
    .replace(/(..)$/, ".$1")}`;

/** One CSV of the bank, following the one before; returns its lines in order. */
async function told(...entries: readonly { minor: bigint; name?: string; text?: string; day?: string }[]): Promise<Id[]> {
  const lines = entries.map(({ minor, name = "", text: says = `Payment ${(written += 1)}`, day = "2026-11-10" }) => {
    reached += minor;
    return [day, name, says, text(minor), text(reached)].join(";");
  });
  const fileId = await storedFile(books, [head, ...lines].join("\n"));
  const done = await run(importBankStatement, { fileId, ...own() }, books.accountant);
  expect(done).toMatchObject({ added: entries.length, statements: [{ format: "CSV", proven: true }] });
  const found = await rowsOf("finance.bankLine.list", { filter: { statementId: done.statements[0]!.id }, limit: 500 });
  return entries.map((_, index) => {
    const says = lines[index]!.split(";")[2];
    return found.find((line) => line["text"] === says)!["id"] as Id;
  });
}

const lineOf = async (id: Id) => (await rowsOf("finance.bankLine.list", { filter: { id } }))[0]!;
const balanceOf = async (code: string) => {
  const lines = await rowsOf("finance.journalLine.list", { filter: { accountId: books.account(code) }, limit: 500 });
  return lines.reduce((sum, line) => {
    const [debit, credit] = ["debit", "credit"].map((side) =>
      BigInt(((line[side] as { amount: string } | null)?.amount ?? "0").replace(".", "")),
    );
    return sum + debit! - credit!;
  }, 0n);
};

async function invoice(net: string): Promise<{ number: string; itemId: Id }> {
  const lines = [{ description: "Work", unitPrice: eur(net) }];
  const { id } = await run(createInvoice, { customerId, day: "2026-11-02", lines }, books.accountant);
  await run(postInvoice, { invoiceId: id }, books.accountant);
  const [item] = await rowsOf("finance.openItem.list", { filter: { documentId: id } });
  return { number: String(item!["reference"]), itemId: item!["id"] as Id };
}
const open = async (id: Id) => ((await rowsOf("finance.openItem.list", { filter: { id } }))[0]!["open"] as { amount: string }).amount;

describe("a CSV and its mapping", () => {
  const sample = `${head}\n2026-11-01;Acme;Opening;0.00;0.00\n2026-11-02;Acme;Nothing;0.00;0.00\n`;
  test("is looked at, saved once proven, and then reads the bank's files by itself", async () => {
    const fileId = await storedFile(books, sample);
    await expect(run(importBankStatement, { fileId, ...own() }, books.accountant)).rejects.toMatchObject({ code: "mappingMissing" });
    const shown = await run(detectStatementMapping, { fileId, ...own() }, books.accountant);
    expect(shown).toMatchObject({
      missing: [],
      count: 2,
      proven: true,
      mapping: { separator: ";", columns: ["day", "name", "text", "amount", "balance"] },
    });
    const columns = ["day", "name", "text", null, null];
    const create = (name: string, more: object = {}) => run(createStatementMapping, { name, fileId, ...own(), ...more }, books.accountant);
    await expect(create("House bank", { columns })).rejects.toMatchObject({ code: "columnsMissing" });
    const { id } = await create("House bank");
    await expect(create("House bank")).rejects.toMatchObject({ code: "nameTaken" });
    const other = await create("Spare", { forAllAccounts: true });
    await run(retireStatementMapping, { statementMappingId: other.id }, books.accountant);
    await expect(run(retireStatementMapping, { statementMappingId: other.id }, books.accountant)).rejects.toMatchObject({
      code: "mappingUnknown",
    });
    expect(await rowsOf("finance.statementMapping.list", { filter: { id } })).toMatchObject([
      { name: "House bank", state: "open", columns: "Date: day, Name: name, Text: text, Amount: amount, Balance: balance" },
    ]);
    const asked = run(importBankStatement, { fileId, ...own(), mappingId: other.id }, books.accountant);
    await expect(asked).rejects.toMatchObject({ code: "mappingUnknown" });
  });
  test("what is no CSV is not looked at", async () => {
    const fileId = await storedFile(books, "Dear customer, nothing happened.");
    await expect(run(detectStatementMapping, { fileId, ...own() }, books.accountant)).rejects.toMatchObject({ code: "notCsv" });
  });
});

describe("parts of a line", () => {
  test("a fee, a write-off and a cent stand beside the invoice, and taking back undoes all of them", async () => {
    const due = await invoice("100.00");
    const [line] = await told({ minor: 11_600n, name: "Acme Tools", text: due.number });
    const allocations = [{ openItemId: due.itemId, amount: eur("119.00") }];
    const lines = [
      { accountCode: "6560", amount: eur("-2.50"), text: "Fee of the card" },
      { accountCode: "6590", amount: eur("-0.50") },
    ];
    const before = await Promise.all(["6560", "6590"].map(balanceOf));
    await expect(run(matchBankLine, { bankLineId: line, allocations, lines: lines.slice(0, 1) }, books.accountant)).rejects.toMatchObject({
      code: "moreThanLine",
      facts: { difference: "0.50 EUR" },
    });
    const done = await run(matchBankLine, { bankLineId: line, allocations, lines }, books.accountant);
    expect(done.rest.toString()).toBe("0.00 EUR");
    expect(await open(due.itemId)).toBe("0.00");
    expect(await Promise.all(["6560", "6590"].map(balanceOf))).toEqual([before[0]! + 250n, before[1]! + 50n]);
    expect(await books.breaks()).toEqual([]);
    expect((await run(unmatchBankLine, { bankLineId: line }, books.accountant)).reversed).toHaveLength(3);
    expect(await open(due.itemId)).toBe("119.00");
    expect(await Promise.all(["6560", "6590"].map(balanceOf))).toEqual(before);
    expect(await books.breaks()).toEqual([]);
  });

  test("two payments settle one invoice together", async () => {
    const due = await invoice("200.00");
    const [one, two, out] = await told({ minor: 10_000n }, { minor: 13_800n }, { minor: -5_00n });
    const many = (bankLineIds: readonly unknown[], amount = "238.00") =>
      run(matchManyBankLines, { bankLineIds, allocations: [{ openItemId: due.itemId, amount: eur(amount) }] }, books.accountant);
    await expect(many([one, two], "237.00")).rejects.toMatchObject({ code: "sumsDiffer" });
    await expect(many([one, out])).rejects.toMatchObject({ code: "linesMixed" });
    await expect(many([one, nobody])).rejects.toMatchObject({ code: "lineUnknown" });
    expect(await many([one, two])).toMatchObject({ matched: 2, entries: [expect.any(String), expect.any(String)] });
    expect(await open(due.itemId)).toBe("0.00");
    await expect(many([one, two])).rejects.toMatchObject({ code: "lineSettled" });
    await run(unmatchBankLine, { bankLineId: one }, books.accountant);
    expect(await open(due.itemId)).toBe("100.00");
    expect(await books.breaks()).toEqual([]);
  });
});

describe("a line on hold", () => {
  test("waits for a colleague with a task on its day, and goes on when it is answered or matched", async () => {
    const asked = await books.house.person("Nora Neighbour", "finance.accountant");
    const [line, other] = await told({ minor: -1234n }, { minor: -99n });
    const hold = (more: object) => run(holdBankLine, { bankLineId: line, question: "What is this?", ...more }, books.accountant);
    await expect(hold({ until: "2026-11-01" })).rejects.toMatchObject({ code: "dayPassed" });
    await expect(hold({ personId: nobody })).rejects.toMatchObject({ code: "personUnknown" });
    const { taskId } = await hold({ personId: asked.personId, until: "2026-11-30" });
    const task = await books.house.call("office.task.get", { id: taskId }, asked);
    expect(task).toMatchObject({ state: "open", due: "2026-11-30", title: "What is this payment: -12.34 EUR of 2026-11-10?" });
    expect(await lineOf(line!)).toMatchObject({ state: "held", heldReason: "What is this?", heldUntil: "2026-11-30" });
    await run(matchBankLine, { bankLineId: line, accountCode: "6560" }, books.accountant);
    expect(await books.house.call("office.task.get", { id: taskId }, asked)).toMatchObject({ state: "done" });
    await expect(hold({})).rejects.toMatchObject({ code: "lineNotWork" });
    await run(holdBankLine, { bankLineId: other, question: "And this?" }, books.accountant);
    await run(resumeBankLine, { bankLineId: other }, books.accountant);
    await expect(run(resumeBankLine, { bankLineId: other }, books.accountant)).rejects.toMatchObject({ code: "lineNotHeld" });
    await run(ignoreBankLine, { bankLineId: other, reason: "A test of the bank" }, books.accountant);
    expect(await lineOf(other!)).toMatchObject({ state: "ignored", heldReason: null });
  });
});

describe("rules", () => {
  const create = (input: object) => run(createBankRule, { accountCode: "6560", ...input }, books.accountant);
  test("need a condition, an account that takes postings, and a party where the account wants one", async () => {
    await expect(create({ name: "All" })).rejects.toMatchObject({ code: "conditionMissing" });
    await expect(create({ name: "Odd", textWords: ["x"], accountCode: "9999" })).rejects.toMatchObject({ code: "accountUnfit" });
    await expect(create({ name: "Rec", textWords: ["x"], accountCode: "1210" })).rejects.toMatchObject({ code: "partyMissing" });
    const narrow = { name: "Narrow", textWords: ["x"], amountFrom: eur("10.00") };
    await expect(create({ ...narrow, amountUntil: eur("9.99") })).rejects.toMatchObject({
      code: "amountsCrossed",
      facts: { from: "10.00 EUR", until: "9.99 EUR" },
    });
    const dollars = { amount: "20.00", currency: "USD" };
    await expect(create({ ...narrow, amountUntil: dollars })).rejects.toMatchObject({
      code: "amountCurrencyDiffers",
      path: ["amountUntil"],
    });
    await create({ ...narrow, amountUntil: eur("10.00") });
  });

  test("book no line to the account that it lies on", async () => {
    const own = { name: "Self", textWords: ["own transfer"], accountCode: "1120" };
    await expect(create({ ...own, bankAccountId: books.bankAccountId })).rejects.toMatchObject({
      code: "accountIsBank",
      path: ["accountCode"],
    });
    // For every bank account it is right on all but that one.
    const { id } = await create(own);
    const [line] = await told({ minor: -120n, text: "Own transfer" });
    expect(await run(tryBankRule, { bankRuleId: id }, books.accountant)).toMatchObject({ fits: 0, book: 0 });
    await run(enableBankRule, { bankRuleId: id }, books.chief);
    expect((await run(listCandidates, { bankLineId: line }, books.accountant)).candidates).toEqual([]);
    expect(await run(runBankRules, { bankAccountId: books.bankAccountId }, books.accountant)).toMatchObject({ booked: 0 });
    const chosen = run(matchBankLine, { bankLineId: line, ruleId: id }, books.accountant);
    await expect(chosen).rejects.toMatchObject({ code: "accountIsBank", path: ["ruleId"] });
    await run(retireBankRule, { bankRuleId: id }, books.accountant);
    await run(matchBankLine, { bankLineId: line, accountCode: "6590" }, books.accountant);
    // As such a rule once left them: both lines of the entry belong to the match.
    await rowsOn(books.house.owner as never).run(sql`
      insert into finance.bank_match_part (tenant_id, match_id, journal_line_id, entry_id, is_own, is_live)
      select q.tenant_id, q.match_id, j.id, q.entry_id, true, true from finance.bank_match_part q
      join finance.bank_match m on m.tenant_id = q.tenant_id and m.id = q.match_id and m.bank_line_id = ${line!}
      join finance.journal_line j on j.tenant_id = q.tenant_id and j.entry_id = q.entry_id and j.id <> q.journal_line_id`);
    expect((await run(unmatchBankLine, { bankLineId: line }, books.accountant)).reversed).toHaveLength(1);
    await run(matchBankLine, { bankLineId: line, accountCode: "6590" }, books.accountant);
    expect(await books.breaks()).toEqual([]);
  });

  test("are tried on what happened, say what conflicts, and book only once enabled", async () => {
    const [was, open1, open2] = await told(
      { minor: -350n, name: "House Bank", text: "Account charges October" },
      { minor: -360n, name: "House Bank", text: "Account charges November" },
      { minor: -370n, name: "House Bank", text: "Account charges and interest" },
    );
    await run(matchBankLine, { bankLineId: was, accountCode: "6590" }, books.accountant);
    const { id, position } = await create({ name: "Charges", textWords: ["account charges"], nameWords: ["house bank"], direction: "out" });
    await expect(create({ name: "Charges", textWords: ["x"] })).rejects.toMatchObject({ code: "nameTaken" });
    await expect(run(enableBankRule, { bankRuleId: id }, books.chief)).rejects.toMatchObject({ code: "ruleNotTried" });
    const tried = await run(tryBankRule, { bankRuleId: id }, books.accountant);
    expect(tried).toMatchObject({ fits: 3, book: 2, differ: 1, agree: 0, conflicts: 0, sum: { minor: -730n } });
    expect(tried.lines[0]).toMatchObject({ would: "differ", bankLineId: was });
    expect(await lineOf(open1!)).toMatchObject({ state: "unmatched" });
    await run(enableBankRule, { bankRuleId: id }, books.chief);
    const other = await create({ name: "Interest", textWords: ["interest"], accountCode: "6590", position: position + 1 });
    expect(await run(tryBankRule, { bankRuleId: other.id }, books.accountant)).toMatchObject({ fits: 1, yield: 1 });
    await run(enableBankRule, { bankRuleId: other.id }, books.chief);
    const [candidate] = (await run(listCandidates, { bankLineId: open1 }, books.accountant)).candidates;
    expect(candidate).toMatchObject({ kind: "rule", strong: true, ruleId: id });
    expect(await run(runBankRules, own(), books.accountant)).toMatchObject({ booked: 1 });
    expect(await lineOf(open1!)).toMatchObject({ state: "posted", rule: "Charges", isAutomatic: true });
    // Two rules that would book it otherwise: a person decides.
    expect(await lineOf(open2!)).toMatchObject({ state: "unmatched" });
    await run(matchBankLine, { bankLineId: open2, ruleId: other.id }, books.accountant);
    expect(await lineOf(open2!)).toMatchObject({ state: "posted", rule: "Interest", isAutomatic: false });
    expect(await books.breaks()).toEqual([]);
    await run(disableBankRule, { bankRuleId: id }, books.accountant);
    await expect(run(disableBankRule, { bankRuleId: id }, books.accountant)).rejects.toMatchObject({ code: "ruleNotEnabled" });
    const [next] = await told({ minor: -1n, name: "House Bank", text: "Account charges December" });
    expect((await run(runBankRules, own(), books.accountant)).booked).toBe(0);
    await expect(run(matchBankLine, { bankLineId: next, ruleId: id }, books.accountant)).rejects.toMatchObject({ code: "ruleUnknown" });
    const changed = { bankRuleId: id, name: "Charges", position, textWords: ["charges"], accountCode: "6560" };
    await run(changeBankRule, changed, books.accountant);
    expect(await rowsOf("finance.bankRule.list", { filter: { id } })).toMatchObject([{ state: "draft", booked: 1 }]);
    await run(retireBankRule, { bankRuleId: id }, books.accountant);
    await expect(run(retireBankRule, { bankRuleId: id }, books.accountant)).rejects.toMatchObject({ code: "ruleUnknown" });
  });
});

describe("told ahead", () => {
  test("what is booked otherwise takes the place of what was told, and says so", async () => {
    const { id } = await run(createBankAccount, { code: "CARD", name: "Card" }, books.chief);
    const iban = "DE02120300000000202051";
    const take = async (content: string) =>
      run(importBankStatement, { fileId: await storedFile(books, content), bankAccountId: id }, books.accountant);
    const told = { iban, opening: "0.00", closing: "0.00" };
    await take(camt({ ...told, id: "R1", isReport: true, entries: [{ amount: "-50.00", reference: "CARD-77", text: "Dinner" }] }));
    const booked = [{ amount: "-52.00", reference: "CARD-77", text: "Dinner", day: "2026-11-11" }];
    const day = { openingDay: "2026-11-10", closingDay: "2026-11-11" };
    const done = await take(camt({ ...told, ...day, id: "S1", closing: "-52.00", entries: booked }));
    const sentence =
      "CARD-77, told ahead on 2026-11-10 over -50.00 EUR, was booked on 2026-11-11 over -52.00 EUR " +
      "and is not the -50.00 EUR that was told.";
    expect(done.statements[0]!.replaced).toEqual([sentence]);
    const lines = await rowsOf("finance.bankLine.list", { filter: { bankAccountId: id }, sort: "day" });
    expect(lines.map((line) => line["state"])).toEqual(["replaced", "unmatched"]);
    expect(lines[0]!["replacedById"]).toBe(lines[1]!["id"]);
    const again = await take(camt({ ...told, ...day, id: "S1", closing: "-52.00", entries: booked }));
    expect(again).toMatchObject({ added: 0, statements: [{ replaced: [] }] });
    expect(await books.breaks()).toEqual([]);
  });
});

describe("all at once", () => {
  test("goes on after a line, in the order of evidence that was chosen", async () => {
    await expect(run(matchAllBankLines, { ...own(), after: nobody }, books.accountant)).rejects.toMatchObject({ code: "lineUnknown" });
    const order = ["payment", "entry", "invoice", "invoice"];
    await expect(run(setMatchOrder, { ...own(), order }, books.chief)).rejects.toMatchObject({ code: "orderIncomplete" });
    await run(setMatchOrder, { ...own(), order: ["invoice", "payment", "entry", "rule"] }, books.chief);
    const dues = [await invoice("10.00"), await invoice("20.00"), await invoice("30.00")];
    await told(
      { minor: 1190n, text: dues[0]!.number },
      { minor: 2380n, text: `${dues[1]!.number} thanks` },
      { minor: 3500n, text: dues[2]!.number },
    );
    let after: string | undefined;
    let matched = 0;
    for (let call = 0; call < 20; call += 1) {
      const done = await run(matchAllBankLines, { ...own(), limit: 2, after }, books.accountant);
      matched += done.matched;
      if (done.next === null) break;
      after = done.next;
    }
    expect(matched).toBe(2);
    expect([await open(dues[0]!.itemId), await open(dues[1]!.itemId), await open(dues[2]!.itemId)]).toEqual(["0.00", "0.00", "35.70"]);
    expect(await books.breaks()).toEqual([]);
  });
});

describe("the month's end", () => {
  test("book balance, what only one side has, and the bank's balance agree to the cent, as of the day", async () => {
    const report = await run(reportBankReconciliation, { ...own(), asOf: "2026-11-30" }, books.accountant);
    expect(report).toMatchObject({ agrees: true, difference: { minor: 0n } });
    expect(report.bankBalance!.minor).toBe(reached);
    const only = report.rows.filter((row) => row.side === "bank");
    expect(only.length).toBeGreaterThan(0);
    // What is booked after the day stands among the outstanding of that day, whenever it is asked.
    const id = only.find((row) => row.state === "unmatched")!.id;
    await run(matchBankLine, { bankLineId: id, accountCode: "6560", day: "2026-12-02" }, books.accountant);
    const again = await run(reportBankReconciliation, { ...own(), asOf: "2026-11-30" }, books.accountant);
    expect(again).toMatchObject({
      agrees: true,
      bankOnly: { minor: report.bankOnly.minor },
      bookBalance: { minor: report.bookBalance.minor },
    });
    const printed = await run(printBankReconciliation, { ...own(), asOf: "2026-11-30" }, books.accountant);
    expect(printed.agrees).toBe(true);
  });
});
