// Wishes that arrive together leave together: while one batch is on its way to the database, the next one gathers. Nobody waits for a
// clock; a wish that comes alone leaves at once.

import { channel } from "node:diagnostics_channel";

/** Hears how many wishes each batch carries. */
const batches = channel("heartwood.batch");

/** What became of one wish of a batch. */
export type Outcome<Answer> = { readonly answer: Answer } | { readonly error: unknown };

interface Waiting<Wish, Answer> {
  readonly wish: Wish;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

interface Lane<Wish, Answer> {
  waiting: Waiting<Wish, Answer>[];
  underway: number;
}

/** How many batches of a lane are under way at once: one is being prepared while the database works on the other. */
const underwayMax = 2;
const batchMax = 250;

/**
 * Gathers wishes by lane. `leave` does a whole batch and says for each wish, in their order, what became of it; what it throws is thrown
 * to every wish of the batch.
 */
export function gather<Wish, Answer>(
  leave: (wishes: readonly Wish[]) => Promise<readonly Outcome<Answer>[]>,
): (lane: string, wish: Wish) => Promise<Answer> {
  const lanes = new Map<string, Lane<Wish, Answer>>();
  const depart = async (name: string, lane: Lane<Wish, Answer>): Promise<void> => {
    while (lane.waiting.length > 0 && lane.underway < underwayMax) {
      const batch = lane.waiting.slice(0, batchMax);
      lane.waiting = lane.waiting.slice(batchMax);
      lane.underway += 1;
      await settle(leave, batch);
      lane.underway -= 1;
    }
    if (lane.underway === 0 && lane.waiting.length === 0) lanes.delete(name);
  };
  return (name, wish) =>
    new Promise<Answer>((resolve, reject) => {
      const lane = lanes.get(name) ?? { waiting: [], underway: 0 };
      lanes.set(name, lane);
      lane.waiting.push({ wish, resolve, reject });
      void depart(name, lane);
    });
}

async function settle<Wish, Answer>(
  leave: (wishes: readonly Wish[]) => Promise<readonly Outcome<Answer>[]>,
  batch: readonly Waiting<Wish, Answer>[],
): Promise<void> {
  if (batches.hasSubscribers) batches.publish(batch.length);
  try {
    const outcomes = await leave(batch.map((one) => one.wish));
    batch.forEach((one, index) => {
      const outcome = outcomes[index]!;
      if ("error" in outcome) one.reject(outcome.error);
      else one.resolve(outcome.answer);
    });
  } catch (error) {
    for (const one of batch) one.reject(error);
  }
}
