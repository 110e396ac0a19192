// How work fares, against a week worked out by hand: times, first-time-right, what the house does itself, cost, and the event log.
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Id, newId } from "../../../kernel/id.ts";
import type { Actor } from "../../../platform/operation/context.ts";
import { type LoggedEvent, xesStream } from "../../../platform/http/xes.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { makeLine } from "../office.testing.ts";
import { createTask } from "../task/task.operations.ts";
import { efficiencyLaws, efficiencySchedules } from "./index.ts";
import { rollUpWork } from "./rollup.ts";
import { setEfficiency, setEffort } from "./setting.operations.ts";
import { beginTask, timeTask } from "./time.operations.ts";

let house: TestHouse;
let boss: Actor;
let manager: Actor;
let ann: Actor;

beforeAll(async () => {
  house = await openHouse({ today: "2026-03-09" });
  boss = await house.person("Olga Owner", "owner");
  manager = await house.person("Mo Manager", "office.manager");
  ann = await house.person("Ann Works");
  await makeWeek();
});
afterAll(() => house.close());

interface TaskFacts {
  readonly kind?: string;
  readonly opened: string;
  readonly begun?: string;
  readonly closed?: string;
  readonly due?: string;
  readonly state?: "open" | "done" | "cancelled";
  readonly minutes?: number;
  readonly confidential?: boolean;
  readonly person?: Actor;
  readonly activity?: string;
}

async function addTask(title: string, facts: TaskFacts): Promise<Id> {
  const id = newId();
  const state = facts.state ?? (facts.closed ? "done" : "open");
  await house.owner.query(
    `insert into office.task (tenant_id, id, kind, title, state, due, activity, person_id, via, is_fixed, by_fact, is_confidential,
       opened_at, opened_on, closed_at, closed_by, begun_at, minutes)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'test', true, false, $9, $10, $10::timestamptz::date, $11, $12, $13, $14)`,
    [
      house.tenantId,
      id,
      facts.kind ?? "wish",
      title,
      state,
      facts.due ?? "2026-03-31",
      facts.activity ?? "it.equipment",
      (facts.person ?? ann).personId,
      facts.confidential ?? false,
      facts.opened,
      facts.closed ?? null,
      facts.closed ? (facts.person ?? ann).personId : null,
      facts.begun ?? null,
      facts.minutes ?? null,
    ],
  );
  return id;
}

/** The week from Monday 2 March 2026. */
async function makeWeek(): Promise<void> {
  // 4 hours: waited 2, worked on for 2; in time; 30 minutes written down.
  await addTask("T1", {
    opened: "2026-03-02T08:00Z",
    begun: "2026-03-02T10:00Z",
    closed: "2026-03-02T12:00Z",
    due: "2026-03-02",
    minutes: 30,
  });
  // 48 hours: waited 24, worked on for 24; a day late.
  await addTask("T2", { opened: "2026-03-02T08:00Z", begun: "2026-03-03T08:00Z", closed: "2026-03-04T08:00Z", due: "2026-03-03" });
  await addTask("T3", { opened: "2026-03-03T09:00Z", closed: "2026-03-03T10:00Z", state: "cancelled" });
  await addTask("T4", { opened: "2026-03-06T09:00Z", due: "2026-03-07" });
  await addTask("Secret", { opened: "2026-03-02T08:00Z", closed: "2026-03-02T09:00Z", confidential: true });
  await approval("A1", "approved", "2026-03-02T09:00Z", "2026-03-02T10:00Z");
  await approval("A2", "declined", "2026-03-02T09:00Z", "2026-03-02T12:00Z");
  // A run of two days: a step in someone's hands for one, opened again once; then one that the house does by itself.
  const runId = newId();
  await house.owner.query(
    `insert into office.process_run (tenant_id, id, process, title, subject, object_ids, state, anchor,
      started_by, started_at, started_on, closed_at)
     values ($1, $2, 'hire', 'Hire of "Kim" & <Co>', '{}', '{}', 'done', '2026-03-04', $3,
       '2026-03-02T00:00Z', '2026-03-02', '2026-03-04T00:00Z')`,
    [house.tenantId, runId, newId()],
  );
  const taskId = await addTask("Laptop", { kind: "step", opened: "2026-03-02T00:00Z", closed: "2026-03-03T00:00Z" });
  const step = `insert into office.process_step (tenant_id, id, run_id, key, place, title, says, activity, state, due,
     task_id, opened_at, did_at, done_at, done_on, reopened)
     values ($1, $2, $3, $4, $5, $4, 'x', $6, 'done', '2026-03-03', $7, $8, $9, $10, $10::timestamptz::date, $11)`;
  const [first, second] = ["2026-03-03T00:00Z", "2026-03-04T00:00Z"];
  await house.owner.query(step, [house.tenantId, newId(), runId, "laptop", 1, "it.equipment", taskId, "2026-03-02T00:00Z", null, first, 1]);
  await house.owner.query(step, [house.tenantId, newId(), runId, "access", 2, "it.access", null, second, second, second, 0]);
}

async function approval(title: string, state: string, requested: string, decided: string): Promise<void> {
  await house.owner.query(
    `insert into office.approval (tenant_id, id, title, activity, about_subject, about_id, hash, requested_at,
       requested_on, approver_id, via, state, decided_by, decided_at)
     values ($1, $2, $3, 'finance.payments', 'x.y', $4, 'h', $5, $5::timestamptz::date, $6, 'x', $7, $6, $8)`,
    [house.tenantId, newId(), title, newId(), requested, boss.personId, state, decided],
  );
}

const week = { from: "2026-03-02", until: "2026-03-08" };
interface Shown {
  readonly rows: readonly Record<string, unknown>[];
  readonly costs: readonly Record<string, unknown>[];
}
const show = async (more: object = {}): Promise<Shown> =>
  (await house.call("office.efficiency.show", { ...week, ...more }, manager)) as unknown as Shown;
const named = ({ rows }: Shown, name: string) => rows.find((row) => row["name"] === name);

describe("the figures of a week", () => {
  test("lead, cycle and waiting time, in time, first time right: as worked out by hand", async () => {
    const shown = await show();
    // (4 + 48) / 2 = 26; (2 + 24) / 2 = 13; one of two in time; four arrived, one fell away; the secret one is nowhere.
    expect(named(shown, "task")).toMatchObject({
      arrived: 4,
      finished: 2,
      cancelled: 1,
      leadHours: 26,
      cycleHours: 13,
      waitHours: 13,
      begun: 2,
      onTimePercent: 50,
      rightFirstPercent: 100,
      minutes: 30,
      timed: 1,
      leadHalf: 8,
      leadMost: 72,
      leadHoursBefore: null,
      finishedBefore: 0,
    });
    // Decided after one and three hours; one was declined.
    expect(named(shown, "approval")).toMatchObject({ finished: 2, leadHours: 2, rightFirstPercent: 50, onTimePercent: null });
    // Two days from start to end, with a step that came back.
    expect(named(shown, "hire")).toMatchObject({ finished: 1, leadHours: 48, rightFirstPercent: 0, reopened: 1 });
  });

  test("by kind of work and department: what the house did by itself is seen", async () => {
    const byActivity = await show({ by: "activity" });
    // T1, T2 and the laptop of the hire: (4 + 48 + 24) / 3 hours.
    expect(named(byActivity, "it.equipment")).toMatchObject({ finished: 3, leadHours: 25.33, automationPercent: 0 });
    expect(named(byActivity, "it.access")).toMatchObject({ finished: 1, leadHours: 0, automationPercent: 100 });
    // One of the four of IT.
    expect(named(await show({ by: "department" }), "it")).toMatchObject({ finished: 4, automationPercent: 25 });
    expect((await show({ by: "source" })).rows.map((row) => row["name"])).toEqual(["approval", "run", "step", "task"]);
  });

  test("cost: minutes times rate, with what is assumed said", async () => {
    const rate = { activity: "it.equipment", minutesTypical: 45, rateHourly: { amount: "60.00", currency: "EUR" }, why: "Budget 2026" };
    await house.run(setEffort, { ...rate, from: "2026-01-01" }, manager);
    // A later rate changes nothing of this week.
    await house.run(setEffort, { ...rate, from: "2026-04-01", rateHourly: { amount: "90.00", currency: "EUR" } }, manager);
    const { costs } = await show();
    // T1 took 30 minutes, T2 is taken for 45: 75 minutes at 60.00.
    expect(costs).toEqual([
      { process: "hire", cost: eur("45.00"), costEach: eur("45.00"), rated: 1, assumed: 1, unrated: 0 },
      { process: "task", cost: eur("75.00"), costEach: eur("37.50"), rated: 2, assumed: 1, unrated: 0 },
    ]);
    expect(await house.call("office.effort.show", {}, manager)).toMatchObject({ rows: [{ from: "2026-04-01" }, { from: "2026-01-01" }] });
    const negative = { ...rate, from: "2026-01-01", rateHourly: { amount: "-1.00", currency: "EUR" } };
    await expect(house.run(setEffort, negative, manager)).rejects.toMatchObject({ code: "rateNegative" });
  });

  const eur = (amount: string) => ({ amount, currency: "EUR" });

  test("the rows of each night say what the work itself says, however often they are made", async () => {
    const before = await Promise.all([show(), show({ by: "activity" }), show({ by: "source" })]);
    const night = () => house.funnel.work(house.tenantId, rollUpWork, house.today);
    const kept = async () => (await house.owner.query("select * from office.work_daily order by day, source, process, activity")).rows;
    await night();
    const first = await kept();
    await night();
    expect(await kept()).toEqual(first);
    expect(first.length).toBeGreaterThan(5);
    expect(await Promise.all([show(), show({ by: "activity" }), show({ by: "source" })])).toEqual(before);
    // Today is read as it stands.
    await addTask("Today", { opened: "2026-03-09T06:00Z", closed: "2026-03-09T08:00Z" });
    expect(named(await show({ until: "2026-03-09" }), "task")).toMatchObject({ finished: 3, leadHours: 18 });
    for (const law of efficiencyLaws) {
      expect(await house.funnel.read({ tenantId: house.tenantId, actor: boss }, (context) => law.breaks(context))).toEqual([]);
    }
  });

  test("week by week, compared with the weeks before, and refused for no window", async () => {
    await addTask("Earlier", { opened: "2026-02-24T08:00Z", closed: "2026-02-24T18:00Z" });
    await house.owner.query("delete from office.work_rolled");
    const { rows } = (await house.call(
      "office.efficiency.trend",
      { from: "2026-02-23", until: "2026-03-08", by: "process", name: "task" },
      manager,
    )) as unknown as Shown;
    expect(rows).toMatchObject([
      { name: "2026-02-23", finished: 1, leadHours: 10 },
      { name: "2026-03-02", finished: 2, leadHours: 26 },
    ]);
    expect(named(await show(), "task")).toMatchObject({ leadHoursBefore: 10, finishedBefore: 1 });
    await expect(show({ until: "2026-03-01" })).rejects.toMatchObject({ code: "windowBackwards" });
    await expect(show({ from: "2023-01-01" })).rejects.toMatchObject({ code: "windowTooLong" });
    await expect(house.call("office.efficiency.show", week, ann)).rejects.toMatchObject({ name: "NotPermitted" });
  });

  test("where work waits, and the items behind a figure", async () => {
    const { rows: waiting } = (await house.call("office.efficiency.waiting", {}, manager)) as unknown as Shown;
    // Opened on Friday at nine, now it is Monday at nine; its day was Saturday.
    expect(waiting).toEqual([
      { source: "task", process: "task", activity: "it.equipment", open: 1, late: 1, begun: 0, ageDays: 3, oldestDays: 3 },
    ]);
    const items = async (more: object) =>
      ((await house.call("office.efficiency.items", { ...week, ...more }, manager)) as unknown as Shown).rows;
    expect(await items({})).toMatchObject([{ title: "T4", hours: 72, late: true, subject: "office.task" }]);
    expect(await items({ state: "finished", by: "process", name: "task" })).toMatchObject([
      { title: "T2", hours: 48, late: true },
      { title: "T1", hours: 4, late: false },
    ]);
    expect((await items({ state: "arrived", by: "source", name: "task" })).map((row) => row["title"])).not.toContain("Secret");
  });
});

test("work orders count beside all other work, their own tasks not again, with the minutes that were written down", async () => {
  const id = newId();
  await house.owner.query(
    `insert into facilities.work_order (tenant_id, id, number, kind, title, urgency, state, due, reported_at, started_at, done_at, note)
     values ($1, $2, 'WO-1', 'fault', 'Lamp', 'normal', 'done', '2025-11-05', '2025-11-03T08:00Z', '2025-11-03T10:00Z',
       '2025-11-03T14:00Z', 'New')`,
    [house.tenantId, id],
  );
  await house.owner.query(
    `insert into facilities.labour (tenant_id, id, work_order_id, person_id, day, minutes)
     values ($1, $2, $3, $4, '2025-11-03', 25), ($1, $5, $3, $4, '2025-11-03', 20)`,
    [house.tenantId, newId(), id, ann.personId, newId()],
  );
  const task = await addTask("WO-1: Lamp", { opened: "2025-11-03T08:00Z", closed: "2025-11-03T14:00Z" });
  await house.owner.query("update office.task set about_subject = 'facilities.workOrder', about_id = $2 where id = $1", [task, id]);
  const asked = { from: "2025-11-03", until: "2025-11-09" };
  const { rows } = await house.call("office.efficiency.show", { ...asked, by: "source" }, manager);
  // Reported at eight, begun at ten, done at two: six hours, of which two waited; 25 and 20 minutes.
  const row = { name: "workOrder", finished: 1, leadHours: 6, waitHours: 2, cycleHours: 4, onTimePercent: 100, minutes: 45 };
  expect(rows).toMatchObject([row]);
});

describe("people", () => {
  test("teams of five and more; smaller ones together, or nowhere; single people only on a ground", async () => {
    const line = await makeLine(house, boss);
    const closed = { opened: "2026-03-05T08:00Z", closed: "2026-03-05T10:00Z", activity: "office.supplies" };
    for (let number = 1; number <= 5; number++) {
      const person = await house.person(`Team ${"ABCDE"[number - 1]!}`);
      await line.seat(`S${number}`, person);
      await addTask(`Work ${number}`, { ...closed, person });
    }
    const ask = (more: object = {}) => house.call("office.efficiency.people", { ...week, ...more }, manager);
    // Ann, the owner (who decided twice): two people without a seat are too few to be shown.
    expect(await ask()).toMatchObject({ peopleMin: 5, rows: [{ name: "Unit", people: 5, finished: 5, leadHours: 2 }] });
    await expect(ask({ level: "person" })).rejects.toMatchObject({ code: "peopleHidden" });
    await expect(ask({ until: "2026-12-31" })).rejects.toMatchObject({ code: "windowWrong" });
    await expect(house.run(setEfficiency, { allowsPeople: true }, boss)).rejects.toMatchObject({ code: "groundMissing" });
    await expect(house.run(setEfficiency, { allowsPeople: false }, manager)).rejects.toMatchObject({ name: "NotPermitted" });
    await house.run(setEfficiency, { allowsPeople: true, ground: "Works agreement 12 of 2026" }, boss);
    const people = (await ask({ level: "person" })) as unknown as Shown & { ground: string };
    expect(people.ground).toBe("Works agreement 12 of 2026");
    expect(people.rows).toContainEqual({ name: "Team A", people: 1, finished: 1, leadHours: 2, onTimePercent: 100 });
    await house.run(setEfficiency, { allowsPeople: false }, boss);
  });

  test("whoever a task is with says when they begin and how long it took, once begun", async () => {
    const { id: taskId } = await house.run(createTask, { title: "Mine", due: "2026-03-20", personId: ann.personId }, boss);
    await house.run(beginTask, { taskId }, ann);
    await expect(house.run(beginTask, { taskId }, ann)).rejects.toMatchObject({ code: "begunAlready" });
    await expect(house.run(timeTask, { taskId, minutes: 5 }, await house.person("Sam Stranger"))).rejects.toMatchObject({
      name: "NotPermitted",
    });
    await house.run(timeTask, { taskId, minutes: 5 }, ann);
    const kept = await house.owner.query("select minutes, begun_at is not null as begun from office.task where id = $1", [taskId]);
    expect(kept.rows).toEqual([{ minutes: 5, begun: true }]);
    await house.owner.query("update office.task set state = 'cancelled', closed_at = now(), closed_by = person_id where id = $1", [taskId]);
    await expect(house.run(timeTask, { taskId, minutes: 5 }, ann)).rejects.toMatchObject({ code: "taskCancelled" });
  });
});

describe("the event log", () => {
  const log = (more: object = {}) => house.call("office.eventLog.list", { ...week, ...more }, manager) as Promise<unknown>;
  interface Page {
    readonly rows: LoggedEvent[];
    readonly next: string | null;
  }

  async function whole(more: object = {}): Promise<LoggedEvent[]> {
    const events: LoggedEvent[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = (await log({ ...more, limit: 3, ...(cursor && { cursor }) })) as Page;
      events.push(...page.rows);
      cursor = page.next;
    }
    return events;
  }

  test("tells of each case in order, page by page, under pseudonyms", async () => {
    for (const { does } of efficiencySchedules) await house.funnel.work(house.tenantId, does, house.today);
    const events = await whole({ process: "hire" });
    expect(events.map((event) => [event.concept, event.lifecycle, event.timestamp])).toEqual([
      ["laptop", "schedule", "2026-03-02T00:00:00.000Z"],
      ["laptop", "complete", "2026-03-03T00:00:00.000Z"],
      ["access", "schedule", "2026-03-04T00:00:00.000Z"],
      ["access", "complete", "2026-03-04T00:00:00.000Z"],
    ]);
    expect(events[0]!.resource).toMatch(/^person-[0-9a-f]{12}$/);
    expect(events[3]!.resource).toBe("Heartwood");
    const all = await whole();
    expect(all.length).toBe(((await log({ limit: 1000 })) as Page).rows.length);
    expect(JSON.stringify(all)).not.toContain("Ann Works");
    expect(JSON.stringify(all)).not.toContain(ann.personId);
    // One person, one pseudonym.
    const ofAnn = all.filter((event) => event.concept === "it.equipment" || event.concept === "laptop");
    expect(new Set(ofAnn.map((event) => event.resource)).size).toBe(1);
    await expect(log({ named: true })).rejects.toMatchObject({ code: "peopleHidden" });
    await expect(log({ cursor: "nonsense" })).rejects.toMatchObject({ code: "badCursor" });
    await expect(log({ until: "2026-03-01" })).rejects.toMatchObject({ code: "windowBackwards" });
    await house.run(setEfficiency, { allowsPeople: true, ground: "Works agreement" }, boss);
    expect((await whole({ process: "hire", named: true }))[0]!.resource).toBe("Ann Works");
  });

  test("is well-formed XES with what IEEE 1849 asks of a log: extensions, globals, classifiers, traces in order of time", async () => {
    const events = [
      ...(await whole()),
      { ...(await whole())[0]!, caseId: "z", concept: 'A "quoted" & <strange>\n\u0001name', resource: null },
    ];
    const source = async function* () {
      yield* events;
    };
    let text = "";
    for await (const part of xesStream(source())) text += part;
    expect(XMLValidator.validate(text)).toBe(true);
    const array = ["extension", "global", "classifier", "trace", "event", "string", "date"];
    const parser = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: "",
      isArray: (name) => array.includes(name),
      processEntities: true,
    });
    const { log: found } = parser.parse(text);
    expect(found["xes.version"]).toBe("1849-2023");
    expect(found.extension.map((one: { prefix: string }) => one.prefix)).toEqual(["concept", "time", "lifecycle", "org"]);
    expect(found.global.map((one: { scope: string }) => one.scope)).toEqual(["trace", "event"]);
    expect(found.classifier.every((one: { keys: string }) => one.keys.startsWith("concept:name"))).toBe(true);
    const traces = found.trace as {
      string: { key: string; value: string }[];
      event: { string: { key: string; value: string }[]; date: { key: string; value: string }[] }[];
    }[];
    expect(traces.map((trace) => trace.string[0]!.value)).toEqual([...new Set(events.map((event) => event.caseId))]);
    expect(traces.flatMap((trace) => trace.event)).toHaveLength(events.length);
    const standard = ["schedule", "assign", "start", "suspend", "resume", "complete", "withdraw", "autoskip", "manualskip", "reassign"];
    for (const trace of traces) {
      const times = trace.event.map((event) => event.date.find((one) => one.key === "time:timestamp")!.value);
      expect(times).toEqual(times.toSorted());
      for (const event of trace.event) {
        const keys = event.string.map((one) => one.key);
        expect(keys).toContain("concept:name");
        expect(standard).toContain(event.string.find((one) => one.key === "lifecycle:transition")!.value);
        // A key stands once in an element.
        expect(new Set(keys).size).toBe(keys.length);
      }
    }
    expect(text).toContain('value="A &quot;quoted&quot; &amp; &lt;strange&gt;&#10;name"');
  });
});
