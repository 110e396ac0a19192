// The fields by which every report is narrowed.
import { ref } from "../../../platform/operation/field.ts";

export const bookField = ref("finance.book").optional().describe("By default the main books.");
export const unitField = ref("directory.unit").optional().describe("Only one cost centre.");
export const dimensionValueField = ref("finance.dimensionValue").optional().describe("Only one value of a dimension, such as one project.");
