// Closing tasks, the list they come from, and who ticked what.
import { z } from "zod";
import { sql } from "../../../platform/database/sql.ts";
import { Day, FileId, Id, Instant, ref } from "../../../platform/operation/field.ts";
import { register } from "../../../platform/operation/register.ts";

const may = ["finance.accountant", "finance.manager"];

export const closeTaskRegister = register({
  name: "finance.closeTask",
  title: "Closing tasks",
  does: "The tasks of every month's close, open or done, with who did them and when.",
  may,
  row: z.object({
    id: Id,
    task: z.string(),
    state: z.enum(["open", "done"]),
    periodId: ref("finance.period"),
    period: z.string(),
    title: z.string(),
    says: z.string().nullable(),
    activity: z.string(),
    requires: z.string(),
    fact: z.string().nullable(),
    doneBy: z.string().nullable(),
    doneAt: Instant.nullable(),
    note: z.string().nullable(),
    position: z.number().int(),
  }),
  label: "task",
  search: ["title", "note"],
  sort: "-period",
  from: (context) => sql`
    select t.id, p.code || ' ' || t.title as task, t.state, t.period_id, p.code as period, t.title, t.says, t.activity,
      array_to_string(t.requires, ', ') as requires, t.fact, t.done_by_name as done_by, t.done_at, t.note, t.position
    from finance.close_task t join finance.period p on p.tenant_id = ${context.tenantId} and p.id = t.period_id
    where t.tenant_id = ${context.tenantId}`,
});

export const closeTaskChangeRegister = register({
  name: "finance.closeTaskChange",
  title: "History of closing tasks",
  does: "Every tick and every tick taken back, with the words and the evidence of whoever did it.",
  may,
  inner: true,
  row: z.object({
    id: Id,
    change: z.string(),
    closeTaskId: ref("finance.closeTask"),
    closeTask: z.string(),
    state: z.enum(["open", "done"]),
    by: z.string(),
    at: Instant,
    note: z.string().nullable(),
    fileId: FileId.nullable(),
  }),
  label: "change",
  sort: "-at",
  from: (context) => sql`
    select c.id, t.title || ': ' || c.state as change, c.task_id as close_task_id, t.title as close_task, c.state, c.by_name as by,
      c.at, c.note, c.file_id
    from finance.close_task_change c
    join finance.close_task t on t.tenant_id = ${context.tenantId} and t.id = c.task_id
    where c.tenant_id = ${context.tenantId}`,
});

export const closeTemplateRegister = register({
  name: "finance.closeTemplate",
  title: "List of closing tasks",
  does: "What every month's close begins with: the company's own list.",
  may,
  row: z.object({
    id: Id,
    title: z.string(),
    key: z.string(),
    state: z.enum(["used", "retired"]),
    says: z.string().nullable(),
    activity: z.string(),
    requires: z.array(z.string()),
    fact: z.string().nullable(),
    place: z.string().nullable(),
    position: z.number().int(),
    retiredFrom: Day.nullable(),
    books: z.string(),
    bookId: ref("finance.book"),
  }),
  label: "title",
  search: ["title", "key"],
  sort: "position",
  from: (context) => sql`
    select t.id, t.title, t.key, case when t.retired_from is null then 'used' else 'retired' end as state, t.says, t.activity, t.requires,
      t.fact, t.place, t.position, t.retired_from, b.name as books, t.book_id
    from finance.close_template t join finance.book b on b.tenant_id = ${context.tenantId} and b.id = t.book_id
    where t.tenant_id = ${context.tenantId}`,
});
