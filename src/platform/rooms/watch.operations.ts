// Records someone follows, or wants to hear nothing of. Whoever follows a record is told what others do on it, as long as they may read it.
import { z } from "zod";
import type { Id as RecordId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../database/sql.ts";
import { objectsOf } from "../funnel/trail.ts";
import type { Notice, WriteContext } from "../operation/context.ts";
import { Id, Instant, Text } from "../operation/field.ts";
import type { HouseEvent, Reaction } from "../operation/module.ts";
import { anyone, operation } from "../operation/operation.ts";
import { register } from "../operation/register.ts";
import { wordsOf } from "../operation/catalogue.ts";

export const followedKind = "platform.record.changed";

export const watchRegister = register({
  name: "platform.watch",
  title: "Records I follow",
  does: "The records you follow, and those of which you want to hear nothing.",
  may: [anyone],
  inner: true,
  row: z.object({
    id: Id,
    label: z.string(),
    subject: z.string(),
    recordId: Id,
    state: z.enum(["following", "muted"]),
    at: Instant,
  }),
  label: "label",
  sort: "-at",
  // What someone follows is theirs alone.
  from: (context) => sql`
    select id, label, subject, record_id, state, at from platform.watch
    where tenant_id = ${context.tenantId} and person_id = ${context.actor.personId}`,
});

const input = z.strictObject({
  subject: Text(80).describe("The register of the record, e.g. `office.task`."),
  recordId: Id,
  label: Text(200).optional().describe("What you call it; it stands in what you are told."),
});
const refuses = {
  noPerson: "You are no person of the directory here, so nobody tells you anything. Ask for an entry.",
  notFound: "There is no such record, or it is not yours to see.",
};

type Watched = z.output<typeof input>;

async function keepWatch(
  context: WriteContext,
  state: "following" | "muted",
  { subject, recordId, label }: Watched,
): Promise<{ id: RecordId }> {
  const personId = context.actor.personId ?? refuse("noPerson");
  if (!(await context.mayRead(subject, recordId))) refuse("notFound");
  const words = label ?? wordsOf(subject.split(".")[1] ?? subject);
  return context.db.row<{ id: RecordId }>(sql`
    insert into platform.watch (tenant_id, id, person_id, subject, record_id, label, state, at)
    values (${context.tenantId}, ${context.newId()}, ${personId}, ${subject}, ${recordId}, ${words}, ${state}, ${context.now})
    on conflict (tenant_id, person_id, subject, record_id) do update set state = excluded.state, at = excluded.at
    returning id`);
}

export const followRecord = operation({
  name: "platform.watch.follow",
  title: "Follow",
  does: "Tells you from now on what others do on a record that you may read.",
  kind: "write",
  may: [anyone],
  input,
  output: z.object({ id: Id }),
  refuses,
  run: (asked, context) => keepWatch(context, "following", asked),
});

export const muteRecord = operation({
  name: "platform.watch.mute",
  title: "Mute",
  does: "Keeps you from hearing anything about a record, but for what concerns security or money that must not be late.",
  kind: "write",
  may: [anyone],
  input,
  output: z.object({ id: Id }),
  refuses,
  run: (asked, context) => keepWatch(context, "muted", asked),
});

export const endWatch = operation({
  name: "platform.watch.end",
  title: "Neither follow nor mute",
  does: "Ends following or muting a record: you hear of it what everyone hears.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({ watchId: Id }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such record, or it is not yours to see." },
  async run({ watchId }, context) {
    const ended = await context.db.run(sql`
      delete from platform.watch where tenant_id = ${context.tenantId} and id = ${watchId} and person_id = ${context.actor.personId}`);
    if (ended === 0) refuse("notFound");
    return { id: watchId };
  },
});

interface Follower {
  readonly personId: RecordId;
  readonly subject: string;
  readonly recordId: RecordId;
  readonly label: string;
}

/** After every event that names a followed record its followers are told, but for whoever did it. */
export const tellFollowers: Reaction = {
  to: "*",
  heeds: async (events, context) => {
    const named = new Map(events.map((event) => [event.id, objectsOf(event.payload)]));
    const rows = await context.db.rows<{ recordId: string }>(sql`
      select distinct record_id from platform.watch
      where tenant_id = ${context.tenantId} and state = 'following'
        and record_id = any(${[...new Set([...named.values()].flat())]}::uuid[])`);
    const followed = new Set(rows.map((row) => row.recordId));
    return new Set(events.filter((event) => named.get(event.id)!.some((id) => followed.has(id))).map((event) => event.id));
  },
  does: async (event, context) => {
    const followers = await context.db.rows<Follower>(sql`
      select w.person_id, w.subject, w.record_id, w.label from platform.watch w
      where w.tenant_id = ${context.tenantId} and w.state = 'following' and w.record_id = any(${objectsOf(event.payload)}::uuid[])
        and not exists (select from platform.operation_log l
          where l.tenant_id = ${context.tenantId} and l.object_ids @> ${objectsOf(event.payload)}::uuid[] and l.at = ${event.at}
            and l.person_id = w.person_id)
        -- Who is told by name need not be told again as a follower.
        and not w.person_id = any(${personsIn(event.payload["mentions"])}::uuid[])`);
    const readings = followers.map((one) => ({ ...one, about: { subject: one.subject, id: one.recordId } }));
    const open = await context.allowed(readings);
    await context.notifyAll(open.map(({ personId, label, about }) => noticeOf(event, personId, label, about)));
  },
};

const personsIn = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

const noticeOf = (event: HouseEvent, personId: RecordId, label: string, about: NonNullable<Notice["about"]>): Notice => ({
  personId,
  title: `${saidOf(event.name)}: ${label}`,
  about,
  event: followedKind,
  key: `event:${event.id}:${about.id}`,
});

/** `finance.invoice.posted` as words: "Invoice posted". */
const saidOf = (name: string): string => {
  const [, subject = "", verb = ""] = name.split(".");
  return `${wordsOf(subject)} ${wordsOf(verb).toLowerCase()}`;
};
