// From what was typed to what the house takes: amounts, days, records by their names, files uploaded on the way.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { kebab, type Option } from "./arguments.ts";
import { Misuse } from "./answer.ts";
import type { Connection } from "./connection.ts";
import { type Column, type Command, isNullable, kindOf, present, type Reference, type Schema } from "./reference.ts";
import { Records } from "./records.ts";

export interface Outside {
  /** Everything on standard input, as text. */
  stdin(): Promise<string>;
  readFile(path: string): Promise<Uint8Array>;
}

export const outside: Outside = {
  stdin: async () => {
    const parts: Buffer[] = [];
    for await (const part of process.stdin) parts.push(Buffer.from(part as Uint8Array));
    return Buffer.concat(parts).toString("utf8");
  },
  // A dash is standard input, as everywhere: `heartwood office mail receive - < mail.eml`.
  readFile: (path) => readFile(path === "-" ? "/dev/stdin" : path),
};

export interface Given {
  /** Words after the command. */
  readonly words: readonly string[];
  /** Options that are fields. */
  readonly options: readonly Option[];
  /** The value of `--input`. */
  readonly input: string | undefined;
}

export interface Maker {
  readonly command: Command;
  readonly reference: Reference;
  readonly connection: Connection;
  readonly outside: Outside;
}

export async function inputFor(given: Given, maker: Maker): Promise<Record<string, unknown>> {
  const { command } = maker;
  const input: Record<string, unknown> = given.input === undefined ? {} : await objectIn(given.input, maker.outside);
  for (const { name, value } of given.options) place(input, name, value, maker);
  placeWords(input, given.words, command);
  const making = new Making(maker);
  const made: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(input)) {
    const schema = command.fields[name];
    if (name === "filter" && command.isList) made[name] = await making.filter(value);
    else made[name] = schema ? await making.value(value, schema, name, name === command.target ? command.on : undefined) : value;
  }
  const missing = command.required.filter((name) => made[name] === undefined);
  if (missing.length > 0) {
    const options = missing.map((name) => (name === command.target ? `a ${command.words[1]}` : `--${kebab(name)}`));
    throw new Misuse(`Still needed: ${options.join(", ")}. See: heartwood ${command.words.join(" ")} --help`);
  }
  return made;
}

async function objectIn(source: string, { stdin, readFile: read }: Outside): Promise<Record<string, unknown>> {
  const text = source === "-" ? await stdin() : Buffer.from(await read(source).catch(() => misread(source))).toString("utf8");
  const value = jsonIn(text, source === "-" ? "standard input" : source);
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Misuse(`${source} must hold a JSON object.`);
  return value as Record<string, unknown>;
}

const misread = (path: string): never => {
  throw new Misuse(`The file ${path} cannot be read. Check its name.`);
};

function jsonIn(text: string, source: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Misuse(`${source} is not JSON: ${(error as Error).message}`);
  }
}

/** The field that an option names: `--person-id`, `--person` or `--personId`; a column of a list is a filter on it. */
export function fieldOf(
  option: string,
  command: Command,
  reference: Reference,
): { path: string[]; schema: Schema | undefined } | undefined {
  const [first = "", ...rest] = option.split(".");
  const name = Object.keys(command.fields).find((field) => matches(first, field));
  if (name !== undefined) {
    let schema: Schema | undefined = command.fields[name];
    for (const part of rest) schema = schema && present(schema).properties?.[part];
    return { path: [name, ...rest], schema };
  }
  const register = command.isList ? reference.registers.get(command.words.length > 0 ? registerName(command) : "") : undefined;
  const column = register?.columns.find((one) => matches(first, one.name));
  return column && { path: ["filter", column.name], schema: undefined };
}

export const registerName = (command: Command): string => command.name.split(".").slice(0, 2).join(".");

const matches = (option: string, field: string): boolean =>
  option === field || option === kebab(field) || (field.endsWith("Id") && option === kebab(field.slice(0, -2)));

/** Whether an option takes no value. */
export const isFlag = (option: string, command: Command, reference: Reference): boolean => {
  const schema = fieldOf(option.replace(/^no-/, ""), command, reference)?.schema;
  return schema !== undefined && kindOf(schema) === "boolean";
};

function place(input: Record<string, unknown>, name: string, value: string | undefined, { command, reference }: Maker): void {
  if (name === "filter" && value !== undefined && "filter" in command.fields && !value.startsWith("{")) {
    const [, column = "", wanted = ""] = /^([^=]+)=([^]*)$/.exec(value) ?? [];
    if (!column) throw new Misuse("A filter is written as --filter column=value.");
    return put(input, ["filter", column], wanted);
  }
  const field = fieldOf(name, command, reference);
  if (!field) {
    const negated = name.startsWith("no-") ? fieldOf(name.slice(3), command, reference) : undefined;
    if (negated && value === undefined) return put(input, negated.path, false);
    throw new Misuse(`There is no option --${name} here. See: heartwood ${command.words.join(" ")} --help`);
  }
  if (value === undefined) {
    if (!field.schema || kindOf(field.schema) !== "boolean") throw new Misuse(`--${name} needs a value.`);
    return put(input, field.path, true);
  }
  const [last] = field.path.slice(-1);
  const holder = field.path.slice(0, -1).reduce<unknown>((inner, part) => (inner as Record<string, unknown> | undefined)?.[part], input);
  const earlier = (holder as Record<string, unknown> | undefined)?.[last!];
  const repeats = field.schema !== undefined && kindOf(field.schema) === "array" && !/^[[@]/.test(value);
  put(input, field.path, repeats ? [...(Array.isArray(earlier) ? (earlier as unknown[]) : []), value] : value);
}

function put(input: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [first, ...rest] = path;
  if (rest.length === 0) input[first!] = value;
  else {
    const inner = { ...(input[first!] as Record<string, unknown> | undefined) };
    put(inner, rest, value);
    input[first!] = inner;
  }
}

/** Words stand for the record it acts on, then for a file; on a list they are what to search for. */
function placeWords(input: Record<string, unknown>, words: readonly string[], command: Command): void {
  const left = [...words];
  const target = command.target ?? command.idField;
  if (target && input[target] === undefined && left.length > 0) input[target] = left.shift();
  const file = Object.entries(command.fields).find(([name, schema]) => kindOf(schema) === "file" && input[name] === undefined)?.[0];
  if (file && left.length > 0) input[file] = left.shift();
  if (command.isList && left.length > 0) input["search"] = left.splice(0).join(" ");
  if (left.length > 0) throw new Misuse(`Not understood: ${left.join(" ")}. See: heartwood ${command.words.join(" ")} --help`);
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Turns values into what their fields take, one by one. */
class Making {
  private readonly maker: Maker;
  private readonly records: Records;

  constructor(maker: Maker) {
    this.maker = maker;
    this.records = new Records(maker.reference, maker.connection);
  }

  /** @param on the register of the record, where the field itself does not say. */
  async value(value: unknown, schema: Schema, name: string, on?: string): Promise<unknown> {
    const inner = present(schema);
    const kind = kindOf(schema);
    if (value === null || (value === "" && isNullable(schema))) return null;
    if (typeof value !== "string") return this.deeper(value, inner, name);
    if (kind === "array" || kind === "object" || kind === "json") return this.deeper(await this.structured(value, kind, name), inner, name);
    if (kind === "ref" || (kind === "id" && on)) return uuid.test(value) ? value : this.records.idOf(inner["x-ref"] ?? on!, value);
    if (kind === "file") return uuid.test(value) ? value : this.upload(value);
    if (kind === "money") return moneyOf(value, name);
    if (kind === "day") return this.dayOf(value);
    if (kind === "integer" || kind === "number") return Number.isFinite(Number(value)) && value.trim() !== "" ? Number(value) : value;
    if (kind === "boolean") return value === "true" || value === "yes" ? true : value === "false" || value === "no" ? false : value;
    return value;
  }

  /** Conditions on columns of a list: records by their names, days like `>=today`, amounts in whole units. */
  async filter(value: unknown): Promise<unknown> {
    const conditions = typeof value === "string" ? await this.structured(value, "object", "filter") : value;
    if (conditions === null || typeof conditions !== "object") return conditions;
    const columns = this.maker.reference.registers.get(registerName(this.maker.command))?.columns ?? [];
    const made: [string, unknown][] = [];
    for (const [name, wanted] of Object.entries(conditions)) {
      const column = columns.find((one) => one.name === name || kebab(one.name) === name);
      const [, sign = "", text = ""] = /^(<=|>=|<|>|!|~)?([^]*)$/.exec(String(wanted))!;
      made.push([column?.name ?? name, sign === "~" || text === "" ? wanted : sign + (await this.condition(text, column))]);
    }
    return Object.fromEntries(made);
  }

  private async condition(text: string, column: Column | undefined): Promise<string> {
    if (column?.kind === "day") return this.dayOf(text);
    if (column?.kind === "money") return /^-?\d+$/.test(text) ? `${text}.00` : text.toUpperCase();
    if (column?.kind === "ref" && column.ref && !uuid.test(text)) return this.records.idOf(column.ref, text);
    return text;
  }

  private async deeper(value: unknown, schema: Schema, name: string): Promise<unknown> {
    if (Array.isArray(value)) {
      const made: unknown[] = [];
      for (const one of value as unknown[]) made.push(schema.items ? await this.value(one, schema.items, name) : one);
      return made;
    }
    if (value === null || typeof value !== "object" || schema["x-kind"] === "money") return value;
    const entries: [string, unknown][] = [];
    for (const [key, one] of Object.entries(value)) {
      const own = schema.properties?.[key];
      entries.push([key, own ? await this.value(one, own, key) : one]);
    }
    return Object.fromEntries(entries);
  }

  private async structured(text: string, kind: string, name: string): Promise<unknown> {
    if (text.startsWith("@")) return jsonIn(await this.textOf(text.slice(1)), text.slice(1));
    if (/^\s*[[{]/.test(text)) return jsonIn(text, `--${kebab(name)}`);
    if (kind === "array") return [text];
    if (kind === "json") return text;
    throw new Misuse(`--${kebab(name)} takes JSON, or @FILE.json.`);
  }

  private async textOf(path: string): Promise<string> {
    return Buffer.from(await this.maker.outside.readFile(path).catch(() => misread(path))).toString("utf8");
  }

  private async upload(path: string): Promise<string> {
    const bytes = await this.maker.outside.readFile(path).catch(() => misread(path));
    const form = new FormData();
    form.append("file", new Blob([new Uint8Array(bytes)]), basename(path));
    const { id } = (await this.maker.connection.json({ method: "POST", path: "/api/v1/files", body: form })) as { id: string };
    return id;
  }

  private async dayOf(text: string): Promise<string> {
    const days = ({ yesterday: -1, today: 0, tomorrow: 1 } as Readonly<Record<string, number>>)[text];
    if (days === undefined) return text;
    // Today is the company's day, which only the house knows.
    const { today } = await this.records.me();
    return new Date(Date.parse(`${today}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
  }
}

function moneyOf(text: string, name: string): unknown {
  if (text.trimStart().startsWith("{")) return jsonIn(text, `--${kebab(name)}`);
  const parts = /^\s*(?:([A-Za-z]{3})\s*)?(-?[\d.]+)(?:\s*([A-Za-z]{3}))?\s*$/.exec(text);
  const currency = parts?.[1] ?? parts?.[3];
  if (!parts || !currency) throw new Misuse(`--${kebab(name)} takes an amount with its currency, like "12.50 EUR".`);
  return { amount: parts[2], currency: currency.toUpperCase() };
}
