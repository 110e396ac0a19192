// Text as every bank in SEPA takes it: Latin letters, digits and a few signs. What is written otherwise is spelled out, never dropped
// silently.

const spelled: Readonly<Record<string, string>> = {
  ä: "ae",
  ö: "oe",
  ü: "ue",
  Ä: "Ae",
  Ö: "Oe",
  Ü: "Ue",
  ß: "ss",
  æ: "ae",
  Æ: "Ae",
  œ: "oe",
  Œ: "Oe",
  ø: "o",
  Ø: "O",
  ł: "l",
  Ł: "L",
  đ: "d",
  Đ: "D",
  ð: "d",
  þ: "th",
  Þ: "Th",
  ı: "i",
  "&": "+",
  "€": "E",
  "@": "(at)",
  _: "-",
  "–": "-",
  "—": "-",
  "’": "'",
  "‘": "'",
  "“": "'",
  "”": "'",
  '"': "'",
};

/** In the character set of EPC217-08, at most `max` characters; a sign that has no like becomes a full stop. */
export function sepaText(text: string, max: number): string {
  const plain = [...text]
    .map((sign) => spelled[sign] ?? sign)
    .join("")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[^A-Za-z0-9/\-?:().,'+ ]/gu, (sign) => (/\s/u.test(sign) ? " " : "."));
  // Neither at the ends nor twice in a row: some banks refuse a slash there.
  return plain
    .replace(/ +/g, " ")
    .replace(/\/{2,}/g, "/")
    .replace(/^[/ ]+/, "")
    .slice(0, max)
    .replace(/[/ ]+$/, "");
}
