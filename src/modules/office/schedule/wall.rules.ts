// The clock on the wall of a zone, and the moments it shows, in milliseconds since 1970. Pure.
import { Temporal } from "temporal-polyfill";
import { isDay } from "../../../kernel/day.ts";
import type { Wall } from "./week-year.rules.ts";

/** A whole day begins at midnight. */
export const fullOf = (wall: Wall): Wall => (isDay(wall) ? `${wall}T00:00:00` : wall);

/**
 * The moment of a wall time in a zone. A time that the clock jumps over is read with the offset before the jump, one that comes twice is
 * the first (RFC 5545 3.3.5). 3.3.10 can also be read to drop the jumped time; a duty must not fall away because clocks change.
 */
export const instantOf = (wall: Wall, zone: string): number =>
  Temporal.PlainDateTime.from(fullOf(wall)).toZonedDateTime(zone, { disambiguation: "compatible" }).epochMilliseconds;

/** What the clock on the wall of a zone shows. */
export const wallAt = (instant: number, zone: string): Wall =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: "second" });

export const wallOfUtc = (wall: Wall, zone: string): Wall => wallAt(instantOf(wall, "UTC"), zone);
