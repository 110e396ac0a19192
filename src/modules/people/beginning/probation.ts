// Probation: whoever leads a newcomer is asked in good time whether they stay, as soon as the contract is signed; every night the
// question follows a first day that moved, and goes with an employment that ends.
import { addDays, type Day, later } from "../../../kernel/day.ts";
import { groupedBy } from "../../../kernel/group.ts";
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { managersOf } from "../../directory/index.ts";
import { closeTask, moveTaskDue, openTask } from "../../office/index.ts";

/** So that notice can still be given within it. */
const decideDaysBefore = 14;

export const probationTask = (probationId: Id): string => `people.probation:${probationId}`;
export const decideBy = (until: Day): Day => addDays(until, -decideDaysBefore);

interface Probation {
  readonly id: Id;
  readonly personId: Id;
  readonly person: string;
  readonly firstDay: Day;
  readonly until: Day;
  readonly isOver: boolean;
  readonly asked: "open" | "done" | "cancelled" | null;
  readonly due: Day | null;
}

/** Asks for every probation that nobody was asked about, of one person or of all, and keeps what is asked in step with its last day. */
export async function askProbations(context: WriteContext, personId?: Id): Promise<void> {
  const waits = sql`k.state = 'signed' and k.probation_until >= ${context.today}::date and k.probation_outcome is null`;
  const whose = personId ? sql`e.person_id = ${personId} and (${waits} or t.state = 'open')` : waits;
  const open = await context.db.rows<Probation>(sql`
    select k.id, e.person_id, o.name as person, k.first_day, k.probation_until as until, t.state as asked, t.due,
      (k.state <> 'signed' or e.voided_on is not null or upper(e.during) <= k.probation_until) as is_over
    from people.contract k
    join people.employment e on e.tenant_id = k.tenant_id and e.id = k.employment_id
    join directory.party o on o.tenant_id = e.tenant_id and o.id = e.person_id
    left join office.task t on t.tenant_id = k.tenant_id and t.key = 'people.probation:' || k.id
    where k.tenant_id = ${context.tenantId} and ${whose}`);
  const unasked = open.filter((one) => one.asked === null && !one.isOver);
  // Whoever will lead them: on their first day, when that is still to come.
  for (const [on, some] of groupedBy(unasked, (one) => later(one.firstDay, context.today))) {
    const persons = some.map((one) => one.personId);
    const above = await managersOf(context, persons, on);
    for (const one of some) await ask(context, one, above.get(one.personId));
  }
  for (const one of open.filter((row) => row.asked === "open")) {
    const key = probationTask(one.id);
    if (one.isOver) await closeTask(context, { key }, "cancelled", "The employment ends before the probation does.");
    else if (one.due !== decideBy(one.until)) await moveTaskDue(context, { key }, decideBy(one.until));
  }
}

async function ask(context: WriteContext, { id, person, until }: Probation, leader: Id | undefined): Promise<void> {
  await openTask(context, {
    kind: "decision",
    title: `Probation of ${person}`,
    says: `Say in good time whether ${person} stays, whether the probation is made longer, or whether it was not passed.`,
    // Months ahead: whoever is away today is back by then.
    owner: leader ? { personId: leader } : { activity: "people.probation" },
    due: decideBy(until),
    about: { subject: "people.probation", id },
    asks: { operation: "people.probation.decide", input: { probationId: id } },
    key: probationTask(id),
    confidential: true,
  });
}
