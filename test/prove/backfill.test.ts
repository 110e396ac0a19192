// Migrations that move data are tried on data as it stood before them: approvals with one seat become steps, seats and votes (0205), plans
// of maintenance become schedules with their past (0221), and open seats keep the days they were promised (0252).
import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { day } from "../../src/kernel/day.ts";
import { type Id, newId } from "../../src/kernel/id.ts";
import { careForApprovals } from "../../src/modules/office/approval/care.ts";
import { sweepSchedules } from "../../src/modules/office/index.ts";
import { migrate, migrationsFolder } from "../../src/platform/database/migrate.ts";
import { openPool, type Pool } from "../../src/platform/database/pool.ts";
import { system } from "../../src/platform/funnel/frame.ts";
import { createFunnel, type Funnel } from "../../src/platform/funnel/funnel.ts";
import { registry } from "../../src/registry.ts";

const name = `backfill_${process.pid}_${Date.now()}`;
const at = (database: string, user = "heartwood_owner"): pg.PoolConfig => ({
  host: inject("socketFolder"),
  port: inject("port"),
  user,
  database,
});
const before = join(tmpdir(), name);
const tenantId = newId();
const ids = {
  site: newId(),
  ann: newId(),
  ben: newId(),
  open: newId(),
  approved: newId(),
  declined: newId(),
  withdrawn: newId(),
  monthEnd: newId(),
  weekly: newId(),
  over: newId(),
  closed: newId(),
  cancelled: newId(),
  going: newId(),
};

let admin: pg.Client;
let owner: Pool;
let app: Pool | undefined;
let funnel: Funnel;

/** The migrations that stood before the first of those that are tried. */
function earlierMigrations(): string {
  const folder = migrationsFolder(process.cwd());
  mkdirSync(before, { recursive: true });
  for (const file of readdirSync(folder)) if (file < "0205") cpSync(join(folder, file), join(before, file));
  return before;
}

const rows = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await owner.query<Row & pg.QueryResultRow>(text, values)).rows;

/** Past the fence, as the migrations themselves go: one statement for each row, by the columns that are named. */
async function put(table: string, row: Readonly<Record<string, unknown>>): Promise<void> {
  const all = { tenant_id: tenantId, ...row };
  const places = Object.keys(all).map((_, index) => `$${index + 1}`);
  await owner.query(`insert into ${table} (${Object.keys(all).join(", ")}) values (${places.join(", ")})`, Object.values(all));
}

async function approval(id: Id, state: string, decided: object = {}): Promise<void> {
  const about = { about_subject: "office.task", about_id: newId() };
  const asked = { requested_by: ids.ann, requested_at: "2026-01-05T09:00Z", requested_on: "2026-01-05", via: "answers for it" };
  const row = { id, title: `Wish ${state}`, activity: "purchasing.approval", hash: "h", approver_id: ids.ben, state };
  await put("office.approval", { ...row, ...about, ...asked, ...decided });
}

async function plan(id: Id, more: object): Promise<void> {
  await put("facilities.maintenance_plan", { id, title: "Service", place_id: ids.site, lead_days: 3, person_id: ids.ben, ...more });
}

async function workOrder(id: Id, number: string, planId: Id, more: object): Promise<void> {
  const row = { id, number, kind: "maintenance", title: "Service", urgency: "normal", plan_id: planId, reported_at: "2026-01-28T06:00Z" };
  await put("facilities.work_order", { ...row, place_id: ids.site, site_id: ids.site, assignee_id: ids.ben, ...more });
}

async function fill(): Promise<void> {
  await owner.query("insert into platform.tenant_account (tenant_id, name, zone, created_at) values ($1, 'Old', 'Europe/Berlin', now())", [
    tenantId,
  ]);
  await owner.query("select set_config('heartwood.tenant', $1, false)", [tenantId]);
  for (const [id, called] of [
    [ids.ann, "Ann Asks"],
    [ids.ben, "Ben Decides"],
  ]) {
    await put("directory.party", { id, kind: "person", name: called });
  }
  await put("directory.place", { id: ids.site, site_id: ids.site, kind: "site", code: "HQ", name: "Head office" });
  const decided = { decided_by: ids.ben, decided_at: "2026-01-06T10:00Z" };
  await approval(ids.open, "open", { first_id: ids.ben });
  const task = { kind: "approval", title: "Decide: Wish open", state: "open", due: "2026-01-05", via: "answers for it", is_fixed: true };
  const asked = { about_subject: "office.approval", about_id: ids.open, by_fact: true, is_confidential: false, opened_on: "2026-01-05" };
  const opened = { id: newId(), key: `approval:${ids.open}`, person_id: ids.ben, opened_at: "2026-01-05T09:00Z" };
  await put("office.task", { ...task, ...asked, ...opened });
  await approval(ids.approved, "approved", decided);
  await approval(ids.declined, "declined", { ...decided, reason: "Too dear" });
  await approval(ids.withdrawn, "withdrawn", { decided_at: "2026-01-06T10:00Z" });
  await plan(ids.monthEnd, { first_day: "2026-01-31", every_months: 1, next_due: "2026-03-31" });
  await plan(ids.weekly, { first_day: "2026-01-05", rule: "RRULE:FREQ=WEEKLY;BYDAY=MO", next_due: "2026-03-02" });
  await plan(ids.over, { first_day: "2026-01-01", every_months: 6, next_due: null, last_day: "2026-02-01" });
  const done = { done_at: "2026-01-30T10:00Z", closed_at: "2026-01-30T12:00Z", note: "Done" };
  await workOrder(ids.closed, "WO-1", ids.monthEnd, { state: "closed", occurrence: "2026-01-31", due: "2026-01-31", ...done });
  await workOrder(ids.going, "WO-2", ids.monthEnd, { state: "assigned", occurrence: "2026-02-28", due: "2026-02-28" });
  const off = { closed_at: "2026-02-20T12:00Z", note: "Not needed" };
  await workOrder(ids.cancelled, "WO-3", ids.weekly, { state: "cancelled", occurrence: "2026-02-23", due: "2026-02-23", ...off });
}

beforeAll(async () => {
  admin = new pg.Client(at("postgres"));
  await admin.connect();
  await admin.query(`create database ${name}`);
  owner = openPool(at(name), 1);
  const client = await owner.connect();
  await migrate(client, earlierMigrations());
  client.release();
  await fill();
  const again = await owner.connect();
  const run = await migrate(again, migrationsFolder(process.cwd()));
  again.release();
  expect(run[0]).toMatch(/^0205/);
  app = openPool(at(name, "heartwood_app"), 2);
  const clock = () => new Date("2026-03-02T06:00:00Z");
  funnel = createFunnel({ pool: app, registry, clock, zoneOf: async () => "Europe/Berlin" });
});
afterAll(async () => {
  await Promise.all([owner.end(), app?.end()]);
  await admin.query(`drop database if exists ${name} with (force)`);
  await admin.end();
  rmSync(before, { recursive: true, force: true });
});

test("an approval with one seat is one step with one seat, and a vote where it was decided", async () => {
  const found = await rows(
    `select a.title, s.state as step, t.state as seat, t.person_id as person, v.verdict, v.actor_id as by, v.reason
     from office.approval a join office.approval_step s on s.approval_id = a.id join office.approval_seat t on t.approval_id = a.id
     left join office.approval_vote v on v.approval_id = a.id order by a.title`,
  );
  const seat = { person: ids.ben, verdict: null, by: null, reason: null };
  expect(found).toEqual([
    { ...seat, title: "Wish approved", step: "approved", seat: "voted", verdict: "approve", by: ids.ben },
    { ...seat, title: "Wish declined", step: "declined", seat: "voted", verdict: "decline", by: ids.ben, reason: "Too dear" },
    { ...seat, title: "Wish open", step: "open", seat: "open" },
    { ...seat, title: "Wish withdrawn", step: "closed", seat: "closed" },
  ]);
  expect(await rows("select remind_on, reminded_on from office.approval_seat where state = 'open'")).toEqual([
    { remind_on: "2026-01-08", reminded_on: null },
  ]);
  // What was promised before is kept: it is long past, so Ben is reminded at the next look, once.
  const look = () => funnel.work(tenantId, careForApprovals, day("2026-03-02"));
  expect([await look(), await look()]).toEqual([
    { reminded: 1, escalated: 0 },
    { reminded: 0, escalated: 0 },
  ]);
});

test("a plan is a schedule with its past, and goes on where it was", async () => {
  const past = await rows("select schedule_id, due, state, result_id from office.occurrence where state <> 'planned' order by due");
  expect(past).toEqual([
    { schedule_id: ids.monthEnd, due: "2026-01-31", state: "done", result_id: ids.closed },
    { schedule_id: ids.weekly, due: "2026-02-23", state: "skipped", result_id: ids.cancelled },
    { schedule_id: ids.monthEnd, due: "2026-02-28", state: "open", result_id: ids.going },
  ]);
  expect(await rows("select id, state from office.schedule where state = 'ended'")).toEqual([{ id: ids.over, state: "ended" }]);
  await funnel.work(tenantId, (context) => sweepSchedules(context), day("2026-03-02"));
  const planned = await rows<{ schedule_id: string; due: string; state: string }>(
    "select schedule_id, due, state from office.occurrence where due >= '2026-03-01' order by schedule_id, due",
  );
  const of = (id: string) => planned.filter((one) => one.schedule_id === id);
  // The last of each month, as it was meant when it began on the 31st; the Monday that is today is open.
  expect(of(ids.monthEnd).slice(0, 2)).toMatchObject([{ due: "2026-03-31" }, { due: "2026-04-30" }]);
  expect(of(ids.weekly).slice(0, 2)).toMatchObject([
    { due: "2026-03-02", state: "open" },
    { due: "2026-03-09", state: "planned" },
  ]);
  expect(of(ids.over)).toEqual([]);
});

test("every law of the house holds on what came of it", async () => {
  const breaks: string[] = [];
  for (const law of registry.laws) {
    breaks.push(...(await funnel.read({ tenantId, actor: system }, (context) => law.breaks(context))).map((one) => `${law.name}: ${one}`));
  }
  expect(breaks).toEqual([]);
});
