// Invoices and credit notes: drafts without a number, then posted with number, tax, open items and entry in one transaction.
// Issuing does both at once for any number of invoices in four statements: what the books know of what is named, the entries
// with the numbers of both, the invoices with their lines, the tax.
import { newId, type Id } from "../../../kernel/id.ts";
import type { Money } from "../../../kernel/money.ts";
import { Refusal, word } from "../../../kernel/refusal.ts";
import { inTurns } from "../../../platform/database/batches.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { type CreditedDeferral, servicePeriodUnfit } from "../ledger/deferral.rules.ts";
import { type JournalEntryDraft, postingRefusals } from "../ledger/entry.rules.ts";
import { rateRefusals } from "../currency/rate.ts";
import { creditLimits } from "./credit-limit.ts";
import { daysLockedForTax } from "../ledger/lock.ts";
import { judgeEntries, postEach, type PostedEntry } from "../ledger/posting.ts";
import { keepCredited, keepSpread, type SpreadDocument } from "../ledger/spread.ts";
import type { DocumentTotals } from "../tax/document.rules.ts";
import { insertTaxLines, type TaxLineDraft, taxRefusals } from "../tax/tax.ts";
import { takenBack, taxRecords } from "../tax/tax-posting.rules.ts";
import { entryOf, spreadLines, taxExchange } from "./invoice-entry.rules.ts";
import {
  type InvoiceGround,
  type InvoiceInput,
  invoiceJudge,
  type InvoiceNo,
  isInvoiceNo,
  type ReadyInvoice,
  type Wish,
} from "./invoice.rules.ts";
import { insertInvoices, insertOffers, keepPosted, type KeptInvoice, lockDrafts, removeDraft } from "./invoice.store.ts";
import { loadInvoiceGround } from "./invoice-ground.ts";

export const invoiceRefusals = {
  booksMissing: postingRefusals.booksMissing,
  roleUnassigned: postingRefusals.roleUnassigned,
  notCustomer: "This party is not a customer on {day}. Give it the role first: heartwood directory party add-role",
  currenciesMixed: "An invoice is in one currency, and this one is in {currency}. Enter all its lines in {currency}.",
  ...rateRefusals,
  accountUnfit: "Account {account} cannot be invoiced to. Choose an account that takes postings and is no control account.",
  ...taxRefusals,
  servicePeriodUnfit,
  paymentTermUnknown: "There are no such payment terms on {day}. See: heartwood finance payment-term list",
  depositUnknown: "This customer has no such deposit. See: heartwood finance deposit list",
  depositCurrencyDiffers: "Deposit {number} is in {currency}, and so is the invoice that draws it.",
  depositSpent: "Of deposit {number} only {left} is left. Draw at most that.",
  amountNotPositive: "What is drawn from a deposit is above zero.",
  amountTooLarge: "{amount} is more than books can hold. Look for a sign too many.",
  totalNotPositive: "The total has to be above zero. To give something back, credit the invoice.",
} as const;

/** What stands in the way of posting on top of that. */
export const limitRefusals = {
  creditLimitReached: "{customer} may owe {limit} and would owe {owed}. Ask for payment first, or have the limit raised.",
  overLimitReasonMissing: "{customer} may owe {limit} and would owe {owed}. The finance manager may let it pass and says why.",
} as const;

const refusalOf = (no: InvoiceNo): Refusal => {
  const words: Readonly<Record<string, string>> = { ...invoiceRefusals, ...limitRefusals };
  return new Refusal(no.code, word(words[no.code] ?? "", no.facts), no.facts, no.path);
};

const ofDraft = { limits: new Map(), isManager: false } as const;

/** Puts a draft into the books' drawer: nothing is posted and no number is drawn. */
export async function insertDraft(context: WriteContext, input: InvoiceInput): Promise<{ id: Id; ready: ReadyInvoice }> {
  if (input.deposits?.length) await lockDeposits(context, [input]);
  const ground = await loadInvoiceGround(context, [input], false);
  const ready = invoiceJudge(ground, ofDraft)({ input });
  if (isInvoiceNo(ready)) throw refusalOf(ready);
  const id = context.newId();
  await insertInvoices(context, ground.bookId, [{ id, ready }]);
  return { id, ready };
}

/** Puts new content in the place of a draft's. Refuses `notFound`, `notDraft` and `kindDiffers`. */
export async function changeDraft(context: WriteContext, id: Id, input: InvoiceInput): Promise<ReadyInvoice> {
  const author = await removeDraft(context, id, input.kind);
  await lockDeposits(context, [input]);
  const ground = await loadInvoiceGround(context, [input], false);
  const ready = invoiceJudge(ground, ofDraft)({ input: { ...input, author } });
  if (isInvoiceNo(ready)) throw refusalOf(ready);
  await insertInvoices(context, ground.bookId, [{ id, ready }]);
  return ready;
}

/** Deposits are locked before it is read what is left of them. */
async function lockDeposits(context: WriteContext, inputs: readonly InvoiceInput[]): Promise<void> {
  const ids = [...new Set(inputs.flatMap((input) => (input.deposits ?? []).map((wish) => wish.depositId)))];
  if (ids.length === 0) return;
  await context.db.run(sql`
    select id from finance.invoice where tenant_id = ${context.tenantId} and id = any(${ids}::uuid[]) order by id for no key update`);
}

export interface PostedInvoice {
  readonly id: Id;
  readonly number: string;
  readonly entryId: Id;
  readonly entryNumber: string;
  /** Its first open item; with instalments the others follow. */
  readonly itemId: Id | null;
  readonly itemIds: readonly Id[];
  readonly totals: DocumentTotals;
  readonly total: Money;
}

/**
 * Creates and posts invoices of one set of books, whatever their number, in a constant number of statements. Each that is refused
 * comes back as its refusal, in words; the others are posted.
 */
export async function issueInvoices(context: WriteContext, inputs: readonly InvoiceInput[]): Promise<Issued[]> {
  return (await invoiceIssuer(context, inputs))(inputs);
}

type Issued = PostedInvoice | Refusal;

/** The same for so many that they come in batches: what the books know of `all` is read once, so that no batch waits for the one before. */
export async function invoiceIssuer(
  context: WriteContext,
  all: readonly InvoiceInput[],
): Promise<(inputs: readonly InvoiceInput[]) => Promise<Issued[]>> {
  if (all.length === 0) return async () => [];
  await lockDeposits(context, all);
  const judging = await openJudging(context, all);
  return (inputs) =>
    post(
      context,
      judging,
      inputs.map((input) => ({ id: context.newId(), input })),
      (bookId, kept) => insertInvoices(context, bookId, kept),
    );
}

/** Posts drafts of one set of books in a handful of statements. Refuses `notFound`, `notDraft`, and all for the first that is refused. */
export async function postInvoices(context: WriteContext, ids: readonly Id[], overLimitReason?: string): Promise<PostedInvoice[]> {
  const drafts = await lockDrafts(context, ids);
  const wishes = overLimitReason ? drafts.map((one) => ({ ...one, input: { ...one.input, overLimitReason } })) : drafts;
  if (wishes.length === 0) return [];
  const judging = await openJudging(
    context,
    wishes.map((wish) => wish.input),
  );
  const results = await post(context, judging, wishes, (_, kept) => keepPosted(context, kept));
  const posted: PostedInvoice[] = [];
  for (const result of results) {
    if (result instanceof Refusal) throw result;
    posted.push(result);
  }
  return posted;
}

const judgedAtOnce = 400;

/** What would be said to each of these invoices of one set of books if all were issued: nothing to one that would be. */
export async function judgeInvoices(context: ReadContext, inputs: readonly InvoiceInput[]): Promise<(Refusal | undefined)[]> {
  if (inputs.length === 0) return [];
  const ground = await loadInvoiceGround(context, inputs, false);
  const limits = await creditLimits(context, ground, false);
  const judge = invoiceJudge(ground, { limits, isManager: context.holds("finance.manager") });
  const judged: (ReadyInvoice | InvoiceNo)[] = [];
  for await (const batch of inTurns(inputs, judgedAtOnce)) for (const input of batch) judged.push(judge({ input }));
  const drafts = judged.flatMap((one) => (isInvoiceNo(one) ? [] : [entryOf(one, newId())]));
  const entries = (await judgeEntries(context, drafts, ground.bookId)).values();
  const taxDays = judged.flatMap((one) => (isInvoiceNo(one) || !isTaxed(one) ? [] : [one.input.day]));
  const locked = await daysLockedForTax(context, ground.bookId, taxDays);
  return judged.map((one) => {
    if (isInvoiceNo(one)) return refusalOf(one);
    const no = entries.next().value;
    return no ? ofInvoice(no) : isTaxed(one) ? locked.get(one.input.day) : undefined;
  });
}

/** A no to its entry: an invoice has the day of that, and lines of its own. */
const ofInvoice = ({ code, message, facts, path }: Refusal): Refusal =>
  new Refusal(code, message, facts, path?.[0] === "day" ? path : undefined);

/** Whether it writes tax that is due at once. */
const isTaxed = ({ totals }: ReadyInvoice): boolean => taxRecords("output", totals.taxes).some((record) => !record.isPending);

type NewWish = Wish & { readonly id: Id };
type Keep = (bookId: Id, kept: readonly Required<KeptInvoice>[]) => Promise<void>;

interface Judging {
  readonly ground: InvoiceGround;
  readonly judge: ReturnType<typeof invoiceJudge>;
}

async function openJudging(context: WriteContext, inputs: readonly InvoiceInput[]): Promise<Judging> {
  const ground = await loadInvoiceGround(context, inputs, true);
  const limits = await creditLimits(context, ground, true);
  return { ground, judge: invoiceJudge(ground, { limits, isManager: context.holds("finance.manager") }) };
}

async function post(context: WriteContext, { ground, judge }: Judging, wishes: readonly NewWish[], keep: Keep): Promise<Issued[]> {
  const results: Issued[] = [];
  const good: { place: number; id: Id; ready: ReadyInvoice }[] = [];
  for (const [place, wish] of wishes.entries()) {
    const ready = judge(wish);
    if (isInvoiceNo(ready)) results[place] = refusalOf(ready);
    else good.push({ place, id: wish.id, ready });
  }
  const posted = await postReady(context, ground, good, keep);
  for (const [index, { place }] of good.entries()) results[place] = posted[index]!;
  return results;
}

interface NewInvoice {
  readonly id: Id;
  readonly ready: ReadyInvoice;
}

async function postReady(
  context: WriteContext,
  { bookId, credited }: InvoiceGround,
  good: readonly NewInvoice[],
  keep: Keep,
): Promise<Issued[]> {
  if (good.length === 0) return [];
  const drafts = good.map(({ id, ready }): JournalEntryDraft => entryOf(ready, id));
  const entries = await postEach(
    context,
    drafts,
    bookId,
    // The ground of the invoices has read them.
    new Set(good.map(({ ready }) => ready.input.customerId)),
  );
  const results = good.map(({ id, ready }, index): Refusal | IssuedInvoice => {
    const entry = entries[index]!;
    if (entry instanceof Refusal) return ofInvoice(entry);
    const itemIds = entry.lineIds.slice(0, ready.instalments.length);
    const { totals } = ready;
    const names = { id, number: entry.documentNumber!, entryId: entry.id, entryNumber: entry.number };
    return {
      ...names,
      itemId: itemIds[0] ?? null,
      itemIds,
      totals,
      total: totals.total,
      ready,
      held: heldOf(id, ready, drafts[index]!, entry),
    };
  });
  const posted = results.filter((one): one is IssuedInvoice => !(one instanceof Refusal));
  if (posted.length === 0) return results;
  await keep(
    bookId,
    posted.map(({ id, ready, number, entryId, itemId }) => ({ id, ready, posted: { number, entryId, itemId } })),
  );
  await insertTaxLines(context, posted.flatMap(taxLinesOf));
  await keepHeld(context, bookId, posted, credited);
  await insertOffers(
    context,
    posted.flatMap(({ ready, itemIds }) =>
      ready.offers.flatMap((offers, index) => offers.map((offer) => ({ ...offer, itemId: itemIds[index]! }))),
    ),
  );
  return results;
}

type IssuedInvoice = PostedInvoice & { readonly ready: ReadyInvoice; readonly held: SpreadDocument };

const heldOf = (id: Id, ready: ReadyInvoice, draft: JournalEntryDraft, entry: PostedEntry): SpreadDocument => ({
  id,
  day: ready.input.day,
  partyId: ready.input.customerId,
  lines: spreadLines(ready, entry.documentNumber!),
  draft,
  entry,
});

/** What is for later months; a credit note, which is always posted by itself, takes back what was held. */
async function keepHeld(
  context: WriteContext,
  bookId: Id,
  posted: readonly IssuedInvoice[],
  deferrals: readonly CreditedDeferral[],
): Promise<void> {
  const [first] = posted;
  if (first!.ready.input.kind === "creditNote") {
    await keepCredited(context, bookId, first!.held, { deferrals, reason: `Credit note ${first!.number}`, isSuppliers: false });
  } else
    await keepSpread(
      context,
      bookId,
      posted.map((one) => one.held),
    );
}

function taxLinesOf({ id, entryId, ready }: IssuedInvoice): TaxLineDraft[] {
  const { input, totals } = ready;
  const records = totals.taxes.flatMap((tax) =>
    taxRecords("output", [tax]).map((record) => ({ record, exchange: taxExchange(ready, tax) })),
  );
  return records.map(({ record, exchange }) => ({
    entryId,
    day: input.day,
    document: { subject: "finance.invoice", id },
    partyId: input.customerId,
    exchange,
    record: input.kind === "creditNote" ? takenBack(record) : record,
  }));
}
