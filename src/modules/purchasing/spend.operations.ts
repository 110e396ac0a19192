// What the company spends, by supplier and by what it is booked on, and how much of it was ordered first.
import { z } from "zod";
import type { Id as RecordId } from "../../kernel/id.ts";
import { Money as KernelMoney } from "../../kernel/money.ts";
import { sql } from "../../platform/database/sql.ts";
import { Day, Money, ref } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { bookOf } from "../finance/index.ts";

interface SpendRow {
  readonly supplierId: RecordId;
  readonly supplier: string;
  readonly accountId: RecordId;
  readonly account: string;
  readonly bills: number;
  readonly net: bigint;
  readonly ordered: bigint;
}

/** What a credit note took back was not spent. */
const spent = sql`case b.kind when 'creditNote' then -1 else 1 end * coalesce(l.book_net, l.net)`;

export const getSpend = operation({
  name: "purchasing.spend.get",
  title: "Spend by supplier and category",
  does: "Adds up posted bills less credit notes by supplier and account, without tax, and tells how much of it came from orders.",
  kind: "read",
  may: ["purchasing.manager", "finance.accountant", "finance.manager"],
  input: z.strictObject({
    from: Day,
    until: Day,
    supplierId: ref("directory.supplier").optional(),
    accountId: ref("finance.account").optional(),
    bookId: ref("finance.book").optional(),
  }),
  output: z.object({
    rows: z.array(
      z.object({
        supplierId: ref("directory.supplier"),
        supplier: z.string(),
        accountId: ref("finance.account"),
        account: z.string(),
        bills: z.number().int(),
        net: Money,
        ordered: Money.describe("Of it, what came from orders."),
      }),
    ),
    net: Money,
    ordered: Money,
  }),
  async run(input, context) {
    const { tenantId } = context;
    const book = await bookOf(context, input.bookId);
    const rows = await context.db.rows<SpendRow>(sql`
      select b.supplier_id, y.name as supplier, l.account_id, a.code || ' ' || a.name as account,
        count(distinct b.id) filter (where b.kind = 'bill')::int as bills,
        sum(${spent})::bigint as net,
        coalesce(sum(${spent}) filter (where exists (
          select from purchasing.bill_match m
          where m.tenant_id = ${tenantId} and m.bill_line_id = coalesce(l.corrects_line_id, l.id))), 0)::bigint as ordered
      from finance.bill b
      join finance.bill_line l on l.tenant_id = ${tenantId} and l.bill_id = b.id
      join finance.account a on a.tenant_id = ${tenantId} and a.id = l.account_id
      join directory.party y on y.tenant_id = ${tenantId} and y.id = b.supplier_id
      where b.tenant_id = ${tenantId} and b.book_id = ${book.id} and b.state = 'posted' and b.day between ${input.from} and ${input.until}
        and ${input.supplierId ? sql`b.supplier_id = ${input.supplierId}` : sql`true`}
        and ${input.accountId ? sql`l.account_id = ${input.accountId}` : sql`true`}
      group by 1, 2, 3, 4 order by net desc, supplier, account`);
    const money = (minor: bigint): KernelMoney => new KernelMoney(minor, book.currency);
    const sum = (of: (row: SpendRow) => bigint): KernelMoney => money(rows.reduce((total, row) => total + of(row), 0n));
    return {
      rows: rows.map((row) => ({ ...row, net: money(row.net), ordered: money(row.ordered) })),
      net: sum((row) => row.net),
      ordered: sum((row) => row.ordered),
    };
  },
});
