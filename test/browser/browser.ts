// A real Chromium for the tests, and what they do with it again and again.
import { mkdir } from "node:fs/promises";
import { AxeBuilder } from "@axe-core/playwright";
import chromiumFiles from "@sparticuz/chromium";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject } from "vitest";

export const address = (): string => inject("address");

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await chromiumFiles.executablePath(), args: ["--no-sandbox"] });
}

export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: "light" | "dark";
}

/** A page on which a demo person is signed in. Errors on the page fail the test that reads `faults`. */
export async function pageAs(browser: Browser, email: string, look: Look = {}): Promise<Page & { faults: string[] }> {
  const context = await browser.newContext({
    baseURL: address(),
    viewport: { width: look.width ?? 1440, height: look.height ?? 900 },
    colorScheme: look.scheme ?? "light",
    reducedMotion: "reduce",
    locale: "en-GB",
  });
  const answer = await context.request.post("/api/demo/sign-in", { data: { email }, headers: { origin: address() } });
  expect(answer.status(), await answer.text()).toBe(200);
  const page = (await context.newPage()) as Page & { faults: string[] };
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") page.faults.push(message.text());
  });
  return page;
}

/** A colleague of the demo company by their name, or anybody by their address; all their windows close with the file's browser. */
export function colleagues(): (who: string, look?: Look) => Promise<Page & { faults: string[] }> {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  return (who, look) => pageAs(browser, who.includes("@") ? who : `${who}@lindholm.example`, look);
}

/** What stands in a list, as this person may see it. */
export async function rowsOf(page: Page, path: string): Promise<Record<string, unknown>[]> {
  const answer = await page.request.get(`/api/v1/${path}`);
  expect(answer.status(), `${path}: ${await answer.text()}`).toBe(200);
  return ((await answer.json()) as { rows: Record<string, unknown>[] }).rows;
}

/** Opens an address and waits until nothing loads any more. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path, { waitUntil: "load" });
  await page.locator("main h1").first().waitFor();
  await settled(page);
}

/** Goes on to another address inside the running app, as a click would. */
export async function goOn(page: Page, path: string): Promise<void> {
  const before = await page.locator("main h1").first().textContent();
  await page.evaluate((to) => {
    document.querySelector("main h1")?.setAttribute("data-before", "");
    window.history.pushState(null, "", to);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }, path);
  const arrived = (text: string | null): boolean => {
    const title = document.querySelector("main h1");
    return title !== null && (!title.hasAttribute("data-before") || title.textContent !== text);
  };
  // Two screens may share a title; then a moment has to do.
  await page.waitForFunction(arrived, before, { timeout: 3000 }).catch(() => undefined);
  await settled(page);
}

/** Waits until no skeleton is in view and no report is busy; what lies below the fold may load when one gets there. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    [...document.querySelectorAll(".mantine-Skeleton-root, [aria-busy=true]")].every(
      (part) => part.getBoundingClientRect().top > window.innerHeight,
    ),
  );
}

/** Sends the form that opened over the page as it is prefilled, after `fill` has said the rest. */
export async function sendForm(page: Page, fill?: (form: Locator) => Promise<unknown>): Promise<void> {
  const form = page.getByRole("dialog").locator("form");
  await form.waitFor();
  await settled(page);
  await fill?.(form);
  await form.locator("button[type=submit]").click();
  await form.waitFor({ state: "detached" });
}

/** Opens the page of a form, fills it and sends it. */
export async function fillPage(page: Page, path: string, fill: (form: Locator) => Promise<unknown>): Promise<void> {
  await open(page, path);
  const form = page.locator("main form.hw-form");
  await fill(form);
  await form.locator("button[type=submit]").click();
  await form.waitFor({ state: "detached" });
  await settled(page);
}

/** Presses what may be done with the record on screen, also where it stands under "More", and sends its form. */
export async function act(page: Page, action: string, fill?: (form: Locator) => Promise<unknown>): Promise<void> {
  const shown = page.locator("main").getByRole("button", { name: action, exact: true });
  const link = page.locator("main").getByRole("link", { name: action, exact: true });
  await shown
    .or(link)
    .or(page.getByRole("button", { name: "More", exact: true }))
    .first()
    .waitFor();
  if ((await shown.or(link).count()) === 0) {
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: action, exact: true }).click();
  } else await shown.or(link).first().click();
  await sendForm(page, fill);
}

/** From the task on somebody's Today: its button, and its form as it is prefilled. */
export async function doTask(page: Page, title: string, fill?: (form: Locator) => Promise<unknown>): Promise<void> {
  await open(page, "/");
  const task = page.locator("main li").filter({ hasText: title }).first();
  await task.getByRole("link").or(task.getByRole("button")).last().click();
  await sendForm(page, fill);
}

/** Chooses from a list of few. */
export async function pick(form: Locator, label: string, option: string): Promise<void> {
  await form.getByLabel(label, { exact: true }).first().click();
  await form.page().getByRole("option", { name: option }).first().click();
}

/** Chooses in a picker by typing a part of the name, as one does. */
export async function choose(form: Locator, label: string, typed: string): Promise<void> {
  const field = form.getByLabel(label).first();
  await field.click();
  await field.fill(typed);
  await form.page().getByRole("option", { name: typed }).first().click();
}

/** The one row of a list that is there soon: the house does its part after the answer. */
export async function soon(page: Page, path: string): Promise<Record<string, unknown>> {
  await expect.poll(async () => (await rowsOf(page, path)).length, { timeout: 30_000, message: path }).toBeGreaterThan(0);
  return (await rowsOf(page, path))[0]!;
}

interface Told {
  readonly key: string;
  readonly state: string;
  readonly owner: string | null;
  readonly ownerId: string | null;
}

/** The steps of a run as its timeline tells them. */
export async function stepsOf(page: Page, runId: string): Promise<Readonly<Record<string, Told>>> {
  const answer = await page.request.get(`/api/v1/process/runs/${runId}/timeline`);
  const { steps } = (await answer.json()) as { steps: Told[] };
  return Object.fromEntries(steps.map((step) => [step.key, step]));
}

/** What became of each step of a run so far. */
export const statesOf = async (page: Page, runId: string): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries(Object.entries(await stepsOf(page, runId)).map(([key, step]) => [key, step.state]));

/** Steps still to be done that nobody has. */
export const unassigned = (steps: Readonly<Record<string, Told>>): readonly string[] =>
  Object.values(steps).flatMap((step) => (["open", "waiting"].includes(step.state) && step.ownerId === null ? [step.key] : []));

/** WCAG 2.2 AA, by axe, on what is on screen now. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
  const said = violations.map(
    (one) =>
      `${one.id}: ${one.help}\n  ${one.nodes
        .slice(0, 4)
        .map((node) => node.target.join(" ") + " " + node.html.slice(0, 160))
        .join("\n  ")}`,
  );
  expect(said, page.url()).toEqual([]);
}

/** The page must not scroll sideways. */
export async function expectFits(page: Page): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over, `${page.url()} is ${over} px too wide`).toBeLessThanOrEqual(0);
}

/** Keeps a picture when HEARTWOOD_SHOTS names a folder. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env["HEARTWOOD_SHOTS"];
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png` });
}
