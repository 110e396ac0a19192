// Words on a record: whoever may read the record reads and writes them; whoever is mentioned is told.
import { z } from "zod";
import { refuse } from "../../../kernel/refusal.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Id, Instant, LongText, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, operation, whoever } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { asOpenAsTheRecord } from "./record.ts";

const open = asOpenAsTheRecord("office.comment", ["recordId"]);

export const commentRegister = register({
  name: "office.comment",
  title: "Comments",
  does: "What people said on a record. Ask with the filter recordId; whoever may read the record sees them.",
  may: [open.may],
  inner: true,
  row: z.object({
    id: Id,
    subject: z.string(),
    recordId: Id,
    text: z.string(),
    mentions: z.array(z.object({ personId: ref("directory.person"), name: z.string() })),
    authorId: ref("directory.person").nullable(),
    author: z.string(),
    at: Instant,
  }),
  label: "text",
  sort: "at",
  sees: open.sees,
  from: (context) => sql`
    select r.id, r.subject, r.record_id, r.text, r.author_id, r.author, r.at,
      coalesce((select jsonb_agg(jsonb_build_object('personId', p.id, 'name', p.name) order by p.name) from directory.party p
        where p.tenant_id = ${context.tenantId} and p.id = any(r.mentions)), '[]'::jsonb) as mentions
    from office.comment r where r.tenant_id = ${context.tenantId} and r.removed_at is null and (${open.sees(context)})`,
});

export const addComment = operation({
  name: "office.comment.add",
  title: "Comment",
  does: "Says something on a record that you may read, and tells whoever is mentioned.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({
    subject: Text(80).describe("The register of the record, e.g. `finance.invoice`."),
    recordId: Id,
    text: LongText(10_000).refine((text) => text.trim() !== "", "must not be empty"),
    mentions: z.array(ref("directory.person")).max(20).optional().describe("Persons to tell."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: "There is no such record, or it is not yours to see.",
    personUnknown: "Someone you mention is not in the directory. Choose them from the list.",
  },
  emits: ["office.comment.added"],
  async run(input, context) {
    if (!(await context.mayRead(input.subject, input.recordId))) refuse("notFound");
    const mentions = [...new Set(input.mentions ?? [])];
    const { known } = await context.db.row<{ known: number }>(sql`
      select count(*)::int as known from directory.party
      where tenant_id = ${context.tenantId} and kind = 'person' and id = any(${mentions}::uuid[])`);
    if (known < mentions.length) refuse("personUnknown", {}, ["mentions"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into office.comment (tenant_id, id, subject, record_id, text, mentions, author_id, author, at)
      values (${context.tenantId}, ${id}, ${input.subject}, ${input.recordId}, ${input.text}, ${mentions}, ${context.actor.personId},
        ${context.actor.name}, ${context.now})`);
    const others = mentions.filter((personId) => personId !== context.actor.personId);
    const about = { subject: input.subject, id: input.recordId };
    // The words themselves stay on the record: the one who is told may not be allowed to read it.
    const title = `${context.actor.name} mentioned you`;
    await context.notifyAll(others.map((personId) => ({ personId, title, about, event: "office.comment.mentioned" })));
    context.emit("office.comment.added", { commentId: id, subject: input.subject, recordId: input.recordId, mentions });
    return { id };
  },
});

const author = whoever<{ commentId: KernelId }>("whoever wrote it", async ({ commentId }, context) => {
  const found = await context.db.maybe(sql`
    select id from office.comment where tenant_id = ${context.tenantId} and id = ${commentId} and author_id = ${context.actor.personId}`);
  return found !== undefined;
});

export const removeComment = operation({
  name: "office.comment.remove",
  title: "Take the comment back",
  does: "Takes your comment off the record; the trail keeps that it was there.",
  kind: "write",
  may: [author],
  input: z.strictObject({ commentId: ref("office.comment") }),
  output: z.object({ id: Id }),
  refuses: { removedAlready: "The comment was taken back already. Nothing was changed." },
  async run({ commentId }, context) {
    const removed = await context.db.run(sql`
      update office.comment set removed_at = ${context.now}
      where tenant_id = ${context.tenantId} and id = ${commentId} and removed_at is null`);
    if (removed === 0) refuse("removedAlready");
    return { id: commentId };
  },
});
