// The cost of work on a building in the books: from the day it is known until its bill is there, taken back when the work is open again.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { type Id, newId } from "../../../kernel/id.ts";
import { openBooks, type TestBooks } from "../testing/books.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

async function happened(name: string, payload: object): Promise<void> {
  const { house } = books;
  await house.funnel.work(house.tenantId, async (context) => context.emit(name, payload as never), house.today);
  await house.settle();
}

const costs = (workOrderId: Id, amount: string, more: object = {}) =>
  happened("facilities.workOrder.costRecorded", {
    workOrderId,
    number: "WO-00007",
    asked: { amount, currency: "EUR" },
    billId: null,
    ...more,
  });

/** What stands on the account that does a job, in cents. */
async function balance(role: "expense" | "accrual"): Promise<number> {
  const { house } = books;
  const { rows } = await house.owner.query<{ sum: string }>(
    `select coalesce(sum(l.amount), 0) as sum from finance.account_role r
     left join finance.journal_line l on l.tenant_id = r.tenant_id and l.account_id = r.account_id
     where r.tenant_id = $1 and r.role = $2`,
    [house.tenantId, role],
  );
  return Number(rows[0]!.sum);
}

const stands = async (): Promise<number[]> => [await balance("expense"), await balance("accrual")];

test("known without a bill it is owed and spent, once; another cost takes its place; its bill or a reopening takes it back", async () => {
  const workOrderId = newId();
  await costs(workOrderId, "800.00");
  expect(await stands()).toEqual([800_00, -800_00]);
  await costs(workOrderId, "800.00");
  expect(await stands()).toEqual([800_00, -800_00]);
  await costs(workOrderId, "820.50");
  expect(await stands()).toEqual([820_50, -820_50]);
  await happened("facilities.workOrder.reopened", { workOrderId, reason: "It squeaks." });
  expect(await stands()).toEqual([0, 0]);
  await costs(workOrderId, "820.50");
  expect(await stands()).toEqual([820_50, -820_50]);
  await costs(workOrderId, "820.50", { billId: newId() });
  expect(await stands()).toEqual([0, 0]);
  expect(await books.breaks()).toEqual([]);
});

test("what the books do not take becomes one task of whoever keeps them", async () => {
  const { house, chief, accountant } = books;
  house.today = day("2025-11-21");
  const workOrderId = newId();
  await costs(workOrderId, "100.00");
  await costs(workOrderId, "100.00");
  house.today = day("2026-11-21");
  const tasks = async () =>
    [
      ...((await house.call("office.task.list", { filter: { aboutId: workOrderId, state: "open" } }, accountant))["rows"] as object[]),
      ...((await house.call("office.task.list", { filter: { aboutId: workOrderId, state: "open" } }, chief))["rows"] as object[]),
    ] as { title: string; id: string }[];
  expect(new Set((await tasks()).map((task) => `${task.id} ${task.title}`)).size).toBe(1);
  await costs(workOrderId, "100.00");
  expect(await stands()).toEqual([100_00, -100_00]);
  expect(await tasks()).toEqual([]);
});
