// Why a figure stands where it stands, in sentences: what it adds up, what posted it, what settled it, which rate and which rule.
import { decimal } from "../../../kernel/decimal.ts";
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import type { DepreciationEvidence } from "./explain-depreciation.ts";
import type { Chain } from "./explain.store.ts";
import type { FigureLine } from "./figure.store.ts";
import type { TreeAccount } from "./statement.rules.ts";

/** The accounts that take postings at or below an account, or of some types. */
export function leavesOf(tree: readonly TreeAccount[], chosen: (account: TreeAccount) => boolean): TreeAccount[] {
  const byId = new Map(tree.map((account) => [account.id, account]));
  const isInside = (account: TreeAccount): boolean => {
    if (chosen(account)) return true;
    const parent = account.parentId === null ? undefined : byId.get(account.parentId);
    return parent !== undefined && isInside(parent);
  };
  return tree.filter((account) => !account.isGroup && isInside(account));
}

/** How many of the books' money one unit of the other currency was, to six decimals; nothing where there is no rate. */
export function rateOf(amount: Money, foreign: Money): string | null {
  if (foreign.minor === 0n) return null;
  return decimal(amount.amount).div(decimal(foreign.amount)).abs().toDecimalPlaces(6).toFixed();
}

export interface ToldLine extends FigureLine, Chain {}

/** What is said of a line, from its document to its bank line. */
export function reasonsOf(line: ToldLine, currency: string): string[] {
  const money = (minor: bigint, of: string = currency): string => new Money(minor, of).toString();
  const said = [`Entry ${line.number} of ${line.day} was posted by ${line.postedBy} at ${instantWords(line.postedAt)}.`];
  if (line.reverses) said.push(`It takes back entry ${line.reverses}.`);
  if (line.reversedBy) said.push(`Entry ${line.reversedBy} takes it back.`);
  if (line.currency !== null && line.currencyAmount !== null && line.lineId !== null) {
    const foreign = new Money(line.currencyAmount, line.currency);
    const rate = rateOf(new Money(line.amount, currency), foreign);
    if (rate) said.push(`${foreign.abs().toString()} at ${rate} ${currency} for 1 ${line.currency}.`);
    else said.push(`A difference of exchange rates: nothing is owed in ${line.currency} for it.`);
  }
  for (const tax of line.taxes) {
    const since = tax.rateFrom ? `, the rate since ${tax.rateFrom}` : "";
    said.push(`Tax ${tax.code}: ${tax.percent} % of ${money(tax.base)} is ${money(tax.tax)}${since}.`);
  }
  for (const { deferral, fromDay, untilDay, amount, heldAccountId } of line.spread) {
    const span = `for ${fromDay} until ${untilDay}`;
    said.push(
      heldAccountId === null
        ? `A part of ${deferral}, ${span}.`
        : `${money(amount)} of it is ${deferral}, ${span}, spread over its months.`,
    );
  }
  if (line.dueDay) said.push(`It is an open item, due on ${line.dueDay}.`);
  for (const one of line.settlements) {
    said.push(
      `${money(one.currencyAmount, one.currency)} of it was settled on ${one.day} by ${one.reference}, entry ${one.entry} (${one.by}).`,
    );
  }
  for (const one of line.bank) {
    const how = one.isAutomatic ? "matched by itself" : `matched by ${one.by}`;
    const who = one.counterparty ? ` of ${one.counterparty}` : "";
    said.push(`Bank line${who} on ${one.day}, ${money(one.amount, one.currency)}, ${how}: ${one.reasons.join(" ")}`);
  }
  return said;
}

const conventionWords = {
  fullMonth: "whole months",
  daily: "by the day",
  halfYear: "half-year convention",
  midQuarter: "mid-quarter convention",
  midMonth: "mid-month convention",
} as const;

function methodWords({ method, factor, units, unitName, expectedUnits }: DepreciationEvidence): string {
  if (method === "units") return `${units} of ${expectedUnits} ${unitName ?? "units"}`;
  if (method === "manual") return "as entered by hand";
  if (method === "straightLine") return "straight line";
  if (method === "sumOfYears") return "sum of the years' digits";
  return `declining balance at ${factor} times the straight-line rate, straight line once that is more`;
}

/** Which asset lost how much: the method, the life, the convention and what there was to lose. */
export function depreciationSays(line: DepreciationEvidence, currency: string): string {
  const money = (minor: bigint): string => new Money(minor, currency).toString();
  const { method, amount, cost, residual, before, linesLeft } = line;
  const isRuled = method !== "units" && method !== "manual";
  const plan = isRuled ? `, ${line.lifeMonths} months from ${line.startDay}, ${conventionWords[line.convention]}` : "";
  const left = cost - residual - before;
  const difference = linesLeft === null ? 0n : left - amount * BigInt(linesLeft);
  // Where all that are left are alike, but for the cents of the last one, their number tells the amount.
  const isAlike = linesLeft !== null && method === "straightLine" && (difference < 0n ? -difference : difference) <= BigInt(linesLeft);
  const over = isAlike ? ` over ${linesLeft} ${line.rhythm === "month" ? "months" : "years"}` : "";
  return (
    `${line.asset} lost ${money(amount)} from ${line.fromDay} until ${line.untilDay}: ${methodWords(line)}${plan}. ` +
    `Of ${money(cost)} less ${money(residual)} at the end, ${money(left)} was left to lose${over}.`
  );
}

const instantWords = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;

export interface FigureWords {
  readonly from: Day;
  readonly to: Day;
  readonly hasOpening: boolean;
  readonly carries: boolean;
  readonly sign: "debit" | "credit";
  readonly withoutPay: boolean;
}

/** The rule of a figure that adds up accounts. */
export function accountRule({ from, to, hasOpening, carries, sign, withoutPay }: FigureWords): string {
  const less = sign === "debit" ? "debits less credits" : "credits less debits";
  const sum = hasOpening ? `The balance before ${from}, and ${less} from then until ${to}` : `${capital(less)} from ${from} until ${to}`;
  const carried = carries ? "; what earlier fiscal years earned is carried here" : "";
  return `${sum}${carried}${withoutPay ? "; pay is left out, because not everybody may see it of one cost centre" : ""}.`;
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

export const idsOf = (accounts: readonly TreeAccount[]): Id[] => accounts.map((account) => account.id);
