// Attesting: a person confirms that they have read the version in force. It counts for that exact text.
import { z } from "zod";
import type { Id as RecordId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import { Day, Id, ref } from "../../platform/operation/field.ts";
import { anyone, operation } from "../../platform/operation/operation.ts";
import { closeTask } from "../office/index.ts";
import { attestationKey } from "./asking.ts";
import { isAddressed, versionsInForce } from "./audience.store.ts";

export const attestPolicy = operation({
  name: "governance.policy.attest",
  title: "Attest a policy",
  does: "Confirms that you have read the version in force and will keep to it.",
  kind: "write",
  may: [anyone],
  when: (record) => record["mine"] === "open",
  input: z.strictObject({
    policyId: ref("governance.policy"),
    version: z.number().int().positive().optional().describe("The version you read; refused when another took force meanwhile."),
  }),
  output: z.object({ id: Id, version: z.number().int(), onDay: Day }),
  refuses: {
    notFound: "There is no such policy.",
    notPublished: "No version of this policy is in force today. There is nothing to attest yet.",
    notYourPolicy: "This policy does not concern you, so you need not attest it.",
    versionChanged: "Version {version} is in force now. Read it, then attest it.",
    alreadyAttested: "You attested version {version} on {day}.",
  },
  emits: ["governance.policy.attested"],
  constraints: { attestation_once: "alreadyAttested" },
  async run(input, context) {
    const { policyId } = input;
    const { personId } = context.actor;
    const policy = await context.db.maybe(sql`select id from governance.policy where tenant_id = ${context.tenantId} and id = ${policyId}`);
    if (!policy) refuse("notFound");
    const inForce = await context.db.maybe<{ versionId: RecordId; number: number; attestedFrom: number }>(sql`
      select f.version_id, f.number, f.attested_from from (${versionsInForce(context, context.today)}) f where f.policy_id = ${policyId}`);
    if (!inForce) refuse("notPublished");
    if (!personId || !(await isAddressed(context, policyId, personId))) refuse("notYourPolicy");
    if (input.version !== undefined && input.version !== inForce.number) refuse("versionChanged", { version: inForce.number }, ["version"]);
    const earlier = await context.db.maybe<{ onDay: string }>(sql`
      select on_day from governance.attestation
      where tenant_id = ${context.tenantId} and policy_version_id = ${inForce.versionId} and person_id = ${personId}`);
    if (earlier) refuse("alreadyAttested", { version: inForce.number, day: earlier.onDay });
    const id = context.newId();
    await context.db.run(sql`
      insert into governance.attestation (tenant_id, id, policy_version_id, person_id, on_day, at)
      values (${context.tenantId}, ${id}, ${inForce.versionId}, ${personId}, ${context.today}, ${context.now})`);
    await closeTask(context, { key: attestationKey({ policyId, personId, attestedFrom: inForce.attestedFrom }) });
    context.emit("governance.policy.attested", { policyId, policyVersionId: inForce.versionId, personId });
    return { id, version: inForce.number, onDay: context.today };
  },
});
