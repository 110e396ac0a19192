// A starter's first week in the browser, by the people concerned: HR, IT, facilities, payroll, the newcomer on a phone, and whoever leads
// them; in the end nobody has anything left, and the timeline tells who did what.
import { expect, test } from "vitest";
import { colleagues, doTask, expectAccessible, expectFits, open, rowsOf, shoot, statesOf } from "./browser.ts";

const as = colleagues();

test("from the signed contract to the end of the first week", async () => {
  const hr = await as("nadia.petrov");
  const run = (await rowsOf(hr, "process/runs?limit=100")).find((row) => row["title"] === "Hire of Emil Sørensen")!;
  const personId = String(run["personId"]);
  const steps = () => statesOf(hr, String(run["id"]));
  const becomes = (key: string): Promise<void> =>
    expect.poll(async () => (await steps())[key], { timeout: 15_000, message: `the step ${key}` }).toBe("done");
  await doTask(hr, "Contract – Hire of Emil");
  await becomes("contract");

  const it = await as("erik.hansen");
  await doTask(it, "Accounts – Hire of Emil");
  const devices = await as("lena.wirth");
  await doTask(devices, "Laptop – Hire of Emil");
  const payroll = await as("miriam.vogt");
  await doTask(payroll, "Payroll – Hire of Emil");
  const facilities = await as("rosa.marino");
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

  const emil = await as("emil.sorensen@mail.example", { width: 390, height: 844 });
  for (const policy of await rowsOf(emil, "governance/policies?filter[mine]=open&limit=20")) await doTask(emil, String(policy["title"]));
  await open(emil, "/");
  await expectFits(emil);
  await expectAccessible(emil);
  await shoot(emil, "first-week-starter");
  await becomes("policies");

  const lead = await as("viktor.stahl");
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
  const left = await rowsOf(await as("helene.lindholm"), `office/tasks?filter[state]=open&filter[aboutId]=${String(run["id"])}`);
  expect(left).toEqual([]);
});
