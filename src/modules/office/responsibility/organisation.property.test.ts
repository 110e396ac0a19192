// Never unassigned: in whatever way a company is organised, has delegated and has lost people, as long as one member can sign in
// every kind of work anywhere has someone, and that someone is here.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { type Id, newId } from "../../../kernel/id.ts";
import { system } from "../../../platform/funnel/frame.ts";
import { compose } from "../../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { directory } from "../../directory/index.ts";
import { office } from "../module.ts";
import { lab } from "../process/lab.testing.ts";
import { presetRoles, presetSizes } from "./preset.rules.ts";
import { type Holder, resolveHolders, type Work } from "./resolve.ts";

const today = day("2026-03-02");
const runs = 60;
const activities = ["it.equipment", "facilities.repair", "finance.close", "unheard.of"];
const most = 6;

const nth = fc.nat({ max: most - 1 });
const organisation = fc.record({
  /** Of each person, whether they can still sign in. */
  here: fc.array(fc.boolean(), { minLength: 1, maxLength: most }),
  size: fc.option(fc.constantFrom(...presetSizes)),
  roles: fc.array(fc.record({ person: nth, role: fc.constantFrom(...presetRoles), unit: fc.option(nth) }), { maxLength: 5 }),
  /** Of each unit, the one above it; of each seat, the one above it and who sits in it. Lines may even run in circles. */
  units: fc.array(fc.option(nth), { minLength: 1, maxLength: most }),
  seats: fc.array(fc.record({ above: fc.option(nth), holder: fc.option(nth) }), { minLength: 1, maxLength: most }),
  accountable: fc.array(
    fc.record({ activity: fc.constantFrom(...activities), unit: fc.option(nth), seat: fc.option(nth), person: nth, does: fc.boolean() }),
    { maxLength: 8 },
  ),
  delegations: fc.array(fc.record({ from: nth, to: nth, passesOn: fc.boolean(), activity: fc.option(fc.constantFrom(...activities)) }), {
    maxLength: 8,
  }),
});

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, office, lab]), today });
});
afterAll(() => house.close());

type Shape = typeof organisation extends fc.Arbitrary<infer O> ? O : never;
type Row = Readonly<Record<string, unknown>>;

interface Made {
  readonly tenantId: Id;
  readonly people: readonly Id[];
  readonly units: readonly Id[];
}

/** Rows as a table's columns have them, in one statement. */
async function insert(table: string, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0]!).join(", ");
  const from = `jsonb_populate_recordset(null::${table}, $1)`;
  await house.owner.query(`insert into ${table} (${columns}) select ${columns} from ${from}`, [JSON.stringify(rows)]);
}

const always = "[2026-01-01,)";
const onceBy = <T>(rows: readonly T[], key: (row: T) => unknown): T[] => [...new Map(rows.map((row) => [key(row), row])).values()];

async function make(shape: Shape): Promise<Made> {
  const tenantId = await house.otherCompany();
  const tenant = { tenant_id: tenantId };
  const [people, users] = [shape.here.map(() => newId()), shape.here.map(() => newId())];
  const [units, seats] = [shape.units.map(() => newId()), shape.seats.map(() => newId())];
  const [job] = [newId()];
  const personAt = (index: number): number => index % people.length;
  const other = (ids: readonly Id[], index: number | null, self: Id): Id | null =>
    index === null || ids[index % ids.length] === self ? null : ids[index % ids.length]!;

  await insert(
    "directory.party",
    people.map((id, index) => ({ ...tenant, id, kind: "person", name: `Person ${index}` })),
  );
  const gone = (isHere: boolean) => (isHere ? null : "2026-02-01T00:00:00Z");
  const member = (person_id: Id, index: number) => ({
    ...tenant,
    user_id: users[index],
    email: `p${index}@example.test`,
    name: "P",
    person_id,
  });
  await insert(
    "identity.member",
    people.map((id, index) => ({ ...member(id, index), joined_at: "2026-01-01T00:00:00Z", disabled_at: gone(shape.here[index]!) })),
  );
  await insert(
    "directory.unit",
    units.map((id, index) => ({ ...tenant, id, code: `U${index}` })),
  );
  await insert(
    "directory.unit_version",
    units.map((unit_id, index) => ({
      ...tenant,
      unit_id,
      during: always,
      name: "Unit",
      parent_id: other(units, shape.units[index]!, unit_id),
    })),
  );
  await insert("directory.job", [{ ...tenant, id: job, code: "J", title: "Job" }]);
  await insert(
    "directory.position",
    seats.map((id, index) => ({ ...tenant, id, code: `S${index}`, planned: always })),
  );
  const above = (seat: Id, index: number) => other(seats, shape.seats[index]!.above, seat);
  await insert(
    "directory.position_version",
    seats.map((position_id, index) => ({
      ...tenant,
      position_id,
      during: always,
      title: "Seat",
      job_id: job,
      unit_id: units[0],
      reports_to_id: above(position_id, index),
    })),
  );
  const held = shape.seats.flatMap(({ holder }, index) =>
    holder === null ? [] : [{ ...tenant, id: newId(), position_id: seats[index], person_id: people[personAt(holder)], during: always }],
  );
  await insert(
    "directory.holding",
    onceBy(held, (row) => row.person_id),
  );
  if (shape.size)
    await insert("office.preset", [{ ...tenant, from_day: "2026-01-01", size: shape.size, applied_at: "2026-01-01T00:00:00Z" }]);
  const scopeOf = (unit: number | null) =>
    unit === null ? { scope_kind: null, scope_id: null } : { scope_kind: "unit", scope_id: units[unit % units.length] };
  await insert(
    "identity.role_grant",
    shape.roles.map(({ person, role, unit }) => ({
      ...tenant,
      id: newId(),
      user_id: users[personAt(person)],
      role,
      ...scopeOf(unit),
      from_day: "2026-01-01",
    })),
  );
  await insert(
    "office.activity",
    activities.slice(0, 3).map((name) => ({ ...tenant, name, title: name })),
  );
  const assigned = shape.accountable
    .filter((one) => one.activity !== "unheard.of")
    .map(({ activity, unit, seat, person, does }) => {
      const scope = unit === null ? { scope_kind: "everywhere", scope_id: tenantId } : scopeOf(unit);
      const who =
        seat === null
          ? { position_id: null, person_id: people[personAt(person)] }
          : { position_id: seats[seat % seats.length], person_id: null };
      return { ...tenant, id: newId(), activity, part: does ? "responsible" : "accountable", ...scope, ...who, during: always };
    });
  await insert(
    "office.responsibility",
    onceBy(assigned, (row) => `${row.activity} ${row.scope_id} ${row.part === "accountable" ? "" : row.id}`),
  );
  const delegated = shape.delegations
    .filter(({ from, to }) => personAt(from) !== personAt(to))
    .map(({ from, to, passesOn, activity }) => ({
      ...tenant,
      id: newId(),
      principal_id: people[personAt(from)],
      stand_in_id: people[personAt(to)],
      during: "[2026-03-01,2026-03-10)",
      activities: activity && [activity],
      scope_kind: "everywhere",
      scope_id: tenantId,
      passes_on: passesOn,
      reason: "Away",
      made_at: "2026-03-01T00:00:00Z",
    }));
  await insert("office.delegation", delegated);
  return { tenantId, people, units };
}

test("work is never unassigned while the company has a member who can sign in", async () => {
  let delegated = 0;
  await fc.assert(
    fc.asyncProperty(organisation, fc.boolean(), async (shape, doers) => {
      const { tenantId, people, units } = await make(shape);
      const places = [undefined, ...units.map((id) => ({ kind: "unit" as const, id })), { kind: "place" as const, id: newId() }];
      const work: Work[] = activities.flatMap((activity) => places.map((place) => ({ activity, ...(place && { place }) })));
      const holders = await house.funnel.read({ tenantId, actor: system, today }, (context) => resolveHolders(context, work, { doers }));
      const isHere = (id: Id | null): boolean => id !== null && shape.here[people.indexOf(id)] === true;
      const expected = shape.here.includes(true);
      for (const holder of holders) expect(isHere(holder.personId)).toBe(expected);
      for (const holder of holders) expect(holder.personId === null).toBe(!expected);
      for (const holder of holders.filter((one: Holder) => one.principalId)) {
        delegated += 1;
        expect([isHere(holder.principalId!), holder.principalId === holder.personId, Boolean(holder.delegationId)]).toEqual([
          true,
          false,
          true,
        ]);
      }
    }),
    { numRuns: runs },
  );
  // The companies were not all too simple to say anything.
  expect(delegated).toBeGreaterThan(0);
}, 120_000);
