// Opens the house to the network, and leaves word for the command line where to find it.
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { identifyWith } from "./caller.ts";
import { createServer, type ServerParts } from "./server.ts";
import type { SignIn } from "../identity/sign-in.ts";

export interface House extends Omit<ServerParts, "identify" | "signIn"> {
  readonly signIn: SignIn;
  readonly host: string;
  readonly port: number;
  /** `HEARTWOOD_DATA`: the command line looks here for `cli.json`. */
  readonly dataFolder: string;
  /** Whom the command line is in the demo when nobody is named. */
  readonly demoEmail?: string;
}

export interface OpenHouse {
  readonly address: string;
  close(): Promise<void>;
}

export async function serve(house: House): Promise<OpenHouse> {
  const server = await createServer({ ...house, identify: identifyWith(house.signIn) });
  await server.listen({ host: house.host, port: house.port });
  await leaveWord(house.dataFolder, { url: house.address, ...(house.demo && house.demoEmail && { email: house.demoEmail }) });
  return { address: house.address, close: () => server.close() };
}

async function leaveWord(folder: string, word: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, "cli.json");
  await writeFile(`${file}.new`, `${JSON.stringify(word, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
