// For tests of reports: the first quarter of a small company, told through the same operations that people use.
import { day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { postEntries } from "../ledger/posting.ts";
import { eur, type TestBooks } from "../testing/books.ts";

interface Leg {
  readonly account: string;
  readonly amount: string;
  readonly partyId?: Id;
  readonly unitId?: Id;
}

/** Posts one entry of the general journal on a day, lines as `[account, amount]`, debit positive. */
export const postOn = (books: TestBooks, onDay: string, text: string, lines: readonly Leg[]) =>
  books.house.funnel.work(books.house.tenantId, (context) =>
    postEntries(context, [
      {
        journal: "GEN",
        day: day(onDay),
        text,
        lines: lines.map(({ amount, ...line }) => ({ ...line, amount: Money.parse(amount, "EUR") })),
      },
    ]),
  );

export async function invoiceOn(books: TestBooks, onDay: string, net: string, description = "Consulting") {
  const lines = [{ description, unitPrice: eur(net) }];
  const { id } = await books.house.call("finance.invoice.create", { customerId: books.customerId, day: onDay, lines }, books.accountant);
  await books.house.call("finance.invoice.post", { invoiceId: id }, books.accountant);
  const items = await books.house.call("finance.openItem.list", { filter: { documentId: id } }, books.accountant);
  return { invoiceId: id as Id, itemId: (items["rows"] as { id: Id }[])[0]!.id };
}

/** A payment that is set against an item. */
export async function paidOn(books: TestBooks, onDay: string, amount: string, openItemId: Id) {
  return (await books.house.call(
    "finance.payment.record",
    {
      direction: "incoming",
      partyId: books.customerId,
      amount: eur(amount),
      bankAccountId: books.bankAccountId,
      day: onDay,
      allocations: [{ openItemId, amount: eur(amount) }],
    },
    books.accountant,
  )) as { id: Id; itemId: Id; entryId: Id };
}

/**
 * Capital of 10,000; a loan of 4,000; a laptop of 2,400 bought and 200 depreciated; invoices of 1,000 and 500 plus 19 % tax, the first paid
 * in half; rent of 600 by cheque; supplies of 300 owed.
 */
export async function tellQuarter(books: TestBooks) {
  await postOn(books, "2026-01-05", "Capital", [
    { account: "1120", amount: "10000" },
    { account: "3110", amount: "-10000" },
  ]);
  await postOn(books, "2026-01-10", "Loan", [
    { account: "1120", amount: "4000" },
    { account: "2420", amount: "-4000" },
  ]);
  await postOn(books, "2026-01-15", "Laptop", [
    { account: "1510", amount: "2400" },
    { account: "1120", amount: "-2400" },
  ]);
  const first = await invoiceOn(books, "2026-02-02", "1000.00");
  const second = await invoiceOn(books, "2026-03-03", "500.00");
  const payment = await paidOn(books, "2026-03-10", "595.00", first.itemId);
  await postOn(books, "2026-03-20", "Rent", [
    { account: "6210", amount: "600" },
    { account: "1120", amount: "-600" },
  ]);
  await postOn(books, "2026-03-25", "Supplies", [
    { account: "6540", amount: "300" },
    { account: "2110", amount: "-300", partyId: books.supplierId },
  ]);
  await postOn(books, "2026-03-31", "Depreciation", [
    { account: "6710", amount: "200" },
    { account: "1590", amount: "-200" },
  ]);
  return { first, second, payment };
}
