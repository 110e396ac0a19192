// A starter's first week in the browser, by the people concerned: HR, IT, facilities, payroll, the newcomer on a phone, and whoever leads
// them; in the end nobody has anything left, and the timeline tells who did what.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectAccessible, expectFits, open, openBrowser, pageAs, settled, shoot } from "./browser.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const at = (name: string): string => `${name}@lindholm.example`;

async function rowsOf(page: Page, path: string): Promise<Record<string, unknown>[]> {
  const answer = await page.request.get(`/api/v1/${path}`);
  return ((await answer.json()) as { rows: Record<string, unknown>[] }).rows;
}

/** From the task on somebody's Today: its button, and its form as it is prefilled. */
async function doTask(page: Page, title: string): Promise<void> {
  await open(page, "/");
  const task = page.locator("main li").filter({ hasText: title }).first();
  await task.getByRole("link").or(task.getByRole("button")).last().click();
  const form = page.getByRole("dialog").locator("form");
  await form.waitFor();
  await settled(page);
  await form.locator("button[type=submit]").click();
  await form.waitFor({ state: "detached" });
}

test("from the signed contract to the end of the first week", async () => {
  const hr = await pageAs(browser, at("nadia.petrov"));
  const run = (await rowsOf(hr, "process/runs?limit=100")).find((row) => row["title"] === "Hire of Emil Sørensen")!;
  const personId = String(run["personId"]);
  const steps = async (): Promise<Record<string, string>> => {
    const answer = await hr.request.get(`/api/v1/process/runs/${String(run["id"])}/timeline`);
    const { steps: all } = (await answer.json()) as { steps: { key: string; state: string; ownerId: string | null }[] };
    return Object.fromEntries(all.map((step) => [step.key, step.state]));
  };
  const becomes = (key: string): Promise<void> =>
    expect.poll(async () => (await steps())[key], { timeout: 15_000, message: `the step ${key}` }).toBe("done");
  await doTask(hr, "Contract – Hire of Emil");
  await becomes("contract");

  const it = await pageAs(browser, at("erik.hansen"));
  await doTask(it, "Accounts – Hire of Emil");
  const devices = await pageAs(browser, at("lena.wirth"));
  await doTask(devices, "Laptop – Hire of Emil");
  const payroll = await pageAs(browser, at("miriam.vogt"));
  await doTask(payroll, "Payroll – Hire of Emil");
  const facilities = await pageAs(browser, at("rosa.marino"));
  const desks = await rowsOf(facilities, "facilities/desks?limit=100&filter[state]=free");
  const query = new URLSearchParams({ personId, from: String(run["anchor"]), deskId: String(desks[0]!["id"]) });
  await open(facilities, `/do/facilities/desk/assign?${query.toString()}`);
  await facilities.locator("main form button[type=submit]").click();
  await Promise.all(["accounts", "laptop", "payroll", "desk"].map(becomes));
  // One task, asked once for each of the two things an optical engineer is instructed in.
  await doTask(hr, "Instruction – Hire of Emil");
  expect((await steps())["instruction"]).toBe("open");
  await doTask(hr, "Instruction – Hire of Emil");
  await becomes("instruction");

  const emil = await pageAs(browser, "emil.sorensen@mail.example", { width: 390, height: 844 });
  for (const policy of await rowsOf(emil, "governance/policies?filter[mine]=open&limit=20")) await doTask(emil, String(policy["title"]));
  await open(emil, "/");
  await expectFits(emil);
  await expectAccessible(emil);
  await shoot(emil, "first-week-starter");
  await becomes("policies");

  const lead = await pageAs(browser, at("viktor.stahl"));
  await open(lead, "/");
  expect(await lead.locator("main").innerText()).toContain("Probation of Emil Sørensen");

  await open(hr, `/process/runs/${String(run["id"])}`);
  expect(new Set(Object.values(await steps()))).toEqual(new Set(["done"]));
  const told = await hr.locator("main").innerText();
  for (const words of ["8 of 8 steps", "Nadia Petrov", "Erik Hansen", "Lena Wirth", "Rosa Marino", "Miriam Vogt", "Emil Sørensen"]) {
    expect(told).toContain(words);
  }
  await expectAccessible(hr);
  await shoot(hr, "first-week-timeline");
  const left = await rowsOf(
    await pageAs(browser, at("helene.lindholm")),
    `office/tasks?filter[state]=open&filter[aboutId]=${String(run["id"])}`,
  );
  expect(left).toEqual([]);
});
