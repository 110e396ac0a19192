// Names of the write-ahead log's segments: 24 hexadecimal digits, of which the first 8 are the timeline, then 16 that count up; with
// segments of 16 MB the last 8 of them go from 00 to FF (PostgreSQL manual, 28.6 "WAL Internals").

const perFile = 256;

export const isSegment = (name: string): boolean => /^[0-9A-F]{24}$/.test(name);

const placeOf = (name: string): number => Number.parseInt(name.slice(8, 16), 16) * perFile + Number.parseInt(name.slice(16), 16);

export function segmentAfter(name: string): string {
  const place = placeOf(name) + 1;
  const hex = (value: number): string => value.toString(16).toUpperCase().padStart(8, "0");
  return name.slice(0, 8) + hex(Math.floor(place / perFile)) + hex(place % perFile);
}

/** Every segment from the first to the last. */
export function segmentsBetween(first: string, last: string): string[] {
  const names: string[] = [];
  for (let name = first; name <= last; name = segmentAfter(name)) names.push(name);
  return names;
}

/** The segments from `first` on that follow one another without a gap, and the one that is missing although later ones are there. */
export function unbroken(first: string, there: ReadonlySet<string>): { readonly names: string[]; readonly missing: string | undefined } {
  const names: string[] = [];
  let next = first;
  for (; there.has(next); next = segmentAfter(next)) names.push(next);
  const later = [...there].some((name) => name.slice(0, 8) === first.slice(0, 8) && name > next);
  return { names, missing: later ? next : undefined };
}
