// The commands about the house itself: start it, sign in, check its laws.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { exitCodes, Misuse } from "./answer.ts";
import { Connection, dataFolder, keep } from "./connection.ts";
import { connectionFor, type Terminal, type Wishes } from "./terminal.ts";

export async function start(_wishes: Wishes, terminal: Terminal): Promise<number> {
  const script = join(terminal.root, "bin/start.mjs");
  if (!existsSync(script)) throw new Misuse("The house is not here. Run this where Heartwood is checked out.");
  const child = spawn(process.execPath, [script], { stdio: "inherit", env: { ...process.env } });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.on("exit", (code) => resolve(code ?? exitCodes.done)));
}

/** `heartwood login [URL]`: asks for a personal token and remembers it with the address. */
export async function login(wishes: Wishes, terminal: Terminal): Promise<number> {
  const as = wishes.last("as");
  if (as) return remember(as, terminal);
  const url = wishes.typed.words[1] ?? new Connection(terminal, {}).url;
  terminal.err(`Make a token in the browser (${url}, Access, Tokens) and paste it here.\n`);
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const token = (await reader.question("Token: ")).trim();
  reader.close();
  if (!token.startsWith("hw_")) throw new Misuse("That is not a token; it begins with hw_. Nothing was remembered.");
  const world = { ...terminal, env: { ...terminal.env, HEARTWOOD_TOKEN: token } };
  const { user } = (await new Connection(world, { url }).json({ method: "GET", path: "/api/v1/me" })) as {
    user: { name: string; email: string };
  };
  await keep(loginFile(terminal), { url, token });
  terminal.out(`Signed in at ${url} as ${user.name} (${user.email}).\n`);
  return exitCodes.done;
}

/** `heartwood as EMAIL`: who to be in the demo from now on. */
export async function rememberPerson(wishes: Wishes, terminal: Terminal): Promise<number> {
  const email = wishes.typed.words[1];
  if (!email) {
    const people = (await connectionFor(wishes, terminal).json({ method: "GET", path: "/api/demo/people" })) as {
      email: string;
      name: string;
      title: string;
    }[];
    const lines = people.map((person) => `  ${person.email}  ${person.name}${person.title ? `, ${person.title}` : ""}`);
    terminal.out(`heartwood as EMAIL\n\n${lines.join("\n")}\n`);
    return exitCodes.done;
  }
  return remember(email, terminal);
}

async function remember(email: string, terminal: Terminal): Promise<number> {
  const connection = new Connection(terminal, { as: email });
  const { user } = (await connection.json({ method: "GET", path: "/api/v1/me" })) as { user: { name: string } };
  await keep(loginFile(terminal), { email });
  terminal.out(`From now on you are ${user.name}.\n`);
  return exitCodes.done;
}

const loginFile = (terminal: Terminal): string => join(dataFolder(terminal), "login.json");

export async function whoami(wishes: Wishes, terminal: Terminal): Promise<number> {
  const connection = connectionFor(wishes, terminal);
  const me = (await connection.json({ method: "GET", path: "/api/v1/me" })) as {
    user: { name: string; email: string };
    tenant: { name: string };
    today: string;
    roles: { title: string }[];
  };
  if (wishes.has("json")) terminal.out(`${JSON.stringify(me, undefined, 2)}\n`);
  else {
    const roles = [...new Set(me.roles.map(({ title }) => title))].join(", ") || "none";
    terminal.out(`${me.user.name} (${me.user.email})\n${me.tenant.name}, ${me.today}\nRoles: ${roles}\n${connection.url}\n`);
  }
  return exitCodes.done;
}

interface CheckedLaw {
  readonly name: string;
  readonly says: string;
  readonly holds: boolean;
  readonly breaks: readonly string[];
}

/** Checks every law of the house; exit code 1 when one is broken. */
export async function doctor(wishes: Wishes, terminal: Terminal): Promise<number> {
  const connection = connectionFor(wishes, terminal);
  const { laws } = (await connection.json({ method: "GET", path: "/api/v1/platform/laws/check" })) as { laws: CheckedLaw[] };
  const broken = laws.filter(({ holds }) => !holds);
  if (wishes.has("json")) terminal.out(`${JSON.stringify({ laws }, undefined, 2)}\n`);
  else {
    for (const law of laws) {
      terminal.out(`${law.holds ? "holds " : "BROKEN"}  ${law.name}: ${law.says}\n`);
      for (const sentence of law.breaks) terminal.out(`          ${sentence}\n`);
    }
    terminal.out(broken.length === 0 ? `\nAll ${laws.length} laws hold.\n` : `\n${broken.length} of ${laws.length} laws are broken.\n`);
  }
  return broken.length === 0 ? exitCodes.done : exitCodes.failed;
}
