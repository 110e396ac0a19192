// The data keys in the database, each wrapped by a key that is made of the house's secret. The secret can change, and so can the keys.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import type { Pool } from "../database/pool.ts";
import { rowsOn, sql } from "../database/sql.ts";
import { type DataKey, type KeyRing, ringOf } from "./ring.ts";

export interface HouseSecret {
  readonly current: string;
  /** What it was before, for as long as something is still encrypted with it. */
  readonly previous?: string | undefined;
}

interface Kept {
  readonly id: number;
  readonly wrapped: string;
  readonly secretId: string;
  readonly activeAt: Date;
}

const nonceBytes = 12;
const tagBytes = 16;

export const secretIdOf = (secret: string): string => createHmac("sha256", secret).update("heartwood secret id").digest("hex").slice(0, 12);

const wrapping = (secret: string): Buffer => Buffer.from(hkdfSync("sha256", secret, "", "heartwood data keys", 32));

function wrap(bytes: Buffer, id: number, secret: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", wrapping(secret), nonce).setAAD(Buffer.from(String(id)));
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]).toString("base64");
}

function unwrap({ id, wrapped, secretId }: Kept, { current, previous }: HouseSecret): Buffer {
  const secret = [current, previous].find((one) => one !== undefined && secretIdOf(one) === secretId);
  if (secret === undefined) {
    throw new Error(
      "HEARTWOOD_SECRET is not the one that this database's keys are wrapped with. Start with the old secret, or give it as " +
        "HEARTWOOD_SECRET_PREVIOUS beside the new one. Nothing was changed.",
    );
  }
  const bytes = Buffer.from(wrapped, "base64");
  const decipher = createDecipheriv("aes-256-gcm", wrapping(secret), bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(String(id))).setAuthTag(bytes.subarray(bytes.length - tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, bytes.length - tagBytes)), decipher.final()]);
}

/** The ring of a house; makes the first key, and wraps anew what is still wrapped by the secret before. */
export async function openRing(owner: Pool, secret: HouseSecret, clock: () => Date = () => new Date()): Promise<KeyRing> {
  const db = rowsOn(owner);
  const known = () => db.rows<Kept>(sql`select id, wrapped, secret_id, active_at from auth.data_key order by id`);
  let rows = await known();
  if (rows.length === 0) {
    await addKey(owner, secret, 1, new Date(0));
    rows = await known();
  }
  const keys: DataKey[] = rows.map((row) => ({ id: row.id, activeAt: row.activeAt, bytes: unwrap(row, secret) }));
  const currentId = secretIdOf(secret.current);
  for (const [place, { id, bytes }] of keys.entries()) {
    if (rows[place]!.secretId === currentId) continue;
    await db.run(sql`update auth.data_key set wrapped = ${wrap(bytes, id, secret.current)}, secret_id = ${currentId} where id = ${id}`);
  }
  return ringOf(keys, clock);
}

/** How long every server has to read a new key before it is used. */
export const noticeSeconds = 60;

/** Makes a new key; says its number. */
export async function makeKey(owner: Pool, secret: HouseSecret, activeAt: Date): Promise<number> {
  const { newest } = await rowsOn(owner).row<{ newest: number }>(sql`select coalesce(max(id), 0) as newest from auth.data_key`);
  await addKey(owner, secret, newest + 1, activeAt);
  return newest + 1;
}

async function addKey(owner: Pool, { current }: HouseSecret, id: number, activeAt: Date): Promise<void> {
  await rowsOn(owner).run(sql`
    insert into auth.data_key (id, wrapped, secret_id, active_at)
    values (${id}, ${wrap(randomBytes(32), id, current)}, ${secretIdOf(current)}, ${activeAt}) on conflict (id) do nothing`);
}
