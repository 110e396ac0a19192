// What a bench is: a name, what it stands on, and the pair it measures.
import type { Pair } from "./pair.ts";
import type { BenchServer } from "./server.ts";

export interface Bench {
  readonly name: string;
  /** What both sides do, in a sentence. */
  readonly says: string;
  /** Fills in what the bench stands on and returns the pair. Benches of a run share one server, in the order of the list. */
  readonly prepare: (server: BenchServer) => Promise<Pair>;
}
