// The way to a running house: where it is, as whom one comes, and one request at a time.
import { readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Misuse, type Problem, Told } from "./answer.ts";

export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the house keeps its data, and its word for us, when HEARTWOOD_DATA says nothing else. */
  readonly usualData: string;
}

/** What `cli.json` (from the house) and `login.json` (from `heartwood login`) may say. */
interface Word {
  readonly url?: string;
  readonly token?: string;
  /** Whom to be in a demo. */
  readonly email?: string;
  readonly demo?: boolean;
}

export interface Wanted {
  readonly url?: string | undefined;
  readonly as?: string | undefined;
  readonly tenant?: string | undefined;
}

export interface Asked {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** In a demo, when nobody is named: the first of its people. */
const anyone = "*";

export class Connection {
  readonly url: string;
  readonly folder: string;
  private readonly token: string | undefined;
  private readonly email: string | undefined;
  private readonly tenant: string | undefined;
  private cookie: string | undefined;

  constructor(world: World, wanted: Wanted) {
    this.folder = dataFolder(world);
    const login = wordIn(join(this.folder, "login.json"));
    const house = wordIn(join(this.folder, "cli.json"));
    const url = wanted.url ?? world.env["HEARTWOOD_URL"] ?? login.url ?? house.url;
    if (!url) {
      throw new Misuse(
        "No running house was found. Start one with: heartwood start\nOr say where it is: HEARTWOOD_URL and HEARTWOOD_TOKEN",
      );
    }
    this.url = url.replace(/\/+$/, "");
    this.tenant = wanted.tenant ?? world.env["HEARTWOOD_TENANT"];
    // A secret goes only to the house it was made for.
    const own = [login, house].filter((word) => word.url === undefined || word.url.replace(/\/+$/, "") === this.url);
    this.token = wanted.as ? undefined : (world.env["HEARTWOOD_TOKEN"] ?? own.find((word) => word.token)?.token);
    const usual = own.find((word) => word.email)?.email ?? (own.some((word) => word.demo) ? anyone : undefined);
    this.email = wanted.as ?? (this.token ? undefined : usual);
    this.cookie = this.email ? this.kept()[this.email] : undefined;
  }

  /** The answer's JSON. @throws Told when the house says no. */
  async json(asked: Asked): Promise<unknown> {
    const response = await this.send(asked);
    return response.json();
  }

  async send(asked: Asked): Promise<Response> {
    let response = await this.once(asked);
    if (response.status === 401 && this.email) {
      await this.signIn(this.email);
      response = await this.once(asked);
    }
    if (!response.ok && response.status !== 304) throw new Told(await problemIn(response));
    return response;
  }

  private async once({ method, path, query, body, headers }: Asked): Promise<Response> {
    const search = query && [...query].length > 0 ? `?${query.toString()}` : "";
    const isForm = body instanceof FormData;
    return this.reach(`${path}${search}`, {
      method,
      headers: {
        ...(this.token ? { authorization: `Bearer ${this.token}` } : this.cookie ? { cookie: this.cookie, origin: this.url } : {}),
        ...(this.tenant && { "heartwood-tenant": this.tenant }),
        ...(body !== undefined && !isForm && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
    });
  }

  private async reach(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(this.url + path, init);
    } catch (error) {
      const cause = (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message;
      throw new Misuse(`No house answers at ${this.url} (${cause}). Start it with: heartwood start`);
    }
  }

  /** In a demo one may be anyone; the cookie is kept for the next command. */
  private async signIn(email: string): Promise<void> {
    const named = email === anyone ? await this.firstOfDemo() : email;
    const headers = { "content-type": "application/json", origin: this.url };
    const init = { method: "POST", headers, body: JSON.stringify({ email: named }) };
    const response = await this.reach("/api/demo/sign-in", init);
    if (!response.ok) {
      const problem = await problemIn(response);
      if (problem.code !== "noSuchAddress") throw new Told(problem);
      throw new Misuse(`The house at ${this.url} is no demo, so nobody can be chosen with --as. Sign in with: heartwood login`);
    }
    this.cookie = response.headers
      .getSetCookie()
      .map((one) => one.split(";")[0])
      .join("; ");
    await keep(this.sessionFile, { ...this.kept(), [email]: this.cookie });
  }

  private async firstOfDemo(): Promise<string> {
    const response = await this.reach("/api/demo/people", {});
    const people = response.ok ? ((await response.json()) as { email: string }[]) : [];
    if (!people[0]) throw new Misuse(`Nobody is signed in at ${this.url}. Sign in with: heartwood login`);
    return people[0].email;
  }

  private get sessionFile(): string {
    return join(this.folder, `cli-sessions-${new URL(this.url).host.replace(/[^a-z0-9.-]/gi, "_")}.json`);
  }

  private kept(): Record<string, string> {
    return fileIn<Record<string, string>>(this.sessionFile) ?? {};
  }
}

export const dataFolder = ({ env, usualData }: World): string => env["HEARTWOOD_DATA"] ?? usualData;

/** Writes for this user only, whole or not at all. */
export async function keep(file: string, value: unknown): Promise<void> {
  await mkdir(join(file, ".."), { recursive: true });
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, JSON.stringify(value), { mode: 0o600 });
  await rename(draft, file);
}

const wordIn = (file: string): Word => fileIn<Word>(file) ?? {};

export function fileIn<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch {
    return undefined;
  }
}

async function problemIn(response: Response): Promise<Problem> {
  const usual = { status: response.status, code: "unknown", detail: `The house answered with ${response.status} and no words.` };
  const said = (await response.json().catch(() => ({}))) as Partial<Problem>;
  return { ...usual, ...said, status: response.status };
}
