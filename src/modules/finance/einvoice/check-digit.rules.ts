// Check digits of registers that electronic addresses and identifiers come from: a mistyped one is found before anything is sent.

const digitsOf = (text: string): number[] => [...text].map(Number);
const isDigits = (text: string, length: number): boolean => new RegExp(`^\\d{${length}}$`).test(text);
const weigh = (digits: readonly number[], weights: readonly number[]): number =>
  weights.reduce((sum, weight, index) => sum + weight * digits[index]!, 0);

/** GS1: from the right the digits weigh 1 and 3 in turn, and the sum ends in zero. */
export function isGln(text: string): boolean {
  if (!/^\d{1,30}$/.test(text)) return false;
  const sum = digitsOf(text)
    .toReversed()
    .reduce((total, digit, index) => total + digit * (index % 2 === 0 ? 1 : 3), 0);
  return sum % 10 === 0;
}

/** Norway: weights 3 2 7 6 5 4 3 2, modulus 11. */
export function isNorwegianNumber(text: string): boolean {
  if (!isDigits(text, 9)) return false;
  const digits = digitsOf(text);
  return (11 - (weigh(digits, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === digits[8];
}

/** Belgium, KBO: the last two digits are 97 less the rest modulo 97. */
export const isBelgianNumber = (text: string): boolean =>
  isDigits(text, 10) && 97 - (Number(text.slice(0, 8)) % 97) === Number(text.slice(8));

function isLuhn(text: string): boolean {
  const sum = digitsOf(text)
    .toReversed()
    .reduce((total, digit, index) => {
      const doubled = index % 2 === 0 ? digit : digit * 2;
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return sum % 10 === 0;
}

/** Sweden, organisationsnummer: ten digits after Luhn. */
export const isSwedishNumber = (text: string): boolean => isDigits(text, 10) && isLuhn(text);

/** Greece, AFM: the first eight digits weigh 256 128 64 … 2, modulus 11, modulus 10. What stands behind the nine is passed over. */
export function isGreekNumber(text: string): boolean {
  if (!/^\d{9}/.test(text)) return false;
  const digits = digitsOf(text.slice(0, 9));
  return (weigh(digits, [256, 128, 64, 32, 16, 8, 4, 2]) % 11) % 10 === digits[8];
}

/** Italy, partita IVA: eleven digits after Luhn. */
export const isItalianTaxNumber = (text: string): boolean => isDigits(text, 11) && isLuhn(text);

/** Australia, ABN: the first digit less one, weights 10 1 3 5 …, modulus 89. */
export function isAustralianNumber(text: string): boolean {
  if (!isDigits(text, 11)) return false;
  const [first, ...rest] = digitsOf(text);
  return weigh([first! - 1, ...rest], [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) % 89 === 0;
}

/** An IBAN's own check, ISO 13616. */
export function isIban(text: string): boolean {
  const plain = text.replace(/\s/g, "").toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/.test(plain)) return false;
  const turned = plain.slice(4) + plain.slice(0, 4);
  const digits = turned.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0) === 1;
}
