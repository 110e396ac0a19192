// Files by their content: the same bytes are stored once, under their SHA-256.
import { createHash } from "node:crypto";
import { type Id, newId } from "../../kernel/id.ts";
import { type Rows, sql } from "../database/sql.ts";
import type { StoredFile } from "../operation/context.ts";

export interface NewFile {
  readonly tenantId: Id;
  readonly userId: Id | null;
  readonly now: Date;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export async function writeStoredFile(db: Rows, file: NewFile): Promise<Id> {
  const hash = createHash("sha256").update(file.bytes).digest("hex");
  const id = newId();
  await db.run(sql`
    insert into platform.file_content (tenant_id, hash, size, bytes)
    values (${file.tenantId}, ${hash}, ${file.bytes.length}, ${Buffer.from(file.bytes)})
    on conflict (tenant_id, hash) do nothing`);
  await db.run(sql`
    insert into platform.file (tenant_id, id, hash, name, media_type, size, user_id, at)
    values (${file.tenantId}, ${id}, ${hash}, ${file.name}, ${file.mediaType}, ${file.bytes.length}, ${file.userId}, ${file.now})`);
  return id;
}

export async function readStoredFile(db: Rows, tenantId: Id, id: Id): Promise<(StoredFile & { readonly userId: Id | null }) | undefined> {
  return db.maybe(sql`
    select f.id, f.name, f.media_type, f.user_id, c.bytes, c.hash
    from platform.file f join platform.file_content c on c.tenant_id = f.tenant_id and c.hash = f.hash
    where f.tenant_id = ${tenantId} and f.id = ${id}`);
}
