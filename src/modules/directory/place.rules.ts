// Which place may be inside which: each only inside a larger one. A small company leaves out what it does not have.

export const placeKinds = ["site", "building", "floor", "room", "desk"] as const;

export const mayStandIn = (inner: (typeof placeKinds)[number], outer: (typeof placeKinds)[number]): boolean =>
  placeKinds.indexOf(outer) < placeKinds.indexOf(inner);
