// Kinds of thing, and which department looks after them. Pure.

/** What IT gives out and looks after. */
export const itKinds = [
  "laptop",
  "desktop",
  "monitor",
  "phone",
  "tablet",
  "printer",
  "server",
  "networkDevice",
  "headset",
  "accessory",
] as const;

/** What facilities looks after. */
export const facilityKinds = ["furniture", "appliance", "equipment", "vehicle", "tool", "key", "badge"] as const;

export const assetKinds = [...itKinds, ...facilityKinds, "other"] as const;

export type AssetKind = (typeof assetKinds)[number];

/** Departments upstairs that see every thing of these kinds, whoever holds it. */
export const readersByRole: Readonly<Record<string, readonly AssetKind[]>> = {
  "it.manager": itKinds,
  "facilities.manager": facilityKinds,
  "finance.accountant": assetKinds,
  "finance.manager": assetKinds,
};

/** `HW`, 42 gives `HW-00042`. */
export const tagOf = (prefix: string, number: bigint): string => `${prefix}-${number.toString().padStart(5, "0")}`;
