// The door of schedules within the office: what the module lists, and what departments use.
import { isId } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { Reaction, Schedule } from "../../../platform/operation/module.ts";
import { nextOfSchedule, previewSchedule } from "./preview.operations.ts";
import {
  changeSchedule,
  createSchedule,
  endOne,
  moveOccurrence,
  openDueSchedules,
  pauseSchedule,
  resumeOne,
  skipOne,
} from "./schedule.operations.ts";
import { occurrenceRegister, scheduleRegister } from "./schedule.registers.ts";
import { closeByTask, sweepSchedules } from "./sweep.ts";

export { scheduleLaws } from "./laws.ts";

export const scheduleRegisters = [scheduleRegister, occurrenceRegister];

export const scheduleOperations = [
  createSchedule,
  changeSchedule,
  pauseSchedule,
  resumeOne,
  endOne,
  openDueSchedules,
  previewSchedule,
  nextOfSchedule,
  moveOccurrence,
  skipOne,
];

export const scheduleSchedules: readonly Schedule[] = [
  {
    name: "office.schedule",
    says: "Opens what is due by the schedules of the house.",
    cron: "*/15 * * * *",
    does: async (context) => void (await sweepSchedules(context)),
  },
];

const byTask: Reaction["does"] = async ({ payload: { taskId } }, context) => {
  if (typeof taskId === "string" && isId(taskId)) await closeByTask(context, sql`t.id = ${taskId}`);
};

export const scheduleReactions: readonly Reaction[] = [
  { to: "office.task.completed", does: byTask },
  { to: "office.task.cancelled", does: byTask },
];
