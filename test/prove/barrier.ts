// Many at once: contenders wait at a barrier and begin in the same moment, on two servers of the house with sixteen connections each.
import type { Refusal } from "../../src/kernel/refusal.ts";
import type { Funnel } from "../../src/platform/funnel/funnel.ts";
import type { Actor } from "../../src/platform/operation/context.ts";
import type { TestHouse } from "../../src/platform/testing/house.ts";

export const contenders = 32;
export const rounds = Number(process.env["HEARTWOOD_RACE_ROUNDS"] ?? 5);

export interface Contest {
  /** Answers of those that were granted. */
  readonly granted: readonly Record<string, unknown>[];
  /** Codes of the refusals of the others. */
  readonly refused: readonly string[];
}

export interface Attempt {
  readonly name: string;
  readonly input: object;
  readonly as: Actor;
  readonly key?: string;
}

export class Barrier {
  readonly #house: TestHouse;
  readonly #servers: readonly [Funnel, Funnel];

  constructor(house: TestHouse) {
    this.#house = house;
    this.#servers = [house.twin(contenders / 2), house.twin(contenders / 2)];
  }

  /** Every attempt at once. @throws whatever is no worded refusal: nobody is ever shown a conflict of the database. */
  async race(attempts: readonly Attempt[]): Promise<Contest> {
    const { tenantId } = this.#house;
    let open: () => void = () => undefined;
    const barrier = new Promise<void>((settle) => (open = settle));
    const all = attempts.map(async ({ name, input, as, key }, index) => {
      await barrier;
      return (await this.#servers[index % 2]!.run(name, input, { tenantId, actor: as, key })) as Record<string, unknown>;
    });
    open();
    const outcomes = await Promise.allSettled(all);
    const refused: string[] = [];
    for (const outcome of outcomes) {
      if (outcome.status === "fulfilled") continue;
      const error = outcome.reason as Refusal;
      if (error.name !== "Refusal") throw error;
      refused.push(error.code);
    }
    return { granted: outcomes.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])), refused };
  }

  /** The same attempt by everybody. */
  raceOf(make: (index: number) => Attempt, many = contenders): Promise<Contest> {
    return this.race(Array.from({ length: many }, (_, index) => make(index)));
  }
}
