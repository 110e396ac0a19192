// Rules at work: tried on what happened, with what would conflict; and booking what waits, a batch at a time, so that they can be stopped.
import { z } from "zod";
import { addDays, type Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { type BankAccount, bankAccountOf } from "../ledger/bank-account.operations.ts";
import { paymentRefusals } from "../payments/payment.ts";
import { lockRule } from "./bank-rule.operations.ts";
import { type BankRule, ruleReasons, rulesFor } from "./bank-rule.rules.ts";
import { enabledRules, rulesWhere } from "./bank-rule.store.ts";
import { linesWhere, type StoredLine } from "./match.store.ts";
import { settle, type Settlement } from "./settle.ts";

const may = ["finance.accountant", "finance.manager"];
const historyDays = 400;
const linesMax = 20_000;
const toldMax = 200;
const batchMax = 1000;

const Tried = z.object({
  bankLineId: ref("finance.bankLine"),
  day: Day,
  amount: Money,
  text: z.string(),
  would: z.enum(["book", "agree", "differ", "yield"]),
  says: z.string(),
});
type TriedLine = z.output<typeof Tried>;

export const tryBankRule = operation({
  name: "finance.bankRule.try",
  title: "Try a bank rule",
  does: "Shows what a rule would have done with the lines of the last year, where people booked otherwise, and what conflicts.",
  kind: "write",
  may,
  input: z.strictObject({
    bankRuleId: ref("finance.bankRule"),
    since: Day.optional().describe("By default 400 days ago."),
  }),
  output: z.object({
    id: Id,
    looked: z.number().int(),
    fits: z.number().int(),
    book: z.number().int().describe("Open lines it would book now."),
    agree: z.number().int().describe("Lines that were booked to the same account."),
    differ: z.number().int().describe("Lines that were booked or settled otherwise."),
    yield: z.number().int().describe("Lines that an earlier rule takes before it."),
    conflicts: z.number().int().describe("Lines that a later rule would book otherwise."),
    sum: Money.describe("Of what it would book now."),
    lines: z.array(Tried).describe("At most 200, the ones booked otherwise first."),
  }),
  refuses: { ruleUnknown: "There is no such rule, or it is retired. See: heartwood finance bank-rule list" },
  when: (record) => record["state"] !== "retired",
  emits: ["finance.bankRule.tried"],
  async run({ bankRuleId: id, since }, context) {
    const state = await lockRule(context, id);
    const from = since ?? addDays(context.today, -historyDays);
    const found = await triedLines(context, id, from);
    if (state === "draft") {
      await context.db.run(sql`
        update finance.bank_rule set state = 'tried', tried_at = ${context.now}, tried_by_name = ${context.actor.name}
        where tenant_id = ${context.tenantId} and id = ${id}`);
    }
    context.emit("finance.bankRule.tried", { bankRuleId: id });
    return { id, ...found };
  },
});

interface WasBooked {
  lineId: KernelId;
  accounts: string[];
}

async function triedLines(context: WriteContext, id: KernelId, from: KernelDay) {
  const { tenantId } = context;
  const own = await context.db.row<{ bankAccountId: KernelId | null; currency: string }>(sql`
    select u.bank_account_id, coalesce(k.currency, b.currency) as currency from finance.bank_rule u
    join finance.account a on a.tenant_id = ${tenantId} and a.id = u.account_id
    join finance.book b on b.tenant_id = ${tenantId} and b.id = a.book_id
    left join finance.bank_account k on k.tenant_id = ${tenantId} and k.id = u.bank_account_id
    where u.tenant_id = ${tenantId} and u.id = ${id}`);
  const anyAccount = own.bankAccountId ?? id;
  // A rule that is still a draft is held against those that are enabled, as if it were one of them.
  const rules = await rulesWhere(context, anyAccount, sql`(u.id = ${id} or u.state = 'enabled')`);
  const rule = rules.find((one) => one.id === id)!;
  const lines = await linesWhere(
    context,
    sql`l.day >= ${from}::date and l.state not in ('advised', 'replaced') and k.currency = ${own.currency}
      ${own.bankAccountId ? sql`and l.bank_account_id = ${own.bankAccountId}` : sql``}`,
    sql`order by l.day desc, l.id desc limit ${linesMax}`,
  );
  const fitting = lines
    .map((line) => ({ line, ...rulesFor(rules, line) }))
    .filter(({ first, others }) => first === rule || others.includes(rule));
  const booked = await bookedAccounts(
    context,
    fitting.map(({ line }) => line.id),
  );
  const told = fitting.map(({ line, first, others }) => tell(line, rule, first!, others, booked.get(line.id)));
  const count = (would: TriedLine["would"]): number => told.filter((one) => one.would === would).length;
  const sum = told.filter((one) => one.would === "book").reduce((total, one) => total.plus(one.amount), KernelMoney.zero(own.currency));
  const rank = { differ: 0, yield: 1, book: 2, agree: 3 } as const;
  return {
    looked: lines.length,
    fits: fitting.length,
    book: count("book"),
    agree: count("agree"),
    differ: count("differ"),
    yield: count("yield"),
    conflicts: fitting.filter(({ first, others }) => first === rule && others.length > 0).length,
    sum,
    lines: told.toSorted((a, b) => rank[a.would] - rank[b.would]).slice(0, toldMax),
  };
}

/** To which accounts lines were booked, apart from the bank's own. */
async function bookedAccounts(context: ReadContext, lineIds: readonly KernelId[]): Promise<Map<KernelId, string[]>> {
  const { tenantId } = context;
  const rows = await context.db.rows<WasBooked>(sql`
    select m.bank_line_id as line_id, array_agg(distinct a.code order by a.code) as accounts
    from finance.bank_match m
    join finance.bank_match_part q on q.tenant_id = ${tenantId} and q.match_id = m.id and q.is_live
    join finance.journal_line j on j.tenant_id = ${tenantId} and j.entry_id = q.entry_id and j.id <> q.journal_line_id
    join finance.account a on a.tenant_id = ${tenantId} and a.id = j.account_id
    where m.tenant_id = ${tenantId} and m.ended_at is null and m.bank_line_id = any(${lineIds}::uuid[])
    group by m.bank_line_id`);
  return new Map(rows.map((row) => [row.lineId, row.accounts]));
}

function tell(line: StoredLine, rule: BankRule, first: BankRule, others: readonly BankRule[], accounts: string[] | undefined): TriedLine {
  const told = { bankLineId: line.id, day: line.day, amount: line.amount, text: line.text };
  if (first !== rule) return { ...told, would: "yield", says: `The rule ${first.name} comes first and books it to ${first.account}.` };
  const clash = others.map((other) => ` The rule ${other.name} fits too and would book it to ${other.account}.`).join("");
  if (line.state === "unmatched" || line.state === "held")
    return { ...told, would: "book", says: `It would be booked to ${rule.account}.${clash}` };
  if (line.state === "ignored") return { ...told, would: "differ", says: `It was set aside.${clash}` };
  if (accounts?.includes(rule.accountCode)) return { ...told, would: "agree", says: `It was booked to ${rule.account}.${clash}` };
  return { ...told, would: "differ", says: `It was booked to ${accounts?.join(", ") ?? "another entry"}, not to ${rule.account}.${clash}` };
}

export const runBankRules = operation({
  name: "finance.bankRule.run",
  title: "Let the bank rules book",
  does: "Books the next open lines of a bank account that fit an enabled rule, a thousand at a time, and says what is left.",
  kind: "write",
  previews: true,
  may,
  input: z.strictObject({
    bankAccountId: ref("finance.bankAccount"),
    limit: z.number().int().min(1).max(batchMax).default(batchMax).describe("At most so many lines are looked at, the oldest first."),
    after: ref("finance.bankLine").optional().describe("Goes on after this line: the `next` of the call before."),
  }),
  output: z.object({
    booked: z.number().int(),
    looked: z.number().int(),
    next: ref("finance.bankLine").nullable().describe("Null when the end was reached."),
  }),
  on: "finance.bankAccount",
  refuses: { ...paymentRefusals },
  when: (record) => record["state"] === "open",
  emits: ["finance.bankAccount.matched"],
  async run({ bankAccountId, limit, after }, context) {
    const account = await bankAccountOf(context, bankAccountId);
    if (account.retiredFrom && account.retiredFrom <= context.today) refuse("bankAccountRetired", { day: account.retiredFrom });
    return runBatch(context, account, limit, after);
  },
});

async function runBatch(context: WriteContext, account: BankAccount, limit: number, after?: KernelId) {
  const rules = await enabledRules(context, account.id);
  const lines = rules.length === 0 ? [] : await openLines(context, account, limit, after);
  const settlements = lines.flatMap((line): Settlement[] => {
    const { first: rule, others } = rulesFor(rules, line);
    if (!rule || others.length > 0) return [];
    return [{ line, shares: [], rule, reasons: ruleReasons(rule), isAutomatic: true, day: line.day }];
  });
  await settle(context, account, settlements);
  if (settlements.length > 0) context.emit("finance.bankAccount.matched", { bankAccountId: account.id, matched: settlements.length });
  return { booked: settlements.length, looked: lines.length, next: lines.length < limit ? null : (lines.at(-1)?.id ?? null) };
}

/** In periods that take postings, the oldest first. */
const openLines = (context: WriteContext, account: BankAccount, limit: number, after: KernelId | undefined): Promise<StoredLine[]> =>
  linesWhere(
    context,
    sql`l.bank_account_id = ${account.id} and l.state = 'unmatched' and exists (select from finance.period p
        where p.tenant_id = ${context.tenantId} and p.book_id = ${account.bookId} and p.state = 'open'
          and l.day between p.from_day and p.until_day)
      ${
        after
          ? sql`and (l.day, l.id) > (select a.day, a.id from finance.bank_line a
        where a.tenant_id = ${context.tenantId} and a.id = ${after})`
          : sql``
      }`,
    sql`order by l.day, l.id limit ${limit} for update of l`,
  );

/** Pages of open lines that are looked through for one batch. */
const pagesMax = 20;

/** Each time at most one batch of an account: what is disabled meanwhile stops with the next one. */
export async function bookByRules(context: WriteContext): Promise<void> {
  const { tenantId } = context;
  const waiting = await context.db.rows<{ id: KernelId }>(sql`
    select k.id from finance.bank_account k
    join finance.book b on b.tenant_id = ${tenantId} and b.id = k.book_id and b.currency = k.currency
    where k.tenant_id = ${tenantId} and k.retired_from is null
      and exists (select from finance.bank_line l where l.tenant_id = ${tenantId} and l.bank_account_id = k.id and l.state = 'unmatched')
      and exists (select from finance.bank_rule u where u.tenant_id = ${tenantId} and u.state = 'enabled'
        and (u.bank_account_id is null or u.bank_account_id = k.id))
    order by k.code`);
  for (const { id } of waiting) {
    const account = await bankAccountOf(context, id);
    let after: KernelId | undefined;
    for (let page = 0; page < pagesMax; page += 1) {
      const { booked, next } = await runBatch(context, account, batchMax, after);
      if (booked > 0 || next === null) break;
      after = next;
    }
  }
}
