// Issuing on a real database: what leaves was judged, hangs on its invoice, and says what is missing before it leaves.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLegalEntity, updateOrganisation } from "../../directory/index.ts";
import { rowsOn, sql } from "../../../platform/database/sql.ts";
import { createAccount } from "../ledger/account.operations.ts";
import { createSetup } from "../ledger/setup.operations.ts";
import { createPaymentTerm } from "../receivables/payment-term.operations.ts";
import { creditInvoice } from "../receivables/credit-note.operations.ts";
import { createInvoice, payInvoice, postInvoice } from "../receivables/invoice.operations.ts";
import { createRecurringInvoice, endRecurringInvoice, makeRecurringInvoices } from "../receivables/recurring.operations.ts";
import { paperOf } from "../receivables/invoice-paper.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { changeTaxRate, createTaxCode, setTaxRounding } from "../tax/tax-code.operations.ts";
import { setElectronicAddress } from "./address.operations.ts";
import { issueEInvoice } from "./issue.operations.ts";
import { judgeEInvoice } from "./judge.operations.ts";
import { readDocument } from "./read-xml.rules.ts";
import { setVatCategory } from "./tax-category.operations.ts";
import { viewEInvoice } from "./view.operations.ts";

let books: TestBooks;
let sellerId: string;
let bookId: string;
beforeAll(async () => {
  books = await openBooks();
  const owner = await books.house.person("Olga Other", "owner");
  const entity = { code: "BAU", name: "Baumhaus GmbH", country: "DE", currency: "EUR", taxNumber: "DE811569869" };
  const { id, partyId } = await run(createLegalEntity, entity as never, owner);
  const own = { legalEntityId: id, name: "Baumhaus", currency: "EUR", fiscalYearStart: "2026-01-01" };
  bookId = (await run(createSetup, own as never, owner)).id;
  sellerId = partyId;
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);

async function posted(lines: readonly object[], more: object = {}): Promise<string> {
  const { id } = await run(
    createInvoice,
    { customerId: books.customerId, day: "2026-11-03", lines, bookId, ...more } as never,
    books.accountant,
  );
  await run(postInvoice, { invoiceId: id }, books.accountant);
  return id;
}

const line = (more: object = {}) => ({ description: "Advice", quantity: "3", unitPrice: eur("33.33"), ...more });

async function invoiceIn(fileId: string) {
  const read = (context: { readFile(id: never): Promise<{ bytes: Uint8Array }> }) => context.readFile(fileId as never);
  const { bytes } = await books.house.funnel.read({ tenantId: books.house.tenantId, actor: books.accountant }, read);
  return readDocument(bytes);
}

async function complete(): Promise<void> {
  const owner = await books.house.person("Oda", "owner");
  const facts = { street: "Hafenstraße 1", postcode: "20457", city: "Hamburg" };
  const contact = { email: "books@baumhaus.example", phone: "040 555 12", contact: "Arno Accountant" };
  await run(updateOrganisation, { organisationId: sellerId, ...facts, ...contact } as never, owner);
  await run(updateOrganisation, { organisationId: books.customerId, country: "DE", ...facts } as never, owner);
  const address = { scheme: "9930", address: "de811569869" };
  await run(setElectronicAddress, { partyId: sellerId, ...address } as never, books.accountant);
  const theirs = { scheme: "0204", address: "990-34567-89", buyerReference: "990-34567-89" };
  await run(setElectronicAddress, { partyId: books.customerId, ...theirs } as never, books.accountant);
}

describe("what is missing is told before anything leaves", () => {
  test("parties without country, tax number and address", async () => {
    const invoiceId = await posted([line()]);
    const asked = run(issueEInvoice, { invoiceId }, books.accountant);
    await expect(asked).rejects.toMatchObject({ code: "factsMissing" });
    await expect(asked).rejects.toThrow(/the country of Nordlicht AG.*the electronic address of Nordlicht AG/);
  });

  test("books of nobody", async () => {
    const { id } = await run(
      createInvoice,
      { customerId: books.customerId, day: "2026-11-03", lines: [line()] } as never,
      books.accountant,
    );
    await run(postInvoice, { invoiceId: id }, books.accountant);
    await expect(run(issueEInvoice, { invoiceId: id }, books.accountant)).rejects.toMatchObject({ code: "sellerUnknown" });
  });

  test("a draft and an invoice that is not there", async () => {
    const draft = await run(createInvoice, { customerId: books.customerId, lines: [line()], bookId } as never, books.accountant);
    await expect(run(issueEInvoice, { invoiceId: draft.id }, books.accountant)).rejects.toMatchObject({ code: "notPosted" });
    await expect(run(issueEInvoice, { invoiceId: books.customerId }, books.accountant)).rejects.toMatchObject({ code: "notFound" });
  });

  test("an electronic address is whole, of a known scheme, of a known party", async () => {
    const set = (more: object) => run(setElectronicAddress, { partyId: books.customerId, ...more } as never, books.accountant);
    await expect(set({ scheme: "9930" })).rejects.toMatchObject({ code: "addressHalf" });
    await expect(set({ scheme: "QQ", address: "1" })).rejects.toMatchObject({ code: "schemeUnknown" });
    await expect(set({ partyId: books.bankAccountId })).rejects.toMatchObject({ code: "partyUnknown" });
  });
});

describe("what leaves", () => {
  beforeAll(complete);

  test("an invoice in both syntaxes says the same, keeps every rule and hangs on the invoice", async () => {
    const span = { serviceFrom: "2026-11-01", serviceUntil: "2027-10-31" };
    const invoiceId = await posted([
      line(span),
      line({ description: "Books", taxCode: "reduced", unitPrice: eur("9.99"), quantity: "1.5" }),
    ]);
    const ubl = await run(issueEInvoice, { invoiceId }, books.accountant);
    const cii = await run(issueEInvoice, { invoiceId, syntax: "cii" }, books.accountant);
    const [first, second] = [(await invoiceIn(ubl.fileId)).invoice, (await invoiceIn(cii.fileId)).invoice];
    // 99.99 and 14.99 (14.985 half up); 19 % of 99.99 is 19.00 (18.9981), 7 % of 14.99 is 1.05 (1.0493).
    expect(first).toMatchObject({
      root: "Invoice",
      typeCode: "380",
      totals: { net: { value: "114.98" }, gross: { value: "135.03" }, due: { value: "135.03" } },
      seller: { vatId: "DE811569869", endpoint: { value: "de811569869", scheme: "9930" } },
      buyerReference: "990-34567-89",
      taxTotals: [{ amount: { value: "20.05", currency: "EUR" } }],
    });
    expect(
      first.taxTotals[0]!.breakdown.map((row) => [row.category?.code, row.category?.percent, row.base?.value, row.tax?.value]),
    ).toEqual([
      ["S", "19", "99.99", "19.00"],
      ["S", "7", "14.99", "1.05"],
    ]);
    // What a line is for (BG-26: BT-134, BT-135).
    const periods = [first, second].map((one) => one.lines.map((told) => told.period));
    expect(periods).toEqual(Array(2).fill([{ start: "2026-11-01", end: "2027-10-31" }, undefined]));
    expect(second.totals.gross?.value).toBe("135.03");
    expect(second.lines.map((one) => one.net?.value)).toEqual(["99.99", "14.99"]);
    for (const { fileId } of [ubl, cii]) {
      const verdict = await run(judgeEInvoice, { fileId, peppol: true }, books.accountant);
      expect(verdict).toMatchObject({ isValid: true, findings: [], books: ["en16931", "peppol", "national"] });
    }
    const attached = { filter: { recordId: invoiceId } };
    const { rows } = (await books.house.call("office.attachment.list", attached, books.accountant)) as { rows: { title: string }[] };
    expect(rows.map((row) => row.title).toSorted()).toEqual(["E-invoice INV-2026-00002 (CII)", "E-invoice INV-2026-00002 (UBL)"]);
    expect(await run(viewEInvoice, { eInvoiceId: ubl.id }, books.accountant)).toMatchObject({
      state: "issued",
      invoiceId,
      document: {
        totals: { due: "135.03" },
        lines: [
          { quantity: "3", price: "33.33" },
          { quantity: "1.5", net: "14.99" },
        ],
      },
      draft: null,
    });
    expect(await books.breaks()).toEqual([]);
  });

  test("what comes round says the days of each invoice", async () => {
    const wish = { name: "Rent", customerId: books.customerId, bookId, every: "month", startDay: "2026-11-01", posts: true };
    const lines = [line({ charged: "inAdvance" }), line({ charged: "inArrears" }), line()];
    const { id } = await run(createRecurringInvoice, { ...wish, lines } as never, books.accountant);
    await books.house.funnel.work(books.house.tenantId, makeRecurringInvoices);
    await run(endRecurringInvoice, { recurringInvoiceId: id }, books.accountant);
    const asked = { filter: { day: "2026-11-01" } };
    const { rows } = (await books.house.call("finance.invoice.list", asked, books.accountant)) as { rows: { id: string }[] };
    const { fileId } = await run(issueEInvoice, { invoiceId: rows[0]!.id }, books.accountant);
    expect((await invoiceIn(fileId)).invoice.lines.map((told) => told.period)).toEqual([
      { start: "2026-11-01", end: "2026-11-30" },
      { start: "2026-10-01", end: "2026-10-31" },
      undefined,
    ]);
  });

  test("a credit note names the invoice it corrects", async () => {
    const invoiceId = await posted([line()]);
    const credit = await run(creditInvoice, { invoiceId, reason: "Sent back", day: "2026-11-04" } as never, books.accountant);
    const { fileId } = await run(issueEInvoice, { invoiceId: credit.id }, books.accountant);
    const { invoice } = await invoiceIn(fileId);
    expect(invoice).toMatchObject({ root: "CreditNote", typeCode: "381", preceding: [{ day: "2026-11-03" }], payments: [{ code: "1" }] });
    expect(invoice.notes).toEqual([{ text: "Sent back" }]);
  });

  test("another currency tells the tax in the books' too (BT-6, BT-111), and what is due when (BT-20)", async () => {
    const term = {
      code: "HALF",
      name: "Half and half",
      instalments: [
        { percent: "50", days: 10 },
        { months: 2, days: 0 },
      ],
      discounts: [{ percent: "2", days: 7 }],
    };
    const { id: paymentTermId } = await run(createPaymentTerm, term as never, books.chief);
    const lines = [line({ unitPrice: { amount: "100.00", currency: "USD" }, quantity: "1" })];
    const invoiceId = await posted(lines, { rate: "0.8234", paymentTermId });
    for (const syntax of ["ubl", "cii"] as const) {
      const { fileId } = await run(issueEInvoice, { invoiceId, syntax }, books.accountant);
      const { invoice } = await invoiceIn(fileId);
      expect(invoice).toMatchObject({ currency: "USD", taxCurrency: "EUR", dueDay: "2027-01-03" });
      // 19.00 USD at 0.8234 are 15.6446 EUR.
      expect(invoice.taxTotals.map((total) => total.amount)).toEqual([
        { value: "19.00", currency: "USD" },
        { value: "15.64", currency: "EUR" },
      ]);
      expect(invoice.terms).toBe(
        "Payable in 2 instalments: 59.50 USD by 2026-11-13, 59.50 USD by 2027-01-03.\n" +
          "#SKONTO#TAGE=7#PROZENT=2.00#BASISBETRAG=59.50#\n#SKONTO#TAGE=7#PROZENT=2.00#BASISBETRAG=59.50#",
      );
    }
    // It is what was booked.
    const { rows } = (await books.house.call("finance.taxLine.list", { filter: { documentId: invoiceId } }, books.chief)) as {
      rows: object[];
    };
    expect(rows).toMatchObject([{ tax: eur("15.64") }]);
  });

  test("a tax by the piece has no words in the standard", async () => {
    await run(createTaxCode, { code: "eco", name: "Eco levy", perUnit: "5", from: "2026-01-01", bookId } as never, books.chief);
    const invoiceId = await posted([line({ taxCode: "eco" })]);
    await expect(run(issueEInvoice, { invoiceId }, books.accountant)).rejects.toMatchObject({ code: "taxUnfit" });
  });

  test("what is exempt says why; the category can be chosen, and a wrong one is refused", async () => {
    const { rows } = (await books.house.call("finance.taxCode.list", {}, books.chief)) as {
      rows: { id: string; code: string; books: string }[];
    };
    const taxCodeId = rows.find((row) => row.code === "exempt" && row.books === "Baumhaus")!.id;
    const set = (more: object) => run(setVatCategory, { taxCodeId, category: "E", ...more } as never, books.chief);
    await expect(set({ taxCodeId: books.customerId })).rejects.toMatchObject({ code: "notFound" });
    await expect(set({ exemptionCode: "VATEX-XX" })).rejects.toMatchObject({ code: "exemptionUnknown" });
    await expect(set({ category: "Z", exemptionText: "No" })).rejects.toMatchObject({ code: "exemptionUnfit" });
    await set({ exemptionCode: "VATEX-EU-132-1I", exemptionText: "Education" });
    const invoiceId = await posted([line({ taxCode: "exempt" })]);
    const { fileId } = await run(issueEInvoice, { invoiceId }, books.accountant);
    const [row] = (await invoiceIn(fileId)).invoice.taxTotals[0]!.breakdown;
    expect(row).toMatchObject({
      tax: { value: "0.00" },
      category: { code: "E", percent: "0", reasonCode: "VATEX-EU-132-1I", reason: "Education" },
    });
    // Beside what is not subject to VAT nothing else stands on an invoice (BR-O-11, BR-O-12).
    await set({ category: "O" });
    await run(updateOrganisation, { organisationId: sellerId, registration: "HRB 1" } as never, await books.house.person("Otto", "owner"));
    const mixed = await posted([line(), line({ taxCode: "exempt" })]);
    await expect(run(issueEInvoice, { invoiceId: mixed }, books.accountant)).rejects.toMatchObject({ code: "rulesBroken" });
    await expect(run(issueEInvoice, { invoiceId: mixed }, books.accountant)).rejects.toThrow(/BR-O-11/);
  });
});

describe("what leaves, on paper too, is what was posted, whatever the settings are by now", () => {
  beforeAll(complete);

  const paper = (invoiceId: string) =>
    books.house.funnel.read({ tenantId: books.house.tenantId, actor: books.accountant }, (context) => paperOf(context, invoiceId as never));
  const issued = async (invoiceId: string, syntax: "ubl" | "cii" = "ubl") =>
    (await invoiceIn((await run(issueEInvoice, { invoiceId, syntax }, books.accountant)).fileId)).invoice;
  const brokenDown = ({ taxTotals }: Awaited<ReturnType<typeof issued>>) =>
    taxTotals[0]!.breakdown.map((row) => [row.category?.percent, row.base?.value, row.tax?.value]);
  const ownRows = async (name: string, filter: object) =>
    ((await books.house.call(name, { filter: { bookId, ...filter } }, books.chief)) as { rows: { id: string }[] }).rows;
  const one = (price: string, more: object = {}) => line({ quantity: "1", unitPrice: eur(price), ...more });

  test("a deposit is taken off net where prices include tax", async () => {
    const depositId = await posted([one("100.00")], { isDeposit: true });
    const invoiceId = await posted([one("357.00")], { pricesIncludeTax: true, deposits: [{ depositId }] });
    for (const syntax of ["ubl", "cii"] as const) {
      const invoice = await issued(invoiceId, syntax);
      // 357.00 has 57.00 of tax in it; 100.00 and its 19.00 come off.
      expect(invoice.lines.map((told) => told.net?.value)).toEqual(["300.00", "-100.00"]);
      expect(brokenDown(invoice)).toEqual([["19", "200.00", "38.00"]]);
      expect(invoice.totals).toMatchObject({ gross: { value: "238.00" }, due: { value: "238.00" } });
    }
  });

  test("a deposit that takes off more than is charged at a rate leaves less than nothing there", async () => {
    const depositId = await posted([one("100.00")], { isDeposit: true });
    const invoiceId = await posted([one("50.00"), one("200.00", { taxCode: "reduced" })], { deposits: [{ depositId }] });
    // 19 % of -50.00 and 7 % of 200.00: 150.00 - 9.50 + 14.00.
    expect(brokenDown(await issued(invoiceId))).toEqual([
      ["19", "-50.00", "-9.50"],
      ["7", "200.00", "14.00"],
    ]);
    expect(await paper(invoiceId)).toMatchObject({
      total: "154.50",
      taxes: [
        { percent: "19 %", base: "-50.00", tax: "-9.50" },
        { percent: "7 %", base: "200.00", tax: "14.00" },
      ],
    });
  });

  test("tax that was rounded line by line stays so when the books round by document again", async () => {
    const rounds = (rounding: "line" | "document") => run(setTaxRounding, { bookId, rounding } as never, books.chief);
    await rounds("line");
    const invoiceId = await posted([one("0.13"), one("0.13"), one("0.13")]);
    await rounds("document");
    // 19 % of 0.13 is 0.02 three times, of 0.39 it is 0.07: a cent less is asked for.
    const invoice = await issued(invoiceId);
    expect(brokenDown(invoice)).toEqual([["19", "0.39", "0.07"]]);
    expect(invoice.totals).toMatchObject({ gross: { value: "0.46" }, rounding: { value: "-0.01" }, due: { value: "0.45" } });
    expect(await paper(invoiceId)).toMatchObject({ rounding: "-0.01", total: "0.45" });
  });

  test("a rate that came late changes nothing that is posted, and holds for what is posted after it", async () => {
    const law = { name: "By law", percent: "19", from: "2026-01-01", bookId };
    const { id: taxCodeId } = await run(createTaxCode, { code: "law", ...law } as never, books.chief);
    const asked = [one("100.00", { taxCode: "law" })];
    const before = await posted(asked);
    const gross = { customerId: books.customerId, day: "2026-11-03", bookId, lines: [one("119.00", { taxCode: "law" })] };
    const { id: drafted } = await run(createInvoice, { ...gross, pricesIncludeTax: true } as never, books.accountant);
    await run(changeTaxRate, { taxCodeId, percent: "16", from: "2026-11-01" } as never, books.chief);
    const told = await issued(before);
    expect([brokenDown(told), told.totals.due?.value]).toEqual([[["19", "100.00", "19.00"]], "119.00"]);
    expect(told.lines[0]!.categories).toMatchObject([{ code: "S", percent: "19" }]);
    expect(await paper(before)).toMatchObject({
      lines: [{ percent: "19 %" }],
      taxes: [{ percent: "19 %", tax: "19.00" }],
      total: "119.00",
    });
    expect((await issued(await posted(asked))).totals.due?.value).toBe("116.00");
    // The draft is posted after the change: 119.00 / 1.16 = 102.586.
    await run(postInvoice, { invoiceId: drafted }, books.accountant);
    const late = await issued(drafted);
    expect([late.lines[0]!.net?.value, brokenDown(late)]).toEqual(["102.59", [["16", "102.59", "16.41"]]]);
    expect(await paper(drafted)).toMatchObject({ lines: [{ net: "102.59", percent: "16 %" }], net: "102.59", total: "119.00" });
    expect(await books.breaks()).toEqual([]);
  });

  test("tax that waits for the payment is told with the invoice", async () => {
    const [parent] = await ownRows("finance.account.list", { code: "2200" });
    const waiting = { parentId: parent!.id, code: "2215", name: "Tax not yet due" };
    const { id: pendingAccountId } = await run(createAccount, waiting as never, books.chief);
    const code = { code: "later", name: "Due on payment", percent: "19", from: "2026-01-01", cashBasis: true, pendingAccountId, bookId };
    await run(createTaxCode, code as never, books.chief);
    const invoiceId = await posted([one("100.00", { taxCode: "later" })]);
    const [bank] = await ownRows("finance.bankAccount.list", {});
    const paid = { invoiceId, bankAccountId: bank!.id, day: "2026-11-04", amount: eur("59.50") };
    await run(payInvoice, paid as never, books.accountant);
    // Half of the tax is due by now; the invoice says all of it once.
    const invoice = await issued(invoiceId);
    expect([brokenDown(invoice), invoice.totals.due?.value]).toEqual([[["19", "100.00", "19.00"]], "119.00"]);
    expect((await paper(invoiceId)).taxes).toEqual([{ percent: "19 %", base: "100.00", tax: "19.00" }]);
  });

  test("what is kept and makes another total does not leave", async () => {
    const invoiceId = await posted([one("100.00")]);
    const byHand = sql`
      update finance.invoice_line set net = net + 1 where tenant_id = ${books.house.tenantId} and invoice_id = ${invoiceId}`;
    await rowsOn(books.house.owner as never).run(byHand);
    const asked = run(issueEInvoice, { invoiceId }, books.accountant);
    await expect(asked).rejects.toMatchObject({ code: "totalDiffers", facts: { told: "119.01", total: "119.00" } });
  });
});
