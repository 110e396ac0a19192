// The accounts a plain-text journal names, found in the chart or added to it below the group of their kind.
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import type { AccountType } from "../ledger/chart.ts";

/** The first name of an account says what it is: hledger's own words (manual, "Account types") and Ledger's habits. */
const kinds: readonly (readonly [RegExp, AccountType])[] = [
  [/^assets?(:|$)/i, "asset"],
  [/^(debts?|liabilit(y|ies))(:|$)/i, "liability"],
  [/^(equity|capital)(:|$)/i, "equity"],
  [/^(income|revenues?)(:|$)/i, "income"],
  [/^expenses?(:|$)/i, "expense"],
];

export const typeOf = (name: string): AccountType | undefined => kinds.find(([pattern]) => pattern.test(name))?.[1];

interface Known {
  readonly id: Id;
  readonly code: string;
  readonly name: string;
  readonly type: AccountType;
  readonly isGroup: boolean;
  readonly isRoot: boolean;
}

/** The chart as an import sees it: names are resolved once, and those to be added are gathered. */
export class JournalChart {
  private readonly byName = new Map<string, Id>();
  private readonly byKey = new Map<string, Known>();
  private readonly roots = new Map<AccountType, Known>();
  private readonly codes: Set<string>;
  private added: { id: Id; code: string; name: string; type: AccountType; parentId: Id }[] = [];
  readonly addedNames: string[] = [];
  private readonly newId: () => Id;

  constructor(known: readonly Known[], newId: () => Id) {
    this.newId = newId;
    this.codes = new Set(known.map((account) => account.code));
    for (const account of known) {
      if (account.isGroup && account.isRoot) this.roots.set(account.type, this.roots.get(account.type) ?? account);
      if (account.isGroup) continue;
      this.byKey.set(account.code, account);
      this.byKey.set(`${account.type} ${account.name.toLowerCase()}`, account);
      this.byKey.set(`${account.type} ${account.code} ${account.name.toLowerCase()}`, account);
    }
  }

  /** The account of a name, or why there can be none. */
  find(name: string, declared?: AccountType): Id | { readonly says: string } {
    const known = this.byName.get(name);
    if (known) return known;
    const usual = typeOf(name);
    const type = declared ?? usual;
    if (!type)
      return {
        says: `“${name}” begins with none of assets, liabilities, equity, income and expenses. Say what it is: account ${name}  ; type: X`,
      };
    // What does not begin with the usual word keeps its first name: “einnahmen:miete” and “erlöse:miete” are two.
    const path = (usual && name.split(":").slice(1).join(":")) || name;
    const found = this.byKey.get(`${type} ${path.toLowerCase()}`) ?? this.byKey.get(path);
    const id = found && found.type === type ? found.id : this.add(path, type);
    this.byName.set(name, id);
    return id;
  }

  private add(path: string, type: AccountType): Id {
    const root = this.roots.get(type)!;
    let number = this.added.length + 1;
    const prefix = root.code.slice(0, 1);
    while (this.codes.has(`${prefix}-${number}`)) number += 1;
    const code = `${prefix}-${number}`;
    this.codes.add(code);
    const id = this.newId();
    this.added.push({ id, code, name: path.slice(0, 100), type, parentId: root.id });
    this.addedNames.push(`${code} ${path.slice(0, 100)}`);
    return id;
  }

  /** Whether something waits to be saved. */
  get hasAdded(): boolean {
    return this.added.length > 0;
  }

  /** Adds to the chart what was missing so far. */
  async save(context: WriteContext, bookId: Id): Promise<void> {
    if (!this.hasAdded) return;
    const { added } = this;
    this.added = [];
    await context.db.run(sql`
      insert into finance.account (tenant_id, id, book_id, code, name, type, parent_id, is_group)
      select ${context.tenantId}, a.id, ${bookId}, a.code, a.name, a.type, a.parent_id, false
      from unnest(${added.map((one) => one.id)}::uuid[], ${added.map((one) => one.code)}::text[], ${added.map((one) => one.name)}::text[],
        ${added.map((one) => one.type)}::text[], ${added.map((one) => one.parentId)}::uuid[]) as a (id, code, name, type, parent_id)`);
  }
}

export async function journalChart(context: ReadContext, bookId: Id, newId: () => Id): Promise<JournalChart> {
  const known = await context.db.rows<Known>(sql`
    select id, code, name, type, is_group, parent_id is null as is_root from finance.account
    where tenant_id = ${context.tenantId} and book_id = ${bookId} and (is_group or (control is null and retired_from is null))
    order by code`);
  return new JournalChart(known, newId);
}
