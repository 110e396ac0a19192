// The directory's door: what other modules may use.
export { directory } from "./module.ts";
export { createPerson, updatePerson } from "./person.operations.ts";
export { createLegalEntity, createOrganisation, updateOrganisation } from "./organisation.operations.ts";
export { addRole, endRole } from "./party.operations.ts";
export { changeUnit, closeUnit, createUnit } from "./unit.operations.ts";
export { changePosition, closePosition, createJob, createPosition } from "./position.operations.ts";
export { cancelHolding, changeHoldingStart, continueHolding, endHolding, holdPosition } from "./holding.operations.ts";
export { createPlace, retirePlace, updatePlace } from "./place.operations.ts";
export { addHolidays, createCalendar, workedDays } from "./calendar.operations.ts";
export { addWorkedDays, type BusinessCalendar, hoursOn, isWorked, plainWeek, roundTheClock, workedFrom } from "./calendar.rules.ts";
export { calendarFor, calendarsNamed, calendarsOf, plainCalendar } from "./calendar.store.ts";
export { getOrgChart } from "./chart.operations.ts";
export {
  holderOf,
  isManagerOf,
  managerOf,
  managersOf,
  positionOf,
  reportsBelow,
  reportsOf,
  type Seat,
  unitOf,
  unitsAbove,
} from "./line.ts";
