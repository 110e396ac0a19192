// The areas of the books that are locked by themselves, and who passes a lock. An entry's area is that of its journal; one that writes tax
// lines is of tax, too.
import type { Id } from "../../../kernel/id.ts";

export const journalAreas = ["sales", "purchase", "payroll", "ledger"] as const;
export const areas = [...journalAreas, "tax"] as const;
export type JournalArea = (typeof journalAreas)[number];
export type Area = (typeof areas)[number];

/** A lock that stands, with the exceptions from it that hold now, and the first day after it that is open. */
export interface KnownLock {
  readonly id: Id;
  readonly periodId: Id;
  readonly area: Area;
  readonly openFrom: string;
  readonly exceptions: readonly { readonly id: Id; readonly personId: Id }[];
}

/** By which exception an entry goes through which lock. */
export interface LockPass {
  readonly lockId: Id;
  readonly exceptionId: Id;
}

/** The exception by which a person posts into a locked area of a period, or from when on they may post without one. */
export function passThrough(
  asked: { readonly periodId: Id; readonly area: Area; readonly personId: Id | null },
  locks: readonly KnownLock[],
): LockPass | { readonly openFrom: string } {
  const lock = locks.find((one) => one.periodId === asked.periodId && one.area === asked.area);
  const exception = lock?.exceptions.find((one) => one.personId === asked.personId);
  return lock && exception ? { lockId: lock.id, exceptionId: exception.id } : { openFrom: lock?.openFrom ?? "a later month" };
}
