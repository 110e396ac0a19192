// The virus scanner (ASVS 5.4.3): what strangers bring in is given to ClamAV's daemon before it is kept, by its INSTREAM command as
// clamd(8) describes it. Which one, the operator says; without one nothing is scanned, and one that gives no verdict lets nothing in.
import { connect } from "node:net";
import { Refusal } from "../../kernel/refusal.ts";
import { houseRefusals } from "../funnel/denial.ts";

type Where = { readonly path: string } | { readonly host: string; readonly port: number };

const scanMilliseconds = 30_000;
const greetMilliseconds = 2_000;
const answerMost = 4_000;

let scanner: Where | undefined;

/** Said once at the start: `host:port` or the path of a socket. @throws RangeError when it is neither. */
export function scanBy(place: string | undefined): void {
  scanner = place ? whereIs(place) : undefined;
}

function whereIs(place: string): Where {
  if (place.startsWith("/")) return { path: place };
  const [, host = "", port = ""] = /^(\[[0-9a-f:]+\]|[\w.-]+):(\d{1,5})$/i.exec(place) ?? [];
  if (host === "" || Number(port) < 1 || Number(port) > 65_535) {
    throw new RangeError(`HEARTWOOD_CLAMD is "${place}", which is neither host:port nor the path of a socket`);
  }
  return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
}

/** What the scanner found in it; undefined when it is clean, or when the house has no scanner. Refuses `scannerSilent`. */
export async function foundIn(bytes: Uint8Array): Promise<string | undefined> {
  if (!scanner) return undefined;
  const size = Buffer.alloc(4);
  size.writeUInt32BE(bytes.length);
  const stream = bytes.length === 0 ? [Buffer.alloc(4)] : [size, bytes, Buffer.alloc(4)];
  const verdict = await asked(scanner, "INSTREAM", scanMilliseconds, stream).catch((error: Error) => error);
  if (verdict === "stream: OK") return undefined;
  const [, found] = (typeof verdict === "string" && /^stream: (.{1,200}) FOUND$/.exec(verdict)) || [];
  if (found !== undefined) return found;
  const silent = new Refusal("scannerSilent", houseRefusals["scannerSilent"]!);
  // For the log alone.
  silent.cause = typeof verdict === "string" ? verdict : verdict.message;
  throw silent;
}

export interface ScannerSeen {
  /** Undefined when it does not answer. */
  readonly version: string | undefined;
  /** Of what it knows. */
  readonly knownAt: Date | undefined;
}

/** How the scanner is; undefined when the house has none. */
export async function scannerSeen(): Promise<ScannerSeen | undefined> {
  if (!scanner) return undefined;
  const version = await asked(scanner, "VERSION", greetMilliseconds).catch(() => undefined);
  // `ClamAV 1.4.2/27500/Sun Jan  5 09:35:43 2025`
  const known = Date.parse(`${version?.split("/")[2] ?? ""} UTC`);
  return { version: version?.split("/")[0], knownAt: Number.isNaN(known) ? undefined : new Date(known) };
}

/** One command on a connection of its own; the answer ends with a null byte, like the command. */
function asked(where: Where, command: string, milliseconds: number, stream: readonly Uint8Array[] = []): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    let fault = new Error("it closed the connection without an answer");
    const socket = connect(where);
    const patience = setTimeout(() => socket.destroy(new Error("it did not answer in time")), milliseconds);
    socket.setEncoding("utf8").on("data", (text: string) => {
      answer += text;
      if (answer.includes("\0") || answer.length > answerMost) socket.destroy();
    });
    // It may answer and close before it has been sent everything; then the answer counts.
    socket.on("error", (error) => {
      fault = error;
    });
    socket.on("close", () => {
      clearTimeout(patience);
      if (answer.includes("\0")) resolve(answer.slice(0, answer.indexOf("\0")).trim());
      else reject(fault);
    });
    socket.write(`z${command}\0`);
    for (const piece of stream) socket.write(piece);
  });
}
