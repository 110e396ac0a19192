// What each person wants to hear, on which channel and at what hour; and what the company wants for those who said nothing.
import { z } from "zod";
import type { Id as RecordId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../database/sql.ts";
import { channelsOf, type Channels, usualRhythm } from "../notify/notice.rules.ts";
import { everyKind } from "../notify/unsubscribe.ts";
import type { ReadContext, WriteContext } from "../operation/context.ts";
import { ref, Text } from "../operation/field.ts";
import type { MailRhythm } from "../operation/module.ts";
import { anyone, operation, self } from "../operation/operation.ts";
import type { Registry } from "../operation/registry.ts";

const Mail = z.enum(["off", "now", "daily", "weekly"]).describe("By mail: never, at once, or in the summary of the day or the week.");
const WallTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time like 07:30")
  .meta({ format: "time" });

const Rhythm = z.object({
  zone: z.string(),
  digestAt: WallTime,
  digestWeekday: z.number().int(),
  quietFrom: WallTime.nullable(),
  quietUntil: WallTime.nullable(),
});

interface Chosen {
  readonly kind: string;
  readonly app: boolean;
  readonly mail: MailRhythm;
}

const personOf = (context: ReadContext): RecordId => context.actor.personId ?? refuse("noPerson");
const noPerson = { noPerson: "You are no person of the directory here, so nobody tells you anything. Ask for an entry." };
const kindWords = {
  kindUnknown: "There is no kind of notice called {kind}. Choose one from the list.",
  alwaysHeard: "{title} cannot be turned off: it concerns security, or money that must not be late.",
};

export const showPreferences = (house: () => Registry) =>
  operation({
    name: "platform.noticePreference.show",
    title: "What I hear",
    does: "Shows for each kind of notice whether you hear of it in the app and by mail, and the hours you chose.",
    kind: "read",
    may: [anyone],
    input: z.strictObject({}),
    output: z.object({
      kinds: z.array(
        z.object({
          kind: z.string(),
          title: z.string(),
          says: z.string(),
          app: z.boolean(),
          mail: Mail,
          /** It cannot be turned off. */
          always: z.boolean(),
          source: z.enum(["own", "company", "usual"]),
        }),
      ),
      rhythm: Rhythm,
    }),
    refuses: noPerson,
    async run(_input, context) {
      const own = await chosenBy(context, personOf(context));
      const company = new Map(
        (
          await context.db.rows<Chosen>(sql`
            select kind, app, mail from platform.notice_default where tenant_id = ${context.tenantId}`)
        ).map((row) => [row.kind, row]),
      );
      const kinds = [...house().notices].map(([kind, { title, says, always = false, mail }]) => {
        const mine = own.get(kind) ?? own.get(everyKind);
        const ours = company.get(kind);
        const asked = { kind: { title, says, always, mail }, wantsMail: false, own: mine, company: ours, muted: false };
        const channels: Channels = channelsOf(asked);
        const source = always ? ("usual" as const) : mine ? ("own" as const) : ours ? ("company" as const) : ("usual" as const);
        return { kind, title, says, always, source, app: channels.app, mail: channels.mail };
      });
      return { kinds, rhythm: await rhythmOf(context) };
    },
  });

async function chosenBy(context: ReadContext, personId: RecordId): Promise<Map<string, Chosen>> {
  const rows = await context.db.rows<Chosen>(sql`
    select kind, app, mail from platform.notice_preference where tenant_id = ${context.tenantId} and person_id = ${personId}`);
  return new Map(rows.map((row) => [row.kind, row]));
}

async function rhythmOf(context: ReadContext): Promise<z.output<typeof Rhythm>> {
  const found = await context.db.row<
    Record<keyof z.output<typeof Rhythm>, string | null> & { digestWeekday: number | null; zone: string }
  >(sql`
    select coalesce(r.zone, t.zone) as zone, to_char(r.digest_at, 'HH24:MI') as digest_at, r.digest_weekday,
      to_char(r.quiet_from, 'HH24:MI') as quiet_from, to_char(r.quiet_until, 'HH24:MI') as quiet_until
    from platform.tenant_account t
    left join platform.notice_rhythm r on r.tenant_id = ${context.tenantId} and r.person_id = ${context.actor.personId}
    where t.tenant_id = ${context.tenantId}`);
  const { zone, digestAt, digestWeekday, quietFrom, quietUntil } = found;
  return {
    zone,
    digestAt: digestAt ?? usualRhythm.digestAt,
    digestWeekday: digestWeekday ?? usualRhythm.digestWeekday,
    quietFrom,
    quietUntil,
  };
}

const needKind = (house: () => Registry, kind: string): void => {
  const known = house().notices.get(kind);
  if (!known) refuse("kindUnknown", { kind }, ["kind"]);
  if (known.always) refuse("alwaysHeard", { title: known.title }, ["kind"]);
};

export const choosePreference = (house: () => Registry) =>
  operation({
    name: "platform.noticePreference.choose",
    title: "Choose what I hear",
    does: "Says on which channel you want to hear of one kind of notice.",
    kind: "write",
    may: [anyone],
    input: z.strictObject({ kind: Text(80), app: z.boolean().describe("On the bell in the app."), mail: Mail }),
    output: z.object({ kind: z.string() }),
    refuses: { ...noPerson, ...kindWords },
    async run({ kind, app, mail }, context) {
      const personId = personOf(context);
      needKind(house, kind);
      await keepPreference(context, personId, { kind, app, mail });
      return { kind };
    },
  });

const keepPreference = (context: WriteContext, personId: RecordId, { kind, app, mail }: Chosen): Promise<number> =>
  context.db.run(sql`
    insert into platform.notice_preference (tenant_id, person_id, kind, app, mail)
    values (${context.tenantId}, ${personId}, ${kind}, ${app}, ${mail})
    on conflict (tenant_id, person_id, kind) do update set app = excluded.app, mail = excluded.mail`);

export const stopMail = operation({
  name: "platform.noticePreference.stop",
  title: "Stop mails of a kind",
  does: "Ends mails of one kind of notice to a person, or of all kinds that can be stopped; the bell in the app stays as it is.",
  kind: "write",
  may: [self("personId")],
  input: z.strictObject({ personId: ref("directory.person"), kind: Text(80).describe("A kind of notice, or * for all.") }),
  output: z.object({ kind: z.string() }),
  async run({ personId, kind }, context) {
    const member = await context.db.maybe(sql`
      select 1 from identity.member where tenant_id = ${context.tenantId} and person_id = ${personId}`);
    if (!member) refuse("notFound");
    const own = await chosenBy(context, personId);
    const kinds = kind === everyKind ? [everyKind, ...own.keys()] : [kind];
    await context.db.run(sql`
      insert into platform.notice_preference (tenant_id, person_id, kind, app, mail)
      select ${context.tenantId}, ${personId}, k, true, 'off' from (select distinct unnest(${kinds}::text[])) as k (k)
      on conflict (tenant_id, person_id, kind) do update set mail = 'off'`);
    // What waits for its hour is not sent after that either.
    await context.db.run(sql`
      update platform.notification set mail_due = null
      where tenant_id = ${context.tenantId} and person_id = ${personId} and mail_due is not null
        and (kind = ${kind} or ${kind} = ${everyKind})`);
    return { kind };
  },
});

export const setDefault = (house: () => Registry) =>
  operation({
    name: "platform.noticeDefault.set",
    title: "Set what everyone hears",
    does: "Says for the whole company on which channel a kind of notice comes, for everyone who chose nothing.",
    kind: "write",
    may: ["platform.operator"],
    input: z.strictObject({ kind: Text(80), app: z.boolean(), mail: Mail }),
    output: z.object({ kind: z.string() }),
    refuses: kindWords,
    async run({ kind, app, mail }, context) {
      needKind(house, kind);
      await context.db.run(sql`
        insert into platform.notice_default (tenant_id, kind, app, mail) values (${context.tenantId}, ${kind}, ${app}, ${mail})
        on conflict (tenant_id, kind) do update set app = excluded.app, mail = excluded.mail`);
      return { kind };
    },
  });

export const setRhythm = operation({
  name: "platform.noticeRhythm.set",
  title: "Choose when I hear",
  does: "Says at what wall time of your zone the summary comes, on which weekday the weekly one, and in which hours no mail is sent.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({
    zone: Text(60).describe("An IANA zone, e.g. Europe/Berlin."),
    digestAt: WallTime,
    digestWeekday: z.number().int().min(1).max(7).describe("1 is Monday."),
    quietFrom: WallTime.optional(),
    quietUntil: WallTime.optional(),
  }),
  output: z.object({ zone: z.string() }),
  refuses: {
    ...noPerson,
    zoneUnknown: "{zone} is not a time zone. Write it like Europe/Berlin.",
    quietIncomplete: "Quiet hours need a beginning and an end that differ.",
  },
  example: { zone: "Europe/Berlin", digestAt: "07:30", digestWeekday: 1, quietFrom: "19:00", quietUntil: "07:00" },
  async run({ zone, digestAt, digestWeekday, quietFrom = null, quietUntil = null }, context) {
    const personId = personOf(context);
    if (!isZone(zone)) refuse("zoneUnknown", { zone }, ["zone"]);
    if ((quietFrom === null) !== (quietUntil === null) || (quietFrom !== null && quietFrom === quietUntil)) {
      refuse("quietIncomplete", {}, ["quietUntil"]);
    }
    await context.db.run(sql`
      insert into platform.notice_rhythm (tenant_id, person_id, zone, digest_at, digest_weekday, quiet_from, quiet_until)
      values (${context.tenantId}, ${personId}, ${zone}, ${digestAt}, ${digestWeekday}, ${quietFrom}, ${quietUntil})
      on conflict (tenant_id, person_id) do update set zone = excluded.zone, digest_at = excluded.digest_at,
        digest_weekday = excluded.digest_weekday, quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until`);
    return { zone };
  },
});

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
