// What a supplier's credit note says: on its own, or as what it takes back of one bill, by its lines, at its rate and its tax.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { type LockedBill, lockBill } from "./bill.ts";
import type { BillInput, BillLineInput } from "./bill.rules.ts";
import { keptLines } from "./kept-bill.ts";

export const creditRefusals = {
  notFound: "There is no such bill.",
  linesMissing: "Say what is credited: lines, or the bill that is taken back.",
  billUnfit: "Bill {bill} is {state}. A credit note takes back a posted bill; decline one that is not posted.",
  billOfOther: "Bill {bill} is from another supplier. Choose a bill of this one.",
  billCurrencyDiffers: "Bill {bill} is in {currency}, and so is what is taken back of it.",
  dayBeforeBill: "A credit note is dated on the day of its bill, {day}, or later.",
  lineUnknown: "Line {line} takes back a line that is not in this bill. Leave its billLineId out.",
  moreThanBilled: "Of bill {bill} only {left} is not credited yet. Enter what goes beyond it as a credit note for no bill.",
} as const;

type CreditLine = Omit<BillLineInput, "id" | "correctsLineId"> & { readonly billLineId?: Id };

export interface CreditWish {
  readonly bookId?: Id;
  readonly supplierId: Id;
  readonly supplierNumber: string;
  readonly day: Day;
  readonly text?: string;
  readonly total?: Money;
  readonly rate?: string;
  readonly pricesIncludeTax?: boolean;
  readonly lines?: readonly CreditLine[];
  readonly fileId?: Id;
}

const own = ({ billLineId, ...line }: CreditLine): BillLineInput => ({ ...line, correctsLineId: billLineId });

/** Refuses what `creditRefusals` says. */
export async function creditContent(context: WriteContext, wish: CreditWish, billId: Id | undefined): Promise<BillInput> {
  const content = { ...wish, kind: "creditNote", dueDay: wish.day } as const;
  if (!billId) {
    const lines = wish.lines ?? refuse("linesMissing", {}, ["lines"]);
    const astray = lines.findIndex((line) => line.billLineId !== undefined);
    if (astray >= 0) refuse("lineUnknown", { line: astray + 1 }, ["lines", astray, "billLineId"]);
    return { ...content, lines: lines.map(own) };
  }
  const bill = await lockBill(context, billId);
  checkBill(bill, wish);
  const known = await keptLines(context, bill.id, bill.currency);
  const lines = wish.lines?.map(own) ?? known.map(({ id, ...line }) => ({ ...line, correctsLineId: id }));
  lines.forEach(({ correctsLineId, net }, index) => {
    if (net.currency !== bill.currency) {
      refuse("billCurrencyDiffers", { bill: bill.supplierNumber, currency: bill.currency }, ["lines", index, "net"]);
    }
    if (correctsLineId && !known.some((line) => line.id === correctsLineId)) {
      refuse("lineUnknown", { line: index + 1 }, ["lines", index, "billLineId"]);
    }
  });
  return {
    ...content,
    bookId: bill.bookId,
    total: wish.total ?? (wish.lines ? undefined : new Money(bill.total, bill.currency)),
    // What is taken back leaves the books at what it came in with.
    rate: wish.rate ?? bill.rate ?? undefined,
    corrects: { id: bill.id, day: bill.day },
    pricesIncludeTax: wish.lines ? wish.pricesIncludeTax : bill.pricesIncludeTax,
    lines,
  };
}

function checkBill(bill: LockedBill, wish: CreditWish): void {
  const facts = { bill: bill.supplierNumber };
  if (bill.supplierId !== wish.supplierId) refuse("billOfOther", facts, ["billId"]);
  if (bill.state !== "posted") refuse("billUnfit", { ...facts, state: bill.state }, ["billId"]);
  if (wish.day < bill.day) refuse("dayBeforeBill", { day: bill.day }, ["day"]);
}

/** Together the credit notes of a bill never exceed it. Refuses `moreThanBilled`. */
export async function requireCreditable(context: WriteContext, billId: Id, own: { readonly id: Id; readonly total: Money }): Promise<void> {
  const { tenantId } = context;
  const found = await context.db.row<{ bill: string; left: bigint }>(sql`
    select l.supplier_number as bill, (l.total - coalesce((select sum(c.total) from finance.bill c
      where c.tenant_id = ${tenantId} and c.corrects_id = l.id and c.id <> ${own.id}
        and c.state not in ('declined', 'reversed')), 0))::bigint
      as left
    from finance.bill l where l.tenant_id = ${tenantId} and l.id = ${billId}`);
  const left = new Money(found.left, own.total.currency);
  if (own.total.compare(left) > 0) refuse("moreThanBilled", { bill: found.bill, left: left.toString() }, ["lines"]);
}
