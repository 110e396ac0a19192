// Bills that come otherwise than from their order: as a file that names it, or by hand. They are tied and judged, or said to be for none.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Id } from "../../kernel/id.ts";
import { FileId } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { type Company, eur, type Line, openCompany } from "./purchasing.testing.ts";

let company: Company;
let papers = 0;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.house.close());

const contact = "<cac:Contact><cbc:Name>Petra Papier</cbc:Name><cbc:Telephone>0561 555 12</cbc:Telephone>";
/** 40 packs of paper for 200.00, a handbook for 28.57, and 10.00 taken off. */
const paper = readFileSync(resolve(import.meta.dirname, "../../../test/fixtures/einvoice/paper.ubl.xml"), "utf8")
  .replace("</cac:PartyLegalEntity>", `$&${contact}<cbc:ElectronicMail>petra@papier.example</cbc:ElectronicMail></cac:Contact>`)
  .replace("<cbc:CityName>Hamburg</cbc:CityName>", "$&<cbc:PostalZone>20457</cbc:PostalZone>");
const asOnPaper: Line[] = [
  { description: "Paper, 500 sheets", quantity: "40", unitPrice: "5" },
  { description: "Handbook of office work", quantity: "1", unitPrice: "28.57" },
];

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

/** An order that a supplier was given, and its number. */
async function ordered(supplierId: Id, lines: readonly Line[], policy?: string): Promise<{ orderId: string; label: unknown }> {
  const { orderId } = await company.ordered(lines, policy, supplierId);
  return { orderId, label: (await company.call("purchasing.order.get", { id: orderId }, company.buyer))["label"] };
}

/** The bill that was made of an e-invoice of a supplier naming an order. */
async function received(name: string, order: unknown): Promise<unknown> {
  const named = `<cac:OrderReference><cbc:ID>${String(order)}</cbc:ID></cac:OrderReference>`;
  const text = paper
    .replaceAll("Papier &amp; Stift GmbH", name)
    .replaceAll("RE-2026/0815", `RE-${++papers}`)
    .replace("</cbc:BuyerReference>", `$&${named}`);
  const { fileId } = await company.house.run(upload, { text }, company.accountant);
  const got = await company.call("finance.eInvoice.receive", { fileId }, company.accountant);
  expect(got).toMatchObject({ isValid: true, waits: [] });
  await company.house.settle();
  return got["billId"];
}

async function entered(supplierId: Id, more: object = {}): Promise<unknown> {
  const lines = [{ description: "Shelves", net: eur("100.00"), quantity: "1" }];
  const wish = { supplierId, supplierNumber: `T-${++papers}`, day: "2026-11-21", lines, ...more };
  const { id } = await company.call("finance.bill.create", wish, company.accountant);
  await company.house.settle();
  return id;
}

const heldFor = async (billId: unknown) => (await company.bill(billId))["holdReason"];
const verdicts = async (billId: unknown) =>
  (await company.rows("purchasing.matchException", { billId: String(billId), state: "open" })).map((row) => row["reason"]).toSorted();
const shelves: Line[] = [{ description: "Shelves", quantity: "1", unitPrice: "100" }];

describe("an e-invoice that names an order", () => {
  test("is matched with its lines and held until the goods came", async () => {
    const { orderId, label } = await ordered(await company.addSupplier("Papier Nord"), asOnPaper);
    const billId = await received("Papier Nord", label);
    expect(await verdicts(billId)).toEqual(["notReceived", "notReceived"]);
    expect(await heldFor(billId)).toBe("Differs from its order: more is billed than was received.");
    expect((await company.rows("purchasing.orderLine", { orderId })).map((line) => [line["billed"], line["verdict"]])).toEqual([
      ["40", "more than received"],
      ["1", "more than received"],
    ]);
    await company.call("purchasing.order.receive", { orderId }, company.buyer);
    expect(await heldFor(billId)).toBeNull();
    await company.post(billId);
    expect(await company.rows("purchasing.openReceipt", { orderId })).toEqual([]);
    expect(await company.breaks()).toEqual([]);
  });

  test("of which some lines are none of the order's waits for a person to match them", async () => {
    const { label } = await ordered(await company.addSupplier("Papier Mitte"), [asOnPaper[0]!, ...shelves]);
    const billId = await received("Papier Mitte", label);
    expect(await verdicts(billId)).toEqual(["notOrdered", "notReceived"]);
  });

  test("is told when that order is of another supplier, closed or not there", async () => {
    const { label } = await ordered(company.supplierId, shelves);
    await company.addSupplier("Papier West");
    expect(await heldFor(await received("Papier West", label))).toBe(
      `Differs from its order: something was not ordered. ${String(label)} is an order of another supplier.`,
    );
    const over = await ordered(await company.addSupplier("Papier Ost"), asOnPaper);
    await company.call("purchasing.order.close", { orderId: over.orderId }, company.buyer);
    expect(await heldFor(await received("Papier Ost", over.label))).toBe(
      `Differs from its order: more is billed than was received. ${String(over.label)} is closed.`,
    );
    const unknown = await received("Papier West", "PO-09999");
    expect(await heldFor(unknown)).toBe(
      "It names order PO-09999, and there is no such order. Match its lines with their order, or release it.",
    );
    await company.call("finance.bill.release", { billId: unknown }, company.accountant);
    await company.call("finance.bill.change", { billId: unknown, text: "Ordered by telephone" }, company.accountant);
    await company.house.settle();
    expect(await heldFor(unknown)).toBeNull();
    // A number in a form that is none of ours says nothing.
    expect(await heldFor(await received("Papier West", "4500012345"))).toBeNull();
    expect(await company.breaks()).toEqual([]);
  });
});

describe("a bill that names no order", () => {
  test("of a supplier with an order open that must be matched is held until it is matched or accepted", async () => {
    const supplierId = await company.addSupplier("Regal und Brett");
    const { orderId, label } = await ordered(supplierId, shelves);
    const billId = await entered(supplierId);
    expect(await heldFor(billId)).toBe(
      `Differs from its order: something was not ordered. ${String(label)} is open, and no line of the bill is matched with an order.`,
    );
    expect(await verdicts(billId)).toEqual(["notOrdered"]);
    const other = await entered(supplierId, { lines: [{ description: "Repair", net: eur("70.00") }] });
    await company.call("purchasing.matchException.accept", { billId: other, reason: "A repair, ordered by telephone" }, company.chief);
    expect(await heldFor(other)).toBeNull();
    await company.call("purchasing.order.receive", { orderId }, company.buyer);
    const [billLine] = await company.rows("finance.billLine", { billId: String(billId) });
    const [orderLine] = await company.rows("purchasing.orderLine", { orderId });
    const match = { billLineId: billLine!["id"], orderLineId: orderLine!["id"] };
    expect(await company.call("purchasing.billLine.match", match, company.accountant)).toMatchObject({ isHeld: false });
    // All of the order is billed: what comes now is for none.
    expect(await heldFor(await entered(supplierId))).toBeNull();
    expect(await company.breaks()).toEqual([]);
  });

  test("in its fields is tied by its text, and one that is changed to such a supplier is held as well", async () => {
    const supplierId = await company.addSupplier("Regal und Leiste");
    const { label } = await ordered(supplierId, shelves);
    const named = await entered(supplierId, { text: `Your order ${String(label)}` });
    expect(await verdicts(named)).toEqual(["notReceived"]);
    await ordered(supplierId, shelves);
    const elsewhere = await entered(await company.addSupplier("Nobody in particular"));
    expect(await heldFor(elsewhere)).toBeNull();
    await company.call("finance.bill.change", { billId: elsewhere, supplierId }, company.accountant);
    await company.house.settle();
    expect(await verdicts(elsewhere)).toEqual(["notOrdered"]);
  });

  test("of a supplier that is billed without orders, or whose orders are not compared with what came, is not held", async () => {
    const supplierId = await company.addSupplier("Strom und Wasser");
    expect(await heldFor(await entered(supplierId))).toBeNull();
    await ordered(supplierId, shelves, "twoWay");
    expect(await heldFor(await entered(supplierId, { lines: [{ description: "Power", net: eur("80.00") }] }))).toBeNull();
  });
});
