// The gate before every write: separation of duties, and policies that hold a wish back until others have agreed. Any operation of the
// house can be put under either without a change to its code. What the rules say is kept in memory under the company's stamp.
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import { type Gate, type GateWish, WaitsForApproval } from "../../../platform/funnel/gate.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { anyone, type Operation } from "../../../platform/operation/operation.ts";
import { fingerprint, openApproval, stepOf } from "../approval/approval.ts";
import { endApprovals, openAsked } from "../approval/approval.store.ts";
import { waitsFor } from "../approval/decision.ts";
import { type Conflict, conflictsFrom, noteDeed, refuseConflict, refuseGrant } from "../duty/duty.ts";
import { isMoney } from "./condition.rules.ts";
import { applied, type Applied, policiesFrom, type Policy } from "./policy.store.ts";
import { targetOf } from "./target.ts";

interface Rules {
  readonly stamp: string;
  readonly policies: ReadonlyMap<string, readonly Policy[]>;
  readonly conflicts: readonly Conflict[];
  /** Operations that any rule is about. */
  readonly minded: ReadonlySet<string>;
}

const known = new Map<Id, Rules>();
const mostKept = 1000;
const givesRole = "identity.roleGrant.give";

async function rulesOf(context: WriteContext, stamp: string): Promise<Rules> {
  const kept = known.get(context.tenantId);
  if (kept?.stamp === stamp) return kept;
  const [policies, conflicts] = [await policiesFrom(context), await conflictsFrom(context)];
  const byOperation = new Map<string, Policy[]>();
  for (const one of policies) byOperation.set(one.operation, [...(byOperation.get(one.operation) ?? []), one]);
  const named = conflicts.flatMap((one) => (one.kind === "role" ? [givesRole] : [one.first, one.second]));
  const rules = { stamp, policies: byOperation, conflicts, minded: new Set([...byOperation.keys(), ...named]) };
  if (known.size >= mostKept) known.delete(known.keys().next().value!);
  known.set(context.tenantId, rules);
  return rules;
}

function policyFor(context: WriteContext, rules: Rules, { operation, input }: Pick<GateWish, "operation" | "input">) {
  const policies = rules.policies.get(operation.name) ?? [];
  return applied(context, policies, { operation, input, requesterId: context.actor.personId });
}

export const officeGate: Gate = {
  minds: async (operation, stamp, context) => (await rulesOf(context, stamp)).minded.has(operation.name),

  async wouldHold(wish, stamp, context) {
    const rules = await rulesOf(context, stamp);
    return rules.minded.has(wish.operation.name) && (await policyFor(context, rules, wish)) !== undefined;
  },

  async holds(wish, stamp, context) {
    const rules = await rulesOf(context, stamp);
    const { operation, input } = wish;
    if (operation.name === givesRole) await refuseGrant(context, input as { memberId: Id; role: string }, rules.conflicts);
    const { personId } = context.actor;
    if (personId) await refuseConflict(context, { operation: operation.name, input, at: "action", personId }, rules.conflicts);
    const found = await policyFor(context, rules, wish);
    if (!found) {
      if (personId) await noteDeed(context, { operation: operation.name, personId }, rules.conflicts);
      return undefined;
    }
    return store(context, wish, found);
  },
};

async function store(context: WriteContext, { operation, input, tries }: GateWish, { policy, facts }: Applied): Promise<WaitsForApproval> {
  await tries();
  const hash = fingerprint(operation.name, input, null, { policy: policy.id });
  const same = await openAsked(context, operation.name, hash);
  const target = targetOf(operation, input);
  if (!same && target) await voidOwn(context, operation, target.id);
  const title = same?.title ?? (await titleFor(context, operation, input));
  const ownId = context.newId();
  const id =
    same?.id ??
    (await openApproval(context, {
      id: ownId,
      title,
      about: target ?? { subject: "office.approval", id: ownId },
      activity: activityOf(policy),
      amount: amountIn(facts.input) ?? amountIn(facts.record),
      asks: { operation: operation.name, input },
      hash,
      requestedBy: context.actor.personId,
      requestedUser: context.actor.userId!,
      steps: policy.steps.map(stepOf),
      facts,
      policyId: policy.id,
      confidential: isConfidential(operation),
    }));
  const waiting = await waitsFor(context, id);
  const steps = policy.steps.length > 1 ? ` It is the first of ${policy.steps.length} steps.` : "";
  const says = `«${title}» is not done yet: it waits for ${waiting} (policy ${policy.name}).${steps} Then it is done as your wish.`;
  return new WaitsForApproval({ record: { subject: "office.approval", id }, title, says, waitsFor: waiting.split(", ") });
}

/** Who asks for the same with other words about the same record no longer asks for what they did before. */
async function voidOwn(context: WriteContext, operation: Operation, aboutId: Id): Promise<void> {
  const earlier = await context.db.rows<{ id: Id }>(sql`
    select id from office.approval where tenant_id = ${context.tenantId} and about_id = ${aboutId} and state = 'open'
      and asks_operation = ${operation.name} and requested_user = ${context.actor.userId} for update`);
  await endApprovals(
    context,
    earlier.map((row) => row.id),
    "void",
    "It was asked for anew with other content.",
  );
}

/** Under which kind of work a delegation covers it: the policy's own words, else approvals at large. */
const activityOf = (policy: Policy): string =>
  policy.steps.flatMap((step) => step.approvers.flatMap((one) => one.activity ?? []))[0] ?? "office.approval";

/** Only those see it who take part, unless who may do it is everyone or the office manager, who see all else that waits. */
const isConfidential = ({ may }: Operation): boolean => !may.includes(anyone) && !may.includes("office.manager");

async function titleFor(context: WriteContext, operation: Operation, input: unknown): Promise<string> {
  const target = targetOf(operation, input);
  const label = target && !isConfidential(operation) ? await labelOf(context, target) : undefined;
  return (label ? `${operation.title}: ${label}` : operation.title).slice(0, 200);
}

/** What the record is called, as far as whoever asks may read it. */
async function labelOf(context: WriteContext, { subject, id }: { subject: string; id: Id }): Promise<string | undefined> {
  const get = context.operationNamed(`${subject}.get`);
  if (!get || !(await context.mayRead(subject, id))) return undefined;
  const row = (await get.run({ id } as never, context as never)) as Readonly<Record<string, unknown>>;
  const named = ["label", "title", "name", "number", "code"].map((field) => row[field]).find((value) => typeof value === "string");
  return named as string | undefined;
}

/** The amount that is asked for, for limits and to be seen: the field of that name, or of a total. */
function amountIn(fields: unknown): Money | null {
  if (fields === null || typeof fields !== "object") return null;
  const found = ["amount", "total", "gross"].map((name) => (fields as Readonly<Record<string, unknown>>)[name]).find(isMoney);
  return found ? Money.parse(found.amount, found.currency) : null;
}
