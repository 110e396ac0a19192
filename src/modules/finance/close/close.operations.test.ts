// The close of a month on a real database: begun from the company's list, ticked against the books, closed at the end.
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "../../../kernel/id.ts";
import { postAccrual } from "../ledger/accrual.operations.ts";
import { postJournalEntry } from "../ledger/entry.operations.ts";
import { lockOnePeriod, unlockPeriod } from "../ledger/lock.operations.ts";
import { closePeriod, reopenPeriod } from "../ledger/period.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { beginClose, completeCloseTask, getCloseBoard, reopenCloseTask } from "./close.operations.ts";
import { changeCloseTemplate, createCloseTemplate, retireCloseTemplate } from "./template.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const rowsOf = async (register: string, filter: object) =>
  ((await books.house.call(`${register}.list`, { filter, limit: 500 }, books.chief)) as { rows: Record<string, unknown>[] }).rows;
const period = async (code: string) => (await rowsOf("finance.period", { code }))[0]!["id"] as string;
const board = async (code: string) => run(getCloseBoard, { periodId: await period(code) }, books.chief);
const task = async (code: string, key: string) => (await board(code)).tasks.find((one) => one.key === key)!;
const complete = async (key: string, more: object = {}, code = "2026-01") =>
  run(completeCloseTask, { closeTaskId: (await task(code, key)).id, ...more }, books.accountant);
const template = async (key: string) => (await rowsOf("finance.closeTemplate", { key }))[0]!;

test("the list is the company's own: a task is added, changed and retired, and stays without circles", async () => {
  const create = (more: object) =>
    run(
      createCloseTemplate,
      { key: "stock", title: "Count the stock", activity: "finance.bookkeeping", position: 5, ...more },
      books.chief,
    );
  await create({});
  await expect(create({})).rejects.toMatchObject({ code: "keyTaken" });
  await expect(create({ key: "other", requires: ["nothing"] })).rejects.toMatchObject({ code: "prerequisiteUnknown" });
  await expect(create({ key: "other", fact: "moonIsFull" })).rejects.toMatchObject({ code: "factUnknown" });
  await expect(create({ bookId: newId() })).rejects.toMatchObject({ code: "booksMissing" });
  const change = async (key: string, more: object) => {
    const { id, title, activity, position, requires, says, place } = (await template(key)) as Record<string, never>;
    return run(
      changeCloseTemplate,
      { closeTemplateId: id, title, activity, position, requires, says: says ?? undefined, place: place ?? undefined, ...more },
      books.chief,
    );
  };
  await expect(change("bank", { requires: ["close"] })).rejects.toMatchObject({ code: "prerequisiteUnknown" });
  await expect(change("bank", { fact: "moonIsFull" })).rejects.toMatchObject({ code: "factUnknown" });
  // Whatever other departments tell, here a person judges.
  for (const key of ["tax", "depreciation", "revaluation"]) await change(key, {});
  expect(await template("tax")).toMatchObject({ fact: null, requires: ["lockSales", "lockPurchase"] });
  const retire = (closeTemplateId: unknown) => run(retireCloseTemplate, { closeTemplateId, from: "2026-01-15" }, books.chief);
  await expect(retire((await template("bills"))["id"])).rejects.toMatchObject({ code: "isRequired" });
  const stock = (await template("stock"))["id"];
  await retire(stock);
  await expect(retire(stock)).rejects.toMatchObject({ code: "notFound" });
  const unknown = { closeTemplateId: newId(), title: "X", activity: "finance.close", position: 1 };
  await expect(run(changeCloseTemplate, unknown, books.chief)).rejects.toMatchObject({ code: "notFound" });
});

test("a close begins once; the board is of the earliest open month", async () => {
  expect(await run(getCloseBoard, {}, books.chief)).toMatchObject({ period: "2026-01", tasks: [] });
  await expect(run(getCloseBoard, { periodId: newId() }, books.chief)).rejects.toMatchObject({ code: "notFound" });
  await expect(run(getCloseBoard, { bookId: newId() }, books.chief)).rejects.toMatchObject({ code: "booksMissing" });
  await expect(run(beginClose, { periodId: newId() }, books.chief)).rejects.toMatchObject({ code: "notFound" });
  const january = await period("2026-01");
  // Nineteen of the standard list; the stock count ended in the middle of the month.
  expect(await run(beginClose, { periodId: january }, books.chief)).toMatchObject({ tasks: 19 });
  await expect(run(beginClose, { periodId: january }, books.chief)).rejects.toMatchObject({ code: "alreadyBegun" });
  expect(await board("2026-01")).toMatchObject({ done: 0, state: "open", untilDay: "2026-01-31" });
  expect(await task("2026-01", "lockSales")).toMatchObject({
    blockedBy: ["Post all invoices"],
    factHolds: false,
    factMissing: "Sales is not locked yet.",
    owner: expect.any(String),
  });
  const asked = (await books.house.call("office.task.list", { filter: { kind: "close", state: "open" }, limit: 500 }, books.chief)) as {
    rows: { title: string }[];
  };
  const mine = asked.rows.map((row) => row.title);
  expect(mine).not.toContain("Close of 2026-01: Lock the ledger");
});

test("a task is ticked after those before it, and only when the books prove it", async () => {
  const draft = (await books.house.call(
    "finance.invoice.create",
    { customerId: books.customerId, day: "2026-01-20", lines: [{ description: "Work", unitPrice: eur("10.00") }] },
    books.accountant,
  )) as { id: string };
  await expect(complete("lockSales")).rejects.toMatchObject({ code: "prerequisiteOpen", message: "First come: “Post all invoices”" });
  await expect(complete("invoices")).rejects.toMatchObject({
    code: "factNotTrue",
    message: "It cannot be ticked off yet: Invoices of the month that are drafts: 1.",
  });
  await books.house.call("finance.invoice.post", { invoiceId: draft.id }, books.accountant);
  expect(await task("2026-01", "invoices")).toMatchObject({ factHolds: true, factMissing: null });
  await complete("invoices", { note: "Compared with the delivery notes" });
  expect(await task("2026-01", "invoices")).toMatchObject({
    state: "done",
    doneBy: "Arno Accountant",
    note: "Compared with the delivery notes",
  });
  expect((await task("2026-01", "lockSales")).blockedBy).toEqual([]);
  await expect(complete("invoices")).rejects.toMatchObject({ code: "alreadyDone" });
  await expect(complete("lockSales")).rejects.toMatchObject({ code: "factNotTrue" });
  await run(lockOnePeriod, { periodId: await period("2026-01"), area: "sales" }, books.chief);
  await complete("lockSales");
  await expect(run(completeCloseTask, { closeTaskId: newId() }, books.chief)).rejects.toMatchObject({ code: "notFound" });
  await expect(complete("depreciation", { fileId: newId() })).rejects.toMatchObject({ code: "fileNotFound" });
});

test("a tick is taken back with a reason, the last one first, and its owner is asked again", async () => {
  const reopen = async (key: string) =>
    run(reopenCloseTask, { closeTaskId: (await task("2026-01", key)).id, note: "A late delivery note" }, books.chief);
  await expect(reopen("invoices")).rejects.toMatchObject({ code: "dependentDone", message: expect.stringContaining("“Lock sales”") });
  await reopen("lockSales");
  await expect(reopen("lockSales")).rejects.toMatchObject({ code: "notDone" });
  await expect(run(reopenCloseTask, { closeTaskId: newId(), note: "No such" }, books.chief)).rejects.toMatchObject({ code: "notFound" });
  const { id } = await task("2026-01", "lockSales");
  const owner = await books.house.person("Olga Owner");
  const asked = (await books.house.call("office.task.list", { filter: { aboutId: id }, limit: 50 }, owner)) as {
    rows: { state: string }[];
  };
  expect(asked.rows.map((row) => row.state).toSorted()).toEqual(["done", "open"]);
  await complete("lockSales");
  const history = await rowsOf("finance.closeTaskChange", { closeTaskId: id });
  expect(history.map((row) => [row["state"], row["note"]]).toSorted()).toEqual([
    ["done", null],
    ["done", null],
    ["open", "A late delivery note"],
  ]);
  expect(await books.breaks()).toEqual([]);
});

test("the month closes when everything is ticked", async () => {
  const january = await period("2026-01");
  const bill = { accountId: books.account("6520"), debit: eur("50.00") };
  await run(
    postAccrual,
    { day: "2026-01-31", text: "Audit", lines: [bill, { accountId: books.account("2120"), credit: eur("50.00") }] },
    books.accountant,
  );
  const suspense = (debit: string, credit: string) => ({
    day: "2026-01-30",
    text: "Unclear",
    lines: [
      { accountId: books.account(debit), debit: eur("7.00") },
      { accountId: books.account(credit), credit: eur("7.00") },
    ],
  });
  for (const key of ["bank", "bills", "recurring", "accruals", "deferrals", "depreciation", "revaluation"]) await complete(key);
  await run(postJournalEntry, suspense("6540", "2490"), books.accountant);
  await expect(complete("suspense")).rejects.toMatchObject({ code: "factNotTrue" });
  await run(postJournalEntry, suspense("2490", "6540"), books.accountant);
  await complete("suspense");
  for (const [area, key] of [
    ["purchase", "lockPurchase"],
    ["payroll", "lockPayroll"],
  ] as const) {
    await run(lockOnePeriod, { periodId: january, area }, books.chief);
    await complete(key);
  }
  for (const key of ["subledger", "tax"]) await complete(key, { note: "Agrees" });
  await run(lockOnePeriod, { periodId: january, area: "tax" }, books.chief);
  await complete("lockTax");
  await expect(run(closePeriod, { periodId: january }, books.chief)).rejects.toMatchObject({
    code: "closeTasksOpen",
    message: expect.stringContaining("Review the statements"),
  });
  await complete("review");
  await run(lockOnePeriod, { periodId: january, area: "ledger" }, books.chief);
  await complete("lockLedger");
  await complete("earlier");
  // What was ticked when it was true has to be true at the end.
  await run(unlockPeriod, { periodId: january, area: "purchase", reason: "A late bill" }, books.chief);
  await expect(run(closePeriod, { periodId: january }, books.chief)).rejects.toMatchObject({
    code: "closeTaskUntrue",
    message: expect.stringContaining("“Lock purchasing” was ticked off, and does not hold any more. Purchasing is not locked yet."),
  });
  await run(lockOnePeriod, { periodId: january, area: "purchase" }, books.chief);
  await run(closePeriod, { periodId: january }, books.chief);
  await complete("close", { note: "Done on the sixth working day" });
  expect(await board("2026-01")).toMatchObject({ done: 19, state: "closed" });
  await expect(
    run(reopenCloseTask, { closeTaskId: (await task("2026-01", "close")).id, note: "Too early" }, books.chief),
  ).rejects.toMatchObject({ code: "alreadyClosed" });
  await expect(run(beginClose, { periodId: january }, books.chief)).rejects.toMatchObject({ code: "alreadyClosed" });
  await run(reopenPeriod, { periodId: january, reason: "For the next test" }, books.chief);
  expect(await books.breaks()).toEqual([]);
});
