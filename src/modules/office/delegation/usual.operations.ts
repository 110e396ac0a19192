// The usual stand-in: named once, they have the work of every approved absence.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Id, Instant, ref } from "../../../platform/operation/field.ts";
import { anyone, operation, whoever } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { membersNamed } from "./delegation.store.ts";

export const usualStandInRegister = register({
  name: "office.usualStandIn",
  title: "Usual stand-ins",
  does: "To whom everyone leaves their work when they are away.",
  may: [anyone],
  row: z.object({
    id: Id,
    label: z.string(),
    personId: ref("directory.person"),
    person: z.string(),
    standInId: ref("directory.person"),
    standIn: z.string(),
    namedAt: Instant,
  }),
  label: "label",
  search: ["person", "standIn"],
  sort: "person",
  from: (context) => sql`
    select u.person_id as id, s.name || ' for ' || p.name as label, u.person_id, p.name as person, u.stand_in_id, s.name as stand_in,
      u.named_at
    from office.stand_in u
    join directory.party p on p.tenant_id = u.tenant_id and p.id = u.person_id
    join directory.party s on s.tenant_id = u.tenant_id and s.id = u.stand_in_id
    where u.tenant_id = ${context.tenantId}`,
});

const personThemself = whoever<{ personId?: KernelId }>(
  "the person themself",
  (input, context) => context.actor.personId !== null && (input.personId ?? context.actor.personId) === context.actor.personId,
);

export const nameUsualStandIn = operation({
  name: "office.usualStandIn.name",
  title: "Name the usual stand-in",
  does: "Names once who has one's work when one is away; every approved absence from then on leaves it to them.",
  kind: "write",
  may: ["office.manager", personThemself],
  input: z.strictObject({
    standInId: ref("directory.person"),
    personId: ref("directory.person").optional().describe("Whose; nothing for one's own."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    personUnknown: "There is no such person in the directory. Choose one from the list.",
    standInSelf: "Nobody stands in for themself. Choose someone else.",
    standInAway: "{name} cannot sign in, so nothing can be left to them. Choose someone else.",
  },
  emits: ["office.usualStandIn.named"],
  async run(input, context) {
    const personId = input.personId ?? context.actor.personId ?? refuse("personUnknown", {}, ["personId"]);
    const people = await membersNamed(context, [personId, input.standInId]);
    if (!people.has(personId)) refuse("personUnknown", {}, ["personId"]);
    const standIn = people.get(input.standInId) ?? refuse("personUnknown", {}, ["standInId"]);
    if (input.standInId === personId) refuse("standInSelf", {}, ["standInId"]);
    if (!standIn.isHere) refuse("standInAway", { name: standIn.name }, ["standInId"]);
    await context.db.run(sql`
      insert into office.stand_in (tenant_id, person_id, stand_in_id, named_at)
      values (${context.tenantId}, ${personId}, ${input.standInId}, ${context.now})
      on conflict (tenant_id, person_id) do update set stand_in_id = excluded.stand_in_id, named_at = excluded.named_at`);
    context.emit("office.usualStandIn.named", { personId, standInId: input.standInId });
    return { id: personId };
  },
});

const whoseItIs = whoever<{ usualStandInId: KernelId }>(
  "the person themself",
  ({ usualStandInId }, context) => usualStandInId === context.actor.personId,
);

export const removeUsualStandIn = operation({
  name: "office.usualStandIn.remove",
  title: "Have no usual stand-in",
  does: "Takes the usual stand-in away; delegations that were made stay as they are.",
  kind: "write",
  may: ["office.manager", whoseItIs],
  input: z.strictObject({ usualStandInId: ref("office.usualStandIn") }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no usual stand-in." },
  emits: ["office.usualStandIn.removed"],
  async run({ usualStandInId }, context) {
    const removed = await context.db.run(sql`
      delete from office.stand_in where tenant_id = ${context.tenantId} and person_id = ${usualStandInId}`);
    if (removed === 0) refuse("notFound");
    context.emit("office.usualStandIn.removed", { personId: usualStandInId });
    return { id: usualStandInId };
  },
});
