// Work under way on the day the newcomer arrives: purchases at several stages, a hire, and somebody who leaves.
import { addDays } from "../../src/kernel/day.ts";
import type { Id } from "../../src/kernel/id.ts";
import { rowsOn, sql } from "../../src/platform/database/sql.ts";
import { known, type Story, tell } from "../story.ts";

export async function wishesChapter(story: Story): Promise<void> {
  const wish = async (title: string, kind: string, supplier: string, amount: string, as: string): Promise<Id> => {
    const made = await tell(
      story,
      "purchasing.request.create",
      {
        title,
        kind,
        supplierId: known(story, `supplier/${supplier}`),
        amount: { amount, currency: "EUR" },
        wantedBy: addDays(story.today, 30),
      },
      as,
    );
    await tell(story, "purchasing.request.submit", { requestId: made.id }, as);
    return made.id;
  };
  await wish("Interferometer for the laboratory", "equipment", "Vakuumtechnik Nord GmbH", "23800.00", "Viktor Stahl");
  await wish("Ergonomic chairs", "supplies", "Bürowelt Lange GmbH", "460.00", "Greta Holm");
  await wish("Trade fair stand in spring", "service", "Messe Hannover Service GmbH", "9200.00", "Mats Eriksen");
  await tell(story, "people.offer.accept", { offerId: known(story, "offer/Emil Sørensen") }, "Nadia Petrov");
  const employmentId = known(story, "employment/Ines Castell");
  await tell(story, "people.resignation.record", { employmentId, receivedOn: addDays(story.today, -5), noticeDays: 30 }, "Nadia Petrov");
}

/** Bells and mails of a whole year would hide today's: everyone starts with what is open now. */
export async function quietChapter(story: Story): Promise<void> {
  const db = rowsOn(story.owner);
  await db.run(sql`delete from platform.mail where tenant_id = ${story.tenantId}`);
  await db.run(sql`delete from platform.notification where tenant_id = ${story.tenantId}`);
}
