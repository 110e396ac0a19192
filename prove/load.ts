// Load: people signed in and working, beside an empty route of the same server in the same run; then the same people beside clients that
// send and read by drops, huge exports and long reports, which must starve nobody.
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { inviteColleagues, type Kind, newSeen, percentile, type Seen, work } from "./people.ts";
import { type Proof, sizeOf, verdict, type Verdict, type Wish } from "./proof.ts";
import { type ProvedServer, startServer } from "./server.ts";
import { prepareGround } from "./writers.ts";

const works = "People at work are never answered badly, and the server's memory stays flat.";
const starves = "A client by drops, a huge export and a long report starve nobody.";

export const load: Proof = {
  name: "load",
  says: works,
  prove: async (wish) => {
    const server = await startServer();
    try {
      return await prove(server, wish);
    } finally {
      await server.stop();
    }
  },
};

async function prove(server: ProvedServer, wish: Wish): Promise<readonly Verdict[]> {
  const isFull = wish.scale === "full";
  const people = sizeOf(wish, "people", 500, 20);
  const seconds = sizeOf(wish, "seconds", 600, 8);
  const ground = await prepareGround(server);
  const colleagues = await inviteColleagues(server, people);
  wish.say(`${people} people are signed in`);
  let seen = newSeen();
  let goesOn = true;
  const thinkMilliseconds = isFull ? 5000 : 400;
  const working = colleagues.map((colleague, index) =>
    work({ server, ground, colleague, seed: wish.seed + index, thinkMilliseconds, seen: () => seen, goesOn: () => goesOn }),
  );
  const calm = seen;
  const memory = await watchMemory(server, seconds, wish);
  seen = newSeen();
  const beside = seen;
  wish.say("now beside slow clients, exports and reports");
  const nuisances = await annoy(server, isFull ? 60 : 6);
  goesOn = false;
  await Promise.all(working);
  return [
    verdict(works, { people, seconds, ...figuresOf(calm), ...memory.figures, seed: wish.seed }, [...calm.bad, ...memory.breaks]),
    verdict(starves, { people, ...nuisances, ...figuresOf(beside) }, [...beside.bad, ...starved(calm, beside)]),
  ];
}

const all = (seen: Seen): number[] => [...seen.times].flatMap(([kind, times]) => (kind === "empty" ? [] : times));

function figuresOf(seen: Seen): Record<string, number | string> {
  const answered = [...seen.times.values()].reduce((sum, times) => sum + times.length, 0);
  const line = (times: readonly number[]): string => [0.5, 0.95, 0.99].map((share) => percentile(times, share).toFixed(1)).join(" / ");
  const kinds: readonly Kind[] = ["list", "record", "search", "report", "write", "empty"];
  return { answered, bad: seen.bad.length, ...Object.fromEntries(kinds.map((kind) => [kind, line(seen.times.get(kind) ?? [])])) };
}

/** Resident memory, looked at every second; the first fifth of the time is warming up. */
async function watchMemory(server: ProvedServer, seconds: number, wish: Wish) {
  const seen: number[] = [];
  for (let second = 0; second < seconds; second++) {
    await pause(1000);
    const status = readFileSync(`/proc/${server.child().pid}/status`, "utf8");
    seen.push(Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024);
    if (second % 30 === 29) wish.say(`${second + 1} s: ${Math.round(seen.at(-1)!)} MB`);
  }
  const warm = seen.slice(Math.floor(seen.length / 5));
  const half = Math.floor(warm.length / 2);
  const [early, late] = [percentile(warm.slice(0, half), 0.5), percentile(warm.slice(half), 0.5)];
  const figures = { megabytesEarly: Math.round(early), megabytesLate: Math.round(late), megabytesMost: Math.round(Math.max(...seen)) };
  // In a short run the engine still fills its heap; over minutes the second half must not need more than the first.
  const isFlat = seconds < 120 || late < early * 1.25;
  return { figures, breaks: isFlat ? [] : [`memory went from ${figures.megabytesEarly} to ${figures.megabytesLate} MB`] };
}

/** For some seconds: forty requests that never end, ten readers that never read, exports and reports one after the other. */
async function annoy(server: ProvedServer, seconds: number): Promise<Record<string, number>> {
  const sockets: Socket[] = [];
  const open = (): Socket => {
    const socket = connect(server.port, "127.0.0.1").on("error", () => undefined);
    sockets.push(socket);
    return socket;
  };
  const head = `host: x\r\nauthorization: Bearer ${server.token}\r\n`;
  const dripping = Array.from({ length: 40 }, open);
  for (const socket of dripping) socket.write(`POST /api/v1/office/tasks HTTP/1.1\r\n${head}`);
  for (let index = 0; index < 10; index++) open().pause().write(`GET /api/v1/finance/journal-lines?format=csv HTTP/1.1\r\n${head}\r\n`);
  const until = performance.now() + seconds * 1000;
  let exportsMade = 0;
  let reports = 0;
  const year = new Date().getUTCFullYear();
  const exporting = async (): Promise<void> => {
    while (performance.now() < until) {
      await read(server, "/api/v1/finance/journal-lines?format=csv");
      exportsMade += 1;
    }
  };
  const reporting = async (): Promise<void> => {
    while (performance.now() < until) {
      await read(server, "/api/v1/platform/laws/check");
      await read(server, `/api/v1/finance/trial-balance?asOf=${year}-12-31`);
      reports += 2;
    }
  };
  const drip = setInterval(() => dripping.forEach((socket) => socket.writable && socket.write("x-drop: 1\r\n")), 500);
  await Promise.all([exporting(), reporting()]);
  clearInterval(drip);
  sockets.forEach((socket) => socket.destroy());
  return { slowClients: sockets.length, exports: exportsMade, reports };
}

async function read(server: ProvedServer, path: string): Promise<void> {
  const response = await fetch(`${server.origin}${path}`, { headers: { authorization: `Bearer ${server.token}` } });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
}

/** Nobody may wait for ever: what half of the people wait stays within a second, or within five times what it was when it was calm. */
function starved(calm: Seen, beside: Seen): string[] {
  const [usual, now] = [percentile(all(calm), 0.5), percentile(all(beside), 0.5)];
  return now > Math.max(1000, usual * 5)
    ? [`half of the answers took more than ${Math.round(now)} ms; before it was ${Math.round(usual)} ms`]
    : [];
}
