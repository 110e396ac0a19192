// Every night: who owns what expires soon is reminded, and what the rules no longer ask to keep is proposed for disposal.
import { addDays } from "../../../kernel/day.ts";
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { held, keptUntil } from "./document.sight.ts";

export async function careForDocuments(context: WriteContext): Promise<void> {
  await remindOfExpiry(context);
  await proposeByRule(context);
}

async function remindOfExpiry(context: WriteContext): Promise<void> {
  const soon = await context.db.rows<{ id: Id; title: string; ownerId: Id; expiresOn: Day }>(sql`
    update office.document set reminded_on = ${context.today}
    where tenant_id = ${context.tenantId} and state = 'in force' and expires_on is not null and reminded_on is null
      and expires_on - reminder_days <= ${context.today}::date
    returning id, title, owner_id, expires_on`);
  await context.notifyAll(
    soon.map(({ id, title, ownerId, expiresOn }) => ({
      personId: ownerId,
      title: `Expires on ${expiresOn}: ${title}`,
      text: "File a renewed version with its new day, or withdraw it.",
      about: { subject: "office.document", id },
      event: "office.document.renewal",
      key: `expiry:${id}:${expiresOn}`,
    })),
  );
}

const batch = 1000;

async function proposeByRule(context: WriteContext): Promise<void> {
  const due = await context.db.rows<{ id: Id; title: string; ownerId: Id; until: Day; rule: string }>(sql`
    select d.id, d.title, d.owner_id, ${keptUntil} as until, c.rule
    from office.document d join office.document_class c on c.tenant_id = d.tenant_id and c.id = d.class_id
    where d.tenant_id = ${context.tenantId} and d.state <> 'disposed' and c.keep_months is not null
      and ${keptUntil} < ${context.today}::date and (d.expires_on is null or d.expires_on < ${context.today}::date)
      and not ${held(context)}
      and not exists (select from office.disposal s where s.tenant_id = d.tenant_id and s.document_id = d.id
        and (s.state in ('proposed', 'approved')
          or s.state = 'kept' and s.decided_at > ${new Date(`${addDays(context.today, -365)}T00:00:00Z`)}))
    order by d.id limit ${batch}`);
  if (due.length === 0) return;
  await context.db.run(sql`
    insert into office.disposal (tenant_id, id, document_id, state, due, rule, proposed_on)
    select ${context.tenantId}, p.id, p.document_id, 'proposed', p.due, p.rule, ${context.today}
    from unnest(${due.map(() => context.newId())}::uuid[], ${due.map((one) => one.id)}::uuid[], ${due.map((one) => one.until)}::date[],
      ${due.map((one) => one.rule)}::text[]) as p (id, document_id, due, rule)
    on conflict (tenant_id, document_id) where state in ('proposed', 'approved') do nothing`);
  await context.notifyAll(
    due.map(({ id, title, ownerId, rule }) => ({
      personId: ownerId,
      title: `May be disposed of: ${title}`,
      text: rule,
      about: { subject: "office.document", id },
      event: "office.document.disposal",
      key: `disposal:${id}:${context.today}`,
    })),
  );
}
