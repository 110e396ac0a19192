// Colleagues who work: each signed in as themself, looking, writing, searching and reading reports with pauses in between.
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type Random, randomFrom } from "../test/simulator/random.ts";
import type { ProvedServer } from "./server.ts";
import { type Ground, todayOf } from "./writers.ts";

export interface Colleague {
  readonly token: string;
  readonly personId: string;
}

/** Invites people and signs them in, as the office manager and their own browsers would. */
export async function inviteColleagues(server: ProvedServer, count: number): Promise<readonly Colleague[]> {
  const from = await todayOf(server);
  const colleagues: (Colleague & { memberId: string; hash: string })[] = [];
  const invite = async (index: number): Promise<void> => {
    const who = { name: `Colleague ${index}`, email: `colleague.${index}@proved.example` };
    const { id: personId } = await server.call<{ id: string }>("POST", "/api/v1/directory/persons", who);
    const { id: memberId } = await server.call<{ id: string }>("POST", "/api/v1/identity/members/invite", { ...who, personId });
    for (const role of index % 2 === 0 ? ["finance.accountant"] : ["finance.accountant", "people.manager"]) {
      await server.call("POST", "/api/v1/identity/role-grants/give", { memberId, role, from });
    }
    // A token signs in as a session does, without five hundred passwords.
    const token = `hw_${randomBytes(32).toString("base64url")}`;
    colleagues.push({ token, personId, memberId, hash: createHash("sha256").update(token).digest("hex") });
  };
  for (let index = 0; index < count; index += 8) {
    await Promise.all(Array.from({ length: Math.min(8, count - index) }, (_, offset) => invite(index + offset)));
  }
  await server.ask(
    `select auth.keep_token(gen_random_uuid(), c.member_id, 'Load', decode(c.hash, 'hex'), now(), null)
     from unnest($1::uuid[], $2::text[]) as c (member_id, hash)`,
    [colleagues.map((one) => one.memberId), colleagues.map((one) => one.hash)],
  );
  return colleagues;
}

export type Kind = "list" | "record" | "search" | "report" | "write" | "empty";

export interface Seen {
  readonly times: Map<Kind, number[]>;
  readonly bad: string[];
}

export const newSeen = (): Seen => ({ times: new Map(), bad: [] });

interface Asked {
  readonly kind: Kind;
  readonly path: string;
  readonly body?: object;
}

const lists = [
  "finance/accounts",
  "finance/journal-entries",
  "finance/invoices",
  "office/tasks",
  "directory/parties",
  "finance/open-items",
];

function nextOf(random: Random, ground: Ground, colleague: Colleague): Asked {
  const { today } = ground;
  const amount = { amount: `${1 + random.upTo(900)}.50`, currency: "EUR" };
  const chance = random.upTo(100);
  if (chance < 35) return { kind: "list", path: `/api/v1/${random.pick(lists)}?limit=50` };
  if (chance < 50) return { kind: "record", path: `/api/v1/finance/accounts/${random.pick(ground.accounts)}` };
  if (chance < 60)
    return { kind: "search", path: `/api/v1/platform/searches/find?text=${random.pick(["Customer", "Colleague", "Load", "RE-"])}` };
  if (chance < 70) return { kind: "report", path: `/api/v1/finance/trial-balance?asOf=${today}` };
  if (chance < 80) return { kind: "empty", path: "/health" };
  if (chance < 88) {
    return { kind: "write", path: "/api/v1/office/tasks", body: { title: "Load", due: today, personId: colleague.personId } };
  }
  if (chance < 94) {
    const lines = [{ description: "Load", quantity: "1", unitPrice: amount }];
    return { kind: "write", path: "/api/v1/finance/invoices/issue", body: { customerId: ground.customerId, day: today, lines } };
  }
  const lines = [
    { accountId: ground.accounts[0], debit: amount },
    { accountId: ground.accounts[1], credit: amount },
  ];
  return { kind: "write", path: "/api/v1/finance/journal-entries/post", body: { day: today, text: "Load", lines } };
}

export interface WorkWish {
  readonly server: ProvedServer;
  readonly ground: Ground;
  readonly colleague: Colleague;
  readonly seed: number;
  readonly thinkMilliseconds: number;
  readonly seen: () => Seen;
  readonly goesOn: () => boolean;
}

export async function work({ server, ground, colleague, seed, thinkMilliseconds, seen, goesOn }: WorkWish): Promise<void> {
  const random = randomFrom(seed);
  await pause(random.upTo(thinkMilliseconds));
  while (goesOn()) {
    const { kind, path, body } = nextOf(random, ground, colleague);
    const { times, bad } = seen();
    const began = performance.now();
    try {
      const response = await fetch(`${server.origin}${path}`, {
        method: body ? "POST" : "GET",
        headers: {
          authorization: `Bearer ${colleague.token}`,
          ...(body && { "content-type": "application/json", "idempotency-key": randomUUID() }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) bad.push(`${path} answered ${response.status}: ${text.slice(0, 200)}`);
      times.set(kind, [...(times.get(kind) ?? []), performance.now() - began]);
    } catch (error) {
      bad.push(`${path}: ${String((error as Error).cause ?? error)}`);
    }
    await pause(thinkMilliseconds / 2 + random.upTo(thinkMilliseconds));
  }
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
