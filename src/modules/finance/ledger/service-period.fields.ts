// What one says of a line of a bill or an invoice that is for certain days (EN 16931, BG-26).
import { Day } from "../../../platform/operation/field.ts";

export const servicePeriod = {
  serviceFrom: Day.optional().describe("First day it is for. What is for days after the month of the document is spread over its months."),
  serviceUntil: Day.optional().describe("Last day it is for."),
};
