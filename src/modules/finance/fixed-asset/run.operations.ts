// Running depreciation for all assets of an asset book, and taking the last run back.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Day, Id, LongText, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { reversalRefusals, reverseEntry } from "../ledger/reversal.ts";
import { assetRoles } from "./asset-class.operations.ts";
import { bookRun, lockAssetBook } from "./run.ts";
import { planAgain } from "./line.store.ts";

export const postDepreciation = operation({
  name: "finance.depreciationRun.post",
  title: "Run depreciation",
  does: "Books what all assets lose in value until a day: one entry for each period, by account and cost centre.",
  kind: "write",
  previews: true,
  may: assetRoles,
  input: z.strictObject({
    until: Day.describe("Usually the last day of the month."),
    assetBookId: ref("finance.assetBook").optional().describe("By default the one that posts."),
  }),
  output: z.object({
    id: Id,
    lines: z.number().int(),
    total: Money,
    entries: z.array(z.object({ id: ref("finance.journalEntry"), number: z.string() })),
  }),
  refuses: {
    assetBookUnknown: "There is no such asset book in these books. Look it up: heartwood finance asset-book list",
    nothingDue: "Nothing is left to depreciate until {day}.",
    ...postingRefusals,
  },
  emits: ["finance.depreciationRun.posted"],
  example: { until: "2026-11-30" },
  async run(input, context) {
    const book = (await lockAssetBook(context, input.assetBookId)) ?? refuse("assetBookUnknown", {}, ["assetBookId"]);
    const booked = (await bookRun(context, book, input.until)) ?? refuse("nothingDue", { day: input.until }, ["until"]);
    context.emit("finance.depreciationRun.posted", { depreciationRunId: booked.id, until: input.until, lines: booked.lines });
    return { ...booked, entries: booked.entries.map(({ id, number }) => ({ id, number })) };
  },
});

export const reverseDepreciation = operation({
  name: "finance.depreciationRun.reverse",
  title: "Take the run back",
  does: "Mirrors the entries of the last run of an asset book; its lines are planned again.",
  kind: "write",
  previews: true,
  may: ["finance.manager"],
  input: z.strictObject({
    depreciationRunId: ref("finance.depreciationRun"),
    on: Day.optional().describe("By default each entry on its own day."),
    reason: LongText(200).min(3, "says why, in a few words"),
  }),
  output: z.object({ id: Id, lines: z.number().int() }),
  refuses: {
    notFound: "There is no such run.",
    runReversed: "This run was taken back on {day} already.",
    laterBooked: "After this run more was booked for these assets, or one is gone. Take later runs back first, or revise the assets.",
    ...postingRefusals,
    alreadyReversed: reversalRefusals.alreadyReversed,
    beforeEntry: reversalRefusals.beforeEntry,
  },
  when: (record) => record["state"] === "posted",
  emits: ["finance.depreciationRun.reversed"],
  async run(input, context) {
    const { tenantId } = context;
    const run = await context.db.maybe<{ id: KernelId; assetBookId: KernelId; reversedOn: KernelDay | null }>(sql`
      select id, asset_book_id, reversed_on from finance.depreciation_run
      where tenant_id = ${tenantId} and id = ${input.depreciationRunId} for update`);
    if (!run) refuse("notFound");
    if (run.reversedOn) refuse("runReversed", { day: run.reversedOn });
    await lockAssetBook(context, run.assetBookId);
    const later = await context.db.maybe(sql`
      select l.id from finance.depreciation_line l
      join finance.asset_plan p on p.tenant_id = ${tenantId} and p.id = l.plan_id
      join finance.fixed_asset f on f.tenant_id = ${tenantId} and f.id = p.fixed_asset_id
      left join finance.depreciation_line x on x.tenant_id = ${tenantId} and x.plan_id = l.plan_id and x.state = 'posted'
        and x.until_day > l.until_day and x.run_id is distinct from l.run_id
      where l.tenant_id = ${tenantId} and l.run_id = ${run.id} and (x.id is not null or f.disposed_on is not null) limit 1`);
    if (later) refuse("laterBooked");
    const entries = await context.db.rows<{ id: KernelId; day: KernelDay }>(sql`
      select e.id, e.day from finance.journal_entry e
      where e.tenant_id = ${tenantId} and e.document_id = ${run.id} and e.reverses_id is null order by e.day`);
    // As many as the run had periods, not assets.
    for (const entry of entries) await reverseEntry(context, entry.id, input.on ?? entry.day, input.reason);
    const { length: lines } = await planAgain(context, sql`l.run_id = ${run.id}`);
    await context.db.run(sql`
      update finance.depreciation_run set reversed_on = ${context.today} where tenant_id = ${tenantId} and id = ${run.id}`);
    context.emit("finance.depreciationRun.reversed", { depreciationRunId: run.id, reason: input.reason });
    return { id: run.id, lines };
  },
});
