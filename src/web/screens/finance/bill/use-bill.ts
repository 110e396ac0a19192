// A bill in the editor: what is typed, what the house proposes and warns of, and the way to the server.
import { useDebouncedValue } from "@mantine/hooks";
import { useCallback, useEffect, useMemo, useState } from "react";
import { readAmount } from "../../../form/amount.ts";
import { type MoneyValue, recordPath, useGo, useOperation, useRun, useToday } from "../../../kit/index.ts";
import {
  askedLines,
  type BillDraft,
  type BillLine,
  blankBillLine,
  isReady,
  type Proposed,
  sentBill,
  withTail,
  withUsual,
} from "./bill-draft.rules.ts";
import { words } from "./words.ts";

interface Proposal {
  readonly usual: Proposed | null;
  readonly lines: readonly (Proposed | null)[];
  readonly totals: Readonly<Record<"net" | "tax" | "rounding" | "total", MoneyValue>> | null;
  readonly dueDay: string | null;
  readonly account: { readonly number: string; readonly usableFrom: string | null } | null;
  readonly credit: MoneyValue | null;
  readonly warnings: readonly string[];
}

const standard = { id: "standard", label: "standard" };

export const emptyBill = (today: string): BillDraft => ({
  supplierId: null,
  supplierNumber: "",
  day: today,
  dueDay: null,
  total: "",
  text: "",
  fileId: null,
  paymentReference: "",
  discountDay: null,
  discountPercent: "",
  pricesIncludeTax: false,
  lines: [{ ...blankBillLine(1), tax: standard }],
});

function useProposal(draft: BillDraft, currency: string, billId: string | undefined) {
  const [late] = useDebouncedValue(draft, 350);
  const asked = useMemo(
    () => ({
      lines: askedLines(late, currency),
      pricesIncludeTax: late.pricesIncludeTax,
      ...(late.supplierId ? { supplierId: late.supplierId } : {}),
      ...(late.day ? { day: late.day } : {}),
      ...(late.supplierNumber.trim() ? { supplierNumber: late.supplierNumber.trim() } : {}),
      ...(late.fileId ? { fileId: late.fileId } : {}),
      ...(billId ? { billId } : {}),
    }),
    [late, currency, billId],
  );
  return useOperation<Proposal>("finance.bill.propose", asked, { keep: true, enabled: Boolean(late.supplierId || late.fileId) }).data;
}

export function useBill(first: BillDraft, bookCurrency: string, billId?: string) {
  const today = useToday();
  const go = useGo();
  const [draft, setDraft] = useState<BillDraft>(first);
  const { currency = bookCurrency } = draft;
  const [tried, setTried] = useState(false);
  const [dueIsUsual, setDueIsUsual] = useState(first.dueDay === null);
  const running = useRun<{ id: string }>(billId ? "finance.bill.change" : "finance.bill.create", billId ? words.changed : words.entered);
  const { reset, problem } = running;
  const change = useCallback(
    (part: Partial<BillDraft>) => {
      // A rate is of its day.
      setDraft((now) => ({ ...now, ...(part.day !== undefined && { rate: "" }), ...part }));
      if (part.dueDay !== undefined) setDueIsUsual(part.dueDay === null);
      if (problem) reset();
    },
    [problem, reset],
  );
  const changeLines = useCallback(
    (next: (lines: readonly BillLine[]) => readonly BillLine[]) =>
      setDraft((now) => ({ ...now, lines: withTail(next(now.lines)).map((line) => (line.tax ? line : { ...line, tax: standard })) })),
    [],
  );
  const proposal = useProposal(draft, currency, billId);
  useEffect(() => {
    if (!proposal) return;
    setDraft((now) => {
      const lines = withUsual(now.lines, proposal.lines, proposal.usual);
      const dueDay = dueIsUsual && proposal.dueDay ? proposal.dueDay : now.dueDay;
      return lines === now.lines && dueDay === now.dueDay ? now : { ...now, lines, dueDay };
    });
  }, [proposal, dueIsUsual]);
  const send = async (): Promise<void> => {
    setTried(true);
    if (!isReady(draft, currency)) {
      setTimeout(() => document.querySelector<HTMLElement>('.hw-entry [aria-invalid="true"]')?.focus(), 30);
      return;
    }
    const done = await running.run({
      ...sentBill({ ...draft, rate: readAmount(draft.rate ?? "") }, currency),
      ...(billId ? { billId } : {}),
    });
    if (done) go(recordPath("finance.bill", done.id));
  };
  return {
    draft,
    currency,
    bookCurrency,
    today,
    change,
    changeLines,
    proposal,
    totals: proposal?.totals ?? undefined,
    tried,
    running,
    send,
  };
}

export type BillHand = ReturnType<typeof useBill>;
