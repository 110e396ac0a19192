// The accountant's year: from opening balances to a closed year and a correction after it. Baumhaus GmbH keeps its books in euro, tax is
// 19 percent. Every figure here was worked out with pencil and paper; the arithmetic stands beside it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeMonth, january, periodOf, reportsOf, wholeYear } from "./year.close.ts";
import { eur, type Row } from "./year.company.ts";
import { amountOf, begin, bill, does, id, invoice, known, match, one, rows, told, year } from "./year.story.ts";
import { closeJanuary, lockAndFile, postMonthEnd, settleBank } from "./year.bank-and-close.ts";
import { correct, sellOff, settleTwiceAndEarly, trade, undo } from "./year.mishaps.ts";
import { buy, openBooks, payInRun, sell, spendAndTradeAbroad } from "./year.january.ts";

beforeAll(begin);
afterAll(() => year.house.close());

openBooks();
sell();
buy();
payInRun();
spendAndTradeAbroad();
settleBank();
postMonthEnd();
lockAndFile();
closeJanuary();

describe("February", () => {
  test("who does not pay is reminded, once at each level; the second letter costs", async () => {
    const levels = [
      { daysOverdue: 5, title: "Reminder", text: "It may have slipped your mind." },
      { daysOverdue: 20, title: "Second reminder", text: "We are still waiting.", fee: eur("5.00"), interestPercent: "9" },
    ];
    const procedure = { code: "STD", name: "Standard", isStandard: true, levels };
    await does("carla", "finance.dunningProcedure.create", procedure);
    const remind = async (day: string): Promise<Row> => {
      year.on(day);
      const run = { day, customerIds: [year.parties.sauer] };
      const { id: dunningRunId } = await does("arno", "finance.dunningRun.create", run);
      await does("arno", "finance.dunningRun.send", { dunningRunId });
      return one("finance.dunningLetter", { dunningRunId });
    };
    expect(await remind("2026-02-04")).toMatchObject({ level: 1, total: eur("476.00") });
    // 476.00 at 9 percent for 18 days: 42.84 x 18 / 365 = 2.1127.
    expect(await remind("2026-02-22")).toMatchObject({ level: 2, fee: eur("5.00"), interest: eur("2.11") });
    expect(await year.balances("2026-02-22", "4850")).toEqual(["-7.11"]);
  });

  test("the bill for electricity comes, the statements of February are settled", async () => {
    year.on("2026-02-12");
    const power = { net: eur("250.00"), accountId: year.account("6220") };
    await bill("SW-2026-17", "stadtwerke", power, { day: "2026-02-12", dueDay: "2026-02-26" });
    // The accrual was taken back on the first, so that the year bears 250.00 once.
    expect(await year.balances("2026-02-12", "6220")).toEqual(["250.00"]);
    year.on("2026-03-01");
    const entries = [
      { amount: "595.00", day: "2026-02-18", text: id("plan number"), name: "Nordlicht AG" },
      { amount: "3570.00", day: "2026-02-25", text: id("final number"), name: "Nordlicht AG" },
      { amount: "-769.50", day: "2026-02-10", text: "ELSTER-1" },
      { amount: "-119.00", day: "2026-02-11", text: "P-901", name: "Papier & Stift" },
      { amount: "-297.50", day: "2026-02-26", text: "SW-2026-17", name: "Stadtwerke Hamburg" },
    ];
    // + 595 + 3,570 - 769.50 - 119 - 297.50 = + 2,979.00
    const sums = { opening: "51642.10", closing: "54621.10", openingDay: "2026-02-01", closingDay: "2026-02-28" };
    const numbered = entries.map((entry, index) => ({ ...entry, reference: `FEB-${index}` }));
    await year.told(year.bankId, { iban: year.ownIban, id: "FEB", ...sums, entries: numbered });
    const all = await does("arno", "finance.bankLine.matchAll", { bankAccountId: year.bankId });
    expect(all["matched"]).toBe(4);
    await match("-769.50", { accountCode: "2220" });
    expect(await year.balances("2026-02-28", "1120", "2220")).toEqual(["54621.10", "0.00"]);
  });

  test("dollars come and go at the rate of their day; the difference is realised, the accounts end at zero", async () => {
    const days = { openingDay: "2026-02-09", closingDay: "2026-02-10" };
    const entries = [
      { amount: "1000.00", day: "2026-02-10", text: id("overseas number"), name: "Seaside Inc", reference: "D-1" },
      { amount: "-1000.00", day: "2026-02-10", text: "US-20417", name: "Silicon Ltd", reference: "D-2" },
    ];
    const iban = "CH9300762011623852957";
    await year.told(year.dollarsId, { iban, id: "USD-FEB", opening: "0.00", closing: "0.00", ...days, entries }, "USD");
    expect(await does("arno", "finance.bankLine.matchAll", { bankAccountId: year.dollarsId })).toMatchObject({ matched: 2 });
    // 1,000 / 1.16 = 862.07: 62.07 more than 800.00 came in, 55.62 more than 806.45 went out.
    expect(await year.balances("2026-02-28", "4840", "6730", "1130", "1210", "2110")).toEqual([
      "-62.07",
      "55.62",
      "0.00",
      "483.11",
      "0.00",
    ]);
  });

  test("the next return takes the late bill up, and February is closed", async () => {
    // 19.00 of P-901 and 47.50 of SW-2026-17.
    const filed = await does("carla", "finance.taxReturn.file", { to: "2026-02-28" });
    expect(filed).toMatchObject({ from: "2026-02-01", payable: eur("-66.50") });
    await closeMonth(year, "2026-02", "2026-02-28");
    expect(await year.breaks()).toEqual([]);
  });
});

describe("the year goes by and is closed", () => {
  test("what nobody will pay is written off in March", async () => {
    year.on("2026-03-31");
    for (const item of await rows("finance.openItem", { partyId: year.parties.sauer, state: "overdue" })) {
      const reason = { openItemId: item["id"], day: "2026-03-31", reason: "The customer is insolvent" };
      await does("carla", "finance.openItem.writeOff", reason);
    }
    // 476.00 and 7.11.
    expect(await year.balances("2026-03-31", "6550", "1210")).toEqual(["483.11", "0.00"]);
  });

  test("ten chairs are ordered at 20.00, six come in March and are billed in April at 21.00", async () => {
    year.on("2026-03-10");
    const line = { description: "Chairs", quantity: "10", unitPrice: "20.00", accountId: year.account("6540") };
    const wish = { supplierId: year.parties.papier, lines: [line], policy: "threeWay" };
    const { id: orderId } = await does("arno", "purchasing.order.create", wish);
    const { approvalId } = await does("arno", "purchasing.order.submit", { orderId });
    expect(await year.decide(approvalId, "approve")).not.toBe("Arno Accountant");
    await does("arno", "purchasing.order.send", { orderId });
    year.on("2026-03-20");
    const orderLineId = (await one("purchasing.orderLine", { orderId }))["id"];
    await does("arno", "purchasing.order.receive", { orderId, lines: [{ orderLineId, quantity: "6" }], day: "2026-03-20" });
    // Six at 20.00 stand as received and not billed, beside the 100.00 of P-901.
    expect(await year.balances("2026-03-31", "2130", "6540")).toEqual(["-120.00", "220.00"]);
    await closeMonth(year, "2026-03", "2026-03-31");
    year.on("2026-04-07");
    const paper = { orderId, supplierNumber: "P-910", day: "2026-04-07", lines: [{ orderLineId, quantity: "6", net: eur("126.00") }] };
    const { billId, isHeld } = await does("arno", "purchasing.order.bill", paper);
    expect(isHeld).toBe(true);
    await does("carla", "purchasing.matchException.accept", { billId, reason: "The price rose, they told us" });
    await does("carla", "finance.bill.approve", { billId });
    await does("arno", "finance.bill.post", { billId });
    // Nothing waits for its bill any more; 6.00 were more than ordered. 126.00 and 23.94 of tax are owed.
    expect(await year.balances("2026-04-30", "2130", "5130", "6540", "2110")).toEqual(["0.00", "6.00", "220.00", "-149.94"]);
    expect(await year.breaks()).toEqual([]);
  });

  test("month after month is posted and closed", async () => {
    const ends = ["31", "28", "31", "30", "31", "30", "31", "31", "30", "31", "30"];
    for (let month = 4; month <= 11; month++) {
      const code = `2026-${String(month).padStart(2, "0")}`;
      if (month === 11) {
        year.on("2026-11-10");
        const flyers = [
          { accountId: year.account("6510"), debit: eur("60.00") },
          { accountId: year.account("2120"), credit: eur("60.00") },
        ];
        const posted = await does("arno", "finance.journalEntry.post", { day: "2026-11-10", text: "Flyers, to be billed", lines: flyers });
        known["flyers"] = String(posted["id"]);
      }
      await closeMonth(year, code, `${code}-${ends[month - 1]}`);
    }
    // Eleven months of the audit and the flyers; of the insurance one month is left; eleven months of the bench.
    expect(await year.balances("2026-11-30", "2120", "1230", "1590")).toEqual(["-1160.00", "100.00", "-1100.00"]);
  });

  test("in December something is left open on both sides, and the year is closed with its entry", async () => {
    year.on("2026-12-11");
    await invoice("december", "weber", "300.00", { day: "2026-12-10", termsDays: 30 });
    await bill("P-950", "papier", { net: eur("80.00"), accountId: year.account("6540") }, { day: "2026-12-11", dueDay: "2027-01-10" });
    year.on("2026-12-31");
    await year.night("finance.recurringEntries");
    await does("arno", "finance.deferral.recognise", { until: "2026-12-31" });
    await does("arno", "finance.depreciationRun.post", { until: "2026-12-31" });
    year.on("2027-01-10");
    const [fiscal] = await rows("finance.fiscalYear", { fiscalYear: "2026" });
    known["year"] = String(fiscal!["id"]);
    const closed = await does("carla", "finance.fiscalYear.close", { fiscalYearId: id("year"), withEntry: true });
    // Sales 7,350 + 300 = 7,650.00, currency 62.07, reminders 7.11: 7,719.18. Flyers 360.00, fees 11.40, ticket 100.00, insurance 1,200.00,
    // audit 1,200.00, electricity 250.00, paper and chairs 300.00, their price 6.00, bad debt 483.11,
    // the bench 1,200.00, currency 55.62, licences 806.45: 5,972.58.
    expect(closed["result"]).toEqual(eur("1746.60"));
    // Bank 54,621.10, owed by Weber 357.00, to Papier 95.20 and 149.94, tax 15.20 and 23.94 in and 57.00 out,
    // to be refunded 66.50, audit and flyers 1,260.00.
    const codes = ["1120", "1210", "2110", "1220", "2210", "2220", "2120", "2130", "1510", "1590", "1230", "3110"];
    expect(await year.balances("2026-12-31", ...codes)).toEqual([
      "54621.10",
      "357.00",
      "-245.14",
      "39.14",
      "-57.00",
      "66.50",
      "-1260.00",
      "0.00",
      "2400.00",
      "-1200.00",
      "0.00",
      "-25000.00",
    ]);
    // 27,975.00 of the years before and 1,746.60 of this one.
    expect(await year.balances("2027-01-01", "3200")).toEqual(["-29721.60"]);
    expect(await year.breaks()).toEqual([]);
  });
});

describe("after the close", () => {
  test("a wrong entry of November is taken back on the first open day", async () => {
    told["year"] = await reportsOf(year, wholeYear);
    year.on("2027-01-20");
    const back = await does("arno", "finance.journalEntry.reverse", { journalEntryId: id("flyers"), reason: "They were never printed" });
    expect(back["day"]).toBe("2027-01-01");
    expect(await year.balances("2027-01-20", "6510")).toEqual(["-60.00"]);
  });

  test("December opens again only by an exception, and what was reported then reads as it did, to the byte", async () => {
    const periodId = await periodOf(year, "2026-12");
    const reopen = { periodId, reason: "The auditor found a bill" };
    await expect(does("carla", "finance.period.reopen", reopen)).rejects.toMatchObject({ code: "yearClosed" });
    const { personId } = year.actors.carla;
    const exception = { periodId, area: "ledger", personId, until: "2027-01-21", reason: "The auditor found a bill" };
    await does("carla", "finance.lockException.grant", exception);
    await does("carla", "finance.period.reopen", reopen);
    const line = { net: eur("40.00"), taxCode: "exempt", accountId: year.account("6540") };
    await bill("P-949", "papier", line, { day: "2026-12-09", dueDay: "2026-12-23" });
    await does("carla", "finance.period.close", { periodId });
    const now = await reportsOf(year, wholeYear);
    const [closed, firstMonth] = [told["year"]!, told["january"]!];
    // A bill that nobody paid moves no cash, and is none of a customer's; everything else tells of it, the return too:
    // it is a purchase exempt from tax.
    const same = Object.keys(closed).filter((title) => now[title] === closed[title]);
    expect(same).toEqual(["cash flow, direct", "ageing of customers", "a customer", "a customer abroad"]);
    const then = await reportsOf(year, wholeYear, "2027-01-10");
    for (const title of Object.keys(closed)) expect(then[title], title).toBe(closed[title]);
    // And January, a year later, as it was known when it was closed.
    const first = await reportsOf(year, january, "2026-02-03");
    for (const title of Object.keys(firstMonth)) expect(first[title], title).toBe(firstMonth[title]);
  });

  test("a figure of the profit and loss leads to its invoice, and that to the line of the bank which paid it", async () => {
    const sales = { report: "profitAndLoss", accountId: year.account("4110"), from: "2026-01-01", to: "2026-12-31" };
    const figure = await does("arno", "finance.figure.explain", sales);
    // 1,000 + 5,000 + 400 + 200 - 50 + 800 + 300.
    expect(figure["total"]).toEqual(eur("7650.00"));
    const row = (figure["rows"] as Row[]).find((line) => line["documentId"] === id("final"))!;
    const chain = await does("arno", "finance.journalLine.explain", { journalLineId: row["lineId"] });
    const owed = (chain["beside"] as Row[]).find((line) => String(line["account"]).startsWith("1210"))!;
    expect(owed["amount"]).toEqual(eur("3570.00"));
    expect(owed["bank"]).toMatchObject([{ day: "2026-02-25", amount: eur("3570.00"), counterparty: "Nordlicht AG", isAutomatic: true }]);
    expect(owed["settlements"]).toMatchObject([{ day: "2026-02-25", amount: eur("3570.00") }]);
  });

  test("every law holds; debit is credit; what is owed is what the control accounts say", async () => {
    expect(await year.breaks()).toEqual([]);
    const trial = (await does("carla", "finance.trialBalance.get", { asOf: "2027-01-20" }))["rows"] as Row[];
    const cents = (value: unknown): bigint => BigInt(amountOf(value).replace(".", ""));
    expect(trial.reduce((sum, line) => sum + cents(line["closing"]), 0n)).toBe(0n);
    // To receive: 357.00. To pay: 95.20, 149.94 and 40.00.
    const open = async (direction: string): Promise<bigint> =>
      (await rows("finance.openItem", { direction })).reduce((sum, item) => sum + cents(item["open"]), 0n);
    expect([await open("receivable"), await open("payable")]).toEqual([35_700n, 28_514n]);
    expect(await year.balances("2027-01-20", "1210", "2110", "2340", "1180")).toEqual(["357.00", "-285.14", "0.00", "0.00"]);
  });
});

undo();
trade();
settleTwiceAndEarly();
correct();
sellOff();
