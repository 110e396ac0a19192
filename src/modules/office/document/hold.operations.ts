// Holds: what is in dispute is frozen, whatever its rule says, until someone releases it with a reason.
import { z } from "zod";
import { refuse } from "../../../kernel/refusal.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Id, Instant, LongText, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { documentDisposed, lockLiveDocument } from "./document.store.ts";
import { visible } from "./document.sight.ts";

// A hold on a document that someone may not see is not there for them either.
const seenHold = (context: ReadContext): Sql => sql`
  (h.document_id is null or exists (select from office.document d
    where d.tenant_id = h.tenant_id and d.id = h.document_id and ${visible(context)}))`;

export const documentHoldRegister = register({
  name: "office.documentHold",
  title: "Holds",
  does: "What may not be disposed of because it is in dispute, with the matter and the reason.",
  may: ["office.records"],
  row: z.object({
    id: Id,
    matter: z.string(),
    state: z.enum(["in force", "released"]),
    documentId: ref("office.document").nullable(),
    document: z.string().nullable(),
    aboutId: Id.nullable().describe("All documents about this record."),
    reason: z.string(),
    placedById: ref("directory.person").nullable(),
    placedBy: z.string(),
    placedAt: Instant,
    releasedAt: Instant.nullable(),
    releaseReason: z.string().nullable(),
  }),
  label: "matter",
  search: ["matter", "reason"],
  sort: "-placedAt",
  from: (context) => sql`
    select h.id, h.matter, h.state, h.document_id, t.title as document, h.about_id, h.reason, h.placed_by as placed_by_id,
      h.placer as placed_by, h.placed_at, h.released_at, h.release_reason
    from office.document_hold h
    left join office.document t on t.tenant_id = h.tenant_id and t.id = h.document_id
    where h.tenant_id = ${context.tenantId} and ${seenHold(context)}`,
});

const fields = { matter: Text(200).describe("The dispute or inquiry, as it is called."), reason: LongText(2000) };
const reasonGiven = (reason: string): void => void (reason.trim() === "" && refuse("reasonMissing", {}, ["reason"]));
const reasonMissing = { reasonMissing: "Say why: a hold without a reason cannot be judged later." };

export const holdDocument = operation({
  name: "office.documentHold.place",
  title: "Place a hold",
  does: "Freezes one document: it cannot be disposed of until the hold is released.",
  kind: "write",
  may: ["office.records"],
  on: "office.document",
  input: z.strictObject({ documentId: ref("office.document"), ...fields }),
  output: z.object({ id: Id }),
  when: ({ state }) => state !== "disposed",
  refuses: { notFound: "There is no such record, or it is not yours to see.", ...documentDisposed, ...reasonMissing },
  emits: ["office.documentHold.placed"],
  async run({ documentId, matter, reason }, context) {
    reasonGiven(reason);
    const document = await lockLiveDocument(context, documentId);
    const id = context.newId();
    await context.db.run(sql`
      insert into office.document_hold (tenant_id, id, document_id, matter, reason, state, placed_by, placer, placed_at)
      values (${context.tenantId}, ${id}, ${document.id}, ${matter}, ${reason}, 'in force', ${context.actor.personId},
        ${context.actor.name}, ${context.now})`);
    context.emit("office.documentHold.placed", { documentHoldId: id, documentId: document.id });
    return { id };
  },
});

export const holdRecord = operation({
  name: "office.documentHold.placeOnRecord",
  title: "Hold all documents about a record",
  does: "Freezes every document about one record, those that are filed later too.",
  kind: "write",
  may: ["office.records"],
  input: z.strictObject({ subject: Text(80), recordId: Id, ...fields }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such record, or it is not yours to see.", ...reasonMissing },
  emits: ["office.documentHold.placed"],
  async run({ subject, recordId, matter, reason }, context) {
    reasonGiven(reason);
    if (!(await context.mayRead(subject, recordId))) refuse("notFound", {}, ["recordId"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into office.document_hold (tenant_id, id, about_id, matter, reason, state, placed_by, placer, placed_at)
      values (${context.tenantId}, ${id}, ${recordId}, ${matter}, ${reason}, 'in force', ${context.actor.personId}, ${context.actor.name},
        ${context.now})`);
    context.emit("office.documentHold.placed", { documentHoldId: id, recordId });
    return { id };
  },
});

export const releaseHold = operation({
  name: "office.documentHold.release",
  title: "Release the hold",
  does: "Ends a hold with the reason; from then on the rule of each document counts again.",
  kind: "write",
  may: ["office.records"],
  input: z.strictObject({ documentHoldId: ref("office.documentHold"), reason: LongText(2000) }),
  output: z.object({ id: Id }),
  when: ({ state }) => state === "in force",
  refuses: { notFound: "There is no hold in force with this identifier, or it is not yours to see.", ...reasonMissing },
  emits: ["office.documentHold.released"],
  async run({ documentHoldId, reason }, context) {
    reasonGiven(reason);
    const released = await context.db.run(sql`
      update office.document_hold h set state = 'released', released_by = ${context.actor.personId}, released_at = ${context.now},
        release_reason = ${reason}
      where h.tenant_id = ${context.tenantId} and h.id = ${documentHoldId} and h.state = 'in force' and ${seenHold(context)}`);
    if (released === 0) refuse("notFound");
    context.emit("office.documentHold.released", { documentHoldId });
    return { id: documentHoldId };
  },
});
