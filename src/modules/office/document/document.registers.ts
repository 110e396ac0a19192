// The lists of documents, their versions and their classes. A document that someone may not see is in none of them.
import { z } from "zod";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Day, FileId, Id, Instant, ref } from "../../../platform/operation/field.ts";
import { anyone } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { held, keptUntil, visibilities, visible } from "./document.sight.ts";

export const documentStates = ["in force", "not yet", "expired", "withdrawn", "disposed"] as const;

export const documentRegister = register({
  name: "office.document",
  title: "Documents",
  does: "Documents in their present version, as far as you may see them. Reading one is logged.",
  may: [anyone],
  logged: true,
  row: z.object({
    id: Id,
    title: z.string(),
    state: z.enum(documentStates),
    classId: ref("office.documentClass"),
    class: z.string(),
    version: z.number().int(),
    ownerId: ref("directory.person"),
    owner: z.string(),
    mine: z.boolean(),
    effectiveOn: Day.nullable(),
    expiresOn: Day.nullable(),
    visibility: z.enum(visibilities),
    unitId: ref("directory.unit").nullable(),
    unit: z.string().nullable(),
    roles: z.array(z.string()),
    readers: z.array(z.object({ personId: ref("directory.person"), name: z.string(), why: z.enum(["named", "signer"]) })),
    keptUntil: Day.nullable(),
    rule: z.string(),
    held: z.boolean(),
    signing: z.boolean(),
    reminderDays: z.number().int(),
    aboutSubject: z.string().nullable(),
    aboutId: Id.nullable(),
    versionId: ref("office.documentVersion"),
    fileId: FileId.nullable(),
    mediaType: z.string().nullable(),
    hash: z.string(),
    filedOn: Day,
    reason: z.string().nullable(),
  }),
  label: "title",
  search: ["title", "class"],
  sort: "-filedOn",
  from: (context) => sql`
    select d.id, d.title, ${stateOf(context)} as state, d.class_id, c.title as class, d.version, d.owner_id, p.name as owner,
      coalesce(d.owner_id = ${context.actor.personId}::uuid, false) as mine, d.effective_on, d.expires_on, d.visibility, d.unit_id,
      u.code as unit, d.roles,
      coalesce((select jsonb_agg(jsonb_build_object('personId', w.person_id, 'name', n.name, 'why', w.why) order by n.name)
        from office.document_reader w join directory.party n on n.tenant_id = w.tenant_id and n.id = w.person_id
        where w.tenant_id = d.tenant_id and w.document_id = d.id), '[]'::jsonb) as readers,
      ${keptUntil} as kept_until, c.rule, ${held(context)} as held,
      exists (select from office.signing g where g.tenant_id = d.tenant_id and g.document_id = d.id and g.state = 'open') as signing,
      d.reminder_days, d.about_subject, d.about_id, v.id as version_id, case when d.state <> 'disposed' then v.file_id end as file_id,
      f.media_type, v.hash, d.filed_on, d.reason
    from office.document d
    join office.document_class c on c.tenant_id = d.tenant_id and c.id = d.class_id
    join office.document_version v on v.tenant_id = d.tenant_id and v.document_id = d.id and v.number = d.version
    join platform.file f on f.tenant_id = d.tenant_id and f.id = v.file_id
    join directory.party p on p.tenant_id = d.tenant_id and p.id = d.owner_id
    left join directory.unit u on u.tenant_id = d.tenant_id and u.id = d.unit_id
    where d.tenant_id = ${context.tenantId} and ${visible(context)}`,
});

const stateOf = (context: ReadContext): Sql => sql`
  case when d.state <> 'in force' then d.state when d.expires_on < ${context.today}::date then 'expired'
    when d.effective_on > ${context.today}::date then 'not yet' else 'in force' end`;

export const documentVersionRegister = register({
  name: "office.documentVersion",
  title: "Versions of documents",
  does: "Every version of the documents you may see, with the fingerprint of its content. Reading one is logged.",
  may: [anyone],
  logged: true,
  inner: true,
  row: z.object({
    id: Id,
    label: z.string(),
    documentId: ref("office.document"),
    document: z.string(),
    number: z.number().int(),
    fileId: FileId.nullable(),
    mediaType: z.string().nullable(),
    size: z.number().int(),
    hash: z.string(),
    note: z.string().nullable(),
    authorId: ref("directory.person").nullable(),
    author: z.string(),
    at: Instant,
  }),
  label: "label",
  sort: "-at",
  from: (context) => sql`
    select v.id, 'Version ' || v.number as label, v.document_id, d.title as document, v.number,
      case when d.state <> 'disposed' then v.file_id end as file_id, f.media_type, f.size, v.hash, v.note, v.author_id, v.author, v.at
    from office.document_version v
    join office.document d on d.tenant_id = v.tenant_id and d.id = v.document_id
    join platform.file f on f.tenant_id = v.tenant_id and f.id = v.file_id
    where v.tenant_id = ${context.tenantId} and ${visible(context)}`,
});

export const documentClassRegister = register({
  name: "office.documentClass",
  title: "Classes of documents",
  does: "Kinds of documents with how long each is kept, by which rule, and who sees it by default.",
  may: [anyone],
  row: z.object({
    id: Id,
    title: z.string(),
    code: z.string(),
    state: z.enum(["in use", "retired"]),
    keepMonths: z.number().int().nullable(),
    keepFrom: z.enum(["filed", "effective", "expiry", "yearEnd", "event"]),
    rule: z.string(),
    reminderDays: z.number().int(),
    visibility: z.enum(visibilities),
  }),
  label: "title",
  search: ["title", "code", "rule"],
  from: (context) => sql`
    select id, title, code, state, keep_months, keep_from, rule, reminder_days, visibility
    from office.document_class where tenant_id = ${context.tenantId}`,
});
