// What is held about a person, class by class: how much may go now, what stays until which day by which law, what is in use or in dispute.
import type { Day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import { identifier, join, type Sql, sql } from "../database/sql.ts";
import type { ReadContext } from "../operation/context.ts";
import { declared, type HoldOn, type Keeping, type KeptTable } from "../operation/keeping.ts";
import type { Registry } from "../operation/registry.ts";

export interface ClassPlan {
  readonly name: string;
  readonly title: string;
  readonly law: string;
  readonly months: number;
  readonly rows: number;
  /** Rows whose day has come. */
  readonly due: number;
  /** Rows whose purpose goes on. */
  readonly running: number;
  readonly held: number;
  /** The last day on which something of it must stay. */
  readonly until: Day | null;
  /** The day on which the next of it may go. */
  readonly next: Day | null;
  readonly matters: readonly string[];
  readonly becomes: "deleted" | "anonymous";
}

/** Of whom, and what was erased before. */
export interface Asked {
  readonly personId: Id;
  /** The day of the last deed: what had no text to take away and was due by then is done. */
  readonly since: Day | null;
}

export const erasedWord = "(erased)";

/** How long the classes are kept here: as the company decided, or as the departments propose. */
export async function keepingsOf(context: ReadContext, registry: Registry): Promise<Keeping[]> {
  const own = await context.db.rows<{ class: string; months: number; law: string }>(
    sql`select class, months, law from platform.keeping where tenant_id = ${context.tenantId}`,
  );
  const decided = new Map(own.map((one) => [one.class, one]));
  return registry.keeps.map((keeping) => ({ ...keeping, ...pick(decided.get(keeping.name)) }));
}

const pick = (own: { months: number; law: string } | undefined) => own && { months: own.months, law: own.law };

/** The rows `t` of a table that are about the person. */
function rowsAbout(context: ReadContext, keeping: Keeping, table: KeptTable, personId: Id): Sql {
  const { person, where } = table;
  const theirs =
    typeof person === "string"
      ? sql`t.${identifier(person)} = ${personId}`
      : sql`t.${identifier(person[0])} in (select x.${identifier(keeping.tables[person[1]]!.key ?? "id")} from ${identifier(person[1])} x
          where x.tenant_id = ${context.tenantId} and x.${identifier(keeping.tables[person[1]]!.person as string)} = ${personId})`;
  return sql`t.tenant_id = ${context.tenantId} and ${theirs}${where ? sql` and (${declared(where)})` : sql``}`;
}

const untilOf = (keeping: Keeping, { ended }: KeptTable): Sql => {
  const from =
    keeping.from === "day" ? sql`(${declared(ended)})::date` : sql`make_date(extract(year from (${declared(ended)}))::int, 12, 31)`;
  return sql`(${from} + make_interval(months => ${keeping.months}::int))::date`;
};

/** What is left in the row `t` to be taken away. A row without such a text is done with the first deed after its day. */
function remains(keeping: Keeping, table: KeptTable, since: Day | null): Sql {
  if (table.erases === "row") return sql`true`;
  const parts = table.erases.map(
    (column) => sql`t.${identifier(column)}::text not like ${`%${erasedWord}%`} and t.${identifier(column)}::text not in ('', '{}', '[]')`,
  );
  for (const file of table.files ?? [])
    parts.push(
      sql`exists (select from platform.file f where f.tenant_id = t.tenant_id and f.id = t.${identifier(file)} and f.hash is not null)`,
    );
  parts.push(sql`${since}::date is null`, sql`${untilOf(keeping, table)} >= ${since}::date`);
  return sql`(${join(
    parts.map((part) => sql`coalesce((${part}), false)`),
    sql` or `,
  )})`;
}

/** The rows `t` of a table whose day has come. */
export function dueRows(context: ReadContext, keeping: Keeping, table: KeptTable, asked: Asked, held: readonly HoldOn[]): Sql {
  const key = identifier(table.key ?? "id");
  return sql`${rowsAbout(context, keeping, table, asked.personId)} and ${untilOf(keeping, table)} < ${context.today}::date
    and not t.${key} = any(${held.map((one) => one.recordId)}::uuid[]) and ${remains(keeping, table, asked.since)}`;
}

interface Facts {
  readonly place: number;
  readonly rows: number;
  readonly due: number;
  readonly running: number;
  readonly held: Id[] | null;
  readonly until: Day | null;
  readonly next: Day | null;
}

export interface Plan {
  readonly classes: readonly ClassPlan[];
  readonly keepings: readonly Keeping[];
  readonly holds: readonly HoldOn[];
}

/** In one statement over all the tables that the departments declared. */
export async function planErasure(context: ReadContext, registry: Registry, asked: Asked): Promise<Plan> {
  const keepings = await keepingsOf(context, registry);
  const holds = (await registry.holdsOn?.(context)) ?? [];
  const tables = keepings.flatMap((keeping) => Object.entries(keeping.tables).map(([name, table]) => ({ keeping, name, table })));
  if (tables.length === 0) return { classes: [], keepings, holds };
  const heldIds = holds.map((one) => one.recordId);
  const facts = await context.db.rows<Facts>(
    join(
      tables.map(({ keeping, name, table }, place) => {
        const key = identifier(table.key ?? "id");
        const until = untilOf(keeping, table);
        const isHeld = sql`t.${key} = any(${heldIds}::uuid[])`;
        return sql`select ${place}::int as place, count(*)::int as rows,
          count(*) filter (where ${until} < ${context.today}::date and not ${isHeld}
            and ${remains(keeping, table, asked.since)})::int as due,
          count(*) filter (where (${declared(table.ended)}) is null)::int as running,
          json_agg(t.${key}) filter (where ${isHeld}) as held, max(${until}) as until,
          (min(${until}) filter (where ${until} >= ${context.today}::date) + 1) as next
        from ${identifier(name)} t where ${rowsAbout(context, keeping, table, asked.personId)}`;
      }),
      sql` union all `,
    ),
  );
  const classes = keepings.map((keeping) =>
    together(
      keeping,
      facts.filter(({ place }) => tables[place]!.keeping === keeping),
      holds,
      asked.personId,
    ),
  );
  return { classes: withIdentity(keepings, classes, context.today).filter(({ rows }) => rows > 0), keepings, holds };
}

function together(keeping: Keeping, facts: readonly Facts[], holds: readonly HoldOn[], personId: Id): ClassPlan {
  const sum = (of: (one: Facts) => number): number => facts.reduce((total, one) => total + of(one), 0);
  const held = new Set(facts.flatMap((one) => one.held ?? []));
  // A hold on the person is one on everything about them.
  const matters = holds.filter(({ recordId }) => recordId === personId || held.has(recordId)).map(({ matter }) => matter);
  const isWhole = holds.some(({ recordId }) => recordId === personId);
  const days = facts.flatMap(({ until }) => until ?? []).toSorted();
  return {
    name: keeping.name,
    title: keeping.title,
    law: keeping.law,
    months: keeping.months,
    rows: sum((one) => one.rows),
    due: isWhole ? 0 : sum((one) => one.due),
    running: sum((one) => one.running),
    held: isWhole ? sum((one) => one.rows) : held.size,
    until: days.at(-1) ?? null,
    next: facts.flatMap(({ next }) => next ?? []).toSorted()[0] ?? null,
    matters: [...new Set(matters)],
    becomes: Object.values(keeping.tables).every(({ erases }) => erases === "row") ? "deleted" : "anonymous",
  };
}

/** Who the person is stays as long as anything of theirs must. */
function withIdentity(keepings: readonly Keeping[], classes: readonly ClassPlan[], today: Day): ClassPlan[] {
  const others = classes.filter((_, place) => !keepings[place]!.isIdentity);
  const staying = others.filter((one) => one.running > 0 || one.held > 0 || (one.until !== null && one.until >= today));
  const days = staying.flatMap(({ until }) => until ?? []).toSorted();
  return classes.map((one, place) => {
    if (!keepings[place]!.isIdentity || staying.length === 0) return one;
    const running = staying.some((other) => other.running > 0) ? one.rows : one.running;
    return {
      ...one,
      due: 0,
      running,
      until: days.at(-1) ?? one.until,
      next: null,
      held: staying.some((other) => other.held > 0) ? one.rows : one.held,
    };
  });
}
