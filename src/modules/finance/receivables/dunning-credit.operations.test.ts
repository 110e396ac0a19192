// Reminders of who has something in their favour, and of fees that earlier reminders charged; every figure counted by hand.
import { afterAll, beforeAll, expect, test } from "vitest";
import { addRole, createOrganisation } from "../../directory/index.ts";
import { recordOnePayment } from "../payments/payment.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { creditInvoice } from "./credit-note.operations.ts";
import { setCustomerDunning } from "./customer.operations.ts";
import { createDunningRun, sendDunningRun } from "./dunning.operations.ts";
import { createDunningProcedure } from "./dunning-procedure.operations.ts";
import { issueInvoice, payInvoice } from "./invoice.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
  const levels = [{ daysOverdue: 5, title: "Reminder", text: "It may have slipped your mind." }];
  await run(createDunningProcedure, { code: "STD", name: "Standard", levels, isStandard: true }, books.chief);
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const rowsOf = async (name: string, filter: object) =>
  ((await books.house.call(name, { filter }, books.chief)) as { rows: Record<string, unknown>[] }).rows;
const send = (dunningRunId: string) => run(sendDunningRun, { dunningRunId }, books.accountant);
const letters = (dunningRunId: string) => rowsOf("finance.dunningLetter.list", { dunningRunId });
const askedFor = async (documentId: string) => {
  const [item] = await rowsOf("finance.openItem.list", { documentId });
  return rowsOf("finance.dunningItem.list", { openItemId: item!["id"] });
};

async function reminded(name: string, email: string) {
  const owner = await books.house.person("Olga Owner", "owner");
  const { id: customerId } = await run(createOrganisation, { name, email }, owner);
  await run(addRole, { partyId: customerId, role: "customer", from: "2026-01-01" }, owner);
  const issue = (price: string, onDay: string) => {
    const lines = [{ description: "Lens", unitPrice: eur(price), taxCode: "exempt" }];
    return run(issueInvoice, { customerId, day: onDay, termsDays: 0, lines }, books.accountant);
  };
  const pay = (amount: string) => {
    const { bankAccountId } = books;
    const money = { direction: "incoming", partyId: customerId, amount: eur(amount), bankAccountId, day: "2026-10-05" };
    return run(recordOnePayment, money, books.accountant);
  };
  const mails = async () =>
    (await books.house.owner.query<{ text: string }>("select text from platform.mail where to_address = $1 order by id", [email])).rows.map(
      ({ text }) => /To pay: (.*)/.exec(text)![1],
    );
  return {
    customerId,
    issue,
    pay,
    mails,
    ask: (on: string) => run(createDunningRun, { day: on, customerIds: [customerId] }, books.accountant),
  };
}

test("who has enough on account is not reminded; what they have is taken off what is asked for", async () => {
  const { issue, pay, ask, mails } = await reminded("On Account", "on@account.example");
  const older = await issue("100.00", "2026-10-01");
  await pay("100.00");
  await expect(ask("2026-10-10")).rejects.toMatchObject({ code: "nothingToAsk" });
  await issue("50.00", "2026-10-02");
  const { id } = await ask("2026-10-10");
  expect(await letters(id)).toMatchObject([{ total: eur("50.00"), items: 1 }]);
  await pay("20.00");
  expect(await send(id)).toMatchObject({ sent: 1 });
  expect(await mails()).toEqual(["30.00 EUR"]);
  expect(await letters(id)).toMatchObject([{ total: eur("30.00"), items: 1, state: "sent" }]);
  expect(await askedFor(older.id)).toEqual([]);
  // A credit note that no invoice has taken counts as well, also when it comes after the proposal.
  const again = await issue("40.00", "2026-10-20");
  const second = await ask("2026-10-28");
  expect(await letters(second.id)).toMatchObject([{ total: eur("40.00") }]);
  const [paid, corrected] = [await issue("70.00", "2026-10-21"), { day: "2026-10-28", reason: "Broken" }];
  await run(payInvoice, { invoiceId: paid.id, bankAccountId: books.bankAccountId, day: "2026-10-27" }, books.accountant);
  await run(creditInvoice, { invoiceId: paid.id, ...corrected }, books.accountant);
  expect(await send(second.id)).toMatchObject({ sent: 0, dropped: 1 });
  expect(await askedFor(again.id)).toMatchObject([{ state: "dropped" }]);
  expect(await books.breaks()).toEqual([]);
});

test("a later letter asks for fees of earlier letters that are still open", async () => {
  const { customerId, issue, ask, mails } = await reminded("Late Payer", "late@payer.example");
  const steps = [
    { daysOverdue: 14, title: "First", text: "Please.", fee: eur("10.00") },
    { daysOverdue: 20, title: "Second", text: "Now.", fee: eur("5.00") },
  ];
  const { id: dunningProcedureId } = await run(createDunningProcedure, { code: "FEE", name: "With fees", levels: steps }, books.chief);
  await run(setCustomerDunning, { customerId, dunningProcedureId }, books.accountant);
  await issue("1000.00", "2026-10-01");
  const early = await issue("300.00", "2026-10-01");
  const first = await ask("2026-10-15");
  expect(await letters(first.id)).toMatchObject([{ total: eur("1300.00"), items: 2 }]);
  await run(payInvoice, { invoiceId: early.id, bankAccountId: books.bankAccountId, day: "2026-10-15" }, books.accountant);
  await send(first.id);
  // What the list says is what the letter asked for, less its own fee.
  expect(await letters(first.id)).toMatchObject([{ total: eur("1000.00"), items: 1 }]);
  const second = await ask("2026-10-22");
  expect(await letters(second.id)).toMatchObject([{ total: eur("1010.00"), fee: eur("5.00") }]);
  await send(second.id);
  // The invoice and its first fee, then both with the second.
  expect(await mails()).toEqual(["1010.00 EUR", "1015.00 EUR"]);
  expect(await books.breaks()).toEqual([]);
});
