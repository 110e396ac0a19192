// A full disk: writes are refused in words, reading goes on, what was acknowledged stays, and when there is room again nobody has to help.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, statfsSync, writeSync, openSync, closeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { randomFrom } from "../test/simulator/random.ts";
import { count } from "./count.ts";
import { type Proof, sizeOf, verdict, type Verdict, type Wish } from "./proof.ts";
import { newFolder, type ProvedServer, startServer, until } from "./server.ts";
import { newTally, prepareGround, write } from "./writers.ts";

const mebibyte = 2 ** 20;

export const disk: Proof = {
  name: "disk",
  says: "A full disk refuses writes in words, loses nothing that was acknowledged, and heals by itself when there is room.",
  prove: async (wish) => {
    const place = newFolder("disk");
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=600m,mode=755", "tmpfs", place], { stdio: "pipe" });
    } catch {
      rmSync(place, { recursive: true, force: true });
      return [verdict(disk.says, { notTried: "this user may not mount a small disk; run as root to try it" }, [])];
    }
    try {
      return [await prove(place, wish)];
    } finally {
      execFileSync("umount", ["--lazy", place]);
      rmSync(place, { recursive: true, force: true });
    }
  },
};

async function prove(place: string, wish: Wish): Promise<Verdict> {
  const home = join(place, "house");
  mkdirSync(home, { mode: 0o755 });
  const server = await startServer({ folder: home });
  try {
    const ground = await prepareGround(server);
    const tally = newTally();
    let goesOn = true;
    const random = randomFrom(wish.seed);
    const writing = [0, 1, 2, 3].map(() =>
      write({ origin: () => server.origin, token: server.token, ground, random, tally, goesOn: () => goesOn, patienceSeconds: 120 }),
    );
    await until("the first writes", 30, () => tally.acknowledged.size > 20);
    const rounds = sizeOf(wish, "rounds", 10, 2);
    const breaks: string[] = [];
    const healed: number[] = [];
    const codes = new Set<string>();
    for (let round = 0; round < rounds; round++) {
      const filler = join(place, "filler");
      // Every second time the disk fills at once, before anybody looks: the database itself runs out of room and may fall.
      fill(filler, round % 2 === 0 ? 24 * mebibyte : 0);
      await pause(1_500);
      // And it dies on top of that: to get up again it needs room.
      if (round % 2 === 1) process.kill(server.postmaster()!, "SIGKILL");
      await pause(1_500);
      codes.add(await refusalOf(server));
      await until("reading goes on", 20, () => reads(server)).catch((error: Error) => breaks.push(error.message));
      const before = tally.acknowledged.size;
      rmSync(filler);
      healed.push(await until("writes come back by themselves", 60, () => tally.acknowledged.size > before + 10));
      wish.say(`round ${round + 1} of ${rounds}: said ${[...codes].join(", ")}; healed in ${Math.round(healed.at(-1)!)} ms`);
    }
    goesOn = false;
    await Promise.all(writing);
    if (!codes.has("storageFull")) breaks.push(`no write was refused with storageFull, but with ${[...codes].join(", ")}`);
    const { lost, doubled, unbalanced, ...counted } = await count(server, tally);
    const healedInMilliseconds = Math.round(Math.max(...healed));
    const figures = { rounds, acknowledged: tally.acknowledged.size, lost, doubled, unbalanced, healedInMilliseconds, seed: wish.seed };
    return verdict(disk.says, figures, [...breaks, ...counted.breaks]);
  } finally {
    await server.stop();
  }
}

/** Fills the disk until only so many bytes are left. */
function fill(file: string, left: number): void {
  const handle = openSync(file, "w");
  const block = Buffer.alloc(mebibyte / 4, 1);
  try {
    for (;;) {
      const { bavail, bsize } = statfsSync(file);
      if (bavail * bsize - left < block.length) return;
      writeSync(handle, block);
    }
  } catch {
    // Full to the last byte.
  } finally {
    closeSync(handle);
  }
}

async function refusalOf(server: ProvedServer): Promise<string> {
  const response = await fetch(`${server.origin}/api/v1/directory/organisations`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json", "heartwood-dry-run": "true" },
    body: JSON.stringify({ name: "No room" }),
  });
  return ((await response.json()) as { code?: string }).code ?? "nothing";
}

async function reads(server: ProvedServer): Promise<boolean> {
  await server.call("GET", "/api/v1/finance/accounts");
  return true;
}
