// How long the office keeps what it holds about someone, and what may not be erased because it is in dispute.
import { sql } from "../../platform/database/sql.ts";
import type { HoldsOn, Keeping } from "../../platform/operation/keeping.ts";

const request = "(select r.closed_at::date from office.request r where r.tenant_id = t.tenant_id and r.id = t.request_id)";

export const officeKeeps: readonly Keeping[] = [
  {
    name: "office.request",
    title: "Requests they made",
    law: "A year after a request was closed, to be able to answer for it (GDPR Art. 6(1)(f)).",
    months: 12,
    from: "day",
    tables: {
      "office.request_message": { person: ["request_id", "office.request"], ended: request, erases: ["text"] },
      "office.request": { person: "requester_id", ended: "t.closed_at::date", erases: ["title", "says", "answers", "score_says"] },
    },
  },
  {
    name: "office.document",
    title: "Documents about them",
    law: "Each as long as the rule of its class says; its own disposal destroys it then, with a certificate.",
    months: 0,
    from: "day",
    tables: {
      "office.document": {
        person: "about_id",
        where: "t.state <> 'disposed'",
        ended: `(select (case c.keep_from when 'filed' then t.filed_on when 'effective' then t.effective_on
            when 'expiry' then coalesce(t.expires_on, t.closed_on) when 'yearEnd' then make_date(extract(year from t.filed_on)::int, 12, 31)
            else t.event_on end + make_interval(months => c.keep_months))::date
          from office.document_class c where c.tenant_id = t.tenant_id and c.id = t.class_id)`,
        erases: [],
      },
    },
  },
];

/** A hold on a record is one on everything about it, and one on a person is one on everything about them. */
export const officeHoldsOn: HoldsOn = (context) =>
  context.db.rows(sql`
    select about_id as record_id, matter from office.document_hold
    where tenant_id = ${context.tenantId} and state = 'in force' and about_id is not null`);
