// How careful the company is with what it pays: days of cooling off for a new account, days within which equal bills are asked about.
import { z } from "zod";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { operation } from "../../../platform/operation/operation.ts";

export interface PayableSettings {
  readonly coolOffDays: number;
  readonly alikeDays: number;
}

const usual: PayableSettings = { coolOffDays: 3, alikeDays: 3 };

export async function payableSettings(context: ReadContext): Promise<PayableSettings> {
  const own = await context.db.maybe<PayableSettings>(sql`
    select cool_off_days, alike_days from finance.payable_setting where tenant_id = ${context.tenantId}`);
  return own ?? usual;
}

const Settings = z.object({ coolOffDays: z.number().int(), alikeDays: z.number().int() });

export const getPayableSetting = operation({
  name: "finance.payableSetting.get",
  title: "Care with what is paid",
  does: "Tells how long a supplier's new account cools off, and how near to each other equal bills are asked about.",
  kind: "read",
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({}),
  output: Settings,
  run: (_input, context) => payableSettings(context),
});

export const changePayableSetting = operation({
  name: "finance.payableSetting.change",
  title: "Change the care with what is paid",
  does: "Sets for how many days a supplier's new account cools off, and how near to each other equal bills are asked about.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    coolOffDays: z.number().int().min(0).max(60).optional().describe("Days between approving an account and the first payment to it."),
    alikeDays: z.number().int().min(0).max(60).optional().describe("Days within which two equal amounts are asked about."),
  }),
  output: Settings,
  emits: ["finance.payableSetting.changed"],
  async run(input, context) {
    const next = { ...(await payableSettings(context)), ...input };
    await context.db.run(sql`
      insert into finance.payable_setting (tenant_id, cool_off_days, alike_days)
      values (${context.tenantId}, ${next.coolOffDays}, ${next.alikeDays})
      on conflict (tenant_id) do update set cool_off_days = excluded.cool_off_days, alike_days = excluded.alike_days`);
    context.emit("finance.payableSetting.changed", { ...next });
    return next;
  },
});
