// Files on a record: whoever may read the record opens them.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { FileId, Id, Instant, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, operation, whoever } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { asOpenAsTheRecord } from "./record.ts";

const open = asOpenAsTheRecord("office.attachment", ["recordId", "fileId"]);

export const attachmentRegister = register({
  name: "office.attachment",
  title: "Attachments",
  does: "Files on a record. Ask with the filter recordId; whoever may read the record sees and opens them.",
  may: [open.may],
  inner: true,
  row: z.object({
    id: Id,
    title: z.string(),
    subject: z.string(),
    recordId: Id,
    fileId: FileId,
    mediaType: z.string(),
    size: z.number().int(),
    authorId: ref("directory.person").nullable(),
    author: z.string(),
    at: Instant,
  }),
  label: "title",
  sort: "at",
  sees: open.sees,
  from: (context) => sql`
    select r.id, r.title, r.subject, r.record_id, r.file_id, f.media_type, f.size, r.author_id, r.author, r.at
    from office.attachment r join platform.file f on f.tenant_id = r.tenant_id and f.id = r.file_id
    where r.tenant_id = ${context.tenantId} and r.removed_at is null and (${open.sees(context)})`,
});

export const addAttachment = operation({
  name: "office.attachment.add",
  title: "Attach a file",
  does: "Puts a file you uploaded onto a record that you may read.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({
    subject: Text(80).describe("The register of the record, e.g. `finance.invoice`."),
    recordId: Id,
    fileId: FileId,
    title: Text(200).optional().describe("By default the file's name."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: "There is no such record, or it is not yours to see.",
    fileNotFound: "There is no such file, or it is not yours. Upload it first.",
  },
  emits: ["office.attachment.added"],
  async run(input, context) {
    if (!(await context.mayRead(input.subject, input.recordId))) refuse("notFound");
    // Only one's own upload: to attach a file is to open it to every reader of the record.
    const file = await context.db.maybe<{ name: string; userId: KernelId | null }>(sql`
      select name, user_id from platform.file where tenant_id = ${context.tenantId} and id = ${input.fileId}`);
    if (!file || (context.actor.kind === "person" && file.userId !== context.actor.userId)) refuse("fileNotFound", {}, ["fileId"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into office.attachment (tenant_id, id, subject, record_id, file_id, title, author_id, author, at)
      values (${context.tenantId}, ${id}, ${input.subject}, ${input.recordId}, ${input.fileId}, ${input.title ?? file.name},
        ${context.actor.personId}, ${context.actor.name}, ${context.now})`);
    context.emit("office.attachment.added", { attachmentId: id, subject: input.subject, recordId: input.recordId });
    return { id };
  },
});

const author = whoever<{ attachmentId: KernelId }>("whoever attached it", async ({ attachmentId }, context) => {
  const found = await context.db.maybe(sql`
    select id from office.attachment
    where tenant_id = ${context.tenantId} and id = ${attachmentId} and author_id = ${context.actor.personId}`);
  return found !== undefined;
});

export const removeAttachment = operation({
  name: "office.attachment.remove",
  title: "Take the file off",
  does: "Takes a file you attached off the record; the trail keeps that it was there.",
  kind: "write",
  may: [author],
  input: z.strictObject({ attachmentId: ref("office.attachment") }),
  output: z.object({ id: Id }),
  refuses: { removedAlready: "The file was taken off already. Nothing was changed." },
  async run({ attachmentId }, context) {
    const removed = await context.db.run(sql`
      update office.attachment set removed_at = ${context.now}
      where tenant_id = ${context.tenantId} and id = ${attachmentId} and removed_at is null`);
    if (removed === 0) refuse("removedAlready");
    return { id: attachmentId };
  },
});
