// A month as it is written on every face: 2026-11.
import { z } from "zod";
import { type Day, day } from "../../kernel/day.ts";

export const Month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, "must be a month like 2026-11");

/** The first day of a month. */
export const monthOf = (text: string): Day => day(`${text}-01`);
