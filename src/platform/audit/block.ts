// The audit trail sealed into blocks: each block holds a hash over its rows and over the block before it, so that a row changed,
// removed or slipped in later shows. Sealing happens off the hot path, once a minute.
import type { Id } from "../../kernel/id.ts";
import { type Rows, type Sql, sql } from "../database/sql.ts";

interface Head {
  number: bigint;
  upToXact: bigint;
  hash: string;
}

const firstHead: Head = { number: 0n, upToXact: 0n, hash: "" };

// The text that is hashed for one row. jsonb prints the same text on every PostgreSQL, so an export can be checked elsewhere.
const rowText: Sql = sql`jsonb_build_array(l.id, to_char(l.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), l.xact, l.user_id,
  l.person_id, l.actor_name, l.operation, l.reason, l.request_id, l.key, l.input, l.output, to_jsonb(l.object_ids))::text`;

const chained = (previous: Sql): Sql => sql`encode(sha256(convert_to(${previous} || string_agg(
  encode(sha256(convert_to(${rowText}, 'UTF8')), 'hex'), '' order by l.xact, l.id), 'UTF8')), 'hex')`;

/** Seals every finished row that no block holds yet. Returns how many rows were sealed. */
export async function sealAudit(db: Rows, tenantId: Id, now: Date): Promise<number> {
  const head =
    (await db.maybe<Head>(sql`
      select number, up_to_xact, hash from platform.audit_block where tenant_id = ${tenantId} order by number desc limit 1`)) ?? firstHead;
  // Below this number every database transaction has ended, so no row can appear there any more.
  const { upTo } = await db.row<{ upTo: bigint }>(sql`select pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1 as up_to`);
  const sealed = await db.maybe<{ count: number; hash: string }>(sql`
    select count(*)::int as count, ${chained(sql`${head.hash}::text`)} as hash from platform.operation_log l
    where l.tenant_id = ${tenantId} and l.xact > ${head.upToXact} and l.xact <= ${upTo} having count(*) > 0`);
  if (!sealed) return 0;
  // Two servers sealing at once: the second finds the number taken and leaves it.
  await db.run(sql`
    insert into platform.audit_block
      (tenant_id, number, after_xact, up_to_xact, row_count, previous_hash, hash, sealed_at)
    values (${tenantId}, ${head.number + 1n}, ${head.upToXact}, ${upTo}, ${sealed.count}, ${head.hash}, ${sealed.hash}, ${now})
    on conflict do nothing`);
  return sealed.count;
}

/** Recomputes every block and lists what does not fit, each in a sentence. */
export async function auditBreaks(db: Rows, tenantId: Id): Promise<string[]> {
  const broken = await db.rows<{ number: bigint; rowCount: number; found: number; fits: boolean; linked: boolean }>(sql`
    select b.number, b.row_count, count(l.id)::int as found,
      coalesce(${chained(sql`b.previous_hash`)}, '') = b.hash as fits,
      b.previous_hash = coalesce(p.hash, '') and b.after_xact = coalesce(p.up_to_xact, 0) as linked
    from platform.audit_block b
    left join platform.audit_block p on p.tenant_id = b.tenant_id and p.number = b.number - 1
    left join platform.operation_log l on l.tenant_id = b.tenant_id and l.xact > b.after_xact and l.xact <= b.up_to_xact
    where b.tenant_id = ${tenantId}
    group by b.number, b.row_count, b.hash, b.previous_hash, b.after_xact, p.hash, p.up_to_xact
    order by b.number`);
  return broken
    .filter((block) => !block.fits || !block.linked || block.found !== block.rowCount)
    .map((block) => {
      if (block.found !== block.rowCount) return `Block ${block.number} was sealed over ${block.rowCount} rows and now has ${block.found}.`;
      return block.linked ? `A row of block ${block.number} was changed.` : `Block ${block.number} does not follow the one before it.`;
    });
}
