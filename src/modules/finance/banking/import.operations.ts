// Importing what the bank tells: a file is taken whole or not at all, and nothing of it is ever taken twice.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, FileId, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { bankAccountUnknown } from "../ledger/bank-account.operations.ts";
import { isSameAccount, plainNumber } from "./account-number.rules.ts";
import { type CsvMapping, csvRecords, isSameHeader } from "./csv.rules.ts";
import { looksLikeCsv } from "./csv-detect.rules.ts";
import { isInUse, type KnownAccount, waysInto } from "./import-way.rules.ts";
import { asEarlier, contradiction, daysOf, type EarlierStatement, isAdvice } from "./import.rules.ts";
import * as store from "./import.store.ts";
import type { ImportAccount, NewLine, NewStatement } from "./import.store.ts";
import { mappingsFor } from "./mapping.store.ts";
import { readStatements } from "./statement-format.rules.ts";
import { inOrder, placesOfDay } from "./statement-order.rules.ts";
import { importRefusals } from "./statement-refusals.ts";
import { decodeStatement } from "./statement-text.rules.ts";
import { assertStatementAddsUp, entryKey, statementEntryKeys } from "./statement.rules.ts";
import type { BankStatement } from "./statement.ts";
import { replaceTwins } from "./twin.store.ts";

const ImportedStatement = z.object({
  id: ref("finance.bankStatement"),
  statementId: z.string().describe("As the bank calls it."),
  sequence: z.string().nullable(),
  format: z.string(),
  from: Day,
  until: Day,
  opening: Money.nullable(),
  entriesSum: Money,
  closing: Money.nullable(),
  difference: Money.nullable().describe("Closing less opening and entries; null where a balance is missing."),
  proven: z.boolean().describe("Opening + entries = closing."),
  unproven: z.enum(["openingMissing", "closingMissing", "totalsDiffer"]).nullable().describe("Why nothing can be proven."),
  doubts: z.array(z.string()).describe("Control totals of the bank that the file contradicts."),
  gap: Money.nullable().describe("Opening less the closing of the statement before, when statements between them are missing."),
  added: z.number().int(),
  known: z.number().int().describe("Entries that were imported before."),
  advised: z.number().int().describe("Entries only told ahead: kept apart, and booked by the day's statement."),
  replaced: z.array(z.string()).describe("Entries told ahead whose place a booked one took, each in a sentence."),
});
type Imported = z.output<typeof ImportedStatement>;

const LeftOut = z.object({
  account: z.string().describe("As the bank writes it."),
  currency: z.string(),
  statements: z.number().int(),
  next: z.string().describe("What to do next, with the command to run."),
});

export const importBankStatement = operation({
  name: "finance.bankStatement.import",
  title: "Import a bank statement",
  does: "Reads a file from the bank, proves that opening and entries make the closing, and adds the entries not known yet.",
  kind: "write",
  previews: true,
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({
    fileId: FileId.describe("camt, MT940, MT942, OFX, BAI2, CODA, QIF or CSV; what it is, the content tells."),
    bankAccountId: ref("finance.bankAccount"),
    mappingId: ref("finance.statementMapping").optional().describe("For CSV; by default the one that knows its columns."),
    dayOrder: z.enum(["ymd", "dmy", "mdy"]).optional().describe("For QIF: how its days are written, where they may be read in two ways."),
    allowUnproven: z.boolean().default(true).describe("Also take statements without an opening or closing balance, as OFX always is."),
  }),
  output: z.object({
    statements: z.array(ImportedStatement),
    added: z.number().int(),
    known: z.number().int(),
    advised: z.number().int(),
    leftOut: z.array(LeftOut).describe("Other accounts that the file also tells about, each with what to do next."),
  }),
  refuses: { bankAccountUnknown, ...importRefusals },
  constraints: { bank_account_number: "numberTaken" },
  emits: ["finance.bankStatement.imported"],
  async run(input, context) {
    const account = await lockAccount(context, input.bankAccountId);
    const file = await context.readFile(input.fileId);
    const mapping = await mappingOf(context, account.id, file.bytes, input.mappingId);
    const own = { currency: account.currency, account: account.number ?? account.code, mapping, dayOrder: input.dayOrder };
    const all = readStatements(file.bytes, own);
    const accounts = await knownAccounts(context);
    // A file is believed whole or not at all: statements of other accounts must add up too.
    for (const statement of all) assertStatementAddsUp(statement);
    const statements = ownStatements(all, account, accounts);
    const found = await store.knownStatements(context, account, statements.map(store.statementKey));
    const plans = planStatements(context, statements, found, input.allowUnproven);
    const imported = await keepStatements(context, account, input.fileId, plans);
    const nowKnown = await adoptNumber(context, account, statements[0]!, accounts);
    const sum = (of: "added" | "known" | "advised") => imported.reduce((total, one) => total + one[of], 0);
    context.emit("finance.bankStatement.imported", { bankAccountId: account.id, statementIds: imported.map((one) => one.id) });
    const leftOut = leftOutOf(all, statements, nowKnown);
    return { statements: imported, added: sum("added"), known: sum("known"), advised: sum("advised"), leftOut };
  },
});

/** The mapping that was named, or the one that knows the columns of the file. */
async function mappingOf(
  context: WriteContext,
  accountId: KernelId,
  bytes: Uint8Array,
  asked: KernelId | undefined,
): Promise<CsvMapping | undefined> {
  const saved = await mappingsFor(context, accountId);
  if (saved.length === 0 && asked === undefined) return undefined;
  const named = saved.find((one) => one.id === asked);
  if (asked !== undefined) return named ?? refuse("mappingUnknown", {}, ["mappingId"]);
  const text = decodeStatement(bytes);
  if (!looksLikeCsv(text)) return undefined;
  const isOf = (one: CsvMapping): boolean => {
    const head = csvRecords(text, one.separator)[one.skip]?.fields ?? [];
    return one.header.length > 0 ? isSameHeader(head, one.header) : head.length === one.columns.length;
  };
  return saved.find(isOf);
}

/** Locked, so that two imports into one account follow each other. */
async function lockAccount(context: WriteContext, id: KernelId): Promise<ImportAccount> {
  const account = await context.db.maybe<ImportAccount>(sql`
    select k.id, k.code, k.code || ' ' || k.name as name, k.number, k.currency from finance.bank_account k
    where k.tenant_id = ${context.tenantId} and k.id = ${id} for update of k`);
  return account ?? refuse("bankAccountUnknown", {}, ["bankAccountId"]);
}

const knownAccounts = (context: WriteContext): Promise<KnownAccount[]> =>
  context.db.rows<KnownAccount>(sql`
    select code, number, currency from finance.bank_account where tenant_id = ${context.tenantId} order by code`);

/**
 * The statements of the account in its currency; one file may tell about several accounts. An account without a number takes the first in
 * its currency.
 */
function ownStatements(all: readonly BankStatement[], account: ImportAccount, accounts: readonly KnownAccount[]): BankStatement[] {
  const first = all.find((one) => one.currency === account.currency) ?? all.find((one) => isInUse(one.currency)) ?? all[0]!;
  const known = account.number ?? first.accountIdentification;
  const ofNumber = all.filter((statement) => isSameAccount(known, statement.accountIdentification));
  const own = ofNumber.filter((statement) => statement.currency === account.currency);
  const nearest = own[0] ?? ofNumber[0] ?? first;
  for (const one of own.length > 0 ? own : [nearest]) requireOneCurrency(one);
  if (own.length > 0) return own;
  const [next] = waysInto(accounts, [nearest]);
  const facts = { line: nearest.line, bankAccount: account.name, next };
  if (ofNumber.length === 0) refuse("accountDiffers", { ...facts, told: nearest.accountIdentification, known }, ["bankAccountId"]);
  return refuse("currencyDiffers", { ...facts, told: nearest.currency, known: account.currency }, ["bankAccountId"]);
}

/** Entries in another currency than the balances of their own account cannot be proven, whichever bank account takes them. */
function requireOneCurrency({ accountIdentification, currency, entries }: BankStatement): void {
  const foreign = entries.find((entry) => entry.amount.currency !== currency);
  if (!foreign) return;
  const next = `Ask the bank for a statement whose entries are in ${currency}, as the account is.`;
  const told = foreign.amount.currency;
  refuse("currencyDiffers", { line: foreign.line, told, bankAccount: `account ${accountIdentification}`, known: currency, next });
}

/** The accounts in the file that were not imported, each once. */
function leftOutOf(all: readonly BankStatement[], own: readonly BankStatement[], accounts: readonly KnownAccount[]) {
  const groups = new Map<string, BankStatement[]>();
  for (const one of all.filter((statement) => !own.includes(statement))) {
    const key = `${one.accountIdentification} ${one.currency}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const firsts = [...groups.values()].map((group) => group[0]!);
  const ways = waysInto(accounts, firsts);
  return [...groups.values()].map((group, place) => ({
    account: group[0]!.accountIdentification,
    currency: group[0]!.currency,
    statements: group.length,
    next: ways[place]!,
  }));
}

type Plan = NewStatement & { readonly isKnown: boolean; readonly unproven: Imported["unproven"]; readonly difference: KernelMoney | null };

/** Every statement is proven before the first row is written. */
function planStatements(
  context: WriteContext,
  statements: readonly BankStatement[],
  found: ReadonlyMap<string, KernelId>,
  allowUnproven: boolean,
): Plan[] {
  const ids = new Map(found);
  return statements.map((statement, index) => {
    const proof = assertStatementAddsUp(statement);
    const advice = isAdvice(statement);
    if (proof.unprovable && !allowUnproven && !advice) {
      const missing = proof.unprovable === "openingMissing" ? "opening" : proof.unprovable === "closingMissing" ? "closing" : "confirmed";
      refuse("statementUnproven", { line: statement.line, statement: statement.statementId, missing });
    }
    const key = store.statementKey(statement);
    const isKnown = ids.has(key);
    if (!isKnown) ids.set(key, context.newId());
    return {
      id: ids.get(key)!,
      key,
      position: index + 1,
      statement,
      days: daysOf(statement) ?? { from: context.today, until: context.today },
      entriesSum: proof.entriesSum ?? KernelMoney.zero(statement.currency),
      proven: proof.proven,
      isAdvice: advice,
      isKnown,
      unproven: proof.unprovable === "currenciesDiffer" ? null : (proof.unprovable ?? null),
      difference: proof.difference ?? null,
    };
  });
}

async function keepStatements(
  context: WriteContext,
  account: ImportAccount,
  fileId: KernelId,
  plans: readonly Plan[],
): Promise<Imported[]> {
  const span = {
    from: plans.map((plan) => plan.days.from).toSorted()[0]!,
    until: plans
      .map((plan) => plan.days.until)
      .toSorted()
      .at(-1)!,
  };
  const earlier = await store.earlierStatements(context, account, span);
  const { fresh, told, order } = orderOf(plans, earlier);
  const read = fresh.map((plan) => store.ofAccount(plan.statement, account));
  const texts = statementEntryKeys(read, await store.importedSoFar(context, account, read));
  const keys = texts.map((of) => of.map(store.digest));
  const known = await store.knownLines(context, account, keys.flat());
  const lines: NewLine[] = [];
  const booked: NewLine[] = [];
  const standing = [...earlier];
  const counts = new Map<KernelId, Counts>();
  for (const [place, plan] of fresh.entries()) {
    const sorted = sortEntries(plan, keys[place]!, known, account);
    const wrong = plan.isAdvice ? undefined : contradiction(plan.statement, sorted.places, standing);
    if (wrong) refuse("statementContradicts", { ...wrong });
    lines.push(...sorted.fresh);
    booked.push(...sorted.booked);
    standing.push(...order.filter((one) => one.id === plan.id));
    counts.set(plan.id, sorted.counts);
  }
  const placed = placesOfDay(order.filter((one) => told.some(({ closingDay }) => closingDay === one.closingDay)));
  const kept = fresh.map((plan) => ({ ...plan, place: placed.get(plan.id) ?? 1, retold: counts.get(plan.id)!.known }));
  await store.insertStatements(context, account, fileId, kept);
  await store.placeStatements(context, earlier, placed);
  await store.insertLines(context, account, lines);
  await store.bookAdvised(context, account, booked);
  const replaced = await replaceTwins(context, account, span);
  const gaps = await store.gapsOf(context, fresh);
  const again = (plan: Plan): Counts => ({ added: 0, known: plan.statement.entries.length, advised: 0 });
  return plans.map((plan) => {
    // The same statement may stand in the file twice.
    const own = fresh.includes(plan) ? counts.get(plan.id) : undefined;
    const gap = own && gaps.get(plan.id);
    const { currency } = plan.statement;
    const told = outcome(plan, gap === undefined ? null : new KernelMoney(gap, currency), own ?? again(plan));
    return { ...told, replaced: replaced.get(plan.id) ?? [] };
  });
}

/** The new statements in their order among those before: banks write newest first too, and what one goes on from is read before it. */
function orderOf(plans: readonly Plan[], earlier: readonly EarlierStatement[]) {
  const fresh = plans.filter((plan) => !plan.isKnown);
  const told = fresh.flatMap((plan) => {
    const one = plan.isAdvice ? undefined : asEarlier(plan.id, plan.statement, plan.entriesSum, plan.proven);
    return one ? [one] : [];
  });
  const order = inOrder([...earlier, ...told]);
  const at = new Map(order.map((one, place) => [one.id, place]));
  return { told, order, fresh: fresh.toSorted((one, other) => (at.get(one.id) ?? -1) - (at.get(other.id) ?? -1)) };
}

/** Parts the entries of a statement into new ones, ones told ahead that are booked now, and known ones. */
function sortEntries(plan: Plan, keys: readonly string[], known: Map<string, boolean>, account: ImportAccount) {
  const counts = { added: 0, known: 0, advised: 0 };
  const sorted = { fresh: [] as NewLine[], booked: [] as NewLine[], places: [] as number[], counts };
  for (const [index, entry] of plan.statement.entries.entries()) {
    const key = keys[index]!;
    const isAdvised = plan.isAdvice || entry.status !== "booked";
    const state = isAdvised ? "advised" : entry.amount.minor === 0n ? "ignored" : "unmatched";
    const line: NewLine = { statementId: plan.id, key, alike: store.digest(entryKey(account.id, entry)), entry, state };
    const wasAdvised = known.get(key);
    if (wasAdvised === undefined) sorted.fresh.push(line);
    else if (wasAdvised && !isAdvised) sorted.booked.push(line);
    if (wasAdvised === undefined || (wasAdvised && !isAdvised)) {
      counts[isAdvised ? "advised" : "added"] += 1;
      if (!isAdvised) sorted.places.push(index);
      known.set(key, isAdvised);
    } else counts.known += 1;
  }
  return sorted;
}

type Counts = Pick<Imported, "added" | "known" | "advised">;

function outcome(plan: Plan, gap: KernelMoney | null, counts: Counts): Imported {
  const { statement } = plan;
  return {
    id: plan.id,
    statementId: statement.statementId,
    sequence: statement.sequence ?? null,
    format: statement.format,
    from: plan.days.from,
    until: plan.days.until,
    opening: statement.openingBalance?.amount ?? null,
    entriesSum: plan.entriesSum,
    closing: statement.closingBalance?.amount ?? null,
    difference: plan.difference,
    proven: plan.proven,
    unproven: plan.unproven,
    doubts: [...(statement.doubts ?? [])],
    gap,
    replaced: [],
    ...counts,
  };
}

/** A bank account without a number takes the one its first statement tells. */
async function adoptNumber(
  context: WriteContext,
  account: ImportAccount,
  first: BankStatement,
  accounts: readonly KnownAccount[],
): Promise<readonly KnownAccount[]> {
  if (account.number !== null || first.isAccountAssumed) return accounts;
  const number = plainNumber(first.accountIdentification);
  const other = accounts.find((one) => one.number === number && one.currency === account.currency);
  if (other) {
    const [next] = waysInto(accounts, [first]);
    const known = `without a number, while ${other.code} has this one`;
    const facts = { told: first.accountIdentification, bankAccount: account.name, known, next };
    refuse("accountDiffers", { ...facts, line: first.line }, ["bankAccountId"]);
  }
  await context.db.run(sql`
    update finance.bank_account set number = ${number} where tenant_id = ${context.tenantId} and id = ${account.id}`);
  return [...accounts, { code: account.code, number, currency: account.currency }];
}
