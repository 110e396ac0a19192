// How governance asks people: a task for each policy to attest, and for each obligation when its notice begins. The tasks close by the
// fact; those whose reason is gone are taken back by the nightly round.
import type { Day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { closeTask, openTask } from "../office/index.ts";
import { openAttestations } from "./audience.store.ts";

const attestationKind = "attestation";

/** A change of wording asks nobody twice: the key holds the last material version. */
export const attestationKey = (of: { readonly policyId: Id; readonly personId: Id; readonly attestedFrom: number }): string =>
  `governance.attest:${of.policyId}:${of.attestedFrom}:${of.personId}`;
export const treatmentKey = (treatmentId: Id): string => `governance.treatment:${treatmentId}`;
export const obligationKey = (obligationOccurrenceId: Id): string => `governance.obligation:${obligationOccurrenceId}`;

/** Asks for every open attestation: of everyone, of one policy or of one person. Returns how many wait. */
export async function askAttestations(
  context: WriteContext,
  only: { readonly policyId?: Id; readonly personId?: Id } = {},
): Promise<number> {
  const waiting = await openAttestations(context, only);
  const asked = await openTaskKeys(context, attestationKind);
  for (const open of waiting) {
    const key = attestationKey(open);
    if (asked.has(key)) continue;
    await openTask(context, {
      kind: attestationKind,
      title: `Read and attest: ${open.title}`,
      owner: { personId: open.personId },
      due: open.dueDay,
      about: { subject: "governance.policy", id: open.policyId },
      asks: { operation: "governance.policy.attest", input: { policyId: open.policyId } },
      key,
    });
  }
  return waiting.length;
}

async function openTaskKeys(context: WriteContext, kind: string): Promise<Set<string>> {
  const rows = await context.db.rows<{ key: string }>(sql`
    select key from office.task where tenant_id = ${context.tenantId} and kind = ${kind} and state = 'open' and key is not null`);
  return new Set(rows.map((row) => row.key));
}

/** Takes back tasks for policies that no longer concern the person, were replaced or retired. */
export async function withdrawAttestations(context: WriteContext): Promise<void> {
  const wanted = new Set((await openAttestations(context)).map(attestationKey));
  for (const key of await openTaskKeys(context, attestationKind)) {
    if (!wanted.has(key)) await closeTask(context, { key }, "cancelled", "No longer asked for.");
  }
}

/** Asks whoever answers for it for every obligation whose notice has begun. */
export async function askObligations(context: WriteContext, only: { readonly obligationId?: Id } = {}): Promise<void> {
  const due = await context.db.rows<{ id: Id; obligationId: Id; title: string; says: string | null; activity: string; dueDay: Day }>(sql`
    select o.id, o.obligation_id, b.title, b.requirement as says, b.activity, o.due_day
    from governance.obligation_occurrence o
    join governance.obligation b on b.tenant_id = o.tenant_id and b.id = o.obligation_id
    where o.tenant_id = ${context.tenantId} and o.fulfilled_on is null and o.waived_because is null
      and o.due_day - b.notice_days <= ${context.today}::date
      and (${only.obligationId ?? null}::uuid is null or o.obligation_id = ${only.obligationId ?? null}::uuid)`);
  const asked = await openTaskKeys(context, "obligation");
  for (const one of due) {
    if (asked.has(obligationKey(one.id))) continue;
    await openTask(context, {
      kind: "obligation",
      title: one.title,
      says: one.says ?? undefined,
      owner: { activity: one.activity },
      due: one.dueDay,
      about: { subject: "governance.obligation", id: one.obligationId },
      asks: { operation: "governance.obligation.fulfil", input: { obligationId: one.obligationId } },
      key: obligationKey(one.id),
    });
  }
}
