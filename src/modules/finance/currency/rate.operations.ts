// Exchange rates as a dated list with their source: entered, corrected, or read from the file of a central bank.
import { z } from "zod";
import { decimal } from "../../../kernel/decimal.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { CurrencyCode, Day, DecimalText, FileId, Id, Instant, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { bookOf } from "../ledger/book.ts";
import { rateOn, rateRefusals } from "./rate.ts";
import { isRateFileNo, type RateDraft, readRates } from "./rate-file.rules.ts";
import { rateDecimals, rateKinds } from "./rate.rules.ts";

const may = ["finance.accountant", "finance.manager"];

export const exchangeRateRegister = register({
  name: "finance.exchangeRate",
  title: "Exchange rates",
  does: "What one unit of a currency was worth in another, by day and kind, and who says so.",
  may,
  // The screen of the rates stands in the navigation.
  inner: true,
  row: z.object({
    id: Id,
    pair: z.string(),
    day: Day,
    kind: z.enum(rateKinds),
    base: CurrencyCode,
    currency: CurrencyCode,
    rate: DecimalText,
    source: z.string(),
    enteredBy: z.string(),
    enteredAt: Instant,
  }),
  label: "pair",
  search: ["pair", "source"],
  sort: "-day",
  from: (context) => sql`
    select r.id, r.base || '/' || r.currency || ' ' || r.day as pair, r.day, r.kind, r.base, r.currency, trim_scale(r.rate)::text as rate,
      r.source, r.by_name as entered_by, r.at as entered_at
    from finance.exchange_rate r where r.tenant_id = ${context.tenantId}`,
});

export const setExchangeRate = operation({
  name: "finance.exchangeRate.set",
  title: "Enter an exchange rate",
  does: "Says what one unit of a currency is worth in another on a day; entered again, it is corrected. What is posted keeps its rate.",
  kind: "write",
  may,
  input: z.strictObject({
    day: Day,
    base: CurrencyCode.describe("One unit of it …"),
    currency: CurrencyCode.describe("… is worth so many of these."),
    rate: DecimalText,
    kind: z.enum(rateKinds).default("spot"),
    source: Text(60).default("entered by hand"),
  }),
  output: z.object({ id: Id }),
  refuses: {
    rateUnfit: "A rate is above zero, has at most {decimals} decimals, and leads from one currency to another.",
  },
  emits: ["finance.exchangeRate.set"],
  async run(input, context) {
    const rate = decimal(input.rate);
    if (rate.lte(0) || rate.decimalPlaces() > rateDecimals || input.base === input.currency) {
      refuse("rateUnfit", { decimals: rateDecimals }, ["rate"]);
    }
    const [id] = await keepRates(context, [input], input.source);
    context.emit("finance.exchangeRate.set", { exchangeRateId: id, base: input.base, currency: input.currency, day: input.day });
    return { id: id! };
  },
});

/** One statement for any number of rates; what is known of the same pair, kind and day is corrected, and kept as what it was. */
async function keepRates(context: WriteContext, rates: readonly RateDraft[], source: string): Promise<KernelId[]> {
  const rows = await context.db.rows<{ id: KernelId }>(sql`
    with told as (
      select * from unnest(${rates.map(() => context.newId())}::uuid[], ${rates.map((one) => one.base)}::text[],
        ${rates.map((one) => one.currency)}::text[], ${rates.map((one) => one.kind)}::text[], ${rates.map((one) => one.day)}::date[],
        ${rates.map((one) => one.rate)}::numeric[]) as n (id, base, currency, kind, day, rate)
    ), before as (
      insert into finance.exchange_rate_before (tenant_id, id, base, currency, kind, day, rate, source, at, until_at)
      select ${context.tenantId}, t.id, r.base, r.currency, r.kind, r.day, r.rate, r.source, r.at, ${context.now}
      from told t
      join finance.exchange_rate r on r.tenant_id = ${context.tenantId} and r.base = t.base and r.currency = t.currency
        and r.kind = t.kind and r.day = t.day and r.rate <> t.rate
    )
    insert into finance.exchange_rate as r (tenant_id, id, base, currency, kind, day, rate, source, by_name, at)
    select ${context.tenantId}, t.*, ${source}, ${context.actor.name}, ${context.now} from told t
    on conflict (tenant_id, base, currency, kind, day) do update set rate = excluded.rate, source = excluded.source,
      by_name = excluded.by_name, at = case when r.rate = excluded.rate then r.at else excluded.at end
    returning r.id`);
  return rows.map((row) => row.id);
}

export const importExchangeRates = operation({
  name: "finance.exchangeRate.import",
  title: "Read exchange rates from a file",
  does: "Takes in a list of rates (day, base, currency, rate) or the reference rates of the European Central Bank, as CSV or XML.",
  kind: "write",
  may,
  input: z.strictObject({
    fileId: FileId,
    kind: z.enum(rateKinds).default("spot").describe("Where the file does not say."),
    source: Text(60).default("European Central Bank"),
  }),
  output: z.object({ rates: z.number().int(), from: Day.nullable(), to: Day.nullable() }),
  refuses: {
    rateFileUnreadable: "Line {line}: {reason}. Correct the file and read it again; nothing was taken in.",
  },
  emits: ["finance.exchangeRate.imported"],
  async run(input, context) {
    const file = await context.readFile(input.fileId);
    const found = readRates(new TextDecoder().decode(file.bytes), input.kind);
    if (isRateFileNo(found)) refuse("rateFileUnreadable", { ...found });
    // Told twice in one file, the last one counts.
    const rates = [...new Map(found.map((one) => [`${one.base} ${one.currency} ${one.kind} ${one.day}`, one])).values()];
    if (rates.length > 0) await keepRates(context, rates, input.source);
    const days = rates.map((one) => one.day).toSorted();
    context.emit("finance.exchangeRate.imported", { rates: rates.length, source: input.source });
    return { rates: rates.length, from: days[0] ?? null, to: days.at(-1) ?? null };
  },
});

export const getExchangeRate = operation({
  name: "finance.exchangeRate.lookUp",
  title: "Look up a rate",
  does: "Says which rate holds between two currencies on a day, of which day it is, and whether it was told, turned round or crossed.",
  kind: "read",
  may,
  input: z.strictObject({
    from: CurrencyCode,
    to: CurrencyCode.optional().describe("By default the books' currency."),
    day: Day.optional().describe("By default today."),
    kind: z.enum(rateKinds).default("spot"),
    bookId: ref("finance.book").optional(),
  }),
  output: z.object({
    from: CurrencyCode,
    to: CurrencyCode,
    rate: DecimalText,
    day: Day,
    source: z.string(),
    way: z.enum(["same", "direct", "inverse", "cross"]),
  }),
  refuses: { booksMissing: postingRefusals.booksMissing, ...rateRefusals },
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    const { from, to = book.currency as typeof from, day = context.today, kind } = input;
    return { from, to, ...(await rateOn(context, { from, to, day, kind }, book.id)) };
  },
});

export const setRateDays = operation({
  name: "finance.book.setRateDays",
  title: "Choose how old a rate may be",
  does: "Says after how many days a rate is too old to be used without anybody saying so.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({ bookId: ref("finance.book"), days: z.number().int().min(0).max(366) }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There are no such books." },
  async run(input, context) {
    const changed = await context.db.run(sql`
      update finance.book set rate_days = ${input.days} where tenant_id = ${context.tenantId} and id = ${input.bookId}`);
    if (changed === 0) refuse("notFound");
    return { id: input.bookId };
  },
});
