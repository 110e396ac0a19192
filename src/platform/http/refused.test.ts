// Whoever is refused leaves a line in the log that can be counted, without a name, an address or a token.
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DeskHouse, openDeskHouse } from "./desk.fixture.ts";

let house: DeskHouse;
const lines: Record<string, unknown>[] = [];

beforeAll(async () => {
  const stream = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  house = await openDeskHouse({ log: pino({ level: "info" }, stream) });
});
afterAll(() => house.close());

test("signed out, and signed in without the role", async () => {
  const tenantId = await house.addCompany("First company");
  const guest = await house.addMember("guest@example.test", tenantId, "shop.guest");
  const payload = { code: "A-01" };
  await house.app.inject({ url: "/api/v1/shop/desks" });
  await house.app.inject({ method: "POST", url: "/api/v1/shop/desks", headers: guest.headers, payload });
  await house.app.inject({ url: "/api/v1/shop/desks", headers: guest.headers });
  await expect.poll(() => lines.filter(({ msg }) => msg === "answered").length).toBe(3);
  const answered = lines
    .filter(({ msg }) => msg === "answered")
    .map(({ level, status, operation, who }) => [level, status, operation, who]);
  expect(answered).toEqual([
    [40, 401, "shop.desk.list", null],
    [40, 403, "shop.desk.create", guest.userId],
    [30, 200, "shop.desk.list", undefined],
  ]);
  expect(JSON.stringify(lines)).not.toMatch(new RegExp(`guest@example|${guest.token}`));
});
