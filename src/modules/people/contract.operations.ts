// Contracts on their way from draft to signature.
import { z } from "zod";
import type { Day as KernelDay } from "../../kernel/day.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { Money } from "../../kernel/money.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, FileId, Id, ref } from "../../platform/operation/field.ts";
import { operation, whoever } from "../../platform/operation/operation.ts";
import { contractPdf, type ContractTerms } from "./contract.document.ts";

interface Contract {
  readonly id: KernelId;
  readonly employmentId: KernelId;
  readonly personId: KernelId;
  readonly firstDay: KernelDay;
  readonly sentOn: KernelDay | null;
  readonly state: "draft" | "sent" | "signed" | "void";
}

async function lockContract(context: WriteContext, id: KernelId): Promise<Contract> {
  const found = await context.db.maybe<Contract>(sql`
    select c.id, c.employment_id, e.person_id, c.first_day, c.sent_on, c.state
    from people.contract c join people.employment e on e.tenant_id = c.tenant_id and e.id = c.employment_id
    where c.tenant_id = ${context.tenantId} and c.id = ${id} for update of c`);
  return found ?? refuse("notFound");
}

export const sendContract = operation({
  name: "people.contract.send",
  title: "Send the contract",
  does: "Sends the contract to the person for signature: the document given, or one made from the agreed terms.",
  kind: "write",
  may: ["people.manager"],
  input: z.strictObject({
    contractId: ref("people.contract"),
    fileId: FileId.optional().describe("The contract as a document; without it one is made."),
  }),
  output: z.object({ id: Id }),
  when: (contract) => contract["state"] === "draft",
  refuses: {
    notFound: "There is no such contract.",
    contractNotDraft: "The contract is {state} already.",
    fileNotFound: "There is no such file, or it is not yours to read.",
  },
  emits: ["people.contract.sent"],
  async run(input, context) {
    const contract = await lockContract(context, input.contractId);
    if (contract.state !== "draft") refuse("contractNotDraft", { state: contract.state });
    if (input.fileId) await context.readFile(input.fileId);
    const fileId = input.fileId ?? (await writeContract(context, contract.id));
    await context.db.run(sql`
      update people.contract set state = 'sent', sent_on = ${context.today}, file_id = ${fileId}
      where tenant_id = ${context.tenantId} and id = ${contract.id}`);
    const { employmentId, personId } = contract;
    await context.notify({
      personId,
      title: "Your contract is ready to sign",
      about: { subject: "people.contract", id: contract.id },
      event: "people.contract.ready",
      mail: true,
    });
    context.emit("people.contract.sent", { contractId: contract.id, employmentId, personId });
    return { id: contract.id };
  },
});

/** Makes the document from the terms as they are kept. */
async function writeContract(context: WriteContext, contractId: KernelId): Promise<KernelId> {
  const terms = await context.db.row<Omit<ContractTerms, "pay"> & { pay: bigint | null; currency: string | null }>(sql`
    select coalesce(l.name, t.name) as company, o.name as person, e.kind, p.title as position, k.first_day, k.last_day,
      trim_scale(k.hours_weekly)::text as hours_weekly, k.notice_days, k.probation_until, c.pay, c.currency, c.pay_period
    from people.contract k
    join people.employment e on e.tenant_id = k.tenant_id and e.id = k.employment_id
    join directory.party o on o.tenant_id = e.tenant_id and o.id = e.person_id
    join platform.tenant_account t on t.tenant_id = k.tenant_id
    left join directory.legal_entity l on l.tenant_id = e.tenant_id and l.id = e.entity_id
    left join people.assignment a on a.tenant_id = k.tenant_id and a.employment_id = e.id and a.during @> k.first_day
    left join directory.position_version p on p.tenant_id = a.tenant_id and p.position_id = a.position_id and p.during @> k.first_day
    left join people.compensation c on c.tenant_id = k.tenant_id and c.employment_id = e.id and c.during @> k.first_day
    where k.tenant_id = ${context.tenantId} and k.id = ${contractId}`);
  const pay = terms.pay === null ? null : new Money(terms.pay, terms.currency!).toString();
  return context.writeFile(`Contract ${terms.person} ${terms.firstDay}.pdf`, "application/pdf", contractPdf({ ...terms, pay }));
}

export const signContract = operation({
  name: "people.contract.sign",
  title: "Sign the contract",
  does: "Notes the signature: by the person themself, or by People who hold the signed paper.",
  kind: "write",
  may: [
    "people.manager",
    whoever<{ contractId: KernelId }>("the person themself", async ({ contractId }, context) => {
      const found = await context.db.maybe<{ personId: KernelId }>(sql`
        select e.person_id from people.contract c join people.employment e on e.tenant_id = c.tenant_id and e.id = c.employment_id
        where c.tenant_id = ${context.tenantId} and c.id = ${contractId}`);
      return found !== undefined && found.personId === context.actor.personId;
    }),
  ],
  input: z.strictObject({
    contractId: ref("people.contract"),
    on: Day.optional().describe("The day on the paper; by default today."),
    fileId: FileId.optional().describe("The signed paper."),
  }),
  output: z.object({ id: Id }),
  when: (contract) => contract["state"] === "sent",
  refuses: {
    notFound: "There is no such contract.",
    contractNotSent: "The contract is {state}. Only a contract that was sent can be signed.",
    signedBeforeSent: "It cannot have been signed on {day}: it was sent on {sentOn}.",
    signedLater: "The day {day} is still to come.",
    fileNotFound: "There is no such file, or it is not yours to read.",
  },
  emits: ["people.contract.signed"],
  async run(input, context) {
    const contract = await lockContract(context, input.contractId);
    if (contract.state !== "sent") refuse("contractNotSent", { state: contract.state });
    const on = input.on ?? context.today;
    if (contract.sentOn && on < contract.sentOn) refuse("signedBeforeSent", { day: on, sentOn: contract.sentOn }, ["on"]);
    if (on > context.today) refuse("signedLater", { day: on }, ["on"]);
    if (input.fileId) await context.readFile(input.fileId);
    await context.db.run(sql`
      update people.contract set state = 'signed', signed_on = ${on}, signed_by = ${context.actor.personId},
        file_id = coalesce(${input.fileId ?? null}::uuid, file_id)
      where tenant_id = ${context.tenantId} and id = ${contract.id}`);
    const { employmentId, personId } = contract;
    context.emit("people.contract.signed", { contractId: contract.id, employmentId, personId });
    return { id: contract.id };
  },
});
