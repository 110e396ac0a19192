// Reads what was typed after `heartwood`: words first, then options. Pure.

export interface Typed {
  /** Everything that is no option, in order. */
  readonly words: readonly string[];
  /** Options in order; a flag has no value. */
  readonly options: readonly Option[];
}

export interface Option {
  readonly name: string;
  readonly value: string | undefined;
}

/** Options of the command line itself; all others are fields of the operation. */
export const houseFlags = new Set(["json", "dry-run", "help", "wide", "all"]);
export const houseOptions = new Set(["reason", "key", "idempotency-key", "as", "tenant", "format", "input", "output"]);

/** @param isFlag whether an option that is not the house's own takes no value. */
export function readTyped(tokens: readonly string[], isFlag: (name: string) => boolean): Typed {
  const words: string[] = [];
  const options: Option[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    if (token === "--") return { words: [...words, ...tokens.slice(index + 1)], options };
    if (token === "-h") options.push({ name: "help", value: undefined });
    else if (!token.startsWith("--")) words.push(token);
    else {
      const [, name = "", value] = /^--([^=]+)(?:=([^]*))?$/.exec(token) ?? [];
      if (value !== undefined) options.push({ name, value });
      else if (houseFlags.has(name) || isFlag(name)) options.push({ name, value: undefined });
      // A value may begin with one dash, as a negative amount does.
      else if (tokens[index + 1] !== undefined && !/^--[a-z]/.test(tokens[index + 1]!)) options.push({ name, value: tokens[++index] });
      else options.push({ name, value: undefined });
    }
  }
  return { words, options };
}

export const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The nearest of some words, for "did you mean"; undefined when none is near. */
export function nearest(word: string, among: readonly string[]): string | undefined {
  const ranked = among
    .map((other) => ({ other, far: other.startsWith(word) || word.startsWith(other) ? 1 : distance(word, other) }))
    .toSorted((a, b) => a.far - b.far);
  return ranked[0] && ranked[0].far <= Math.max(2, Math.floor(word.length / 3)) ? ranked[0].other : undefined;
}

/** Letters to add, drop or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
