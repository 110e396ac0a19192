// A plain-text journal as hledger and Ledger write it, read line by line into entries. What cannot be read is told with its line, and
// nothing is guessed: an entry with a mistake is no entry.
import { type Day, isDay } from "../../../kernel/day.ts";
import type { DecimalMark } from "../banking/written-amount.rules.ts";
import { parsePricedAmount, type PricedAmount } from "./journal-amount.rules.ts";

export interface JournalPosting {
  readonly line: number;
  /** Its names joined by colons, as written: `assets:bank:checking`. */
  readonly account: string;
  /** Missing in at most one posting of an entry: it takes what the others leave. */
  readonly amount: PricedAmount | undefined;
  readonly comment: string;
}

export interface JournalEntryText {
  /** The line it begins on, from 1. */
  readonly line: number;
  readonly day: Day;
  readonly code: string;
  readonly description: string;
  readonly postings: readonly JournalPosting[];
}

export interface JournalMistake {
  readonly line: number;
  readonly says: string;
}

const date = /\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?/.source;
const heading = new RegExp(
  `^(?<date>${date})(?:=\\S+)?(?:\\s+(?<status>[*!]))?(?:\\s*\\((?<code>[^)]*)\\))?\\s*(?<description>[^;]*)(?:;.*)?$`,
);

/** Reads lines as they come, so that a journal of any length is never held whole. */
export class JournalReader {
  /** Directives and blocks that say nothing about what was posted, each named once. */
  readonly skipped = new Set<string>();
  readonly mistakes: JournalMistake[] = [];
  private readonly aliases: (readonly [string, string])[] = [];
  private readonly parents: string[] = [];
  private line = 0;
  private year = "";
  private mark: DecimalMark | undefined;
  private block: "comment" | "other" | undefined;
  private entry: { line: number; day: Day; code: string; description: string; postings: JournalPosting[]; isBad: boolean } | undefined;

  /** The entry that this line ended, if it ended one. */
  read(text: string): JournalEntryText | undefined {
    this.line += 1;
    if (this.block === "comment") {
      if (/^end (comment|test)\b/.test(text)) this.block = undefined;
      return undefined;
    }
    if (/^\s+\S/.test(text)) {
      if (this.block !== "other") this.posting(text.trim());
      return undefined;
    }
    const ended = this.end();
    this.block = undefined;
    if (/^\d/.test(text)) this.begin(text);
    else if (text.trim() !== "" && !/^[;#*%|]/.test(text)) this.directive(text);
    return ended;
  }

  /** The entry that the end of the text ended. */
  end(): JournalEntryText | undefined {
    const { entry } = this;
    this.entry = undefined;
    if (!entry || entry.isBad) return undefined;
    if (entry.postings.length === 0) return undefined;
    if (entry.postings.filter((posting) => posting.amount === undefined).length > 1) {
      this.mistake("Only one line of an entry may leave its amount out.", entry.line);
      return undefined;
    }
    return entry;
  }

  private mistake(says: string, line = this.line): void {
    this.mistakes.push({ line, says });
    if (this.entry) this.entry.isBad = true;
  }

  private begin(text: string): void {
    const found = heading.exec(text)?.groups;
    const day = found && this.dayOf(found["date"]!);
    this.entry = {
      line: this.line,
      day: day ?? ("" as Day),
      code: found?.["code"]?.trim() ?? "",
      description: found?.["description"]?.trim() ?? "",
      postings: [],
      isBad: false,
    };
    if (!day) this.mistake(`“${text.slice(0, 40)}” does not begin with a day such as 2026-03-31.`);
  }

  private dayOf(text: string): Day | undefined {
    const parts = text.split(/[-/.]/);
    const [year, month, date] = parts.length === 3 ? parts : [this.year, ...parts];
    const full = `${year!.padStart(4, "20")}-${month!.padStart(2, "0")}-${date!.padStart(2, "0")}`;
    return isDay(full) ? full : undefined;
  }

  private posting(text: string): void {
    if (text.startsWith(";")) return;
    if (!this.entry) return this.mistake("A line with an account stands outside an entry. Begin the entry with its day.");
    const [, body = "", comment = ""] = /^([^;]*?)\s*(?:;\s*(.*))?$/.exec(text)!;
    const [, account = "", amount = ""] = /^(?:[*!]\s*)?(\S(?:.*?\S)??)(?:\s{2,}|\t+)?(?:(?<=\s)(.*))?$/.exec(body.replaceAll("\t", "  "))!;
    if (/^\(.*\)$/.test(account)) return void this.skipped.add("postings in parentheses, which need not balance");
    const named = this.nameOf(account.replace(/^\[(.*)\]$/, "$1"));
    const read = amount.trim() === "" ? undefined : parsePricedAmount(amount, this.mark);
    if (amount.trim() !== "" && !read) return this.mistake(`“${amount.trim().slice(0, 60)}” cannot be read as an amount.`);
    this.entry.postings.push({ line: this.line, account: named, amount: read, comment });
  }

  private nameOf(account: string): string {
    const full = [...this.parents, account].join(":");
    const alias = this.aliases.findLast(([from]) => full === from || full.startsWith(`${from}:`));
    return alias ? alias[1] + full.slice(alias[0].length) : full;
  }

  private directive(text: string): void {
    const [, word = "", rest = ""] = /^([!@]?[A-Za-z~=-]+)\s*(.*)$/.exec(text) ?? [];
    const value = rest.replace(/\s*;.*$/, "").trim();
    const name = word.replace(/^[!@]/, "");
    if (name === "comment" || name === "test") this.block = "comment";
    else if (name === "alias") this.alias(value);
    else if (name === "apply" && value.startsWith("account ")) this.parents.push(value.slice(8).trim());
    else if (name === "end" && /^(apply )?account$|^apply$/.test(value)) this.parents.pop();
    else if (name === "year" || name === "Y") this.year = value;
    else if (name === "decimal-mark") this.mark = value === "," ? "," : ".";
    else if (/^Y\d{4}/.test(text)) this.year = text.slice(1, 5);
    else if (name === "include")
      this.mistake(`“${text.slice(0, 60)}” names another file. Put it in its place: hledger print > whole.journal`);
    else this.other(name, text);
  }

  private alias(value: string): void {
    const [from = "", to = ""] = value.split("=").map((part) => part.trim());
    if (from.startsWith("/") || to === "")
      this.mistake(`The alias “${value.slice(0, 60)}” is a pattern. Apply it first: hledger print > whole.journal`);
    else this.aliases.push([from, to]);
  }

  private other(name: string, text: string): void {
    this.block = "other";
    const known = ["account", "commodity", "D", "P", "payee", "tag", "C", "N", "assert", "check", "define", "bucket", "A", "eval", "expr"];
    if (text.startsWith("~")) this.skipped.add("periodic entries (~), which are plans");
    else if (text.startsWith("=")) this.skipped.add("automatic postings (=): write them out first with hledger print --auto");
    else if (!known.includes(name)) this.mistake(`“${text.slice(0, 60)}” is no entry and no directive we know.`);
  }
}
