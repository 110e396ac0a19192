// How much the name on a bank line is like the name of a customer or supplier.

const legalForms = new Set(
  "gmbh ag kg ohg ug gbr se mbh co inc llc ltd limited plc corp corporation company bv nv sa sas sarl srl spa oy ab as aps und the".split(
    " ",
  ),
);

const titles = new Set("herr frau mr mrs ms dr prof".split(" "));

/** Words of a name without accents, legal forms and titles. */
export function wordsOf(name: string): string[] {
  const plain = name
    .toLowerCase()
    .replace(/ß/g, "ss")
    .replace(/ä/g, "ae")
    .replace(/ö/g, "oe")
    .replace(/ü/g, "ue")
    .normalize("NFD")
    .replace(/\p{M}/gu, "");
  const words = plain.match(/[\p{L}\p{N}]+/gu) ?? [];
  const telling = words.filter((word) => word.length > 1 && !legalForms.has(word) && !titles.has(word));
  return telling.length > 0 ? telling : words;
}

/**
 * Of the words of two names: 0 for nothing in common, 1 for the same words in any order. Banks cut names off, so a beginning of four
 * letters counts as the word.
 */
export function likeness(words: readonly string[], others: readonly string[]): number {
  if (words.length === 0 || others.length === 0) return 0;
  const used = new Set<number>();
  for (const word of words) {
    const place = others.findIndex((candidate, index) => !used.has(index) && isLikeWord(word, candidate));
    if (place >= 0) used.add(place);
  }
  return (2 * used.size) / (words.length + others.length);
}

function isLikeWord(one: string, other: string): boolean {
  if (one === other) return true;
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short.length >= 4 && long.startsWith(short);
}
