// Risks: opened with a first judgement, judged anew at each stage, accepted for a time, closed and opened again.
import { z } from "zod";
import type { Day as KernelDay } from "../../kernel/day.ts";
import { addMonths } from "../../kernel/day.ts";
import type { Id as RecordId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, LongText, ref, Text } from "../../platform/operation/field.ts";
import { operation, whoever } from "../../platform/operation/operation.ts";
import { findMatrix, matrixInUse, RiskCategory, type StoredMatrix } from "./matrix.operations.ts";
import { bandOf, isOnMatrix, type Score } from "./risk.rules.ts";
import { risksOn, type Stage, stages } from "./risk.store.ts";

/** Longest a risk may be accepted before someone must look at it again. */
const acceptanceMonthsMax = 12;

const noSuchRisk = "There is no such risk, or it is not yours to see.";
const notOnMatrix = "The matrix has likelihoods 1 to {likelihoods} and impacts 1 to {impacts}.";
const Ordinal = (of: string) => z.number().int().min(1).max(7).describe(`${of}, counted from 1 on the matrix.`);

const ownerOfRisk = whoever<{ riskId: RecordId }>("the owner of the risk", async ({ riskId }, context) => {
  const found = await context.db.maybe(sql`
    select id from governance.risk
    where tenant_id = ${context.tenantId} and id = ${riskId} and owner_id = ${context.actor.personId}::uuid`);
  return found !== undefined;
});

export const createRisk = operation({
  name: "governance.risk.create",
  title: "Open a risk",
  does: "Puts a risk on the register with its owner and how likely and how bad it would be without any controls.",
  kind: "write",
  may: ["governance.manager"],
  input: z.strictObject({
    code: Text(40).describe("Short and lasting, e.g. R-07."),
    title: Text(200).describe("Cause, event and consequence in one sentence."),
    description: LongText().optional(),
    category: RiskCategory,
    ownerId: ref("directory.person"),
    unitId: ref("directory.unit").optional(),
    likelihood: Ordinal("Likelihood before controls"),
    impact: Ordinal("Impact before controls"),
    why: LongText(2000).optional(),
  }),
  output: z.object({ id: Id, band: z.string() }),
  refuses: {
    codeTaken: "There is a risk with the code {code} already. Choose another code.",
    ownerUnknown: "There is no such person to own the risk. Choose someone from the directory.",
    unitUnknown: "There is no such unit. Choose one from the directory.",
    notOnMatrix,
  },
  emits: ["governance.risk.opened"],
  constraints: { risk_code: "codeTaken" },
  async run(input, context) {
    const { tenantId } = context;
    const taken = await context.db.maybe(sql`select id from governance.risk where tenant_id = ${tenantId} and code = ${input.code}`);
    if (taken) refuse("codeTaken", { code: input.code }, ["code"]);
    await checkPerson(context, input.ownerId);
    if (input.unitId) {
      const unit = await context.db.maybe(sql`select id from directory.unit where tenant_id = ${tenantId} and id = ${input.unitId}`);
      if (!unit) refuse("unitUnknown", {}, ["unitId"]);
    }
    const matrix = await matrixInUse(context);
    const band = bandOrRefuse(matrix, input);
    const id = context.newId();
    await context.db.run(sql`
      insert into governance.risk (tenant_id, id, code, title, description, category, matrix_id, owner_id, unit_id, opened_on)
      values (${tenantId}, ${id}, ${input.code}, ${input.title}, ${input.description ?? null}, ${input.category}, ${matrix.id},
        ${input.ownerId}, ${input.unitId ?? null}, ${context.today})`);
    await insertScore(context, id, "inherent", input, input.why);
    context.emit("governance.risk.opened", { riskId: id, ownerId: input.ownerId });
    return { id, band };
  },
});

/** Refuses `ownerUnknown` unless it is a person of the directory. */
export async function checkPerson(context: ReadContext, personId: RecordId): Promise<void> {
  const person = await context.db.maybe(sql`
    select id from directory.party where tenant_id = ${context.tenantId} and id = ${personId} and kind = 'person'`);
  if (!person) refuse("ownerUnknown", {}, ["ownerId"]);
}

function bandOrRefuse(matrix: StoredMatrix, score: Score): string {
  const facts = { likelihoods: matrix.likelihoods.length, impacts: matrix.impacts.length };
  if (!isOnMatrix(matrix, score)) refuse("notOnMatrix", facts, [score.likelihood > facts.likelihoods ? "likelihood" : "impact"]);
  return matrix.bands[bandOf(matrix, score) - 1]!;
}

const insertScore = (context: WriteContext, riskId: RecordId, stage: Stage, score: Score, why: string | undefined): Promise<number> =>
  context.db.run(sql`
    insert into governance.risk_score (tenant_id, id, risk_id, stage, likelihood, impact, why, on_day, assessed_by)
    values (${context.tenantId}, ${context.newId()}, ${riskId}, ${stage}, ${score.likelihood}, ${score.impact}, ${why ?? null},
      ${context.today}, ${context.actor.personId})`);

interface LockedRisk {
  readonly matrixId: RecordId;
  readonly closedOn: KernelDay | null;
  readonly ownerId: RecordId;
}

/** The risk, locked. Refuses `notFound`. */
async function lockRisk(context: WriteContext, riskId: RecordId): Promise<LockedRisk> {
  const risk = await context.db.maybe<LockedRisk>(sql`
    select matrix_id, closed_on, owner_id from governance.risk where tenant_id = ${context.tenantId} and id = ${riskId} for update`);
  return risk ?? refuse("notFound");
}

/** The risk, locked and open. Refuses `notFound` and `riskClosed`. */
export async function lockOpenRisk(context: WriteContext, riskId: RecordId): Promise<LockedRisk> {
  const risk = await lockRisk(context, riskId);
  if (risk.closedOn) refuse("riskClosed", { day: risk.closedOn });
  return risk;
}

export const riskClosed = "This risk was closed on {day}. Open it again first.";

export const scoreRisk = operation({
  name: "governance.risk.score",
  title: "Judge a risk",
  does: "Says how likely and how bad a risk is: before controls, as it stands now, or as it will be once the treatments are done.",
  kind: "write",
  may: ["governance.manager", ownerOfRisk],
  when: (record) => record["state"] !== "closed",
  input: z.strictObject({
    riskId: ref("governance.risk"),
    stage: z.enum(stages),
    likelihood: Ordinal("Likelihood"),
    impact: Ordinal("Impact"),
    why: LongText(2000).optional(),
  }),
  output: z.object({ id: Id, band: z.string(), aboveAppetite: z.boolean() }),
  refuses: { notFound: noSuchRisk, riskClosed, notOnMatrix },
  emits: ["governance.risk.scored"],
  async run(input, context) {
    const risk = await lockOpenRisk(context, input.riskId);
    const matrix = (await findMatrix(context, risk.matrixId))!;
    const band = bandOrRefuse(matrix, input);
    await insertScore(context, input.riskId, input.stage, input, input.why);
    const { aboveAppetite } = await standing(context, input.riskId);
    context.emit("governance.risk.scored", { riskId: input.riskId, stage: input.stage, band, aboveAppetite });
    return { id: input.riskId, band, aboveAppetite };
  },
});

interface Standing {
  readonly aboveAppetite: boolean;
  readonly band: number;
  readonly bandName: string;
  readonly acceptedUntil: KernelDay | null;
}

const standing = (context: ReadContext, riskId: RecordId): Promise<Standing> =>
  context.db.row<Standing>(sql`
    select k.above_appetite, coalesce(k.current_band, k.inherent_band) as band,
      k.bands[coalesce(k.current_band, k.inherent_band)] as band_name,
      k.accepted_until from (${risksOn(context, context.today)}) k where k.id = ${riskId}`);

export const acceptRisk = operation({
  name: "governance.risk.accept",
  title: "Accept a risk for a time",
  does: "Lives with a risk above appetite until a day, knowingly and with a reason. On the day after, it counts as above appetite again.",
  kind: "write",
  may: ["governance.manager", ownerOfRisk],
  when: (record) => record["state"] === "open" && record["aboveAppetite"] === true,
  input: z.strictObject({
    riskId: ref("governance.risk"),
    lastDay: Day,
    why: LongText(2000).refine((text) => text.trim() !== "", "must not be empty"),
  }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: noSuchRisk,
    riskClosed,
    withinAppetite: "This risk is {band}, which is within appetite. There is nothing to accept.",
    acceptedAlready: "This risk is accepted until {day}. End that acceptance first.",
    lastDayInThePast: "An acceptance lasts until today, {today}, or longer.",
    acceptanceTooLong: "A risk is accepted until {latest} at the longest; then someone looks at it again.",
  },
  emits: ["governance.risk.accepted"],
  constraints: { risk_acceptance_once: "acceptedAlready" },
  async run({ riskId, lastDay, why }, context) {
    await lockOpenRisk(context, riskId);
    const { aboveAppetite, band, bandName, acceptedUntil } = await standing(context, riskId);
    if (!aboveAppetite) refuse("withinAppetite", { band: bandName });
    if (acceptedUntil) refuse("acceptedAlready", { day: acceptedUntil });
    if (lastDay < context.today) refuse("lastDayInThePast", { today: context.today }, ["lastDay"]);
    const latest = addMonths(context.today, acceptanceMonthsMax);
    if (lastDay > latest) refuse("acceptanceTooLong", { latest }, ["lastDay"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into governance.risk_acceptance (tenant_id, id, risk_id, band, during, why, accepted_by)
      values (${context.tenantId}, ${id}, ${riskId}, ${band}, daterange(${context.today}::date, ${lastDay}::date, '[]'), ${why},
        ${context.actor.personId})`);
    context.emit("governance.risk.accepted", { riskId, riskAcceptanceId: id, lastDay });
    return { id };
  },
});

export const endAcceptance = operation({
  name: "governance.riskAcceptance.end",
  title: "End an acceptance",
  does: "Takes back that a risk is accepted, from today on.",
  kind: "write",
  may: ["governance.manager"],
  input: z.strictObject({ riskAcceptanceId: ref("governance.riskAcceptance") }),
  output: z.object({ id: Id }),
  when: (record) => record["state"] === "running",
  refuses: { notFound: "There is no such acceptance.", acceptanceEnded: "This acceptance has ended already." },
  emits: ["governance.risk.acceptanceEnded"],
  async run({ riskAcceptanceId }, context) {
    const found = await context.db.maybe<{ riskId: RecordId; from: KernelDay; ended: boolean }>(sql`
      select risk_id, lower(during) as from, upper(during) <= ${context.today}::date as ended from governance.risk_acceptance
      where tenant_id = ${context.tenantId} and id = ${riskAcceptanceId} for update`);
    if (!found) refuse("notFound");
    if (found.ended) refuse("acceptanceEnded");
    // One that began today never counted; a range of no days cannot be kept.
    await context.db.run(
      found.from === context.today
        ? sql`delete from governance.risk_acceptance where tenant_id = ${context.tenantId} and id = ${riskAcceptanceId}`
        : sql`update governance.risk_acceptance set during = daterange(lower(during), ${context.today}::date)
            where tenant_id = ${context.tenantId} and id = ${riskAcceptanceId}`,
    );
    context.emit("governance.risk.acceptanceEnded", { riskId: found.riskId, riskAcceptanceId });
    return { id: riskAcceptanceId };
  },
});

export const closeRisk = operation({
  name: "governance.risk.close",
  title: "Close a risk",
  does: "Takes a risk off the open register because it can no longer happen or no longer matters.",
  kind: "write",
  may: ["governance.manager"],
  when: (record) => record["state"] !== "closed",
  input: z.strictObject({ riskId: ref("governance.risk"), why: LongText(2000).refine((text) => text.trim() !== "", "must not be empty") }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: noSuchRisk,
    riskClosed: "This risk was closed on {day} already.",
    treatmentsOpen: "{count} treatments are still open. Complete or cancel them first.",
  },
  emits: ["governance.risk.closed"],
  async run({ riskId, why }, context) {
    await lockOpenRisk(context, riskId);
    const { count } = await context.db.row<{ count: number }>(sql`
      select count(*)::int as count from governance.treatment
      where tenant_id = ${context.tenantId} and risk_id = ${riskId} and completed_on is null and cancelled_on is null`);
    if (count > 0) refuse("treatmentsOpen", { count });
    await context.db.run(sql`
      update governance.risk set closed_on = ${context.today}, closed_because = ${why}
      where tenant_id = ${context.tenantId} and id = ${riskId}`);
    context.emit("governance.risk.closed", { riskId });
    return { id: riskId };
  },
});

export const reopenRisk = operation({
  name: "governance.risk.reopen",
  title: "Open a risk again",
  does: "Puts a closed risk back on the open register with its scores.",
  kind: "write",
  may: ["governance.manager"],
  when: (record) => record["state"] === "closed",
  input: z.strictObject({ riskId: ref("governance.risk") }),
  output: z.object({ id: Id }),
  refuses: { notFound: noSuchRisk, riskOpen: "This risk is open already." },
  emits: ["governance.risk.opened"],
  async run({ riskId }, context) {
    const risk = await lockRisk(context, riskId);
    if (!risk.closedOn) refuse("riskOpen");
    await context.db.run(sql`
      update governance.risk set closed_on = null, closed_because = null where tenant_id = ${context.tenantId} and id = ${riskId}`);
    context.emit("governance.risk.opened", { riskId, ownerId: risk.ownerId });
    return { id: riskId };
  },
});

export const assignRisk = operation({
  name: "governance.risk.assign",
  title: "Give a risk to another owner",
  does: "Makes someone else the one owner who answers for the risk.",
  kind: "write",
  may: ["governance.manager"],
  when: (record) => record["state"] !== "closed",
  input: z.strictObject({ riskId: ref("governance.risk"), ownerId: ref("directory.person") }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: noSuchRisk,
    riskClosed,
    ownerUnknown: "There is no such person to own the risk. Choose someone from the directory.",
  },
  emits: ["governance.risk.assigned"],
  async run({ riskId, ownerId }, context) {
    await lockOpenRisk(context, riskId);
    await checkPerson(context, ownerId);
    await context.db.run(sql`
      update governance.risk set owner_id = ${ownerId} where tenant_id = ${context.tenantId} and id = ${riskId}`);
    context.emit("governance.risk.assigned", { riskId, ownerId });
    return { id: riskId };
  },
});
