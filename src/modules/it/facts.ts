// Questions that processes ask IT about a person: is the device reserved, handed over, are the accounts open, is nothing held any more?
import type { Id } from "../../kernel/id.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";
import { holdingsOf, itKinds, reservationsOf } from "../assets/index.ts";

/** A device is reserved for the person, or already in their hands. */
export const deviceIsReserved = async (context: ReadContext, personId: Id): Promise<boolean> =>
  (await reservationsOf(context, personId, itKinds)).length > 0 || (await holdingsOf(context, personId, itKinds)).length > 0;

/** The person holds a device, and nothing that was reserved for them is still waiting. */
export const deviceIsHandedOver = async (context: ReadContext, personId: Id): Promise<boolean> =>
  (await holdingsOf(context, personId, itKinds)).length > 0 && (await reservationsOf(context, personId, itKinds)).length === 0;

/** The person has accepted every device they hold, and holds one. */
export async function deviceIsAccepted(context: ReadContext, personId: Id): Promise<boolean> {
  const held = await holdingsOf(context, personId, itKinds);
  return held.length > 0 && held.every((holding) => holding.acceptedAt !== null);
}

export const holdsNoDevice = async (context: ReadContext, personId: Id): Promise<boolean> =>
  (await holdingsOf(context, personId, itKinds)).length === 0;

export const noDeviceIsReserved = async (context: ReadContext, personId: Id): Promise<boolean> =>
  (await reservationsOf(context, personId, itKinds)).length === 0;

/** Systems a person needs: those for everyone, and those of the jobs they have or are about to have. */
export function neededBy(
  context: ReadContext,
  personId: Id,
): Promise<{ systemId: Id; system: string; account: "open" | "suspended" | null }[]> {
  return context.db.rows(sql`
    select s.id as system_id, s.name as system, a.state as account from it.system s
    left join it.account a on a.tenant_id = s.tenant_id and a.system_id = s.id and a.person_id = ${personId} and a.state <> 'closed'
    where s.tenant_id = ${context.tenantId} and (s.retired_on is null or s.retired_on > ${context.today}::date)
      and (s.for_everyone or exists (
        select from it.system_job y
        join directory.position_version v on v.tenant_id = y.tenant_id and v.job_id = y.job_id
        join directory.holding h on h.tenant_id = v.tenant_id and h.position_id = v.position_id and h.person_id = ${personId}
          and h.during && daterange(${context.today}::date, null) and v.during && h.during
          and v.during && daterange(${context.today}::date, null)
        where y.tenant_id = s.tenant_id and y.system_id = s.id))
    order by s.name`);
}

/** The person has an open account on every system they need. */
export const accountsAreOpen = async (context: ReadContext, personId: Id): Promise<boolean> =>
  (await neededBy(context, personId)).every((system) => system.account === "open");

/** No account of the person can be used or come back to life: all are closed. */
export async function holdsNoAccount(context: ReadContext, personId: Id): Promise<boolean> {
  const left = await context.db.maybe(sql`
    select id from it.account where tenant_id = ${context.tenantId} and person_id = ${personId} and state <> 'closed' limit 1`);
  return left === undefined;
}
