// Received documents in the database: found again by their digest, with the parties that may have sent them and the tax codes that fit.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { supplierNumberKey } from "../tax/document.rules.ts";
import { loadTax } from "../tax/tax.ts";
import { taxOn } from "../tax/tax-code.rules.ts";
import { categoriesOf } from "./issue.store.ts";
import type { CategoryFacts } from "./issue.rules.ts";
import type { SellerKeys } from "./receive.rules.ts";

export interface Candidate {
  readonly id: Id;
  readonly name: string;
  /** What speaks for it, strongest first. */
  readonly by: "tax number" | "electronic address" | "bank account" | "name";
  readonly isSupplier: boolean;
}

/** Parties that may have sent the document, those that one number proves before those of the same name. */
export function candidatesFor(context: ReadContext, keys: SellerKeys, day: Day): Promise<Candidate[]> {
  const { tenantId } = context;
  return context.db.rows<Candidate>(sql`
    select p.id, p.name, f.by, exists (select from directory.party_role r where r.tenant_id = ${tenantId} and r.party_id = p.id
        and r.role = 'supplier' and r.from_day <= ${day}::date and (r.until_day is null or r.until_day >= ${day}::date)) as is_supplier
    from (
      select distinct on (id) id, rank, by from (
        select id, 1 as rank, 'tax number' as by from directory.party where tenant_id = ${tenantId}
          and upper(regexp_replace(tax_number, '[\\s./-]', '', 'g')) = any(${keys.taxNumbers}::text[])
        union all
        select party_id, 2, 'electronic address' from finance.party_einvoice where tenant_id = ${tenantId}
          and endpoint_scheme = ${keys.endpoint?.scheme ?? null} and endpoint = ${keys.endpoint?.value ?? null}
        union all
        select supplier_id, 3, 'bank account' from finance.supplier_bank_account where tenant_id = ${tenantId}
          and state = 'approved' and number = any(${keys.accounts}::text[])
        union all
        select id, 3, 'bank account' from directory.party where tenant_id = ${tenantId}
          and upper(regexp_replace(bank_account, '[\\s./-]', '', 'g')) = any(${keys.accounts}::text[])
        union all
        select id, 4, 'name' from directory.party where tenant_id = ${tenantId} and kind = 'organisation'
          and lower(regexp_replace(name, '[^[:alnum:]]', '', 'g')) = any(${keys.names}::text[])
      ) every_way order by id, rank
    ) f join directory.party p on p.tenant_id = ${tenantId} and p.id = f.id
    order by f.rank, p.name limit 10`);
}

export interface KnownTaxCode {
  readonly code: string;
  readonly category: CategoryFacts;
}

/** The tax codes of the books as they hold on a day, with how electronic invoices name them. */
export async function taxCodesOn(context: ReadContext, bookId: Id, day: Day): Promise<KnownTaxCode[]> {
  const ground = await loadTax(context, bookId);
  const choices = ground.codes.flatMap((code) => taxOn(ground, code.id, day) ?? []).filter((choice) => choice.parts.length === 1);
  const categories = await categoriesOf(context, new Map(choices.map((choice) => [choice.taxCodeId, choice.percent])));
  return choices.flatMap(({ taxCodeId, code }) => {
    const category = categories.get(taxCodeId);
    return category ? [{ code, category }] : [];
  });
}

/** The bills of a supplier with one of these numbers that are not set aside. */
export async function creditedBills(context: ReadContext, supplierId: Id, numbers: readonly string[]): Promise<Id[]> {
  const rows = await context.db.rows<{ id: Id }>(sql`
    select id from finance.bill
    where tenant_id = ${context.tenantId} and supplier_id = ${supplierId} and kind = 'bill' and state in ('draft', 'approved', 'posted')
      and supplier_number_key = any(${numbers.map(supplierNumberKey)}::text[]) order by id`);
  return rows.map((row) => row.id);
}

export const creditedLines = (
  context: ReadContext,
  billId: Id,
): Promise<{ id: Id; description: string; accountId: Id; unitId: Id | null }[]> =>
  context.db.rows(sql`
    select id, description, account_id, unit_id from finance.bill_line
    where tenant_id = ${context.tenantId} and bill_id = ${billId} order by position`);

interface LockedDocument {
  readonly id: Id;
  readonly state: string;
  readonly number: string;
  readonly direction: string;
  readonly isValid: boolean;
  readonly fileId: Id;
  readonly partyId: Id | null;
}

export const lockDocument = (context: WriteContext, id: Id): Promise<LockedDocument | undefined> =>
  context.db.maybe<LockedDocument>(sql`
    select id, state, number, direction, is_valid, file_id, party_id from finance.e_invoice
    where tenant_id = ${context.tenantId} and id = ${id} for update`);

/** A document received before from the same bytes. */
export const receivedBefore = (context: ReadContext, hash: string): Promise<{ number: string; partyName: string } | undefined> =>
  context.db.maybe(sql`
    select number, party_name from finance.e_invoice
    where tenant_id = ${context.tenantId} and file_hash = ${hash} and direction = 'in' and state <> 'declined'`);
