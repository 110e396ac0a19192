// A real Chromium for the tests, and what they do with it again and again.
import { mkdir } from "node:fs/promises";
import { AxeBuilder } from "@axe-core/playwright";
import chromiumFiles from "@sparticuz/chromium";
import { type Browser, chromium, type Page } from "playwright-core";
import { expect, inject } from "vitest";

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
