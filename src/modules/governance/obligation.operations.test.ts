// Obligations on a real database: due, asked for, fulfilled with evidence, due again; and every no on the way.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import { type Id, newId } from "../../kernel/id.ts";
import { system } from "../../platform/funnel/frame.ts";
import type { Actor } from "../../platform/operation/context.ts";
import { type Company, openCompany } from "./company.testing.ts";

let company: Company;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.house.close());

const call = (name: string, input: unknown, actor: Actor = company.governor) => company.house.call(name, input, actor);

let recorded = 0;
const usual = { title: "VAT return", kind: "law", source: "UStG § 18", jurisdiction: "DE", recurrence: "monthly", firstDue: "2026-12-10" };
const record = async (more: Record<string, unknown> = {}): Promise<Id> =>
  (await call("governance.obligation.create", { code: `O-${++recorded}`, ...usual, ...more }))["id"] as Id;
const fulfil = (obligationId: Id, more: Record<string, unknown> = {}, actor?: Actor) =>
  call("governance.obligation.fulfil", { obligationId, on: "2026-11-21", evidence: "Receipt 4711", ...more }, actor);

test("fulfilled with evidence, it is due again at once", async () => {
  const id = await record();
  expect(await call("governance.obligation.get", { id })).toMatchObject({
    state: "open",
    nextDue: "2026-12-10",
    can: expect.arrayContaining(["governance.obligation.fulfil"]),
  });
  expect(await fulfil(id)).toMatchObject({ fulfilledDue: "2026-12-10", nextDue: "2027-01-11" });
  expect(await call("governance.obligation.get", { id })).toMatchObject({ nextDue: "2027-01-11", lastFulfilledOn: "2026-11-21" });
  const deadlines = (await call(
    "office.deadline.list",
    { filter: { aboutId: id } },
    await company.house.person("Olaf Office", "office.manager"),
  )) as {
    rows: { due: string; state: string }[];
  };
  expect(deadlines.rows.map((row) => [row.due, row.state])).toEqual([
    ["2026-12-10", "met"],
    ["2027-01-11", "open"],
  ]);
  const times = (await call("governance.obligationOccurrence.list", { filter: { obligationId: id } })) as {
    rows: Record<string, unknown>[];
  };
  expect(times.rows.map((row) => [row["plannedDay"], row["dueDay"], row["state"], row["evidence"]])).toEqual([
    ["2026-12-10", "2026-12-10", "fulfilled", "Receipt 4711"],
    ["2027-01-10", "2027-01-11", "open", null],
  ]);
});

test("the calendar of a site says which days are worked", async () => {
  const { keeper } = company;
  const calendarId = (await call("directory.calendar.create", { code: "DE-HH", name: "Hamburg" }, keeper))["id"];
  await call("directory.calendar.addHolidays", { calendarId, holidays: [{ day: "2026-12-25", name: "Christmas Day" }] }, keeper);
  const siteId = (await call("directory.place.create", { kind: "site", code: "ALT", name: "Altona", calendarId }, keeper))["id"];
  const due = async (more: Record<string, unknown>) => {
    const id = await record({ firstDue: "2026-12-25", ...more });
    return (await call("governance.obligation.get", { id }))["nextDue"];
  };
  expect(await due({ siteId })).toBe("2026-12-28");
  expect(await due({ siteId, weekend: "before" })).toBe("2026-12-24");
  expect(await due({ siteId, weekend: "stays" })).toBe("2026-12-25");
  expect(await due({})).toBe("2026-12-25");
});

test("whoever answers for the work is asked when notice begins, and may fulfil it", async () => {
  const { house } = company;
  const clerk = await company.hire("Tina Tax", { unit: "office" });
  await call(
    "office.responsibility.assign",
    { activity: "finance.tax", personId: clerk.personId, from: "2026-01-01" },
    await house.person("Olaf Office", "office.manager"),
  );
  const id = await record({ activity: "finance.tax", firstDue: "2026-12-10", noticeDays: 14 });
  await house.settle();
  const tasks = async () =>
    ((await call("office.task.list", { filter: { aboutId: id, state: "open" } }, clerk)) as { rows: unknown[] }).rows;
  expect(await tasks()).toEqual([]);
  house.today = day("2026-11-26");
  const schedule = house.funnel.registry.schedules.find(({ name }) => name === "governance.ask")!;
  await house.funnel.work(house.tenantId, schedule.does, house.today);
  await house.funnel.work(house.tenantId, schedule.does, house.today);
  expect(await tasks()).toEqual([expect.objectContaining({ title: "VAT return", due: "2026-12-10" })]);
  await fulfil(id, { on: "2026-11-26" }, clerk);
  expect(await tasks()).toEqual([]);
  house.today = day("2026-11-21");
  const other = await company.hire("Nina Nobody", { unit: "it" });
  await expect(fulfil(id, {}, other)).rejects.toMatchObject({ name: "NotPermitted" });
});

test("what is late is overdue, in the list and in the figure", async () => {
  const { house } = company;
  const id = await record({ firstDue: "2026-11-20" });
  expect(await call("governance.obligation.get", { id })).toMatchObject({ state: "overdue" });
  const figure = house.funnel.registry.figures.find(({ name }) => name === "governance.overdueObligations")!;
  const count = () => house.funnel.read({ tenantId: house.tenantId, actor: system }, (context) => figure.value(context, house.today));
  expect(await count()).toBe(1);
  await fulfil(id);
  expect(await count()).toBe(0);
  const times = (await call("governance.obligationOccurrence.list", { filter: { obligationId: id, state: "fulfilled" } })) as {
    rows: unknown[];
  };
  expect(times.rows).toEqual([expect.objectContaining({ late: true })]);
});

test("every no of fulfilling", async () => {
  const id = await record({ recurrence: "once" });
  await expect(fulfil(newId())).rejects.toMatchObject({ code: "notFound" });
  await expect(fulfil(id, { evidence: undefined })).rejects.toMatchObject({ code: "evidenceMissing" });
  await expect(fulfil(id, { evidence: "  " })).rejects.toMatchObject({ code: "evidenceMissing" });
  await expect(fulfil(id, { on: "2026-11-22" })).rejects.toMatchObject({ code: "inTheFuture" });
  await expect(fulfil(id, { fileId: newId() })).rejects.toMatchObject({ code: "fileNotFound" });
  expect(await fulfil(id)).toMatchObject({ nextDue: null });
  await expect(fulfil(id)).rejects.toMatchObject({ code: "nothingDue" });
  await expect(call("governance.obligation.waive", { obligationId: id, why: "x" })).rejects.toMatchObject({ code: "nothingDue" });
  expect(await call("governance.obligation.get", { id })).toMatchObject({ state: "fulfilled" });
});

test("waived once, it is due again; retired, never", async () => {
  const obligationId = await record({ recurrence: "days", firstDue: "2026-12-10", dueDays: ["2027-03-10", "2026-12-10"] });
  const waive = (id: Id) => call("governance.obligation.waive", { obligationId: id, why: "No turnover." });
  const retire = (id: Id) => call("governance.obligation.retire", { obligationId: id, why: "The law ended." });
  await expect(waive(newId())).rejects.toMatchObject({ code: "notFound" });
  await expect(retire(newId())).rejects.toMatchObject({ code: "notFound" });
  expect(await waive(obligationId)).toMatchObject({ nextDue: "2027-03-10" });
  await retire(obligationId);
  expect(await call("governance.obligation.get", { id: obligationId })).toMatchObject({ state: "retired", nextDue: null, can: [] });
  await expect(retire(obligationId)).rejects.toMatchObject({ code: "obligationRetired" });
  await expect(waive(obligationId)).rejects.toMatchObject({ code: "obligationRetired" });
  await expect(fulfil(obligationId)).rejects.toMatchObject({ code: "obligationRetired" });
});

test("every no of recording", async () => {
  await record({ code: "TAKEN" });
  await expect(record({ code: "TAKEN" })).rejects.toMatchObject({ code: "codeTaken" });
  await expect(record({ recurrence: "days" })).rejects.toMatchObject({ code: "dueDaysMissing" });
  await expect(record({ dueDays: ["2026-12-10"] })).rejects.toMatchObject({ code: "dueDaysMissing" });
  await expect(record({ partyId: newId() })).rejects.toMatchObject({ code: "partyUnknown" });
  await expect(record({ siteId: newId() })).rejects.toMatchObject({ code: "siteUnknown" });
  await expect(record({ activity: "tax" })).rejects.toMatchObject({ code: "activityMalformed" });
  for (const law of company.house.funnel.registry.laws.filter(({ name }) => name.startsWith("governance."))) {
    expect(await company.house.funnel.read({ tenantId: company.house.tenantId, actor: system }, law.breaks), law.name).toEqual([]);
  }
});
