// Hiring, from candidate to signed contract, on a real database.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import type { ReadContext } from "../../platform/operation/context.ts";
import { compose } from "../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../platform/testing/house.ts";
import { directory, endHolding, holderOf, holdPosition } from "../directory/index.ts";
import { office } from "../office/index.ts";
import { buildCompany, type Company, nobody } from "./company.testing.ts";
import {
  acceptOffer,
  advanceApplication,
  changeEmployment,
  changeFirstDay,
  closeApplication,
  contractIsSent,
  contractIsSigned,
  createApplication,
  createCandidate,
  createEmployment,
  createOffer,
  declineOffer,
  employmentFacts,
  employmentIsActive,
  eraseCandidate,
  hasLeft,
  isContractor,
  people,
  rescindOffer,
  sendContract,
  sendOffer,
  signContract,
  withdrawChange,
} from "./index.ts";

let house: TestHouse;
let company: Company;
const code = (wanted: string) => expect.objectContaining({ code: wanted });
const ask = <T>(question: (context: ReadContext) => Promise<T>) =>
  house.funnel.read({ tenantId: house.tenantId, actor: company.hanna, today: house.today }, question);
const terms = { firstDay: "2027-02-01", pay: { amount: "4000.00", currency: "EUR" } };
let count = 0;
const candidate = async () =>
  (await house.run(createCandidate, { name: `Candidate ${++count}`, email: `c${count}@example.test` }, company.hanna)).personId;
const draft = async (more: Record<string, unknown> = {}) => {
  const personId = (more["personId"] as Id) ?? (await candidate());
  const { id } = await house.run(createOffer, { ...terms, positionId: company.seats.first, ...more, personId }, company.hanna);
  return { offerId: id, personId };
};
const sent = async (more: Record<string, unknown> = {}) => {
  const made = await draft(more);
  await house.run(sendOffer, { offerId: made.offerId }, company.hanna);
  return made;
};

beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, office, people]) });
  company = await buildCompany(house);
});
beforeEach(() => {
  house.today = day("2026-11-21");
});
afterAll(() => house.close());

describe("candidates", () => {
  test("a candidate is one person, hidden from colleagues until they are hired", async () => {
    const { hanna } = company;
    const { personId } = await house.run(createCandidate, { name: "Cora Quiet", email: "cora@example.test" }, hanna);
    await expect(house.run(createCandidate, { name: "Cora Q", email: "CORA@example.test" }, hanna)).rejects.toEqual(code("candidateKnown"));
    await expect(house.run(createCandidate, { personId }, hanna)).rejects.toEqual(code("candidateKnown"));
    await expect(house.run(createCandidate, {}, hanna)).rejects.toEqual(code("nameMissing"));
    await expect(house.run(createCandidate, { personId: nobody }, hanna)).rejects.toEqual(code("personUnknown"));
    expect(await house.call("directory.person.list", { search: "Cora" }, company.ben)).toMatchObject({ rows: [] });
    await expect(house.call("people.candidate.list", {}, company.ben)).rejects.toMatchObject({ name: "NotPermitted" });
    const { id: applicationId } = await house.run(createApplication, { personId, positionId: company.seats.second }, hanna);
    const apply = (input: Record<string, unknown>) => house.run(createApplication, { personId, ...input }, hanna);
    await expect(apply({ positionId: company.seats.second })).rejects.toEqual(code("alreadyApplied"));
    await expect(apply({ positionId: nobody })).rejects.toEqual(code("seatUnknown"));
    await expect(apply({ personId: nobody })).rejects.toEqual(code("candidateUnknown"));
    await house.run(advanceApplication, { applicationId, stage: "interview" }, hanna);
    await expect(house.run(advanceApplication, { applicationId: nobody, stage: "interview" }, hanna)).rejects.toEqual(code("notFound"));
    await house.run(closeApplication, { applicationId, outcome: "rejected", reason: "Another was better" }, hanna);
    await expect(house.run(advanceApplication, { applicationId, stage: "offer" }, hanna)).rejects.toEqual(code("applicationClosed"));
    const again = { applicationId, outcome: "withdrawn", reason: "x" };
    await expect(house.run(closeApplication, again, hanna)).rejects.toEqual(code("applicationClosed"));
    await expect(house.run(closeApplication, { ...again, applicationId: nobody }, hanna)).rejects.toEqual(code("notFound"));
    expect(await house.call("people.candidate.get", { id: personId }, hanna)).toMatchObject({ state: "closed", applications: 1 });
    await house.run(eraseCandidate, { candidateId: personId }, hanna);
    await expect(house.run(eraseCandidate, { candidateId: personId }, hanna)).rejects.toEqual(code("notFound"));
    expect(await house.call("directory.person.list", { search: "Cora" }, await house.person("Kim Keeper"))).toMatchObject({ rows: [] });
  });
});

describe("offers", () => {
  test("an accepted offer makes employment, seat, contract and pay in one step", async () => {
    const { hanna, seats } = company;
    const personId = await candidate();
    const { id: applicationId } = await house.run(createApplication, { personId, positionId: seats.first }, hanna);
    const { offerId } = await sent({ personId, applicationId, probationMonths: 6 });
    const { employmentId, contractId } = await house.run(acceptOffer, { offerId }, hanna);
    const employment = await house.call("people.employment.get", { id: employmentId }, hanna);
    expect(employment).toMatchObject({
      state: "future",
      firstDay: "2027-02-01",
      position: "Colleague",
      unit: "Everyone",
      entity: "Example GmbH",
    });
    expect(await house.call("people.application.get", { id: applicationId }, hanna)).toMatchObject({ state: "hired" });
    expect(await ask((context) => holderOf(context, seats.first, day("2027-02-01")))).toBe(personId);
    expect(await house.call("people.compensation.list", { filter: { employmentId } }, hanna)).toMatchObject({
      rows: [{ pay: terms.pay, payPeriod: "month", firstDay: "2027-02-01", state: "future" }],
    });
    expect(await house.call("people.contract.get", { id: contractId }, hanna)).toMatchObject({
      state: "draft",
      probationUntil: "2027-07-31",
    });
    // Those who prepare the first day see the newcomer.
    expect(await house.call("directory.person.get", { id: personId }, company.ada)).toMatchObject({ id: personId });

    await expect(house.run(eraseCandidate, { candidateId: personId }, hanna)).rejects.toEqual(code("candidateHired"));
    await house.run(changeFirstDay, { offerId, firstDay: "2027-03-01" }, hanna);
    expect(await ask((context) => holderOf(context, seats.first, day("2027-02-01")))).toBeUndefined();
    expect(await house.call("people.contract.get", { id: contractId }, hanna)).toMatchObject({ firstDay: "2027-03-01" });
    expect(await house.call("people.employment.get", { id: employmentId, asOf: "2027-03-01" }, hanna)).toMatchObject({ state: "active" });
    const { rows } = (await house.call("directory.person.list", { filter: { id: personId }, asOf: "2027-02-15" }, hanna)) as {
      rows: unknown[];
    };
    expect(rows).toMatchObject([{ roles: "" }]);

    await house.run(rescindOffer, { offerId, reason: "The seat is cut" }, hanna);
    expect(await house.call("people.employment.get", { id: employmentId }, hanna)).toMatchObject({ state: "void" });
    expect(await ask((context) => holderOf(context, seats.first, day("2027-03-01")))).toBeUndefined();
    expect(await house.call("people.compensation.list", { filter: { employmentId }, count: true }, hanna)).toMatchObject({ count: 0 });
    expect(await ask((context) => employmentFacts(context, employmentId))).toBeUndefined();
    await expect(house.run(rescindOffer, { offerId, reason: "x" }, hanna)).rejects.toEqual(code("offerClosed"));
    await expect(house.run(changeFirstDay, { offerId, firstDay: "2027-03-01" }, hanna)).rejects.toEqual(code("offerClosed"));
  });

  test("what is wrong with an offer is said before it is made", async () => {
    await expect(draft({ personId: nobody })).rejects.toEqual(code("personUnknown"));
    await expect(draft({ positionId: nobody })).rejects.toEqual(code("seatUnknown"));
    await expect(draft({ applicationId: nobody })).rejects.toEqual(code("applicationUnknown"));
    await expect(draft({ entityId: nobody })).rejects.toEqual(code("entityUnknown"));
    await expect(draft({ lastDay: "2027-01-31" })).rejects.toEqual(code("lastDayBeforeFirst"));
    const { personId, offerId } = await draft();
    await expect(draft({ personId })).rejects.toEqual(code("offerOpen"));
    await expect(house.run(eraseCandidate, { candidateId: personId }, company.hanna)).rejects.toEqual(code("offerOpen"));
    await expect(house.run(acceptOffer, { offerId }, company.hanna)).rejects.toEqual(code("offerNotSent"));
    await expect(house.run(declineOffer, { offerId }, company.hanna)).rejects.toEqual(code("offerNotSent"));
    const send = (input: Record<string, unknown>) => house.run(sendOffer, { offerId, ...input }, company.hanna);
    await expect(send({ expiresOn: "2026-11-20" })).rejects.toEqual(code("expiryPast"));
    await expect(send({ offerId: nobody })).rejects.toEqual(code("notFound"));
    await send({ expiresOn: "2026-11-30" });
    await expect(send({})).rejects.toEqual(code("offerNotDraft"));
    house.today = day("2026-12-01");
    expect(await house.call("people.offer.get", { id: offerId }, company.hanna)).toMatchObject({ state: "expired" });
    await expect(house.run(acceptOffer, { offerId }, company.hanna)).rejects.toEqual(code("offerExpired"));
    await expect(house.run(acceptOffer, { offerId: nobody }, company.hanna)).rejects.toEqual(code("notFound"));
    for (const operation of [declineOffer, changeFirstDay, rescindOffer]) {
      const input = { offerId: nobody, ...(operation === changeFirstDay ? { firstDay: "2027-01-01" } : { reason: "x" }) };
      await expect(house.run(operation, input, company.hanna)).rejects.toEqual(code("notFound"));
    }
  });

  test("the candidate declines their own offer, and sees only that", async () => {
    const cleo = await house.person("Cleo Candidate");
    const { offerId } = await sent({ personId: cleo.personId });
    const other = await sent();
    expect(await house.call("people.offer.list", { count: true }, cleo)).toMatchObject({ count: 1, rows: [{ id: offerId }] });
    await expect(house.run(acceptOffer, { offerId: other.offerId }, cleo)).rejects.toMatchObject({ name: "NotPermitted" });
    await house.run(declineOffer, { offerId, reason: "Too far" }, cleo);
    expect(await house.call("people.offer.get", { id: offerId }, company.hanna)).toMatchObject({ state: "declined", reason: "Too far" });
  });

  test("a seat, a person and an employer that do not fit stop the whole step", async () => {
    const { hanna, seats, ben } = company;
    const taken = await sent({ positionId: seats.head });
    await expect(house.run(acceptOffer, { offerId: taken.offerId }, hanna)).rejects.toEqual(code("seatTaken"));
    const again = await sent({ personId: ben.personId });
    await expect(house.run(acceptOffer, { offerId: again.offerId }, hanna)).rejects.toEqual(code("alreadyEmployed"));
    const early = await sent({ firstDay: "2019-01-01" });
    await expect(house.run(acceptOffer, { offerId: early.offerId }, hanna)).rejects.toEqual(code("seatNotPlanned"));
    const employ = { personId: await candidate(), positionId: nobody, firstDay: "2027-02-01" };
    await expect(house.run(createEmployment, employ, hanna)).rejects.toEqual(code("seatUnknown"));
    await expect(house.run(createEmployment, { ...employ, personId: nobody, positionId: seats.second }, hanna)).rejects.toEqual(
      code("personUnknown"),
    );
    await expect(house.run(createEmployment, { ...employ, entityId: nobody }, hanna)).rejects.toEqual(code("entityUnknown"));
    await expect(house.run(createEmployment, { ...employ, lastDay: "2027-01-01" }, hanna)).rejects.toEqual(code("lastDayBeforeFirst"));
    // Someone who only sits in a seat, without an employment.
    const keeper = await house.person("Kim Keeper");
    const seated = await candidate();
    const { id: holdingId } = await house.run(holdPosition, { positionId: seats.second, personId: seated, from: "2026-12-01" }, keeper);
    const sits = await sent({ personId: seated });
    await expect(house.run(acceptOffer, { offerId: sits.offerId }, hanna)).rejects.toEqual(code("personSeated"));
    await house.run(endHolding, { holdingId, lastDay: "2026-12-31" }, keeper);
    expect(await house.call("people.employment.list", { filter: { personId: seated }, count: true }, hanna)).toMatchObject({ count: 0 });
  });

  test("a first day that has been stays", async () => {
    const { hanna, seats } = company;
    const { offerId } = await sent({ positionId: seats.second, firstDay: "2027-01-04", lastDay: "2027-06-30", kind: "contractor" });
    const { employmentId } = await house.run(acceptOffer, { offerId }, hanna);
    const change = (firstDay: string) => house.run(changeFirstDay, { offerId, firstDay }, hanna);
    await expect(change("2026-11-20")).rejects.toEqual(code("firstDayPast"));
    await expect(change("2027-07-01")).rejects.toEqual(code("firstDayAfterEnd"));
    await house.run(
      changeEmployment,
      { employmentId, from: "2027-03-01", pay: { amount: "5000.00", currency: "EUR" }, reason: "Agreed" },
      hanna,
    );
    await expect(change("2027-03-01")).rejects.toEqual(code("changesPlanned"));
    expect(await ask((context) => isContractor(context, employmentId))).toBe(true);
    await expect(house.run(withdrawChange, { employmentId }, hanna)).rejects.toEqual(code("notBegun"));
    house.today = day("2027-01-04");
    await expect(change("2027-02-01")).rejects.toEqual(code("alreadyBegun"));
    await expect(house.run(rescindOffer, { offerId, reason: "x" }, hanna)).rejects.toEqual(code("alreadyBegun"));
    expect(await ask((context) => employmentIsActive(context, employmentId))).toBe(true);
    house.today = day("2027-07-01");
    expect(await ask((context) => hasLeft(context, employmentId))).toBe(true);
  });
});

describe("contracts and changes", () => {
  test("a contract is sent, then signed by the person themself or from paper", async () => {
    const { hanna, ben, employments } = company;
    const { contractId } = (await ask((context) => employmentFacts(context, employments.ben)))!;
    const sign = (input: Record<string, unknown> = {}) => house.run(signContract, { contractId, ...input }, ben);
    await expect(sign()).rejects.toEqual(code("contractNotSent"));
    await expect(house.run(sendContract, { contractId: nobody }, hanna)).rejects.toEqual(code("notFound"));
    await expect(house.run(sendContract, { contractId, fileId: nobody }, hanna)).rejects.toEqual(code("fileNotFound"));
    await house.run(sendContract, { contractId }, hanna);
    await expect(house.run(sendContract, { contractId }, hanna)).rejects.toEqual(code("contractNotDraft"));
    expect(await ask((context) => contractIsSent(context, employments.ben))).toBe(true);
    expect(await ask((context) => contractIsSigned(context, employments.ben))).toBe(false);
    await expect(sign({ on: "2026-11-20" })).rejects.toEqual(code("signedBeforeSent"));
    await expect(sign({ on: "2026-11-22" })).rejects.toEqual(code("signedLater"));
    await expect(sign({ fileId: nobody })).rejects.toEqual(code("fileNotFound"));
    await expect(house.run(signContract, { contractId }, company.ada)).rejects.toMatchObject({ name: "NotPermitted" });
    await expect(house.run(signContract, { contractId: nobody }, hanna)).rejects.toEqual(code("notFound"));
    const { fileId, can } = await house.call("people.contract.get", { id: contractId }, ben);
    expect(can).toEqual(["people.contract.sign"]);
    const file = await ask((context) => context.readFile(fileId as Id));
    expect(file).toMatchObject({ name: "Contract Ben Head 2024-01-01.pdf", mediaType: "application/pdf" });
    expect(Buffer.from(file.bytes).subarray(0, 5).toString()).toBe("%PDF-");
    await sign();
    expect(await ask((context) => contractIsSigned(context, employments.ben))).toBe(true);
  });

  test("a promotion to come is ordinary, and can be taken back", async () => {
    const { hanna, seats, employments, ben } = company;
    const change = (input: Record<string, unknown>) =>
      house.run(changeEmployment, { employmentId: employments.ben, from: "2027-01-01", reason: "Promotion", ...input }, hanna);
    const pay = { amount: "7000.00", currency: "EUR" };
    await expect(change({})).rejects.toEqual(code("nothingChanged"));
    await expect(change({ pay, from: "2023-12-31" })).rejects.toEqual(code("notEmployed"));
    await expect(change({ pay, employmentId: nobody })).rejects.toEqual(code("notFound"));
    await expect(change({ positionId: seats.lead })).rejects.toEqual(code("seatTaken"));
    await expect(change({ positionId: nobody })).rejects.toEqual(code("seatUnknown"));
    await expect(house.run(withdrawChange, { employmentId: employments.ben }, hanna)).rejects.toEqual(code("nothingPlanned"));
    await expect(house.run(withdrawChange, { employmentId: nobody }, hanna)).rejects.toEqual(code("notFound"));
    await change({ positionId: seats.first, pay, hoursWeekly: "32" });
    await expect(change({ pay })).rejects.toEqual(code("changesPlanned"));
    await expect(change({ hoursWeekly: "30" })).rejects.toEqual(code("contractThere"));
    const on = (asOf: string) => house.call("people.employment.get", { id: employments.ben, asOf }, hanna);
    expect(await on("2026-12-31")).toMatchObject({ positionId: seats.head });
    expect(await on("2027-01-01")).toMatchObject({ positionId: seats.first });
    expect(await ask((context) => contractIsSigned(context, employments.ben))).toBe(false);
    await house.run(withdrawChange, { employmentId: employments.ben }, hanna);
    expect(await ask((context) => holderOf(context, seats.head, day("2027-06-01")))).toBe(ben.personId);
    expect(await house.call("people.compensation.list", { filter: { employmentId: employments.ben } }, hanna)).toMatchObject({
      rows: [{ pay: { amount: "6000.00" }, lastDay: null, state: "current" }],
    });
    // A seat that somebody else was promised meanwhile is not taken from them.
    const mover = await sent({ positionId: seats.second, firstDay: "2027-09-01" });
    const { employmentId } = await house.run(acceptOffer, { offerId: mover.offerId }, hanna);
    expect(employmentId).toBeTruthy();
  });

  test("pay is seen by People and the person alone", async () => {
    const { ada, ben } = company;
    expect(await house.call("people.compensation.list", { count: true }, ben)).toMatchObject({
      count: 1,
      rows: [{ personId: ben.personId }],
    });
    // Ada leads Ben and still does not see his pay.
    expect(await house.call("people.compensation.list", { filter: { personId: ben.personId! }, count: true }, ada)).toMatchObject({
      count: 0,
    });
    expect(await house.call("people.employment.list", { filter: { personId: ben.personId! }, count: true }, ada)).toMatchObject({
      count: 1,
    });
    expect(await house.call("people.employment.list", { filter: { personId: ada.personId! }, count: true }, ben)).toMatchObject({
      count: 0,
    });
    const keeper = await house.person("Kim Keeper");
    expect(await house.call("people.compensation.list", { count: true }, keeper)).toMatchObject({ count: 0 });
  });
});

test("every law of People holds", async () => {
  for (const law of people.laws ?? []) expect([law.name, await ask(law.breaks)]).toEqual([law.name, []]);
});
