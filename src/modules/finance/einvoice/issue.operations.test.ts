// Issuing on a real database: what leaves was judged, hangs on its invoice, and says what is missing before it leaves.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLegalEntity, updateOrganisation } from "../../directory/index.ts";
import { createSetup } from "../ledger/setup.operations.ts";
import { createPaymentTerm } from "../receivables/payment-term.operations.ts";
import { creditInvoice } from "../receivables/credit-note.operations.ts";
import { createInvoice, postInvoice } from "../receivables/invoice.operations.ts";
import { createRecurringInvoice, endRecurringInvoice, makeRecurringInvoices } from "../receivables/recurring.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { createTaxCode } from "../tax/tax-code.operations.ts";
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
