// Invoices issued in one step, under terms, with deposits, within a credit limit; every figure counted by hand.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addDays } from "../../../kernel/day.ts";
import { type Id, newId } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { Refusal } from "../../../kernel/refusal.ts";
import { createOrganisation, addRole } from "../../directory/index.ts";
import { recordOnePayment, undoAllocation } from "../payments/payment.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { setCreditLimit, setCustomerTerms, settleCustomer } from "./customer.operations.ts";
import { issueInvoices } from "./invoice.ts";
import { creditInvoice } from "./credit-note.operations.ts";
import { changeInvoice, createInvoice, issueInvoice, payInvoice, postInvoice } from "./invoice.operations.ts";
import { changePaymentTerm, createPaymentTerm, retirePaymentTerm } from "./payment-term.operations.ts";
import { sendInvoice } from "./print.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const rowsOf = async (name: string, input: object) =>
  ((await books.house.call(name, input, books.chief)) as { rows: Record<string, unknown>[] }).rows;
const invoice = (id: string) => books.house.call("finance.invoice.get", { id }, books.accountant);
const itemsOf = (documentId: string) => rowsOf("finance.openItem.list", { filter: { documentId }, sort: "dueDay" });
const work = (price: string, more: object = {}) => ({
  customerId: books.customerId,
  day: "2026-11-02",
  lines: [{ description: "Work", unitPrice: eur(price) }],
  ...more,
});
const issue = (price: string, more: object = {}) => run(issueInvoice, work(price, more), books.accountant);
async function customer(name: string, email?: string): Promise<Id> {
  const owner = await books.house.person("Olga Owner", "owner");
  const { id } = await run(createOrganisation, { name, ...(email && { email }) }, owner);
  await run(addRole, { partyId: id, role: "customer", from: "2026-01-01" }, owner);
  return id;
}

describe("terms", () => {
  const thirds = [{ percent: "30", days: 0 }, { percent: "30", days: 30 }, { days: 60 }];

  test("instalments become dated items, paid one after the other", async () => {
    const { id: paymentTermId } = await run(createPaymentTerm, { code: "T3", name: "Three parts", instalments: thirds }, books.chief);
    const { id } = await issue("100.01", { paymentTermId });
    // 119.01: twice 35.70, the rest 47.61.
    expect((await itemsOf(id)).map((item) => [item["dueDay"], (item["open"] as { amount: string }).amount])).toEqual([
      ["2026-11-02", "35.70"],
      ["2026-12-02", "35.70"],
      ["2027-01-01", "47.61"],
    ]);
    expect(await invoice(id)).toMatchObject({ state: "overdue", instalments: 3, open: eur("119.01"), dueDay: "2027-01-01" });
    const { bankAccountId } = books;
    const paid = await run(payInvoice, { invoiceId: id, bankAccountId, day: "2026-11-10", amount: eur("50.00") }, books.accountant);
    expect(paid.open.amount).toBe("69.01");
    expect(await invoice(id)).toMatchObject({ state: "open", open: eur("69.01") });
    await run(creditInvoice, { invoiceId: id, reason: "All wrong" }, books.accountant);
    expect(await invoice(id)).toMatchObject({ state: "paid" });
    expect(await books.breaks()).toEqual([]);
  });

  test("what is agreed with the customer holds, a draft reads it anew at posting", async () => {
    const customerId = await customer("Agreed Ltd");
    const { id: paymentTermId } = await run(
      createPaymentTerm,
      { code: "EOM10", name: "10 days after the month", instalments: [{ days: 10, monthEnd: "beforeDays" }] },
      books.chief,
    );
    await run(setCustomerTerms, { customerId, paymentTermId }, books.accountant);
    const { id } = await run(createInvoice, work("10.00", { customerId }), books.accountant);
    expect(await invoice(id)).toMatchObject({ dueDay: "2026-12-10", paymentTerm: "10 days after the month" });
    const instalments = [{ days: 20, monthEnd: "beforeDays" as const }];
    await run(changePaymentTerm, { paymentTermId, name: "20 days after", instalments }, books.chief);
    await run(postInvoice, { invoiceId: id }, books.accountant);
    expect(await invoice(id)).toMatchObject({ dueDay: "2026-12-20" });
    await run(setCustomerTerms, { customerId }, books.accountant);
    const later = await run(issueInvoice, work("10.00", { customerId }), books.accountant);
    expect(await invoice(later.id)).toMatchObject({ dueDay: "2026-12-02" });
  });

  test("each refusal", async () => {
    const add = (more: object) => run(createPaymentTerm, { code: "X", name: "X", instalments: [{ days: 30 }], ...more }, books.chief);
    const { id: paymentTermId } = await add({});
    await expect(add({})).rejects.toMatchObject({ code: "codeTaken" });
    await expect(add({ code: "Y", instalments: [{ percent: "50" }] })).rejects.toMatchObject({ code: "remainderMissing" });
    await expect(add({ code: "Y", instalments: [{ percent: "101" }, {}] })).rejects.toMatchObject({ code: "sharesTooHigh" });
    await expect(add({ code: "Y", discounts: [{ percent: "0", days: 3 }] })).rejects.toMatchObject({ code: "discountsUnordered" });
    const change = (id: string, more: object = {}) =>
      run(changePaymentTerm, { paymentTermId: id, name: "Z", instalments: [{}], ...more }, books.chief);
    await expect(change(newId())).rejects.toMatchObject({ code: "notFound" });
    await expect(run(retirePaymentTerm, { paymentTermId: newId() }, books.chief)).rejects.toMatchObject({ code: "notFound" });
    await run(retirePaymentTerm, { paymentTermId, from: "2026-11-02" }, books.chief);
    await expect(issue("1.00", { paymentTermId })).rejects.toMatchObject({ code: "paymentTermUnknown" });
    await expect(run(setCustomerTerms, { customerId: books.customerId, paymentTermId: newId() }, books.chief)).rejects.toMatchObject({
      code: "paymentTermUnknown",
    });
    await expect(run(setCustomerTerms, { customerId: newId() }, books.chief)).rejects.toMatchObject({ code: "notFound" });
  });
});

describe("paying early", () => {
  const skonto = async () => {
    const known = await rowsOf("finance.paymentTerm.list", { filter: { code: "2-10" } });
    if (known[0]) return known[0]["id"] as string;
    const terms = { code: "2-10", name: "2 % in 10 days", instalments: [{ days: 30 }], discounts: [{ percent: "2", days: 10 }] };
    return (await run(createPaymentTerm, terms, books.chief)).id;
  };
  const pay = (amount: string, day: string, customerId: Id) =>
    run(
      recordOnePayment,
      { direction: "incoming", partyId: customerId, amount: eur(amount), bankAccountId: books.bankAccountId, day, oldestFirst: true },
      books.accountant,
    );

  test("two percent off, with the tax corrected; undone, all of it is owed again", async () => {
    const customerId = await customer("Early Bird");
    const { id } = await issue("1000.00", { customerId, paymentTermId: await skonto() });
    const paid = await pay("1166.20", "2026-11-12", customerId);
    expect(paid).toMatchObject({ unallocated: { amount: "0.00" }, discount: { amount: "23.80" } });
    expect(await invoice(id)).toMatchObject({ state: "paid" });
    const [discount] = await rowsOf("finance.discount.list", { filter: { partyId: customerId } });
    const lines = await rowsOf("finance.journalLine.list", { filter: { entryId: discount!["entryId"] as string }, sort: "position" });
    expect(lines.map((line) => [String(line["account"]).slice(0, 4), line["debit"], line["credit"]])).toEqual([
      ["1210", null, eur("23.80")],
      ["4190", eur("20.00"), null],
      ["2210", eur("3.80"), null],
    ]);
    expect(await books.breaks()).toEqual([]);
    const allocation = (await rowsOf("finance.allocation.list", { filter: { creditItemId: paid.itemId } }))[0]!;
    await run(undoAllocation, { allocationId: allocation["id"], on: "2026-11-14" }, books.accountant);
    expect(await invoice(id)).toMatchObject({ state: "open", open: eur("1190.00") });
    expect((await rowsOf("finance.discount.list", { filter: { partyId: customerId } }))[0]).toMatchObject({ state: "undone" });
    expect(await books.breaks()).toEqual([]);
  });

  test("a day late it is too little, and the rest stays open", async () => {
    const customerId = await customer("Late Bird");
    const { id } = await issue("1000.00", { customerId, paymentTermId: await skonto() });
    const paid = await pay("1166.20", "2026-11-13", customerId);
    expect(paid.discount.amount).toBe("0.00");
    expect(await invoice(id)).toMatchObject({ open: eur("23.80") });
  });
});

describe("deposits", () => {
  test("stand as owed to the customer until the final invoice draws them", async () => {
    const customerId = await customer("Deposit Corp");
    const deposit = await issue("400.00", { customerId, isDeposit: true });
    const held = async () => (await rowsOf("finance.account.list", { filter: { code: "2480" } }))[0]!["balance"];
    expect(await held()).toEqual(eur("-400.00"));
    const [open] = await rowsOf("finance.deposit.list", { filter: { customerId } });
    expect(open).toMatchObject({ id: deposit.id, left: eur("400.00"), state: "open" });
    const draw = (price: string, net?: string) =>
      issue(price, { customerId, deposits: [{ depositId: deposit.id, ...(net && { net: eur(net) }) }] });
    const first = await draw("1000.00", "150.00");
    // 1190.00 less 178.50.
    expect(first.total.amount).toBe("1011.50");
    expect((await rowsOf("finance.deposit.list", { filter: { customerId } }))[0]).toMatchObject({ left: eur("250.00") });
    await expect(draw("1000.00", "250.01")).rejects.toMatchObject({ code: "depositSpent" });
    await expect(draw("1000.00", "0.00")).rejects.toMatchObject({ code: "amountNotPositive" });
    const last = await draw("250.00");
    expect(last.total.amount).toBe("0.00");
    expect(await invoice(last.id)).toMatchObject({ state: "paid" });
    expect(await held()).toEqual(eur("0.00"));
    await expect(draw("10.00")).rejects.toMatchObject({ code: "depositSpent" });
    await expect(issue("10.00", { deposits: [{ depositId: deposit.id }] })).rejects.toMatchObject({ code: "depositUnknown" });
    // What was drawn is not owed back.
    await expect(run(creditInvoice, { invoiceId: deposit.id, reason: "Back" }, books.accountant)).rejects.toMatchObject({
      code: "depositDrawn",
      facts: { left: "0.00 EUR" },
    });
    // Credited, the invoice gives back what it drew.
    await run(creditInvoice, { invoiceId: first.id, reason: "Not delivered" }, books.accountant);
    expect((await rowsOf("finance.deposit.list", { filter: { customerId } }))[0]).toMatchObject({ left: eur("150.00"), state: "open" });
    expect(await books.breaks()).toEqual([]);
  });

  test("are taken off without tax also where the prices include it", async () => {
    // Asked for: 400.00 and 76.00. The machine costs 1190.00 with tax, so 714.00 are left to pay.
    const customerId = await customer("Gross Corp");
    const { id: depositId } = await issue("400.00", { customerId, isDeposit: true });
    const last = await issue("1190.00", { customerId, pricesIncludeTax: true, deposits: [{ depositId }] });
    expect([last.net.amount, last.tax.amount, last.total.amount]).toEqual(["600.00", "114.00", "714.00"]);
    expect((await rowsOf("finance.deposit.list", { filter: { customerId } }))[0]).toMatchObject({ left: eur("0.00"), state: "drawn" });
    await run(creditInvoice, { invoiceId: last.id, reason: "Not delivered" }, books.accountant);
    expect((await rowsOf("finance.deposit.list", { filter: { customerId } }))[0]).toMatchObject({ left: eur("400.00"), state: "open" });
    expect(await books.breaks()).toEqual([]);
  });

  test("a draft keeps what it draws", async () => {
    const customerId = await customer("Reserving Inc");
    const { id: depositId } = await issue("100.00", { customerId, isDeposit: true });
    const draft = await run(createInvoice, work("500.00", { customerId, deposits: [{ depositId }] }), books.accountant);
    expect(draft.net.amount).toBe("400.00");
    await expect(issue("500.00", { customerId, deposits: [{ depositId }] })).rejects.toMatchObject({ code: "depositSpent" });
    const changed = await run(changeInvoice, { invoiceId: draft.id, ...work("500.00", { customerId }) }, books.accountant);
    expect(changed.net.amount).toBe("500.00");
    const again = await issue("500.00", { customerId, deposits: [{ depositId }] });
    await expect(run(changeInvoice, { invoiceId: again.id, ...work("1.00") }, books.accountant)).rejects.toMatchObject({
      code: "notDraft",
    });
    await expect(run(changeInvoice, { invoiceId: newId(), ...work("1.00") }, books.accountant)).rejects.toMatchObject({ code: "notFound" });
  });
});

describe("credit limits", () => {
  test("a soft one is passed by the manager with a reason, a hard one never; drafts count", async () => {
    const customerId = await customer("Limited Ltd");
    const limit = (more: object) => run(setCreditLimit, { customerId, creditLimit: eur("1000.00"), ...more }, books.chief);
    await limit({});
    await issue("500.00", { customerId });
    await run(createInvoice, work("200.00", { customerId }), books.accountant);
    // 595.00 posted and 238.00 in a draft leave 167.00.
    expect((await rowsOf("finance.customer.list", { filter: { id: customerId } }))[0]).toMatchObject({
      left: eur("167.00"),
      state: "open",
    });
    await issue("140.00", { customerId });
    const over = (as = books.accountant, overLimitReason?: string) =>
      run(issueInvoice, work("1.00", { customerId, ...(overLimitReason && { overLimitReason }) }), as);
    await expect(over()).rejects.toMatchObject({ code: "overLimitReasonMissing" });
    await expect(over(books.accountant, "They are good")).rejects.toMatchObject({ code: "overLimitReasonMissing" });
    await over(books.chief, "Paid by next week");
    await limit({ isHardLimit: true });
    await expect(over(books.chief, "They are good")).rejects.toMatchObject({ code: "creditLimitReached" });
    const [draft] = await rowsOf("finance.invoice.list", { filter: { customerId, state: "draft" } });
    await expect(run(postInvoice, { invoiceId: draft!["id"] }, books.chief)).rejects.toMatchObject({ code: "creditLimitReached" });
    await expect(limit({ creditLimit: eur("-1.00") })).rejects.toMatchObject({ code: "limitNegative" });
    await expect(limit({ creditLimit: { amount: "1", currency: "USD" } })).rejects.toMatchObject({ code: "currencyDiffers" });
    await expect(run(setCreditLimit, { customerId: newId() }, books.chief)).rejects.toMatchObject({ code: "notFound" });
  });
});

describe("many at once", () => {
  test("the good are posted with numbers in a row, the others say why, in words", async () => {
    const { house } = books;
    const line = { description: "Work", quantity: "1", unitPrice: Money.parse("10.00", "EUR"), taxCode: "standard" };
    const one = (more: object = {}) => ({
      kind: "invoice" as const,
      customerId: books.customerId,
      day: house.today,
      lines: [line],
      ...more,
    });
    const results = await house.funnel.work(house.tenantId, (context) =>
      issueInvoices(context, [
        one(),
        one({ customerId: books.supplierId }),
        one({ lines: [{ ...line, taxCode: "luxury" }] }),
        one({ day: "2029-01-01" }),
        one(),
      ]),
    );
    const codes = results.map((result) => (result instanceof Refusal ? result.code : "posted"));
    expect(codes).toEqual(["posted", "notCustomer", "taxCodeUnknown", "periodMissing", "posted"]);
    expect((results[1] as Refusal).message).toContain("not a customer");
    const numbers = [results[0], results[4]].map((result) => Number((result as { number: string }).number.slice(-5)));
    expect(numbers[1]).toBe(numbers[0]! + 1);
    expect(await books.breaks()).toEqual([]);
  });

  test("fifty invoices take no more statements than one", async () => {
    const { house } = books;
    const line = { description: "Work", quantity: "1", unitPrice: Money.parse("10.00", "EUR"), taxCode: "standard" };
    const one = { kind: "invoice" as const, customerId: books.customerId, day: house.today, lines: [line] };
    const statementsFor = (count: number, wish = one) =>
      house.funnel.work(house.tenantId, async (context) => {
        let statements = 0;
        const counted =
          <Ask, Answer>(ask: (asked: Ask) => Answer) =>
          (asked: Ask) => {
            statements += 1;
            return ask(asked);
          };
        const { db } = context;
        const counting = { rows: counted(db.rows), maybe: counted(db.maybe), row: counted(db.row), run: counted(db.run) };
        await issueInvoices(
          { ...context, db: counting as typeof db },
          Array.from({ length: count }, () => wish),
        );
        return statements;
      });
    const alone = await statementsFor(1);
    expect(alone).toBeLessThanOrEqual(7);
    expect(await statementsFor(50)).toBe(alone);
    // What is spread over months takes one more, however many there are.
    const year = { serviceFrom: house.today, serviceUntil: addDays(house.today, 365) };
    const spread = { ...one, lines: [{ ...line, ...year }] };
    expect([await statementsFor(1, spread), await statementsFor(50, spread)]).toEqual([alone + 1, alone + 1]);
  });

  test("what is on account is settled, the oldest due first; the dry run proposes it", async () => {
    const customerId = await customer("On Account");
    await expect(run(settleCustomer, { customerId }, books.accountant)).rejects.toMatchObject({ code: "nothingToSettle" });
    await issue("100.00", { customerId, day: "2026-10-01" });
    const { number } = await issue("100.00", { customerId, day: "2026-09-01" });
    const { bankAccountId } = books;
    await run(
      recordOnePayment,
      { direction: "incoming", partyId: customerId, amount: eur("150.00"), bankAccountId, day: "2026-11-10" },
      books.accountant,
    );
    const proposal = await run(settleCustomer, { customerId }, books.accountant, { dryRun: true });
    expect(proposal.allocations[0]).toMatchObject({ debt: number, amount: { amount: "119.00" } });
    const done = await run(settleCustomer, { customerId }, books.accountant);
    expect([done.settled.amount, done.allocations.length]).toEqual(["150.00", 2]);
    expect(await books.breaks()).toEqual([]);
  });
});

test("an invoice is mailed with its PDF", async () => {
  const customerId = await customer("Mail House", "books@mail.example");
  const { id, number } = await issue("10.00", { customerId });
  const sent = await run(sendInvoice, { invoiceId: id }, books.accountant);
  expect(sent.to).toBe("books@mail.example");
  const mails = await books.house.owner.query<{ subject: string; file_id: string }>(
    "select subject, file_id from platform.mail where to_address = 'books@mail.example'",
  );
  expect(mails.rows).toEqual([{ subject: `Invoice ${number}`, file_id: sent.fileId }]);
  const silent = await issue("10.00");
  await expect(run(sendInvoice, { invoiceId: silent.id }, books.accountant)).rejects.toMatchObject({ code: "addressMissing" });
  await expect(run(sendInvoice, { invoiceId: newId() }, books.accountant)).rejects.toMatchObject({ code: "notFound" });
  const { id: draft } = await run(createInvoice, work("1.00"), books.accountant);
  await expect(run(sendInvoice, { invoiceId: draft }, books.accountant)).rejects.toMatchObject({ code: "notPosted" });
});
