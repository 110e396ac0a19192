// A virus scanner for tests: speaks ClamAV's INSTREAM and VERSION over TCP as clamd(8) publishes them, and knows the EICAR test file.
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";

/** The test file that every scanner knows; put together here so that none takes offence at this repository. */
export const eicar = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!", "$H+H*"].join("");

export interface TestScanner {
  readonly place: string;
  /** What it was given, whole. */
  readonly given: Buffer[];
  close(): Promise<void>;
}

/** With `answer` it says that, whatever it is given; undefined is silence. */
export async function openScanner(
  { answer, version = "ClamAV 1.4.3/27900/Fri Nov 20 08:30:00 2026" } = {} as {
    answer?: (bytes: Buffer) => string | undefined;
    version?: string;
  },
): Promise<TestScanner> {
  const given: Buffer[] = [];
  const verdict = answer ?? ((bytes: Buffer) => `stream: ${bytes.includes(eicar) ? "Eicar-Test-Signature FOUND" : "OK"}`);
  const server = createServer((socket) => {
    let heard = Buffer.alloc(0);
    socket.on("error", () => undefined);
    socket.on("data", (piece: Buffer) => {
      heard = Buffer.concat([heard, piece]);
      const end = heard.indexOf(0);
      const command = heard.subarray(0, end).toString();
      if (command === "zVERSION") socket.end(`${version}\0`);
      if (command !== "zINSTREAM") return;
      const bytes = streamed(heard.subarray(end + 1));
      if (!bytes) return;
      given.push(bytes);
      const said = verdict(bytes);
      if (said !== undefined) socket.end(`${said}\0`);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { place: `127.0.0.1:${port}`, given, close: async () => void (await new Promise((done) => server.close(done))) };
}

/** Pieces, each after its length in four bytes, until one of no length; undefined while it has not come. */
function streamed(text: Buffer): Buffer | undefined {
  const pieces: Buffer[] = [];
  for (let at = 0; at + 4 <= text.length;) {
    const length = text.readUInt32BE(at);
    if (length === 0) return Buffer.concat(pieces);
    pieces.push(text.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return undefined;
}
