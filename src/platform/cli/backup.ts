// `heartwood backup` and `heartwood restore`: handed over to the house's own tools, which know its database and its laws.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { exitCodes, Misuse } from "./answer.ts";
import { dataFolder } from "./connection.ts";
import type { Terminal, Wishes } from "./terminal.ts";

export async function operate({ typed }: Wishes, terminal: Terminal): Promise<number> {
  const script = join(terminal.root, "bin/operate.mjs");
  if (!existsSync(script)) throw new Misuse("The house is not here. Run this where Heartwood is checked out.");
  const options = typed.options.map(({ name, value }) => (value === undefined ? `--${name}` : `--${name}=${value}`));
  const environment = { ...process.env, ...terminal.env, HEARTWOOD_DATA: dataFolder(terminal) };
  const child = spawn(process.execPath, [script, ...options, "--", ...typed.words], { stdio: "inherit", env: environment });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.on("exit", (code) => resolve(code ?? exitCodes.failed)));
}
