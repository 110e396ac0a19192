// Clients that write: each wish has a key and is sent again with the same key until it is answered, as every client of Heartwood should.
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "../test/simulator/random.ts";
import type { ProvedServer } from "./server.ts";

/** What a company must have so that there is something to write about. */
export interface Ground {
  /** The company's day, which may be another than that of this machine. */
  readonly today: string;
  readonly accounts: readonly string[];
  readonly customerId: string;
  readonly personId: string;
}

export async function prepareGround(server: ProvedServer): Promise<Ground> {
  const today = await todayOf(server);
  await server.call("POST", "/api/v1/finance/setups", { currency: "EUR", fiscalYearStart: `${today.slice(0, 4)}-01-01` });
  const { id: customerId } = await server.call<{ id: string }>("POST", "/api/v1/directory/organisations", {
    name: "Customer",
    roles: ["customer"],
  });
  const accounts = await server.ask<{ id: string }>(
    "select id from finance.account where not is_group and control is null and type in ('expense', 'revenue') order by code limit 12",
  );
  const [person] = await server.ask<{ id: string }>("select id from directory.party where kind = 'person' limit 1");
  return { today, accounts: accounts.map((row) => row.id), customerId, personId: person!.id };
}

export const todayOf = async (server: ProvedServer): Promise<string> => (await server.call<{ today: string }>("GET", "/api/v1/me")).today;

export interface Tally {
  /** Keys with the identifier they were answered with. */
  readonly acknowledged: Map<string, string>;
  /** Keys whose client gave up before it was answered. */
  readonly abandoned: Set<string>;
  /** Answers that no client should see: faults, refusals of what is right. */
  readonly bad: string[];
  /** How often a wish was sent again. */
  again: number;
  /** What was answered when it was, and how often. */
  readonly whys: Map<string, number>;
  /** The longest that a wish waited for its answer, in milliseconds. */
  longest: number;
}

export const newTally = (): Tally => ({ acknowledged: new Map(), abandoned: new Set(), bad: [], again: 0, whys: new Map(), longest: 0 });

interface Wanted {
  readonly path: string;
  readonly body: object;
}

/** A wish that names its key in the record it makes, so that the record can be counted. */
function wishFor(key: string, ground: Ground, random: Random): Wanted {
  const amount = { amount: `${1 + random.upTo(900)}.${String(random.upTo(100)).padStart(2, "0")}`, currency: "EUR" };
  const kind = random.upTo(4);
  if (kind === 0) {
    const lines = [{ description: key, quantity: "1", unitPrice: amount }];
    return { path: "/api/v1/finance/invoices/issue", body: { customerId: ground.customerId, day: ground.today, lines } };
  }
  if (kind === 1) return { path: "/api/v1/office/tasks", body: { title: key, due: ground.today, personId: ground.personId } };
  const from = random.upTo(ground.accounts.length);
  const to = (from + 1 + random.upTo(ground.accounts.length - 1)) % ground.accounts.length;
  const lines = [
    { accountId: ground.accounts[from], debit: amount },
    { accountId: ground.accounts[to], credit: amount },
  ];
  return { path: "/api/v1/finance/journal-entries/post", body: { day: ground.today, text: key, lines } };
}

export interface WriterWish {
  readonly origin: () => string;
  readonly token: string;
  readonly ground: Ground;
  readonly random: Random;
  readonly tally: Tally;
  /** False once no new wish is to be begun. */
  readonly goesOn: () => boolean;
  /** How long a client tries again before it gives up. */
  readonly patienceSeconds?: number;
}

/** One client: wish after wish. */
export async function write(wish: WriterWish): Promise<void> {
  while (wish.goesOn()) {
    const key = `proof-${randomUUID()}`;
    await insist(key, wishFor(key, wish.ground, wish.random), wish);
  }
}

async function insist(key: string, { path, body }: Wanted, wish: WriterWish): Promise<void> {
  const { tally } = wish;
  const began = performance.now();
  const patience = (wish.patienceSeconds ?? 60) * 1000;
  for (let attempt = 0; ; attempt++) {
    const answer = await send(`${wish.origin()}${path}`, key, body, wish.token);
    if (answer?.ok) {
      tally.acknowledged.set(key, answer.id);
      tally.longest = Math.max(tally.longest, performance.now() - began);
      return;
    }
    if (answer && !answer.isOutage) {
      tally.bad.push(`${path} was answered ${answer.text}`);
      return;
    }
    // Some clients lose interest: what became of their wish is then unknown, but it is done at most once.
    if (performance.now() - began > patience || (!wish.goesOn() && wish.random.upTo(4) === 0)) {
      tally.abandoned.add(key);
      if (performance.now() - began > patience) tally.bad.push(`${path} was not answered for ${patience / 1000} s`);
      return;
    }
    tally.again += 1;
    const why = answer?.text.slice(0, 160) ?? "nothing";
    tally.whys.set(why, (tally.whys.get(why) ?? 0) + 1);
    await pause(50 + wish.random.upTo(200));
  }
}

type Answer = { readonly ok: true; readonly id: string } | { readonly ok: false; readonly isOutage: boolean; readonly text: string };

async function send(url: string, key: string, body: object, token: string): Promise<Answer | undefined> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": key },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    if (response.ok) return { ok: true, id: (JSON.parse(text) as { id: string }).id };
    return { ok: false, isOutage: response.status === 503, text: `${response.status} ${text.slice(0, 300)}` };
  } catch {
    return undefined;
  }
}
