// Requests in the database: one at a time, locked while something is done with it.
import type { Day } from "../../../kernel/day.ts";
import { yearOf } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { join, type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import type { WorkPlace } from "../responsibility/resolve.ts";
import type { FormField } from "./form.rules.ts";
import { sightOf } from "./sight.ts";
import { type Deed, type Level, type Priority, requestNumber, type RequestState, stateAfter } from "./request.rules.ts";

export interface TaskTemplate {
  readonly title: string;
  readonly activity: string;
  readonly days: number;
}

export interface KindRow {
  readonly id: Id;
  readonly code: string;
  readonly title: string;
  readonly department: string;
  readonly activity: string;
  readonly placeOf: "company" | "unit" | "site" | "chosen";
  readonly impact: Level;
  readonly urgency: Level;
  readonly isConfidential: boolean;
  readonly tasks: readonly TaskTemplate[];
  readonly approvalActivity: string | null;
  readonly closeDays: number;
  readonly reopenDays: number;
  readonly version: number;
  readonly retiredAt: Date | null;
  readonly formId: Id;
  readonly fields: readonly FormField[];
}

const kindColumns = sql`k.id, k.code, k.title, k.department, k.activity, k.place_of, k.impact, k.urgency, k.is_confidential,
  k.tasks, k.approval_activity, k.close_days, k.reopen_days, k.version, k.retired_at, f.id as form_id, f.fields`;

/** A kind with its present form. */
export function kindBy(context: ReadContext, which: { readonly id: Id } | { readonly code: string }): Promise<KindRow | undefined> {
  const named = "id" in which ? sql`k.id = ${which.id}` : sql`k.code = ${which.code}`;
  return context.db.maybe<KindRow>(sql`
    select ${kindColumns} from office.request_kind k
    join office.request_form f on f.tenant_id = k.tenant_id and f.kind_id = k.id and f.version = k.version
    where k.tenant_id = ${context.tenantId} and ${named}`);
}

export interface RequestRow {
  readonly id: Id;
  readonly number: string;
  readonly kindId: Id;
  readonly formId: Id;
  readonly title: string;
  readonly says: string | null;
  readonly state: RequestState;
  readonly approval: "none" | "waiting" | "approved" | "declined";
  readonly isConfidential: boolean;
  readonly requesterId: Id;
  readonly filedBy: Id | null;
  readonly ownerId: Id | null;
  readonly taskId: Id | null;
  readonly scopeKind: WorkPlace["kind"] | null;
  readonly scopeId: Id | null;
  readonly impact: Level;
  readonly urgency: Level;
  readonly priority: Priority;
  readonly mainId: Id | null;
  readonly filedAt: Date;
  readonly repliedAt: Date | null;
  readonly solvedOn: Day | null;
  readonly reopened: number;
  readonly score: number | null;
  readonly mailToken: string;
  /** Whom it is with. */
  readonly personId: Id | null;
  readonly activity: string;
  readonly kind: string;
  readonly reopenDays: number;
}

/** The request, locked. Refuses `notFound`, to the owner of the company too, who may run everything but does not see everything. */
export async function lockRequest(context: ReadContext, requestId: Id): Promise<RequestRow> {
  const [row] = await lockRequests(context, [requestId]);
  if (!row || (row.isConfidential && context.holds("owner") && !(await sightOf(context, requestId)).sees)) refuse("notFound");
  return row;
}

/** Several, locked in the order of their identifiers. */
export function lockRequests(context: ReadContext, requestIds: readonly Id[]): Promise<RequestRow[]> {
  return context.db.rows<RequestRow>(sql`
    select r.id, r.number, r.kind_id, r.form_id, r.title, r.says, r.state, r.approval, r.is_confidential, r.requester_id, r.filed_by,
      r.owner_id, r.task_id, r.scope_kind, r.scope_id, r.impact, r.urgency, r.priority, r.main_id, r.filed_at, r.replied_at, r.solved_on,
      r.reopened, r.score, r.mail_token, t.person_id, k.activity, k.title as kind, k.reopen_days
    from office.request r
    join office.request_kind k on k.tenant_id = r.tenant_id and k.id = r.kind_id
    left join office.task t on t.tenant_id = r.tenant_id and t.id = r.task_id
    where r.tenant_id = ${context.tenantId} and r.id = any(${requestIds}::uuid[]) order by r.id for update of r`);
}

export const stateWords = { stateForbids: "This request is {state}, so that cannot be done with it now." };
export const approvalWords = { approvalOpen: "This request waits for an approval first. Nothing is done with it until then." };

/** The state that a deed leads to. Refuses `stateForbids`. */
export const afterDeed = (request: RequestRow, deed: Deed): RequestState =>
  stateAfter(request.state, deed) ?? refuse("stateForbids", { state: stateSaid[request.state] });

/** Refuses `approvalOpen` while a second person has not decided. */
export function needApproved(request: RequestRow): void {
  if (request.approval === "waiting") refuse("approvalOpen");
}

export const stateSaid: Readonly<Record<RequestState, string>> = {
  new: "new",
  open: "under way",
  waitingForRequester: "waiting for an answer",
  waitingForOther: "waiting for someone else",
  solved: "solved",
  closed: "closed",
  cancelled: "cancelled",
};

/** Changes columns of a request and notes that it changed. */
export async function changeRequest(context: WriteContext, requestId: Id, ...changes: readonly Sql[]): Promise<void> {
  await context.db.run(sql`
    update office.request set ${join([...changes, sql`changed_at = ${context.now}`], sql`, `)}
    where tenant_id = ${context.tenantId} and id = ${requestId}`);
}

/** Draws the next number of the year. */
export async function nextNumber(context: WriteContext): Promise<string> {
  const year = yearOf(context.today);
  const { last } = await context.db.row<{ last: number }>(sql`
    insert into office.request_counter (tenant_id, year, last) values (${context.tenantId}, ${year}, 1)
    on conflict (tenant_id, year) do update set last = request_counter.last + 1 returning last`);
  return requestNumber(year, last);
}

export interface Words {
  readonly text: string;
  readonly isInternal?: boolean;
  readonly deed?: Deed;
  readonly mailId?: string;
  readonly author?: { readonly personId: Id | null; readonly name: string };
}

/** Adds words to the thread. */
export async function addWords(context: WriteContext, requestId: Id, words: Words): Promise<Id> {
  const id = context.newId();
  const author = words.author ?? { personId: context.actor.personId, name: context.actor.name };
  await context.db.run(sql`
    insert into office.request_message (tenant_id, id, request_id, is_internal, text, deed, channel, mail_id, author_id, author, at)
    values (${context.tenantId}, ${id}, ${requestId}, ${words.isInternal ?? false}, ${words.text}, ${words.deed ?? null},
      ${words.mailId === undefined ? "app" : "mail"}, ${words.mailId ?? null}, ${author.personId}, ${author.name}, ${context.now})`);
  return id;
}

export const placeOf = (request: Pick<RequestRow, "scopeKind" | "scopeId">): WorkPlace | undefined =>
  request.scopeKind === null ? undefined : { kind: request.scopeKind, id: request.scopeId! };
