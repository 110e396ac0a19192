// Files that were brought into the books.
import { z } from "zod";
import { sql } from "../../../platform/database/sql.ts";
import { FileId, Id, Instant, ref } from "../../../platform/operation/field.ts";
import { register } from "../../../platform/operation/register.ts";
import { importKinds } from "./source.ts";

export const importRegister = register({
  name: "finance.import",
  title: "Imports",
  does: "Files that were brought into the books, with how much was in them and who brought them in.",
  may: ["finance.accountant", "finance.manager"],
  row: z.object({
    id: Id,
    fileName: z.string(),
    kind: z.enum(importKinds),
    records: z.number().int(),
    by: z.string(),
    at: Instant,
    fileId: FileId,
    books: z.string(),
    bookId: ref("finance.book"),
  }),
  label: "fileName",
  search: ["fileName", "by"],
  sort: "-at",
  from: (context) => sql`
    select i.id, i.file_name, i.kind, i.records, i.by_name as by, i.at, i.file_id, b.name as books, i.book_id
    from finance.import i join finance.book b on b.tenant_id = ${context.tenantId} and b.id = i.book_id
    where i.tenant_id = ${context.tenantId}`,
});
