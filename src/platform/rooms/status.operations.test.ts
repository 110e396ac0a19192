// The status of the house on a real database: what is broken is named with what to do, jobs are tried again or let go, and nobody learns
// of another company.
import { runMigrations } from "graphile-worker";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Id, newId } from "../../kernel/id.ts";
import { NotPermitted } from "../funnel/denial.ts";
import type { Actor } from "../operation/context.ts";
import { openHouse, type TestHouse } from "../testing/house.ts";
import { registry } from "../../registry.ts";

let house: TestHouse;
let operator: Actor;
let owner: Actor;
beforeAll(async () => {
  house = await openHouse();
  operator = await house.person("Otto Operator", "platform.operator");
  owner = await house.person("Olga Owner", "owner");
});
afterAll(() => house.close());

interface Finding {
  readonly name: string;
  readonly state: string;
  readonly says: string;
  readonly next: string | null;
  readonly to: string | null;
}

const found = async (name: string, actor = operator): Promise<Finding> => {
  const { findings } = (await house.call("platform.status.get", {}, actor)) as { findings: Finding[] };
  return findings.find((finding) => finding.name === name)!;
};
const lineForOwner = async (): Promise<unknown> => {
  const { figures } = (await house.call("platform.today.get", {}, owner)) as { figures: { name: string; value: unknown }[] };
  // It stands before everything else.
  return figures[0]?.name === "platform.broken" ? figures[0].value : undefined;
};
const table = (text: string, values: unknown[] = []) => house.owner.query(text, values);

describe("before anything has run", () => {
  test("a house without a queue says so and fails nowhere", async () => {
    expect(await found("jobs")).toMatchObject({ state: "well" });
    expect(await found("schedules")).toMatchObject({ state: "look", says: "No schedule has run yet." });
    expect(await found("release")).toMatchObject({
      state: "well",
      says: expect.stringMatching(/^Heartwood \d+\.\d+\.\d+ runs\. .* by \d{4}-/),
    });
    expect((await house.call("platform.job.list", {}, operator))["rows"]).toEqual([]);
  });

  test("no backup is a finding, and the owner has one line of it", async () => {
    expect(await found("backup")).toMatchObject({ state: "broken", next: expect.stringContaining("heartwood backup") });
    expect(await lineForOwner()).toBe("Backup");
    await table(
      `insert into platform.backup (tenant_id, id, at, place, seconds, bytes, is_verified, is_encrypted)
       values ($1, $2, '2026-11-21T02:00:00Z', '/backup', 4, 1000, true, true)`,
      [house.tenantId, newId()],
    );
    expect(await found("backup")).toMatchObject({ state: "well", says: "The newest backup is 7 hours old and was read again." });
    expect(await lineForOwner()).toBeUndefined();
  });

  test("only who keeps the house running is told", async () => {
    const clerk = await house.person("Carla Clerk");
    await expect(house.call("platform.status.get", {}, clerk)).rejects.toBeInstanceOf(NotPermitted);
    const manager = await house.person("Mona Manager", "office.manager");
    // The list of mails is not the office manager's, so nothing leads there.
    expect([(await found("mail", manager)).to, (await found("mail", operator)).to]).toEqual([null, "/r/platform/mail"]);
    expect((await found("jobs", manager)).to).toBe("/r/platform/job");
  });
});

describe("jobs", () => {
  let stranger: Id;
  beforeAll(async () => {
    stranger = await house.otherCompany();
    await runMigrations({ pgPool: house.owner });
  });
  beforeEach(() => table("delete from graphile_worker._private_jobs"));

  const add = async (of: Id | null, more: string): Promise<void> => {
    const payload = JSON.stringify(of ? { tenantId: of } : {});
    await table("select graphile_worker.add_job('platform:checkLaws', $1::json, run_at => '2026-11-21T08:59:00Z')", [payload]);
    await table(`update graphile_worker._private_jobs set ${more} where id = (select max(id) from graphile_worker._private_jobs)`);
  };
  const failed = "attempts = max_attempts, last_error = E'connect ECONNREFUSED\\n at somewhere'";
  const jobs = async () => (await house.call("platform.job.list", {}, operator))["rows"] as { id: Id; state: string; can?: string[] }[];
  const act = (verb: "retry" | "discard", jobId: Id) => house.call(`platform.job.${verb}`, { jobId }, operator);

  test("what failed is shown with its last error, and is tried again", async () => {
    await add(house.tenantId, failed);
    expect(await found("jobs")).toMatchObject({
      state: "broken",
      says: "1 job failed for good. Last: platform.checkLaws: connect ECONNREFUSED",
    });
    expect(await lineForOwner()).toBe("Jobs");
    const [job] = await jobs();
    expect(job).toMatchObject({
      task: "platform.checkLaws",
      says: "Proves every law of the house once a night.",
      state: "failed",
      ownCompany: true,
    });
    expect((await house.call("platform.job.get", { id: job!.id }, operator))["can"]).toEqual([
      "platform.job.retry",
      "platform.job.discard",
    ]);
    await act("retry", job!.id);
    expect((await table("select attempts, run_at from graphile_worker._private_jobs")).rows).toEqual([
      { attempts: 0, run_at: new Date("2026-11-21T09:00:00Z") },
    ]);
  });

  test("what is not wanted is let go, once", async () => {
    await add(house.tenantId, failed);
    const [job] = await jobs();
    await act("discard", job!.id);
    expect(await jobs()).toEqual([]);
    await expect(act("discard", job!.id)).rejects.toMatchObject({ code: "notDiscarded" });
    await expect(act("retry", job!.id)).rejects.toMatchObject({ code: "jobGone" });
    await expect(act("retry", newId())).rejects.toMatchObject({ code: "jobGone" });
  });

  test("what runs is left alone", async () => {
    await add(house.tenantId, "locked_at = now(), locked_by = 'worker'");
    const [job] = await jobs();
    expect(job!.state).toBe("running");
    await expect(act("retry", job!.id)).rejects.toMatchObject({ code: "jobGone" });
    await expect(act("discard", job!.id)).rejects.toMatchObject({ code: "notDiscarded" });
  });

  test("work of the whole house is tried again but not let go by one company, and another company's is not there", async () => {
    await add(stranger, failed);
    expect(await jobs()).toEqual([]);
    expect(await found("jobs")).toMatchObject({ state: "well" });
    const id = (await table("select id from graphile_worker._private_jobs")).rows[0]!["id"] as bigint;
    const jobId = `00000000-0000-7000-8000-${id.toString(16).padStart(12, "0")}` as Id;
    await expect(act("retry", jobId)).rejects.toMatchObject({ code: "jobGone" });
    await expect(act("discard", jobId)).rejects.toMatchObject({ code: "notDiscarded" });
    await add(null, failed);
    const [shared] = await jobs();
    expect(shared).toMatchObject({ ownCompany: false });
    await expect(act("discard", shared!.id)).rejects.toMatchObject({ code: "notDiscarded" });
    await act("retry", shared!.id);
    expect((await jobs())[0]).toMatchObject({ state: "failing", attempts: 0 });
  });

  test("a queue that nobody works off is broken, and so are schedules that do not come round", async () => {
    await add(null, "run_at = '2026-11-21T07:00:00Z'");
    expect(await found("jobs")).toMatchObject({ state: "broken", says: expect.stringContaining("nobody works them off") });
    const known = (at: string) =>
      table(
        `insert into graphile_worker._private_known_crontabs (identifier, known_since, last_execution)
         select replace(name, '.', ':'), '2026-01-01', $2::timestamptz from unnest($1::text[]) name
         on conflict (identifier) do update set last_execution = excluded.last_execution`,
        [registry.schedules.map(({ name }) => name), at],
      );
    await known("2026-11-21T08:59:00Z");
    expect(await found("schedules")).toMatchObject({ state: "well", says: expect.stringContaining("ran in time") });
    await known("2026-11-21T07:59:00Z");
    expect(await found("schedules")).toMatchObject({ state: "broken" });
  });
});

describe("mail, trail and laws", () => {
  test("a declined mail is broken until it is sent again", async () => {
    const mailId = newId();
    await table(
      `insert into platform.mail (tenant_id, id, to_address, subject, text, at, attempts, failure)
       values ($1, $2, 'x@example.test', 'Hello', 'Text', '2026-11-21T08:59:00Z', 5, 'Error: 550 unknown')`,
      [house.tenantId, mailId],
    );
    expect(await found("mail")).toMatchObject({ state: "broken", says: "The mail server declined 1 mail. It said: Error: 550 unknown" });
    await house.call("platform.mail.resend", { mailId }, operator);
    expect(await found("mail")).toMatchObject({ state: "look", says: "No mail server is set, so 1 mail stays in the outbox." });
    // The worker knows the round of mail only where a mail server is set.
    await table("insert into graphile_worker._private_known_crontabs (identifier, known_since) values ('platform:mail', now())");
    expect(await found("mail")).toMatchObject({ state: "well", says: "1 mail is about to leave." });
  });

  test("entries that wait long for the seal are worth a look", async () => {
    house.today = "2026-11-21" as typeof house.today;
    expect(await found("trail")).toMatchObject({ state: "well" });
    await table("update platform.operation_log set at = '2026-11-20T08:00:00Z' where tenant_id = $1", [house.tenantId]);
    expect(await found("trail")).toMatchObject({ state: "broken", says: expect.stringContaining("for up to 25 hours") });
  });

  test("the night proves the laws and notes the size; a law that breaks is named", { timeout: 60_000 }, async () => {
    expect(await found("laws")).toMatchObject({ state: "look", says: expect.stringContaining("have not been checked yet") });
    for (const name of ["platform.checkLaws", "platform.noteSize"]) {
      const schedule = registry.schedules.find((one) => one.name === name)!;
      await house.funnel.work(house.tenantId, schedule.does);
    }
    const { rows } = await table(
      "select count(*)::int as n, sum(break_count)::int as breaks, count(failure)::int as failures from platform.law_check",
    );
    expect(rows).toEqual([{ n: registry.laws.length, breaks: 0, failures: 0 }]);
    expect(await found("laws")).toMatchObject({
      state: "well",
      says: `All ${registry.laws.length} laws held when last checked, a moment ago.`,
    });
    await table("update platform.law_check set break_count = 1 where law = 'platform.auditChain'");
    expect(await found("laws")).toMatchObject({ state: "broken", says: expect.stringContaining(": platform.auditChain.") });
    house.today = "2026-11-24" as typeof house.today;
    expect(await found("database")).toMatchObject({ says: expect.stringMatching(/in 3 days it (grew|shrank) by/) });
  });
});
