// A company that buys: a buyer, an accountant, a chief and a supplier; and short ways to order, to receive and to bill.
import type { Id } from "../../kernel/id.ts";
import type { Actor, ReadContext } from "../../platform/operation/context.ts";
import { openHouse, type TestHouse } from "../../platform/testing/house.ts";
import { purchasing } from "./module.ts";

export const eur = (amount: string): { amount: string; currency: string } => ({ amount, currency: "EUR" });

export interface Line {
  readonly id?: string;
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: string;
}

export interface Company {
  readonly house: TestHouse;
  readonly founder: Actor;
  readonly buyer: Actor;
  readonly accountant: Actor;
  readonly chief: Actor;
  readonly supplierId: Id;
  /** A supplier since the beginning of the books. */
  addSupplier(name: string): Promise<Id>;
  call(name: string, input: unknown, as: Actor): Promise<Record<string, unknown>>;
  rows(register: string, filter?: Record<string, string>): Promise<Record<string, unknown>[]>;
  /** An order that the supplier, or another one, was given, and its lines in order. */
  ordered(lines: readonly Line[], policy?: string, from?: Id): Promise<{ orderId: string; lineIds: string[] }>;
  bill(billId: unknown): Promise<Record<string, unknown>>;
  /** Approved by the chief and posted. */
  post(billId: unknown): Promise<void>;
  /** The balance of an account by its code; by default at the end of the year. */
  balance(code: string, asOf?: string): Promise<string>;
  /** What breaks the laws of purchasing. */
  breaks(): Promise<string[]>;
}

export async function openCompany(): Promise<Company> {
  const house = await openHouse();
  const founder = await house.person("Fay Founder", "owner");
  const buyer = await house.person("Bea Buyer", "purchasing.manager");
  const accountant = await house.person("Abe Accountant", "finance.accountant");
  const chief = await house.person("Carla Chief", "finance.manager");
  await house.call("finance.setup.create", { currency: "EUR", fiscalYearStart: "2026-01-01", chart: "small-company" }, founder);
  const call: Company["call"] = (name, input, as) => house.call(name, input, as);
  const addSupplier: Company["addSupplier"] = async (name) => {
    const partyId = (await call("directory.organisation.create", { name }, founder))["id"] as Id;
    await call("directory.party.addRole", { partyId, role: "supplier", from: "2026-01-01" }, founder);
    return partyId;
  };
  const supplierId = await addSupplier("Notebook Depot");
  const rows: Company["rows"] = async (register, filter = {}) =>
    (await call(`${register}.list`, { filter, limit: 500 }, founder))["rows"] as Record<string, unknown>[];
  return {
    house,
    founder,
    buyer,
    accountant,
    chief,
    supplierId,
    addSupplier,
    call,
    rows,
    ordered: async (lines, policy = "threeWay", from = supplierId) => {
      const orderId = (await call("purchasing.order.create", { supplierId: from, lines, policy }, buyer))["id"] as string;
      const { approvalId } = await call("purchasing.order.submit", { orderId }, buyer);
      await call("office.approval.decide", { approvalId, verdict: "approve" }, founder);
      await call("purchasing.order.send", { orderId }, buyer);
      return { orderId, lineIds: (await rows("purchasing.orderLine", { orderId })).map((line) => line["id"] as string) };
    },
    bill: (billId) => call("finance.bill.get", { id: billId }, founder),
    post: async (billId) => {
      await call("finance.bill.approve", { billId }, chief);
      await call("finance.bill.post", { billId }, accountant);
      await house.settle();
    },
    balance: async (code, asOf = "2026-12-31") => {
      const { rows: accounts } = (await call("finance.trialBalance.get", { asOf }, founder)) as {
        rows: { code: string; closing: { amount: string } }[];
      };
      return accounts.find((row) => row.code === code)?.closing.amount ?? "0.00";
    },
    breaks: () => house.funnel.read({ tenantId: house.tenantId, actor: founder }, lawBreaks),
  };
}

async function lawBreaks(context: ReadContext): Promise<string[]> {
  const found: string[] = [];
  for (const law of purchasing.laws ?? []) found.push(...(await law.breaks(context)));
  return found;
}
