// Looking after what waits too long: who is asked is reminded once, then the line above may decide as well and is told, once, however many
// servers look at the same time.
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { Notice, WriteContext } from "../../../platform/operation/context.ts";
import { votersOf } from "./approval.store.ts";
import { above } from "./approver.ts";
import { ownersOf } from "./chain.ts";

interface Waiting {
  readonly approvalId: Id;
  readonly seatId: Id;
  readonly title: string;
  readonly personId: Id;
  readonly person: string;
  readonly heldBy: Id;
  readonly requestedBy: Id | null;
  readonly actedBy: Id | null;
}

/** Returns how many people were reminded and how many seats went up. */
export async function careForApprovals(context: WriteContext): Promise<{ reminded: number; escalated: number }> {
  return { reminded: await remind(context), escalated: await escalate(context) };
}

/** The stage is marked before anyone is told, so that it is reached once by whoever is asked; the days are those they work. */
function reached(context: WriteContext, stage: "remind" | "escalate"): Promise<Waiting[]> {
  const [on, mark] = stage === "remind" ? [sql`remind_on`, sql`reminded_on`] : [sql`escalate_on`, sql`escalated_on`];
  const { tenantId, today } = context;
  return context.db.rows<Waiting>(sql`
    with due as (
      update office.approval_seat set ${mark} = ${today}
      where tenant_id = ${tenantId} and state = 'open' and ${mark} is null and ${on} <= ${today}::date
      returning id, approval_id, person_id)
    select a.id as approval_id, d.id as seat_id, a.title, d.person_id, p.name as person, coalesce(k.person_id, d.person_id) as held_by,
      a.requested_by, a.acted_by
    from due d
    join office.approval a on a.tenant_id = ${tenantId} and a.id = d.approval_id
    join directory.party p on p.tenant_id = ${tenantId} and p.id = d.person_id
    left join office.task k on k.tenant_id = ${tenantId} and k.key = 'approval:' || d.id::text and k.state = 'open'
    order by d.id`);
}

const about = ({ approvalId: id }: Waiting) => ({ subject: "office.approval", id });

async function remind(context: WriteContext): Promise<number> {
  const waiting = await reached(context, "remind");
  await context.notifyAll(
    waiting.map((one): Notice => ({
      personId: one.heldBy,
      title: `Still to decide: ${one.title}`,
      about: about(one),
      event: "office.approval.late",
      mail: true,
    })),
  );
  return waiting.length;
}

async function escalate(context: WriteContext): Promise<number> {
  const waiting = await reached(context, "escalate");
  const up: (Waiting & { aboveId: Id })[] = [];
  for (const one of waiting) {
    const aboveId = await aboveOf(context, one);
    if (aboveId) up.push({ ...one, aboveId });
  }
  if (up.length === 0) return 0;
  await context.db.run(sql`
    update office.approval_seat t set escalated_id = u.above_id
    from unnest(${up.map((one) => one.seatId)}::uuid[], ${up.map((one) => one.aboveId)}::uuid[]) as u (id, above_id)
    where t.tenant_id = ${context.tenantId} and t.id = u.id and t.state = 'open'`);
  await context.notifyAll(
    up.flatMap((one): Notice[] => {
      const event = "office.approval.late";
      const told: Notice = {
        personId: one.aboveId,
        title: `Waits too long for ${one.person}: ${one.title}`,
        text: "You may decide in their place.",
        about: about(one),
        event,
        mail: true,
      };
      if (one.requestedBy === null) return [told];
      return [told, { personId: one.requestedBy, title: `Taken up the line: ${one.title}`, about: about(one), event }];
    }),
  );
  return up.length;
}

/** The nearest in the line above, then an owner, who neither wishes nor has decided. */
async function aboveOf(context: WriteContext, one: Waiting): Promise<Id | undefined> {
  const line = [...(await above(context, one.personId)).map(({ personId }) => personId), ...(await ownersOf(context))];
  const barred = [one.requestedBy, one.actedBy, one.personId, ...(await votersOf(context, one.approvalId))];
  return line.find((personId) => !barred.includes(personId));
}
