// The first weeks of an employment: what a newcomer is instructed in, and how the probation ends.
import type { Id } from "../../../kernel/id.ts";
import type { Reaction, Schedule } from "../../../platform/operation/module.ts";
import { askProbations } from "./probation.ts";
import { decideProbation, probationRegister } from "./probation.operations.ts";
import { createTraining, endTraining, recordTraining, trainingRecordRegister, trainingRegister } from "./training.operations.ts";

export { createTraining, endTraining, isInstructed, openTrainings, recordTraining } from "./training.operations.ts";
export { decideProbation } from "./probation.operations.ts";

export const beginningOperations = [createTraining, endTraining, recordTraining, decideProbation];
export const beginningRegisters = [trainingRegister, trainingRecordRegister, probationRegister];

export const beginningSchedules: readonly Schedule[] = [
  {
    name: "people.askProbations",
    says: "Every night whoever leads a newcomer is asked about probations nobody was asked about yet.",
    cron: "25 2 * * *",
    does: (context) => askProbations(context),
  },
];

export const beginningReactions: readonly Reaction[] = [
  "people.contract.signed",
  "people.firstDay.changed",
  "people.offer.rescinded",
  "people.resignation.recorded",
].map((to) => ({
  to,
  does: (event, context) => askProbations(context, event.payload["personId"] as Id),
}));
