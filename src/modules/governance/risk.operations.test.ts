// Risks on a real database: judged, treated, accepted for a time, shown on the heat map; and every no on the way.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import { type Id, newId } from "../../kernel/id.ts";
import type { Actor } from "../../platform/operation/context.ts";
import { type Company, openCompany } from "./company.testing.ts";

let company: Company;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.house.close());

const call = (name: string, input: unknown, actor: Actor = company.governor) => company.house.call(name, input, actor);

let opened = 0;
async function open(more: Record<string, unknown> = {}): Promise<Id> {
  const risk = { code: `R-${++opened}`, title: `Risk ${opened}`, category: "technology", ownerId: company.governor.personId };
  return (await call("governance.risk.create", { ...risk, likelihood: 4, impact: 5, ...more }))["id"] as Id;
}

interface HeatMap {
  cells: { likelihood: number; impact: number; bandName: string; risks: { id: string; aboveAppetite: boolean; state: string }[] }[];
  unscored: { id: string }[];
}
const heatMap = async (input: Record<string, unknown>, actor?: Actor): Promise<HeatMap> =>
  (await call("governance.risk.heatMap", input, actor)) as unknown as HeatMap;
const cellOf = (map: HeatMap, id: string) => map.cells.find((cell) => cell.risks.some((risk) => risk.id === id));

test("before any risk there is the usual matrix, and the first risk puts the company on it", async () => {
  const empty = await heatMap({});
  expect(empty).toMatchObject({ matrix: { id: null, name: "Five by five" }, unscored: [] });
  expect(empty.cells).toHaveLength(25);
  const id = await open();
  expect(await call("governance.risk.get", { id })).toMatchObject({
    state: "open",
    inherent: "Critical",
    current: null,
    aboveAppetite: true,
    appetite: "Medium",
  });
  const matrices = (await call("governance.riskMatrix.list", {})) as { rows: unknown[] };
  expect(matrices.rows).toEqual([expect.objectContaining({ name: "Five by five", state: "inUse" })]);
});

test("a risk is judged at three stages, and the heat map of each stage shows it in its cell", async () => {
  const id = await open({ likelihood: 5, impact: 5 });
  expect((await heatMap({ stage: "current" })).unscored.map((risk) => risk.id)).toContain(id);
  const score = (stage: string, likelihood: number, impact: number) =>
    call("governance.risk.score", { riskId: id, stage, likelihood, impact });
  expect(await score("current", 3, 4)).toMatchObject({ band: "High", aboveAppetite: true });
  expect(await score("residual", 2, 2)).toMatchObject({ band: "Low", aboveAppetite: true });
  expect(cellOf(await heatMap({ stage: "inherent" }), id)).toMatchObject({ likelihood: 5, impact: 5, bandName: "Critical" });
  expect(cellOf(await heatMap({ stage: "current" }), id)).toMatchObject({ likelihood: 3, impact: 4, bandName: "High" });
  expect(cellOf(await heatMap({ stage: "residual" }), id)).toMatchObject({ likelihood: 2, impact: 2, bandName: "Low" });
  expect(cellOf(await heatMap({ stage: "current", category: "legal" }), id)).toBeUndefined();
  expect(cellOf(await heatMap({ stage: "current", unitId: company.itUnitId }), id)).toBeUndefined();
  company.house.today = day("2026-12-01");
  expect(await score("current", 2, 3)).toMatchObject({ band: "Medium", aboveAppetite: false });
  expect(cellOf(await heatMap({ stage: "current", asOf: "2026-11-30" }), id)).toMatchObject({ likelihood: 3, impact: 4 });
  expect(cellOf(await heatMap({ stage: "current" }), id)).toMatchObject({ likelihood: 2, impact: 3 });
  company.house.today = day("2026-11-21");
  const scores = (await call("governance.riskScore.list", { filter: { riskId: id } })) as { rows: unknown[] };
  expect(scores.rows).toHaveLength(4);
});

test("appetite of a category goes before that for all", async () => {
  const id = await open({ category: "safety", likelihood: 2, impact: 3 });
  expect(await call("governance.risk.get", { id })).toMatchObject({ inherent: "Medium", aboveAppetite: false });
  await call("governance.riskAppetite.set", { category: "safety", band: "low" });
  expect(await call("governance.risk.get", { id })).toMatchObject({ aboveAppetite: true, appetite: "Low" });
  const figure = company.house.funnel.registry.figures.find(({ name }) => name === "governance.risksAboveAppetite")!;
  const asked = { tenantId: company.house.tenantId, actor: company.governor };
  const before = await company.house.funnel.read(asked, (context) => figure.value(context, company.house.today));
  await call("governance.risk.accept", { riskId: id, lastDay: "2026-12-31", why: "The guard rail comes in January." });
  expect(await company.house.funnel.read(asked, (context) => figure.value(context, company.house.today))).toBe(Number(before) - 1);
  await expect(call("governance.riskAppetite.set", { band: "Grave" })).rejects.toMatchObject({ code: "bandUnknown" });
});

test("the owner judges and accepts their own risk and sees no other", async () => {
  const owner = await company.hire("Rita Riskowner", { unit: "it" });
  const other = await company.hire("Nils Nobody", { unit: "it" });
  const riskId = await open({ ownerId: owner.personId });
  await open();
  expect(((await call("governance.risk.list", {}, owner)) as { rows: { id: string }[] }).rows.map((row) => row.id)).toEqual([riskId]);
  await call("governance.risk.score", { riskId, stage: "current", likelihood: 4, impact: 4 }, owner);
  await call("governance.risk.accept", { riskId, lastDay: "2027-03-01", why: "Until the new firewall is there." }, owner);
  await expect(call("governance.risk.score", { riskId, stage: "current", likelihood: 1, impact: 1 }, other)).rejects.toMatchObject({
    name: "NotPermitted",
  });
  await expect(call("governance.risk.heatMap", {}, owner)).rejects.toMatchObject({ name: "NotPermitted" });
});

test("an acceptance expires by itself, and every no of accepting", async () => {
  const accept = (riskId: Id, more: Record<string, unknown> = {}) =>
    call("governance.risk.accept", { riskId, lastDay: "2026-11-30", why: "It is known.", ...more });
  const riskId = await open();
  const small = await open({ likelihood: 1, impact: 1 });
  await expect(accept(newId())).rejects.toMatchObject({ code: "notFound" });
  await expect(accept(small)).rejects.toMatchObject({ code: "withinAppetite" });
  await expect(accept(riskId, { lastDay: "2026-11-20" })).rejects.toMatchObject({ code: "lastDayInThePast" });
  await expect(accept(riskId, { lastDay: "2027-11-22" })).rejects.toMatchObject({ code: "acceptanceTooLong" });
  const first = (await accept(riskId))["id"];
  await expect(accept(riskId)).rejects.toMatchObject({ code: "acceptedAlready" });
  expect(await call("governance.risk.get", { id: riskId })).toMatchObject({ state: "accepted", acceptedUntil: "2026-11-30" });
  await call("governance.riskAcceptance.end", { riskAcceptanceId: first });
  await expect(call("governance.riskAcceptance.end", { riskAcceptanceId: first })).rejects.toMatchObject({ code: "notFound" });
  const second = (await accept(riskId))["id"];
  company.house.today = day("2026-12-01");
  expect(await call("governance.risk.get", { id: riskId })).toMatchObject({ state: "open", aboveAppetite: true });
  await expect(call("governance.riskAcceptance.end", { riskAcceptanceId: second })).rejects.toMatchObject({ code: "acceptanceEnded" });
  company.house.today = day("2026-11-21");
});

test("treatments are planned, asked of their owner, completed or cancelled", async () => {
  const owner = await company.hire("Tom Treater", { unit: "it" });
  const riskId = await open();
  const plan = (more: Record<string, unknown> = {}) =>
    call("governance.treatment.plan", {
      riskId,
      kind: "mitigate",
      title: "Second line",
      ownerId: owner.personId,
      dueDay: "2026-12-10",
      ...more,
    });
  await expect(plan({ riskId: newId() })).rejects.toMatchObject({ code: "notFound" });
  await expect(plan({ ownerId: newId() })).rejects.toMatchObject({ code: "ownerUnknown" });
  await expect(plan({ dueDay: "2026-11-20" })).rejects.toMatchObject({ code: "dueInThePast" });
  const treatmentId = (await plan())["id"];
  const second = (await plan({ title: "Third line" }))["id"];
  expect(((await call("office.task.list", { filter: { state: "open" } }, owner)) as { rows: unknown[] }).rows).toHaveLength(2);
  const complete = (more: Record<string, unknown>) =>
    call("governance.treatment.complete", { treatmentId, on: "2026-11-21", evidence: "Invoice 17", ...more }, owner);
  await expect(complete({ on: "2026-11-22" })).rejects.toMatchObject({ code: "inTheFuture" });
  await expect(call("governance.risk.close", { riskId, why: "Gone." })).rejects.toMatchObject({ code: "treatmentsOpen" });
  await complete({});
  await expect(complete({})).rejects.toMatchObject({ code: "treatmentEnded" });
  await expect(call("governance.treatment.complete", { treatmentId: newId(), on: "2026-11-21", evidence: "x" })).rejects.toMatchObject({
    code: "notFound",
  });
  await call("governance.treatment.cancel", { treatmentId: second, why: "One line is enough." });
  await expect(call("governance.treatment.cancel", { treatmentId: second, why: "Again." })).rejects.toMatchObject({
    code: "treatmentEnded",
  });
  await expect(call("governance.treatment.cancel", { treatmentId: newId(), why: "Again." })).rejects.toMatchObject({ code: "notFound" });
  expect(((await call("office.task.list", { filter: { state: "open" } }, owner)) as { rows: unknown[] }).rows).toEqual([]);
  const rows = (await call("governance.treatment.list", { filter: { riskId }, sort: "title" }, owner)) as { rows: { state: string }[] };
  expect(rows.rows.map((row) => row.state)).toEqual(["completed", "cancelled"]);
});

test("a closed risk leaves the heat map and comes back with its scores", async () => {
  const riskId = await open();
  await expect(call("governance.risk.reopen", { riskId })).rejects.toMatchObject({ code: "riskOpen" });
  await call("governance.risk.close", { riskId, why: "We sold the plant." });
  expect(cellOf(await heatMap({ stage: "inherent" }), riskId)).toBeUndefined();
  const closed = { code: "riskClosed", message: expect.stringContaining("2026-11-21") };
  await expect(call("governance.risk.close", { riskId, why: "Again." })).rejects.toMatchObject(closed);
  await expect(call("governance.risk.score", { riskId, stage: "current", likelihood: 1, impact: 1 })).rejects.toMatchObject(closed);
  await expect(call("governance.risk.accept", { riskId, lastDay: "2026-12-01", why: "x" })).rejects.toMatchObject(closed);
  await expect(call("governance.risk.assign", { riskId, ownerId: company.second.personId })).rejects.toMatchObject(closed);
  const treatment = { riskId, kind: "avoid", title: "x", ownerId: company.second.personId, dueDay: "2026-12-01" };
  await expect(call("governance.treatment.plan", treatment)).rejects.toMatchObject(closed);
  await call("governance.risk.reopen", { riskId });
  expect(cellOf(await heatMap({ stage: "inherent" }), riskId)).toMatchObject({ likelihood: 4, impact: 5 });
  await call("governance.risk.assign", { riskId, ownerId: company.second.personId });
  expect(await call("governance.risk.get", { id: riskId })).toMatchObject({ owner: "Sam Second" });
  await expect(call("governance.risk.assign", { riskId, ownerId: newId() })).rejects.toMatchObject({ code: "ownerUnknown" });
  for (const verb of ["close", "reopen", "assign", "score"]) {
    const more = { close: { why: "x" }, reopen: {}, assign: { ownerId: newId() }, score: { stage: "current", likelihood: 1, impact: 1 } }[
      verb
    ];
    await expect(call(`governance.risk.${verb}`, { riskId: newId(), ...more })).rejects.toMatchObject({ code: "notFound" });
  }
});

test("every no of opening a risk", async () => {
  await open({ code: "TAKEN" });
  await expect(open({ code: "TAKEN" })).rejects.toMatchObject({ code: "codeTaken" });
  await expect(open({ ownerId: newId() })).rejects.toMatchObject({ code: "ownerUnknown" });
  await expect(open({ unitId: newId() })).rejects.toMatchObject({ code: "unitUnknown" });
  await expect(open({ likelihood: 6 })).rejects.toMatchObject({
    code: "notOnMatrix",
    message: "The matrix has likelihoods 1 to 5 and impacts 1 to 5.",
  });
  await expect(open({ impact: 7 })).rejects.toMatchObject({ code: "notOnMatrix" });
});

test("another matrix is for new risks; those on the earlier one stay there", async () => {
  const before = await open({ likelihood: 5, impact: 5 });
  const three = {
    name: "Three by three",
    likelihoods: ["Unlikely", "Possible", "Likely"],
    impacts: ["Minor", "Moderate", "Major"],
    bands: ["Low", "Medium", "High"],
    grid: [
      [1, 1, 2],
      [1, 2, 3],
      [2, 3, 3],
    ],
    appetite: 1,
  };
  const choose = (more: Record<string, unknown>) => call("governance.riskMatrix.create", { ...three, ...more });
  await expect(choose({ name: "Five by five" })).rejects.toMatchObject({ code: "nameTaken" });
  await expect(choose({ grid: [[1, 1]] })).rejects.toMatchObject({ code: "gridIncomplete" });
  await expect(
    choose({
      grid: [
        [1, 1, 2],
        [1, 2, 4],
        [2, 3, 3],
      ],
    }),
  ).rejects.toMatchObject({ code: "bandUnknown" });
  await expect(choose({ appetite: 4 })).rejects.toMatchObject({ code: "bandUnknown" });
  await expect(
    choose({
      grid: [
        [2, 1, 2],
        [2, 2, 3],
        [2, 3, 3],
      ],
    }),
  ).rejects.toMatchObject({ code: "gridFalls" });
  company.house.today = day("2026-11-22");
  const riskMatrixId = (await choose({}))["id"];
  const after = await open({ likelihood: 3, impact: 3 });
  const map = await heatMap({ stage: "inherent" });
  expect(map.cells).toHaveLength(9);
  expect(cellOf(map, after)).toMatchObject({ bandName: "High" });
  expect(cellOf(map, before)).toBeUndefined();
  expect(await call("governance.risk.heatMap", { riskMatrixId })).toMatchObject({ matrix: { name: "Three by three" } });
  await expect(heatMap({ riskMatrixId: newId() })).rejects.toMatchObject({ code: "notFound" });
  await expect(open({ likelihood: 4, impact: 1 })).rejects.toMatchObject({ code: "notOnMatrix" });
  expect(await call("governance.risk.get", { id: before })).toMatchObject({ inherent: "Critical" });
});
