// Receiving on a real database: read, judged, kept; entered as a bill at once when all is clear, else by a person with a reason.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { updateOrganisation } from "../../directory/index.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { FileId } from "../../../platform/operation/field.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { judgeEInvoice } from "./judge.operations.ts";
import { declineEInvoice, enterEInvoice, receiveEInvoice } from "./receive.operations.ts";
import { viewEInvoice } from "./view.operations.ts";

const paper = readFileSync(resolve(import.meta.dirname, "../../../../test/fixtures/einvoice/paper.ubl.xml"), "utf8");

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
    expect(await bill(billId)).toMatchObject({ total: eur("256.67") });
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
    expect(await bill(billId)).toMatchObject({ total: eur("256.66") });
    expect(await books.house.call("finance.eInvoice.get", { id: got.id }, books.accountant)).toMatchObject({
      verdict: "invalid",
      state: "entered",
      reason: "One cent, agreed by phone",
    });
  });

  test("another currency, a credit note, a tax the books do not have", async () => {
    const dollars = await receive(named("RE-5").replaceAll("EUR", "USD"));
    expect(dollars.waits).toEqual(["It is in USD, the books are kept in EUR."]);
    const enter = (id: string, more: object = {}) =>
      run(enterEInvoice, { eInvoiceId: id, supplierId: books.supplierId, ...more } as never, books.accountant);
    await expect(enter(dollars.id)).rejects.toMatchObject({ code: "noBill" });
    const credit = await receive(named("RE-6").replace(">380<", ">381<"));
    expect(credit.waits).toContain("It is a credit note: enter it by hand, against the bill it corrects.");
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
    expect(got.findings.map((finding) => finding.rule)).toEqual(["PEPPOL-EN16931-R003"]);
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

describe("what cannot be read is refused with its line", () => {
  test.each([
    ["something else", "<Order><ID>1</ID></Order>", 1, /neither an Invoice/],
    ["a cut-off file", paper.slice(0, 2000), 38, /ends inside|cut off/],
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
