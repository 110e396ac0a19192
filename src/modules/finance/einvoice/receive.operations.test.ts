// Receiving on a real database: read, judged, kept; entered as a bill at once when all is clear, else by a person with a reason.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { updateOrganisation } from "../../directory/index.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { FileId } from "../../../platform/operation/field.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { setExchangeRate } from "../currency/rate.operations.ts";
import { approveBill, postBill } from "../payables/bill.operations.ts";
import { approveSupplierCreditNote, postSupplierCreditNote } from "../payables/supplier-credit-note.operations.ts";
import { judgeEInvoice } from "./judge.operations.ts";
import { declineEInvoice, enterEInvoice, receiveEInvoice } from "./receive.operations.ts";
import { viewEInvoice } from "./view.operations.ts";

const contact = "<cac:Contact><cbc:Name>Petra Papier</cbc:Name><cbc:Telephone>0561 555 12</cbc:Telephone>";
/** With what Peppol asks between two German parties: the seller's contact and the buyer's postcode (DE-R-002, DE-R-009). */
const paper = readFileSync(resolve(import.meta.dirname, "../../../../test/fixtures/einvoice/paper.ubl.xml"), "utf8")
  .replace("</cac:PartyLegalEntity>", `$&${contact}<cbc:ElectronicMail>petra@papier.example</cbc:ElectronicMail></cac:Contact>`)
  .replace("<cbc:CityName>Hamburg</cbc:CityName>", "$&<cbc:PostalZone>20457</cbc:PostalZone>");

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (asked, input, actor, options) => books.house.run(asked, input, actor, options);

/** Stands for an upload. */
const upload = operation({
  name: "test.file.upload",
  title: "Upload",
  does: "Keeps a file.",
  kind: "write",
  may: ["finance.accountant"],
  input: z.strictObject({ text: z.string() }),
  output: z.object({ fileId: FileId }),
  run: async ({ text }, context) => ({ fileId: await context.writeFile("paper.xml", "application/xml", new TextEncoder().encode(text)) }),
});

const filed = async (text: string): Promise<string> => (await run(upload, { text }, books.accountant)).fileId;
const receive = async (text: string) => run(receiveEInvoice, { fileId: await filed(text) }, books.accountant);
const named = (number: string): string => paper.replaceAll("RE-2026/0815", number);
const bill = (id: string) => books.house.call("finance.bill.get", { id }, books.accountant);

test("who is found by name only once and is a supplier gets the bill; it waits for approval with the file on it", async () => {
  const got = await receive(paper);
  expect(got).toMatchObject({ isValid: true, findings: [], waits: [], candidates: [{ name: "Papier & Stift GmbH", by: "name" }] });
  expect(await bill(got.billId!)).toMatchObject({
    state: "draft",
    supplierNumber: "RE-2026/0815",
    day: "2026-11-02",
    dueDay: "2026-11-16",
    net: eur("218.57"),
    tax: eur("38.10"),
    total: eur("256.67"),
  });
  const { rows } = (await books.house.call("finance.billLine.list", { filter: { billId: got.billId! } }, books.accountant)) as {
    rows: { description: string; net: unknown; taxCode: string }[];
  };
  expect(rows.map((row) => [row.description, row.net, row.taxCode])).toEqual([
    ["40 × Paper, 500 sheets", eur("200.00"), "standard"],
    ["Handbook of office work", eur("28.57"), "reduced"],
    ["Loyalty", eur("-10.00"), "standard"],
  ]);
  expect(await books.house.call("finance.eInvoice.get", { id: got.id }, books.accountant)).toMatchObject({
    state: "entered",
    verdict: "valid",
    direction: "in",
    billId: got.billId,
    total: eur("256.67"),
  });
  expect(await books.breaks()).toEqual([]);
});

test("what a line is for comes onto the bill, else what the whole document is for; a half span is none", async () => {
  const period = (from: string, until?: string): string =>
    `<cac:InvoicePeriod><cbc:StartDate>${from}</cbc:StartDate>${until ? `<cbc:EndDate>${until}</cbc:EndDate>` : ""}</cac:InvoicePeriod>`;
  const onLine = (text: string, said: string) => text.replace(/(200\.00<\/cbc:LineExtensionAmount>)(\s*<cac:Item>)/, `$1${said}$2`);
  const onDocument = (text: string, said: string) => text.replace("<cac:AccountingSupplierParty>", `${said}<cac:AccountingSupplierParty>`);
  const spansOf = async (text: string) => {
    const { billId } = await receive(text);
    const asked = { filter: { billId: billId! }, sort: "position" };
    const { rows } = (await books.house.call("finance.billLine.list", asked, books.accountant)) as { rows: Record<string, unknown>[] };
    return rows.slice(0, 2).map((row) => [row["serviceFrom"], row["serviceUntil"]]);
  };
  const year = ["2026-11-01", "2027-10-31"] as const;
  const month = ["2026-11-01", "2026-11-30"] as const;
  const both = onDocument(onLine(named("SPAN-1"), period("2026-11-05", "2026-11-20")), period(...month));
  expect(await spansOf(both)).toEqual([["2026-11-05", "2026-11-20"], month]);
  expect(await spansOf(onLine(named("SPAN-2"), period(...year)))).toEqual([year, [null, null]]);
  expect(await spansOf(onLine(named("SPAN-3"), period("2026-11-01")))).toEqual([
    [null, null],
    [null, null],
  ]);
});

describe("never twice", () => {
  test("the same file is refused, and the same number in another file too", async () => {
    await expect(receive(paper)).rejects.toMatchObject({ code: "receivedBefore" });
    await expect(receive(paper.replace("Office", "Workshop"))).rejects.toMatchObject({ code: "enteredBefore" });
  });
});

describe("what is not clear waits for a person", () => {
  test("a seller nobody knows is never made up", async () => {
    const got = await receive(named("RE-2").replaceAll("Papier &amp; Stift GmbH", "Unbekannt OHG"));
    expect(got).toMatchObject({ billId: null, candidates: [] });
    expect(got.waits).toEqual([expect.stringContaining("Nobody in the directory")]);
    const enter = { eInvoiceId: got.id };
    await expect(run(enterEInvoice, enter, books.accountant)).rejects.toMatchObject({ code: "supplierMissing" });
    const seen = await run(viewEInvoice, enter, books.accountant);
    expect(seen).toMatchObject({ document: { seller: { name: "Unbekannt OHG", vatId: "DE136695976" }, totals: { due: "256.67" } } });
    expect(seen.draft?.lines.map((line) => line.taxCode)).toEqual(["standard", "reduced", "standard"]);
    const account = books.account("6540");
    const entered = { ...enter, supplierId: books.supplierId, coding: [{ line: 1, accountId: account }] };
    const { billId } = await run(enterEInvoice, entered as never, books.accountant);
    expect(await bill(billId!)).toMatchObject({ total: eur("256.67") });
    await expect(run(enterEInvoice, entered as never, books.accountant)).rejects.toMatchObject({ code: "notReceived" });
  });

  test("a tax number proves who sent it, whatever the name; who is no supplier yet is only proposed", async () => {
    const owner = await books.house.person("Oda Owner", "owner");
    await run(updateOrganisation, { organisationId: books.customerId, taxNumber: "DE 136 695 976" } as never, owner);
    const got = await receive(named("RE-3"));
    expect(got.candidates.map((one) => [one.name, one.by, one.isSupplier])).toEqual([
      ["Nordlicht AG", "tax number", false],
      ["Papier & Stift GmbH", "name", true],
    ]);
    expect(got.billId).toBeNull();
    await run(updateOrganisation, { organisationId: books.customerId, taxNumber: "DE999999999" } as never, owner);
  });

  test("a document that breaks a rule is shown, and becomes a bill only with a reason", async () => {
    // 256.67 are due of 256.66: BR-CO-15 and BR-CO-16 (net and tax make 256.67).
    const wrong = named("RE-4").replace(/(<cbc:TaxInclusiveAmount currencyID="EUR">)256.67/, "$1256.66");
    const got = await receive(wrong);
    expect(got.isValid).toBe(false);
    expect(got.findings.map((finding) => finding.rule)).toEqual(["BR-CO-15", "BR-CO-16"]);
    expect(got.findings[0]!.says).toBe("The total with tax (BT-112) is the total without tax plus the tax (BT-109 + BT-110).");
    const enter = { eInvoiceId: got.id };
    await expect(run(enterEInvoice, enter, books.accountant)).rejects.toMatchObject({ code: "reasonMissing" });
    const { billId } = await run(enterEInvoice, { ...enter, reason: "One cent, agreed by phone" } as never, books.accountant);
    expect(await bill(billId!)).toMatchObject({ total: eur("256.66") });
    expect(await books.house.call("finance.eInvoice.get", { id: got.id }, books.accountant)).toMatchObject({
      verdict: "invalid",
      state: "entered",
      reason: "One cent, agreed by phone",
    });
  });

  test("a tax the books do not have", async () => {
    const enter = (id: string) => run(enterEInvoice, { eInvoiceId: id, supplierId: books.supplierId } as never, books.accountant);
    const odd = await receive(
      named("RE-7")
        .replaceAll("<cbc:Percent>7<", "<cbc:Percent>8<")
        .replace(">2.00<", ">2.29<")
        .replaceAll("38.10", "38.39")
        .replaceAll("256.67", "256.96"),
    );
    expect(odd).toMatchObject({ isValid: true, billId: null });
    await expect(enter(odd.id)).rejects.toMatchObject({ code: "taxUnmapped" });
  });

  test("what is sent back says why, and can be received again once it is right", async () => {
    const text = named("RE-8").replace("<cbc:BuyerReference>Office</cbc:BuyerReference>", "");
    const got = await receive(text);
    expect(got.findings.map((finding) => finding.rule)).toEqual(["PEPPOL-EN16931-R003", "DE-R-015"]);
    await run(declineEInvoice, { eInvoiceId: got.id, reason: "No reference" }, books.accountant);
    await expect(run(declineEInvoice, { eInvoiceId: got.id, reason: "Again" }, books.accountant)).rejects.toMatchObject({
      code: "notReceived",
    });
    expect((await receive(text)).billId).toBeNull();
    for (const asked of [declineEInvoice, enterEInvoice, viewEInvoice] as const) {
      const missing = { eInvoiceId: books.customerId, ...(asked === declineEInvoice ? { reason: "None" } : {}) };
      await expect(run(asked as typeof viewEInvoice, missing as never, books.accountant)).rejects.toMatchObject({ code: "notFound" });
    }
  });
});

describe("another currency", () => {
  const dollars = (number: string): string => named(number).replaceAll("EUR", "USD");
  const rate = (day: string, value: string) =>
    run(setExchangeRate, { base: "EUR", currency: "USD", day, rate: value } as never, books.chief);

  test("waits until a rate of its day is known, or one was agreed; the view says which rate of which day it would be", async () => {
    const got = await receive(dollars("RE-5"));
    expect(got).toMatchObject({ billId: null, waits: [expect.stringMatching(/^No spot rate from USD to EUR is known on 2026-11-02/)] });
    const view = () => run(viewEInvoice, { eInvoiceId: got.id }, books.accountant);
    expect((await view()).draft).toMatchObject({ rate: null, problems: [expect.stringMatching(/^No spot rate/)] });
    await rate("2026-10-30", "1.25");
    // The latest before its day: 1 USD is 1 / 1.25 = 0.80 EUR; 256.67 x 0.8 = 205.336.
    expect((await view()).draft).toMatchObject({ problems: [], rate: { rate: "0.8", day: "2026-10-30", total: eur("205.34") } });
    const { billId } = await run(enterEInvoice, { eInvoiceId: got.id, rate: "0.81" } as never, books.accountant);
    expect(await bill(billId!)).toMatchObject({ currency: "USD", rate: "0.81", total: { amount: "256.67", currency: "USD" } });
  });

  test("comes into the books at the rate of its day, what its sender told of the tax in euro is shown, and the books agree", async () => {
    await rate("2026-11-02", "1.28");
    // As BT-6 and BT-111 of the standard: 38.10 USD at the sender's own rate.
    const text = dollars("RE-51")
      .replace("</cbc:DocumentCurrencyCode>", "</cbc:DocumentCurrencyCode><cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode>")
      .replace("</cac:TaxTotal>", '</cac:TaxTotal><cac:TaxTotal><cbc:TaxAmount currencyID="EUR">29.80</cbc:TaxAmount></cac:TaxTotal>');
    const got = await receive(text);
    expect(got).toMatchObject({ isValid: true, findings: [], waits: [] });
    expect(await bill(got.billId!)).toMatchObject({ currency: "USD", rate: "0.78125", paymentReference: "RE-51" });
    const seen = await run(viewEInvoice, { eInvoiceId: got.id }, books.accountant);
    expect(seen.document.totals).toMatchObject({ tax: "38.10", taxInBooks: "29.80 EUR" });
    await run(approveBill, { billId: got.billId! }, books.chief);
    await run(postBill, { billId: got.billId! }, books.accountant);
    const { rows } = await run(getTrialBalance, { asOf: "2026-11-02" }, books.chief);
    // 256.67 x 0.78125 = 200.523…
    expect(rows.find((row) => row.code === "2110")?.closing.amount).toBe("-200.52");
    expect(await books.breaks()).toEqual([]);
  });
});

test("payment terms in the German signs become the bill's discount, and stay readable on it", async () => {
  const terms = "<cac:PaymentTerms><cbc:Note>#SKONTO#TAGE=7#PROZENT=2.00#\n#SKONTO#TAGE=10#PROZENT=1.00#\n</cbc:Note></cac:PaymentTerms>";
  const got = await receive(named("RE-20").replace("</cac:PaymentMeans>", `</cac:PaymentMeans>${terms}`));
  expect(got).toMatchObject({ isValid: true, findings: [], waits: [] });
  expect(await bill(got.billId!)).toMatchObject({
    discountDay: "2026-11-09",
    discountPercent: "2",
    paymentReference: "RE-20",
    text: "#SKONTO#TAGE=7#PROZENT=2.00#\n#SKONTO#TAGE=10#PROZENT=1.00#",
  });
});

describe("credit notes", () => {
  /** The paper as a credit note of type 381 that names the invoice it takes back. */
  const credit = (number: string, takesBack?: string): string => {
    const whole = named(number)
      .replace(/<Invoice\b/, "<CreditNote")
      .replace("xsd:Invoice-2", "xsd:CreditNote-2")
      .replace("</Invoice>", "</CreditNote>")
      .replaceAll("InvoiceTypeCode", "CreditNoteTypeCode")
      .replaceAll("InvoiceLine", "CreditNoteLine")
      .replaceAll("InvoicedQuantity", "CreditedQuantity")
      .replace(">380<", ">381<")
      .replace(/<cbc:DueDate>.*<\/cbc:DueDate>/, "");
    const id = `<cac:InvoiceDocumentReference><cbc:ID>${takesBack}</cbc:ID></cac:InvoiceDocumentReference>`;
    const supplier = "<cac:AccountingSupplierParty>";
    return takesBack ? whole.replace(supplier, `<cac:BillingReference>${id}</cac:BillingReference>${supplier}`) : whole;
  };
  const note = (id: string) => books.house.call("finance.supplierCreditNote.get", { id }, books.accountant);
  let billId: string;
  beforeAll(async () => {
    const got = await receive(named("RE-30").replace("Handbook of office work", "Another book"));
    billId = got.billId!;
  });

  test("one that takes back a bill which is not posted waits, and says so", async () => {
    const got = await receive(credit("GS-1", "RE-30"));
    expect(got).toMatchObject({ isValid: true, billId: null, supplierCreditNoteId: null });
    expect(got.waits).toEqual([expect.stringMatching(/^Bill RE-30 is draft/)]);
    await run(declineEInvoice, { eInvoiceId: got.id, reason: "Comes again" }, books.accountant);
  });

  test("becomes a supplier's credit note against the bill it names, and takes it back to the cent", async () => {
    await run(approveBill, { billId }, books.chief);
    await run(postBill, { billId }, books.accountant);
    const got = await receive(credit("GS-1", "re 30").replace("Handbook of office work", "Another book"));
    expect(got).toMatchObject({ isValid: true, waits: [], billId: null, supplierCreditNoteId: expect.any(String) });
    const supplierCreditNoteId = got.supplierCreditNoteId!;
    expect(await note(supplierCreditNoteId)).toMatchObject({ state: "draft", billId, supplierNumber: "GS-1", total: eur("256.67") });
    expect(await books.house.call("finance.eInvoice.get", { id: got.id }, books.accountant)).toMatchObject({
      kind: "creditNote",
      state: "entered",
      billId: null,
      supplierCreditNoteId,
    });
    expect(await run(viewEInvoice, { eInvoiceId: got.id }, books.accountant)).toMatchObject({ billId: null, supplierCreditNoteId });
    const payable = async () =>
      (await run(getTrialBalance, { asOf: "2026-11-21" }, books.chief)).rows.find((row) => row.code === "2110")!.closing;
    const before = await payable();
    await run(approveSupplierCreditNote, { supplierCreditNoteId }, books.chief);
    await run(postSupplierCreditNote, { supplierCreditNoteId }, books.accountant);
    expect((await payable()).minus(before).amount).toBe("256.67");
    expect(await books.breaks()).toEqual([]);
  });

  test("one for an invoice nobody knows waits and may be entered for no bill; one that names none is entered at once", async () => {
    const got = await receive(credit("GS-2", "RE-99"));
    expect(got.waits).toEqual([expect.stringMatching(/^It takes back invoice RE-99, which is not among the supplier's bills/)]);
    expect((await run(viewEInvoice, { eInvoiceId: got.id }, books.accountant)).draft).toMatchObject({ kind: "creditNote", problems: [] });
    const entered = await run(enterEInvoice, { eInvoiceId: got.id } as never, books.accountant);
    expect(await note(entered.supplierCreditNoteId!)).toMatchObject({ billId: null, total: eur("256.67") });
    const bonus = await receive(credit("GS-3"));
    expect(bonus).toMatchObject({ waits: [], supplierCreditNoteId: expect.any(String) });
  });
});

test("a document without a number waits, and is not entered whatever the reason", async () => {
  const got = await receive(paper.replace("<cbc:ID>RE-2026/0815</cbc:ID>", ""));
  expect(got).toMatchObject({ isValid: false, billId: null });
  const entering = run(enterEInvoice, { eInvoiceId: got.id, reason: "They never number theirs" } as never, books.accountant);
  await expect(entering).rejects.toMatchObject({ code: "noBill", message: "It cannot be entered: It has no number." });
});

describe("what cannot be read is refused with its line", () => {
  test.each([
    ["something else", "<Order><ID>1</ID></Order>", 1, /an order, no invoice/],
    ["a cut-off file", paper.split("\n").slice(0, 38).join("\n"), 38, /ends inside|cut off/],
    [
      "an entity that reads other files",
      paper.replace("<Invoice", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>\n<Invoice'),
      2,
      /safety/,
    ],
    ["a closing tag too many", paper.replace("<cbc:ProfileID>", "</cbc:X><cbc:ProfileID>"), 4, /closes what is not open/],
    ["depth without end", `<Invoice>${"<a>".repeat(500)}`, 1, /deeper/],
  ])("%s", async (_, text, line, reason) => {
    const fileId = await filed(text);
    for (const asked of [receiveEInvoice, judgeEInvoice] as const) {
      const answer = run(asked as typeof receiveEInvoice, { fileId }, books.accountant);
      await expect(answer).rejects.toMatchObject({ code: "documentUnreadable", facts: { line } });
      await expect(answer).rejects.toThrow(reason);
    }
  });
});
