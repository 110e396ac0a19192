// The link that stops mails of a kind, through the door: a look changes nothing, a press stops that kind for that person and no more, and
// a link that we did not sign does nothing.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Id, newId } from "../../kernel/id.ts";
import { rowsOn, sql } from "../database/sql.ts";
import { everyKind, unsubscribing } from "../notify/unsubscribe.ts";
import { type DeskHouse, openDeskHouse } from "./desk.fixture.ts";

const address = "http://127.0.0.1:4400";
const unsubscribe = unsubscribing("a secret of at least thirty-two characters", address);

let house: DeskHouse;
let tenantId: Id;
const [reader, colleague] = [newId(), newId()];

beforeAll(async () => {
  house = await openDeskHouse({ unsubscribe });
  tenantId = await house.addCompany("First company");
  for (const [personId, name] of [
    [reader, "reader"],
    [colleague, "colleague"],
  ] as const) {
    const { userId } = await house.addMember(`${name}@example.test`, tenantId);
    await rowsOn(house.owner as never).run(
      sql`update identity.member set person_id = ${personId} where tenant_id = ${tenantId} and user_id = ${userId}`,
    );
  }
});
afterAll(() => house.close());

const linkTo = (personId: Id, kind: string): string => unsubscribe.linkFor({ tenantId, personId, kind }).slice(address.length);
const look = (url: string) => house.app.inject({ url });
const press = (url: string, payload?: string, type = "application/x-www-form-urlencoded") =>
  house.app.inject({ method: "POST", url, ...(payload !== undefined && { payload, headers: { "content-type": type } }) });
const chosen = async () =>
  (await house.owner.query(`select person_id, kind, app, mail from platform.notice_preference where tenant_id = $1`, [tenantId])).rows;

test("a look asks, and changes nothing, however often a mail program looks", async () => {
  const url = linkTo(reader, "office.task.late");
  for (let times = 0; times < 3; times++) {
    const page = await look(url);
    expect(page.statusCode).toBe(200);
    expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(page.headers["cache-control"]).toBe("no-store");
    expect(page.payload).toContain("Stop these mails?");
    expect(page.payload).toContain(`<form method="post">`);
  }
  expect((await house.app.inject({ method: "HEAD", url })).statusCode).toBe(200);
  expect(await chosen()).toEqual([]);
});

test("a press stops that kind for that person without signing in, twice as once", async () => {
  const url = linkTo(reader, "office.task.late");
  expect((await press(url, "")).payload).toContain("Stopped");
  // The mail program's own one click (RFC 8058), as a form of either kind.
  expect((await press(url, "List-Unsubscribe=One-Click")).statusCode).toBe(200);
  expect((await press(url, "--b\r\n\r\nList-Unsubscribe=One-Click\r\n--b--", "multipart/form-data; boundary=b")).statusCode).toBe(200);
  expect(await chosen()).toEqual([{ person_id: reader, kind: "office.task.late", app: true, mail: "off" }]);
});

test("the link under several kinds stops all that may be stopped", async () => {
  const url = linkTo(colleague, everyKind);
  expect((await look(url)).payload).toContain("all mails that can be stopped");
  expect((await press(url)).statusCode).toBe(200);
  expect(await chosen()).toContainEqual({ person_id: colleague, kind: everyKind, app: true, mail: "off" });
});

test("a link that we did not sign, or that was bent, does nothing", async () => {
  const before = await chosen();
  const [said, seal] = linkTo(reader, "office.mention").split("/").at(-1)!.split(".");
  const other = Buffer.from(`${tenantId} ${colleague} office.mention`).toString("base64url");
  const elsewhere = unsubscribing("another secret of thirty-two characters!", address).linkFor({ tenantId, personId: reader, kind: "x" });
  const path = "/api/v1/unsubscribe/";
  for (const url of [`${path}${other}.${seal}`, `${path}${said}.`, `${path}${said}`, `${path}x.y`, elsewhere.slice(address.length)]) {
    for (const answer of [await look(url), await press(url, "")]) {
      expect(answer.statusCode).toBe(404);
      expect(answer.payload).toContain("This link is not valid");
      expect(answer.payload).not.toContain("<form");
    }
  }
  expect(await chosen()).toEqual(before);
});

test("what a kind is called runs nowhere on the page", async () => {
  const page = await look(linkTo(reader, "<script>alert(1)</script>"));
  expect(page.payload).not.toContain("<script>");
  expect(String(page.headers["content-security-policy"])).toMatch(/script-src 'self'(;|$)|default-src 'none'/);
});
