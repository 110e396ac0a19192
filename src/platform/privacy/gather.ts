// Everything that is held about a person in one file that they can read and another program can too (GDPR Art. 15 and 20): made of the
// registers themselves, so that whatever a department adds is in it. Where somebody only dealt with a record the fact and its days are
// given, not the record: it is about others (Art. 15(4)).
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { Id } from "../../kernel/id.ts";
import { sql } from "../database/sql.ts";
import { zipOf, type ZipMember } from "../files/zip.ts";
import { cellsOf, headingsOf } from "../http/export.ts";
import { type Cell, type Heading, sheetStream } from "../http/sheet.ts";
import { type CatalogueColumn, describedColumn } from "../operation/catalogue.ts";
import type { ReadContext } from "../operation/context.ts";
import type { Register } from "../operation/register.ts";
import type { Registry } from "../operation/registry.ts";
import { jsonSchema } from "../operation/shape.ts";

type Row = Readonly<Record<string, unknown>>;

const persons = new Set(["directory.person", "directory.party", "people.candidate"]);
/** The column that says whom a record is about, the first of these that a register has; any other names someone who dealt with it. */
const aboutColumns = ["requesterId", "personId", "holderId", "reservedForId", "partyId", "hostId", "reporterId"];
const pageRows = 1000;
const filesMax = 200 * 1024 * 1024;

interface Gathered {
  readonly zip: Buffer;
  readonly records: number;
  readonly files: number;
}

interface Part {
  readonly register: Register;
  readonly columns: readonly CatalogueColumn[];
  readonly about: Row[];
  readonly deeds: { readonly did: string; readonly row: Row }[];
}

export async function gatherAbout(context: ReadContext, registry: Registry, personId: Id): Promise<Gathered> {
  const parts: Part[] = [];
  for (const register of registry.registers.values()) {
    const part = await partOf(context, register, personId);
    if (part.about.length + part.deeds.length > 0) parts.push(part);
  }
  const { members: files, left } = await filesOf(context, parts);
  const trail = await trailOf(context, registry, personId);
  const reads = await readsOf(context, registry, personId);
  const told = parts.filter(({ about }) => about.length > 0);
  const members: ZipMember[] = [
    { name: "read me.txt", bytes: Buffer.from(letter(context, parts, left)) },
    { name: "records.json", bytes: Buffer.from(JSON.stringify(asJson(parts), undefined, 1)) },
    ...(await Promise.all(told.map(async (part) => ({ name: `records/${part.register.name}.csv`, bytes: await sheetOf(part) })))),
    { name: "what you did.csv", bytes: await table(["Day and time", "What"], [...deedLines(parts), ...trail].toSorted(byTime)) },
    { name: "when confidential records about you were read.csv", bytes: await table(["Day and time", "Which"], reads) },
    ...files,
  ];
  return { zip: zipOf(members), records: told.reduce((sum, { about }) => sum + about.length, 0), files: files.length };
}

const byTime = ([one = ""]: readonly string[], [other = ""]: readonly string[]): number => (one < other ? -1 : 1);

async function partOf(context: ReadContext, register: Register, personId: Id): Promise<Part> {
  const columns = Object.entries(jsonSchema(register.row).properties ?? {}).map(([name, schema]) => describedColumn(name, schema));
  const naming = columns.filter(({ ref }) => ref && persons.has(ref)).map(({ name }) => name);
  const own = register.name === "directory.person" ? "id" : undefined;
  const subject = register.worklist ? undefined : (own ?? aboutColumns.find((name) => naming.includes(name)));
  const part: Part = { register, columns, about: [], deeds: [] };
  for (const column of new Set([...(own ? [own] : []), ...naming])) {
    const rows = await rowsWith(context, register, column, personId);
    if (column === subject) part.about.push(...rows);
    else part.deeds.push(...rows.map((row) => ({ did: columns.find(({ name }) => name === column)!.title, row })));
  }
  return part;
}

async function rowsWith(context: ReadContext, { list }: Register, column: string, personId: Id): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | null | undefined = undefined; cursor !== null;) {
    const asked: object = { filter: { [column]: personId }, sort: "id", limit: pageRows, ...(cursor !== undefined && { cursor }) };
    const page = JSON.parse(JSON.stringify(await list.run(asked as never, context as never))) as { rows: Row[]; next: string | null };
    rows.push(...page.rows);
    cursor = page.next;
  }
  return rows;
}

const isTime = ({ kind }: CatalogueColumn): boolean => kind === "day" || kind === "instant";

/** Of what they only dealt with: which list, which record, in which part, and its days. */
function deedLines(parts: readonly Part[]): string[][] {
  return parts.flatMap(({ register, columns, deeds }) =>
    deeds.map(({ did, row }) => {
      const day = columns.filter(isTime).flatMap(({ name }) => row[name] ?? [])[0];
      return [String(day ?? ""), `${register.title}: ${did} (${String(row["id"])})`];
    }),
  );
}

const asJson = (parts: readonly Part[]): object =>
  Object.fromEntries(
    parts.map(({ register, columns, about, deeds }) => [
      register.name,
      {
        title: register.title,
        records: about,
        dealtWith: deeds.map(({ did, row }) => ({
          as: did,
          id: row["id"],
          ...Object.fromEntries(columns.filter((column) => isTime(column) && row[column.name]).map(({ name }) => [name, row[name]])),
        })),
      },
    ]),
  );

const sheetOf = ({ register, columns, about }: Part): Promise<Buffer> =>
  csv(
    register.title,
    columns.flatMap(headingsOf),
    about.map((row) => columns.flatMap((column) => cellsOf(column, row[column.name]))),
  );

const table = (titles: readonly string[], lines: readonly (readonly string[])[]): Promise<Buffer> =>
  csv(
    titles.join(", "),
    titles.map((title) => ({ title, kind: "text" })),
    lines.map((line) => line.map((text) => ({ kind: "text", text }))),
  );

const csv = (name: string, headings: readonly Heading[], rows: readonly (readonly Cell[])[]): Promise<Buffer> =>
  buffer(sheetStream({ name, headings, rows: Readable.from(rows) }, "csv"));

/** The files that records about them name, as long as they fit. */
async function filesOf(context: ReadContext, parts: readonly Part[]): Promise<{ members: ZipMember[]; left: string[] }> {
  const wanted = parts.flatMap(({ register, columns, about }) =>
    columns
      .filter(({ kind }) => kind === "file")
      .flatMap(({ name }) => about.flatMap((row) => (row[name] ? [{ of: register.name, id: row[name] as Id }] : []))),
  );
  const members: ZipMember[] = [];
  const left: string[] = [];
  let size = 0;
  for (const { of, id } of new Map(wanted.map((one) => [one.id, one])).values()) {
    const file = await context.db.maybe<{ name: string; size: number; hash: string | null }>(
      sql`select name, size, hash from platform.file where tenant_id = ${context.tenantId} and id = ${id}`,
    );
    if (!file || file.hash === null) continue;
    size += file.size;
    if (size > filesMax) left.push(`${of}: ${file.name}`);
    else
      members.push({ name: `files/${of}/${id.slice(-12)} ${file.name.replace(/[\\/]/g, "_")}`, bytes: (await context.readFile(id)).bytes });
  }
  return { members, left };
}

const titleOf = (registry: Registry, operation: string): string => registry.operations.get(operation)?.title ?? operation;

/** What they did by the trail: which operation and when. */
async function trailOf(context: ReadContext, registry: Registry, personId: Id): Promise<string[][]> {
  const rows = await context.db.rows<{ at: Date; operation: string }>(sql`
    select at, operation from platform.operation_log where tenant_id = ${context.tenantId} and person_id = ${personId} order by id`);
  return rows.map(({ at, operation }) => [at.toISOString(), titleOf(registry, operation)]);
}

/** When and what, not by whom: who works here is no recipient (CJEU C-579/21). */
async function readsOf(context: ReadContext, registry: Registry, personId: Id): Promise<string[][]> {
  const rows = await context.db.rows<{ at: Date; operation: string }>(sql`
    select at, operation from platform.read_log where tenant_id = ${context.tenantId} and object_ids @> ${[personId]}::uuid[] order by id`);
  return rows.map(({ at, operation }) => [at.toISOString(), titleOf(registry, operation)]);
}

function letter(context: ReadContext, parts: readonly Part[], left: readonly string[]): string {
  const lines = parts.map(
    ({ register, about, deeds }) => `- ${register.title}: ${about.length} records about you, ${deeds.length} you dealt with`,
  );
  return [
    `What is held about you, as of ${context.today}.`,
    "",
    "records.json holds everything for another program; the folder records holds the same as tables, the folder files the files.",
    "Records that you only dealt with are about others: of them the fact and the days are given.",
    "",
    ...lines,
    ...(left.length > 0 ? ["", "Too large for this file; ask for them:", ...left.map((name) => `- ${name}`)] : []),
    "",
    "You may ask to have wrong data corrected, to have data erased or their use restricted, and you may object. You may complain to the",
    "supervisory authority for data protection (GDPR Art. 15(1)).",
    "",
  ].join("\r\n");
}
