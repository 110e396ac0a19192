// What must always hold of requests.
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import type { Figure, Law } from "../../../platform/operation/module.ts";
import { requestTables, worksOnIt } from "./sight.ts";

const broken = async (context: ReadContext, rows: Sql): Promise<string[]> =>
  (await context.db.rows<{ says: string }>(sql`${rows} limit 20`)).map((row) => row.says);

/** A field that was answered, or that is needed whatever else was answered, of every request. */
const unfit = (context: ReadContext): Sql => sql`
  select r.number || ' answers ' || a.name || ', which its form does not ask' as says
  from office.request r cross join jsonb_object_keys(r.answers) a (name)
  where r.tenant_id = ${context.tenantId} and not exists (select from office.request_form f cross join jsonb_array_elements(f.fields) e
    where f.tenant_id = r.tenant_id and f.id = r.form_id and e->>'name' = a.name)
  union all
  select r.number || ' leaves out ' || (e->>'label') from office.request r
  join office.request_form f on f.tenant_id = r.tenant_id and f.id = r.form_id
  cross join jsonb_array_elements(f.fields) e
  where r.tenant_id = ${context.tenantId} and r.channel = 'app' and (e->>'required')::boolean and e->'showWhen' is null
    and not r.answers ? (e->>'name')
  union all
  select r.number || ' answers ' || (e->>'label') || ' with something that is no option' from office.request r
  join office.request_form f on f.tenant_id = r.tenant_id and f.id = r.form_id
  cross join jsonb_array_elements(f.fields) e
  where r.tenant_id = ${context.tenantId} and e->>'kind' = 'choice' and r.answers ? (e->>'name')
    and not (e->'options') ? (r.answers->>(e->>'name'))`;

export const requestLaws: readonly Law[] = [
  {
    name: "office.requestIsWithSomeone",
    says: "Every request that somebody still has to do something about is with a person: its task is open, or it waits for an approval.",
    breaks: (context) =>
      broken(
        context,
        sql`select r.number as says from office.request r
          left join office.task t on t.tenant_id = r.tenant_id and t.id = r.task_id and t.state = 'open'
          where r.tenant_id = ${context.tenantId} and r.closed_at is null and r.state <> 'solved' and t.person_id is null
            and not (r.approval = 'waiting' and exists (select from office.approval a
              where a.tenant_id = r.tenant_id and a.about_id = r.id and a.state = 'open'))`,
      ),
  },
  {
    name: "office.answersFitTheirForm",
    says: "What was answered on a request fits the version of the form it was filed on.",
    breaks: (context) => broken(context, unfit(context)),
  },
  {
    name: "office.noClockOnAClosedRequest",
    says: "No clock runs, and no task is open, on a request that is solved, closed or cancelled.",
    breaks: (context) =>
      broken(
        context,
        sql`select r.number as says from office.request r
          where r.tenant_id = ${context.tenantId} and r.state in ('solved', 'closed', 'cancelled') and (
            exists (select from office.clock c
              where c.tenant_id = r.tenant_id and c.about_id = r.id and c.state in ('running', 'paused'))
            or exists (select from office.task t where t.tenant_id = r.tenant_id and t.id = r.task_id and t.state = 'open'))`,
      ),
  },
];

export const requestFigures: readonly Figure[] = [
  {
    name: "office.myRequests",
    title: "My open requests",
    roles: ["anyone"],
    to: "/requests/mine",
    value: async (context) => {
      const { count } = await context.db.row<{ count: number }>(sql`
        select count(*)::int as count from office.request
        where tenant_id = ${context.tenantId} and requester_id = ${context.actor.personId} and closed_at is null`);
      return count;
    },
  },
  {
    name: "office.untakenRequests",
    title: "Requests nobody took yet",
    roles: ["office.manager"],
    to: "/requests/queue?view=unassigned",
    value: async (context) => {
      const { count } = await context.db.row<{ count: number }>(sql`
        select count(*)::int as count from ${requestTables(context)}
        where r.tenant_id = ${context.tenantId} and r.closed_at is null and r.state <> 'solved' and not coalesce(t.is_fixed, false)
          and ${worksOnIt(context)}`);
      return count;
    },
  },
];
