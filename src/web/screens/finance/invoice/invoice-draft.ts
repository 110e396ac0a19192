// An invoice while it is typed: its lines, what each comes to, and what is sent. Amounts stay text or whole minor units.
import { readAmount } from "../../../form/amount.ts";
import { isSpanWrong, type LineSpan, sentSpan } from "../line-span.rules.ts";

export interface LineDraft extends LineSpan {
  readonly key: number;
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly taxCode: string;
  readonly accountId: string | null;
  readonly unitId?: string | null;
}

export interface InvoiceDraft {
  readonly customerId: string | null;
  readonly day: string | null;
  readonly paymentTermId: string | null;
  readonly text: string;
  readonly pricesIncludeTax: boolean;
  readonly isDeposit: boolean;
  /** Without one the books' own. */
  readonly currency?: string;
  /** For another currency: what a unit of it is worth, where not the day's rate. */
  readonly rate?: string;
  readonly lines: readonly LineDraft[];
  readonly depositIds: readonly string[];
}

export const blankLine = (key: number, taxCode = "standard"): LineDraft => ({
  key,
  description: "",
  quantity: "1",
  unitPrice: "",
  taxCode,
  accountId: null,
});

export const isBlank = (line: LineDraft): boolean => line.description.trim() === "" && line.unitPrice.trim() === "";

/** There is always one empty line at the end, with the tax of the line before. */
export function withTail(lines: readonly LineDraft[]): readonly LineDraft[] {
  const last = lines.at(-1);
  if (last && isBlank(last)) return lines;
  return [...lines, blankLine(1 + Math.max(0, ...lines.map((line) => line.key)), last?.taxCode)];
}

const numberPattern = /^-?\d{1,12}(\.\d{1,6})?$/;

export type LineMistake = "descriptionNeeded" | "numberUnreadable" | "spanWrong";

/** What is wrong in a line that is not blank, by field. */
export function mistakesOf(line: LineDraft): Partial<Record<"description" | "quantity" | "unitPrice" | "serviceUntil", LineMistake>> {
  if (isBlank(line)) return {};
  return {
    ...(line.description.trim() === "" && { description: "descriptionNeeded" as const }),
    ...(!numberPattern.test(readAmount(line.quantity)) && { quantity: "numberUnreadable" as const }),
    ...(!numberPattern.test(readAmount(line.unitPrice)) && { unitPrice: "numberUnreadable" as const }),
    ...(isSpanWrong(line) && { serviceUntil: "spanWrong" as const }),
  };
}

/** Quantity times price as text with these decimals, rounded half up away from zero; undefined while one of them is no number. */
export function lineAmount(quantity: string, unitPrice: string, decimals: number): string | undefined {
  const [count, price] = [scaled(readAmount(quantity)), scaled(readAmount(unitPrice))];
  if (count === undefined || price === undefined) return undefined;
  const product = count.units * price.units;
  const spare = count.decimals + price.decimals - decimals;
  const sign = product < 0n ? -1n : 1n;
  const whole = product * sign;
  const minor = spare <= 0 ? whole * 10n ** BigInt(-spare) : (whole + 10n ** BigInt(spare) / 2n) / 10n ** BigInt(spare);
  const digits = minor.toString().padStart(decimals + 1, "0");
  const body = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return sign < 0n && minor !== 0n ? `-${body}` : body;
}

function scaled(text: string): { units: bigint; decimals: number } | undefined {
  if (!numberPattern.test(text)) return undefined;
  const [whole = "", fraction = ""] = text.split(".");
  return { units: BigInt(whole + fraction), decimals: fraction.length };
}

/** Whether it can be asked what the invoice comes to. */
export const isComplete = (draft: InvoiceDraft): boolean => {
  const filled = draft.lines.filter((line) => !isBlank(line));
  return (
    draft.customerId !== null &&
    draft.day !== null &&
    filled.length > 0 &&
    filled.every((line) => Object.keys(mistakesOf(line)).length === 0)
  );
};

/** The input of the operation. */
export function sentOf(draft: InvoiceDraft, currency: string): Record<string, unknown> {
  return {
    customerId: draft.customerId,
    day: draft.day,
    ...(draft.paymentTermId && { paymentTermId: draft.paymentTermId }),
    ...(draft.text.trim() && { text: draft.text.trim() }),
    ...(draft.pricesIncludeTax && { pricesIncludeTax: true }),
    ...(draft.isDeposit && { isDeposit: true }),
    ...(draft.rate?.trim() && { rate: readAmount(draft.rate) }),
    ...(draft.depositIds.length > 0 && !draft.isDeposit && { deposits: draft.depositIds.map((depositId) => ({ depositId })) }),
    lines: draft.lines
      .filter((line) => !isBlank(line))
      .map(({ description, quantity, unitPrice, taxCode, accountId, unitId, ...span }) => ({
        description: description.trim(),
        quantity: readAmount(quantity),
        unitPrice: { amount: readAmount(unitPrice), currency },
        taxCode,
        ...(accountId && { accountId }),
        ...(unitId && { unitId }),
        ...sentSpan(span),
      })),
  };
}
