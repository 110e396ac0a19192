// What each part in the company sees first. A part is a role that someone holds, or a kind of work they answer for (or stand in for):
// in a small company one person plays many of them, in a large one each has its own.
import type { Home } from "../../../platform/operation/module.ts";

export interface Part extends Home {
  readonly roles: readonly string[];
  readonly activities: readonly string[];
}

/** The weightiest first: whoever plays several sees them merged in this order. */
export const parts: readonly Part[] = [
  {
    name: "founder",
    title: "Founder",
    roles: ["owner"],
    activities: [],
    figures: ["office.waitingForMyDecision", "finance.cash", "people.headcount", "governance.overdueObligations", "office.allLateTasks"],
  },
  {
    name: "backOffice",
    title: "Back office",
    roles: [],
    activities: ["office.process"],
    figures: ["office.allOpenTasks", "office.allLateTasks", "process.cycleDays", "process.lateSteps", "process.stuck"],
  },
  {
    name: "finance",
    title: "Finance",
    roles: ["finance.manager"],
    activities: [],
    figures: ["office.waitingForMyDecision", "finance.cash", "finance.resultThisMonth", "finance.payablesSoon", "finance.closeOpen"],
  },
  {
    name: "accounting",
    title: "Accounting",
    roles: ["finance.accountant"],
    activities: [],
    figures: ["finance.bankUnmatched", "finance.payablesSoon", "finance.billsWaiting", "finance.receivablesOverdue", "finance.closeOpen"],
  },
  {
    name: "people",
    title: "People",
    roles: ["people.manager"],
    activities: [],
    figures: ["people.underWay", "people.leaveToDecide", "people.startingSoon", "people.endingSoon", "people.onLeaveToday"],
  },
  {
    name: "payroll",
    title: "Payroll",
    roles: ["payroll.manager"],
    activities: [],
    figures: ["payroll.due", "payroll.notEnrolled"],
  },
  {
    name: "it",
    title: "IT",
    roles: ["it.manager"],
    activities: [],
    figures: ["it.leavers", "it.notice", "it.freeLaptops", "it.toWipe", "assets.inRepair"],
  },
  {
    name: "facilities",
    title: "Facilities",
    roles: ["facilities.manager"],
    activities: [],
    figures: ["facilities.lateWork", "facilities.openFaults", "assets.inRepair", "facilities.freeDesks", "facilities.visitorsToday"],
  },
  {
    name: "compliance",
    title: "Compliance",
    roles: ["governance.manager"],
    activities: ["governance.compliance"],
    figures: ["governance.overdueObligations", "governance.obligationsDueSoon", "governance.attested", "governance.openAttestations"],
  },
  {
    name: "risk",
    title: "Risk",
    roles: ["governance.manager"],
    activities: ["governance.risk"],
    figures: ["governance.risksAboveAppetite", "governance.treatmentsOverdue", "governance.acceptancesExpiring"],
  },
  {
    name: "security",
    title: "Security",
    roles: [],
    activities: ["it.security"],
    figures: ["it.leavers", "assets.lost", "facilities.visitors", "it.toWipe"],
  },
  {
    name: "office",
    title: "Office",
    roles: ["office.manager"],
    activities: [],
    figures: ["office.untakenRequests", "it.renewals", "facilities.bookingsToday", "governance.overdueObligations", "office.allLateTasks"],
  },
  {
    name: "reception",
    title: "Reception",
    roles: [],
    activities: ["facilities.reception"],
    figures: ["facilities.visitorsToday", "facilities.visitors", "facilities.bookingsToday"],
  },
];

/** Everyone's own, after whatever their part asks for. */
export const everyone: Home = {
  name: "everyone",
  title: "Mine",
  figures: [
    "office.myOpenTasks",
    "office.myLateTasks",
    "office.waitingForMyDecision",
    "office.myRequests",
    "people.myLeaveLeft",
    "assets.withMe",
    "assets.mine",
    "governance.myOpenAttestations",
  ],
};

export const partsOf = (roles: ReadonlySet<string>, activities: ReadonlySet<string>): Home[] => [
  ...parts.filter((part) => part.roles.some((role) => roles.has(role)) || part.activities.some((activity) => activities.has(activity))),
  everyone,
];
