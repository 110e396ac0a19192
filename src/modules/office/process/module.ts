// The processes of the house as a module: their runs, their steps, and the engine that looks after them.
import { module, type Module } from "../../../platform/operation/module.ts";
import { heeded, react, sweep } from "./engine.ts";
import { factsOnlyHandOn, processFigures, processLaws } from "./laws.ts";
import type { Process } from "./process.ts";
import { runRegister, stepRegister, timelineOf } from "./process.operations.ts";

/** @throws Error at start when two processes share a name. */
export function processModule(processes: readonly Process[]): Module {
  const definitions = new Map(processes.map((one) => [one.name, one]));
  if (definitions.size < processes.length) throw new Error("two processes share a name");
  return module({
    name: "process",
    title: "Processes",
    needs: ["office", "directory"],
    roles: {},
    processes: Object.fromEntries(processes.map((one) => [one.name, one.title])),
    registers: [runRegister, stepRegister],
    operations: [timelineOf(definitions)],
    reactions: [
      {
        to: "*",
        does: (event, context) => react(definitions, event, context),
        heeds: (events, context) => heeded(definitions, events, context),
      },
    ],
    schedules: [
      {
        name: "process.sweep",
        says: "Looks at every process under way, because days pass without an event.",
        cron: "30 2 * * *",
        does: (context) => sweep(definitions, context),
      },
    ],
    laws: [...processLaws, factsOnlyHandOn(definitions)],
    figures: processFigures,
  });
}
