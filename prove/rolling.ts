// A rolling restart behind a proxy: servers come and go, and no client is told of it.
import { type ClientRequest, createServer, type IncomingMessage, request as ask, Agent, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { randomFrom } from "../test/simulator/random.ts";
import { count } from "./count.ts";
import { type Proof, sizeOf, verdict, type Verdict, type Wish } from "./proof.ts";
import { ended, freePort, type ProvedServer, startServer } from "./server.ts";
import { newTally, prepareGround, write } from "./writers.ts";

export const rolling: Proof = {
  name: "rolling",
  says: "Servers are replaced one after the other under load, and no request is dropped.",
  prove: async (wish) => {
    // The first server only keeps the database; those behind the proxy come and go.
    const server = await startServer();
    try {
      return [await prove(server, wish)];
    } finally {
      await server.stop();
    }
  },
};

async function prove(server: ProvedServer, wish: Wish): Promise<Verdict> {
  const ground = await prepareGround(server);
  const drain = { HEARTWOOD_DRAIN_SECONDS: "1" };
  const serving = [await server.twin(drain), await server.twin(drain)];
  const proxy = await startProxy(() => serving.map((one) => one.origin));
  try {
    const tally = newTally();
    let goesOn = true;
    const writing = Array.from({ length: 8 }, (_, index) =>
      write({
        origin: () => proxy.origin,
        token: server.token,
        ground,
        random: randomFrom(wish.seed + index),
        tally,
        goesOn: () => goesOn,
      }),
    );
    const rounds = sizeOf(wish, "rounds", 12, 2);
    const breaks: string[] = [];
    for (let round = 0; round < rounds; round++) {
      await pause(500);
      const coming = await server.twin(drain);
      const [leaving] = serving.splice(0, 1, coming);
      await ended(leaving!.child);
      if (leaving!.child.exitCode !== 0) breaks.push(`a server ended with ${leaving!.child.exitCode ?? leaving!.child.signalCode}`);
      wish.say(`round ${round + 1} of ${rounds}: one server replaced, ${tally.acknowledged.size} acknowledged`);
    }
    goesOn = false;
    await Promise.all(writing);
    for (const [why, times] of tally.whys) breaks.push(`${times} requests were answered badly and sent again: ${why}`);
    const { lost, doubled, unbalanced, ...counted } = await count(server, tally);
    const figures = {
      rounds,
      acknowledged: tally.acknowledged.size,
      dropped: tally.again,
      passedOn: proxy.passedOn(),
      lost,
      doubled,
      unbalanced,
    };
    return verdict(rolling.says, { ...figures, seed: wish.seed }, [...breaks, ...counted.breaks]);
  } finally {
    await proxy.close();
    await Promise.all(serving.map((one) => ended(one.child)));
  }
}

interface Proxy {
  readonly origin: string;
  /** How many requests met a server that had just left, and were given to the next one. */
  passedOn(): number;
  close(): Promise<void>;
}

/**
 * As small as a proxy can be: it gives a request to a server in turn, and when that one is gone before it has answered, to the next. A
 * write may be given twice because it carries a key.
 */
async function startProxy(origins: () => readonly string[]): Promise<Proxy> {
  const agent = new Agent({ keepAlive: true });
  let turn = 0;
  let passedOn = 0;
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    for (let attempt = 0; attempt < 6; attempt++) {
      const all = origins();
      const answer = await pass(all[turn++ % all.length]!, incoming, body, agent);
      if (answer) {
        const { connection: _, ...headers } = answer.headers;
        outgoing.writeHead(answer.statusCode ?? 502, headers);
        answer.pipe(outgoing);
        return;
      }
      passedOn += 1;
    }
    outgoing.writeHead(502).end();
  };
  // Idle connections are for the client to close: closed here, a busy machine would send its next request into the closing.
  const server = createServer(
    { keepAliveTimeout: 0 },
    (incoming, outgoing) => void serve(incoming, outgoing).catch(() => outgoing.destroy()),
  );
  const port = await freePort();
  await new Promise<void>((settle) => void server.listen(port, "127.0.0.1", settle));
  return {
    origin: `http://127.0.0.1:${port}`,
    passedOn: () => passedOn,
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((settle) => server.close(settle));
    },
  };
}

function pass(origin: string, incoming: IncomingMessage, body: Buffer, agent: Agent): Promise<IncomingMessage | undefined> {
  return new Promise((settle) => {
    const { host: _, connection: __, ...headers } = incoming.headers;
    const sent: ClientRequest = ask(`${origin}${incoming.url}`, { method: incoming.method, headers, agent }, settle);
    sent.on("error", () => settle(undefined));
    sent.end(body);
  });
}
