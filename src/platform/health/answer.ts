// What is remembered of each answer, once it has left: one line in the log and one count, by route and never by person.
import type { FastifyInstance } from "fastify";

/** Upper bounds in milliseconds; what took longer stands in the last place. */
export const boundsMilliseconds: readonly number[] = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000];

export interface Tally {
  /** The operation behind the address, or the address as it was declared. */
  readonly name: string;
  readonly status: number;
  count: number;
  milliseconds: number;
  /** How many took up to each bound, not added up. */
  readonly within: number[];
}

export type Tallies = ReadonlyMap<string, ReadonlyMap<number, Tally>>;

const refusals = new Set([401, 403, 429]);

/** Neither address nor query is kept, nor who was answered unless they were refused:
 * a log is read by people who may not see what is in the records. */
export function noteAnswers(app: FastifyInstance): Tallies {
  const tallies = new Map<string, Map<number, Tally>>();
  app.addHook("onResponse", (request, reply, done) => {
    const { url: route = "none", config } = request.routeOptions;
    const { statusCode: status, elapsedTime } = reply;
    note(tallies, config.operation ?? route, status, elapsedTime);
    const line = { method: request.method, route, operation: config.operation, status, milliseconds: Math.round(elapsedTime) };
    // Who is refused again and again is a question for whoever looks after the house (ASVS 16.3.2); the number of the user names nobody.
    if (refusals.has(status)) request.log.warn({ ...line, who: request.identity?.userId ?? null }, "answered");
    else request.log.info(line, "answered");
    done();
  });
  return tallies;
}

function note(tallies: Map<string, Map<number, Tally>>, name: string, status: number, elapsed: number): void {
  let byStatus = tallies.get(name);
  if (!byStatus) tallies.set(name, (byStatus = new Map()));
  let tally = byStatus.get(status);
  if (!tally) {
    tally = { name, status, count: 0, milliseconds: 0, within: Array.from({ length: boundsMilliseconds.length + 1 }, () => 0) };
    byStatus.set(status, tally);
  }
  tally.count += 1;
  tally.milliseconds += elapsed;
  let place = 0;
  while (place < boundsMilliseconds.length && elapsed > boundsMilliseconds[place]!) place += 1;
  tally.within[place]! += 1;
}
