// Who may decide: whoever the wish names first and the line above them, then the holder of the activity and the line above, then an owner
// of the company; never the one who wishes, nor whoever acted for them, nor someone whose limit the amount exceeds.
import type { Id } from "../../../kernel/id.ts";
import type { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { managerOf } from "../../directory/index.ts";
import { answerableFor, type Holder, type WorkPlace } from "../responsibility/resolve.ts";
import { type Candidate, deciders } from "./approval.rules.ts";

export interface Wish {
  readonly activity: string;
  readonly place?: WorkPlace;
  /** Asked before the holder, with the line above them. */
  readonly firstId?: Id;
  readonly amount: Money | null;
  /** Who may not decide. */
  readonly wishers: readonly (Id | null)[];
}

const lineMax = 20;

/** Everyone who may decide, the first asked first. */
export async function decidersOf(context: ReadContext, wish: Wish): Promise<Holder[]> {
  const holder = await answerableFor(context, wish.activity, wish.place);
  const owners = await ownersOf(context);
  const line: Candidate[] = [];
  const first = wish.firstId && { personId: wish.firstId, via: "leads the person who asks" };
  for (const start of first ? [first, holder] : [holder]) {
    let next: Holder | undefined = start;
    while (next?.personId && line.length < lineMax && !line.some((one) => one.personId === next!.personId)) {
      const { personId, via } = next;
      const isOwner = owners.includes(personId);
      line.push({ personId, via, limit: isOwner ? null : await limitOf(context, wish, personId) });
      const above: Id | undefined = await managerOf(context, personId, context.today);
      next = above && { personId: above, via: start === holder ? "stands above who answers for it" : "leads whoever leads the person" };
    }
  }
  for (const personId of owners) {
    if (!line.some((one) => one.personId === personId)) line.push({ personId, via: "owner of the company", limit: null });
  }
  return deciders(line, wish.amount, wish.wishers);
}

export async function ownersOf(context: ReadContext): Promise<Id[]> {
  const found = await context.db.rows<{ personId: Id }>(sql`
    select m.person_id, min(g.from_day) as since from identity.role_grant g
    join identity.member m on m.tenant_id = g.tenant_id and m.user_id = g.user_id
    where g.tenant_id = ${context.tenantId} and g.role = 'owner' and g.scope_id is null and m.person_id is not null
      and m.disabled_at is null and g.from_day <= ${context.today}::date and (g.until_day is null or g.until_day >= ${context.today}::date)
    group by m.person_id order by since, m.person_id`);
  return found.map((row) => row.personId);
}

/** The limit someone decides within, by themself or by their seat; null without one. The higher of two counts. */
async function limitOf(context: ReadContext, wish: Wish, personId: Id): Promise<Candidate["limit"]> {
  const found = await context.db.maybe<{ minor: bigint; currency: string }>(sql`
    select l.amount_minor as minor, l.currency from office.approval_limit l
    where l.tenant_id = ${context.tenantId} and l.activity = ${wish.activity} and l.during @> ${context.today}::date
      and (l.person_id = ${personId} or l.position_id in (select h.position_id from directory.holding h
        where h.tenant_id = ${context.tenantId} and h.person_id = ${personId} and h.during @> ${context.today}::date))
    order by (l.currency = ${wish.amount?.currency ?? null}) desc nulls last, l.amount_minor desc limit 1`);
  return found ?? null;
}
