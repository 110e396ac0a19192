// What every chapter of the demo works with: running operations as somebody on some day, and the records made so far.
import type { Day } from "../src/kernel/day.ts";
import type { Id } from "../src/kernel/id.ts";
import { system } from "../src/platform/funnel/frame.ts";
import type { Funnel } from "../src/platform/funnel/funnel.ts";
import type { Actor } from "../src/platform/operation/context.ts";
import type { SignIn } from "../src/platform/identity/sign-in.ts";
import type { Pool } from "../src/platform/database/pool.ts";

export interface Story {
  readonly funnel: Funnel;
  readonly owner: Pool;
  readonly signIn: SignIn;
  readonly tenantId: Id;
  readonly today: Day;
  readonly say: (line: string) => void;
  /** Records by a name of their own: `people/Helene Lindholm`, `unit/FIN`. */
  readonly known: Map<string, Id>;
  readonly actors: Map<string, Actor>;
}

/** The record that an earlier chapter made. */
export function known(story: Story, name: string): Id {
  const id = story.known.get(name);
  if (!id) throw new Error(`the demo has not made ${name} yet`);
  return id;
}

/** Runs one operation as a colleague, or as the house, on a day of the company's life. */
export async function tell<Output = { id: Id }>(
  story: Story,
  name: string,
  input: unknown,
  as?: string,
  on: Day = story.today,
): Promise<Output> {
  const actor = as ? (story.actors.get(as) ?? system) : system;
  try {
    return (await story.funnel.run(name, input, { tenantId: story.tenantId, actor, today: on })) as Output;
  } catch (error) {
    throw new Error(`demo: ${name} ${JSON.stringify(input).slice(0, 300)}: ${(error as Error).message}`, { cause: error });
  }
}

/** A number below `below` that is always the same for the same key: the demo is the same company on every machine. */
export function chance(key: number, below: number): number {
  let mixed = (key + 0x9e3779b9) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) % below;
}
