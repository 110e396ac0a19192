// What comes round is made once for each period; statements add up.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addDays } from "../../../kernel/day.ts";
import { type Id, newId } from "../../../kernel/id.ts";
import { day } from "../../../kernel/day.ts";
import { createOrganisation, addRole } from "../../directory/index.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { setCreditLimit } from "./customer.operations.ts";
import { issueInvoice, postInvoice } from "./invoice.operations.ts";
import { createRecurringInvoice, endRecurringInvoice, makeRecurringInvoices } from "./recurring.operations.ts";
import { printStatement, sendStatements } from "./statement.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const rowsOf = async (name: string, input: object) =>
  ((await books.house.call(name, input, books.chief)) as { rows: Record<string, unknown>[] }).rows;
const night = () => books.house.funnel.work(books.house.tenantId, makeRecurringInvoices);
async function customer(name: string, email?: string): Promise<Id> {
  const owner = await books.house.person("Olga Owner", "owner");
  const { id } = await run(createOrganisation, { name, ...(email && { email }) }, owner);
  await run(addRole, { partyId: id, role: "customer", from: "2026-01-01" }, owner);
  return id;
}
const hosting = (customerId: Id, more: object = {}) => ({
  name: "Hosting",
  customerId,
  every: "month",
  startDay: "2026-09-30",
  lines: [{ description: "Hosting {period}", unitPrice: eur("50.00") }],
  ...more,
});

test("every month one invoice, however often the night comes", async () => {
  const customerId = await customer("Monthly Inc", "ap@monthly.example");
  const { id } = await run(createRecurringInvoice, hosting(customerId, { posts: true, mails: true }), books.accountant);
  await night();
  await night();
  const invoices = await rowsOf("finance.invoice.list", { filter: { customerId }, sort: "day" });
  expect(invoices.map((invoice) => [invoice["day"], invoice["state"]])).toEqual([
    ["2026-09-30", "overdue"],
    ["2026-10-30", "open"],
  ]);
  const lines = await rowsOf("finance.invoiceLine.list", { filter: { invoiceId: invoices[1]!["id"] as string } });
  expect(lines[0]!["description"]).toBe("Hosting 2026-10");
  expect((await rowsOf("finance.recurringInvoice.list", { filter: { id } }))[0]).toMatchObject({ nextDay: "2026-11-30", made: 2 });
  const { rows } = await books.house.owner.query("select 1 from platform.mail where to_address = 'ap@monthly.example'");
  expect(rows).toHaveLength(2);
  await run(endRecurringInvoice, { recurringInvoiceId: id }, books.accountant);
  books.house.today = day("2026-12-01");
  await night();
  expect((await rowsOf("finance.recurringInvoice.list", { filter: { id } }))[0]).toMatchObject({ state: "ended", made: 2 });
  expect(await books.breaks()).toEqual([]);
});

test("drafts wait; what is refused is noted and made later", async () => {
  const customerId = await customer("Draft Inc");
  await run(createRecurringInvoice, hosting(customerId, { untilDay: "2026-10-31" }), books.accountant);
  const limited = await customer("Limited Inc");
  await run(setCreditLimit, { customerId: limited, creditLimit: eur("0.00"), isHardLimit: true }, books.chief);
  const { id } = await run(createRecurringInvoice, hosting(limited, { posts: true }), books.accountant);
  await night();
  expect((await rowsOf("finance.invoice.list", { filter: { customerId } })).map((invoice) => invoice["state"])).toEqual(["draft", "draft"]);
  const [refused] = await rowsOf("finance.recurringInvoice.list", { filter: { id } });
  expect(refused).toMatchObject({ state: "refused", made: 0, problem: expect.stringContaining("Limited Inc may owe 0.00 EUR") });
  await run(setCreditLimit, { customerId: limited }, books.chief);
  await night();
  expect((await rowsOf("finance.recurringInvoice.list", { filter: { id } }))[0]).toMatchObject({ state: "running", made: 3 });
  expect(await books.breaks()).toEqual([]);
});

test("each refusal", async () => {
  const add = (more: object) => run(createRecurringInvoice, hosting(books.customerId, more), books.accountant);
  await expect(add({ untilDay: "2026-09-01" })).rejects.toMatchObject({ code: "endBeforeStart" });
  await expect(add({ mails: true })).rejects.toMatchObject({ code: "mailsDrafts" });
  await expect(add({ customerId: books.supplierId })).rejects.toMatchObject({ code: "notCustomer" });
  const { id: recurringInvoiceId } = await add({});
  const end = (more: object) => run(endRecurringInvoice, { recurringInvoiceId, ...more }, books.accountant);
  await expect(end({ untilDay: "2026-09-29" })).rejects.toMatchObject({ code: "endBeforeStart" });
  await expect(end({ recurringInvoiceId: newId() })).rejects.toMatchObject({ code: "notFound" });
  await expect(run(printStatement, { customerId: newId() }, books.accountant)).rejects.toMatchObject({ code: "nothingToSay" });
});

test("a statement as a PDF, and all of them by mail", async () => {
  const customerId = await customer("Statement Ltd", "ap@statement.example");
  await run(issueInvoice, { customerId, day: "2026-11-05", lines: [{ description: "Work", unitPrice: eur("10.00") }] }, books.accountant);
  const { fileId } = await run(printStatement, { customerId, from: "2026-11-01", until: "2026-11-30" }, books.accountant);
  const file = await books.house.funnel.read({ tenantId: books.house.tenantId, actor: books.accountant }, (context) =>
    context.readFile(fileId),
  );
  expect(Buffer.from(file.bytes.slice(0, 5)).toString()).toBe("%PDF-");
  // As known before it was issued, there was nothing to say; as known since, there is.
  const known = (asKnownAt: string) => run(printStatement, { customerId, until: "2026-11-30", asKnownAt }, books.accountant);
  await expect(known("2026-01-31")).rejects.toMatchObject({ code: "nothingToSay" });
  const issuedOn = books.house.today;
  books.house.today = addDays(issuedOn, 1);
  expect(await known(issuedOn)).toHaveProperty("fileId");
  expect(
    await run(sendStatements, { until: "2026-11-30", asKnownAt: issuedOn, customerIds: [customerId] }, books.accountant),
  ).toMatchObject({
    sent: 1,
  });
  // Everyone as known before anything was posted: nobody had anything to hear.
  expect(await run(sendStatements, { until: "2026-11-30", asKnownAt: "2026-01-31" }, books.accountant)).toEqual({
    sent: 0,
    withoutAddress: [],
  });
  books.house.today = issuedOn;
  const sent = await run(sendStatements, { until: "2026-11-30" }, books.accountant);
  // Two have an address; the two that were charged without one are named.
  expect(sent.sent).toBe(2);
  expect(sent.withoutAddress.map((one) => one.name)).toEqual(["Limited Inc"]);
  const { rows } = await books.house.owner.query("select file_id from platform.mail where subject = 'Statement of account 2026-11-30'");
  expect(rows).toHaveLength(3);
});

describe("lines for certain days", () => {
  const line = (description: string, charged?: string) => ({ description, charged, unitPrice: eur("31.00") });
  const spansOf = async (customerId: Id) =>
    (await rowsOf("finance.invoiceLine.list", { sort: "-position", limit: 200 }))
      .filter((row) => String(row["description"]).includes(customerId))
      .map((row) => [row["position"], row["serviceFrom"], row["serviceUntil"]])
      .toSorted();

  test("ahead and behind, the last day of the month kept; what is for later is held and comes month by month", async () => {
    const customerId = await customer("Advance Inc");
    const lines = [line(`Licence {period} ${customerId}`, "inAdvance"), line(`Traffic {period} ${customerId}`, "inArrears"), line("Flat")];
    const wish = { name: "Licence", customerId, every: "month", startDay: "2026-08-31", untilDay: "2026-10-31", lines };
    const { id } = await run(createRecurringInvoice, { ...wish, posts: true }, books.accountant);
    await night();
    expect(await spansOf(customerId)).toEqual([
      [1, "2026-08-31", "2026-09-29"],
      [1, "2026-09-30", "2026-10-30"],
      [1, "2026-10-31", "2026-11-29"],
      [2, "2026-07-31", "2026-08-30"],
      [2, "2026-08-31", "2026-09-29"],
      [2, "2026-09-30", "2026-10-30"],
    ]);
    const kept = await rowsOf("finance.recurringInvoiceLine.list", { filter: { recurringInvoiceId: id }, sort: "position" });
    expect(kept.map((row) => [row["charged"], row["unitPrice"]])).toEqual([
      ["inAdvance", eur("31.00")],
      ["inArrears", eur("31.00")],
      [null, eur("31.00")],
    ]);
    // The text speaks of the month that is charged, also where that is the one before.
    const [last] = await rowsOf("finance.invoice.list", { filter: { customerId }, sort: "-day" });
    const said = await rowsOf("finance.invoiceLine.list", { filter: { invoiceId: last!["id"] as string }, sort: "position" });
    expect(said.map((row) => String(row["description"]).slice(0, 15))).toEqual(["Licence 2026-10", "Traffic 2026-09", "Flat"]);
    // By days: of 30 days from 31 August one is August's, 31.00 / 30 = 1.03; 29 are September's, 29.97. From 30 September 1 of 31: 1.00
    // and 30.00. From 31 October 1 of 30: 1.03 and 29.97. What is behind lies before its invoice's month ends and is not held.
    const deferrals = await rowsOf("finance.deferral.list", { filter: { partyId: customerId }, sort: "fromDay" });
    expect(deferrals.map((row) => [row["fromDay"], row["untilDay"], row["amount"]])).toEqual([
      ["2026-08-31", "2026-09-29", eur("31.00")],
      ["2026-09-30", "2026-10-30", eur("31.00")],
      ["2026-10-31", "2026-11-29", eur("31.00")],
    ]);
    const parts = await Promise.all(
      deferrals.map((row) => rowsOf("finance.deferralLine.list", { filter: { deferralId: row["id"] as string }, sort: "untilDay" })),
    );
    expect(parts.map((own) => own.map((part) => part["amount"]))).toEqual([
      [eur("1.03"), eur("29.97")],
      [eur("1.00"), eur("30.00")],
      [eur("1.03"), eur("29.97")],
    ]);
    expect(await books.breaks()).toEqual([]);
  });

  test("a draft has them too, and so has what is posted of it", async () => {
    const customerId = await customer("Quarter Inc");
    const wish = { name: "Rent", customerId, every: "quarter", startDay: "2026-11-01", lines: [line(`Rent ${customerId}`, "inAdvance")] };
    await run(createRecurringInvoice, wish, books.accountant);
    await night();
    expect(await spansOf(customerId)).toEqual([[1, "2026-11-01", "2027-01-31"]]);
    const [draft] = await rowsOf("finance.invoice.list", { filter: { customerId } });
    await run(postInvoice, { invoiceId: draft!["id"] as Id }, books.accountant);
    // Three whole months: 10.34, 10.33 and 10.33; the cent goes to the first.
    const [deferral] = await rowsOf("finance.deferral.list", { filter: { partyId: customerId } });
    const parts = await rowsOf("finance.deferralLine.list", { filter: { deferralId: deferral!["id"] as string }, sort: "untilDay" });
    expect(parts.map((part) => part["amount"])).toEqual([eur("10.34"), eur("10.33"), eur("10.33")]);
    expect(await books.breaks()).toEqual([]);
  });
});
