// The rules of publishing: when a version may take force, who may publish it, and which earlier attestations still count.
import type { Day } from "../../kernel/day.ts";

export interface PublishedVersion {
  readonly number: number;
  readonly fromDay: Day;
  readonly attestedFrom: number;
}

export type NoPublishing =
  | { readonly code: "inThePast"; readonly today: Day }
  | { readonly code: "beforeEarlierVersion"; readonly version: number; readonly day: Day }
  | { readonly code: "ownDraft" };

export interface Publishing {
  readonly today: Day;
  readonly from: Day;
  readonly latest: PublishedVersion | undefined;
  readonly drafter: string | null;
  readonly publisher: string | null;
  readonly aloneBecause: string | undefined;
}

/** Why a draft may not be published like this, or undefined when it may. */
export function publishingRefused({ today, from, latest, drafter, publisher, aloneBecause }: Publishing): NoPublishing | undefined {
  if (from < today) return { code: "inThePast", today };
  if (latest && from < latest.fromDay) return { code: "beforeEarlierVersion", version: latest.number, day: latest.fromDay };
  if (publisher !== null && publisher === drafter && !aloneBecause) return { code: "ownDraft" };
  return undefined;
}

/** The number the new version gets, and the first version whose attestation counts for it: a change of wording asks nobody again. */
export function nextVersion(latest: PublishedVersion | undefined, material: boolean): { number: number; attestedFrom: number } {
  const number = (latest?.number ?? 0) + 1;
  return { number, attestedFrom: material || !latest ? number : latest.attestedFrom };
}
