// Which words of a sentence are worth looking for.

const wordsMax = 12;

/** A question to a text index: any of the words, each as the beginning of one. Undefined when there is none to look for. */
export function wordsToFind(text: string): string | undefined {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]{3,40}/gu) ?? [];
  const unlike = [...new Set(words)].slice(0, wordsMax);
  return unlike.length === 0 ? undefined : unlike.map((word) => `${word}:*`).join(" | ");
}
