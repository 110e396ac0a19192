// Sudden death, over and over: writers write while the server, PostgreSQL, one of its backends, or all at once are killed with signal 9.
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { type Random, randomFrom } from "../test/simulator/random.ts";
import { count } from "./count.ts";
import { type Proof, sizeOf, verdict, type Verdict, type Wish } from "./proof.ts";
import { type ProvedServer, startServer, until } from "./server.ts";
import { newTally, prepareGround, type Tally, write } from "./writers.ts";

const victims = ["the server", "PostgreSQL", "one backend", "all at once"] as const;
const writers = 8;

export const crash: Proof = {
  name: "crash",
  says: "No acknowledged write is lost and none is doubled, whatever is killed; a start after a crash needs no hand.",
  prove: async (wish) => {
    const rounds = sizeOf(wish, "rounds", 100, 3);
    return [await storm(wish, rounds)];
  },
};

async function storm(wish: Wish, rounds: number): Promise<Verdict> {
  const random = randomFrom(wish.seed);
  const server = await startServer();
  try {
    const ground = await prepareGround(server);
    const tally = newTally();
    let goesOn = true;
    const writing = Array.from({ length: writers }, (_, index) =>
      write({
        origin: () => server.origin,
        token: server.token,
        ground,
        random: randomFrom(wish.seed + 1000 + index),
        tally,
        goesOn: () => goesOn,
      }),
    );
    const outages: number[] = [];
    const hands: string[] = [];
    for (let round = 0; round < rounds; round++) {
      await pause(200 + random.upTo(800));
      // The first rounds kill each kind once, whatever the seed.
      const victim = victims[round < victims.length ? round : random.upTo(victims.length)]!;
      const outage = await strike(server, victim, tally, random).catch((error: unknown) => {
        hands.push(`round ${round}, ${victim}: ${(error as Error).message}; it said ${server.lastLines()}`);
        return 0;
      });
      outages.push(outage);
      wish.say(`round ${round + 1} of ${rounds}: killed ${victim}; ${tally.acknowledged.size} acknowledged; away ${Math.round(outage)} ms`);
      if (hands.length > 0) break;
    }
    goesOn = false;
    if (hands.length > 0) return verdict(crash.says, { rounds, seed: wish.seed }, hands);
    await Promise.all(writing);
    const counted = await count(server, tally);
    return verdict(
      crash.says,
      {
        rounds,
        acknowledged: tally.acknowledged.size,
        abandoned: tally.abandoned.size,
        sentAgain: tally.again,
        lost: counted.lost,
        doubled: counted.doubled,
        unbalanced: counted.unbalanced,
        worstOutageMilliseconds: Math.round(Math.max(...outages)),
        medianOutageMilliseconds: Math.round(outages.toSorted((a, b) => a - b)[outages.length >> 1] ?? 0),
        seed: wish.seed,
      },
      [...hands, ...counted.breaks, ...server.faults()],
    );
  } finally {
    await server.stop();
  }
}

/** Kills and waits until writes are acknowledged again; how long that took. */
async function strike(server: ProvedServer, victim: (typeof victims)[number], tally: Tally, random: Random): Promise<number> {
  const postmaster = server.postmaster();
  const child = server.child();
  const gone = new Promise<void>((settle) => child.once("exit", () => settle()));
  const backends = childrenOf(postmaster);
  if (victim === "the server" || victim === "all at once") child.kill("SIGKILL");
  if (victim === "PostgreSQL" || victim === "all at once") kill(postmaster);
  if (victim === "one backend") kill(backends[random.upTo(backends.length)]);
  if (victim === "all at once") backends.forEach(kill);
  const began = performance.now();
  if (victim === "the server" || victim === "all at once") {
    await gone;
    await server.start();
  }
  const before = tally.acknowledged.size;
  await until("writes are acknowledged again", 180, () => tally.acknowledged.size > before + writers);
  return performance.now() - began;
}

function kill(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, "SIGKILL");
  } catch {
    // It was gone already.
  }
}

/** Sessions of a postmaster: its children that serve the application. */
function childrenOf(postmaster: number | undefined): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
        return parent === postmaster && readFileSync(`/proc/${name}/cmdline`, "utf8").includes("heartwood_app");
      } catch {
        return false;
      }
    })
    .map(Number);
}
