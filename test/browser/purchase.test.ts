// A purchase over the limit while the one who decides is on leave, in the browser: the wish on a phone, the stand-in, the head of
// finance, the buyer and the accountant; in the end it is a thing of the company, and the timeline tells who decided for whom.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import {
  choose,
  colleagues,
  doTask,
  expectAccessible,
  expectFits,
  fillPage,
  open,
  pick,
  rowsOf,
  sendForm,
  shoot,
  soon,
  statesOf,
  stepsOf,
  unassigned,
} from "./browser.ts";

const as = colleagues();

const wish = "Camera for product pictures";

const today = async (page: Page): Promise<string> => ((await (await page.request.get("/api/v1/me")).json()) as { today: string }).today;
const later = (day: string, count: number): string => new Date(Date.parse(day) + count * 86_400_000).toISOString().slice(0, 10);
/** As it is typed where the page's language is British English. */
const typed = (day: string): string => day.split("-").toReversed().join("/");

/** Decides what stands under "For me to decide". */
async function agree(page: Page, seen: string): Promise<void> {
  await open(page, "/");
  const line = page.locator("main li").filter({ hasText: wish }).filter({ hasText: seen }).first();
  await line.getByRole("button", { name: "Approve" }).click();
  await sendForm(page);
}

test("Mats names who stands in for him and goes on leave; his head agrees", async () => {
  const mats = await as("mats.eriksen");
  const now = await today(mats);
  await fillPage(mats, "/do/office/usualStandIn/name", (form) => choose(form, "Stand in", "Carla Mendes"));
  await fillPage(mats, "/do/people/leaveRequest/create", async (form) => {
    await choose(form, "Leave type", "Annual leave");
    await form.getByLabel("First day").fill(typed(now));
    await form.getByLabel("Last day").fill(typed(later(now, 9)));
    await mats.keyboard.press("Tab");
  });
  const helene = await as("helene.lindholm");
  await doTask(helene, `Leave of Mats Eriksen, ${now}`);
  const carla = await as("carla.mendes");
  const standsIn = async (): Promise<number> =>
    (await rowsOf(carla, "office/delegations?limit=50")).filter((row) => row["principal"] === "Mats Eriksen").length;
  await expect.poll(standsIn, { timeout: 30_000 }).toBeGreaterThan(0);
});

test("Yusuf's wish goes to the stand-in and to finance, is ordered, billed, paid, and becomes a thing of the company", async () => {
  const yusuf = await as("yusuf.demir", { width: 390, height: 844 });
  const now = await today(yusuf);
  await fillPage(yusuf, "/do/purchasing/request/create", async (form) => {
    await form.getByLabel("Title").fill(wish);
    await pick(form, "Kind", "Equipment");
    await choose(form, "Supplier", "Bürowelt Lange");
    await form.getByLabel("Amount").first().fill("6400");
    await form.getByLabel("Wanted by").fill(typed(later(now, 40)));
    await yusuf.keyboard.press("Tab");
    await expectFits(yusuf);
    await expectAccessible(yusuf);
  });
  // Its record tells him at once with whom it waits.
  await yusuf.getByText("waits for Mats Eriksen").waitFor();
  await expectAccessible(yusuf);
  await shoot(yusuf, "purchase-asked");
  const request = await soon(yusuf, `purchasing/requests?search=${encodeURIComponent(wish)}`);
  const requestId = String(request["id"]);
  const run = await soon(yusuf, `process/runs?filter[aboutId]=${requestId}`);
  const runId = String(run["id"]);
  const called = String(run["title"]);
  const helene = await as("helene.lindholm");
  const becomes = (key: string): Promise<void> =>
    expect.poll(async () => (await statesOf(helene, runId))[key], { timeout: 30_000, message: `the step ${key}` }).toBe("done");
  expect(unassigned(await stepsOf(helene, runId))).toEqual([]);

  const carla = await as("carla.mendes", { width: 390, height: 844, scheme: "dark" });
  await agree(carla, "for Mats Eriksen");
  await shoot(carla, "purchase-stand-in");
  const ingrid = await as("ingrid.sommer");
  await agree(ingrid, "Yusuf Demir");
  await becomes("approval");

  const pia = await as("pia.brandt");
  await doTask(pia, `Order – ${called}`);
  await becomes("order");
  const tomas = await as("tomas.keller");
  await doTask(tomas, `Bill – ${called}`, async (form) => {
    await form.getByLabel("Supplier number").fill("BL-90017");
    await form.getByLabel("Day", { exact: true }).fill(typed(now));
    await tomas.keyboard.press("Tab");
  });
  await becomes("bill");
  // Who entered the bill does not approve it: it goes to the head of finance, and comes back to be posted and paid.
  await doTask(ingrid, `Bill approved – ${called}`);
  await becomes("checked");
  await doTask(tomas, `Posting – ${called}`);
  await becomes("posting");
  await doTask(tomas, `Payment – ${called}`, async (form) => {
    await form.getByLabel("Bank account").first().click();
    await tomas.locator("[role=option]:visible").first().click();
  });
  await becomes("payment");
  await doTask(pia, `Asset – ${called}`, (form) => pick(form, "Kind", "Equipment"));
  await becomes("asset");

  await open(helene, `/process/runs/${runId}`);
  await helene.locator(".hw-timeline li").last().waitFor();
  await helene.getByText("for Mats Eriksen").first().waitFor();
  const story = await helene.locator("main").innerText();
  for (const words of ["7 of 7 steps", "Yusuf Demir", "Carla Mendes", "for Mats Eriksen", "Ingrid Sommer", "Pia Brandt", "Tomas Keller"]) {
    expect(story).toContain(words);
  }
  await expectFits(helene);
  await expectAccessible(helene);
  await shoot(helene, "purchase-timeline");
  expect(await rowsOf(helene, `office/tasks?filter[state]=open&filter[aboutId]=${runId}`)).toEqual([]);
  await open(yusuf, `/r/purchasing/request/${requestId}`);
  await expectFits(yusuf);
}, 600_000);
