// The payroll of a month from enrolment to payslip and books, on a real database.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import type { Actor, ReadContext } from "../../platform/operation/context.ts";
import { compose } from "../../platform/operation/registry.ts";
import { sql } from "../../platform/database/sql.ts";
import { unseal } from "../../platform/secret/ring.ts";
import { openHouse, type TestHouse } from "../../platform/testing/house.ts";
import { createLegalEntity, directory } from "../directory/index.ts";
import { createSetup, finance } from "../finance/index.ts";
import { office } from "../office/index.ts";
import { buildCompany, type Company, nobody } from "../people/company.testing.ts";
import {
  approveLeave,
  changeEmployment,
  createEmployment,
  createLeaveRequest,
  createLeaveType,
  people,
  recordResignation,
} from "../people/index.ts";
import {
  approveRun,
  calculateRun,
  cancelRun,
  changeBankAccount,
  createElement,
  createEnrolment,
  createExtra,
  createRun,
  endEnrolment,
  finalPayIsDone,
  getVariance,
  isEnrolled,
  payroll,
  removeExtra,
  returnRun,
  setRate,
  submitRun,
} from "./index.ts";

let house: TestHouse;
let company: Company;
let pat: Actor;
let cleo: Actor;
let cem: Actor;
let cemWorks: Id;
const code = (wanted: string) => expect.objectContaining({ code: wanted });
const eur = (amount: string) => ({ amount, currency: "EUR" });
const ask = <T>(question: (context: ReadContext) => Promise<T>) =>
  house.funnel.read({ tenantId: house.tenantId, actor: pat, today: house.today }, question);
const run = async (month: string): Promise<Id> => {
  const { id } = await house.run(createRun, { month }, pat);
  await house.run(calculateRun, { runId: id }, pat);
  return id;
};
const approve = async (runId: Id) => {
  await house.run(submitRun, { runId }, pat);
  return house.run(approveRun, { runId }, cleo);
};
const rows = async (name: string, filter: Record<string, string>, as: Actor = pat) =>
  ((await house.call(`${name}.list`, { filter }, as)) as { rows: Record<string, unknown>[] }).rows;

beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, office, people, finance, payroll]) });
  company = await buildCompany(house);
  pat = await house.person("Pat Payroll", "payroll.manager");
  cleo = await house.person("Cleo Finance", "finance.manager");
  cem = await house.person("Cem Joiner");
  const employ = { personId: cem.personId, positionId: company.seats.first, firstDay: "2026-11-16", pay: eur("3000.00"), noticeDays: 0 };
  cemWorks = (await house.run(createEmployment, employ, company.hanna)).id;
});
beforeEach(() => {
  house.today = day("2026-11-21");
});
afterAll(() => house.close());

describe("before the first run", () => {
  test("there have to be books and somebody enrolled", async () => {
    const element = { code: "TAX", name: "Income tax", kind: "deduction", basis: "taxable", from: "2026-01-01", percent: "20" };
    await expect(house.run(createElement, element, pat)).rejects.toEqual(code("booksMissing"));
    await expect(house.run(createRun, { month: "2026-11" }, pat)).rejects.toEqual(code("booksMissing"));
    await house.run(createSetup, { currency: "EUR", fiscalYearStart: "2026-01-01" }, cleo);
    const { id } = await house.run(createRun, { month: "2026-10" }, pat);
    await expect(house.run(calculateRun, { runId: id }, pat)).rejects.toEqual(code("nobodyEnrolled"));
    await house.run(cancelRun, { runId: id, reason: "Too early" }, pat);
    await expect(house.run(cancelRun, { runId: id, reason: "x" }, pat)).rejects.toEqual(code("runClosed"));
    await expect(house.run(calculateRun, { runId: id }, pat)).rejects.toEqual(code("runNotOpen"));
  });

  test("elements have rates that hold from a day on", async () => {
    const add = (input: Record<string, unknown>) =>
      house.run(createElement, { name: "Element", kind: "deduction", from: "2026-01-01", percent: "10", ...input }, pat);
    const { id } = await add({ code: "PENSION", lowersTax: true, ceiling: eur("8000.00") });
    await add({ code: "TAX", basis: "taxable", percent: "20" });
    await add({ code: "ER", kind: "employer" });
    await expect(add({ code: "TAX" })).rejects.toEqual(code("codeTaken"));
    await expect(add({ code: "X", kind: "employer", lowersTax: true })).rejects.toEqual(code("cannotLowerTax"));
    await expect(add({ code: "X", ceiling: { amount: "1", currency: "USD" } })).rejects.toEqual(code("currencyDiffers"));
    const set = (input: Record<string, unknown>) => house.run(setRate, { elementId: id, from: "2027-01-01", percent: "11", ...input }, pat);
    await expect(set({ elementId: nobody })).rejects.toEqual(code("notFound"));
    await expect(set({ allowance: { amount: "1", currency: "USD" } })).rejects.toEqual(code("currencyDiffers"));
    await set({});
    await expect(set({ from: "2026-12-01" })).rejects.toEqual(code("rateLater"));
    expect(await house.call("payroll.element.get", { id }, pat)).toMatchObject({ percent: "10" });
    expect(await house.call("payroll.element.get", { id, asOf: "2027-01-01" }, pat)).toMatchObject({ percent: "11" });
  });

  test("an employee is enrolled once, with a true account; a contractor never", async () => {
    const enrol = (input: Record<string, unknown>) => house.run(createEnrolment, { employmentId: cemWorks, ...input }, pat);
    await expect(enrol({ employmentId: nobody })).rejects.toEqual(code("employmentUnknown"));
    await expect(enrol({ from: "2026-11-15" })).rejects.toEqual(code("beforeEmployment"));
    await expect(enrol({ bankAccount: "DE00 1203 0000 0000 2020 51" })).rejects.toEqual(code("accountInvalid"));
    expect(await ask((context) => isEnrolled(context, cemWorks))).toBe(false);
    const { id } = await enrol({ bankAccount: "DE02 1203 0000 0000 2020 51" });
    expect(await ask((context) => isEnrolled(context, cemWorks))).toBe(true);
    await expect(enrol({})).rejects.toEqual(code("alreadyEnrolled"));
    for (const employmentId of Object.values(company.employments)) await enrol({ employmentId, from: "2026-11-01" });
    const contractor = { personId: (await house.person("Con Tractor")).personId, positionId: company.seats.second, kind: "contractor" };
    const term = { firstDay: "2026-11-01", lastDay: "2026-12-31" };
    const { id: contract } = await house.run(createEmployment, { ...contractor, ...term }, company.hanna);
    await expect(enrol({ employmentId: contract })).rejects.toEqual(code("contractorInvoices"));
    await expect(house.run(changeBankAccount, { enrolmentId: id, bankAccount: "DE99" }, cem)).rejects.toEqual(code("accountInvalid"));
    await house.run(changeBankAccount, { enrolmentId: id, bankAccount: "FR14 2004 1010 0505 0001 3M02 606" }, cem);
    await expect(house.run(changeBankAccount, { enrolmentId: id, bankAccount: "1" }, company.ben)).rejects.toMatchObject({
      name: "NotPermitted",
    });
    await expect(house.run(changeBankAccount, { enrolmentId: nobody, bankAccount: "1" }, pat)).rejects.toEqual(code("notFound"));
    await expect(house.run(endEnrolment, { enrolmentId: id, lastDay: "2026-11-15" }, pat)).rejects.toEqual(code("endBeforeStart"));
    await expect(house.run(endEnrolment, { enrolmentId: nobody, lastDay: "2026-11-15" }, pat)).rejects.toEqual(code("notFound"));
    expect(await rows("payroll.enrolment", {}, cem)).toMatchObject([{ person: "Cem Joiner", bankAccount: "FR1420041010050500013M02606" }]);
  });

  test("one-off amounts belong to an employment and a month", async () => {
    const bonus = { employmentId: company.employments.ben, month: "2026-11", kind: "earning", name: "Bonus", amount: eur("500.00") };
    const { id } = await house.run(createExtra, bonus, pat);
    await expect(house.run(createExtra, { ...bonus, employmentId: nobody }, pat)).rejects.toEqual(code("employmentUnknown"));
    await expect(house.run(createExtra, { ...bonus, amount: eur("0.00") }, pat)).rejects.toEqual(code("amountNotPositive"));
    await house.run(removeExtra, { extraId: id }, pat);
    await expect(house.run(removeExtra, { extraId: id }, pat)).rejects.toEqual(code("notFound"));
    await house.run(createExtra, bonus, pat);
  });
});

describe("the run of November", () => {
  let runId: Id;
  test("is calculated by days, explains itself, and may be calculated again", async () => {
    runId = await run("2026-11");
    await expect(house.run(createRun, { month: "2026-11" }, pat)).rejects.toEqual(code("runThere"));
    await expect(house.run(createRun, { month: "2026-12", entityId: nobody }, pat)).rejects.toEqual(code("entityUnknown"));
    const slips = await rows("payroll.payslip", { runId });
    expect(slips.map((slip) => [slip["person"], (slip["gross"] as { amount: string }).amount]).toSorted()).toEqual([
      ["Ada Lead", "9000.00"],
      ["Ben Head", "6500.00"],
      ["Cem Joiner", "1500.00"],
    ]);
    const joiner = slips.find((slip) => slip["person"] === "Cem Joiner")!;
    expect(joiner).toMatchObject({ deductions: eur("420.00"), net: eur("1080.00"), employer: eur("150.00"), state: "calculated" });
    const lines = await rows("payroll.payslipLine", { payslipId: String(joiner["id"]) });
    expect(lines.map((line) => line["says"])).toEqual([
      "3000.00 EUR a month x 15 of 30 days, 2026-11-16 to 2026-11-30",
      "10 % of 1500.00 EUR, of the gross pay",
      "20 % of 1350.00 EUR, of the taxable pay",
      "10 % of 1500.00 EUR, of the gross pay",
    ]);
    const again = await house.run(calculateRun, { runId }, pat);
    expect(again).toMatchObject({ people: 3 });
    await expect(house.run(calculateRun, { runId: nobody }, pat)).rejects.toEqual(code("notFound"));
  });

  test("is invisible to everyone but Payroll until it is approved, totals too", async () => {
    const ben = company.ben;
    for (const name of ["payroll.payslip", "payroll.payslipLine"]) {
      expect(await house.call(`${name}.list`, { count: true }, ben)).toMatchObject({ count: 0, totals: [] });
    }
    for (const name of ["payroll.run", "payroll.extra", "payroll.element"]) {
      await expect(house.call(`${name}.list`, {}, company.hanna)).rejects.toMatchObject({ name: "NotPermitted" });
    }
    expect(await house.call("payroll.payslip.list", { count: true }, cleo)).toMatchObject({ count: 0, totals: [] });
    await expect(house.run(getVariance, { runId }, cleo)).rejects.toMatchObject({ name: "NotPermitted" });
  });

  test("is approved by a second person and stands in the books in the same step", async () => {
    await expect(house.run(approveRun, { runId }, cleo)).rejects.toEqual(code("runNotSubmitted"));
    await expect(house.run(returnRun, { runId, reason: "x" }, cleo)).rejects.toEqual(code("runNotSubmitted"));
    await house.run(submitRun, { runId }, pat);
    await expect(house.run(submitRun, { runId }, pat)).rejects.toEqual(code("runNotCalculated"));
    await expect(house.run(calculateRun, { runId }, pat)).rejects.toEqual(code("runNotOpen"));
    const late = { employmentId: cemWorks, month: "2026-11", kind: "earning", name: "Bonus", amount: eur("1.00") };
    await expect(house.run(createExtra, late, pat)).rejects.toEqual(code("monthDone"));
    const [extra] = await rows("payroll.extra", {});
    await expect(house.run(removeExtra, { extraId: extra!["id"] }, pat)).rejects.toEqual(code("monthDone"));
    await expect(house.run(approveRun, { runId }, pat)).rejects.toEqual(code("samePerson"));
    await house.run(returnRun, { runId, reason: "Look again" }, cleo);
    await house.run(calculateRun, { runId }, pat);
    const preview = await approveDry(runId);
    expect(preview).toMatchObject({ entryNumber: expect.any(String) });
    await house.run(submitRun, { runId }, pat);
    const { entryId } = await house.run(approveRun, { runId }, cleo);
    const lines = await house.funnel.read({ tenantId: house.tenantId, actor: pat }, (context) =>
      context.db.rows<{ role: string; amount: bigint; unitId: Id | null }>(sql`
        select r.role, l.amount, l.unit_id from finance.journal_line l
        join finance.account_role r on r.tenant_id = l.tenant_id and r.account_id = l.account_id
        where l.tenant_id = ${context.tenantId} and l.entry_id = ${entryId} order by l.position`),
    );
    expect(lines).toEqual([
      { role: "payrollGross", amount: 1_700_000n, unitId: company.unitId },
      { role: "payrollEmployer", amount: 170_000n, unitId: company.unitId },
      { role: "payrollPayable", amount: -1_232_000n, unitId: null },
      { role: "payrollDeductions", amount: -638_000n, unitId: null },
    ]);
    await expect(house.run(cancelRun, { runId, reason: "x" }, pat)).rejects.toEqual(code("runClosed"));
    for (const operation of [submitRun, returnRun, approveRun, cancelRun]) {
      const input = { runId: nobody, ...((operation === returnRun || operation === cancelRun) && { reason: "x" }) };
      await expect(house.run(operation, input, cleo).catch((error: { name: string }) => error)).resolves.toSatisfy(
        (error: { code?: string; name: string }) => error.code === "notFound" || error.name === "NotPermitted",
      );
      await expect(house.run(operation, input, await house.person("Olga Owner", "owner"))).rejects.toEqual(code("notFound"));
    }
  });

  const approveDry = async (id: Id) => {
    await house.run(submitRun, { runId: id }, pat);
    const preview = await house.run(approveRun, { runId: id }, cleo, { dryRun: true });
    await house.run(returnRun, { runId: id, reason: "It was only a look" }, cleo);
    return preview;
  };

  test("gives everyone their own payslip on paper, and nobody another's", async () => {
    await house.settle();
    const own = await house.call("payroll.payslip.list", { count: true }, cem);
    expect(own).toMatchObject({
      count: 1,
      rows: [{ person: "Cem Joiner", net: eur("1080.00"), bankAccount: "FR1420041010050500013M02606" }],
    });
    const { fileId } = (own["rows"] as { fileId: Id }[])[0]!;
    const file = await ask((context) => context.readFile(fileId));
    expect(file).toMatchObject({ name: "Payslip 2026-11.pdf", mediaType: "application/pdf" });
    expect(Buffer.from(file.bytes).subarray(0, 5).toString()).toBe("%PDF-");
    expect(await rows("payroll.payslip", { fileId }, company.ben)).toEqual([]);
    const [other] = await rows("payroll.payslip", { personId: company.ben.personId! });
    await expect(house.call("payroll.payslip.get", { id: other!["id"] }, cem)).rejects.toEqual(code("notFound"));
  });

  test("the account of who is paid stands nowhere in clear: no table, no trail, no key of a wish", async () => {
    const plain = /FR1420041010050500013M02606|FR14 2004 1010|DE02 1203 0000/;
    const { rows: tables } = await house.owner.query<{ name: string }>(`
      select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')`);
    const found: string[] = [];
    for (const { name } of tables) {
      const { rows: hits } = await house.owner.query(`select from ${name} t where t::text ~ $1 limit 1`, [plain.source]);
      if (hits.length > 0) found.push(name);
    }
    expect(found).toEqual([]);
    expect(tables.length).toBeGreaterThan(200);
    const [logged] = (
      await house.owner.query<{ account: string }>(
        `select input ->> 'bankAccount' as account from platform.operation_log where operation = 'payroll.enrolment.changeBankAccount'`,
      )
    ).rows;
    expect(unseal(logged!.account)).toBe("FR14 2004 1010 0505 0001 3M02 606");
  });

  test("the account is found as a whole, and never by a part of it", async () => {
    const by = (bankAccount: string) => house.call("payroll.payslip.list", { filter: { bankAccount } }, pat);
    expect(await by("FR1420041010050500013M02606")).toMatchObject({ rows: [{ person: "Cem Joiner" }] });
    expect(await by("FR1420041010050500013M02607")).toMatchObject({ rows: [] });
    await expect(by("~FR14")).rejects.toEqual(code("badFilter"));
    await expect(by(">FR14")).rejects.toEqual(code("badFilter"));
    expect((await by("!"))["rows"]).toHaveLength(1);
  });

  test("is never changed afterwards, not even past the application", async () => {
    const change = house.funnel.work(house.tenantId, (context) =>
      context.db.run(sql`update payroll.payslip set net = net + 1, gross = gross + 1 where tenant_id = ${context.tenantId}`),
    );
    await expect(change).rejects.toThrow("never changed");
    const remove = house.funnel.work(house.tenantId, (context) =>
      context.db.run(sql`delete from payroll.payslip_line where tenant_id = ${context.tenantId}`),
    );
    await expect(remove).rejects.toThrow("never changed");
  });
});

describe("months with changes", () => {
  test("a rise, unpaid leave and a departure are paid by their days; what changed is shown", async () => {
    house.today = day("2026-12-01");
    const { hanna, ada, employments } = company;
    await house.run(changeEmployment, { employmentId: employments.ben, from: "2026-12-17", pay: eur("6620.00"), reason: "Rise" }, hanna);
    const { id: unpaid } = await house.run(createLeaveType, { code: "UNP", name: "Unpaid", isPaid: false, mayGoNegative: true }, hanna);
    const leave = { leaveTypeId: unpaid, firstDay: "2026-12-07", lastDay: "2026-12-08" };
    const { id: leaveRequestId } = await house.run(createLeaveRequest, leave, cem);
    await house.run(approveLeave, { leaveRequestId }, ada);
    await house.run(recordResignation, { employmentId: cemWorks, receivedOn: "2026-12-01", lastDay: "2026-12-10" }, hanna);
    const runId = await run("2026-12");
    const gross = Object.fromEntries(
      (await rows("payroll.payslip", { runId })).map((slip) => [slip["person"], (slip["gross"] as { amount: string }).amount]),
    );
    // Ben: 16 of 31 days at 6000 and 15 at 6620. Cem: 10 of 31 days at 3000 less 2 of 31.
    expect(gross).toEqual({ "Ada Lead": "9000.00", "Ben Head": "6300.00", "Cem Joiner": "774.19" });
    const { changes } = await house.run(getVariance, { runId }, pat);
    expect(changes.map(({ person, difference }) => [person, difference.amount])).toEqual([
      ["Cem Joiner", "-522.58"],
      ["Ben Head", "-144.00"],
    ]);
    await expect(house.run(getVariance, { runId: nobody }, pat)).rejects.toEqual(code("notFound"));
    expect(await ask((context) => finalPayIsDone(context, cemWorks))).toBe(false);
    const year = (await rows("finance.period", { code: "~2026-" }, cleo)).toSorted((one, other) =>
      String(one["code"]) < String(other["code"]) ? -1 : 1,
    );
    for (const month of year) await house.call("finance.period.close", { periodId: month["id"], early: true }, cleo);
    await expect(approve(runId)).rejects.toEqual(code("periodClosed"));
    await house.call("finance.period.reopen", { periodId: year.at(-1)!["id"], reason: "Payroll is late" }, cleo);
    await house.run(approveRun, { runId }, cleo);
    expect(await ask((context) => finalPayIsDone(context, cemWorks))).toBe(true);
    expect(await ask((context) => finalPayIsDone(context, employments.ben))).toBe(false);
  });

  test("what cannot be paid stops the run and says whose it is", async () => {
    house.today = day("2026-12-31");
    const { id: runId } = await house.run(createRun, { month: "2028-01" }, pat);
    const advance = { employmentId: company.employments.ben, month: "2028-01", kind: "deduction", name: "Advance", amount: eur("9999.00") };
    const { id: extraId } = await house.run(createExtra, advance, pat);
    await expect(house.run(calculateRun, { runId }, pat)).rejects.toMatchObject({ code: "netNegative", facts: { person: "Ben Head" } });
    await house.run(removeExtra, { extraId }, pat);
    const foreign = await house.run(createExtra, { ...advance, amount: { amount: "1.00", currency: "USD" } }, pat);
    await expect(house.run(calculateRun, { runId }, pat)).rejects.toEqual(code("payCurrencyDiffers"));
    await house.run(removeExtra, { extraId: foreign.id }, pat);
    await house.run(calculateRun, { runId }, pat);
    await house.run(submitRun, { runId }, pat);
    // The books have no period of 2028 yet: nothing is approved without its entry.
    await expect(house.run(approveRun, { runId }, cleo)).rejects.toEqual(code("periodMissing"));
    expect(await house.call("payroll.run.get", { id: runId }, cleo)).toMatchObject({ state: "submitted", entryId: null });
    await house.run(cancelRun, { runId, reason: "Not yet" }, pat);
    const keeper = await house.person("Kim Keeper");
    const { id: entityId } = await house.run(
      createLegalEntity,
      { code: "FR1", name: "Exemple SAS", country: "FR", currency: "EUR" },
      keeper,
    );
    await expect(house.run(createRun, { month: "2028-01" }, pat)).rejects.toEqual(code("entityUnclear"));
    const intern = await house.person("Ines Intern");
    const unpaid = { personId: intern.personId, positionId: company.seats.first, firstDay: "2026-12-11", entityId, pay: eur("0.00") };
    const { id: employmentId } = await house.run(createEmployment, unpaid, company.hanna);
    const { id: enrolmentId } = await house.run(createEnrolment, { employmentId }, pat);
    await house.run(endEnrolment, { enrolmentId, lastDay: "2027-03-31" }, pat);
    expect(await house.call("payroll.enrolment.get", { id: enrolmentId }, pat)).toMatchObject({ lastDay: "2027-03-31" });
    const { id: nothing } = await house.run(createRun, { month: "2026-12", entityId }, pat);
    await house.run(calculateRun, { runId: nothing }, pat);
    await expect(approve(nothing)).rejects.toEqual(code("nothingToPay"));
    await house.run(cancelRun, { runId: nothing, reason: "Nobody is paid" }, pat);
    const after = { employmentId: cemWorks, from: "2026-12-11" };
    await expect(house.run(createEnrolment, after, pat)).rejects.toEqual(code("afterEmployment"));
  });
});

test("every law of Payroll holds, figures say what is due, another company sees nothing", async () => {
  house.today = day("2026-12-31");
  for (const law of [...(payroll.laws ?? []), ...(people.laws ?? []), ...(finance.laws ?? [])]) {
    expect([law.name, await ask(law.breaks)]).toEqual([law.name, []]);
  }
  const figures: unknown[] = [];
  for (const figure of payroll.figures ?? []) figures.push(await ask((context) => figure.value(context, context.today)));
  expect(figures).toEqual(["approved", 0]);
  const otherTenant = await house.otherCompany();
  for (const register of payroll.registers) {
    await house.call(`${register.name}.list`, { count: true, search: "a" }, pat);
    expect(await house.funnel.run(`${register.name}.list`, { count: true }, { tenantId: otherTenant, actor: pat })).toMatchObject({
      count: 0,
    });
  }
});
