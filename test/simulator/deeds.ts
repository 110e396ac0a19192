// What people of a company do on an ordinary day. Each deed picks its records at random and may well be refused; it must never fault.
import { addDays, addMonths, startOfMonth } from "../../src/kernel/day.ts";
import type { Actor } from "../../src/platform/operation/context.ts";
import type { JourneyCompany } from "../journeys/company.ts";
import { anyDeed } from "./any-deed.ts";
import type { Random } from "./random.ts";

export interface World {
  readonly company: JourneyCompany;
  /** The chance of the deed that is being done. */
  random: Random;
  /** Records by kind, as deeds make them. */
  readonly made: Map<string, string[]>;
  /** Hears what was done, for the story of a year that fails. */
  says: (what: string) => void;
  /** Calls an operation as a client does: with a key, and again with the same key while the database is away. */
  readonly call: (as: Actor, name: string, input: object) => Promise<Record<string, unknown>>;
}

export interface Deed {
  readonly name: string;
  readonly does: (world: World) => Promise<void>;
}

const keep = (world: World, kind: string, id: unknown): void => {
  world.made.set(kind, [...(world.made.get(kind) ?? []), String(id)]);
};

const some = (world: World, kind: string): string => world.random.pick(world.made.get(kind) ?? ["01890000-0000-7000-8000-000000000000"]);

const money = (world: World, most: number) => ({
  amount: `${world.random.upTo(most)}.${String(world.random.upTo(100)).padStart(2, "0")}`,
  currency: "EUR",
});

const anyDay = (world: World, before: number, after: number) =>
  addDays(world.company.house.today, world.random.upTo(before + after + 1) - before);

const call = (world: World, as: Actor, name: string, input: object): Promise<Record<string, unknown>> =>
  world.random.upTo(12) === 0 ? world.company.house.call(name, input, as, { dryRun: true }) : world.call(as, name, input);

const deed = (name: string, does: Deed["does"]): Deed => ({ name, does });

const books: readonly Deed[] = [
  deed("draft and post an invoice", async (world) => {
    const { tomas } = world.company;
    const lines = [{ description: "Work", quantity: String(1 + world.random.upTo(5)), unitPrice: money(world, 900) }];
    const draft = await world.call(tomas, "finance.invoice.create", { customerId: some(world, "customer"), lines });
    await call(world, tomas, "finance.invoice.post", { invoiceId: draft["id"] });
    keep(world, "invoice", draft["id"]);
  }),
  deed("record a payment of an invoice", async (world) => {
    const amount = world.random.upTo(2) === 0 ? undefined : money(world, 500);
    await call(world, world.company.tomas, "finance.invoice.recordPayment", {
      invoiceId: some(world, "invoice"),
      bankAccountId: some(world, "bank"),
      amount,
    });
  }),
  deed("pay on account", async (world) => {
    await call(world, world.company.tomas, "finance.payment.record", {
      direction: "incoming",
      partyId: some(world, "customer"),
      amount: money(world, 2000),
      bankAccountId: some(world, "bank"),
      day: anyDay(world, 20, 0),
      oldestFirst: world.random.upTo(2) === 0,
    });
  }),
  deed("credit an invoice", async (world) => {
    await call(world, world.company.tomas, "finance.invoice.creditNote", { invoiceId: some(world, "invoice"), reason: "Sent back" });
  }),
  deed("enter a bill", async (world) => {
    const lines = [{ description: "Goods", net: money(world, 3000) }];
    const number = `B-${world.random.upTo(1_000_000)}`;
    const bill = await world.call(world.company.tomas, "finance.bill.create", {
      supplierId: some(world, "supplier"),
      supplierNumber: number,
      day: anyDay(world, 10, 0),
      lines,
    });
    keep(world, "bill", bill["id"]);
  }),
  deed("approve a bill", (world) =>
    call(world, world.company.helene, "finance.bill.approve", { billId: some(world, "bill") }).then(() => undefined),
  ),
  deed("post a bill", (world) =>
    call(world, world.company.tomas, "finance.bill.post", { billId: some(world, "bill") }).then(() => undefined),
  ),
  deed("pay a bill", async (world) => {
    await call(world, world.company.tomas, "finance.bill.recordPayment", {
      billId: some(world, "bill"),
      bankAccountId: some(world, "bank"),
    });
  }),
  deed("post by hand", async (world) => {
    const amount = money(world, 4000);
    const [debit, credit] = [some(world, "account"), some(world, "account")];
    const lines = [
      { accountId: debit, debit: amount },
      { accountId: credit, credit: world.random.upTo(8) === 0 ? money(world, 4000) : amount },
    ];
    const entry = await call(world, world.company.tomas, "finance.journalEntry.post", {
      day: anyDay(world, 60, 5),
      text: "By hand",
      lines,
    });
    keep(world, "entry", entry["id"]);
  }),
  deed("reverse an entry", async (world) => {
    await call(world, world.company.tomas, "finance.journalEntry.reverse", {
      journalEntryId: some(world, "entry"),
      on: world.company.house.today,
      reason: "Wrong",
    });
  }),
  deed("close a month", async (world) => {
    const before = startOfMonth(addMonths(world.company.house.today, -2));
    const periods = await world.company.house.call("finance.period.list", { limit: 100 }, world.company.tomas);
    const period = (periods["rows"] as { id: string; [column: string]: unknown }[]).find((row) => Object.values(row).includes(before));
    if (period) await call(world, world.company.helene, "finance.period.close", { periodId: period.id });
  }),
];

const persons: readonly Deed[] = [
  deed("hire somebody", async (world) => {
    const { nadia } = world.company;
    const name = `Newcomer ${world.random.upTo(100_000)}`;
    const email = `n${world.random.upTo(1_000_000_000)}@example.test`;
    const candidate = await world.call(nadia, "people.candidate.create", { name, email });
    const personId = String(candidate["personId"] ?? candidate["id"]);
    const wish = { personId, positionId: some(world, "seat"), firstDay: anyDay(world, 0, 60), pay: money(world, 7000) };
    const offer = await world.call(nadia, "people.offer.create", wish);
    await world.call(nadia, "people.offer.send", { offerId: offer["id"] });
    keep(world, "offer", offer["id"]);
    const accepted = await call(world, nadia, "people.offer.accept", { offerId: offer["id"] });
    keep(world, "employment", accepted["employmentId"]);
    keep(world, "contract", accepted["contractId"]);
    keep(world, "person", personId);
  }),
  deed("sign a contract", (world) =>
    call(world, world.company.nadia, "people.contract.sign", { contractId: some(world, "contract") }).then(() => undefined),
  ),
  deed("move a first day", async (world) => {
    await call(world, world.company.nadia, "people.offer.changeFirstDay", {
      offerId: some(world, "offer"),
      firstDay: anyDay(world, 5, 80),
    });
  }),
  deed("rescind an offer", (world) =>
    call(world, world.company.nadia, "people.offer.rescind", { offerId: some(world, "offer"), reason: "No" }).then(() => undefined),
  ),
  deed("resign", async (world) => {
    await call(world, world.company.nadia, "people.resignation.record", {
      employmentId: some(world, "employment"),
      receivedOn: anyDay(world, 10, 0),
      noticeDays: world.random.upTo(60),
    });
  }),
];

const things: readonly Deed[] = [
  deed("buy a laptop", async (world) => {
    const device = await call(world, world.company.erik, "it.device.create", { kind: "laptop", name: "Laptop" });
    keep(world, "device", device["id"]);
  }),
  deed("hand a device over", async (world) => {
    await call(world, world.company.erik, "it.device.handOver", {
      deviceId: some(world, "device"),
      personId: some(world, "person"),
      on: anyDay(world, 3, 0),
    });
  }),
  deed("take a device back", async (world) => {
    await call(world, world.company.erik, "it.device.takeBack", {
      deviceId: some(world, "device"),
      on: world.company.house.today,
      condition: "good",
    });
  }),
  deed("open accounts", (world) =>
    call(world, world.company.erik, "it.account.openNeeded", { personId: some(world, "person") }).then(() => undefined),
  ),
  deed("close accounts", (world) =>
    call(world, world.company.erik, "it.account.closeAll", { personId: some(world, "person") }).then(() => undefined),
  ),
  deed("assign a desk", async (world) => {
    await call(world, world.company.rosa, "facilities.desk.assign", {
      deskId: some(world, "desk"),
      personId: some(world, "person"),
      from: anyDay(world, 0, 40),
    });
  }),
  deed("release a desk", (world) =>
    call(world, world.company.rosa, "facilities.desk.release", { personId: some(world, "person"), lastDay: anyDay(world, 0, 30) }).then(
      () => undefined,
    ),
  ),
  deed("report a fault", async (world) => {
    await call(world, world.company.tomas, "facilities.fault.report", { placeId: some(world, "desk"), text: "Broken" });
  }),
  deed("ask for a purchase", async (world) => {
    const { erik } = world.company;
    const wish = {
      title: "Something",
      kind: world.random.pick(["equipment", "supplies"]),
      supplierId: some(world, "supplier"),
      amount: money(world, 5000),
      wantedBy: anyDay(world, 0, 60),
    };
    const request = await world.call(erik, "purchasing.request.create", wish);
    keep(world, "request", request["id"]);
    const submitted = await call(world, erik, "purchasing.request.submit", { requestId: request["id"] });
    keep(world, "approval", submitted["approvalId"]);
  }),
  deed("decide on a purchase", async (world) => {
    const verdict = world.random.pick(["approve", "approve", "decline"]);
    await call(world, world.company.helene, "office.approval.decide", {
      approvalId: some(world, "approval"),
      verdict,
      reason: "So be it.",
    });
  }),
  deed("order a purchase", (world) =>
    call(world, world.company.tomas, "purchasing.request.order", { requestId: some(world, "request") }).then(() => undefined),
  ),
  deed("bill a purchase", async (world) => {
    await call(world, world.company.tomas, "purchasing.request.bill", {
      requestId: some(world, "request"),
      supplierNumber: `P-${world.random.upTo(1e6)}`,
      day: world.company.house.today,
    });
  }),
  deed("attest a policy", (world) =>
    call(world, world.company.erik, "governance.policy.attest", { policyId: world.company.policyId }).then(() => undefined),
  ),
];

export const deeds: readonly Deed[] = [...books, ...persons, ...things, ...Array.from({ length: 20 }, () => anyDeed)];
