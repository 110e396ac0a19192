// The backups that were taken, as the person who runs the system sees them; and the word of whoever backs a server up elsewhere.
import { z } from "zod";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../database/sql.ts";
import { DecimalText, Id, Instant, Text } from "../operation/field.ts";
import { operation } from "../operation/operation.ts";
import { register } from "../operation/register.ts";

const operator = ["platform.operator"];

export const backupRegister = register({
  name: "platform.backup",
  title: "Backups",
  does: "When the house was backed up, how big and how quick, whether every byte was read again, and what kept it from being made.",
  may: [...operator, "platform.auditor"],
  row: z.object({
    id: Id,
    label: z.string(),
    at: Instant,
    state: z.enum(["verified", "unverified", "failed"]),
    seconds: z.number().int(),
    megabytes: DecimalText,
    isEncrypted: z.boolean(),
    place: z.string(),
    failure: z.string().nullable(),
  }),
  label: "label",
  sort: "-at",
  from: (context) => sql`
    select id, to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC' as label, at,
      case when failure is not null then 'failed' when is_verified then 'verified' else 'unverified' end as state,
      seconds, round(bytes / 1000000.0, 1) as megabytes, is_encrypted, place, failure
    from platform.backup where tenant_id = ${context.tenantId}`,
});

const bytesIn = (megabytes: string): bigint => BigInt(Math.round(Number(megabytes) * 1_000_000));

export const recordBackup = operation({
  name: "platform.backup.record",
  title: "Record a backup",
  does: "Notes down a backup that another tool took, such as pgBackRest on a database server, so that its age is known here.",
  kind: "write",
  may: operator,
  input: z.strictObject({
    at: z.iso.datetime({ offset: true }).describe("The moment it holds."),
    place: Text(500).describe("Where it is kept."),
    seconds: z.number().int().min(0).max(1_000_000).default(0).describe("How long it took."),
    megabytes: z
      .string()
      .regex(/^\d{1,9}(\.\d{1,3})?$/, "must be a size like 1250.5")
      .default("0"),
    isVerified: z.boolean().default(false).describe("Whether it was read again."),
    isEncrypted: z.boolean().default(false),
  }),
  output: z.object({ id: Id }),
  example: { at: "2026-11-22T02:30:00Z", place: "s3://backups/heartwood", megabytes: "1250.5", isVerified: true },
  refuses: { backupInFuture: "A backup cannot hold {at}, which has not come yet." },
  emits: ["platform.backup.recorded"],
  async run(input, context) {
    const at = new Date(input.at);
    if (at > context.now) refuse("backupInFuture", { at: input.at }, ["at"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into platform.backup (tenant_id, id, at, place, seconds, bytes, is_verified, is_encrypted)
      values (${context.tenantId}, ${id}, ${at}, ${input.place}, ${input.seconds}, ${bytesIn(input.megabytes)}, ${input.isVerified},
        ${input.isEncrypted})`);
    context.emit("platform.backup.recorded", { backupId: id });
    return { id };
  },
});
