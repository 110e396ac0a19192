// Encrypts anew what an older key or an older secret was used for, some hundred values at a time, while the house runs.
import { symmetricDecrypt, symmetricEncrypt } from "better-auth/crypto";
import type { Pool } from "../database/pool.ts";
import { identifier, type Rows, rowsOn, sql } from "../database/sql.ts";
import type { HouseSecret } from "./data-key.ts";
import { isSealed, type KeyRing, seal, unseal } from "./ring.ts";
import { secretsOf } from "./second-factor.ts";

const batch = 500;

interface Column {
  readonly table: string;
  readonly column: string;
}

/** Columns that their migration calls sealed. */
export async function sealedColumns(db: Rows): Promise<Column[]> {
  return db.rows<Column>(sql`
    select n.nspname || '.' || c.relname as table, a.attname as column
    from pg_description d join pg_class c on c.oid = d.objoid join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid
    where d.classoid = 'pg_class'::regclass and d.description = 'sealed' order by 1, 2`);
}

/**
 * Seals every value with the key that is used now, unless that was done; says how many it was. Company by company, because the owner of a
 * managed database stands behind the fence too.
 */
export async function reseal(owner: Pool, ring: KeyRing): Promise<number> {
  const db = rowsOn(owner);
  const { id } = ring.current();
  const waits = await db.maybe(sql`select from auth.data_key where id = ${id} and resealed_at is null`);
  if (!waits) return 0;
  const columns = await sealedColumns(db);
  const companies = await db.rows<{ tenantId: string }>(sql`select tenant_id from platform.tenant_account`);
  let count = 0;
  for (const { tenantId } of companies) {
    for (const column of columns) {
      for (let done = batch; done === batch; count += done) done = await resealSome(owner, ring, tenantId, column);
    }
  }
  await db.run(sql`update auth.data_key set resealed_at = ${new Date()} where id = ${id}`);
  return count;
}

async function resealSome(owner: Pool, ring: KeyRing, tenantId: string, { table, column }: Column): Promise<number> {
  const [of, name] = [identifier(table), identifier(column)];
  const client = await owner.connect();
  try {
    await client.query("begin");
    const db = rowsOn(client);
    await db.rows(sql`select set_config('heartwood.tenant', ${tenantId}, true)`);
    const found = await db.rows<{ id: string; text: string }>(sql`
      select id, ${name} as text from ${of}
      where tenant_id = ${tenantId} and ${name} not like ${`sealed:${ring.current().id}:%`} and ${name} <> '(erased)'
      limit ${batch} for update`);
    const sealed = found.map(({ text }) => seal(isSealed(text) ? unseal(text, ring) : text, ring));
    await db.run(sql`
      update ${of} t set ${name} = s.text from unnest(${found.map((row) => row.id)}::uuid[], ${sealed}::text[]) as s (id, text)
      where t.tenant_id = ${tenantId} and t.id = s.id`);
    await client.query("commit");
    return found.length;
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

/** Encrypts second factors anew that stand under the secret before; says how many it was. */
export async function resealSecondFactors(owner: Pool, secret: HouseSecret): Promise<number> {
  const { keys, currentVersion } = secretsOf(secret);
  const db = rowsOn(owner);
  const rows = await db.rows<{ id: string; secret: string; backupCodes: string }>(sql`
    select id, secret, backup_codes from auth.two_factor
    where secret not like ${`$ba$${currentVersion}$%`} or backup_codes not like ${`$ba$${currentVersion}$%`}`);
  const key = { keys, currentVersion, legacySecret: secret.previous ?? secret.current };
  const anew = async (data: string): Promise<string> => symmetricEncrypt({ key, data: await symmetricDecrypt({ key, data }) });
  const texts = await Promise.all(
    rows.map(async (row) => ({ id: row.id, secret: await anew(row.secret), codes: await anew(row.backupCodes) })),
  );
  await db.run(sql`
    update auth.two_factor t set secret = s.secret, backup_codes = s.codes
    from unnest(${texts.map((text) => text.id)}::uuid[], ${texts.map((text) => text.secret)}::text[],
      ${texts.map((text) => text.codes)}::text[]) as s (id, secret, codes)
    where t.id = s.id`);
  return texts.length;
}
