// The jobs that wait: work that comes round by itself and did not succeed. Whoever runs the system has it tried again or lets it go.
import { z } from "zod";
import type { Id as RecordId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../database/sql.ts";
import type { ReadContext } from "../operation/context.ts";
import { Id, Instant, ref } from "../operation/field.ts";
import { operation } from "../operation/operation.ts";
import { register } from "../operation/register.ts";
import type { Registry } from "../operation/registry.ts";

export const keepers = ["platform.operator", "office.manager"];

// The queue numbers its jobs. As an identifier the number stands, in hexadecimal, at the end of a UUID that is otherwise always the same.
const idPrefix = "00000000-0000-7000-8000-";
const numberOf = (id: RecordId): bigint => (id.startsWith(idPrefix) ? BigInt(`0x${id.slice(idPrefix.length)}`) : 0n);

export const jobRegister = (house: () => Registry) =>
  register({
    name: "platform.job",
    title: "Jobs",
    does: "Work of this house that waits in the queue, with the last error of what failed.",
    may: keepers,
    row: z.object({
      id: Id,
      task: z.string(),
      says: z.string().nullable(),
      state: z.enum(["waiting", "running", "failing", "failed"]),
      attempts: z.number().int(),
      attemptsMax: z.number().int(),
      failure: z.string().nullable(),
      runAt: Instant,
      at: Instant,
      ownCompany: z.boolean().describe("Of this company alone; otherwise of the whole house."),
    }),
    label: "task",
    sort: "runAt",
    inner: false,
    from: (context) => openJobs(context, house().schedules),
  });

/** A task is called as its schedule, which says what it does. */
const openJobs = (_context: ReadContext, schedules: Registry["schedules"]) => sql`
  select (${idPrefix} || lpad(to_hex(j.number), 12, '0'))::uuid as id, replace(j.task, ':', '.') as task, s.says, j.state, j.attempts,
    j.attempts_max, j.failure, j.run_at, j.at, j.tenant_id is not null as own_company
  from platform.open_jobs() j
  left join unnest(${schedules.map(({ name }) => name)}::text[], ${schedules.map(({ says }) => says)}::text[]) as s (name, says)
    on s.name = replace(j.task, ':', '.')`;

type JobRow = Readonly<Record<string, unknown>>;

const retryJob = operation({
  name: "platform.job.retry",
  title: "Try it again now",
  does: "Lets a waiting or failed job run at once, as if it had never failed.",
  kind: "write",
  may: keepers,
  input: z.strictObject({ jobId: ref("platform.job") }),
  output: z.object({ id: Id }),
  refuses: { jobGone: "This job is running or was done meanwhile. There is nothing to try again." },
  when: ({ state }: JobRow) => state !== "running",
  async run({ jobId }, context) {
    const { done } = await context.db.row<{ done: boolean }>(sql`select platform.retry_job(${numberOf(jobId)}, ${context.now}) as done`);
    if (!done) refuse("jobGone");
    return { id: jobId };
  },
});

const discardJob = operation({
  name: "platform.job.discard",
  title: "Discard the job",
  does: "Takes a job of this company out of the queue, undone. A schedule comes round again by itself.",
  kind: "write",
  may: keepers,
  input: z.strictObject({ jobId: ref("platform.job") }),
  output: z.object({ id: Id }),
  refuses: { notDiscarded: "This job is running, was done meanwhile, or is not of this company alone. It stays." },
  when: ({ state, ownCompany }: JobRow) => state !== "running" && ownCompany === true,
  async run({ jobId }, context) {
    const { done } = await context.db.row<{ done: boolean }>(sql`select platform.discard_job(${numberOf(jobId)}) as done`);
    if (!done) refuse("notDiscarded");
    return { id: jobId };
  },
});

export const jobOperations = [retryJob, discardJob];
