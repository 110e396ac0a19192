// The door of clocks within the office: what the module lists.
import type { Id } from "../../../kernel/id.ts";
import type { Reaction, Schedule } from "../../../platform/operation/module.ts";
import { restateClocks } from "./clock.ts";
import { clockRegister, clockSegmentRegister, pauseClockByHand, resumeClockByHand } from "./clock.operations.ts";
import { changeServiceLevel, createServiceLevel, retireServiceLevel, serviceLevelRegister } from "./service-level.operations.ts";
import { sweepClocks } from "./sweep.ts";

export { clockLaws } from "./laws.ts";

export const clockRegisters = [clockRegister, serviceLevelRegister, clockSegmentRegister];

export const clockOperations = [pauseClockByHand, resumeClockByHand, createServiceLevel, changeServiceLevel, retireServiceLevel];

export const clockSchedules: readonly Schedule[] = [
  {
    name: "office.clock",
    says: "Warns of promises that run out, and tells the line of those not kept, once for each stage.",
    cron: "* * * * *",
    does: async (context) => void (await sweepClocks(context)),
  },
];

const restated =
  (reason: string): Reaction["does"] =>
  async (event, context) => {
    await restateClocks(context, { calendarId: event.payload["calendarId"] as Id, reason });
  };

/** Hours or holidays changed, or who follows which calendar: what is open is counted anew. */
export const clockReactions: readonly Reaction[] = [
  { to: "directory.calendar.changed", does: restated("calendar changed") },
  { to: "directory.calendar.holidaysAdded", does: restated("holidays changed") },
  {
    to: "directory.calendar.assigned",
    does: async (_event, context) => void (await restateClocks(context, { reason: "another calendar" })),
  },
];
