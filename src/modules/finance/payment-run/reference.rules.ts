// What a supplier wants to read with the payment: a creditor reference (ISO 11649), a Swiss QR reference, or plain words.

export type ReferenceKind = "rf" | "qrr" | "text";

export interface PaymentReference {
  readonly kind: ReferenceKind;
  readonly reference: string;
}

/** RF, two check digits and up to 21 letters and digits; the whole is 1 modulo 97, as in an IBAN. */
function isCreditorReference(plain: string): boolean {
  if (!/^RF\d{2}[A-Z0-9]{1,21}$/.test(plain)) return false;
  const turned = plain.slice(4) + plain.slice(0, 4);
  const digits = [...turned].map((sign) => Number.parseInt(sign, 36).toString()).join("");
  return [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0) === 1;
}

const carries = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5];

/** 27 digits, the last of which checks the others (modulo 10, recursive). */
function isQrReference(plain: string): boolean {
  if (!/^\d{27}$/.test(plain) || /^0+$/.test(plain)) return false;
  const carry = plain
    .slice(0, 26)
    .split("")
    .reduce((before, digit) => carries[(before + Number(digit)) % 10]!, 0);
  return (10 - carry) % 10 === Number(plain[26]);
}

/** Reads what stands on the bill; a number whose check digits are wrong is only words. */
export function readReference(text: string): PaymentReference {
  const plain = text.replace(/\s+/g, "").toUpperCase();
  if (isCreditorReference(plain)) return { kind: "rf", reference: plain };
  if (isQrReference(plain)) return { kind: "qrr", reference: plain };
  return { kind: "text", reference: text.trim() };
}
