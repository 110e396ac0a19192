// Who sees which home: by the roles they hold, by the work they answer for, and everyone their own.
import { expect, test } from "vitest";
import { partsOf } from "./part.ts";

const homes = (roles: string[], activities: string[] = []) => partsOf(new Set(roles), new Set(activities)).map((home) => home.name);

test.each<[string, string[], string[], string[]]>([
  ["an employee", [], [], ["everyone"]],
  ["a founder", ["owner"], [], ["founder", "everyone"]],
  ["an accountant", ["finance.accountant"], [], ["accounting", "everyone"]],
  ["a head of finance", ["finance.manager"], [], ["finance", "everyone"]],
  ["HR", ["people.manager"], [], ["people", "everyone"]],
  ["an IT manager who answers for security", ["it.manager"], ["it.security"], ["it", "security", "everyone"]],
  ["a facility manager", ["facilities.manager"], [], ["facilities", "everyone"]],
  ["a compliance and risk manager", ["governance.manager"], [], ["compliance", "risk", "everyone"]],
  ["a risk manager without a role", [], ["governance.risk"], ["risk", "everyone"]],
  ["an office manager", ["office.manager"], [], ["office", "everyone"]],
  ["a back-office manager", ["office.manager"], ["office.process"], ["backOffice", "office", "everyone"]],
  ["an assistant at the reception", [], ["facilities.reception"], ["reception", "everyone"]],
])("%s", (_says, roles, activities, expected) => {
  expect(homes(roles, activities)).toEqual(expected);
});
