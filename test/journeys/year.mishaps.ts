// What goes wrong after a year is closed: money comes back, a match was wrong, a run of depreciation too; and dollars paid in part.
import { describe, expect, test } from "vitest";
import { eur, type Row, usd } from "./year.company.ts";
import { amountOf, bill, does, id, invoice, itemOf, known, lineOf, one, openOf, rows, year } from "./year.story.ts";

export const undo = () =>
  describe("2027 undoes", () => {
    test("the bank returns a payment of the run: its bill is owed again", async () => {
      year.on("2027-01-22");
      const order = (await rows("finance.paymentOrder", { paymentRunId: id("run") })).find(
        (found) => amountOf(found["amount"]) === "2856.00",
      )!;
      const back = { paymentOrderId: order["id"], on: "2027-01-22", reason: "Their account was closed" };
      await does("arno", "finance.paymentOrder.return", back);
      expect(await openOf(id("bench"))).toEqual(["2856.00"]);
      // 95.20, 149.94, 40.00 and 2,856.00.
      expect(await year.balances("2027-01-22", "2110")).toEqual(["-3141.14"]);
      expect(await year.balances("2026-12-31", "2110")).toEqual(["-285.14"]);
      // Until the bank tells of it the money is under way.
      expect(await year.balances("2027-01-22", "1180")).toEqual(["2856.00"]);
      const entries = [{ amount: "2856.00", day: "2027-01-22", text: `Returned ${String(order["code"])}`, reference: "JAN27-1" }];
      const sums = { opening: "54621.10", closing: "57477.10", openingDay: "2027-01-22", closingDay: "2027-01-22" };
      await year.told(year.bankId, { iban: year.ownIban, id: "JAN27", ...sums, entries });
      await does("arno", "finance.bankLine.match", { bankLineId: (await lineOf("2856.00"))["id"], accountCode: "1180" });
      expect(await year.balances("2027-01-22", "1180", "1120")).toEqual(["0.00", "57477.10"]);
      expect(await year.breaks()).toEqual([]);
    });

    test("a line matched in the closed year is taken apart in the open one, and matched again", async () => {
      const line = await lineOf("3570.00");
      await does("arno", "finance.bankLine.unmatch", { bankLineId: line["id"], on: "2027-01-22", reason: "It was for another invoice" });
      expect(await openOf(id("final"))).toEqual(["3570.00"]);
      expect(await year.balances("2026-12-31", "1120", "1210")).toEqual(["54621.10", "357.00"]);
      expect(await year.breaks()).toEqual([]);
      const allocations = [{ openItemId: await itemOf({ documentId: id("final") }), amount: eur("3570.00") }];
      await does("arno", "finance.bankLine.match", { bankLineId: line["id"], allocations, day: "2027-01-22" });
      expect(await openOf(id("final"))).toEqual(["0.00"]);
      expect(await year.breaks()).toEqual([]);
    });

    test("the last run of depreciation is taken back and posted anew in the open month", async () => {
      const [last] = await rows("finance.depreciationRun", {}, "-untilDay");
      await does("carla", "finance.depreciationRun.reverse", { depreciationRunId: last!["id"], on: "2027-01-22", reason: "Twice" });
      expect(await year.balances("2027-01-22", "1590", "6710")).toEqual(["-1100.00", "-100.00"]);
      year.on("2027-02-01");
      const again = await does("arno", "finance.depreciationRun.post", { until: "2027-01-31" });
      // December and January.
      expect(again["total"]).toEqual(eur("200.00"));
      expect(await year.balances("2026-12-31", "1590")).toEqual(["-1200.00"]);
      expect(await year.balances("2027-01-31", "1590", "6710")).toEqual(["-1300.00", "100.00"]);
      expect(await year.breaks()).toEqual([]);
    });
  });

export const trade = () =>
  describe("2027 trades abroad", () => {
    const rate = (day: string, value: string, kind = "spot") =>
      does("arno", "finance.exchangeRate.set", { base: "EUR", currency: "USD", day, rate: value, kind });

    test("a part is paid into the account in euro, the rest is revalued, and credited at what it came in with", async () => {
      await rate("2027-01-15", "1.10");
      await rate("2027-01-31", "1.05", "closing");
      const lines = [{ description: "Design", unitPrice: usd("300.00"), taxCode: "exempt" }];
      await invoice("second overseas", "seaside", "0.00", { lines, day: "2027-01-15", termsDays: 5 });
      const paid = { invoiceId: id("second overseas"), bankAccountId: year.bankId, day: "2027-01-15" };
      await does("arno", "finance.invoice.recordPayment", { ...paid, amount: usd("100.00"), bankAmount: eur("95.00") });
      // 300 / 1.10 = 272.73; a third of it is 90.91, for which came 95.00: 4.09 are gained.
      expect(await year.balances("2027-01-15", "4840", "1210")).toEqual(["-4.09", "538.82"]);
      // 200 / 1.05 = 190.48, less 181.82.
      expect(await does("arno", "finance.revaluation.run", { day: "2027-01-31" })).toMatchObject({ gain: eur("8.66"), loss: eur("0.00") });
      expect(await year.balances("2027-01-31", "4840", "1215")).toEqual(["-12.75", "8.66"]);
      expect(await year.breaks()).toEqual([]);
      const back = [{ description: "Not wanted", unitPrice: usd("200.00"), taxCode: "exempt" }];
      const note = { invoiceId: id("second overseas"), reason: "Not wanted", lines: back, day: "2027-02-01" };
      await does("arno", "finance.invoice.creditNote", note);
      expect(await openOf(id("second overseas"))).toEqual(["0.00"]);
      expect(await year.balances("2027-02-01", "4840", "6730", "1210", "1215")).toEqual(["-4.09", "0.00", "357.00", "0.00"]);
      expect(await year.breaks()).toEqual([]);
    });

    test("dollars that nobody will pay are reminded of and written off", async () => {
      await rate("2027-02-01", "1.25");
      const lines = [{ description: "Design", unitPrice: usd("500.00"), taxCode: "exempt" }];
      await invoice("third overseas", "seaside", "0.00", { lines, day: "2027-02-01", termsDays: 0 });
      await rate("2027-03-25", "1.25");
      const remind = async (day: string): Promise<Row> => {
        year.on(day);
        const run = await does("arno", "finance.dunningRun.create", { day, customerIds: [year.parties.seaside] });
        await does("arno", "finance.dunningRun.send", { dunningRunId: run["id"] });
        return one("finance.dunningLetter", { dunningRunId: run["id"] });
      };
      expect(await remind("2027-03-15")).toMatchObject({ level: 1, total: usd("500.00") });
      // The fee is in euro and not asked of who pays in dollars. 500.00 at 9 percent for 10 days: 45.00 x 10 / 365 = 1.2329.
      expect(await remind("2027-03-25")).toMatchObject({ level: 2, fee: usd("0.00"), interest: usd("1.23") });
      // 1.23 / 1.25 = 0.984.
      expect(await year.balances("2027-03-25", "4850", "1210")).toEqual(["-0.98", "757.98"]);
      const off = (openItemId: unknown, more: object = {}) =>
        does("carla", "finance.openItem.writeOff", { openItemId, day: "2027-03-25", reason: "They closed", ...more });
      const openItemId = await itemOf({ documentId: id("third overseas") });
      await expect(off(openItemId, { amount: eur("1.00") })).rejects.toMatchObject({ code: "currencyDiffers" });
      expect(await off(openItemId, { amount: usd("100.01") })).toMatchObject({ open: usd("399.99") });
      // 100.01 / 1.25 = 80.008, and what is left of 400.00.
      expect(await year.balances("2027-03-25", "6550")).toEqual(["80.01"]);
      for (const item of await rows("finance.openItem", { partyId: year.parties.seaside, direction: "receivable" })) {
        if (amountOf(item["open"]) !== "0.00") await off(item["id"]);
      }
      // 400.00 and 0.98, as they stood: no difference is left.
      expect(await year.balances("2027-03-25", "6550", "1210", "4840", "6730")).toEqual(["400.98", "357.00", "-4.09", "0.00"]);
      expect(await year.breaks()).toEqual([]);
    });
  });

export const settleTwiceAndEarly = () =>
  describe("2027 is paid twice, and pays early", () => {
    test("a customer pays twice, and gets the second back", async () => {
      const overpaid = { direction: "incoming", partyId: year.parties.weber, bankAccountId: year.bankId, day: "2027-03-25" };
      await does("arno", "finance.payment.record", { ...overpaid, amount: eur("457.00"), oldestFirst: true });
      expect(await year.balances("2027-03-25", "1210")).toEqual(["-100.00"]);
      const credit = await itemOf({ partyId: year.parties.weber, state: "credit" });
      const refund = { ...overpaid, direction: "outgoing", against: "receivable", amount: eur("100.00") };
      await does("arno", "finance.payment.record", { ...refund, allocations: [{ openItemId: credit, amount: eur("100.00") }] });
      expect(await year.balances("2027-03-25", "1210")).toEqual(["0.00"]);
      expect((await rows("finance.openItem", { partyId: year.parties.weber })).every((item) => amountOf(item["open"]) === "0.00")).toBe(
        true,
      );
      expect(await year.breaks()).toEqual([]);
    });

    test("a bill is paid early for two percent less, and its tax with it", async () => {
      const line = { net: eur("1000.00"), accountId: year.account("6540") };
      const days = { day: "2027-03-10", dueDay: "2027-04-09", discountDay: "2027-03-31", discountPercent: "2" };
      await bill("SW-2027-1", "stadtwerke", line, days);
      const proposed = await does("arno", "finance.supplierBankAccount.propose", {
        supplierId: year.parties.stadtwerke,
        iban: "FR1420041010050500013M02606",
      });
      const called = { supplierBankAccountId: proposed["id"], evidence: "Called the number of our contract; they read it back to us." };
      await does("carla", "finance.supplierBankAccount.approve", called);
      year.on("2027-03-29");
      const run = await does("arno", "finance.paymentRun.create", {
        bankAccountId: year.bankId,
        billIds: [id("SW-2027-1")],
        payDay: "2027-03-29",
      });
      // 2 % of 1,190.00 are 23.80: 20.00 of discount and 3.80 of tax.
      expect(run).toMatchObject({ total: eur("1166.20"), discount: eur("23.80") });
      known["early"] = String(run["id"]);
      const paymentRunId = id("early");
      await does("arno", "finance.paymentRun.submit", { paymentRunId });
      await does("sven", "finance.paymentRun.approve", { paymentRunId });
      await does("arno", "finance.paymentRun.file", { paymentRunId });
      await does("arno", "finance.paymentRun.send", { paymentRunId });
      await does("arno", "finance.paymentRun.settle", { paymentRunId });
      expect(await openOf(id("SW-2027-1"))).toEqual(["0.00"]);
      expect(await year.balances("2027-03-29", "5190", "1180")).toEqual(["-20.00", "-1166.20"]);
      const shown = await does("arno", "finance.taxReturn.get", { from: "2027-01-01", to: "2027-03-31" });
      // 190.00 less 3.80.
      expect(shown).toMatchObject({ output: eur("0.00"), input: eur("186.20") });
      expect(await year.breaks()).toEqual([]);
    });
  });

export const correct = () =>
  describe("2027 corrects what was filed and settled", () => {
    test("the return of ten months is filed, a bill of December reversed: its tax comes back in the next", async () => {
      const filed = await does("carla", "finance.taxReturn.file", { to: "2027-02-28" });
      // 57.00 of December's invoice less 23.94 for the chairs and 15.20 of December's bill.
      expect(filed).toMatchObject({ from: "2026-03-01", payable: eur("17.86") });
      await does("carla", "finance.bill.reverse", { billId: id("P-950"), on: "2027-03-29", reason: "Never delivered" });
      const next = await does("arno", "finance.taxReturn.get", {});
      // 190.00 less 3.80 of the discount and 15.20.
      expect(next).toMatchObject({ from: "2027-03-01", output: eur("0.00"), input: eur("171.00") });
      expect(await year.breaks()).toEqual([]);
    });

    test("a line of the dollar account is taken apart a year later, with the difference it realised, and matched again", async () => {
      const line = await lineOf("1000.00", year.dollarsId);
      await does("arno", "finance.bankLine.unmatch", { bankLineId: line["id"], on: "2027-03-29", reason: "Was for another" });
      // The gain of 62.07 is taken back beside the 4.09 of this year.
      expect(await year.balances("2027-03-29", "1130", "1210", "4840")).toEqual(["-862.07", "800.00", "57.98"]);
      expect(await year.breaks()).toEqual([]);
      const allocations = [{ openItemId: await itemOf({ documentId: id("overseas") }), amount: usd("1000.00") }];
      await does("arno", "finance.bankLine.match", { bankLineId: line["id"], allocations, day: "2027-03-29" });
      expect(await year.balances("2027-03-29", "1130", "1210", "4840")).toEqual(["0.00", "0.00", "-4.09"]);
      expect(await year.breaks()).toEqual([]);
    });

    test("dollars paid early for two percent less", async () => {
      const terms = { code: "EARLY", name: "2 % in 10 days", instalments: [{ days: 30 }], discounts: [{ percent: "2", days: 10 }] };
      const { id: paymentTermId } = await does("carla", "finance.paymentTerm.create", terms);
      const lines = [{ description: "Design", unitPrice: usd("1000.00"), taxCode: "exempt" }];
      await does("arno", "finance.exchangeRate.set", { base: "EUR", currency: "USD", day: "2027-03-29", rate: "1.25" });
      await does("arno", "finance.exchangeRate.set", { base: "EUR", currency: "USD", day: "2027-04-02", rate: "1.28" });
      await invoice("early overseas", "seaside", "0.00", { lines, day: "2027-03-29", paymentTermId });
      year.on("2027-04-02");
      const before = await year.balances("2027-04-01", "4190", "6730", "1210");
      expect(before).toEqual(["0.00", "0.00", "800.00"]);
      const paid = { direction: "incoming", partyId: year.parties.seaside, bankAccountId: year.dollarsId, day: "2027-04-02" };
      await does("arno", "finance.payment.record", { ...paid, amount: usd("980.00"), oldestFirst: true });
      // 980 were 784.00 and are 765.63; the 20 of the discount were 16.00.
      expect(await year.balances("2027-04-02", "4190", "6730", "1210", "1130")).toEqual(["16.00", "18.37", "0.00", "765.63"]);
      expect(await year.breaks()).toEqual([]);
    });

    test("a deposit that was drawn is not credited as well", async () => {
      const note = does("carla", "finance.invoice.creditNote", { invoiceId: id("deposit"), reason: "They want it back" });
      await expect(note).rejects.toMatchObject({ code: "depositDrawn" });
      expect(await year.breaks()).toEqual([]);
    });
  });

export const sellOff = () =>
  describe("2027 sells what it does not need", () => {
    test("the payment with the discount bounces and comes again; what is left on the dollar account is valued", async () => {
      const [payment] = await rows("finance.payment", { partyId: year.parties.seaside }, "-day");
      await does("arno", "finance.payment.reverse", { paymentId: payment!["id"], on: "2027-04-02", reason: "It bounced" });
      expect(await openOf(id("early overseas"))).toEqual(["1000.00"]);
      expect(await year.balances("2027-04-02", "4190", "6730", "1210", "1130")).toEqual(["0.00", "0.00", "800.00", "0.00"]);
      expect(await year.breaks()).toEqual([]);
      const paid = { direction: "incoming", partyId: year.parties.seaside, bankAccountId: year.dollarsId, day: "2027-04-02" };
      await does("arno", "finance.payment.record", { ...paid, amount: usd("980.00"), oldestFirst: true });
      const rate = { base: "EUR", currency: "USD", day: "2027-04-30", rate: "1.20", kind: "closing" };
      await does("arno", "finance.exchangeRate.set", rate);
      year.on("2027-05-01");
      // 980 / 1.20 = 816.67, less 765.63.
      expect(await does("arno", "finance.revaluation.run", { day: "2027-04-30" })).toMatchObject({ gain: eur("51.04"), items: 1 });
      expect(await year.balances("2027-04-30", "1125")).toEqual(["51.04"]);
      expect(await year.balances("2027-05-01", "1125")).toEqual(["0.00"]);
    });

    test("the bench is sold on an invoice, and leaves nothing behind", async () => {
      const lines = [{ description: "Measuring bench", unitPrice: eur("1000.00"), accountId: year.account("4820") }];
      await invoice("sale", "weber", "0.00", { lines, day: "2027-05-01" });
      const line = await one("finance.invoiceLine", { invoiceId: id("sale") });
      const sale = { fixedAssetId: id("asset"), kind: "sale", on: "2027-05-01", invoiceLineId: line["id"], note: "Sold to Weber" };
      // 2,400.00 less 1,300.00 until January and 300.00 until April: 800.00, for which 1,000.00 came.
      const sold = await does("arno", "finance.fixedAsset.dispose", sale);
      expect(sold).toMatchObject({ depreciated: eur("300.00"), bookValue: eur("800.00"), result: eur("200.00") });
      expect(await year.balances("2027-05-01", "1510", "1590", "4820")).toEqual(["0.00", "0.00", "-200.00"]);
      expect(await year.breaks()).toEqual([]);
    });

    test("a line of a closed month is left with the reason, and booked by hand on an open day", async () => {
      const entries = [{ amount: "-5.00", day: "2026-11-16", text: "Fee for paper", reference: "NOV26-1" }];
      const days = { openingDay: "2026-11-15", closingDay: "2026-11-16" };
      await year.told(year.bankId, { iban: year.ownIban, id: "NOV26", opening: "5.00", closing: "0.00", ...days, entries });
      const all = await does("arno", "finance.bankLine.matchAll", { bankAccountId: year.bankId });
      const left = (all["lines"] as Row[]).find((found) => amountOf(found["amount"]) === "-5.00");
      expect(left).toMatchObject({ did: "left", why: expect.stringContaining("2026-11-16") });
      const bankLineId = (await lineOf("-5.00"))["id"];
      await expect(does("arno", "finance.bankLine.match", { bankLineId, accountCode: "6560" })).rejects.toMatchObject({
        code: "periodClosed",
      });
      await does("arno", "finance.bankLine.match", { bankLineId, accountCode: "6560", day: "2027-05-01" });
      expect(await year.balances("2027-05-01", "6560")).toEqual(["5.00"]);
      expect(await year.breaks()).toEqual([]);
    });
  });
