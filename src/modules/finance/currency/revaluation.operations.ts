// Revaluing, as a rule at the end of a period: shown first, then posted in one entry and taken back by another the next day.
import { z } from "zod";
import { addDays, type Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { groupedBy } from "../../../kernel/group.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { Refusal, refuse, word } from "../../../kernel/refusal.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { CurrencyCode, Day, DecimalText, Id, Instant, LongText, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { postEntries } from "../ledger/posting.ts";
import { reversalRefusals, reverseEntry } from "../ledger/reversal.ts";
import { AsKnownAt, knownUntil } from "../reports/known.ts";
import { rateRefusals } from "./rate.ts";
import { exposureKinds, resultOf, revaluationEntries, type ValuedSum } from "./revaluation.rules.ts";
import { valuedOn } from "./revaluation.ts";

const may = ["finance.accountant", "finance.manager"];

const Item = z.object({
  kind: z.enum(exposureKinds),
  subjectId: Id.describe("The open item or the bank account."),
  party: z.string().nullable(),
  reference: z.string(),
  outstanding: Money,
  carrying: Money,
  rate: DecimalText,
  value: Money,
  difference: Money,
});

interface ValuedItem {
  readonly kind: ValuedSum["kind"];
  readonly subjectId: KernelId;
  readonly party: string | null;
  readonly reference: string;
  readonly currency: string;
  readonly currencyAmount: bigint;
  readonly carrying: bigint;
  readonly rate: string;
  readonly value: bigint;
}

const shownItem = ({ kind, subjectId, party, reference, rate, ...one }: ValuedItem, currency: string) => ({
  kind,
  subjectId,
  party,
  reference,
  outstanding: new KernelMoney(one.currencyAmount, one.currency),
  carrying: new KernelMoney(one.carrying, currency),
  rate,
  value: new KernelMoney(one.value, currency),
  difference: new KernelMoney(one.value - one.carrying, currency),
});

/** What items named `i` come to, by kind and currency: `ValuedSum` as columns. */
const sums = sql`i.kind, i.currency, trim_scale(i.rate)::text as rate, count(*)::int as items,
  sum(i.currency_amount)::bigint as outstanding, sum(i.carrying)::bigint as carrying, sum(i.value)::bigint as value,
  sum(greatest(i.value - i.carrying, 0))::bigint as gain, sum(greatest(i.carrying - i.value, 0))::bigint as loss`;
const bySum = sql`group by i.kind, i.currency, i.rate order by i.currency, i.kind`;

export const previewRevaluation = operation({
  name: "finance.revaluation.preview",
  title: "What a revaluation would post",
  does: "Values what is open in other currencies on a day at the closing rates, item by item, the largest differences first.",
  kind: "read",
  may,
  input: z.strictObject({ day: Day, asKnownAt: AsKnownAt, bookId: ref("finance.book").optional() }),
  output: z.object({
    day: Day,
    currency: CurrencyCode,
    count: z.number().int(),
    gain: Money,
    loss: Money,
    currencies: z.array(
      z.object({
        currency: CurrencyCode,
        rate: DecimalText,
        items: z.number().int(),
        outstanding: Money,
        carrying: Money,
        value: Money,
        difference: Money,
      }),
    ),
    items: z.array(Item).describe("At most five hundred."),
  }),
  refuses: { booksMissing: postingRefusals.booksMissing, ...rateRefusals },
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    const items = await valuedOn(context, { book, day: input.day, knownAt: await knownUntil(context, input.asKnownAt) });
    const [found, largest] = await Promise.all([
      context.db.rows<ValuedSum>(sql`select ${sums} from (${items}) i ${bySum}`),
      context.db.rows<ValuedItem>(sql`
        select i.kind, i.subject_id, y.name as party, i.reference, i.currency, i.currency_amount, i.carrying,
          trim_scale(i.rate)::text as rate, i.value
        from (${items}) i left join directory.party y on y.tenant_id = ${context.tenantId} and y.id = i.party_id
        order by abs(i.value - i.carrying) desc, i.kind = 'bank', i.subject_id limit 500`),
    ]);
    const { items: count, gain, loss } = resultOf(found);
    const money = (minor: bigint): KernelMoney => new KernelMoney(minor, book.currency);
    return {
      day: input.day,
      currency: money(0n).currency,
      count,
      gain: money(gain),
      loss: money(loss),
      currencies: byCurrency(found, book.currency),
      items: largest.map((one) => shownItem(one, book.currency)),
    };
  },
});

function byCurrency(found: readonly ValuedSum[], bookCurrency: string) {
  return [...groupedBy(found, (one) => one.currency)].map(([code, own]) => {
    const sum = (field: "outstanding" | "carrying" | "value"): bigint => own.reduce((total, one) => total + one[field], 0n);
    const outstanding = new KernelMoney(sum("outstanding"), code);
    const money = (minor: bigint): KernelMoney => new KernelMoney(minor, bookCurrency);
    return {
      currency: outstanding.currency,
      rate: own[0]!.rate,
      items: resultOf(own).items,
      outstanding,
      carrying: money(sum("carrying")),
      value: money(sum("value")),
      difference: money(sum("value") - sum("carrying")),
    };
  });
}

export const runRevaluation = operation({
  name: "finance.revaluation.run",
  title: "Revalue currencies",
  does: "Posts gains and losses of what is open in other currencies at closing rates, and takes them back the next day.",
  kind: "write",
  previews: true,
  may,
  input: z.strictObject({ day: Day.describe("As a rule the last day of a period."), bookId: ref("finance.book").optional() }),
  output: z.object({
    id: Id,
    items: z.number().int(),
    gain: Money,
    loss: Money,
    entryId: ref("finance.journalEntry").nullable(),
    entryNumber: z.string().nullable(),
    backEntryNumber: z.string().nullable(),
    backDay: Day,
  }),
  refuses: {
    dayAhead: "{day} is not over yet. Rates of days to come are not known.",
    alreadyRevalued: "The revaluation of {day} still stands. Reverse it first: heartwood finance revaluation reverse",
    ...postingRefusals,
    ...rateRefusals,
  },
  constraints: { revaluation_once: "alreadyRevalued" },
  emits: ["finance.revaluation.posted"],
  async run(input, context) {
    const { day } = input;
    if (day > context.today) refuse("dayAhead", { day }, ["day"]);
    const book = await bookOf(context, input.bookId);
    await lockDay(context, book.id, day);
    const id = context.newId();
    const backDay = addDays(day, 1);
    const run = { id, bookId: book.id, day, backDay };
    const found = await keepItems(context, run, await valuedOn(context, { book, day }));
    const { items, gain, loss } = resultOf(found);
    const drafts = revaluationEntries(found, { id, day, backDay, currency: book.currency });
    const [entry, back] = drafts ? await postEntries(context, drafts, book.id) : [];
    await context.db.run(sql`
      update finance.revaluation set gain = ${gain}, loss = ${loss}, item_count = ${items}, entry_id = ${entry?.id ?? null},
        back_entry_id = ${back?.id ?? null}
      where tenant_id = ${context.tenantId} and id = ${id}`);
    context.emit("finance.revaluation.posted", { revaluationId: id, day });
    const money = (minor: bigint): KernelMoney => new KernelMoney(minor, book.currency);
    const numbers = { entryNumber: entry?.number ?? null, backEntryNumber: back?.number ?? null };
    return { id, items, gain: money(gain), loss: money(loss), entryId: entry?.id ?? null, ...numbers, backDay };
  },
});

interface NewRun {
  readonly id: KernelId;
  readonly bookId: KernelId;
  readonly day: KernelDay;
  readonly backDay: KernelDay;
}

/** Keeps the run and each of its items as it is valued, and says what they come to: all of one look at what is open. */
const keepItems = (context: WriteContext, run: NewRun, items: Sql): Promise<ValuedSum[]> =>
  context.db.rows<ValuedSum>(sql`
    with run as (
      insert into finance.revaluation (tenant_id, id, book_id, day, back_day, state, gain, loss, item_count, person_id, by_name, at)
      values (${context.tenantId}, ${run.id}, ${run.bookId}, ${run.day}, ${run.backDay}, 'posted', 0, 0, 0,
        ${context.actor.personId}, ${context.actor.name}, ${context.now})
      returning id
    ), item as materialized (${items}), kept as (
      insert into finance.revaluation_item (tenant_id, revaluation_id, kind, subject_id, party_id, reference, currency, currency_amount,
        carrying, rate, value)
      select ${context.tenantId}, run.id, i.kind, i.subject_id, i.party_id, i.reference, i.currency, i.currency_amount, i.carrying,
        i.rate, i.value
      from item i cross join run
    )
    select ${sums} from item i ${bySum}`);

/** Two runs of one period wait for each other. Refuses `periodMissing`, and `alreadyRevalued` until the day before a run is taken back. */
async function lockDay(context: WriteContext, bookId: KernelId, day: KernelDay): Promise<void> {
  const period = await context.db.maybe(sql`
    select id from finance.period
    where tenant_id = ${context.tenantId} and book_id = ${bookId} and ${day}::date between from_day and until_day for no key update`);
  if (!period) throw new Refusal("periodMissing", word(postingRefusals.periodMissing, { day }), { day }, ["day"]);
  const before = await context.db.maybe<{ day: KernelDay }>(sql`
    select day from finance.revaluation
    where tenant_id = ${context.tenantId} and book_id = ${bookId} and state = 'posted' and day <= ${day} and back_day > ${day}`);
  if (before) refuse("alreadyRevalued", { day: before.day }, ["day"]);
}

interface RunRow {
  readonly id: KernelId;
  readonly state: string;
  readonly day: KernelDay;
  readonly backDay: KernelDay;
  readonly entryId: KernelId | null;
  readonly backEntryId: KernelId | null;
}

export const reverseRevaluation = operation({
  name: "finance.revaluation.reverse",
  title: "Reverse a revaluation",
  does: "Mirrors both entries of a run on their own days, so that the day can be revalued again.",
  kind: "write",
  previews: true,
  may: ["finance.manager"],
  input: z.strictObject({ revaluationId: ref("finance.revaluation"), reason: LongText(200).min(3, "says why, in a few words") }),
  output: z.object({ id: Id }),
  refuses: {
    ...reversalRefusals,
    notFound: "There is no such revaluation.",
    alreadyReversed: "This revaluation was reversed before.",
  },
  when: (record) => record["state"] === "posted",
  emits: ["finance.revaluation.reversed"],
  async run(input, context) {
    const { tenantId } = context;
    const run = await context.db.maybe<RunRow>(sql`
      select id, state, day, back_day, entry_id, back_entry_id from finance.revaluation
      where tenant_id = ${tenantId} and id = ${input.revaluationId} for update`);
    if (!run) refuse("notFound");
    if (run.state === "reversed") refuse("alreadyReversed");
    if (run.entryId) {
      await reverseEntry(context, run.entryId, run.day, input.reason);
      await reverseEntry(context, run.backEntryId!, run.backDay, input.reason);
    }
    await context.db.run(sql`
      update finance.revaluation set state = 'reversed', reverse_reason = ${input.reason}
      where tenant_id = ${tenantId} and id = ${run.id}`);
    context.emit("finance.revaluation.reversed", { revaluationId: run.id, reason: input.reason });
    return { id: run.id };
  },
});

export const revaluationRegister = register({
  name: "finance.revaluation",
  title: "Revaluations",
  does: "The runs that valued what was open in other currencies, with what each gained and lost.",
  may,
  row: z.object({
    id: Id,
    revaluation: z.string(),
    state: z.enum(["posted", "reversed"]),
    day: Day,
    items: z.number().int(),
    gain: Money,
    loss: Money,
    entryId: ref("finance.journalEntry").nullable(),
    entry: z.string().nullable(),
    backDay: Day,
    backEntryId: ref("finance.journalEntry").nullable(),
    backEntry: z.string().nullable(),
    reason: z.string().nullable().describe("Why it was reversed."),
    postedBy: z.string(),
    postedAt: Instant,
    books: z.string(),
    currency: CurrencyCode,
  }),
  label: "revaluation",
  sort: "-day",
  from: (context) => sql`
    select r.id, 'Revaluation ' || r.day as revaluation, r.state, r.day, r.item_count as items, r.gain, r.loss, r.entry_id,
      e.number as entry, r.back_day, r.back_entry_id, x.number as back_entry, r.reverse_reason as reason, r.by_name as posted_by,
      r.at as posted_at, b.name as books, b.currency
    from finance.revaluation r
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = r.book_id
    left join finance.journal_entry e on e.tenant_id = ${context.tenantId} and e.id = r.entry_id
    left join finance.journal_entry x on x.tenant_id = ${context.tenantId} and x.id = r.back_entry_id
    where r.tenant_id = ${context.tenantId}`,
});

export const revaluationItemRegister = register({
  name: "finance.revaluationItem",
  title: "Revalued items",
  does: "What each open item and bank account was carried at, the rate, and what it was worth.",
  may,
  inner: true,
  row: z.object({
    id: Id,
    item: z.string(),
    revaluationId: ref("finance.revaluation"),
    revaluation: z.string(),
    kind: z.enum(exposureKinds),
    subjectId: Id,
    partyId: ref("directory.party").nullable(),
    party: z.string().nullable(),
    outstanding: Money,
    carrying: Money,
    rate: DecimalText,
    value: Money,
    difference: Money,
    currency: CurrencyCode,
  }),
  label: "item",
  search: ["item", "party"],
  totals: ["difference"],
  from: (context) => sql`
    select md5(i.revaluation_id::text || i.subject_id::text)::uuid as id, i.reference as item, i.revaluation_id,
      'Revaluation ' || r.day as revaluation,
      i.kind, i.subject_id, i.party_id, y.name as party, i.currency_amount as outstanding, i.currency as outstanding_currency, i.carrying,
      trim_scale(i.rate)::text as rate, i.value, i.value - i.carrying as difference, b.currency
    from finance.revaluation_item i
    join finance.revaluation r on r.tenant_id = ${context.tenantId} and r.id = i.revaluation_id
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = r.book_id
    left join directory.party y on y.tenant_id = ${context.tenantId} and y.id = i.party_id
    where i.tenant_id = ${context.tenantId}`,
});
