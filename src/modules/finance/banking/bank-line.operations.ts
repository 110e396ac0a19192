// One bank line at a time: what it may be, settling it, and taking that back.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse, Refusal } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, LongText, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { bankAccountOf } from "../ledger/bank-account.operations.ts";
import type { Direction } from "../ledger/open-item.ts";
import { paymentRefusals } from "../payments/payment.ts";
import { foreignCurrencyLater, requireBookCurrency } from "./foreign-currency.ts";
import { type Candidate, candidatesOf } from "./match.rules.ts";
import type { MatchGround } from "./match-ground.rules.ts";
import { bookedOnly, linesWhere, loadGround, type StoredLine } from "./match.store.ts";
import { settle, type Settlement, settleRefusals } from "./settle.ts";

const may = ["finance.accountant", "finance.manager"];

const lineUnknown = "There is no such bank line. See: heartwood finance bank-line list";

async function lineOf(context: ReadContext, id: KernelId, lock = false): Promise<StoredLine> {
  const [line] = await linesWhere(context, sql`l.id = ${id}`, lock ? sql`for update of l` : sql``);
  return line ?? refuse("lineUnknown", {}, ["bankLineId"]);
}

const CandidateView = z.object({
  kind: z.enum(["items", "booked", "party"]).describe("Open items, an entry in the books already, or only the party."),
  score: z.number().int().describe("0 to 100."),
  strong: z.boolean().describe("Enough to post without a person, when it is the only one."),
  reasons: z.array(z.string()),
  partyId: ref("directory.party").nullable(),
  party: z.string().nullable(),
  rest: Money.describe("What would stay on the party's account."),
  journalLineId: ref("finance.journalLine").nullable(),
  entry: z.string().nullable(),
  allocations: z.array(
    z.object({
      openItemId: ref("finance.openItem"),
      reference: z.string(),
      partyId: ref("directory.party"),
      party: z.string(),
      day: Day,
      dueDay: Day,
      open: Money,
      amount: Money,
    }),
  ),
});

export const listCandidates = operation({
  name: "finance.bankLine.candidates",
  title: "What a bank line may be",
  does: "Ranks the open items, entries and parties that a bank line fits, with a score and the reasons in words.",
  kind: "read",
  may,
  input: z.strictObject({ bankLineId: ref("finance.bankLine") }),
  output: z.object({ candidates: z.array(CandidateView) }),
  refuses: { lineUnknown, foreignCurrencyLater },
  async run(input, context) {
    const line = await lineOf(context, input.bankLineId);
    if (line.state !== "unmatched" || line.amount.minor === 0n) return { candidates: [] };
    const account = await bankAccountOf(context, line.bankAccountId);
    requireBookCurrency(account);
    const ground = await loadGround(context, account, [line]);
    return { candidates: candidatesOf(line, ground).map((candidate) => viewOf(candidate, ground)) };
  },
});

function viewOf(candidate: Candidate, ground: MatchGround): z.output<typeof CandidateView> {
  const { kind, score, strong, reasons, party, rest, booked, shares } = candidate;
  return {
    kind,
    score,
    strong,
    reasons: [...reasons],
    partyId: party?.id ?? null,
    party: party?.name ?? null,
    rest,
    journalLineId: booked?.journalLineId ?? null,
    entry: booked?.entry ?? null,
    allocations: shares.map(({ item, amount }) => ({
      openItemId: item.id,
      reference: item.reference,
      partyId: item.partyId,
      party: ground.parties.get(item.partyId)?.name ?? "",
      day: item.day,
      dueDay: item.dueDay,
      open: item.open.abs(),
      amount,
    })),
  };
}

export const matchBankLine = operation({
  name: "finance.bankLine.match",
  title: "Match a bank line",
  does: "Posts a bank line: settles open items, keeps the rest on the party's account, or books it to an account such as bank charges.",
  kind: "write",
  previews: true,
  may,
  input: z.strictObject({
    bankLineId: ref("finance.bankLine"),
    allocations: z
      .array(z.strictObject({ openItemId: ref("finance.openItem"), amount: Money }))
      .max(500)
      .optional()
      .describe("The open items it settles, each with an amount above zero."),
    partyId: ref("directory.party").optional().describe("On whose account the rest stays."),
    accountCode: z.string().max(20).optional().describe("The account for all of it, or for the difference, such as bank charges."),
    unitId: ref("directory.unit").optional().describe("The cost centre, for what is booked to an account."),
    journalLineId: ref("finance.journalLine").optional().describe("The line in the books that it already is; nothing is posted then."),
    text: Text(140).optional(),
    day: Day.optional().describe("The day it is posted on; by default the day the bank booked it."),
  }),
  output: z.object({ id: Id, entry: z.string().nullable(), rest: Money }),
  refuses: {
    lineUnknown,
    lineAdvised: "The bank has only announced this line. Import the day's statement, then match it.",
    lineSettled: "This line is {state} already. Unmatch it first.",
    foreignCurrencyLater,
    nothingChosen: "Say what the line is: open items, a party, an account, or the entry it is in the books as.",
    tooMuchChosen: "A line that is in the books already is tied to its entry and nothing else. Leave the rest out.",
    bookedUnknown: "There is no such line in the books on this bank account, or another bank line stands for it.",
    bookedDiffers: "The entry has {booked}, and the bank line {amount}. Choose an entry of the same amount.",
    accountIsBank: "Account {account} is this bank account itself. Name the account on the other side.",
    itemOtherSide: "{reference} is owed the other way round. Money that comes in settles invoices, money that goes out settles bills.",
    ...settleRefusals,
    ...paymentRefusals,
  },
  constraints: { bank_match_once: "lineSettled", bank_match_part_once: "bookedUnknown" },
  when: (record) => record["state"] === "unmatched",
  emits: ["finance.bankLine.matched"],
  async run(input, context) {
    const { bankLineId, allocations = [], journalLineId, ...rest } = input;
    const line = await lineOf(context, bankLineId, true);
    if (line.state === "advised") refuse("lineAdvised");
    if (line.state !== "unmatched") refuse("lineSettled", { state: line.state });
    const account = await bankAccountOf(context, line.bankAccountId);
    requireBookCurrency(account);
    const isNothing = allocations.length === 0 && !input.partyId && !input.accountCode;
    if (journalLineId && !isNothing) refuse("tooMuchChosen", {}, ["journalLineId"]);
    if (!journalLineId && isNothing) refuse("nothingChosen");
    await checkOtherSide(context, account.accountId, input.accountCode);
    const settlement: Settlement = {
      ...rest,
      line,
      day: input.day ?? line.day,
      shares: await sharesOf(context, account.bookId, line, allocations),
      booked: journalLineId ? await bookedOf(context, account.accountId, line, journalLineId) : undefined,
      reasons: [`Chosen by ${context.actor.name}.`],
      isAutomatic: false,
    };
    const [entry] = await settle(context, account, [settlement]);
    context.emit("finance.bankLine.matched", { bankLineId, bankAccountId: account.id });
    const taken = settlement.shares.reduce((sum, share) => sum.plus(share.amount), KernelMoney.zero(account.currency));
    const isAll = journalLineId !== undefined || input.accountCode !== undefined;
    return { id: bankLineId, entry: entry ?? null, rest: isAll ? KernelMoney.zero(account.currency) : line.amount.abs().minus(taken) };
  },
});

/** Money does not go from an account to itself; a transfer names the other bank account, or money in transit. */
async function checkOtherSide(context: WriteContext, ledgerAccountId: KernelId, accountCode: string | undefined): Promise<void> {
  if (accountCode === undefined) return;
  const own = await context.db.maybe<{ code: string }>(sql`
    select code from finance.account where tenant_id = ${context.tenantId} and id = ${ledgerAccountId} and code = ${accountCode}`);
  if (own) refuse("accountIsBank", { account: own.code }, ["accountCode"]);
}

async function sharesOf(
  context: WriteContext,
  bookId: KernelId,
  line: StoredLine,
  allocations: readonly { readonly openItemId: KernelId; readonly amount: KernelMoney }[],
): Promise<Settlement["shares"]> {
  if (allocations.length === 0) return [];
  const rows = await context.db.rows<{ id: KernelId; partyId: KernelId; direction: Direction; reference: string; amount: bigint }>(sql`
    select id, party_id, direction, reference, amount from finance.open_item
    where tenant_id = ${context.tenantId} and book_id = ${bookId} and id = any(${allocations.map((one) => one.openItemId)}::uuid[])`);
  const items = new Map(rows.map((row) => [row.id, row]));
  return allocations.map(({ openItemId, amount }, index) => {
    const item = items.get(openItemId);
    const path = ["allocations", index];
    if (!item) throw new Refusal("itemUnknown", paymentRefusals.itemUnknown, {}, [...path, "openItemId"]);
    if (item.amount * line.amount.minor < 0n) refuse("itemOtherSide", { reference: item.reference }, path);
    if (amount.minor <= 0n || amount.currency !== line.amount.currency) refuse("allocationZero", {}, [...path, "amount"]);
    return { itemId: item.id, partyId: item.partyId, direction: item.direction, amount };
  });
}

async function bookedOf(
  context: WriteContext,
  accountId: KernelId,
  line: StoredLine,
  journalLineId: KernelId,
): Promise<Settlement["booked"]> {
  const { tenantId } = context;
  const found = await context.db.maybe<{ entryId: KernelId; paymentId: KernelId | null; partyId: KernelId | null; amount: bigint }>(sql`
    select l.entry_id, l.party_id, l.amount, p.id as payment_id
    from finance.journal_line l
    join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = l.entry_id
    left join finance.payment p on p.tenant_id = ${tenantId} and p.entry_id = e.id
    where l.id = ${journalLineId} and ${bookedOnly(tenantId, { accountId })}`);
  if (!found) refuse("bookedUnknown", {}, ["journalLineId"]);
  if (found.amount !== line.amount.minor) {
    const booked = new KernelMoney(found.amount, line.amount.currency).toString();
    refuse("bookedDiffers", { booked, amount: line.amount.toString() }, ["journalLineId"]);
  }
  return { journalLineId, entryId: found.entryId, paymentId: found.paymentId, partyId: found.partyId };
}

export const ignoreBankLine = operation({
  name: "finance.bankLine.ignore",
  title: "Set a bank line aside",
  does: "Takes a line off the work list without posting it, and keeps the reason; unmatching brings it back.",
  kind: "write",
  may,
  input: z.strictObject({ bankLineId: ref("finance.bankLine"), reason: LongText(200).min(3, "says why, in a few words") }),
  output: z.object({ id: Id }),
  refuses: { lineUnknown, lineSettled: "This line is {state} and no open work. Only an unmatched line is set aside." },
  when: (record) => record["state"] === "unmatched",
  emits: ["finance.bankLine.ignored"],
  async run(input, context) {
    const line = await lineOf(context, input.bankLineId, true);
    if (line.state !== "unmatched") refuse("lineSettled", { state: line.state });
    await context.db.run(sql`
      update finance.bank_line set state = 'ignored', ignore_reason = ${input.reason}
      where tenant_id = ${context.tenantId} and id = ${line.id}`);
    context.emit("finance.bankLine.ignored", { bankLineId: line.id, reason: input.reason });
    return { id: line.id };
  },
});
