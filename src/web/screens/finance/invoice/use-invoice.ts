// An invoice while it is typed: kept in this tab until it is saved, counted by the server while one types, then drafted, issued or mailed.
import { useDebouncedValue } from "@mantine/hooks";
import { useCallback, useEffect, useState } from "react";
import { asProblem, newKey, type Problem, runOperation } from "../../../client.ts";
import {
  type MoneyValue,
  recordPath,
  type Row,
  useCatalogue,
  useGo,
  useMe,
  usePage,
  useRecord,
  useRun,
  useToday,
} from "../../../kit/index.ts";
import { useQueryFields } from "../../../kit/query-state.ts";
import { useWithin } from "../../../kit/within.ts";
import { useBook } from "../book-choice.tsx";
import { blankLine, type InvoiceDraft, isComplete, type LineDraft, sentOf, withTail } from "./invoice-draft.ts";
import { words } from "./words.ts";

/** What the server counts: the totals, the tax by rate, when what is due. */
export interface Counted {
  readonly net: MoneyValue;
  readonly tax: MoneyValue;
  readonly rounding: MoneyValue;
  readonly total: MoneyValue;
  readonly taxes: readonly { readonly code: string; readonly percent: string; readonly base: MoneyValue; readonly tax: MoneyValue }[];
  readonly instalments: readonly { readonly dueDay: string; readonly amount: MoneyValue }[];
  readonly discounts: readonly { readonly untilDay: string; readonly amount: MoneyValue }[];
}

const fresh = (today: string, customerId?: string): InvoiceDraft => ({
  customerId: customerId ?? null,
  day: today,
  paymentTermId: null,
  text: "",
  pricesIncludeTax: false,
  isDeposit: false,
  lines: [blankLine(1)],
  depositIds: [],
});

interface KeptLine extends Row {
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: MoneyValue;
  readonly taxCode: string;
  readonly accountId: string;
  readonly unitId: string | null;
  readonly serviceFrom: string | null;
  readonly serviceUntil: string | null;
}

/** A draft that was saved before, as it was typed; its lines that draw a deposit are chosen again. */
export function useSavedDraft(id: string): InvoiceDraft | undefined {
  const record = useRecord("finance.invoice", id);
  const lines = usePage<KeptLine>("finance.invoiceLine", { filter: { invoiceId: id }, sort: "position", limit: 500 });
  if (!record.data || !lines.data) return undefined;
  const { customerId, day, paymentTermId, text, isDeposit, pricesIncludeTax, currency, rate } = record.data as unknown as InvoiceDraft & {
    text: string | null;
    rate: string | null;
  };
  return {
    ...fresh(day ?? "", customerId ?? undefined),
    paymentTermId,
    text: text ?? "",
    isDeposit,
    pricesIncludeTax,
    currency,
    rate: rate ?? "",
    lines: withTail(
      lines.data.rows
        .filter((line) => !line.unitPrice.amount.startsWith("-") || !line.description.startsWith("Deposit "))
        .map(({ description, quantity, unitPrice, taxCode, accountId, unitId, serviceFrom, serviceUntil }, index) => ({
          key: index + 1,
          description,
          quantity,
          unitPrice: unitPrice.amount,
          taxCode,
          accountId,
          unitId,
          serviceFrom,
          serviceUntil,
        })),
    ),
  };
}

function useKeptDraft(saved: InvoiceDraft | undefined) {
  const today = useToday();
  const given = useQueryFields();
  const { user, tenant } = useMe();
  const key = `heartwood.invoice.${tenant.id}.${user.id}.${useBook()?.id}`;
  const [draft, setDraft] = useState<InvoiceDraft>(() => {
    if (saved) return saved;
    const kept = sessionStorage.getItem(key);
    return kept && !given["customerId"] ? (JSON.parse(kept) as InvoiceDraft) : fresh(today, given["customerId"]);
  });
  useEffect(() => {
    if (!saved) sessionStorage.setItem(key, JSON.stringify(draft));
  }, [draft, key, saved]);
  const clear = (): void => {
    sessionStorage.removeItem(key);
    setDraft(fresh(today));
  };
  return { draft, setDraft, clear };
}

/** What the draft comes to, asked by a dry run a moment after the last key; the answer before stays until the next is there. */
function useCounted(draft: InvoiceDraft, currency: string) {
  const catalogue = useCatalogue();
  const [late] = useDebouncedValue(draft, 350);
  const [answer, setAnswer] = useState<{ counted?: Counted; problem?: Problem }>({});
  const within = useWithin();
  const name = "finance.invoice.create";
  const asked = isComplete(late) ? JSON.stringify(within(name, sentOf(late, currency))) : undefined;
  const operation = catalogue.operation(name);
  useEffect(() => {
    if (!asked || !operation) return setAnswer({});
    let isCurrent = true;
    runOperation<Counted>(operation, JSON.parse(asked) as Record<string, unknown>, { key: newKey(), dryRun: true }).then(
      (counted) => isCurrent && setAnswer({ counted }),
      (error: unknown) => isCurrent && setAnswer((before) => ({ counted: before.counted, problem: asProblem(error) })),
    );
    return () => {
      isCurrent = false;
    };
  }, [asked, operation]);
  return { ...answer, isCounting: isComplete(draft) && (late !== draft || (!answer.counted && !answer.problem)) };
}

/** The first field that needs another look gets the focus. */
const focusMistake = (): void => {
  setTimeout(() => document.querySelector<HTMLElement>('.hw-invoice [aria-invalid="true"]')?.focus(), 30);
};

function useLeaving(draft: InvoiceDraft, currency: string, invoiceId: string | undefined, clear: () => void) {
  const go = useGo();
  const [tried, setTried] = useState(false);
  const [reason, setReason] = useState("");
  const create = useRun<{ id: string }>("finance.invoice.create", words.saved);
  const change = useRun<{ id: string }>("finance.invoice.change", words.saved);
  const issue = useRun<{ id: string }>("finance.invoice.issue", words.issued);
  const post = useRun<{ id: string }>("finance.invoice.post", words.issued);
  const mail = useRun("finance.invoice.send", words.mailed);
  const leave = async (does: () => Promise<{ id: string } | undefined>): Promise<string | undefined> => {
    setTried(true);
    const done = isComplete(draft) ? await does() : undefined;
    if (!done) {
      focusMistake();
      return undefined;
    }
    clear();
    go(recordPath("finance.invoice", done.id));
    return done.id;
  };
  const input = sentOf(draft, currency);
  const over = reason.trim() ? { overLimitReason: reason.trim() } : {};
  const keep = () => (invoiceId ? change.run({ invoiceId, ...input }) : create.run(input));
  const finish = async () => {
    if (!invoiceId) return issue.run({ ...input, ...over });
    const changed = await change.run({ invoiceId, ...input });
    return changed && post.run({ invoiceId, ...over });
  };
  return {
    tried,
    reason,
    setReason,
    pending: [create, change, issue, post, mail].some((one) => one.pending),
    problem: [create, change, issue, post].find((one) => one.problem)?.problem,
    save: () => void leave(keep),
    issue: () => void leave(finish),
    issueAndMail: async () => {
      const id = await leave(finish);
      if (id) await mail.run({ invoiceId: id });
    },
  };
}

export function useInvoice(bookCurrency: string, invoiceId?: string, saved?: InvoiceDraft) {
  const { draft, setDraft, clear } = useKeptDraft(saved);
  const { currency = bookCurrency } = draft;
  const counted = useCounted(draft, currency);
  const leaving = useLeaving(draft, currency, invoiceId, clear);
  const change = useCallback((part: Partial<InvoiceDraft>) => setDraft((now) => ({ ...now, ...part })), [setDraft]);
  const changeLine = useCallback(
    (key: number, part: Partial<LineDraft>) =>
      setDraft((now) => ({ ...now, lines: withTail(now.lines.map((line) => (line.key === key ? { ...line, ...part } : line))) })),
    [setDraft],
  );
  const removeLine = useCallback(
    (key: number) => setDraft((now) => ({ ...now, lines: withTail(now.lines.filter((line) => line.key !== key)) })),
    [setDraft],
  );
  return {
    draft,
    currency,
    bookCurrency,
    change,
    changeLine,
    removeLine,
    clear,
    ...counted,
    ...leaving,
    refused: leaving.problem ?? counted.problem,
  };
}

export type InvoiceHand = ReturnType<typeof useInvoice>;
