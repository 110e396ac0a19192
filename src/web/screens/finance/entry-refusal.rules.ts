// Where in the grid the server's "no" belongs: the field of the line, a field of the head, or nowhere in particular.
import type { LineDraft, LineField } from "./entry-lines.rules.ts";

type HeadField = "day" | "text" | "reference" | "journal";

interface Said {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export interface Placed {
  readonly head: Partial<Record<HeadField, string>>;
  readonly lines: ReadonlyMap<number, Partial<Record<LineField, string>>>;
  /** It is about no line: it is said for the whole entry as well. */
  readonly isLoose: boolean;
}

const fields: Readonly<Record<string, LineField>> = {
  account: "account",
  accountId: "account",
  partyId: "party",
  unitId: "unit",
  text: "text",
  debit: "debit",
  credit: "credit",
};

const heads: readonly string[] = ["day", "text", "reference", "journal"];

/** Beside a field there is no room for a command of the command line; the sentence before it says enough. */
const short = (message: string): string => message.replace(/:? heartwood [a-z].*$/, ".").replace(/\.\.$/, ".");

/** `sent` are the lines as they were sent, in their order. */
export function placedIn(said: readonly Said[], sent: readonly LineDraft[]): Placed {
  const head: Partial<Record<HeadField, string>> = {};
  const lines = new Map<number, Partial<Record<LineField, string>>>();
  for (const { path, message } of said) {
    const [first, index, name] = path;
    const line = first === "lines" && typeof index === "number" ? sent[index] : undefined;
    if (line) {
      const field = fields[String(name)] ?? (line.credit.trim() === "" ? "debit" : "credit");
      lines.set(line.key, { ...lines.get(line.key), [field]: short(message) });
    } else if (heads.includes(String(first))) head[first as HeadField] = short(message);
  }
  return { head, lines, isLoose: said.length > 0 && lines.size === 0 };
}
