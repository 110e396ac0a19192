// The catalogue on a real database: kinds, audiences, and forms in their versions.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { makeLine } from "../office.testing.ts";
import { addUsualKinds, changeKind, createKind, retireKind } from "./kind.operations.ts";
import { getCatalogue, getForm } from "./kind.registers.ts";
import { createRequest } from "./request.operations.ts";
import { type Desk, openDesk } from "./request.testing.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.house.close());

const badge = { code: "badge", title: "Badge", department: "facilities", activity: "facilities.space" };
const fields = [{ name: "why", label: "Why", kind: "text", required: true }];
const codes = async (as: Desk["ann"]): Promise<string[]> => (await desk.house.run(getCatalogue, {}, as)).kinds.map(({ code }) => code);

test("the usual kinds are added once; who keeps the catalogue sees all, others what is meant for them", async () => {
  const { house, olga, ann } = desk;
  expect((await house.run(addUsualKinds, {}, olga)).added).toBe(0);
  expect(await codes(ann)).toEqual(
    expect.arrayContaining(["broken-thing", "system-access", "employment-letter", "concern", "machine-down"]),
  );
  expect(await codes(ann)).not.toContain("mail");
  expect(await codes(olga)).toContain("mail");
  await expect(house.run(addUsualKinds, {}, ann)).rejects.toMatchObject({ name: "NotPermitted" });
  const found = await house.run(getCatalogue, { search: "tap" }, ann);
  expect(found.kinds.map(({ code }) => code)).toEqual(["broken-thing"]);
});

test("a kind is refused when its code is taken, its work unknown, its audience unnamed or its form broken", async () => {
  const { house, olga } = desk;
  await house.run(createKind, badge, olga);
  const refused: [object, string][] = [
    [badge, "codeTaken"],
    [{ ...badge, code: "other", activity: "nonsense" }, "activityUnknown"],
    [{ ...badge, code: "other", tasks: [{ title: "T", activity: "nonsense", days: 1 }] }, "activityUnknown"],
    [{ ...badge, code: "other", audience: "units" }, "audienceMissing"],
    [{ ...badge, code: "other", fields: [...fields, ...fields] }, "formBroken"],
    [{ ...badge, code: "other", confidential: true, approvalActivity: "facilities.space" }, "confidentialApproval"],
  ];
  for (const [input, code] of refused) await expect(house.run(createKind, input, olga)).rejects.toMatchObject({ code });
});

test("a changed form is a new version; what was answered before keeps its own", async () => {
  const { house, olga, ann } = desk;
  const { id } = await house.run(createKind, { ...badge, code: "versioned", fields }, olga);
  const before = await house.run(createRequest, { kindId: id, answers: { why: "Visit" } }, ann);
  const more = [{ name: "day", label: "When", kind: "day", required: true }];
  expect((await house.run(changeKind, { requestKindId: id, title: "Badge for visitors" }, olga)).version).toBe(1);
  expect((await house.run(changeKind, { requestKindId: id, fields: more }, olga)).version).toBe(2);
  expect(await house.run(getForm, { code: "versioned" }, ann)).toMatchObject({ version: 2, title: "Badge for visitors", fields: more });
  const after = await house.run(createRequest, { kindId: id, answers: { day: "2026-12-01" } }, ann);
  await expect(house.run(createRequest, { kindId: id, answers: { why: "Visit" } }, ann)).rejects.toMatchObject({ code: "answerUnfit" });
  const formOf = async (requestId: Id) => {
    const { formId } = await desk.get(ann, requestId);
    return (await house.call("office.requestForm.get", { id: formId }, ann))["fields"];
  };
  expect(await formOf(before.id)).toEqual(fields);
  expect(await formOf(after.id)).toEqual(more);
  await expect(house.owner.query("set role heartwood_app; update office.request_form set fields = '[]'")).rejects.toThrow(
    /permission denied/,
  );
  await house.owner.query("reset role");
});

test("a kind is offered no longer, once", async () => {
  const { house, olga, ann } = desk;
  const { id } = await house.run(createKind, { ...badge, code: "old" }, olga);
  await house.run(retireKind, { requestKindId: id }, olga);
  await expect(house.run(retireKind, { requestKindId: id }, olga)).rejects.toMatchObject({ code: "kindRetired" });
  await expect(house.run(changeKind, { requestKindId: id, title: "New" }, olga)).rejects.toMatchObject({ code: "kindRetired" });
  await expect(house.run(createRequest, { kindId: id }, ann)).rejects.toMatchObject({ code: "kindUnknown" });
  await expect(house.run(getForm, { code: "old" }, ann)).rejects.toMatchObject({ code: "kindUnknown" });
  expect(await desk.rows(ann, "office.requestKind", { code: "old" })).toEqual([]);
  expect(await desk.rows(olga, "office.requestKind", { code: "old" })).toMatchObject([{ state: "retired" }]);
});

test("what is confidential stays so", async () => {
  const { house, olga } = desk;
  const requestKindId = await desk.kind("concern");
  await expect(house.run(changeKind, { requestKindId, confidential: false }, olga)).rejects.toMatchObject({ code: "staysConfidential" });
});

test("a kind is meant for a unit with all below it, for a legal entity, or for a role", async () => {
  const { house, helene, olga, ann, sam, erik } = desk;
  const line = await makeLine(house, helene);
  await line.seat("S1", ann);
  const kindFor = (code: string, audience: object) => house.run(createKind, { ...badge, code, ...audience }, olga);
  await kindFor("for-unit", { audience: "units", unitIds: [line.unitId] });
  await kindFor("for-it", { audience: "roles", roles: ["it.manager"] });
  expect(await codes(ann)).toContain("for-unit");
  expect(await codes(sam)).not.toContain("for-unit");
  expect(await codes(ann)).not.toContain("for-it");
  expect(await codes(erik)).toContain("for-it");
  const entity = (await house.call(
    "directory.legalEntity.create",
    { code: "E", name: "E GmbH", country: "DE", currency: "EUR" },
    helene,
  )) as {
    id: Id;
  };
  const above = (await house.call(
    "directory.unit.create",
    { code: "UP", name: "Above", entityId: entity.id, from: "2026-01-01" },
    helene,
  )) as {
    id: Id;
  };
  await kindFor("for-above", { audience: "units", unitIds: [above.id] });
  await kindFor("for-entity", { audience: "entities", legalEntityIds: [entity.id] });
  expect(await codes(ann)).not.toContain("for-above");
  await house.call("directory.unit.change", { unitId: line.unitId, parentId: above.id, from: "2026-11-02" }, helene);
  expect(await codes(ann)).toEqual(expect.arrayContaining(["for-above", "for-entity"]));
});

test("how many are open is said to who keeps the catalogue, never of confidential kinds", async () => {
  await desk.file(desk.ann, "supplies");
  await desk.file(desk.ann, "concern");
  expect(await desk.rows(desk.olga, "office.requestKind", { code: "supplies" })).toMatchObject([{ open: 1 }]);
  expect(await desk.rows(desk.olga, "office.requestKind", { code: "concern" })).toMatchObject([{ open: null }]);
  expect(await desk.rows(desk.ann, "office.requestKind", { code: "supplies" })).toMatchObject([{ open: null }]);
});
