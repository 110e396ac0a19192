// How a risk is read off the matrix: the band of a likelihood and an impact, against what the company lives with.

export interface Matrix {
  readonly likelihoods: readonly string[];
  readonly impacts: readonly string[];
  /** Names of the bands, lowest first. */
  readonly bands: readonly string[];
  /** Band of each cell, counted from 1: all impacts of likelihood 1, then of likelihood 2 and so on. It need not be symmetric. */
  readonly grid: readonly number[];
}

/** Five by five, banded by likelihood times impact: up to 4 low, up to 9 medium, up to 16 high, above that critical. */
export const usualMatrix: Matrix = {
  likelihoods: ["Rare", "Unlikely", "Possible", "Likely", "Almost certain"],
  impacts: ["Negligible", "Minor", "Moderate", "Major", "Severe"],
  bands: ["Low", "Medium", "High", "Critical"],
  grid: [1, 2, 3, 4, 5].flatMap((likelihood) => [1, 2, 3, 4, 5].map((impact) => bandOfProduct(likelihood * impact))),
};

/** Up to medium: the usual appetite. */
export const usualAppetite = 2;

function bandOfProduct(product: number): number {
  if (product <= 4) return 1;
  if (product <= 9) return 2;
  return product <= 16 ? 3 : 4;
}

export interface Score {
  readonly likelihood: number;
  readonly impact: number;
}

export const isOnMatrix = (matrix: Matrix, { likelihood, impact }: Score): boolean =>
  Number.isInteger(likelihood) &&
  Number.isInteger(impact) &&
  likelihood >= 1 &&
  impact >= 1 &&
  likelihood <= matrix.likelihoods.length &&
  impact <= matrix.impacts.length;

/** @throws RangeError when the score is not on the matrix. */
export function bandOf(matrix: Matrix, score: Score): number {
  if (!isOnMatrix(matrix, score)) throw new RangeError(`${score.likelihood} × ${score.impact} is not on the matrix`);
  return matrix.grid[(score.likelihood - 1) * matrix.impacts.length + (score.impact - 1)]!;
}

export type MatrixFault = "gridIncomplete" | "bandUnknown" | "gridFalls";

/** A matrix must have a band for each cell, and a worse likelihood or impact must never give a better band. */
export function faultOf({ likelihoods, impacts, bands, grid }: Matrix): MatrixFault | undefined {
  if (grid.length !== likelihoods.length * impacts.length) return "gridIncomplete";
  if (grid.some((band) => !Number.isInteger(band) || band < 1 || band > bands.length)) return "bandUnknown";
  const falls = grid.some((band, cell) => {
    const right = (cell + 1) % impacts.length === 0 ? undefined : grid[cell + 1];
    const below = grid[cell + impacts.length];
    return (right !== undefined && right < band) || (below !== undefined && below < band);
  });
  return falls ? "gridFalls" : undefined;
}

export interface ScoredRisk extends Score {
  readonly id: string;
  readonly code: string;
  readonly title: string;
}

export interface Cell<Risk extends ScoredRisk> {
  readonly likelihood: number;
  readonly impact: number;
  readonly band: number;
  readonly risks: readonly Risk[];
}

/** Every cell of the matrix with the risks that stand in it, row by row from the lowest likelihood. */
export function heatMapOf<Risk extends ScoredRisk>(matrix: Matrix, risks: readonly Risk[]): Cell<Risk>[] {
  return matrix.likelihoods.flatMap((_likelihood, row) =>
    matrix.impacts.map((_impact, column) => {
      const score = { likelihood: row + 1, impact: column + 1 };
      const here = risks.filter((risk) => risk.likelihood === score.likelihood && risk.impact === score.impact);
      return { ...score, band: bandOf(matrix, score), risks: here.toSorted((a, b) => (a.code < b.code ? -1 : 1)) };
    }),
  );
}
