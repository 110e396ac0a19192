// The command line: one command in, one answer out. It knows nothing but what the house's own reference says.
import { writeFile } from "node:fs/promises";
import { audit } from "./audit.ts";
import { operate } from "./backup.ts";
import { houseFlags, houseOptions, nearest, readTyped } from "./arguments.ts";
import { exitCodes, Misuse, sayNo } from "./answer.ts";
import type { Asked, Connection } from "./connection.ts";
import { doctor, login, rememberPerson, start, whoami } from "./house.ts";
import { helpAll, helpAlone, helpCommand, helpModule, helpSubject } from "./help.ts";
import { inputFor, isFlag, registerName } from "./input.ts";
import { type Command, type Reference, referenceOf } from "./reference.ts";
import { columnsIn, plain, showList, showRecord } from "./show.ts";
import { connectionFor, type Terminal, type Wishes, wishesIn } from "./terminal.ts";

/** Runs one command and gives its exit code. */
export async function main(tokens: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await run(tokens, terminal);
  } catch (error) {
    const { code, text } = sayNo(error);
    terminal.err(`${plain(text)}\n`);
    return code;
  }
}

const ownCommands: Readonly<Record<string, (wishes: Wishes, terminal: Terminal) => Promise<number>>> = {
  start,
  login,
  as: rememberPerson,
  doctor,
  audit,
  backup: operate,
  restore: operate,
  key: operate,
  whoami,
};

async function run(tokens: readonly string[], terminal: Terminal): Promise<number> {
  const first = wishesIn(readTyped(tokens, () => false));
  const own = ownCommands[first.typed.words[0] ?? ""];
  if (own) return own(first, terminal);
  const [module, subject, verb] = first.typed.words;
  if (module === undefined) return firstHelp(first, terminal);
  const reference = await referenceOf(connectionFor(first, terminal));
  const found = find(reference, module, subject, verb);
  if (typeof found === "string") return say(terminal, found);
  const wishes = wishesIn(readTyped(tokens, (name) => isFlag(name, found, reference)));
  if (wishes.has("help")) return say(terminal, helpCommand(found));
  return carryOut(found, reference, wishes, terminal);
}

/** Whoever types nothing else is helped, even when no house answers yet. */
async function firstHelp(wishes: Wishes, terminal: Terminal): Promise<number> {
  try {
    return say(terminal, helpAll(await referenceOf(connectionFor(wishes, terminal))));
  } catch (error) {
    if (!(error instanceof Misuse)) throw error;
    return say(terminal, `${helpAlone}\n\n${error.message}`);
  }
}

const say = (terminal: Terminal, text: string): number => {
  terminal.out(`${text}\n`);
  return exitCodes.done;
};

/** The command, or the help for as much of it as was typed. */
function find(reference: Reference, module: string, subject: string | undefined, verb: string | undefined): Command | string {
  const inModule = reference.commands.filter(({ words }) => words[0] === module);
  if (inModule.length === 0)
    throw unknown(
      `department ${module}`,
      module,
      reference.modules.map(({ word }) => word),
      "",
    );
  if (subject === undefined) return helpModule(reference, module);
  const inSubject = inModule.filter(({ words }) => words[1] === subject);
  if (inSubject.length === 0)
    throw unknown(
      `${subject} in ${module}`,
      subject,
      inModule.map(({ words }) => words[1]),
      module,
    );
  if (verb === undefined) return helpSubject(reference, module, subject);
  const command = inSubject.find(({ words }) => words[2] === verb);
  if (!command)
    throw unknown(
      `${verb} for ${module} ${subject}`,
      verb,
      inSubject.map(({ words }) => words[2]),
      `${module} ${subject}`,
    );
  return command;
}

function unknown(what: string, word: string, among: readonly string[], before: string): Misuse {
  const near = nearest(word, [...new Set(among)]);
  const hint = near ? ` Did you mean ${near}?` : "";
  return new Misuse(`There is no ${what}.${hint} See: heartwood ${before}`.trim());
}

async function carryOut(command: Command, reference: Reference, wishes: Wishes, terminal: Terminal): Promise<number> {
  const connection = connectionFor(wishes, terminal);
  const options = wishes.typed.options.filter(({ name }) => isOfOperation(name, command));
  const given = { words: wishes.typed.words.slice(3), options, input: wishes.last("input") };
  const input = await inputFor(given, { command, reference, connection, outside: terminal.outside });
  const dryRun = wishes.has("dry-run");
  if (dryRun && command.kind === "read") throw new Misuse("Only a write can be tried with --dry-run; this only reads.");
  const asFile = "format" in command.fields ? undefined : wishes.last("format");
  const asked = askedFor(command, input, headersOf(wishes, command, dryRun), asFile);
  if (asFile && asFile !== "json") {
    return give(new Uint8Array(await (await connection.send(asked)).arrayBuffer()), wishes, terminal);
  }
  const answer = command.isList && wishes.has("all") ? await allPages(connection, asked) : await connection.json(asked);
  if (wishes.has("json")) return say(terminal, JSON.stringify(answer, undefined, 2));
  const waits = waitsIn(answer);
  if (waits !== undefined) return say(terminal, `${plain(waits)}${dryRun ? "\nNothing was kept: this was a dry run." : ""}`);
  const text = textFile(answer);
  if (text !== undefined) return give(text, wishes, terminal);
  if (wishes.last("output")) return download(answer, connection, wishes, terminal);
  show(answer, command, reference, wishes, terminal);
  if (dryRun) terminal.err("Nothing was kept: this was a dry run.\n");
  return exitCodes.done;
}

/** What the house says when a wish has to be approved first: it is kept, and done once others agree. */
function waitsIn(answer: unknown): string | undefined {
  const waits = (answer as { waitsForApproval?: { says: string; record: { id: string } | null } } | null)?.waitsForApproval;
  if (!waits) return undefined;
  return waits.record ? `${waits.says}\nSee it: heartwood office approval get ${waits.record.id}` : waits.says;
}

function askedFor(command: Command, input: Record<string, unknown>, headers: Record<string, string>, format: string | undefined): Asked {
  const { method, idField } = command;
  const id = idField && command.path.includes("{id}") ? encodeURIComponent(String(input[idField])) : undefined;
  const path = id === undefined ? command.path : command.path.replace("{id}", id);
  const rest = withoutId(input, command);
  return { method, path, headers, ...(command.kind === "read" ? { query: queryOf(rest, format) } : { body: rest }) };
}

async function allPages(connection: Connection, asked: Asked): Promise<unknown> {
  const rows: unknown[] = [];
  const query = new URLSearchParams(asked.query);
  if (!query.has("limit")) query.set("limit", "1000");
  for (;;) {
    const page = (await connection.json({ ...asked, query })) as { rows: unknown[]; next: string | null };
    rows.push(...page.rows);
    if (page.next === null) return { ...page, rows };
    query.set("cursor", page.next);
  }
}

/** Words of ours that an operation may have as a field too; the field gets them. */
const shared = new Set(["reason", "key", "format", "all", "wide"]);

const isOfOperation = (name: string, { fields }: Command): boolean =>
  (!houseFlags.has(name) && !houseOptions.has(name)) || (shared.has(name) && name in fields);

function withoutId(input: Record<string, unknown>, { idField, path }: Command): Record<string, unknown> {
  if (!idField || !path.includes("{id}")) return input;
  return Object.fromEntries(Object.entries(input).filter(([name]) => name !== idField));
}

function headersOf(wishes: Wishes, { fields }: Command, dryRun: boolean): Record<string, string> {
  const key = wishes.last("idempotency-key") ?? ("key" in fields ? undefined : wishes.last("key"));
  const reason = wishes.last("reason");
  return {
    ...(key !== undefined && { "idempotency-key": key }),
    ...(reason !== undefined && { "heartwood-reason": encodeURIComponent(reason) }),
    ...(dryRun && { "heartwood-dry-run": "true" }),
  };
}

function queryOf(input: Readonly<Record<string, unknown>>, format: string | undefined): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input)) {
    if (value === null || value === undefined) continue;
    if (name === "filter" && typeof value === "object") {
      for (const [column, wanted] of Object.entries(value)) query.append(`filter[${column}]`, String(wanted));
    } else if (Array.isArray(value))
      value.forEach((one) => query.append(name, typeof one === "object" ? JSON.stringify(one) : String(one)));
    else query.append(name, typeof value === "object" ? JSON.stringify(value) : String(value));
  }
  if (format !== undefined) query.append("format", format);
  return query;
}

/** An answer that is a text file: a journal, a statement, a payment file. */
function textFile(answer: unknown): string | undefined {
  if (answer === null || typeof answer !== "object") return undefined;
  const { text, content } = answer as { text?: unknown; content?: unknown };
  const isFile = "mediaType" in answer || "fileName" in answer || Object.keys(answer).length === 1;
  const body = typeof text === "string" ? text : content;
  return isFile && typeof body === "string" ? body : undefined;
}

async function give(file: string | Uint8Array, wishes: Wishes, terminal: Terminal): Promise<number> {
  const path = wishes.last("output");
  if (path === undefined) terminal.out(typeof file === "string" && !file.endsWith("\n") ? `${file}\n` : file);
  else {
    await writeFile(path, file);
    terminal.err(`Written to ${path}.\n`);
  }
  return exitCodes.done;
}

/** Fetches the file that an answer names. */
async function download(answer: unknown, connection: Connection, wishes: Wishes, terminal: Terminal): Promise<number> {
  const named = Object.entries((answer ?? {}) as Record<string, unknown>).find(
    ([name, value]) => /(^f|F)ileId$/.test(name) && typeof value === "string",
  );
  if (!named) throw new Misuse("This answer holds no file. Leave --output out, or ask with --format csv.");
  const response = await connection.send({ method: "GET", path: `/api/v1/files/${String(named[1])}` });
  return give(new Uint8Array(await response.arrayBuffer()), wishes, terminal);
}

function show(answer: unknown, command: Command, reference: Reference, wishes: Wishes, terminal: Terminal): void {
  const paper = { width: terminal.width, wide: wishes.has("wide") };
  const register = reference.registers.get(registerName(command));
  const titles = new Map(register?.columns.map(({ name, title }) => [name, title]));
  if (answer === null || typeof answer !== "object") return terminal.out(`${answer === null ? "Done." : plain(JSON.stringify(answer))}\n`);
  const { rows, next, count, totals, can, ...rest } = answer as Record<string, unknown>;
  if (!Array.isArray(rows)) {
    const text = showRecord(can === undefined ? (answer as Record<string, unknown>) : { ...rest }, titles, paper);
    terminal.out(`${text || (command.kind === "read" ? "Nothing." : "Done.")}\n`);
    if (Array.isArray(can) && can.length > 0) terminal.out(`\nNext:\n${nextSteps(can as string[], reference)}\n`);
    return;
  }
  const list = rows as Record<string, unknown>[];
  terminal.out(`${showList(list, command.isList && register ? register.columns : columnsIn(list), paper)}\n`);
  // Only a register's own list adds its columns up; a report's totals are part of what it says.
  const columnTotals = command.isList && Array.isArray(totals) ? (totals as { column: string; amount: string; currency: string }[]) : [];
  const sums = columnTotals.map(({ column, amount, currency }) => `${titles.get(column) ?? column}: ${amount} ${currency}`);
  const beneath = command.isList ? {} : totals === undefined ? rest : { ...rest, totals };
  if (typeof count === "number") sums.unshift(`${count} in all`);
  if (sums.length > 0) terminal.out(`\n${sums.join("; ")}\n`);
  if (Object.keys(beneath).length > 0) terminal.out(`\n${showRecord(beneath, titles, paper)}\n`);
  if (typeof next === "string") terminal.err(`There are more: --all, or --cursor '${next.replaceAll("'", `'\\''`)}'\n`);
}

const nextSteps = (names: readonly string[], reference: Reference): string =>
  names
    .flatMap((name) => reference.commands.filter((command) => command.name === name))
    .map(({ words, title }) => `  heartwood ${words.join(" ")}  (${title.toLowerCase()})`)
    .join("\n");
