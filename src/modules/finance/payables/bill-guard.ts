// What keeps a bill from being entered or paid twice: the supplier's number, the bytes of the paper, and a look for others just like it.
import { addDays, type Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Money, Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { supplierNumberKey } from "../tax/document.rules.ts";
import { payableSettings } from "./payable-setting.operations.ts";

/** A supplier numbers bills and credit notes in series of their own. */
export type BillKind = "bill" | "creditNote";

export const guardRefusals = {
  numberUnreadable: "The supplier's number needs a letter or a digit.",
  enteredBefore: "Bill {supplierNumber} of this supplier was entered before, dated {day}. Look at that one: heartwood finance bill list",
  fileKnown: "This very file is bill {supplierNumber} of {supplier} already. Look at that one: heartwood finance bill list",
} as const;

/** The number as it compares. Refuses `numberUnreadable`, and `enteredBefore` whatever the year and however it is typed. */
export async function numberKeyOf(
  context: ReadContext,
  { supplierId, supplierNumber, kind }: { readonly supplierId: Id; readonly supplierNumber: string; readonly kind: BillKind },
  ownId?: Id,
): Promise<string> {
  const key = supplierNumberKey(supplierNumber);
  if (key === "") refuse("numberUnreadable", {}, ["supplierNumber"]);
  const earlier = await context.db.maybe<{ supplierNumber: string; day: Day }>(sql`
    select supplier_number, day from finance.bill where tenant_id = ${context.tenantId} and supplier_id = ${supplierId}
      and kind = ${kind} and supplier_number_key = ${key} and state not in ('declined', 'reversed')
      and id is distinct from ${ownId ?? null}`);
  if (earlier) refuse("enteredBefore", { ...earlier }, ["supplierNumber"]);
  return key;
}

/** The digest of an uploaded paper. Refuses `fileKnown` when another bill came on it. */
export async function fileHashOf(context: ReadContext, fileId: Id, ownId?: Id): Promise<string> {
  const { hash } = await context.readFile(fileId);
  const other = await billOnFile(context, hash, ownId);
  if (other) refuse("fileKnown", { ...other }, ["fileId"]);
  return hash;
}

function billOnFile(context: ReadContext, hash: string, ownId?: Id): Promise<{ supplierNumber: string; supplier: string } | undefined> {
  return context.db.maybe<{ supplierNumber: string; supplier: string }>(sql`
    select l.supplier_number, y.name as supplier from finance.bill l
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = l.supplier_id
    where l.tenant_id = ${context.tenantId} and l.file_hash = ${hash} and l.state not in ('declined', 'reversed')
      and l.id is distinct from ${ownId ?? null}`);
}

export interface AlikeBill {
  readonly id: Id;
  readonly supplierNumber: string;
  readonly day: Day;
  readonly total: Money;
}

/** Another bill of this supplier over the same amount within a few days, the nearest first. */
export async function alikeBill(
  context: ReadContext,
  asked: { readonly supplierId: Id; readonly day: Day; readonly total: Money; readonly ownId?: Id },
): Promise<AlikeBill | undefined> {
  const { alikeDays } = await payableSettings(context);
  const found = await context.db.maybe<{ id: Id; supplierNumber: string; day: Day; total: bigint }>(sql`
    select id, supplier_number, day, total from finance.bill
    where tenant_id = ${context.tenantId} and supplier_id = ${asked.supplierId} and total = ${asked.total.minor}
      and day between ${addDays(asked.day, -alikeDays)}::date and ${addDays(asked.day, alikeDays)}::date
      and kind = 'bill' and state not in ('declined', 'reversed') and id is distinct from ${asked.ownId ?? null}
    order by abs(day - ${asked.day}::date), at limit 1`);
  return found && { ...found, total: new KernelMoney(found.total, asked.total.currency) };
}

/** The warning in words. */
export const alikeSays = (bill: AlikeBill): string =>
  `Bill ${bill.supplierNumber} of ${bill.day} is over the same amount, ${bill.total.toString()}. Make sure that this is another one.`;
