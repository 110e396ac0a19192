// Clients that press on a server: a process of its own, one connection for each client, the next request as soon as the last is answered.
// Started with a plan as JSON in a file; prints how many were answered, how many of them badly, and for how long it pressed.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";

export interface LoadPlan {
  readonly port: number;
  readonly clients: number;
  readonly seconds: number;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly token: string;
  /** Bodies that are sent in turn; each POST carries a key of its own. */
  readonly bodies: readonly string[];
}

export interface LoadFigures {
  readonly answered: number;
  readonly failed: number;
  readonly seconds: number;
  /** The first bad answer, to see what is wrong. */
  readonly firstFailure: string | null;
}

const isStarted = process.argv[1]?.endsWith("load.ts");
if (isStarted) process.stdout.write(JSON.stringify(await press(JSON.parse(readFileSync(process.argv[2]!, "utf8")) as LoadPlan)));

async function press(plan: LoadPlan): Promise<LoadFigures> {
  const figures = { answered: 0, failed: 0, firstFailure: null as string | null };
  const began = performance.now();
  const until = began + plan.seconds * 1000;
  let next = Math.floor(Math.random() * plan.bodies.length);
  const request = (): string => {
    const head = `${plan.method} ${plan.path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${plan.token}\r\n`;
    if (plan.method === "GET") return `${head}\r\n`;
    next = (next + 1) % plan.bodies.length;
    const body = plan.bodies[next]!;
    const length = Buffer.byteLength(body);
    return `${head}content-type: application/json\r\nidempotency-key: ${randomUUID()}\r\ncontent-length: ${length}\r\n\r\n${body}`;
  };
  const seen = (status: string, answer: string): void => {
    if (status.startsWith("2")) figures.answered += 1;
    else {
      figures.failed += 1;
      figures.firstFailure ??= answer.slice(0, 500);
    }
  };
  await Promise.all(Array.from({ length: plan.clients }, () => client(plan.port, until, request, seen)));
  return { ...figures, seconds: (performance.now() - began) / 1000 };
}

function client(port: number, until: number, request: () => string, seen: (status: string, answer: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, "127.0.0.1");
    socket.setNoDelay(true);
    let read = "";
    socket.setEncoding("latin1");
    socket.on("connect", () => socket.write(request()));
    socket.on("error", reject);
    socket.on("data", (chunk: string) => {
      read += chunk;
      const headEnd = read.indexOf("\r\n\r\n");
      if (headEnd < 0) return;
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(read.slice(0, headEnd))?.[1] ?? 0);
      if (read.length < headEnd + 4 + length) return;
      seen(read.slice(9, 12), read);
      read = "";
      if (performance.now() < until) socket.write(request());
      else socket.end(resolve);
    });
  });
}
