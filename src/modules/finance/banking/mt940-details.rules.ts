// Field 86 of an MT940 entry: free text that banks structure in one of two ways, the German (`166?00…?20EREF+…`) and the Dutch
// (`/TRTP/…/NAME/…/REMI/…`). What neither knows stays as text.
export interface EntryText {
  readonly code?: string;
  readonly customerReference?: string;
  readonly endToEndId?: string;
  readonly counterpartyName?: string;
  readonly counterpartyAccount?: string;
  readonly remittanceText: string;
  readonly structuredReference?: string;
}

interface TextBlock {
  readonly isStructured: boolean;
  readonly lines: readonly string[];
}

// The separator is whatever stands behind the three digits of the code; banks use ? and > most.
const germanPattern = /^\s*(\d{3})([?><&@^|~$*#%])(?=\d\d)/;
const germanKeyword = /(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|RREF|PURP)\+/;
const germanLineLength = 27;
const dutchPattern = /^\/[A-Z]{2,4}\//;
const dutchKeyword =
  /\/(TRTP|IBAN|BIC|NAME|REMI|EREF|MARF|CSID|CNTP|ORDP|BENM|ADDR|ISDT|CREF|PREF|TRCD|UDTR|UCRD|RTRN|KREF|SVCL|PURP|OCMT|CHGS)\//;

export function readEntryText(blocks: readonly TextBlock[]): EntryText {
  const main = blocks.filter(({ isStructured }) => isStructured).flatMap(({ lines }) => lines);
  // Outside SWIFT's own fields (:NS:) each line begins with a two-digit code.
  const other = blocks
    .filter(({ isStructured }) => !isStructured)
    .flatMap(({ lines }) => lines.map((line) => line.replace(/^\d\d/, "").trim()));
  if (main.length === 0) return { remittanceText: other.filter(Boolean).join(" ") };
  const joined = main.join("");
  const german = germanPattern.exec(joined);
  if (german) return readGerman(german[1]!, splitGerman(joined.slice(german[0].length - 1), german[2]!));
  if (dutchPattern.test(joined)) return readDutch(joined);
  return {
    remittanceText: main
      .map((line) => line.trim())
      .filter(Boolean)
      .join(" "),
  };
}

function splitGerman(text: string, separator: string): ReadonlyMap<string, string> {
  const escaped = separator.replace(/[$^|*?]/g, "\\$&");
  const parts = text.split(new RegExp(`${escaped}(\\d\\d)`));
  const fields = new Map<string, string>();
  for (let at = 1; at < parts.length; at += 2) {
    if (!fields.has(parts[at]!)) fields.set(parts[at]!, parts[at + 1]!);
  }
  return fields;
}

function readGerman(code: string, fields: ReadonlyMap<string, string>): EntryText {
  const named = (...codes: readonly string[]) =>
    codes
      .map((part) => fields.get(part) ?? "")
      .join("")
      .trim() || undefined;
  const purpose = readPurpose(fields);
  const endToEndId = purpose.get("EREF")?.trim();
  return {
    code,
    customerReference: purpose.get("KREF")?.trim() || undefined,
    endToEndId: endToEndId && endToEndId !== "NOTPROVIDED" ? endToEndId : undefined,
    counterpartyName: named("32", "33"),
    // 38 is the IBAN where a bank gives both (Poland); 31 is an IBAN or the older account number.
    counterpartyAccount: (named("38") ?? purpose.get("IBAN")?.trim() ?? named("31"))?.replace(/\s+/g, ""),
    remittanceText: purpose.get("")?.trim() || named("00") || "",
  };
}

const boundary = "\u0001";

// Lines 20-29 and 60-63 are one text cut every 27 characters, in which keywords such as EREF+ begin a part. A part of a keyword
// goes on in the next line only when its own line is full; the purpose (SVWZ+ or no keyword) takes all that is left.
function readPurpose(fields: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  let text = "";
  let previous = { code: 0, length: 0 };
  for (const [code, part] of [...fields].filter(([code]) => /^(?:2\d|6[0-3])$/.test(code)).toSorted(([a], [b]) => a.localeCompare(b))) {
    const goesOn =
      previous.length >= germanLineLength - 1 && (Number(code) === previous.code + 1 || (previous.code === 29 && code === "60"));
    text += (goesOn || text === "" ? "" : boundary) + part;
    previous = { code: Number(code), length: part.length };
  }
  const pieces = text.split(germanKeyword);
  const parts = new Map<string, string>([["", pieces[0]!]]);
  for (let at = 1; at < pieces.length; at += 2) {
    const [keyword, value] = [pieces[at]!, pieces[at + 1]!];
    const end = keyword === "SVWZ" ? 0 : value.indexOf(boundary);
    if (keyword !== "SVWZ") parts.set(keyword, end < 0 ? value : value.slice(0, end));
    if (end >= 0) parts.set("", parts.get("")! + boundary + value.slice(end));
  }
  // A line that is not full ends a word; a full one cuts it anywhere.
  return parts.set("", parts.get("")!.replaceAll(boundary, " ").trim());
}

function readDutch(text: string): EntryText {
  const pieces = text.split(dutchKeyword);
  const parts = new Map<string, string>();
  for (let at = 1; at < pieces.length; at += 2) parts.set(pieces[at]!, pieces[at + 1]!.trim().replace(/\/+$/, ""));
  const [account, , name] = (parts.get("CNTP") ?? "").split("/");
  const remittance = parts.get("REMI") ?? "";
  const structured = /^STRD\/(?:CUR|ISO)\/([^/]+)/.exec(remittance)?.[1];
  const endToEndId = parts.get("EREF");
  return {
    code: parts.get("TRCD") || undefined,
    endToEndId: endToEndId && endToEndId !== "NOTPROVIDED" ? endToEndId : undefined,
    counterpartyName: parts.get("NAME") || name || undefined,
    counterpartyAccount: (parts.get("IBAN") || account || undefined)?.replace(/\s+/g, ""),
    remittanceText:
      remittance
        .replace(/^(?:USTD|STRD)\/\/?/, "")
        .replace(/\/+$/, "")
        .trim() ||
      (parts.get("TRTP") ?? ""),
    structuredReference: structured,
  };
}
