// What importing reads and writes: statements imported before, and the new statements with their lines, each in one statement of SQL.
import { createHash } from "node:crypto";
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { gapBefore } from "./gap.ts";
import type { EarlierStatement } from "./import.rules.ts";
import { keysText } from "./reference.rules.ts";
import { entryKey, type ImportedSoFar } from "./statement.rules.ts";
import type { BankEntry, BankStatement, StatementFormat } from "./statement.ts";

export interface ImportAccount {
  readonly id: Id;
  readonly code: string;
  readonly name: string;
  readonly number: string | null;
  readonly currency: string;
}

export const digest = (text: string): string => createHash("sha256").update(text).digest("base64url");

/** Keys are made for the account that is imported into, because formats write the same account in different ways. */
export const ofAccount = (statement: BankStatement, account: ImportAccount): BankStatement => ({
  ...statement,
  accountIdentification: account.id,
});

/** Everything a statement tells, so that the same statement once more is known by it. */
export function statementKey(statement: BankStatement): string {
  const balances = [statement.openingBalance, statement.closingBalance, ...statement.otherBalances].map((balance) =>
    balance ? [balance.code, balance.day, balance.amount.toString()] : null,
  );
  const { format, statementId, sequence, entries } = statement;
  return digest(JSON.stringify([format, statementId, sequence ?? null, balances, entries.map((entry) => entryKey("", entry))]));
}

interface StoredStatement {
  id: Id;
  statementId: string;
  sequence: string | null;
  format: StatementFormat;
  openingDay: Day | null;
  opening: bigint | null;
  closingDay: Day;
  closing: bigint;
  entriesSum: bigint;
  proven: boolean;
  lines: { day: Day; minor: string }[] | null;
}

/** Statements with a closing balance that lie about the days of the file, and those that closed last before; in their order. */
export async function earlierStatements(
  context: WriteContext,
  account: ImportAccount,
  days: { readonly from: Day; readonly until: Day },
): Promise<EarlierStatement[]> {
  const { tenantId } = context;
  const rows = await context.db.rows<StoredStatement>(sql`
    select s.id, s.statement_id, s.sequence, s.format, s.opening_day, s.opening, s.closing_day, s.closing, s.proven,
      s.entries_sum, (select json_agg(json_build_object('day', l.day, 'minor', l.amount::text)) from finance.bank_line l
        where l.tenant_id = ${tenantId} and l.statement_id = s.id) as lines
    from finance.bank_statement s
    where s.tenant_id = ${tenantId} and s.bank_account_id = ${account.id} and s.closing is not null and not s.is_advice
      and (s.opening_day < ${days.until}::date and s.closing_day > ${days.from}::date
        or s.closing_day between coalesce((select max(b.closing_day) from finance.bank_statement b where b.tenant_id = ${tenantId}
          and b.bank_account_id = ${account.id} and not b.is_advice and b.closing_day < ${days.from}::date), '-infinity')
          and ${days.until}::date)
    order by s.closing_day, s.day_place, s.id`);
  return rows.map((row) => ({
    id: row.id,
    statementId: row.statementId,
    sequence: row.sequence ?? undefined,
    format: row.format,
    openingDay: row.openingDay ?? row.closingDay,
    opening: new Money(row.opening ?? row.closing - row.entriesSum, account.currency),
    closingDay: row.closingDay,
    closing: new Money(row.closing, account.currency),
    proven: row.proven,
    lines: (row.lines ?? []).map((line) => ({ day: line.day, minor: BigInt(line.minor) })),
  }));
}

/** Where the account stood before this file, for counting equal entries on. A statement that only told again brought no line of its own. */
export async function importedSoFar(
  context: WriteContext,
  account: ImportAccount,
  statements: readonly BankStatement[],
): Promise<Map<string, ImportedSoFar>> {
  const { tenantId } = context;
  const last = await context.db.maybe<Pick<StoredStatement, "format" | "statementId" | "sequence" | "closingDay" | "closing">>(sql`
    select s.format, s.statement_id, s.sequence, s.closing_day, s.closing from finance.bank_statement s
    where s.tenant_id = ${tenantId} and s.bank_account_id = ${account.id} and s.closing is not null and not s.is_advice
      and exists (select from finance.bank_line l where l.tenant_id = ${tenantId} and l.statement_id = s.id)
    order by s.closing_day desc, s.day_place desc, s.id desc limit 1`);
  if (!last) return new Map();
  const texts = new Map(
    statements.flatMap((statement) => statement.entries.map((entry) => entryKey(account.id, entry))).map((text) => [digest(text), text]),
  );
  const rows = await context.db.rows<{ alike: string; count: number }>(sql`
    select alike, count(*)::int as count from finance.bank_line
    where tenant_id = ${tenantId} and bank_account_id = ${account.id} and state not in ('advised', 'replaced')
      and alike = any(${[...texts.keys()]}::text[]) group by alike`);
  return new Map([
    [
      account.id,
      {
        last: {
          format: last.format,
          statementId: last.statementId,
          sequence: last.sequence ?? undefined,
          closingBalance: { code: "closing", day: last.closingDay, amount: new Money(last.closing, account.currency) },
        },
        counts: new Map(rows.map((row) => [texts.get(row.alike)!, row.count])),
      },
    ],
  ]);
}

export async function knownStatements(context: WriteContext, account: ImportAccount, keys: readonly string[]): Promise<Map<string, Id>> {
  const rows = await context.db.rows<{ key: string; id: Id }>(sql`
    select key, id from finance.bank_statement
    where tenant_id = ${context.tenantId} and bank_account_id = ${account.id} and key = any(${keys}::text[])`);
  return new Map(rows.map((row) => [row.key, row.id]));
}

/** Of these keys of entries, those stored already; `true` where the entry was only told ahead until now. */
export async function knownLines(context: WriteContext, account: ImportAccount, keys: readonly string[]): Promise<Map<string, boolean>> {
  const rows = await context.db.rows<{ key: string; state: string }>(sql`
    select key, state from finance.bank_line
    where tenant_id = ${context.tenantId} and bank_account_id = ${account.id} and key = any(${keys}::text[])`);
  return new Map(rows.map((row) => [row.key, row.state === "advised"]));
}

/** A statement ready to be stored. */
export interface NewStatement {
  readonly id: Id;
  readonly key: string;
  readonly position: number;
  readonly statement: BankStatement;
  readonly days: { readonly from: Day; readonly until: Day };
  readonly entriesSum: Money;
  readonly proven: boolean;
  readonly isAdvice: boolean;
}

interface KeptStatement extends NewStatement {
  /** Among those that close on its day; 1 where it tells none. */
  readonly place: number;
  /** How many of its entries were told before. */
  readonly retold: number;
}

export async function insertStatements(
  context: WriteContext,
  account: ImportAccount,
  fileId: Id,
  statements: readonly KeptStatement[],
): Promise<void> {
  const told = statements.map((one) => one.statement);
  await context.db.run(sql`
    insert into finance.bank_statement (tenant_id, id, bank_account_id, key, format, statement_id, sequence, message_id, file_id, position,
      from_day, until_day, opening, opening_day, entries_sum, closing, closing_day, proven, is_advice, day_place, retold, person_id,
      by_name, at)
    select ${context.tenantId}, s.id, ${account.id}, s.key, s.format, s.statement_id, s.sequence, s.message_id, ${fileId}, s.position,
      s.from_day, s.until_day, s.opening, s.opening_day, s.entries_sum, s.closing, s.closing_day, s.proven, s.is_advice,
      s.day_place, s.retold, ${context.actor.personId}, ${context.actor.name}, ${context.now}
    from unnest(${statements.map((one) => one.id)}::uuid[], ${statements.map((one) => one.key)}::text[],
      ${told.map((one) => one.format)}::text[], ${told.map((one) => one.statementId)}::text[],
      ${told.map((one) => one.sequence ?? null)}::text[], ${told.map((one) => one.messageId ?? null)}::text[],
      ${statements.map((one) => one.position)}::int[], ${statements.map((one) => one.days.from)}::date[],
      ${statements.map((one) => one.days.until)}::date[], ${told.map((one) => one.openingBalance?.amount.minor ?? null)}::bigint[],
      ${told.map((one) => one.openingBalance?.day ?? null)}::date[], ${statements.map((one) => one.entriesSum.minor)}::bigint[],
      ${told.map((one) => one.closingBalance?.amount.minor ?? null)}::bigint[],
      ${told.map((one) => one.closingBalance?.day ?? null)}::date[], ${statements.map((one) => one.proven)}::boolean[],
      ${statements.map((one) => one.isAdvice)}::boolean[], ${statements.map((one) => one.place)}::int[],
      ${statements.map((one) => one.retold)}::int[])
      as s (id, key, format, statement_id, sequence, message_id, position, from_day, until_day, opening, opening_day, entries_sum,
        closing, closing_day, proven, is_advice, day_place, retold)`);
}

/** By how much statements open elsewhere than the ones before them closed, in minor units. */
export async function gapsOf(context: ReadContext, statements: readonly { readonly id: Id }[]): Promise<Map<Id, bigint>> {
  const rows = await context.db.rows<{ id: Id; gap: bigint }>(sql`
    select g.* from (select s.id, ${gapBefore(context)} as gap from finance.bank_statement s
      where s.tenant_id = ${context.tenantId} and s.id = any(${statements.map((one) => one.id)}::uuid[])) g
    where g.gap is not null`);
  return new Map(rows.map((row) => [row.id, row.gap]));
}

/** Statements of before may stand elsewhere in their day now. */
export async function placeStatements(
  context: WriteContext,
  earlier: readonly EarlierStatement[],
  places: ReadonlyMap<Id, number>,
): Promise<void> {
  const placed = earlier.filter((one) => places.has(one.id)).map((one) => one.id);
  if (placed.length === 0) return;
  await context.db.run(sql`
    update finance.bank_statement s set day_place = p.place
    from unnest(${placed}::uuid[], ${placed.map((id) => places.get(id)!)}::int[]) as p (id, place)
    where s.tenant_id = ${context.tenantId} and s.id = p.id and s.day_place <> p.place`);
}

export interface NewLine {
  readonly statementId: Id;
  readonly key: string;
  readonly alike: string;
  readonly entry: BankEntry;
  readonly state: "advised" | "unmatched" | "ignored";
}

const nothingPaid = "Nothing was paid: the amount is zero.";

export async function insertLines(context: WriteContext, account: ImportAccount, lines: readonly NewLine[]): Promise<void> {
  if (lines.length === 0) return;
  const entries = lines.map((line) => line.entry);
  await context.db.run(sql`
    insert into finance.bank_line (tenant_id, id, bank_account_id, statement_id, position, key, alike, state, day, value_day, amount,
      counterparty_name, counterparty_account, text, structured_reference, end_to_end_id, customer_reference, bank_reference,
      transaction_code, payments, ignore_reason, reference_keys)
    select ${context.tenantId}, l.id, ${account.id}, l.statement_id, l.position, l.key, l.alike, l.state, l.day, l.value_day, l.amount,
      l.counterparty_name, l.counterparty_account, l.words, l.structured_reference, l.end_to_end_id, l.customer_reference,
      l.bank_reference, l.transaction_code, l.payments, case when l.state = 'ignored' then ${nothingPaid} end,
      string_to_array(l.reference_keys, ' ')
    from unnest(${lines.map(() => context.newId())}::uuid[], ${lines.map((line) => line.statementId)}::uuid[],
      ${entries.map((entry) => entry.position)}::int[], ${lines.map((line) => line.key)}::text[],
      ${lines.map((line) => line.alike)}::text[], ${lines.map((line) => line.state)}::text[],
      ${entries.map((entry) => entry.bookingDay)}::date[], ${entries.map((entry) => entry.valueDay ?? null)}::date[],
      ${entries.map((entry) => entry.amount.minor)}::bigint[], ${entries.map((entry) => entry.counterpartyName ?? null)}::text[],
      ${entries.map((entry) => entry.counterpartyAccount ?? null)}::text[], ${entries.map((entry) => entry.remittanceText)}::text[],
      ${entries.map((entry) => entry.structuredReference ?? null)}::text[], ${entries.map((entry) => entry.endToEndId ?? null)}::text[],
      ${entries.map((entry) => entry.customerReference ?? null)}::text[], ${entries.map((entry) => entry.bankReference ?? null)}::text[],
      ${entries.map((entry) => entry.transactionCode ?? null)}::text[], ${entries.map(paymentsOf)}::jsonb[],
      ${entries.map((entry) => keysText(textsOf(entry)))}::text[])
      as l (id, statement_id, position, key, alike, state, day, value_day, amount, counterparty_name, counterparty_account, words,
        structured_reference, end_to_end_id, customer_reference, bank_reference, transaction_code, payments, reference_keys)`);
}

/** Everything in which a payer may have written a number. */
const textsOf = ({ remittanceText, structuredReference, endToEndId, customerReference, details }: BankEntry): (string | undefined)[] => [
  remittanceText,
  structuredReference,
  endToEndId,
  customerReference,
  ...(details.length < 2 ? [] : details.flatMap((one) => [one.remittanceText, one.structuredReference ?? one.endToEndId])),
];

/** What was told ahead is booked now: it belongs to the day's statement and waits for its match. */
export async function bookAdvised(
  context: WriteContext,
  account: ImportAccount,
  lines: readonly Pick<NewLine, "key" | "statementId" | "entry" | "state">[],
): Promise<void> {
  if (lines.length === 0) return;
  await context.db.run(sql`
    update finance.bank_line l set state = b.state, statement_id = b.statement_id, position = b.position,
      ignore_reason = case when b.state = 'ignored' then ${nothingPaid} end
    from unnest(${lines.map((line) => line.key)}::text[], ${lines.map((line) => line.statementId)}::uuid[],
      ${lines.map((line) => line.entry.position)}::int[], ${lines.map((line) => line.state)}::text[])
      as b (key, statement_id, position, state)
    where l.tenant_id = ${context.tenantId} and l.bank_account_id = ${account.id} and l.key = b.key and l.state = 'advised'`);
}

function paymentsOf(entry: BankEntry): string {
  if (entry.details.length < 2) return "[]";
  return JSON.stringify(
    entry.details.map((payment) => ({
      amount: payment.amount?.toString(),
      name: payment.counterpartyName,
      account: payment.counterpartyAccount,
      text: payment.remittanceText,
      reference: payment.structuredReference ?? payment.endToEndId,
    })),
  );
}
