// What stands together in the navigation: work that is asked for, who decides and answers, what is due, what is kept, and how it fares.
import { type Area, area } from "../../platform/operation/module.ts";

export const officeAreas: readonly Area[] = [
  area("Tasks and requests", "task request requestKind mail article comment attachment"),
  area("Approvals", "approval approvalPolicy approvalLimit dutyConflict dutyControl dutyOverride"),
  area("Who answers", "responsibility delegation usualStandIn activity preset"),
  area("Deadlines", "deadline deadlineRule schedule calendarFeed"),
  area("Documents", "document signing documentClass documentHold disposal"),
  area("How work fares", "efficiency clock serviceLevel eventLog effort efficiencySetting"),
];
