// A bill while it is typed: its lines, what is missing, and what is sent. Pure; amounts stay text and whole minor units.
import { amountOf, type Choice, minorOf } from "../entry-lines.rules.ts";
import { isSpanWrong, type LineSpan, sentSpan } from "../line-span.rules.ts";

export interface BillLine extends LineSpan {
  readonly key: number;
  /** Of a line that is on the bill already: it stays itself, with what refers to it. */
  readonly id?: string;
  readonly description: string;
  readonly account: Choice | null;
  readonly tax: Choice | null;
  readonly unit: Choice | null;
  readonly net: string;
  /** Account and tax were filled in from the supplier's bills before, and why. */
  readonly usual?: string;
}

export interface BillDraft {
  readonly supplierId: string | null;
  readonly supplierNumber: string;
  readonly day: string | null;
  readonly dueDay: string | null;
  readonly total: string;
  readonly text: string;
  readonly fileId: string | null;
  readonly paymentReference: string;
  readonly discountDay: string | null;
  readonly discountPercent: string;
  readonly pricesIncludeTax: boolean;
  /** Without one the books' own. */
  readonly currency?: string;
  /** For another currency: what a unit of it is worth, where not the day's rate. */
  readonly rate?: string;
  readonly lines: readonly BillLine[];
}

export const blankBillLine = (key: number): BillLine => ({ key, description: "", account: null, tax: null, unit: null, net: "" });

export const isBlankLine = (line: BillLine): boolean => line.description.trim() === "" && line.net === "";

/** An empty line always waits at the end. */
export function withTail(lines: readonly BillLine[]): readonly BillLine[] {
  const last = lines.at(-1);
  if (last && isBlankLine(last)) return lines;
  return [...lines, blankBillLine(1 + lines.reduce((most, line) => Math.max(most, line.key), 0))];
}

export type LineMistake = "needed" | "amountWrong" | "spanWrong";
export type LineMistakes = Partial<Record<"description" | "account" | "net" | "serviceUntil", LineMistake>>;

export function mistakesIn(line: BillLine, currency: string): LineMistakes {
  if (isBlankLine(line)) return {};
  const wrong: LineMistakes = {};
  if (line.description.trim() === "") wrong.description = "needed";
  if (line.account === null) wrong.account = "needed";
  if (minorOf(line.net, currency) === undefined) wrong.net = "amountWrong";
  else if (line.net === "") wrong.net = "needed";
  if (isSpanWrong(line)) wrong.serviceUntil = "spanWrong";
  return wrong;
}

export function isReady(draft: BillDraft, currency: string): boolean {
  const filled = draft.lines.filter((line) => !isBlankLine(line));
  const hasHead = draft.supplierId !== null && draft.supplierNumber.trim() !== "" && draft.day !== null;
  return hasHead && filled.length > 0 && filled.every((line) => Object.keys(mistakesIn(line, currency)).length === 0);
}

const moneyIn = (text: string, currency: string): { amount: string; currency: string } | undefined => {
  const minor = text === "" ? undefined : minorOf(text, currency);
  return minor === undefined ? undefined : { amount: amountOf(minor, currency), currency };
};

/** What of the lines is known so far, to ask what they are usually booked on and what they add up to. */
export const askedLines = (draft: BillDraft, currency: string): readonly object[] =>
  draft.lines
    .filter((line) => !isBlankLine(line))
    .map((line) => {
      const net = moneyIn(line.net, currency);
      return { description: line.description.trim(), ...(net && line.tax ? { net, taxCode: line.tax.id } : {}) };
    });

/** What is sent of a draft that is ready. Fields that are left empty are left out. */
export function sentBill(draft: BillDraft, currency: string): Record<string, unknown> {
  const given = (name: string, value: string | null): object => (value?.trim() ? { [name]: value.trim() } : {});
  const total = moneyIn(draft.total, currency);
  return {
    supplierId: draft.supplierId,
    supplierNumber: draft.supplierNumber.trim(),
    day: draft.day,
    ...given("dueDay", draft.dueDay),
    ...given("text", draft.text),
    ...given("fileId", draft.fileId),
    ...given("paymentReference", draft.paymentReference),
    ...given("discountDay", draft.discountDay),
    ...given("discountPercent", draft.discountPercent.replace(",", ".")),
    ...(total ? { total } : {}),
    ...given("rate", draft.rate ?? null),
    pricesIncludeTax: draft.pricesIncludeTax,
    lines: draft.lines
      .filter((line) => !isBlankLine(line))
      .map((line) => ({
        ...(line.id === undefined ? {} : { id: line.id }),
        description: line.description.trim(),
        net: moneyIn(line.net, currency),
        accountId: line.account?.id,
        ...(line.tax ? { taxCode: line.tax.id } : {}),
        ...(line.unit ? { unitId: line.unit.id } : {}),
        ...sentSpan(line),
      })),
  };
}

export interface Proposed {
  readonly accountId: string;
  readonly account: string;
  readonly taxCode: string;
  readonly reason: string;
}

/** Fills in what is usual, where nobody has chosen anything. `lines` answers the lines that are not blank, in their order. */
export function withUsual(lines: readonly BillLine[], proposed: readonly (Proposed | null)[], usual: Proposed | null): readonly BillLine[] {
  let place = 0;
  let changed = false;
  const next = lines.map((line) => {
    const own = isBlankLine(line) ? usual : (proposed[place++] ?? usual);
    const mayFill = own && (line.account === null || line.usual !== undefined);
    if (!mayFill || line.account?.id === own.accountId) return line;
    changed = true;
    const tax = line.tax === null || line.usual !== undefined ? { id: own.taxCode, label: own.taxCode } : line.tax;
    return { ...line, account: { id: own.accountId, label: own.account }, tax, usual: own.reason };
  });
  return changed ? next : lines;
}
