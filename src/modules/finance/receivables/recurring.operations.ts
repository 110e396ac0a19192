// Recurring invoices: what is charged every month or year, made by night, once for each period.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Refusal, refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { CurrencyCode, Day, DecimalText, Id, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { chargings, dayNumber, daysCharged, dueFrom, everies, type Every, type Recurrence } from "../ledger/recurrence.rules.ts";
import { insertDraft, invoiceRefusals, issueInvoices } from "./invoice.ts";
import { invoiceContent, InvoiceLine } from "./invoice.fields.ts";
import type { InvoiceInput } from "./invoice.rules.ts";
import { sendInvoice } from "./print.operations.ts";

const roles = ["finance.accountant", "finance.manager"];

export const recurringInvoiceRegister = register({
  name: "finance.recurringInvoice",
  title: "Recurring invoices",
  does: "What customers are charged again and again, and when the next invoice is made.",
  may: roles,
  row: z.object({
    id: Id,
    name: z.string(),
    customerId: ref("directory.customer"),
    customer: z.string(),
    every: z.enum(everies),
    startDay: Day,
    untilDay: Day.nullable(),
    nextDay: Day.nullable(),
    made: z.number().int(),
    posts: z.boolean(),
    mails: z.boolean(),
    problem: z.string().nullable(),
    state: z.enum(["running", "refused", "ended"]),
  }),
  label: "name",
  search: ["name", "customer"],
  sort: "nextDay",
  from: (context) => sql`
    select r.id, r.name, r.customer_id, y.name as customer, r.every, r.start_day, r.until_day, r.next_day, r.made, r.posts, r.mails,
      r.problem, case when r.next_day is null then 'ended' when r.problem is not null then 'refused' else 'running' end as state
    from finance.recurring_invoice r
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = r.customer_id
    where r.tenant_id = ${context.tenantId}`,
});

export const recurringInvoiceLineRegister = register({
  name: "finance.recurringInvoiceLine",
  title: "Lines of recurring invoices",
  does: "What is charged again and again, and which days each invoice charges for.",
  may: roles,
  inner: true,
  row: z.object({
    id: Id,
    description: z.string(),
    recurringInvoiceId: ref("finance.recurringInvoice"),
    recurringInvoice: z.string(),
    charged: z.enum(chargings).nullable(),
    quantity: DecimalText,
    unitPrice: Money,
    taxCode: z.string(),
    position: z.number().int(),
    accountId: ref("finance.account").nullable(),
    account: z.string().nullable(),
    unitId: ref("directory.unit").nullable(),
    currency: CurrencyCode,
  }),
  label: "description",
  search: ["description"],
  sort: "position",
  // An amount is kept with the decimals of its currency; without the point it is its minor units.
  from: (context) => sql`
    select md5(r.id::text || l.position)::uuid as id, l.line ->> 'description' as description, r.id as recurring_invoice_id,
      r.name as recurring_invoice, l.position::int as position, l.line ->> 'quantity' as quantity,
      replace(l.line -> 'unitPrice' ->> 'amount', '.', '')::bigint as unit_price, l.line ->> 'taxCode' as tax_code,
      l.line ->> 'charged' as charged, a.id as account_id, a.code || ' ' || a.name as account, (l.line ->> 'unitId')::uuid as unit_id,
      l.line -> 'unitPrice' ->> 'currency' as currency
    from finance.recurring_invoice r
    cross join lateral jsonb_array_elements(r.content -> 'lines') with ordinality as l (line, position)
    left join finance.account a on a.tenant_id = ${context.tenantId} and a.id = (l.line ->> 'accountId')::uuid
    where r.tenant_id = ${context.tenantId}`,
});

const { description, quantity, unitPrice, ...rest } = InvoiceLine.shape;

/** The days of a line come with each invoice. */
const RecurringLine = z.strictObject({
  description,
  quantity,
  unitPrice,
  charged: z
    .enum(chargings)
    .optional()
    .describe(
      "In advance: for the days until the next invoice. In arrears: for those since the one before. By default for no certain days.",
    ),
  ...rest,
});

const recurringContent = { ...invoiceContent, lines: z.array(RecurringLine).min(1).max(500) };
const Content = z.strictObject(recurringContent);

export const createRecurringInvoice = operation({
  name: "finance.recurringInvoice.create",
  title: "Charge again and again",
  does: "Has an invoice made for every week, month or year: as a draft, or posted, or posted and mailed. {period} in a text is its month.",
  kind: "write",
  may: roles,
  input: z.strictObject({
    name: Text(100),
    every: z.enum(everies),
    startDay: Day.describe("The day of the first invoice."),
    untilDay: Day.optional().describe("No invoice after this day."),
    posts: z.boolean().default(false).describe("Post it at once; otherwise a draft waits."),
    mails: z.boolean().default(false).describe("Mail what was posted."),
    ...recurringContent,
  }),
  output: z.object({ id: Id, nextDay: Day.nullable() }),
  refuses: {
    endBeforeStart: "It ends before it starts.",
    mailsDrafts: "Only a posted invoice is mailed. Have it posted, too.",
    ...invoiceRefusals,
  },
  async run({ name, every, startDay, untilDay, posts, mails, ...content }, context) {
    if (untilDay && untilDay < startDay) refuse("endBeforeStart", {}, ["untilDay"]);
    if (mails && !posts) refuse("mailsDrafts", {}, ["mails"]);
    // What a night would refuse is better said now.
    const failure = await context.attempt(async () => {
      await insertDraft(context, invoiceOf(content, { start: startDay, every, until: null }, 0));
      throw new Tried();
    });
    if (failure && !(failure instanceof Tried)) throw failure;
    const id = context.newId();
    await context.db.run(sql`
      insert into finance.recurring_invoice (tenant_id, id, name, customer_id, content, every, start_day, until_day, next_day, posts, mails,
        person_id, by_name)
      values (${context.tenantId}, ${id}, ${name}, ${content.customerId}, ${JSON.stringify(content)}::jsonb, ${every}, ${startDay},
        ${untilDay ?? null}, ${startDay}, ${posts}, ${mails}, ${context.actor.personId}, ${context.actor.name})`);
    return { id, nextDay: startDay };
  },
});

/** What is thrown to take back a try that went well. */
class Tried extends Error {}

export const endRecurringInvoice = operation({
  name: "finance.recurringInvoice.end",
  title: "End a recurring invoice",
  does: "Has no invoice made after a day; what was made stays.",
  kind: "write",
  may: roles,
  input: z.strictObject({ recurringInvoiceId: ref("finance.recurringInvoice"), untilDay: Day.optional().describe("By default today.") }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such recurring invoice.", endBeforeStart: "It starts on {day}; it cannot end before." },
  when: (record) => record["state"] !== "ended",
  async run({ recurringInvoiceId: id, untilDay }, context) {
    const until = untilDay ?? context.today;
    const found = await context.db.maybe<{ startDay: KernelDay }>(sql`
      select start_day from finance.recurring_invoice where tenant_id = ${context.tenantId} and id = ${id} for update`);
    if (!found) refuse("notFound");
    if (until < found.startDay) refuse("endBeforeStart", { day: found.startDay }, ["untilDay"]);
    await context.db.run(sql`
      update finance.recurring_invoice set until_day = ${until}, next_day = case when next_day > ${until}::date then null else next_day end
      where tenant_id = ${context.tenantId} and id = ${id}`);
    return { id };
  },
});

interface DueRow {
  id: KernelId;
  content: unknown;
  every: Every;
  startDay: KernelDay;
  untilDay: KernelDay | null;
  made: number;
  posts: boolean;
  mails: boolean;
  byName: string;
  personId: KernelId | null;
}

/** Of one recurrence in one night; a longer gap is made up over several. */
const periodsMax = 24;

/** Makes what is due, each period once; what is refused is noted on the recurrence and tried again the next night. */
export async function makeRecurringInvoices(context: WriteContext): Promise<void> {
  const { tenantId, today } = context;
  const rows = await context.db.rows<DueRow>(sql`
    select id, content, every, start_day, until_day, made, posts, mails, by_name, person_id from finance.recurring_invoice
    where tenant_id = ${tenantId} and next_day <= ${today}::date order by id for update`);
  for (const row of rows) {
    const { due, next } = dueFrom({ start: row.startDay, every: row.every, until: row.untilDay }, row.made, today, periodsMax);
    const made: { day: KernelDay; id: KernelId }[] = [];
    const failure = await context.attempt(async () => made.push(...(await makePeriods(context, row, due))));
    await keepMade(context, row, failure ? [] : made, next, failure);
  }
}

/** `{period}` in a text is the month that is charged, `{from}` its first day. */
const filledIn = (text: string, day: KernelDay): string => text.replaceAll("{period}", day.slice(0, 7)).replaceAll("{from}", day);

/** The invoice with this number, the first being 0. What a line is charged for are days of its own, and its text speaks of those. */
function invoiceOf(content: z.output<typeof Content>, recurrence: Recurrence, number: number): InvoiceInput {
  const day = dayNumber(recurrence, number);
  const lines = content.lines.map(({ charged, ...line }) => {
    const days = charged && daysCharged(recurrence, number, charged);
    return { ...line, ...days, description: filledIn(line.description, days?.serviceFrom ?? day) };
  });
  return { ...content, kind: "invoice", day, text: content.text && filledIn(content.text, day), lines };
}

async function makePeriods(context: WriteContext, row: DueRow, due: readonly KernelDay[]): Promise<{ day: KernelDay; id: KernelId }[]> {
  const content = Content.parse(row.content);
  const author = { personId: row.personId, name: row.byName, isManager: false };
  const recurrence = { start: row.startDay, every: row.every, until: null };
  const inputs = due.map((_, index): InvoiceInput => ({ ...invoiceOf(content, recurrence, row.made + index), author }));
  if (!row.posts) {
    const drafts: { day: KernelDay; id: KernelId }[] = [];
    for (const input of inputs) drafts.push({ day: input.day, id: (await insertDraft(context, input)).id });
    return drafts;
  }
  const issued = await issueInvoices(context, inputs);
  const refused = issued.find((one) => one instanceof Refusal);
  if (refused) throw refused;
  const posted = issued.flatMap((one, index) => (one instanceof Refusal ? [] : [{ day: due[index]!, id: one.id }]));
  if (row.mails) for (const { id } of posted) await context.callAsSystem(sendInvoice, { invoiceId: id });
  context.emit("finance.invoice.issued", { invoices: posted.map((one) => ({ invoiceId: one.id })) });
  return posted;
}

async function keepMade(
  context: WriteContext,
  row: DueRow,
  made: readonly { readonly day: KernelDay; readonly id: KernelId }[],
  next: KernelDay | null,
  failure: Error | undefined,
): Promise<void> {
  const { tenantId } = context;
  if (failure && !(failure instanceof Refusal)) throw failure;
  await context.db.run(sql`
    insert into finance.recurring_issue (tenant_id, recurring_id, period_day, invoice_id, at)
    select ${tenantId}, ${row.id}, m.day, m.id, ${context.now}
    from unnest(${made.map((one) => one.day)}::date[], ${made.map((one) => one.id)}::uuid[]) as m (day, id)`);
  await context.db.run(sql`
    update finance.recurring_invoice set made = made + ${made.length}, problem = ${failure ? failure.message.slice(0, 500) : null},
      next_day = ${failure ? sql`next_day` : sql`${next}::date`}
    where tenant_id = ${tenantId} and id = ${row.id}`);
}
