// A register is a list of records one may look through: desks, invoices, people. From one declaration come its `list` and `get`
// operations with filter, search, sort, cursor, totals and permission, its screens, its place in search and its export.
import { z } from "zod";
import { type Day as KernelDay, isDay } from "../../kernel/day.ts";
import { isId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { Money as KernelMoney } from "../../kernel/money.ts";
import { identifier, join, preparedWhenUsual, snake, type Sql, sql, whole } from "../database/sql.ts";
import { isSealed, seal, unseal } from "../secret/ring.ts";
import type { ReadContext } from "./context.ts";
import { Day, Id } from "./field.ts";
import { type May, operation, type Operation } from "./operation.ts";
import { jsonSchema, kindOf, present } from "./shape.ts";

export interface RegisterDeclaration<Row extends z.ZodObject> {
  /** `module.subject`, e.g. `facilities.desk`. */
  readonly name: string;
  /** What the list is called, in the plural: "Desks". */
  readonly title: string;
  readonly does: string;
  readonly may: readonly May[];
  /** The columns, in the order they are shown. It must have `id`; a `state` column is shown as a badge. */
  readonly row: Row;
  /** The column by which a record is called in pickers, links and search. */
  readonly label: keyof z.output<Row> & string;
  /** The whole list as one SELECT; its columns are the row's names in snake_case. A Money column `open` is minor units, with its
   *  currency in `open_currency` or `currency`. It must filter on `tenant_id = ${context.tenantId}`. */
  readonly from: (context: ReadContext, asOf: KernelDay) => Sql;
  /** Text columns that search looks into. */
  readonly search?: readonly (keyof z.output<Row> & string)[];
  /** Column to sort by when nothing is asked, `-` before it for descending. */
  readonly sort?: string;
  /** The list can be seen as of another day. */
  readonly dated?: boolean;
  /** Narrows what someone sees who is admitted only by `whoever` or `self`: a condition on the row's columns, or undefined for all. */
  readonly sees?: (context: ReadContext) => Sql | undefined;
  /** Columns that only holders of these roles receive; for everyone else they are null, cannot be filtered, sorted or totalled. */
  readonly secret?: Readonly<Record<string, readonly string[]>>;
  /** Columns that grants at one place are matched against. */
  readonly places?: Readonly<Partial<Record<"entity" | "unit" | "site", string>>>;
  /** Money columns whose sum is shown under the list. */
  readonly totals?: readonly (keyof z.output<Row> & string)[];
  /** Kept out of the navigation: lines and other records reached from their parent. */
  readonly inner?: boolean;
  /** Every read is logged with its reader and the records they were shown; with a column, of those records where it is true. */
  readonly logged?: boolean | (keyof z.output<Row> & string);
  /** Its persons deal with the records, and none of them is about a person: what is given out about someone tells only what they did. */
  readonly worklist?: boolean;
  /** Its best plans depend on no value but a text that is looked for: a long list that is read along one index. They are made once. */
  readonly keepsPlans?: boolean;
  /** An index finds parts of texts in its searched columns. Whether it serves depends on the text, so search plans it for each. */
  readonly searchIndexed?: boolean;
  /**
   * It grows with the years: search looks through the newest of it, whose identifiers are the highest. With a column, it finds by the
   * beginning of that number, as typed or in capitals, however old the record: by an index `(tenant_id, number text_pattern_ops)`.
   */
  readonly grows?: true | (keyof z.output<Row> & string);
}

export interface Register {
  readonly name: string;
  readonly title: string;
  readonly label: string;
  readonly inner: boolean;
  readonly dated: boolean;
  readonly searchable: boolean;
  readonly searchIndexed: boolean;
  readonly worklist: boolean;
  readonly row: z.ZodObject;
  readonly list: Operation;
  readonly get: Operation;
  /** A few records with the text in a searched column that whoever asks may read: subject, id, label, whether that is written down. */
  readonly hits: (context: ReadContext, text: string, limit: number) => Sql;
  /** The record with that identifier, if whoever asks may read it: for questions about many readers at once. */
  readonly sight: (context: ReadContext, id: Sql) => Sql;
}

export interface ListInput {
  filter?: Record<string, string>;
  search?: string;
  sort?: string;
  cursor?: string;
  limit: number;
  count?: boolean;
  asOf?: KernelDay;
}

const Filter = z
  .record(z.string().max(60), z.string().max(500))
  .describe("Column to value. A value may begin with `<`, `>`, `<=`, `>=`, `!` or `~` (contains); several values are separated by `|`.");

export function register<Row extends z.ZodObject>(declaration: RegisterDeclaration<Row>): Register {
  const input = z.strictObject({
    filter: Filter.optional(),
    search: z.string().max(200).optional().describe("Words to find in the record's names and texts."),
    sort: z.string().max(60).optional().describe("A column, with `-` before it for descending."),
    cursor: z.string().max(2000).optional().describe("The `next` of the page before."),
    limit: z.number().int().min(1).max(1000).default(50),
    count: z.boolean().optional().describe("Also count all rows and add up the totals."),
    asOf: Day.optional().describe("As it stood on that day."),
  });
  const row = declaration.row;
  const list = operation({
    name: `${declaration.name}.list`,
    title: declaration.title,
    does: declaration.does,
    kind: "read",
    narrows: true,
    keepsPlans: (asked) => declaration.keepsPlans === true && !looksInto(asked),
    logged: loggedRows(declaration.logged),
    may: declaration.may,
    input,
    output: z.object({
      rows: z.array(row),
      next: z.string().nullable(),
      count: z.number().int().nullable(),
      totals: z.array(z.object({ column: z.string(), amount: z.string(), currency: z.string() })),
    }),
    refuses: {
      unknownColumn: "There is no column {column} here. Columns: {columns}",
      badFilter: "The filter on {column} cannot be read: {value}",
    },
    run: async (asked, context) => listRows(declaration, asked as ListInput, context) as never,
  });
  const get = operation({
    name: `${declaration.name}.get`,
    title: `One of: ${declaration.title}`,
    does: `Reads one record of ${declaration.title.toLowerCase()}.`,
    kind: "read",
    narrows: true,
    keepsPlans: true,
    logged: loggedRows(declaration.logged),
    may: declaration.may,
    input: z.strictObject({ id: Id, asOf: Day.optional() }),
    output: row.extend({ can: z.array(z.string()) }),
    refuses: { notFound: "There is no such record, or it is not yours to see." },
    run: async (asked, context) => {
      const found = await visibleRows(declaration, context, sql`r.id = ${asked.id}`, asked.asOf);
      if (!found[0]) refuse("notFound");
      return { ...found[0], can: await context.can(declaration.name, found[0]) } as never;
    },
  });
  return {
    name: declaration.name,
    title: declaration.title,
    label: declaration.label,
    inner: declaration.inner ?? false,
    dated: declaration.dated ?? false,
    searchable: (declaration.search ?? []).length > 0,
    searchIndexed: declaration.searchIndexed ?? false,
    worklist: declaration.worklist ?? false,
    row,
    list: list as unknown as Operation,
    get: get as unknown as Operation,
    hits: (context, text, limit) => hitsIn(declaration as unknown as Declaration, context, text, limit),
    sight: (context, id) => sql`
      select r.id from (${declaration.from(context, context.today)}) r
      where r.id = ${id} and ${fence(declaration as unknown as Declaration, context)}`,
  };
}

/** How a text is best found depends on the text. */
const looksInto = ({ search, filter = {} }: { search?: string; filter?: Readonly<Record<string, string>> }): boolean =>
  search !== undefined || Object.values(filter).some((value) => value.startsWith("~"));

/** Which of the records that are shown are written down. */
function loggedRows(logged: boolean | string | undefined): Operation["logged"] {
  if (typeof logged !== "string") return logged;
  return (output) => {
    const { rows = [output as Record_] } = output as { rows?: readonly Record_[] };
    return rows.filter((row) => row[logged] === true).map((row) => String(row["id"]));
  };
}

type Declaration = RegisterDeclaration<z.ZodObject>;
type Record_ = Record<string, unknown>;

async function visibleRows(declaration: unknown, context: ReadContext, condition: Sql, asOf?: KernelDay): Promise<Record_[]> {
  const register_ = declaration as Declaration;
  const rows = await context.db.rows<Record_>(
    preparedWhenUsual(
      sql`select * from (${register_.from(context, asOf ?? context.today)}) r where ${condition} and ${fence(register_, context)}`,
    ),
  );
  return rows.map(shaperOf(register_, context));
}

async function listRows(declaration: unknown, asked: ListInput, context: ReadContext) {
  const register_ = declaration as Declaration;
  const source = sql`(${register_.from(context, asked.asOf ?? context.today)}) r`;
  const where = join(
    [fence(register_, context), ...conditions(register_, asked, context)].map((part) => sql`(${part})`),
    sql` and `,
  );
  const order = orderOf(register_, asked, context);
  const kind = kindOf(register_.row.shape[order.column] as z.ZodType);
  const column = comparable(register_, order.column);
  const direction = order.descending ? sql`desc` : sql`asc`;
  const isFilled = !(register_.row.shape[order.column] as z.ZodType).safeParse(null).success;
  const after = asked.cursor ? afterCursor(asked.cursor, { column, kind, isFilled, descending: order.descending }) : sql`true`;
  const found = await context.db.rows<Record_>(
    preparedWhenUsual(sql`
    select r.*, (${column})::text as cursor_key from ${source} where ${where} and ${after}
    order by ${isFilled ? sql`` : sql`(${column} is null),`} ${column} ${direction}, r.id ${direction} limit ${whole(asked.limit + 1)}`),
  );
  const page = found.slice(0, asked.limit);
  const last = page.at(-1);
  return {
    rows: page.map(shaperOf(register_, context)),
    next: found.length > asked.limit && last ? JSON.stringify([last["cursorKey"], last["id"]]) : null,
    ...(asked.count ? await countAndTotals(register_, context, source, where) : { count: null, totals: [] }),
  };
}

async function countAndTotals(declaration: Declaration, context: ReadContext, source: Sql, where: Sql) {
  const { count } = await context.db.row<{ count: number }>(sql`select count(*)::int as count from ${source} where ${where}`);
  const totals = [];
  for (const column of declaration.totals ?? []) {
    if (hidden(declaration, column, context)) continue;
    const currency = currencyColumn(declaration, column);
    const sums = await context.db.rows<{ minor: string; currency: string }>(sql`
      select sum(r.${identifier(snake(column))})::text as minor, r.${currency} as currency from ${source}
      where ${where} and r.${currency} is not null group by r.${currency} order by r.${currency}`);
    for (const sum of sums) totals.push({ column, ...new KernelMoney(BigInt(sum.minor), sum.currency).toJSON() });
  }
  return { count, totals };
}

function currencyColumn(declaration: Declaration, column: string): Sql {
  return identifier(`${column}Currency` in declaration.row.shape ? snake(`${column}Currency`) : "currency");
}

/** What this person may see at all: everything by a role held everywhere, else rows at their places, else what `sees` leaves. */
function fence(declaration: Declaration, context: ReadContext): Sql {
  const roles = declaration.may.filter((may): may is string => typeof may === "string");
  const everywhere = context.holds("owner") || roles.some((role) => role !== "anyone" && context.holds(role));
  if (everywhere) return sql`true`;
  const parts: Sql[] = [];
  for (const grant of context.actor.grants) {
    const column = grant.scope && roles.includes(grant.role) ? declaration.places?.[grant.scope.kind] : undefined;
    if (column && grant.scope) parts.push(sql`r.${identifier(snake(column))} = ${grant.scope.id}`);
  }
  const narrowed = declaration.sees?.(context);
  const admitted = roles.includes("anyone") || declaration.may.some((may) => typeof may !== "string");
  if (admitted) parts.push(narrowed ?? (roles.includes("anyone") ? sql`true` : sql`false`));
  return parts.length > 0 ? sql`(${join(parts, sql` or `)})` : sql`false`;
}

/** Of so many found records the best are chosen, so that a text that is nearly everywhere does not read all of them. */
const candidates = 200;
/** Of what grows with the years. */
const newest = 5000;

/** What begins with the text comes first. */
function hitsIn(declaration: Declaration, context: ReadContext, search: string, limit: number): Sql {
  const { logged = false, grows } = declaration;
  const seen = sql`select * from (${declaration.from(context, context.today)}) r where ${fence(declaration, context)}`;
  const label = hidden(declaration, declaration.label, context) ? sql`null` : sql`r.${identifier(snake(declaration.label))}`;
  const isLogged = typeof logged === "string" ? sql`r.${identifier(snake(logged))}` : logged ? sql`true` : sql`false`;
  const among = (rows: Sql, condition: Sql): Sql =>
    sql`(select r.id, ${label}::text as label, ${isLogged} as logged from (${rows}) r where ${condition} limit ${whole(candidates)})`;
  const [text] = conditions(declaration, { search, limit }, context);
  const parts = [among(grows ? sql`${seen} order by r.id desc limit ${whole(newest)}` : seen, text!)];
  if (typeof grows === "string" && !hidden(declaration, grows, context)) {
    for (const typed of [search, search.toUpperCase()]) parts.push(among(seen, beginning(grows, typed)));
  }
  return sql`(select ${declaration.name}::text as subject, c.id, c.label, c.logged from (${join(parts, sql` union `)}) c
    order by c.label ilike ${`${escaped(search)}%`} desc, c.label, c.id limit ${whole(limit)})`;
}

/** By comparison: a kept plan reads no index for a pattern it does not know beforehand, nor any plan behind the fence for a function. */
function beginning(column: string, text: string): Sql {
  const number = sql`r.${identifier(snake(column))}`;
  return sql`${number} ~>=~ ${text} and ${number} ~<~ ${`${text}\u{10FFFF}`}`;
}

const escaped = (text: string): string => text.replace(/[\\%_]/g, (sign) => `\\${sign}`);

function conditions(declaration: Declaration, asked: ListInput, context: ReadContext): Sql[] {
  const parts: Sql[] = [];
  if (asked.search) {
    const like = `%${escaped(asked.search)}%`;
    const columns = (declaration.search ?? [declaration.label]).filter((column) => !hidden(declaration, column, context));
    const found = columns.map((column) => sql`r.${identifier(snake(column))}::text ilike ${like}`);
    parts.push(found.length > 0 ? join(found, sql` or `) : sql`false`);
  }
  for (const [name, value] of Object.entries(asked.filter ?? {})) parts.push(filterOn(declaration, name, value, context));
  return parts;
}

function known(declaration: Declaration, name: string, context: ReadContext): string {
  if (!Object.hasOwn(declaration.row.shape, name) || hidden(declaration, name, context)) {
    const columns = Object.keys(declaration.row.shape).filter((column) => !hidden(declaration, column, context));
    refuse("unknownColumn", { column: name, columns: columns.join(", ") }, ["filter"]);
  }
  return name;
}

const comparisons: Readonly<Record<string, Sql>> = { "<=": sql`<=`, ">=": sql`>=`, "<": sql`<`, ">": sql`>` };

const composed = new Set(["array", "object", "json"]);

/** A column as it is compared and sorted: decimals arrive as text and are numbers, what is composed of parts is its text. */
function comparable(declaration: Declaration, name: string): Sql {
  const column = sql`r.${identifier(snake(name))}`;
  const kind = kindOf(declaration.row.shape[name] as z.ZodType);
  if (kind === "decimal") return sql`(${column})::numeric`;
  return composed.has(kind) ? sql`(${column})::text` : column;
}

function filterOn(declaration: Declaration, name: string, value: string, context: ReadContext): Sql {
  const column = comparable(declaration, known(declaration, name, context));
  const kind = kindOf(declaration.row.shape[name] as z.ZodType);
  const cast = (text: string): Sql => castTo(kind, text) ?? refuse("badFilter", { column: name, value }, ["filter", name]);
  if (isSealedColumn(declaration, name)) return sealedFilter(column, name, value);
  if (value.startsWith("~")) {
    return sql`${column}::text ilike ${`%${escaped(value.slice(1))}%`}`;
  }
  if (value === "") return sql`${column} is null`;
  if (value === "!") return sql`${column} is not null`;
  if (value.startsWith("!")) return sql`${column} is distinct from ${cast(value.slice(1))}`;
  const sign = Object.keys(comparisons).find((start) => value.startsWith(start));
  if (sign) return sql`${column} ${comparisons[sign]!} ${cast(value.slice(sign.length))}`;
  const values = value.split("|").map(cast);
  return sql`(${join(
    values.map((one) => sql`${column} = ${one}`),
    sql` or `,
  )})`;
}

const isSealedColumn = (declaration: Declaration, name: string): boolean =>
  present(jsonSchema(declaration.row.shape[name] as z.ZodType))["x-sealed"] === true;

/** The same value is sealed to the same text, so whole values are found; nothing can be said about parts or order. */
function sealedFilter(column: Sql, name: string, value: string): Sql {
  if (value === "") return sql`${column} is null`;
  if (value === "!") return sql`${column} is not null`;
  if (/^[~<>!]/.test(value)) refuse("badFilter", { column: name, value }, ["filter", name]);
  return sql`${column} = any(${value.split("|").map((text) => seal(text))}::text[])`;
}

function castTo(kind: string, text: string): Sql | undefined {
  if (kind === "id" || kind === "ref" || kind === "file") return isId(text) ? sql`${text}::uuid` : undefined;
  if (kind === "day") return isDay(text) ? sql`${text}::date` : undefined;
  if (kind === "instant")
    return /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text)) ? sql`${new Date(text)}::timestamptz` : undefined;
  if (kind === "boolean") return text === "true" || text === "false" ? sql`${text}::boolean` : undefined;
  if (kind === "integer" || kind === "number" || kind === "decimal") {
    return /^-?\d{1,20}(\.\d{1,18})?$/.test(text) ? sql`${text}::numeric` : undefined;
  }
  // An amount is compared in minor units of its own currency; the face converts what a person typed.
  if (kind === "money") return /^-?\d{1,18}$/.test(text) ? sql`${text}::bigint` : undefined;
  return composed.has(kind) ? undefined : sql`${text}::text`;
}

function orderOf(declaration: Declaration, asked: ListInput, context: ReadContext): { column: string; descending: boolean } {
  const wanted = asked.sort ?? declaration.sort ?? declaration.label;
  const descending = wanted.startsWith("-");
  return { column: known(declaration, descending ? wanted.slice(1) : wanted, context), descending };
}

/** Whether a cursor's key can be compared with a column of that kind; the database prints it in its own way. */
function fitsType(text: string, kind: string): boolean {
  if (kind === "id" || kind === "ref" || kind === "file") return isId(text);
  if (kind === "day") return isDay(text);
  if (kind === "instant") return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?$/.test(text);
  if (kind === "boolean") return /^(true|false)$/.test(text);
  if (kind === "money" || kind === "integer") return /^-?\d{1,18}$/.test(text);
  return kind !== "number" && kind !== "decimal" ? true : /^-?\d{1,20}(\.\d{1,20})?$/.test(text);
}

interface SortedBy {
  readonly column: Sql;
  readonly kind: string;
  /** The column always has a value, so that it can be read along an index. */
  readonly isFilled: boolean;
  readonly descending: boolean;
}

function afterCursor(cursor: string, { column, kind, isFilled, descending }: SortedBy): Sql {
  let key: unknown;
  try {
    key = JSON.parse(cursor);
  } catch {
    key = undefined;
  }
  const isKey =
    Array.isArray(key) &&
    typeof key[1] === "string" &&
    isId(key[1]) &&
    (key[0] === null || (typeof key[0] === "string" && fitsType(key[0], kind)));
  if (!isKey) refuse("badFilter", { column: "cursor", value: cursor }, ["cursor"]);
  const [value, id] = key as [string | null, string];
  const than = descending ? sql`<` : sql`>`;
  if (value === null) return sql`(${column} is null and r.id ${than} ${id}::uuid)`;
  // An untyped parameter takes the column's own type, so that the order of text, days and amounts is kept.
  const isAfter = sql`(${column}, r.id) ${than} (${value}, ${id}::uuid)`;
  return isFilled ? isAfter : sql`(${column} is null or ${isAfter})`;
}

function hidden(declaration: Declaration, column: string, context: ReadContext): boolean {
  const roles = declaration.secret?.[column];
  return roles !== undefined && !context.holds("owner") && !roles.some((role) => context.holds(role));
}

/** Makes rows as their schema has them: amounts become Money, secret columns null, helper columns go. */
function shaperOf(declaration: Declaration, context: ReadContext): (found: Record_) => Record_ {
  const columns = Object.entries(declaration.row.shape).map(([name, schema]) => ({
    name,
    isHidden: hidden(declaration, name, context),
    isMoney: kindOf(schema as z.ZodType) === "money",
    isSealed: isSealedColumn(declaration, name),
    currency: `${name}Currency`,
  }));
  return (found) => {
    const row: Record_ = {};
    for (const { name, isHidden, isMoney, isSealed: maySeal, currency } of columns) {
      const value = found[name];
      if (value === undefined) throw new Error(`${declaration.name}: the list has no column ${name}`);
      if (isHidden) row[name] = null;
      else if (maySeal && typeof value === "string" && isSealed(value)) row[name] = unseal(value);
      else if (isMoney && value !== null)
        row[name] = new KernelMoney(BigInt(value as bigint), String(found[currency] ?? found["currency"]));
      else row[name] = value;
    }
    return row;
  };
}
