// Connections cut in the middle: between the server and its database, and between the clients and the server. Two servers share one
// database meanwhile, and a client that gets no answer from one asks the other, with the same key.
import { setTimeout as pause } from "node:timers/promises";
import { randomFrom } from "../test/simulator/random.ts";
import { count } from "./count.ts";
import { type Proof, sizeOf, verdict, type Wish } from "./proof.ts";
import { startWire, type Wire } from "./proxy.ts";
import { ended, type ProvedServer, startServer } from "./server.ts";
import { newTally, prepareGround, write } from "./writers.ts";

const writers = 8;

export const cut: Proof = {
  name: "cut",
  says: "Two servers on one database and every wire between them cut at random: each wish is done once, whichever server is asked.",
  prove: async (wish) => {
    const server = await startServer();
    try {
      return [await prove(server, wish)];
    } finally {
      await server.stop();
    }
  },
};

async function prove(server: ProvedServer, wish: Wish) {
  const ground = await prepareGround(server);
  const toDatabase = await startWire({ path: `${server.socket()}/.s.PGSQL.5432` });
  const twin = await server.twin({ DATABASE_URL: `postgresql://heartwood_owner@127.0.0.1:${toDatabase.port}/heartwood` });
  const toFirst = await startWire({ port: server.port, host: "127.0.0.1" });
  const toTwin = await startWire({ port: Number(new URL(twin.origin).port), host: "127.0.0.1" });
  const wires: readonly (readonly [string, Wire])[] = [
    ["twin to database", toDatabase],
    ["clients to server", toFirst],
    ["clients to twin", toTwin],
  ];
  try {
    const random = randomFrom(wish.seed);
    const tally = newTally();
    let goesOn = true;
    const origins = [toFirst, toTwin].map((wire) => `http://127.0.0.1:${wire.port}`);
    const writing = Array.from({ length: writers }, (_, index) => {
      const chance = randomFrom(wish.seed + 2000 + index);
      return write({ origin: () => chance.pick(origins), token: server.token, ground, random: chance, tally, goesOn: () => goesOn });
    });
    const rounds = sizeOf(wish, "rounds", 200, 12);
    let cuts = 0;
    for (let round = 0; round < rounds; round++) {
      await pause(50 + random.upTo(400));
      const [name, wire] = random.pick(wires);
      if (random.upTo(8) === 0) {
        wire.swallow(true);
        await pause(500 + random.upTo(2000));
        wire.swallow(false);
        wish.say(`round ${round + 1} of ${rounds}: ${name} swallowed for a while`);
      } else cuts += wire.cut();
      if (round % 20 === 19) wish.say(`round ${round + 1} of ${rounds}: ${cuts} connections cut, ${tally.acknowledged.size} acknowledged`);
    }
    goesOn = false;
    await Promise.all(writing);
    const counted = await count(server, tally);
    const figures = { rounds, connectionsCut: cuts, acknowledged: tally.acknowledged.size, sentAgain: tally.again, seed: wish.seed };
    const { lost, doubled, unbalanced } = counted;
    const longestWaitMilliseconds = Math.round(tally.longest);
    return verdict(cut.says, { ...figures, lost, doubled, unbalanced, longestWaitMilliseconds }, [...counted.breaks, ...server.faults()]);
  } finally {
    await ended(twin.child);
    await Promise.all(wires.map(([, wire]) => wire.close()));
  }
}
