// Where a task is done: forms open over the board, everything else is another screen.
import { expect, test } from "vitest";
import { placeOf } from "./board.ts";

test.each([
  ["/finance/reconciliation", { path: "/finance/reconciliation" }],
  ["/r/finance/bill?filter[state]=draft", { path: "/r/finance/bill?filter[state]=draft" }],
  ["/do/finance/period/lock?area=sales&periodId=7", { operation: "finance.period.lock", fields: { area: "sales", periodId: "7" } }],
  ["/do/finance/accrual/post", { operation: "finance.accrual.post", fields: {} }],
])("%s", (place, found) => {
  expect(placeOf(place)).toEqual(found);
});
