// Keeps the keys of a running house: reads them at the start, encrypts anew what older ones were used for, and hears of new ones.
import type { Pool } from "../database/pool.ts";
import { type HouseSecret, noticeSeconds, openRing } from "./data-key.ts";
import { reseal, resealSecondFactors } from "./reseal.ts";
import { useRing } from "./ring.ts";

export interface KeptKeys {
  stop(): void;
}

/** Several servers share the keys: each reads them often enough to know a new one before it is used. */
export async function keepKeys(owner: Pool, secret: HouseSecret, log: (line: string) => void): Promise<KeptKeys> {
  const read = async () => {
    const ring = await openRing(owner, secret);
    useRing(ring);
    return ring;
  };
  await reseal(owner, await read());
  const factors = await resealSecondFactors(owner, secret);
  if (secret.previous !== undefined)
    log(`HEARTWOOD_SECRET_PREVIOUS may go: all keys and ${factors} second factors are under the new secret.`);
  const timer = setInterval(
    () => {
      read().catch((error: unknown) => log(`The keys could not be read: ${(error as Error).message}`));
    },
    (noticeSeconds * 1000) / 3,
  ).unref();
  return { stop: () => clearInterval(timer) };
}
