// January of the year: the books open, the company sells and buys. To be told in this order.
import { describe, expect, test } from "vitest";
import { eur, usd, type Row } from "./year.company.ts";
import { amountOf, bill, does, id, invoice, known, one, openOf, year } from "./year.story.ts";

export const openBooks = () =>
  describe("January begins", () => {
    test("the books open where the old ones ended, item by item", async () => {
      const { account, parties } = year;
      const opened = await does("arno", "finance.openingBalance.post", {
        day: "2026-01-01",
        lines: [
          { accountId: account("1120"), debit: eur("50000.00") },
          { accountId: account("3110"), credit: eur("25000.00") },
          { accountId: account("3200"), credit: eur("27975.00") },
          { accountId: account("1210"), debit: eur("2380.00"), partyId: parties.weber, reference: "OLD-77", dueDay: "2025-12-20" },
          { accountId: account("1210"), debit: eur("1190.00"), partyId: parties.nordlicht, reference: "OLD-78", dueDay: "2026-01-10" },
          { accountId: account("2110"), credit: eur("595.00"), partyId: parties.papier, reference: "P-900", dueDay: "2026-01-15" },
        ],
      });
      // 50,000 + 2,380 + 1,190 - 595 - 25,000 - 27,975 = 0: the old books were complete.
      expect(opened).toMatchObject({ openItems: 3, opening: eur("0.00") });
      expect(await year.balances("2026-01-01", "1210", "2110", "3900")).toEqual(["3570.00", "-595.00", "0.00"]);
      expect(await one("finance.openItem", { reference: "OLD-77" })).toMatchObject({ dueDay: "2025-12-20", state: "overdue" });
    });

    test("figures are told apart by project", async () => {
      year.on("2026-01-20");
      const { id: dimensionId } = await does("carla", "finance.dimension.create", { code: "project", name: "Project" });
      for (const code of ["ALPHA", "BETA"]) {
        known[code] = String((await does("carla", "finance.dimensionValue.create", { dimensionId, code, name: code }))["id"]);
      }
      await does("arno", "finance.journalEntry.post", {
        day: "2026-01-20",
        text: "Flyers for the fair",
        lines: [
          { accountId: year.account("6510"), debit: eur("180.00"), dimensions: [id("ALPHA")] },
          { accountId: year.account("6510"), debit: eur("120.00"), dimensions: [id("BETA")] },
          { accountId: year.account("1120"), credit: eur("300.00") },
        ],
      });
      const ofAlpha = await does("carla", "finance.trialBalance.get", { asOf: "2026-01-31", dimensionValueId: id("ALPHA") });
      expect(ofAlpha["rows"]).toMatchObject([{ code: "6510", closing: eur("180.00") }]);
    });
  });

export const sell = () =>
  describe("January sells", () => {
    test("two instalments, a deposit drawn on the final invoice, a credit note", async () => {
      year.on("2026-01-05");
      const terms = { code: "HALVES", name: "Two halves", instalments: [{ percent: "50", days: 14 }, { days: 44 }] };
      const { id: paymentTermId } = await does("carla", "finance.paymentTerm.create", terms);
      await invoice("plan", "nordlicht", "1000.00", { paymentTermId });
      // 1,000.00 and 190.00 tax, in halves.
      expect(await openOf(id("plan"))).toEqual(["595.00", "595.00"]);
      year.on("2026-01-07");
      const deposit = await invoice("deposit", "nordlicht", "2000.00", { isDeposit: true });
      expect(deposit["total"]).toEqual(eur("2380.00"));
      expect(await year.balances("2026-01-07", "2480", "4110")).toEqual(["-2000.00", "-1000.00"]);
      year.on("2026-01-08");
      await invoice("unpaid", "sauer", "400.00", { termsDays: 14 });
      year.on("2026-01-12");
      await invoice("repair", "nordlicht", "200.00", { termsDays: 30 });
      year.on("2026-01-14");
      const lines = [{ description: "One part was not needed", unitPrice: eur("50.00") }];
      const note = await does("arno", "finance.invoice.creditNote", { invoiceId: id("repair"), reason: "One part came back", lines });
      // 50.00 and 9.50 tax off 238.00.
      expect([amountOf(note["total"]), await openOf(id("repair"))]).toEqual(["59.50", ["178.50"]]);
      year.on("2026-01-26");
      const final = await invoice("final", "nordlicht", "5000.00", { deposits: [{ depositId: id("deposit") }], termsDays: 30 });
      // 5,000.00 less 2,000.00, and 19 percent of 3,000.00.
      expect([final["net"], final["tax"], final["total"]]).toEqual([eur("3000.00"), eur("570.00"), eur("3570.00")]);
      expect(await year.balances("2026-01-26", "2480")).toEqual(["0.00"]);
    });

    test("an invoice leaves as a file that machines read, and our own judge has nothing against it", async () => {
      const { parties, sellerId } = year;
      const place = { street: "Hafenstraße 1", postcode: "20457", city: "Hamburg" };
      const contact = { email: "books@baumhaus.example", phone: "040 555 12", contact: "Arno Accountant" };
      await does("olga", "directory.organisation.update", { organisationId: sellerId, ...place, ...contact });
      await does("olga", "directory.organisation.update", { organisationId: parties.nordlicht, country: "DE", ...place });
      await does("arno", "finance.electronicAddress.set", { partyId: sellerId, scheme: "9930", address: "de811569869" });
      const theirs = { partyId: parties.nordlicht, scheme: "0204", address: "990-34567-89", buyerReference: "990-34567-89" };
      await does("arno", "finance.electronicAddress.set", theirs);
      const { fileId, number } = await does("arno", "finance.eInvoice.issue", { invoiceId: id("plan") });
      expect(number).toBe(id("plan number"));
      const verdict = await does("arno", "finance.eInvoice.judge", { fileId, peppol: true });
      expect(verdict).toMatchObject({ isValid: true, number: id("plan number"), syntax: "ubl" });
      // The final invoice, which draws the deposit, and the credit note too.
      const note = await one("finance.invoice", { kind: "creditNote" });
      for (const invoiceId of [id("final"), note["id"]]) {
        const file = await does("arno", "finance.eInvoice.issue", { invoiceId });
        expect(await does("arno", "finance.eInvoice.judge", { fileId: file["fileId"], peppol: true })).toMatchObject({ isValid: true });
      }
    });
  });

export const buy = () =>
  describe("January buys", () => {
    test("what Emma wishes for is approved, ordered and billed; finance holds the bill, and lets it go", async () => {
      year.on("2026-01-06");
      const wish = { title: "Measuring bench", kind: "equipment", supplierId: year.parties.werkbank };
      const asked = await does("emma", "purchasing.request.create", { ...wish, amount: eur("2400.00"), wantedBy: "2026-01-31" });
      known["request"] = String(asked["id"]);
      const { approvalId } = await does("emma", "purchasing.request.submit", { requestId: id("request") });
      expect(await year.decide(approvalId, "approve")).not.toBe("Emma Employee");
      await does("arno", "purchasing.request.order", { requestId: id("request") });
      year.on("2026-01-10");
      const paper = { requestId: id("request"), supplierNumber: "WB-10", day: "2026-01-10", dueDay: "2026-01-24" };
      known["bench"] = String((await does("arno", "purchasing.request.bill", paper))["billId"]);
      await expect(does("arno", "finance.bill.approve", { billId: id("bench") })).rejects.toMatchObject({ name: "NotPermitted" });
      await does("carla", "finance.bill.approve", { billId: id("bench") });
      await does("arno", "finance.bill.post", { billId: id("bench") });
      // 2,400.00 and 456.00 tax.
      expect(await openOf(id("bench"))).toEqual(["2856.00"]);
      await does("arno", "finance.bill.hold", { billId: id("bench"), reason: "One leg is missing" });
    });

    test("the bench becomes a thing of the company, and a fixed asset for two years", async () => {
      const bought = { requestId: id("request"), kind: "equipment", serial: "MB-1" };
      const { assetId } = await does("arno", "purchasing.request.capitalise", bought);
      const kind = await does("carla", "finance.assetClass.create", { code: "OFF", name: "Office equipment", lifeMonths: 24 });
      const line = await one("finance.billLine", { billId: id("bench") });
      const asset = { assetClassId: kind["id"], assetId, billLineId: line["id"] };
      known["asset"] = String((await does("arno", "finance.fixedAsset.capitalise", asset))["id"]);
      const plan = (await does("arno", "finance.fixedAsset.schedule", { fixedAssetId: id("asset") }))["lines"] as Row[];
      // 2,400.00 over 24 months.
      expect(plan.map((part) => amountOf(part["amount"]))).toEqual(Array<string>(24).fill("100.00"));
    });

    test("the insurance of the year is paid ahead, and spread over its months", async () => {
      year.on("2026-01-12");
      const line = { net: eur("1200.00"), taxCode: "exempt", accountId: year.account("1230") };
      await bill("HV-2026", "versicherung", line, { day: "2026-01-12", dueDay: "2026-01-26" });
      const spread = await does("arno", "finance.deferral.create", {
        text: "Insurance 2026",
        amount: eur("1200.00"),
        fromAccountId: year.account("1230"),
        toAccountId: year.account("6530"),
        from: "2026-01-01",
        until: "2026-12-31",
        by: "months",
      });
      expect((spread["lines"] as Row[]).map((part) => amountOf(part["amount"]))).toEqual(Array<string>(12).fill("100.00"));
    });
  });

export const payInRun = () =>
  describe("January pays", () => {
    test("a supplier's bank account is used only after another person called back and it cooled off", async () => {
      for (const [party, iban] of [
        ["werkbank", "DE02120300000000202051"],
        ["versicherung", "NL91ABNA0417164300"],
      ] as const) {
        const proposed = await does("arno", "finance.supplierBankAccount.propose", { supplierId: year.parties[party], iban });
        const called = {
          supplierBankAccountId: proposed["id"],
          evidence: "Called Ms Roth on the number of our contract; she read it back.",
        };
        // Three days to cool off.
        expect(await does("carla", "finance.supplierBankAccount.approve", called)).toMatchObject({ usableFrom: "2026-01-15" });
      }
      const run = { bankAccountId: year.bankId, dueUntil: "2026-01-31", payDay: "2026-01-14" };
      await expect(does("arno", "finance.paymentRun.create", run)).rejects.toMatchObject({
        code: "nothingToPay",
        facts: { skipped: expect.stringMatching(/WB-10 of Werkbank GmbH is on hold.*Hansa Versicherung AG cools off until 2026-01-15/) },
      });
    });

    test("a payment run is prepared by one person, approved by another, and leaves as pain.001", async () => {
      year.on("2026-01-20");
      await does("arno", "finance.bill.release", { billId: id("bench"), note: "The leg came" });
      const wish = { bankAccountId: year.bankId, billIds: [id("bench"), id("HV-2026")], payDay: "2026-01-20" };
      const run = await does("arno", "finance.paymentRun.create", wish);
      // 2,856.00 and 1,200.00.
      expect(run).toMatchObject({ bills: 2, total: eur("4056.00"), skipped: [] });
      [known["run"], known["run code"]] = [String(run["id"]), String(run["code"])];
      const paymentRunId = id("run");
      await does("arno", "finance.paymentRun.submit", { paymentRunId });
      await expect(does("arno", "finance.paymentRun.approve", { paymentRunId })).rejects.toMatchObject({ name: "NotPermitted" });
      await does("sven", "finance.paymentRun.approve", { paymentRunId });
      const { fileId } = await does("arno", "finance.paymentRun.file", { paymentRunId });
      const file = await year.house.funnel.work(year.house.tenantId, (context) => context.readFile(fileId as never));
      const text = new TextDecoder().decode(file.bytes);
      expect(text).toContain("pain.001.001");
      expect(text).toMatch(/<CtrlSum>4056\.00<\/CtrlSum>/);
      expect(text.match(/<InstdAmt Ccy="EUR">/g)).toHaveLength(2);
      await does("arno", "finance.paymentRun.send", { paymentRunId });
    });
  });

export const spendAndTradeAbroad = () =>
  describe("January travels and trades abroad", () => {
    test("Emma's journey is paid: she shows the receipt, Lena approves, finance pays", async () => {
      year.on("2026-01-14");
      await does("carla", "finance.expenseCategory.open");
      const category = await one("finance.expenseCategory", { code: "TRAVEL" });
      const standard = await one("finance.taxCode", { code: "standard" });
      const claim = await does("emma", "finance.expenseClaim.create", { title: "Fair in Hanover" });
      await does("emma", "finance.expenseLine.addReceipt", {
        expenseClaimId: claim["id"],
        expenseCategoryId: category["id"],
        taxCodeId: standard["id"],
        fileId: await year.file("emma", "ticket.jpg", "a ticket"),
        amount: eur("119.00"),
        day: "2026-01-13",
        description: "Train to Hanover",
      });
      const { approvalId } = await does("emma", "finance.expenseClaim.submit", { expenseClaimId: claim["id"] });
      expect(await year.decide(approvalId, "approve")).toBe("Lena Leader");
      // 119.00 are 100.00 and 19.00 tax.
      expect(await year.balances("2026-01-14", "2340", "6410")).toEqual(["-119.00", "100.00"]);
      year.on("2026-01-23");
      const paid = await does("arno", "finance.expenseClaim.pay", { expenseClaimId: claim["id"], bankAccountId: year.bankId });
      expect(paid["amount"]).toEqual(eur("119.00"));
    });

    test("abroad: an invoice and a bill in dollars, each at the rate of its day", async () => {
      const rate = (day: string, value: string, kind = "spot") =>
        does("arno", "finance.exchangeRate.set", { base: "EUR", currency: "USD", day, rate: value, kind });
      await rate("2026-01-15", "1.25");
      await rate("2026-01-20", "1.24");
      await rate("2026-01-31", "1.20", "closing");
      await rate("2026-02-10", "1.16");
      const lines = [{ description: "Design", unitPrice: usd("1000.00"), taxCode: "exempt" }];
      await invoice("overseas", "seaside", "0.00", { lines, day: "2026-01-15" });
      const licences = { net: usd("1000.00"), taxCode: "exempt", accountId: year.account("6310") };
      await bill("US-20417", "silicon", licences, { day: "2026-01-20", dueDay: "2026-02-19" });
      // 1,000 / 1.25 = 800.00; 1,000 / 1.24 = 806.4516.
      expect(await year.balances("2026-01-23", "6310")).toEqual(["806.45"]);
      expect(await one("finance.openItem", { documentId: id("overseas") })).toMatchObject({
        open: usd("1000.00"),
        carrying: eur("800.00"),
      });
    });

    test("what comes again every month is kept once: a twelfth of the audit's fee", async () => {
      await does("arno", "finance.entryTemplate.create", {
        name: "Audit",
        text: "A twelfth of the audit",
        amount: eur("100.00"),
        rhythm: "monthly",
        onDate: 31,
        from: "2026-01-01",
        until: "2026-12-31",
        lines: [
          { accountId: year.account("6520"), debitPercent: "100" },
          { accountId: year.account("2120"), creditPercent: "100" },
        ],
      });
    });
  });
