// The English sentences of the directory's hand-made screens.

export const words = {
  chart: "Org chart",
  chartDoes: "Every seat of the company on a day: who sits in it, in which unit, and whom it reports to.",
  search: "Find a person, seat or unit",
  found: (at: number, all: number) => (at > 0 ? `${at} of ${all} found` : `${all} found`),
  notFound: "Nobody found",
  next: "Next one found",
  previous: "Previous one found",
  me: "Where am I?",
  expand: "Open all",
  collapse: "Close all",
  keys: "Arrow keys walk the chart, → opens and ← closes a branch, Enter opens the person.",
  seats: "Seats",
  vacantSeat: "Vacant",
  vacantCount: (count: number) => `${count} vacant`,
  units: "Units",
  unit: (name: string, seats: number, vacant: number) => `${name}: ${seats} ${seats === 1 ? "seat" : "seats"}, ${vacant} vacant`,
  below: (count: number) => `${count} below`,
  none: "No seat on this day",
  noneSays: "Seats appear here as soon as positions are made. Choose a later day, or make the first position.",
} as const;
