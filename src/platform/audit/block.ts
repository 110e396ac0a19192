// The audit trail sealed into blocks: each block holds a hash over its rows and over the block before it, so that a row changed,
// removed or slipped in later shows, by name. Sealing happens off the hot path, once a minute.
import { groupedBy } from "../../kernel/group.ts";
import type { Id } from "../../kernel/id.ts";
import { type Rows, type Sql, sql } from "../database/sql.ts";
import {
  type Block,
  blockBreaks,
  chainBreaks,
  deedBreaks,
  type ErasedRow,
  erasing,
  type FoundRow,
  type Head,
  headBreaks,
  headOfBlock,
} from "./chain.ts";

// The text that is hashed for one row. jsonb prints the same text on every PostgreSQL, so an export can be checked elsewhere.
const rowText: Sql = sql`jsonb_build_array(l.id, to_char(l.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), l.xact, l.user_id,
  l.person_id, l.actor_name, l.operation, l.reason, l.request_id, l.key, l.input, l.output, to_jsonb(l.object_ids))::text`;

const textHash: Sql = sql`sha256(convert_to(${rowText}, 'UTF8'))`;
// A row whose content two people agreed to erase counts by the hash it was sealed with, as long as it is what the erasure left.
const rowHash: Sql = sql`coalesce(case when e.log_id is not null and e.text_hash = ${textHash} then e.sealed_hash end, ${textHash})`;
const withErasures = (tenantId: Id): Sql => sql`
  left join (select distinct on (x.log_id) x.log_id, x.sealed_hash, x.text_hash from platform.trail_erasure x
    where x.tenant_id = ${tenantId} order by x.log_id, x.deed_id desc) e on e.log_id = l.id`;
const rowsNow: Sql = sql`string_agg(uuid_send(l.id) || ${rowHash}, ''::bytea order by l.xact, l.id)`;
const blockColumns: Sql = sql`b.tenant_id, b.number, b.after_xact, b.up_to_xact, b.row_count, b.previous_hash, b.hash,
  to_char(b.sealed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as sealed_at`;

/** Seals every finished row that no block holds yet. Returns how many rows were sealed. */
export async function sealAudit(db: Rows, tenantId: Id, now: Date): Promise<number> {
  const last = await headOf(db, tenantId);
  const afterXact = last?.upToXact ?? 0n;
  // Below this number every database transaction has ended, so no row can appear there any more.
  const { upToXact } = await db.row<{ upToXact: bigint }>(sql`select platform.open_xact() - 1 as up_to_xact`);
  const found = await db.maybe<{ count: number; rows: Buffer }>(sql`
    select count(*)::int as count, ${rowsNow} as rows from platform.operation_log l ${withErasures(tenantId)}
    where l.tenant_id = ${tenantId} and l.xact > ${afterXact} and l.xact <= ${upToXact} having count(*) > 0`);
  if (!found) return 0;
  const block = {
    tenantId,
    number: (last?.number ?? 0n) + 1n,
    afterXact,
    upToXact,
    rowCount: found.count,
    previousHash: last?.hash ?? "",
    sealedAt: now.toISOString(),
  };
  // Two servers sealing at once: the second finds the number taken and leaves it.
  await db.run(sql`
    insert into platform.audit_block
      (tenant_id, number, after_xact, up_to_xact, row_count, previous_hash, hash, sealed_at, sealed_rows)
    values (${tenantId}, ${block.number}, ${afterXact}, ${upToXact}, ${block.rowCount}, ${block.previousHash},
      encode(sha256(convert_to(${headOfBlock(block)}, 'UTF8') || ${found.rows}::bytea), 'hex'), ${now}, ${found.rows})
    on conflict do nothing`);
  return found.count;
}

const headOf = (db: Rows, tenantId: Id): Promise<(Head & { readonly upToXact: bigint }) | undefined> =>
  db.maybe(sql`
    select number, up_to_xact, hash from platform.audit_block where tenant_id = ${tenantId} order by number desc limit 1`);

export interface Verified {
  readonly blocks: number;
  readonly rows: number;
  /** Rows that no block holds yet; the next minute seals them. */
  readonly unsealed: number;
  readonly head: Head | undefined;
  readonly breaks: string[];
}

const blocksNamedMax = 20;

/** Recomputes every block from the rows, and lists what does not fit, each in a sentence. */
export async function verifyAudit(db: Rows, tenantId: Id, kept: readonly Head[] = []): Promise<Verified> {
  const blocks = await db.rows<Block & { found: number; fits: boolean }>(sql`
    select ${blockColumns}, null as sealed_rows, count(l.id)::int as found,
      case when b.sealed_rows is null
        then b.hash = coalesce(encode(sha256(convert_to(b.previous_hash
          || string_agg(encode(${rowHash}, 'hex'), '' order by l.xact, l.id), 'UTF8')), 'hex'), '')
        else b.sealed_rows = coalesce(${rowsNow}, ''::bytea) and b.hash = encode(sha256(convert_to(concat_ws(E'\n', b.previous_hash,
          b.tenant_id, b.number, b.after_xact, b.up_to_xact, b.row_count,
          to_char(b.sealed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), ''), 'UTF8') || b.sealed_rows), 'hex') end as fits
    from platform.audit_block b
    left join platform.operation_log l on l.tenant_id = b.tenant_id and l.xact > b.after_xact and l.xact <= b.up_to_xact
    ${withErasures(tenantId)}
    where b.tenant_id = ${tenantId}
    group by b.tenant_id, b.number order by b.number`);
  const bent = blocks.filter((block) => !block.fits || block.found !== block.rowCount).slice(0, blocksNamedMax);
  const inside = await breaksInside(
    db,
    tenantId,
    bent.map(({ number }) => number),
  );
  const { unsealed } = await db.row<{ unsealed: number }>(sql`
    select count(*)::int as unsealed from platform.operation_log
    where tenant_id = ${tenantId} and xact > ${blocks.at(-1)?.upToXact ?? 0n}`);
  const hashes = new Map(blocks.map(({ number, hash }) => [number, hash]));
  const head = blocks.at(-1);
  return {
    blocks: blocks.length,
    rows: blocks.reduce((sum, block) => sum + block.rowCount, 0),
    unsealed,
    head: head && { number: head.number, hash: head.hash },
    breaks: [
      ...blocks.flatMap((block, index) => chainBreaks(block, blocks[index - 1])),
      ...inside,
      ...(await erasureBreaks(db, tenantId)),
      ...headBreaks(kept, (at) => hashes.get(at)),
    ],
  };
}

/** Every erasure of content stands in the trail itself, with a digest over what it touched: nothing else may take content away. */
async function erasureBreaks(db: Rows, tenantId: Id): Promise<string[]> {
  const touched = await db.rows<ErasedRow & { told: string | null }>(sql`
    select x.log_id, x.deed_id, encode(x.sealed_hash, 'hex') as sealed_hash, encode(x.text_hash, 'hex') as text_hash, a.told
    from platform.trail_erasure x
    left join lateral (select l.output ->> 'trailDigest' as told from platform.operation_log l
      where l.tenant_id = ${tenantId} and l.operation = ${erasing} and l.object_ids @> array[x.deed_id]
        and l.output ->> 'id' = x.deed_id::text limit 1) a on true
    where x.tenant_id = ${tenantId} order by x.deed_id, x.log_id`);
  return deedBreaks(touched, new Map(touched.flatMap(({ deedId, told }) => (told ? [[deedId, told]] : []))));
}

/** The rows of bent blocks, in one statement, each named that does not fit. */
async function breaksInside(db: Rows, tenantId: Id, numbers: readonly bigint[]): Promise<string[]> {
  if (numbers.length === 0) return [];
  const of = sql`b.tenant_id = ${tenantId} and b.number = any(${numbers.map(String)}::bigint[])`;
  const blocks = await db.rows<Block>(sql`select ${blockColumns}, b.sealed_rows from platform.audit_block b where ${of} order by b.number`);
  const rows = await db.rows<FoundRow & { number: bigint }>(sql`
    select b.number, l.id, l.xact, encode(${rowHash}, 'hex') as hash from platform.audit_block b
    join platform.operation_log l on l.tenant_id = b.tenant_id and l.xact > b.after_xact and l.xact <= b.up_to_xact
    ${withErasures(tenantId)}
    where ${of} order by b.number, l.xact, l.id`);
  return blocks.flatMap((block) =>
    blockBreaks(
      block,
      rows.filter(({ number }) => number === block.number),
    ),
  );
}

/** Where a page of the export begins: in this block, after this row. */
interface Place {
  readonly block: bigint;
  readonly xact: bigint;
  readonly id: string;
}

const pageRows = 2000;
const firstPlace: Place = { block: 0n, xact: -1n, id: "00000000-0000-0000-0000-000000000000" };

/** One page of the trail as lines of a file: a block as an object, its rows after it as the very texts that were hashed. */
export async function exportAudit(db: Rows, tenantId: Id, cursor: string | undefined): Promise<{ lines: string[]; next: string | null }> {
  const from = cursor === undefined ? firstPlace : placeIn(cursor);
  const rows = await db.rows<{ number: bigint; xact: bigint; id: string; text: string | null }>(sql`
    select b.number, l.xact, l.id, case when l.id is not null then ${rowText} end as text from platform.audit_block b
    left join platform.operation_log l on l.tenant_id = b.tenant_id and l.xact > b.after_xact and l.xact <= b.up_to_xact
    where b.tenant_id = ${tenantId} and b.number >= ${from.block}
      and (b.number > ${from.block} or (l.xact, l.id) > (${from.xact}::bigint, ${from.id}::uuid))
    order by b.number, l.xact, l.id limit ${pageRows}`);
  const begun = [...new Set(rows.map(({ number }) => number))].filter((number) => number > from.block);
  const blocks = await db.rows<Block>(sql`
    select ${blockColumns}, b.sealed_rows from platform.audit_block b
    where b.tenant_id = ${tenantId} and b.number = any(${begun.map(String)}::bigint[])`);
  const heads = new Map(blocks.map((block) => [block.number, lineOf(block)]));
  const erased = await db.rows<ErasedRow>(sql`
    select x.log_id, x.deed_id, encode(x.sealed_hash, 'hex') as sealed_hash, encode(x.text_hash, 'hex') as text_hash
    from platform.trail_erasure x where x.tenant_id = ${tenantId} and x.log_id = any(${rows.map(({ id }) => id)}::uuid[])
    order by x.log_id, x.deed_id`);
  const before = groupedBy(erased, ({ logId }) => logId);
  const lines = rows.flatMap(({ number, id, text }, index) => [
    ...(heads.has(number) && rows[index - 1]?.number !== number ? [heads.get(number)!] : []),
    ...(before.get(id) ?? []).map((one) => JSON.stringify(one)),
    ...(text === null ? [] : [text]),
  ]);
  const last = rows.at(-1);
  const next = rows.length === pageRows && last ? [last.number, last.xact ?? 0n, last.id ?? firstPlace.id].join(":") : null;
  return { lines, next };
}

function placeIn(cursor: string): Place {
  const [block, xact, id] = cursor.split(":");
  return { block: BigInt(block!), xact: BigInt(xact!), id: id! };
}

const lineOf = (block: Block): string =>
  JSON.stringify({
    block: String(block.number),
    tenant: block.tenantId,
    after: String(block.afterXact),
    upTo: String(block.upToXact),
    count: block.rowCount,
    sealedAt: block.sealedAt,
    previous: block.previousHash,
    hash: block.hash,
    rows: block.sealedRows?.toString("base64") ?? null,
  });
