// The kinds of field an operation's input and output are made of. One schema serves validation, OpenAPI, the form and the client;
// its JSON Schema carries `x-kind` and `x-ref`, from which a screen knows the right control.
import { z } from "zod";
import { currencies, type Currency } from "../../kernel/currency.ts";
import { isDecimalText } from "../../kernel/decimal.ts";
import { type Day as KernelDay, isDay } from "../../kernel/day.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { Money as KernelMoney } from "../../kernel/money.ts";

const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A record's identifier (UUIDv7, lower case). */
export const Id = z.string().regex(idPattern, "must be an identifier").meta({ format: "uuid", "x-kind": "id" }) as unknown as z.ZodType<
  KernelId,
  string
>;

/** The identifier of a record of another register, e.g. `ref("directory.person")`: a picker on screen, a link on a record. */
export const ref = (register: string): z.ZodType<KernelId, string> =>
  z.string().regex(idPattern, "must be an identifier").meta({ format: "uuid", "x-kind": "ref", "x-ref": register }) as unknown as z.ZodType<
    KernelId,
    string
  >;

/** The identifier of a file that was uploaded before; the command line and the browser upload it on the way. */
export const FileId = z.string().regex(idPattern, "must be a file").meta({ format: "uuid", "x-kind": "file" }) as unknown as z.ZodType<
  KernelId,
  string
>;

/** A day, `2026-11-21`. */
export const Day = z
  .string()
  .refine((text) => isDay(text), "must be a day like 2026-11-21")
  .meta({ format: "date", "x-kind": "day" }) as unknown as z.ZodType<KernelDay, string>;

/** The moment something was recorded, ISO 8601 in UTC. */
export const Instant = z
  .union([z.string(), z.date()])
  .meta({ type: "string", format: "date-time", "x-kind": "instant", anyOf: undefined }) as unknown as z.ZodType<Date, string>;

// Sums of many such amounts still fit the 64 bits that the database keeps them in.
const minorMost = 10n ** 17n;

/** An amount as `{ "amount": "1234.50", "currency": "EUR" }`; more decimals than the currency has are refused, never rounded. */
export const Money = z
  .strictObject({ amount: z.string().max(24), currency: z.string().length(3) })
  .meta({ "x-kind": "money" })
  .transform((text, context): KernelMoney => {
    try {
      const money = KernelMoney.parse(text.amount, text.currency);
      if (money.abs().minor > minorMost) throw new RangeError("is more than any amount that is kept here");
      return money;
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as Error).message });
      return z.NEVER;
    }
  }) as unknown as z.ZodType<KernelMoney, { amount: string; currency: string }>;

/** An exact decimal as text: a rate, a percentage, a quantity. */
export const DecimalText = z.string().refine(isDecimalText, "must be a number like 12.5").meta({ "x-kind": "decimal" });

export const CurrencyCode = z.enum(currencies() as [Currency, ...Currency[]]).meta({ "x-kind": "currency" });

/** One line of text. Control characters are refused; everything else comes back exactly as it was sent. */
export const Text = (max = 200) =>
  z
    .string()
    .min(1, "must not be empty")
    .max(max)
    .refine((text) => !hasControl(text, false), "must be one line without control characters");

/** Several lines of text. */
export const LongText = (max = 10_000) =>
  z
    .string()
    .max(max)
    .refine((text) => !hasControl(text, true), "must not hold control characters")
    .meta({ "x-kind": "longText" });

function hasControl(text: string, lines: boolean): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 32 && !(lines && (code === 9 || code === 10 || code === 13))) return true;
    if (code === 127) return true;
  }
  return !text.isWellFormed();
}

/** A column of a register whose values are stored sealed; its reader gets them in clear. */
export const SealedColumn = z.string().meta({ "x-kind": "text", "x-sealed": true });
