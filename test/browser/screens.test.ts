// Every screen there is, in a real Chromium: it opens without a fault, passes axe, and fits the window, wide and light as well as
// narrow and dark. The list of screens comes from the catalogue, so a new operation is looked at too.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { screens } from "../../src/web/screens.ts";
import { expectAccessible, expectFits, goOn, type Look, open, openBrowser, pageAs, shoot } from "./browser.ts";

const owner = "helene.lindholm@lindholm.example";

interface Catalogue {
  readonly registers: readonly { readonly name: string; readonly inner: boolean }[];
  readonly operations: readonly { readonly name: string; readonly kind: string; readonly target: string | null }[];
}

let browser: Browser;
let catalogue: Catalogue;
beforeAll(async () => {
  browser = await openBrowser();
  const page = await pageAs(browser, owner);
  catalogue = (await (await page.request.get("/api/v1/catalogue")).json()) as Catalogue;
  await page.context().close();
});
afterAll(() => browser.close());

const path = (register: string): string => `/r/${register.replace(".", "/")}`;

/** Looks at each address and says what is wrong with any of them. */
async function lookAt(paths: Iterable<string> | AsyncIterable<string>, look: Look, email = owner): Promise<void> {
  const page = await pageAs(browser, email, look);
  const wrong: string[] = [];
  await open(page, "/account");
  for await (const one of paths) {
    page.faults.length = 0;
    try {
      await goOn(page, one);
      await expectAccessible(page);
      await expectFits(page);
      expect(page.faults).toEqual([]);
    } catch (error) {
      wrong.push(`${one}: ${(error as Error).message.slice(0, 1500)}`);
      await shoot(page, `wrong${one.replace(/[^a-z]+/gi, "-")}-${look.width}`);
    }
  }
  await page.context().close();
  expect(wrong.join("\n\n")).toBe("");
}

const looks: readonly (readonly [string, Look])[] = [
  ["wide and light", { width: 1440, scheme: "light" }],
  ["narrow and dark", { width: 390, height: 844, scheme: "dark" }],
];

/** The first record of every list, each asked for when its turn comes: in the minutes this takes a step is done and leaves its list. */
async function* firstRecords(page: Page): AsyncGenerator<string> {
  let found = 0;
  for (const register of catalogue.registers) {
    const [module, subject] = register.name.split(".") as [string, string];
    const kebab = subject.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const plural = /(s|x|ch|sh)$/.test(kebab) ? `${kebab}es` : /[^aeiou]y$/.test(kebab) ? `${kebab.slice(0, -1)}ies` : `${kebab}s`;
    const answer = await page.request.get(`/api/v1/${module}/${plural}?limit=1`);
    const { rows } = (await answer.json()) as { rows?: { id: string }[] };
    if (!rows?.[0]) continue;
    found++;
    yield `${path(register.name)}/${rows[0].id}`;
  }
  expect(found).toBeGreaterThan(50);
}

const [wide, narrow] = looks.map(([, look]) => look) as [Look, Look];

describe.each(looks)("%s", (_words, look) => {
  test("Today, account, departments and the screens made by hand", async () => {
    const fixed = screens.filter((screen) => !screen.path.includes("$")).map((screen) => screen.path);
    const departments = [...new Set(catalogue.registers.map((register) => `/m/${register.name.split(".")[0]}`))];
    await lookAt(["/", ...fixed, ...departments], look);
  }, 600_000);

  test("an employee without any role", async () => {
    const own = ["/", "/r/people/leaveRequest", "/r/assets/myEquipment", "/r/finance/invoice", "/do/people.leaveRequest.create"];
    await lookAt(own, look, "anna.lauritzen@lindholm.example");
  }, 300_000);
});

// Lists, records and forms are each one derived screen: every one of them is looked at, in the window where it has least room to err.
test("every list, narrow and dark", async () => {
  await lookAt(
    catalogue.registers.filter((register) => !register.inner).map((register) => path(register.name)),
    narrow,
  );
}, 900_000);

test("a record of every list, wide and light", async () => {
  const page = await pageAs(browser, owner);
  await lookAt(firstRecords(page), wide);
  await page.context().close();
}, 900_000);

test("every form and every report, wide and light", async () => {
  const forms = catalogue.operations.filter((one) => one.kind === "write").map((one) => `/do/${one.name}`);
  const registers = new Set(catalogue.registers.flatMap((one) => [`${one.name}.list`, `${one.name}.get`]));
  const reports = catalogue.operations.filter((one) => one.kind === "read" && !registers.has(one.name)).map((one) => `/report/${one.name}`);
  await lookAt([...forms, ...reports], wide);
}, 1_800_000);

test.each(looks)("the sign-in page for someone who is signed out, %s", async (_words, look) => {
  const page = await pageAs(browser, owner, look);
  await page.context().clearCookies();
  await open(page, "/sign-in");
  await expectAccessible(page);
  await expectFits(page);
  await page.context().close();
});
