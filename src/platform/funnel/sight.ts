// Who sees what: whether a person may read a record or a file is asked of the registers themselves, so that there is one answer.
import { groupedBy } from "../../kernel/group.ts";
import { type Id, newId } from "../../kernel/id.ts";
import { Refusal } from "../../kernel/refusal.ts";
import { Sql, sql } from "../database/sql.ts";
import { readStoredFile } from "../files/store.ts";
import { actorsOf } from "../identity/actors.ts";
import type { Actor, ReadContext, Reading, StoredFile } from "../operation/context.ts";
import type { Operation } from "../operation/operation.ts";
import type { Register } from "../operation/register.ts";
import type { Registry } from "../operation/registry.ts";
import { jsonSchema, kindOfJson } from "../operation/shape.ts";
import { may, mayAtAll } from "./permission.ts";

/** Asks the register's own `get`. */
export async function mayRead(registry: Registry, subject: string, id: Id, context: ReadContext): Promise<boolean> {
  const get = registry.registers.get(subject)?.get;
  if (!get || !(await may(get, { id }, context))) return false;
  try {
    await get.run({ id } as never, context as never);
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.code === "notFound") return false;
    throw error;
  }
}

export interface SeenFile {
  readonly file: StoredFile;
  /** The record that opens it, when its reads are logged. */
  readonly loggedAs: { readonly operation: string; readonly id: Id } | undefined;
}

/**
 * The file, when a record that the asker may read names it, or they brought it in and no record names it yet. What the house brought in
 * may be taken up by an operation, as long as no record names it, but is given to nobody at the door.
 */
export async function seenFile(
  registry: Registry,
  context: ReadContext,
  id: Id,
  asHouse: () => ReadContext,
  at: "door" | "operation",
): Promise<SeenFile | undefined> {
  const file = await readStoredFile(context.db, context.tenantId, id);
  if (!file) return undefined;
  if (context.actor.kind === "system") return { file, loggedAs: undefined };
  const through = await recordNaming(registry, context, id);
  if (through) return { file, loggedAs: await loggedFor(registry, context, through.get, through.row) };
  if (file.userId === null ? at === "door" : file.userId !== context.actor.userId) return undefined;
  return (await recordNaming(registry, asHouse(), id)) ? undefined : { file, loggedAs: undefined };
}

type Row = Readonly<Record<string, unknown>> & { readonly id: Id };

/** What hangs on a record, as a comment's file does, is as confidential as the record. */
async function loggedFor(registry: Registry, context: ReadContext, { name, logged }: Operation, row: Row): Promise<SeenFile["loggedAs"]> {
  if (logged === true || (typeof logged === "function" && logged(row, {}).length > 0)) return { operation: name, id: row.id };
  const about = typeof row["subject"] === "string" ? registry.registers.get(row["subject"])?.get : undefined;
  const id = row["recordId"];
  if (!about?.logged || typeof id !== "string") return undefined;
  const record = (await about.run({ id } as never, context as never).catch(nothingSeen)) as Row;
  return loggedFor(registry, context, about, { ...record, subject: undefined, id: id as Id });
}

async function recordNaming(registry: Registry, context: ReadContext, fileId: Id): Promise<{ get: Operation; row: Row } | undefined> {
  for (const { list, get, row } of registry.registers.values()) {
    if (!mayAtAll(context.actor, list)) continue;
    for (const [column, schema] of Object.entries(jsonSchema(row).properties ?? {})) {
      if (kindOfJson(schema) !== "file") continue;
      const asked = { filter: { [column]: fileId }, limit: 1 };
      if (!(await may(list, asked, context))) continue;
      const { rows } = (await list.run(asked as never, context as never).catch(nothingSeen)) as { rows: Row[] };
      if (rows[0]) return { get, row: rows[0] };
    }
  }
  return undefined;
}

// A column that is secret to the asker cannot be asked for; that is a no, not a failure.
function nothingSeen(error: unknown): { rows: { id: Id }[] } {
  if (error instanceof Refusal) return { rows: [] };
  throw error;
}

/**
 * Those of the readings that the persons themselves would be given now. Readers with the same roles are asked about in one statement: the
 * register's own question, with each of them in the place of who asks. A register that puts a question of its own to each reader is asked
 * record by record.
 */
export async function readingsAllowed<R extends Reading>(
  registry: Registry,
  context: ReadContext,
  readings: readonly R[],
  as: (actor: Actor) => ReadContext,
): Promise<R[]> {
  const persons = [...new Set(readings.map((reading) => reading.personId))];
  const actors = await actorsOf(context.db, context.tenantId, persons, context.today);
  const known = readings.filter(({ personId }) => actors.has(personId));
  const groups = groupedBy(known, ({ personId, about }) => `${about.subject} ${JSON.stringify(actors.get(personId)!.grants)}`);
  const seen = new Set<string>();
  for (const group of groups.values()) {
    const { personId, about } = group[0]!;
    const register = registry.registers.get(about.subject);
    if (!register || !mayAtAll(actors.get(personId)!, register.get)) continue;
    if (register.get.may.every((entry) => typeof entry === "string")) {
      for (const reading of await seenTogether(register, context, group, as(inEveryonesPlace(actors.get(personId)!)))) seen.add(reading);
    } else {
      for (const one of group) {
        if (await mayRead(registry, about.subject, one.about.id, as(actors.get(one.personId)!)))
          seen.add(keyOf(one.personId, one.about.id));
      }
    }
  }
  return known.filter(({ personId, about }) => seen.has(keyOf(personId, about.id)));
}

const keyOf = (personId: Id, id: Id): string => `${personId} ${id}`;

// Stands for whoever is asked about. What a register does with it other than compare finds nobody, so that a doubt is a no.
const anyone = newId();
const inEveryonesPlace = (actor: Actor): Actor => ({ ...actor, personId: anyone, userId: null, name: "" });

async function seenTogether(register: Register, context: ReadContext, readings: readonly Reading[], asked: ReadContext): Promise<string[]> {
  const question = withAsker(register.sight(asked, sql`asker.record_id`));
  const rows = await context.db.rows<{ personId: Id; id: Id }>(sql`
    select asker.person_id, s.id
    from unnest(${readings.map((reading) => reading.personId)}::uuid[], ${readings.map((reading) => reading.about.id)}::uuid[])
      as asker (person_id, record_id)
    cross join lateral (${question}) s`);
  return rows.map((row) => keyOf(row.personId, row.id));
}

/** The same statement with each asker in the place of the one it was made for. */
function withAsker({ strings, values }: Sql): Sql {
  return values.reduce<Sql>(
    (all, value, place) =>
      sql`${all}${value === anyone ? sql`asker.person_id` : new Sql(["", ""], [value])}${new Sql([strings[place + 1]!], [])}`,
    new Sql([strings[0]!], []),
  );
}
