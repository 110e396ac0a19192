// Wishes that arrive together leave together: whoever is at the door already comes along, and while one batch is on its way to the
// database, the next one gathers. Nobody waits for a clock; a wish that comes alone leaves at once.

import { channel } from "node:diagnostics_channel";
import { setImmediate as turn } from "node:timers/promises";

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
  /** How many wishes each batch on its way carries. */
  underway: number[];
  isGathering: boolean;
}

/** How many batches of a lane are under way at once: one is being prepared while the database works on the other. */
const underwayMax = 2;
const batchMax = 250;
const turnsMax = 8;

/**
 * Gathers wishes by lane. `leave` does a whole batch and says for each wish, in their order, what became of it; what it throws is thrown
 * to every wish of the batch.
 */
export function gather<Wish, Answer>(
  leave: (wishes: readonly Wish[]) => Promise<readonly Outcome<Answer>[]>,
): (lane: string, wish: Wish) => Promise<Answer> {
  const lanes = new Map<string, Lane<Wish, Answer>>();
  const depart = async (name: string, lane: Lane<Wish, Answer>): Promise<void> => {
    while (!lane.isGathering && mayLeave(lane)) {
      lane.isGathering = true;
      await allAtTheDoor(lane);
      lane.isGathering = false;
      if (!mayLeave(lane)) break;
      const batch = lane.waiting.slice(0, batchMax);
      lane.waiting = lane.waiting.slice(batchMax);
      lane.underway.push(batch.length);
      await settle(leave, batch);
      lane.underway.splice(lane.underway.indexOf(batch.length), 1);
    }
    if (lane.underway.length === 0 && lane.waiting.length === 0) lanes.delete(name);
  };
  return (name, wish) =>
    new Promise<Answer>((resolve, reject) => {
      const lane = lanes.get(name) ?? { waiting: [], underway: [], isGathering: false };
      lanes.set(name, lane);
      lane.waiting.push({ wish, resolve, reject });
      void depart(name, lane);
    });
}

/** A batch costs much and each wish in it little, so a second one leaves beside another only when it is as large. */
const mayLeave = <Wish, Answer>({ waiting, underway }: Lane<Wish, Answer>): boolean =>
  waiting.length > 0 && underway.length < underwayMax && underway.every((count) => waiting.length >= count);

/** Requests that lie in the sockets are read first, until a turn of the loop brings nobody. */
async function allAtTheDoor<Wish, Answer>({ waiting }: Lane<Wish, Answer>): Promise<void> {
  for (let turns = 0, before = 0; turns < turnsMax && waiting.length > before && waiting.length < batchMax; turns++) {
    before = waiting.length;
    await turn();
  }
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
