// A lift that broke down, in the browser: a grinder scans its label with a phone in a dark hall, the facility manager sends a colleague
// and calls a company, he works through the job on his phone, a second person checks it; in the end the work order is closed, its cost
// is known, and the timeline tells who did what.
import { expect, test } from "vitest";
import {
  act,
  choose,
  colleagues,
  doTask,
  expectAccessible,
  expectFits,
  open,
  rowsOf,
  settled,
  shoot,
  soon,
  statesOf,
  stepsOf,
  unassigned,
} from "./browser.ts";

const as = colleagues();

const fault = "The goods lift stands between two floors";

test("from the label on the door to the closed work order", async () => {
  const rosa = await as("rosa.marino");
  // A lift of its own, so that other stories of the house are left alone.
  await open(rosa, "/do/facilities/equipment/create");
  const form = rosa.locator("main form.hw-form");
  await form.getByLabel("Kind").click();
  await rosa.getByRole("option", { name: "Equipment" }).first().click();
  await form.getByLabel("Name").fill("Goods lift");
  await choose(form, "Place", "Building A");
  await form.locator("button[type=submit]").click();
  await form.waitFor({ state: "detached" });
  const lift = await soon(rosa, "facilities/equipments?search=Goods+lift&sort=-tag&limit=1");
  const liftId = String(lift["id"]);
  await open(rosa, `/r/facilities/equipment/${liftId}`);
  await act(rosa, "Say whether people could be hurt", (rate) => rate.getByLabel("Is safety critical").check());
  const label = rosa.getByRole("link", { name: "Report a fault, as if scanned" });
  await label.scrollIntoViewIfNeeded();
  await rosa.getByRole("img", { name: /Square to scan on Goods lift/ }).waitFor();
  await shoot(rosa, "lift-label");
  const scanned = (await label.getAttribute("href"))!;

  const mina = await as("mina.park", { width: 390, height: 844, scheme: "dark" });
  await open(mina, scanned);
  await expect.poll(() => mina.getByRole("combobox", { name: "Which thing" }).inputValue(), { timeout: 30_000 }).toContain("Goods lift");
  await mina.getByLabel("What is it about?").fill(fault);
  await expectFits(mina);
  await expectAccessible(mina);
  await shoot(mina, "lift-scanned");
  await mina.getByRole("button", { name: "Send" }).click();
  await mina.waitForURL(/\/requests\/[0-9a-f-]{36}/, { timeout: 30_000 });
  await settled(mina);

  const order = await soon(rosa, `facilities/work-orders?filter[assetId]=${liftId}`);
  const workOrderId = String(order["id"]);
  expect(order).toMatchObject({ state: "open", urgency: "critical", outOfService: true, reporter: "Mina Park" });
  const run = await soon(rosa, `process/runs?filter[aboutId]=${workOrderId}`);
  const runId = String(run["id"]);
  const called = String(run["title"]);
  const steps = () => statesOf(rosa, runId);
  const become = (states: Record<string, string>): Promise<void> => expect.poll(steps, { timeout: 30_000 }).toMatchObject(states);
  expect(unassigned(await stepsOf(rosa, runId))).toEqual([]);

  await doTask(rosa, `Sent – ${called}`, (sent) => choose(sent, "Person", "Jan Kowal"));
  await become({ sent: "done", contractor: "open" });
  await doTask(rosa, `Contractor – ${called}`, async (contractor) => {
    await choose(contractor, "Organisation", "Vakuumtechnik Nord");
    await contractor.getByLabel("Expected cost").first().fill("800");
  });

  const jan = await as("jan.kowal", { width: 390, height: 844, scheme: "dark" });
  await open(jan, `/r/facilities/workOrder/${workOrderId}`);
  await act(jan, "Start work");
  await settled(jan);
  await expectFits(jan);
  await expectAccessible(jan);
  await shoot(jan, "lift-work-order");
  await jan.getByRole("button", { name: "60 min" }).click();
  await jan.getByText("Time recorded.").waitFor();
  await act(jan, "Complete a work order", (done) => done.getByLabel("Note").fill("New door relay."));
  await become({ contractor: "done", repaired: "done", checked: "open" });

  await doTask(rosa, `Checked – ${called}`);
  await doTask(rosa, `Back in service – ${called}`);
  await become({ checked: "done", backInService: "done", told: "done" });
  await open(mina, "/");
  await doTask(mina, `Confirmed – ${called}`);
  await doTask(rosa, `Cost – ${called}`, (cost) => cost.getByLabel("Cost").first().fill("800"));
  await expect.poll(async () => [...new Set(Object.values(await steps()))], { timeout: 30_000 }).toEqual(["done"]);

  await open(mina, "/requests/mine");
  await expectFits(mina);
  await open(rosa, `/r/facilities/workOrder/${workOrderId}`);
  expect(await rosa.locator("main").innerText()).toMatch(/Closed/);
  await expectAccessible(rosa);
  await open(rosa, `/process/runs/${runId}`);
  await rosa.locator(".hw-timeline li").last().waitFor();
  const story = await rosa.locator("main").innerText();
  for (const words of [
    "9 of 9 steps",
    fault,
    "Mina Park",
    "Rosa Marino",
    "Jan Kowal",
    "Call a contractor",
    "Check the work",
    "Close a work order",
  ]) {
    expect(story).toContain(words);
  }
  await expectAccessible(rosa);
  await shoot(rosa, "lift-timeline");
  expect(await rowsOf(await as("helene.lindholm"), `office/tasks?filter[state]=open&filter[aboutId]=${runId}`)).toEqual([]);
}, 600_000);
