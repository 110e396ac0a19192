// Office: how work moves. Who answers for what, the inbox of tasks, approvals by a second person, and every deadline in one list.
import { module } from "../../platform/operation/module.ts";
import { cancelTask, completeTask, createTask, reassignTask, taskRegister } from "./task/task.operations.ts";

export const office = module({
  name: "office",
  title: "Office",
  needs: ["directory"],
  roles: { "office.manager": "Office manager" },
  registers: [taskRegister],
  operations: [createTask, completeTask, reassignTask, cancelTask],
});
