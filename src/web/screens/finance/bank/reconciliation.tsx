// Bank reconciliation: the bank's lines on the left, what the chosen one may be on the right, the proof above, all by keyboard.
import { Button, FileButton, Kbd, Select } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { type DragEvent, useCallback, useEffect, useEffectEvent, useRef, useState } from "react";
import {
  AppLink,
  EmptyState,
  Icon,
  Loaded,
  PageHeader,
  RunButton,
  type Row,
  reportPath,
  useMay,
  useOpenForm,
  useOperation,
  usePage,
  useQueryState,
} from "../../../kit/index.ts";
import { BooksOf, useBooks } from "../book-choice.tsx";
import { Balances } from "./balances.tsx";
import { isLikely, isWork, type Reconciliation as Told } from "./bank.ts";
import { ImportPanel } from "./import-panel.tsx";
import { LineDetail, ruleFields } from "./line-detail.tsx";
import { LineList } from "./line-list.tsx";
import { MatchAll } from "./match-all.tsx";
import { Several } from "./several.tsx";
import "./reconciliation.css";
import { useAccountChoices } from "./to-account.tsx";
import { type Importing, useImport } from "./use-import.ts";
import { type Lines, useLines } from "./use-lines.ts";
import { type Matching, useMatching } from "./use-matching.ts";
import { words } from "./words.ts";

interface AccountRow extends Row {
  readonly code: string;
  readonly name: string;
  readonly accountId: string;
  readonly currency: string;
  readonly balanceCurrency: string;
  readonly bookId: string;
}

const typing = "input, textarea, select, [contenteditable]";

/** Whether a key pressed there is meant for this screen: in it, or nowhere in particular. */
const isHere = (target: HTMLElement): boolean => target.matches("body, main") || target.closest(".hw-reconciliation") !== null;

interface KeyGround {
  readonly lines: Lines;
  readonly matching: Matching;
  readonly search: React.RefObject<HTMLInputElement | null>;
  readonly account: React.RefObject<HTMLInputElement | null>;
  readonly onMark: (id: string) => void;
  /** Lines are being chosen to be matched together: Enter and Escape are about them. */
  readonly isMarking: boolean;
  readonly onClear: () => void;
}

/** Keys for a hundred lines: j and k choose, Enter takes the best, a digit that candidate; the others are named below the list. */
function useKeys({ lines, matching, search, account, onMark, isMarking, onClear }: KeyGround): void {
  const openForm = useOpenForm();
  const press = useEffectEvent((event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || !isHere(target) || target.matches(typing)) return;
    const candidates = matching.asked.data?.candidates ?? [];
    const isButton = target.closest("button, a, summary") !== null;
    const best = candidates[0] && isLikely(candidates[0]) ? 0 : undefined;
    const nth = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : event.key === "Enter" && !isButton ? best : undefined;
    const chosen = isWork(lines.chosen) && !matching.pending ? lines.chosen : undefined;
    const bankLineId = chosen?.id;
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 10, PageUp: -10 };
    const step = steps[event.key];
    const together = document.querySelector<HTMLButtonElement>("[data-match-many]");
    if (step !== undefined) lines.step(step);
    else if (event.key === "Escape" && isMarking) onClear();
    else if (event.key === "Enter" && !isButton && isMarking) together?.click();
    else if (event.key === "/") search.current?.focus();
    else if (event.key === "u") matching.undo();
    else if (event.key === "a" && chosen) account.current?.focus();
    else if (event.key === "f" && chosen) document.querySelector<HTMLButtonElement>("[data-settle-whole]")?.click();
    else if (event.key === "s" && chosen) openForm("finance.bankLine.match", { bankLineId });
    else if (event.key === "h" && chosen) openForm("finance.bankLine.hold", { bankLineId });
    else if (event.key === "x" && chosen) openForm("finance.bankLine.ignore", { bankLineId });
    else if (event.key === "r" && chosen) openForm("finance.bankRule.create", ruleFields(chosen));
    else if (event.key === "m" && chosen) onMark(chosen.id);
    else if (nth !== undefined && candidates[nth] && chosen) matching.take(candidates[nth]);
    else return;
    event.preventDefault();
  });
  useEffect(() => {
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

/** Lines chosen to be matched together. */
function useMarks() {
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((id: string): void => {
    setMarked((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  }, []);
  const clear = useCallback((): void => setMarked(new Set()), []);
  return { marked, toggle, clear };
}

function useDrop(importing: Importing, may: boolean) {
  const [over, setOver] = useState(false);
  const hasFile = (event: DragEvent): boolean => may && event.dataTransfer.types.includes("Files");
  return {
    over,
    onDragOver: (event: DragEvent) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: (event: DragEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
    },
    onDrop: (event: DragEvent) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setOver(false);
      void importing.read(event.dataTransfer.files[0]);
    },
  };
}

/** The list has the keys as soon as it is there, and again after an import. */
function useListFocus(list: React.RefObject<HTMLDivElement | null>, isReady: boolean, isReading: boolean): void {
  useEffect(() => {
    if (isReady && !isReading && document.activeElement?.matches("body, main")) list.current?.focus({ preventScroll: true });
  }, [isReady, isReading, list]);
}

function ImportButton({ importing, isMain }: { importing: Importing; isMain?: boolean }) {
  return (
    <FileButton onChange={(file) => void importing.read(file ?? undefined)}>
      {(props) => (
        <Button {...props} size={isMain ? "sm" : "xs"} leftSection={<Icon name="upload" size={14} />} loading={importing.busy}>
          {words.importFile}
        </Button>
      )}
    </FileButton>
  );
}

function Keys() {
  const keys = [
    ["j k", words.keyMove],
    ["Enter", words.keyTake],
    ["1–9", words.keyPick],
    ["a", words.keyAccount],
    ["f", words.keyFee],
    ["s", words.keySplit],
    ["m", words.keyMany],
    ["x", words.keyIgnore],
    ["r", words.keyRule],
    ["h", words.keyHold],
    ["u", words.keyUndo],
    ["/", words.keySearch],
  ];
  return (
    <p className="hw-keys hw-dim hw-small" aria-label={words.keys}>
      {keys.map(([key, says]) => (
        <span key={key}>
          <Kbd size="xs">{key}</Kbd> {says}
        </span>
      ))}
    </p>
  );
}

interface AccountProps {
  readonly bankAccountId: string;
  readonly accounts: readonly AccountRow[];
  readonly onAccount: (id: string) => void;
}

function Head({ bankAccountId, accounts, onAccount, open, button }: AccountProps & { open: number; button: React.ReactNode }) {
  return (
    <PageHeader
      title={words.reconciliation}
      does={words.reconciliationDoes}
      actions={
        <>
          <AccountChoice bankAccountId={bankAccountId} accounts={accounts} onAccount={onAccount} />
          <Button size="xs" variant="subtle" component={AppLink} to={reportPath("finance.bankReconciliation.report", { bankAccountId })}>
            {words.report}
          </Button>
          <MatchAll bankAccountId={bankAccountId} open={open} />
          {button}
        </>
      }
    />
  );
}

function Account({ bankAccountId, accounts, onAccount }: AccountProps) {
  const told = useOperation<Told>("finance.bankReconciliation.get", { bankAccountId }, { keep: true });
  const importing = useImport(bankAccountId);
  const mayImport = useMay("finance.bankStatement.import");
  const lines = useLines(bankAccountId);
  const matching = useMatching(lines.chosen, lines);
  const [list, search, field] = [useRef<HTMLDivElement>(null), useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)];
  const marks = useMarks();
  const choices = useAccountChoices(accounts.find((account) => account.id === bankAccountId)?.accountId);
  const isNarrow = useMediaQuery("(max-width: 56em)", undefined, { getInitialValueInEffect: false });
  const { over, ...drop } = useDrop(importing, mayImport);
  useKeys({ lines, matching, search, account: field, onMark: marks.toggle, isMarking: marks.marked.size > 0, onClear: marks.clear });
  const first = lines.rows?.[0]?.id;
  const { choose, place, stay } = lines;
  useEffect(() => {
    if (first && place < 0 && !isNarrow) stay();
  }, [stay, first, isNarrow, place]);
  useListFocus(list, Boolean(first), Boolean(importing.shown));
  const toLines = useCallback(() => list.current?.focus({ preventScroll: true }), []);
  const open = told.data?.open ?? 0;
  const isFirst = told.data?.statementBalance === null && open === 0;
  const button = mayImport ? <ImportButton importing={importing} /> : undefined;
  /** On a phone the chosen line has the screen to itself. */
  const isAlone = isNarrow && Boolean(lines.chosen);
  return (
    <div className="hw-reconciliation" data-over={over || undefined} {...drop}>
      <Head bankAccountId={bankAccountId} accounts={accounts} onAccount={onAccount} open={open} button={button} />
      {over && (
        <div className="hw-dropover">
          {words.dropHere}
          <small>{words.dropSays}</small>
        </div>
      )}
      {!isAlone && (
        <>
          <ImportPanel importing={importing} />
          <Loaded query={told} lines={3}>
            {(balances) => <Balances told={balances} />}
          </Loaded>
        </>
      )}
      <Several lines={(lines.rows ?? []).filter((line) => marks.marked.has(line.id))} onDone={marks.clear} />
      <div className="hw-reconciliation-panes" data-first={isFirst || undefined}>
        {!isAlone && (
          <LineList
            lines={lines}
            list={list}
            marked={marks.marked}
            sent={matching.sent}
            search={search}
            isFirst={isFirst}
            onImport={button}
          />
        )}
        {(isAlone || !isNarrow) && !isFirst && (
          <LineDetail
            line={lines.chosen}
            matching={matching}
            field={field}
            toLines={toLines}
            choices={choices}
            onGo={choose}
            onBack={isNarrow ? () => choose(undefined) : undefined}
          />
        )}
      </div>
      {!isNarrow && first && <Keys />}
    </div>
  );
}

function AccountChoice({ bankAccountId, accounts, onAccount }: AccountProps) {
  const books = useBooks() ?? [];
  if (accounts.length < 2) return null;
  const nameOf = ({ name, bookId }: AccountRow): string =>
    books.length > 1 ? words.accountOf(name, books.find(({ id }) => id === bookId)?.name ?? "") : name;
  return (
    <Select
      size="xs"
      aria-label={words.bankAccount}
      allowDeselect={false}
      data={accounts.map((account) => ({
        value: account.id,
        label: account.currency === account.balanceCurrency ? nameOf(account) : `${nameOf(account)} (${account.currency})`,
      }))}
      value={bankAccountId}
      onChange={(id) => id && onAccount(id)}
    />
  );
}

export default function Reconciliation() {
  const accounts = usePage<AccountRow>("finance.bankAccount", { filter: { state: "open" }, sort: "code", limit: 200 });
  const [asked, setAsked] = useQueryState("account");
  const rows = accounts.data?.rows;
  const chosen = rows?.find((row) => row.id === asked) ?? rows?.[0];
  if (rows && chosen) {
    return (
      <BooksOf bookId={chosen.bookId}>
        <Account key={chosen.id} bankAccountId={chosen.id} accounts={rows} onAccount={setAsked} />
      </BooksOf>
    );
  }
  return (
    <>
      <PageHeader title={words.reconciliation} does={words.reconciliationDoes} />
      <Loaded query={accounts} lines={10}>
        {() => (
          <EmptyState
            icon="finance"
            title={words.noAccount}
            says={words.noAccountSays}
            action={<RunButton operation="finance.bankAccount.create" />}
          />
        )}
      </Loaded>
    </>
  );
}
