// The text of a statement file: bytes to characters, line numbers, and the readers of amounts and days that name the line.
import { currencyDecimals, isCurrency } from "../../../kernel/currency.ts";
import { type Day, isDay } from "../../../kernel/day.ts";
import { Money } from "../../../kernel/money.ts";
import { Refusal, type RefusalFacts } from "../../../kernel/refusal.ts";

const megabyte = 1_048_576;
const capMegabytes = 20;

export function refusalAt(code: string, line: number, reason: string, facts: RefusalFacts = {}): Refusal {
  return new Refusal(code, `Line ${line}: ${reason}`, { line, ...facts });
}

/** A piece of the file as a sentence may quote it. */
export const shown = (text: string): string => `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;

/**
 * Characters of a statement file. The encoding is what the file declares (byte order mark, XML declaration, OFX header), else
 * UTF-8, else Windows-1252, which contains Latin-1. @throws Refusal when the file is too large, not text, or not what it declares.
 */
export function decodeStatement(bytes: Uint8Array): string {
  if (bytes.length > capMegabytes * megabyte) {
    const size = Math.ceil(bytes.length / megabyte);
    throw refusalAt(
      "statementTooLarge",
      1,
      `the file has ${size} MB and the limit is ${capMegabytes} MB. Ask the bank for smaller periods.`,
    );
  }
  const text = decodeBytes(bytes).replace(/^\uFEFF/, "");
  const nul = text.indexOf("\0");
  if (nul >= 0) {
    throw refusalAt("statementHoldsNul", lineReader(text)(nul), "a NUL byte stands in the text, so the file is damaged. Fetch it again.");
  }
  return text;
}

function decodeBytes(bytes: Uint8Array): string {
  const wide = wideEncoding(bytes);
  if (wide) return decodeStrictly(bytes, wide);
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 1000));
  const declared = /^(?:\u00EF\u00BB\u00BF)?\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']+)["']/.exec(head)?.[1];
  // A file whose declaration could be read byte by byte is not UTF-16, whatever it says.
  if (declared && !/^utf-?(8|16)/i.test(declared)) return decodeStrictly(bytes, declared);
  if (declared) return decodeStrictly(bytes, "utf-8");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    if (/^\s*<\?xml/.test(head) && !head.includes("OFX")) return decodeStrictly(bytes, "utf-8");
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

function wideEncoding(bytes: Uint8Array): string | undefined {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first !== 0 && second === 0 && third !== 0 && fourth === 0) return "utf-16le";
  if (first === 0 && second !== 0 && third === 0 && fourth !== 0) return "utf-16be";
  return undefined;
}

function decodeStrictly(bytes: Uint8Array, encoding: string): string {
  const decoder = decoderOf(encoding);
  try {
    return decoder.decode(bytes);
  } catch {
    const reason = `the bytes are not ${encoding}, which the file says it is written in. Fetch the file again without converting it.`;
    throw refusalAt("statementEncodingBroken", firstBrokenLine(bytes, encoding), reason);
  }
}

/** OFX calls ASCII so in its header, and some banks in the declaration of their XML as well. */
const otherNames: Readonly<Record<string, string>> = { USASCII: "us-ascii" };

function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(otherNames[encoding.toUpperCase()] ?? encoding, { fatal: true });
  } catch {
    throw refusalAt("statementEncodingUnknown", 1, `the encoding "${encoding}" is not known. Save the file as UTF-8.`);
  }
}

function firstBrokenLine(bytes: Uint8Array, encoding: string): number {
  if (encoding.startsWith("utf-16")) return 1;
  const decoder = decoderOf(encoding);
  let start = 0;
  for (let line = 1; start <= bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, start);
    try {
      decoder.decode(bytes.subarray(start, end < 0 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end < 0) break;
    start = end + 1;
  }
  return 1;
}

/** Tells the line, from 1, of a place in the text. */
export function lineReader(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

/** Reads `1234.50`, `1234,5`, `+1`, `-.5`. @throws Refusal on anything else, and on more decimals than the currency has: never rounded. */
export function readAmount(text: string, currency: string, line: number): Money {
  if (!isCurrency(currency)) {
    throw refusalAt("currencyUnknown", line, `${shown(currency)} is not a currency of ISO 4217. Ask the bank which currency is meant.`);
  }
  const parts = /^([+-]?)(\d*)(?:[.,](\d*))?$/.exec(text.trim());
  const whole = parts?.[2]?.replace(/^0+/, "") || "0";
  const fraction = parts?.[3] ?? "";
  if (!parts || (parts[2] === "" && fraction === "") || whole.length > 18 || fraction.length > 18) {
    throw refusalAt("amountMalformed", line, `${shown(text)} is not an amount. Ask the bank for a correct file.`);
  }
  const decimals = currencyDecimals(currency);
  if (fraction.replace(/0+$/, "").length > decimals) {
    const excess = `${shown(text)} has more decimals than the ${decimals} of ${currency}`;
    const reason = `${excess}. Amounts are never rounded: ask the bank for a correct file.`;
    throw refusalAt("amountTooPrecise", line, reason);
  }
  return Money.parse(`${parts[1] === "-" ? "-" : ""}${whole}.${fraction || "0"}`, currency);
}

/** Reads `2026-11-21`, also with a time behind it. @throws Refusal when that day does not exist. */
export function readDay(text: string, line: number): Day {
  const written = text.slice(0, 10);
  if (!isDay(written) || !/^(?:[TZ+-]|$)/.test(text.slice(10))) {
    throw refusalAt("dayMalformed", line, `${shown(text)} is not a day of the calendar. Ask the bank for a correct file.`);
  }
  return written;
}
