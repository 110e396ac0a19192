// What stands together in the navigation: work that is asked for, who decides and answers, what is due, what is kept, and how it fares.
import type { Area } from "../../platform/operation/module.ts";

const of = (title: string, subjects: string): Area => ({ title, subjects: subjects.split(" ") });

export const officeAreas: readonly Area[] = [
  of("Tasks and requests", "task request requestKind mail article comment attachment"),
  of("Approvals", "approval approvalPolicy approvalLimit dutyConflict dutyControl dutyOverride"),
  of("Who answers", "responsibility delegation usualStandIn activity preset"),
  of("Deadlines", "deadline deadlineRule schedule calendarFeed"),
  of("Documents", "document signing documentClass documentHold disposal"),
  of("How work fares", "efficiency clock serviceLevel eventLog effort efficiencySetting"),
];
