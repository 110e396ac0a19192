// Buying with orders: one whose bill differs from what came, one that came and is not billed yet, and quotations side by side.
import { addDays } from "../../src/kernel/day.ts";
import type { Id } from "../../src/kernel/id.ts";
import { orderAmount } from "../../src/modules/purchasing/order.rules.ts";
import { known, type Story, tell } from "../story.ts";

const accountant = "Tomas Keller";
const buyer = "Ingrid Sommer";
const wisher = "Greta Holm";
const euro = (amount: string): { amount: string; currency: string } => ({ amount, currency: "EUR" });

export async function purchasingChapter(story: Story): Promise<void> {
  await tell(
    story,
    "purchasing.tolerance.set",
    { policy: "threeWay", quantityPercent: "2", pricePercent: "1", priceAbsolute: "50" },
    buyer,
  );
  const optics = await ordered(story, "Vakuumtechnik Nord GmbH", "Vacuum parts for two test benches", [
    { description: "Turbo pump, 80 l/s", quantity: "2", unitPrice: "3150" },
    { description: "Flange seals, DN 40", quantity: "60", unitPrice: "4.85" },
  ]);
  const [pump, seals] = optics.lines as [Id, Id];
  const came = [
    { orderLineId: pump, quantity: "1" },
    { orderLineId: seals, quantity: "60" },
  ];
  const day = addDays(story.today, -4);
  await tell(story, "purchasing.order.receive", { orderId: optics.id, day, reference: "LS 20418", lines: came }, buyer);
  const bill = {
    orderId: optics.id,
    supplierNumber: "VN-20418",
    day: story.today,
    lines: [
      { orderLineId: pump, quantity: "2" },
      { orderLineId: seals, quantity: "60", net: euro("309.00") },
    ],
  };
  await tell(story, "purchasing.order.bill", bill, accountant);
  const chairs = await ordered(story, "Bürowelt Lange GmbH", "Chairs for the new meeting room", [
    { description: "Meeting chair, stackable", quantity: "12", unitPrice: "148.50" },
  ]);
  await tell(story, "purchasing.order.receive", { orderId: chairs.id, day: addDays(story.today, -11), reference: "4711" }, buyer);
  await quoted(story);
}

type Wished = readonly { readonly description: string; readonly quantity: string; readonly unitPrice: string }[];

async function ordered(story: Story, supplier: string, title: string, lines: Wished): Promise<{ id: Id; lines: Id[] }> {
  const on = addDays(story.today, -20);
  const wish = {
    title,
    kind: "supplies",
    supplierId: known(story, `supplier/${supplier}`),
    amount: orderAmount(lines, "EUR").toJSON(),
    wantedBy: addDays(story.today, -5),
  };
  const { id: requestId } = await tell(story, "purchasing.request.create", wish, wisher, on);
  const { approvalId } = await tell<{ approvalId: Id }>(story, "purchasing.request.submit", { requestId }, wisher, on);
  await tell(story, "office.approval.decide", { approvalId, verdict: "approve" }, await deciderOf(story, approvalId), on);
  const { id } = await tell(story, "purchasing.order.create", { requestId, lines }, buyer, on);
  await tell(story, "purchasing.order.send", { orderId: id, on }, buyer, on);
  const filter = { orderId: id };
  const { rows } = await tell<{ rows: { id: Id }[] }>(story, "purchasing.orderLine.list", { filter, sort: "position" }, buyer);
  return { id, lines: rows.map((row) => row.id) };
}

async function deciderOf(story: Story, approvalId: Id): Promise<string> {
  const approval = await tell<{ approver: string }>(story, "office.approval.get", { id: approvalId });
  return approval.approver;
}

async function quoted(story: Story): Promise<void> {
  const wish = {
    title: "Clean-room cabinet",
    kind: "equipment",
    supplierId: known(story, "supplier/Vakuumtechnik Nord GmbH"),
    amount: euro("6400.00"),
    wantedBy: addDays(story.today, 45),
  };
  const { id: requestId } = await tell(story, "purchasing.request.create", wish, wisher);
  for (const [name, amount] of [
    ["Vakuumtechnik Nord GmbH", "6380.00"],
    ["Bürowelt Lange GmbH", "7120.00"],
  ] as const) {
    const quote = { requestId, supplierId: known(story, `supplier/${name}`), amount: euro(amount), validUntil: addDays(story.today, 30) };
    await tell(story, "purchasing.request.quote", quote, buyer);
  }
}
