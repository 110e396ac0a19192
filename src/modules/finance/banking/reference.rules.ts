// Finding an invoice's number in what a payer wrote: as a whole, whatever spaces, dashes and case, never as a part of a longer number.

const runsMax = 5;
/** Shorter ones stand in every other text by chance. */
const keyMin = 4;
const digitsMin = 6;

/** A number as it compares: capital letters and digits. */
export const referenceKey = (reference: string): string => reference.toUpperCase().replace(/[^A-Z0-9]+/g, "");

/** Only the digits, for payers who leave the letters out. */
export const referenceDigits = (reference: string): string => reference.replace(/\D+/g, "");

export const isTelling = (key: string): boolean => key.length >= keyMin && /\d/.test(key);
export const isTellingDigits = (digits: string): boolean => digits.length >= digitsMin;

/**
 * Every key that stands in the texts: each run of letters and digits, and up to five neighbouring ones joined, so that
 * `INV 2026/00012` yields `INV202600012`. A creditor reference of ISO 11649 also yields what follows `RF` and its check digits.
 */
export const keysIn = (texts: readonly (string | null | undefined)[]): Set<string> => new Set(placedKeys(texts).keys());

/** The keys, each with whether it ends somewhere: whether what follows it is no more digits. */
function placedKeys(texts: readonly (string | null | undefined)[]): Map<string, boolean> {
  const keys = new Map<string, boolean>();
  for (const text of texts) {
    const runs = (text ?? "").toUpperCase().match(/[A-Z0-9]+/g) ?? [];
    const hasDigits = runs.map((run) => /\d/.test(run));
    for (let start = 0; start < runs.length; start++) {
      let joined = "";
      for (let place = start; place < Math.min(runs.length, start + runsMax); place++) {
        joined += runs[place]!;
        if (joined.length > 40) break;
        const ends = !hasDigits[place + 1];
        for (const key of /^RF\d{2}./.test(joined) ? [joined, joined.slice(4)] : [joined]) {
          if (isTelling(key)) keys.set(key, ends || (keys.get(key) ?? false));
        }
      }
    }
  }
  return keys;
}

/** Whether two texts name the same number: `INV-2026` alone, before different numbers, is none. */
export function nameTheSame(texts: readonly string[], others: readonly string[]): boolean {
  const known = placedKeys(others);
  return [...placedKeys(texts)].some(([key, ends]) => key.length >= digitsMin && known.has(key) && (ends || known.get(key)!));
}

/** The same as one text, for keeping them with a bank line. */
export const keysText = (texts: readonly (string | null | undefined)[]): string => [...keysIn(texts)].slice(0, 500).join(" ");
