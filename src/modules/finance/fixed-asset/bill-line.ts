// The line of a bill that an asset was bought with: what it cost as posted, and that its bill stays while the asset does.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { refuse, Refusal, word } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { documentTotals } from "../tax/document.rules.ts";
import { partsIn } from "../tax/tax-code.rules.ts";
import { taxLines } from "../tax/tax-posting.rules.ts";
import { taxesChosen } from "../tax/tax.ts";

export const billLineRefusals = {
  billLineUnfit: "Only a line of a posted bill that is not spread over months becomes an asset. Post the bill first.",
  aboveBillLine: "Of this bill line {left} is not an asset yet. Capitalise at most that.",
} as const;

export const assetCostRefusals = {
  isAssetCost:
    "{asset} was bought with this bill. Dispose of it first, its cost as proceeds on {account}: heartwood finance fixed-asset dispose",
} as const;

interface BillLineRow {
  readonly id: Id;
  readonly billId: Id;
  readonly bookId: Id;
  readonly entryId: Id;
  readonly accountId: Id;
  readonly unitId: Id | null;
  readonly net: bigint;
  readonly currency: string;
  readonly saidIn: string;
  readonly rate: string | null;
  readonly state: string;
  readonly day: Day;
  readonly isSpread: boolean;
  readonly taken: bigint;
}

/**
 * The line of a posted bill as it stands in the books, with its tax that may not be reclaimed (IAS 16.16(a)), and what of it is not an
 * asset yet. Refuses `billLineUnfit` and `aboveBillLine`.
 */
export async function takeBillLine(
  context: WriteContext,
  id: Id,
  cost: Money | undefined,
): Promise<{ accountId: Id; cost: Money; day: Day; unitId: Id | null }> {
  // The bill is shared, so that it is not reversed at the same moment.
  const line = await context.db.maybe<BillLineRow>(sql`
    select l.id, l.bill_id, i.book_id, i.entry_id, l.account_id, l.unit_id, coalesce(l.book_net, l.net) as net, b.currency,
      coalesce(i.currency, b.currency) as said_in, trim_scale(i.rate)::text as rate, i.state, i.day,
      exists (select from finance.deferral d
        where d.tenant_id = ${context.tenantId} and d.bill_line_id = l.id and d.reversed_on is null) as is_spread,
      coalesce((select sum(f.cost) from finance.fixed_asset f
        where f.tenant_id = ${context.tenantId} and f.bill_line_id = l.id), 0)::bigint as taken
    from finance.bill_line l
    join finance.bill i on i.tenant_id = ${context.tenantId} and i.id = l.bill_id and i.kind = 'bill'
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = i.book_id
    where l.tenant_id = ${context.tenantId} and l.id = ${id} for update of l for share of i`);
  if (!line || line.state !== "posted" || line.isSpread)
    throw new Refusal("billLineUnfit", billLineRefusals.billLineUnfit, {}, ["billLineId"]);
  const left = new Money(line.net - line.taken, line.currency).plus(await taxInCost(context, line));
  const wanted = cost ?? left;
  if (wanted.currency !== left.currency) refuse("currencyDiffers", { currency: left.currency }, ["cost"]);
  if (wanted.compare(left) > 0 || left.minor <= 0n) {
    const facts = { left: left.toString() };
    throw new Refusal("aboveBillLine", word(billLineRefusals.aboveBillLine, facts), facts, ["cost"]);
  }
  return { accountId: line.accountId, cost: wanted, day: line.day, unitId: line.unitId };
}

interface Sharer {
  readonly id: Id;
  readonly net: bigint;
  readonly bookNet: bigint;
  readonly quantity: string | null;
  readonly taxCodeId: Id;
  /** Posted on the account and cost centre of the line asked about. */
  readonly isBeside: boolean;
}

/**
 * What was posted beyond the nets on the account and cost centre of a line is tax that may not be reclaimed. Lines that share the place
 * share it by the tax of each.
 */
async function taxInCost(context: ReadContext, line: BillLineRow): Promise<Money> {
  const { tenantId } = context;
  const none = Money.zero(line.currency);
  const lines = await context.db.rows<Sharer>(sql`
    select l.id, l.net, coalesce(l.book_net, l.net) as book_net, trim_scale(l.quantity)::text as quantity, l.tax_code_id,
      l.account_id = ${line.accountId} and l.unit_id is not distinct from ${line.unitId}::uuid
        and not exists (select from finance.deferral d where d.tenant_id = ${tenantId} and d.bill_line_id = l.id) as is_beside
    from finance.bill_line l where l.tenant_id = ${tenantId} and l.bill_id = ${line.billId} order by l.position`);
  const { posted } = await context.db.row<{ posted: bigint }>(sql`
    select coalesce(sum(j.amount), 0)::bigint as posted from finance.journal_line j
    where j.tenant_id = ${tenantId} and j.entry_id = ${line.entryId} and j.account_id = ${line.accountId}
      and j.unit_id is not distinct from ${line.unitId}::uuid`);
  const beside = lines.filter((one) => one.isBeside);
  const tax = new Money(
    beside.reduce((left, one) => left - one.bookNet, posted),
    line.currency,
  );
  if (tax.minor === 0n) return none;
  const taxes = await taxesChosen(context, line.bookId);
  const exchange = line.rate === null ? undefined : { rate: line.rate };
  const totals = documentTotals(
    lines.map(({ net, quantity, taxCodeId }) => ({
      net: new Money(net, line.saidIn),
      quantity: quantity ?? undefined,
      taxCodeId,
      parts: partsIn(taxes.of(taxCodeId, line.day).parts, exchange),
    })),
    line.saidIn,
  );
  // Each line stands in for its account, so that its own share is told apart.
  const costs = taxLines(
    "input",
    totals.taxes,
    lines.map(({ id }) => ({ account: { id } })),
  );
  const weightOf = (id: Id): bigint =>
    costs.reduce(
      (sum, { account, amount }) => (typeof account === "object" && "id" in account && account.id === id ? sum + amount.abs().minor : sum),
      0n,
    );
  const weights = beside.map(({ id }) => weightOf(id));
  if (weights.every((weight) => weight === 0n)) return none;
  return tax.allocate(weights)[beside.findIndex(({ id }) => id === line.id)] ?? none;
}

/** Refuses `isAssetCost` while an asset that was bought with a line of this bill is on the books. The caller has locked the bill. */
export async function requireNoAsset(context: WriteContext, billId: Id): Promise<void> {
  const { tenantId } = context;
  const facts = await context.db.maybe<{ asset: string; account: string }>(sql`
    select f.number || ' ' || coalesce(f.name, t.name) as asset, a.code as account
    from finance.bill_line l
    join finance.fixed_asset f on f.tenant_id = ${tenantId} and f.bill_line_id = l.id and f.disposed_on is null
    join finance.account a on a.tenant_id = ${tenantId} and a.id = l.account_id
    left join assets.thing t on t.tenant_id = ${tenantId} and t.id = f.asset_id
    where l.tenant_id = ${tenantId} and l.bill_id = ${billId} order by f.number limit 1`);
  if (facts) refuse("isAssetCost", facts);
}
