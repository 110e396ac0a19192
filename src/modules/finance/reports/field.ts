// The fields by which every report is narrowed.
import { z } from "zod";
import { ref } from "../../../platform/operation/field.ts";

export const bookField = ref("finance.book").optional().describe("By default the main books.");
export const unitField = ref("directory.unit").optional().describe("Only one cost centre.");
export const dimensionValueField = ref("finance.dimensionValue").optional().describe("Only one value of a dimension, such as one project.");

/** Said with every report that can be narrowed. */
export const withoutPayField = z
  .boolean()
  .describe("Pay is left out: of one cost centre, only the chief of finance and who keeps payroll may see it.");
