// One bank line at a time: what it may be, settling it, and taking that back.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse, Refusal } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { Day, DecimalText, Id, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { closeTask } from "../../office/index.ts";
import { type BankAccount, bankAccountOf } from "../ledger/bank-account.operations.ts";
import type { Direction } from "../ledger/open-item.ts";
import { reversalRefusals } from "../ledger/reversal.ts";
import { paymentRefusals } from "../payments/payment.ts";
import { accountIsBank } from "./bank-rule.operations.ts";
import { ruleReasons } from "./bank-rule.rules.ts";
import { rulesWhere } from "./bank-rule.store.ts";
import { type Candidate, candidatesOf } from "./match.rules.ts";
import type { MatchGround } from "./match-ground.rules.ts";
import { accountOfLine, bankAmountOf, bookedOnly, linesWhere, loadGround, type StoredLine } from "./match.store.ts";
import { takeReturn } from "./returned.ts";
import { settle, type Settlement, settleRefusals } from "./settle.ts";

const may = ["finance.accountant", "finance.manager"];

export const lineUnknown = "There is no such bank line. See: heartwood finance bank-line list";

export async function lineOf(context: ReadContext, id: KernelId, lock = false): Promise<StoredLine> {
  const [line] = await linesWhere(context, sql`l.id = ${id}`, lock ? sql`for update of l` : sql``);
  return line ?? refuse("lineUnknown", {}, ["bankLineId"]);
}

/** A line that waits for an answer is still to be matched. */
export const isWork = (state: unknown): boolean => state === "unmatched" || state === "held";

const CandidateView = z.object({
  kind: z
    .enum(["items", "booked", "party", "rule", "returned"])
    .describe("Open items, an entry in the books already, only the party, a rule, or a payment of ours that came back."),
  score: z.number().int().describe("0 to 100."),
  strong: z.boolean().describe("Enough to post without a person, when it is the only one."),
  reasons: z.array(z.string()),
  partyId: ref("directory.party").nullable(),
  party: z.string().nullable(),
  rest: Money.describe("What would stay on the party's account."),
  journalLineId: ref("finance.journalLine").nullable(),
  entry: z.string().nullable(),
  ruleId: ref("finance.bankRule").nullable(),
  account: z.string().nullable().describe("What the rule books it to."),
  paymentOrderId: ref("finance.paymentOrder").nullable().describe("The payment of ours that came back."),
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
  keepsPlans: true,
  may,
  input: z.strictObject({ bankLineId: ref("finance.bankLine") }),
  output: z.object({ candidates: z.array(CandidateView) }),
  refuses: { lineUnknown },
  async run(input, context) {
    const [line, account] = await Promise.all([lineOf(context, input.bankLineId), accountOfLine(context, input.bankLineId)]);
    if (!account || !isWork(line.state) || line.amount.minor === 0n) return { candidates: [] };
    const ground = await loadGround(context, account, [line]);
    return { candidates: candidatesOf(line, ground).map((candidate) => viewOf(candidate, ground)) };
  },
});

function viewOf(candidate: Candidate, ground: MatchGround): z.output<typeof CandidateView> {
  const { kind, score, strong, reasons, party, rest, booked, rule, returned, shares } = candidate;
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
    ruleId: rule?.id ?? null,
    account: rule?.account ?? null,
    paymentOrderId: returned?.id ?? null,
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

const ExtraInput = z.strictObject({
  accountCode: z.string().max(20),
  amount: Money.describe("With the direction of the line: 1.50 more came in or went out for it, -1.50 was kept back."),
  partyId: ref("directory.party").optional(),
  unitId: ref("directory.unit").optional(),
  dimensions: z.record(z.string().max(30), z.string().max(30)).optional(),
  text: Text(140).optional(),
});

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
    lines: z.array(ExtraInput).max(50).optional().describe("Fees, write-offs and differences: below zero what was settled and not paid."),
    ruleId: ref("finance.bankRule").optional().describe("The rule that books all of it."),
    journalLineId: ref("finance.journalLine").optional().describe("The line in the books that it already is; nothing is posted then."),
    paymentOrderId: ref("finance.paymentOrder")
      .optional()
      .describe("The payment of ours that came back with it: it is taken back, and its bills are open again."),
    rate: DecimalText.optional().describe(
      "In another currency than the books: what one unit of it is worth in theirs; by default the day's.",
    ),
    text: Text(140).optional(),
    day: Day.optional().describe("The day it is posted on; by default the day the bank booked it."),
  }),
  output: z.object({ id: Id, entry: z.string().nullable(), rest: Money }),
  refuses: {
    lineUnknown,
    lineAdvised: "The bank has only announced this line. Import the day's statement, then match it.",
    lineSettled: "This line is {state} already. Unmatch it first.",
    nothingChosen: "Say what the line is: open items, a party, an account, or the entry it is in the books as.",
    ruleUnknown: "There is no such rule that is enabled for this bank account. See: heartwood finance bank-rule list",
    partCurrencyDiffers: "The line is in {currency}. Say each part of it in {currency}.",
    tooMuchChosen: "A line that is in the books already, or brings a payment back, is that and nothing else. Leave the rest out.",
    orderUnfit:
      "The line does not bring this payment back: it names another one or another amount, the bank has not told the payment itself yet, " +
      "or its return is matched already. See what the line may be.",
    bookedUnknown: "There is no such line in the books on this bank account, or another bank line stands for it.",
    bookedDiffers: "The entry has {booked}, and the bank line {amount}. Choose an entry of the same amount.",
    accountIsBank,
    itemOtherSide: "{reference} is owed the other way round. Money that comes in settles invoices, money that goes out settles bills.",
    alreadyReversed: reversalRefusals.alreadyReversed,
    beforeEntry: reversalRefusals.beforeEntry,
    itemsSettled: reversalRefusals.itemsSettled,
    ...settleRefusals,
    ...paymentRefusals,
  },
  constraints: { bank_match_once: "lineSettled", bank_match_part_once: "bookedUnknown" },
  when: (record) => isWork(record["state"]),
  emits: ["finance.bankLine.matched", "finance.paymentOrder.returned"],
  async run(input, context) {
    const { bankLineId, allocations = [], lines: extras = [], ruleId, journalLineId, paymentOrderId: orderId, ...rest } = input;
    const line = await lineOf(context, bankLineId, true);
    if (line.state === "advised") refuse("lineAdvised");
    if (!isWork(line.state)) refuse("lineSettled", { state: line.state });
    const account = await bankAccountOf(context, line.bankAccountId);
    const isNothing = allocations.length + extras.length === 0 && !input.partyId && !input.accountCode && !ruleId;
    const [only, ...more] = [journalLineId, orderId].filter((id) => id !== undefined);
    if (only && (!isNothing || more.length > 0)) refuse("tooMuchChosen", {}, [journalLineId ? "journalLineId" : "paymentOrderId"]);
    if (!only && isNothing) refuse("nothingChosen");
    const [rule] = ruleId ? await rulesWhere(context, account.id, sql`u.id = ${ruleId} and u.state = 'enabled'`) : [];
    if (ruleId && !rule) refuse("ruleUnknown", {}, ["ruleId"]);
    const others = [rule?.accountCode, input.accountCode, ...extras.map((one) => one.accountCode)];
    // A transfer names the other bank account, or money in transit.
    const own = others.indexOf(line.ledgerAccount);
    if (own >= 0) refuse("accountIsBank", { account: line.ledgerAccount }, [own === 0 ? "ruleId" : "accountCode"]);
    if (extras.some((one) => one.amount.currency !== account.currency))
      refuse("partCurrencyDiffers", { currency: account.currency }, ["lines"]);
    if (input.rate !== undefined && !/[1-9]/.test(input.rate.replace(/^-.*/, ""))) refuse("rateUnfit", { rate: input.rate }, ["rate"]);
    const day = input.day ?? line.day;
    const settlement: Settlement = {
      ...rest,
      ...(orderId && (await takeReturn(context, account, { line, orderId, day }))),
      line,
      extras,
      rule,
      day,
      shares: await sharesOf(context, line, allocations),
      booked: journalLineId ? await bookedOf(context, account, line, journalLineId) : undefined,
      reasons: [...(rule ? ruleReasons(rule) : []), `Chosen by ${context.actor.name}.`],
      isAutomatic: false,
    };
    const [entry] = await settle(context, account, [settlement]);
    if (line.heldTaskId) await closeTask(context, { taskId: line.heldTaskId }, "done", "Matched");
    context.emit("finance.bankLine.matched", { bankLineId, bankAccountId: account.id });
    const isCross = settlement.shares.some((share) => share.amount.currency !== account.currency);
    const parts = isCross ? [] : [...settlement.shares, ...extras];
    const taken = parts.reduce((sum, share) => sum.plus(share.amount), KernelMoney.zero(account.currency));
    const isAll = isCross || journalLineId !== undefined || (input.accountCode ?? ruleId ?? orderId) !== undefined;
    return { id: bankLineId, entry: entry ?? null, rest: isAll ? KernelMoney.zero(account.currency) : line.amount.abs().minus(taken) };
  },
});

export async function sharesOf(
  context: WriteContext,
  line: Pick<StoredLine, "amount">,
  allocations: readonly { readonly openItemId: KernelId; readonly amount: KernelMoney }[],
): Promise<Settlement["shares"]> {
  if (allocations.length === 0) return [];
  type Found = {
    id: KernelId;
    partyId: KernelId;
    direction: Direction;
    reference: string;
    currency: string;
    amount: bigint;
  };
  const rows = await context.db.rows<Found>(sql`
    select id, party_id, direction, reference, currency, amount from finance.open_item
    where tenant_id = ${context.tenantId} and id = any(${allocations.map((one) => one.openItemId)}::uuid[])`);
  const items = new Map(rows.map((row) => [row.id, row]));
  return allocations.map(({ openItemId, amount }, index) => {
    const item = items.get(openItemId);
    const path = ["allocations", index];
    if (!item) throw new Refusal("itemUnknown", paymentRefusals.itemUnknown, {}, [...path, "openItemId"]);
    if (item.amount * line.amount.minor < 0n) refuse("itemOtherSide", { reference: item.reference }, path);
    if (amount.minor <= 0n || amount.currency !== item.currency) refuse("allocationZero", {}, [...path, "amount"]);
    return { itemId: item.id, partyId: item.partyId, direction: item.direction, amount };
  });
}

async function bookedOf(
  context: WriteContext,
  account: BankAccount,
  line: StoredLine,
  journalLineId: KernelId,
): Promise<Settlement["booked"]> {
  const { tenantId } = context;
  const found = await context.db.maybe<{ entryId: KernelId; paymentId: KernelId | null; partyId: KernelId | null; amount: bigint }>(sql`
    select l.entry_id, l.party_id, ${bankAmountOf(account)} as amount, p.id as payment_id
    from finance.journal_line l
    join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = l.entry_id
    left join finance.payment p on p.tenant_id = ${tenantId} and p.entry_id = e.id
    where l.id = ${journalLineId} and ${bookedOnly(tenantId, account)}`);
  if (!found) refuse("bookedUnknown", {}, ["journalLineId"]);
  if (found.amount !== line.amount.minor) {
    const booked = new KernelMoney(found.amount, line.amount.currency).toString();
    refuse("bookedDiffers", { booked, amount: line.amount.toString() }, ["journalLineId"]);
  }
  return { journalLineId, entryId: found.entryId, paymentId: found.paymentId, partyId: found.partyId };
}
