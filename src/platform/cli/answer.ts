// How the command line says no: a mistake of the person typing, or a refusal of the house.

import { kebab } from "./arguments.ts";

/** What was typed cannot be carried out. Exit code 1. */
export class Misuse extends Error {
  override readonly name = "Misuse";
}

export interface Problem {
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId?: string;
  readonly mistakes?: readonly { readonly path: readonly (string | number)[]; readonly message: string }[];
}

/** The house answered with a problem. */
export class Told extends Error {
  override readonly name = "Told";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

export const exitCodes = { done: 0, failed: 1, refused: 2 } as const;

const refusals = new Set([403, 404, 409]);

/** The exit code and the sentences for standard error. */
export function sayNo(error: unknown): { code: number; text: string } {
  if (error instanceof Told) {
    const { problem } = error;
    const mistakes = problem.mistakes?.map(({ path, message }) => `  ${optionOf(path)}: ${message}`);
    const lines = mistakes ? ["The input does not fit:", ...mistakes] : [problem.detail];
    if (problem.status === 401) lines.push("Sign in with: heartwood login");
    return { code: refusals.has(problem.status) ? exitCodes.refused : exitCodes.failed, text: lines.join("\n") };
  }
  if (error instanceof Misuse) return { code: exitCodes.failed, text: error.message };
  return { code: exitCodes.failed, text: `Something went wrong in the command line itself: ${String((error as Error).stack ?? error)}` };
}

const optionOf = (path: readonly (string | number)[]): string => {
  const [field, ...rest] = path;
  if (field === undefined) return "input";
  const name = `--${kebab(String(field))}`;
  return rest.length > 0 ? `${name} (${rest.join(".")})` : name;
};
