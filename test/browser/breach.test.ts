// A breach of personal data and its 72 hours in the browser: whoever noticed it on a phone, IT, and whoever answers for personal data;
// in the end both notices are on record, nobody has anything left, and the timeline tells who did what.
import { expect, test } from "vitest";
import {
  act,
  colleagues,
  doTask,
  expectAccessible,
  expectFits,
  open,
  pick,
  rowsOf,
  settled,
  shoot,
  soon,
  statesOf,
  stepsOf,
  unassigned,
} from "./browser.ts";

const as = colleagues();

const title = "List of dealers sent to the wrong customer";

test("from the report on a phone to the lessons", async () => {
  const julia = await as("julia.arendt", { width: 390, height: 844, scheme: "dark" });
  await open(julia, "/m/governance");
  await julia.getByRole("link", { name: "Report a breach of personal data" }).click();
  const form = julia.locator("form.hw-form");
  await form.waitFor();
  await settled(julia);
  await form.getByLabel("Title").fill(title);
  await form.getByLabel("Description").fill("It hung on Monday's offer, with names and phone numbers.");
  await pick(form, "What was harmed", "Confidentiality");
  await julia.keyboard.press("Escape");
  await form.getByLabel("Which data").fill("Names and phone numbers of dealers' staff");
  await expectFits(julia);
  await expectAccessible(julia);
  await shoot(julia, "breach-report");
  await form.locator("button[type=submit]").click();
  await julia.getByRole("heading", { name: title }).waitFor();

  const daniel = await as("daniel.okafor");
  const breach = await soon(daniel, `governance/breaches?search=${encodeURIComponent(title)}`);
  const breachId = String(breach["id"]);
  const run = await soon(daniel, `process/runs?filter[aboutId]=${breachId}`);
  const runId = String(run["id"]);
  const steps = () => statesOf(daniel, runId);
  expect(unassigned(await stepsOf(daniel, runId))).toEqual([]);

  // The clock was started by the minute the form began with, and everybody concerned sees it on the record.
  await open(daniel, `/r/governance/breach/${breachId}`);
  await daniel.getByText(/7[12] hours left/).waitFor();
  await shoot(daniel, "breach-record");
  const pavel = await as("pavel.novak");
  await open(pavel, "/r/governance/breach");
  expect(await pavel.locator("main").innerText()).not.toContain(title);

  const called = String(run["title"]);
  const erik = await as("erik.hansen");
  await doTask(erik, `Contained – ${called}`, (contained) =>
    contained.getByLabel("Measures").fill("The customer deleted the file and confirmed it."),
  );
  // He goes on with his day: what he no longer needs to see is not opened before him.
  expect(new URL(erik.url()).pathname).toBe("/");
  await doTask(daniel, `Assessed – ${called}`, async (assessed) => {
    await pick(assessed, "Risk", "High");
    await assessed.getByLabel("Because").fill("Three hundred phone numbers are with a competitor.");
  });
  await expect.poll(steps, { timeout: 30_000 }).toMatchObject({ contained: "done", assessed: "done", authority: "open", persons: "open" });
  await doTask(daniel, `Authority notified – ${called}`, (submitted) => submitted.getByLabel("Reference").fill("LfDI 2026/1187"));
  await open(daniel, `/r/governance/breach/${breachId}`);
  await act(daniel, "Say that persons were told", (told) => told.getByLabel("How").fill("A letter to every one of them"));
  await expect.poll(steps, { timeout: 30_000 }).toMatchObject({ authority: "done", persons: "done", lessons: "open" });
  await doTask(daniel, `Lessons – ${called}`, (lessons) => lessons.getByLabel("Lessons").fill("Offers carry no lists."));
  await expect.poll(steps, { timeout: 30_000 }).toMatchObject({ lessons: "done" });

  await open(daniel, `/r/governance/breach/${breachId}`);
  const record = await daniel.locator("main").innerText();
  for (const words of ["Closed", "Notify the supervisory authority", "Tell the persons concerned", "Offers carry no lists."]) {
    expect(record).toContain(words);
  }
  await expectAccessible(daniel);
  await open(daniel, `/process/runs/${runId}`);
  await daniel.locator(".hw-timeline li").last().waitFor();
  const story = await daniel.locator("main").innerText();
  for (const words of [
    "5 of 5 steps",
    title,
    "Julia Arendt",
    "Erik Hansen",
    "Daniel Okafor",
    "Report a breach of personal data",
    "Say what was done against it",
    "Assess the risk to persons",
    "Say that persons were told",
    "Draw the lessons and close",
  ]) {
    expect(story).toContain(words);
  }
  await expectFits(daniel);
  await expectAccessible(daniel);
  await shoot(daniel, "breach-timeline");
  expect(await rowsOf(await as("helene.lindholm"), `office/tasks?filter[state]=open&filter[aboutId]=${runId}`)).toEqual([]);
}, 600_000);
