// The heat map as the server tells it, and where the edge of the appetite runs between its cells.

interface Named {
  readonly number: number;
  readonly name: string;
}

export interface PlacedRisk {
  readonly id: string;
  readonly code: string;
  readonly title: string;
  readonly aboveAppetite: boolean;
  readonly state: "open" | "accepted";
}

export interface Cell {
  readonly likelihood: number;
  readonly impact: number;
  readonly band: number;
  readonly bandName: string;
  readonly risks: readonly PlacedRisk[];
}

export interface HeatMap {
  readonly stage: string;
  readonly matrix: {
    readonly id: string | null;
    readonly name: string;
    readonly likelihoods: readonly Named[];
    readonly impacts: readonly Named[];
    readonly bands: readonly Named[];
  };
  readonly cells: readonly Cell[];
  readonly unscored: readonly Pick<PlacedRisk, "id" | "code" | "title">[];
}

export interface AppetiteRow {
  readonly id: string;
  readonly riskMatrixId: string;
  readonly category: string | null;
  readonly band: number;
  readonly bandName: string;
  readonly fromDay: string;
}

/** The appetite in force on a day, for a category or else for all; rows come latest first. */
export function appetiteOn(rows: readonly AppetiteRow[], matrixId: string | null, category: string, on: string): AppetiteRow | undefined {
  const inForce = rows.filter((row) => row.riskMatrixId === matrixId && row.fromDay <= on);
  return inForce.find((row) => category !== "" && row.category === category) ?? inForce.find((row) => row.category === null);
}

/** The categories that live by an appetite of their own. */
export function ownAppetites(rows: readonly AppetiteRow[], matrixId: string | null, on: string): readonly AppetiteRow[] {
  const inForce = rows.filter((row) => row.riskMatrixId === matrixId && row.fromDay <= on && row.category !== null);
  return inForce.filter((row, index) => inForce.findIndex((one) => one.category === row.category) === index);
}

export const keyOf = (cell: Pick<Cell, "likelihood" | "impact">): string => `${cell.likelihood}x${cell.impact}`;

/** At which sides of a cell the appetite ends: "top", "right" or both. A worse score never has a better band. */
export function edgesOf(cell: Cell, cells: ReadonlyMap<string, Cell>, appetite: number): string {
  if (cell.band > appetite) return "";
  const isAbove = (likelihood: number, impact: number): boolean => (cells.get(keyOf({ likelihood, impact }))?.band ?? 0) > appetite;
  return [isAbove(cell.likelihood + 1, cell.impact) && "top", isAbove(cell.likelihood, cell.impact + 1) && "right"]
    .filter(Boolean)
    .join(" ");
}

/** Colour of a band from calm to grave, 1 to 6, whatever the number of bands. */
export const toneOfBand = (band: number, bands: number): number => (bands <= 1 ? 1 : 1 + Math.round(((band - 1) / (bands - 1)) * 5));
