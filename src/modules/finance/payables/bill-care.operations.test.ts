// Bills on their way to being paid: corrected, held, told apart, coded from history; suppliers' accounts proposed, approved and cooled off.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { recordOnePayment } from "../payments/payment.operations.ts";
import { iban, openPayingBooks, type PayingBooks } from "../payment-run/run.testing.ts";
import { createSetup } from "../ledger/setup.operations.ts";
import { eur } from "../testing/books.ts";
import { acknowledgeBill, changeBill, holdBill, releaseBill } from "./bill-care.operations.ts";
import { applyCredit, proposeBill } from "./bill-proposal.operations.ts";
import { approveBill, createBill, payBill, postBill } from "./bill.operations.ts";
import { changePayableSetting, getPayableSetting } from "./payable-setting.operations.ts";
import {
  approveSupplierBankAccount,
  declineSupplierBankAccount,
  proposeSupplierBankAccount,
  retireSupplierBankAccount,
} from "./supplier-bank-account.operations.ts";

let books: PayingBooks;
let count = 0;
beforeAll(async () => {
  books = await openPayingBooks();
});
afterAll(() => books.house.close());

const run: PayingBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const line = (net: string, more: object = {}) => ({ description: "Paper", net: eur(net), accountId: books.account("6540"), ...more });
const enter = (more: object = {}) => {
  count += 1;
  const input = {
    supplierId: books.supplierId,
    supplierNumber: `C-${count}`,
    day: "2026-11-03",
    lines: [line(`${1000 + count}.00`)],
    ...more,
  };
  return run(createBill, input, books.accountant);
};
const change = (billId: Id, more: object) => run(changeBill, { billId, ...more }, books.accountant);
const bill = (id: Id) => books.house.call("finance.bill.get", { id }, books.accountant);
const upload = (text: string) =>
  books.house.funnel.work(books.house.tenantId, (context) =>
    context.writeFile("bill.pdf", "application/pdf", new TextEncoder().encode(text)),
  );

describe("a double", () => {
  test("is refused by its number in whichever year, also when a draft comes to be one", async () => {
    await enter({ supplierNumber: "2025/77", day: "2026-01-05" });
    await expect(enter({ supplierNumber: "2025-77" })).rejects.toMatchObject({ code: "enteredBefore" });
    const { id } = await enter({ supplierNumber: "2025-78" });
    await expect(change(id, { supplierNumber: "20 25/77" })).rejects.toMatchObject({ code: "enteredBefore" });
    const other = await books.supplier("Twin");
    const { id: elsewhere } = await enter({ supplierId: other, supplierNumber: "2025/77" });
    await expect(change(elsewhere, { supplierId: books.supplierId })).rejects.toMatchObject({ code: "enteredBefore" });
    await expect(change(id, { supplierNumber: "--" })).rejects.toMatchObject({ code: "numberUnreadable" });
  });

  test("is refused by the bytes of its file", async () => {
    const { id } = await enter({ fileId: await upload("%PDF-1.7 one") });
    await expect(enter({ fileId: await upload("%PDF-1.7 one") })).rejects.toMatchObject({ code: "fileKnown" });
    const { id: other } = await enter();
    await expect(change(other, { fileId: await upload("%PDF-1.7 one") })).rejects.toMatchObject({ code: "fileKnown" });
    await change(id, { text: "With its own file it may be changed" });
  });

  test("is asked about when another bill is like it, and answered", async () => {
    const supplierId = await books.supplier("Landlord");
    const rent = { supplierId, lines: [line("900.00")] };
    await enter({ ...rent, supplierNumber: "R-1", day: "2026-11-01" });
    expect((await enter({ ...rent, supplierNumber: "R-9", day: "2026-11-05" })).warnings).toEqual([]);
    const near = await enter({ ...rent, supplierNumber: "R-2", day: "2026-11-04" });
    expect(near.warnings).toEqual(["Bill R-9 of 2026-11-05 is over the same amount, 1071.00 EUR. Make sure that this is another one."]);
    await run(acknowledgeBill, { billId: near.id, note: "Rent of the second floor" }, books.accountant);
    expect(await bill(near.id)).toMatchObject({ alike: "R-9", alikeNote: "Rent of the second floor" });
    const { id } = await enter();
    const nothing = run(acknowledgeBill, { billId: id, note: "Rent of the second floor" }, books.accountant);
    await expect(nothing).rejects.toMatchObject({ code: "nothingAlike" });
    await run(changePayableSetting, { alikeDays: 1 }, books.chief);
    expect((await enter({ ...rent, supplierNumber: "R-3", day: "2026-10-30" })).warnings).toEqual([]);
    await run(changePayableSetting, { alikeDays: 3 }, books.chief);
    expect(await run(getPayableSetting, {}, books.accountant)).toEqual({ coolOffDays: 3, alikeDays: 3 });
  });
});

test("a bill of the same figure in another currency is not like it", async () => {
  const supplierId = await books.supplier("Abroad");
  const net = { amount: "100.00", currency: "USD" };
  const dollars = { supplierId, rate: "0.90", lines: [line("0", { net, taxCode: "exempt" })] };
  await enter({ supplierId, supplierNumber: "AL-1", lines: [line("100.00", { taxCode: "exempt" })] });
  expect((await enter({ ...dollars, supplierNumber: "AL-2" })).warnings).toEqual([]);
  const { warnings } = await enter({ ...dollars, supplierNumber: "AL-3" });
  expect(warnings).toEqual(["Bill AL-2 of 2026-11-03 is over the same amount, 100.00 USD. Make sure that this is another one."]);
});

describe("a correction", () => {
  test("of amount, supplier, lines or account is approved anew; of words it is not", async () => {
    const { id } = await enter({ lines: [line("100.00")] });
    await run(approveBill, { billId: id }, books.chief);
    expect(await change(id, { text: "Delivered", dueDay: "2026-12-24" })).toMatchObject({ approvalVoid: false });
    expect(await bill(id)).toMatchObject({ state: "approved", dueDay: "2026-12-24" });
    const changed = await change(id, { lines: [line("50.00"), line("10.00", { taxCode: "reduced" })] });
    expect(changed).toMatchObject({ approvalVoid: true });
    // 50.00 at 19 % and 10.00 at 7 %.
    expect(changed.total.amount).toBe("70.20");
    expect(await bill(id)).toMatchObject({ state: "draft", approvedBy: null, total: eur("70.20") });
    const tasks = async () =>
      (
        (await books.house.call("office.task.list", { filter: { aboutId: id } }, books.chief)) as { rows: Record<string, unknown>[] }
      ).rows.map((task) => [task["state"], String(task["title"]).split(" over ")[1]]);
    expect((await tasks()).toSorted()).toEqual([
      ["done", "119.00 EUR"],
      ["open", "70.20 EUR"],
    ]);
    await run(approveBill, { billId: id }, books.chief);
    const accountId = await books.payTo(books.supplierId, { iban: "NL91ABNA0417164300" });
    expect(await change(id, { supplierBankAccountId: accountId })).toMatchObject({ approvalVoid: true });
    await run(approveBill, { billId: id }, books.chief);
    const retired = { supplierBankAccountId: accountId, reason: "Closed by the bank" };
    expect((await run(retireSupplierBankAccount, retired, books.accountant)).voided).toHaveLength(1);
    expect(await bill(id)).toMatchObject({ state: "draft", supplierBankAccountId: null });
    expect((await tasks()).map(([state]) => state).toSorted()).toEqual(["done", "done", "done", "open"]);
    await expect(change(id, { supplierBankAccountId: accountId })).rejects.toMatchObject({ code: "payeeAccountUnfit" });
    await expect(change(id, { discountDay: "2026-11-10" })).rejects.toMatchObject({ code: "discountUnfit" });
    await expect(change(books.supplierId, {})).rejects.toMatchObject({ code: "notFound" });
    await run(approveBill, { billId: id }, books.chief);
    await run(postBill, { billId: id }, books.accountant);
    await expect(change(id, { text: "Late" })).rejects.toMatchObject({ code: "alreadyPosted" });
    expect(await books.breaks()).toEqual([]);
  });
});

describe("a hold", () => {
  test("keeps a bill from being paid until it is released, or its day comes", async () => {
    const id = await books.bill(books.supplierId);
    const pay = () => run(payBill, { billId: id, bankAccountId: books.bankAccountId, amount: eur("1.00") }, books.accountant);
    await run(holdBill, { billId: id, reason: "The goods are broken", until: "2026-11-23" }, books.accountant);
    expect(await bill(id)).toMatchObject({ holdReason: "The goods are broken", holdUntil: "2026-11-23" });
    await expect(pay()).rejects.toMatchObject({ code: "onHold" });
    await run(releaseBill, { billId: id }, books.accountant);
    await pay();
    await expect(run(releaseBill, { billId: id }, books.accountant)).rejects.toMatchObject({ code: "notHeld" });
    const past = run(holdBill, { billId: id, reason: "Late", until: "2026-11-21" }, books.accountant);
    await expect(past).rejects.toMatchObject({ code: "releaseDayPast" });
    await expect(run(holdBill, { billId: books.supplierId, reason: "None" }, books.accountant)).rejects.toMatchObject({ code: "notFound" });
    await run(holdBill, { billId: id, reason: "Again", until: "2026-11-23" }, books.accountant);
    const today = books.house.today;
    books.house.today = "2026-11-23" as typeof today;
    await pay();
    books.house.today = today;
  });

  test("who approved a bill does not pay it", async () => {
    const id = await books.bill(books.supplierId);
    const pay = run(payBill, { billId: id, bankAccountId: books.bankAccountId }, books.chief);
    await expect(pay).rejects.toMatchObject({ code: "approverPays" });
    // Nor as a payment of the supplier: named, or found as what is due first.
    const { itemId } = await bill(id);
    const payment = {
      direction: "outgoing",
      partyId: books.supplierId,
      amount: eur("1.00"),
      bankAccountId: books.bankAccountId,
      day: "2026-11-21",
    };
    for (const way of [{ allocations: [{ openItemId: itemId, amount: eur("1.00") }] }, { oldestFirst: true }]) {
      const record = (actor: typeof books.chief) => run(recordOnePayment, { ...payment, ...way }, actor);
      await expect(record(books.chief)).rejects.toMatchObject({ code: "approverPays" });
      await record(books.accountant);
    }
  });

  test("nothing is held of a bill that is over", async () => {
    const { id } = await enter();
    await books.house.call("finance.bill.decline", { billId: id, reason: "Never ordered" }, books.chief);
    await expect(run(holdBill, { billId: id, reason: "None" }, books.accountant)).rejects.toMatchObject({ code: "nothingToHold" });
  });
});

describe("what is known of a supplier", () => {
  test("proposes accounts, tax, due day and where it is paid, and warns", async () => {
    const supplierId = await books.supplier("Hosting Ltd");
    const lines = (month: string) => [{ ...line("49.00"), description: `Hosting ${month}`, accountId: books.account("6310") }];
    await enter({ supplierId, supplierNumber: "H-1", day: "2026-09-01", dueDay: "2026-09-15", lines: lines("August") });
    await enter({ supplierId, supplierNumber: "H-2", day: "2026-10-01", dueDay: "2026-10-15", lines: lines("September") });
    const asked = {
      supplierId,
      day: "2026-10-03",
      lines: [{ description: "Hosting October", net: eur("49.00"), taxCode: "standard" }, { description: "" }],
      supplierNumber: "h 2",
      total: eur("58.31"),
    };
    const proposed = await run(proposeBill, asked, books.accountant);
    expect(proposed).toMatchObject({ dueDay: "2026-10-17", account: null, credit: null });
    expect(proposed.totals?.total.amount).toBe("58.31");
    expect(proposed.lines.map((one) => one?.account)).toEqual(["6310 Software and hosting", "6310 Software and hosting"]);
    expect(proposed.warnings.map((words) => words.slice(0, 9))).toEqual(["Bill H-2 ", "Bill H-2 "]);
    // In the books of another company nothing is known of them, and its tax codes are its own.
    const owner = await books.house.person("Olga Owner");
    const entity = { code: "NORD", name: "Werk Nord GmbH", country: "DE", currency: "EUR" };
    const { id: legalEntityId } = (await books.house.call("directory.legalEntity.create", entity, owner)) as { id: Id };
    const setup = { name: "Werk Nord", currency: "EUR", fiscalYearStart: "2026-01-01", legalEntityId };
    const { id: bookId } = await run(createSetup, setup, owner);
    const elsewhere = await run(proposeBill, { ...asked, bookId }, books.accountant);
    expect(elsewhere).toMatchObject({ usual: null, lines: [null, null], dueDay: null, totals: { total: eur("58.31") } });
    const fileId = await upload("%PDF-1.7 hosting");
    await enter({ supplierId, fileId });
    const known = await run(proposeBill, { fileId }, books.accountant);
    expect(known.warnings[0]).toContain("This very file is bill");
  });

  test("what was paid before is set against a bill", async () => {
    const supplierId = await books.supplier("Prepaid Ltd");
    const record = {
      direction: "outgoing",
      partyId: supplierId,
      amount: eur("500.00"),
      bankAccountId: books.bankAccountId,
      day: "2026-11-02",
    };
    const id = await books.bill(supplierId, { lines: [line("1000.00")] });
    await expect(run(applyCredit, { billId: id }, books.accountant)).rejects.toMatchObject({ code: "noCredit" });
    await run(recordOnePayment, record, books.accountant);
    expect((await run(proposeBill, { supplierId }, books.accountant)).credit?.amount).toBe("500.00");
    const applied = await run(applyCredit, { billId: id }, books.accountant);
    expect([applied.applied.amount, applied.open.amount]).toEqual(["500.00", "690.00"]);
    await run(payBill, { billId: id, bankAccountId: books.bankAccountId }, books.accountant);
    await expect(run(applyCredit, { billId: id }, books.accountant)).rejects.toMatchObject({ code: "nothingOpen" });
    await expect(run(applyCredit, { billId: supplierId }, books.accountant)).rejects.toMatchObject({ code: "notFound" });
    expect(await books.breaks()).toEqual([]);
  });
});

describe("a supplier's bank account", () => {
  const evidence = "Called Ms Roth on 040 555 12, the number of our contract; she read it back.";
  const propose = (supplierId: Id, more: object = { iban }) => run(proposeSupplierBankAccount, { supplierId, ...more }, books.accountant);
  const account = (id: Id) => books.house.call("finance.supplierBankAccount.get", { id }, books.accountant);

  test("is proposed by one, approved by another with a call back, and cools off", async () => {
    const supplierId = await books.supplier("Careful Ltd");
    const { id, number, warnings } = await propose(supplierId);
    expect([number, warnings]).toEqual(["DE02 1203 0000 0000 2020 51", []]);
    const approval = { supplierBankAccountId: id, evidence };
    await expect(run(approveSupplierBankAccount, approval, books.accountant)).rejects.toMatchObject({ name: "NotPermitted" });
    const approved = await run(approveSupplierBankAccount, approval, books.chief);
    // Approved on the 21st with three days of cooling off.
    expect(approved).toMatchObject({ usableFrom: "2026-11-24", voided: [] });
    expect(await account(id)).toMatchObject({ state: "cooling", decidedBy: "Carla Chief", proposedBy: "Arno Accountant", evidence });
    await expect(run(approveSupplierBankAccount, approval, books.chief)).rejects.toMatchObject({ code: "notProposed" });
    const next = await propose(supplierId, { iban: "NL91ABNA0417164300" });
    await run(changePayableSetting, { coolOffDays: 10 }, books.chief);
    const second = await run(approveSupplierBankAccount, { supplierBankAccountId: next.id, evidence }, books.chief);
    await run(changePayableSetting, { coolOffDays: 3 }, books.chief);
    expect(second.usableFrom).toBe("2026-12-01");
    expect(await account(id)).toMatchObject({ state: "retired", untilDay: "2026-11-21" });
  });

  test("of two suppliers alike is told, and one that is another than in the directory", async () => {
    const [one, two] = [await books.supplier("One Ltd"), await books.supplier("Two Ltd")];
    await propose(one, { iban: "GB29NWBK60161331926819" });
    expect((await propose(two, { iban: "GB29 NWBK 6016 1331 9268 19" })).warnings).toEqual(["One Ltd has the same account number."]);
    await books.house.call("directory.organisation.update", { organisationId: one, bankAccount: "DE1" }, books.owner);
    expect((await propose(one, { iban: "NO9386011117947" })).warnings).toEqual(["The directory names another account for this supplier."]);
  });

  test("each refusal", async () => {
    const supplierId = await books.supplier("Refused Ltd");
    await expect(propose(books.customerId)).rejects.toMatchObject({ code: "supplierUnknown" });
    await expect(propose(supplierId, {})).rejects.toMatchObject({ code: "detailsMissing" });
    await expect(propose(supplierId, { iban, account: "1" })).rejects.toMatchObject({ code: "bothKinds" });
    await expect(propose(supplierId, { iban: "DE00120300000000202051" })).rejects.toMatchObject({ code: "ibanWrong" });
    await expect(propose(supplierId, { iban, bic: "X" })).rejects.toMatchObject({ code: "bicWrong" });
    await expect(propose(supplierId, { routing: "021000022", account: "1" })).rejects.toMatchObject({ code: "routingWrong" });
    await expect(propose(supplierId, { routing: "021000021", account: "1/2" })).rejects.toMatchObject({ code: "accountWrong" });
    const { id } = await propose(supplierId);
    await expect(propose(supplierId)).rejects.toMatchObject({ code: "accountKnown" });
    const on = { supplierBankAccountId: id };
    await expect(run(retireSupplierBankAccount, { ...on, reason: "None" }, books.accountant)).rejects.toMatchObject({
      code: "notApproved",
    });
    await run(declineSupplierBankAccount, { ...on, reason: "The supplier did not write this letter" }, books.chief);
    await expect(run(declineSupplierBankAccount, { ...on, reason: "Twice" }, books.chief)).rejects.toMatchObject({ code: "notProposed" });
    const own = await run(proposeSupplierBankAccount, { supplierId, iban }, books.chief);
    const self = run(approveSupplierBankAccount, { supplierBankAccountId: own.id, evidence }, books.chief);
    await expect(self).rejects.toMatchObject({ code: "selfApproval" });
    const missing = { supplierBankAccountId: supplierId };
    await expect(run(approveSupplierBankAccount, { ...missing, evidence }, books.chief)).rejects.toMatchObject({ code: "notFound" });
  });
});
