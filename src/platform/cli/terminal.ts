// What a command is given to work with: the terminal it writes to, and the wishes that were typed with it.
import { join } from "node:path";
import type { Typed } from "./arguments.ts";
import { Connection, type World } from "./connection.ts";
import { type Outside, outside } from "./input.ts";

export interface Terminal extends World {
  /** Where Heartwood is checked out. */
  readonly root: string;
  readonly outside: Outside;
  /** Columns, when a person is looking. */
  readonly width: number | undefined;
  out(text: string | Uint8Array): void;
  err(text: string): void;
}

export interface Wishes {
  readonly typed: Typed;
  has(flag: string): boolean;
  last(option: string): string | undefined;
}

export const wishesIn = (typed: Typed): Wishes => ({
  typed,
  has: (flag) => typed.options.some(({ name, value }) => name === flag && value !== "false"),
  last: (option) => typed.options.findLast(({ name }) => name === option)?.value,
});

export const connectionFor = (wishes: Wishes, terminal: Terminal): Connection =>
  new Connection(terminal, { as: wishes.last("as"), tenant: wishes.last("tenant") });

/** The terminal of this process. */
export const thisTerminal = (root: string): Terminal => ({
  root,
  env: process.env,
  usualData: join(root, ".heartwood"),
  outside,
  width: process.stdout.isTTY ? process.stdout.columns : undefined,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
});
