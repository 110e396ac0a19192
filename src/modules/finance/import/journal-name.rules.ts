// The names of accounts in a plain-text journal: below which account they stand, what they are called instead, what they were said to be.

export type DeclaredType = "asset" | "liability" | "equity" | "income" | "expense";

/** hledger manual, "Account types": a letter or a word in a comment of the directive. Cash is an asset, conversion and gain are equity. */
const declared = /\btype:\s*(A|L|E|R|X|C|V|assets?|liabilit(?:y|ies)|equity|revenues?|income|expenses?|cash|conversion)\s*(?:,|$)/i;
const types: Readonly<Record<string, DeclaredType>> = {
  a: "asset",
  c: "asset",
  l: "liability",
  e: "equity",
  v: "equity",
  r: "income",
  i: "income",
  x: "expense",
};

export class JournalNames {
  private readonly parents: string[] = [];
  private aliases: (readonly [string, string])[] = [];
  private readonly declared = new Map<string, DeclaredType>();

  enter(account: string): void {
    this.parents.push(account.trim());
  }

  leave(): void {
    this.parents.pop();
  }

  alias(from: string, to: string): void {
    this.aliases.push([from, to]);
  }

  forgetAliases(): void {
    this.aliases = [];
  }

  within(account: string): string {
    return [...this.parents, account].join(":").replaceAll(/:{2,}/g, ":");
  }

  /** Each alias from the last to the first, on what the one before made: so does hledger (manual, "alias directive"). */
  of(account: string): string {
    return this.aliases.reduceRight(
      (name, [from, to]) => (name === from || name.startsWith(`${from}:`) ? to + name.slice(from.length) : name),
      this.within(account),
    );
  }

  /** Keeps the type that a comment of a directive tells, if it tells one. */
  declare(account: string, comment: string): void {
    const found = declared.exec(comment.slice(Math.max(0, comment.indexOf(";"))))?.[1]?.toLowerCase();
    if (found === undefined) return;
    this.declared.set(account, found.startsWith("ex") ? "expense" : found === "conversion" ? "equity" : types[found[0]!]!);
  }

  typeOf(account: string): DeclaredType | undefined {
    for (let name = account; this.declared.size > 0; name = name.slice(0, name.lastIndexOf(":"))) {
      const found = this.declared.get(name);
      if (found || !name.includes(":")) return found;
    }
    return undefined;
  }
}
