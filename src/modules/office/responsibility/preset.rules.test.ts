// Which role answers for what in companies of three sizes.
import { expect, test } from "vitest";
import { isActivity, titleOfActivity } from "./activity.rules.ts";
import { rolesFor } from "./preset.rules.ts";

test.each([
  ["small", "it.equipment", ["owner"]],
  ["small", "facilities.repair", ["office.manager", "owner"]],
  ["medium", "it.equipment", ["it.manager", "office.manager", "owner"]],
  ["medium", "governance.policy", ["office.manager", "owner"]],
  ["large", "governance.policy", ["governance.manager", "office.manager", "owner"]],
  ["large", "payroll.enrolment", ["payroll.manager", "people.manager", "finance.manager", "owner"]],
  ["large", "unheardOf.thing", ["owner"]],
] as const)("in a %s company %s is answered for by %j", (size, activity, roles) => {
  expect(rolesFor(size, activity)).toEqual(roles);
});

test.each([
  ["it.equipment", true],
  ["facilities.workOrder", true],
  ["equipment", false],
  ["it.equipment.laptop", false],
  ["IT.equipment", false],
])("%s names an activity: %s", (name, isOne) => {
  expect(isActivity(name)).toBe(isOne);
});

test("an activity reads as words", () => {
  expect(titleOfActivity("facilities.workOrder")).toBe("Facilities work order");
});
