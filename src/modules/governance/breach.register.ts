// The register of breaches of personal data that GDPR Art. 33(5) asks for, and the questions a process asks about one.
import { z } from "zod";
import type { Id as RecordId } from "../../kernel/id.ts";
import { dayAt, type Day as KernelDay } from "../../kernel/day.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";
import { Day, Id, Instant, LongText, ref } from "../../platform/operation/field.ts";
import { anyone } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { askedAbout } from "../office/index.ts";
import { keepers } from "./policy.registers.ts";

export const breachRegister = register({
  name: "governance.breach",
  title: "Breaches of personal data",
  does:
    "What happened to personal data, when the company knew, what it did and whom it told. " +
    "Seen by those who deal with it and who reported it.",
  may: [...keepers, anyone],
  logged: true,
  row: z.object({
    id: Id,
    title: z.string(),
    state: z.enum(["open", "contained", "assessed", "closed"]),
    awareAt: Instant,
    detectedAt: Instant,
    kinds: z.string(),
    categories: z.string(),
    description: LongText(),
    personsAffected: z.number().int().nullable(),
    risk: z.enum(["unlikely", "likely", "high"]).nullable(),
    riskBecause: LongText().nullable(),
    containedAt: Instant.nullable(),
    measures: LongText().nullable(),
    toldAt: Instant.nullable(),
    toldHow: z.string().nullable(),
    lessons: LongText().nullable(),
    closedOn: Day.nullable(),
    reportedById: ref("directory.person").nullable(),
    reportedBy: z.string().nullable(),
  }),
  label: "title",
  search: ["title", "categories"],
  sort: "-awareAt",
  sees: (context) => sql`r.reported_by_id = ${context.actor.personId} or r.id in (${askedAbout(context, "breachId")})`,
  from: (context) => sql`
    select b.id, b.title, b.description, array_to_string(b.kinds, ', ') as kinds, b.categories, b.detected_at, b.aware_at,
      b.persons_affected,
      b.risk, b.risk_because, b.contained_at, b.measures, b.told_at, b.told_how, b.lessons, b.closed_on, b.reported_by as reported_by_id,
      p.name as reported_by,
      case when b.closed_on is not null then 'closed' when b.risk is not null then 'assessed'
        when b.contained_at is not null then 'contained' else 'open' end as state
    from governance.breach b left join directory.party p on p.tenant_id = b.tenant_id and p.id = b.reported_by
    where b.tenant_id = ${context.tenantId}`,
});

export interface BreachFacts {
  readonly awareOn: KernelDay;
  /** The minute by the company's clock, such as 09:30. */
  readonly awareTime: string;
  readonly isContained: boolean;
  readonly risk: "unlikely" | "likely" | "high" | null;
  readonly isTold: boolean;
  readonly isClosed: boolean;
}

/** What is known of a breach, for the process; undefined when there is none. */
export async function breachFacts(context: ReadContext, breachId: RecordId): Promise<BreachFacts | undefined> {
  const found = await context.db.maybe<Omit<BreachFacts, "awareOn"> & { awareAt: Date }>(sql`
    select aware_at, to_char(aware_at at time zone coalesce((
        select zone from platform.tenant_account where tenant_id = ${context.tenantId}), 'UTC'), 'HH24:MI') as aware_time,
      contained_at is not null as is_contained, risk, told_at is not null as is_told, closed_on is not null as is_closed
    from governance.breach where tenant_id = ${context.tenantId} and id = ${breachId}`);
  return found && { ...found, awareOn: dayAt(found.awareAt, "UTC") };
}
