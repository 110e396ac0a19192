// What a proof is: a promise, a way to try to break it, and what was counted.
import type { ChildProcess } from "node:child_process";

/** How hard it is tried: `quick` is what runs with the tests, `full` what a release is held to. */
export type Scale = "quick" | "full";

export interface Wish {
  readonly scale: Scale;
  /** The start of all chance in the proof: the same seed tries the same things in the same order. */
  readonly seed: number;
  /** Says what is going on while it lasts. */
  readonly say: (line: string) => void;
  /** What else was given on the command line, e.g. `seeds` for `--seeds 1000`. */
  readonly given: Readonly<Record<string, string>>;
}

export interface Verdict {
  readonly promise: string;
  readonly holds: boolean;
  readonly figures: Readonly<Record<string, number | string>>;
  /** What was seen that should not be, shown when it does not hold. */
  readonly breaks?: readonly string[];
}

export interface Proof {
  readonly name: string;
  /** The promise in a sentence. */
  readonly says: string;
  readonly prove: (wish: Wish) => Promise<readonly Verdict[]>;
}

/** How often, or how many: as given on the command line, or by the scale. */
export const sizeOf = ({ scale, given }: Wish, name: string, full: number, quick: number): number =>
  Number(given[name] ?? (scale === "full" ? full : quick));

/** Whatever ends the proof ends what it started. */
export function endsWithUs(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): ChildProcess {
  const end = (): void => void child.kill(signal);
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  return child;
}

/** A verdict that holds when nothing is seen that should not be. */
export const verdict = (promise: string, figures: Verdict["figures"], breaks: readonly string[]): Verdict => ({
  promise,
  holds: breaks.length === 0,
  figures,
  breaks: breaks.slice(0, 10),
});
