// Expenses on a real database: entered, sent, decided by the line manager, booked, paid; advances used up; and every refusal.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { writeStoredFile } from "../../../platform/files/store.ts";
import { rowsOn } from "../../../platform/database/sql.ts";
import type { Actor } from "../../../platform/operation/context.ts";
import { createJob, createPosition, createUnit, holdPosition } from "../../directory/index.ts";
import { decideApproval, withdrawApproval } from "../../office/index.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { approveAdvance, payAdvance, requestAdvance, returnAdvance } from "./advance.operations.ts";
import { approveClaim, createClaim, discardClaim, payClaim, sendBackClaim, submitClaim, takeBackClaim } from "./claim.operations.ts";
import { addMileage, addPerDiem, addReceipt, removeLine } from "./line.operations.ts";
import { changeCategory, createCategory, openExpenses, setMileageRate, setPerDiemRate } from "./policy.operations.ts";

let books: TestBooks;
let owner: Actor;
let emma: Actor;
let lena: Actor;
let travel: string;
let standard: string;
const no = (code: string) => ({ code });
const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);

beforeAll(async () => {
  books = await openBooks();
  owner = await books.house.person("Olga Owner", "owner");
  emma = await books.house.person("Emma Employee");
  lena = await books.house.person("Lena Leader");
  const from = "2026-01-01";
  const { id: unitId } = await run(createUnit, { code: "S", name: "Sales", from }, owner);
  const { id: jobId } = await run(createJob, { code: "J", title: "Seller" } as never, owner);
  const { id: top } = await run(createPosition, { code: "TOP", jobId, unitId, from }, owner);
  const { id: seat } = await run(createPosition, { code: "SEAT", jobId, unitId, reportsToId: top, from }, owner);
  await run(holdPosition, { positionId: top, personId: lena.personId, from }, owner);
  await run(holdPosition, { positionId: seat, personId: emma.personId, from }, owner);
  await run(openExpenses, {}, books.chief);
  const codes = (await books.house.call("finance.taxCode.list", {}, books.chief)) as { rows: { id: string; code: string }[] };
  standard = codes.rows.find((row) => row.code === "standard")!.id;
  travel = await category("TRAVEL");
  await run(setMileageRate, { from: "2026-01-01", perUnit: "0.30" }, books.chief);
  const germany = { country: "DE", from: "2026-01-01", wholeDay: eur("28.00"), partDay: eur("14.00") };
  await run(setPerDiemRate, germany, books.chief);
});
afterAll(() => books.house.close());

const category = async (code: string): Promise<string> =>
  ((await books.house.call("finance.expenseCategory.list", { filter: { code } }, books.chief)) as { rows: { id: string }[] }).rows[0]!.id;
let pictures = 0;
const picture = (actor: Actor, content = `receipt ${++pictures}`): Promise<Id> =>
  writeStoredFile(rowsOn(books.house.owner as never), {
    tenantId: books.house.tenantId,
    userId: actor.userId,
    now: new Date("2026-11-21T09:00:00Z"),
    name: "receipt.jpg",
    mediaType: "image/jpeg",
    bytes: Buffer.from(content),
  });
const receipt = async (more: object = {}) => ({
  expenseCategoryId: travel,
  fileId: await picture(emma),
  amount: eur("119.00"),
  day: "2026-11-10",
  description: "Train to Hanover",
  ...more,
});
const add = async (more: object = {}, actor = emma) => run(addReceipt, await receipt(more), actor);
const begun = async (): Promise<string> => (await run(createClaim, { title: "Fair" }, emma)).id;
const claim = (id: string, actor = books.accountant) => books.house.call("finance.expenseClaim.get", { id }, actor);
const decide = async (approvalId: string, verdict: "approve" | "decline", actor = lena, reason?: string) => {
  await run(decideApproval, { approvalId, verdict, reason }, actor);
  await books.house.settle();
};
const sent = async (expenseClaimId: string) => (await run(submitClaim, { expenseClaimId }, emma)).approvalId;
const approved = async (more: object = {}): Promise<string> => {
  const id = await begun();
  await add({ expenseClaimId: id, ...more });
  await decide(await sent(id), "approve");
  return id;
};
const balance = async (code: string): Promise<string> =>
  (await run(getTrialBalance, { asOf: "2026-12-31" }, books.chief)).rows.find((row) => row.code === code)?.closing.amount ?? "0.00";

describe("from the receipt to the bank", () => {
  test("the line manager approves, it is booked in that moment, and finance pays it", async () => {
    const id = await begun();
    await add({ expenseClaimId: id, taxCodeId: standard });
    const approvalId = await sent(id);
    expect(await claim(id)).toMatchObject({ state: "submitted", approver: "Lena Leader", total: eur("119.00") });
    await expect(decide(approvalId, "approve", emma)).rejects.toMatchObject(no("selfApproval"));
    await decide(approvalId, "approve");
    expect(await claim(id)).toMatchObject({ state: "approved", open: eur("119.00"), postedOn: "2026-11-21" });
    expect([await balance("2340"), await balance("6410"), await balance("1220")]).toEqual(["-119.00", "100.00", "19.00"]);
    const paid = await run(payClaim, { expenseClaimId: id, bankAccountId: books.bankAccountId }, books.accountant);
    expect(paid.amount.amount).toBe("119.00");
    expect(await claim(id)).toMatchObject({ state: "paid", open: eur("0.00") });
    expect([await balance("2340"), await balance("1120")]).toEqual(["0.00", "-119.00"]);
    expect(await books.breaks()).toEqual([]);
    await expect(run(payClaim, { expenseClaimId: id, bankAccountId: books.bankAccountId }, books.accountant)).rejects.toMatchObject(
      no("nothingOwed"),
    );
    await expect(run(sendBackClaim, { expenseClaimId: id, reason: "Wrong" }, books.chief)).rejects.toMatchObject(no("itemsSettled"));
  });

  test("what is declined comes back with the reason, is changed and sent anew", async () => {
    const id = await begun();
    const { id: lineId } = await add({ expenseClaimId: id });
    await decide(await sent(id), "decline", lena, "First class is not paid");
    expect(await claim(id, emma)).toMatchObject({ state: "rejected", rejectReason: "First class is not paid" });
    await run(removeLine, { expenseLineId: lineId }, emma);
    await add({ expenseClaimId: id, amount: eur("59.00") });
    await decide(await sent(id), "approve");
    expect(await claim(id, emma)).toMatchObject({ state: "approved", total: eur("59.00") });
    expect(await books.breaks()).toEqual([]);
  });

  test("an approved claim that was wrong is mirrored and given back", async () => {
    const before = await balance("6410");
    const id = await approved({ taxCodeId: standard });
    await run(sendBackClaim, { expenseClaimId: id, reason: "A private trip" }, books.chief);
    expect(await claim(id)).toMatchObject({ state: "rejected", rejectReason: "A private trip" });
    expect(await balance("6410")).toBe(before);
    await expect(run(sendBackClaim, { expenseClaimId: id, reason: "Again" }, books.chief)).rejects.toMatchObject(no("notApproved"));
    await run(discardClaim, { expenseClaimId: id }, emma);
    expect(await books.breaks()).toEqual([]);
  });

  test("nobody but whom it belongs to, who decides and finance sees a claim", async () => {
    const id = await begun();
    await add({ expenseClaimId: id });
    await sent(id);
    const stranger = await books.house.person("Nina Neighbour");
    await expect(claim(id, stranger)).rejects.toMatchObject(no("notFound"));
    const listed = (await books.house.call("finance.expenseLine.list", {}, stranger)) as { rows: unknown[] };
    expect(listed.rows).toEqual([]);
    expect(await claim(id, lena)).toMatchObject({ person: "Emma Employee", mine: false });
    for (const operation of [submitClaim, takeBackClaim, discardClaim]) {
      await expect(run(operation, { expenseClaimId: id }, stranger)).rejects.toMatchObject(no("notFound"));
    }
    await expect(run(discardClaim, { expenseClaimId: id }, emma)).rejects.toMatchObject(no("notOpen"));
    await run(takeBackClaim, { expenseClaimId: id }, emma);
    await expect(run(takeBackClaim, { expenseClaimId: id }, emma)).rejects.toMatchObject(no("notSubmitted"));
    const approvalId = await sent(id);
    await run(withdrawApproval, { approvalId }, emma);
    await books.house.settle();
    expect(await claim(id, emma)).toMatchObject({ state: "draft" });
    await run(discardClaim, { expenseClaimId: id }, emma);
  });
});

describe("advances", () => {
  test("an advance is used up by the next claim, and what is left is brought back", async () => {
    const wish = { amount: eur("200.00"), reason: "Fair in Milan", wantedBy: "2026-12-01" };
    const { id, approvalId } = await run(requestAdvance, wish, emma);
    const pay = { expenseAdvanceId: id, bankAccountId: books.bankAccountId };
    await expect(run(payAdvance, pay, books.accountant)).rejects.toMatchObject(no("notApproved"));
    await expect(run(returnAdvance, pay, books.accountant)).rejects.toMatchObject(no("nothingInHand"));
    await decide(approvalId, "approve");
    await run(payAdvance, pay, books.accountant);
    const advance = () => books.house.call("finance.expenseAdvance.get", { id }, emma);
    expect(await advance()).toMatchObject({ state: "paid", inHand: eur("200.00") });
    const used = await approved();
    expect(await claim(used)).toMatchObject({ state: "paid" });
    expect(await advance()).toMatchObject({ state: "paid", inHand: eur("81.00") });
    expect((await run(returnAdvance, { ...pay, amount: eur("1.00") }, books.accountant)).left.amount).toBe("80.00");
    await run(returnAdvance, pay, books.accountant);
    expect(await advance()).toMatchObject({ state: "settled", inHand: eur("0.00") });
    expect(await books.breaks()).toEqual([]);
  });

  test("more than the advance is owed to the person", async () => {
    const wish = { amount: eur("100.00"), reason: "Taxi money", wantedBy: "2026-12-01" };
    const { id, approvalId } = await run(requestAdvance, wish, emma);
    await decide(approvalId, "approve");
    await run(payAdvance, { expenseAdvanceId: id, bankAccountId: books.bankAccountId }, books.accountant);
    expect(await claim(await approved())).toMatchObject({ state: "approved", open: eur("19.00") });
    expect(await books.breaks()).toEqual([]);
  });

  test("one that is declined or withdrawn is given up", async () => {
    const wish = { amount: eur("10.00"), reason: "Coffee", wantedBy: "2026-12-01" };
    const declined = await run(requestAdvance, wish, emma);
    await decide(declined.approvalId, "decline", lena, "No");
    const given = await run(requestAdvance, wish, emma);
    await run(withdrawApproval, { approvalId: given.approvalId }, emma);
    await books.house.settle();
    for (const { id } of [declined, given]) {
      expect(await books.house.call("finance.expenseAdvance.get", { id }, emma)).toMatchObject({ state: "rejected" });
    }
    await expect(run(requestAdvance, { ...wish, amount: eur("0") }, emma)).rejects.toMatchObject(no("amountNotPositive"));
    await expect(run(requestAdvance, { ...wish, amount: { amount: "1", currency: "USD" } }, emma)).rejects.toMatchObject(
      no("currencyDiffers"),
    );
    await expect(run(requestAdvance, { ...wish, bookId: travel }, emma)).rejects.toMatchObject(no("booksMissing"));
    await expect(run(payAdvance, { expenseAdvanceId: travel, bankAccountId: books.bankAccountId }, books.chief)).rejects.toMatchObject(
      no("notFound"),
    );
  });
});

describe("what an expense is worth", () => {
  test("abroad by the rate typed in, and the amount paid is kept", async () => {
    const id = await begun();
    const usd = { amount: "100.00", currency: "USD" };
    const added = await add({ expenseClaimId: id, amount: usd, rate: "0.9217" });
    expect(added.amount.amount).toBe("92.17");
    const line = await books.house.call("finance.expenseLine.get", { id: added.id }, emma);
    expect(line).toMatchObject({ paid: usd, rate: "0.9217", amount: eur("92.17") });
    await expect(add({ amount: usd })).rejects.toMatchObject(no("rateMissing"));
    await expect(add({ amount: usd, rate: "0" })).rejects.toMatchObject(no("rateNotPositive"));
    await expect(add({ rate: "1" })).rejects.toMatchObject(no("rateNotWanted"));
    await run(discardClaim, { expenseClaimId: id }, emma);
  });

  test("a distance by the rate of its day and what was driven in the year", async () => {
    await run(setMileageRate, { vehicle: "bike", from: "2026-01-01", perUnit: "0.45", unit: "mi", yearBegins: "04-06" }, books.chief);
    await run(
      setMileageRate,
      { vehicle: "bike", from: "2026-01-01", above: "10000", perUnit: "0.25", unit: "mi", yearBegins: "04-06" },
      books.chief,
    );
    const drive = (distance: string, day = "2026-11-01") => run(addMileage, { day, distance, vehicle: "bike", description: "Leeds" }, emma);
    expect((await drive("9950")).amount.amount).toBe("4477.50");
    expect((await drive("100")).amount.amount).toBe("35.00");
    expect((await drive("100", "2026-04-05")).amount.amount).toBe("45.00");
    await expect(drive("0")).rejects.toMatchObject(no("distanceNotPositive"));
    await expect(drive("1", "2025-12-31")).rejects.toMatchObject(no("rateUnknown"));
  });

  test("days away by country and meals, each day once", async () => {
    const away = (more: object = {}) =>
      run(addPerDiem, { day: "2026-03-02", untilDay: "2026-03-04", country: "DE", description: "Hanover", ...more }, emma);
    const added = await away({ breakfasts: 2 });
    expect(added.amount.amount).toBe("44.80");
    await expect(away({ day: "2026-03-04", untilDay: "2026-03-05" })).rejects.toMatchObject(no("daysTaken"));
    await expect(away({ country: "FR", day: "2026-03-10", untilDay: "2026-03-10" })).rejects.toMatchObject(no("rateUnknown"));
    await expect(away({ untilDay: "2026-03-01" })).rejects.toMatchObject(no("endBeforeStart"));
    await run(discardClaim, { expenseClaimId: added.expenseClaimId }, emma);
  });
});

describe("tax within a receipt: charged at home, and only with the receipt (Art. 168(a), 178(a) Directive 2006/112/EC)", () => {
  let hotel: string;
  const tax = async (more: object): Promise<string> => {
    const { id } = await add({ expenseCategoryId: hotel, ...more });
    return ((await books.house.call("finance.expenseLine.get", { id }, emma)) as { tax: { amount: string } }).tax.amount;
  };
  const abroad = { amount: { amount: "119.00", currency: "USD" }, rate: "0.9" };
  const lost = { fileId: undefined, noReceiptReason: "Lost" };

  beforeAll(async () => {
    const wish = { code: "HOTEL", name: "Hotel", accountId: books.account("6410"), taxCodeId: standard };
    hotel = (await run(createCategory, wish, books.chief)).id;
  });

  // 119.00 at 19 percent hold 19.00; 119.00 USD are 107.10, which hold 17.10.
  test.each([
    ["at home with its picture, the category's", {}, "19.00"],
    ["in another currency, none", abroad, "0.00"],
    ["without a picture, none", lost, "0.00"],
    ["said to be without tax, none", { withoutTax: true }, "0.00"],
  ])("%s", async (_, more, expected) => {
    expect(await tax(more)).toBe(expected);
  });

  test("what the receipt shows is taken where it is named, never without the receipt", async () => {
    expect(await tax({ ...abroad, taxCodeId: standard })).toBe("17.10");
    const listed = await books.house.call("finance.taxCode.list", { filter: { code: "exempt" } }, books.chief);
    expect(await tax({ ...lost, taxCodeId: (listed as { rows: { id: string }[] }).rows[0]!.id })).toBe("0.00");
    await expect(tax({ ...lost, taxCodeId: standard })).rejects.toMatchObject(no("taxUnproven"));
    await expect(tax({ taxCodeId: standard, withoutTax: true })).rejects.toMatchObject(no("taxContradicted"));
  });

  test("a hotel in New York is cost as a whole", async () => {
    const before = [await balance("6410"), await balance("1220")];
    await approved({ ...abroad, expenseCategoryId: hotel });
    expect(await balance("1220")).toBe(before[1]);
    expect((Number(await balance("6410")) - Number(before[0])).toFixed(2)).toBe("107.10");
    expect(await books.breaks()).toEqual([]);
  });
});

describe("distances are counted over the year: 0.45 for the first 100 km, 0.25 above", () => {
  const rates = async (vehicle: string): Promise<void> => {
    await run(setMileageRate, { vehicle, from: "2026-01-01", perUnit: "0.45" }, books.chief);
    await run(setMileageRate, { vehicle, from: "2026-01-01", above: "100", perUnit: "0.25" }, books.chief);
  };
  const drive = async (vehicle: string, expenseClaimId: string, day = "2026-11-02") => {
    const added = await run(addMileage, { day, distance: "100", vehicle, description: "Hanover", expenseClaimId }, emma);
    return { id: added.id, amount: added.amount.amount };
  };
  const worth = async (id: string) => {
    const line = await books.house.call("finance.expenseLine.get", { id }, emma);
    return line as { amount: { amount: string }; workedOut: string };
  };

  test("what is left after one was taken off counts from the beginning, and what is entered anew after it", async () => {
    await rates("car-a");
    const claimId = await begun();
    const first = await drive("car-a", claimId);
    const second = await drive("car-a", claimId, "2026-11-03");
    expect([first.amount, second.amount]).toEqual(["45.00", "25.00"]);
    await run(removeLine, { expenseLineId: first.id }, emma);
    expect(await worth(second.id)).toMatchObject({ amount: eur("45.00"), workedOut: "100 km × 0.45" });
    expect((await drive("car-a", claimId)).amount).toBe("25.00");
  });

  test("so does what stands on another claim when one is thrown away", async () => {
    await rates("car-b");
    const [gone, kept] = [await begun(), await begun()];
    await drive("car-b", gone);
    const { id } = await drive("car-b", kept);
    await run(discardClaim, { expenseClaimId: gone }, emma);
    expect(await worth(id)).toMatchObject({ amount: eur("45.00") });
  });

  test("what was sent stays as it was sent, and what it did not take is free for the next", async () => {
    await rates("car-c");
    const [gone, sentOne, next] = [await begun(), await begun(), await begun()];
    await drive("car-c", gone);
    const { id } = await drive("car-c", sentOne);
    await sent(sentOne);
    await run(discardClaim, { expenseClaimId: gone }, emma);
    expect(await worth(id)).toMatchObject({ amount: eur("25.00") });
    const added = await drive("car-c", next);
    expect(added.amount).toBe("45.00");
    await run(removeLine, { expenseLineId: added.id }, emma);
    await run(takeBackClaim, { expenseClaimId: sentOne }, emma);
    await sent(sentOne);
    expect(await worth(id)).toMatchObject({ amount: eur("45.00") });
  });

  test("a claim that came back and is sent again keeps its place in the year", async () => {
    await rates("car-d");
    const [early, late] = [await begun(), await begun()];
    const { id } = await drive("car-d", early);
    await drive("car-d", late);
    const approvalId = await sent(early);
    await sent(late);
    await decide(approvalId, "decline", lena, "Say whom you saw");
    await sent(early);
    expect(await worth(id)).toMatchObject({ amount: eur("45.00") });
    expect(await books.breaks()).toEqual([]);
  });
});

describe("what the approver looks at", () => {
  test("over the limit, without receipt, entered before, long ago", async () => {
    const meals = await category("MEALS");
    const account = { expenseCategoryId: meals, name: "Meals", accountId: books.account("6420"), wantsReceipt: true };
    await run(changeCategory, { ...account, limit: eur("50.00") }, books.chief);
    const id = await begun();
    const dinner = { expenseClaimId: id, expenseCategoryId: meals, amount: eur("50.01"), day: "2026-06-01", fileId: undefined };
    await add({ ...dinner, description: "Dinner" });
    await expect(sent(id)).rejects.toMatchObject(no("receiptMissing"));
    const lines = (await books.house.call("finance.expenseLine.list", { filter: { expenseClaimId: id } }, emma)) as {
      rows: { id: string }[];
    };
    await run(removeLine, { expenseLineId: lines.rows[0]!.id }, emma);
    await add({ ...dinner, description: "Dinner", noReceiptReason: "Lost" });
    await add({ ...dinner, description: "Dinner again", noReceiptReason: "Lost" });
    const { flags } = await run(submitClaim, { expenseClaimId: id }, emma);
    expect(flags.toSorted()).toEqual(["alike", "old", "overLimit", "receiptMissing"]);
    expect(await claim(id, lena)).toMatchObject({ flags: "alike, old, over limit, receipt missing" });
  });
});

describe("what is refused", () => {
  test("a receipt twice, whoever sends it, and a file of someone else", async () => {
    const id = await begun();
    await add({ expenseClaimId: id, fileId: await picture(emma, "same") });
    await expect(add({ fileId: await picture(emma, "same") })).rejects.toMatchObject(no("receiptUsed"));
    await expect(add({ fileId: await picture(lena, "same") }, lena)).rejects.toMatchObject(no("receiptUsed"));
    await expect(add({ fileId: await picture(lena) })).rejects.toMatchObject(no("fileNotFound"));
    await run(discardClaim, { expenseClaimId: id }, emma);
    const again = await add({ fileId: await picture(emma, "same") });
    await run(discardClaim, { expenseClaimId: again.expenseClaimId }, emma);
  });

  test.each([
    ["an amount of nothing", { amount: eur("0") }, "amountNotPositive"],
    ["a day to come", { day: "2026-11-22" }, "dayToCome"],
    ["a claim of nobody", { expenseClaimId: "01990000-0000-7000-8000-000000000001" }, "notFound"],
  ])("a receipt with %s", async (_, more, code) => {
    await expect(add(more)).rejects.toMatchObject(no(code));
  });

  test("categories, rates and taxes that do not fit", async () => {
    const reverse = { code: "reverse", name: "Reverse charge", percent: "19", from: "2026-01-01", reverseCharge: true };
    const { id: reverseId } = (await books.house.call("finance.taxCode.create", reverse, books.chief)) as { id: string };
    await expect(add({ taxCodeId: reverseId })).rejects.toMatchObject(no("taxUnfit"));
    await expect(add({ expenseCategoryId: await category("MILEAGE") })).rejects.toMatchObject(no("categoryUnfit"));
    const made = (more: object) => run(createCategory, { code: "C1", name: "C", accountId: books.account("6410"), ...more }, books.chief);
    const { id: phone } = await made({ code: "PHONE", name: "Phone", limit: eur("30.00") });
    expect(await books.house.call("finance.expenseCategory.get", { id: phone }, emma)).toMatchObject({
      limit: eur("30.00"),
      state: "inUse",
    });
    await expect(made({ code: "TRAVEL" })).rejects.toMatchObject(no("categoryTaken"));
    await expect(made({ accountId: books.account("1120") })).rejects.toMatchObject(no("accountUnfit"));
    await expect(made({ limit: { amount: "1", currency: "USD" } })).rejects.toMatchObject(no("currencyDiffers"));
    await expect(made({ limit: eur("0") })).rejects.toMatchObject(no("limitNotPositive"));
    await expect(made({ bookId: travel })).rejects.toMatchObject(no("booksMissing"));
    const gone = { expenseCategoryId: standard, name: "C", accountId: books.account("6410"), wantsReceipt: true };
    await expect(run(changeCategory, gone, books.chief)).rejects.toMatchObject(no("notFound"));
    await expect(run(setMileageRate, { from: "2026-01-01", perUnit: "-1" }, books.chief)).rejects.toMatchObject(no("rateNegative"));
    const away = { country: "AT", from: "2026-01-01", wholeDay: eur("26.40"), partDay: eur("26.40") };
    await expect(run(setPerDiemRate, { ...away, partDay: eur("-1") }, books.chief)).rejects.toMatchObject(no("rateNegative"));
    await expect(run(setPerDiemRate, { ...away, lunchPercent: "101" }, books.chief)).rejects.toMatchObject(no("percentOutOfRange"));
    const usd = { amount: "1", currency: "USD" };
    await expect(run(setPerDiemRate, { ...away, wholeDay: usd }, books.chief)).rejects.toMatchObject(no("currencyDiffers"));
  });

  test("claims that are empty, gone or not sent; and nobody without a name", async () => {
    const id = await begun();
    await expect(run(submitClaim, { expenseClaimId: id }, emma)).rejects.toMatchObject(no("noLines"));
    await expect(run(removeLine, { expenseLineId: travel }, emma)).rejects.toMatchObject(no("notFound"));
    const house: Actor = { kind: "system", userId: null, personId: null, name: "House", grants: [{ role: "owner", scope: null }] };
    await expect(run(createClaim, { title: "None" }, house)).rejects.toMatchObject(no("noPerson"));
    await expect(run(approveClaim, { expenseClaimId: id }, house)).rejects.toMatchObject(no("notSubmitted"));
    const { id: advanceId, approvalId } = await run(requestAdvance, { amount: eur("5.00"), reason: "Bus", wantedBy: "2026-12-01" }, emma);
    await decide(approvalId, "approve");
    await expect(run(approveAdvance, { expenseAdvanceId: advanceId }, house)).rejects.toMatchObject(no("notRequested"));
  });

  test("books that began before expenses get their account, and those without liabilities are told", async () => {
    const { tenantId, owner: database } = books.house;
    const role = await database.query("select account_id from finance.account_role where tenant_id = $1 and role = 'employeePayable'", [
      tenantId,
    ]);
    const accountId = (role.rows[0] as { account_id: string }).account_id;
    await database.query("delete from finance.account_role where tenant_id = $1 and role = 'employeePayable'", [tenantId]);
    const opened = await run(openExpenses, {}, books.chief);
    expect(await books.house.call("finance.account.get", { id: opened.accountId }, books.chief)).toMatchObject({
      code: "23001",
      control: "payable",
      roles: "employeePayable",
    });
    await database.query("update finance.account_role set account_id = $2 where tenant_id = $1 and role = 'employeePayable'", [
      tenantId,
      accountId,
    ]);
    await expect(run(openExpenses, { bookId: travel }, books.chief)).rejects.toMatchObject(no("booksMissing"));
    await database.query("delete from finance.account_role where tenant_id = $1 and role = 'employeePayable'", [tenantId]);
    await database.query("update finance.account set is_group = false where tenant_id = $1 and type = 'liability'", [tenantId]);
    await expect(run(openExpenses, {}, books.chief)).rejects.toMatchObject(no("groupMissing"));
  });
});
