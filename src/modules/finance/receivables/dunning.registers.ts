// Dunning runs, their letters and the items they ask for: what was sent when, and what was held back and why.
import { z } from "zod";
import { sql } from "../../../platform/database/sql.ts";
import { CurrencyCode, Day, FileId, Id, Instant, Money, ref } from "../../../platform/operation/field.ts";
import { register } from "../../../platform/operation/register.ts";

const roles = ["finance.accountant", "finance.manager"];

export const dunningRunRegister = register({
  name: "finance.dunningRun",
  title: "Dunning runs",
  does: "Each round of reminders: proposed, looked through, sent.",
  may: roles,
  row: z.object({
    id: Id,
    run: z.string(),
    day: Day,
    letters: z.number().int(),
    held: z.number().int(),
    total: Money,
    state: z.enum(["proposed", "sent", "cancelled"]),
    by: z.string(),
    sentAt: Instant.nullable(),
    currency: CurrencyCode,
  }),
  label: "run",
  search: ["run"],
  sort: "-day",
  from: (context) => sql`
    select r.id, 'Reminders of ' || r.day as run, r.day, l.letters, l.held, l.total, r.state, r.by_name as by, r.sent_at, b.currency
    from finance.dunning_run r
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = r.book_id
    cross join lateral (
      select (count(*) filter (where l.state in ('proposed', 'sent')))::int as letters,
        (count(*) filter (where l.state = 'held'))::int as held,
        coalesce(sum(l.total) filter (where l.state in ('proposed', 'sent') and l.currency = b.currency), 0)::bigint as total
      from finance.dunning_letter l where l.tenant_id = ${context.tenantId} and l.run_id = r.id) l
    where r.tenant_id = ${context.tenantId}`,
});

export const dunningLetterRegister = register({
  name: "finance.dunningLetter",
  title: "Reminders",
  does: "The letters to customers about what is overdue, with the level each reached, and what was held back.",
  may: roles,
  inner: true,
  row: z.object({
    id: Id,
    letter: z.string(),
    dunningRunId: ref("finance.dunningRun"),
    dunningRun: z.string(),
    customerId: ref("directory.customer"),
    customer: z.string(),
    day: Day,
    level: z.number().int(),
    items: z.number().int(),
    total: Money,
    fee: Money,
    interest: Money,
    state: z.enum(["proposed", "excluded", "held", "sent", "cancelled"]),
    reason: z.string().nullable(),
    mailedTo: z.string().nullable(),
    fileId: FileId.nullable(),
    entryId: ref("finance.journalEntry").nullable(),
    currency: CurrencyCode,
  }),
  label: "letter",
  search: ["letter", "customer"],
  sort: "-day",
  totals: ["total", "fee", "interest"],
  from: (context) => sql`
    select l.id, l.title || ' to ' || y.name as letter, l.run_id as dunning_run_id, 'Reminders of ' || r.day as dunning_run, l.customer_id,
      y.name as customer, r.day, l.level, l.total, l.fee, l.interest, l.state, l.reason, l.mailed_to, l.file_id, l.entry_id, l.currency,
      (select count(*) from finance.dunning_item i
        where i.tenant_id = ${context.tenantId} and i.letter_id = l.id and i.held_reason is null
          and (i.is_live or l.state <> 'sent'))::int as items
    from finance.dunning_letter l
    join finance.dunning_run r on r.tenant_id = ${context.tenantId} and r.id = l.run_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = l.customer_id
    where l.tenant_id = ${context.tenantId}`,
});

export const dunningItemRegister = register({
  name: "finance.dunningItem",
  title: "Reminded items",
  does: "Which invoice was asked for in which reminder, at which level, or why it was held back.",
  may: roles,
  inner: true,
  row: z.object({
    id: Id,
    reference: z.string(),
    dunningLetterId: ref("finance.dunningLetter"),
    dunningLetter: z.string(),
    openItemId: ref("finance.openItem"),
    openItem: z.string(),
    day: Day,
    level: z.number().int(),
    daysOverdue: z.number().int(),
    open: Money,
    interest: Money,
    state: z.enum(["asked", "held", "dropped"]),
    heldReason: z.string().nullable(),
    currency: CurrencyCode,
  }),
  label: "reference",
  search: ["reference"],
  sort: "-day",
  from: (context) => sql`
    select i.id, o.reference, i.letter_id as dunning_letter_id, l.title as dunning_letter, i.item_id as open_item_id,
      o.reference as open_item, r.day, i.level, i.days_overdue, i.open_amount as open, i.interest, i.held_reason, l.currency,
      case when i.held_reason is not null then 'held' when i.is_live then 'asked' else 'dropped' end as state
    from finance.dunning_item i
    join finance.dunning_letter l on l.tenant_id = ${context.tenantId} and l.id = i.letter_id
    join finance.dunning_run r on r.tenant_id = ${context.tenantId} and r.id = l.run_id
    join finance.open_item o on o.tenant_id = ${context.tenantId} and o.id = i.item_id
    where i.tenant_id = ${context.tenantId}`,
});
