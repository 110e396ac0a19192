// The bank's statements with their proof, and their lines: the work list of matching.
import { z } from "zod";
import { CurrencyCode, Day, Id, Instant, Money, ref } from "../../../platform/operation/field.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { register } from "../../../platform/operation/register.ts";
import { gapBefore } from "./gap.ts";

const may = ["finance.accountant", "finance.manager"];

export const bankStatementRegister = register({
  name: "finance.bankStatement",
  title: "Bank statements",
  does: "What the bank told: opening, entries and closing of each statement, and whether they add up.",
  may,
  row: z.object({
    id: Id,
    statement: z.string(),
    bankAccountId: ref("finance.bankAccount"),
    bankAccount: z.string(),
    untilDay: Day,
    fromDay: Day,
    opening: Money.nullable(),
    entriesSum: Money,
    closing: Money.nullable(),
    difference: Money.nullable(),
    state: z.enum(["proven", "unproven", "advice"]),
    proven: z.boolean(),
    gap: Money.nullable().describe("Opening less the closing before it, where statements are missing between them."),
    lines: z.number().int(),
    unmatched: z.number().int(),
    sequence: z.string().nullable(),
    format: z.string(),
    importedBy: z.string(),
    importedAt: Instant,
    currency: CurrencyCode,
  }),
  label: "statement",
  search: ["statement", "bankAccount"],
  sort: "-untilDay",
  from: (context) => sql`
    select s.id, s.statement_id || coalesce(' (' || s.sequence || ')', '') as statement, s.bank_account_id, k.name as bank_account,
      s.until_day, s.from_day, s.opening, s.entries_sum, s.closing, s.closing - s.opening - s.entries_sum as difference,
      case when s.is_advice then 'advice' when s.proven then 'proven' else 'unproven' end as state, s.proven,
      ${gapBefore(context)} as gap,
      (select count(*)::int from finance.bank_line l where l.tenant_id = ${context.tenantId} and l.statement_id = s.id) as lines,
      (select count(*)::int from finance.bank_line l
        where l.tenant_id = ${context.tenantId} and l.statement_id = s.id and l.state in ('unmatched', 'held')) as unmatched,
      s.sequence, s.format, s.by_name as imported_by, s.at as imported_at, k.currency
    from finance.bank_statement s
    join finance.bank_account k on k.tenant_id = ${context.tenantId} and k.id = s.bank_account_id
    where s.tenant_id = ${context.tenantId}`,
});

export const bankLineRegister = register({
  name: "finance.bankLine",
  title: "Bank lines",
  does: "Every payment the bank booked, whether it is matched, and with what.",
  may,
  row: z.object({
    id: Id,
    line: z.string(),
    state: z.enum(["advised", "unmatched", "held", "matched", "posted", "ignored", "replaced"]),
    day: Day,
    amount: Money.describe("What came in is positive, what went out negative."),
    counterpartyName: z.string().nullable(),
    text: z.string(),
    partyId: ref("directory.party").nullable(),
    party: z.string().nullable(),
    settles: z.string().nullable().describe("What it was matched with."),
    reasons: z.string().nullable(),
    entryId: ref("finance.journalEntry").nullable(),
    entry: z.string().nullable(),
    counterpartyAccount: z.string().nullable(),
    reference: z.string().nullable(),
    endToEndId: z.string().nullable(),
    bankReference: z.string().nullable(),
    valueDay: Day.nullable(),
    bankAccountId: ref("finance.bankAccount"),
    bankAccount: z.string(),
    statementId: ref("finance.bankStatement"),
    statement: z.string(),
    matchedBy: z.string().nullable(),
    isAutomatic: z.boolean().nullable(),
    ignoreReason: z.string().nullable(),
    heldReason: z.string().nullable().describe("What is waited for."),
    heldUntil: Day.nullable(),
    ruleId: ref("finance.bankRule").nullable(),
    rule: z.string().nullable(),
    replacedById: ref("finance.bankLine").nullable(),
    replacedReason: z.string().nullable(),
    currency: CurrencyCode,
  }),
  label: "line",
  search: ["text", "counterpartyName", "party", "reference", "endToEndId"],
  grows: true,
  sort: "day",
  totals: ["amount"],
  from: (context) => sql`
    select l.id, l.day || ' ' || coalesce(nullif(l.counterparty_name, ''), nullif(left(l.text, 60), ''), 'without a name') as line, l.state,
      l.day, l.value_day, l.amount, l.counterparty_name, l.counterparty_account, l.text, l.structured_reference as reference,
      l.end_to_end_id, l.bank_reference, l.ignore_reason, l.held_reason, l.held_until,
      l.replaced_by_id, l.replaced_reason, m.rule_id, u.name as rule, l.bank_account_id, k.name as bank_account, l.statement_id,
      s.statement_id || coalesce(' (' || s.sequence || ')', '') as statement, k.currency,
      m.party_id, y.name as party, array_to_string(m.reasons, ' ') as reasons, m.by_name as matched_by, m.is_automatic,
      ${entryOf(context, sql`q.entry_id`)} as entry_id, ${entryOf(context, sql`e.number`)} as entry, ${settledBy(context)} as settles
    from finance.bank_line l
    join finance.bank_statement s on s.tenant_id = ${context.tenantId} and s.id = l.statement_id
    join finance.bank_account k on k.tenant_id = ${context.tenantId} and k.id = l.bank_account_id
    left join finance.bank_match m on m.tenant_id = ${context.tenantId} and m.bank_line_id = l.id and m.ended_at is null
    left join directory.party y on y.tenant_id = ${context.tenantId} and y.id = m.party_id
    left join finance.bank_rule u on u.tenant_id = ${context.tenantId} and u.id = m.rule_id
    where l.tenant_id = ${context.tenantId}`,
});

// As values of a row and not as joins, so that only the rows of a page pay for them.

const entryOf = ({ tenantId }: ReadContext, column: Sql): Sql => sql`(
  select ${column} from finance.bank_match_part q
  join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = q.entry_id
  where q.tenant_id = ${tenantId} and q.match_id = m.id and q.is_live order by e.number limit 1)`;

/** The open items its payments settle, and the accounts it was booked to. */
const settledBy = ({ tenantId }: ReadContext): Sql => sql`(
  select string_agg(coalesce((
    select string_agg(i.reference, ', ' order by i.due_day, i.reference)
    from finance.payment y
    join finance.allocation a on a.tenant_id = ${tenantId} and (a.credit_item_id = y.item_id or a.debit_item_id = y.item_id)
      and a.undoes_id is null
      and not exists (select from finance.allocation u where u.tenant_id = ${tenantId} and u.undoes_id = a.id)
    join finance.open_item i on i.tenant_id = ${tenantId} and i.id in (a.credit_item_id, a.debit_item_id) and i.id <> y.item_id
    where y.tenant_id = ${tenantId} and y.id = q.payment_id), (
    select min(a.code || ' ' || a.name) from finance.journal_line j
    join finance.account a on a.tenant_id = ${tenantId} and a.id = j.account_id
    where j.tenant_id = ${tenantId} and j.entry_id = q.entry_id and j.id <> q.journal_line_id)), ', ' order by q.entry_id)
  from finance.bank_match_part q where q.tenant_id = ${tenantId} and q.match_id = m.id and q.is_live)`;
