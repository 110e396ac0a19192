// The office's door: what other modules may use.
export { office } from "./module.ts";
export { type Asked, closeTask, moveTaskDue, openTask, type TaskName, type TaskOwner, type TaskWish } from "./task/task.ts";
export { cancelTask, completeTask, createTask, reassignTask } from "./task/task.operations.ts";
export { type Holder, resolveHolder, type WorkPlace } from "./responsibility/resolve.ts";
export { type Ask, days, type Deed, type Fact, ids, process, type Process, type ProcessDefinition, type Step } from "./process/process.ts";
export { processModule } from "./process/module.ts";
