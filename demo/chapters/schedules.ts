// What comes round and what is broken: checks by the calendar and by a meter, and a lift that stands still.
import { addDays, addMonths } from "../../src/kernel/day.ts";
import type { Id } from "../../src/kernel/id.ts";
import { known, type Story, tell } from "../story.ts";

const facilities = "Rosa Marino";
const office = "Ingrid Sommer";

export async function schedulesChapter(story: Story): Promise<void> {
  const schedule = (title: string, more: object) =>
    tell(story, "office.schedule.create", { title, firstDay: addMonths(story.today, -1), ...more }, undefined);
  await schedule("Check the first-aid boxes", {
    activity: "office.supplies",
    rule: "FREQ=MONTHLY;BYDAY=1MO",
    leadDays: 3,
    shift: "forward",
  });
  await schedule("Test the restore of a backup", {
    kind: "controlTest",
    activity: "it.security",
    rule: "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15",
  });
  await schedule("Review who may enter the laboratory", {
    kind: "review",
    activity: "facilities.space",
    rule: "FREQ=MONTHLY;INTERVAL=6",
    anchor: "completion",
  });
  await maintenance(story);
}

/** Plans by a meter and by the law, and a lift that broke down. */
async function maintenance(story: Story): Promise<void> {
  const { rows } = await tell<{ rows: { id: Id; name: string }[] }>(story, "facilities.equipment.list", { limit: 500 }, facilities);
  const named = (name: string): Id => rows.find((row) => row.name === name)!.id;
  const lift = named("Passenger lift");
  const pump = named("Vacuum pump 2");
  await tell(story, "facilities.equipment.rate", { equipmentId: lift, isSafetyCritical: true }, facilities);
  const { id: meterId } = await tell(
    story,
    "facilities.meter.create",
    { equipmentId: pump, name: "Hours", unit: "h", reading: 8120 },
    facilities,
  );
  for (const [ago, reading] of [
    [3, 8600],
    [2, 9050],
    [1, 9480],
  ] as const) {
    const on = addMonths(story.today, -ago);
    await tell(story, "facilities.meterReading.record", { meterId, reading }, facilities, on);
  }
  await tell(
    story,
    "facilities.maintenancePlan.create",
    {
      title: "Overhaul of vacuum pump",
      assetId: pump,
      firstDay: addDays(story.today, 200),
      everyMonths: 24,
      meter: { meterId, every: 2000 },
    },
    facilities,
  );
  await tell(
    story,
    "facilities.maintenancePlan.create",
    {
      title: "Fire doors",
      placeId: known(story, "place/JEN"),
      firstDay: addDays(story.today, 6),
      everyMonths: 6,
      shift: "forward",
      legalBasis: "ArbStättV § 4",
      personId: known(story, `person/${facilities}`),
      checklist: [
        { title: "Every door closes by itself" },
        { title: "Time to close", kind: "number", unit: "s", minimum: 3, maximum: 25 },
        { title: "Seal and glass are whole" },
        { title: "Remarks", kind: "text", required: false },
      ],
    },
    facilities,
  );
  await tell(
    story,
    "facilities.fault.report",
    { assetId: lift, text: "The lift stopped between two floors and the door stayed shut.", urgency: "high" },
    office,
  );
  await tell(story, "facilities.maintenance.makeDue", {}, facilities);
}
