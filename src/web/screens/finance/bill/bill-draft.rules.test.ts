// A bill while it is typed: what is missing, what is sent, and what is filled in from before.
import { expect, test } from "vitest";
import { type BillDraft, type BillLine, blankBillLine, isReady, mistakesIn, sentBill, withTail, withUsual } from "./bill-draft.rules.ts";

const line = (more: Partial<BillLine>): BillLine => ({ ...blankBillLine(1), ...more });
const account = { id: "a1", label: "6310 Software" };
const draft: BillDraft = {
  supplierId: "s1",
  supplierNumber: " 4711 ",
  day: "2026-11-20",
  dueDay: null,
  total: "119",
  text: "",
  fileId: null,
  paymentReference: "",
  discountDay: null,
  discountPercent: "2,5",
  pricesIncludeTax: true,
  lines: [line({ description: "Hosting", net: "100.00", account, tax: { id: "standard", label: "standard" } }), blankBillLine(2)],
};

test("an empty line waits at the end, and says nothing", () => {
  expect(withTail([line({ description: "x" })]).map((one) => one.key)).toEqual([1, 2]);
  expect(withTail(draft.lines)).toBe(draft.lines);
  expect(mistakesIn(blankBillLine(1), "EUR")).toEqual({});
});

test("what is missing is said beside its field", () => {
  expect(mistakesIn(line({ description: "x" }), "EUR")).toEqual({ account: "needed", net: "needed" });
  expect(mistakesIn(line({ net: "1.234", account }), "EUR")).toEqual({ description: "needed", net: "amountWrong" });
  expect(isReady(draft, "EUR")).toBe(true);
  expect(isReady({ ...draft, supplierId: null }, "EUR")).toBe(false);
});

test("only what was said is sent", () => {
  expect(sentBill(draft, "EUR")).toEqual({
    supplierId: "s1",
    supplierNumber: "4711",
    day: "2026-11-20",
    discountPercent: "2.5",
    pricesIncludeTax: true,
    total: { amount: "119.00", currency: "EUR" },
    lines: [{ description: "Hosting", net: { amount: "100.00", currency: "EUR" }, accountId: "a1", taxCode: "standard" }],
  });
});

test("what is usual is filled in, and gives way to what a person chose", () => {
  const usual = { accountId: "a2", account: "6320 Telephone", taxCode: "reduced", reason: "Like before." };
  const [filled] = withUsual([line({ description: "Phone" })], [usual], null);
  expect(filled).toMatchObject({ account: { id: "a2" }, tax: { id: "reduced" }, usual: "Like before." });
  const chosen = [line({ description: "Phone", account })];
  expect(withUsual(chosen, [usual], usual)).toBe(chosen);
});
