// The catalogue as people see it: what they may ask for, by department, and the form of each kind in the version it was answered on.
import { z } from "zod";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Day, Id, Instant, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { AudienceKind, isMeantFor } from "./audience.ts";
import type { FormField } from "./form.rules.ts";
import { seesIt } from "./sight.ts";

export const kindRegister = register({
  name: "office.requestKind",
  title: "Kinds of request",
  does: "What people may ask for, across all departments. Everyone sees what is meant for them; the office manager sees all.",
  may: ["office.manager", anyone],
  row: z.object({
    id: Id,
    code: z.string(),
    title: z.string(),
    state: z.enum(["offered", "retired"]),
    department: z.string(),
    says: z.string().nullable(),
    activity: z.string(),
    audience: AudienceKind,
    confidential: z.boolean(),
    impact: z.string(),
    urgency: z.string(),
    version: z.number().int(),
    open: z.number().int().nullable(),
  }),
  label: "title",
  search: ["title", "says", "code"],
  sort: "title",
  sees: () => sql`(r.is_meant and r.state = 'offered')`,
  // Not even how many there are is said of confidential kinds.
  from: (context) => sql`
    select k.id, k.code, k.title, case when k.retired_at is null then 'offered' else 'retired' end as state, k.department, k.says,
      k.activity,
      k.audience, k.is_confidential as confidential, k.impact, k.urgency, k.version, ${isMeantFor(context, sql`k`)} as is_meant,
      case when not k.is_confidential and ${context.holds("office.manager")} then (select count(*)::int from office.request q
        where q.tenant_id = k.tenant_id and q.kind_id = k.id and q.closed_at is null and q.state <> 'solved') end as open
    from office.request_kind k where k.tenant_id = ${context.tenantId}`,
});

const FormFields = z.array(
  z.object({
    name: z.string(),
    label: z.string(),
    kind: z.string(),
    help: z.string().optional(),
    required: z.boolean().optional(),
    options: z.array(z.string()).optional(),
    register: z.string().optional(),
    showWhen: z.object({ field: z.string(), is: z.array(z.string()) }).optional(),
    least: z.number().optional(),
    most: z.number().optional(),
  }),
);

export const formRegister = register({
  name: "office.requestForm",
  title: "Forms",
  does: "The form of a kind in each of its versions: what is asked today, and what earlier requests were answered on.",
  may: [anyone],
  inner: true,
  row: z.object({
    id: Id,
    title: z.string(),
    requestKindId: ref("office.requestKind"),
    requestKind: z.string(),
    version: z.number().int(),
    current: z.boolean(),
    fields: FormFields,
    madeAt: Instant,
  }),
  label: "title",
  sort: "-version",
  from: (context) => sql`
    select f.id, k.title || ', version ' || f.version as title, f.kind_id as request_kind_id, k.title as request_kind, f.version,
      f.version = k.version as current, f.fields, f.made_at
    from office.request_form f join office.request_kind k on k.tenant_id = f.tenant_id and k.id = f.kind_id
    where f.tenant_id = ${context.tenantId} and (${isMeantFor(context, sql`k`)} or ${context.holds("office.manager")}
      or exists (select from office.request r left join office.task t on t.tenant_id = r.tenant_id and t.id = r.task_id
        where r.tenant_id = f.tenant_id and r.form_id = f.id and ${seesIt(context)}))`,
});

export const getCatalogue = operation({
  name: "office.requestKind.catalogue",
  title: "What you can ask for",
  does: "Lists what you may ask for, by department.",
  kind: "read",
  may: [anyone],
  input: z.strictObject({ search: Text(100).optional() }),
  output: z.object({
    kinds: z.array(
      z.object({
        id: Id,
        code: z.string(),
        title: z.string(),
        says: z.string().nullable(),
        department: z.string(),
        confidential: z.boolean(),
        /** How many of yours you filed. */
        mine: z.number().int(),
      }),
    ),
  }),
  example: {},
  async run({ search }, context) {
    const like = `%${(search ?? "").replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
    const kinds = await context.db.rows<{
      id: never;
      code: string;
      title: string;
      says: string | null;
      department: string;
      confidential: boolean;
      mine: number;
    }>(sql`
      select k.id, k.code, k.title, k.says, k.department, k.is_confidential as confidential, coalesce(m.count, 0)::int as mine
      from office.request_kind k
      left join (select kind_id, count(*) from office.request
        where tenant_id = ${context.tenantId} and requester_id = ${context.actor.personId} group by kind_id) m on m.kind_id = k.id
      where k.tenant_id = ${context.tenantId} and k.retired_at is null and ${isMeantFor(context, sql`k`)}
        and (k.title ilike ${like} or k.says ilike ${like})
      order by k.department, k.title`);
    return { kinds };
  },
});

export const getForm = operation({
  name: "office.requestKind.form",
  title: "The form of a kind",
  does: "Gives the present form of one kind of request by its code, as it is filled in.",
  kind: "read",
  may: [anyone],
  input: z.strictObject({ code: Text(40) }),
  output: z.object({
    id: Id,
    code: z.string(),
    title: z.string(),
    says: z.string().nullable(),
    confidential: z.boolean(),
    placeOf: z.string(),
    version: z.number().int(),
    fields: FormFields,
    today: Day,
  }),
  refuses: { kindUnknown: "There is nothing of that name in the catalogue. See: heartwood office request-kind catalogue" },
  example: { code: "visitor-badge" },
  async run({ code }, context) {
    const found = await context.db.maybe<{
      id: never;
      code: string;
      title: string;
      says: string | null;
      confidential: boolean;
      placeOf: string;
      version: number;
      fields: FormField[];
    }>(sql`
      select k.id, k.code, k.title, k.says, k.is_confidential as confidential, k.place_of, k.version, f.fields
      from office.request_kind k join office.request_form f on f.tenant_id = k.tenant_id and f.kind_id = k.id and f.version = k.version
      where k.tenant_id = ${context.tenantId} and k.code = ${code} and k.retired_at is null and ${isMeantFor(context, sql`k`)}`);
    if (!found) refuse("kindUnknown");
    return {
      ...found,
      fields: found.fields.map((field) => ({ ...field, options: field.options && [...field.options] })) as never,
      today: context.today,
    };
  },
});
