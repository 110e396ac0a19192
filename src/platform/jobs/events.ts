// Tells the reactions what happened. Events are kept with the write that caused them, so none is lost; each is told until its
// reactions succeed, in the order in which they happened.
import type { Id } from "../../kernel/id.ts";
import { sql } from "../database/sql.ts";
import type { Funnel } from "../funnel/funnel.ts";
import type { WriteContext } from "../operation/context.ts";
import type { HouseEvent, Reaction } from "../operation/module.ts";

/** After so many failures an event is set aside with its reason, and a law of the house says so. */
const attemptsMax = 5;
const batchMax = 200;

/** The rounds that are going on, of each house and company. */
const rounds = new WeakMap<Funnel, Map<Id, { now: Promise<number>; next?: Promise<number> }>>();

/**
 * Handles waiting events until none is left; how many were handled. One round at a time: whoever asks during one shares the next, and
 * nobody waits in the database for a lock that this house holds itself.
 */
export function settleEvents(funnel: Funnel, tenantId: Id): Promise<number> {
  const going = rounds.get(funnel) ?? new Map<Id, { now: Promise<number>; next?: Promise<number> }>();
  rounds.set(funnel, going);
  const begin = (): Promise<number> => {
    const now = settleRound(funnel, tenantId).finally(() => {
      const round = going.get(tenantId);
      if (round?.now === now && !round.next) going.delete(tenantId);
    });
    going.set(tenantId, { now });
    return now;
  };
  const round = going.get(tenantId);
  if (!round) return begin();
  round.next ??= round.now.catch(() => 0).then(begin);
  return round.next;
}

async function settleRound(funnel: Funnel, tenantId: Id): Promise<number> {
  let handled = 0;
  for (;;) {
    const batch = await funnel.work(tenantId, (context) => tellBatch(funnel.registry.reactions, context));
    handled += batch.handled;
    // A full batch may have left others waiting, and a reaction may have made new ones.
    if (batch.taken < batchMax && !batch.reacted) return handled;
  }
}

/** One transaction for a batch: a second server waits for the rows, then finds them handled. What one event breaks is taken back alone. */
async function tellBatch(
  reactions: readonly Reaction[],
  context: WriteContext,
): Promise<{ taken: number; handled: number; reacted: boolean }> {
  const waiting = await context.db.rows<HouseEvent>(sql`
    select id, name, payload, at from platform.event
    where tenant_id = ${context.tenantId} and handled_at is null and attempts < ${attemptsMax}
    order by id limit ${batchMax} for update`);
  const heeded = await heededBy(reactions, waiting, context);
  const handled: Id[] = [];
  let reacted = false;
  const failed: { id: Id; failure: string }[] = [];
  for (const event of waiting) {
    const listening = reactions.filter((reaction) => heeded.get(reaction)?.has(event.id) ?? reaction.to === event.name);
    if (listening.length === 0) {
      handled.push(event.id);
      continue;
    }
    reacted = true;
    const error = await context.attempt(async () => {
      for (const reaction of listening) await reaction.does(event, context);
    });
    if (error) failed.push({ id: event.id, failure: String(error.stack ?? error).slice(0, 2000) });
    else handled.push(event.id);
  }
  await context.db.run(sql`
    update platform.event set handled_at = ${context.now} where tenant_id = ${context.tenantId} and id = any(${handled}::uuid[])`);
  if (failed.length > 0) {
    await context.db.run(sql`
      update platform.event e set attempts = e.attempts + 1, failure = f.failure
      from unnest(${failed.map((one) => one.id)}::uuid[], ${failed.map((one) => one.failure)}::text[]) as f (id, failure)
      where e.tenant_id = ${context.tenantId} and e.id = f.id`);
  }
  return { taken: waiting.length, handled: handled.length, reacted };
}

/** For each reaction to everything, the events of a batch that it minds. */
async function heededBy(
  reactions: readonly Reaction[],
  events: readonly HouseEvent[],
  context: WriteContext,
): Promise<ReadonlyMap<Reaction, ReadonlySet<Id>>> {
  const heeded = new Map<Reaction, ReadonlySet<Id>>();
  if (events.length === 0) return heeded;
  for (const reaction of reactions) {
    if (reaction.to !== "*") continue;
    heeded.set(reaction, reaction.heeds ? await reaction.heeds(events, context) : new Set(events.map((event) => event.id)));
  }
  return heeded;
}
