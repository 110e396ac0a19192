// A plain-text journal as hledger and Ledger write it, read line by line into entries. What cannot be read is told with its line, and
// nothing is guessed: an entry with a mistake is no entry.
import { type Day, isDay } from "../../../kernel/day.ts";
import type { DecimalMark } from "../banking/written-amount.rules.ts";
import { type AmountStyle, type AssertedBalance, currencyOf, type PricedAmount, readPosting, styleOf } from "./journal-amount.rules.ts";
import { type DeclaredType, JournalNames } from "./journal-name.rules.ts";

export interface JournalPosting {
  readonly line: number;
  /** Its names joined by colons, as written: `assets:bank:checking`. */
  readonly account: string;
  /** Missing in at most one posting of an entry: it takes what the others leave, or what its asserted balance wants. */
  readonly amount: PricedAmount | undefined;
  readonly asserted?: AssertedBalance;
  /** In brackets: these balance among themselves. */
  readonly isBracketed?: boolean;
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

const date = /(?:\d{4}[-/.])?\d{1,2}[-/.]\d{1,2}(?=[\s=]|$)/.source;
const heading = new RegExp(
  `^(?<date>${date})(?:=\\S+)?(?:\\s+(?<status>[*!]))?(?:\\s*\\((?<code>[^)]*)\\))?\\s*(?<description>[^;]*)(?:;.*)?$`,
);
const ownDay = /\bdate2?:\s*\d|\[=?\d{1,4}[-/.]\d/;
// Beancount has entries of one line that Ledger and hledger read as entries of nothing.
const beancount = /^(?:open|close|balance|pad|commodity|note|document|price|event|custom|query)\s+(?:[A-Z"])/;

interface OpenEntry {
  readonly line: number;
  readonly day: Day;
  readonly code: string;
  readonly description: string;
  readonly postings: JournalPosting[];
  isBad: boolean;
}

/** Reads lines as they come, so that a journal of any length is never held whole. */
export class JournalReader {
  /** Directives and blocks that say nothing about what was posted, each named once. */
  readonly skipped = new Set<string>();
  readonly mistakes: JournalMistake[] = [];
  private readonly names = new JournalNames();
  private readonly marks = new Map<string, DecimalMark>();
  /** What `apply` began and `end` ends, with the year there was before. */
  private readonly applied: { readonly word: string; readonly year: string }[] = [];
  private style: AmountStyle = { marks: this.marks, commodity: "" };
  private line = 0;
  private year = "";
  private bucket: string | undefined;
  private hasPayees = false;
  private block: "comment" | "other" | { readonly commodity: string } | { readonly account: string } | undefined;
  private entry: OpenEntry | undefined;

  /** The entry that this line ended, if it ended one. */
  read(text: string): JournalEntryText | undefined {
    this.line += 1;
    if (text.includes("\u0000")) this.mistake("This line holds a sign of no kind (NUL). Take it out.");
    if (this.block === "comment") {
      if (/^end (comment|test)\b/.test(text)) this.block = undefined;
      return undefined;
    }
    if (/^\s+\S/.test(text)) {
      if (this.block === undefined) this.posting(text.trim());
      else if (this.block !== "other") this.detail(text.trim(), this.block);
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
    const { postings, line } = entry;
    if (postings.length === 0) {
      if (beancount.test(entry.description))
        this.mistake("This is a line of Beancount. Bring in what bean-report or beanquery prints.", line);
      return undefined;
    }
    if (postings.length === 1 && this.bucket !== undefined && postings[0]!.amount) {
      postings.push({ line, account: this.bucket, amount: undefined, comment: "" });
    }
    const leftOut = postings.filter((posting) => posting.amount === undefined && !posting.asserted);
    if (leftOut.length > new Set(leftOut.map((posting) => posting.isBracketed)).size) {
      this.mistake("Only one line of an entry may leave its amount out.", line);
      return undefined;
    }
    return entry;
  }

  /** What a directive said an account is, or the nearest above it. */
  typeOf(account: string): DeclaredType | undefined {
    return this.names.typeOf(account);
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
    if (!found || (found["date"]!.length > 5 && !day)) this.mistake(`“${text.slice(0, 40)}” does not begin with a day such as 2026-03-31.`);
    else if (!day) this.mistake(`“${found["date"]}” is no day of ${this.year || "any year"}. Write the year before it: 2026-03-31.`);
  }

  private dayOf(text: string): Day | undefined {
    const parts = text.split(/[-/.]/);
    const [year, month, date] = parts.length === 3 ? parts : [this.year, ...parts];
    const full = `${year}-${month!.padStart(2, "0")}-${date!.padStart(2, "0")}`;
    return isDay(full) ? full : undefined;
  }

  private posting(text: string): void {
    if (text.startsWith(";")) return this.comment(text);
    if (!this.entry) return this.mistake("A line with an account stands outside an entry. Begin the entry with its day.");
    const [, body = "", comment = ""] = /^([^;]*?)\s*(?:;\s*(.*))?$/.exec(text)!;
    const [, account = "", amount = ""] = /^(?:[*!]\s*)?(\S(?:.*?\S)??)(?:\s{2,}|\t+)?(?:(?<=\s)(.*))?$/.exec(body.replaceAll("\t", "  "))!;
    this.comment(comment);
    if (/^\(.*\)$/.test(account)) {
      return this.mistake(
        `${account} stands in parentheses, so nothing balances it, and books balance. Take the line out, or give it its other side.`,
      );
    }
    if (/^<.*>$/.test(account))
      return this.mistake(`${account} stands in angle brackets, and is posted later. Write it where it is posted.`);
    const read = amount.trim() === "" ? {} : readPosting(amount, this.style);
    if (typeof read === "string") return this.mistake(read);
    if (read.amount?.price && currencyOf(read.amount.commodity, "") === undefined) {
      this.skipped.add("how many there are of what is no currency: it is kept at its cost, and its number in the text of the line");
    }
    const isBracketed = /^\[.*\]$/.test(account);
    const named = this.names.of(isBracketed ? account.slice(1, -1) : account);
    if (this.hasPayees && /(^|:)unknown$/i.test(named)) {
      return this.mistake(`${named} is named by the payee, which we do not look up. Write the account: ledger print > whole.journal`);
    }
    this.entry.postings.push({ line: this.line, account: named, amount: undefined, comment, isBracketed, ...read });
  }

  private comment(text: string): void {
    if (ownDay.test(text)) this.skipped.add("days of single lines: they take the day of their entry");
  }

  private directive(text: string): void {
    const [, word = "", rest = ""] = /^([!@]?[A-Za-z~=-]+)\s*(.*)$/.exec(text) ?? [];
    const value = rest.replace(/\s*;.*$/, "").trim();
    const name = word.replace(/^[!@]/, "");
    if (/^[!@]?(Y|year)\s*\d/.test(text)) this.setYear(text.replace(/^\D+/, ""));
    else if (name === "comment" || name === "test") this.block = "comment";
    else if (name === "alias") this.alias(value);
    else if (name === "apply") this.apply(value);
    else if (name === "end") this.close(value);
    else if (name === "decimal-mark") this.style = { ...this.style, mark: value === "," ? "," : "." };
    else if (name === "D") this.commodity(value, true);
    else if (name === "commodity") this.commodity(value, false);
    else if (name === "account") this.account(value, rest);
    else if (name === "A" || name === "bucket") this.bucket = this.names.of(value);
    else if (name === "include")
      this.mistake(`“${text.slice(0, 60)}” names another file. Put it in its place: hledger print > whole.journal`);
    else this.other(name, text);
  }

  private setYear(value: string): void {
    if (/^\d{4}\s*(;.*)?$/.test(value)) this.year = value.slice(0, 4);
    else this.mistake(`“${value.slice(0, 40)}” is no year such as 2026.`);
  }

  private apply(value: string): void {
    const [, word = "", rest = ""] = /^(\S+)\s*(.*)$/.exec(value) ?? [];
    this.applied.push({ word, year: this.year });
    if (word === "account") this.names.enter(rest);
    else if (word === "year") this.setYear(rest);
    else if (word !== "tag") this.mistake(`“apply ${value.slice(0, 40)}” is not known here. Write it out: ledger print > whole.journal`);
  }

  /** `end`, `end apply` and `end apply account` end what began last; `end aliases` ends all of them. */
  private close(value: string): void {
    if (value === "aliases") return this.names.forgetAliases();
    if (value === "tag" && this.applied.at(-1)?.word !== "tag") return;
    const last = this.applied.pop();
    if (!last) return this.mistake(`“end ${value.slice(0, 40)}” ends nothing. Take it out.`);
    if (last.word === "account") this.names.leave();
    if (last.word === "year") this.year = last.year;
  }

  private commodity(value: string, isDefault: boolean): void {
    const shown = styleOf(value);
    const commodity = (shown?.commodity ?? value).replaceAll('"', "");
    if (shown?.mark) this.marks.set(commodity, shown.mark);
    if (isDefault) this.style = { ...this.style, commodity };
    this.block = { commodity };
  }

  private account(value: string, rest: string): void {
    const account = this.names.within(value);
    this.names.declare(account, rest);
    this.block = { account };
  }

  /** A line below a directive: `format 1.000,00 EUR`, `alias food`, `default`. */
  private detail(text: string, block: { readonly commodity: string } | { readonly account: string }): void {
    const [, word = "", value = ""] = /^(\S+)\s*(.*)$/.exec(text) ?? [];
    if ("commodity" in block) {
      const mark = word === "format" ? styleOf(value.replace(/\s*;.*$/, ""))?.mark : undefined;
      if (mark) this.marks.set(block.commodity, mark);
      if (word === "default") this.style = { ...this.style, commodity: block.commodity };
    } else if (word === "payee") this.hasPayees = true;
    else if (word === "alias") this.names.alias(value.trim(), block.account);
    else if (word === "default") this.bucket = block.account;
    else if (text.startsWith(";")) this.names.declare(block.account, text);
  }

  private alias(value: string): void {
    const [from = "", to = ""] = value.split("=").map((part) => part.trim());
    if (from.startsWith("/") || to === "")
      this.mistake(`The alias “${value.slice(0, 60)}” is a pattern. Apply it first: hledger print > whole.journal`);
    else this.names.alias(from, to);
  }

  private other(name: string, text: string): void {
    this.block = "other";
    const known = ["P", "payee", "tag", "C", "N", "assert", "check", "define", "def", "eval", "expr"];
    if (text.startsWith("~")) this.skipped.add("periodic entries (~), which are plans");
    else if (text.startsWith("=")) {
      this.mistake("An automatic entry (=) adds lines to others. Write them out: hledger print --auto > whole.journal, and leave it out.");
    } else if (/^[ioOhb]\s+\d{4}[-/]/.test(text)) this.mistake("This line clocks hours, and hours are no money. Take it out.");
    else if (!known.includes(name)) this.mistake(`“${text.slice(0, 60)}” is no entry and no directive we know.`);
  }
}
