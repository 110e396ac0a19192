// Closing in the story of the year: ticking the board, closing a month without it, and every report of the year as bytes.
import { addDays, type Day } from "../../src/kernel/day.ts";
import type { Row, YearCompany } from "./year.company.ts";

export const periodOf = async (year: YearCompany, code: string): Promise<string> =>
  String((await year.rows("finance.period", { code }))[0]!["id"]);

/** Arno ticks off a task of the board. */
export async function tick(year: YearCompany, code: string, key: string, note?: string): Promise<Row> {
  const board = await year.does("arno", "finance.closeBoard.get", { periodId: await periodOf(year, code) });
  const task = (board["tasks"] as Row[]).find((one) => one["key"] === key)!;
  return year.does("arno", "finance.closeTask.complete", { closeTaskId: task["id"], ...(note !== undefined && { note }) });
}

/** A quiet month: what recurs, its part of the deferral, depreciation, and closed. */
export async function closeMonth(year: YearCompany, code: string, until: string): Promise<void> {
  year.on(addDays(until as Day, 1));
  await year.night("finance.recurringEntries");
  await year.does("arno", "finance.deferral.recognise", { until });
  await year.does("arno", "finance.depreciationRun.post", { until });
  await year.does("carla", "finance.period.close", { periodId: await periodOf(year, code) });
}

interface Span {
  readonly from: string;
  readonly to: string;
}
export const january: Span = { from: "2026-01-01", to: "2026-01-31" };
export const wholeYear: Span = { from: "2026-01-01", to: "2026-12-31" };

/** Every report of a span, as the bytes that go over the wire. */
export async function reportsOf(year: YearCompany, { from, to }: Span, asKnownAt?: string): Promise<Record<string, string>> {
  const { nordlicht, seaside, papier } = year.parties;
  const asked: readonly [string, string, object][] = [
    ["trial balance", "finance.trialBalance.get", { asOf: to }],
    ["profit and loss", "finance.profitAndLoss.get", { from, to, by: "month" }],
    ["balance sheet", "finance.balanceSheet.get", { asOf: to, months: 12 }],
    ["cash flow", "finance.cashFlow.get", { from, to }],
    ["cash flow, direct", "finance.cashFlow.get", { from, to, method: "direct" }],
    ["equity", "finance.equity.get", { from, to }],
    ["ledger", "finance.ledger.get", { from, to, limit: 500 }],
    ["ledger as CSV", "finance.ledger.export", { format: "csv", from, to }],
    ["ageing of customers", "finance.ageing.get", { asOf: to }],
    ["ageing of suppliers", "finance.ageing.get", { asOf: to, direction: "payable" }],
    ["a customer", "finance.customerAccount.get", { partyId: nordlicht, asOf: to }],
    ["a customer abroad", "finance.customerAccount.get", { partyId: seaside, asOf: to }],
    ["a supplier", "finance.supplierAccount.get", { partyId: papier, asOf: to }],
    ["tax return", "finance.taxReturn.get", { from, to }],
    ["cash and what is due", "finance.cashForecast.get", { asOf: to }],
    ["what payables are", "finance.figure.explain", { report: "balanceSheet", accountId: year.account("2110"), to }],
  ];
  const found: Record<string, string> = {};
  for (const [title, name, input] of asked) {
    found[title] = JSON.stringify(await year.does("carla", name, { ...input, ...(asKnownAt !== undefined && { asKnownAt }) }));
  }
  return found;
}
