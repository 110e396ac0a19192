// How a probation ends: passed, made longer, or not passed; then People is asked to record the departure.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, LongText, ref } from "../../../platform/operation/field.ts";
import { operation, whoever } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { closeTask, moveTaskDue, openTask } from "../../office/index.ts";
import { recordResignation } from "../leaving.operations.ts";
import { leads, ownOrBelow, selfOrLine } from "../relation.ts";
import { decideBy, probationTask } from "./probation.ts";

const probations = (context: ReadContext) => sql`
  select k.id, o.name || ', probation until ' || k.probation_until as label, k.employment_id, e.person_id, o.name as person,
    k.first_day, k.probation_until as until_day, coalesce(k.probation_outcome, 'open') as state, k.probation_decided_on as decided_on,
    d.name as decided_by, k.probation_reason as reason
  from people.contract k
  join people.employment e on e.tenant_id = k.tenant_id and e.id = k.employment_id and e.voided_on is null
  join directory.party o on o.tenant_id = e.tenant_id and o.id = e.person_id
  left join directory.party d on d.tenant_id = k.tenant_id and d.id = k.probation_decided_by
  where k.tenant_id = ${context.tenantId} and k.state <> 'void' and k.probation_until is not null`;

export const probationRegister = register({
  name: "people.probation",
  title: "Probations",
  does: "Whose probation ends when, and what was decided. People, the person and their line see it.",
  may: ["people.manager", selfOrLine],
  row: z.object({
    id: Id,
    label: z.string(),
    employmentId: ref("people.employment"),
    personId: ref("directory.person"),
    person: z.string(),
    firstDay: Day,
    untilDay: Day,
    state: z.enum(["open", "passed", "failed"]),
    decidedOn: Day.nullable(),
    decidedBy: z.string().nullable(),
    reason: z.string().nullable(),
  }),
  label: "label",
  search: ["person"],
  sort: "untilDay",
  sees: ownOrBelow,
  from: probations,
});

interface Probation {
  readonly employmentId: KernelId;
  readonly personId: KernelId;
  readonly person: string;
  readonly untilDay: KernelDay;
  readonly outcome: string | null;
}

async function find(context: ReadContext, id: KernelId, lock: boolean): Promise<Probation | undefined> {
  return context.db.maybe<Probation>(sql`
    select k.employment_id, e.person_id, o.name as person, k.probation_until as until_day, k.probation_outcome as outcome
    from people.contract k
    join people.employment e on e.tenant_id = k.tenant_id and e.id = k.employment_id and e.voided_on is null
    join directory.party o on o.tenant_id = e.tenant_id and o.id = e.person_id
    where k.tenant_id = ${context.tenantId} and k.id = ${id} and k.state <> 'void' and k.probation_until is not null
    ${lock ? sql`for update of k` : sql``}`);
}

const line = whoever<{ probationId: KernelId }>("whoever leads the person, or their stand-in", async ({ probationId }, context) => {
  const found = await find(context, probationId, false);
  return found !== undefined && (await leads(context, found.personId, "people.probation"));
});

export const decideProbation = operation({
  name: "people.probation.decide",
  title: "Decide on the probation",
  does: "Says that it was passed, that it is made longer, or that it was not passed; then People records the departure.",
  kind: "write",
  may: ["people.manager", line],
  input: z.strictObject({
    probationId: ref("people.probation"),
    outcome: z.enum(["passed", "longer", "failed"]),
    until: Day.optional().describe("The new last day, when it is made longer."),
    reason: LongText(2000).optional().describe("Needed when it is made longer or was not passed."),
  }),
  output: z.object({ id: Id }),
  when: (probation) => probation["state"] === "open",
  refuses: {
    notFound: "There is no such probation.",
    ownProbation: "Nobody decides on their own probation.",
    probationDecided: "It was decided already: {outcome}.",
    untilNotLater: "It lasts until {until}. Name a later day.",
    reasonMissing: "Say why.",
  },
  emits: ["people.probation.decided"],
  async run({ probationId, outcome, until, reason }, context) {
    const probation = (await find(context, probationId, true)) ?? refuse("notFound");
    const { employmentId, personId, person, untilDay } = probation;
    if (personId === context.actor.personId) refuse("ownProbation");
    if (probation.outcome !== null) refuse("probationDecided", { outcome: probation.outcome });
    if (outcome !== "passed" && !reason) refuse("reasonMissing", {}, ["reason"]);
    const key = probationTask(probationId);
    if (outcome === "longer") {
      if (!until || until <= untilDay) return refuse("untilNotLater", { until: untilDay }, ["until"]);
      await keep(context, probationId, sql`probation_until = ${until}, probation_reason = ${reason ?? null}`);
      await moveTaskDue(context, { key }, decideBy(until));
    } else {
      await keep(
        context,
        probationId,
        sql`probation_outcome = ${outcome}, probation_decided_on = ${context.today}, probation_decided_by = ${context.actor.personId},
          probation_reason = ${reason ?? null}`,
      );
      await closeTask(context, { key });
    }
    if (outcome === "failed") await askDeparture(context, probationId, { employmentId, person });
    context.emit("people.probation.decided", { probationId, employmentId, personId, outcome });
    return { id: probationId };
  },
});

const keep = (context: WriteContext, id: KernelId, values: ReturnType<typeof sql>): Promise<number> =>
  context.db.run(sql`update people.contract set ${values} where tenant_id = ${context.tenantId} and id = ${id}`);

async function askDeparture(context: WriteContext, probationId: KernelId, of: Pick<Probation, "employmentId" | "person">): Promise<void> {
  await openTask(context, {
    kind: "departure",
    title: `Probation of ${of.person} was not passed`,
    says: "Record the departure with its days.",
    owner: { activity: "people.departure" },
    due: context.today,
    about: { subject: "people.probation", id: probationId },
    asks: { operation: recordResignation, input: { employmentId: of.employmentId, kind: "dismissal", receivedOn: context.today } },
    key: `people.probationFailed:${probationId}`,
    byFact: false,
    confidential: true,
  });
}
