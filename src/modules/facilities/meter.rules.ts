// Meters: what one has counted in all, although its display was set back or it was changed. Pure.

export interface MeterNow {
  readonly lastReading: number;
  readonly total: number;
}

/** The total after a reading; undefined when it is lower than the last and the meter was not set back. */
export function totalAfter(meter: MeterNow, reading: number, isReset: boolean): number | undefined {
  // Set back to nothing, it has counted since then what it shows.
  if (isReset) return exact(meter.total + reading);
  return reading < meter.lastReading ? undefined : exact(meter.total + reading - meter.lastReading);
}

/** Readings have at most three decimals; sums of them too. */
const exact = (value: number): number => Math.round(value * 1000) / 1000;
