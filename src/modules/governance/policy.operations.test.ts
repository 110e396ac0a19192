// Policies on a real database: from draft to version in force, who must attest it, and every no on the way.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import { type Id, newId } from "../../kernel/id.ts";
import type { Actor } from "../../platform/operation/context.ts";
import { sql } from "../../platform/database/sql.ts";
import { system } from "../../platform/funnel/frame.ts";
import { type Company, openCompany } from "./company.testing.ts";
import { policiesAreAcknowledged } from "./index.ts";

let company: Company;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.house.close());

let written = 0;

async function write(more: Record<string, unknown> = {}): Promise<Id> {
  const { house, governor } = company;
  const policy = { code: `P-${++written}`, title: `Policy ${written}`, ownerId: governor.personId, text: "Lock your screen.", ...more };
  return (await house.call("governance.policy.create", policy, governor))["id"] as Id;
}

async function publish(audience: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<Id> {
  const { house, governor, second } = company;
  const policyId = await write(more);
  await house.call("governance.policyAudience.add", { policyId, ...audience }, governor);
  await house.call("governance.policy.publish", { policyId }, second);
  return policyId;
}

const call = (name: string, input: unknown, actor: Actor = company.governor) => company.house.call(name, input, actor);
const openOf = async (actor: Actor): Promise<unknown[]> => {
  const found = (await call("governance.openAttestation.list", { limit: 100 }, actor)) as { rows: { policyId: string }[] };
  return found.rows.map((row) => row.policyId);
};
const fact = (actor: Actor): Promise<boolean> =>
  company.house.funnel.read({ tenantId: company.house.tenantId, actor: system }, (context) =>
    policiesAreAcknowledged(context, actor.personId!),
  );

test("a policy for a unit concerns those in it and below it, and each attests the version in force", async () => {
  const { house, hire, itUnitId, officeUnitId, governor } = company;
  const engineer = await hire("Erik Engineer", { unit: "it" });
  const clerk = await hire("Clara Clerk", { unit: "office" });
  const forIt = await publish({ kind: "unit", unitId: itUnitId });
  const forAll = await publish({ kind: "unit", unitId: officeUnitId });
  await house.settle();
  expect(await openOf(engineer)).toEqual(expect.arrayContaining([forIt, forAll]));
  expect(await openOf(clerk)).toEqual([forAll]);
  expect(await fact(engineer)).toBe(false);

  const tasks = (await call("office.task.list", { filter: { state: "open" } }, engineer)) as { rows: { title: string; due: string }[] };
  expect(tasks.rows).toHaveLength(2);
  expect(tasks.rows[0]).toMatchObject({ due: "2026-12-05", asks: { operation: "governance.policy.attest" } });

  expect(await call("governance.policy.get", { id: forIt }, engineer)).toMatchObject({ mine: "open", can: ["governance.policy.attest"] });
  expect(await call("governance.policy.attest", { policyId: forIt, version: 1 }, engineer)).toMatchObject({
    version: 1,
    onDay: "2026-11-21",
  });
  await call("governance.policy.attest", { policyId: forAll }, engineer);
  expect(await openOf(engineer)).toEqual([]);
  expect(await fact(engineer)).toBe(true);
  expect(await fact(clerk)).toBe(false);
  expect((await call("office.task.list", { filter: { state: "open" } }, engineer))["rows"]).toEqual([]);
  expect(await call("governance.policyCoverage.get", { id: forAll })).toMatchObject({ concerned: 2, attested: 1, open: 1, percent: 50 });
  expect((await call("governance.attestation.list", {}, clerk))["rows"]).toEqual([]);
  expect((await call("governance.attestation.list", {}, engineer))["rows"]).toHaveLength(2);
  expect((await call("governance.attestation.list", {}, governor))["rows"]).toHaveLength(2);
});

test("a site, a job and everyone are audiences too; who has left or never began is not asked", async () => {
  const { hire, siteId, clerkJobId, itUnitId } = company;
  const atSite = await hire("Sina Site", { unit: "it", at: "site" });
  const clerk = await hire("Carl Clerk", { unit: "office" });
  const gone = await hire("Gus Gone", { unit: "office", until: "2026-11-20" });
  const forSite = await publish({ kind: "site", siteId });
  const forClerks = await publish({ kind: "job", jobId: clerkJobId });
  const forEveryone = await publish({ kind: "everyone" });
  expect(await openOf(atSite)).toEqual(expect.arrayContaining([forSite, forEveryone]));
  expect(await openOf(atSite)).not.toContain(forClerks);
  expect(await openOf(clerk)).toEqual(expect.arrayContaining([forClerks, forEveryone]));
  expect(await openOf(gone)).toEqual([]);
  expect(await fact(gone)).toBe(false);
  const audiences = (await call("governance.policyAudience.list", { filter: { policyId: forEveryone } })) as { rows: { id: string }[] };
  await call("governance.policyAudience.remove", { policyAudienceId: audiences.rows[0]!.id });
  expect(await openOf(clerk)).not.toContain(forEveryone);
  await expect(call("governance.policyAudience.remove", { policyAudienceId: newId() })).rejects.toMatchObject({ code: "notFound" });
  const newcomer = await hire("Nora Newcomer", { unit: "it", from: "2026-12-01" });
  const forIt = await publish({ kind: "unit", unitId: itUnitId });
  const rows = (await call("governance.openAttestation.list", { filter: { policyId: forIt } }, newcomer)) as { rows: unknown[] };
  expect(rows.rows).toEqual([expect.objectContaining({ dueDay: "2026-12-15", state: "open" })]);
});

test("a material change asks anew and a change of wording does not", async () => {
  const { house, hire, engineerJobId, second } = company;
  const engineer = await hire("Ada Engineer", { unit: "it" });
  const policyId = await publish({ kind: "job", jobId: engineerJobId });
  await call("governance.policy.attest", { policyId }, engineer);
  await call("governance.policy.draft", { policyId, text: "Lock your screen, please.", change: "Kinder.", material: false });
  expect(await call("governance.policy.publish", { policyId }, second)).toMatchObject({ version: 2 });
  expect(await openOf(engineer)).not.toContain(policyId);
  await call("governance.policy.draft", { policyId, text: "Lock your screen and your door." });
  expect(await call("governance.policy.get", { id: policyId })).toMatchObject({ hasDraft: true, version: 2, state: "inForce" });
  await call("governance.policy.publish", { policyId, from: "2026-12-01" }, second);
  expect(await openOf(engineer)).not.toContain(policyId);
  house.today = day("2026-12-01");
  expect(await openOf(engineer)).toContain(policyId);
  const versions = (await call("governance.policyVersion.list", { filter: { policyId }, sort: "number" })) as { rows: { state: string }[] };
  expect(versions.rows.map((row) => row.state)).toEqual(["superseded", "superseded", "inForce"]);
  await expect(call("governance.policy.attest", { policyId, version: 2 }, engineer)).rejects.toMatchObject({ code: "versionChanged" });
  house.today = day("2026-11-21");
});

test("every no of attesting, in order", async () => {
  const { hire, itUnitId } = company;
  const clerk = await hire("Otto Clerk", { unit: "office" });
  const engineer = await hire("Olga Engineer", { unit: "it" });
  const draft = await write();
  const policyId = await publish({ kind: "unit", unitId: itUnitId });
  const attest = (input: unknown, actor: Actor) => call("governance.policy.attest", input, actor);
  await expect(attest({ policyId: newId() }, engineer)).rejects.toMatchObject({ code: "notFound" });
  await expect(attest({ policyId: draft }, engineer)).rejects.toMatchObject({ code: "notPublished" });
  await expect(attest({ policyId }, clerk)).rejects.toMatchObject({ code: "notYourPolicy" });
  await expect(attest({ policyId, version: 7 }, engineer)).rejects.toMatchObject({ code: "versionChanged" });
  await attest({ policyId }, engineer);
  await expect(attest({ policyId }, engineer)).rejects.toMatchObject({
    code: "alreadyAttested",
    message: "You attested version 1 on 2026-11-21.",
  });
});

test("every no of writing and publishing", async () => {
  const { governor, second, itUnitId } = company;
  await write({ code: "TAKEN" });
  await expect(write({ code: "TAKEN" })).rejects.toMatchObject({ code: "codeTaken" });
  await expect(write({ ownerId: newId() })).rejects.toMatchObject({ code: "ownerUnknown" });
  await expect(write({ fileId: newId() })).rejects.toMatchObject({ code: "fileNotFound" });
  await expect(write({ text: "  " })).rejects.toMatchObject({ name: "InvalidInput" });
  const policyId = await write();
  const add = (input: Record<string, unknown>) => call("governance.policyAudience.add", { policyId, ...input });
  await expect(add({ kind: "unit" })).rejects.toMatchObject({ code: "audienceIncomplete" });
  await expect(add({ kind: "everyone", unitId: itUnitId })).rejects.toMatchObject({ code: "audienceIncomplete" });
  await expect(add({ kind: "site", siteId: newId() })).rejects.toMatchObject({ code: "audienceUnknown" });
  const go = (input: Record<string, unknown>, actor = second) => call("governance.policy.publish", { policyId, ...input }, actor);
  await expect(go({ policyId: newId() })).rejects.toMatchObject({ code: "notFound" });
  await expect(go({})).rejects.toMatchObject({ code: "audienceMissing" });
  await add({ kind: "everyone" });
  await expect(add({ kind: "everyone" })).rejects.toMatchObject({ code: "audienceKnown" });
  await expect(go({ from: "2026-11-20" })).rejects.toMatchObject({ code: "inThePast" });
  await expect(go({}, governor)).rejects.toMatchObject({ code: "ownDraft" });
  await go({ from: "2027-01-01", aloneBecause: "The others are ill." }, governor);
  await expect(go({})).rejects.toMatchObject({ code: "nothingDrafted" });
  await call("governance.policy.draft", { policyId, text: "Sooner." });
  await expect(go({})).rejects.toMatchObject({ code: "beforeEarlierVersion" });
  const versions = (await call("governance.policyVersion.list", { filter: { policyId } })) as { rows: unknown[] };
  expect(versions.rows).toEqual([expect.objectContaining({ state: "scheduled", aloneBecause: "The others are ill." })]);
});

test("a retired policy asks nobody and takes no new version", async () => {
  const { house, hire, itUnitId } = company;
  const engineer = await hire("Rolf Engineer", { unit: "it" });
  const policyId = await publish({ kind: "unit", unitId: itUnitId });
  await house.settle();
  const retire = (input: Record<string, unknown>) => call("governance.policy.retire", { policyId, from: "2026-11-21", ...input });
  await expect(retire({ from: "2026-11-01" })).rejects.toMatchObject({ code: "inThePast" });
  await expect(retire({ policyId: newId() })).rejects.toMatchObject({ code: "notFound" });
  await retire({});
  await house.settle();
  await expect(retire({})).rejects.toMatchObject({ code: "policyRetired" });
  await expect(call("governance.policy.draft", { policyId, text: "New." })).rejects.toMatchObject({ code: "policyRetired" });
  await expect(call("governance.policyAudience.add", { policyId, kind: "everyone" })).rejects.toMatchObject({ code: "policyRetired" });
  await expect(call("governance.policy.publish", { policyId })).rejects.toMatchObject({ code: "policyRetired" });
  expect(await openOf(engineer)).not.toContain(policyId);
  const tasks = (await call("office.task.list", { filter: { aboutId: policyId } }, engineer)) as { rows: { state: string }[] };
  expect(tasks.rows.map((row) => row.state)).toEqual(["cancelled"]);
});

test("a published version cannot be changed, not even by the application itself", async () => {
  await publish({ kind: "everyone" });
  const { house } = company;
  const spoil = house.funnel.work(house.tenantId, (context) => context.db.run(sql`update governance.policy_version set text = 'x'`));
  await expect(spoil).rejects.toMatchObject({ code: "42501" });
});

test("staff see policies in force and no drafts", async () => {
  const { house, hire } = company;
  const clerk = await hire("Dora Clerk", { unit: "office" });
  const draft = await write();
  const inForce = await publish({ kind: "everyone" });
  await expect(call("governance.policy.get", { id: draft }, clerk)).rejects.toMatchObject({ code: "notFound" });
  expect(await call("governance.policy.get", { id: inForce }, clerk)).toMatchObject({ text: "Lock your screen." });
  for (const law of house.funnel.registry.laws.filter(({ name }) => name.startsWith("governance."))) {
    expect(await house.funnel.read({ tenantId: house.tenantId, actor: system }, law.breaks), law.name).toEqual([]);
  }
});
