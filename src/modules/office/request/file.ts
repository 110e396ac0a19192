// Filing a request: the answers are fitted to the form, the place decides who answers for it, its work opens and its clocks start.
import { type Id, isId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { positionOf } from "../../directory/index.ts";
import { requestApproval } from "../approval/approval.ts";
import { addAttachment } from "../record/attachment.operations.ts";
import { resolveHolder, type WorkPlace } from "../responsibility/resolve.ts";
import { approveRequest } from "./approve.operations.ts";
import { beginWork } from "./begin.ts";
import { type Answers, fitAnswers, shownFields } from "./form.rules.ts";
import { type Level, priorityOf } from "./request.rules.ts";
import { type KindRow, lockRequest, nextNumber, type RequestRow } from "./request.store.ts";
import { calledFor } from "./tell.ts";

interface Wish {
  readonly kind: KindRow;
  readonly title: string;
  readonly says?: string;
  readonly answers: Answers;
  readonly requesterId: Id;
  readonly channel: "app" | "mail" | "split";
  readonly placeId?: Id;
  readonly impact?: Level;
  readonly urgency?: Level;
  /** Split from another: it keeps that one's confidence. */
  readonly isConfidential?: boolean;
}

export const answerWords = {
  answerUnfit: "{label} {says}.",
  answerUnknown: "{label}: there is nothing of that kind, or it is not yours to see. Choose it from the list.",
};

/** Files a request. Refuses `answerUnfit`, `answerUnknown` and `noSecondPerson`. */
export async function fileRequest(context: WriteContext, wish: Wish): Promise<RequestRow> {
  const { kind } = wish;
  const { answers, mistake } = fitAnswers(kind.fields, wish.answers);
  if (mistake) refuse("answerUnfit", { label: mistake.label, says: mistake.says }, ["answers", mistake.field]);
  await needKnown(context, kind, answers);
  const id = context.newId();
  const place = await placeFor(context, wish, answers);
  const holder = await resolveHolder(context, kind.activity, place);
  const impact = wish.impact ?? kind.impact;
  const urgency = wish.urgency ?? kind.urgency;
  // Who splits one off, or brings mail in, does not ask.
  const filedBy = wish.channel === "app" ? context.actor.personId : null;
  const scopeKind = place && (place.kind === "site" ? "place" : place.kind);
  await context.db.run(sql`
    insert into office.request (tenant_id, id, number, kind_id, form_id, title, says, answers, state, approval, is_confidential, channel,
      requester_id, filed_by, owner_id, scope_kind, scope_id, impact, urgency, priority, filed_at, changed_at, reopened, mail_token)
    values (${context.tenantId}, ${id}, ${await nextNumber(context)}, ${kind.id}, ${kind.formId}, ${wish.title}, ${wish.says ?? null},
      ${JSON.stringify(answers)}, 'new', ${kind.approvalActivity ? "waiting" : "none"}, ${wish.isConfidential ?? kind.isConfidential},
      ${wish.channel}, ${wish.requesterId}, ${filedBy}, ${holder.personId}, ${scopeKind ?? null}, ${place?.id ?? null},
      ${impact}, ${urgency}, ${priorityOf(impact, urgency)}, ${context.now}, ${context.now}, 0, ${context.newId().slice(-12)})`);
  await attachAnswers(context, id, kind, answers);
  const request = await lockRequest(context, id);
  if (kind.approvalActivity) await askForApproval(context, request, kind, answers);
  else await beginWork(context, request, kind);
  context.emit("office.request.filed", { requestId: id, requestKindId: kind.id, requesterId: wish.requesterId });
  return request;
}

async function askForApproval(context: WriteContext, request: RequestRow, kind: KindRow, answers: Answers): Promise<void> {
  await requestApproval(context, {
    title: calledFor(request),
    about: { subject: "office.request", id: request.id },
    activity: kind.approvalActivity!,
    asks: { operation: approveRequest, input: { requestId: request.id } },
    snapshot: { number: request.number, kind: kind.title, title: request.title, says: request.says, answers },
    requestedBy: request.requesterId,
  });
}

/** Where it happens, which decides who answers for it. */
async function placeFor(context: WriteContext, wish: Wish, answers: Answers): Promise<WorkPlace | undefined> {
  const { placeOf, fields } = wish.kind;
  if (placeOf === "company") return undefined;
  const chosen = wish.placeId ?? fields.filter((field) => field.kind === "place").map((field) => answers[field.name])[0];
  if (placeOf === "chosen" && typeof chosen === "string" && isId(chosen)) return { kind: "place", id: chosen };
  const seat = await positionOf(context, wish.requesterId, context.today);
  if (!seat) return undefined;
  if (placeOf === "unit") return { kind: "unit", id: seat.unitId };
  return seat.siteId ? { kind: "site", id: seat.siteId } : undefined;
}

/** Refuses `answerUnknown` for persons, places and records that are not there or not the asker's to see. */
async function needKnown(context: WriteContext, kind: KindRow, answers: Answers): Promise<void> {
  for (const { name, label, kind: sort, register } of shownFields(kind.fields, answers)) {
    const value = answers[name] as Id | undefined;
    const subject =
      sort === "record" ? register! : sort === "place" ? "directory.place" : sort === "person" ? "directory.person" : undefined;
    if (value === undefined || subject === undefined) continue;
    if (!(await context.mayRead(subject, value))) refuse("answerUnknown", { label }, ["answers", name]);
  }
}

/** Files among the answers hang on the request, as open as it is. */
async function attachAnswers(context: WriteContext, requestId: Id, kind: KindRow, answers: Answers): Promise<void> {
  for (const { name, kind: sort, label } of kind.fields) {
    const fileId = answers[name] as Id | undefined;
    if (sort !== "file" || fileId === undefined) continue;
    await context.call(addAttachment, { subject: "office.request", recordId: requestId, fileId, title: label });
  }
}
