// What happened to a record, and the laws that must hold at all times.
import { z } from "zod";
import type { Id as RecordId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { verifyAudit } from "../audit/block.ts";
import { sql } from "../database/sql.ts";
import { mayAtAll } from "../funnel/permission.ts";
import { Id, Instant, ref, Text } from "../operation/field.ts";
import type { Law } from "../operation/module.ts";
import type { ReadContext } from "../operation/context.ts";
import { anyone, type Operation, operation } from "../operation/operation.ts";
import { register } from "../operation/register.ts";
import type { Registry } from "../operation/registry.ts";

const timelineMax = 200;

interface LogRow {
  id: RecordId;
  at: Date;
  actorName: string;
  personId: RecordId | null;
  operation: string;
  reason: string | null;
}

export const timelineOperation = (house: () => Registry) =>
  operation({
    name: "platform.timeline.get",
    title: "Timeline of a record",
    does: "Tells what was done to a record, by whom and when, newest first.",
    kind: "read",
    may: [anyone],
    logged: (_output, asked) => {
      const { subject, recordId } = asked as { subject: string; recordId: string };
      return house().registers.get(subject)?.get.logged === true ? [recordId] : [];
    },
    input: z.strictObject({ subject: Text(80), recordId: Id }),
    output: z.object({
      entries: z.array(
        z.object({
          id: Id,
          at: Instant,
          actorName: z.string(),
          personId: ref("directory.person").nullable(),
          operation: z.string(),
          title: z.string(),
          reason: z.string().nullable(),
        }),
      ),
    }),
    refuses: { notFound: "There is no such record, or it is not yours to see." },
    async run(input, context) {
      const { registers, operations } = house();
      const register_ = registers.get(input.subject);
      if (!register_ || !mayAtAll(context.actor, register_.get)) refuse("notFound");
      // Who may not see the record may not see its story: the register refuses for us.
      await register_.get.run({ id: input.recordId } as never, context as never);
      const asked = { [`${input.subject.split(".")[1]}Id`]: input.recordId };
      const rows = await context.db.rows<LogRow>(sql`
        select id, at, actor_name, person_id, operation, reason from platform.operation_log
        where tenant_id = ${context.tenantId} and object_ids @> ${[input.recordId]}::uuid[]
          -- Who follows a record is theirs alone to know.
          and operation not like 'platform.watch.%'
        order by id desc limit ${timelineMax}`);
      const hidden = new Set<string>();
      for (const known of new Set(rows.map((row) => operations.get(row.operation)))) {
        if (known?.insidersOnly && !(await isInsider(known, asked, context))) hidden.add(known.name);
      }
      const entries = rows.flatMap((row) => {
        const known = operations.get(row.operation);
        return known && mayAtAll(context.actor, known) && !hidden.has(known.name) ? [{ ...row, title: known.title }] : [];
      });
      return { entries };
    },
  });

/** Whether the operation itself admits the actor, whatever roles they hold: the owner of a company may be whom a note is about. */
async function isInsider(operation_: Operation, asked: unknown, context: ReadContext): Promise<boolean> {
  if (context.actor.kind === "system") return true;
  for (const entry of operation_.may) if (typeof entry !== "string" && (await entry.self(asked as never, context))) return true;
  return false;
}

export const lawOperation = (house: () => Registry) =>
  operation({
    name: "platform.law.check",
    title: "Check every law",
    does: "Proves the laws of the whole house on the company's own records and names what breaks one.",
    kind: "read",
    may: ["platform.auditor"],
    input: z.strictObject({}),
    output: z.object({
      holds: z.boolean(),
      laws: z.array(z.object({ name: z.string(), says: z.string(), holds: z.boolean(), breaks: z.array(z.string()) })),
    }),
    async run(_input, context) {
      const laws = [];
      for (const law of house().laws) {
        const breaks = await law.breaks(context);
        laws.push({ name: law.name, says: law.says, holds: breaks.length === 0, breaks: breaks.slice(0, 20) });
      }
      return { holds: laws.every((law) => law.holds), laws };
    },
  });

export const auditLaws: readonly Law[] = [
  {
    name: "platform.auditChain",
    says: "No row of the audit trail was changed, removed or slipped in since it was sealed.",
    breaks: async (context) => (await verifyAudit(context.db, context.tenantId)).breaks,
  },
  {
    name: "platform.events",
    says: "Everything that happened was told to the departments it concerns.",
    breaks: async (context) => {
      const stuck = await context.db.rows<{ name: string; failure: string | null }>(sql`
        select name, failure from platform.event
        where tenant_id = ${context.tenantId} and handled_at is null and attempts >= 5 order by id limit 20`);
      return stuck.map((event) => `${event.name} could not be told: ${(event.failure ?? "").split("\n")[0]}`);
    },
  },
  {
    name: "platform.fence",
    says: "Every table of a company stands behind the tenant fence, and the application owns none.",
    breaks: async (context) => {
      const open = await context.db.rows<{ name: string }>(sql`
        select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id'
            and not a.attisdropped)
          and (not c.relrowsecurity or not c.relforcerowsecurity or pg_get_userbyid(c.relowner) = 'heartwood_app')
          and n.nspname || '.' || c.relname <> 'platform.tenant_account'`);
      return open.map((table) => `${table.name} is open.`);
    },
  },
];

export const operationLogRegister = register({
  name: "platform.operationLog",
  title: "Audit trail",
  does: "Every write with who, when, why and under which key.",
  may: ["platform.auditor"],
  row: z.object({
    id: Id,
    at: Instant,
    actorName: z.string(),
    operation: z.string(),
    reason: z.string().nullable(),
    requestId: z.string(),
    key: z.string().nullable(),
  }),
  label: "operation",
  // Identifiers follow time, and the trail is kept by them.
  sort: "-id",
  from: (context) => sql`
    select id, at, actor_name, operation, reason, request_id, key from platform.operation_log where tenant_id = ${context.tenantId}`,
});

export const readLogRegister = (house: () => Registry) =>
  register({
    name: "platform.confidentialRead",
    title: "Reads of confidential records",
    does: "Who was shown which confidential record, when and by what: a list, a record, an export, a file, a search or an agent.",
    may: ["platform.auditor"],
    row: z.object({
      id: Id,
      label: z.string(),
      at: Instant,
      personId: ref("directory.person").nullable(),
      reader: z.string(),
      operation: z.string(),
      records: z.number().int(),
      recordIds: z.string().describe("The identifiers of what was shown; filter with ~ for one of them."),
    }),
    label: "label",
    sort: "-id",
    worklist: true,
    from: (context) => {
      const titles = [...house().operations.values()].filter(({ logged }) => logged).map(({ name, title }) => [name, title] as const);
      return sql`
        select l.id, coalesce(n.title, l.operation) as label, l.at, l.person_id, l.actor_name as reader, l.operation,
          cardinality(l.object_ids) as records, array_to_string(l.object_ids, ' ') as record_ids
        from platform.read_log l
        left join unnest(${titles.map(([name]) => name)}::text[], ${titles.map(([, title]) => title)}::text[]) as n (name, title)
          on n.name = l.operation
        where l.tenant_id = ${context.tenantId}`;
    },
  });
