// What must always hold of documents.
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import type { Figure, Law } from "../../../platform/operation/module.ts";
import { visible } from "./document.sight.ts";

const law = (name: string, says: string, breaks: (context: ReadContext) => Sql): Law => ({
  name: `office.${name}`,
  says,
  breaks: async (context) => (await context.db.rows<{ words: string }>(breaks(context))).map((row) => row.words),
});

export const documentLaws: readonly Law[] = [
  law(
    "documentContentIsWhole",
    "The content of every version of a document is what was filed, until it is disposed of.",
    (context) => sql`
    select d.title || ' version ' || v.number as words from office.document_version v
    join office.document d on d.tenant_id = v.tenant_id and d.id = v.document_id
    join platform.file f on f.tenant_id = v.tenant_id and f.id = v.file_id
    where v.tenant_id = ${context.tenantId} and (d.state = 'disposed') = (f.hash is not distinct from v.hash)`,
  ),
  law(
    "signatureIsOfTheVersion",
    "Whoever signed, signed the very content that the signing asks for.",
    (context) => sql`
    select d.title as words from office.signature s
    join office.signing g on g.tenant_id = s.tenant_id and g.id = s.signing_id
    join office.document d on d.tenant_id = g.tenant_id and d.id = g.document_id
    join office.document_version v on v.tenant_id = g.tenant_id and v.id = g.version_id
    where s.tenant_id = ${context.tenantId} and s.state = 'signed' and (s.hash <> g.hash or g.hash <> v.hash)`,
  ),
  law(
    "disposedHasCertificate",
    "Every document that was disposed of has its certificate, approved by someone.",
    (context) => sql`
    select d.title as words from office.document d
    where d.tenant_id = ${context.tenantId} and d.state = 'disposed' and not exists (select from office.disposal s
      where s.tenant_id = d.tenant_id and s.document_id = d.id and s.state = 'done'
        and s.certificate is not null and s.decided_by is not null)`,
  ),
];

export const documentFigures: readonly Figure[] = [
  {
    name: "office.disposalsToDecide",
    title: "Disposals to decide",
    roles: ["office.records"],
    to: "/r/office/disposal?filter[state]=proposed",
    value: async (context) =>
      (
        await context.db.row<{ count: number }>(sql`
          select count(*)::int as count from office.disposal s
          join office.document d on d.tenant_id = s.tenant_id and d.id = s.document_id
          where s.tenant_id = ${context.tenantId} and s.state = 'proposed' and ${visible(context)}`)
      ).count,
  },
];
