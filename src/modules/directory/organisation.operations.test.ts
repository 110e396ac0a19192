// Organisations, legal entities, roles and places, on a real database.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "../../platform/operation/context.ts";
import { compose } from "../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../platform/testing/house.ts";
import {
  addHolidays,
  addRole,
  createCalendar,
  createLegalEntity,
  createOrganisation,
  createPlace,
  directory,
  endRole,
  retirePlace,
  updateOrganisation,
  updatePerson,
  updatePlace,
  workedDays,
} from "./index.ts";

let house: TestHouse;
let kim: Actor;
const nobody = "00000000-0000-7000-8000-000000000000";
beforeAll(async () => {
  house = await openHouse({ registry: compose([directory]) });
  kim = await house.person("Kim Keeper", "directory.manager");
});
afterAll(() => house.close());

const code = (wanted: string) => expect.objectContaining({ code: wanted });

describe("organisations", () => {
  test("an organisation is added with its roles, corrected, and known once by its tax number", async () => {
    const { id } = await house.run(createOrganisation, { name: "Paper Mill", roles: ["supplier"], taxNumber: "DE 1" }, kim);
    const again = house.run(createOrganisation, { name: "Paper mill", taxNumber: "de 1" }, kim);
    await expect(again).rejects.toMatchObject({ code: "taxNumberKnown", facts: { organisation: "Paper Mill" } });
    await house.run(updateOrganisation, { organisationId: id, city: "Hamburg", bankAccount: "DE02120300000000202051" }, kim);
    const other = await house.run(createOrganisation, { name: "Ink Works" }, kim);
    await expect(house.run(updateOrganisation, { organisationId: other.id, taxNumber: "DE 1" }, kim)).rejects.toEqual(
      code("taxNumberKnown"),
    );
    await expect(house.run(updateOrganisation, { organisationId: nobody, city: "X" }, kim)).rejects.toEqual(code("notFound"));
    expect(await house.call("directory.supplier.list", {}, kim)).toMatchObject({ rows: [{ name: "Paper Mill", city: "Hamburg" }] });
    const anyone = await house.person("Ann Anyone");
    expect(await house.call("directory.organisation.get", { id }, anyone)).toMatchObject({ bankAccount: null, city: "Hamburg" });
  });

  test("a role begins once and ends; what it was stays true for days gone by", async () => {
    const { id } = await house.run(createOrganisation, { name: "Buyer Ltd" }, kim);
    await house.run(addRole, { partyId: id, role: "customer", from: "2026-01-01" }, kim);
    await expect(house.run(addRole, { partyId: id, role: "customer" }, kim)).rejects.toEqual(code("roleHeld"));
    await expect(house.run(addRole, { partyId: nobody, role: "customer" }, kim)).rejects.toEqual(code("notFound"));
    await house.run(endRole, { partyId: id, role: "customer", lastDay: "2026-06-30" }, kim);
    await expect(house.run(endRole, { partyId: id, role: "customer", lastDay: "2026-06-30" }, kim)).rejects.toEqual(code("roleNotHeld"));
    await expect(house.run(endRole, { partyId: nobody, role: "customer", lastDay: "2026-06-30" }, kim)).rejects.toEqual(code("notFound"));
    expect(await house.call("directory.customer.list", {}, kim)).toMatchObject({ rows: [] });
    expect(await house.call("directory.customer.list", { asOf: "2026-03-01" }, kim)).toMatchObject({ rows: [{ name: "Buyer Ltd" }] });
  });

  test("a legal entity has a code of its own and stands among the parties", async () => {
    const entity = { code: "DE1", name: "Example GmbH", country: "DE", currency: "EUR", taxNumber: "DE 9" };
    const { id, partyId } = await house.run(createLegalEntity, entity, kim);
    expect(await house.call("directory.legalEntity.get", { id }, kim)).toMatchObject({ partyId, currency: "EUR", taxNumber: "DE 9" });
    await expect(house.run(createLegalEntity, entity, kim)).rejects.toEqual(code("codeTaken"));
    await expect(house.run(createLegalEntity, { ...entity, code: "DE2" }, kim)).rejects.toEqual(code("taxNumberKnown"));
  });

  test("a person corrects their own details, not another's", async () => {
    const ann = await house.person("Ann Anyone");
    await house.run(updatePerson, { personId: ann.personId!, phone: "+49 30 1" }, ann);
    expect(await house.call("directory.person.get", { id: ann.personId! }, ann)).toMatchObject({ phone: "+49 30 1" });
    await expect(house.run(updatePerson, { personId: kim.personId!, phone: "1" }, ann)).rejects.toMatchObject({ name: "NotPermitted" });
    await expect(house.run(updatePerson, { personId: nobody, phone: "1" }, kim)).rejects.toEqual(code("notFound"));
  });
});

describe("places", () => {
  test("places stand inside larger ones, and retire with all inside them", async () => {
    const place = (input: Record<string, unknown>) => house.run(createPlace, input, kim);
    const { id: site } = await place({ kind: "site", code: "BER", name: "Berlin" });
    const { id: floor } = await place({ kind: "floor", code: "BER-1", name: "First floor", parentId: site });
    const { id: desk } = await place({ kind: "desk", code: "BER-1-01", name: "Desk 1", parentId: floor });
    await expect(place({ kind: "site", code: "BER", name: "B" })).rejects.toEqual(code("codeTaken"));
    await expect(place({ kind: "site", code: "B2", name: "B", parentId: site })).rejects.toEqual(code("siteStandsAlone"));
    await expect(place({ kind: "desk", code: "D9", name: "D" })).rejects.toEqual(code("placeNeedsParent"));
    await expect(place({ kind: "building", code: "D9", name: "D", parentId: floor })).rejects.toEqual(code("placeWrongParent"));
    await expect(place({ kind: "desk", code: "D9", name: "D", parentId: nobody })).rejects.toEqual(code("parentUnknown"));
    await expect(place({ kind: "site", code: "S9", name: "S", calendarId: nobody })).rejects.toEqual(code("calendarUnknown"));
    expect(await house.run(retirePlace, { placeId: floor, from: "2026-12-01" }, kim)).toMatchObject({ retired: 2 });
    await expect(house.run(retirePlace, { placeId: floor, from: "2026-12-24" }, kim)).rejects.toEqual(code("placeRetired"));
    await expect(house.run(retirePlace, { placeId: nobody, from: "2026-12-24" }, kim)).rejects.toEqual(code("notFound"));
    expect(await house.call("directory.desk.get", { id: desk }, kim)).toMatchObject({ state: "in use", siteId: site });
    expect(await house.call("directory.desk.get", { id: desk, asOf: "2026-12-01" }, kim)).toMatchObject({ state: "retired" });
  });

  test("a site follows its calendar", async () => {
    const { id: calendarId } = await house.run(createCalendar, { code: "DE-BE", name: "Berlin" }, kim);
    await expect(house.run(createCalendar, { code: "DE-BE", name: "Berlin" }, kim)).rejects.toEqual(code("codeTaken"));
    const { id: site } = await house.run(createPlace, { kind: "site", code: "POT", name: "Potsdam" }, kim);
    await house.run(updatePlace, { placeId: site, calendarId, name: "Potsdam works" }, kim);
    await expect(house.run(updatePlace, { placeId: site, calendarId: nobody }, kim)).rejects.toEqual(code("calendarUnknown"));
    await expect(house.run(updatePlace, { placeId: nobody, name: "X" }, kim)).rejects.toEqual(code("notFound"));
    const christmas = { day: "2026-12-25", name: "Christmas" };
    await house.run(addHolidays, { calendarId, holidays: [christmas] }, kim);
    await expect(house.run(addHolidays, { calendarId, holidays: [christmas, christmas] }, kim)).rejects.toEqual(code("dayTwice"));
    await expect(house.run(addHolidays, { calendarId: nobody, holidays: [christmas] }, kim)).rejects.toEqual(code("notFound"));
    const call = { tenantId: house.tenantId, actor: kim };
    const days = await house.funnel.read(call, (context) => workedDays(context, site, "2026-12-24" as never, "2026-12-28" as never));
    expect(days).toEqual(["2026-12-24", "2026-12-28"]);
    const plain = await house.funnel.read(call, (context) => workedDays(context, null, "2026-12-24" as never, "2026-12-27" as never));
    expect(plain).toEqual(["2026-12-24", "2026-12-25"]);
  });
});
