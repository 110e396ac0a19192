// A bill or credit note that is not posted, read back as what was entered, so that a change is put on top of it.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import type { BillInput, BillKind, BillLineInput } from "./bill.rules.ts";

interface KeptBill {
  readonly kind: BillKind;
  readonly correctsId: Id | null;
  readonly correctsDay: Day | null;
  readonly rate: string | null;
  readonly pricesIncludeTax: boolean;
  readonly bookId: Id;
  readonly supplierId: Id;
  readonly supplierNumber: string;
  readonly day: Day;
  readonly dueDay: Day;
  readonly text: string | null;
  readonly total: bigint;
  readonly currency: string;
  readonly fileId: Id | null;
  readonly paymentReference: string | null;
  readonly discountDay: Day | null;
  readonly discountPercent: string | null;
  readonly supplierBankAccountId: Id | null;
}

/** What a bill or credit note that is not posted says; the caller has locked it. */
export async function keptBill(context: WriteContext, id: Id): Promise<BillInput> {
  const kept = await context.db.row<KeptBill>(sql`
    select l.kind, l.corrects_id, c.day as corrects_day, trim_scale(l.rate)::text as rate, l.book_id, l.supplier_id,
      l.supplier_number, l.day, l.due_day, l.text, l.total, coalesce(l.currency, b.currency) as currency,
      l.prices_include_tax, l.file_id, l.payment_reference,
      l.discount_day, trim_scale(l.discount_percent)::text as discount_percent, l.supplier_bank_account_id
    from finance.bill l join finance.book b on b.tenant_id = ${context.tenantId} and b.id = l.book_id
    left join finance.bill c on c.tenant_id = ${context.tenantId} and c.id = l.corrects_id
    where l.tenant_id = ${context.tenantId} and l.id = ${id}`);
  return {
    kind: kept.kind,
    corrects: kept.correctsId && kept.correctsDay ? { id: kept.correctsId, day: kept.correctsDay } : undefined,
    rate: kept.rate ?? undefined,
    pricesIncludeTax: kept.pricesIncludeTax,
    bookId: kept.bookId,
    supplierId: kept.supplierId,
    supplierNumber: kept.supplierNumber,
    day: kept.day,
    dueDay: kept.dueDay,
    text: kept.text ?? undefined,
    total: new Money(kept.total, kept.currency),
    fileId: kept.fileId ?? undefined,
    paymentReference: kept.paymentReference ?? undefined,
    discountDay: kept.discountDay ?? undefined,
    discountPercent: kept.discountPercent ?? undefined,
    supplierBankAccountId: kept.supplierBankAccountId ?? undefined,
    lines: await keptLines(context, id, kept.currency),
  };
}

type KeptLine = BillLineInput & { readonly id: Id };

/** The lines of a bill as they were entered, in its currency. */
export async function keptLines(context: WriteContext, billId: Id, currency: string): Promise<KeptLine[]> {
  const lines = await context.db.rows<{
    id: Id;
    description: string;
    net: bigint;
    accountId: Id;
    taxCode: string;
    unitId: Id | null;
    quantity: string | null;
    correctsLineId: Id | null;
    serviceFrom: Day | null;
    serviceUntil: Day | null;
  }>(sql`
    select l.id, l.description, coalesce(l.gross, l.net) as net, l.account_id, t.code as tax_code, l.unit_id,
      trim_scale(l.quantity)::text as quantity, l.corrects_line_id, l.service_from, l.service_until
    from finance.bill_line l
    join finance.tax_code t on t.tenant_id = ${context.tenantId} and t.id = l.tax_code_id
    where l.tenant_id = ${context.tenantId} and l.bill_id = ${billId} order by l.position`);
  return lines.map((line) => ({
    ...line,
    net: new Money(line.net, currency),
    unitId: line.unitId ?? undefined,
    quantity: line.quantity ?? undefined,
    correctsLineId: line.correctsLineId ?? undefined,
    serviceFrom: line.serviceFrom ?? undefined,
    serviceUntil: line.serviceUntil ?? undefined,
  }));
}
