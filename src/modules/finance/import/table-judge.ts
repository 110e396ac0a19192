// What the books say to what a table would bring, in the row and the column it is about: as posting says it, before anything is posted.
import type { z } from "zod";
import type { Day } from "../../../kernel/day.ts";
import { newId, type Id } from "../../../kernel/id.ts";
import { Refusal, word } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { addRole, createOrganisation } from "../../directory/index.ts";
import { newsOfDays } from "../ledger/day-gate.ts";
import type { JournalEntryDraft } from "../ledger/entry.rules.ts";
import { broughtItems } from "../ledger/open-item.ts";
import { judgeEntries } from "../ledger/posting.ts";
import { billRefusals } from "../payables/bill.ts";
import { type BillInput, numberKey, type ReadyBill } from "../payables/bill.rules.ts";
import { readyBills } from "../payables/bill-ground.ts";
import { keptBills } from "../payables/bill-guard.ts";
import { supplierNumberKey } from "../tax/document.rules.ts";
import { judgeInvoices } from "../receivables/invoice.ts";
import type { InvoiceInput } from "../receivables/invoice.rules.ts";
import type { Made, TableKind } from "./table-kind.ts";
import type { TableMistake, TableRecord } from "./table.rules.ts";

/** The column of a field of the input; what is of none is of the column that names the whole. */
const columns: Readonly<Record<Exclude<TableKind, "parties">, Readonly<Record<string, string>> & { readonly whole: string }>> = {
  entries: { day: "day", account: "account", partyId: "party", amount: "debit", foreign: "foreignAmount", whole: "number" },
  openItems: { day: "day", account: "side", partyId: "party", whole: "reference" },
  invoices: {
    day: "day",
    customerId: "customer",
    taxCode: "taxCode",
    unitPrice: "currency",
    rate: "currency",
    lines: "unitPrice",
    whole: "invoice",
  },
  bills: {
    supplierId: "supplier",
    dueDay: "dueDay",
    accountId: "account",
    taxCode: "taxCode",
    serviceUntil: "serviceUntil",
    rate: "currency",
    net: "currency",
    lines: "net",
    whole: "bill",
  },
};

export interface OrganisationInput {
  readonly details: z.output<typeof createOrganisation.input>;
  readonly roles: readonly z.output<typeof addRole.input>[];
}

/** Tells of a row what one before it said already; nothing of the first. */
function twiceIn(column: string, says: string): (row: number, key: string) => TableMistake[] {
  const rows = new Map<string, number>();
  return (row, key) => {
    const first = rows.get(key.toLowerCase());
    if (first === undefined) rows.set(key.toLowerCase(), row);
    return first === undefined ? [] : [{ row, column, says: word(says, { row: String(first) }) }];
  };
}

/** The organisations as the directory takes them, and every no to the others. */
export function judgedParties(records: readonly TableRecord[], from: Day): { ready: OrganisationInput[]; mistakes: TableMistake[] } {
  const ready: OrganisationInput[] = [];
  const mistakes: TableMistake[] = [];
  const toldTwice = twiceIn(
    "name",
    "Row {row} is the same organisation. Take one of the two out, or tell them apart by their tax numbers.",
  );
  for (const { row, cells } of records) {
    const { roles: named = "", ...asked } = cells;
    const details = createOrganisation.input.safeParse(asked);
    const roles = named
      .toLowerCase()
      .split(/[,|; ]+/)
      .map((role) => addRole.input.safeParse({ partyId: newId(), role, from }));
    const wrong = (column: string | undefined, { error }: typeof details | (typeof roles)[number]): TableMistake[] =>
      (error?.issues ?? []).map(({ path, message }) => ({ row, column: column ?? String(path[0]), says: message }));
    const said = [...wrong(undefined, details), ...roles.flatMap((role) => wrong("roles", role))];
    mistakes.push(...said, ...toldTwice(row, `${asked["name"]} ${asked["taxNumber"] ?? ""}`));
    if (said.length === 0) ready.push({ details: details.data!, roles: roles.map((role) => role.data!) });
  }
  return { ready, mistakes };
}

/** Every no to entries or open items. */
export const entryMistakes = async (
  context: ReadContext,
  kind: "entries" | "openItems",
  made: readonly Made<JournalEntryDraft>[],
  bookId: Id,
): Promise<TableMistake[]> => mistakesOf(kind, made, await judgeEntries(context, inputsOf(made), bookId));

/**
 * Open items that are in the books already: brought over before, in a file with other bytes, or entered as a bill. One that
 * is due on several days comes in several rows.
 */
export async function broughtBefore(context: ReadContext, made: readonly Made<JournalEntryDraft>[]): Promise<TableMistake[]> {
  const items = made.map(({ input: { reference = "", lines }, rows }) => {
    const { partyId, dueDay, amount, account } = lines[0]!;
    const isPayable = typeof account === "object" && "role" in account && account.role === "payable";
    return { row: rows[0]!.row, partyId: partyId!, reference, dueDay: dueDay!, isPayable, isDebit: amount.minor > 0n };
  });
  const placeOf = (item: { partyId: Id; reference: string; dueDay: Day; isPayable: boolean; isDebit: boolean }): string =>
    [item.partyId, item.isPayable, item.isDebit, supplierNumberKey(item.reference), item.dueDay].join(" ");
  const known = await broughtItems(context, [...new Set(items.map((item) => item.partyId))]);
  const before = new Map(known.map((item) => [placeOf({ ...item, isPayable: item.direction === "payable" }), item.day]));
  const papers = items
    .filter((item) => item.isPayable)
    .map((item) => ({ supplierId: item.partyId, supplierNumber: item.reference, kind: item.isDebit ? "creditNote" : "bill" }) as const);
  const bills = await keptBills(context, papers);
  const toldTwice = twiceIn(columns.openItems.whole, "Row {row} has the same reference and due day. Make one row of the two.");
  return items.flatMap((item) => {
    const twice = toldTwice(item.row, placeOf(item));
    if (twice.length > 0) return twice;
    const day = before.get(placeOf(item));
    const key = numberKey(item.partyId, item.isDebit ? "creditNote" : "bill", supplierNumberKey(item.reference));
    const bill = item.isPayable ? bills.get(key) : undefined;
    const says =
      day !== undefined
        ? `${item.reference} of this party was brought over before, on ${day}. Take the row out.`
        : bill && `${bill.supplierNumber} of ${bill.day} is a bill in the books already. Take the row out.`;
    return says ? [{ row: item.row, column: columns.openItems.whole, says }] : [];
  });
}

/** Every no to invoices, which are judged as if all were issued. */
export const invoiceMistakes = async (context: ReadContext, made: readonly Made<InvoiceInput>[]): Promise<TableMistake[]> =>
  mistakesOf("invoices", made, await judgeInvoices(context, inputsOf(made)));

/** Invoices that were brought over before, under the same number of the same customer, and are not credited. */
export async function invoicedBefore(context: ReadContext, made: readonly Made<InvoiceInput>[]): Promise<TableMistake[]> {
  if (made.length === 0) return [];
  const placeOf = (one: { customerId: Id; text?: string }): string => `${one.customerId} ${one.text}`;
  const inputs = inputsOf(made);
  const known = await context.db.rows<{ customerId: Id; text: string; number: string; day: Day }>(sql`
    select i.customer_id, i.text, i.number, i.day
    from unnest(${inputs.map((one) => one.customerId)}::uuid[], ${inputs.map((one) => one.text)}::text[]) as p (customer_id, text)
    join finance.invoice i on i.tenant_id = ${context.tenantId} and i.customer_id = p.customer_id and i.text = p.text
      and i.text like 'No. %' and i.kind = 'invoice' and i.state = 'posted'
    where not exists (select from finance.invoice c
      where c.tenant_id = ${context.tenantId} and c.corrects_id = i.id and c.state = 'posted')`);
  const before = new Map(known.map((invoice) => [placeOf(invoice), invoice]));
  return made.flatMap(({ input, rows }) => {
    const invoice = before.get(placeOf(input));
    const says =
      invoice && `${rows[0]!.cells["invoice"]} was brought over before, as ${invoice.number} of ${invoice.day}. Take its rows out.`;
    return says ? [{ row: rows[0]!.row, column: columns.invoices.whole, says }] : [];
  });
}

/** The bills as the books take them, and every no to the others. */
export async function judgedBills(
  context: ReadContext,
  made: readonly Made<BillInput>[],
): Promise<{ ready: ReadyBill[]; mistakes: TableMistake[] }> {
  const found = await readyBills(
    context,
    made.map(({ input }) => ({ id: newId(), input })),
  );
  return { ready: found.filter((one): one is ReadyBill => !(one instanceof Refusal)), mistakes: mistakesOf("bills", made, found) };
}

const inputsOf = <T>(made: readonly Made<T>[]): T[] => made.map(({ input }) => input);

/** A period is said to be shut once, by the first row it keeps out. */
function mistakesOf(kind: keyof typeof columns, made: readonly Made<unknown>[], said: readonly unknown[]): TableMistake[] {
  const isNews = newsOfDays();
  return said.flatMap((no, index) => {
    if (!(no instanceof Refusal) || (no.path?.at(-1) === "day" && !isNews(no))) return [];
    return [mistakeOf(kind, no, made[index]!.rows)];
  });
}

function mistakeOf(kind: keyof typeof columns, { code, message, facts, path = [] }: Refusal, rows: Made<unknown>["rows"]): TableMistake {
  const line = path.find((step) => typeof step === "number");
  const { row } = (line === undefined ? undefined : rows[line]) ?? rows[0]!;
  const words: Readonly<Record<string, string>> = billRefusals;
  const { [String(path.at(-1))]: column = columns[kind].whole } = columns[kind];
  return { row, column, says: message || word(words[code]!, facts) };
}
