// How work fares: what the office module gathers from here.
import type { Schedule } from "../../../platform/operation/module.ts";
import { listItems, showEfficiency, showTrend, showWaiting } from "./efficiency.operations.ts";
import { listEvents } from "./event-log.operations.ts";
import { showPeople } from "./people.operations.ts";
import { rollUpWork } from "./rollup.ts";
import { keepUsualSetting, setEfficiency, setEffort, showEffort } from "./setting.operations.ts";
import { beginTask, timeTask } from "./time.operations.ts";

export { efficiencyLaws } from "./laws.ts";

export const efficiencyOperations = [
  showEfficiency,
  showTrend,
  showWaiting,
  listItems,
  showPeople,
  listEvents,
  setEffort,
  showEffort,
  setEfficiency,
  beginTask,
  timeTask,
];

export const efficiencySchedules: readonly Schedule[] = [
  {
    name: "office.workDaily",
    says: "Adds up the work of yesterday and the days before it, by kind of work.",
    cron: "45 1 * * *",
    does: async (context) => {
      await keepUsualSetting(context);
      await rollUpWork(context);
    },
  },
];
