// Telling a person something: on their bell in the app and, when asked, by mail.
import { type Id, newId } from "../../kernel/id.ts";
import { type Rows, sql } from "../database/sql.ts";
import type { Notice } from "../operation/context.ts";

export async function writeNotice(db: Rows, tenantId: Id, now: Date, notice: Notice): Promise<void> {
  await db.run(sql`
    insert into platform.notification (tenant_id, id, person_id, title, text, about_subject, about_id, at)
    values (${tenantId}, ${newId()}, ${notice.personId}, ${notice.title}, ${notice.text ?? null},
      ${notice.about?.subject ?? null}, ${notice.about?.id ?? null}, ${now})`);
  if (!notice.mail) return;
  await db.run(sql`
    insert into platform.mail (tenant_id, id, to_address, subject, text, at)
    select ${tenantId}, ${newId()}, m.email, ${notice.title}, ${notice.text ?? notice.title}, ${now}
    from identity.member m
    where m.tenant_id = ${tenantId} and m.person_id = ${notice.personId} and m.disabled_at is null`);
}
