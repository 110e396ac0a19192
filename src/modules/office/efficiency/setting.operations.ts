// What an hour of work costs, and whether single people may be looked at. Without a ground in law or agreement only groups are shown, and
// only those that are large enough.
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { Day, LongText, Money, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { watchers } from "./efficiency.operations.ts";

export const setEffort = operation({
  name: "office.effort.set",
  title: "Set the rate of a kind of work",
  does: "Says from a day on what an hour of a kind of work costs and how many minutes one usually takes, with the reason.",
  kind: "write",
  may: watchers,
  input: z.strictObject({
    activity: Text(80).describe("The kind of work, e.g. `it.equipment`."),
    from: Day,
    minutesTypical: z.number().int().min(0).max(100_000).describe("Where nobody wrote down how long it took."),
    rateHourly: Money,
    why: Text(300).describe("Where the figures come from."),
  }),
  output: z.object({ activity: z.string() }),
  refuses: { rateNegative: "A rate cannot be less than nothing." },
  example: {
    activity: "it.equipment",
    from: "2026-01-01",
    minutesTypical: 45,
    rateHourly: { amount: "48.00", currency: "EUR" },
    why: "Loaded rate of the budget for 2026",
  },
  async run({ activity, from, minutesTypical, rateHourly, why }, context) {
    if (rateHourly.minor < 0n) refuse("rateNegative", {}, ["rateHourly"]);
    await context.db.run(sql`
      insert into office.effort (tenant_id, activity, from_day, minutes_typical, rate_hourly, rate_hourly_currency, why, set_by, set_at)
      values (${context.tenantId}, ${activity}, ${from}, ${minutesTypical}, ${rateHourly.minor}, ${rateHourly.currency}, ${why},
        ${context.actor.personId}, ${context.now})
      on conflict (tenant_id, activity, from_day) do update set minutes_typical = excluded.minutes_typical, why = excluded.why,
        rate_hourly = excluded.rate_hourly, rate_hourly_currency = excluded.rate_hourly_currency, set_by = excluded.set_by,
        set_at = excluded.set_at`);
    return { activity };
  },
});

export const showEffort = operation({
  name: "office.effort.show",
  title: "Rates of work",
  does: "Lists what an hour of each kind of work costs and how long one usually takes, from which day on.",
  kind: "read",
  may: watchers,
  input: z.strictObject({}),
  output: z.object({
    rows: z.array(z.object({ activity: z.string(), from: Day, minutesTypical: z.number().int(), rateHourly: Money, why: z.string() })),
  }),
  async run(_input, context) {
    const rows = await context.db.rows<{
      activity: string;
      from: never;
      minutesTypical: number;
      minor: bigint;
      currency: string;
      why: string;
    }>(sql`
      select activity, from_day as "from", minutes_typical, rate_hourly as minor, rate_hourly_currency as currency, why
      from office.effort where tenant_id = ${context.tenantId} order by activity, from_day desc`);
    return {
      rows: rows.map(({ minor, currency, ...row }) => ({ ...row, rateHourly: new KernelMoney(BigInt(minor), currency) })),
    };
  },
});

export interface Setting {
  readonly peopleMin: number;
  readonly isPersonAllowed: boolean;
  readonly ground: string | null;
  readonly salt: string | null;
}

const usualPeopleMin = 5;

/** Keeps what holds while nobody set anything, with the salt of this company's pseudonyms. */
export const keepUsualSetting = (context: WriteContext): Promise<number> =>
  context.db.run(sql`
    insert into office.efficiency_setting (tenant_id, people_min, is_person_allowed, salt, set_at)
    values (${context.tenantId}, ${usualPeopleMin}, false, ${randomBytes(32).toString("hex")}, ${context.now})
    on conflict (tenant_id) do nothing`);

/** Before the first night there is no salt yet, and so no pseudonym. */
export async function settingOf(context: ReadContext): Promise<Setting> {
  const found = await context.db.maybe<Setting>(sql`
    select people_min, is_person_allowed, ground, salt from office.efficiency_setting where tenant_id = ${context.tenantId}`);
  return found ?? { peopleMin: usualPeopleMin, isPersonAllowed: false, ground: null, salt: null };
}

export const setEfficiency = operation({
  name: "office.efficiencySetting.set",
  title: "Set whether people may be looked at",
  does: "Says on which ground the figures of single people may be seen, or that they may not, and how many people a group must have.",
  kind: "write",
  may: ["owner"],
  input: z.strictObject({
    peopleMin: z.number().int().min(3).max(100).default(usualPeopleMin),
    allowsPeople: z.boolean(),
    ground: LongText(1000).optional().describe("The law, works agreement or contract that allows it."),
  }),
  output: z.object({ peopleMin: z.number().int() }),
  refuses: { groundMissing: "Name the law or agreement that allows looking at single people (GDPR Art 88)." },
  async run({ peopleMin, allowsPeople, ground }, context) {
    if (allowsPeople && !ground?.trim()) refuse("groundMissing", {}, ["ground"]);
    await context.db.run(sql`
      insert into office.efficiency_setting (tenant_id, people_min, is_person_allowed, ground, salt, set_by, set_at)
      values (${context.tenantId}, ${peopleMin}, ${allowsPeople}, ${ground ?? null}, ${randomBytes(32).toString("hex")},
        ${context.actor.personId}, ${context.now})
      on conflict (tenant_id) do update set people_min = excluded.people_min, is_person_allowed = excluded.is_person_allowed,
        ground = excluded.ground, set_by = excluded.set_by, set_at = excluded.set_at`);
    return { peopleMin };
  },
});
