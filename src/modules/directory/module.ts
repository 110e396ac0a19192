// Directory: who and where. Everything else in the house refers to these records.
import { module } from "../../platform/operation/module.ts";
import { addHolidays, calendarRegister, createCalendar, holidayRegister } from "./calendar.operations.ts";
import {
  assignCalendar,
  calendarExceptionRegister,
  calendarMonth,
  changeCalendar,
  removeCalendarException,
  removeHoliday,
  setCalendarException,
  setCalendarHours,
} from "./calendar-hours.operations.ts";
import { getOrgChart } from "./chart.operations.ts";
import { cancelHolding, changeHoldingStart, continueHolding, endHolding, holdPosition } from "./holding.operations.ts";
import { figures, laws } from "./laws.ts";
import { directoryKeeps } from "./keeping.ts";
import {
  createLegalEntity,
  createOrganisation,
  legalEntityRegister,
  organisationRegister,
  updateOrganisation,
} from "./organisation.operations.ts";
import { addRole, customerRegister, endRole, partyRegister, supplierRegister } from "./party.operations.ts";
import { createPerson, personRegister, updatePerson } from "./person.operations.ts";
import { createPlace, deskRegister, placeRegister, retirePlace, roomRegister, siteRegister, updatePlace } from "./place.operations.ts";
import { changePosition, closePosition, createJob, createPosition } from "./position.operations.ts";
import { holdingRegister, jobRegister, positionRegister } from "./position.register.ts";
import { changeUnit, closeUnit, createUnit, unitRegister } from "./unit.operations.ts";

export const directory = module({
  name: "directory",
  title: "Directory",
  needs: [],
  roles: { "directory.manager": "Keeper of the directory" },
  activities: { "directory.records": "People, organisations and places in the directory" },
  registers: [
    personRegister,
    organisationRegister,
    partyRegister,
    customerRegister,
    supplierRegister,
    legalEntityRegister,
    unitRegister,
    jobRegister,
    positionRegister,
    holdingRegister,
    placeRegister,
    siteRegister,
    roomRegister,
    deskRegister,
    calendarRegister,
    holidayRegister,
    calendarExceptionRegister,
  ],
  operations: [
    createPerson,
    updatePerson,
    createOrganisation,
    updateOrganisation,
    addRole,
    endRole,
    createLegalEntity,
    createUnit,
    changeUnit,
    closeUnit,
    createJob,
    createPosition,
    changePosition,
    closePosition,
    holdPosition,
    endHolding,
    changeHoldingStart,
    continueHolding,
    cancelHolding,
    createPlace,
    updatePlace,
    retirePlace,
    createCalendar,
    addHolidays,
    removeHoliday,
    setCalendarHours,
    setCalendarException,
    removeCalendarException,
    changeCalendar,
    assignCalendar,
    calendarMonth,
    getOrgChart,
  ],
  keeps: directoryKeeps,
  laws,
  figures,
});
