// What is done about a risk: planned with an owner and a due day, completed with evidence or cancelled with a reason.
import { z } from "zod";
import type { Id as RecordId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, LongText, ref, Text } from "../../platform/operation/field.ts";
import { operation, whoever } from "../../platform/operation/operation.ts";
import { closeTask, openTask } from "../office/index.ts";
import { treatmentKey } from "./asking.ts";
import { checkPerson, lockOpenRisk, riskClosed } from "./risk.operations.ts";
import { TreatmentKind } from "./risk.registers.ts";

const noSuchTreatment = "There is no such treatment, or it is not yours to see.";
const Said = LongText(2000).refine((text) => text.trim() !== "", "must not be empty");
const isOpen = (record: Readonly<Record<string, unknown>>): boolean => record["state"] === "open" || record["state"] === "overdue";

const ownerOfTreatment = whoever<{ treatmentId: RecordId }>("the owner of the treatment", async ({ treatmentId }, context) => {
  const found = await context.db.maybe(sql`
    select id from governance.treatment
    where tenant_id = ${context.tenantId} and id = ${treatmentId} and owner_id = ${context.actor.personId}::uuid`);
  return found !== undefined;
});

export const planTreatment = operation({
  name: "governance.treatment.plan",
  title: "Plan a treatment",
  does: "Says what is done about a risk, who does it and until when.",
  kind: "write",
  may: ["governance.manager"],
  on: "governance.risk",
  when: (record) => record["state"] !== "closed",
  input: z.strictObject({
    riskId: ref("governance.risk"),
    kind: TreatmentKind,
    title: Text(200),
    ownerId: ref("directory.person"),
    dueDay: Day,
  }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: "There is no such risk, or it is not yours to see.",
    riskClosed,
    ownerUnknown: "There is no such person to own the treatment. Choose someone from the directory.",
    dueInThePast: "A treatment is due today, {today}, or later.",
  },
  emits: ["governance.treatment.planned"],
  async run(input, context) {
    await lockOpenRisk(context, input.riskId);
    await checkPerson(context, input.ownerId);
    if (input.dueDay < context.today) refuse("dueInThePast", { today: context.today }, ["dueDay"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into governance.treatment (tenant_id, id, risk_id, kind, title, owner_id, due_day)
      values (${context.tenantId}, ${id}, ${input.riskId}, ${input.kind}, ${input.title}, ${input.ownerId}, ${input.dueDay})`);
    await openTask(context, {
      kind: "treatment",
      title: input.title,
      owner: { personId: input.ownerId },
      due: input.dueDay,
      about: { subject: "governance.treatment", id },
      asks: { operation: "governance.treatment.complete", input: { treatmentId: id } },
      key: treatmentKey(id),
    });
    context.emit("governance.treatment.planned", { treatmentId: id, riskId: input.riskId, ownerId: input.ownerId, dueDay: input.dueDay });
    return { id };
  },
});

/** The risk of an open treatment, locked. Refuses `notFound` and `treatmentEnded`. */
async function lockOpenTreatment(context: WriteContext, treatmentId: RecordId): Promise<{ riskId: RecordId }> {
  const found = await context.db.maybe<{ riskId: RecordId; ended: boolean }>(sql`
    select risk_id, (completed_on is not null or cancelled_on is not null) as ended from governance.treatment
    where tenant_id = ${context.tenantId} and id = ${treatmentId} for update`);
  if (!found) refuse("notFound");
  if (found.ended) refuse("treatmentEnded");
  return found;
}

const treatmentEnded = "This treatment is completed or cancelled already.";

export const completeTreatment = operation({
  name: "governance.treatment.complete",
  title: "Complete a treatment",
  does: "Says that a treatment is done and what shows it. The risk is then judged anew by its owner; no score changes by itself.",
  kind: "write",
  may: ["governance.manager", ownerOfTreatment],
  when: isOpen,
  input: z.strictObject({ treatmentId: ref("governance.treatment"), on: Day, evidence: Said }),
  output: z.object({ id: Id }),
  refuses: { notFound: noSuchTreatment, treatmentEnded, inTheFuture: "It is {today}. Complete the treatment when it is done." },
  emits: ["governance.treatment.completed"],
  async run(input, context) {
    const { riskId } = await lockOpenTreatment(context, input.treatmentId);
    if (input.on > context.today) refuse("inTheFuture", { today: context.today }, ["on"]);
    await context.db.run(sql`
      update governance.treatment set completed_on = ${input.on}, evidence = ${input.evidence}
      where tenant_id = ${context.tenantId} and id = ${input.treatmentId}`);
    await closeTask(context, { key: treatmentKey(input.treatmentId) });
    context.emit("governance.treatment.completed", { treatmentId: input.treatmentId, riskId });
    return { id: input.treatmentId };
  },
});

export const cancelTreatment = operation({
  name: "governance.treatment.cancel",
  title: "Cancel a treatment",
  does: "Gives a planned treatment up, with the reason.",
  kind: "write",
  may: ["governance.manager"],
  when: isOpen,
  input: z.strictObject({ treatmentId: ref("governance.treatment"), why: Said }),
  output: z.object({ id: Id }),
  refuses: { notFound: noSuchTreatment, treatmentEnded },
  emits: ["governance.treatment.cancelled"],
  async run({ treatmentId, why }, context) {
    const { riskId } = await lockOpenTreatment(context, treatmentId);
    await context.db.run(sql`
      update governance.treatment set cancelled_on = ${context.today}, cancelled_because = ${why}
      where tenant_id = ${context.tenantId} and id = ${treatmentId}`);
    await closeTask(context, { key: treatmentKey(treatmentId) }, "cancelled", why);
    context.emit("governance.treatment.cancelled", { treatmentId, riskId });
    return { id: treatmentId };
  },
});
