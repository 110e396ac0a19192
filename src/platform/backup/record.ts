// Takes a backup, reads it again, clears away what outlived its time, and notes it down for every company of the house.
import { newId } from "../../kernel/id.ts";
import type { Pool } from "../database/pool.ts";
import { rowsOn, sql } from "../database/sql.ts";
import type { BackupKey } from "./cipher.ts";
import { bytesOf } from "./manifest.ts";
import { type Source, takeBackup, type Taken } from "./take.ts";
import { verifyBackup } from "./verify.ts";

/** @param owner the owner's pool: a backup is of all companies. */
export async function backUp(source: Source, place: string, key: BackupKey | undefined, owner: Pool): Promise<Taken> {
  const began = new Date();
  try {
    const taken = await takeBackup(source, place, key);
    await verifyBackup(taken.folder, key);
    const { at } = taken.manifest;
    await note(owner, { at: new Date(at), place: taken.folder, began, bytes: bytesOf(taken.manifest), key });
    return taken;
  } catch (error) {
    await note(owner, { at: began, place, began, bytes: 0n, key, failure: (error as Error).message }).catch(() => undefined);
    throw error;
  }
}

interface Noted {
  readonly at: Date;
  readonly place: string;
  readonly began: Date;
  readonly bytes: bigint;
  readonly key: BackupKey | undefined;
  readonly failure?: string;
}

async function note(owner: Pool, { at, place, began, bytes, key, failure }: Noted): Promise<void> {
  const db = rowsOn(owner);
  const companies = await db.rows<{ tenantId: string }>(sql`select tenant_id from platform.tenant_account`);
  const ids = companies.map(({ tenantId }) => tenantId);
  const seconds = Math.round((Date.now() - began.getTime()) / 1000);
  await db.run(sql`
    insert into platform.backup (tenant_id, id, at, place, seconds, bytes, is_verified, is_encrypted, failure)
    select t.tenant_id, t.id, ${at}::timestamptz, ${place}::text, ${seconds}::int, ${bytes}::int8, ${failure === undefined}::boolean,
      ${key !== undefined}::boolean, ${failure ?? null}::text
    from unnest(${ids}::uuid[], ${ids.map(() => newId())}::uuid[]) as t (tenant_id, id)`);
}
