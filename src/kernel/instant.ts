// A moment, from milliseconds since 1970 or from a day: pure, where rules may not ask the clock.
import type { Day } from "./day.ts";

export const instantOf = (milliseconds: number): Date => new Date(milliseconds);

/** Midnight UTC of a day. */
export const midnightOf = (day: Day): Date => new Date(`${day}T00:00:00Z`);
