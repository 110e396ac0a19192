// Templates of entries and their due days.
import { z } from "zod";
import { sql } from "../../../platform/database/sql.ts";
import { CurrencyCode, Day, Id, Money, ref } from "../../../platform/operation/field.ts";
import { register } from "../../../platform/operation/register.ts";
import { rhythms } from "./template.rules.ts";

const may = ["finance.accountant", "finance.manager"];

export const entryTemplateRegister = register({
  name: "finance.entryTemplate",
  title: "Entry templates",
  does: "Entries that are posted again and again, by hand or by themselves on their due days.",
  may,
  row: z.object({
    id: Id,
    name: z.string(),
    state: z.enum(["active", "ended"]),
    journal: z.string(),
    text: z.string(),
    amount: Money.nullable(),
    partyId: ref("directory.party").nullable(),
    party: z.string().nullable(),
    rhythm: z.enum(rhythms).nullable(),
    onDate: z.number().int().nullable(),
    fromDay: Day.nullable(),
    untilDay: Day.nullable(),
    nextDay: Day.nullable(),
    takesAmount: z.boolean(),
    takesParty: z.boolean(),
    posted: z.number().int(),
    skipped: z.number().int(),
    currency: CurrencyCode,
    books: z.string(),
    bookId: ref("finance.book"),
  }),
  label: "name",
  search: ["name", "text"],
  sort: "name",
  from: (context) => sql`
    select t.id, t.name, t.state, t.journal, t.text, t.amount, t.party_id, y.name as party, t.rhythm, t.on_date, t.from_day, t.until_day,
      t.next_day, l.takes_amount, l.takes_party, r.posted, r.skipped, b.currency, b.name as books, t.book_id
    from finance.entry_template t
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = t.book_id
    left join directory.party y on y.tenant_id = ${context.tenantId} and y.id = t.party_id
    left join lateral (
      select coalesce(bool_or(l.percent is not null), false) as takes_amount, coalesce(bool_or(l.takes_party), false) as takes_party
      from finance.entry_template_line l where l.tenant_id = ${context.tenantId} and l.template_id = t.id) l on true
    left join lateral (
      select (count(*) filter (where r.state = 'posted'))::int as posted, (count(*) filter (where r.state = 'skipped'))::int as skipped
      from finance.entry_template_run r where r.tenant_id = ${context.tenantId} and r.template_id = t.id) r on true
    where t.tenant_id = ${context.tenantId}`,
});

export const entryTemplateLineRegister = register({
  name: "finance.entryTemplateLine",
  title: "Lines of entry templates",
  does: "The lines a template makes: fixed amounts, or shares of the amount given.",
  may,
  inner: true,
  row: z.object({
    id: Id,
    line: z.string(),
    entryTemplateId: ref("finance.entryTemplate"),
    entryTemplate: z.string(),
    position: z.number().int(),
    accountId: ref("finance.account"),
    account: z.string(),
    debit: Money.nullable(),
    credit: Money.nullable(),
    debitPercent: z.string().nullable(),
    creditPercent: z.string().nullable(),
    takesParty: z.boolean(),
    unitId: ref("directory.unit").nullable(),
    text: z.string().nullable(),
    currency: CurrencyCode,
  }),
  label: "line",
  sort: "position",
  from: (context) => sql`
    select md5(l.template_id::text || l.position)::uuid as id, t.name || ' / ' || l.position as line, l.template_id as entry_template_id,
      t.name as entry_template, l.position, l.account_id, a.code || ' ' || a.name as account,
      case when l.amount > 0 then l.amount end as debit,
      case when l.amount < 0 then -l.amount end as credit, case when l.percent > 0 then trim_scale(l.percent)::text end as debit_percent,
      case when l.percent < 0 then trim_scale(-l.percent)::text end as credit_percent, l.takes_party, l.unit_id, l.text, b.currency
    from finance.entry_template_line l
    join finance.entry_template t on t.tenant_id = ${context.tenantId} and t.id = l.template_id
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = t.book_id
    join finance.account a on a.tenant_id = ${context.tenantId} and a.id = l.account_id
    where l.tenant_id = ${context.tenantId}`,
});

export const entryTemplateRunRegister = register({
  name: "finance.entryTemplateRun",
  title: "Due days of templates",
  does: "Every due day of a recurring entry, posted, skipped with the reason, or left out on purpose.",
  may,
  inner: true,
  row: z.object({
    id: Id,
    run: z.string(),
    state: z.enum(["posted", "skipped", "dismissed"]),
    entryTemplateId: ref("finance.entryTemplate"),
    entryTemplate: z.string(),
    day: Day,
    entryId: ref("finance.journalEntry").nullable(),
    entry: z.string().nullable(),
    reason: z.string().nullable(),
  }),
  label: "run",
  sort: "-day",
  from: (context) => sql`
    select r.id, t.name || ' of ' || r.day as run, r.state, r.template_id as entry_template_id, t.name as entry_template, r.day, r.entry_id,
      e.number as entry, r.reason
    from finance.entry_template_run r
    join finance.entry_template t on t.tenant_id = ${context.tenantId} and t.id = r.template_id
    left join finance.journal_entry e on e.tenant_id = ${context.tenantId} and e.id = r.entry_id
    where r.tenant_id = ${context.tenantId}`,
});
