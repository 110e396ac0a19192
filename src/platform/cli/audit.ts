// `heartwood audit`: verifies the trail of a running house, writes it into a file, and verifies such a file with no house at all.
import { createReadStream, createWriteStream, existsSync, readFileSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { once } from "node:events";
import { checkTrailFile } from "../audit/file.ts";
import { type Head, headIn, headText } from "../audit/chain.ts";
import { exitCodes, Misuse } from "./answer.ts";
import { connectionFor, type Terminal, type Wishes } from "./terminal.ts";

const usage = `heartwood audit verify [--heads FILE] [--head 12:HASH]              the trail of the running house
heartwood audit verify --file trail.jsonl [--heads FILE]            a file, without any house
heartwood audit export --output trail.jsonl

Keep the head where nobody who owns the database can reach it: --heads FILE checks every head it holds and adds the newest.`;

interface Outcome {
  readonly blocks: number;
  readonly rows: number;
  readonly unsealed?: number;
  readonly head: string | null;
  readonly breaks: readonly string[];
}

export async function audit(wishes: Wishes, terminal: Terminal): Promise<number> {
  const verb = wishes.typed.words[1];
  if (verb === "verify") return verify(wishes, terminal);
  if (verb === "export") return write(wishes, terminal);
  throw new Misuse(usage);
}

async function verify(wishes: Wishes, terminal: Terminal): Promise<number> {
  const keptIn = wishes.last("heads");
  const kept = [...headsIn(keptIn), ...wishes.typed.options.filter(({ name }) => name === "head").map(({ value }) => headOf(value ?? ""))];
  const file = wishes.last("file");
  const outcome = file === undefined ? await ofHouse(kept, wishes, terminal) : await ofFile(file, kept);
  if (wishes.has("json")) terminal.out(`${JSON.stringify(outcome, undefined, 2)}\n`);
  else terminal.out(wordsFor(outcome));
  const holds = outcome.breaks.length === 0;
  if (holds && keptIn && outcome.head && !kept.some((head) => headText(head) === outcome.head))
    await appendFile(keptIn, `${outcome.head}\n`);
  return holds ? exitCodes.done : exitCodes.failed;
}

function headsIn(file: string | undefined): Head[] {
  if (file === undefined || !existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(headOf);
}

function headOf(text: string): Head {
  const head = headIn(text);
  if (!head) throw new Misuse(`"${text}" is no head; a head looks like 12:5f… and is printed by: heartwood audit verify`);
  return head;
}

const headsAtOnce = 100;

async function ofHouse(kept: readonly Head[], wishes: Wishes, terminal: Terminal): Promise<Outcome> {
  const query = new URLSearchParams(kept.slice(-headsAtOnce).map((head) => ["heads", headText(head)]));
  return (await connectionFor(wishes, terminal).json({ method: "GET", path: "/api/v1/platform/audits/verify", query })) as Outcome;
}

async function ofFile(file: string, kept: readonly Head[]): Promise<Outcome> {
  if (!existsSync(file)) throw new Misuse(`There is no file ${file}.`);
  const { blocks, rows, head, breaks } = await checkTrailFile(
    createInterface({ input: createReadStream(file), crlfDelay: Infinity }),
    kept,
  );
  return { blocks, rows, head: head ? headText(head) : null, breaks };
}

function wordsFor({ blocks, rows, unsealed, head, breaks }: Outcome): string {
  const lines = [...breaks, ...(breaks.length > 0 ? [""] : [])];
  lines.push(breaks.length === 0 ? `The trail holds: ${rows} rows in ${blocks} blocks.` : `The trail was bent: ${breaks.length} breaks.`);
  if (unsealed) lines.push(`${unsealed} rows of the last moments are not sealed yet.`);
  lines.push(head ? `Head, to be kept elsewhere: ${head}` : "Nothing is sealed yet.");
  return `${lines.join("\n")}\n`;
}

async function write(wishes: Wishes, terminal: Terminal): Promise<number> {
  const path = wishes.last("output");
  const connection = connectionFor(wishes, terminal);
  const out = path === undefined ? undefined : createWriteStream(path, { mode: 0o600 });
  let cursor: string | null = "";
  let count = 0;
  while (cursor !== null) {
    const query = new URLSearchParams(cursor === "" ? {} : { cursor });
    const page = (await connection.json({ method: "GET", path: "/api/v1/platform/audits/export", query })) as {
      lines: string[];
      next: string | null;
    };
    for (const line of page.lines) {
      count += 1;
      if (!out) terminal.out(`${line}\n`);
      else if (!out.write(`${line}\n`)) await once(out, "drain");
    }
    cursor = page.next;
  }
  if (!out) return exitCodes.done;
  out.end();
  await once(out, "finish");
  terminal.err(`${count} lines written to ${path}. Check them anywhere with: heartwood audit verify --file ${path}\n`);
  return exitCodes.done;
}
