// How reliable equipment is, from when it was out of service.
import { z } from "zod";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import { Day, ref } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { keepers } from "./place.store.ts";
import { reliabilityOf } from "./reliability.rules.ts";

export const reportReliability = operation({
  name: "facilities.reliability.report",
  title: "Reliability of equipment",
  does:
    "Lists for each thing that failed how often, how long between failures, how long a repair took, " +
    "and how much of the time it could be used.",
  kind: "read",
  may: [...keepers],
  input: z.strictObject({ from: Day, until: Day.describe("This day included."), equipmentId: ref("facilities.equipment").optional() }),
  output: z.object({
    rows: z.array(
      z.object({
        equipmentId: ref("facilities.equipment"),
        equipment: z.string(),
        failures: z.number().int(),
        downHours: z.number(),
        betweenFailuresHours: z.number().nullable().describe("Mean time between failures."),
        toRepairHours: z.number().nullable().describe("Mean time to repair."),
        availability: z.number(),
      }),
    ),
  }),
  refuses: { spanCrossed: "The last day lies before the first." },
  async run({ from, until, equipmentId }, context) {
    if (until < from) refuse("spanCrossed", {}, ["until"]);
    const span = await context.db.row<{ fromAt: Date; untilAt: Date }>(sql`
      select (${from}::date)::timestamp at time zone t.zone as from_at,
        least((${until}::date + 1)::timestamp at time zone t.zone, ${context.now}::timestamptz) as until_at
      from platform.tenant_account t where t.tenant_id = ${context.tenantId}`);
    const outages = await context.db.rows<{ assetId: KernelId; asset: string; fromAt: Date; untilAt: Date | null; isFailure: boolean }>(sql`
      select d.asset_id, a.tag || ' ' || a.name as asset, d.from_at, d.until_at, d.is_failure from facilities.downtime d
      join assets.asset a on a.tenant_id = d.tenant_id and a.id = d.asset_id
      where d.tenant_id = ${context.tenantId} and d.from_at < ${span.untilAt} and coalesce(d.until_at, 'infinity') > ${span.fromAt}
        and (${equipmentId ?? null}::uuid is null or d.asset_id = ${equipmentId ?? null}::uuid)
      order by 2, d.from_at`);
    const byThing = new Map<KernelId, typeof outages>();
    for (const outage of outages) byThing.set(outage.assetId, [...(byThing.get(outage.assetId) ?? []), outage]);
    const rows = [...byThing].map(([id, own]) => ({
      equipmentId: id,
      equipment: own[0]!.asset,
      ...reliabilityOf(
        own.map((one) => ({ from: one.fromAt.getTime(), until: one.untilAt?.getTime(), isFailure: one.isFailure })),
        span.fromAt.getTime(),
        span.untilAt.getTime(),
      ),
    }));
    return { rows: rows.toSorted((a, b) => b.failures - a.failures || b.downHours - a.downHours) };
  },
});
