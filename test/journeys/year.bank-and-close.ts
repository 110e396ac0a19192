// January is settled by what the bank tells of it, and closed task by task. Told after January itself.
import { describe, expect, test } from "vitest";
import { january, periodOf, reportsOf, tick } from "./year.close.ts";
import { eur, type Row } from "./year.company.ts";
import { amountOf, does, id, itemOf, known, lineOf, match, one, openOf, rows, told, year } from "./year.story.ts";

export const settleBank = () =>
  describe("the bank tells of January", () => {
    const statement = () => ({
      iban: year.ownIban,
      id: "JAN",
      opening: "50000.00",
      // + 1,190 + 1,000 + 2,380 + 773.50 + 1,378.50 - 300 - 595 - 4,056 - 119 - 9.90 = + 1,642.10
      closing: "51642.10",
      openingDay: "2026-01-01",
      closingDay: "2026-01-31",
      entries: [
        { amount: "1190.00", day: "2026-01-12", text: "OLD-78", name: "Nordlicht AG" },
        { amount: "1000.00", day: "2026-01-14", text: "part of our bill, more follows", name: "Weber" },
        { amount: "2380.00", day: "2026-01-16", text: `Deposit ${id("deposit number")}`, name: "NORDLICHT AG" },
        { amount: "773.50", day: "2026-01-19", text: `${id("plan number")} ${id("repair number")}`, name: "Nordlicht AG" },
        { amount: "1378.50", day: "2026-01-22", text: "rest", name: "Weber" },
        { amount: "-300.00", day: "2026-01-20", text: "Flyers for the fair" },
        { amount: "-595.00", day: "2026-01-15", text: "P-900", name: "Papier & Stift" },
        { amount: "-4056.00", day: "2026-01-21", text: `Collective order ${id("run code")}-1` },
        { amount: "-119.00", day: "2026-01-23", text: "Emma Employee", name: "Emma Employee" },
        { amount: "-9.90", day: "2026-01-31", text: "Account fee January" },
      ].map((entry, index) => ({ ...entry, reference: `JAN-${index}` })),
    });

    test("the statement is proven, and what it says twice is known", async () => {
      year.on("2026-02-01");
      const imported = await year.told(year.bankId, statement());
      expect(imported).toMatchObject({ added: 10, statements: [{ proven: true, closing: eur("51642.10") }] });
      expect(await year.told(year.bankId, statement())).toMatchObject({ added: 0, known: 10 });
    });

    test("the run is settled by what the bank says of it", async () => {
      const cleared = await does("arno", "finance.paymentOrder.clear", { bankAccountId: year.bankId });
      expect(cleared).toMatchObject({ lines: 1, payments: 2 });
      expect(await one("finance.paymentRun", { id: id("run") })).toMatchObject({ state: "settled", succeeded: 2, failed: 0 });
      expect(await year.balances("2026-01-31", "1180")).toEqual(["0.00"]);
    });

    test("what the evidence proves is matched by itself: a number, two numbers in one sum, what was booked before", async () => {
      const all = await does("arno", "finance.bankLine.matchAll", { bankAccountId: year.bankId });
      const did = new Map((all["lines"] as Row[]).map((line) => [amountOf(line["amount"]), line]));
      for (const amount of ["1190.00", "2380.00", "-595.00"]) expect(did.get(amount), amount).toMatchObject({ did: "matched" });
      // 595.00, the first half, and 178.50, what is left of the repair: two numbers in the text, and the half that falls due first.
      expect(did.get("773.50")).toMatchObject({ did: "matched" });
      // The expense claim was paid in the books before.
      expect(did.get("-119.00")).toMatchObject({ did: "matched" });
      expect([await openOf(id("plan")), await openOf(id("repair"))]).toEqual([["0.00", "595.00"], ["0.00"]]);
    });

    test("what it does not prove is settled by hand: a part, a rest less the bank's fee, a charge", async () => {
      const openItemId = await itemOf({ reference: "OLD-77" });
      await match("1000.00", { allocations: [{ openItemId, amount: eur("1000.00") }] });
      expect(await one("finance.openItem", { reference: "OLD-77" })).toMatchObject({ open: eur("1380.00") });
      // 1,380.00 are settled by 1,378.50; the 1.50 were the bank's.
      await match("1378.50", { allocations: [{ openItemId, amount: eur("1380.00") }], accountCode: "6560" });
      expect(await one("finance.openItem", { reference: "OLD-77" })).toMatchObject({ open: eur("0.00"), state: "settled" });
      await match("-9.90", { accountCode: "6560", text: "Account fee" });
      // The flyers were booked by hand; that entry is the line, and nothing is posted twice.
      const found = await does("arno", "finance.bankLine.candidates", { bankLineId: (await lineOf("-300.00"))["id"] });
      const booked = (found["candidates"] as Row[]).find((candidate) => candidate["kind"] === "booked")!;
      expect(await match("-300.00", { journalLineId: booked["journalLineId"] })).toMatchObject({ entry: null });
      const agreed = await does("arno", "finance.bankReconciliation.get", { bankAccountId: year.bankId, asOf: "2026-01-31" });
      expect(agreed).toMatchObject({ bookBalance: eur("51642.10"), difference: eur("0.00"), unexplained: eur("0.00"), open: 0 });
      // 1.50 and 9.90.
      expect(await year.balances("2026-01-31", "6560")).toEqual(["11.40"]);
    });
  });

export const postMonthEnd = () =>
  describe("January is completed", () => {
    test("the board is begun; electricity comes later and is accrued; what recurs, the deferral and depreciation are posted", async () => {
      year.on("2026-02-03");
      await does("carla", "finance.period.beginClose", { periodId: await periodOf(year, "2026-01") });
      for (const key of ["bank", "invoices", "bills"]) await tick(year, "2026-01", key);
      await expect(tick(year, "2026-01", "recurring")).rejects.toMatchObject({ code: "factNotTrue" });
      await year.night("finance.recurringEntries");
      await tick(year, "2026-01", "recurring");
      const accrual = await does("arno", "finance.accrual.post", {
        day: "2026-01-31",
        text: "Electricity of January",
        lines: [
          { accountId: year.account("6220"), debit: eur("250.00") },
          { accountId: year.account("2120"), credit: eur("250.00") },
        ],
      });
      expect(accrual["mirrorDay"]).toBe("2026-02-01");
      await tick(year, "2026-01", "accruals", "Electricity");
      expect(await does("arno", "finance.deferral.recognise", { until: "2026-01-31" })).toMatchObject({ posted: 1, amount: eur("100.00") });
      await tick(year, "2026-01", "deferrals");
      expect(await does("arno", "finance.depreciationRun.post", { until: "2026-01-31" })).toMatchObject({ total: eur("100.00") });
      await tick(year, "2026-01", "depreciation");
      // The twelfth of the audit and the electricity; insurance; the bench.
      expect(await year.balances("2026-01-31", "2120", "1230", "1590", "6220")).toEqual(["-350.00", "1100.00", "-100.00", "250.00"]);
      expect(await year.balances("2026-02-01", "2120", "6220")).toEqual(["-100.00", "0.00"]);
    });

    test("what is open in dollars is valued at the month's last rate, and taken back on the first of February", async () => {
      await expect(tick(year, "2026-01", "revaluation")).rejects.toMatchObject({ code: "factNotTrue" });
      // 1,000 USD at 1.20 are 833.33: 33.33 more than 800.00 to receive, 26.88 more than 806.45 to pay.
      const valued = await does("arno", "finance.revaluation.run", { day: "2026-01-31" });
      expect(valued).toMatchObject({ items: 2, gain: eur("33.33"), loss: eur("26.88"), backDay: "2026-02-01" });
      expect(await year.balances("2026-01-31", "1215", "2115", "4840", "6730")).toEqual(["33.33", "-26.88", "-33.33", "26.88"]);
      expect(await year.balances("2026-02-01", "1215", "2115", "4840", "6730")).toEqual(["0.00", "0.00", "0.00", "0.00"]);
      await tick(year, "2026-01", "revaluation");
      await tick(year, "2026-01", "suspense");
    });
  });

export const lockAndFile = () =>
  describe("January is locked area by area", () => {
    test("sales and purchases are locked one by one; who needs in again is let in by name, with a reason, and it is listed", async () => {
      const periodId = await periodOf(year, "2026-01");
      for (const [area, key] of [
        ["sales", "lockSales"],
        ["purchase", "lockPurchase"],
        ["payroll", "lockPayroll"],
      ] as const) {
        await does("carla", "finance.period.lock", { periodId, area });
        await tick(year, "2026-01", key);
      }
      await tick(year, "2026-01", "subledger");
      const late = { customerId: year.parties.weber, lines: [{ description: "Late", unitPrice: eur("1.00") }], day: "2026-01-30" };
      await expect(does("arno", "finance.invoice.issue", late)).rejects.toMatchObject({ code: "areaLocked" });
    });

    test("the return of January is filed: 1,244.50 less 475.00; it locks tax", async () => {
      // Out: 190.00 plan, 380.00 deposit, 76.00 unpaid, 38.00 repair less 9.50, 570.00 final. In: 456.00 bench, 19.00 ticket.
      const shown = await does("arno", "finance.taxReturn.get", { from: "2026-01-01", to: "2026-01-31" });
      expect(shown).toMatchObject({ output: eur("1244.50"), input: eur("475.00"), payable: eur("769.50"), state: "open" });
      await expect(tick(year, "2026-01", "tax")).rejects.toMatchObject({ code: "factNotTrue" });
      const filed = await does("carla", "finance.taxReturn.file", { to: "2026-01-31", reference: "ELSTER-1" });
      expect(filed).toMatchObject({ from: "2026-01-01", to: "2026-01-31", payable: eur("769.50") });
      expect(await year.balances("2026-01-31", "2210", "1220", "2220")).toEqual(["0.00", "0.00", "-769.50"]);
      await tick(year, "2026-01", "tax");
      await tick(year, "2026-01", "lockTax");
    });

    test("a bill of January comes late: an exception lets it in, its tax goes to the next return", async () => {
      const periodId = await periodOf(year, "2026-01");
      const paper = {
        supplierId: year.parties.papier,
        supplierNumber: "P-901",
        day: "2026-01-28",
        dueDay: "2026-02-11",
        lines: [{ description: "Paper", net: eur("100.00"), accountId: year.account("6540") }],
      };
      const { id: billId } = await does("arno", "finance.bill.create", paper);
      known["late"] = String(billId);
      await does("carla", "finance.bill.approve", { billId });
      await expect(does("arno", "finance.bill.post", { billId })).rejects.toMatchObject({ code: "areaLocked" });
      for (const area of ["purchase", "tax"]) {
        const exception = { periodId, area, personId: year.actors.arno.personId, until: "2026-02-03T18:00:00Z", reason: "P-901 came late" };
        await does("carla", "finance.lockException.grant", exception);
      }
      await does("arno", "finance.bill.post", { billId });
      expect(await rows("finance.lockException", { periodId })).toMatchObject([
        { area: "purchase", entries: 1, total: eur("119.00"), person: "Arno Accountant" },
        { area: "tax", entries: 1 },
      ]);
      expect(await rows("finance.taxLine", { documentId: billId })).toMatchObject([{ day: "2026-01-28", taxDay: "2026-02-01" }]);
      const filed = await does("arno", "finance.taxReturn.get", { from: "2026-01-01", to: "2026-01-31" });
      expect(filed).toMatchObject({ input: eur("475.00"), state: "filed" });
    });
  });

export const closeJanuary = () =>
  describe("January is closed", () => {
    test("the statements are looked through, the ledger is locked, the month is closed", async () => {
      const shown = await does("carla", "finance.profitAndLoss.get", { from: "2026-01-01", to: "2026-01-31" });
      // Sales 1,000 + 5,000 + 400 + 150 + 800 = 7,350.00 and 33.33 of currency; against them flyers 300.00, fees 11.40, ticket 100.00,
      // insurance 100.00, audit 100.00, electricity 250.00, paper 100.00, the bench 100.00, licences 806.45 and 26.88: 5,488.60 are left.
      expect(JSON.stringify(shown)).toContain('"5488.60"');
      const periodId = await periodOf(year, "2026-01");
      await tick(year, "2026-01", "review", "Nothing stands out");
      await does("carla", "finance.period.lock", { periodId, area: "ledger" });
      await tick(year, "2026-01", "lockLedger");
      await tick(year, "2026-01", "earlier");
      await does("carla", "finance.period.close", { periodId });
      await tick(year, "2026-01", "close");
      expect(await does("carla", "finance.closeBoard.get", { periodId })).toMatchObject({ state: "closed", done: 19 });
      expect(await year.breaks()).toEqual([]);
      told["january"] = await reportsOf(year, january);
    });
  });
