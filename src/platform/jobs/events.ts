// Tells the reactions what happened. Events are kept with the write that caused them, so none is lost; each is told until its
// reactions succeed, in order, one company at a time.
import type { Id } from "../../kernel/id.ts";
import { sql } from "../database/sql.ts";
import type { Funnel } from "../funnel/funnel.ts";
import type { HouseEvent } from "../operation/module.ts";

const attemptsMax = 5;
const batchMax = 50;

/** Handles waiting events until none is left; returns how many were handled. An event that keeps failing is set aside with its reason. */
export async function settleEvents(funnel: Funnel, tenantId: Id): Promise<number> {
  let handled = 0;
  for (;;) {
    const waiting = await funnel.work(tenantId, (context) =>
      context.db.rows<HouseEvent & { attempts: number }>(sql`
        select id, name, payload, at, attempts from platform.event
        where tenant_id = ${tenantId} and handled_at is null and attempts < ${attemptsMax}
        order by id limit ${batchMax}`),
    );
    if (waiting.length === 0) return handled;
    for (const event of waiting) handled += (await tell(funnel, tenantId, event)) ? 1 : 0;
  }
}

async function tell(funnel: Funnel, tenantId: Id, event: HouseEvent): Promise<boolean> {
  const reactions = funnel.registry.reactions.filter((reaction) => reaction.to === event.name || reaction.to === "*");
  try {
    await funnel.work(tenantId, async (context) => {
      // The row is taken first: a second server waits here, then finds it handled.
      const taken = await context.db.maybe(sql`
        select id from platform.event where tenant_id = ${tenantId} and id = ${event.id} and handled_at is null for update`);
      if (!taken) return;
      for (const reaction of reactions) await reaction.does(event, context);
      await context.db.run(sql`
        update platform.event set handled_at = ${context.now} where tenant_id = ${tenantId} and id = ${event.id}`);
    });
    return true;
  } catch (error) {
    const failure = String((error as Error).stack ?? error).slice(0, 2000);
    await funnel.work(tenantId, (context) =>
      context.db.run(sql`
        update platform.event set attempts = attempts + 1, failure = ${failure}
        where tenant_id = ${tenantId} and id = ${event.id}`),
    );
    return false;
  }
}
