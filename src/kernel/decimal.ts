// Exact decimals for rates, quantities and percentages. Amounts of money are never decimals: see money.ts.
import { Decimal as Library } from "decimal.js";

// 40 digits hold any rate times any amount that a company books; a private clone, so that nobody else's setting reaches us.
export const Decimal = Library.clone({ precision: 40, rounding: Library.ROUND_HALF_UP, toExpNeg: -30, toExpPos: 40 });
export type Decimal = Library;

const pattern = /^-?\d{1,20}(\.\d{1,18})?$/;

export const isDecimalText = (text: string): boolean => pattern.test(text);

/** @throws RangeError when the text is not a plain decimal such as `-12.5`. */
export function decimal(text: string): Decimal {
  if (!isDecimalText(text)) throw new RangeError(`"${text}" is not a decimal like 12.5`);
  return new Decimal(text);
}
