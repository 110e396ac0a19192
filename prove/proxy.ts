// A wire that can be cut: it stands between two parties and passes on what they say, until it is told to cut or to swallow.
import { connect, createServer, type NetConnectOpts, type Socket } from "node:net";
import { freePort } from "./server.ts";

export interface Wire {
  readonly port: number;
  /** Cuts everybody who is connected, in the middle of whatever they say; how many those were. */
  cut(): number;
  /** While true nothing that is said arrives, and nobody is told. */
  swallow(does: boolean): void;
  close(): Promise<void>;
}

/** To one place for good, or to wherever it is now for each who comes. */
export async function startWire(target: NetConnectOpts | (() => NetConnectOpts)): Promise<Wire> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let swallows = false;
  const server = createServer((near) => {
    const far = connect(typeof target === "function" ? target() : target);
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    near.on("data", (chunk) => void (swallows || far.write(chunk)));
    far.on("data", (chunk) => void (swallows || near.write(chunk)));
    for (const socket of pair) socket.on("close", end).on("error", end);
  });
  const port = await freePort();
  await new Promise<void>((settle) => void server.listen(port, "127.0.0.1", settle));
  const cut = (): number => {
    const cutNow = pairs.size;
    for (const [near, far] of pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
    return cutNow;
  };
  return {
    port,
    cut,
    swallow: (does) => {
      // What was swallowed is gone: those who waited for it are cut when the wire is whole again.
      if (swallows && !does) cut();
      swallows = does;
    },
    close: async () => {
      cut();
      await new Promise((settle) => server.close(settle));
    },
  };
}
